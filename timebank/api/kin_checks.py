"""Declared relations that are checked: drawn, listed, answered."""

from flask import Response

from timebank.schemas import inputs, outputs
from timebank.services import kin_checks
from timebank.visitor import actor, bank

from . import gate
from .answers import dumped
from .room import Room

room = Room(
    "kin-checks", "Some of the relations that were only declared are checked, drawn so that nobody can steer it."
)

_AT = "/communities/<community:community>/kin-checks"


@room.view("GET", _AT, gives=outputs.care.KinChecks)
def open_ones(community: str) -> Response:
    """List the declared relations that are still to be checked.

    May call: leads of the community (scope check_kin).
    """
    return dumped(outputs.care.KinChecks, {"checks": kin_checks.open_ones(bank(), actor(), community)})


@room.view("POST", _AT + "/answers", takes=inputs.care.CheckedInput, gives=outputs.care.KinChecked, keyed=True)
def answer(community: str) -> Response:
    """Keep what was found out. `false` ends the relation at once, with all consents in it.

    May call: leads of the community who did not note it and are not of the family (scope check_kin).
    """
    gate.idempotency_key()
    checked = gate.load(inputs.care.CheckedInput, community=community)
    said = kin_checks.answer(bank(), actor(), checked)
    return dumped(outputs.care.KinChecked, {"kinship": checked.kinship, "answer": said})


@room.view("POST", _AT + "/draws", takes=inputs.care.DrawInput, gives=outputs.care.KinDraw, keyed=True)
def draw(community: str) -> Response:
    """Draw the checks of a month, the last one when left out. Drawn again it gives the same.

    May call: admins of the community (scope draw_callbacks).
    """
    gate.idempotency_key()
    month = gate.load(inputs.care.DrawInput)["month"]
    return dumped(outputs.care.KinDraw, kin_checks.draw(bank(), actor(), community, month))
