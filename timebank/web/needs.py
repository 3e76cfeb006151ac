"""服务清单 and 需求清单: what is offered here and what was asked for, for anybody; and what was not met, as a table."""

from flask import request
from marshmallow import ValidationError

from timebank.schemas.inputs.room import MonthQuery
from timebank.schemas.words import gettext as _
from timebank.services import needs as published
from timebank.visitor import bank

from . import labels, say
from .frame import COMMUNITY, Answer, go, page, pages
from .tables import Cell, table_file


@pages.get(COMMUNITY + "/services")
def services(code: str) -> Answer:
    """Anybody. What can be ordered here, what is to be minded, and how many offer it."""
    return page("services.html", found=published.offers(bank(), code))


@pages.get(COMMUNITY + "/needs")
def needs(code: str) -> Answer:
    """Anybody. What was asked for in this month, or `?month=`, and what became of it."""
    try:
        found = _of_month(code)
    except ValidationError:
        return go("needs", code=code)
    return page(
        "needs.html",
        found=found,
        earlier=published.months_after(found.month, -1),
        later=published.months_after(found.month, 1) if found.month < found.this_month else None,
    )


@pages.get(COMMUNITY + "/needs/table")
def needs_table(code: str) -> Answer:
    """Anybody. What nobody could give, as CSV or with `?as=xlsx` a workbook: evidence for buying the service."""
    try:
        found = _of_month(code)
    except ValidationError:
        return go("needs", code=code)
    heads = (_("Community"), _("Service"), _("Month"), _("Number of orders"), _("Minutes"), _("Why"))
    rows: list[list[Cell]] = [
        [
            found.place,
            say.service(row.service),
            found.month,
            row.number,
            row.minutes,
            say.word(labels.RELEASE, row.reason),
        ]
        for row in found.unmet
    ]
    return table_file(f"{code}-{found.month}-needs", str(_("What was not met, and why")), heads, rows)


def _of_month(code: str) -> published.Needs:
    asked = request.args.get("month")
    return published.of_month(bank(), code, MonthQuery().load({"month": asked} if asked else {})["month"])
