"""Spreadsheets that were handed in, line by line."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session as Db

from .sheet_model import Sheet, SheetRow


def newest(db: Db, community: str, most: int) -> list[Sheet]:
    """The sheets of a community, the newest first."""
    query = select(Sheet).where(Sheet.community == community).order_by(Sheet.read_at.desc(), Sheet.id.desc())
    return list(db.scalars(query.limit(most)))


def add(db: Db, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add lines, by the columns' names; there may be thousands."""
    if rows:
        db.execute(insert(SheetRow), rows)


def next_rows(db: Db, sheet: str, most: int) -> list[SheetRow]:
    """The first lines of a sheet that are still to be entered."""
    todo = select(SheetRow).where(SheetRow.sheet == sheet, SheetRow.outcome == "todo").order_by(SheetRow.n)
    return list(db.scalars(todo.limit(most)))


def rows_of(db: Db, sheet: str) -> dict[int, SheetRow]:
    """What became of each line, by its number."""
    return {row.n: row for row in db.scalars(select(SheetRow).where(SheetRow.sheet == sheet))}


def counts(db: Db, sheets: Iterable[str]) -> Mapping[tuple[str, str], tuple[int, int]]:
    """How many lines had which outcome, and their minutes, by sheet and outcome."""
    query = (
        select(SheetRow.sheet, SheetRow.outcome, func.count(), func.sum(SheetRow.minutes))
        .where(SheetRow.sheet.in_(sorted(sheets)))
        .group_by(SheetRow.sheet, SheetRow.outcome)
    )
    return {(sheet, outcome): (count, int(minutes)) for sheet, outcome, count, minutes in db.execute(query)}


def unfinished(db: Db) -> list[Sheet]:
    """Those that are being entered, the oldest first."""
    query = select(Sheet).where(Sheet.recorded_at.is_not(None), Sheet.done_at.is_(None))
    return list(db.scalars(query.order_by(Sheet.recorded_at, Sheet.id)))


def forget(db: Db, before: int) -> None:
    """Empty what sheets said that were read before then and are not being entered; what became of the lines stays."""
    old = (Sheet.read_at < before, (Sheet.recorded_at.is_(None)) | (Sheet.done_at.is_not(None)))
    db.execute(update(Sheet).where(*old, Sheet.sealed_lines.is_not(None)).values(sealed_lines=None))


def forget_all(db: Db, community: str) -> None:
    """Empty what all sheets of a community said: somebody is forgotten whose name may stand in any of them."""
    db.execute(update(Sheet).where(Sheet.community == community).values(sealed_lines=None))
    todo = select(Sheet.id).where(Sheet.community == community)
    db.execute(delete(SheetRow).where(SheetRow.sheet.in_(todo), SheetRow.outcome == "todo"))
