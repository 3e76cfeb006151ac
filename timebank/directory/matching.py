"""Who could go to an order: its community's volunteers who are free and are who was asked for, and why each fits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, or_, select

from timebank.ledger import Prepared

from .model import Person
from .order_model import ANY_TIME, Order, OrderElder


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


class Fit(NamedTuple):
    """A volunteer who is free, with what her eligibility is judged by.

    `past`: how often she was with this elder; `offers`, `speaks`, `is_near`: whether she offers the service, speaks
    what was asked for, lives in the same grid; `busy`: the orders that she has taken and not finished.
    """

    id: str
    kind: str
    sealed_name: bytes | None
    sealed_born: bytes | None
    suspended_at: int | None
    deceased_on: str | None
    past: int
    offers: bool
    speaks: bool
    is_near: bool
    busy: int


_NEED = Prepared(
    select(
        Order.id, Order.community, Order.elder, Order.service, Order.minutes, Order.wanted_day, Order.start,
        Order.gender, Order.speaks, Order.grid,
    ).where(Order.hold == bindparam("hold"), Order.community == bindparam("community"))
)  # fmt: skip
_HERE = (Person.community == bindparam("community"), Person.is_volunteer, Person.erased_at.is_(None))
_VOLUNTEERS = select(
    Person.id, Person.kind, Person.sealed_name, Person.sealed_born, Person.suspended_at, Person.deceased_on,
    Person.offers, Person.speaks, Person.grid,
).where(
    *_HERE, Person.id != bindparam("elder"),
    Person.id.not_in(select(OrderElder.elder).where(OrderElder.order == bindparam("order"))),
)  # fmt: skip
_ANYBODY = Prepared(_VOLUNTEERS)
# With a group or a provider the station agrees whom they send.
_OF_GENDER = Prepared(_VOLUNTEERS.where(or_(Person.gender == bindparam("gender"), Person.kind != "person")))
_TAKEN = Prepared(
    select(Order.volunteer, Order.wanted_day, Order.start, Order.minutes).where(
        Order.community == bindparam("community"), Order.state.in_(bindparam("busy", expanding=True))
    )
)
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
    """The volunteers of the community who are free at that time and of the gender asked for, the best fitting first.

    Who was with this elder before comes first, then who offers the service, speaks what was asked for, lives in the
    same grid, and has the least to do. Reads them, the orders that are taken and not finished (states `busy`), and
    what this elder was given: three statements, whatever their number.
    """
    known: dict[str, int] = dict(_PAST.rows(connection, elder=need.elder))
    loads, blocked = _taken(connection, need, busy)
    asked: dict[str, str] = {"community": need.community, "elder": need.elder, "order": need.id}
    if need.gender is None:
        rows = _ANYBODY.rows(connection, **asked)
    else:
        rows = _OF_GENDER.rows(connection, gender=need.gender, **asked)
    found = []
    for person, kind, name, born, suspended, deceased, offers, speaks, grid in rows:
        if person not in blocked:
            can, talks = need.service in offers.split(), need.speaks is not None and need.speaks in speaks.split()
            near = need.grid is not None and grid == need.grid
            past, load = known.get(person, 0), loads.get(person, 0)
            found.append(Fit(person, kind, name, born, suspended, deceased, past, can, talks, near, load))
    return sorted(found, key=_rank)


def _rank(fit: Fit) -> tuple[int, bool, bool, bool, int, str]:
    return -fit.past, not fit.offers, not fit.speaks, not fit.is_near, fit.busy, fit.id


def _taken(connection: Connection, need: Need, busy: Sequence[str]) -> tuple[dict[str, int], set[str]]:
    """How much each has to do, and who has something to do at that time."""
    load: dict[str, int] = {}
    blocked = set()
    for volunteer, day, start, minutes in _TAKEN.rows(connection, community=need.community, busy=list(busy)):
        load[volunteer] = load.get(volunteer, 0) + 1
        if day == need.wanted_day and _overlap((start, minutes), (need.start, need.minutes)):
            blocked.add(volunteer)
    return load, blocked


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two windows (start, minutes) touch; where no time was said nothing is known."""
    return ANY_TIME not in (one[0], other[0]) and one[0] < sum(other) and other[0] < sum(one)
