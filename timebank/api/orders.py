"""Orders: asked for, on the board, taken, signed in and out, confirmed; docs/orders.md draws their way."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Response, request

from timebank import visitor
from timebank.access import Actor
from timebank.bank import Bank
from timebank.lifecycle import STEPS, Act
from timebank.schemas import inputs, outputs
from timebank.services import orders
from timebank.visitor import actor, bank

from . import gate
from .answers import dumped, receipted
from .examples import EXAMPLES
from .room import JSON, Room

room = Room("orders", "From a need to a confirmed service. What ends an order answers with a receipt.")

_AT = "/communities/<community:community>/orders/<uuid7:hold>"
# Acts that need no more than the order, and write nothing in the ledger.
ACTS: dict[str, tuple[Act, Callable[[Bank, Actor | None, str, str], object]]] = {
    "review": (Act.REVIEW, orders.review),
    "accept": (Act.ACCEPT, orders.accept),
    "give-back": (Act.GIVE_BACK, orders.give_back),
    "miss": (Act.MISS, orders.miss),
    "knock": (Act.KNOCK, orders.knock),
    "check-in": (Act.CHECK_IN, orders.check_in),
    "check-out": (Act.CHECK_OUT, orders.check_out),
}
# These two may bring the code at the door.
SIGNS = {Act.CHECK_IN: orders.check_in, Act.CHECK_OUT: orders.check_out}


@room.view(
    "POST",
    "/communities/<community:community>/orders",
    takes=inputs.orders.WishInput,
    gives=outputs.entries.Receipted,
    status=(201, 200),
    keyed=True,
)
def order(community: str) -> Response:
    """Order a service: the minutes are held until it is settled or released.

    May call: clerks of the community (scope redeem_for_others); the elder, and relatives with consent (scope
    redeem_own).
    """
    wish = gate.load_keyed(inputs.orders.WishInput, community=community)
    return receipted(orders.request(bank(), actor(), wish), community)


@room.view(
    "POST",
    "/communities/<community:community>/orders/<uuid7:hold>/settlement",
    takes=inputs.orders.DoneInput,
    gives=outputs.entries.Receipted,
    status=(201, 200),
    keyed=True,
)
def settle(community: str, hold: str) -> Response:
    """Settle an order: the service was given, the volunteer is paid from what was held.

    May call: clerks of the community (scope settle). The order has one outcome, whatever the Idempotency-Key.
    """
    gate.idempotency_key()
    done = gate.load(inputs.orders.DoneInput, community=community, hold=hold)
    return receipted(orders.enter(bank(), actor(), done), community)


@room.view(
    "POST",
    "/communities/<community:community>/orders/<uuid7:hold>/release",
    takes=inputs.orders.CancelledInput,
    gives=outputs.entries.Receipted,
    status=(201, 200),
    keyed=True,
)
def release(community: str, hold: str) -> Response:
    """Release an order: the service will not be given, the minutes go back.

    May call: clerks of the community (scope run_orders); the elder, and relatives with consent (scope redeem_own). The
    order has one outcome, whatever the Idempotency-Key.
    """
    gate.idempotency_key()
    cancelled = gate.load(inputs.orders.CancelledInput, community=community, hold=hold)
    return receipted(orders.cancel(bank(), actor(), cancelled), community)


@room.view("GET", "/communities/<community:community>/board", query=inputs.room.BoardQuery, gives=outputs.orders.Board)
def board(community: str) -> Response:
    """The open orders of a community, or of the caller's own grid, by priority, day and time. No names.

    May call: volunteers, clerks and leads of the community (scope see_board).
    """
    asked = gate.query(inputs.room.BoardQuery)
    found = orders.board(bank(), actor(), community, asked["after"], asked["limit"], near=asked["near"])
    return dumped(
        outputs.orders.Board, {"orders": found, "after": found[-1].hold if len(found) == asked["limit"] else None}
    )


@room.view("GET", "/communities/<community:community>/orders", gives=outputs.orders.Orders)
def list_orders(community: str) -> Response:
    """Every order of a community that is not finished, by day and time.

    May call: clerks and leads of the community (scope see_day).
    """
    return dumped(outputs.orders.Orders, {"orders": orders.of_station(bank(), actor(), community)})


@room.view("GET", _AT, gives=outputs.orders.Order)
def order_told(community: str, hold: str) -> Response:
    """One order.

    May call: clerks and leads of the community (scope see_day), its volunteer (scope serve), the elder, and relatives
    with consent (scope see_own).
    """
    return dumped(outputs.orders.Order, orders.told(bank(), actor(), community, hold))


@room.view("GET", _AT + "/candidates", query=inputs.orders.CandidatesQuery, gives=outputs.orders.Candidates)
def candidates(community: str, hold: str) -> Response:
    """Who could be sent, the best first, with the reasons. `next` is the `skip` of the next page.

    May call: clerks of the community (scope run_orders).
    """
    asked = gate.query(inputs.orders.CandidatesQuery)
    limit, skip = asked["limit"], asked["skip"]
    found = orders.candidates(bank(), actor(), community, hold, limit + 1, skip)
    said = {"candidates": found[:limit], "next": skip + limit if len(found) > limit else None}
    return dumped(outputs.orders.Candidates, said)


@room.view("POST", _AT + "/candidates/search", takes=inputs.orders.CandidateQuery, gives=outputs.orders.LookedFor)
def look_for(community: str, hold: str) -> Response:
    """Look for a volunteer to be sent by name, pinyin, initials, the end of the telephone number, or card. Who cannot
    be sent comes with the reason.

    May call: clerks of the community (scope run_orders). It changes nothing; it is a POST because a name must not stand
    in an address.
    """
    text = gate.load(inputs.orders.CandidateQuery)["q"]
    return dumped(outputs.orders.LookedFor, {"candidates": orders.look_for(bank(), actor(), community, hold, text)})


# Also an act that takes a body may come without one, as all of them did.
_SIGNED: dict[str, Any] = {
    "required": False,
    "content": {JSON: {"schema": inputs.orders.SignedInput, "example": EXAMPLES[inputs.orders.SignedInput]}},
}


@room.view("POST", _AT + "/acts/<act:act>", gives=outputs.orders.Acted, keyed=True, requestBody=_SIGNED)
def act(community: str, hold: str, act: str) -> Response:
    """Take the order a step on: review, accept, give-back, miss, knock, check-in or check-out. Sent again, it is done
    once. Check-in and check-out take the `code` at the door, which says that the volunteer was there; it confirms
    nothing, and they count without it too.

    May call: accept volunteers of the community (scope serve); give-back, knock, check-in and check-out its volunteer
    (scope serve), and like review and miss clerks of the community (scope run_orders).
    """
    gate.idempotency_key()
    done, use_case = ACTS[act]
    if done in SIGNS and request.get_data():
        signed = gate.load(inputs.orders.SignedInput)
        SIGNS[done](bank(), actor(), community, hold, signed["code"], signed["at"])
    else:
        use_case(bank(), actor(), community, hold)
    return dumped(outputs.orders.Acted, {"hold": hold, "state": STEPS[done].target.value})


@room.view("POST", _AT + "/dispatch", takes=inputs.orders.SentInput, gives=outputs.orders.Acted, keyed=True)
def dispatch(community: str, hold: str) -> Response:
    """Send a volunteer, also in place of another.

    May call: clerks of the community (scope run_orders).
    """
    gate.idempotency_key()
    orders.dispatch(bank(), actor(), gate.load(inputs.orders.SentInput, community=community, hold=hold))
    return dumped(outputs.orders.Acted, {"hold": hold, "state": STEPS[Act.DISPATCH].target.value})


@room.view(
    "POST",
    _AT + "/confirmation",
    takes=inputs.orders.ConfirmedInput,
    gives=outputs.entries.Receipted,
    status=(201, 200),
    keyed=True,
)
def confirm(community: str, hold: str) -> Response:
    """Confirm the service: with a torn-off `code`, with the `pin` of the elder's card on a device of the station, as a
    clerk with a `reason`; with nothing it is the elder's own telephone, or a relative's.

    May call: the elder, and relatives with consent (scope confirm_own); clerks of the community (scope run_orders); its
    volunteer only with a code (scope serve).
    """
    gate.idempotency_key()
    confirmed = gate.load(inputs.orders.ConfirmedInput, community=community, hold=hold)
    here = replace(confirmed, address=visitor.address())
    return receipted(orders.confirm(bank(), actor(), here), community)


@room.view("POST", _AT + "/doubt", takes=inputs.orders.DisputeInput, gives=outputs.orders.Acted, keyed=True)
def doubt(community: str, hold: str) -> Response:
    """Say, before it is posted, that the service was otherwise. A lead decides.

    May call: the elder, and relatives with consent (scope confirm_own); clerks of the community (scope run_orders).
    """
    gate.idempotency_key()
    orders.doubt(bank(), actor(), gate.load(inputs.orders.DisputeInput, community=community, hold=hold))
    return dumped(outputs.orders.Acted, {"hold": hold, "state": STEPS[Act.DOUBT].target.value})


@room.view("POST", _AT + "/rejection", gives=outputs.entries.Receipted, status=(201, 200), keyed=True)
def reject(community: str, hold: str) -> Response:
    """Decide a doubt: the service was not given, the minutes go back.

    May call: leads of the community (scope decide_doubt).
    """
    gate.idempotency_key()
    return receipted(orders.reject(bank(), actor(), community, hold), community)


@room.view("POST", _AT + "/call-off", gives=outputs.entries.Receipted, status=(201, 200), keyed=True)
def call_off(community: str, hold: str) -> Response:
    """Nobody opened the door and nobody could be reached: the minutes go back.

    May call: clerks of the community (scope run_orders).
    """
    gate.idempotency_key()
    return receipted(orders.call_off(bank(), actor(), community, hold), community)


@room.view("POST", _AT + "/rating", takes=inputs.orders.RatedInput, status=204, keyed=True)
def rate(community: str, hold: str) -> Response:
    """Rate a service that was given, one to five; again in place of before.

    May call: its volunteer (scope serve); the elder, and relatives with consent (scope confirm_own); clerks of the
    community for the elder (scope run_orders).
    """
    gate.idempotency_key()
    orders.rate(bank(), actor(), gate.load(inputs.orders.RatedInput, community=community, hold=hold))
    return Response(status=204)


@room.view("GET", _AT + "/rating", gives=outputs.orders.Ratings)
def ratings(community: str, hold: str) -> Response:
    """Read what was said of a service: the station both sides, everybody else only their own.

    May call: clerks and leads of the community (scope see_day), its volunteer (scope serve), the elder, and relatives
    with consent (scope see_own).
    """
    return dumped(outputs.orders.Ratings, {"ratings": orders.ratings(bank(), actor(), community, hold)})


@room.view(
    "POST",
    "/communities/<community:community>/people/<hex32:person>/tear-offs",
    gives=outputs.orders.TearOffs,
    status=201,
    keyed=True,
)
def make_sheet(community: str, person: str) -> Response:
    """Ten codes, each for confirming one service, to be printed now: they are never shown again. Older ones are void.

    May call: clerks of the community (scope run_orders).
    """
    gate.idempotency_key()
    return dumped(outputs.orders.TearOffs, {"codes": orders.make_sheet(bank(), actor(), community, person)}, 201)


@room.view(
    "POST",
    "/communities/<community:community>/people/<hex32:person>/door-code",
    gives=outputs.orders.DoorCode,
    status=201,
    keyed=True,
)
def make_door_code(community: str, person: str) -> Response:
    """A new code for the card inside somebody's door, to be printed now: it is never shown again. The old one is void.

    May call: clerks of the community (scope run_orders).
    """
    gate.idempotency_key()
    return dumped(outputs.orders.DoorCode, {"code": orders.make_code(bank(), actor(), community, person)}, 201)
