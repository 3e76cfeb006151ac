"""The one function that makes the bytes, and the one that reads them back."""

from typing import Any

import msgspec

from .errors import Code, Untrusted

# RFC 8785 sorts keys by UTF-16 code units; for ASCII keys that is the order of the bytes.
_ENCODER = msgspec.json.Encoder(order="sorted")
_DECODER = msgspec.json.Decoder()

LARGEST = 2**53 - 1
DEEPEST = 6
_PRINTABLE = frozenset(map(chr, range(0x20, 0x7F)))


def is_plain(data: bytes) -> bool:
    """Whether every string in these JSON bytes is printable ASCII without an escape, so that types are all that is
    left to check."""
    return data.isascii() and b"\\" not in data and b"\x7f" not in data


def encode(value: dict[str, Any]) -> bytes:
    """The canonical JSON of `value`: RFC 8785 restricted to ASCII strings, integers, lists and objects.

    Raises Untrusted when `value` is outside the subset.
    """
    _walk(value, 0)
    return _ENCODER.encode(value)


def decode(data: bytes) -> dict[str, Any]:
    """Read one canonical object; anything that would not be written again byte for byte is Untrusted."""
    try:
        value = _DECODER.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Untrusted(Code.NOT_CANONICAL, why="not JSON") from error
    if not isinstance(value, dict):
        raise Untrusted(Code.NOT_CANONICAL, why="not an object")
    _walk(value, 0)
    # Catches white space, key order, duplicate keys, escapes and numbers written another way, all at once.
    if _ENCODER.encode(value) != data:
        raise Untrusted(Code.NOT_CANONICAL, why="not in canonical form")
    return value


def _walk(value: Any, depth: int) -> None:
    kind = type(value)
    if kind is str:
        if not _PRINTABLE.issuperset(value):
            raise Untrusted(Code.NOT_CANONICAL, why="a string is not printable ASCII")
    elif kind is int:
        if not -LARGEST <= value <= LARGEST:
            raise Untrusted(Code.NOT_CANONICAL, why="an integer is beyond 2^53-1")
    elif kind is dict or kind is list or kind is tuple:
        if depth == DEEPEST:
            raise Untrusted(Code.TOO_DEEP, deepest=DEEPEST)
        for item in value:
            _walk(item, depth + 1)
        if kind is dict:
            for item in value.values():
                _walk(item, depth + 1)
    else:
        raise Untrusted(Code.NOT_CANONICAL, why=f"a {kind.__name__} is not allowed")
