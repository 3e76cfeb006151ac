"""What a ledger's entries add up to: the one place where an entry changes a balance, a hold or a key."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

import msgspec
from msgspec.structs import replace

from .entry import NO_HASH, Intent, Move, Record, parse_record, text_hash
from .errors import Code, Refused
from .keys import KeyRole, Vkey
from .kinds import KINDS, PAIR_KINDS, class_of, debt_of, is_understood
from .merkle import Frontier, Tree


class Account(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One account. `minutes` is its balance; `served` the minutes served in all; `held` the sum of its open holds.

    `opened` is the sequence number of the entry that opened it, None for accounts that need no opening.
    """

    name: str
    kind: str
    minutes: int = 0
    served: int = 0
    held: int = 0
    opened: int | None = None
    closed: int | None = None


class Hold(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Minutes set aside from `source` on `via` (held:orders or held:<peer>) until an outcome (a sequence number)."""

    id: str
    source: str
    via: str
    minutes: int
    order: str | None
    opened: int
    outcome: int | None = None


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """A registered key: valid for entries after `since`, up to and with `until`."""

    vkey: Vkey
    role: KeyRole
    since: int
    until: int | None = None
    account: str | None = None
    compromised_from: int | None = None

    def is_valid_at(self, seq: int) -> bool:
        return self.since < seq and (self.until is None or seq <= self.until)


class PolicyVersion(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A version of the policy, in force from a day on; `seq` is where it was posted."""

    version: int
    from_day: str
    sha256: str
    seq: int


# Why a service is not credited yet: the day's sum is not worth a step. It counts together with what follows.
BELOW_STEP = "below-step"


class DaySum(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What one person's day of service is judged by.

    `minutes` that count for credit, minutes `credited` for them, and of these what did not stay with the person: it was
    diverted by a cap, or was never hers (a group's goes to the fund, a provider's ends).
    """

    minutes: int = 0
    credited: int = 0
    overflowed: int = 0


class Line(msgspec.Struct, frozen=True, gc=False):
    """What one entry did to one account: the change and the balance after it, in minutes."""

    account: str
    seq: int
    change: int
    balance: int


@dataclass(slots=True)
class Changed:
    """Which rows the appended entries touched, so that the store writes these and no others.

    `pairs` and `devices` are the links added to chains: (peer or device, n, sequence number, link for the next).
    """

    accounts: set[str] = field(default_factory=set)
    holds: set[str] = field(default_factory=set)
    keys: set[tuple[str, bytes]] = field(default_factory=set)
    policies: set[int] = field(default_factory=set)
    pairs: list[tuple[str, int, int, str]] = field(default_factory=list)
    devices: list[tuple[str, int, int, str]] = field(default_factory=list)
    days: set[tuple[str, str]] = field(default_factory=set)
    subtrees: list[tuple[int, int, bytes]] = field(default_factory=list)


def nowhere(_entry: str) -> bytes | None:
    """Where no other records are to be found."""
    return None


@dataclass(slots=True)
class Books:
    """The state of one ledger after `tree.size` records.

    The verifier builds it whole by replaying; the store loads the few rows that an entry needs. `entries` are the
    records at hand, by id; others are asked for `elsewhere`.
    """

    origin: str
    tree: Frontier | Tree = field(default_factory=Frontier)
    last_hash: str = NO_HASH
    last_ms: int = 0
    offset_minutes: int = 0
    quorum: int = 0
    ended: bool = False
    keys: dict[tuple[str, bytes], Key] = field(default_factory=dict)
    policies: list[PolicyVersion] = field(default_factory=list)
    accounts: dict[str, Account] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)
    entries: dict[str, bytes] = field(default_factory=dict)
    elsewhere: Callable[[str], bytes | None] = nowhere
    pairs: dict[str, tuple[int, str]] = field(default_factory=dict)
    devices: dict[str, tuple[int, str]] = field(default_factory=dict)
    days: dict[tuple[str, str], DaySum] = field(default_factory=dict)
    changed: Changed = field(default_factory=Changed)
    # Who was found to have the right to sign which kind: most entries are signed by the same few keys.
    cleared: dict[tuple[str, str, tuple[Vkey, ...]], KeyRole] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return self.tree.size

    def day_of(self, ms: int) -> str:
        """The calendar day of `ms` in the zone fixed at genesis, YYYY-MM-DD."""
        return day_at(ms, self.offset_minutes)

    def policy_on(self, day: str) -> PolicyVersion | None:
        """The version in force on `day`: the highest whose first day is not after it."""
        for policy in reversed(self.policies):
            if policy.from_day <= day:
                return policy
        return None

    def log_key(self) -> Key:
        """The key that signs checkpoints now: the log key added last."""
        return max((key for key in self.keys.values() if key.role is KeyRole.LOG), key=lambda key: key.since)

    def account(self, name: str) -> Account:
        """The account, made with nothing on it where its class needs no opening; Refused when it was never opened."""
        found = self.accounts.get(name)
        if found is None:
            if class_of(name) == "member":
                raise Refused(Code.ACCOUNT_UNKNOWN, account=name)
            found = Account(name=name, kind=class_of(name))
        return found

    def original(self, intent: Intent) -> Record:
        """The entry that `intent.ref` names; Refused when there is none before the one that comes next."""
        name = intent.ref or ""
        raw = self.entries.get(name) or self.elsewhere(name)
        found = None if raw is None else parse_record(raw)
        if found is None or found.seq >= self.size:
            raise Refused(Code.ENTRY_UNKNOWN, entry=intent.ref)
        return found

    def pair_for(self, intent: Intent) -> tuple[str, int, str] | None:
        """The header's `pair` that comes next, where the kind asks for one."""
        if intent.kind not in PAIR_KINDS or not is_understood(intent):
            return None
        peer = intent.body["peer"]
        count, link = self.pairs.get(peer, (0, NO_HASH))
        return peer, count + 1, link

    def apply(self, record: Record) -> list[Line]:
        """Enter a record that the rules have passed; returns a line for each account that it concerns."""
        intent = record.intent
        self.changed.subtrees += self.tree.append(record.hash)
        self.last_hash, self.last_ms = record.hash.hex(), record.ms
        if record.pair is not None:
            peer = record.pair[0]
            self.pairs[peer] = (record.pair[1], self.last_hash)
            self.changed.pairs.append((peer, record.pair[1], record.seq, self.last_hash))
        if intent.device is not None:
            link = text_hash(record.note)
            self.devices[intent.by] = (intent.device[0], link)
            self.changed.devices.append((intent.by, intent.device[0], record.seq, link))
        changes = net(intent.moves)
        accounts = self.accounts
        for name, change in changes.items():
            account = accounts.get(name) or self.account(name)
            accounts[name] = replace(account, minutes=account.minutes + change)
        self.changed.accounts.update(changes)
        if is_understood(intent):
            self._enter(record)
            for name in concerned(intent):
                changes.setdefault(name, 0)
        seq = record.seq
        return [Line(name, seq, change, accounts[name].minutes) for name, change in changes.items()]

    def _put(self, account: Account) -> None:
        self.accounts[account.name] = account
        self.changed.accounts.add(account.name)

    def _enter(self, record: Record) -> None:
        match record.intent.kind:
            case "genesis":
                self._found(record)
            case "key":
                self._register(record)
            case "policy":
                body = record.intent.body
                self.policies.append(
                    PolicyVersion(version=body["version"], from_day=body["from"], sha256=body["sha256"], seq=record.seq)
                )
                self.changed.policies.add(body["version"])
            case "open":
                body = record.intent.body
                self._put(Account(name=body["account"], kind=body["class"], opened=record.seq))
            case "close":
                self._put(replace(self.account(record.intent.body["account"]), closed=record.seq))
            case "service":
                self._serve(record.intent, +1)
            case "hold" | "send":
                self._hold(record)
            case "settle":
                self._finish(record)
                self._serve(record.intent, +1)
            case "release" | "sent" | "returned":
                self._finish(record)
            case "overflow":
                self._divert(self.original(record.intent).intent, record.intent.moves[0].minutes)
            case "reverse":
                self._undo(self.original(record.intent).intent)
            case "end":
                self.ended = True

    def _found(self, record: Record) -> None:
        body = record.intent.body
        self.offset_minutes, self.quorum = body["offset"], body["quorum"]
        roles = [(body["log"], KeyRole.LOG), (body["system"], KeyRole.SYSTEM)]
        for text, role in roles + [(text, KeyRole.ADMIN) for text in body["admins"]]:
            self._add_key(Key(vkey=Vkey.parse(text), role=role, since=record.seq))

    def _register(self, record: Record) -> None:
        body = record.intent.body
        vkey = Vkey.parse(body["vkey"])
        if body["action"] == "add":
            role = KeyRole(body["role"])
            self._add_key(Key(vkey=vkey, role=role, since=record.seq, account=body.get("account")))
        else:
            key = self.keys[vkey.name, vkey.key_id]
            self._add_key(replace(key, until=record.seq, compromised_from=body.get("compromised-from")))

    def _add_key(self, key: Key) -> None:
        self.cleared.clear()
        self.keys[key.vkey.name, key.vkey.key_id] = key
        self.changed.keys.add((key.vkey.name, key.vkey.key_id))

    def _serve(self, intent: Intent, sign: int) -> None:
        body = intent.body
        server = self.account(body["server"])
        self._put(replace(server, served=server.served + sign * body["minutes"]))
        day = self.days.get((server.name, body["day"]), DaySum())
        credited = sign * body["credited"]
        elsewhere = credited if intent.moves and intent.moves[0].target != server.name else 0
        self._put_day(
            server.name,
            body["day"],
            DaySum(
                minutes=day.minutes + sign * minutes_for_credit(intent),
                credited=day.credited + credited,
                overflowed=day.overflowed + elsewhere,
            ),
        )

    def _divert(self, credit: Intent, minutes: int) -> None:
        if not KINDS[credit.kind].served:
            return
        key = (credit.body["server"], credit.body["day"])
        day = self.days.get(key, DaySum())
        self._put_day(*key, replace(day, overflowed=day.overflowed + minutes))

    def _put_day(self, account: str, day: str, value: DaySum) -> None:
        self.days[account, day] = value
        self.changed.days.add((account, day))

    def _hold(self, record: Record) -> None:
        move = record.intent.moves[0]
        self._put_hold(
            Hold(
                id=record.id.removesuffix(".hold"),
                source=move.source,
                via=move.target,
                minutes=move.minutes,
                order=record.intent.body.get("order"),
                opened=record.seq,
            ),
            move.minutes,
        )

    def _finish(self, record: Record) -> None:
        hold = self.holds[(record.intent.ref or "").removesuffix(".hold")]
        self._put_hold(replace(hold, outcome=record.seq), -hold.minutes)

    def _put_hold(self, hold: Hold, change: int) -> None:
        self.holds[hold.id] = hold
        self.changed.holds.add(hold.id)
        source = self.account(hold.source)
        self._put(replace(source, held=source.held + change))

    def _undo(self, original: Intent) -> None:
        if KINDS[original.kind].served:
            self._serve(original, -1)
        if original.kind == "overflow":
            self._divert(self.original(original).intent, -original.moves[0].minutes)


def minutes_for_credit(intent: Intent) -> int:
    """How much of a service counts for what the day is worth.

    Not what is only recorded, or the next visit would be paid for it; nor what took longer than was held, or whoever is
    served next would be.
    """
    body = intent.body
    if not intent.moves:
        return int(body["minutes"]) if body["uncredited"] == BELOW_STEP else 0
    nothing_came_back = intent.kind == "settle" and len(intent.moves) == 1
    return int(min(body["minutes"], body["credited"]) if nothing_came_back else body["minutes"])


def day_at(ms: int, offset_minutes: int) -> str:
    """The calendar day of `ms` at an offset from UTC, YYYY-MM-DD."""
    return _calendar_day((ms // 60_000 + offset_minutes) // 1440)


@lru_cache(maxsize=4096)
def _calendar_day(number: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=number)).isoformat()


def net(moves: Iterable[Move]) -> dict[str, int]:
    """What these moves change on each account, in minutes."""
    changes: dict[str, int] = {}
    for move in moves:
        changes[move.source] = changes.get(move.source, 0) - move.minutes
        changes[move.target] = changes.get(move.target, 0) + move.minutes
    return changes


def concerned(intent: Intent) -> Iterable[str]:
    """Accounts in whose history the entry appears although nothing moves on them: who served, who was served."""
    if intent.kind in ("service", "settle"):
        return (intent.body["server"], *intent.body["served"])
    if intent.kind in ("open", "close"):
        return (intent.body["account"],)
    return ()


def moves_to_reverse(books: Books, original: Record) -> tuple[Move, ...]:
    """The moves that undo `original` now: once and whole; what a member no longer has goes on the debt account.

    A settle goes back to the hold's payer. Raises Refused when the kind cannot be reversed.
    """
    intent = original.intent
    if not intent.moves:
        return ()
    move = intent.moves[0]
    payer = books.original(intent).intent.moves[0].source if intent.kind == "settle" else move.source
    if payer == move.target:
        return ()
    if class_of(move.target) != "member":
        return (Move(move.target, payer, move.minutes),)
    left = min(books.account(move.target).minutes, move.minutes)
    parts = ((move.target, left), (debt_of(move.target), move.minutes - left))
    return tuple(Move(source, payer, minutes) for source, minutes in parts if minutes)
