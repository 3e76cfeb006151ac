"""Orders: what was asked for, behind the holds of the ledger."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, or_, select, tuple_, update
from sqlalchemy.orm import Session as Db

from timebank.ledger import Prepared

from .order_model import Order, OrderElder, OrderEvent, Rating, TearOff

# Made once: every act on an order begins with one of these.
_OF_HOLD = select(Order).where(Order.hold == bindparam("hold"), Order.community == bindparam("community"))
_OF_HOLD_LOCKED = _OF_HOLD.with_for_update()


def of_hold(db: Db, community: str, hold: str, *, lock: bool = False) -> Order | None:
    """The order for which this hold was made, if it is this community's; with `lock` until the transaction ends."""
    values = {"hold": hold, "community": community}
    return db.scalars(_OF_HOLD_LOCKED if lock else _OF_HOLD, values).one_or_none()


def of_holds(db: Db, community: str, holds: Iterable[str]) -> dict[str, Order]:
    """The orders of these holds, by hold."""
    query = select(Order).where(Order.community == community, Order.hold.in_(sorted(holds)))
    return {order.hold: order for order in db.scalars(query)}


# All orders for one person, open or not, by the hold of each.
OF_ELDER = select(Order.hold, Order.service, Order.wanted_day).where(Order.elder == bindparam("elder")).subquery()


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the board: what is shown of an order there."""

    rank: int
    wanted_day: str
    start: int
    id: str
    hold: str
    community: str
    service: str
    minutes: int
    end: int | None
    gender: str | None
    speaks: str | None
    grid: str | None


_ORDER = (Order.rank, Order.wanted_day, Order.start, Order.id)
_BOARD = (
    select(
        *_ORDER, Order.hold, Order.community, Order.service, Order.minutes, Order.end, Order.gender, Order.speaks,
        Order.grid,
    )
    .where(Order.community == bindparam("community"), Order.state == "open")
    .order_by(*_ORDER)
    .limit(bindparam("limit"))
)  # fmt: skip
_IS_AFTER = tuple_(*_ORDER) > tuple_(*(bindparam(f"last_{column.key}", type_=column.type) for column in _ORDER))
_IN_GRID = Order.grid == bindparam("grid")
# By whether they begin after a place, and whether they keep to one grid: each is read along an index of its own.
_PAGES = {
    (False, False): Prepared(_BOARD),
    (True, False): Prepared(_BOARD.where(_IS_AFTER)),
    (False, True): Prepared(_BOARD.where(_IN_GRID)),
    (True, True): Prepared(_BOARD.where(_IN_GRID, _IS_AFTER)),
}


def board(
    connection: Connection,
    community: str,
    after: tuple[int, str, int, str] | None,
    limit: int,
    grid: str | None = None,
) -> list[Place]:
    """The open orders of a community, or of one grid of it, in the order of the board, those after a place; read along
    an index."""
    asked: dict[str, int | str] = {"community": community, "limit": limit}
    if after is not None:
        asked |= dict(zip(("last_rank", "last_wanted_day", "last_start", "last_id"), after, strict=True))
    if grid is not None:
        asked["grid"] = grid
    rows = _PAGES[after is not None, grid is not None].rows(connection, **asked)
    return [Place(*row) for row in rows]


def place_of(order: Order) -> tuple[int, str, int, str]:
    """Where an order stands, or stood, on the board."""
    return order.rank, order.wanted_day, order.start, order.id


def unfinished(db: Db, community: str, states: Sequence[str], limit: int) -> list[Order]:
    """Orders of a community in these states, by day and time."""
    query = select(Order).where(Order.community == community, Order.state.in_(states))
    return list(db.scalars(query.order_by(Order.wanted_day, Order.start, Order.id).limit(limit)))


def of_volunteer(db: Db, volunteer: str, states: Sequence[str]) -> list[Order]:
    """Orders that somebody has taken, in these states, by day and time."""
    query = select(Order).where(Order.volunteer == volunteer, Order.state.in_(states))
    return list(db.scalars(query.order_by(Order.wanted_day, Order.start, Order.id)))


def for_elder(db: Db, elder: str, states: Sequence[str]) -> list[Order]:
    """Orders for one person, in these states, by day and time."""
    query = select(Order).where(Order.elder == elder, Order.state.in_(states))
    return list(db.scalars(query.order_by(Order.wanted_day, Order.start, Order.id)))


def of_series(db: Db, series: str) -> list[Order]:
    """The orders that were placed together for several weeks, by day."""
    return list(db.scalars(select(Order).where(Order.series == series).order_by(Order.wanted_day, Order.id)))


@dataclass(frozen=True, slots=True)
class Coming:
    """A visit that somebody has agreed to give. `start` is ANY_TIME where no time was said."""

    hold: str
    service: str
    wanted_day: str
    start: int
    end: int | None
    elder: str
    volunteer: str


_COMING = Prepared(
    select(Order.hold, Order.service, Order.wanted_day, Order.start, Order.end, Order.elder, Order.volunteer)
    .where(or_(Order.elder == bindparam("person"), Order.volunteer == bindparam("person")))
    .where(Order.state.in_(bindparam("states", expanding=True)))
    .order_by(Order.wanted_day, Order.start, Order.id)
    .limit(1)
)


def coming(connection: Connection, person: str, states: Sequence[str]) -> Coming | None:
    """The next visit to somebody, or by her, whose order is in one of these states."""
    row = _COMING.row(connection, person=person, states=list(states))
    return None if row is None else Coming(*row)


def ratings(db: Db, order: str) -> list[Rating]:
    """What both sides said of a service."""
    return list(db.scalars(select(Rating).where(Rating.order == order).order_by(Rating.side)))


def was_served(connection: Connection, elder: str) -> bool:
    """Whether any order of hers was ever confirmed."""
    query = select(Order.id).where(Order.elder == elder, Order.state == "confirmed").limit(1)
    return connection.execute(query).first() is not None


def due(db: Db, now: int, states: Sequence[str], limit: int) -> list[tuple[str, str, str]]:
    """Orders in these states whose time has come, the longest waiting first: community, hold, state."""
    query = select(Order.community, Order.hold, Order.state).where(Order.state.in_(states), Order.due_at <= now)
    return [
        (community, hold, state) for community, hold, state in db.execute(query.order_by(Order.due_at).limit(limit))
    ]


_ALSO = Prepared(select(OrderElder.elder).where(OrderElder.order == bindparam("order")).order_by(OrderElder.elder))


def also(connection: Connection, order: str) -> list[str]:
    """The other people who are served by the same visit."""
    return [elder for (elder,) in _ALSO.rows(connection, order=order)]


_PAID_BY = Prepared(
    select(func.coalesce(func.sum(func.coalesce(Order.paid, Order.minutes)), 0)).where(
        Order.elder == bindparam("elder"),
        Order.entitlement.in_(bindparam("entitlements", expanding=True)),
        Order.state != "released",
        Order.wanted_day >= bindparam("first"),
        Order.wanted_day <= bindparam("last"),
    )
)


def paid_by(
    connection: Connection, elder: str, entitlements: Sequence[str], first: str = "", last: str = "9999"
) -> int:
    """Minutes that the public paid, or holds, for somebody's services between two days."""
    row = _PAID_BY.row(connection, elder=elder, entitlements=list(entitlements), first=first, last=last)
    return 0 if row is None else int(row[0])


def void_tear_offs(db: Db, person: str, now: int) -> None:
    """The codes of somebody's sheets that were not used confirm nothing any more."""
    unused = (TearOff.person == person, TearOff.order.is_(None), TearOff.void_at.is_(None))
    db.execute(update(TearOff).where(*unused).values(void_at=now))


def noted(connection: Connection, order: str, reason: str) -> tuple[str, ...]:
    """The acts on an order that were noted with this reason, in their order."""
    query = select(OrderEvent.act).where(OrderEvent.order == order, OrderEvent.reason == reason)
    return tuple(connection.scalars(query.order_by(OrderEvent.n)))


def signed(connection: Connection, community: str, acts: Sequence[str], first: str, last: str) -> dict[str | None, int]:
    """How often these acts were done to orders wanted between two days, by the reason that was noted."""
    query = (
        select(OrderEvent.reason, func.count())
        .join(Order, Order.id == OrderEvent.order)
        .where(Order.community == community, Order.wanted_day >= first, Order.wanted_day <= last)
        .where(OrderEvent.act.in_(acts))
    )
    return dict(connection.execute(query.group_by(OrderEvent.reason)).all())
