"""What was asked of a community in a month, and who could answer it: rows without a name."""

from dataclasses import dataclass

from sqlalchemy import Connection, and_, bindparam, func, or_, select

from timebank.ledger import Prepared

from .model import Person
from .order_model import Order, OrderEvent


@dataclass(frozen=True, slots=True)
class Asked:
    """An order as it counts: when it was placed, in milliseconds, the day on which it was served, whether it is a later
    one of a series, and the reason that came with what was done to it last."""

    service: str
    state: str
    minutes: int
    created_at: int
    served_on: str | None
    is_repeat: bool
    reason: str | None


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Somebody of a community as she counts in her grid; `can_serve`: a volunteer who is not suspended."""

    account: str
    grid: str | None
    is_elder: bool
    can_serve: bool


_ASKED = Prepared(
    select(
        Order.service,
        Order.state,
        Order.minutes,
        Order.created_at,
        Order.served_on,
        and_(Order.series.is_not(None), Order.series != Order.hold),
        OrderEvent.reason,
    )
    .outerjoin(OrderEvent, and_(OrderEvent.order == Order.id, OrderEvent.n == Order.steps))
    .where(
        Order.community == bindparam("community"),
        Order.wanted_day >= bindparam("first"),
        Order.wanted_day <= bindparam("last"),
    )
)
_HERE = (Person.community == bindparam("community"), Person.erased_at.is_(None), Person.deceased_on.is_(None))
_SERVES = and_(Person.is_volunteer, Person.suspended_at.is_(None))
_OFFERS = Prepared(select(Person.offers, func.count()).where(*_HERE, _SERVES).group_by(Person.offers))
_NEIGHBOURS = Prepared(
    select(Person.account, Person.grid, Person.is_elder, _SERVES).where(
        *_HERE, or_(Person.is_elder, Person.is_volunteer)
    )
)


def asked(connection: Connection, community: str, month: str) -> list[Asked]:
    """Every order of a community that was wanted in a month (YYYY-MM), read along its index."""
    rows = _ASKED.rows(connection, community=community, first=f"{month}-01", last=f"{month}-31")
    return [
        Asked(service, state, minutes, created_at, served_on, bool(is_repeat), reason)
        for service, state, minutes, created_at, served_on, is_repeat, reason in rows
    ]


def offering(connection: Connection, community: str) -> dict[str, int]:
    """By service, how many volunteers of a community offer it."""
    found: dict[str, int] = {}
    for codes, count in _OFFERS.rows(connection, community=community):
        for code in codes.split():
            found[code] = found.get(code, 0) + count
    return found


def neighbours(connection: Connection, community: str) -> list[Neighbour]:
    """The elders and volunteers of a community."""
    rows = _NEIGHBOURS.rows(connection, community=community)
    return [Neighbour(account, grid, bool(is_elder), bool(can)) for account, grid, is_elder, can in rows]
