"""Figures of a community and of the places around it: by month as a chart and a table, by part, by age."""

from dataclasses import dataclass

from timebank.schemas.words import gettext as _
from timebank.services import figures as counted
from timebank.services import liability as owed
from timebank.visitor import actor, bank

from . import labels
from .frame import Answer, page, pages
from .tables import Cell, tables_file

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
    """Auditors, leads and admins of the place. By month and by part, minutes: CSV, or a workbook (`?as=xlsx`)."""
    found = counted.of(bank(), actor(), place)
    heads = [str(_(word)) for word in labels.FIGURES.values()]
    people = [str(_("Different volunteers who served")), str(_("Different people who were served"))]
    months: list[list[Cell]] = [[month, *sums, *found.people[month]] for month, sums in found.months]
    about = [str(one) for one in (_("Code"), _("Place"), _("Communities"), _("Volunteers"), _("Elders"))]
    of_last = [f"{word} ({found.last_month})" for word in people]
    parts: list[list[Cell]] = [
        [part.code, part.name, part.communities, part.volunteers, part.elders, *part.sums, *part.people]
        for part in found.parts
    ]
    by_month = (str(_("By month")), [str(_("Month")), *heads, *people], months)
    return tables_file(f"{found.code}-figures", [by_month, (str(_("By place")), [*about, *heads, *of_last], parts)])


@pages.get("/places/<place>/liability")
def liability(place: str) -> Answer:
    """Auditors, leads and admins of the place. What is owed to members, by age, and how long the fund lasts."""
    return page("liability.html", found=owed.of(bank(), actor(), place))
