"""Signed notes (c2sp.org/signed-note): parse them strictly and write them back byte for byte."""

import base64
import binascii
import re
from functools import lru_cache

import msgspec

from .errors import Code, Untrusted

LARGEST_NOTE = 65_535
MOST_SIGNATURES = 16
_DASH = "\N{EM DASH} ".encode()
_CONTROL = re.compile(r"[\x80-\x9f]")
_CONTROL_BYTES = bytes(set(range(0x20)) - {0x0A}) + b"\x7f"
_NAME = re.compile(r"[^\s+]+")


class Signature(msgspec.Struct, frozen=True):
    """One signature line: who, the first four bytes that tell the key, and the signature itself."""

    name: str
    key_id: bytes
    value: bytes

    def to_line(self) -> bytes:
        return _DASH + self.name.encode() + b" " + base64.b64encode(self.key_id + self.value) + b"\n"


class Note(msgspec.Struct, frozen=True):
    """A text that ends in a newline, and the signatures over it."""

    text: bytes
    signatures: tuple[Signature, ...]

    def to_bytes(self) -> bytes:
        return self.text + b"\n" + b"".join(signature.to_line() for signature in self.signatures)

    @classmethod
    def parse(cls, data: bytes) -> "Note":
        """Read a note. Stricter than the specification: what would not be written again the same is Untrusted.

        The signatures are *not* verified here.
        """
        if len(data) > LARGEST_NOTE:
            raise Untrusted(Code.BODY_TOO_LARGE, bytes=len(data), largest=LARGEST_NOTE)
        try:
            text = data.decode()
        except UnicodeDecodeError as error:
            raise Untrusted(Code.NOT_UTF8) from error
        # Bytes below U+0080 are looked at as bytes; only what may be U+0080 to U+009F needs the text.
        if len(data.translate(None, _CONTROL_BYTES)) != len(data) or (b"\xc2" in data and _CONTROL.search(text)):
            raise Untrusted(Code.NOTE_FORM, why="a control character")
        cut = data.rfind(b"\n\n")
        if cut < 0 or not data.endswith(b"\n"):
            raise Untrusted(Code.NOTE_FORM, why="no signature block")
        lines = data[cut + 2 : -1].split(b"\n")
        if not 1 <= len(lines) <= MOST_SIGNATURES:
            raise Untrusted(Code.NOTE_FORM, why="too many signatures")
        return cls(data[: cut + 1], tuple([_signature(line) for line in lines]))


@lru_cache(maxsize=65_536)
def _is_name(name: bytes) -> bool:
    return _NAME.fullmatch(name.decode()) is not None


def _signature(line: bytes) -> Signature:
    if not line.startswith(_DASH):
        raise Untrusted(Code.NOTE_FORM, why="a signature line does not begin with a dash")
    name, space, encoded = line[len(_DASH) :].rpartition(b" ")
    try:
        value = binascii.a2b_base64(encoded, strict_mode=True)
    except (binascii.Error, ValueError) as error:
        raise Untrusted(Code.NOTE_FORM, why="a signature is not base64") from error
    if not space or not _is_name(name) or len(value) < 5:
        raise Untrusted(Code.NOTE_FORM, why="a signature line is not complete")
    # Trailing bits of base64 can differ without a difference in the value; only one spelling is accepted.
    if binascii.b2a_base64(value, newline=False) != encoded:
        raise Untrusted(Code.NOTE_FORM, why="a signature is not canonical base64")
    return Signature(name.decode(), value[:4], value[4:])
