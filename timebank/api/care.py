"""Who is looked after by nobody, and whose hours look odd."""

from flask import Response

from timebank.schemas import inputs, outputs
from timebank.services import care
from timebank.visitor import actor, bank

from . import gate
from .answers import dumped
from .room import Room

room = Room("care", "Elders whom nobody has served lately, and what looks odd in the books.")


@room.view("GET", "/communities/<community:community>/care", query=inputs.room.MonthQuery, gives=outputs.care.Care)
def look(community: str) -> Response:
    """Show a month: elders whom nobody has served for 30 days, and what looks odd.

    May call: leads of the community (scope see_care).
    """
    wanted = gate.query(inputs.room.MonthQuery)
    return dumped(outputs.care.Care, care.look(bank(), actor(), community, wanted["month"]))


@room.view(
    "POST",
    "/communities/<community:community>/care/findings",
    takes=inputs.care.FindingInput,
    status=204,
    keyed=True,
)
def close(community: str) -> Response:
    """Close a finding with an outcome. No entry is changed by it; a finding that grows is open again.

    May call: leads of the community who have no part in it (scope close_finding).
    """
    gate.idempotency_key()
    care.close(bank(), actor(), gate.load(inputs.care.FindingInput, community=community))
    return Response(status=204)


@room.view(
    "POST",
    "/communities/<community:community>/care/owners",
    takes=inputs.care.TakingInput,
    status=204,
    keyed=True,
)
def take_on(community: str) -> Response:
    """Take on a finding or an elder whom nobody has served: it shows who looks. Another may take it over.

    May call: leads of the community who have no part in it (scope close_finding).
    """
    gate.idempotency_key()
    care.take_on(bank(), actor(), gate.load(inputs.care.TakingInput, community=community))
    return Response(status=204)
