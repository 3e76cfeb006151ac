"""日结: the days that a station closed at their end."""

from flask import Response

from timebank.schemas import inputs, outputs
from timebank.services import closing
from timebank.visitor import actor, bank

from . import gate
from .answers import dumped
from .room import Room

room = Room(
    "closing", "The close of a day: what was counted, and under which head. It keeps nobody from entering more."
)


@room.view(
    "GET",
    "/communities/<community:community>/closes",
    query=inputs.room.MonthQuery,
    gives=outputs.desk.Closes,
)
def of_month(community: str) -> Response:
    """Show which days of a month were closed, and which were not.

    May call: clerks and leads of the community (scope see_day).
    """
    wanted = gate.query(inputs.room.MonthQuery)
    return dumped(outputs.desk.Closes, closing.of_month(bank(), actor(), community, wanted["month"]))


@room.view(
    "POST",
    "/communities/<community:community>/closes",
    takes=inputs.desk.CloseInput,
    gives=outputs.desk.Close,
    status=(201, 200),
    keyed=True,
)
def close(community: str) -> Response:
    """Close a day. With the same answers, and nothing entered since, the close that is there is answered with 200.

    May call: clerks of the community (scope close_day).
    """
    wanted = gate.load_keyed(inputs.desk.CloseInput, community=community)
    closed, was_there = closing.close(bank(), actor(), wanted)
    return dumped(outputs.desk.Close, closed, 200 if was_there else 201)
