"""The public fund of a community, for its lead and for the town."""

from flask import Response

from timebank.schemas import outputs
from timebank.services import fund
from timebank.visitor import actor, bank

from .answers import dumped
from .room import Room

room = Room("fund", "The public fund: what it has, what came and went, how long it lasts.")


@room.view("GET", "/communities/<community:community>/fund", gives=outputs.care.Fund)
def report(community: str) -> Response:
    """Show the fund month by month, for how many months it lasts, and what is owed to members.

    May call: leads of the community (scope see_care).
    """
    return dumped(outputs.care.Fund, fund.report(bank(), actor(), community))
