"""服务清单 and 需求清单: what is offered here and what was asked for, for anybody; and what was not met, as a table."""

import csv
import io

from flask import Response, request
from marshmallow import ValidationError

from timebank.schemas.inputs.room import MonthQuery
from timebank.schemas.words import gettext as _
from timebank.services import needs as published
from timebank.visitor import bank

from . import say
from .frame import COMMUNITY, Answer, go, page, pages
from .people import safe_cell


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
    """Anybody. What nobody could give, as CSV: evidence for buying the service. UTF-8 with its mark."""
    try:
        found = _of_month(code)
    except ValidationError:
        return go("needs", code=code)
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow([_("Community"), _("Service"), _("Month"), _("Number of orders"), _("Minutes"), _("Why")])
    for row in found.unmet:
        why = say.word(say.RELEASE, row.reason)
        cells = [found.place, say.service(row.service), found.month, row.number, row.minutes, why]
        table.writerow([safe_cell(str(cell)) for cell in cells])
    name = f"{code}-{found.month}-needs.csv"
    return Response(
        "\ufeff" + text.getvalue(),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _of_month(code: str) -> published.Needs:
    asked = request.args.get("month")
    return published.of_month(bank(), code, MonthQuery().load({"month": asked} if asked else {})["month"])
