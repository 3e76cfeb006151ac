"""日结: what was entered in a day and what waits at its end, and the record that a station closed it.

A close changes nothing in the books and keeps nobody from entering more. It says what was counted then, under which
head, and how many slips lay in the box; what differs is shown, and stays.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import DAY_MS, MINUTE_MS, Bank, Reading
from timebank.directory import ANY_TIME, DayClose
from timebank.directory.orders import Asked
from timebank.ledger import Code, Record, Refused, reads
from timebank.lifecycle import State

from . import rosters, shares
from .care import month_ms
from .orders import said_start
from .statements import day_in_zone, day_start_ms

DAYS_BACK = 14  # so long a day that was not closed is shown
CREDITED, USED, UNCREDITED, CORRECTED, OTHER = "credited", "used", "uncredited", "corrected", "other"
KINDS = (CREDITED, USED, UNCREDITED, CORRECTED, OTHER)
_MOST = 500
_MOST_SHEETS = 20
# What follows by itself from another entry, or is made at night, is nobody's work of the day.
_BY_ITSELF = frozenset({"overflow", "repay", "seal", "recon", "expire", "sent", "returned", "accept", "refuse"})
# What only a station enters: a volunteer who signs out on a Sunday makes no day that must be closed.
_AT_DESK = ("service", "reverse", "grant", "open", "close")
_LATE = (State.REQUESTED, State.OPEN, State.ACCEPTED, State.UNANSWERED, State.UNDERWAY)
_UNCONFIRMED = (State.SERVED, State.DISPUTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """What a clerk says when she closes a day: `slips` as counted by hand, and the number of the box they are in."""

    id: str
    community: str
    day: str
    slips: int
    box: str = ""
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """Of one of KINDS: how many entries, and minutes in all; of OTHER none, for they would be of different things."""

    kind: str
    number: int
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What was entered in a day, each entry on one line; what was used is told once more, of the services credited.

    `papers`: how many slips and signed lists the entries name; the list of an event counts once.
    """

    lines: tuple[Line, ...]
    entries: int
    papers: int

    def minutes(self, kind: str) -> int:
        return sum(line.minutes for line in self.lines if line.kind == kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A close as it is kept; `closed_at` in milliseconds, `root` in hex, `missing` is papers less slips."""

    id: str
    community: str
    day: str
    closed_at: int
    closed_by: str
    size: int
    root: str
    entries: int
    credited: int
    used: int
    papers: int
    slips: int
    box: str
    note: str | None

    @property
    def missing(self) -> int:
        return self.papers - self.slips


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """An order whose time has come and that is not over. `start`, `end`: minutes after midnight, None if not said."""

    hold: str
    service: str
    wanted_day: str
    start: int | None
    end: int | None
    state: str
    elder_name: str
    volunteer_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """What is left to do: late and unconfirmed visits, and how many of the other lists, by what they are.

    `sheets` are the ids of spreadsheets that nobody let in, or that are still being entered.
    """

    late: tuple[Late, ...]
    unconfirmed: tuple[Late, ...]
    approvals: int
    questions: int
    calls: int
    sheets: tuple[str, ...]

    @property
    def number(self) -> int:
        lists = len(self.late) + len(self.unconfirmed) + len(self.sheets)
        return lists + self.approvals + self.questions + self.calls


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day to be closed, with its closes, the one that stands first. `after`: entries made since that one."""

    community: str
    place: str
    day: str
    today: str
    counted: Counted
    waits: Waits
    closes: tuple[Closed, ...]
    after: int
    box: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """The closes of a month (YYYY-MM), the newest day first; `open`: days with entries that were never closed."""

    community: str
    place: str
    month: str
    this_month: str
    closes: tuple[Closed, ...]
    open: tuple[str, ...]


def of_day(bank: Bank, actor: Actor | None, community: str, wanted: str | None = None) -> Day:
    """The day `wanted` (today when None). The cost is linear in its entries."""
    require(actor, Right.SEE_DAY, community)
    with bank.view() as view:
        place = view.community(community)
        head = view.head(place.origin)
        today = day_in_zone(view.now, head.offset_minutes)
        day = wanted or today
        records = _records(view, head, day)
        rows = directory.closes.of_day(view.people, community, day)
        last = directory.closes.newest(view.people, community)
        return Day(
            community=community,
            place=_named(place),
            day=day,
            today=today,
            counted=_counted(view, head, records),
            waits=_waits(view, community, head, day),
            closes=tuple(_told(view, rows)),
            after=_entries_since(records, head, rows[0]) if rows else 0,
            box=last.box if last else "",
        )


def of_month(bank: Bank, actor: Actor | None, community: str, month: str | None = None) -> Month:
    """The closes of a month, this one when None; of each day the one that stands."""
    require(actor, Right.SEE_DAY, community)
    with bank.view() as view:
        place = view.community(community)
        head = view.head(place.origin)
        today = day_in_zone(view.now, head.offset_minutes)
        month = month or today[:7]
        kept = directory.closes.between(view.people, community, f"{month}-01", f"{month}-31")
        newest = {row.day: row for row in reversed(kept)}
        open_days = _open_days(view, head, community, *month_ms(month, head.offset_minutes))
        return Month(
            community=community,
            place=_named(place),
            month=month,
            this_month=today[:7],
            closes=tuple(_told(view, sorted(newest.values(), key=lambda row: row.day, reverse=True))),
            open=tuple(day for day in open_days if day < today),
        )


def one(bank: Bank, actor: Actor | None, community: str, close: str) -> tuple[Closed, str]:
    """A close of this community, and what its place is called; for the sheet that two sign."""
    require(actor, Right.SEE_DAY, community)
    with bank.view() as view:
        row = view.people.get(DayClose, close)
        if row is None or row.community != community:
            raise Refused(Code.ENTRY_UNKNOWN, entry=close)
        return _told(view, [row])[0], _named(view.community(community))


def not_closed(bank: Bank, actor: Actor | None, community: str) -> tuple[str, ...]:
    """The days before today, DAYS_BACK at most, on which the station entered something and that nobody closed."""
    require(actor, Right.SEE_DAY, community)
    with bank.view() as view:
        head = view.head(view.community(community).origin)
        until = day_start_ms(day_in_zone(view.now, head.offset_minutes), head.offset_minutes)
        return _open_days(view, head, community, until - DAYS_BACK * DAY_MS, until)


def close(bank: Bank, actor: Actor | None, wanted: Close) -> tuple[Closed, bool]:
    """Close a day, and whether that was done before: by this very request, or with the same answers and nothing
    entered since. Refused for a day that has not come."""
    actor = require(actor, Right.CLOSE_DAY, wanted.community)
    with bank.office() as office:
        directory.closes.lock(office.people, wanted.community)
        head = office.head(office.community(wanted.community).origin)
        if wanted.day > day_in_zone(office.now, head.offset_minutes):
            raise Refused(Code.DAY_IN_FUTURE, day=wanted.day)
        records = _records(office, head, wanted.day)
        before = _before(office, wanted, head, records)
        row = before or _kept(office, actor, wanted, head, _counted(office, head, records))
        return _told(office, [row])[0], before is not None


def _before(office: Reading, wanted: Close, head: reads.Head, records: Sequence[Record]) -> DayClose | None:
    """The close that this one repeats."""
    same = office.people.get(DayClose, wanted.id)
    if same is not None:
        if (same.community, same.day) != (wanted.community, wanted.day) or not _says(office, same, wanted):
            raise Refused(Code.ID_TAKEN, id=wanted.id)
        return same
    closes = directory.closes.of_day(office.people, wanted.community, wanted.day)
    if closes and _says(office, closes[0], wanted) and not _entries_since(records, head, closes[0]):
        return closes[0]
    return None


def _says(office: Reading, row: DayClose, wanted: Close) -> bool:
    return (row.slips, row.box, _note_of(office, row)) == (wanted.slips, wanted.box, wanted.note)


def _kept(office: Reading, actor: Actor, wanted: Close, head: reads.Head, counted: Counted) -> DayClose:
    note = None if wanted.note is None else office.vault.seal("day_closes.note", wanted.id, wanted.note)
    row = DayClose(
        id=wanted.id,
        community=wanted.community,
        day=wanted.day,
        origin=head.origin,
        closed_by=actor.login,
        closed_at=office.now,
        size=head.size,
        root=head.root,
        entries=counted.entries,
        credited=counted.minutes(CREDITED),
        used=counted.minutes(USED),
        papers=counted.papers,
        slips=wanted.slips,
        box=wanted.box,
        sealed_note=note,
    )
    office.people.add(row)
    return row


def _named(place: directory.communities.Place) -> str:
    return f"{place.county} · {place.town} · {place.name}"


def _note_of(reading: Reading, row: DayClose) -> str | None:
    return None if row.sealed_note is None else reading.vault.open("day_closes.note", row.id, row.sealed_note)


def _told(reading: Reading, rows: Sequence[DayClose]) -> list[Closed]:
    names = directory.care.names_of_logins(reading.connection, reading.vault, {row.closed_by for row in rows})
    return [
        Closed(
            id=row.id,
            community=row.community,
            day=row.day,
            closed_at=row.closed_at,
            closed_by=names.get(row.closed_by, ""),
            size=row.size,
            root=row.root.hex(),
            entries=row.entries,
            credited=row.credited,
            used=row.used,
            papers=row.papers,
            slips=row.slips,
            box=row.box,
            note=_note_of(reading, row),
        )
        for row in rows
    ]


# --- what was entered ------------------------------------------------------------------------------------------------


def _records(reading: Reading, head: reads.Head, day: str) -> list[Record]:
    """The records of a day that the head covers: what is entered meanwhile is not counted under it."""
    start = day_start_ms(day, head.offset_minutes)
    found = reads.records_between(reading.connection, head, start, start + DAY_MS)
    return [record for record in found if record.seq < head.size and record.intent.kind not in _BY_ITSELF]


def _counted(reading: Reading, head: reads.Head, records: Sequence[Record]) -> Counted:
    served = {record.id: record.intent.body for record in records if record.intent.kind in ("service", "settle")}
    same = shares.among(served)
    settled = [str(record.intent.ref) for record in records if record.intent.kind == "settle"]
    payers = {hold: one.source for hold, one in reads.holds(reading.connection, head, settled).items()}
    counted = [record for record in records if record.id not in same]
    sums = dict.fromkeys(KINDS, (0, 0))
    for kind, minutes in (one for record in counted for one in _kinds(record, payers)):
        number, before = sums[kind]
        sums[kind] = number + 1, before + minutes
    papers = {_paper(id, body) for id, body in served.items() if id not in same and body["confirmed"] == "paper"}
    lines = tuple(Line(kind, *sums[kind]) for kind in KINDS)
    return Counted(lines=lines, entries=len(counted), papers=len(papers))


def _kinds(record: Record, payers: Mapping[str, str]) -> Iterable[tuple[str, int]]:
    """As what an entry is told, with its minutes."""
    intent = record.intent
    moved = sum(move.minutes for move in intent.moves[:1])
    if intent.kind not in ("service", "settle"):
        yield (CORRECTED, moved) if intent.kind == "reverse" else (OTHER, 0)
        return
    if intent.moves and intent.moves[0].target.startswith("member:"):
        yield CREDITED, moved
    else:
        yield UNCREDITED, intent.body["minutes"]
    if payers.get(str(intent.ref), "").startswith("member:"):
        yield USED, moved


def _paper(id: str, body: Mapping[str, Any]) -> str:
    """The paper on which an entry was signed: of an event all entries are on one."""
    return rosters.roster_of(body) or id


def _entries_since(records: Iterable[Record], head: reads.Head, row: DayClose) -> int:
    """How many of the records a close did not cover; all, where another epoch of the ledger has begun since."""
    return sum(record.seq >= row.size or row.origin != head.origin for record in records)


def _open_days(reading: Reading, head: reads.Head, community: str, first_ms: int, until_ms: int) -> tuple[str, ...]:
    found = reads.days_with(reading.connection, head, _AT_DESK, first_ms, until_ms)
    days = {(date(1970, 1, 1) + timedelta(days=number)).isoformat() for number in found}
    if not days:
        return ()
    kept = directory.closes.between(reading.people, community, min(days), max(days))
    return tuple(sorted(days - {row.day for row in kept}))


# --- what waits ------------------------------------------------------------------------------------------------------


def _waits(reading: Reading, community: str, head: reads.Head, day: str) -> Waits:
    orders = _orders(reading, community, head, day)
    people = {person for order in orders for person in (order.elder, order.volunteer) if person}
    names = directory.people.names_of(reading.connection, reading.vault, people)
    told = [_late(order, names) for order in orders]
    start = day_start_ms(day, head.offset_minutes)
    sheets = directory.sheets.newest(reading.people, community, _MOST_SHEETS)
    return Waits(
        late=tuple(one for one in told if one.state in _LATE),
        unconfirmed=tuple(one for one in told if one.state in _UNCONFIRMED),
        approvals=_waiting(reading, "approvals", community),
        questions=_waiting(reading, "questions", community),
        calls=_waiting(reading, "calls", community),
        sheets=tuple(sheet.id for sheet in sheets if _is_unfinished(sheet, start)),
    )


def _waiting(reading: Reading, kind: str, community: str) -> int:
    """How many of a queue; see directory.queues.KINDS."""
    return sum(one.count for one in directory.queues.waiting(reading.people, kind, community, len(community), ()))


def _orders(reading: Reading, community: str, head: reads.Head, day: str) -> list[Asked]:
    """The orders that are not over and whose time has come; without a time it has, at the end of the day."""
    states = [state.value for state in (*_LATE, *_UNCONFIRMED)]
    found = directory.orders.unfinished(reading.connection, community, states, _MOST)
    minute = (reading.now + head.offset_minutes * MINUTE_MS) % DAY_MS // MINUTE_MS
    at = (day_in_zone(reading.now, head.offset_minutes), minute)
    return [
        order
        for order in found
        if order.wanted_day <= day and (order.start == ANY_TIME or (order.wanted_day, order.start) <= at)
    ]


def _is_unfinished(sheet: directory.Sheet, start_ms: int) -> bool:
    """Being entered, or looked at that day and then left; one that was left on an earlier day is not asked about."""
    if sheet.recorded_at is not None:
        return sheet.done_at is None
    return sheet.sealed_lines is not None and start_ms <= sheet.read_at < start_ms + DAY_MS


def _late(order: Asked, names: Mapping[str, str]) -> Late:
    return Late(
        hold=order.hold,
        service=order.service,
        wanted_day=order.wanted_day,
        start=said_start(order.start),
        end=order.end,
        state=order.state,
        elder_name=names.get(order.elder, ""),
        volunteer_name=names.get(order.volunteer or "", ""),
    )
