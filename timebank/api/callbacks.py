"""Calls to some of those who were served: drawn so that nobody can choose whom."""

from flask import Response

from timebank.schemas import inputs, outputs
from timebank.services import callbacks
from timebank.visitor import actor, bank

from . import gate
from .answers import dumped
from .room import Room

room = Room("callbacks", "Call-backs: some of a month's services are asked about by telephone.")


@room.view("GET", "/communities/<community:community>/callbacks", gives=outputs.care.Calls)
def waiting(community: str) -> Response:
    """Show whom the station has still to call.

    May call: clerks and leads of the community (scope see_day).
    """
    return dumped(outputs.care.Calls, {"calls": callbacks.open_ones(bank(), actor(), community)})


@room.view(
    "POST",
    "/communities/<community:community>/callbacks/answers",
    takes=inputs.care.CalledInput,
    gives=outputs.care.Call,
    keyed=True,
)
def answer(community: str) -> Response:
    """Say what somebody who was called said; `not-given` opens a question about the entry.

    May call: clerks and leads of the community who did not record it (scope call_back). An entry has one answer,
    whatever the Idempotency-Key; who was unreachable may be called again.
    """
    gate.idempotency_key()
    called = gate.load(inputs.care.CalledInput, community=community)
    return dumped(outputs.care.Call, callbacks.answer(bank(), actor(), called))


@room.view(
    "POST",
    "/communities/<community:community>/callbacks/draws",
    takes=inputs.care.DrawInput,
    gives=outputs.care.Draw,
    keyed=True,
)
def draw(community: str) -> Response:
    """Draw the calls of a month that is over; drawn again it gives the same.

    May call: admins of the community (scope draw_callbacks).
    """
    gate.idempotency_key()
    wanted = gate.load(inputs.care.DrawInput)
    return dumped(outputs.care.Draw, callbacks.draw(bank(), actor(), community, wanted["month"]))
