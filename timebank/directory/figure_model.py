"""The tables of figures: what was entered in each community by month, and what people hold by age. No names."""

from sqlalchemy import BigInteger, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from .model import Base, Code, Ms, Origin, one_of


class Figures(Base):
    """What was entered in a month (YYYY-MM, by when it was entered), less what was undone in it; minutes.

    `served`: of all services, credited or not; `credited` to members; `used`: of services paid with members' hours;
    `given` and `donated` by members; `fund_in` and `fund_out` of the public fund; `issued`: came into being, less what
    ended.
    """

    __tablename__ = "figures"

    community: Mapped[Code] = mapped_column(ForeignKey("communities.code"), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    services: Mapped[int] = mapped_column(Integer)
    served: Mapped[int] = mapped_column(BigInteger)
    credited: Mapped[int] = mapped_column(BigInteger)
    used: Mapped[int] = mapped_column(BigInteger)
    given: Mapped[int] = mapped_column(BigInteger)
    donated: Mapped[int] = mapped_column(BigInteger)
    fund_in: Mapped[int] = mapped_column(BigInteger)
    fund_out: Mapped[int] = mapped_column(BigInteger)
    issued: Mapped[int] = mapped_column(BigInteger)


class FigureMark(Base):
    """How many records of a ledger the figures count, and when they were brought there."""

    __tablename__ = "figure_marks"

    origin: Mapped[Origin] = mapped_column(primary_key=True)
    community: Mapped[Code] = mapped_column(ForeignKey("communities.code"), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    counted_at: Mapped[Ms]


class Holding(Base):
    """What members of an age hold, available and held, as it was last counted: how many people, and minutes."""

    __tablename__ = "holdings"
    __table_args__ = (one_of("band", "under-60", "60-69", "70-79", "80-up", "unknown"),)

    community: Mapped[Code] = mapped_column(ForeignKey("communities.code"), primary_key=True)
    band: Mapped[str] = mapped_column(String(8), primary_key=True)
    people: Mapped[int] = mapped_column(Integer)
    minutes: Mapped[int] = mapped_column(BigInteger)
