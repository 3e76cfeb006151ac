"""Certificates, passbooks and monthly reports as PDF. What the font does not have is never printed as a box."""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path

import segno
from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import WrapMode
from fpdf.fonts import FontFace

from timebank.ledger import Code, Refused
from timebank.schemas.words import amount, day_in_words, duration, is_chinese, short_day
from timebank.schemas.words import gettext as _
from timebank.services.certificates import Certificate
from timebank.services.members import Known
from timebank.services.statements import Statement

from . import say
from .report_form import Sheet as Form

# What GB 2312 has, which is nearly every name; see fonts/README.md.
_SHIPPED = (Path(__file__).parent / "fonts" / "NotoSansCJKsc-gb2312.otf", 0)
# Where what it lacks is looked for, character by character: the whole font, and which of its collection is the
# simplified Chinese one; then a font of rarer characters (Debian: fonts-noto-cjk, fonts-hanazono).
INSTALLED: tuple[tuple[Path, int], ...] = (
    (Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"), 2),
    (Path("/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc"), 2),
    (Path("/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc"), 2),
    (Path("/usr/share/fonts/truetype/hanazono/HanaMinA.ttf"), 0),
    (Path("/usr/share/fonts/truetype/hanazono/HanaMinB.ttf"), 0),
)
_WIDTH = 170  # of an A4 page between its margins, in millimetres
_QR = 32


def certificate(found: Certificate, address: str) -> bytes:
    """The sheet of an issued certificate, A4, in the reader's language; `address` is where it can be checked.

    Refused when a character of it is in no font here.
    """
    rows = [(say.service(row.service), str(row.times), duration(row.minutes)) for row in found.services]
    heads = (_("Service"), _("Times"), _("How long"))
    sentence = _(
        "%(name)s served %(minutes)s as a volunteer from %(first)s to %(last)s.",
        name=found.name or _("a former member"),
        minutes=duration(found.minutes),
        first=day_in_words(found.first_day),
        last=day_in_words(found.last_day),
    )
    facts = [
        (_("Number"), found.number),
        (_("Recorded by"), found.place),
        (_("Issued on"), day_in_words(found.issued_on or found.asked_on)),
        (_("Issued by"), found.issued_by),
        (_("Person in charge (signature)"), ""),
        (_("Place for the seal"), ""),
    ]
    hint = _("Anybody can check here whether it stands, without logging in:")
    title = _("Certificate of service")
    texts = [title, sentence, hint, address, *heads, *(cell for row in [*rows, *facts] for cell in row)]

    sheet = _Sheet(title, texts, found.issued_on or found.asked_on)
    # Chinese has no spaces to break a line at.
    breaks = WrapMode.CHAR if is_chinese() else WrapMode.WORD
    sheet.multi_cell(w=_WIDTH, h=9, text=sentence, align="L", wrapmode=breaks, new_x="LMARGIN", new_y="NEXT")
    sheet.ln(4)
    sheet.set_font("text", size=11)
    for cells in [heads, *rows]:
        for width, text, align in zip((90, 30, 50), cells, "LRR", strict=True):
            sheet.cell(w=width, h=8, text=text, align=align, border="B")
        sheet.ln()
    sheet.ln(6)
    for name, value in facts:
        sheet.cell(w=70, h=10, text=name)
        line = "" if value else "B"  # to write on
        sheet.multi_cell(w=_WIDTH - 70, h=10, text=value, align="L", border=line, new_x="LMARGIN", new_y="NEXT")
    _check(sheet, hint, address)
    return bytes(sheet.output())


def passbook(found: Statement, person: Known, place: str) -> bytes:
    """时间存折: what is in a statement, A4, in the reader's language, each page with its number.

    Refused when a character of it is in no font here.
    """
    title = _("Time passbook")
    heads = (_("Posted"), _("What"), _("Change"), _("Balance"))
    facts = [
        (_("Name"), person.name),
        (_("Card number"), f"{person.card[:3]} {person.card[3:6]} {person.card[6:]}"),
        (_("Community"), place),
        (_("From – until"), f"{day_in_words(found.first_day)} – {day_in_words(found.last_day)}"),
    ]
    opening = (short_day(found.first_day), _("Opening balance"), "", amount(found.opening))
    closing = (short_day(found.last_day), _("Closing balance"), "", amount(found.closing))
    rows = [
        (
            short_day(say.posted_day(item.ms)),
            f"{say.kind(item, person.account)} · {say.sentence(item)}",
            say.change(item.change) if item.change else "–",
            amount(item.balance),
        )
        for item in found.items
    ]
    hint = _("Hours are help that somebody owes, not money. Whatever is wrong: tell the station.")
    texts = [title, hint, _PAGES, *heads, *(cell for row in [opening, *rows, closing, *facts] for cell in row)]
    sheet = _Sheet(title, texts, found.last_day)
    sheet.numbered = True
    sheet.set_font("text", size=11)
    for name, value in facts:
        sheet.cell(w=40, h=8, text=name)
        sheet.cell(w=_WIDTH - 40, h=8, text=value, new_x="LMARGIN", new_y="NEXT")
    sheet.ln(4)
    sheet.set_font("text", size=10)
    breaks = WrapMode.CHAR if is_chinese() else WrapMode.WORD
    with sheet.table(
        [heads, opening, *rows, closing],
        col_widths=(32, 82, 28, 28),
        text_align=("LEFT", "LEFT", "RIGHT", "RIGHT"),
        borders_layout="HORIZONTAL_LINES",
        line_height=6,
        headings_style=FontFace(emphasis=None),
        wrapmode=breaks,
    ):
        pass
    sheet.ln(4)
    sheet.multi_cell(w=_WIDTH, h=7, text=hint, align="L", wrapmode=breaks)
    return bytes(sheet.output())


def monthly_report(form: Form) -> bytes:
    """A monthly report, A4, in the reader's language, its heads and number on each page.

    Refused when a character of it is in no font here.
    """
    lines: list[list[str]] = []
    for group, rows in form.groups:
        lines.append([group])
        for row in rows:
            lines.append(
                [row.name, row.unit, str(row.number), *("" if one is None else str(one) for one in row.values)]
            )
    facts = [f"{name}: {value}" for name, value in form.facts]
    texts = [form.title, form.note, _PAGES, *facts, *form.blanks, *form.heads, *form.letters, *form.signers]
    sheet = _Sheet(form.title, [*texts, ":", *(cell for line in lines for cell in line)], form.day)
    sheet.numbered = True
    sheet.set_font("text", size=10)
    for left, right in zip_longest(facts, form.blanks, fillvalue=""):
        sheet.cell(w=110, h=6, text=left)
        sheet.cell(w=_WIDTH - 110, h=6, text=f"{right}:" if right else "", border="B", new_x="LMARGIN", new_y="NEXT")
    sheet.ln(4)
    sheet.set_font("text", size=9)
    _form_table(sheet, form, lines)
    sheet.ln(3)
    breaks = WrapMode.CHAR if is_chinese() else WrapMode.WORD
    sheet.multi_cell(w=_WIDTH, h=5, text=form.note, align="L", wrapmode=breaks, new_x="LMARGIN", new_y="NEXT")
    sheet.ln(6)
    for name in form.signers:
        sheet.cell(w=_WIDTH / len(form.signers), h=8, text=f"{name}:")
    return bytes(sheet.output())


def _form_table(sheet: FPDF, form: Form, lines: list[list[str]]) -> None:
    with sheet.table(
        col_widths=(66, 20, 14, 23, 23, 24),
        text_align=("LEFT", "CENTER", "CENTER", "RIGHT", "RIGHT", "RIGHT"),
        line_height=5,
        num_heading_rows=2,
        headings_style=FontFace(emphasis=None),
        wrapmode=WrapMode.CHAR if is_chinese() else WrapMode.WORD,
    ) as table:
        for heads in (form.heads, form.letters):
            row = table.row()
            for head in heads:
                row.cell(head, align="CENTER")
        for cells in lines:
            row = table.row()
            for cell in cells:
                row.cell(cell, colspan=6 if len(cells) == 1 else 1)


_PAGES = "0123456789 /"


class _Sheet(FPDF):
    """A page with its title, in fonts that have every character of `texts`. `day` is when it was made."""

    def __init__(self, title: str, texts: Iterable[str], day: str) -> None:
        super().__init__(format="A4")
        self.numbered = False
        self.set_creation_date(datetime.fromisoformat(day).replace(tzinfo=UTC))
        self.set_title(title)
        self.set_margin(20)
        fonts = _fonts_for(texts)
        rare = [f"rare{place}" for place in range(1, len(fonts))]
        for name, (path, number) in zip(["text", *rare], fonts, strict=True):
            self.add_font(name, fname=path, collection_font_number=number)
        self.set_fallback_fonts(rare, exact_match=False)
        self.add_page()
        self.set_font("text", size=24)
        self.cell(w=_WIDTH, h=24, text=title, align="C", new_x="LMARGIN", new_y="NEXT")
        self.set_font("text", size=13)

    def footer(self) -> None:
        """Which page of how many: a page that is missing is noticed."""
        if self.numbered:
            self.set_y(-15)
            self.set_font("text", size=9)
            self.cell(w=_WIDTH, h=8, text=f"{self.page_no()} / {{nb}}", align="C")


def _check(sheet: FPDF, hint: str, address: str) -> None:
    """The QR code, module by module, and beside it what it says."""
    sheet.ln(8)
    if sheet.get_y() + _QR > sheet.h - 20:
        sheet.add_page()
    left, top = sheet.l_margin, sheet.get_y()
    modules = [list(row) for row in segno.make(address, error="m").matrix]
    side = _QR / len(modules)
    for down, row in enumerate(modules):
        for along, is_dark in enumerate(row):
            if is_dark:
                sheet.rect(left + along * side, top + down * side, side, side, style="F")
    sheet.set_xy(left + _QR + 6, top)
    sheet.set_font("text", size=10)
    sheet.multi_cell(w=_WIDTH - _QR - 6, h=7, text=f"{hint}\n{address}", align="L", wrapmode=WrapMode.CHAR)


def _fonts_for(texts: Iterable[str]) -> list[tuple[Path, int]]:
    """The shipped font, and those beside it that have what it lacks; Refused with a character that is in none."""
    missing = {character for text in texts for character in text} - _characters(*_SHIPPED)
    fonts = [_SHIPPED]
    for path, number in INSTALLED:
        if missing and path.exists() and missing & _characters(path, number):
            fonts.append((path, number))
            missing -= _characters(path, number)
    if missing:
        raise Refused(Code.CHARACTER_MISSING, character=min(missing))
    return fonts


@lru_cache(maxsize=4)
def _characters(path: Path, number: int) -> frozenset[str]:
    with TTFont(path, fontNumber=number, lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))
