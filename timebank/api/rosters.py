"""Rosters: one event that several served at, and what became of each row."""

from flask import Response

from timebank.schemas import inputs, outputs
from timebank.services import rosters
from timebank.visitor import actor, bank

from . import gate
from .answers import dumped
from .room import Room

room = Room("rosters", "One event that several served at, entered at once, with a result for each.")


@room.view(
    "POST",
    "/communities/<community:community>/rosters",
    takes=inputs.hours.RosterInput,
    gives=outputs.orders.Roster,
    status=(201, 200),
    keyed=True,
)
def record(community: str) -> Response:
    """Enter an event: of a group, whose hours go to the fund; of several volunteers, only recorded; or a credited
    shift. Whoever can be entered is, and the others are named with the reason. Each entry has a receipt at its address.

    May call: clerks of the community (scope record_visit).
    """
    results = rosters.record(bank(), actor(), gate.load_keyed(inputs.hours.RosterInput, community=community))
    where = f"/api/v1/communities/{community}/rosters/{results.id}"
    return dumped(outputs.orders.Roster, results, 200 if results.repeated else 201, Location=where)


@room.view("GET", "/communities/<community:community>/rosters/<hex32:roster>", gives=outputs.orders.Roster)
def of(community: str, roster: str) -> Response:
    """Show what became of a roster.

    May call: clerks and leads of the community (scope see_day).
    """
    return dumped(outputs.orders.Roster, rosters.of(bank(), actor(), community, roster))
