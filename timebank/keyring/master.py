"""The master key: 32 random bytes from which every other secret of a service is derived."""

import base64
import binascii
import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VARIABLE = "TIMEBANK_MASTER_KEY"
LENGTH = 32


class KeyringError(Exception):
    """The master key or the keyring cannot be used; the message is a sentence for the operator."""


class Master:
    """Without it the keyring and every personal column are noise, so it is kept apart from their backups."""

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        if len(secret) != LENGTH:
            raise KeyringError(f"A master key is {LENGTH} bytes, and this one has {len(secret)}.")
        self._secret = secret

    def __repr__(self) -> str:
        return "Master(…)"

    @classmethod
    def create(cls, path: Path, *, random: Callable[[int], bytes] = os.urandom) -> "Master":
        """Write a new master key; never over an existing file, because what that one wrapped would be lost."""
        secret = random(LENGTH)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError as error:
            raise KeyringError(f"{path} exists already; a master key is never overwritten.") from error
        with os.fdopen(descriptor, "wb") as file:
            file.write(secret)
            file.flush()
            os.fsync(file.fileno())
        sync_folder(path.parent)
        return cls(secret)

    @classmethod
    def load(cls, path: Path, *, environ: Mapping[str, str] = os.environ) -> "Master":
        """The key in TIMEBANK_MASTER_KEY (base64) where that is set, else the raw bytes of the file."""
        if VARIABLE in environ:
            return cls(_from_base64(environ[VARIABLE]))
        try:
            descriptor = os.open(path, os.O_RDONLY)
        except FileNotFoundError as error:
            raise KeyringError(f"There is no master key at {path}, and {VARIABLE} is not set.") from error
        with os.fdopen(descriptor, "rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if mode & 0o077:
                raise KeyringError(f"Others may read {path} (mode {mode:04o}); run: chmod 600 {path}")
            return cls(file.read(LENGTH + 1))

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one purpose (HKDF-SHA256, RFC 5869); no purpose tells anything about another."""
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"timebank " + purpose.encode()).derive(self._secret)


def sync_folder(folder: Path) -> None:
    """A new name survives a power cut only when its folder has been synced too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise KeyringError(f"{VARIABLE} is not base64.") from error
