"""Who is named for the hours that she served, because she wishes it."""

from flask import Response

from timebank.schemas import inputs, outputs
from timebank.services import honours
from timebank.visitor import actor, bank

from . import gate
from .answers import dumped
from .room import Room

room = Room("honours", "The honour board: by thresholds of hours served in all, for those who wish to be named.")


@room.view("GET", "/communities/<community:community>/honours", gives=outputs.people.Honours, public=True)
def board(community: str) -> Response:
    """Show the honour board of a community. There is no ranking on it, and nothing of what anybody has.

    May call: anybody.
    """
    return dumped(outputs.people.Honours, honours.board(bank(), community))


@room.view("POST", "/communities/<community:community>/honours", takes=inputs.people.HonourInput, status=204)
def wish(community: str) -> Response:
    """Keep whether a person wishes to be named. Sent twice it is the same.

    May call: the person (scope honour_own); clerks of her community (scope register_person).
    """
    honours.wish(bank(), actor(), gate.load(inputs.people.HonourInput, community=community))
    return Response(status=204)
