"""Providers: what they gave in a month, to be accepted."""

from flask import Response

from timebank.schemas import inputs, outputs
from timebank.services import acceptance
from timebank.visitor import actor, bank

from . import gate
from .answers import dumped
from .room import Room

room = Room("acceptance", "The acceptance list (验收单) of a provider. Only hours; no money.")


@room.view(
    "GET",
    "/communities/<community:community>/providers/<hex32:provider>/acceptance",
    query=inputs.room.MonthQuery,
    gives=outputs.orders.Acceptance,
)
def of_month(community: str, provider: str) -> Response:
    """Show the visits of a provider that were entered in a month, each with its entry, and their sums.

    May call: clerks and leads of the community (scope see_day).
    """
    wanted = gate.query(inputs.room.MonthQuery)
    found = acceptance.of_month(bank(), actor(), community, provider, wanted["month"])
    return dumped(outputs.orders.Acceptance, found)
