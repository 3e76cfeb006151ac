"""Intents, as their authors sign them, and records, as the ledger keeps them."""

import hashlib
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from . import canonical
from .errors import Code, Refused, Untrusted
from .keys import Signer, Vkey, verify
from .note import Note, Signature

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


# What msgspec checks while it reads: see Intent.parse.
_Whole = Annotated[int, msgspec.Meta(ge=-canonical.LARGEST, le=canonical.LARGEST)]
_Time = Annotated[int, msgspec.Meta(ge=0, le=LAST_MS)]
_Counted = tuple[Annotated[int, msgspec.Meta(ge=1, le=canonical.LARGEST)], str]
if TYPE_CHECKING:
    _Body = Mapping[str, Any]
else:
    _Body = dict[str, _Whole | str | list[str]]
_PLAIN = msgspec.json.Encoder(order="deterministic")


def is_origin(text: str) -> bool:
    """Whether `text` names a ledger: a URL without scheme, lower-case host, at most 120 characters."""
    return len(text) <= 120 and _ORIGIN.fullmatch(text) is not None


class Move(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """Minutes from one account to another. Always positive, so an entry cannot be out of balance."""

    source: str
    target: str
    minutes: Annotated[int, msgspec.Meta(ge=1, le=MOST_MINUTES)]


class Intent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What an author signs. `at` is the author's clock in milliseconds since the epoch; `body` belongs to the kind.

    The fields stand in the order of their canonical names, so that they are written in it. A default made by a
    function is written, None is left out.
    """

    at: _Time
    body: _Body = msgspec.field(default_factory=lambda: {})
    by: str
    device: _Counted | None = None
    on_behalf: str | None = msgspec.field(default=None, name="for")
    id: str
    kind: str
    ledger: str
    memo: str | None = None
    moves: Annotated[tuple[Move, ...], msgspec.Meta(max_length=MOST_MOVES)] = msgspec.field(default_factory=lambda: ())
    ref: str | None = None
    seen: _Counted | None = None
    v: Annotated[int, msgspec.Meta(ge=1, le=canonical.LARGEST)] = msgspec.field(default_factory=lambda: VERSION)

    def to_line(self) -> bytes:
        """The canonical line, with its newline: exactly the text that is signed.

        Untrusted when nobody could read it.
        """
        line = _PLAIN.encode(self)
        if _read_plain(line) is None:
            canonical.decode(line)
        return line + b"\n"

    @classmethod
    def parse(cls, line: bytes) -> "Intent":
        """Read the envelope, which is the same for every version; the body is left to the kind table.

        Raises Untrusted for what is not canonical, Refused for a field that is missing, unknown or malformed.
        """
        if not line.endswith(b"\n") or line.count(b"\n") != 1:
            raise Untrusted(Code.NOT_CANONICAL, why="an intent is one line")
        # What all known kinds look like is read at once; everything else step by step, to say what is wrong with it.
        return _read_plain(line[:-1]) or _envelope(canonical.decode(line[:-1]))


_INTENT = msgspec.json.Decoder(Intent)


def _read_plain(line: bytes) -> Intent | None:
    """The intent in this line, None when it is not plainly good: types by msgspec, spelling by writing it again."""
    try:
        intent = _INTENT.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    good = (
        canonical.is_plain(line)
        and _PLAIN.encode(intent) == line
        and _ID.fullmatch(intent.id)
        and _is_author(intent.by, intent.kind, intent.ledger)
        and all(_is_account(move.source) and _is_account(move.target) for move in intent.moves)
        and (intent.on_behalf is None or _is_account(intent.on_behalf))
        and (intent.memo is None or _HEX64.fullmatch(intent.memo))
        and (intent.ref is None or _ID.fullmatch(intent.ref))
        and all(_HEX64.fullmatch(one[1]) for one in (intent.seen, intent.device) if one is not None)
    )
    return intent if good else None


@lru_cache(maxsize=65_536)
def _is_account(name: str) -> bool:
    return _ACCOUNT.fullmatch(name) is not None


@lru_cache(maxsize=65_536)
def _is_author(by: str, kind: str, ledger: str) -> bool:
    return bool(_NAME.fullmatch(by) and _KIND.fullmatch(kind) and is_origin(ledger))


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


class SignedIntent(msgspec.Struct, frozen=True):
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


class Record(msgspec.Struct, frozen=True):
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


class _Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A record's first line. In the order of the names, as Intent."""

    ms: _Time
    pair: tuple[str, Annotated[int, msgspec.Meta(ge=1, le=canonical.LARGEST)], str] | None = None
    policy: Annotated[int, msgspec.Meta(ge=1, le=canonical.LARGEST)] | None = None
    prev: str = msgspec.field(default_factory=lambda: NO_HASH)
    seq: Annotated[int, msgspec.Meta(ge=0, le=canonical.LARGEST)] = msgspec.field(default_factory=lambda: 0)


_HEADER = msgspec.json.Decoder(_Header)


def leaf_hash(raw: bytes) -> bytes:
    """RFC 6962 §2.1: SHA-256(0x00 ‖ record). The same value links the chain."""
    return hashlib.sha256(b"\x00" + raw).digest()


def seal(
    signed: SignedIntent, *, seq: int, ms: int, prev: str, policy: int | None, pair: tuple[str, int, str] | None
) -> Record:
    """Put the header before the note. Refused when the whole is larger than a record may be."""
    raw = _PLAIN.encode(_Header(ms, pair, policy, prev, seq)) + b"\n" + signed.note
    if len(raw) > LARGEST_RECORD:
        raise Refused(Code.BODY_TOO_LARGE, bytes=len(raw), largest=LARGEST_RECORD)
    return Record(raw, seq, ms, prev, policy, pair, signed.intent, signed.note, leaf_hash(raw))


def parse_record(raw: bytes) -> Record:
    """Read a stored record; Untrusted or Refused when a byte is not as FORMAT.md says. No signature is verified."""
    return parse_signed_record(raw)[0]


def parse_signed_record(raw: bytes) -> tuple[Record, tuple[Signature, ...]]:
    """As parse_record, with the signature lines under the record's note."""
    if len(raw) > LARGEST_RECORD:
        raise Untrusted(Code.BODY_TOO_LARGE, bytes=len(raw), largest=LARGEST_RECORD)
    line, newline, note_bytes = raw.partition(b"\n")
    header = _read_header(line)
    if not newline or header is None:
        raise Untrusted(Code.NOT_CANONICAL, why="the record's header")
    note = Note.parse(note_bytes)
    intent = Intent.parse(note.text)
    parts = (header.seq, header.ms, header.prev, header.policy, header.pair)
    record = Record(raw, *parts, intent, note_bytes, leaf_hash(raw))
    return record, note.signatures


def _read_header(line: bytes) -> _Header | None:
    try:
        header = _HEADER.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    if _PLAIN.encode(header) != line or not _HEX64.fullmatch(header.prev):
        return None
    if header.pair is not None and not (is_origin(header.pair[0]) and _HEX64.fullmatch(header.pair[2])):
        return None
    return header
