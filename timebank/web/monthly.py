"""月报: a month of a place in the layout of a statistical form: as a page to print, a workbook, a PDF and a CSV."""

import openpyxl
from flask import Response, request
from marshmallow import ValidationError
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from timebank.schemas.inputs.room import MonthQuery
from timebank.services import monthly
from timebank.services.needs import months_after
from timebank.visitor import actor, bank

from . import pdf
from .frame import Answer, go, page, pages
from .report_form import Sheet, sheet_of
from .tables import Cell, as_csv, as_xlsx, put

_WIDTHS = (44, 12, 8, 16, 16, 16)  # of the columns, in letters
_LINE = Side(style="thin")
_REPORT = "/places/<place>/reports/<month>"


@pages.get(_REPORT)
def report(place: str, month: str) -> Answer:
    """Auditors, leads and admins of the place: a city, county, town or community. `month` is YYYY-MM."""
    try:
        month = MonthQuery().load({"month": month})["month"]
    except ValidationError:
        return go("figures", place=place)
    found = monthly.of(bank(), actor(), place, month)
    later = months_after(month, 1) if month < found.this_month else None
    return page("report.html", found=found, sheet=sheet_of(found), earlier=months_after(month, -1), later=later)


@pages.get(f"{_REPORT}/file")
def report_file(place: str, month: str) -> Answer:
    """Auditors, leads and admins of the place. The same as a workbook, or with `?as=pdf` and `?as=csv` as these."""
    try:
        month = MonthQuery().load({"month": month})["month"]
    except ValidationError:
        return go("figures", place=place)
    sheet = sheet_of(monthly.of(bank(), actor(), place, month))
    name = f"{place}-{month}-report"
    if request.args.get("as") == "pdf":
        headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
        return Response(pdf.monthly_report(sheet), mimetype="application/pdf", headers=headers)
    if request.args.get("as") == "csv":
        return as_csv(name, [sheet.heads, *_cells(sheet)])
    return as_xlsx(name, _workbook(sheet))


def _cells(sheet: Sheet) -> list[list[Cell]]:
    """The lines of the form; a group's name stands alone in its line."""
    made: list[list[Cell]] = []
    for group, rows in sheet.groups:
        made.append([group])
        made += [[row.name, row.unit, row.number, *row.values] for row in rows]
    return made


def _workbook(sheet: Sheet) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    page_one = book.worksheets[0]
    page_one.title = sheet.title[:31]
    for column, width in zip("ABCDEF", _WIDTHS, strict=True):
        page_one.column_dimensions[column].width = width
    _merged(page_one, 1, 1, 6, sheet.title, Font(bold=True, size=16), "center")
    for row, name in enumerate(sheet.blanks, start=2):
        _merged(page_one, row, 4, 6, f"{name}:")
    for row, (name, value) in enumerate(sheet.facts, start=2):
        _merged(page_one, row, 1, 3, f"{name}: {value}")
    first = 2 + len(sheet.blanks)
    put(page_one, first, sheet.heads, is_bold=True)
    put(page_one, first + 1, sheet.letters)
    lines = _cells(sheet)
    for number, cells in enumerate(lines, start=first + 2):
        put(page_one, number, cells, is_bold=len(cells) == 1)
    last = first + 1 + len(lines)
    _ruled(page_one, first, last)
    _merged(page_one, last + 1, 1, 6, sheet.note)
    page_one.row_dimensions[last + 1].height = 45
    _merged(page_one, last + 2, 1, 6, "    ".join(f"{name}:          " for name in sheet.signers))
    _set_up(page_one, first)
    return book


def _merged(
    page_one: Worksheet, row: int, left: int, right: int, text: str, font: Font | None = None, at: str = "left"
) -> None:
    cell = page_one.cell(row, left, text)
    cell.data_type = "s"
    cell.alignment = Alignment(horizontal=at, vertical="center", wrap_text=True)
    if font is not None:
        cell.font = font
    page_one.merge_cells(start_row=row, end_row=row, start_column=left, end_column=right)


def _ruled(page_one: Worksheet, first: int, last: int) -> None:
    for cells in page_one.iter_rows(min_row=first, max_row=last, max_col=6):
        for number, cell in enumerate(cells):
            is_head = cell.row in (first, first + 1)
            cell.border = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
            cell.alignment = Alignment(
                horizontal="center" if is_head or number in (1, 2) else None, vertical="center", wrap_text=True
            )


def _set_up(page_one: Worksheet, first: int) -> None:
    """A4 upright, as wide as the paper, with the heads on every page and the number of the page below."""
    page_one.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page_one.HeaderFooter.oddFooter = HeaderFooterItem(center=_HeaderFooterPart(text="&P / &N"))
    page_one.freeze_panes = f"A{first + 2}"
    page_one.print_title_rows = f"{first}:{first + 1}"
    page_one.page_setup.paperSize = page_one.PAPERSIZE_A4
    page_one.page_setup.fitToWidth, page_one.page_setup.fitToHeight = 1, 0
