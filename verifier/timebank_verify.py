"""Proves a timebank ledger, receipt, digest or evidence from its published bytes alone, with no code of the service.

Written from FORMAT.md only (the § in the comments are its sections). Needs Python 3.11 and the package `cryptography`.
Where FORMAT.md leaves a choice, the comment says "chosen".
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import os
import re
import sys
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PROVED, BAD, UNREADABLE, NOT_UNDERSTOOD = 0, 1, 2, 3
WORDS = ("proved", "bad", "unreadable", "not-understood")
EXITS = """exit status:
  0  proved; the text says what was proved and what could not be
  1  bad: the first bad record, or a bad proof, checkpoint, key or head (also: a --head that is newer than the file)
  2  wrong usage, or a file that cannot be read or is no receipt, export, key, checkpoint or digest at all
  3  proved as far as understood: an entry has a later version or a kind that this program does not know (§9)"""

MAX_BYTES = 65_535  # of a record and of a note (§2, §4)
MAX_RECEIPT = 8_000_000  # 19 proofs of the longest record and checkpoint fit well
MAX_DIGEST_PROOF = MAX_BYTES + 4_000  # the first lines and 63 hashes, and a checkpoint
MAX_INT = 2**53 - 1
MAX_TIME = 253_402_214_399_999  # a day before the year 9999 ends: every offset still has a calendar day there
SKEW = 300_000  # ms that an author's clock may be ahead (§4)
ZEROS = "0" * 64
EXPORT_LINE = b"timebank-export v1\n"
PROOF_LINE = b"c2sp.org/tlog-proof@v1\n"
STATE_LINE = b"timebank-state v1\n"
DIGEST_PROOF_LINE = b"timebank-digest-proof v1\n"
EVIDENCE_LINE = b"timebank-evidence v1\n"
MAX_EVIDENCE = 2 * MAX_BYTES + 1_000  # two checkpoints, and the lines before them

Json = dict[str, Any]
Check = Callable[[Any], bool]
Move = tuple[str, str, int]


class Bad(Exception):
    """What was read breaks a rule; `seq` is the number of the record."""

    def __init__(self, detail: str, seq: int | None = None) -> None:
        super().__init__(detail)
        self.detail, self.seq = detail, seq


class Unreadable(Exception):
    """The file is not what the command asked for; nothing can be said about any record."""


class LaterGenesis(Exception):
    """A genesis that is not understood leaves nothing to check (§9)."""


def need(ok: bool, detail: str) -> None:
    if not ok:
        raise Bad(detail)


@contextmanager
def at_record(seq: int) -> Iterator[None]:
    """Gives a refusal the number of the record that it is about."""
    try:
        yield
    except Bad as bad:
        raise Bad(bad.detail, seq) from None


def quote(value: object) -> str:
    """Foreign text made harmless for a terminal, and short."""
    text = ascii(value) if not isinstance(value, int) or abs(value) <= MAX_INT else "a huge number"
    return text if len(text) <= 90 else text[:87] + "..."


# --- §1 canonical JSON, base64 ----------------------------------------------------------------------------------------


def _no(text: str) -> object:
    raise ValueError(text)


_DECODER = json.JSONDecoder(parse_float=_no, parse_constant=_no)
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
_NOT_PRINTABLE = re.compile(rb"[^\x20-\x7e]")


def canonical(raw: bytes) -> Json:
    """An object from bytes; whatever is not written again as exactly these bytes is refused (§1)."""
    need(not _NOT_PRINTABLE.search(raw), "JSON: characters outside U+0020 to U+007E")
    # Other escapes are refused here, since Python writes some of them (as \n) again the same way.
    need(b"\\" not in re.sub(rb'\\["\\]', b"", raw), 'JSON: an escape other than \\" and \\\\')
    try:
        value = _DECODER.decode(raw.decode("ascii"))
    except (ValueError, RecursionError):
        raise Bad("JSON: not one of objects, lists, strings and integers") from None
    need(type(value) is dict, "JSON: no object")
    _walk(value, 1)
    # This finds white space, doubled and unsorted keys, -0 and leading zeros at once.
    need(_ENCODER.encode(value).encode() == raw, "JSON: not in its one canonical spelling")
    return value  # type: ignore[no-any-return]


def _walk(value: object, depth: int) -> None:
    """Types, size of integers, depth. `type(...) is`, because true is an `int` to Python."""
    if type(value) is int:
        need(abs(value) <= MAX_INT, "JSON: an integer beyond 2^53-1")
    elif type(value) is list or type(value) is dict:
        need(depth <= 6, "JSON: nested more than 6 deep")
        for part in value.values() if type(value) is dict else value:
            _walk(part, depth + 1)
    else:
        need(type(value) is str, "JSON: a value is no object, list, string or integer")


def unbase64(text: str) -> bytes:
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        raise Bad(f"{quote(text)} is not base64") from None
    need(base64.b64encode(raw).decode() == text, f"{quote(text)} is not canonical base64")
    return raw


# --- §2 keys, signatures, notes ---------------------------------------------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
Y8 = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
SMALL_ORDER = frozenset((0, 1, P - 1, Y8, P - Y8))
NAME = re.compile(r"[A-Za-z0-9._~:/-]{1,160}")
VKEY = re.compile(r"([A-Za-z0-9._~:/-]{1,160})\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)")
# Chosen: a witness's name is what signed-note allows (no white space, no plus), its signature may be of any length.
SIGNATURE_LINE = re.compile(r"\u2014 ([^\s+]+) ([A-Za-z0-9+/]+=*)")
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def sound(point: bytes) -> bool:
    """Whether an encoded point is canonical and not of small order."""
    y = int.from_bytes(point, "little") & ((1 << 255) - 1)
    return y < P and y not in SMALL_ORDER


def verifies(public: bytes, signature: bytes, text: bytes) -> bool:
    """Ed25519 as §2 wants it. OpenSSL's equation is the cofactorless one; what it lets through is refused before."""
    if len(signature) != 64 or int.from_bytes(signature[32:], "little") >= L:
        return False
    if len(public) != 32 or not sound(public) or not sound(signature[:32]):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True


def key_id(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]


def fingerprint(public: bytes) -> str:
    digits = hashlib.sha256(public).hexdigest()
    return " ".join(digits[at : at + 4] for at in range(0, 64, 4))


class Key:
    """A registered key: what it may do, from when to when, and what it signed."""

    def __init__(self, vkey: object, role: str, added: int, account: str | None = None) -> None:
        found = VKEY.fullmatch(vkey) if isinstance(vkey, str) else None
        if not found:
            raise Bad(f"{quote(vkey)} is no vkey")
        self.vkey, self.name = found[0], found[1]
        raw = unbase64(found[3])
        need(len(raw) == 33 and raw[0] == 1, f"{quote(vkey)} is no Ed25519 key")
        self.id, self.public = bytes.fromhex(found[2]), raw[1:]
        need(key_id(self.name, self.public) == self.id, f"the key id in {quote(vkey)} is wrong")
        need(sound(self.public), f"the public key in {quote(vkey)} is of small order or not canonical")
        self.role, self.added, self.account = role, added, account
        self.revoked: int | None = None
        self.compromised: int | None = None
        self.signed = array("q")  # numbers of the entries, for `compromised-from`
        self.lines, self.last_line = 0, ZEROS  # a device's own chain (§3)

    def valid_at(self, seq: int) -> bool:
        return self.added < seq and (self.revoked is None or seq <= self.revoked)


class Line(NamedTuple):
    name: str
    id: bytes
    signature: bytes


def open_note(note: bytes) -> tuple[bytes, list[Line]]:
    """The text (with its last newline) and the signature lines of a signed note."""
    need(len(note) <= MAX_BYTES, "note: longer than 65,535 bytes")
    try:
        decoded = note.decode("utf-8")
    except UnicodeDecodeError:
        raise Bad("note: not UTF-8") from None
    need(not CONTROL.search(decoded), "note: control characters")
    text, gap, tail = decoded.rpartition("\n\n")
    need(gap != "" and text != "" and tail.endswith("\n"), "note: not a text, an empty line and signature lines")
    lines = []
    for raw in tail[:-1].split("\n"):
        found = SIGNATURE_LINE.fullmatch(raw)
        if not found:
            raise Bad(f"note: {quote(raw)} is no signature line")
        blob = unbase64(found[2])
        lines.append(Line(found[1], blob[:4], blob[4:]))
    need(len(lines) <= 16, "note: more than 16 signature lines")
    return (text + "\n").encode(), lines


# --- the tree (RFC 6962 §2.1) -----------------------------------------------------------------------------------------


def leaf_hash(record: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + record).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def split_of(size: int) -> int:
    """The largest power of two below `size`: so many leaves are on the left."""
    return 1 << (size - 1).bit_length() - 1


class Tree:
    """The leaves, and the hashes of complete subtrees met so far: the roots of earlier sizes cost little (`seen`)."""

    def __init__(self) -> None:
        self.leaves: list[bytes] = []
        self.full: dict[tuple[int, int], bytes] = {}

    def root(self, size: int, start: int = 0) -> bytes:
        """MTH of RFC 6962 §2.1 over `size` leaves from `start`."""
        if size == 0:
            return hashlib.sha256().digest()
        if size == 1:
            return self.leaves[start]
        if (start, size) in self.full:
            return self.full[start, size]
        left = split_of(size)
        node = node_hash(self.root(left, start), self.root(size - left, start + left))
        if size == 2 * left:  # complete: later leaves never change it
            self.full[start, size] = node
        return node


def root_from_path(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """The root that an inclusion path leads to (RFC 6962 §2.1.1, read backward); None if its length is wrong."""
    if size == 1 or not path:
        return leaf if size == 1 and not path else None
    left, sibling = split_of(size), path[-1]
    if index < left:
        inner = root_from_path(leaf, index, left, path[:-1])
        return inner and node_hash(inner, sibling)
    inner = root_from_path(leaf, index - left, size - left, path[:-1])
    return inner and node_hash(sibling, inner)


# --- §3, §4, §5 forms of fields ---------------------------------------------------------------------------------------

HOST = "[a-z0-9][a-z0-9.-]*(?::[0-9]{1,5})?"
ORIGIN = re.compile(HOST + "(/[A-Za-z0-9._~-]+)*")
UUID = "[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}"
FLOORED = ("fund", "member", "orders", "held")  # must not end below 0 (§5)
PAIRED = ("send", "sent", "returned", "accept", "refuse")
REVERSIBLE = ("service", "settle", "gift", "donate", "grant", "retire", "expire", "overflow")
SERVICES = ("service", "settle")


def text_like(pattern: str | re.Pattern[str]) -> Check:
    compiled = re.compile(pattern)
    return lambda value: type(value) is str and compiled.fullmatch(value) is not None


def is_int(value: Any, low: int = -MAX_INT, high: int = MAX_INT) -> bool:
    return type(value) is int and low <= value <= high


def is_origin(value: Any) -> bool:
    return type(value) is str and len(value) <= 120 and ORIGIN.fullmatch(value) is not None


def is_day(value: Any) -> bool:
    if type(value) is not str or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return False
    try:
        return bool(date.fromisoformat(value))
    except ValueError:
        return False


def local_day(ms: int, offset: int) -> str:
    try:
        return (date(1970, 1, 1) + timedelta(days=(ms + offset * 60_000) // 86_400_000)).isoformat()
    except OverflowError:  # chosen: after the year 9999 by the ledger's offset
        raise Bad("the ledger's clock shows no day that can be written") from None


def list_of(each: Check, most: int) -> Check:
    return lambda value: (
        type(value) is list and len(value) <= most and all(map(each, value)) and len(set(value)) == len(value)
    )


is_hash = text_like("[0-9a-f]{64}")
is_member = text_like("member:[0-9a-f]{32}")


def account_class(account: Any) -> str | None:
    """§5: the class of an account by its name; None if it is no account."""
    if type(account) is not str:
        return None
    if account in ("issue", "fund"):
        return str(account)
    if re.fullmatch("(member|debt):[0-9a-f]{32}", account):
        return str(account.partition(":")[0])
    if account == "held:orders":
        return "orders"
    prefix, _, origin = account.partition(":")
    return prefix if prefix in ("held", "due") and "/" in origin and is_origin(origin) else None


def is_move(move: Any) -> bool:
    if type(move) is not list or len(move) != 3 or move[0] == move[1]:
        return False
    return bool(account_class(move[0]) and account_class(move[1])) and is_int(move[2], 1, 100_000_000)


def is_counted_hash(value: Any) -> bool:
    """[n, hash], as in `seen` and `device`."""
    return type(value) is list and len(value) == 2 and is_int(value[0], 1) and is_hash(value[1])


# --- §7 the table of kinds --------------------------------------------------------------------------------------------

TYPES: dict[str, Check] = {
    "zone": text_like(r"[A-Za-z_]+(/[A-Za-z0-9_+-]+)*"),
    "algorithms": lambda value: value == "ed25519 sha256 rfc6962",
    "vkey": text_like(VKEY),
    "vkeys": list_of(text_like(VKEY), 8),
    "name": text_like(NAME),
    "id": text_like(r"[A-Za-z0-9._~:/-]{1,240}"),
    "kind": text_like(r"[a-z][a-z-]{0,31}"),
    "hash": is_hash,
    "origin": is_origin,
    "time": lambda value: is_int(value, 0, MAX_TIME),
    "day": is_day,
    "month": lambda value: type(value) is str and is_day(value + "-01"),
    "code": text_like(r"[a-z][a-z0-9-]{0,31}"),
    "member": is_member,
    "members": list_of(is_member, 64),
    "payee": lambda value: value == "fund" or is_member(value),
    "uuid": text_like(UUID),
    "hex32": text_like("[0-9a-f]{32}"),
    "count": lambda value: is_int(value, 0),
    "int": is_int,
    "object": lambda value: type(value) is dict,
    "moves": lambda value: type(value) is list and len(value) <= 16 and all(map(is_move, value)),
    "seen": is_counted_hash,
    "pair": lambda value: (
        type(value) is list and len(value) == 3 and is_origin(value[0]) and is_counted_hash(value[1:])
    ),
}


class Fields:
    """The fields of an object: `name=type`, `name?=type` optional, `a/b` one of, `1..9` an integer between."""

    def __init__(self, text: str) -> None:
        fields = dict(field.split("=", 1) for field in text.split())
        self.required = {name for name in fields if not name.endswith("?")}
        self.types = {name.removesuffix("?"): self.type_of(word) for name, word in fields.items()}

    @staticmethod
    def type_of(word: str) -> Check:
        if ".." in word:
            low, high = map(int, word.split(".."))
            return lambda value: is_int(value, low, high)
        return TYPES.get(word) or (lambda value: type(value) is str and value in word.split("/"))

    def check(self, value: Json, where: str) -> None:
        for name in value:
            if name not in self.types or not self.types[name](value[name]):
                raise Bad(f"{where} may not have the field {quote(name)} with the value {quote(value[name])}")
        need(self.required <= value.keys(), f"{where} lacks {', '.join(sorted(self.required - value.keys()))}")


HEADER = Fields("seq=count ms=time prev=hash policy?=count pair?=pair")
ENVELOPE = Fields("""v=1..9007199254740991 ledger=origin id=id kind=kind at=time by=name body=object moves=moves
    for?=member memo?=hash ref?=id seen?=seen device?=seen""")

# §7: kind; who signs (`/` or, `+` then); id; ref; moves; body.
SERVICE_BODY = """day=day minutes=1..1440 credited=0..1440 server=member served=members service=code
    catalogue=1..2147483647 confirmed=card/code/phone/paper/proxy/clerk/auto start?=0..1439 end?=1..2879 order?=hex32
    reason?=code entitlement?=code uncredited?=code shift?=code"""
TABLE = r"""
genesis; quorum; genesis; ; ; zone=zone offset=-840..840 algorithms=algorithms log=vkey system=vkey admins=vkeys
    quorum=2..8 before?=origin before-size?=count before-root?=hash
key; quorum; {U}; ; ; action=add/revoke vkey=vkey role=log/system/station/lead/device/member/admin account?=member
    compromised-from?=count
policy; admin+admin; {U}; ; ; version=1..2147483647 from=day sha256=hash
opening; admin+admin; (member:[0-9a-f]{32}|fund)\.opening; ; 1 issue>fund issue>member; source=hash before?=origin
    before-size?=count
open; lead/station; member:[0-9a-f]{32}\.open; ; ; account=member class=person/provider/group
close; lead/station; member:[0-9a-f]{32}\.close; ; ; account=member reason=code
service; device/lead/station/system; {U}; ; 0-1 fund>member issue>fund issue>member member>fund member>member; {S}
overflow; system; {R}\.overflow; {R}; 1 member>fund; cap=day/held
hold; lead/member/station/system; {U}; ; 1 fund>orders issue>orders member>orders; order=hex32 service=code
    served=members expires?=count entitlement?=code
settle; lead/member/station/system; {U}\.outcome; {U}; 1-2 orders>fund orders>issue orders>member; {S}
release; lead/member/station/system; {U}\.outcome; {U}; 1 orders>fund orders>issue orders>member; reason=code
gift; lead/member/station; {U}; ; 1 member>member; reason=code
donate; lead/member/station; {U}; ; 1 member>fund; reason=code
grant; admin/lead/station+admin/lead; {U}; ; 1 fund>member issue>member; reason=code
retire; lead/member/station; {U}; ; 1 member>issue; reason=code
expire; system; member:[0-9a-f]{32}\.expire\.[0-9]{4}-[0-9]{2}; ; 1 member>fund; month=month
reverse; admin/lead/station+admin/lead; {R}\.reverse; {R}; 0-2 debt>fund debt>issue
    debt>member fund>issue fund>member issue>fund issue>member member>fund member>issue member>member; reason=code
repay; system; {R}\.repay; {R}; 1 member>debt;
send; lead/member/station/system; {U}\.hold; ; 1 member>held; peer=origin payee=payee deadline=count reason=code
sent; system; {U}\.outcome; {U}\.hold; 1 held>due; peer=origin accept=hash
returned; system; {U}\.outcome; {U}\.hold; 1 held>member; peer=origin refuse=hash
accept; system; [0-9a-f]{64}\.decision; ; 1 due>fund due>member; peer=origin transfer=uuid offer=hash
refuse; system; [0-9a-f]{64}\.decision; ; ; peer=origin transfer=uuid offer=hash reason=code
recon; system; recon\..+; ; ; peer=origin day=day size=count root=hash peer-size=count peer-root=hash due=int
    peer-due=int in-flight=count result=agree/differ
seal; system; seal\..+; ; ; day=day size=count root=hash state=hash
erase; system; {U}; ; ; count=1..2147483647
end; quorum; end; ; ; reason=code next?=origin
"""


class Row:
    """One kind's line of the table."""

    def __init__(self, line: str) -> None:
        for short, long in (("{U}", UUID), ("{R}", "[0-9a-z.:-]{1,120}"), ("{S}", SERVICE_BODY)):
            line = line.replace(short, long)
        signers, ident, ref, moves, body = (part.strip() for part in line.split(";"))
        self.quorum = signers == "quorum"
        self.steps = [step.split("/") for step in signers.split("+")]
        self.id, self.ref = re.compile(ident), re.compile(ref) if ref else None
        count, *self.pairs = moves.split() or ["0"]
        self.least, self.most = int(count[0]), int(count[-1])
        self.body = Fields(body)


KINDS = {line.split(";")[0]: Row(line.split(";", 1)[1]) for line in re.sub(r"\n\s+", " ", TABLE).strip().split("\n")}


# §7, derived ids: by kind, from `ref` and the body's fields; `payer` and `payee` are those of the first move.
DERIVED = {
    **dict.fromkeys(("overflow", "reverse", "repay"), "{ref}.{kind}"),
    **dict.fromkeys(("settle", "release", "sent", "returned"), "{stem}.outcome"),
    **dict.fromkeys(("open", "close"), "{account}.{kind}"),
    **dict.fromkeys(("accept", "refuse"), "{decision}.decision"),
    "opening": "{payee}.opening",
    "expire": "{payer}.expire.{month}",
    "recon": "recon.{peer}.{day}",
    "seal": "seal.{day}",
}


def derived_id(e: Entry) -> str:
    ref, (payer, payee, _) = e.intent.get("ref", ""), (e.moves or [("", "", 0)])[0]
    decision = hashlib.sha256(f"{e.body.get('peer')}\n{e.body.get('transfer')}".encode()).hexdigest()
    known = {"kind": e.kind, "ref": ref, "stem": ref.removesuffix(".hold"), "payer": payer, "payee": payee}
    return DERIVED[e.kind].format(**e.body, **known, decision=decision)


# --- one entry --------------------------------------------------------------------------------------------------------


class Entry:
    """One record taken apart, and whatever it shows alone checked. `row` is None if it is not understood (§9)."""

    def __init__(self, record: bytes) -> None:
        need(len(record) <= MAX_BYTES, "the record is longer than 65,535 bytes")
        first, newline, note = record.partition(b"\n")
        need(newline != b"", "the record has no header line")
        self.hash = leaf_hash(record)
        self.header = canonical(first)
        HEADER.check(self.header, "the header")
        self.seq: int = self.header["seq"]
        self.ms: int = self.header["ms"]
        self.text, self.lines = open_note(note)
        self.intent = canonical(self.text[:-1])
        ENVELOPE.check(self.intent, "the entry")
        self.kind: str = self.intent["kind"]
        self.body: Json = self.intent["body"]
        # Names of accounts occur again and again: `intern` keeps each of them once.
        self.moves: list[Move] = [(sys.intern(a), sys.intern(b), n) for a, b, n in self.intent["moves"]]
        need(self.intent["at"] <= self.ms + SKEW, "the author's clock is over 5 minutes ahead of the ledger's")
        need(self.intent["by"] == self.lines[0].name, "`by` does not name the first signature's key")
        need((self.kind == "genesis") == (self.seq == 0), "record 0 and no other is the genesis")
        self.row = KINDS.get(self.kind) if self.intent["v"] == 1 else None
        if self.row:
            check_row(self, self.row)
            check_body(self)

    def day(self, offset: int) -> str:
        """§4; of an entry that is not understood, the day of the ledger's clock."""
        return str(self.body["day"]) if self.row and self.kind in SERVICES else local_day(self.ms, offset)


def check_row(e: Entry, row: Row) -> None:
    """The kind's row of the table."""
    row.body.check(e.body, "the body")
    ident, ref = e.intent["id"], e.intent.get("ref")
    need(bool(row.id.fullmatch(ident)), f"{quote(ident)} is no id for the kind {e.kind}")
    need((ref is None) == (row.ref is None), f"`ref` is {'missing' if row.ref else 'forbidden here'}")
    need(row.ref is None or bool(row.ref.fullmatch(ref or "")), f"{quote(ref)} is no `ref` of a {e.kind}")
    need(row.least <= len(e.moves) <= row.most, f"{len(e.moves)} moves in an entry of kind {e.kind}")
    for source, target, _ in e.moves:
        pair = f"{account_class(source)}>{account_class(target)}"
        need(pair in row.pairs, f"a {e.kind} does not move minutes {pair.replace('>', ' to ')}")
    need(e.kind not in DERIVED or ident == derived_id(e), "the id does not follow from what the entry is about")
    need(("pair" in e.header) == (e.kind in PAIRED), "`pair` belongs to all entries between ledgers, and to no others")


def check_body(e: Entry) -> None:
    """§7, rules by kind beyond the table, as far as the entry shows them alone."""
    b, peer = e.body, e.body.get("peer")
    need(peer != e.intent["ledger"], "the peer is this ledger itself")
    if e.kind in SERVICES:
        check_service(e)
    elif e.kind == "genesis":
        need(len({"before", "before-size", "before-root"} & b.keys()) in (0, 3), "`before` and its head come together")
    elif e.kind == "opening":
        need(("before" in b) == ("before-size" in b), "`before` and its size come together")
    elif e.kind == "key":
        need(("account" in b) == (b["role"] == "member"), "`account` belongs to member keys, and to all of them")
        need(b["action"] == "revoke" or "compromised-from" not in b, "`compromised-from` of a new key")
        need(b.get("compromised-from", 0) <= e.seq, "`compromised-from` is after the revocation")
        Key(b["vkey"], b["role"], e.seq)
    elif e.kind in ("send", "sent", "returned", "accept"):
        sides = {account for account in e.moves[0][:2] if account.startswith(("held:", "due:"))}
        need(sides <= {f"held:{peer}", f"due:{peer}"}, "the minutes are held for, or due by, another peer")


def check_service(e: Entry) -> None:
    """What service and settle share."""
    b = e.body
    need(b["server"] not in b["served"], "the server is among those served")
    need(b["credited"] == (e.moves[0][2] if e.moves else 0), "`credited` is not what the first move moves")
    need(("uncredited" in b) != bool(e.moves), "`uncredited` is there exactly when nothing moves")
    need(("start" in b) == ("end" in b), "`start` and `end` come together")
    if "start" in b:
        span = b["end"] - b["start"]
        need(0 < span <= 1440 and b["minutes"] <= span, "the minutes do not fit between `start` and `end`")
    need(("reason" in b) == (b["confirmed"] == "clerk"), "`reason` is there exactly when a clerk confirmed")


# --- §6 keys ----------------------------------------------------------------------------------------------------------


class Keys:
    """The ledger's keys, by name and key id as signature lines name them."""

    def __init__(self, genesis: Entry) -> None:
        b = genesis.body
        self.origin: str = genesis.intent["ledger"]
        self.quorum: int = b["quorum"]
        self.known: dict[tuple[str, bytes], Key] = {}
        self.names: set[str] = set()
        self.publics: set[bytes] = set()
        self.live: Counter[str] = Counter()  # how many of each role are not revoked
        # -1: genesis is signed by admins that it names itself.
        for vkey in b["admins"]:
            self.add(Key(vkey, "admin", -1))
        self.add(Key(b["system"], "system", -1))
        self.log = Key(b["log"], "log", -1)  # always the one registered last
        self.add(self.log)

    def add(self, key: Key) -> None:
        need((key.name == self.origin) == (key.role == "log"), "log keys, and only they, bear the ledger's name")
        need(key.role == "log" or key.name not in self.names, f"the key name {quote(key.name)} is taken")
        need(key.public not in self.publics, "this public key was registered before")
        need((key.name, key.id) not in self.known, "a key of this name and key id was registered before")
        self.known[key.name, key.id] = key
        self.names.add(key.name)
        self.publics.add(key.public)
        self.live[key.role] += 1
        if key.role == "log":
            self.log = key

    def signer(self, e: Entry, line: Line) -> Key | None:
        """The key of a signature line, if it is known; then the signature MUST verify."""
        key = self.known.get((line.name, line.id))
        need(key is None or verifies(key.public, line.signature, e.text), f"the signature of {line.name} is false")
        return key

    def signers(self, e: Entry) -> list[Key]:
        """Every line MUST name a key of the ledger and verify, and no key signs twice (§2, §6)."""
        found: list[Key] = []
        for line in e.lines:
            key = self.signer(e, line)
            if key is None or key.added >= e.seq:
                raise Bad(f"no key {quote(line.name)} with this key id was registered before")
            need(key not in found, f"{quote(line.name)} signs twice")
            found.append(key)
        return found

    def check_roles(self, e: Entry, keys: list[Key], *, rescued: bool) -> None:
        """Roles in order (§7). `rescued`: the entry of a revoked device that a lead signed for (§6)."""
        roles = [key.role for key in keys]
        need(("device" in e.intent) == (roles[0] == "device"), "`device` belongs to devices' entries, and to all")
        if e.row is None:
            return  # §9 asks for valid keys only
        device_key = e.kind == "key" and e.body["role"] == "device"
        if e.row.quorum and not device_key:
            need(set(roles) == {"admin"} and len(roles) >= self.quorum, "it is signed by no quorum of admins")
        else:
            steps = [["lead"], ["admin"]] if device_key else e.row.steps + [["lead"]] * rescued
            fit = len(roles) == len(steps) and all(role in step for role, step in zip(roles, steps, strict=True))
            need(fit, f"signed by {', '.join(roles)}, which a {e.kind} may not be")
        for key in keys:
            if key.role == "member":  # whose hold it settles or releases, the Book knows
                own = all(source in (key.account, "held:orders") for source, _, _ in e.moves)
                need(own, "a member's key moves minutes of another account")
                need(e.intent.get("for", key.account) == key.account, "a member's key acts for another account")


# --- §11 the state ----------------------------------------------------------------------------------------------------


class State:
    """The lines that a seal commits to, always in their order: a seal costs a join and a hash, no sorting."""

    def __init__(self) -> None:
        # Chosen: the sorts of lines follow one another as in the table of §11.
        sorts = ("account", "hold", "key", "policy", "pair", "device")
        self.names: dict[str, list[Any]] = {sort: [] for sort in sorts}
        self.lines: dict[str, list[bytes]] = {sort: [] for sort in sorts}

    def put(self, sort: str, name: Any, *words: str | int | None) -> None:
        """A new line, or another one for this name (by which its sort is sorted)."""
        names, lines = self.names[sort], self.lines[sort]
        shown = " ".join(["-" if word is None else str(word) for word in words])
        line, at = f"{sort} {name} {shown}\n".encode(), bisect_left(names, name)
        if at < len(names) and names[at] == name:
            lines[at] = line
        else:
            names.insert(at, name)
            lines.insert(at, line)

    def drop(self, sort: str, name: Any) -> None:
        at = bisect_left(self.names[sort], name)
        del self.names[sort][at], self.lines[sort][at]

    def hash(self) -> str:
        return hashlib.sha256(b"".join([STATE_LINE, *chain.from_iterable(self.lines.values())])).hexdigest()


# --- the whole ledger -------------------------------------------------------------------------------------------------


class Hold(NamedTuple):
    account: str
    source: str
    minutes: int
    order: str | None


class Past(NamedTuple):
    """What later entries may ask about an earlier one."""

    kind: str  # "" if it was not understood
    moves: list[Move]
    back: str  # where a reversal of the first move gives back to
    served: int  # minutes of a service


class Book:
    """The ledger's state, record by record."""

    def __init__(self) -> None:
        self.tree = Tree()
        self.keys: Keys
        self.origin, self.offset = "", 0
        self.prev, self.ms, self.ended = ZEROS, 0, False
        self.past: dict[str, Past] = {}  # by id
        self.members: dict[str, str] = {}  # account to class
        self.opened: dict[str, int] = {}  # account to the number of its open
        self.closed: dict[str, int] = {}
        self.balance: Counter[str] = Counter()
        self.holds: dict[str, Hold] = {}  # the open ones
        self.finished: set[str] = set()
        self.held_from: Counter[str] = Counter()  # open holds by their source
        self.policies: list[str] = []  # the first days; the version is the index + 1
        self.pairs: dict[str, tuple[int, str]] = {}
        self.kinds: Counter[str] = Counter()
        self.served = 0
        self.state = State()
        self.seals, self.open_seals = 0, 0  # whose state was compared, and could not be
        self.strange: list[tuple[int, str]] = []

    def add(self, record: bytes) -> None:
        e = Entry(record)
        need(not self.ended, "a record follows the end of the ledger")
        need(e.seq == len(self.tree.leaves), f"the record says that it is number {e.seq}")
        need(e.header["prev"] == self.prev, "`prev` is not the hash of the record before")
        need(e.ms >= self.ms, "the ledger's clock goes backward")
        if e.seq == 0:
            if e.row is None:
                raise LaterGenesis
            self.keys, self.origin, self.offset = Keys(e), e.intent["ledger"], e.body["offset"]
            for key in self.keys.known.values():
                self.show_key(key)
        need(e.intent["ledger"] == self.origin, f"the entry is for the ledger {quote(e.intent['ledger'])}")
        need(e.intent["id"] not in self.past, f"the id {quote(e.intent['id'])} was used before")
        signers = self.check_signers(e)
        self.check_policy(e)
        if "pair" in e.header:
            peer, number, prev = e.header["pair"]
            last, hashed = self.pairs.get(peer, (0, ZEROS))
            need((number, prev) == (last + 1, hashed), "`pair` does not continue the chain with this peer")
            need(e.row is None or peer == e.body["peer"], "`pair` names another peer than the body")
        if "seen" in e.intent:
            self.check_head(e, *e.intent["seen"])
        self.check_accounts(e)
        back = e.moves[0][0] if e.moves else ""
        if e.row:
            back = self.open_hold(e).source if e.kind == "settle" else back
            self.check_kind(e)
        else:
            self.strange.append((e.seq, f"version {e.intent['v']}, kind {e.kind}"))
        self.move(e)
        self.remember(e, signers, back)

    def check_signers(self, e: Entry) -> list[Key]:
        keys = self.keys.signers(e)
        first = keys[0]
        rescued = first.role == "device" and not first.valid_at(e.seq)
        if rescued:
            need(len(keys) == 2 and keys[1].role == "lead", "the device's key was revoked and no lead signed")
        for key in keys[1:] if rescued else keys:
            need(key.valid_at(e.seq), f"the key {quote(key.name)} was revoked before")
        self.keys.check_roles(e, keys, rescued=rescued)
        if first.role == "device":
            expected = [first.lines + 1, first.last_line]
            need(e.intent["device"] == expected, "`device` does not continue this device's own chain")
        if first.role == "member" and e.row and e.kind in ("settle", "release"):
            need(self.open_hold(e).source == first.account, "a member's key finishes the hold of another account")
        return keys

    def check_policy(self, e: Entry) -> None:
        """§8. `from` never goes back, so the versions in force are those before the first later one."""
        stamp = e.header.get("policy")
        if e.row is None:
            need(stamp is None or stamp <= len(self.policies), "it names a policy that was not posted")
            return
        day, today = e.day(self.offset), local_day(e.ms, self.offset)
        need(day <= today, f"the day {day} is after the ledger's day {today}")
        version = bisect_right(self.policies, day) or None
        need(stamp == version, f"the record names policy {stamp}, in force on {day} is {version}")
        need(version is not None or not (e.moves or e.kind in SERVICES), f"no policy is in force on {day}")

    def check_head(self, e: Entry, size: int, root: str) -> None:
        need(size <= e.seq, f"it names a head of {size} records, but only {e.seq} are before it")
        need(self.tree.root(size).hex() == root, f"the first {size} records do not have the root that it names")

    def check_accounts(self, e: Entry) -> None:
        named = [account for move in e.moves for account in move[:2] if account.startswith("member:")]
        for account in named:
            need(account not in self.closed, f"{account} is closed")
        if "for" in e.intent:
            named.append(e.intent["for"])
        if e.row and e.kind != "open":
            named += [e.body[name] for name in ("server", "account") if name in e.body] + e.body.get("served", [])
        for account in named:
            need(account in self.members, f"{account} was never opened")

    def move(self, e: Entry) -> None:
        """Applies the moves, if the floors allow it (§5)."""
        change: Counter[str] = Counter()
        for source, target, minutes in e.moves:
            change[source] -= minutes
            change[target] += minutes
        for account, minutes in change.items():
            group, left = account_class(account), self.balance[account] + minutes
            need(minutes >= 0 or left >= 0 or group not in FLOORED, f"{account} would end at {left} minutes")
            need(left <= 0 or group != "debt", f"{account} would end at {left}, above 0")
            self.balance[account] = left
            self.show_account(account)

    def show_account(self, account: str) -> None:
        words = (self.balance[account], self.opened.get(account), self.closed.get(account))
        self.state.put("account", account, self.members.get(account) or account_class(account), *words)

    def show_key(self, key: Key) -> None:
        since = max(key.added, 0)  # genesis is record 0
        self.state.put("key", key.vkey, key.role, since, key.revoked, key.account, key.compromised)

    def remember(self, e: Entry, signers: list[Key], back: str) -> None:
        for key in signers:
            key.signed.append(e.seq)
        if "device" in e.intent:
            first = signers[0]
            first.lines, first.last_line = e.intent["device"][0], hashlib.sha256(e.text).hexdigest()
            self.state.put("device", first.name, first.lines, first.last_line)
        if "pair" in e.header:
            peer, number, _ = e.header["pair"]
            self.pairs[peer] = (number, e.hash.hex())
            self.state.put("pair", peer, *self.pairs[peer])
        served = e.body["minutes"] if e.row and e.kind in SERVICES else 0
        self.past[e.intent["id"]] = Past(e.kind if e.row else "", e.moves, back, served)
        self.kinds[e.kind] += 1
        self.served += served
        self.prev, self.ms = e.hash.hex(), e.ms
        self.tree.leaves.append(e.hash)

    def check_kind(self, e: Entry) -> None:
        """§7, rules by kind beyond the table, as far as they need what came before."""
        b = e.body
        match e.kind:
            case "key":
                self.key(e)
            case "policy":
                need(b["version"] == len(self.policies) + 1, "the policy's version is not the next one")
                floor = max([local_day(e.ms, self.offset), *self.policies[-1:]])
                need(b["from"] >= floor, f"the policy begins before {floor}")
                self.policies.append(b["from"])
                self.state.put("policy", b["version"], b["from"], b["sha256"], e.seq)
            case "open":
                need(b["account"] not in self.members, "this account was opened before")
                self.members[b["account"]], self.opened[b["account"]] = b["class"], e.seq
                self.show_account(b["account"])
            case "close":
                account = b["account"]
                need(account not in self.closed, "this account is closed already")
                left = (self.balance[account], self.held_from[account], self.balance[debt_of(account)])
                need(left == (0, 0, 0), "the account's balance, open holds and debt are not all 0")
                self.closed[account] = e.seq
                self.show_account(account)
            case "service":
                if e.moves:
                    self.check_payee(e, None)
            case "hold" | "send":
                self.hold(e)
            case "settle":
                hold = self.open_hold(e)
                self.check_payee(e, "issue")
                need(all(m[1] == hold.source for m in e.moves[1:]), "the rest does not go back to the hold's source")
                need(b.get("order", hold.order) == hold.order, "the order is not the hold's")
                self.finish(e, hold)
            case "release" | "returned":
                hold = self.open_hold(e)
                need(e.moves[0][1] == hold.source, "the minutes do not go back to the hold's source")
                self.finish(e, hold)
            case "sent":
                self.finish(e, self.open_hold(e))
            case "overflow":
                (payer, _, minutes), first = e.moves[0], self.about(e).moves[:1]
                need(bool(first) and first[0][1] == payer, "the entry that overflowed did not credit this account")
                need(minutes <= first[0][2], "it is more than the entry credited")
            case "repay":
                payer, debt, minutes = e.moves[0]
                need(debt == debt_of(payer), "it repays another member's debt")
                payees = [target for _, target, _ in self.about(e).moves]
                need(payer in payees, "the entry that it is about did not credit this account")
                need(minutes <= -self.balance[debt], "it is more than the debt")
            case "reverse":
                self.reverse(e)
            case "recon":
                self.check_head(e, b["size"], b["root"])
            case "seal":
                need(b["size"] == e.seq, f"it seals {b['size']} records, but {e.seq} are before it")
                self.check_head(e, b["size"], b["root"])
                self.check_state(b["state"])
            case "end":
                self.ended = True

    def check_state(self, state: str) -> None:
        if self.strange:  # what that entry changed is not known (§11)
            self.open_seals += 1
            return
        made = self.state.hash()
        need(state == made, f"`state` is not what the records before the seal come to, which is {made}")
        self.seals += 1

    def key(self, e: Entry) -> None:
        b = e.body
        named = Key(b["vkey"], b["role"], e.seq, b.get("account"))
        if b["action"] == "add":
            self.keys.add(named)
            self.show_key(named)
            return
        key = self.keys.known.get((named.name, named.id))
        if key is None or key.public != named.public or key.revoked is not None:
            raise Bad("it revokes a key that is not registered or revoked already")
        need((key.role, key.account) == (named.role, named.account), "the role or account is not the key's")
        need(key is not self.keys.log, "the newest log key may not be revoked")
        self.keys.live[key.role] -= 1
        need(self.keys.live["admin"] >= self.keys.quorum, "fewer admins than the quorum would be left")
        need(self.keys.live["system"] >= 1, "no system key would be left")
        key.revoked, key.compromised = e.seq, b.get("compromised-from")
        self.show_key(key)

    def check_payee(self, e: Entry, of_provider: str | None) -> None:
        """Where the first move of a service or settle goes, by the server's class."""
        group = self.members[e.body["server"]]
        target = {"person": e.body["server"], "group": "fund", "provider": of_provider}[group]
        need(target is not None, "the server is a provider, which earns nothing")
        need(e.moves[0][1] == target, f"the minutes of a {group} go to {target}")

    def hold(self, e: Entry) -> None:
        name = e.intent["id"].removesuffix(".hold")
        need(name not in self.holds and name not in self.finished, "a hold of this name was opened before")
        source, account, minutes = e.moves[0]
        self.holds[name] = Hold(account, source, minutes, e.body.get("order"))
        self.state.put("hold", name, source, account, minutes, e.body.get("order"), e.seq)
        self.held_from[source] += minutes

    def open_hold(self, e: Entry) -> Hold:
        name = e.intent["ref"].removesuffix(".hold")
        need(name in self.holds, "the hold is finished" if name in self.finished else "there is no such hold")
        need(self.holds[name].account == e.moves[0][0], f"the hold is on {self.holds[name].account}")
        return self.holds[name]

    def finish(self, e: Entry, hold: Hold) -> None:
        total, name = sum(minutes for _, _, minutes in e.moves), e.intent["ref"].removesuffix(".hold")
        need(total == hold.minutes, f"the hold is of {hold.minutes} minutes, the moves are of {total}")
        del self.holds[name]
        self.state.drop("hold", name)
        self.finished.add(name)
        self.held_from[hold.source] -= total

    def about(self, e: Entry) -> Past:
        need(e.intent["ref"] in self.past, f"there is no entry {quote(e.intent['ref'])} before this one")
        return self.past[e.intent["ref"]]

    def reverse(self, e: Entry) -> None:
        """Once only, since the id follows from `ref`."""
        past = self.about(e)
        need(past.kind in REVERSIBLE, "an entry of this kind cannot be reversed")
        expected: list[Move] = []
        if past.moves and past.moves[0][1] != past.back:
            _, payee, minutes = past.moves[0]
            own = min(self.balance[payee], minutes) if payee.startswith("member:") else minutes
            expected = [(payee, past.back, own), (debt_of(payee), past.back, minutes - own)]
            expected = [move for move in expected if move[2]]
        need(e.moves == expected, f"the moves that undo it are {quote(expected)}")
        self.served -= past.served

    def check_sums(self) -> None:
        """§5: only a fault of this program, or an entry that it did not understand, can make this untrue."""
        for account in [name for name in self.balance if name.startswith("held:") and not self.strange]:
            held = sum(hold.minutes for hold in self.holds.values() if hold.account == account)
            need(held == self.balance[account], f"the open holds do not add up to what is on {account}")


def debt_of(member: str) -> str:
    return member.replace("member:", "debt:")


# --- §10 files --------------------------------------------------------------------------------------------------------


class Checkpoint(NamedTuple):
    origin: str
    size: int
    root: bytes
    text: bytes
    lines: list[Line]

    def signed_by(self, key: Key) -> bool:
        """Lines by others are witnesses' and ignored (§2); one by this key that is false spoils the checkpoint."""
        mine = [line for line in self.lines if line.name == key.name and line.id == key.id]
        return bool(mine) and all(verifies(key.public, line.signature, self.text) for line in mine)


def open_checkpoint(note: bytes) -> Checkpoint:
    text, lines = open_note(note)
    parts = text.decode().split("\n")[:-1]
    need(len(parts) == 3, "the checkpoint has not three lines of text")
    need(is_origin(parts[0]), "the checkpoint's first line is no origin")
    need(re.fullmatch(r"[1-9][0-9]{0,15}", parts[1]) is not None, "the checkpoint counts no records")
    root = unbase64(parts[2])
    need(len(root) == 32, "the checkpoint's root has not 32 bytes")
    return Checkpoint(parts[0], int(parts[1]), root, text, lines)


def export_parts(file: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """("record", bytes) in order and at last ("checkpoint", bytes); holds one record at a time."""
    if file.readline(len(EXPORT_LINE)) != EXPORT_LINE:
        raise Unreadable("this is no export of a ledger: it does not begin with the line `timebank-export v1`")
    while True:
        found = re.fullmatch(rb"(record|checkpoint) ([1-9][0-9]{0,9})\n", file.readline(64))
        if not found:
            raise Bad("here is no line `record` or `checkpoint` with a length, or the file ends")
        word, length = found[1].decode(), int(found[2])
        need(length <= MAX_BYTES, f"a {word} of {length} bytes is too long")
        raw = file.read(length)
        need(len(raw) == length, f"the file ends within a {word}")
        yield word, raw
        if word == "checkpoint":
            need(file.read(1) == b"", "something follows the checkpoint")
            return


class Proof(NamedTuple):
    record: bytes
    number: int
    path: list[bytes]
    checkpoint: bytes


def receipt_proofs(raw: bytes) -> list[Proof]:
    if not raw.startswith(PROOF_LINE) or len(raw) > MAX_RECEIPT:
        raise Unreadable("this is no receipt: it does not begin with the line `c2sp.org/tlog-proof@v1`, or is too long")
    pieces = (b"\n" + raw).split(b"\n" + PROOF_LINE)[1:]
    return [open_proof(piece + b"\n") for piece in pieces[:-1]] + [open_proof(pieces[-1])]


def open_proof(piece: bytes) -> Proof:
    head, _, checkpoint = piece.partition(b"\n\n")
    need(_NOT_PRINTABLE.search(head.replace(b"\n", b"")) is None, "a proof has strange characters")
    extra, *rest = head.decode().split("\n")
    need(extra.startswith("extra "), "a proof has no line `extra`")
    index, path = index_and_path(rest)
    return Proof(unbase64(extra.removeprefix("extra ")), index, path, checkpoint)


def index_and_path(lines: list[str]) -> tuple[int, list[bytes]]:
    index = re.fullmatch(r"index (0|[1-9][0-9]{0,15})", lines[0] if lines else "")
    if not index:
        raise Bad("a proof has no line `index` with a number")
    path = [unbase64(line) for line in lines[1:]]
    need(len(path) <= 63 and all(len(node) == 32 for node in path), "a path is not of hashes")
    return int(index[1]), path


# --- §12 digests ------------------------------------------------------------------------------------------------------

# Chosen: the host is that of an origin (§3); a digest of no heads is none.
DIGEST = re.compile(f"timebank-digest v1 {HOST} ([0-9-]{{10}}) ([1-9][0-9]{{0,15}}) ([A-Za-z0-9+/]+=*)")


class Digest(NamedTuple):
    line: str
    day: str
    heads: int
    root: bytes


def open_digest(line: str) -> Digest:
    found = DIGEST.fullmatch(line)
    if not found:
        raise Bad(f"{quote(line)} is no digest")
    root = unbase64(found[3])
    need(is_day(found[1]) and len(root) == 32, f"{quote(line)} is no digest: its day or its root is none")
    return Digest(line, found[1], int(found[2]), root)


class DigestProof(NamedTuple):
    digest: Digest
    number: int
    path: list[bytes]
    note: bytes  # the checkpoint's bytes
    head: Checkpoint


def open_digest_proof(raw: bytes) -> DigestProof:
    if not raw.startswith(DIGEST_PROOF_LINE) or len(raw) > MAX_DIGEST_PROOF:
        raise Unreadable("this is no digest proof: its first line is not `timebank-digest-proof v1`, or it is too long")
    top, _, note = raw.removeprefix(DIGEST_PROOF_LINE).partition(b"\n\n")
    need(_NOT_PRINTABLE.search(top.replace(b"\n", b"")) is None, "the digest proof has strange characters")
    line, *rest = top.decode().split("\n")
    index, path = index_and_path(rest)
    return DigestProof(open_digest(line), index, path, note, open_checkpoint(note))


def prove_digest(seen: Digest, raw: bytes) -> DigestProof:
    """The proof, if it leads from its head to the root of the digest that was seen."""
    proof = open_digest_proof(raw)
    need(proof.digest.line == seen.line, "the digest proof is of another digest than yours")
    need(proof.number < seen.heads, "the digest proof's index is not below the number of heads")
    root = root_from_path(leaf_hash(proof.head.text), proof.number, seen.heads, proof.path)
    need(root == seen.root, "the digest proof's path does not lead from its head to the digest's root")
    return proof


# --- what it says -----------------------------------------------------------------------------------------------------

# Kinds in Chinese; in English the kind's name says it.
KINDS_ZH = {
    "genesis": "账本建立", "key": "添加或撤销密钥", "policy": "公布新规则", "opening": "从旧账转入时间",
    "open": "开立账户", "close": "关闭账户", "service": "服务", "settle": "用预留时间结算服务",
    "overflow": "超出上限的时间转入公共基金", "hold": "为订单预留时间",
    "release": "退回预留的时间", "gift": "向其他成员赠送时间", "donate": "向公共基金捐赠时间",
    "grant": "向成员发放时间", "retire": "注销时间", "expire": "时间过期", "reverse": "撤销先前的记录",
    "repay": "偿还欠下的时间", "send": "为转往另一账本预留时间", "sent": "完成转往另一账本",
    "returned": "另一账本拒收，时间退回", "accept": "接受另一账本转来的时间", "refuse": "拒绝另一账本转来的时间",
    "recon": "两个账本对账", "seal": "封存账本状态", "erase": "删除另存的细节", "end": "账本终止",
}  # fmt: skip

SAY = {
    "says": ("WHAT THE ENTRY SAYS", "记录内容"),
    "proved": ("PROVED", "已证明"),
    "not_proved": ("NOT PROVED", "未能证明"),
    "figures": ("FIGURES", "数字"),
    "bad": ("BAD: {0}", "有误：{0}"),
    "bad-record": ("BAD: record {1}: {0}", "有误：第 {1} 号记录：{0}"),
    "time": ("{0} h {1} min", "{0}小时{1}分钟"),
    "service": ("{server} gave service `{service}` ({time}) to {to}.",
                "{server} 为 {to} 提供服务“{service}”（{time}）。"),
    "entry": ("{0}: an entry of kind {1}.", "{0}：{2}（{1}）。"),
    "move": ("{2} went from {0} to {1}.", "{2}从 {0} 转到 {1}。"),
    "id": ("Its id is {0}. It is record {1} of the ledger {2}.", "编号 {0}，是账本 {2} 的第 {1} 号记录。"),
    "signed": ("Signed by: {0}.", "签名者：{0}。"),
    "p-root": ("It is, unaltered, in the ledger that the log key signed ({0} records).",
               "它未经改动，在日志密钥签名的账本中（{0} 条）。"),
    "p-signers": ("Its signers' keys are of this ledger, and their roles may sign it.",
                  "签名的密钥登记在同一账本中，其角色有权签名。"),
    "p-head": ("The head that you gave, of {0} records, is of this same ledger.", "您的摘要（{0} 条）属于同一账本。"),
    "p-key": ("The checkpoint is by the log key that you gave.", "摘要由您提供的日志密钥签名。"),
    "p-all": ("{0} of {1} records obey all rules of FORMAT.md.", "{1} 条记录中 {0} 条符合 FORMAT.md 的全部规则。"),
    "n-key": ("The log key, which is from the file itself. Compare its fingerprint: {0}",
              "日志密钥来自文件本身。请核对指纹：{0}"),
    "n-rules": ("That the whole ledger obeys its rules: check an export.", "整个账本是否守规则；请查导出。"),
    "n-later": ("That no signer's key was revoked before, and that it was not undone later.",
                "密钥此前、记录后来是否被撤销。"),
    "n-split": ("That nobody was shown another ledger. Compare heads.", "是否有人看到另一个账本；请核对摘要。"),
    "n-head": ("Your head is of {0} records, the file of {1}: not comparable.",
               "您的摘要是 {0} 条，文件是 {1} 条，无法比较。"),
    "n-head-key": ("Your head is not signed by the log key of this file.", "您的摘要不是由此日志密钥签名。"),
    "n-lines": ("{0} signatures under key entries: their keys are not in the receipt.",
                "密钥记录上有 {0} 个签名未检查：凭证中没有其密钥。"),
    "n-policy": ("Whether minutes, caps and ages obeyed the policy (version {0}).",
                 "时长、上限、年龄是否符合规则（版本 {0}）。"),
    "n-facts": ("That what was written really happened.", "所记之事是否真的发生。"),
    "p-state": ("The `state` of {0} seals is what the records before them come to.",
                "{0} 条封存记录的 `state` 与此前的记录相符。"),
    "n-state": ("The `state` of {0} seals: an entry before them is newer than this program.",
                "{0} 条封存记录的 `state`：此前有比本程序新的记录。"),
    "p-digest": ("Your digest of {1} heads covers this ledger's head of {0} records.",
                 "您的总摘要含 {1} 个摘要，其中有此账本 {0} 条时的摘要。"),
    "p-digest-entry": ("The entry was in the ledger when the digest was made.", "作成总摘要时，此记录已在账本中。"),
    "n-digest": ("That the digest was made on {0}, and that it covers no second head of this ledger.",
                 "总摘要是否在 {0} 作成，是否还含此账本的另一个摘要。"),
    "p-evidence": ("This ledger was led twice: two heads of {0} records are signed, with the roots {1} and {2}.",
                   "此账本有两套账：两个同为 {0} 条的摘要均已签名，根分别为 {1} 与 {2}。"),
    "n-doubt": ("{0} signatures are by keys that were later reported as compromised.",
                "{0} 个签名来自后来被报告泄露的密钥。"),
    "n-strange": ("{0} entries are newer than this program: only checked as §9 asks. The first is record {1} ({2}).",
                  "{0} 条记录比本程序新，只按 §9 检查；第一条是第 {1} 号（{2}）。"),
    "n-genesis": ("The genesis is newer than this program; nothing was checked.",
                  "账本的建立记录比本程序新，什么都未能检查。"),
    "n-device": ("Whether the device's key was revoked: a lead signed too.", "设备密钥是否已撤销：另有负责人签名。"),
}  # fmt: skip


class Report:
    """What is to be said, in the chosen language."""

    def __init__(self, lang: str) -> None:
        self.at = 1 if lang == "zh" else 0
        self.data: Json = {"proved": [], "not_proved": [], "not_understood": []}

    def say(self, name: str, *values: object, **named: object) -> str:
        return SAY[name][self.at].format(*values, **named)

    def proved(self, name: str, *values: object) -> None:
        self.data["proved"].append(self.say(name, *values))

    def open(self, name: str, *values: object) -> None:
        self.data["not_proved"].append(self.say(name, *values))

    def strange(self, entries: list[tuple[int, str]]) -> None:
        self.data["not_understood"] = [seq for seq, _ in entries]
        if entries:
            self.open("n-strange", len(entries), *entries[0])

    def entry(self, e: Entry, offset: int) -> list[str]:
        def time(minutes: int) -> str:
            return self.say("time", *divmod(minutes, 60))

        b, said = e.body, [self.say("entry", e.day(offset), e.kind, KINDS_ZH.get(e.kind, e.kind))]
        if e.row and e.kind in SERVICES:
            said.append(self.say("service", **b, time=time(b["minutes"]), to=", ".join(b["served"]) or "-"))
        said += [self.say("move", source, target, time(minutes)) for source, target, minutes in e.moves]
        said += [f"{name}: {quote(b[name])}" for name in sorted(b)] if e.kind not in SERVICES or not e.moves else []
        said += [f"{name}: {e.intent[name]}" for name in ("ref", "for") if name in e.intent]
        return [*said, self.say("id", e.intent["id"], e.seq, e.intent["ledger"])]

    def log_key(self, given: Key | None, log: Key) -> None:
        self.data |= {"log_key": log.vkey, "log_key_fingerprint": fingerprint(log.public)}
        if given is None:
            self.open("n-key", self.data["log_key_fingerprint"])
            return
        need((given.name, given.public) == (log.name, log.public), "the newest log key is not the one that you gave")
        self.proved("p-key")

    def print(self) -> None:
        for title in ("says", "proved", "not_proved"):
            if self.data.get(title):
                print(self.say(title), *self.data[title], sep="\n  - ")
        print(self.say("figures"))
        for name in ("origin", "size", "root", "log_key", "log_key_fingerprint"):
            print(f"  {name}: {self.data.get(name, '-')}")
        if "digest" in self.data:
            print(f"  digest: {self.data['digest']}")
        for name, value in self.data.get("figures", {}).items():
            shown = ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else value
            print(f"  {name}: {shown or '-'}")


# --- the commands -----------------------------------------------------------------------------------------------------


def proved_entry(proof: Proof, checkpoint: Checkpoint) -> Entry:
    """The record of a proof whose path leads to the root; that is checked before anything inside it is believed."""
    with at_record(proof.number):
        need(proof.number < checkpoint.size, "a proof's number is not below the number of records")
        root = root_from_path(leaf_hash(proof.record), proof.number, checkpoint.size, proof.path)
        need(root == checkpoint.root, "the proof's path does not lead to the signed root")
        e = Entry(proof.record)
        need(e.seq == proof.number, f"record {e.seq} is proved under another number")
        need(e.intent["ledger"] == checkpoint.origin, "the record is of another ledger than the checkpoint")
        return e


def receipt_signers(e: Entry, keys: Keys) -> list[Key]:
    """Whether a device was revoked is not in a receipt; the second line, by a lead, is allowed only then (§6)."""
    signers = keys.signers(e)
    keys.check_roles(e, signers, rescued=[key.role for key in signers] == ["device", "lead"])
    return signers


def check_days(e: Entry, offset: int) -> None:
    need(e.row is None or e.day(offset) <= local_day(e.ms, offset), "the entry's day is after the ledger's")
    bound = e.row is not None and (bool(e.moves) or e.kind in SERVICES)
    need(not bound or "policy" in e.header, "the record names no policy")


def check_receipt(
    raw: bytes, given: Key | None, head: Checkpoint | None, report: Report, under: bytes | None = None
) -> None:
    """`under`: the checkpoint that the receipt must have, byte for byte."""
    proofs = receipt_proofs(raw)
    need(all(proof.checkpoint == proofs[0].checkpoint for proof in proofs), "the checkpoints are not the same")
    need(under in (None, proofs[0].checkpoint), "the receipt is under another checkpoint than the digest proof")
    checkpoint = open_checkpoint(proofs[0].checkpoint)
    entries = [proved_entry(proof, checkpoint) for proof in proofs]
    genesis, *later = sorted(entries, key=lambda entry: entry.seq)
    need(genesis.seq == 0, "the receipt has no proof of the genesis")
    if genesis.row is None:
        raise LaterGenesis
    keys, offset = Keys(genesis), genesis.body["offset"]
    for entry in later:
        if entry.row and entry.kind == "key" and entry.body["action"] == "add":
            with at_record(entry.seq):
                keys.add(Key(entry.body["vkey"], entry.body["role"], entry.seq, entry.body.get("account")))
    need(checkpoint.signed_by(keys.log), "the checkpoint is not signed by the receipt's newest log key")
    report.log_key(given, keys.log)
    e, *others = entries
    with at_record(e.seq):
        signers = receipt_signers(e, keys)
        check_days(e, offset)
    wanted = sorted({0, *(max(key.added, 0) for key in [keys.log, *signers])} - {e.seq})
    numbers = [other.seq for other in others]
    need(numbers == wanted, f"the receipt proves records {numbers} after the first, but needed are {wanted}")
    unchecked = 0
    for other in others:
        with at_record(other.seq):
            check_days(other, offset)
            known = [keys.signer(other, line) for line in other.lines]
            if all(known):
                receipt_signers(other, keys)
            unchecked += known.count(None)
    report.data["says"] = report.entry(e, offset)
    report.data["says"].append(report.say("signed", ", ".join(f"{key.name} ({key.role})" for key in signers)))
    report.proved("p-root", checkpoint.size)
    report.proved("p-signers")
    for name in ("n-rules", "n-later", "n-split", "n-facts"):
        report.open(name)
    if len(signers) == 2 and signers[0].role == "device":
        report.open("n-device")
    if "policy" in e.header:
        report.open("n-policy", e.header["policy"])
    if unchecked:
        report.open("n-lines", unchecked)
    if head:
        need(head.origin == checkpoint.origin, "your head is of another ledger")
        if head.size == checkpoint.size:
            need(head.root == checkpoint.root, "your head has as many records, but another root")
            report.proved("p-head", head.size)
        else:
            report.open("n-head", head.size, checkpoint.size)
        if not head.signed_by(keys.log):
            report.open("n-head-key")
    report.strange([] if e.row else [(e.seq, f"version {e.intent['v']}, kind {e.kind}")])
    report.data |= {"origin": checkpoint.origin, "record": e.seq, "size": checkpoint.size}
    report.data["root"] = checkpoint.root.hex()


def read_ledger(file: BinaryIO) -> tuple[Book, bytes]:
    """Every record through the book; a refusal gets the record's number, as counted in the file."""
    book, checkpoint = Book(), b""
    try:
        for word, raw in export_parts(file):
            if word == "record":
                book.add(raw)
            else:
                checkpoint = raw
    except Bad as bad:
        after = f"; note that record {book.strange[0][0]} was not understood" if book.strange else ""
        # Once the checkpoint was read, what is wrong is behind the last record.
        raise Bad(bad.detail + after, None if checkpoint else len(book.tree.leaves)) from None
    return book, checkpoint


def check_ledger(file: BinaryIO, given: Key | None, head: Checkpoint | None, report: Report) -> None:
    book, raw = read_ledger(file)
    checkpoint, size = open_checkpoint(raw), len(book.tree.leaves)
    need(size > 0, "the ledger has no records")
    need(checkpoint.origin == book.origin, "the checkpoint is of another ledger")
    need(checkpoint.size == size, f"the checkpoint counts {checkpoint.size} records, the file has {size}")
    need(checkpoint.root == book.tree.root(size), "the checkpoint has another root")
    need(checkpoint.signed_by(book.keys.log), "the checkpoint is not signed by the log key registered last")
    book.check_sums()
    report.proved("p-all", size - len(book.strange), size)
    report.log_key(given, book.keys.log)
    if head:
        need(head.origin == book.origin, "your head is of another ledger")
        # Chosen: a file that lacks records which were signed before is bad for whoever has seen them.
        need(head.size <= size, f"your head has {head.size} records: the file is older or cut off")
        need(book.tree.root(head.size) == head.root, f"the first {head.size} records have another root than your head")
        logs = [key for key in book.keys.known.values() if key.role == "log" and key.added < head.size]
        need(head.signed_by(logs[-1]), "your head is not signed by this ledger's log key")
        report.proved("p-head", head.size)
    else:
        report.open("n-split")
    report.open("n-facts")
    if book.policies:
        report.open("n-policy", f"1-{len(book.policies)}")
    if book.seals:
        report.proved("p-state", book.seals)
    if book.open_seals:
        report.open("n-state", book.open_seals)
    revoked = [key for key in book.keys.known.values() if key.compromised is not None]
    if doubtful := sum(len(key.signed) - bisect_left(key.signed, key.compromised or 0) for key in revoked):
        report.open("n-doubt", doubtful)
    report.strange(book.strange)
    report.data |= {"origin": book.origin, "size": size, "root": checkpoint.root.hex(), "figures": figures(book)}


def figures(book: Book) -> Json:
    def total(prefix: str) -> int:
        return sum(minutes for name, minutes in book.balance.items() if name.startswith(prefix))

    return {
        "records_by_kind": dict(sorted(book.kinds.items())),
        "accounts_opened": dict(sorted(Counter(book.members.values()).items())),
        "accounts_closed": len(book.closed),
        "minutes_served": book.served,
        "minutes_issued": -book.balance["issue"],
        "minutes_with_members": total("member:"),
        "minutes_in_fund": book.balance["fund"],
        "minutes_held": total("held:"),
        "minutes_of_debt": -total("debt:"),
        "minutes_due_to_others": {name[4:]: n for name, n in sorted(book.balance.items()) if name.startswith("due:")},
    }


def check_digest(proof: DigestProof, receipt: bytes | None, given: Key | None, report: Report) -> None:
    """A digest without the ledger: the head's signature, or a receipt under the same checkpoint."""
    head = proof.head
    if receipt is not None:
        check_receipt(receipt, given, None, report, proof.note)
        report.proved("p-digest-entry")
        return
    if given is None:
        raise Unreadable("whose signature the head needs is not known: give --log-key, or a receipt")
    signed = given.name == head.origin and head.signed_by(given)
    need(signed, "the digest proof's head is not signed by the log key that you gave")
    report.log_key(given, given)
    report.data |= {"origin": head.origin, "size": head.size, "root": head.root.hex()}


def evidence_parts(raw: bytes) -> tuple[list[Key], list[Checkpoint]]:
    """The keys and the two heads of a file of evidence (§13)."""
    if not raw.startswith(EVIDENCE_LINE):
        raise Unreadable("this is no evidence: it does not begin with the line `timebank-evidence v1`")
    rest, keys, heads = raw[len(EVIDENCE_LINE) :], [], []
    while found := re.match(rb"key ([\x21-\x7e]+)\n", rest):
        keys.append(Key(found[1].decode(), "log", -1))
        rest = rest[found.end() :]
    need(1 <= len(keys) <= 2, "evidence names one key or two")
    for _ in range(2):
        found = re.match(rb"head ([1-9][0-9]{0,5})\n", rest)
        if not found:
            raise Bad("here is no line `head` with a length, or the file ends")
        start, end = found.end(), found.end() + int(found[1])
        need(end <= len(rest), "the file ends within a head")
        heads.append(open_checkpoint(rest[start:end]))
        rest = rest[end:]
    need(rest == b"", "something follows the second head")
    return keys, heads


def check_evidence(raw: bytes, given: Key | None, report: Report) -> None:
    """Two heads that contradict one another, from the file alone."""
    keys, (one, other) = evidence_parts(raw)
    need(one.origin == other.origin, "the two heads are of different ledgers")
    need(all(key.name == one.origin for key in keys), "a key has another name than the ledger")
    need(len({key.public for key in keys}) == len(keys), "the two keys are the same")
    need(one.size == other.size, "the two heads have different sizes: one may be the beginning of the other")
    need(one.root != other.root, "the two heads have the same root")
    for head in (one, other):
        need(any(head.signed_by(key) for key in keys), "a head is not signed by any of the keys")
    for key in keys:
        need(any(head.signed_by(key) for head in (one, other)), "a key has signed neither head")
        if given is None:
            report.open("n-key", fingerprint(key.public))
    if given is not None:
        need(
            any((key.name, key.public) == (given.name, given.public) for key in keys), "the key is not the one you gave"
        )
        report.proved("p-key")
    report.proved("p-evidence", one.size, one.root.hex(), other.root.hex())
    report.data |= {"origin": one.origin, "size": one.size, "roots": [one.root.hex(), other.root.hex()]}
    report.data |= {"log_key": keys[0].vkey, "log_key_fingerprint": fingerprint(keys[0].public)}


def options_of(argv: list[str] | None) -> argparse.Namespace:
    plain = argparse.RawDescriptionHelpFormatter
    what = "Checks a timebank receipt, a whole exported ledger or a digest, from the files alone."
    made = argparse.ArgumentParser("timebank_verify.py", description=what, epilog=EXITS, formatter_class=plain)
    commands = made.add_subparsers(dest="command", required=True)
    line = "the digest's line as it was seen outside: its text, or @ and the name of a file"
    for name, about in (
        ("receipt", "check a receipt"),
        ("ledger", "check a whole exported ledger"),
        ("digest", "check that a digest covers a ledger's head, and with a receipt, an entry"),
        ("evidence", "check that a file shows two heads of one ledger that cannot both be true"),
    ):
        one = commands.add_parser(name, help=about, description=about, epilog=EXITS, formatter_class=plain)
        if name == "digest":
            one.add_argument("line", metavar="LINE", help=line)
            one.add_argument("file", metavar="PROOF", help="the digest proof")
            one.add_argument("receipt", metavar="RECEIPT", nargs="?", help="a receipt under the same checkpoint")
            one.set_defaults(head=None)
        else:
            one.add_argument("file", metavar="FILE")
        newest = "the log's newest key (of the time of that head), from a source that you trust"
        one.add_argument("--log-key", metavar="VKEY", help=newest)
        if name == "evidence":
            one.set_defaults(head=None)
        elif name != "digest":
            heads = one.add_mutually_exclusive_group()
            heads.add_argument("--head", metavar="FILE", help="a checkpoint of the same ledger that came another way")
        if name == "ledger":
            from_digest = "take the head from a digest proof; LINE is " + line
            heads.add_argument("--digest", metavar=("LINE", "PROOF"), nargs=2, help=from_digest)
        one.add_argument("--lang", choices=("en", "zh"), default="en")
        one.add_argument("--json", action="store_true", help="one JSON object instead of text")
    return made.parse_args(argv)


def read(name: str, most: int) -> bytes:
    """A file's bytes, of which one more than `most` tells that it is too long."""
    with Path(name).open("rb") as file:
        return file.read(most + 1)


def given_key_and_head(options: argparse.Namespace) -> tuple[Key | None, Checkpoint | None]:
    try:
        key = Key(options.log_key, "log", -1) if options.log_key else None
        return key, open_checkpoint(read(options.head, MAX_BYTES)) if options.head else None
    except Bad as bad:
        raise Unreadable(f"--log-key or --head: {bad.detail}") from None


def given_digest(line: str, file: str, report: Report) -> DigestProof:
    """The proof of a digest that was seen outside; what it shows by itself is reported."""
    try:
        # Chosen: white space around the line, as copying leaves it, is no part of it.
        text = read(line[1:], MAX_BYTES).decode("ascii", "replace") if line.startswith("@") else line
        seen = open_digest(text.strip())
    except Bad as bad:
        raise Unreadable(bad.detail) from None
    proof = prove_digest(seen, read(file, MAX_DIGEST_PROOF))
    report.data["digest"] = seen.line
    report.proved("p-digest", proof.head.size, seen.heads)
    report.open("n-digest", seen.day)
    return proof


def check(options: argparse.Namespace, report: Report) -> None:
    given, head = given_key_and_head(options)
    if options.command == "receipt":
        check_receipt(read(options.file, MAX_RECEIPT), given, head, report)
    elif options.command == "digest":
        proof = given_digest(options.line, options.file, report)
        receipt = None if options.receipt is None else read(options.receipt, MAX_RECEIPT)
        check_digest(proof, receipt, given, report)
    elif options.command == "evidence":
        check_evidence(read(options.file, MAX_EVIDENCE), given, report)
    else:
        if options.digest:
            line, name = options.digest
            head = given_digest(line, name, report).head
        with Path(options.file).open("rb") as file:
            check_ledger(file, given, head, report)


def run(options: argparse.Namespace, report: Report) -> tuple[int, Json]:
    try:
        check(options, report)
    except LaterGenesis:
        return NOT_UNDERSTOOD, {"not_understood": [0], "why": report.say("n-genesis")}
    except Bad as bad:
        words = report.say("bad" if bad.seq is None else "bad-record", bad.detail, bad.seq)
        return BAD, {"bad_record": bad.seq, "why": words}
    except Unreadable as error:
        return UNREADABLE, {"why": str(error)}
    except (OSError, ValueError) as error:  # ValueError: a file name with a zero byte
        return UNREADABLE, {"why": f"the file cannot be read: {quote(str(error))}"}
    return NOT_UNDERSTOOD if report.data["not_understood"] else PROVED, report.data


def main(argv: list[str] | None = None) -> int:
    status = PROVED
    try:
        try:
            options = options_of(argv)
            report = Report(options.lang)
            status, data = run(options, report)
            if options.json:
                print(json.dumps({"result": WORDS[status], **data}))
            elif "why" in data:
                print(data["why"])
            else:
                report.print()
        finally:
            sys.stdout.flush()
    except BrokenPipeError:  # `| head` has read enough; the status still tells
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return status


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(main())
