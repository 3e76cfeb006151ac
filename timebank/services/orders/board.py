"""Who sees which orders: the board for volunteers, the station's list, one's own; and who could go."""

from dataclasses import dataclass, replace
from itertools import islice

from timebank import directory
from timebank.access import Actor, Right, allowed, require, require_either
from timebank.bank import Bank, View
from timebank.catalogue import Service
from timebank.directory.matching import Fit, Need
from timebank.directory.orders import Asked, Place
from timebank.ledger import Code, Refused
from timebank.lifecycle import FINAL, State
from timebank.policy import Policy

from .. import eligibility
from ..statements import seen_person
from . import steps
from .doors import AT_DOOR
from .serving import BUSY, SENT_LATER

MOST_SHOWN = 500
MOST_FOUND = 30
MOST_SKIPPED = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenOrder:
    """An order as the board shows it: what, when, how long, in which part; nobody's name, nobody's class."""

    hold: str
    community: str
    service: str
    minutes: int
    wanted_day: str
    start: int | None
    end: int | None
    gender: str | None
    speaks: str | None
    grid: str | None
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told(OpenOrder):
    """An order as the station, its volunteer and whoever asked for it see it. Times are milliseconds.

    `accompany`: it is the first service of somebody on whose first visit the social worker goes along. `at_door`: what
    was signed with the code at the door, of check_in and check_out. `also_names`: who else is served by the same visit.
    `in_hospital`: somebody whom it serves is there all that day, by what is noted; said to the station alone. All four
    are said only where one order is shown.
    """

    elder: str
    elder_name: str
    volunteer: str | None
    volunteer_name: str
    payer: str
    place: str
    note: str
    checked_in_at: int | None
    checked_out_at: int | None
    due_at: int | None
    accompany: bool = False
    at_door: tuple[str, ...] = ()
    sent_later: tuple[str, ...] = ()
    also_names: tuple[str, ...] = ()
    in_hospital: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A volunteer who could go, and why: `reasons` are was-there-before, offers-it, has-time, speaks-it, same-grid.

    `refused`: why she cannot be sent after all; said only of who was looked for by name.
    """

    person: str
    name: str
    reasons: tuple[str, ...]
    busy: int  # orders that she has taken and not finished
    refused: Refused | None = None


def board(
    bank: Bank,
    actor: Actor | None,
    community: str,
    after: str | None = None,
    limit: int = 20,
    *,
    near: bool = False,
) -> list[OpenOrder]:
    """Open orders of a community, by priority, day and time; those after the order with the hold `after`.

    `near`: only those in the grid of whoever asks; Refused where none is noted.
    """
    actor = require(actor, Right.SEE_BOARD, community)
    with bank.view() as view:
        grid = _grid_of(view, actor) if near else None
        place = None
        if after is not None:
            last = directory.orders.of_hold(view.connection, community, after)
            if last is None:
                raise Refused(Code.ORDER_UNKNOWN, hold=after)
            place = directory.orders.place_of(last)
        return board_of(view, community, place, min(limit, MOST_SHOWN), grid)


def board_of(
    view: View,
    community: str,
    after: tuple[int, str, int, str] | None = None,
    limit: int = 20,
    grid: str | None = None,
) -> list[OpenOrder]:
    """As `board`, for a use case of its own; `after` is a place on it."""
    return _open(directory.orders.board(view.connection, community, after, limit, grid))


def _grid_of(view: View, actor: Actor) -> str:
    known = directory.people.known(view.connection, [actor.person] if actor.person else [])
    grid = known[actor.person].grid if actor.person in known else None
    if grid is None:
        raise Refused(Code.GRID_MISSING)
    return grid


def _open(rows: list[Place]) -> list[OpenOrder]:
    return [
        OpenOrder(
            hold=row.hold,
            community=row.community,
            service=row.service,
            minutes=row.minutes,
            wanted_day=row.wanted_day,
            start=steps.said_start(row.start),
            end=row.end,
            gender=row.gender,
            speaks=row.speaks,
            grid=row.grid,
            state=State.OPEN.value,
        )
        for row in rows
    ]


def of_station(bank: Bank, actor: Actor | None, community: str) -> list[Told]:
    """Every order of a community that is not finished, in the order of its day and time."""
    require(actor, Right.SEE_DAY, community)
    with bank.view() as view:
        states = [state.value for state in State if state not in FINAL]
        return _told(view, directory.orders.unfinished(view.connection, community, states, MOST_SHOWN))


def mine(bank: Bank, actor: Actor | None) -> list[Told]:
    """What the volunteer who asks has taken and not finished."""
    if actor is None or actor.person is None:
        return []
    with bank.view() as view:
        states = [*BUSY, State.SERVED.value]
        return _told(view, directory.orders.of_volunteer(view.connection, actor.person, states))


def of_elder(bank: Bank, actor: Actor | None, elder: str) -> list[Told]:
    """The unfinished orders for one person, for herself, who acts for her, and the station."""
    with bank.view() as view:
        person = seen_person(view, actor, elder)
        states = [state.value for state in State if state not in FINAL]
        return _told(view, directory.orders.for_elder(view.connection, person.id, states))


def told(bank: Bank, actor: Actor | None, community: str, hold: str) -> Told:
    """One order, for the station, its volunteer, whoever it is for and who acts for her."""
    with bank.view() as view:
        found = directory.orders.of_hold(view.connection, community, hold)
        person = "" if actor is None else actor.person or ""
        if found is not None and person and found.volunteer == person:
            require(actor, Right.SERVE, community, person)
        else:
            require_either(actor, Right.SEE_DAY, Right.SEE_OWN, community, found.elder if found else "")
        if found is None:
            raise Refused(Code.ORDER_UNKNOWN, hold=hold)
        at_door = directory.orders.noted(view.connection, found.id, AT_DOOR)
        sent_later = directory.orders.noted(view.connection, found.id, SENT_LATER)
        others = directory.orders.also(view.connection, found.id)
        names = directory.people.names_of(view.connection, view.vault, others) if others else {}
        also_names = tuple(names[other] for other in others if other in names)
        (shown,) = _told(view, [found])
        is_station = allowed(actor, Right.SEE_DAY, community)
        return replace(
            shown,
            accompany=_is_accompanied(view, found),
            at_door=at_door,
            sent_later=sent_later,
            also_names=also_names,
            in_hospital=is_station and _is_away(view, found, others),
        )


def series(bank: Bank, actor: Actor | None, community: str, hold: str) -> list[Told]:
    """All orders that were placed together with this one, week by week; only itself where there was one. For the
    station, whoever it is for and who acts for her."""
    with bank.view() as view:
        found = directory.orders.of_hold(view.connection, community, hold)
        require_either(actor, Right.SEE_DAY, Right.SEE_OWN, community, found.elder if found else "")
        if found is None:
            raise Refused(Code.ORDER_UNKNOWN, hold=hold)
        together = directory.orders.of_series(view.connection, found.series) if found.series else [found]
        return _told(view, together)


def _is_away(view: View, order: Asked, others: list[str]) -> bool:
    people = [order.elder, *others]
    return any(directory.standing.away(view.connection, person, order.wanted_day) for person in people)


def _is_accompanied(view: View, order: Asked) -> bool:
    assessed = directory.standing.assessed(view.connection, order.elder, order.wanted_day)
    return assessed is not None and assessed[1] and not directory.orders.was_served(view.connection, order.elder)


def _told(view: View, orders: list[Asked]) -> list[Told]:
    people = {order.elder for order in orders} | {order.volunteer for order in orders if order.volunteer}
    names = directory.people.names_of(view.connection, view.vault, people)

    def opened(order: Asked, column: str, sealed: bytes | None) -> str:
        return "" if sealed is None else view.vault.open(f"orders.{column}", order.id, sealed)

    return [
        Told(
            hold=order.hold,
            community=order.community,
            service=order.service,
            minutes=order.minutes,
            wanted_day=order.wanted_day,
            start=steps.said_start(order.start),
            end=order.end,
            gender=order.gender,
            speaks=order.speaks,
            grid=order.grid,
            state=order.state,
            elder=order.elder,
            elder_name=names.get(order.elder, ""),
            volunteer=order.volunteer,
            volunteer_name=names.get(order.volunteer or "", ""),
            payer=order.payer,
            place=opened(order, "place", order.sealed_place),
            note=opened(order, "note", order.sealed_note),
            checked_in_at=order.checked_in_at,
            checked_out_at=order.checked_out_at,
            due_at=order.due_at,
        )
        for order in orders
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """An order for which somebody is looked for, with what everybody is judged by."""

    view: View
    policy: Policy
    need: Need
    service: Service | None
    noted: eligibility.Noted

    def refusal(self, fit: Fit, *, any_gender: bool = False) -> Refused | None:
        """Why this volunteer cannot go; None when she can."""
        try:
            eligibility.check_goes(
                self.view, self.policy, fit, self.need, self.service, self.noted, any_gender=any_gender
            )
        except Refused as error:
            return error
        return None

    def ranked(self) -> list[Fit]:
        return directory.matching.volunteers(self.view.connection, self.need, BUSY)

    def shown(self, fit: Fit, refused: Refused | None = None) -> Candidate:
        name = directory.people.name_of(self.view.vault, fit) or ""
        return Candidate(person=fit.id, name=name, reasons=_reasons(fit), busy=fit.busy, refused=refused)


def _call(bank: Bank, view: View, community: str, hold: str) -> _Call:
    need = directory.matching.need_of(view.connection, community, hold)
    if need is None:
        raise Refused(Code.ORDER_UNKNOWN, hold=hold)
    policy = view.newest_policy(view.community(community).origin)
    service = bank.catalogue.by_code.get(need.service)
    noted = eligibility.noted(view, policy, community, need.wanted_day, service)
    return _Call(view=view, policy=policy, need=need, service=service, noted=noted)


def candidates(
    bank: Bank, actor: Actor | None, community: str, hold: str, limit: int = 10, skip: int = 0
) -> list[Candidate]:
    """Who could be sent, the best first, without the first `skip`: who was with this person before, offers the service,
    has time then, speaks what was asked for, lives in the same grid or likes to go there, and has the least to do.

    Left out is whoever would be refused if she took the order. The statements are always as many, however many
    volunteers there are.
    """
    require(actor, Right.RUN_ORDERS, community)
    with bank.view() as view:
        call = _call(bank, view, community, hold)
        # Only as many are judged as are shown or skipped: an age must be unsealed for it.
        could_go = (fit for fit in call.ranked() if call.refusal(fit) is None)
        return [call.shown(fit) for fit in islice(could_go, skip, skip + limit)]


def look_for(bank: Bank, actor: Actor | None, community: str, hold: str, text: str) -> list[Candidate]:
    """The volunteers whom a clerk looks for by what is typed (as `members.search`), who fits best first; of who cannot
    be sent the reason is said. The station may send another than was asked for, so that is none."""
    require(actor, Right.RUN_ORDERS, community)
    with bank.view() as view:
        call = _call(bank, view, community, hold)
        people = directory.people.search(view.people, view.vault, community, text, MOST_FOUND)
        wanted = {person.id for person in people}
        found = [fit for fit in call.ranked() if fit.id in wanted]
        return [call.shown(fit, call.refusal(fit, any_gender=True)) for fit in found]


def _reasons(fit: Fit) -> tuple[str, ...]:
    """Why she fits, in the order in which it counts."""
    why = {
        "was-there-before": fit.past,
        "offers-it": fit.offers,
        "has-time": fit.has_time,
        "speaks-it": fit.speaks,
        "same-grid": fit.is_near,
    }
    return tuple(code for code, holds in why.items() if holds)
