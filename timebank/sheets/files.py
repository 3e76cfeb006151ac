"""Read a file as people have it (xlsx; csv in UTF-8, UTF-16 or GBK) into tables of texts. Formulas are not computed."""

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter, range_boundaries

LARGEST = 4_000_000  # bytes of a file; 20,000 visits with a note take about one
MOST_ROWS = 25_000  # with titles, repeated heads and sums
_MOST_COLUMNS = 60
_LARGEST_UNPACKED = 120_000_000
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_MERGED = re.compile(rb'<mergeCell [^>]*ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')
_BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


class Why(StrEnum):
    """Why a file cannot be read at all, or is no list of visits."""

    TOO_LARGE = "too-large"
    TOO_MANY_ROWS = "too-many-rows"
    OLD_EXCEL = "old-excel"
    NOT_A_SHEET = "not-a-sheet"
    ENCODING = "encoding"
    NO_HEAD = "no-head"
    COLUMN_MISSING = "column-missing"


class Unreadable(Exception):
    """Why nothing of a file can be used; `columns` are those that it should have."""

    def __init__(self, why: Why, columns: tuple[str, ...] = ()) -> None:
        super().__init__(why.value)
        self.why, self.columns = why, columns


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says, and where: `D5`. A day is written 2026-11-20, a time of day 09:30."""

    text: str
    at: str


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet of a file: `rows` as far as they have anything, each from the first column on."""

    name: str
    rows: list[list[Cell]]


def read(data: bytes) -> list[Table]:
    """The sheets of a file, in its order; Unreadable where it is too large, or none."""
    if len(data) > LARGEST:
        raise Unreadable(Why.TOO_LARGE)
    if data.startswith(_OLD_EXCEL):
        raise Unreadable(Why.OLD_EXCEL)
    return _excel(data) if data.startswith(_ZIP) else [_csv(data)]


def _csv(data: bytes) -> Table:
    text = _decoded(data)
    if "\0" in text:
        raise Unreadable(Why.NOT_A_SHEET)
    begin = text[:4000]
    delimiter = max(",\t;，", key=begin.count)
    rows = []
    try:
        for n, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            _check_rows(n)
            rows.append([Cell(cell.strip(), f"{get_column_letter(k)}{n}") for k, cell in enumerate(row, 1)])
    except csv.Error as error:
        raise Unreadable(Why.NOT_A_SHEET) from error
    return Table("", rows)


def _decoded(data: bytes) -> str:
    """GB 18030 holds GBK; what is no UTF-8 is taken for it, because Excel in China writes it."""
    known = next((name for mark, name in _BOMS.items() if data.startswith(mark)), None)
    for encoding in (known,) if known else ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(Why.ENCODING)


def _check_rows(n: int) -> None:
    if n > MOST_ROWS:
        raise Unreadable(Why.TOO_MANY_ROWS)


def _excel(data: bytes) -> list[Table]:
    try:
        merged = _merged(data)
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        try:
            return [_sheet(sheet, merged.get(n, [])) for n, sheet in enumerate(book.worksheets, 1)]
        finally:
            book.close()
    except Unreadable:
        raise
    except Exception as error:  # whatever a broken archive makes of the libraries that read it
        raise Unreadable(Why.NOT_A_SHEET) from error


def _merged(data: bytes) -> dict[int, list[str]]:
    """The ranges of merged cells by sheet: they stand after the cells, where a reader of rows does not come by.

    Refuses what unpacks to more than a list of visits can be.
    """
    found = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(one.file_size for one in archive.infolist()) > _LARGEST_UNPACKED:
            raise Unreadable(Why.TOO_LARGE)
        for name in archive.namelist():
            sheet = re.fullmatch(r"xl/worksheets/sheet([0-9]{1,3})\.xml", name)
            if sheet:
                found[int(sheet[1])] = [ref.decode() for ref in _MERGED.findall(archive.read(name))]
    return found


def _sheet(sheet: Any, merged: list[str]) -> Table:
    rows = []
    for n, row in enumerate(sheet.iter_rows(max_col=_MOST_COLUMNS, values_only=True), 1):
        _check_rows(n)
        last = max((k for k, value in enumerate(row, 1) if value is not None), default=0)
        rows.append([Cell(_text(value), f"{get_column_letter(k)}{n}") for k, value in enumerate(row[:last], 1)])
    for ref in merged:
        _fill_down(rows, ref)
    return Table(str(sheet.title), rows)


def _fill_down(rows: list[list[Cell]], ref: str) -> None:
    """A cell that was merged over several rows says the same of each: one name beside three days."""
    left, top, _, bottom = range_boundaries(ref)
    if left is None or top is None or bottom is None or top > len(rows) or left > len(rows[top - 1]):
        return
    text = rows[top - 1][left - 1].text
    for n, row in enumerate(rows[top:bottom], top + 1):
        # An empty row ends before the cell.
        row.extend(Cell("", f"{get_column_letter(k)}{n}") for k in range(len(row) + 1, left + 1))
        if not row[left - 1].text:
            row[left - 1] = Cell(text, row[left - 1].at)


def _text(value: Any) -> str:
    """A cell as its owner would say it: a day without midnight, a whole number without a fraction."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        if value.date() <= date(1900, 1, 1):
            return _text(value.time())
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, timedelta):
        seconds = value.days * 86_400 + value.seconds
        return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value).strip()
