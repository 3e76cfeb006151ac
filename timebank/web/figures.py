"""Figures of a community and of the places around it: by month as a chart and a table, by part, by age."""

import csv
import io
from dataclasses import dataclass

from flask import Response

from timebank.schemas.words import gettext as _
from timebank.services import figures as counted
from timebank.visitor import actor, bank

from . import say
from .frame import Answer, page, pages
from .people import safe_cell

_HEIGHT, _WIDTH, _BAR = 120, 40, 14  # of the chart, of a month in it, of a bar; units of its own


@dataclass(frozen=True, slots=True)
class Bar:
    """A month in the chart: where it begins, and how high its two bars are."""

    month: str
    x: int
    credited: int
    used: int


@pages.get("/places/<place>/figures")
def figures(place: str) -> Answer:
    """Auditors, leads and admins of the place: a city, county, town or community. The last twelve months."""
    found = counted.of(bank(), actor(), place)
    return page("figures.html", found=found, bars=_bars(found), height=_HEIGHT, width=_WIDTH, bar=_BAR)


def _bars(found: counted.Figures) -> list[Bar]:
    most = max((max(sums.credited, sums.used) for _month, sums in found.months), default=0) or 1

    def high(minutes: int) -> int:
        return max(minutes, 0) * _HEIGHT // most

    return [
        Bar(month, n * _WIDTH, high(sums.credited), high(sums.used)) for n, (month, sums) in enumerate(found.months)
    ]


@pages.get("/places/<place>/figures/table")
def figures_table(place: str) -> Answer:
    """Auditors, leads and admins of the place. The sums by month and by part as CSV, minutes. UTF-8 with its mark."""
    found = counted.of(bank(), actor(), place)
    text = io.StringIO()
    table = csv.writer(text)
    heads = [str(_(word)) for word in say.FIGURES.values()]
    table.writerow([_("Month"), *heads])
    table.writerows([month, *sums] for month, sums in found.months)
    table.writerow([])
    table.writerow([_("Code"), _("Place"), _("Communities"), _("Volunteers"), _("Elders"), *heads])
    for part in found.parts:
        table.writerow([part.code, safe_cell(part.name), part.communities, part.volunteers, part.elders, *part.sums])
    headers = {"Content-Disposition": f'attachment; filename="{found.code}-figures.csv"'}
    return Response("\ufeff" + text.getvalue(), mimetype="text/csv", headers=headers)
