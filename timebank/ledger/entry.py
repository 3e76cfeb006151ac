"""Intents, as their authors sign them, and records, as the ledger keeps them."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from . import canonical
from .errors import Code, Refused, Untrusted
from .keys import Signer, Vkey, verify
from .note import Note

VERSION = 1
LARGEST_RECORD = 65_535
MOST_MOVES = 16
MOST_MINUTES = 100_000_000  # in one move; about 190 years, far below 2^53 for any sum of entries
NO_HASH = "0" * 64
LAST_MS = 253_402_214_399_999  # a day before the year 9999 ends: every offset still has a calendar day there

_ORIGIN = re.compile(r"[a-z0-9][a-z0-9.-]*(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*")
_NAME = re.compile(r"[A-Za-z0-9._~:/-]{1,160}")
_ID = re.compile(r"[A-Za-z0-9._~:/-]{1,240}")
_KIND = re.compile(r"[a-z][a-z-]{0,31}")
_ACCOUNT = re.compile(r"[a-z]{1,16}(:[A-Za-z0-9._~:/-]{1,160})?")
_HEX64 = re.compile(r"[0-9a-f]{64}")

_REQUIRED = frozenset({"at", "body", "by", "id", "kind", "ledger", "moves", "v"})
_ALLOWED = _REQUIRED | {"for", "memo", "ref", "seen", "device"}


def is_origin(text: str) -> bool:
    """Whether `text` names a ledger: a URL without scheme, lower-case host, at most 120 characters."""
    return len(text) <= 120 and _ORIGIN.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Move:
    """Minutes from one account to another. Always positive, so an entry cannot be out of balance."""

    source: str
    target: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What an author signs. `at` is the author's clock in milliseconds since the epoch; `body` belongs to the kind."""

    ledger: str
    id: str
    kind: str
    at: int
    by: str
    moves: tuple[Move, ...] = ()
    body: Mapping[str, Any] = field(default_factory=dict)
    v: int = VERSION
    on_behalf: str | None = None
    memo: str | None = None
    ref: str | None = None
    seen: tuple[int, str] | None = None
    device: tuple[int, str] | None = None

    def to_line(self) -> bytes:
        """The canonical line, with its newline: exactly the text that is signed."""
        value: dict[str, Any] = {
            "at": self.at,
            "body": dict(self.body),
            "by": self.by,
            "id": self.id,
            "kind": self.kind,
            "ledger": self.ledger,
            "moves": [[move.source, move.target, move.minutes] for move in self.moves],
            "v": self.v,
        }
        optional = {"for": self.on_behalf, "memo": self.memo, "ref": self.ref, "seen": self.seen, "device": self.device}
        value.update({key: item for key, item in optional.items() if item is not None})
        return canonical.encode(value) + b"\n"

    @classmethod
    def parse(cls, line: bytes) -> "Intent":
        """Read the envelope, which is the same for every version; the body is left to the kind table.

        Raises Untrusted for what is not canonical, Refused for a field that is missing, unknown or malformed.
        """
        if not line.endswith(b"\n") or line.count(b"\n") != 1:
            raise Untrusted(Code.NOT_CANONICAL, why="an intent is one line")
        value = canonical.decode(line[:-1])
        return _envelope(value)


def _envelope(value: dict[str, Any]) -> Intent:
    for key in sorted(_REQUIRED - value.keys()) + sorted(value.keys() - _ALLOWED):
        raise Refused(Code.ENVELOPE_FIELD, field=key)
    _is(value, "v", type(value["v"]) is int and value["v"] >= 1)
    _is(value, "at", type(value["at"]) is int and 0 <= value["at"] <= LAST_MS)
    _is(value, "body", isinstance(value["body"], dict))
    _is(value, "ledger", isinstance(value["ledger"], str) and is_origin(value["ledger"]))
    for key, form in (("by", _NAME), ("id", _ID), ("kind", _KIND), ("for", _ACCOUNT), ("memo", _HEX64), ("ref", _ID)):
        if key in value:
            _is(value, key, isinstance(value[key], str) and form.fullmatch(value[key]) is not None)
    _is(value, "moves", isinstance(value["moves"], list) and len(value["moves"]) <= MOST_MOVES)
    return Intent(
        v=value["v"],
        ledger=value["ledger"],
        id=value["id"],
        kind=value["kind"],
        at=value["at"],
        by=value["by"],
        body=value["body"],
        moves=tuple(_move(item) for item in value["moves"]),
        on_behalf=value.get("for"),
        memo=value.get("memo"),
        ref=value.get("ref"),
        seen=_counted(value, "seen"),
        device=_counted(value, "device"),
    )


def _is(value: dict[str, Any], key: str, good: bool) -> None:
    if not good:
        raise Refused(Code.ENVELOPE_FIELD, field=key)


def _move(item: Any) -> Move:
    if not (isinstance(item, list) and len(item) == 3 and all(isinstance(name, str) for name in item[:2])):
        raise Refused(Code.ENVELOPE_FIELD, field="moves")
    source, target, minutes = item
    if not (_ACCOUNT.fullmatch(source) and _ACCOUNT.fullmatch(target)):
        raise Refused(Code.ENVELOPE_FIELD, field="moves")
    return Move(source, target, whole_minutes(minutes))


def whole_minutes(minutes: Any) -> int:
    """`minutes` if it is an integer from 1 to MOST_MINUTES; Refused with the reason otherwise."""
    if type(minutes) is not int:
        raise Refused(Code.MINUTES_NOT_INTEGER)
    if minutes <= 0:
        raise Refused(Code.MINUTES_NOT_POSITIVE, minutes=minutes)
    if minutes > MOST_MINUTES:
        raise Refused(Code.MINUTES_TOO_MANY, minutes=minutes, most=MOST_MINUTES)
    return minutes


def _counted(value: dict[str, Any], key: str) -> tuple[int, str] | None:
    if key not in value:
        return None
    item = value[key]
    good = isinstance(item, list) and len(item) == 2 and type(item[0]) is int and isinstance(item[1], str)
    _is(value, key, good and item[0] >= 1 and _HEX64.fullmatch(item[1]) is not None)
    return item[0], item[1]


@dataclass(frozen=True, slots=True)
class SignedIntent:
    """An intent in its note, and the keys whose signatures over it were made or verified here, in order."""

    intent: Intent
    note: bytes
    vkeys: tuple[Vkey, ...]


def text_hash(note: bytes) -> str:
    """SHA-256 of a note's signed line in hex: the link of a device's chain (countersignatures do not change it)."""
    return hashlib.sha256(note[: note.index(b"\n") + 1]).hexdigest()


def sign(intent: Intent, *signers: Signer) -> SignedIntent:
    """Sign with the author's key first. `intent.by` must be the name of the first key."""
    text = intent.to_line()
    note = Note(text, tuple(signer.sign(text) for signer in signers)).to_bytes()
    return SignedIntent(intent, note, tuple(signer.vkey for signer in signers))


FindVkey = Callable[[str, bytes], Vkey | None]


def admit(data: bytes, find_vkey: FindVkey) -> SignedIntent:
    """Read an intent from outside and verify every signature line; whether the keys may sign it is for the rules.

    `find_vkey(name, key_id)` looks a registered key up. Raises Untrusted or Refused; a note with a line by a key
    that is not registered is refused as a whole, so that nobody can attach lines that nobody checks.
    """
    note = Note.parse(data)
    intent = Intent.parse(note.text)
    vkeys = []
    for signature in note.signatures:
        vkey = find_vkey(signature.name, signature.key_id)
        if vkey is None:
            raise Untrusted(Code.KEY_UNKNOWN, key=signature.name)
        if not verify(vkey, note.text, signature):
            raise Untrusted(Code.SIGNATURE_BAD, key=signature.name)
        vkeys.append(vkey)
    return SignedIntent(intent, data, tuple(vkeys))


@dataclass(frozen=True, slots=True)
class Record:
    """What is stored, hashed and served, byte for byte: a header line and the signed note.

    `seq` counts from 0; `ms` is the ledger's clock; `prev` the hash of the record before, in hex; `policy` the
    version the entry was judged by; `pair` = (peer, n, hash of the pair's record before).
    """

    raw: bytes
    seq: int
    ms: int
    prev: str
    policy: int | None
    pair: tuple[str, int, str] | None
    intent: Intent
    note: bytes
    hash: bytes

    @property
    def id(self) -> str:
        return self.intent.id


def leaf_hash(raw: bytes) -> bytes:
    """RFC 6962 §2.1: SHA-256(0x00 ‖ record). The same value links the chain."""
    return hashlib.sha256(b"\x00" + raw).digest()


def seal(
    signed: SignedIntent, *, seq: int, ms: int, prev: str, policy: int | None, pair: tuple[str, int, str] | None
) -> Record:
    """Put the header before the note. Refused when the whole is larger than a record may be."""
    header: dict[str, Any] = {"ms": ms, "prev": prev, "seq": seq}
    if policy is not None:
        header["policy"] = policy
    if pair is not None:
        header["pair"] = pair
    raw = canonical.encode(header) + b"\n" + signed.note
    if len(raw) > LARGEST_RECORD:
        raise Refused(Code.BODY_TOO_LARGE, bytes=len(raw), largest=LARGEST_RECORD)
    return Record(raw, seq, ms, prev, policy, pair, signed.intent, signed.note, leaf_hash(raw))


def parse_record(raw: bytes) -> Record:
    """Read a stored record; Untrusted or Refused when a byte is not as FORMAT.md says. No signature is verified."""
    if len(raw) > LARGEST_RECORD:
        raise Untrusted(Code.BODY_TOO_LARGE, bytes=len(raw), largest=LARGEST_RECORD)
    line, newline, note = raw.partition(b"\n")
    header = canonical.decode(line)
    if not newline or not _header_is_good(header):
        raise Untrusted(Code.NOT_CANONICAL, why="the record's header")
    pair: Sequence[Any] | None = header.get("pair")
    return Record(
        raw,
        header["seq"],
        header["ms"],
        header["prev"],
        header.get("policy"),
        None if pair is None else (pair[0], pair[1], pair[2]),
        Intent.parse(Note.parse(note).text),
        note,
        leaf_hash(raw),
    )


def _header_is_good(header: dict[str, Any]) -> bool:
    if not {"ms", "prev", "seq"} <= header.keys() <= {"ms", "prev", "seq", "policy", "pair"}:
        return False
    numbers = [header["ms"], header["seq"], header.get("policy", 1)]
    if any(type(number) is not int or number < 0 for number in numbers):
        return False
    if header["ms"] > LAST_MS or header.get("policy", 1) < 1:
        return False
    if not (isinstance(header["prev"], str) and _HEX64.fullmatch(header["prev"])):
        return False
    pair = header.get("pair")
    if "pair" not in header:
        return True
    return (
        isinstance(pair, list)
        and len(pair) == 3
        and isinstance(pair[0], str)
        and is_origin(pair[0])
        and type(pair[1]) is int
        and pair[1] >= 1
        and isinstance(pair[2], str)
        and _HEX64.fullmatch(pair[2]) is not None
    )
