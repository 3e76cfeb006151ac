"""Spreadsheets as people make them, written anew for each test: the ten of tests/services/test_sheets.py."""

import csv
import io
from collections.abc import Sequence
from typing import Any

import openpyxl

Rows = Sequence[Sequence[Any]]


def excel(rows: Rows, *, merged: Sequence[str] = (), title: str = "Sheet1") -> bytes:
    """An .xlsx file with one sheet."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for ref in merged:
        sheet.merge_cells(ref)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def text(rows: Rows, encoding: str, delimiter: str = ",") -> bytes:
    """A text file with the cells between delimiters."""
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows(rows)
    return file.getvalue().encode(encoding)
