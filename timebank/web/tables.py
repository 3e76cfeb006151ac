"""Tables to take along, the same cells as CSV and as a workbook: text stays text, and numbers are numbers."""

import csv
import io
from collections.abc import Iterable, Sequence

import openpyxl
from flask import Response, request
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from .people import safe_cell

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int | None
Table = tuple[str, Sequence[str], Sequence[Sequence[Cell]]]  # title, heads, rows
_WIDEST = 48  # characters; longer text is read in its cell


def table_file(name: str, title: str, heads: Iterable[object], rows: Iterable[Sequence[Cell]]) -> Response:
    """One table as `?as=xlsx` or as CSV. `name` is the file's without its ending, `title` the sheet's."""
    head = [str(one) for one in heads]
    return tables_file(name, [(title, head, list(rows))])


def tables_file(name: str, tables: Sequence[Table], kind: str | None = None) -> Response:
    """Several tables: a sheet each in a workbook, where `?as=xlsx` or `kind` says so; else one below another as CSV."""
    if kind != EXCEL and request.args.get("as") != "xlsx":
        return as_csv(name, _below_one_another(tables))
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, heads, rows in tables:
        sheet = book.create_sheet(title[:31])
        put(sheet, 1, heads, is_bold=True)
        for number, row in enumerate(rows, start=2):
            put(sheet, number, row)
        sheet.freeze_panes = "A2"
        for column, cells in enumerate(zip(heads, *rows, strict=True), start=1):
            sheet.column_dimensions[get_column_letter(column)].width = min(_WIDEST, max(map(wide, cells)) + 2)
    return as_xlsx(name, book)


def _below_one_another(tables: Sequence[Table]) -> list[Sequence[Cell]]:
    lines: list[Sequence[Cell]] = []
    for _, heads, rows in tables:
        lines += [*([[]] if lines else []), heads, *rows]
    return lines


def as_csv(name: str, lines: Iterable[Sequence[Cell]]) -> Response:
    """As spreadsheets read it: UTF-8 with its mark; what they would take for a formula is text."""
    text = io.StringIO()
    table = csv.writer(text)
    for line in lines:
        table.writerow(["" if one is None else safe_cell(one) if isinstance(one, str) else one for one in line])
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response("\ufeff" + text.getvalue(), mimetype="text/csv", headers=headers)


def as_xlsx(name: str, book: openpyxl.Workbook) -> Response:
    file = io.BytesIO()
    book.save(file)
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return Response(file.getvalue(), mimetype=EXCEL, headers=headers)


def put(sheet: Worksheet, row: int, cells: Sequence[Cell], *, is_bold: bool = False) -> None:
    """Write a row of a sheet. A text that begins like a formula is a text."""
    for column, value in enumerate(cells, start=1):
        cell = sheet.cell(row, column, value)
        if isinstance(value, str):
            cell.data_type = "s"
        if is_bold:
            cell.font = Font(bold=True)


def wide(cell: Cell) -> int:
    """How many columns of a letter it takes; a Chinese character takes two."""
    text = "" if cell is None else str(cell)
    return sum(1 if ord(one) < 0x2E80 else 2 for one in text)
