"""The keyring: every private signing key of a service in one file, wrapped by the master key."""

import fcntl
import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from timebank.ledger import Signer, Vkey

from .master import KeyringError, Master, sync_folder

# The file: this line, a nonce, and the sealed JSON list of [name, key id, seed], oldest key first.
_HEADER = b"timebank-keyring-v1\n"
_NONCE = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """What one version of the file holds. `stamp` tells versions apart: keys are only added, so its size grows."""

    stamp: tuple[int, int, int] | None
    seeds: dict[tuple[str, str], bytes]
    newest: dict[str, str]


_NOTHING = _Held(stamp=None, seeds={}, newest={})


class Keyring:
    """Private keys by name and key id. A name may have several, oldest first: the log key of a ledger is rotated.

    Safe between threads and between processes; what another process added is seen at the next `signer`.
    """

    def __init__(self, path: Path, master: Master, *, random: Callable[[int], bytes] = os.urandom) -> None:
        self._path = path
        self._cipher = AESGCM(master.derive("keyring"))
        self._random = random
        self._mutex = threading.Lock()
        self._held = _NOTHING
        self._signers: dict[tuple[str, str], Signer] = {}

    def names(self) -> tuple[str, ...]:
        """The names of all keys, in the order in which they first came."""
        return tuple(self._current().newest)

    def holds(self, vkey: Vkey) -> bool:
        """Whether the private part of this very key is here; a name alone says little, for it may have several."""
        return (vkey.name, vkey.key_id.hex()) in self._current().seeds

    def signer(self, name: str, key_id: str | None = None) -> Signer:
        """The newest key of that name, or the one with that key id (8 hex digits)."""
        held = self._current()
        wanted = (name, key_id or held.newest.get(name, ""))
        if wanted not in held.seeds:
            raise KeyringError(f"The keyring {self._path} holds no key {name} {key_id or ''}".rstrip() + ".")
        if wanted not in self._signers:
            self._signers[wanted] = Signer(name, held.seeds[wanted])
        return self._signers[wanted]

    def add(self, *signers: Signer) -> None:
        """Add keys in one write, all or none; a key that is held already changes nothing.

        Only when this has returned may a key be named in an entry: a key lost after that could never be replaced.
        """
        with self._mutex, self._lock():
            # 1. What another process added since is read first, or it would be lost.
            held = self._read()
            seeds = dict(held.seeds)
            for signer in signers:
                which = (signer.name, signer.vkey.key_id.hex())
                if seeds.setdefault(which, signer.seed) != signer.seed:
                    raise KeyringError(f"Another key has the name and key id {which[0]} {which[1]}; make a new one.")
            # 2. A crash up to the rename leaves the old file as it was, and a `.new` that the next write replaces.
            if len(seeds) > len(held.seeds):
                self._replace(_to_json(seeds))
            # 3. Read back, so that a key counts as kept only when the file opens with it.
            self._held = self._read()

    def _current(self) -> _Held:
        with self._mutex:
            if self._held.stamp is None or self._held.stamp != _stamp_of(self._path):
                self._held = self._read()
            return self._held

    def _read(self) -> _Held:
        try:
            with self._path.open("rb") as file:
                stamp, sealed = _stamp(os.fstat(file.fileno())), file.read()
        except FileNotFoundError:
            held = _NOTHING
        else:
            held = _from_json(stamp, self._unwrap(sealed))
        if not self._held.seeds.keys() <= held.seeds.keys():
            raise KeyringError(f"Keys have vanished from {self._path}; stop, and bring back its newest copy.")
        return held

    def _replace(self, text: bytes) -> None:
        nonce = self._random(_NONCE)
        new = self._path.with_name(self._path.name + ".new")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(_HEADER + nonce + self._cipher.encrypt(nonce, text, _HEADER))
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)
        sync_folder(self._path.parent)

    def _unwrap(self, sealed: bytes) -> bytes:
        start = len(_HEADER) + _NONCE
        if not sealed.startswith(_HEADER) or len(sealed) < start:
            raise KeyringError(f"{self._path} is not a keyring.")
        try:
            return self._cipher.decrypt(sealed[len(_HEADER) : start], sealed[start:], _HEADER)
        except InvalidTag as error:
            raise KeyringError(f"{self._path} was altered, or was wrapped by another master key.") from error

    @contextmanager
    def _lock(self) -> Iterator[None]:
        # A file of its own, because the keyring itself is replaced and a lock would stay on the old one.
        descriptor = os.open(self._path.with_name(self._path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _stamp(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_ino, status.st_mtime_ns, status.st_size


def _stamp_of(path: Path) -> tuple[int, int, int] | None:
    try:
        return _stamp(path.stat())
    except FileNotFoundError:
        return None


def _to_json(seeds: dict[tuple[str, str], bytes]) -> bytes:
    return json.dumps([[name, key_id, seed.hex()] for (name, key_id), seed in seeds.items()]).encode()


def _from_json(stamp: tuple[int, int, int], text: bytes) -> _Held:
    rows: list[tuple[str, str, str]] = json.loads(text)
    seeds = {(name, key_id): bytes.fromhex(seed) for name, key_id, seed in rows}
    return _Held(stamp=stamp, seeds=seeds, newest=dict(seeds.keys()))  # a later pair wins
