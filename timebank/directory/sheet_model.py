"""The tables of spreadsheets that were handed in: what they said, sealed, and what became of each line."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from .model import Base, Code, EntryId, Id, Ms, known_length, one_of


class Sheet(Base):
    """A file that was read. `sealed_lines` is what it says, with the clerk's answers to what was unclear; emptied some
    weeks after it was entered. `recorded_by` is who let it be entered."""

    __tablename__ = "sheets"
    __table_args__ = (
        known_length("digest", 32),
        CheckConstraint("(recorded_at IS NULL) = (recorded_by IS NULL)", name="recorded_wholly"),
        CheckConstraint("done_at IS NULL OR recorded_at IS NOT NULL", name="recorded_before_done"),
        Index("ix_sheets_community", "community", "read_at"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    community: Mapped[Code] = mapped_column(ForeignKey("communities.code"))
    digest: Mapped[bytes]
    read_by: Mapped[Id] = mapped_column(ForeignKey("logins.id"))
    read_at: Mapped[Ms]
    sealed_lines: Mapped[bytes | None]
    recorded_by: Mapped[Id | None] = mapped_column(ForeignKey("logins.id"))
    recorded_at: Mapped[Ms | None]
    done_at: Mapped[Ms | None]


class SheetRow(Base):
    """A line that could be entered, and what became of it. `n` is its number at the edge of the sheet.

    `known`: it was entered from a sheet before. `sealed_visit` is there while it is still `todo`.
    """

    __tablename__ = "sheet_rows"
    __table_args__ = (
        one_of("outcome", "todo", "entered", "known", "waiting", "refused"),
        CheckConstraint("(outcome = 'refused') = (code IS NOT NULL)", name="refused_has_a_code"),
        CheckConstraint("(outcome = 'todo') = (sealed_visit IS NOT NULL)", name="visit_while_open"),
        Index("ix_sheet_rows_todo", "sheet", "outcome", "n"),
    )

    sheet: Mapped[Id] = mapped_column(ForeignKey("sheets.id"), primary_key=True)
    n: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    entry: Mapped[EntryId]
    minutes: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(10))
    sealed_visit: Mapped[bytes | None]
    code: Mapped[str | None] = mapped_column(String(40))
    facts: Mapped[str] = mapped_column(String(1000))
