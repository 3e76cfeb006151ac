"""Orders: what was asked for, behind the holds of the ledger."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from sqlalchemy import Connection, and_, bindparam, case, func, insert, or_, select, tuple_, update
from sqlalchemy.orm import Session as Db

from timebank.ledger import Prepared

from .model import Person
from .order_model import Order, OrderElder, OrderEvent, Rating, TearOff
from .people import batched


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An order as it stands: a row of `orders`, column by column. What it becomes is another one, and is kept."""

    id: str
    community: str
    elder: str
    asked_by: str
    service: str
    minutes: int
    wanted_day: str
    sealed_note: bytes | None
    hold: str
    created_at: int
    state: str
    rank: int
    payer: str
    start: int
    end: int | None
    gender: str | None
    speaks: str | None
    grid: str | None
    sealed_place: bytes | None
    series: str | None
    lapses_at: int | None
    entitlement: str | None
    # What an act changes, with the state.
    volunteer: str | None = None
    checked_in_at: int | None = None
    checked_out_at: int | None = None
    due_at: int | None = None
    steps: int = 0
    paid: int | None = None
    served_on: str | None = None


_NAMES = tuple(field.name for field in fields(Asked))
_CHANGE = ("state", "volunteer", "checked_in_at", "checked_out_at", "due_at", "steps", "paid", "served_on")
_ORDERS = Order.__table__.c
_ALL = select(*(_ORDERS[name] for name in _NAMES))
_OF_HOLD = _ALL.where(Order.hold == bindparam("hold"), Order.community == bindparam("community"))
_ONE, _ONE_LOCKED = Prepared(_OF_HOLD), Prepared(_OF_HOLD.with_for_update())
_OF_HOLDS = Prepared(
    _ALL.where(Order.community == bindparam("community"), Order.hold.in_(bindparam("holds", expanding=True)))
)
_ADD = Prepared(insert(Order).values({name: bindparam(name) for name in _NAMES}))
_KEEP = Prepared(update(Order).where(Order.id == bindparam("id")).values({name: bindparam(name) for name in _CHANGE}))


def of_hold(connection: Connection, community: str, hold: str, *, lock: bool = False) -> Asked | None:
    """The order for which this hold was made, if it is this community's; with `lock` until the transaction ends."""
    found = _read(connection, _ONE_LOCKED if lock else _ONE, hold=hold, community=community)
    return found[0] if found else None


def of_holds(connection: Connection, community: str, holds: Iterable[str]) -> dict[str, Asked]:
    """The orders of these holds, by hold."""
    found = {}
    for part in batched(sorted(holds)):
        for order in _read(connection, _OF_HOLDS, community=community, holds=list(part)):
            found[order.hold] = order
    return found


def add(connection: Connection, order: Asked) -> None:
    """A new order."""
    _ADD.run(connection, **{name: getattr(order, name) for name in _NAMES})


def keep(connection: Connection, order: Asked) -> None:
    """Write what acts have changed of an order."""
    _KEEP.run(connection, id=order.id, **{name: getattr(order, name) for name in _CHANGE})


def _read(connection: Connection, query: Prepared, **values: str | int | list[str]) -> list[Asked]:
    return [Asked(**dict(zip(_NAMES, row, strict=True))) for row in query.rows(connection, **values)]


_EVENT = ("order", "n", "act", "state", "login", "reason", "at")
_NOTE = Prepared(insert(OrderEvent).values({name: bindparam(name) for name in _EVENT}))
_LAST = Prepared(
    select(OrderEvent.act, OrderEvent.login).where(
        OrderEvent.order == bindparam("order"), OrderEvent.n == bindparam("n")
    )
)


def note(connection: Connection, order: Asked, act: str, login: str | None, reason: str | None, at: int) -> None:
    """Note the act that led to where the order stands."""
    _NOTE.run(connection, order=order.id, n=order.steps, act=act, state=order.state, login=login, reason=reason, at=at)


_LAST_AT = Prepared(select(OrderEvent.at).where(OrderEvent.order == bindparam("order"), OrderEvent.n == bindparam("n")))


def last_at(connection: Connection, order: Asked) -> int:
    """When what was done to an order last was done (milliseconds); 0 when nothing is noted."""
    row = _LAST_AT.row(connection, order=order.id, n=order.steps)
    return 0 if row is None else int(row[0])


def last_act(connection: Connection, order: Asked) -> tuple[str, str | None] | None:
    """What was done to an order last, and by which login (None: the clock); None where nothing is noted."""
    row = _LAST.row(connection, order=order.id, n=order.steps)
    return None if row is None else (row[0], row[1])


# Of one person, by the hold of each: all orders for her, open or not, and those in `states` that she has taken.
# `other` is the elder or the volunteer that she herself is not, with the name as it is kept: none of an erased person.
_OTHER = case((Order.elder == bindparam("person"), Order.volunteer), else_=Order.elder)
AROUND = (
    select(
        Order.hold,
        Order.service,
        Order.wanted_day,
        Order.start,
        Order.end,
        Order.id,
        Order.elder,
        Order.state,
        _OTHER.label("other"),
        Person.sealed_name,
    )
    .outerjoin(Person, Person.id == _OTHER)
    .where(
        or_(
            Order.elder == bindparam("person"),
            and_(Order.volunteer == bindparam("person"), Order.state.in_(bindparam("states", expanding=True))),
        )
    )
    .subquery()
)


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


def place_of(order: Asked) -> tuple[int, str, int, str]:
    """Where an order stands, or stood, on the board."""
    return order.rank, order.wanted_day, order.start, order.id


_IN_STATES = Order.state.in_(bindparam("states", expanding=True))
_BY_DAY = (Order.wanted_day, Order.start, Order.id)
_UNFINISHED = Prepared(
    _ALL.where(Order.community == bindparam("community"), _IN_STATES).order_by(*_BY_DAY).limit(bindparam("limit"))
)
_OF_VOLUNTEER = Prepared(_ALL.where(Order.volunteer == bindparam("volunteer"), _IN_STATES).order_by(*_BY_DAY))
_FOR_ELDER = Prepared(_ALL.where(Order.elder == bindparam("elder"), _IN_STATES).order_by(*_BY_DAY))


def unfinished(connection: Connection, community: str, states: Sequence[str], limit: int) -> list[Asked]:
    """Orders of a community in these states, by day and time."""
    return _read(connection, _UNFINISHED, community=community, states=list(states), limit=limit)


def of_volunteer(connection: Connection, volunteer: str, states: Sequence[str]) -> list[Asked]:
    """Orders that somebody has taken, in these states, by day and time."""
    return _read(connection, _OF_VOLUNTEER, volunteer=volunteer, states=list(states))


def for_elder(connection: Connection, elder: str, states: Sequence[str]) -> list[Asked]:
    """Orders for one person, in these states, by day and time."""
    return _read(connection, _FOR_ELDER, elder=elder, states=list(states))


_OF_SERIES = Prepared(_ALL.where(Order.series == bindparam("series")).order_by(Order.wanted_day, Order.id))


def of_series(connection: Connection, series: str) -> list[Asked]:
    """The orders that were placed together for several weeks, by day."""
    return _read(connection, _OF_SERIES, series=series)


def ratings(db: Db, order: str) -> list[Rating]:
    """What both sides said of a service."""
    return list(db.scalars(select(Rating).where(Rating.order == order).order_by(Rating.side)))


def was_served(connection: Connection, elder: str) -> bool:
    """Whether any order of hers was ever confirmed."""
    query = select(Order.id).where(Order.elder == elder, Order.state == "confirmed").limit(1)
    return connection.execute(query).first() is not None


_SERVICES_OF = Prepared(
    select(Order.service).where(Order.elder == bindparam("elder")).order_by(Order.created_at.desc()).limit(50)
)


def services_of(connection: Connection, elder: str) -> list[str]:
    """What somebody ordered lately, each service once, the last one first."""
    return list(dict.fromkeys(service for (service,) in _SERVICES_OF.rows(connection, elder=elder)))


_DUE = Prepared(
    select(Order.community, Order.hold, Order.state)
    .where(_IN_STATES, Order.due_at <= bindparam("now"))
    .order_by(Order.due_at)
    .limit(bindparam("limit"))
)


def due(connection: Connection, now: int, states: Sequence[str], limit: int) -> list[tuple[str, str, str]]:
    """Orders in these states whose time has come, the longest waiting first: community, hold, state."""
    rows = _DUE.rows(connection, states=list(states), now=now, limit=limit)
    return [(community, hold, state) for community, hold, state in rows]


_ALSO = Prepared(select(OrderElder.elder).where(OrderElder.order == bindparam("order")).order_by(OrderElder.elder))


def also(connection: Connection, order: str) -> list[str]:
    """The other people who are served by the same visit."""
    return [elder for (elder,) in _ALSO.rows(connection, order=order)]


_ADD_ALSO = Prepared(insert(OrderElder).values(order=bindparam("order"), elder=bindparam("elder")))


def serve_also(connection: Connection, order: str, elder: str) -> None:
    """One more person is served by the same visit."""
    _ADD_ALSO.run(connection, order=order, elder=elder)


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


_TAKE_BACK = Prepared(update(Order).where(Order.hold == bindparam("hold"), Order.paid.is_not(None)).values(paid=0))


def take_back(connection: Connection, hold: str) -> None:
    """What was paid for this order went back to whoever paid."""
    _TAKE_BACK.run(connection, hold=hold)


_OF_CODE = (TearOff.person == bindparam("whose"), TearOff.code_hash == bindparam("code"))
_UNUSED = (TearOff.order.is_(None), TearOff.void_at.is_(None))
_CODE = Prepared(insert(TearOff).values({name: bindparam(name) for name in ("person", "code_hash", "made_at")}))
_VOID = Prepared(update(TearOff).where(TearOff.person == bindparam("whose"), *_UNUSED).values(void_at=bindparam("now")))
_GOOD = Prepared(select(TearOff.code_hash).where(*_OF_CODE, *_UNUSED).with_for_update())
_TEAR_OFF = Prepared(update(TearOff).where(*_OF_CODE).values(order=bindparam("for_order")))


def add_tear_off(connection: Connection, person: str, code_hash: bytes, now: int) -> None:
    """A code of somebody's new sheet."""
    _CODE.run(connection, person=person, code_hash=code_hash, made_at=now)


def void_tear_offs(connection: Connection, person: str, now: int) -> None:
    """The codes of somebody's sheets that were not used confirm nothing any more."""
    _VOID.run(connection, whose=person, now=now)


def tear_off(connection: Connection, person: str, code_hash: bytes, order: str) -> bool:
    """Use a code for an order; False when it is none of hers, was used, or is void."""
    if _GOOD.row(connection, whose=person, code=code_hash) is None:
        return False
    _TEAR_OFF.run(connection, whose=person, code=code_hash, for_order=order)
    return True


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
