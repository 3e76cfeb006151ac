"""Count at night what figures and reports say, from where the last night ended; they are shown by figures and monthly.

Sums of entries go to the month in which they were entered. How many different people there were is no sum: who was in a
month is kept, by account, until the month is over and counted everywhere.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from timebank import directory
from timebank.access import EVERYWHERE, Actor, Right, require
from timebank.bank import DAY_MS, Bank, Reading
from timebank.ledger import Account, Record, accounts_at, reads
from timebank.policy import age_on

from . import pairs, shares
from .care import month_ms
from .figures import Sums
from .needs import OWN_HAND, months_after
from .statements import day_in_zone

# A report compares a month with the same one of the year before.
MONTHS_BACK = 13
_AT_ONCE = 2000  # records in one transaction
# What was begun before a month ended may be entered a moment after it.
_SETTLED_MS = 2 * DAY_MS
_SERVICES = ("service", "settle")
_Met = tuple[str, str, str]  # month, role, account


def count(bank: Bank, actor: Actor | None, community: str) -> int:
    """Count what was entered since the last time, and how the community stands; how many records these were.

    Linear in the new records, and in accounts and people for each month that ended. Two at once count nothing twice.
    """
    require(actor, Right.KEEP_BOOKS, community)
    counted = 0
    while True:
        with bank.office() as office:
            origin = office.community(community).origin
            # Epochs before this one were counted to their end, or are now.
            ledgers = (*directory.epochs.epochs_before(origin), origin)
            found = next(filter(None, (_count_some(office, community, ledger) for ledger in ledgers)), 0)
            if not found:
                _stand(office, community, ledgers)
                return counted
        counted += found


def count_people(bank: Bank, actor: Actor | None) -> list[str]:
    """Count the different people of every place in each month that is not settled; which months these were.

    Linear in the people who were active in these months. Afterwards who was in a month that is settled is forgotten.
    """
    require(actor, Right.KEEP_BOOKS, EVERYWHERE)
    # Looked at first, so that nobody who writes waits for it; a community that is counted meanwhile is settled later.
    with bank.view() as view:
        months = directory.figures.open_months(view.people)
        counts = {month: directory.figures.count_different(view.people, month) for month in months}
        settled = max(0, directory.figures.counted_everywhere(view.people) - _SETTLED_MS)
    with bank.office() as office:
        for month, people in counts.items():
            directory.figures.put_different(office.people, month, people)
        this_month = day_in_zone(settled, bank.settings.utc_offset_minutes)[:7]
        directory.figures.forget_months(office.people, this_month)
    return months


# --- entries ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Counted:
    """What some records come to: sums by month, by month and service, and in how many services each person was."""

    sums: dict[str, Sums] = field(default_factory=lambda: defaultdict(Sums))
    services: dict[tuple[str, str], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    met: Counter[_Met] = field(default_factory=Counter)


def _count_some(office: Reading, community: str, origin: str) -> int:
    head = office.head(origin)
    # One at a time: a mark that is not there yet cannot be locked.
    office.people.get(directory.Community, community, with_for_update=True)
    mark = office.people.get(directory.FigureMark, origin)
    if mark is None:
        mark = directory.FigureMark(origin=origin, community=community, size=0, counted_at=0)
        office.people.add(mark)
    new = reads.records(office.connection, head, range(mark.size, min(mark.size + _AT_ONCE, head.size)))
    records = [new[seq] for seq in sorted(new)]
    _keep(office, community, _told(office, head, records))
    mark.size += len(records)
    return len(records)


def _keep(office: Reading, community: str, counted: _Counted) -> None:
    db = office.people
    for month, sums in counted.sums.items():
        directory.figures.add(db, community, month, sums._asdict())
    for (month, service), one in counted.services.items():
        directory.figures.add_service(db, community, month, service, one["services"], one["served"])
    strangers = directory.figures.not_people(db, {account for _, _, account in counted.met})
    by_role: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for (month, role, account), times in counted.met.items():
        if account not in strangers:
            by_role[month, role][account] = times
    for (month, role), services in by_role.items():
        directory.figures.meet(db, community, month, role, services)


def _told(office: Reading, head: reads.Head, records: list[Record]) -> _Counted:
    """What the records come to. An undone service takes away what it added, in the month in which it was undone."""
    undone = [str(one.intent.ref) for one in records if one.intent.kind == "reverse"]
    raws = reads.raw_by_ids(office.connection, head, undone)
    before = {record.id: record for record in reads.by_raw(head, raws.values())}
    everything = [*records, *before.values()]
    settled = {str(one.intent.ref) for one in everything if one.intent.kind == "settle"}
    payers = {id: hold.source for id, hold in reads.holds(office.connection, head, settled).items()}
    counted = _Counted()
    for record in records:
        month = day_in_zone(record.ms, head.offset_minutes)[:7]
        counted.sums[month] = counted.sums[month].plus(_moved(record))
        if record.intent.kind in _SERVICES:
            _add(counted, month, record, payers, 1)
            counted.met.update(_met(month, record))
        first = before.get(str(record.intent.ref)) if record.intent.kind == "reverse" else None
        if first is not None and first.intent.kind in _SERVICES:
            _add(counted, month, first, payers, -1)
            if day_in_zone(first.ms, head.offset_minutes)[:7] == month:
                counted.met.subtract(_met(month, first))
    return counted


def _add(counted: _Counted, month: str, record: Record, payers: Mapping[str, str], times: int) -> None:
    sums = _served(record, payers)
    counted.sums[month] = counted.sums[month].plus(Sums(*(times * one for one in sums)))
    if sums.services:
        by_service = counted.services[month, record.intent.body["service"]]
        by_service["services"] += times * sums.services
        by_service["served"] += times * sums.served


def _met(month: str, record: Record) -> Iterator[_Met]:
    """Who served and who was served; a group's share is the hours of its member, who was there."""
    body = record.intent.body
    if not shares.is_share(body):
        yield month, "volunteer", body["server"]
        yield from ((month, "elder", elder) for elder in body.get("served", ()))


def _served(record: Record, payers: Mapping[str, str]) -> Sums:
    body, moves = record.intent.body, record.intent.moves
    credited = sum(move.minutes for move in moves if move.target.startswith("member:"))
    payer = payers.get(str(record.intent.ref), "") if record.intent.kind == "settle" else ""
    used = sum(move.minutes for move in moves if move.source.startswith("member:") or payer.startswith("member:"))
    if shares.is_share(body):
        return Sums(credited=credited)  # the hours are those of the member's entry
    is_confirmed = bool(body.get("served")) and not pairs.is_second(body)
    return Sums(
        services=1,
        served=int(body["minutes"]),
        credited=credited,
        used=used,
        uncredited=int(body["minutes"]) if "uncredited" in body else 0,
        confirmed=int(is_confirmed),
        own_hand=int(is_confirmed and body["confirmed"] in OWN_HAND),
    )


def _moved(record: Record) -> Sums:
    """What goes by the moves alone, whatever the entry is."""
    kind, moves = record.intent.kind, record.intent.moves
    if kind == "opening" and "before" in record.intent.body:
        return Sums()  # brought over from the books before
    fund_in = sum(move.minutes for move in moves if move.target == "fund")
    fund_out = sum(move.minutes for move in moves if move.source == "fund")
    issued = sum(move.minutes for move in moves if move.source == "issue")
    ended = sum(move.minutes for move in moves if move.target == "issue")
    whole = sum(move.minutes for move in moves)
    return Sums(
        given=whole if kind == "gift" else 0,
        donated=whole if kind == "donate" else 0,
        fund_in=fund_in,
        fund_out=fund_out,
        issued=issued - ended,
        corrections=int(kind == "reverse"),
    )


# --- how a community stands ------------------------------------------------------------------------------------------


def _stand(office: Reading, community: str, ledgers: Iterable[str]) -> None:
    """How it stands now, and stood at the end of each month that was not counted since it ended."""
    origins = list(ledgers)
    head = office.head(origins[-1])
    first = day_in_zone(reads.record_at(office.connection, head, 0).ms, head.offset_minutes)[:7]
    this_month = day_in_zone(office.now, head.offset_minutes)[:7]
    counted = directory.figures.ended(office.people, community)
    for month in (months_after(this_month, back) for back in range(-MONTHS_BACK, 1)):
        if month >= first and counted.get(month, 0) < month_ms(month, head.offset_minutes)[1]:
            _stand_at(office, community, origins, head, month)
    for origin in origins:
        mark = office.people.get(directory.FigureMark, origin)
        if mark is not None:
            mark.counted_at = office.now


def _stand_at(office: Reading, community: str, origins: list[str], head: reads.Head, month: str) -> None:
    first_ms, until_ms = month_ms(month, head.offset_minutes)
    last_day = day_in_zone(min(until_ms - 1, office.now), head.offset_minutes)
    size = reads.seq_at(office.connection, head, until_ms)
    accounts = accounts_at(office.connection, head, size)
    directory.figures.hold(office.people, community, month, _held(office, accounts, last_day))
    counts = directory.figures.standing(office.people, community, origins, first_ms, until_ms, last_day)
    counts["fund"] = sum(one.minutes for one in accounts if one.name == "fund")
    directory.figures.stand(office.people, community, month, office.now, counts)


def _held(office: Reading, accounts: Iterable[Account], day: str) -> dict[str, tuple[int, int]]:
    """What people held by age on a day: who had nothing is not counted."""
    have = [one for one in accounts if one.name.startswith("member:") and one.minutes + one.held > 0]
    born = directory.people.births_of(office.connection, office.vault, [one.name for one in have])
    people: Counter[str] = Counter()
    minutes: Counter[str] = Counter()
    for one in have:
        band = _band(age_on(born[one.name], day)) if one.name in born else "unknown"
        people[band] += 1
        minutes[band] += one.minutes + one.held
    return {band: (people[band], minutes[band]) for band in people}


def _band(age: int) -> str:
    if age < 60:
        return "under-60"
    return "60-69" if age < 70 else "70-79" if age < 80 else "80-up"
