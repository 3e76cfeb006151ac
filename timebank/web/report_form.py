"""The monthly report in the reader's language, laid out as a statistical form: what page, workbook and PDF share."""

from dataclasses import dataclass

from timebank.schemas.words import gettext as _
from timebank.schemas.words import month_in_words
from timebank.services import monthly

from . import labels, say


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the form, in words."""

    name: str
    unit: str
    number: int
    values: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The form in the reader's language: facts on the left, what the office fills in on the right, and who signs."""

    title: str
    day: str
    facts: tuple[tuple[str, str], ...]
    blanks: tuple[str, ...]
    heads: tuple[str, ...]
    letters: tuple[str, ...]
    groups: tuple[tuple[str, tuple[Row, ...]], ...]
    note: str
    signers: tuple[str, ...]


def sheet_of(found: monthly.Report) -> Sheet:
    """A report, laid out as the form is."""
    state = say.word(labels.REPORT_STATES, found.state)
    return Sheet(
        title=str(_("Monthly report of the time bank")),
        day=f"{found.month}-01",
        facts=(
            (str(_("Reported by")), found.name or found.place),
            (str(_("Area code")), found.place),
            (str(_("Period")), f"{month_in_words(found.month)} ({state})"),
        ),
        blanks=(str(_("Form number")), str(_("Issued by office")), str(_("Reference")), str(_("Valid until"))),
        heads=(
            str(_("Indicator")),
            str(_("Unit")),
            str(_("Code")),
            str(_("This period")),
            str(_("Period before")),
            str(_("Same period last year")),
        ),
        letters=(str(_("A")), str(_("B")), str(_("C")), "1", "2", "3"),
        groups=tuple(
            (say.word(labels.REPORT_GROUPS, group), tuple(map(_row, lines))) for group, lines in found.grouped()
        ),
        note=str(
            _(
                "Counted from the books, by when it was entered. Nothing is rounded: 60 minutes are an hour. Where no"
                " figure stands, none was kept then. Different people are no sum of places or months."
            )
        ),
        signers=(
            str(_("Head of the unit")),
            str(_("Checked by")),
            str(_("Filled in by")),
            str(_("Telephone")),
            str(_("Reported on")),
        ),
    )


def _row(line: monthly.Line) -> Row:
    return Row(_name(line), say.word(labels.REPORT_UNITS, line.unit), line.number, line.values)


def _name(line: monthly.Line) -> str:
    if line.service is not None:
        return str(_("of these: %(what)s", what=say.service(line.service)))
    if line.band is not None:
        return str(_("of these, by age: %(what)s", what=say.word(labels.BANDS, line.band)))
    return say.word(labels.REPORT_ITEMS, line.item)
