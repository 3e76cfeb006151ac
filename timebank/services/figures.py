"""Figures of a town, a county, a city: by month and part, as they were counted last night (counting.py); no names.

They are sums of entries and can be counted anew from the books at any time; nobody types one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from timebank import directory
from timebank.access import TOWN, Actor, Right, require
from timebank.bank import Bank, Reading
from timebank.ledger import Code, Refused

from .needs import months_after
from .statements import day_in_zone

MONTHS = 12
BANDS = ("under-60", "60-69", "70-79", "80-up", "unknown")
# How many digits name a part of a place: the counties of a city, the towns of a county, the communities of a town.
PARTS = {4: 6, 6: TOWN, TOWN: 12, 12: 12}


class Sums(NamedTuple):
    """What was entered; minutes, but `services` and the last three. See the table directory.Figures."""

    services: int = 0
    served: int = 0
    credited: int = 0
    used: int = 0
    given: int = 0
    donated: int = 0
    fund_in: int = 0
    fund_out: int = 0
    issued: int = 0
    uncredited: int = 0
    corrections: int = 0
    confirmed: int = 0
    own_hand: int = 0

    def plus(self, other: "Sums") -> "Sums":
        return Sums(*(one + two for one, two in zip(self, other, strict=True)))

    @property
    def used_percent(self) -> int | None:
        """How much of what was credited was used, in whole percent rounded down; None where nothing was credited."""
        return self.used * 100 // self.credited if self.credited > 0 else None

    @property
    def own_hand_percent(self) -> int | None:
        """How many services were confirmed by the hand of whoever was served, in whole percent; None where none was."""
        return self.own_hand * 100 // self.confirmed if self.confirmed > 0 else None


class People(NamedTuple):
    """How many different people served, and were served, in a month. Not a sum: over months or places it is counted."""

    volunteers: int = 0
    elders: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a place: its code and name, who is registered there, its sums over the months shown, and how many
    different people there were in the last whole month."""

    code: str
    name: str
    communities: int
    volunteers: int
    elders: int
    sums: Sums
    people: People


@dataclass(frozen=True, slots=True)
class Held:
    """What people of an age hold, available and held: how many have something, and minutes."""

    band: str
    people: int
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A place by month, oldest first, and by part. `people` of each month; `counted_at` is how old the oldest figure
    is; None: none yet."""

    code: str
    name: str
    months: tuple[tuple[str, Sums], ...]
    people: Mapping[str, People]
    parts: tuple[Part, ...]
    held: tuple[Held, ...]
    counted_at: int | None

    @property
    def sums(self) -> Sums:
        total = Sums()
        for _, one in self.months:
            total = total.plus(one)
        return total

    @property
    def last_month(self) -> str:
        """The last whole one."""
        return self.months[-2][0]


def of(bank: Bank, actor: Actor | None, place: str) -> Figures:
    """The last twelve months of a place: a city (4 digits), county (6), town (9) or community (12).

    Six statements, whose cost grows with the communities of the place and not with their entries.
    """
    require(actor, Right.AUDIT, place)
    with bank.view() as view:
        there = directory.communities.under(view.connection, place)
        if not there or len(place) not in PARTS:
            raise Refused(Code.COMMUNITY_UNKNOWN, community=place)
        digits = PARTS[len(place)]
        today = day_in_zone(view.now, view.head(there[0].origin).offset_minutes)
        this_month = today[:7]
        months = [months_after(this_month, back) for back in range(1 - MONTHS, 1)]
        found = directory.figures.by_part(view.people, place, digits, months[0])
        by_month: dict[str, Sums] = defaultdict(Sums)
        by_part: dict[str, Sums] = defaultdict(Sums)
        for (part, month), sums in found.items():
            by_month[month] = by_month[month].plus(Sums(*sums))
            by_part[part] = by_part[part].plus(Sums(*sums))
        held = directory.figures.holdings(view.people, place)
        different = directory.figures.different(view.people, place, months)
        return Figures(
            code=place,
            name=name_of(there[0], len(place)),
            months=tuple((month, by_month[month]) for month in months),
            people={month: People(*different.get((place, month), ())) for month in months},
            parts=tuple(
                _parts(
                    view,
                    place,
                    today,
                    there,
                    by_part,
                    {code: People(*found) for (code, month), found in different.items() if month == months[-2]},
                )
            ),
            held=tuple(Held(band, *held.get(band, (0, 0))) for band in BANDS),
            counted_at=directory.figures.counted_at(view.people, place),
        )


def name_of(place: directory.communities.Place, digits: int) -> str:
    """What the place is called that this many digits of the code name; a city has no name of its own here."""
    return {4: "", 6: place.county, TOWN: f"{place.county} · {place.town}"}.get(
        digits, f"{place.county} · {place.town} · {place.name}"
    )


def part_name(place: directory.communities.Place, digits: int) -> str:
    """What the part is called beside others of its place that this many digits of the code name."""
    return {6: place.county, TOWN: place.town}.get(digits, place.name)


def _parts(
    reading: Reading,
    place: str,
    today: str,
    there: Iterable[directory.communities.Place],
    sums: Mapping[str, Sums],
    people: Mapping[str, People],
) -> Iterable[Part]:
    digits = PARTS[len(place)]
    counted = directory.figures.registered(reading.people, place, digits, reading.now, today)
    registered = {part: counts for part, *counts in counted}
    grouped: dict[str, list[directory.communities.Place]] = defaultdict(list)
    for one in there:
        grouped[one.code[:digits]].append(one)
    for code, communities in grouped.items():
        volunteers, elders = registered.get(code, [0, 0])
        yield Part(
            code=code,
            name=part_name(communities[0], digits),
            communities=len(communities),
            volunteers=volunteers,
            elders=elders,
            sums=sums.get(code, Sums()),
            people=people.get(code, People()),
        )
