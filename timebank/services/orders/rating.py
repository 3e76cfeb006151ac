"""What both sides say of a service that was given."""

from dataclasses import dataclass

from timebank import directory
from timebank.access import Actor, Right, allowed, require, require_either
from timebank.bank import Bank, View
from timebank.ledger import Code, Refused
from timebank.lifecycle import State

from . import steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """One to five, and a text that only the station reads."""

    community: str
    hold: str
    stars: int
    text: str | None = None


def rate(bank: Bank, actor: Actor | None, rated: Rated) -> str:
    """The volunteer rates, or whoever was served and who acts for her; again in place of before. Returns the side."""
    person = "" if actor is None else actor.person or ""
    with bank.view() as view:
        found = directory.orders.of_hold(view.connection, rated.community, rated.hold)
    is_volunteer = found is not None and person and found.volunteer == person
    if is_volunteer:
        require(actor, Right.SERVE, rated.community, person)
    else:
        require_either(actor, Right.RUN_ORDERS, Right.CONFIRM_OWN, rated.community, found.elder if found else "")
    side = "volunteer" if is_volunteer else "elder"
    with bank.office() as office:
        order = steps.locked(office, rated.community, rated.hold)
        if order.state != State.CONFIRMED:
            raise Refused(Code.ORDER_STATE, state=order.state, act="rate")
        text = None
        if rated.text:
            text = office.vault.seal("ratings.text", f"{order.id} {side}", rated.text)
        office.people.merge(
            directory.Rating(order=order.id, side=side, stars=rated.stars, sealed_text=text, at=office.now)
        )
    return side


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one side, `elder` or `volunteer`, said of a service."""

    side: str
    stars: int
    text: str


def ratings(bank: Bank, actor: Actor | None, community: str, hold: str) -> list[Said]:
    """What was said of a service: both sides for the station, for everybody else only their own."""
    with bank.view() as view:
        found = directory.orders.of_hold(view.connection, community, hold)
        own = "elder"
        if found is not None and actor is not None and actor.person and found.volunteer == actor.person:
            require(actor, Right.SERVE, community, actor.person)
            own = "volunteer"
        else:
            require_either(actor, Right.SEE_DAY, Right.SEE_OWN, community, found.elder if found else "")
        if found is None:
            raise Refused(Code.ORDER_UNKNOWN, hold=hold)
        sees_all = own == "elder" and allowed(actor, Right.SEE_DAY, community)
        return [
            Said(side=one.side, stars=one.stars, text=_opened(view, one))
            for one in directory.orders.ratings(view.people, found.id)
            if sees_all or one.side == own
        ]


def _opened(view: View, one: directory.Rating) -> str:
    if one.sealed_text is None:
        return ""
    return view.vault.open("ratings.text", f"{one.order} {one.side}", one.sealed_text)
