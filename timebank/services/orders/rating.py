"""What both sides say of a service that was given."""

from dataclasses import dataclass

from timebank import directory
from timebank.access import Actor, Right, require, require_either
from timebank.bank import Bank
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
