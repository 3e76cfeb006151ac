"""The tables of the clerk's desk: the days of a station that were closed at their end, and cards that are void."""

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from .model import Base, Code, Day, Id, Ms, Origin, known_length


class DayClose(Base):
    """A day as it was counted when it was closed; of several of one day the last one stands.

    `size` and `root` are of the ledger then. `entries`, `credited` and `used` (minutes) are of what was entered that
    day; `papers` are the entries that a slip or a signed list confirms, `slips` what was counted by hand in the box.
    """

    __tablename__ = "day_closes"
    __table_args__ = (
        known_length("root", 32),
        CheckConstraint("slips >= 0 AND papers >= 0 AND entries >= 0", name="counted"),
        Index("ix_day_closes_day", "community", "day", "closed_at"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    community: Mapped[Code] = mapped_column(ForeignKey("communities.code"))
    day: Mapped[Day]
    origin: Mapped[Origin]
    closed_by: Mapped[Id] = mapped_column(ForeignKey("logins.id"))
    closed_at: Mapped[Ms]
    size: Mapped[int] = mapped_column(BigInteger)
    root: Mapped[bytes]
    entries: Mapped[int] = mapped_column(Integer)
    credited: Mapped[int] = mapped_column(BigInteger)
    used: Mapped[int] = mapped_column(BigInteger)
    papers: Mapped[int] = mapped_column(Integer)
    slips: Mapped[int] = mapped_column(Integer)
    box: Mapped[str] = mapped_column(String(20))
    sealed_note: Mapped[bytes | None]


class VoidCard(Base):
    """A card number that was somebody's until she got a new card; it is drawn for nobody again."""

    __tablename__ = "void_cards"
    __table_args__ = (known_length("number", 10),)

    number: Mapped[str] = mapped_column(String(10), primary_key=True)
    person: Mapped[Id] = mapped_column(ForeignKey("people.id"), index=True)
    void_at: Mapped[Ms]
    void_by: Mapped[Id] = mapped_column(ForeignKey("logins.id"))
