"""Who could go to an order: its community's volunteers, who of them is free, and why each fits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, select

from timebank.ledger import Prepared

from .model import Person
from .order_model import ANY_TIME, Order, OrderElder

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# The parts of a day, each with the minute after midnight at which it ends.
_PARTS = (("am", 12 * 60), ("pm", 18 * 60), ("eve", 24 * 60))
# When somebody has time: parts of the week.
TIMES = tuple(f"{weekday}-{part}" for weekday in _WEEKDAYS for part, _ in _PARTS)


@dataclass(frozen=True, slots=True)
class Need:
    """What an order asks of whoever goes."""

    id: str
    community: str
    elder: str
    service: str
    minutes: int
    wanted_day: str
    start: int
    gender: str | None
    speaks: str | None
    grid: str | None
    volunteer: str | None


class Fit(NamedTuple):
    """Somebody who might go, with what it is judged by.

    `is_served`: by this very visit; `is_free`: nothing that she has taken is at that time. `past`: how often she was
    with this elder; `offers`, `has_time`, `speaks`, `is_near`: whether she offers the service, has time then, speaks
    what was asked for, lives in the same grid or likes to go there; `busy`: the orders that she has taken and not
    finished.
    """

    id: str
    kind: str
    sealed_name: bytes | None
    sealed_born: bytes | None
    suspended_at: int | None
    deceased_on: str | None
    is_volunteer: bool
    gender: str | None
    is_served: bool
    is_free: bool
    past: int
    offers: bool
    has_time: bool
    speaks: bool
    is_near: bool
    busy: int


_NEED = Prepared(
    select(
        Order.id, Order.community, Order.elder, Order.service, Order.minutes, Order.wanted_day, Order.start,
        Order.gender, Order.speaks, Order.grid, Order.volunteer,
    ).where(Order.hold == bindparam("hold"), Order.community == bindparam("community"))
)  # fmt: skip
_PEOPLE = select(
    Person.id, Person.kind, Person.sealed_name, Person.sealed_born, Person.suspended_at, Person.deceased_on,
    Person.is_volunteer, Person.gender, Person.offers, Person.times, Person.speaks, Person.grid, Person.goes_to,
).where(Person.community == bindparam("community"), Person.erased_at.is_(None))  # fmt: skip
_ONE = Prepared(_PEOPLE.where(Person.id == bindparam("person")))
_VOLUNTEERS = Prepared(_PEOPLE.where(Person.is_volunteer))
_SERVED = Prepared(select(OrderElder.elder).where(OrderElder.order == bindparam("order")))
_TAKEN = select(Order.volunteer, Order.wanted_day, Order.start, Order.minutes).where(
    Order.community == bindparam("community"),
    Order.state.in_(bindparam("busy", expanding=True)),
    Order.id != bindparam("order"),
)
_ALL_TAKEN = Prepared(_TAKEN)
_TAKEN_BY = Prepared(_TAKEN.where(Order.volunteer == bindparam("person")))
_PAST = Prepared(
    select(Order.volunteer, func.count())
    .where(Order.elder == bindparam("elder"), Order.state == "confirmed")
    .group_by(Order.volunteer)
)


def need_of(connection: Connection, community: str, hold: str) -> Need | None:
    """What the order with this hold asks for, if it is this community's."""
    row = _NEED.row(connection, community=community, hold=hold)
    return None if row is None else Need(*row)


def volunteers(connection: Connection, need: Need, busy: Sequence[str]) -> list[Fit]:
    """The volunteers of the community but for who goes already, the best fitting first.

    Who was with this elder before comes first, then who offers the service, has time then, speaks what was asked for,
    lives in the same grid or likes to go there, and has the least to do. Reads them, who is served, the orders that are
    taken and not finished (states `busy`), and what this elder was given: four statements, whatever their number.
    """
    rows = _VOLUNTEERS.rows(connection, community=need.community)
    taken = _ALL_TAKEN.rows(connection, community=need.community, busy=list(busy), order=need.id)
    past: dict[str, int] = dict(_PAST.rows(connection, elder=need.elder))
    found = _fits(need, rows, _served(connection, need), taken, past)
    return sorted((fit for fit in found if fit.id != need.volunteer), key=_rank)


def one(connection: Connection, need: Need, busy: Sequence[str], person: str) -> Fit | None:
    """As `volunteers` of one person of the community, whether she is a volunteer or not; `past` is not looked up. None
    when there is nobody."""
    rows = _ONE.rows(connection, community=need.community, person=person)
    taken = _TAKEN_BY.rows(connection, community=need.community, busy=list(busy), order=need.id, person=person)
    return next(iter(_fits(need, rows, _served(connection, need), taken, {})), None)


def _served(connection: Connection, need: Need) -> frozenset[str]:
    return frozenset({need.elder, *(elder for (elder,) in _SERVED.rows(connection, order=need.id))})


def _fits(
    need: Need,
    rows: Iterable[tuple[Any, ...]],
    served: frozenset[str],
    taken: Iterable[tuple[Any, ...]],
    past: Mapping[str, int],
) -> list[Fit]:
    load: dict[str, int] = {}
    blocked = set()
    for volunteer, day, start, minutes in taken:
        load[volunteer] = load.get(volunteer, 0) + 1
        if day == need.wanted_day and _overlap((start, minutes), (need.start, need.minutes)):
            blocked.add(volunteer)
    return [
        Fit(
            id=person,
            kind=kind,
            sealed_name=name,
            sealed_born=born,
            suspended_at=suspended,
            deceased_on=deceased,
            is_volunteer=bool(serves),
            gender=gender,
            is_served=person in served,
            is_free=person not in blocked,
            past=past.get(person, 0),
            offers=need.service in offers.split(),
            has_time=_has_time(need, times.split()),
            speaks=need.speaks is not None and need.speaks in speaks.split(),
            is_near=need.grid is not None and need.grid in (grid, *goes_to.split()),
            busy=load.get(person, 0),
        )
        for person, kind, name, born, suspended, deceased, serves, gender, offers, times, speaks, grid, goes_to in rows
    ]


def _rank(fit: Fit) -> tuple[int, bool, bool, bool, bool, int, str]:
    return -fit.past, not fit.offers, not fit.has_time, not fit.speaks, not fit.is_near, fit.busy, fit.id


def _has_time(need: Need, times: Sequence[str]) -> bool:
    """Whether she has time when the service is to begin; where no time was said, at some time of that day."""
    weekday = _WEEKDAYS[date.fromisoformat(need.wanted_day).weekday()]
    parts = [part for part, until in _PARTS if need.start < until][:1] or [part for part, _ in _PARTS]
    return any(f"{weekday}-{part}" in times for part in parts)


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two windows (start, minutes) touch; where no time was said nothing is known."""
    return ANY_TIME not in (one[0], other[0]) and one[0] < sum(other) and other[0] < sum(one)
