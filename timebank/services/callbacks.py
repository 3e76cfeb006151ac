"""Call back some of those who were served: which, nobody chooses, and somebody else than the recorder calls.

docs/callbacks.md says how they are drawn, so that anybody who holds the books can draw them again.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import Bank, Reading
from timebank.ledger import Code, Record, Refused, reads

from . import questions
from .care import month_ms
from .statements import Item, day_in_zone, items_of

MOST_SHOWN = 500
GIVEN, NOT_GIVEN, UNREACHABLE = "given", "not-given", "unreachable"
ANSWERS = (GIVEN, NOT_GIVEN, UNREACHABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """What was drawn of a month, and from what: the books' size and root (in hex) when it ended, `served` entries."""

    community: str
    month: str
    size: int
    root: str
    percent: int
    served: int
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """Somebody was called about an entry, and what she said."""

    community: str
    entry: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """An entry to call about: whom, and her number. `own`: the reader recorded it, so another one calls."""

    entry: str
    month: str
    item: Item | None
    person_name: str
    phone: str | None
    answer: str | None
    own: bool


def draw(bank: Bank, actor: Actor | None, community: str, month: str | None = None) -> Draw:
    """Draw the calls of a month (YYYY-MM, the last one when None); drawn again it gives the same.

    Refused while the month is not over: until then whoever enters something could still turn the draw.
    """
    require(actor, Right.DRAW_CALLBACKS, community)
    with bank.office() as office:
        office.community(community)
        # Locked, or two draws at once would both find that nothing was drawn.
        head = reads.head(office.connection, office.origin_of(community), lock=True)
        today = day_in_zone(office.now, head.offset_minutes)
        month = month or month_before(today)
        if month >= today[:7]:
            raise Refused(Code.MONTH_NOT_OVER, month=month)
        first, until = month_ms(month, head.offset_minutes)
        size = reads.seq_at(office.connection, head, until)
        root = reads.root_at(office.connection, head, size) or b""
        served = served_in(reads.records_between(office.connection, head, first, until))
        percent = _percent(office, head, month)
        drawn = drawn_of(root, [record.id for record in served], percent)
        known = directory.callbacks.of_month(office.people, community, month)
        office.people.add_all(
            directory.Callback(community=community, month=month, entry=entry, origin=head.origin, drawn_at=office.now)
            for entry in drawn
            if entry not in known
        )
        return Draw(
            community=community,
            month=month,
            size=size,
            root=root.hex(),
            percent=percent,
            served=len(served),
            entries=tuple(drawn),
        )


def served_in(records: Iterable[Record]) -> list[Record]:
    """Of a month's records the services for somebody, less those that were undone within the month."""
    month = list(records)
    undone = {record.intent.ref for record in month if record.intent.kind == "reverse"}
    return [
        record
        for record in month
        if record.intent.kind in ("service", "settle") and record.intent.body.get("served") and record.id not in undone
    ]


def drawn_of(root: bytes, entries: Iterable[str], percent: int) -> list[str]:
    """The entries to call about: those whose SHA-256 of root and id comes first; at least one where any are called."""
    in_order = ranked(root, entries)
    return in_order[: max(1, -(-len(in_order) * percent // 100))] if percent else []


def ranked(root: bytes, ids: Iterable[str]) -> list[str]:
    """In an order that nobody knows before the root, and nobody chooses."""
    return sorted(ids, key=lambda one: hashlib.sha256(root + one.encode()).digest())


def open_ones(bank: Bank, actor: Actor | None, community: str) -> tuple[Call, ...]:
    """Whom the station has still to call, the oldest month first."""
    actor = require(actor, Right.SEE_DAY, community)
    with bank.view() as view:
        found = directory.callbacks.open_ones(view.people, community, MOST_SHOWN)
        made: list[Call] = []
        for origin in sorted({callback.origin for callback in found}):
            made += _calls(view, actor, origin, [one for one in found if one.origin == origin])
        return tuple(sorted(made, key=lambda call: (call.month, call.entry)))


def answer(bank: Bank, actor: Actor | None, called: Called) -> Call:
    """Keep what somebody said. Whoever recorded the entry cannot be the one who called.

    `not-given` opens a question about the entry, unless there is one, and changes nothing else. Who was unreachable may
    be called again; another answer than before is refused.
    """
    actor = require(actor, Right.CALL_BACK, called.community)
    with bank.office() as office:
        callback = directory.callbacks.of_entry(office.people, called.community, called.entry)
        if callback is None:
            raise Refused(Code.ENTRY_UNKNOWN, entry=called.entry)
        if callback.answer in (GIVEN, NOT_GIVEN):
            if callback.answer != called.answer:
                raise Refused(Code.ALREADY_DECIDED, decision=callback.answer)
        else:
            recorded = office.people.get(directory.Recorded, (callback.origin, callback.entry))
            if recorded is not None and recorded.login == actor.login:
                raise Refused(Code.SECOND_PERSON)
            if called.answer == NOT_GIVEN:
                _doubt(office, bank, actor, callback)
            callback.answer, callback.called_by, callback.called_at = called.answer, actor.login, office.now
        office.people.flush()
        return _calls(office, actor, callback.origin, [callback])[0]


def _doubt(office: Reading, bank: Bank, actor: Actor, callback: directory.Callback) -> None:
    head = office.head(callback.origin)
    record = reads.record_by_id(office.connection, head, callback.entry)
    try:
        questions.check_open(office, head, record)
    except Refused:  # it is asked about already, or undone
        return
    for whose in directory.questions.people_of(office.people, record.intent.body["served"][:1]):
        questions.raise_question(office, head, record, whose, actor, id=bank.uuid(), called=True)


def _calls(reading: Reading, actor: Actor, origin: str, callbacks: list[directory.Callback]) -> list[Call]:
    """With entries, people and recorders looked up for all together."""
    head, connection = reading.head(origin), reading.connection
    wanted = {callback.entry for callback in callbacks}
    records = {record.id: record for record in reads.by_raw(head, reads.raw_by_ids(connection, head, wanted).values())}
    items = {item.id: item for item in items_of(reading, head, list(records.values()))}
    recorders = directory.care.recorders_of(connection, origin, wanted)
    accounts = {record.id: str(record.intent.body["served"][0]) for record in records.values()}
    people = directory.care.reachable(connection, reading.vault, set(accounts.values()))
    made = []
    for callback in callbacks:
        name, phone = people.get(accounts.get(callback.entry, ""), ("", None))
        made.append(
            Call(
                entry=callback.entry,
                month=callback.month,
                item=items.get(callback.entry),
                person_name=name,
                phone=phone,
                answer=callback.answer,
                own=recorders.get(callback.entry) == actor.login,
            )
        )
    return made


def _percent(reading: Reading, head: reads.Head, month: str) -> int:
    """By the policy that was in force when the month ended."""
    return reading.policy_at(head, f"{month}-31").confirmation.callbacks_percent


def month_before(day: str) -> str:
    """The month (YYYY-MM) before that of a day."""
    return (date.fromisoformat(f"{day[:7]}-01") - timedelta(days=1)).isoformat()[:7]
