"""What a community offers and what was asked of it, published for anybody: figures, and nobody's name."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median_low

from timebank import directory
from timebank.bank import Bank, View
from timebank.catalogue import Service
from timebank.directory.communities import Place
from timebank.directory.needs import Asked
from timebank.ledger import reads
from timebank.lifecycle import State

from . import pairs
from .care import month_ms, standing
from .statements import day_in_zone

SMALLEST_SHOWN = 3  # fewer people than that are not counted in public
ACTIVE_MONTHS = 3
# For these reasons a need was not met; for all others it was taken back, and why is nobody's business.
UNMET = ("no-volunteer", "needs-provider")
# How somebody who was served confirms it herself. What she signed on paper, the clerk types.
OWN_HAND = ("card", "phone", "code")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A service that can be ordered, and how many volunteers offer it; None: fewer than SMALLEST_SHOWN."""

    service: Service
    volunteers: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """The list of services of a community as it is today (服务清单)."""

    community: str
    place: str
    services: tuple[Offer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One service in a month: how many orders for it, and what became of them; each is one of the last four.

    `minutes` were asked for; `waiting_days` is the median of those served, from asking to the day of service, without
    the later ones of a series; None where none was served.
    """

    service: str
    asked: int
    minutes: int
    served: int
    open: int
    unmet: int
    withdrawn: int
    waiting_days: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmet:
    """Orders for a service that nobody could give, for one reason: their number, and the minutes asked for."""

    service: str
    reason: str
    number: int
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """The list of needs of a community in a month (需求清单), by the month for which they were wanted.

    `elders` live here, `elders_near` of them with a volunteer in their own grid who served in this month or the two
    before; both None where the elders are fewer than SMALLEST_SHOWN. Who lives where is as of today. `confirmed`
    services for somebody were entered in this month and stand, `own_hand` of them confirmed by the hand of whoever was
    served: her card, her telephone, or one of her codes.
    """

    community: str
    place: str
    month: str
    this_month: str
    rows: tuple[Need, ...]
    unmet: tuple[Unmet, ...]
    elders: int | None
    elders_near: int | None
    confirmed: int
    own_hand: int


def offered(bank: Bank, community: str) -> list[Service]:
    """The services that can be ordered in a community today, in the order of the list."""
    with bank.view() as view:
        return offered_in(bank, view, view.community(community))


def offered_in(bank: Bank, view: View, place: Place) -> list[Service]:
    """As `offered`, for a use case of its own."""
    head = view.head(place.origin)
    policy = view.policy_at(head, day_in_zone(view.now, head.offset_minutes))
    return [service for service in bank.catalogue.services if policy.is_offered(service.code)]


def offers(bank: Bank, community: str) -> Offers:
    """What can be ordered here, with how many offer it."""
    with bank.view() as view:
        place = view.community(community)
        services = offered_in(bank, view, place)
        counted = directory.needs.offering(view.connection, community)
        return Offers(
            community=community,
            place=_said(place),
            services=tuple(
                Offer(service=service, volunteers=_shown(counted.get(service.code, 0))) for service in services
            ),
        )


def of_month(bank: Bank, community: str, month: str | None = None) -> Needs:
    """What was asked for in a month (YYYY-MM, this one when None). The cost is linear in the month and the people."""
    with bank.view() as view:
        place = view.community(community)
        head = view.head(place.origin)
        this_month = day_in_zone(view.now, head.offset_minutes)[:7]
        month = month or this_month
        asked: dict[str, list[Asked]] = defaultdict(list)
        for order in directory.needs.asked(view.connection, community, month):
            asked[order.service].append(order)
        elders, near = _near(view, head, community, month)
        return Needs(
            community=community,
            place=_said(place),
            month=month,
            this_month=this_month,
            rows=tuple(_need(service, asked[service], head.offset_minutes) for service in _in_order(bank, asked)),
            unmet=tuple(one for service in _in_order(bank, asked) for one in _unmet(service, asked[service])),
            elders=_shown(elders),
            elders_near=None if _shown(elders) is None else near,
            **_confirmed(view, head, month),
        )


def _confirmed(view: View, head: reads.Head, month: str) -> dict[str, int]:
    first, until = month_ms(month, head.offset_minutes)
    hands = Counter(
        record.intent.body["confirmed"]
        for record in standing(view, head, first, until)
        if record.intent.body.get("served") and not pairs.is_second(record.intent.body)
    )
    return {"confirmed": hands.total(), "own_hand": sum(hands[how] for how in OWN_HAND)}


def _in_order(bank: Bank, services: Iterable[str]) -> list[str]:
    """As in the list of services; what it no longer has comes last."""
    order = {code: number for number, code in enumerate(bank.catalogue.by_code)}
    return sorted(services, key=lambda code: (order.get(code, len(order)), code))


def _need(service: str, asked: list[Asked], offset_minutes: int) -> Need:
    served = [order for order in asked if order.state == State.CONFIRMED]
    released = [order for order in asked if order.state == State.RELEASED]
    unmet = [order for order in released if order.reason in UNMET]
    waited = [
        max(0, _days(day_in_zone(order.created_at, offset_minutes), order.served_on))
        for order in served
        if order.served_on is not None and not order.is_repeat
    ]
    return Need(
        service=service,
        asked=len(asked),
        minutes=sum(order.minutes for order in asked),
        served=len(served),
        open=len(asked) - len(served) - len(released),
        unmet=len(unmet),
        withdrawn=len(released) - len(unmet),
        waiting_days=median_low(waited) if waited else None,
    )


def _days(since: str, until: str) -> int:
    return (date.fromisoformat(until) - date.fromisoformat(since)).days


def _unmet(service: str, asked: list[Asked]) -> list[Unmet]:
    number: Counter[str] = Counter()
    minutes: Counter[str] = Counter()
    for order in asked:
        if order.state == State.RELEASED and order.reason in UNMET:
            number[order.reason] += 1
            minutes[order.reason] += order.minutes
    return [
        Unmet(service=service, reason=reason, number=number[reason], minutes=minutes[reason])
        for reason in UNMET
        if number[reason]
    ]


def _near(view: View, head: reads.Head, community: str, month: str) -> tuple[int, int]:
    """How many elders live here, and how many of them with an active volunteer, another one, in their own grid."""
    people = directory.needs.neighbours(view.connection, community)
    could = {one.account for one in people if one.can_serve and one.grid is not None}
    active = reads.active(view.connection, head, could, f"{months_after(month, 1 - ACTIVE_MONTHS)}-01", f"{month}-31")
    by_grid: dict[str | None, set[str]] = defaultdict(set)
    for one in people:
        if one.account in active:
            by_grid[one.grid].add(one.account)
    elders = [one for one in people if one.is_elder]
    return len(elders), sum(1 for one in elders if by_grid.get(one.grid, set()) - {one.account})


def months_after(month: str, count: int) -> str:
    """The month (YYYY-MM) that many months later, or earlier."""
    months = int(month[:4]) * 12 + int(month[5:]) - 1 + count
    return f"{months // 12:04}-{months % 12 + 1:02}"


def _shown(people: int) -> int | None:
    return people if people >= SMALLEST_SHOWN else None


def _said(place: Place) -> str:
    return f"{place.county} · {place.town} · {place.name}"
