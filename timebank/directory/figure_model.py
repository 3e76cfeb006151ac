"""The tables of figures: what was entered in each community by month, who was in it, how it stood. No names."""

from sqlalchemy import BigInteger, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from .model import Base, Code, Ms, Origin, one_of


class Figures(Base):
    """What was entered in a month (YYYY-MM, by when it was entered), less what was undone in it; minutes.

    `served`: of all services, credited or not; `credited` to members; `used`: of services paid with members' hours;
    `given` and `donated` by members; `fund_in` and `fund_out` of the public fund; `issued`: came into being, less what
    ended; `uncredited`: of services that were only recorded. `corrections`: entries that undo another one. `confirmed`:
    services for somebody, `own_hand` of them confirmed by the hand of whoever was served.
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
    uncredited: Mapped[int] = mapped_column(BigInteger)
    corrections: Mapped[int]
    confirmed: Mapped[int]
    own_hand: Mapped[int]


class ServiceFigures(Base):
    """Of the figures of a month what was entered of one service of the list: how many, and their minutes."""

    __tablename__ = "service_figures"

    community: Mapped[Code] = mapped_column(ForeignKey("communities.code"), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    service: Mapped[str] = mapped_column(String(32), primary_key=True)
    services: Mapped[int]
    served: Mapped[int] = mapped_column(BigInteger)


class ActivePerson(Base):
    """Somebody who served, or was served, in a month: in how many services that were not undone within it.

    One row for each, kept until the month is over and counted everywhere: from them it is known how many *different*
    people there were, which is no sum. `account` is the person's in the books and names nobody.
    """

    __tablename__ = "active_people"
    __table_args__ = (one_of("role", "volunteer", "elder"),)

    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    community: Mapped[Code] = mapped_column(ForeignKey("communities.code"), primary_key=True)
    role: Mapped[str] = mapped_column(String(10), primary_key=True)
    account: Mapped[str] = mapped_column(String(39), primary_key=True)
    services: Mapped[int]


class DifferentPeople(Base):
    """How many different people served (`volunteers`) and were served (`elders`) in a month at a place: a city, county,
    town or community, by as many digits as it has."""

    __tablename__ = "different_people"

    place: Mapped[str] = mapped_column(String(12), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    volunteers: Mapped[int]
    elders: Mapped[int]


class MonthEnd(Base):
    """How a community stood when a month ended, and what was done in it beside the entries; while `counted_at` lies
    before the end, how it stands and what was done so far.

    `volunteers` and `elders` who are registered, `new_…` of them since the month began. Doubts `asked` and `decided`;
    calls that were `drawn`, in which somebody was reached (`called`) and said that nothing was given (`denied`);
    differences with other books that were `found`, `resolved`, and are still open (`differing`); `audits` of the ledger
    and `faults` that they found. Certificates of service that were made public (`published`), `issued` and `stopped`;
    records `filed` with the ministry. `fund`: what the public fund has, in minutes.
    """

    __tablename__ = "month_ends"

    community: Mapped[Code] = mapped_column(ForeignKey("communities.code"), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    counted_at: Mapped[Ms]
    volunteers: Mapped[int]
    elders: Mapped[int]
    new_volunteers: Mapped[int]
    new_elders: Mapped[int]
    asked: Mapped[int]
    decided: Mapped[int]
    drawn: Mapped[int]
    called: Mapped[int]
    denied: Mapped[int]
    found: Mapped[int]
    resolved: Mapped[int]
    differing: Mapped[int]
    audits: Mapped[int]
    faults: Mapped[int]
    published: Mapped[int]
    issued: Mapped[int]
    stopped: Mapped[int]
    filed: Mapped[int]
    fund: Mapped[int] = mapped_column(BigInteger)


class FigureMark(Base):
    """How many records of a ledger the figures count, and when nothing was left to count (0: never yet)."""

    __tablename__ = "figure_marks"

    origin: Mapped[Origin] = mapped_column(primary_key=True)
    community: Mapped[Code] = mapped_column(ForeignKey("communities.code"), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    counted_at: Mapped[Ms]


class Holding(Base):
    """What members of an age held, available and held, at the end of a month or when it was last counted in it: how
    many people, and minutes."""

    __tablename__ = "holdings"
    __table_args__ = (one_of("band", "under-60", "60-69", "70-79", "80-up", "unknown"),)

    community: Mapped[Code] = mapped_column(ForeignKey("communities.code"), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    band: Mapped[str] = mapped_column(String(8), primary_key=True)
    people: Mapped[int] = mapped_column(Integer)
    minutes: Mapped[int] = mapped_column(BigInteger)
