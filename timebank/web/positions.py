"""The matrix: what the communities of a town, county or city owe one another, as a page and as a table."""

import csv
import io

from flask import Response

from timebank.schemas.words import gettext as _
from timebank.services import positions as standing
from timebank.visitor import actor, bank

from . import say
from .frame import Answer, page, pages
from .people import safe_cell

_PLACE = "/places/<string(minlength=4, maxlength=9):code>/positions"


@pages.get(_PLACE)
def positions(code: str) -> Answer:
    """Auditor, admin and lead of the town, county or city. Who owes whom, near which limits, and what differs."""
    return page("positions.html", found=standing.of(bank(), actor(), code))


@pages.get(f"{_PLACE}/table")
def positions_table(code: str) -> Answer:
    """Auditor, admin and lead of the town, county or city. Every link as CSV. UTF-8 with its mark."""
    found = standing.of(bank(), actor(), code)
    text = io.StringIO()
    table = csv.writer(text)
    heads = (_("Community"), _("Place"), _("Other ledger"), _("Place"), _("Owes us"), _("On its way there"))
    more = (_("To be looked at from"), _("At most"), _("State"), _("Last compared"), _("Result"))
    table.writerow([str(head) for head in (*heads, *more)])
    for one in found.positions:
        names = [safe_cell(cell) for cell in (one.community, one.place, one.peer, one.peer_place)]
        state, result = say.link_state(one), say.compared(one)
        compared = say.posted_day(one.compared_at) if one.compared_at else ""
        figures = [one.owed, one.held, one.soft_minutes, one.limit_minutes]
        table.writerow([*names, *figures, safe_cell(state), compared, result])
    return Response(
        "\ufeff" + text.getvalue(),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{code}-positions.csv"'},
    )
