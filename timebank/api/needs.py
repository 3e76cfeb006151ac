"""What a community offers, and what was asked of it: for anybody, without a name."""

from flask import Response

from timebank.schemas import inputs, outputs
from timebank.services import needs
from timebank.visitor import bank

from . import gate
from .answers import dumped
from .room import Room

room = Room("needs", "The public lists of services and of needs (服务清单、需求清单).")


@room.view("GET", "/communities/<community:community>/services", gives=outputs.room.Offers, public=True)
def offers(community: str) -> Response:
    """Show what can be ordered in a community, what is to be minded, and how many offer it.

    May call: anybody.
    """
    return dumped(outputs.room.Offers, needs.offers(bank(), community))


@room.view(
    "GET",
    "/communities/<community:community>/needs",
    query=inputs.room.MonthQuery,
    gives=outputs.orders.Needs,
    public=True,
)
def of_month(community: str) -> Response:
    """Show what was asked for in a month, what became of it, and what could not be given.

    May call: anybody.
    """
    wanted = gate.query(inputs.room.MonthQuery)
    return dumped(outputs.orders.Needs, needs.of_month(bank(), community, wanted["month"]))
