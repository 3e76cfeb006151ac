"""Figures of a town, a county, a city: by month and part, counted at night from what was entered since; no names.

They are sums of entries and can be counted anew from the books at any time; nobody types one.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from timebank import directory
from timebank.access import TOWN, Actor, Right, require
from timebank.bank import Bank, Reading
from timebank.ledger import Code, Record, Refused, reads
from timebank.policy import age_on

from . import shares
from .needs import months_after
from .statements import day_in_zone

MONTHS = 12
BANDS = ("under-60", "60-69", "70-79", "80-up", "unknown")
_AT_ONCE = 2000  # records in one transaction
# How many digits name a part of a place: the counties of a city, the towns of a county, the communities of a town.
_PARTS = {4: 6, 6: TOWN, TOWN: 12, 12: 12}


class Sums(NamedTuple):
    """What was entered; minutes, but `services`. See the table directory.Figures."""

    services: int = 0
    served: int = 0
    credited: int = 0
    used: int = 0
    given: int = 0
    donated: int = 0
    fund_in: int = 0
    fund_out: int = 0
    issued: int = 0

    def plus(self, other: "Sums") -> "Sums":
        return Sums(*(one + two for one, two in zip(self, other, strict=True)))

    @property
    def used_percent(self) -> int | None:
        """How much of what was credited was used, in whole percent rounded down; None where nothing was credited."""
        return self.used * 100 // self.credited if self.credited > 0 else None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a place: its code and name, who is registered there, and its sums over the months shown."""

    code: str
    name: str
    communities: int
    volunteers: int
    elders: int
    sums: Sums


@dataclass(frozen=True, slots=True)
class Held:
    """What people of an age hold, available and held: how many have something, and minutes."""

    band: str
    people: int
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A place by month, oldest first, and by part. `counted_at` is how old the oldest figure is; None: none yet."""

    code: str
    name: str
    months: tuple[tuple[str, Sums], ...]
    parts: tuple[Part, ...]
    held: tuple[Held, ...]
    counted_at: int | None

    @property
    def sums(self) -> Sums:
        total = Sums()
        for _, one in self.months:
            total = total.plus(one)
        return total


def of(bank: Bank, actor: Actor | None, place: str) -> Figures:
    """The last twelve months of a place: a city (4 digits), county (6), town (9) or community (12).

    Five statements, whose cost grows with the communities of the place and not with their entries.
    """
    require(actor, Right.AUDIT, place)
    with bank.view() as view:
        there = directory.communities.under(view.connection, place)
        if not there or len(place) not in _PARTS:
            raise Refused(Code.COMMUNITY_UNKNOWN, community=place)
        digits = _PARTS[len(place)]
        this_month = day_in_zone(view.now, view.head(there[0].origin).offset_minutes)[:7]
        months = [months_after(this_month, back) for back in range(1 - MONTHS, 1)]
        found = directory.figures.by_part(view.people, place, digits, months[0])
        by_month: dict[str, Sums] = defaultdict(Sums)
        by_part: dict[str, Sums] = defaultdict(Sums)
        for (part, month), sums in found.items():
            by_month[month] = by_month[month].plus(Sums(*sums))
            by_part[part] = by_part[part].plus(Sums(*sums))
        held = directory.figures.holdings(view.people, place)
        return Figures(
            code=place,
            name=_name(there[0], len(place)),
            months=tuple((month, by_month[month]) for month in months),
            parts=tuple(_parts(view, place, digits, there, by_part)),
            held=tuple(Held(band, *held.get(band, (0, 0))) for band in BANDS),
            counted_at=directory.figures.counted_at(view.people, place),
        )


def _name(place: directory.communities.Place, digits: int) -> str:
    """What the place is called that this many digits of the code name; a city has no name of its own here."""
    return {4: "", 6: place.county, TOWN: f"{place.county} · {place.town}"}.get(
        digits, f"{place.county} · {place.town} · {place.name}"
    )


def _parts(
    reading: Reading,
    place: str,
    digits: int,
    there: Iterable[directory.communities.Place],
    sums: Mapping[str, Sums],
) -> Iterable[Part]:
    registered = {part: counts for part, *counts in directory.figures.registered(reading.people, place, digits)}
    grouped: dict[str, list[directory.communities.Place]] = defaultdict(list)
    for one in there:
        grouped[one.code[:digits]].append(one)
    for code, communities in grouped.items():
        first = communities[0]
        name = {6: first.county, TOWN: first.town}.get(digits, first.name)
        volunteers, elders = registered.get(code, [0, 0])
        yield Part(code, name, len(communities), volunteers, elders, sums.get(code, Sums()))


# --- counting --------------------------------------------------------------------------------------------------------


def count(bank: Bank, actor: Actor | None, community: str) -> int:
    """Count what was entered since the last time, and what people hold today; how many records these were.

    Linear in the new records and in the accounts. Two at once count nothing twice.
    """
    require(actor, Right.KEEP_BOOKS, community)
    counted = 0
    while True:
        with bank.office() as office:
            origin = office.community(community).origin
            # Epochs before this one were counted to their end, or are now.
            for ledger in (*directory.epochs.epochs_before(origin), origin):
                found = _count_some(office, community, ledger)
                if found:
                    break
            else:
                _hold(office, community, origin)
                return counted
        counted += found


def _count_some(office: Reading, community: str, origin: str) -> int:
    head = office.head(origin)
    # One at a time: a mark that is not there yet cannot be locked.
    office.people.get(directory.Community, community, with_for_update=True)
    mark = office.people.get(directory.FigureMark, origin)
    if mark is None:
        mark = directory.FigureMark(origin=origin, community=community, size=0, counted_at=office.now)
        office.people.add(mark)
    mark.counted_at = office.now
    new = reads.records(office.connection, head, range(mark.size, min(mark.size + _AT_ONCE, head.size)))
    records = [new[seq] for seq in sorted(new)]
    sums: dict[str, Sums] = defaultdict(Sums)
    for record, what in zip(records, _told(office, head, records), strict=True):
        month = day_in_zone(record.ms, head.offset_minutes)[:7]
        sums[month] = sums[month].plus(what)
    for month, one in sums.items():
        directory.figures.add(office.people, community, month, one._asdict())
    mark.size += len(records)
    return len(records)


def _told(office: Reading, head: reads.Head, records: list[Record]) -> list[Sums]:
    """What each record adds. An undone service takes away what it added, in the month in which it was undone."""
    undone = [str(one.intent.ref) for one in records if one.intent.kind == "reverse"]
    raws = reads.raw_by_ids(office.connection, head, undone)
    before = {record.id: record for record in reads.by_raw(head, raws.values())}
    everything = [*records, *before.values()]
    settled = {str(one.intent.ref) for one in everything if one.intent.kind == "settle"}
    payers = {id: hold.source for id, hold in reads.holds(office.connection, head, settled).items()}
    made = []
    for record in records:
        sums = _moved(record)
        if record.intent.kind in ("service", "settle"):
            sums = sums.plus(_served(record, payers))
        first = before.get(str(record.intent.ref)) if record.intent.kind == "reverse" else None
        if first is not None and first.intent.kind in ("service", "settle"):
            sums = sums.plus(Sums(*(-one for one in _served(first, payers))))
        made.append(sums)
    return made


def _served(record: Record, payers: Mapping[str, str]) -> Sums:
    body, moves = record.intent.body, record.intent.moves
    credited = sum(move.minutes for move in moves if move.target.startswith("member:"))
    payer = payers.get(str(record.intent.ref), "") if record.intent.kind == "settle" else ""
    used = sum(move.minutes for move in moves if move.source.startswith("member:") or payer.startswith("member:"))
    if shares.is_share(body):
        return Sums(credited=credited)  # the hours are those of the member's entry
    return Sums(services=1, served=int(body["minutes"]), credited=credited, used=used)


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
    )


def _hold(office: Reading, community: str, origin: str) -> None:
    """What people hold by age today: who has nothing is not counted."""
    head = office.head(origin)
    today = day_in_zone(office.now, head.offset_minutes)
    accounts = [
        one
        for one in reads.all_accounts(office.connection, head)
        if one.name.startswith("member:") and one.minutes + one.held > 0
    ]
    born = directory.people.births_of(office.connection, office.vault, [one.name for one in accounts])
    people: Counter[str] = Counter()
    minutes: Counter[str] = Counter()
    for one in accounts:
        band = _band(age_on(born[one.name], today)) if one.name in born else "unknown"
        people[band] += 1
        minutes[band] += one.minutes + one.held
    directory.figures.hold(office.people, community, {band: (people[band], minutes[band]) for band in people})


def _band(age: int) -> str:
    if age < 60:
        return "under-60"
    return "60-69" if age < 70 else "70-79" if age < 80 else "80-up"
