"""What people leave behind, and the monthly slips of those for whom somebody else decides."""

from flask import Response

from timebank.schemas import inputs, outputs
from timebank.services import estates, slips
from timebank.visitor import actor, bank

from . import gate
from .answers import dumped
from .room import Room

room = Room("estates", "Hours that somebody left behind: her wish, the case, and to whom they go.")


@room.view("POST", "/communities/<community:community>/last-wishes", takes=inputs.papers.LastWishInput, status=204)
def note_wish(community: str) -> Response:
    """Keep to whom somebody wants her hours to go after her death. The last word counts.

    May call: clerks of the community (scope note_papers), but not for themselves or their family.
    """
    estates.note_wish(bank(), actor(), gate.load(inputs.papers.LastWishInput, community=community))
    return Response(status=204)


@room.view("GET", "/communities/<community:community>/estates", gives=outputs.people.Estates)
def cases(community: str) -> Response:
    """List the open cases, with those to whom the hours may go.

    May call: clerks and leads of the community (scope see_day).
    """
    return dumped(outputs.people.Estates, {"cases": estates.cases(bank(), actor(), community)})


@room.view(
    "POST",
    "/communities/<community:community>/estates",
    takes=inputs.papers.InheritanceInput,
    gives=outputs.entries.Waiting,
    status=202,
    keyed=True,
)
def ask(community: str) -> Response:
    """Ask for hours of a case to go to an heir, or to the fund. Nothing moves before a second person approves.

    May call: clerks and leads of the community (scope ask_standing), but not for their family.
    """
    wanted = gate.load_keyed(inputs.papers.InheritanceInput, community=community)
    return dumped(outputs.entries.Waiting, estates.ask(bank(), actor(), wanted), 202)


@room.view("GET", "/estates/<entry:number>", gives=outputs.people.Estate, public=True)
def one(number: str) -> Response:
    """Show how a case stands.

    May call: anybody who has its number.
    """
    return dumped(outputs.people.Estate, estates.look(bank(), number))


@room.view("GET", "/communities/<community:community>/slips", query=inputs.room.MonthQuery, gives=outputs.people.Slips)
def of_month(community: str) -> Response:
    """Show the monthly slips of those for whom a guardian decides, for their other relatives.

    May call: clerks and leads of the community (scope see_day).
    """
    wanted = gate.query(inputs.room.MonthQuery)
    return dumped(outputs.people.Slips, slips.of_month(bank(), actor(), community, wanted["month"]))
