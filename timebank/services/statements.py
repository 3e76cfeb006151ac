"""What a person has: three figures, the history with its running balance, a statement, an entry, its receipt."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from timebank import directory
from timebank.access import Actor, Right, allowed, require, require_either
from timebank.bank import Bank, Reading, View
from timebank.ledger import Code, Line, Record, Refused, class_of, debt_of, reads

from . import private, shares

LONGEST_STATEMENT = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Minutes, never mixed: `available` now, `held` by open orders, `served` in all; `owed` still to be given back."""

    person: str
    community: str
    available: int
    held: int
    served: int
    owed: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry as a person meets it. `change` and `balance` are minutes of the account it is shown for.

    `names` gives a name for each account in it that belongs to a person; `reversed_by` the id of its reversal.
    """

    id: str
    seq: int
    kind: str
    ms: int
    day: str
    change: int
    balance: int
    moves: tuple[tuple[str, str, int], ...]
    body: dict[str, object] = field(default_factory=dict)
    ref: str | None = None
    on_behalf: str | None = None
    policy: int | None = None
    names: dict[str, str] = field(default_factory=dict)
    reversed_by: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Items, newest first, and the cursor for those before them (None at the end)."""

    items: tuple[Item, ...]
    before: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Everything between two days, oldest first, with the balance before and after."""

    person: str
    first_day: str
    last_day: str
    opening: int
    closing: int
    items: tuple[Item, ...]


def seen_person(view: Reading, actor: Actor | None, person_id: str) -> directory.people.Known:
    """The person, if the actor may see her; somebody unknown and somebody forbidden look the same."""
    return may_see(actor, person_id, directory.people.known(view.connection, [person_id]).get(person_id))


def may_see(actor: Actor | None, person_id: str, found: directory.people.Known | None) -> directory.people.Known:
    """As `seen_person`, of somebody who was looked up already."""
    require_either(actor, Right.SEE_PERSON, Right.SEE_OWN, found.community if found else "", person_id)
    if found is None or found.is_erased:
        raise Refused(Code.PERSON_UNKNOWN, person=person_id)
    return found


def figures(bank: Bank, actor: Actor | None, person_id: str) -> Figures:
    """The figures of a person; two accounts are read, whatever the history's length."""
    with bank.view() as view:
        person = seen_person(view, actor, person_id)
        return figures_of(view, view.head(person.origin), person)


def figures_of(view: View, head: reads.Head, person: directory.people.Known) -> Figures:
    account, debt = reads.accounts_named(view.connection, head, [person.account, debt_of(person.account)])
    return Figures(
        person=person.id,
        community=person.community,
        available=account.minutes,
        held=account.held,
        served=account.served + served_before(view, head.origin, [person.account]).get(person.account, 0),
        owed=-debt.minutes,
        size=head.size,
    )


def served_before(view: View, origin: str, accounts: Iterable[str]) -> dict[str, int]:
    """Minutes served in the community's earlier epochs: balances are brought over, what was served is added up."""
    served: dict[str, int] = {}
    for head in map(view.head, directory.epochs.epochs_before(origin)):
        for name, account in reads.accounts(view.connection, head, accounts).items():
            served[name] = served.get(name, 0) + account.served
    return served


def history(bank: Bank, actor: Actor | None, person_id: str, before: int | None = None, limit: int = 20) -> History:
    """The newest entries of a person before the cursor."""
    with bank.view() as view:
        person = seen_person(view, actor, person_id)
        return history_of(view, view.head(person.origin), person, before, limit)


def history_of(view: View, head: reads.Head, person: directory.people.Known, before: int | None, limit: int) -> History:
    until = head.size if before is None else before
    told = reads.told(view.connection, head, person.account, until=until, most=limit + 1, newest=True)
    more = len(told) > limit
    found = _items(view, told[:limit])
    return History(items=tuple(found), before=told[limit - 1].line.seq if more else None)


def statement(
    bank: Bank,
    actor: Actor | None,
    person_id: str,
    first_day: str,
    last_day: str,
    *,
    at_most: int = LONGEST_STATEMENT,
) -> Statement:
    """All entries of a person posted from `first_day` to `last_day`, both included; Refused beyond `at_most`."""
    with bank.view() as view:
        person = seen_person(view, actor, person_id)
        head = view.head(person.origin)
        first = reads.seq_at(view.connection, head, day_start_ms(first_day, head.offset_minutes))
        until = reads.seq_at(view.connection, head, day_start_ms(last_day, head.offset_minutes) + 86_400_000)
        told = reads.told(view.connection, head, person.account, first=first, until=until, most=at_most + 1)
        if len(told) > at_most:
            # Half a statement would close with a balance that is not the person's.
            raise Refused(Code.STATEMENT_TOO_LONG, most=at_most)
        earlier = reads.line_before(view.connection, head, person.account, first)
        opening = earlier.balance if earlier else 0
        return Statement(
            person=person.id,
            first_day=first_day,
            last_day=last_day,
            opening=opening,
            closing=told[-1].line.balance if told else opening,
            items=tuple(_items(view, told)),
        )


def day_start_ms(day: str, offset_minutes: int) -> int:
    """The time at which a day begins at the ledger's offset."""
    return (date.fromisoformat(day) - date(1970, 1, 1)) // timedelta(days=1) * 86_400_000 - offset_minutes * 60_000


def day_in_zone(ms: int, offset_minutes: int) -> str:
    """The calendar day of a time at an offset, YYYY-MM-DD."""
    return (date(1970, 1, 1) + timedelta(milliseconds=ms + offset_minutes * 60_000)).isoformat()


def items_of(reading: Reading, head: reads.Head, records: Sequence[Record]) -> list[Item]:
    """The entries of these records, in their order, shown for no account in particular."""
    return _items(reading, _told(reading, head, [(record, Line("", record.seq, 0, 0)) for record in records]))


def _told(reading: Reading, head: reads.Head, pairs: list[tuple[Record, Line]]) -> list[reads.Told]:
    undone = reads.ids_known(reading.connection, head, {f"{record.id}.reverse" for record, _ in pairs})
    return [reads.Told(line, record, f"{record.id}.reverse" in undone) for record, line in pairs]


def _items(reading: Reading, told: Sequence[reads.Told]) -> list[Item]:
    """With the names looked up for all together."""
    named = [accounts_in(one.record) for one in told]
    names = directory.people.names_of_accounts(reading.connection, reading.vault, set().union(*named))
    return [
        _item(one, {name: names[name] for name in accounts if name in names})
        for one, accounts in zip(told, named, strict=True)
    ]


def _item(told: reads.Told, names: dict[str, str]) -> Item:
    record, intent = told.record, told.record.intent
    return Item(
        id=record.id,
        seq=record.seq,
        kind=intent.kind,
        ms=record.ms,
        day=str(intent.body.get("day", "")),
        change=told.line.change,
        balance=told.line.balance,
        moves=tuple((move.source, move.target, move.minutes) for move in intent.moves),
        body=dict(intent.body),
        ref=intent.ref,
        on_behalf=intent.on_behalf,
        policy=record.policy,
        names=names,
        reversed_by=f"{record.id}.reverse" if told.undone else None,
    )


def accounts_in(record: Record) -> set[str]:
    """The member accounts that an entry names."""
    intent = record.intent
    named = {name for move in intent.moves for name in (move.source, move.target) if class_of(name) == "member"}
    named.update(intent.body.get("served", ()))
    named.update(intent.body[key] for key in ("server", "account") if key in intent.body)
    return named | ({intent.on_behalf} if intent.on_behalf else set())


def entry(bank: Bank, actor: Actor | None, community: str, entry_id: str) -> Item:
    """One entry, for a clerk of the community or for a person whose entry it is."""
    with bank.view() as view:
        return entry_in(view, actor, community, seen_record(view, actor, community, entry_id))


def entry_in(view: View, actor: Actor | None, community: str, record: Record) -> Item:
    """As `entry`, of a record that the actor may see."""
    head = view.head_of(community)
    own = _own_account(view, actor, record)
    line = reads.line_before(view.connection, head, own, record.seq + 1)
    if line is None or line.seq != record.seq:
        line = Line("", record.seq, 0, 0)
    item = _items(view, _told(view, head, [(record, line)]))[0]
    return replace(item, note=private.note_of(view, head.origin, record.id))


# What may follow from an entry: its id is the entry's with one of these behind it.
_FOLLOWING = ("overflow", "repay", "outcome", "reverse")


def linked(bank: Bank, actor: Actor | None, community: str, entry_id: str) -> tuple[Item, ...]:
    """The entries that belong to one: what it refers to, what followed from it, and what undid it; oldest first."""
    with bank.view() as view:
        return linked_in(view, actor, community, seen_record(view, actor, community, entry_id))


def linked_in(view: View, actor: Actor | None, community: str, record: Record) -> tuple[Item, ...]:
    """As `linked`, of a record that the actor may see."""
    head = view.head_of(community)
    wanted = {f"{record.id}.{kind}" for kind in _FOLLOWING} | ({record.intent.ref} if record.intent.ref else set())
    wanted.add(shares.entry_of(record.intent.body) if shares.is_share(record.intent.body) else shares.id_of(record.id))
    raws = reads.raw_by_ids(view.connection, head, wanted).values()
    found = sorted(reads.by_raw(head, raws), key=lambda other: other.seq)
    return tuple(items_of(view, head, [other for other in found if _may_see(view, actor, community, other)]))


def _own_account(view: View, actor: Actor | None, record: Record) -> str:
    if actor is None:
        return ""
    if actor.account in accounts_in(record):
        return actor.account or ""
    return next(iter(sorted(own_accounts(view, actor) & accounts_in(record))), "")


def own_accounts(view: View, actor: Actor | None) -> set[str]:
    """The accounts of whoever asks, and of the elders whose hours she may see."""
    if actor is None:
        return set()
    return directory.people.accounts_of(view.connection, actor.acts_for(Right.SEE_OWN)) | {actor.account or ""}


def seen_record(view: View, actor: Actor | None, community: str, entry_id: str) -> Record:
    """The record, if the actor may see it; one that is not there and one that is not theirs look the same."""
    if allowed(actor, Right.SEE_PERSON, community):
        return reads.record_by_id(view.connection, view.head_of(community), entry_id)
    hers = actor.acts_for(Right.SEE_OWN) if actor else frozenset()
    if not any(allowed(actor, Right.SEE_OWN, community, one) for one in hers):  # elders, who may live elsewhere
        require(actor, Right.SEE_OWN, community, actor.person if actor and actor.person else "")
    record = reads.record_by_id(view.connection, view.head_of(community), entry_id)
    if not _may_see(view, actor, community, record):
        raise Refused(Code.ENTRY_UNKNOWN, entry=entry_id)
    return record


def _may_see(view: View, actor: Actor | None, community: str, record: Record) -> bool:
    if actor is None or allowed(actor, Right.SEE_PERSON, community):
        return actor is not None
    return bool(accounts_in(record) & own_accounts(view, actor))


def receipt(bank: Bank, actor: Actor | None, community: str, entry_id: str) -> bytes:
    """The receipt file of an entry. It names no person, only accounts; who may see the entry or audit may have it."""
    with bank.view() as view:
        head = view.head_of(community)
        if allowed(actor, Right.AUDIT, community):
            record = reads.record_by_id(view.connection, head, entry_id)
        else:
            record = seen_record(view, actor, community, entry_id)
        return reads.receipts(view.connection, head, [record])[0].to_bytes()
