"""Proves a timebank ledger or receipt from its published bytes alone. It shares no code with the service.

Written from FORMAT.md only (the § in the comments are its sections). Needs Python 3.11 and the package `cryptography`.
Where FORMAT.md leaves a choice, the comment says "chosen".
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import re
import sys
import time
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PROVED, BAD, UNREADABLE, NOT_UNDERSTOOD = 0, 1, 2, 3
EXITS = """exit status:
  0  proved; the text says what was proved and what could not be
  1  bad: the first bad record, or a bad proof, checkpoint, key or head (also: a --head that is newer than the file)
  2  wrong usage, or a file that cannot be read or is no receipt, export, key or checkpoint at all
  3  proved as far as understood: an entry has a later version or a kind that this program does not know (§9)"""

MAX_BYTES = 65_535  # of a record and of a note (§2, §4)
MAX_RECEIPT = 8_000_000  # 19 proofs of the longest record and checkpoint fit well
MAX_INT = 2**53 - 1
SKEW = 300_000  # ms that an author's clock may be ahead (§4)
ZEROS = "0" * 64
EXPORT_LINE = b"timebank-export v1\n"
PROOF_LINE = b"c2sp.org/tlog-proof@v1\n"

Json = dict[str, Any]


class Bad(Exception):
    """What was read breaks a rule. `what` is one of WHAT, `detail` says it exactly; `seq` is the record's number."""

    def __init__(self, what: str, detail: str, seq: int | None = None) -> None:
        super().__init__(detail)
        self.what, self.detail, self.seq = what, detail, seq


class Unreadable(Exception):
    """The file is not what the command asked for; nothing can be said about any record."""


def quote(value: object) -> str:
    """Foreign text made harmless for a terminal, and short."""
    text = ascii(value) if not isinstance(value, int) or abs(value) <= MAX_INT else "a huge number"
    return text if len(text) <= 90 else text[:87] + "..."


def need(ok: bool, what: str, detail: str) -> None:
    if not ok:
        raise Bad(what, detail)


# --- §1 canonical JSON, base64 ----------------------------------------------------------------------------------------


def _no(text: str) -> object:
    raise ValueError(text)


_DECODER = json.JSONDecoder(parse_float=_no, parse_constant=_no)
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
_NOT_PRINTABLE = re.compile(rb"[^\x20-\x7e]")


def _walk(value: object, depth: int) -> None:
    """Types, size of integers and depth. `type(...) is` because bool is an int to Python."""
    kind = type(value)
    if kind is int and -MAX_INT <= value <= MAX_INT:  # type: ignore[operator]
        return
    if kind is str:
        _check_text(value)  # type: ignore[arg-type]
        return
    need(kind in (list, dict), "json", "a value is no object, list, string or integer of at most 2^53-1")
    need(depth < 6, "json", "it is nested more than 6 deep")  # chosen: only objects and lists count as levels
    for part in value if isinstance(value, list) else value.values():  # type: ignore[attr-defined]
        _walk(part, depth + 1)
    for name in value if isinstance(value, dict) else ():
        _check_text(name)


def _check_text(text: str) -> None:
    """What an escape stood for, as \\n does, is refused too: Python writes some of them again the same way."""
    need(text.isascii() and text.isprintable(), "json", "a string has characters outside U+0020 to U+007E")


def canonical(raw: bytes) -> Json:
    """An object from bytes; whatever is not written again as exactly these bytes is refused (§1)."""
    need(not _NOT_PRINTABLE.search(raw), "json", "it has characters outside U+0020 to U+007E")
    try:
        value = _DECODER.decode(raw.decode("ascii"))
    except (ValueError, RecursionError):
        raise Bad("json", "it is no JSON of objects, lists, strings and integers") from None
    need(type(value) is dict, "json", "it is no object")
    _walk(value, 0)
    # This finds white space, doubled and unsorted keys, other escapes, -0 and leading zeros at once.
    need(_ENCODER.encode(value).encode() == raw, "json", "it is not in its one canonical spelling")
    return value  # type: ignore[no-any-return]


def unbase64(text: str, what: str) -> bytes:
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        raise Bad(what, f"{quote(text)} is not base64") from None
    need(base64.b64encode(raw).decode() == text, what, f"{quote(text)} is not canonical base64")
    return raw


# --- §2 keys, signatures, notes ---------------------------------------------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
Y8 = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
SMALL_ORDER = frozenset((0, 1, P - 1, Y8, P - Y8))
NAME = re.compile(r"[A-Za-z0-9._~:/-]{1,160}")
VKEY = re.compile(r"([A-Za-z0-9._~:/-]{1,160})\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)")
SIGNATURE_LINE = re.compile(r"\u2014 ([^ +]+) ([A-Za-z0-9+/]+=*)")
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def sound(point: bytes) -> bool:
    """Whether an encoded point is canonical and not of small order (§2)."""
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
    """Chosen, FORMAT.md names none: SHA-256 of the 32 bytes of public key, in groups that can be read aloud."""
    digits = hashlib.sha256(public).hexdigest()
    return " ".join(digits[at : at + 4] for at in range(0, 64, 4))


class Key:
    """A registered key: what it may do, from when to when, and what it signed."""

    __slots__ = ("account", "added", "compromised", "id", "last_line", "lines", "name", "public", "revoked", "role",
                 "signed")  # fmt: skip

    def __init__(self, vkey: object, role: str, added: int, account: str | None = None) -> None:
        found = VKEY.fullmatch(vkey) if isinstance(vkey, str) else None
        if not found:
            raise Bad("key", f"{quote(vkey)} is no vkey")
        self.name, hexed, coded = found.groups()
        raw = unbase64(coded, "key")
        need(len(raw) == 33 and raw[0] == 1, "key", f"{quote(vkey)} is no Ed25519 key")
        self.public, self.id = raw[1:], bytes.fromhex(hexed)
        need(key_id(self.name, self.public) == self.id, "key", f"the key id in {quote(vkey)} is wrong")
        need(sound(self.public), "key", f"the public key in {quote(vkey)} is of small order or not canonical")
        self.role, self.added, self.account = role, added, account
        self.revoked: int | None = None
        self.compromised: int | None = None
        self.signed = array("q")  # numbers of the entries, for `compromised-from`
        self.lines, self.last_line = 0, ZEROS  # the device chain (§3)

    def valid_at(self, seq: int) -> bool:
        return self.added < seq and (self.revoked is None or seq <= self.revoked)


class Line(NamedTuple):
    name: str
    id: bytes
    signature: bytes


def open_note(note: bytes) -> tuple[bytes, list[Line]]:
    """The text (with its last newline) and the signature lines of a signed note (§2)."""
    need(len(note) <= MAX_BYTES, "note", "it is longer than 65,535 bytes")
    try:
        decoded = note.decode("utf-8")
    except UnicodeDecodeError:
        raise Bad("note", "it is not UTF-8") from None
    need(not CONTROL.search(decoded), "note", "it has control characters")
    text, gap, tail = decoded.rpartition("\n\n")
    need(gap != "" and text != "" and tail.endswith("\n"), "note", "it has no text, empty line and signature lines")
    lines = []
    for raw in tail[:-1].split("\n"):
        found = SIGNATURE_LINE.fullmatch(raw)
        if not found:
            raise Bad("note", f"{quote(raw)} is no signature line")
        blob = unbase64(found[2], "note")
        need(len(blob) > 4, "note", "a signature is too short")
        lines.append(Line(found[1], blob[:4], blob[4:]))
    need(len(lines) <= 16, "note", "it has more than 16 signature lines")
    return (text + "\n").encode(), lines


# --- the tree (RFC 6962 §2.1) -----------------------------------------------------------------------------------------


def leaf_hash(record: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + record).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """All complete subtrees, 64 bytes for each record: the root of every earlier size is a few hashes away (`seen`)."""

    def __init__(self) -> None:
        self.size = 0
        self.levels: list[bytearray] = []

    def append(self, leaf: bytes) -> None:
        self.size += 1
        rest, height, node = self.size, 0, leaf
        while True:
            if height == len(self.levels):
                self.levels.append(bytearray())
            level = self.levels[height]
            level += node
            if rest % 2:
                return
            node = node_hash(bytes(level[-64:-32]), bytes(level[-32:]))
            rest, height = rest // 2, height + 1

    def root(self, size: int) -> bytes:
        found = b""
        for height in range(size.bit_length()):
            if (size >> height) & 1:
                end = (size >> height) * 32
                node = bytes(self.levels[height][end - 32 : end])
                found = node_hash(node, found) if found else node
        return found or hashlib.sha256().digest()


def root_from_path(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """RFC 9162 §2.1.3.2: the root that an inclusion path leads to, None if the path has the wrong length."""
    at, last, root = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if at % 2 or at == last:
            root = node_hash(sibling, root)
            while at % 2 == 0 and at:
                at, last = at >> 1, last >> 1
        else:
            root = node_hash(root, sibling)
        at, last = at >> 1, last >> 1
    return root if last == 0 else None


# --- checkpoints (§10) ------------------------------------------------------------------------------------------------


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
    try:
        text, lines = open_note(note)
    except Bad as bad:
        raise Bad("checkpoint", f"the checkpoint is no note: {bad.detail}") from None
    parts = text.decode().split("\n")[:-1]
    need(len(parts) == 3, "checkpoint", "the checkpoint has not three lines of text")
    need(is_origin(parts[0]), "checkpoint", "the checkpoint's first line is no origin")
    need(re.fullmatch(r"[1-9][0-9]{0,15}", parts[1]) is not None, "checkpoint", "the checkpoint counts no records")
    root = unbase64(parts[2], "checkpoint")
    need(len(root) == 32, "checkpoint", "the checkpoint's root has not 32 bytes")
    return Checkpoint(parts[0], int(parts[1]), root, text, lines)


# --- §3, §5, §7 the forms ---------------------------------------------------------------------------------------------

ORIGIN = re.compile(r"[a-z0-9][a-z0-9.-]*(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*")
UUID = "[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}"
ID = re.compile(r"[A-Za-z0-9._~:/-]{1,240}")
KIND = re.compile(r"[a-z][a-z-]{0,31}")
HEX64 = re.compile(r"[0-9a-f]{64}")
MEMBER = re.compile(r"member:[0-9a-f]{32}")
DEBT = re.compile(r"debt:[0-9a-f]{32}")
FLOORED = ("fund", "member", "orders", "held")  # must not end below 0 (§5)
PAIRED = ("send", "sent", "returned", "accept", "refuse")
REVERSIBLE = ("service", "settle", "gift", "donate", "grant", "retire", "expire", "overflow")
POLICED = ("service", "settle")


def is_text(pattern: str | re.Pattern[str]) -> Callable[[Any], bool]:
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


def is_list(each: Callable[[Any], bool], most: int) -> Callable[[Any], bool]:
    """Chosen: an empty list is allowed, since only "at most" is said."""
    return lambda value: (
        type(value) is list and len(value) <= most and all(map(each, value)) and len(set(value)) == len(value)
    )


is_hash = is_text(HEX64)
is_member = is_text(MEMBER)
TYPES: dict[str, Callable[[Any], bool]] = {
    "zone": is_text(r"[A-Za-z0-9._+/-]{1,64}"),  # chosen: the name's form; whether it exists is not judged
    "algorithms": lambda value: value == "ed25519 sha256 rfc6962",
    "vkey": is_text(VKEY),
    "vkeys": is_list(is_text(VKEY), 8),
    "hash": is_hash,
    "origin": is_origin,
    "day": is_day,
    "month": lambda value: type(value) is str and is_day(value + "-01"),
    "code": is_text(r"[a-z][a-z0-9-]{0,31}"),
    "member": is_member,
    "members": is_list(is_member, 64),
    "payee": is_text(rf"{MEMBER.pattern}|fund"),
    "uuid": is_text(UUID),
    "hex32": is_text("[0-9a-f]{32}"),
    "count": lambda value: is_int(value, 0),
    "int": is_int,
}

# §7: kind; who signs (`/` or, `+` then); id; ref; moves; body (`?` optional, `a/b` one of, `1..9` an integer between).
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
overflow; system; [0-9a-z.]{1,120}\.overflow; [0-9a-z.]{1,120}; 1 member>fund; cap=day/held
hold; lead/member/station/system; {U}; ; 1 fund>orders issue>orders member>orders; order=hex32 service=code
    served=members expires?=count entitlement?=code
settle; lead/member/station/system; {U}\.outcome; {U}; 1-2 orders>fund orders>issue orders>member; {S}
release; lead/member/station/system; {U}\.outcome; {U}; 1 orders>fund orders>issue orders>member; reason=code
gift; lead/member/station; {U}; ; 1 member>member; reason=code
donate; lead/member/station; {U}; ; 1 member>fund; reason=code
grant; admin/lead/station+admin/lead; {U}; ; 1 fund>member issue>member; reason=code
retire; lead/member/station; {U}; ; 1 member>issue; reason=code
expire; system; member:[0-9a-f]{32}\.expire\.[0-9]{4}-[0-9]{2}; ; 1 member>fund; month=month
reverse; admin/lead/station+admin/lead; [0-9a-z.]{1,120}\.reverse; [0-9a-z.]{1,120}; 0-2 debt>fund debt>issue
    debt>member fund>issue fund>member issue>fund issue>member member>fund member>issue member>member; reason=code
repay; system; [0-9a-z.]{1,120}\.repay; [0-9a-z.]{1,120}; 1 member>debt;
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


def _type(word: str) -> Callable[[Any], bool]:
    if word in TYPES:
        return TYPES[word]
    if ".." in word:
        low, high = map(int, word.split(".."))
        return lambda value: is_int(value, low, high)
    return lambda value: type(value) is str and value in word.split("/")


class Row:
    """One kind's line of the table."""

    def __init__(self, line: str) -> None:
        signers, ident, ref, moves, body = (
            part.strip().replace("{U}", UUID).replace("{S}", SERVICE_BODY) for part in line.split(";")
        )
        self.steps = signers if signers == "quorum" else [step.split("/") for step in signers.split("+")]
        self.id = re.compile(ident)
        self.ref = re.compile(ref) if ref else None
        count, *self.pairs = moves.split() or ["0"]
        self.least, self.most = int(count[0]), int(count[-1])
        fields = dict(field.split("=", 1) for field in body.split())
        self.required = {name for name in fields if not name.endswith("?")}
        self.body = {name.removesuffix("?"): _type(word) for name, word in fields.items()}


KINDS = {line.split(";")[0]: Row(line.split(";", 1)[1]) for line in re.sub(r"\n\s+", " ", TABLE).strip().split("\n")}

# Chosen, FORMAT.md gives only the grammar: what a derived id is derived from (all golden entries agree).
# Without it an entry could be reversed, or a hold finished, under two ids.
DERIVED: dict[str, Callable[[Json], str]] = {
    "opening": lambda e: f"{e['moves'][0][1]}.opening",
    "open": lambda e: f"{e['body']['account']}.open",
    "close": lambda e: f"{e['body']['account']}.close",
    "overflow": lambda e: f"{e['ref']}.overflow",
    "settle": lambda e: f"{e['ref']}.outcome",
    "release": lambda e: f"{e['ref']}.outcome",
    "sent": lambda e: f"{e['ref'].removesuffix('.hold')}.outcome",
    "returned": lambda e: f"{e['ref'].removesuffix('.hold')}.outcome",
    "expire": lambda e: f"{e['moves'][0][0]}.expire.{e['body']['month']}",
    "reverse": lambda e: f"{e['ref']}.reverse",
    "repay": lambda e: f"{e['ref']}.repay",
    "accept": lambda e: (
        hashlib.sha256(f"{e['body']['peer']}\n{e['body']['transfer']}".encode()).hexdigest() + ".decision"
    ),
}
DERIVED["refuse"] = DERIVED["accept"]


def account_class(account: Any) -> str | None:
    """§5: the class of an account by its name; None if it is no account."""
    if account in ("issue", "fund"):
        return str(account)
    if is_member(account):
        return "member"
    if type(account) is not str:
        return None
    if DEBT.fullmatch(account):
        return "debt"
    if account == "held:orders":
        return "orders"
    prefix, _, origin = account.partition(":")
    return prefix if prefix in ("held", "due") and "/" in origin and is_origin(origin) else None


def is_move(move: Any) -> bool:
    return (
        type(move) is list
        and len(move) == 3
        and account_class(move[0]) is not None
        and account_class(move[1]) is not None
        and move[0] != move[1]
        and is_int(move[2], 1, 100_000_000)
    )


def is_pair_of(number: int, *, low: int = 1) -> Callable[[Any], bool]:
    """[n, hash], or [peer, n, hash]."""
    return lambda value: (
        type(value) is list
        and len(value) == number
        and is_int(value[-2], low)
        and is_hash(value[-1])
        and (number == 2 or is_origin(value[0]))
    )


ENVELOPE: dict[str, Callable[[Any], bool]] = {
    "v": lambda value: is_int(value, 1),
    "ledger": is_origin,
    "id": is_text(ID),
    "kind": is_text(KIND),
    "at": is_int,
    "by": is_text(NAME),
    "body": lambda value: type(value) is dict,
    "moves": lambda value: type(value) is list and len(value) <= 16 and all(map(is_move, value)),
    "for": is_member,
    "memo": is_hash,
    "ref": is_text(ID),
    "seen": is_pair_of(2),
    "device": is_pair_of(2),
}
HEADER: dict[str, Callable[[Any], bool]] = {
    "seq": lambda value: is_int(value, 0),
    "ms": is_int,
    "prev": is_hash,
    "policy": lambda value: is_int(value, 1, 2147483647),
    "pair": is_pair_of(3),
}


def check_fields(value: Json, fields: dict[str, Callable[[Any], bool]], required: set[str], where: str) -> None:
    for name in value:
        if name not in fields:
            raise Bad("form", f"{where} has the unknown field {quote(name)}")
        if not fields[name](value[name]):
            raise Bad("form", f"{where}'s field {name} may not be {quote(value[name])}")
    if missing := required - value.keys():
        raise Bad("form", f"{where} has no field {min(missing)}")


class Entry:
    """One record taken apart; only its form has been checked."""

    __slots__ = ("body", "hash", "header", "intent", "kind", "lines", "moves", "ms", "row", "seq", "text")

    def __init__(self, record: bytes) -> None:
        need(len(record) <= MAX_BYTES, "form", "the record is longer than 65,535 bytes")
        first, newline, note = record.partition(b"\n")
        need(newline != b"", "form", "the record has no header line")
        self.hash = leaf_hash(record)
        self.header = canonical(first)
        check_fields(self.header, HEADER, {"seq", "ms", "prev"}, "the header")
        self.seq: int = self.header["seq"]
        self.ms: int = self.header["ms"]
        self.text, self.lines = open_note(note)
        self.intent = canonical(self.text[:-1])
        check_fields(self.intent, ENVELOPE, set(ENVELOPE) - {"for", "memo", "ref", "seen", "device"}, "the entry")
        self.kind: str = self.intent["kind"]
        self.body: Json = self.intent["body"]
        self.moves: list[tuple[str, str, int]] = [tuple(move) for move in self.intent["moves"]]
        need(self.intent["at"] <= self.ms + SKEW, "time", "the author's clock is over 5 minutes ahead of the ledger's")
        need(self.intent["by"] == self.lines[0].name, "signature", "`by` does not name the first signature's key")
        self.row = KINDS.get(self.kind) if self.intent["v"] == 1 else None
        if self.row:
            check_row(self, self.row)

    def day(self, offset: int) -> str:
        """The entry's day (§4); chosen: of an entry that is not understood, the day of the ledger's clock."""
        return str(self.body["day"]) if self.row and self.kind in POLICED else local_day(self.ms, offset)


def local_day(ms: int, offset: int) -> str:
    try:
        return (date(1970, 1, 1) + timedelta(days=(ms + offset * 60_000) // 86_400_000)).isoformat()
    except OverflowError:
        raise Bad("time", "the ledger's clock shows no day that can be written") from None


def check_row(e: Entry, row: Row) -> None:
    """§7: what one entry alone shows, by its kind's row and the rules beyond the table."""
    check_fields(e.body, row.body, row.required, "the body")
    need(bool(row.id.fullmatch(e.intent["id"])), "id", f"{quote(e.intent['id'])} is no id for the kind {e.kind}")
    ref = e.intent.get("ref")
    need((ref is None) == (row.ref is None), "form", f"`ref` is {'missing' if row.ref else 'forbidden here'}")
    need(row.ref is None or bool(row.ref.fullmatch(ref or "")), "form", f"{quote(ref)} is no `ref` of a {e.kind}")
    need(row.least <= len(e.moves) <= row.most, "moves", f"{len(e.moves)} moves in an entry of kind {e.kind}")
    for source, target, _ in e.moves:
        pair = f"{account_class(source)}>{account_class(target)}"
        need(pair in row.pairs, "moves", f"a {e.kind} does not move minutes {pair.replace('>', ' to ')}")
    if derive := DERIVED.get(e.kind):
        need(e.intent["id"] == derive(e.intent), "id", "the id does not follow from what the entry is about")
    need(("pair" in e.header) == (e.kind in PAIRED), "pair", "`pair` belongs to entries between two ledgers only")
    if "peer" in e.body:
        need(e.body["peer"] != e.intent["ledger"], "rule", "the peer is this ledger itself")
    if e.kind in POLICED:
        check_service(e)
    elif e.kind == "key":
        need(("account" in e.body) == (e.body["role"] == "member"), "form", "`account` belongs to member keys only")
        # Chosen: a doubt about a key that is only being added makes no sense.
        need(e.body["action"] == "revoke" or "compromised-from" not in e.body, "form", "a doubt about a new key")
        Key(e.body["vkey"], e.body["role"], e.seq)
    elif e.kind == "send":
        need(e.moves[0][1] == f"held:{e.body['peer']}", "moves", "the minutes are not held for the peer that it names")
    elif e.kind == "sent":
        peer = e.body["peer"]
        need(e.moves[0][:2] == (f"held:{peer}", f"due:{peer}"), "moves", "the minutes go not to what is due")
    elif e.kind == "returned":
        need(e.moves[0][0] == f"held:{e.body['peer']}", "moves", "the minutes come not from what is held for the peer")
    elif e.kind == "accept":
        need(e.moves[0][0] == f"due:{e.body['peer']}", "moves", "the minutes come not from what is due by the peer")


def check_service(e: Entry) -> None:
    """What service and settle share."""
    b = e.body
    need(b["server"] not in b["served"], "rule", "the server is among those served")
    need(b["credited"] == (e.moves[0][2] if e.moves else 0), "rule", "`credited` is not what the first move moves")
    need(("uncredited" in b) != bool(e.moves), "rule", "`uncredited` is there exactly when nothing moves")
    need(("start" in b) == ("end" in b), "rule", "`start` and `end` come together")
    if "start" in b:
        span = b["end"] - b["start"]
        need(0 < span <= 1440 and b["minutes"] <= span, "rule", "the minutes do not fit between `start` and `end`")
    need(("reason" in b) == (b["confirmed"] == "clerk"), "rule", "`reason` is there exactly when a clerk confirmed")


# --- §6 keys ----------------------------------------------------------------------------------------------------------


class Keys:
    """The ledger's keys, by name and key id as signature lines name them."""

    def __init__(self, origin: str) -> None:
        self.origin, self.quorum = origin, 0
        self.known: dict[tuple[str, bytes], Key] = {}
        self.names: set[str] = set()
        self.publics: set[bytes] = set()
        self.log: Key | None = None  # the one registered last
        self.live: Counter[str] = Counter()  # how many of each role are not revoked

    def add(self, key: Key) -> None:
        need((key.name == self.origin) == (key.role == "log"), "key", "log keys, and only they, bear the ledger's name")
        need(key.role == "log" or key.name not in self.names, "key", f"the key name {quote(key.name)} is taken")
        need(key.public not in self.publics, "key", "this public key was registered before")
        need((key.name, key.id) not in self.known, "key", "a key of this name and key id was registered before")
        self.known[key.name, key.id] = key
        self.names.add(key.name)
        self.publics.add(key.public)
        self.live[key.role] += 1
        if key.role == "log":
            self.log = key

    def add_genesis(self, e: Entry) -> None:
        self.quorum = e.body["quorum"]
        # -1: genesis is signed by admins that it names itself.
        for vkey in e.body["admins"]:
            self.add(Key(vkey, "admin", -1))
        self.add(Key(e.body["system"], "system", -1))
        self.add(Key(e.body["log"], "log", -1))

    def verify(self, e: Entry, line: Line) -> Key | None:
        key = self.known.get((line.name, line.id))
        if key and not verifies(key.public, line.signature, e.text):
            raise Bad("signature", f"the signature of {quote(line.name)} is false")
        return key

    def signers(self, e: Entry) -> list[Key]:
        """Every line must name a key of the ledger and verify, and no key signs twice (§2, §6)."""
        found: list[Key] = []
        for line in e.lines:
            key = self.verify(e, line)
            if key is None:
                raise Bad("key", f"no key {quote(line.name)} with this key id is registered")
            need(key not in found, "signature", f"{quote(line.name)} signs twice")
            need(key.added < e.seq, "key", f"{quote(line.name)} was not registered before this entry")
            found.append(key)
        return found

    def check_roles(self, e: Entry, keys: list[Key], *, rescued: bool) -> None:
        """Roles in order (§7). `rescued`: the entry of a revoked device that a lead signed for (§6)."""
        first, roles = keys[0], [key.role for key in keys]
        need(("device" in e.intent) == (first.role == "device"), "device", "`device` belongs to devices' entries only")
        if e.row is None:
            return  # §9 asks for valid keys only
        steps = e.row.steps
        if e.kind == "key" and e.body["role"] == "device":
            steps = [["lead"], ["admin"]]
        if rescued:
            steps = [*steps, ["lead"]]
        if steps == "quorum":
            need(set(roles) == {"admin"} and len(roles) >= self.quorum, "role", "it is signed by no quorum of admins")
        else:
            fit = len(roles) == len(steps) and all(role in step for role, step in zip(roles, steps, strict=True))
            need(fit, "role", f"signed by {', '.join(roles)}, which a {e.kind} may not be")
        for key in keys:
            if key.role == "member":
                own = all(source in (key.account, "held:orders") for source, _, _ in e.moves)
                need(own, "role", "a member's key moves minutes of another account")
                need(e.intent.get("for", key.account) == key.account, "role", "a member's key acts for another account")


# --- the whole ledger -------------------------------------------------------------------------------------------------


class Hold(NamedTuple):
    account: str
    source: str
    minutes: int
    order: str | None


def compact(ident: str) -> str | bytes:
    """Half the memory for the ids that most entries have."""
    return bytes.fromhex(ident) if len(ident) == 32 and re.fullmatch(UUID, ident) else ident


class Book:
    """The ledger's state, record by record. Kept for each record: id, tree nodes, first move; no parsed entries."""

    def __init__(self) -> None:
        self.tree = Tree()
        self.origin, self.offset, self.zone = "", 0, ""
        self.keys = Keys("")
        self.prev, self.ms, self.ended = ZEROS, -MAX_INT, False
        self.ids: dict[str | bytes, int] = {}
        self.members: dict[str, str] = {}
        self.closed: set[str] = set()
        self.balance: Counter[str] = Counter()
        self.holds: dict[str, Hold] = {}
        self.hold_names: set[str | bytes] = set()
        self.held_by: Counter[str] = Counter()
        self.policies: list[str] = []  # the first days; the version is the index + 1
        self.pairs: dict[str, tuple[int, str]] = {}
        # By record number, for overflow, repay, reverse: first move (a settle's from the hold's source), time served.
        self.number: dict[str, int] = {"": 0}
        self.accounts: list[str] = [""]
        self.payer, self.payee, self.amount, self.served = array("i"), array("i"), array("i"), array("i")
        self.reversible = bytearray()
        self.more_payees: dict[int, set[str]] = {}
        self.kinds: Counter[str] = Counter()
        self.figures: Counter[str] = Counter()
        self.strange: list[tuple[int, str]] = []
        self.rules: dict[str, Callable[[Entry], None]] = {
            kind: getattr(self, f"_{kind}") for kind in KINDS if hasattr(self, f"_{kind}")
        }

    def add(self, record: bytes) -> None:
        e = Entry(record)
        self._check_chain(e)
        if e.seq == 0:
            self._start(e)
        need(e.intent["ledger"] == self.origin, "ledger", f"the entry is for the ledger {quote(e.intent['ledger'])}")
        need(compact(e.intent["id"]) not in self.ids, "id", f"the id {quote(e.intent['id'])} was used before")
        keys = self._check_keys(e)
        self._check_policy(e)
        self._check_pair(e)
        if "seen" in e.intent:
            self._check_head(e, *e.intent["seen"])
        self._check_accounts(e)
        first = e.moves[0] if e.moves else ("", "", 0)
        if e.kind == "settle" and e.row:  # a reversal gives back to the hold's source (§7)
            first = (self._open_hold(e).source, *first[1:])
        if e.row is None:
            self.strange.append((e.seq, f"version {e.intent['v']}, kind {e.kind}"))
        elif rule := self.rules.get(e.kind):
            rule(e)
        self.balance.update(self._moved(e))
        self._remember(e, keys, first)

    def _check_chain(self, e: Entry) -> None:
        need(not self.ended, "rule", "a record follows the end of the ledger")
        need(e.seq == self.tree.size, "chain", f"the record says that it is number {e.seq}")
        need(e.header["prev"] == self.prev, "chain", "`prev` is not the hash of the record before")
        need(e.ms >= self.ms, "time", "the ledger's clock goes backward")
        # A larger `v` of genesis is not understood, and without genesis nothing else is.
        need((e.kind == "genesis") == (e.seq == 0), "rule", "record 0 and no other is the genesis")

    def _start(self, e: Entry) -> None:
        need(e.row is not None, "version", "the genesis itself is of a later version")
        self.origin, self.offset, self.zone = e.intent["ledger"], e.body["offset"], e.body["zone"]
        self.keys = Keys(self.origin)
        self.keys.add_genesis(e)

    def _check_keys(self, e: Entry) -> list[Key]:
        keys = self.keys.signers(e)
        rescued = keys[0].role == "device" and not keys[0].valid_at(e.seq)
        if rescued:
            need(len(keys) == 2 and keys[1].role == "lead", "key", "the device's key was revoked and no lead signed")
        for key in keys[1:] if rescued else keys:
            need(key.valid_at(e.seq), "key", f"the key {quote(key.name)} was revoked before")
        self.keys.check_roles(e, keys, rescued=rescued)
        if keys[0].role == "device":
            expected = [keys[0].lines + 1, keys[0].last_line]
            need(e.intent["device"] == expected, "device", "`device` does not continue this device's own chain")
        return keys

    def _check_policy(self, e: Entry) -> None:
        today, day, stamp = local_day(e.ms, self.offset), e.day(self.offset), e.header.get("policy")
        if e.row is None:  # chosen: a later version may know another day than we do
            need(stamp is None or stamp <= len(self.policies), "policy", "it names a policy that was not posted")
            return
        need(day <= today, "time", f"the day {day} is after the ledger's day {today}")
        # `from` never goes back, so the versions in force are those before the first later one (§8).
        version = bisect_right(self.policies, day) or None
        need(stamp == version, "policy", f"the record names policy {stamp}, in force on {day} is {version}")
        need(version is not None or not (e.moves or e.kind in POLICED), "policy", f"no policy is in force on {day}")

    def _check_pair(self, e: Entry) -> None:
        if "pair" not in e.header:
            return
        peer, number, prev = e.header["pair"]
        last, hashed = self.pairs.get(peer, (0, ZEROS))
        need((number, prev) == (last + 1, hashed), "pair", "`pair` does not continue the chain with this peer")
        need(e.row is None or peer == e.body["peer"], "pair", "`pair` names another peer than the body")

    def _check_head(self, e: Entry, size: int, root: str) -> None:
        need(size <= e.seq, "head", f"it saw {size} records, but only {e.seq} are before it")
        need(self.tree.root(size).hex() == root, "head", f"the first {size} records do not have the root that it names")

    def _check_accounts(self, e: Entry) -> None:
        named = [account for move in e.moves for account in move[:2] if account.startswith("member:")]
        for account in named:
            need(account not in self.closed, "account", f"{account} is closed")
        named += [e.intent["for"]] if "for" in e.intent else []
        if e.row:
            named += [e.body[name] for name in ("server", "account") if name in e.body and e.kind != "open"]
            named += e.body.get("served", [])
        for account in named:
            need(account in self.members, "account", f"{account} was never opened")

    def _moved(self, e: Entry) -> Counter[str]:
        """What the moves add to each account, if the floors allow it (§5)."""
        change: Counter[str] = Counter()
        for source, target, minutes in e.moves:
            change[source] -= minutes
            change[target] += minutes
        for account, minutes in change.items():
            group, left = account_class(account), self.balance[account] + minutes
            need(minutes >= 0 or left >= 0 or group not in FLOORED, "floor", f"{account} would end at {left} minutes")
            need(left <= 0 or group != "debt", "floor", f"{account} would end at {left}, above 0")
        return change

    def _remember(self, e: Entry, keys: list[Key], first: tuple[str, str, int]) -> None:
        for key in keys:
            key.signed.append(e.seq)
        if keys[0].role == "device":
            keys[0].lines, keys[0].last_line = e.intent["device"][0], hashlib.sha256(e.text).hexdigest()
        if "pair" in e.header:
            self.pairs[e.header["pair"][0]] = (e.header["pair"][1], e.hash.hex())
        self.ids[compact(e.intent["id"])] = e.seq
        self.payer.append(self._account(first[0]))
        self.payee.append(self._account(first[1]))
        self.amount.append(first[2])
        policed = e.row is not None and e.kind in POLICED
        self.served.append(e.body["minutes"] if policed else 0)
        self.reversible.append(e.row is not None and e.kind in REVERSIBLE)
        if len(e.moves) > 1:
            self.more_payees[e.seq] = {target for _, target, _ in e.moves[1:]}
        if policed:
            self._count_service(e.seq, 1)
        for source, target, minutes in e.moves:
            self.figures["created"] += minutes if source == "issue" else 0
            self.figures["ended"] += minutes if target == "issue" else 0
        self.kinds[e.kind] += 1
        self.prev, self.ms = e.hash.hex(), e.ms
        self.tree.append(e.hash)

    def _account(self, name: str) -> int:
        if name not in self.number:
            self.number[name] = len(self.accounts)
            self.accounts.append(name)
        return self.number[name]

    def _count_service(self, seq: int, sign: int) -> None:
        """Figures without those that were reversed. Redeemed: paid by a member, at once or by way of a hold."""
        self.figures["served"] += sign * self.served[seq]
        self.figures["credited"] += sign * self.amount[seq]
        if self.accounts[self.payer[seq]].startswith("member:"):
            self.figures["redeemed"] += sign * self.amount[seq]

    # §7, rules by kind, beyond the table and beyond what one entry shows alone.

    def _key(self, e: Entry) -> None:
        b = e.body
        if b["action"] == "add":
            self.keys.add(Key(b["vkey"], b["role"], e.seq, b.get("account")))
            return
        named = Key(b["vkey"], b["role"], e.seq)
        key = self.keys.known.get((named.name, named.id))
        if key is None or key.public != named.public or key.revoked is not None:
            raise Bad("key", "it revokes a key that is not registered or revoked already")
        need((key.role, key.account) == (b["role"], b.get("account")), "key", "the role or account is not the key's")
        need(key is not self.keys.log, "key", "the newest log key may not be revoked")
        self.keys.live[key.role] -= 1
        need(self.keys.live["admin"] >= self.keys.quorum, "key", "fewer admins than the quorum would be left")
        need(self.keys.live["system"] >= 1, "key", "no system key would be left")
        key.revoked, key.compromised = e.seq, b.get("compromised-from")

    def _policy(self, e: Entry) -> None:
        need(e.body["version"] == len(self.policies) + 1, "policy", "the policy's version is not the next one")
        floor = max([local_day(e.ms, self.offset), *self.policies[-1:]])
        need(e.body["from"] >= floor, "policy", f"the policy begins before {floor}")
        self.policies.append(e.body["from"])

    def _open(self, e: Entry) -> None:
        need(e.body["account"] not in self.members, "account", "this account was opened before")
        self.members[e.body["account"]] = e.body["class"]

    def _close(self, e: Entry) -> None:
        account = e.body["account"]
        need(account not in self.closed, "account", "this account is closed already")
        debt = self.balance[account.replace("member:", "debt:")]
        empty = not (self.balance[account] or self.held_by[account] or debt)
        need(empty, "account", "the account's balance, open holds and debt are not all 0")
        self.closed.add(account)

    def _check_payee(self, e: Entry, provider: str | None) -> None:
        """Where the first move of a service or settle goes, by the server's class."""
        group = self.members[e.body["server"]]
        target = {"person": e.body["server"], "group": "fund", "provider": provider}[group]
        need(target is not None, "account", "the server is a provider, which earns nothing")
        need(e.moves[0][1] == target, "account", f"the minutes of a {group} go to {target}")

    def _service(self, e: Entry) -> None:
        if e.moves:
            self._check_payee(e, None)

    def _hold(self, e: Entry) -> None:
        name = e.intent["id"].removesuffix(".hold")
        need(compact(name) not in self.hold_names, "hold", "a hold of this name was opened before")
        source, account, minutes = e.moves[0]
        self.hold_names.add(compact(name))
        self.holds[name] = Hold(account, source, minutes, e.body.get("order"))
        self.held_by[source] += minutes

    _send = _hold

    def _open_hold(self, e: Entry) -> Hold:
        name = e.intent["ref"].removesuffix(".hold")
        hold = self.holds.get(name)
        if hold is None:
            raise Bad("hold", "the hold is finished" if compact(name) in self.hold_names else "there is no such hold")
        need(hold.account == e.moves[0][0], "hold", f"the hold is on {hold.account}")
        return hold

    def _finish(self, e: Entry, hold: Hold) -> None:
        total = sum(minutes for _, _, minutes in e.moves)
        need(total == hold.minutes, "hold", f"the hold is of {hold.minutes} minutes, the moves are of {total}")
        del self.holds[e.intent["ref"].removesuffix(".hold")]
        self.held_by[hold.source] -= total

    def _settle(self, e: Entry) -> None:
        # "The body obeys the rules of service": the rule on a provider's moves is the one given here, not service's.
        hold = self._open_hold(e)
        self._check_payee(e, "issue")
        need(all(move[1] == hold.source for move in e.moves[1:]), "hold", "the rest goes not back to the hold's source")
        need(e.body.get("order", hold.order) == hold.order, "hold", "the order is not the hold's")
        self._finish(e, hold)

    def _release(self, e: Entry) -> None:
        hold = self._open_hold(e)
        need(e.moves[0][1] == hold.source, "hold", "the minutes go not back to the hold's source")
        self._finish(e, hold)

    _returned = _release

    def _sent(self, e: Entry) -> None:
        self._finish(e, self._open_hold(e))

    def _about(self, e: Entry) -> int:
        seq = self.ids.get(compact(e.intent["ref"]))
        if seq is None:
            raise Bad("id", f"there is no entry {quote(e.intent['ref'])} before this one")
        return seq

    def _overflow(self, e: Entry) -> None:
        seq, (payer, _, minutes) = self._about(e), e.moves[0]
        need(self.accounts[self.payee[seq]] == payer, "rule", "the entry that overflowed did not credit this account")
        need(minutes <= self.amount[seq], "rule", "it is more than the entry credited")

    def _repay(self, e: Entry) -> None:
        seq, (payer, debt, minutes) = self._about(e), e.moves[0]
        need(debt == payer.replace("member:", "debt:"), "rule", "it repays another member's debt")
        payees = {self.accounts[self.payee[seq]]} | self.more_payees.get(seq, set())
        need(payer in payees, "rule", "the entry that it is about did not credit this account")
        need(minutes <= -self.balance[debt], "rule", "it is more than the debt")

    def _reverse(self, e: Entry) -> None:
        seq = self._about(e)
        need(self.reversible[seq] != 2, "rule", "this entry was reversed before")
        need(self.reversible[seq] == 1, "rule", "an entry of this kind cannot be reversed")
        payer, payee, minutes = self.accounts[self.payer[seq]], self.accounts[self.payee[seq]], self.amount[seq]
        expected = [(payee, payer, minutes)]
        if payer == payee:  # also when nothing had moved: both are ""
            expected = []
        elif payee.startswith("member:"):
            back = min(self.balance[payee], minutes)
            expected = [(payee, payer, back), (payee.replace("member:", "debt:"), payer, minutes - back)]
        expected = [move for move in expected if move[2]]
        need(e.moves == expected, "moves", f"the moves that undo it are {quote(expected)}")
        self.reversible[seq] = 2
        if self.served[seq]:
            self._count_service(seq, -1)

    def _seal(self, e: Entry) -> None:
        need(e.body["size"] == e.seq, "head", f"it seals {e.body['size']} records, but {e.seq} are before it")
        self._check_head(e, e.body["size"], e.body["root"])

    def _end(self, e: Entry) -> None:
        self.ended = True

    # After the last record.

    def check_sums(self) -> None:
        """Only a fault of this program, or an entry that it did not understand, can make these untrue."""
        held: Counter[str] = Counter()
        for hold in self.holds.values():
            held[hold.account] += hold.minutes
        wrong = [name for name in self.balance if name.startswith("held:") and self.balance[name] != held[name]]
        need(not wrong or bool(self.strange), "floor", f"the open holds do not add up to what is on {wrong}")
        issued = self.figures["created"] - self.figures["ended"]
        need(self.balance.total() == 0 and self.balance["issue"] == -issued, "floor", "the balances do not add up to 0")

    def log_key_at(self, size: int) -> Key:
        return [key for key in self.keys.known.values() if key.role == "log" and key.added < size][-1]

    def doubtful(self) -> int:
        """Entries with a signature from the doubtful time of a revoked key (§6)."""
        found: set[int] = set()
        for key in self.keys.known.values():
            if key.compromised is not None:
                found.update(key.signed[bisect_left(key.signed, key.compromised) :])
        return len(found)


# --- reading files ----------------------------------------------------------------------------------------------------


def export_parts(file: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """("record", bytes) in order and at last ("checkpoint", bytes); holds one record at a time (§10)."""
    if file.readline(len(EXPORT_LINE)) != EXPORT_LINE:
        raise Unreadable("this is no export of a ledger: it does not begin with the line `timebank-export v1`")
    while True:
        found = re.fullmatch(rb"(record|checkpoint) ([1-9][0-9]{0,9})\n", file.readline(64))
        if not found:
            raise Bad("export", "here is no line `record` or `checkpoint` with a length, or the file ends")
        word, length = found[1].decode(), int(found[2])
        need(length <= MAX_BYTES, "export", f"a {word} of {length} bytes is too long")
        raw = file.read(length)
        need(len(raw) == length, "export", f"the file ends within a {word}")
        yield word, raw
        if word == "checkpoint":
            need(file.read(1) == b"", "export", "something follows the checkpoint")
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
    return [_proof(piece if at == len(pieces) else piece + b"\n") for at, piece in enumerate(pieces, 1)]


def _proof(piece: bytes) -> Proof:
    head, _, checkpoint = piece.partition(b"\n\n")
    need(_NOT_PRINTABLE.search(head.replace(b"\n", b"")) is None, "proof", "a proof has strange characters")
    lines = head.decode().split("\n")
    need(len(lines) >= 2 and lines[0].startswith("extra "), "proof", "a proof has no line `extra`")
    index = re.fullmatch(r"index (0|[1-9][0-9]{0,15})", lines[1])
    if not index:
        raise Bad("proof", "a proof has no line `index` with a number")
    path = [unbase64(line, "proof") for line in lines[2:]]
    need(len(path) <= 63 and all(len(node) == 32 for node in path), "proof", "a path is not of hashes")
    return Proof(unbase64(lines[0].removeprefix("extra "), "proof"), int(index[1]), path, checkpoint)


def given_key(vkey: str | None) -> Key | None:
    try:
        return Key(vkey, "log", -1) if vkey else None
    except Bad as bad:
        raise Unreadable(f"--log-key: {bad.detail}") from None


def given_head(path: str | None) -> Checkpoint | None:
    if not path:
        return None
    with Path(path).open("rb") as file:
        raw = file.read(MAX_BYTES + 1)
    try:
        return open_checkpoint(raw)
    except Bad as bad:
        raise Unreadable(f"--head: {bad.detail}") from None


# --- what it says -----------------------------------------------------------------------------------------------------

# What went wrong, as a volunteer reads it; the exact rule follows in English.
WHAT = {
    "json": ("It is not written in the one allowed spelling.", "写法不符合规定的唯一格式。"),
    "note": ("It is not a signed note.", "不是有效的签名文本。"),
    "form": ("Its form is wrong.", "格式不对。"),
    "id": ("Its id is wrong.", "编号不对。"),
    "time": ("Its time is wrong.", "时间不对。"),
    "chain": ("It does not continue the record before. Something was changed, taken out or put in.",
              "它接不上前一条记录：有内容被改动、删去或插入。"),
    "ledger": ("It belongs to another ledger.", "它属于另一个账本。"),
    "version": ("It is of a later version.", "它来自更新的版本。"),
    "key": ("A key is wrong.", "密钥不对。"),
    "signature": ("A signature is wrong.", "签名不对。"),
    "role": ("Those who signed may not sign this.", "签名者无权签这条记录。"),
    "device": ("The device's own numbering is broken.", "设备自己的编号不连续。"),
    "pair": ("The numbering between the two ledgers is broken.", "两个账本之间的编号不连续。"),
    "policy": ("The policy is wrong.", "所依据的规则版本不对。"),
    "head": ("It names a state that this ledger never had.", "它提到的账本状态从未存在过。"),
    "account": ("An account is wrong.", "账户不对。"),
    "moves": ("The minutes move in a way that is not allowed.", "时间的转移方式不被允许。"),
    "floor": ("An account would have too little.", "账户余额不足。"),
    "hold": ("It does not fit the reserved minutes.", "与预留的时间不符。"),
    "rule": ("It breaks a rule for entries of its kind.", "违反了这类记录的规则。"),
    "export": ("The file is cut off or damaged.", "文件被截断或损坏。"),
    "checkpoint": ("The ledger's signed summary is wrong.", "账本签名的摘要不对。"),
    "proof": ("The receipt's proof is wrong.", "凭证中的证明不对。"),
}  # fmt: skip

TITLES = {
    "genesis": ("the beginning of the ledger", "账本建立"),
    "key": ("a key was added or revoked", "添加或撤销密钥"),
    "policy": ("a new policy was announced", "公布新规则"),
    "opening": ("minutes were brought over from older books", "从旧账转入时间"),
    "open": ("an account was opened", "开立账户"),
    "close": ("an account was closed", "关闭账户"),
    "overflow": ("minutes above the limit went to the common fund", "超出上限的时间转入公共基金"),
    "hold": ("minutes were reserved for an order", "为订单预留时间"),
    "release": ("reserved minutes were given back", "退回预留的时间"),
    "gift": ("minutes were given to another member", "向其他成员赠送时间"),
    "donate": ("minutes were given to the common fund", "向公共基金捐赠时间"),
    "grant": ("minutes were granted to a member", "向成员发放时间"),
    "retire": ("minutes were taken out of use", "注销时间"),
    "expire": ("minutes expired", "时间过期"),
    "reverse": ("an earlier entry was undone", "撤销先前的记录"),
    "repay": ("a debt of minutes was repaid", "偿还欠下的时间"),
    "send": ("minutes were reserved for a transfer to another ledger", "为转往另一账本预留时间"),
    "sent": ("a transfer to another ledger was finished", "完成转往另一账本"),
    "returned": ("a transfer to another ledger was refused; the minutes came back", "另一账本拒收，时间退回"),
    "accept": ("a transfer from another ledger was accepted", "接受另一账本转来的时间"),
    "refuse": ("a transfer from another ledger was refused", "拒绝另一账本转来的时间"),
    "recon": ("two ledgers compared their books", "两个账本对账"),
    "seal": ("the state of the ledger was sealed", "封存账本状态"),
    "erase": ("details kept elsewhere were erased", "删除另存的细节"),
    "end": ("the ledger was ended", "账本终止"),
}

SAY = {
    "says": ("WHAT THE ENTRY SAYS", "记录内容"),
    "proved": ("PROVED", "已证明"),
    "open": ("NOT PROVED", "未能证明"),
    "figures": ("FIGURES", "数字"),
    "bad": ("BAD", "有误"),
    "record": ("record {0}", "第 {0} 号记录"),
    "credited": ("On {day} account {to} was credited {credited} for service `{service}` ({minutes}), given by {server} "
                 "to {served}.", "{day}，账户 {to} 因服务“{service}”（{minutes}）记入 {credited}。"
        "服务者 {server}，服务对象 {served}。"),
    "uncredited": ("On {day} {server} gave service `{service}` ({minutes}) to {served}. Nothing was credited "
                   "({uncredited}).", "{day}，{server} 为 {served} 提供服务“{service}”（{minutes}），"
        "未记入时间（{uncredited}）。"),
    "entry": ("On {0}: {1}.", "{0}：{1}。"),
    "strange": ("On {0}: something this program does not know (version {1}, kind {2}).",
                "{0}：本程序不认识的内容（版本 {1}，类别 {2}）。"),
    "move": ("{2} went from {0} to {1}.", "{2}从 {0} 转到 {1}。"),
    "reason": ("Reason: {0}.", "原因：{0}。"),
    "about": ("It is about entry {0}.", "涉及记录 {0}。"),
    "id": ("Its id is {0}. It is record {1} of the ledger {2}.", "编号 {0}，是账本 {2} 的第 {1} 号记录。"),
    "signed": ("Signed by: {0}.", "签名者：{0}。"),
    "p-root": ("The entry, unaltered, is in the ledger that the log key signed ({0} records).",
               "这条记录未经改动，在日志密钥签名的账本中（共 {0} 条）。"),
    "p-signers": ("The keys that signed it are registered in the same ledger, and their roles may sign it.",
                  "签名的密钥登记在同一账本中，其角色有权签名。"),
    "p-form": ("The entry has the right form.", "记录的格式正确。"),
    "p-head": ("The head that you gave, of {0} records, is of this same ledger.", "您的摘要（{0} 条）属于同一账本。"),
    "p-key": ("The signed summary is by the log key that you gave.", "摘要由您提供的日志密钥签名。"),
    "p-all": ("All {0} records obey the rules of FORMAT.md: chain, tree, signatures, keys, accounts, holds.",
              "全部 {0} 条记录符合 FORMAT.md 的规则：哈希链、树、签名、密钥、账户、预留。"),
    "p-sums": ("The balances add up, and what is held equals the open holds.", "余额合计无误，预留数额相符。"),
    "n-key": ("The log key is not proved: it comes from the file itself. Compare its fingerprint with one that came "
              "another way: {0}", "日志密钥未能证明：它来自文件本身。请与另行得到的指纹核对：{0}"),
    "n-rules": ("That the whole ledger obeys its rules. For that, check an export.", "整个账本是否守规则；请查导出。"),
    "n-revoked": ("That no key that signed it had been revoked before.", "签名的密钥此前未被撤销。"),
    "n-reversed": ("That it was not undone later.", "这条记录后来未被撤销。"),
    "n-split": ("That nobody was shown another ledger. Compare the head with one that came another way.",
                "是否有人看到另一个账本；请与另行得到的摘要核对。"),
    "n-head": ("Your head is of {0} records, the file of {1}: from this file the two cannot be compared.",
               "您的摘要是 {0} 条，文件是 {1} 条，凭此文件无法比较。"),
    "n-head-key": ("Your head is not signed by the log key of this file; only its size and root were compared.",
                   "您的摘要不是由此日志密钥签名；只比较了条数和根哈希。"),
    "n-key-lines": ("{0} signatures under the key entries were not checked: their keys are not in the receipt.",
                    "密钥记录上的 {0} 个签名未检查：凭证中没有它们的密钥。"),
    "n-policy": ("Whether minutes, caps and ages obeyed the policy (version {0}): policies are not in the ledger.",
                 "时长、上限、年龄是否符合规则（版本 {0}）：规则文件不在账本中。"),
    "n-facts": ("That what was written really happened.", "所记之事是否真的发生。"),
    "n-seal": ("What `state` in {0} seals stands for is unknown here.", "{0} 条封存记录中 `state` 的含义。"),
    "n-doubt": ("{0} entries have signatures by keys that were later reported as compromised from then on.",
                "{0} 条记录上的签名来自后来被报告泄露的密钥。"),
    "n-strange": ("{0} entries were not understood, because they are newer than this program. The first is record {1} "
                  "({2}).", "{0} 条记录比本程序新，未能理解；第一条是第 {1} 号（{2}）。"),
    "n-device": ("Whether the device's key was revoked: a lead signed too, as is done then.",
                 "设备密钥是否已撤销：另有负责人签名，通常用于这种情况。"),
}  # fmt: skip


class Speaker:
    """Sentences in the chosen language."""

    def __init__(self, lang: str) -> None:
        self.at = 1 if lang == "zh" else 0

    def __call__(self, name: str, *values: object, **named: object) -> str:
        return SAY[name][self.at].format(*values, **named)

    def time(self, minutes: int) -> str:
        hours, rest = divmod(minutes, 60)
        if self.at:
            return (f"{hours}小时" if hours else "") + (f"{rest}分钟" if rest or not hours else "")
        words = [f"{n} {unit}{'' if n == 1 else 's'}" for n, unit in ((hours, "hour"), (rest, "minute")) if n]
        return " ".join(words) or "0 minutes"

    def entry(self, e: Entry, offset: int) -> list[str]:
        b, day = e.body, e.day(offset)
        if e.row and e.kind in POLICED:
            values = b | {name: self.time(b[name]) for name in ("minutes", "credited")}
            values |= {"served": ", ".join(b["served"]) or "-", "to": e.moves[0][1] if e.moves else "-"}
            said = [self("credited" if e.moves else "uncredited", **values)]
            moves = e.moves if e.kind == "settle" else [move for move in e.moves if move[0] != "issue"]
        else:
            title = TITLES[e.kind][self.at] if e.row else ""
            said = [self("entry", day, title) if e.row else self("strange", day, e.intent["v"], e.kind)]
            moves = e.moves
        said += [self("move", source, target, self.time(minutes)) for source, target, minutes in moves]
        if e.row and "reason" in b:
            said.append(self("reason", b["reason"]))
        if e.row and e.kind in ("open", "close", "key"):
            said.append(", ".join(f"{name}: {quote(b[name])}" for name in sorted(b)))
        if "ref" in e.intent:
            said.append(self("about", e.intent["ref"]))
        said.append(self("id", e.intent["id"], e.seq, e.intent["ledger"]))
        return said

    def why(self, bad: Bad) -> str:
        where = self("record", bad.seq) + ": " if bad.seq is not None else ""
        return f"{where}{WHAT[bad.what][self.at]} ({bad.detail})"


# --- the two commands -------------------------------------------------------------------------------------------------


def check_given_key(key: Key | None, log: Key, says: Speaker, report: Json) -> None:
    report["log_key"] = f"{log.name}+{log.id.hex()}+{base64.b64encode(bytes([1]) + log.public).decode()}"
    report["log_key_fingerprint"] = fingerprint(log.public)
    if key is None:
        report["not_proved"].append(says("n-key", report["log_key_fingerprint"]))
        return
    same = (key.name, key.public) == (log.name, log.public)
    need(same, "key", "the ledger's newest log key is not the one that you gave")
    report["proved"].append(says("p-key"))


def check_receipt(raw: bytes, key: Key | None, head: Checkpoint | None, says: Speaker) -> Json:
    proofs = receipt_proofs(raw)
    need(all(proof.checkpoint == proofs[0].checkpoint for proof in proofs), "proof", "the checkpoints are not the same")
    checkpoint = open_checkpoint(proofs[0].checkpoint)
    entries = [proved_entry(proof, checkpoint) for proof in proofs]
    e, others = entries[0], entries[1:]
    numbers = [other.seq for other in others]
    need(numbers == sorted(set(numbers)), "proof", "the proofs after the first are not in order of number")
    in_order = sorted(entries, key=lambda entry: entry.seq)
    genesis = in_order[0]
    need(genesis.kind == "genesis" and genesis.row is not None, "proof", "the receipt has no proof of the genesis")
    keys = Keys(checkpoint.origin)
    keys.add_genesis(genesis)
    for entry in in_order[1:]:
        if entry.row and entry.kind == "key" and entry.body["action"] == "add":
            b = entry.body
            with at_record(entry.seq):
                keys.add(Key(b["vkey"], b["role"], entry.seq, b.get("account")))
    if keys.log is None:
        raise Bad("proof", "the receipt names no log key")
    need(checkpoint.signed_by(keys.log), "checkpoint", "the checkpoint is not signed by the receipt's newest log key")
    report: Json = {"proved": [], "not_proved": []}
    check_given_key(key, keys.log, says, report)
    offset, unchecked = genesis.body["offset"], 0
    with at_record(e.seq):
        signers = check_receipt_signers(e, keys)
        check_days(e, offset)
    wanted = {0, keys.log.added, *(signer.added for signer in signers)} - {-1, e.seq} | ({0} if e.seq else set())
    need(set(numbers) == wanted, "proof", f"the receipt proves records {numbers}, needed are {sorted(wanted)}")
    for other in others:
        with at_record(other.seq):
            unchecked += check_key_entry(other, keys)
            check_days(other, offset)
    receipt_words(e, checkpoint, signers, offset, says, report)
    if unchecked:
        report["not_proved"].append(says("n-key-lines", unchecked))
    if head:
        need(head.origin == checkpoint.origin, "checkpoint", "your head is of another ledger")
        if head.size == checkpoint.size:
            need(head.root == checkpoint.root, "checkpoint", "your head has as many records, but another root")
            report["proved"].append(says("p-head", head.size))
        else:
            report["not_proved"].append(says("n-head", head.size, checkpoint.size))
        if not head.signed_by(keys.log):
            report["not_proved"].append(says("n-head-key"))
    report |= {"origin": checkpoint.origin, "record": e.seq, "size": checkpoint.size, "root": checkpoint.root.hex()}
    report["not_understood"] = [] if e.row else [e.seq]
    if not e.row:
        report["not_proved"].append(says("n-strange", 1, e.seq, f"version {e.intent['v']}, kind {e.kind}"))
    return report


@contextmanager
def at_record(seq: int) -> Iterator[None]:
    """Gives a refusal the number of the record that it is about."""
    try:
        yield
    except Bad as bad:
        raise Bad(bad.what, bad.detail, seq) from None


def proved_entry(proof: Proof, checkpoint: Checkpoint) -> Entry:
    """The record of a proof whose path leads to the root; that is checked before anything inside it is believed."""
    need(proof.number < checkpoint.size, "proof", "a proof's number is not below the number of records")
    root = root_from_path(leaf_hash(proof.record), proof.number, checkpoint.size, proof.path)
    need(root == checkpoint.root, "proof", f"the path of record {proof.number} does not lead to the signed root")
    with at_record(proof.number):
        e = Entry(proof.record)
        need(e.seq == proof.number, "proof", f"record {e.seq} is proved under the number {proof.number}")
        need(e.intent["ledger"] == checkpoint.origin, "ledger", "the record is of another ledger than the checkpoint")
        need((e.kind == "genesis") == (e.seq == 0), "rule", "record 0 and no other is the genesis")
    return e


def check_receipt_signers(e: Entry, keys: Keys) -> list[Key]:
    signers = keys.signers(e)
    # Whether a device was revoked is not in a receipt; the second line by a lead is allowed only then (§6).
    roles = [signer.role for signer in signers]
    keys.check_roles(e, signers, rescued=roles == ["device", "lead"])
    return signers


def check_key_entry(e: Entry, keys: Keys) -> int:
    """The signatures under a key's own registration, as far as their keys are here; says how many are not.

    Admins that were added later, and leads that registered a device, need not be in a receipt.
    """
    found = [keys.verify(e, line) for line in e.lines]
    known = [key for key in found if key]
    if len(known) == len(found):
        check_receipt_signers(e, keys)
    return len(found) - len(known)


def check_days(e: Entry, offset: int) -> None:
    need(e.day(offset) <= local_day(e.ms, offset), "time", "the entry's day is after the ledger's")
    bound = e.row is not None and (bool(e.moves) or e.kind in POLICED)
    need(not bound or "policy" in e.header, "policy", "the record names no policy")


def receipt_words(e: Entry, cp: Checkpoint, signers: list[Key], offset: int, says: Speaker, report: Json) -> None:
    report["says"] = [*says.entry(e, offset), says("signed", ", ".join(f"{k.name} ({k.role})" for k in signers))]
    report["proved"] += [says("p-root", cp.size), says("p-signers"), *([says("p-form")] if e.row else [])]
    report["not_proved"] += [says(name) for name in ("n-rules", "n-revoked", "n-reversed", "n-split", "n-facts")]
    if [key.role for key in signers] == ["device", "lead"]:
        report["not_proved"].append(says("n-device"))
    if "policy" in e.header:
        report["not_proved"].append(says("n-policy", e.header["policy"]))


def read_ledger(file: BinaryIO, progress: bool) -> tuple[Book, bytes]:
    """Every record through the book; a refusal gets the record's number, and the number counts from the file."""
    book, started, checkpoint = Book(), time.monotonic(), b""
    try:
        for word, raw in export_parts(file):
            if word == "checkpoint":
                checkpoint = raw
                continue
            book.add(raw)
            if progress and book.tree.size % 1000 == 0:
                rate = book.tree.size / (time.monotonic() - started)
                print(f"\r{book.tree.size} records, {rate:.0f}/s ", end="", file=sys.stderr, flush=True)
    except Bad as bad:
        after = f"; note that record {book.strange[0][0]} was not understood" if book.strange else ""
        # A checkpoint was read: what is wrong is behind the last record.
        raise Bad(bad.what, bad.detail + after, None if checkpoint else book.tree.size) from None
    finally:
        if progress:
            print(file=sys.stderr)
    return book, checkpoint


def check_ledger(file: BinaryIO, key: Key | None, head: Checkpoint | None, says: Speaker, progress: bool) -> Json:
    book, raw = read_ledger(file, progress)
    checkpoint = open_checkpoint(raw)
    log = book.keys.log
    if log is None:
        raise Bad("checkpoint", "the ledger has no records")
    need(checkpoint.origin == book.origin, "checkpoint", "the checkpoint is of another ledger")
    need(checkpoint.size == book.tree.size, "checkpoint", f"the checkpoint counts {checkpoint.size} records")
    need(checkpoint.root == book.tree.root(book.tree.size), "checkpoint", "the checkpoint has another root")
    need(checkpoint.signed_by(log), "checkpoint", "the checkpoint is not signed by the log key registered last")
    book.check_sums()
    report: Json = {"proved": [says("p-all", book.tree.size), says("p-sums")], "not_proved": []}
    check_given_key(key, log, says, report)
    if head:
        check_ledger_head(book, head, says, report)
    else:
        report["not_proved"].append(says("n-split"))
    report["not_proved"].append(says("n-facts"))
    if book.policies:
        report["not_proved"].append(says("n-policy", f"1-{len(book.policies)}"))
    if book.kinds["seal"]:
        report["not_proved"].append(says("n-seal", book.kinds["seal"]))
    if doubtful := book.doubtful():
        report["not_proved"].append(says("n-doubt", doubtful))
    if book.strange:
        report["not_proved"].append(says("n-strange", len(book.strange), *book.strange[0]))
    report["not_understood"] = [seq for seq, _ in book.strange]
    report |= {"origin": book.origin, "size": book.tree.size, "root": checkpoint.root.hex()}
    report["figures"] = ledger_figures(book)
    return report


def check_ledger_head(book: Book, head: Checkpoint, says: Speaker, report: Json) -> None:
    need(head.origin == book.origin, "checkpoint", "your head is of another ledger")
    # Chosen: a file that lacks records which were signed before is bad for whoever has seen them.
    need(head.size <= book.tree.size, "checkpoint", f"your head has {head.size} records: the file is older or cut off")
    need(book.tree.root(head.size) == head.root, "checkpoint", f"the first {head.size} records have another root")
    need(head.signed_by(book.log_key_at(head.size)), "checkpoint", "your head is not signed by this ledger's log key")
    report["proved"].append(says("p-head", head.size))


def ledger_figures(book: Book) -> Json:
    held = sum(hold.minutes for hold in book.holds.values())
    people = Counter(book.members.values())
    return {
        "records_by_kind": dict(sorted(book.kinds.items())),
        "accounts_opened": dict(sorted(people.items())),
        "accounts_closed": len(book.closed),
        "minutes_served": book.figures["served"],
        "minutes_credited": book.figures["credited"],
        "minutes_redeemed": book.figures["redeemed"],
        "minutes_created": book.figures["created"],
        "minutes_ended": book.figures["ended"],
        "minutes_with_members": sum(n for name, n in book.balance.items() if name.startswith("member:")),
        "minutes_in_fund": book.balance["fund"],
        "minutes_held": held,
        "minutes_of_debt": -sum(n for name, n in book.balance.items() if name.startswith("debt:")),
        "minutes_due_to_others": {name[4:]: n for name, n in sorted(book.balance.items()) if name.startswith("due:")},
    }


def print_report(report: Json, says: Speaker) -> None:
    for name, head in (("says", "says"), ("proved", "proved"), ("not_proved", "open")):
        if report.get(name):
            print(says(head))
            for line in report[name]:
                print(f"  - {line}")
    print(says("figures"))
    for name in ("origin", "size", "root", "log_key", "log_key_fingerprint"):
        print(f"  {name}: {report[name]}")
    for name, value in report.get("figures", {}).items():
        shown = ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else value
        print(f"  {name}: {shown or '-'}")


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="timebank_verify.py",
        description="Checks a timebank receipt or a whole exported ledger, from the file alone.",
        epilog=EXITS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = made.add_subparsers(dest="command", required=True)
    for name, what in (("receipt", "check a receipt"), ("ledger", "check a whole exported ledger")):
        one = commands.add_parser(name, help=what, description=what + ".", epilog=EXITS,
                                  formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
        one.add_argument("file", metavar="FILE")
        one.add_argument("--log-key", metavar="VKEY", help="the log's newest key, from a source that you trust")
        one.add_argument("--head", metavar="FILE", help="a checkpoint of the same ledger that came another way")
        one.add_argument("--lang", choices=("en", "zh"), default="en")
        one.add_argument("--json", action="store_true", help="one JSON object instead of text")
    return made


def run(options: argparse.Namespace, says: Speaker) -> tuple[int, Json]:
    try:
        key, head = given_key(options.log_key), given_head(options.head)
        with Path(options.file).open("rb") as file:
            if options.command == "receipt":
                report = check_receipt(file.read(MAX_RECEIPT + 1), key, head, says)
            else:
                report = check_ledger(file, key, head, says, sys.stderr.isatty())
    except Bad as bad:
        return BAD, {"bad_record": bad.seq, "why": says.why(bad)}
    except Unreadable as error:
        return UNREADABLE, {"why": str(error)}
    except (OSError, ValueError) as error:  # ValueError: a file name with a zero byte
        return UNREADABLE, {"why": f"the file cannot be read: {quote(str(error))}"}
    return NOT_UNDERSTOOD if report["not_understood"] else PROVED, report


def main(argv: list[str] | None = None) -> int:
    options = parser().parse_args(argv)
    says = Speaker(options.lang)
    status, report = run(options, says)
    word = {PROVED: "proved", BAD: "bad", UNREADABLE: "unreadable", NOT_UNDERSTOOD: "not-understood"}[status]
    if options.json:
        print(json.dumps({"result": word, **report}))
    elif status in (PROVED, NOT_UNDERSTOOD):
        print_report(report, says)
    else:
        print(f"{says('bad')}: {report['why']}" if status == BAD else report["why"])
    return status


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(main())
