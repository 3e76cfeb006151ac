"""The five parts of a month's records, each a sheet in the reader's language, as clerks take them over."""

from timebank.schemas.words import gettext as _
from timebank.services import filings

from . import labels, say
from .tables import Cell, Table


def filing_sheets(found: filings.Parts) -> list[Table]:
    """基本信息, 服务信息, 培训, 表彰奖励, 评价: in the order of the order."""
    names = {one.id: one.name for one in found.volunteers}
    return [
        _volunteers(found),
        _services(found),
        _trainings(found, names),
        _honours(found, names),
        _ratings(found, names),
    ]


def _volunteers(found: filings.Parts) -> Table:
    heads = (
        _("Name"),
        _("Gender"),
        _("Day of birth"),
        _("Number of the ID (not kept here)"),
        _("Telephone"),
        _("Card number"),
        _("Offers"),
        _("Speaks"),
        _("Registered on"),
    )
    rows: list[list[Cell]] = [
        [
            one.name,
            say.word(labels.SEXES, one.gender) if one.gender else "",
            one.born,
            "",
            one.phone,
            one.card,
            "、".join(map(say.service, one.offers)),
            "、".join(map(say.spoken, one.speaks)),
            found.registered_on[one.id],
        ]
        for one in found.volunteers
    ]
    return str(_("1 Who served")), [str(head) for head in heads], rows


def _services(found: filings.Parts) -> Table:
    heads = (
        _("Number"),
        _("Id"),
        _("Day of service"),
        _("Who served"),
        _("Service"),
        _("Minutes"),
        _("People served"),
        _("Recorded by"),
        _("Filing"),
        _("Noted on"),
        _("Why"),
        _("Corrected"),
    )
    rows: list[list[Cell]] = [
        [
            row.seq,
            row.entry,
            row.day,
            row.volunteer,
            say.service(row.service),
            row.minutes,
            row.served,
            found.month.place,
            say.word(labels.FILINGS, row.state),
            row.noted_on,
            say.word(labels.FILING_WHYS, row.why) if row.why else "",
            str(_("yes")) if row.undone else "",
        ]
        for row in found.month.rows
    ]
    return str(_("2 Services")), [str(head) for head in heads], rows


def _trainings(found: filings.Parts, names: dict[str, str]) -> Table:
    heads = [str(one) for one in (_("Name"), _("Course"), _("Day"), _("Counts up to"))]
    rows: list[list[Cell]] = [
        [names.get(one.person, ""), say.course(one.course), one.day, one.expires_on] for one in found.trainings
    ]
    return str(_("3 Trainings")), heads, rows


def _honours(found: filings.Parts, names: dict[str, str]) -> Table:
    heads = [str(one) for one in (_("Name"), _("Honour board: hours and more"))]
    rows: list[list[Cell]] = [[names.get(one.person, ""), one.hours] for one in found.honours]
    return str(_("4 Honours")), heads, rows


def _ratings(found: filings.Parts, names: dict[str, str]) -> Table:
    heads = [str(one) for one in (_("Id"), _("Name"), _("Stars"), _("What was said"))]
    rows: list[list[Cell]] = [[one.entry, names.get(one.person, ""), one.stars, one.words] for one in found.ratings]
    return str(_("5 Ratings")), heads, rows
