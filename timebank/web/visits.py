"""Orders on their way: the board, what one has taken, the station's list, and the page of one order with its acts."""

import re
from collections.abc import Callable
from dataclasses import replace

from flask import request

from timebank import lifecycle, visitor
from timebank.access import Denied, Right
from timebank.bank import Posted
from timebank.ledger import Code, Refused
from timebank.lifecycle import Act, State
from timebank.schemas import refusals
from timebank.schemas.inputs.orders import ConfirmedInput, RatedInput, SentInput
from timebank.schemas.refusals import STATES
from timebank.schemas.words import gettext as _
from timebank.services import members, orders, station
from timebank.visitor import actor, bank

from . import labels, say
from .forms import Form
from .frame import COMMUNITY, Answer, can, go, page, pages

_AS_VOLUNTEER = (Act.ACCEPT, Act.CHECK_IN, Act.CHECK_OUT, Act.KNOCK, Act.GIVE_BACK)
_AS_CLERK = (Act.REVIEW, Act.CHECK_IN, Act.CHECK_OUT, Act.DISPATCH, Act.MISS, Act.KNOCK, Act.CALL_OFF, Act.CONFIRM,
             Act.ENTER, Act.DOUBT, Act.DECLINE, Act.CANCEL)  # fmt: skip
_AS_SERVED = (Act.CONFIRM, Act.DOUBT, Act.CANCEL)
_AS_LEAD = (Act.ENTER, Act.REJECT)
# Not an act on the order: to look somebody up by name. What is typed stands in no address.
_LOOK = "look"
_LISTED = 10


@pages.get("/visits")
def visits() -> Answer:
    """The member. What the volunteer has taken and not finished, each with one big next step."""
    who = visitor.who()
    if who is None or who.actor.person is None:
        raise Denied(Right.SERVE, "", anonymous=who is None)
    return page("visits.html", orders=orders.mine(bank(), actor()))


@pages.get(COMMUNITY + "/board")
def board(code: str) -> Answer:
    """Volunteers, clerks and leads of the community. Open orders by priority, day and time; `?after=` reads on,
    `?near=1` keeps to the reader's own grid."""
    near = 1 if request.args.get("near") == "1" else None
    found = orders.board(bank(), actor(), code, request.args.get("after"), 20, near=near is not None)
    return page("board.html", orders=found, near=near, more=found[-1].hold if len(found) == 20 else None)


@pages.get(COMMUNITY + "/orders")
def station_orders(code: str) -> Answer:
    """Clerk and lead of the community. Every order that is not finished, with what is to be done."""
    found = orders.of_station(bank(), actor(), code)
    groups = [(state, [order for order in found if order.state == state]) for state in STATES]
    return page("orders.html", groups=[group for group in groups if group[1]], today=station.today(bank(), code))


@pages.route(COMMUNITY + "/orders/<hold>", methods=["GET", "POST"])
def one_order(code: str, hold: str) -> Answer:
    """The station, its volunteer, the person and who acts for her. One order, and every act that may be done now;
    `?skip=` reads on among those who could be sent."""
    form = Form("act", "volunteer", "code", "pin", "reason", "q")
    if form.sent:
        done = _done(form, code, hold)
        if done is not None:
            return done
    return _shown(form, code, hold)


def _shown(form: Form, code: str, hold: str) -> Answer:
    order = orders.told(bank(), actor(), code, hold)
    who = visitor.who()
    acts = _acts(order, who.actor.person if who else None)
    dispatches = Act.DISPATCH in acts
    text = form["q"].strip() if dispatches and form.sent and form["act"] == _LOOK else ""
    skip = min(request.args.get("skip", 0, type=int), orders.MOST_SKIPPED)
    listed = orders.candidates(bank(), actor(), code, hold, _LISTED + 1, max(0, skip)) if dispatches else []
    is_over = order.state == State.CONFIRMED
    return page(
        "one_order.html",
        form.status,
        form=form,
        order=order,
        acts=acts,
        candidates=listed[:_LISTED],
        next_ones=max(0, skip) + _LISTED if len(listed) > _LISTED else None,
        first_ones=skip > 0,
        looked_for=orders.look_for(bank(), actor(), code, hold, text) if text else None,
        ratings=orders.ratings(bank(), actor(), code, hold) if is_over else [],
        may_rate=is_over and _may_rate(order, who.actor.person if who else None),
    )


def _may_rate(order: orders.Told, person: str | None) -> bool:
    is_volunteer = person is not None and person == order.volunteer
    return (
        is_volunteer or can(Right.RUN_ORDERS, order.community) or can(Right.CONFIRM_OWN, order.community, order.elder)
    )


@pages.post(COMMUNITY + "/orders/<hold>/rating")
def rate(code: str, hold: str) -> Answer:
    """The person and who acts for her, its volunteer, and clerks for her. How the service was, one to five."""
    form = Form("stars", "text")
    rated = form.load(RatedInput, community=code, hold=hold)
    if rated is not None and form.ask(lambda: orders.rate(bank(), actor(), rated)) is not None:
        return go("one_order", code=code, hold=hold)
    return _shown(form, code, hold)


@pages.get(COMMUNITY + "/orders/<hold>/appointment")
def appointment(code: str, hold: str) -> Answer:
    """The station, its volunteer, the person and who acts for her. A sheet that says who comes when, to be printed:
    a third of an A4 page, or `?paper=roll` of 80 mm."""
    order = orders.told(bank(), actor(), code, hold)
    return page("appointment.html", order=order, roll=request.args.get("paper") == "roll")


def _acts(order: orders.Told, person: str | None) -> list[Act]:
    """What whoever asks may do to the order now, in the order in which it is usually done."""
    code, state = order.community, State(order.state)
    may: list[Act] = []
    if person is not None and person == order.volunteer:
        may += [*_AS_VOLUNTEER, Act.CONFIRM]  # with a torn-off code
    if can(Right.RUN_ORDERS, code):
        may += _AS_CLERK
    if can(Right.CONFIRM_OWN, code, order.elder):
        may += _AS_SERVED
    if state is State.DISPUTED:
        may = list(_AS_LEAD) if can(Right.DECIDE_DOUBT, code) else []
    return [act for act in dict.fromkeys(may) if lifecycle.allowed(act, state)]


def _done(form: Form, code: str, hold: str) -> Answer | None:
    """Do what the form asks for; None where it is refused, with the reason in the form."""
    act = next((act for act in Act if act.value == form["act"]), None)
    if act is Act.CONFIRM:
        confirmed = form.load(ConfirmedInput, community=code, hold=hold)
        if confirmed is None:
            return None
        here = replace(confirmed, address=visitor.address())
        return _posted(form, lambda: orders.confirm(bank(), actor(), here), code)
    if act is Act.DISPATCH:
        sent = form.load(SentInput, community=code, hold=hold)
        return None if sent is None else _moved(form, lambda: orders.dispatch(bank(), actor(), sent), code, hold)
    cancelled = orders.Cancelled(community=code, hold=hold, reason=form["reason"] or "cancelled")
    ends: dict[Act, Callable[[], Posted]] = {
        Act.CANCEL: lambda: orders.cancel(bank(), actor(), cancelled),
        Act.DECLINE: lambda: orders.decline(bank(), actor(), cancelled),
        Act.CALL_OFF: lambda: orders.call_off(bank(), actor(), code, hold),
        Act.REJECT: lambda: orders.reject(bank(), actor(), code, hold),
    }
    if act in ends:
        return _posted(form, ends[act], code)
    at_door = form["code"].strip() or None
    pressed = int(form["at"]) if re.fullmatch(r"[0-9]{1,16}", form["at"]) else None  # by a script, where it waited
    steps: dict[Act, Callable[[], object]] = {
        Act.REVIEW: lambda: orders.review(bank(), actor(), code, hold),
        Act.ACCEPT: lambda: orders.accept(bank(), actor(), code, hold),
        Act.GIVE_BACK: lambda: orders.give_back(bank(), actor(), code, hold),
        Act.MISS: lambda: orders.miss(bank(), actor(), code, hold),
        Act.CHECK_IN: lambda: orders.check_in(bank(), actor(), code, hold, at_door, pressed),
        Act.KNOCK: lambda: orders.knock(bank(), actor(), code, hold),
        Act.CHECK_OUT: lambda: orders.check_out(bank(), actor(), code, hold, at_door, pressed),
        Act.DOUBT: lambda: orders.doubt(bank(), actor(), orders.Doubt(community=code, hold=hold)),
    }
    if act is None or act not in steps:
        return None
    return _moved(form, steps[act], code, hold, gone=act is Act.GIVE_BACK and not can(Right.SEE_DAY, code))


def _moved(form: Form, use_case: Callable[[], object], code: str, hold: str, *, gone: bool = False) -> Answer | None:
    try:
        use_case()
    except Refused as error:
        if not can(Right.SEE_DAY, code) and form["act"] == Act.ACCEPT.value:
            # Somebody was quicker: the order is theirs to see now. Or it is not for this volunteer.
            said, status = refusals.sentence(error.code, error.facts), refusals.status(error.code)
            title = say.word(labels.GONE, "taken") if error.code is Code.ORDER_STATE else _("This was not done")
            return page("error.html", status, status=status, title=title, sentence=said, way_back="/")
        form.wrong("", refusals.sentence(error.code, error.facts))
        form.status = refusals.status(error.code)
        return None
    return go("visits") if gone else go("one_order", code=code, hold=hold)


def _posted(form: Form, use_case: Callable[[], Posted], code: str) -> Answer | None:
    posted = form.ask(use_case)
    return None if posted is None else go("entry_done", code=code, entry_id=posted.record.id)


@pages.route(COMMUNITY + "/people/<person_id>/codes", methods=["GET", "POST"])
def codes(code: str, person_id: str) -> Answer:
    """Clerk of the community. Ten codes that the elder keeps, to be printed at once: they are shown only now."""
    if not can(Right.RUN_ORDERS, code):
        raise Denied(Right.RUN_ORDERS, code, anonymous=actor() is None)
    person = members.person(bank(), actor(), person_id)
    made = orders.make_sheet(bank(), actor(), code, person_id) if request.method == "POST" else []
    return page("codes.html", person=person, codes=made)
