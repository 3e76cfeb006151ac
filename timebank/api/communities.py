"""Communities, what anybody may see of them, and a station's day."""

from flask import Response

from timebank.schemas import inputs, outputs
from timebank.services import audits, communities, station
from timebank.visitor import actor, bank

from . import gate
from .answers import TEXT, dumped, text
from .room import Room

room = Room("communities", "Communities, their public heads, and a station's day.")


@room.view("GET", "/communities", gives=outputs.room.Communities, public=True)
def everyone() -> Response:
    """List the communities of this service.

    May call: everybody.
    """
    return dumped(outputs.room.Communities, {"communities": communities.everyone(bank())})


@room.view("GET", "/communities/<community:community>/checkpoint", gives=TEXT, public=True)
def checkpoint(community: str) -> Response:
    """Give the ledger's newest signed head (c2sp.org/tlog-checkpoint).

    May call: everybody. A head that nobody sees witnesses nothing.
    """
    return text(audits.checkpoint(bank(), community))


@room.view("GET", "/communities/<community:community>/day", query=inputs.room.DayQuery, gives=outputs.orders.Day)
def day(community: str) -> Response:
    """Show a day at the station: entries, requests before a second person, open orders.

    May call: clerks and leads of the community (scope see_day).
    """
    wanted = gate.query(inputs.room.DayQuery)
    return dumped(outputs.orders.Day, station.day(bank(), actor(), community, wanted["day"]))
