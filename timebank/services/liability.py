"""What a place owes those who hold hours: how much, to whom by age, how fast it is used, and how long the fund lasts.

The fund guarantees that hours can be used where nobody is found who serves for them; so it is looked at beside them.
"""

from dataclasses import dataclass

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import Bank
from timebank.ledger import Code, Refused

from .figures import BANDS, MONTHS, Held, Sums, name_of
from .needs import months_after
from .statements import day_in_zone

# How long the fund lasts is reckoned by what these last whole months took.
MEASURED_MONTHS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Liability:
    """Minutes, as of last night. `used` and `credited` in the last twelve whole months.

    `months_to_use`: so many whole months it would take to use what is held, at the pace of `used`; `held_percent`: what
    is held, of what was credited in that time; None where there is nothing to compare with. `fund_monthly` is what the
    fund paid in a month of the last three whole ones, more than came (less than nothing: it grows); `fund_months` how
    many whole months it lasts so, None where it does not shrink.
    """

    place: str
    name: str
    held: tuple[Held, ...]
    credited: int
    used: int
    fund: int
    fund_monthly: int
    fund_months: int | None
    counted_at: int | None

    @property
    def owed(self) -> int:
        """What members can still use, available and held."""
        return sum(one.minutes for one in self.held)

    @property
    def members(self) -> int:
        return sum(one.people for one in self.held)

    @property
    def months_to_use(self) -> int | None:
        return self.owed * MONTHS // self.used if self.used > 0 else None

    @property
    def held_percent(self) -> int | None:
        return self.owed * 100 // self.credited if self.credited > 0 else None


def of(bank: Bank, actor: Actor | None, place: str) -> Liability:
    """Of a city (4 digits), county (6), town (9) or community (12); a few statements, whose cost grows with its
    communities."""
    require(actor, Right.AUDIT, place)
    with bank.view() as view:
        there = directory.communities.under(view.connection, place)
        if not there or len(place) not in directory.figures.LEVELS:
            raise Refused(Code.COMMUNITY_UNKNOWN, community=place)
        this_month = day_in_zone(view.now, view.head(there[0].origin).offset_minutes)[:7]
        last, first = months_after(this_month, -1), months_after(this_month, -MONTHS)
        found = directory.figures.by_part(view.people, place, len(place), first, last)
        months = {month: Sums(*sums) for (_, month), sums in found.items()}
        measured = [months_after(this_month, -back) for back in range(1, MEASURED_MONTHS + 1)]
        drained = sum(months[month].fund_out - months[month].fund_in for month in measured if month in months)
        held, fund = directory.figures.holdings(view.people, place), directory.figures.fund(view.people, place)
        return Liability(
            place=place,
            name=name_of(there[0], len(place)),
            held=tuple(Held(band, *held.get(band, (0, 0))) for band in BANDS),
            credited=sum(one.credited for one in months.values()),
            used=sum(one.used for one in months.values()),
            fund=fund,
            fund_monthly=drained // MEASURED_MONTHS,
            fund_months=fund * MEASURED_MONTHS // drained if drained > 0 else None,
            counted_at=directory.figures.counted_to(view.people, place) or None,
        )
