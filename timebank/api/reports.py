"""What a town, county or city reports every month."""

from flask import Response

from timebank.schemas import outputs
from timebank.services import monthly
from timebank.visitor import actor, bank

from .answers import dumped
from .room import Room

room = Room("reports", "The monthly report (月报) of a city, county, town or community.")


@room.view("GET", "/places/<place:place>/reports/<month:month>", gives=outputs.reports.Report)
def report(place: str, month: str) -> Response:
    """Show the report of a month, line by line as in the form; nobody is named.

    May call: auditors, leads and admins of the whole place (scope audit).
    """
    return dumped(outputs.reports.Report, monthly.of(bank(), actor(), place, month))
