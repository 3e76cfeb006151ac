"""公示与报送: the month's services as a sheet for the notice board, as a table to hand on, and what became of them."""

import csv
import io
from datetime import date, timedelta

from flask import Response, request
from marshmallow import ValidationError

from timebank.schemas.inputs.care import FilingInput
from timebank.schemas.inputs.room import MonthQuery
from timebank.schemas.words import gettext as _
from timebank.services import digests, filings
from timebank.services import publication as published
from timebank.visitor import actor, bank

from . import labels, say
from .filing_sheets import filing_sheets
from .forms import Form
from .frame import COMMUNITY, Answer, go, page, pages, qr_code
from .people import safe_cell
from .tables import EXCEL, tables_file


@pages.get(COMMUNITY + "/publication")
def publication(code: str) -> Answer:
    """Clerk and lead of the community. The services of this month, or `?month=`, and the state of their filing."""
    try:
        found = _of_month(code)
    except ValidationError:
        return go("publication", code=code)
    return _page(found, Form("entries", "state", "why"))


@pages.post(COMMUNITY + "/publication")
def file_records(code: str) -> Answer:
    """Clerk of the community. Which of the records were handed on to the ministry's system, or came back."""
    form = Form("entries", "state", "why")
    filing = form.load(FilingInput, community=code, entries=form.all("entries"))
    if filing is not None and form.ask(lambda: published.file(bank(), actor(), filing)) is not None:
        return go("publication", code=code, month=form["month"])
    return _page(published.of_month(bank(), actor(), code), form)


@pages.get(COMMUNITY + "/publication/notice")
def notice(code: str) -> Answer:
    """Clerk and lead of the community. The sheet for the notice board: initials, and the newest digest's line."""
    try:
        found = _of_month(code)
    except ValidationError:
        return go("notice", code=code)
    digest = digests.newest(bank())
    return page("notice.html", found=found, digest=digest, qr=qr_code(str(digest)) if digest else "")


@pages.get(COMMUNITY + "/publication/table")
def publication_table(code: str) -> Answer:
    """Clerk and lead of the community. The same as CSV, as spreadsheets read it: UTF-8 with its mark."""
    try:
        found = _of_month(code)
    except ValidationError:
        return go("publication", code=code)
    text = io.StringIO()
    table = csv.writer(text)
    heads = (_("Number"), _("Id"), _("Day of service"), _("Who served"), _("Service"), _("Minutes"), _("People served"))
    table.writerow([*heads, _("Recorded by"), _("Filing"), _("Noted on"), _("Why"), _("Corrected")])
    for row in found.rows:
        cells = [row.seq, row.entry, row.day, row.volunteer, say.service(row.service), row.minutes, row.served]
        why = say.word(labels.FILING_WHYS, row.why) if row.why else ""
        filed = (say.word(labels.FILINGS, row.state), row.noted_on or "", why, _("yes") if row.undone else "")
        table.writerow([safe_cell(str(cell)) for cell in (*cells, found.place, *filed)])
    name = f"{code}-{found.month}.csv"
    return Response(
        "\ufeff" + text.getvalue(),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@pages.get(COMMUNITY + "/publication/parts")
def publication_parts(code: str) -> Answer:
    """Clerk of the community. The five parts that the ministry's system asks for, a sheet each, with names."""
    asked = request.args.get("month")
    try:
        month = MonthQuery().load({"month": asked} if asked else {})["month"]
    except ValidationError:
        return go("publication", code=code)
    found = filings.of_month(bank(), actor(), code, month)
    return tables_file(f"{code}-{found.month.month}-filing", filing_sheets(found), EXCEL)


def _of_month(code: str) -> published.Publication:
    asked = request.args.get("month")
    month = MonthQuery().load({"month": asked} if asked else {})["month"]
    return published.of_month(bank(), actor(), code, month)


def _page(found: published.Publication, form: Form) -> Answer:
    first = date.fromisoformat(f"{found.month}-01")
    return page(
        "publication.html",
        form.status,
        found=found,
        form=form,
        earlier=(first - timedelta(days=1)).isoformat()[:7],
        later=(first + timedelta(days=31)).isoformat()[:7] if found.month < found.this_month else None,
    )
