"""验收单: a provider's visits of a month, to be printed and signed, and as a table."""

import csv
import io
from datetime import date, timedelta

from flask import Response, request
from marshmallow import ValidationError

from timebank.schemas.inputs.room import MonthQuery
from timebank.schemas.words import gettext as _
from timebank.services import acceptance as accepted
from timebank.visitor import actor, bank

from . import labels, say
from .frame import COMMUNITY, Answer, go, page, pages
from .people import safe_cell

_AT = COMMUNITY + "/providers/<provider>/acceptance"


@pages.get(_AT)
def acceptance(code: str, provider: str) -> Answer:
    """Clerk and lead of the community. What a provider gave in this month, or `?month=`; it prints as a sheet."""
    try:
        found = _of_month(code, provider)
    except ValidationError:
        return go("acceptance", code=code, provider=provider)
    first = date.fromisoformat(f"{found.month}-01")
    return page(
        "acceptance.html",
        found=found,
        earlier=(first - timedelta(days=1)).isoformat()[:7],
        later=(first + timedelta(days=31)).isoformat()[:7] if found.month < found.this_month else None,
    )


@pages.get(_AT + "/table")
def acceptance_table(code: str, provider: str) -> Answer:
    """Clerk and lead of the community. The same as CSV, as spreadsheets read it: UTF-8 with its mark."""
    try:
        found = _of_month(code, provider)
    except ValidationError:
        return go("acceptance", code=code, provider=provider)
    text = io.StringIO()
    table = csv.writer(text)
    heads = (_("Order"), _("Day of service"), _("Service"), _("Minutes"), _("Who was served"))
    table.writerow([*heads, _("How it was confirmed"), _("Number"), _("Id"), _("Hash"), _("Corrected")])
    for visit in found.visits:
        cells = [visit.order or "", visit.day, say.service(visit.service), visit.minutes, " ".join(visit.served)]
        cells += [say.word(labels.CONFIRMED, visit.confirmed), visit.seq, visit.entry, visit.hash]
        table.writerow([safe_cell(str(cell)) for cell in (*cells, _("yes") if visit.undone else "")])
    table.writerow([_("In all"), found.number, "", found.minutes])
    name = f"{code}-{found.month}-acceptance.csv"
    return Response(
        "\ufeff" + text.getvalue(),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _of_month(code: str, provider: str) -> accepted.Acceptance:
    asked = request.args.get("month")
    month = MonthQuery().load({"month": asked} if asked else {})["month"]
    return accepted.of_month(bank(), actor(), code, provider, month)
