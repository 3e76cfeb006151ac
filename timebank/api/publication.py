"""What a community publishes of a month, and how far its records have come on their way to the ministry's system."""

from flask import Response

from timebank.schemas import inputs, outputs
from timebank.services import publication
from timebank.visitor import actor, bank

from . import gate
from .answers import dumped
from .room import Room

room = Room("publication", "The month's services, with the state of their filing.")


@room.view(
    "GET",
    "/communities/<community:community>/publication",
    query=inputs.room.MonthQuery,
    gives=outputs.care.Publication,
)
def of_month(community: str) -> Response:
    """Show the services that were entered in a month, and the state of their filing.

    May call: clerks and leads of the community (scope see_day).
    """
    wanted = gate.query(inputs.room.MonthQuery)
    return dumped(outputs.care.Publication, publication.of_month(bank(), actor(), community, wanted["month"]))


@room.view(
    "POST",
    "/communities/<community:community>/publication/filings",
    takes=inputs.care.FilingInput,
    gives=outputs.care.Filed,
    keyed=True,
)
def file(community: str) -> Response:
    """Say how far records have come: waiting, filed, returned. Sent again it changes nothing more.

    May call: clerks of the community (scope file_records).
    """
    gate.idempotency_key()
    filing = gate.load(inputs.care.FilingInput, community=community)
    return dumped(outputs.care.Filed, {"changed": publication.file(bank(), actor(), filing)})
