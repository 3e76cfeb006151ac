"""What a town, county or city reports every month."""

from flask import Response

from timebank.schemas import outputs
from timebank.services import liability, monthly, queues
from timebank.visitor import actor, bank

from .answers import dumped
from .room import Room

room = Room("reports", "What a city, county, town or community reports of a month (月报), and what waits there.")


@room.view("GET", "/places/<place:place>/reports/<month:month>", gives=outputs.reports.Report)
def report(place: str, month: str) -> Response:
    """Show the report of a month, line by line as in the form; nobody is named.

    May call: auditors, leads and admins of the whole place (scope audit).
    """
    return dumped(outputs.reports.Report, monthly.of(bank(), actor(), place, month))


@room.view("GET", "/places/<place:place>/queues", gives=outputs.reports.Queues)
def waiting(place: str) -> Response:
    """Show what waits for somebody at a place, by age and part; nobody is named.

    May call: auditors, leads and admins of the whole place (scope audit).
    """
    return dumped(outputs.reports.Queues, queues.of(bank(), actor(), place))


@room.view("GET", "/places/<place:place>/liability", gives=outputs.reports.Liability)
def owed(place: str) -> Response:
    """Show what is owed to members, by age, how fast it is used, and how long the public funds last.

    May call: auditors, leads and admins of the whole place (scope audit).
    """
    return dumped(outputs.reports.Liability, liability.of(bank(), actor(), place))
