"""The kind table: for each kind of entry its id, accounts, body fields and signers."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from .entry import VERSION, Intent, SignedIntent, is_origin
from .errors import Code, Refused
from .keys import KeyRole

UUID7 = r"[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}"
MEMBER = r"member:[0-9a-f]{32}"


@dataclass(frozen=True, slots=True)
class Grammar:
    """What a body field may hold: a name for FORMAT.md and the test."""

    name: str
    accepts: Callable[[Any], bool]


def _text(name: str, pattern: str) -> Grammar:
    return Grammar(name, _remembered(pattern))


def _remembered(pattern: str) -> Callable[[Any], bool]:
    """Whether a value is text of this pattern. Accounts, days and words come again and again: most are known."""
    form = re.compile(pattern)

    @lru_cache(maxsize=65_536)
    def fits(value: str) -> bool:
        return form.fullmatch(value) is not None

    return lambda value: isinstance(value, str) and fits(value)


def _whole(lowest: int, highest: int) -> Grammar:
    return Grammar(f"integer {lowest}..{highest}", lambda value: type(value) is int and lowest <= value <= highest)


def _one_of(*words: str) -> Grammar:
    return Grammar(" | ".join(words), lambda value: isinstance(value, str) and value in words)


def _list_of(item: Grammar, most: int) -> Grammar:
    def accepts(value: Any) -> bool:
        return (
            isinstance(value, list)
            and len(value) <= most
            and all(item.accepts(one) for one in value)
            and len(set(value)) == len(value)
        )

    return Grammar(f"list of at most {most} different: {item.name}", accepts)


def is_day(value: Any) -> bool:
    """Whether `value` is a real day written YYYY-MM-DD."""
    return isinstance(value, str) and _is_day(value)


@lru_cache(maxsize=65_536)
def _is_day(value: str) -> bool:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return False
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


DAY = Grammar("day", is_day)
HASH = _text("hash", r"[0-9a-f]{64}")
MEMBER_ACCOUNT = _text("member account", MEMBER)
PUBLIC_ACCOUNT = _text("member account or fund", rf"{MEMBER}|fund")
PEER = Grammar("origin", lambda value: isinstance(value, str) and is_origin(value))
VKEY = _text("vkey", r"[A-Za-z0-9._~:/-]{1,160}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}")
WORD = _text("code", r"[a-z][a-z0-9-]{0,31}")
ORDER = _text("32 hex digits", r"[0-9a-f]{32}")
TRANSFER = _text("uuid", UUID7)
SIZE = _whole(0, 2**53 - 1)
_INTEGER = _whole(-(2**53 - 1), 2**53 - 1)


@dataclass(frozen=True, slots=True)
class Signers:
    """Who signs: one set of roles for each signature line, in order; or a quorum of admins (see genesis)."""

    lines: tuple[frozenset[KeyRole], ...] = ()
    quorum: bool = False


def _by(*lines: tuple[KeyRole, ...]) -> Signers:
    return Signers(tuple(frozenset(line) for line in lines))


_ADMINS = Signers(quorum=True)
_COUNTER = (KeyRole.STATION, KeyRole.LEAD)
_SECOND = (KeyRole.LEAD, KeyRole.ADMIN)
_ONE_SELF = _by((KeyRole.MEMBER, *_COUNTER))
_SYSTEM = _by((KeyRole.SYSTEM,))
_TWO_ADMINS = _by((KeyRole.ADMIN,), (KeyRole.ADMIN,))
DEVICE_KEY_SIGNERS = _by((KeyRole.LEAD,), (KeyRole.ADMIN,))


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One row of the table.

    `ids`: the grammar of the id. `legs`: which (source class, target class) a move may have. `moves`: how many
    moves, from and to. `required`, `optional`: the body. `ref`: the grammar that the envelope's `ref` must have,
    None if the entry may not carry one. `served`: whether the entry tells of a service (its day is the body's).
    """

    ids: str
    signers: Signers
    legs: frozenset[tuple[str, str]] = frozenset()
    moves: tuple[int, int] = (0, 0)
    required: dict[str, Grammar]
    optional: dict[str, Grammar] = field(default_factory=dict)
    ref: str | None = None
    served: bool = False

    @cached_property
    def fields(self) -> Mapping[str, Callable[[Any], bool]]:
        """What each field of the body may hold."""
        return {name: grammar.accepts for name, grammar in {**self.required, **self.optional}.items()}


_SERVED: dict[str, Grammar] = {
    "day": DAY,
    "minutes": _whole(1, 1440),
    "credited": _whole(0, 1440),
    "server": MEMBER_ACCOUNT,
    "served": _list_of(MEMBER_ACCOUNT, 64),
    "service": WORD,
    "catalogue": _whole(1, 2**31 - 1),
    "confirmed": _one_of("card", "code", "phone", "paper", "proxy", "clerk", "auto"),
}
_SERVED_OPTIONAL: dict[str, Grammar] = {
    "start": _whole(0, 1439),
    "end": _whole(1, 2879),
    "order": ORDER,
    "reason": WORD,
    "entitlement": WORD,
    "uncredited": WORD,
    "shift": WORD,
}
_ANY_ENTRY = r"[0-9a-z.:-]{1,120}"

KINDS: dict[str, Kind] = {
    "genesis": Kind(
        ids="genesis",
        signers=_ADMINS,
        required={
            "zone": _text("zone name", r"[A-Za-z_]+(/[A-Za-z0-9_+-]+)*"),
            "offset": _whole(-14 * 60, 14 * 60),
            "algorithms": _one_of("ed25519 sha256 rfc6962"),
            "log": VKEY,
            "system": VKEY,
            "admins": _list_of(VKEY, 8),
            "quorum": _whole(2, 8),
        },
        optional={"before": PEER, "before-size": SIZE, "before-root": HASH},
    ),
    "key": Kind(
        ids=UUID7,
        signers=_ADMINS,
        required={"action": _one_of("add", "revoke"), "vkey": VKEY, "role": _one_of(*KeyRole)},
        optional={"account": MEMBER_ACCOUNT, "compromised-from": SIZE},
    ),
    "policy": Kind(
        ids=UUID7, signers=_TWO_ADMINS, required={"version": _whole(1, 2**31 - 1), "from": DAY, "sha256": HASH}
    ),
    "opening": Kind(
        ids=rf"({MEMBER}|fund)\.opening",
        signers=_TWO_ADMINS,
        legs=frozenset({("issue", "member"), ("issue", "fund")}),
        moves=(1, 1),
        required={"source": HASH},
        optional={"before": PEER, "before-size": SIZE},
    ),
    "open": Kind(
        ids=rf"{MEMBER}\.open",
        signers=_by(_COUNTER),
        required={"account": MEMBER_ACCOUNT, "class": _one_of("person", "provider", "group")},
    ),
    "close": Kind(ids=rf"{MEMBER}\.close", signers=_by(_COUNTER), required={"account": MEMBER_ACCOUNT, "reason": WORD}),
    "service": Kind(
        ids=UUID7,
        signers=_by((*_COUNTER, KeyRole.DEVICE, KeyRole.SYSTEM)),
        legs=frozenset((source, target) for source in ("issue", "fund", "member") for target in ("member", "fund"))
        - {("fund", "fund")},
        moves=(0, 1),
        required=_SERVED,
        optional=_SERVED_OPTIONAL,
        served=True,
    ),
    "overflow": Kind(
        ids=rf"{_ANY_ENTRY}\.overflow",
        signers=_SYSTEM,
        legs=frozenset({("member", "fund")}),
        moves=(1, 1),
        required={"cap": _one_of("day", "held")},
        ref=_ANY_ENTRY,
    ),
    "hold": Kind(
        ids=UUID7,
        signers=_by((*_COUNTER, KeyRole.SYSTEM, KeyRole.MEMBER)),
        legs=frozenset({("member", "orders"), ("fund", "orders"), ("issue", "orders")}),
        moves=(1, 1),
        required={"order": ORDER, "service": WORD, "served": _list_of(MEMBER_ACCOUNT, 64)},
        optional={"expires": SIZE, "entitlement": WORD},
    ),
    "settle": Kind(
        ids=rf"{UUID7}\.outcome",
        signers=_by((*_COUNTER, KeyRole.SYSTEM, KeyRole.MEMBER)),
        legs=frozenset({("orders", "member"), ("orders", "issue"), ("orders", "fund")}),
        moves=(1, 2),
        required=_SERVED,
        optional=_SERVED_OPTIONAL,
        ref=UUID7,
        served=True,
    ),
    "release": Kind(
        ids=rf"{UUID7}\.outcome",
        signers=_by((*_COUNTER, KeyRole.SYSTEM, KeyRole.MEMBER)),
        legs=frozenset({("orders", "member"), ("orders", "issue"), ("orders", "fund")}),
        moves=(1, 1),
        required={"reason": WORD},
        ref=UUID7,
    ),
    "gift": Kind(
        ids=UUID7, signers=_ONE_SELF, legs=frozenset({("member", "member")}), moves=(1, 1), required={"reason": WORD}
    ),
    "donate": Kind(
        ids=UUID7, signers=_ONE_SELF, legs=frozenset({("member", "fund")}), moves=(1, 1), required={"reason": WORD}
    ),
    "grant": Kind(
        ids=UUID7,
        signers=_by((*_COUNTER, KeyRole.ADMIN), _SECOND),
        legs=frozenset({("fund", "member"), ("issue", "member")}),
        moves=(1, 1),
        required={"reason": WORD},
    ),
    "retire": Kind(
        ids=UUID7, signers=_ONE_SELF, legs=frozenset({("member", "issue")}), moves=(1, 1), required={"reason": WORD}
    ),
    "expire": Kind(
        ids=rf"{MEMBER}\.expire\.[0-9]{{4}}-[0-9]{{2}}",
        signers=_SYSTEM,
        legs=frozenset({("member", "fund")}),
        moves=(1, 1),
        required={"month": _text("month", r"[0-9]{4}-(0[1-9]|1[0-2])")},
    ),
    "reverse": Kind(
        ids=rf"{_ANY_ENTRY}\.reverse",
        signers=_by((*_COUNTER, KeyRole.ADMIN), _SECOND),
        legs=frozenset(
            (source, target)
            for source in ("issue", "fund", "member", "debt")
            for target in ("issue", "fund", "member")
            if (source, target) not in {("issue", "issue"), ("fund", "fund")}
        ),
        moves=(0, 2),
        required={"reason": WORD},
        ref=_ANY_ENTRY,
    ),
    "repay": Kind(
        ids=rf"{_ANY_ENTRY}\.repay",
        signers=_SYSTEM,
        legs=frozenset({("member", "debt")}),
        moves=(1, 1),
        required={},
        ref=_ANY_ENTRY,
    ),
    "send": Kind(
        ids=rf"{UUID7}\.hold",
        signers=_by((*_COUNTER, KeyRole.SYSTEM, KeyRole.MEMBER)),
        legs=frozenset({("member", "held")}),
        moves=(1, 1),
        required={"peer": PEER, "payee": PUBLIC_ACCOUNT, "deadline": SIZE, "reason": WORD},
    ),
    "sent": Kind(
        ids=rf"{UUID7}\.outcome",
        signers=_SYSTEM,
        legs=frozenset({("held", "due")}),
        moves=(1, 1),
        required={"peer": PEER, "accept": HASH},
        ref=rf"{UUID7}\.hold",
    ),
    "returned": Kind(
        ids=rf"{UUID7}\.outcome",
        signers=_SYSTEM,
        legs=frozenset({("held", "member")}),
        moves=(1, 1),
        required={"peer": PEER, "refuse": HASH},
        ref=rf"{UUID7}\.hold",
    ),
    "accept": Kind(
        ids=r"[0-9a-f]{64}\.decision",
        signers=_SYSTEM,
        legs=frozenset({("due", "member"), ("due", "fund")}),
        moves=(1, 1),
        required={"peer": PEER, "transfer": TRANSFER, "offer": HASH},
    ),
    "refuse": Kind(
        ids=r"[0-9a-f]{64}\.decision",
        signers=_SYSTEM,
        required={"peer": PEER, "transfer": TRANSFER, "offer": HASH, "reason": WORD},
    ),
    "recon": Kind(
        ids=r"recon\..+",
        signers=_SYSTEM,
        required={
            "peer": PEER,
            "day": DAY,
            "size": SIZE,
            "root": HASH,
            "peer-size": SIZE,
            "peer-root": HASH,
            "due": _INTEGER,
            "peer-due": _INTEGER,
            "in-flight": SIZE,
            "result": _one_of("agree", "differ"),
        },
    ),
    "seal": Kind(ids=r"seal\..+", signers=_SYSTEM, required={"day": DAY, "size": SIZE, "root": HASH, "state": HASH}),
    "erase": Kind(ids=UUID7, signers=_SYSTEM, required={"count": _whole(1, 2**31 - 1)}),
    "end": Kind(ids="end", signers=_ADMINS, required={"reason": WORD}, optional={"next": PEER}),
}

PAIR_KINDS = frozenset({"send", "sent", "returned", "accept", "refuse"})
REVERSIBLE = frozenset({"service", "settle", "gift", "donate", "grant", "retire", "expire", "overflow"})
_IDS = {name: re.compile(kind.ids) for name, kind in KINDS.items()}
_REFS = {name: re.compile(kind.ref) for name, kind in KINDS.items() if kind.ref is not None}


@lru_cache(maxsize=65_536)
def class_of(account: str) -> str:
    """`issue`, `fund`, `member`, `debt`, `orders`, `held` or `due`; Refused when no account can have this name."""
    if account in ("issue", "fund"):
        return account
    if account == "held:orders":
        return "orders"
    head, _, rest = account.partition(":")
    if head in ("member", "debt") and re.fullmatch(r"[0-9a-f]{32}", rest):
        return head
    if head in ("held", "due") and "/" in rest and is_origin(rest):
        return head
    raise Refused(Code.MOVES_FORM, account=account)


def debt_of(member: str) -> str:
    """The account that keeps what `member` still owes."""
    return "debt:" + member.partition(":")[2]


def is_understood(intent: Intent) -> bool:
    """Whether this version of the program knows the entry's version and kind."""
    return intent.v == VERSION and intent.kind in KINDS


def check_form(intent: Intent) -> Kind:
    """Everything that can be said of an entry without knowing the ledger; returns its row of the table.

    Raises Refused with the first thing that is wrong.
    """
    if intent.v != VERSION:
        raise Refused(Code.VERSION_UNKNOWN, v=intent.v)
    if intent.kind not in KINDS:
        raise Refused(Code.KIND_UNKNOWN, kind=intent.kind)
    kind = KINDS[intent.kind]
    if not _IDS[intent.kind].fullmatch(intent.id) or intent.id != _expected_id(intent):
        raise Refused(Code.ID_FORM, kind=intent.kind)
    _check_body(kind, intent)
    _check_moves(kind, intent)
    _check_sense(kind, intent)
    return kind


class FormedIntent(SignedIntent, frozen=True):
    """A signed intent whose form was found good, so that nobody needs to look again."""


def formed(signed: SignedIntent) -> FormedIntent:
    """Check the form; raises Refused with the first thing that is wrong. For what can be done outside the lock."""
    check_form(signed.intent)
    return FormedIntent(signed.intent, signed.note, signed.vkeys)


def _expected_id(intent: Intent) -> str:
    """The id that the rest of the entry asks for: nobody can squat on a derived id for something else."""
    match intent.kind:
        case "overflow" | "reverse" | "repay":
            return f"{intent.ref}.{intent.kind}"
        case "settle" | "release":
            return f"{intent.ref}.outcome"
        case "sent" | "returned":
            return (intent.ref or "").removesuffix(".hold") + ".outcome"
        case "open" | "close":
            return f"{intent.body.get('account')}.{intent.kind}"
        case "opening" | "expire" if len(intent.moves) == 1:
            account = intent.moves[0].target if intent.kind == "opening" else intent.moves[0].source
            return f"{account}.opening" if intent.kind == "opening" else f"{account}.expire.{intent.body.get('month')}"
        case "recon":
            return f"recon.{intent.body.get('peer')}.{intent.body.get('day')}"
        case "seal":
            return f"seal.{intent.body.get('day')}"
    return intent.id  # a uuid, or a name of its own: genesis, end; a decision's hash is checked by the rules


def _check_body(kind: Kind, intent: Intent) -> None:
    body = intent.body
    fields = kind.fields
    if not kind.required.keys() <= body.keys() <= fields.keys():
        for name in sorted(kind.required.keys() - body.keys()):
            raise Refused(Code.BODY_FIELD, field=name, why="missing")
        for name in sorted(body.keys() - fields.keys()):
            raise Refused(Code.BODY_FIELD, field=name, why="unknown")
    bad = [name for name, value in body.items() if not fields[name](value)]
    if bad:
        raise Refused(Code.BODY_FIELD, field=min(bad), why=(kind.required | kind.optional)[min(bad)].name)
    if (kind.ref is None) != (intent.ref is None):
        raise Refused(Code.ENVELOPE_FIELD, field="ref")
    if intent.ref is not None and not _REFS[intent.kind].fullmatch(intent.ref):
        raise Refused(Code.ENVELOPE_FIELD, field="ref")


def _check_moves(kind: Kind, intent: Intent) -> None:
    fewest, most = kind.moves
    if not fewest <= len(intent.moves) <= most:
        raise Refused(Code.MOVES_FORM, kind=intent.kind, moves=len(intent.moves))
    for move in intent.moves:
        if (class_of(move.source), class_of(move.target)) not in kind.legs or move.source == move.target:
            raise Refused(Code.MOVES_FORM, kind=intent.kind, source=move.source, target=move.target)


def _check_sense(kind: Kind, intent: Intent) -> None:
    if kind.served:
        _check_served(intent)
    elif intent.kind in PAIR_KINDS and intent.moves:
        peers = {name.partition(":")[2] for move in intent.moves for name in (move.source, move.target) if "/" in name}
        if peers != {intent.body["peer"]}:
            raise Refused(Code.MOVES_FORM, kind=intent.kind)
    elif intent.kind == "key":
        if (intent.body["role"] == KeyRole.MEMBER) != ("account" in intent.body):
            raise Refused(Code.BODY_FIELD, field="account", why="for a member's key, and only there")
        if intent.body["action"] == "add" and "compromised-from" in intent.body:
            raise Refused(Code.BODY_FIELD, field="compromised-from", why="only when a key is revoked")
    elif intent.kind == "genesis" and len({"before", "before-size", "before-root"} & intent.body.keys()) in (1, 2):
        raise Refused(Code.BODY_FIELD, field="before", why="origin, size and root come together")
    elif intent.kind == "opening" and ("before" in intent.body) != ("before-size" in intent.body):
        raise Refused(Code.BODY_FIELD, field="before", why="origin and size come together")


def _check_served(intent: Intent) -> None:
    body = intent.body
    if body["server"] in body["served"]:
        raise Refused(Code.SAME_PERSON)
    if ("start" in body) != ("end" in body):
        raise Refused(Code.BODY_FIELD, field="end", why="start and end come together")
    if "start" in body and not body["start"] < body["end"] <= body["start"] + 1440:
        raise Refused(Code.BODY_FIELD, field="end", why="after start, within a day")
    if "start" in body and body["minutes"] > body["end"] - body["start"]:
        raise Refused(Code.BODY_FIELD, field="minutes", why="no more than from start to end")
    if (body["confirmed"] == "clerk") != ("reason" in body):
        raise Refused(Code.BODY_FIELD, field="reason", why="when a clerk confirms, and only then")
    # Of a settle's two moves the second goes back to the payer.
    if body["credited"] != (intent.moves[0].minutes if intent.moves else 0):
        raise Refused(Code.BODY_FIELD, field="credited", why="the minutes of the first move")
    if (not intent.moves) != ("uncredited" in body):
        raise Refused(Code.BODY_FIELD, field="uncredited", why="when nothing is credited, and only then")
    if intent.moves and intent.moves[0].target not in (body["server"], "fund", "issue"):
        raise Refused(Code.MOVES_FORM, kind=intent.kind)


def roles_for(intent: Intent, kind: Kind) -> Signers:
    """Who must sign this entry: the row's signers, but lead and admin where a device's key is added or revoked."""
    if intent.kind == "key" and intent.body["role"] == KeyRole.DEVICE:
        return DEVICE_KEY_SIGNERS
    return kind.signers
