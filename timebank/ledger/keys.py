"""Ed25519 keys of signed notes: the only module of the ledger that touches a library for signatures."""

import base64
import binascii
import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from nacl.bindings import crypto_sign, crypto_sign_BYTES, crypto_sign_open, crypto_sign_seed_keypair
from nacl.exceptions import BadSignatureError

from .errors import Code, Untrusted
from .note import Signature

_ED25519 = b"\x01"
_NAME = re.compile(r"[A-Za-z0-9._~:/-]{1,160}")

FIELD = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
# The y coordinates of the eight points of small order (RFC 8032 curve). A key among them lets one signature
# verify for many messages; OpenSSL accepts such keys, so they are refused here.
_ORDER_EIGHT = int.from_bytes(
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"
)
_SMALL = frozenset({0, 1, FIELD - 1, _ORDER_EIGHT, FIELD - _ORDER_EIGHT})


class KeyRole(StrEnum):
    """What a key may sign. One key has one role."""

    LOG = "log"
    SYSTEM = "system"
    STATION = "station"
    LEAD = "lead"
    DEVICE = "device"
    MEMBER = "member"
    ADMIN = "admin"


def is_sound(point: bytes) -> bool:
    """Whether 32 bytes are the canonical encoding of a y coordinate that is not of small order."""
    y = int.from_bytes(point, "little") & ~(1 << 255)
    return y < FIELD and y not in _SMALL


@dataclass(frozen=True, slots=True)
class Vkey:
    """A public key under a name: `<name>+<key id in hex>+<base64 of 0x01 and 32 bytes>` (c2sp.org/signed-note)."""

    name: str
    public: bytes
    key_id: bytes = field(init=False)

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise Untrusted(Code.KEY_UNSOUND, why="the name of the key")
        if len(self.public) != 32 or not is_sound(self.public):
            raise Untrusted(Code.KEY_UNSOUND, why="not a point of full order")
        digest = hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()
        object.__setattr__(self, "key_id", digest[:4])

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(_ED25519 + self.public).decode()}"

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the public key in hex, in groups of four: what people compare and a notice board shows."""
        digest = hashlib.sha256(self.public).hexdigest()
        return " ".join(digest[start : start + 4] for start in range(0, 64, 4))

    @classmethod
    def parse(cls, text: str) -> "Vkey":
        """Read a vkey line; Untrusted when any part of it does not agree with the others."""
        parts = text.split("+", 2)
        try:
            raw = base64.b64decode(parts[2], validate=True)
        except (IndexError, binascii.Error, ValueError) as error:
            raise Untrusted(Code.KEY_UNSOUND, why="not a vkey") from error
        if raw[:1] != _ED25519:
            raise Untrusted(Code.KEY_UNSOUND, why="not an Ed25519 key")
        vkey = cls(parts[0], raw[1:])
        if str(vkey) != text:
            raise Untrusted(Code.KEY_UNSOUND, why="the key id does not belong to the key")
        return vkey


class Signer:
    """A private key under a name."""

    def __init__(self, name: str, seed: bytes) -> None:
        public, self._private = crypto_sign_seed_keypair(seed)
        self.seed = seed
        self.vkey = Vkey(name, public)

    def __repr__(self) -> str:
        return f"Signer({self.vkey})"

    @classmethod
    def generate(cls, name: str, random: Callable[[int], bytes] = secrets.token_bytes) -> "Signer":
        """A new key; `random` is the operating system's, but where a run is to be told again exactly."""
        return cls(name, random(32))

    @property
    def name(self) -> str:
        return self.vkey.name

    def sign(self, text: bytes) -> Signature:
        return Signature(self.vkey.name, self.vkey.key_id, crypto_sign(text, self._private)[:crypto_sign_BYTES])


def verify(vkey: Vkey, text: bytes, signature: Signature) -> bool:
    """Whether the signature is the key's over `text`: RFC 8032 §5.1.7 without the cofactor, S < L, no small-order R.

    The key itself was found sound when its Vkey was made. libsodium checks the rest: it compares the encoding of R, so
    one that is not canonical never fits, and refuses S ≥ L and an R of small order by itself; a test holds it to that.
    """
    if (signature.name, signature.key_id) != (vkey.name, vkey.key_id) or len(signature.value) != 64:
        return False
    try:
        crypto_sign_open(signature.value + text, vkey.public)
    except BadSignatureError:
        return False
    return True
