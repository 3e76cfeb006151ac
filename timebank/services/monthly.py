"""月报: what a town, county or city reports of a month, line by line, beside the month before and the one a year ago.

The lines have the order and the numbers of a statistical form: 指标名称, 计量单位, 代码, 本期, 上期, 上年同期. All were
counted at night (counting.py); nothing is added by hand, and nobody is named.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import Bank, Reading
from timebank.ledger import Code, Refused

from .care import month_ms
from .figures import BANDS, People, Sums, name_of
from .needs import months_after
from .statements import day_in_zone

# A final report never changes again; a month that is over may still have to be counted.
FINAL, TO_BE_COUNTED, RUNNING = "final", "to-be-counted", "running"
GENERAL, PEOPLE, SERVICES, HOURS, OVERSIGHT, PUBLIC = "general", "people", "services", "hours", "oversight", "public"
GROUPS = (GENERAL, PEOPLE, SERVICES, HOURS, OVERSIGHT, PUBLIC)
MINUTES, PERCENT = "minutes", "percent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: `item` names what is counted, of a `service` of the list or of an age (`band`) where one is named.

    `values`: of this month, of the month before, and of the same month a year ago; None where nothing was kept.
    `unit`: minutes, people, percent, or what is counted.
    """

    group: str
    number: int
    item: str
    unit: str
    service: str | None = None
    band: str | None = None
    values: tuple[int | None, int | None, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A month (YYYY-MM) of a place. `counted_at` is how old the oldest figure is; None: nothing was counted yet."""

    place: str
    name: str
    month: str
    this_month: str
    state: str
    counted_at: int | None
    lines: tuple[Line, ...]

    def value(self, item: str) -> int | None:
        """This month's value of an item that has one line."""
        return next(line.values[0] for line in self.lines if line.item == item)

    def grouped(self) -> list[tuple[str, list[Line]]]:
        """The lines of each group, in the order of the form."""
        return [(group, [line for line in self.lines if line.group == group]) for group in GROUPS]


@dataclass(frozen=True, slots=True)
class _Month:
    """What was counted of a place in one month; None where nothing was."""

    sums: Sums | None
    people: People | None
    end: dict[str, int] | None
    serving: int
    digests: int
    held: dict[str, tuple[int, int]] = field(default_factory=dict)
    services: dict[str, tuple[int, int]] = field(default_factory=dict)


_Value = Callable[[_Month], int | None]


def _sum(name: str) -> _Value:
    return lambda month: None if month.sums is None else int(getattr(month.sums, name))


def _end(name: str) -> _Value:
    return lambda month: None if month.end is None else month.end[name]


def _different(name: str) -> _Value:
    return lambda month: None if month.people is None else int(getattr(month.people, name))


def _kept(value: Callable[[_Month], int | None]) -> _Value:
    """What is known only where the end of the month was counted."""
    return lambda month: None if month.end is None else value(month)


def _held_by(band: str) -> _Value:
    return _kept(lambda month: month.held.get(band, (0, 0))[1])


def _of_service(service: str, at: int) -> _Value:
    """Of a service of the list its number (0) or its minutes (1)."""
    return _kept(lambda month: month.services.get(service, (0, 0))[at])


# Group, number in the form, item, unit, value. Numbers stay with their items; 311–399 are the services of the list.
_LINES: tuple[tuple[str, int, str, str, _Value], ...] = (
    (GENERAL, 101, "communities", "communities", _end("communities")),
    (GENERAL, 102, "serving", "communities", _kept(lambda month: month.serving)),
    (PEOPLE, 201, "volunteers", "people", _end("volunteers")),
    (PEOPLE, 202, "elders", "people", _end("elders")),
    (PEOPLE, 203, "new_volunteers", "people", _end("new_volunteers")),
    (PEOPLE, 204, "new_elders", "people", _end("new_elders")),
    (PEOPLE, 205, "active_volunteers", "people", _different("volunteers")),
    (PEOPLE, 206, "served_elders", "people", _different("elders")),
    (SERVICES, 301, "services", "times", _sum("services")),
    (SERVICES, 302, "served", MINUTES, _sum("served")),
    (HOURS, 401, "credited", MINUTES, _sum("credited")),
    (HOURS, 402, "used", MINUTES, _sum("used")),
    (HOURS, 403, "uncredited", MINUTES, _sum("uncredited")),
    (HOURS, 404, "given", MINUTES, _sum("given")),
    (HOURS, 405, "donated", MINUTES, _sum("donated")),
    (HOURS, 406, "fund_in", MINUTES, _sum("fund_in")),
    (HOURS, 407, "fund_out", MINUTES, _sum("fund_out")),
    (HOURS, 408, "fund", MINUTES, _end("fund")),
    (HOURS, 409, "holders", "people", _kept(lambda month: sum(people for people, _ in month.held.values()))),
    (HOURS, 410, "held", MINUTES, _kept(lambda month: sum(minutes for _, minutes in month.held.values()))),
    (OVERSIGHT, 501, "corrections", "entries", _sum("corrections")),
    (OVERSIGHT, 502, "asked", "cases", _end("asked")),
    (OVERSIGHT, 503, "decided", "cases", _end("decided")),
    (OVERSIGHT, 504, "drawn", "times", _end("drawn")),
    (OVERSIGHT, 505, "called", "times", _end("called")),
    (OVERSIGHT, 506, "denied", "times", _end("denied")),
    (OVERSIGHT, 507, "confirmed", "times", _sum("confirmed")),
    (OVERSIGHT, 508, "own_hand", "times", _sum("own_hand")),
    (
        OVERSIGHT,
        509,
        "own_hand_percent",
        PERCENT,
        lambda month: None if month.sums is None else month.sums.own_hand_percent,
    ),
    (OVERSIGHT, 510, "found", "cases", _end("found")),
    (OVERSIGHT, 511, "resolved", "cases", _end("resolved")),
    (OVERSIGHT, 512, "differing", "cases", _end("differing")),
    (OVERSIGHT, 513, "audits", "times", _end("audits")),
    (OVERSIGHT, 514, "faults", "cases", _end("faults")),
    (PUBLIC, 601, "digests", "days", _kept(lambda month: month.digests)),
    (PUBLIC, 602, "published", "certificates", _end("published")),
    (PUBLIC, 603, "issued", "certificates", _end("issued")),
    (PUBLIC, 604, "stopped", "certificates", _end("stopped")),
    (PUBLIC, 605, "filed", "entries", _end("filed")),
)
_FIRST_SERVICE, _FIRST_BAND = 311, 411


def of(bank: Bank, actor: Actor | None, place: str, month: str) -> Report:
    """The report of a month of a city (4 digits), county (6), town (9) or community (12).

    A handful of statements, whose cost grows with the communities of the place and not with their entries.
    """
    require(actor, Right.AUDIT, place)
    with bank.view() as view:
        there = directory.communities.under(view.connection, place)
        if not there or len(place) not in directory.figures.LEVELS:
            raise Refused(Code.COMMUNITY_UNKNOWN, community=place)
        offset = view.head(there[0].origin).offset_minutes
        counted = directory.figures.counted_to(view.people, place)
        months = _months(view, place, (month, months_after(month, -1), months_after(month, -12)))
        return Report(
            place=place,
            name=name_of(there[0], len(place)),
            month=month,
            this_month=day_in_zone(view.now, offset)[:7],
            state=_state(month_ms(month, offset)[1], view.now, counted),
            counted_at=counted or None,
            lines=tuple(sorted(_lines(bank, months), key=lambda line: line.number)),
        )


def _state(until_ms: int, now: int, counted: int) -> str:
    if now < until_ms:
        return RUNNING
    return FINAL if counted >= until_ms else TO_BE_COUNTED


def _months(reading: Reading, place: str, months: tuple[str, str, str]) -> list[_Month]:
    db, figures = reading.people, directory.figures
    sums = figures.by_part(db, place, len(place), min(months), max(months))
    different = figures.different(db, place, months)
    ends, serving = figures.ends(db, place, months), figures.serving(db, place, months)
    services, digests = figures.services(db, place, months), directory.digests.days(db, months)
    made = []
    for month in months:
        is_known = month in ends
        found = sums.get((place, month), () if is_known else None)
        people = different.get((place, month), () if is_known else None)
        made.append(
            _Month(
                sums=None if found is None else Sums(*found),
                people=None if people is None else People(*people),
                end=ends.get(month),
                serving=serving.get(month, 0),
                digests=digests.get(month, 0),
                held=figures.holdings(db, place, month),
                services={code: one for (code, when), one in services.items() if when == month},
            )
        )
    return made


def _lines(bank: Bank, months: list[_Month]) -> Iterator[Line]:
    for group, number, item, unit, value in _LINES:
        yield Line(group=group, number=number, item=item, unit=unit, values=_each(months, value))
    for number, band in enumerate(BANDS, start=_FIRST_BAND):
        values = _each(months, _held_by(band))
        yield Line(group=HOURS, number=number, item="held_by", band=band, unit=MINUTES, values=values)
    known = [*bank.catalogue.by_code, *sorted(_served(months) - set(bank.catalogue.by_code))]
    for place, service in enumerate(known):
        if service in _served(months):
            yield from _service_lines(service, _FIRST_SERVICE + 2 * place, months)


def _served(months: Iterable[_Month]) -> set[str]:
    return {service for month in months for service in month.services}


def _service_lines(service: str, number: int, months: list[_Month]) -> Iterator[Line]:
    for at, (item, unit) in enumerate((("service_times", "times"), ("service_minutes", MINUTES))):
        values = _each(months, _of_service(service, at))
        yield Line(group=SERVICES, number=number + at, item=item, service=service, unit=unit, values=values)


def _each(months: list[_Month], value: _Value) -> tuple[int | None, int | None, int | None]:
    this, before, year_ago = map(value, months)
    return this, before, year_ago
