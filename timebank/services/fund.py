"""The public fund: what it has, what came and went month by month, how long it lasts; and what members are owed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import Bank, Reading
from timebank.ledger import reads

from .care import month_ms
from .needs import months_after
from .statements import day_in_zone

MOST_MONTHS = 12
# How long it lasts is reckoned by what these last whole months took.
MEASURED_MONTHS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What came to the fund in a month (YYYY-MM), and what it paid less what came back of it; minutes."""

    month: str
    came: int
    paid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fund:
    """The fund of a community today; minutes, the newest month first, which is not over.

    `monthly` is what it paid on average in the last three whole months, less what came back; `months_left` how many
    whole months it lasts if nothing comes any more, None where it pays nothing. `owed` is what members can still use,
    available and held; `members` how many have something.
    """

    community: str
    name: str
    minutes: int
    monthly: int
    months_left: int | None
    owed: int
    members: int
    months: tuple[Month, ...]


def report(bank: Bank, actor: Actor | None, community: str) -> Fund:
    """The report for the lead, and for the town. Linear in the year's entries of the fund and in the accounts."""
    require(actor, Right.SEE_CARE, community)
    with bank.view() as view:
        return of(view, view.community(community))


def of(reading: Reading, place: directory.communities.Place) -> Fund:
    """As `report`, of one community among others that are looked at in the same view."""
    connection, head = reading.connection, reading.head(place.origin)
    this_month = day_in_zone(reading.now, head.offset_minutes)[:7]
    wanted = [months_after(this_month, -back) for back in range(MOST_MONTHS)]
    first = reads.seq_at(connection, head, month_ms(wanted[-1], head.offset_minutes)[0])
    months = _months(wanted, reads.flows(connection, head, "fund", first), head.offset_minutes)
    measured = sum(one.paid for one in months[1 : MEASURED_MONTHS + 1])
    minutes = reads.account(connection, head, "fund").minutes
    have = [one for one in reads.all_accounts(connection, head) if one.name.startswith("member:")]
    owed = [one.minutes + one.held for one in have if one.minutes + one.held > 0]
    return Fund(
        community=place.code,
        name=place.name,
        minutes=minutes,
        monthly=max(0, measured) // MEASURED_MONTHS,
        months_left=minutes * MEASURED_MONTHS // measured if measured > 0 else None,
        owed=sum(owed),
        members=len(owed),
        months=months,
    )


def _months(wanted: list[str], flows: Iterable[reads.Flow], offset_minutes: int) -> tuple[Month, ...]:
    came: dict[str, int] = defaultdict(int)
    paid: dict[str, int] = defaultdict(int)
    for flow in flows:
        month = day_in_zone(flow.ms, offset_minutes)[:7]
        if flow.change > 0 and not flow.came_back:
            came[month] += flow.change
        else:
            paid[month] -= flow.change
    return tuple(Month(month=month, came=came[month], paid=paid[month]) for month in wanted)
