"""Figures by community and month, and their sums over a town, a county, a city."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, case, delete, func, select
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm import Session as Db

from .figure_model import FigureMark, Figures, Holding
from .model import Person

COUNTED = ("services", "served", "credited", "used", "given", "donated", "fund_in", "fund_out", "issued")


def add(db: Db, community: str, month: str, more: Mapping[str, int]) -> None:
    """Add to a month's figures; what is not named gets nothing."""
    row = db.get(Figures, (community, month))
    if row is None:
        row = Figures(community=community, month=month, **dict.fromkeys(COUNTED, 0))
        db.add(row)
    for name, count in more.items():
        setattr(row, name, getattr(row, name) + count)


def hold(db: Db, community: str, bands: Mapping[str, tuple[int, int]]) -> None:
    """Put what people hold, by age, in place of what was counted before."""
    db.execute(delete(Holding).where(Holding.community == community))
    db.add_all(Holding(community=community, band=band, people=n, minutes=sum) for band, (n, sum) in bands.items())


def by_part(db: Db, place: str, digits: int, first_month: str) -> dict[tuple[str, str], tuple[int, ...]]:
    """The sums of COUNTED by part of a place (the first so many digits of the code) and month, from a month on."""
    part = func.substr(Figures.community, 1, digits)
    sums = [func.sum(getattr(Figures, name)) for name in COUNTED]
    query = select(part, Figures.month, *sums).where(_under(Figures.community, place), Figures.month >= first_month)
    return {(row[0], row[1]): tuple(map(int, row[2:])) for row in db.execute(query.group_by(part, Figures.month))}


def holdings(db: Db, place: str) -> dict[str, tuple[int, int]]:
    """People and minutes by age, over all communities of a place."""
    sums = func.sum(Holding.people), func.sum(Holding.minutes)
    query = select(Holding.band, *sums).where(_under(Holding.community, place)).group_by(Holding.band)
    return {band: (int(people), int(minutes)) for band, people, minutes in db.execute(query)}


def counted_at(db: Db, place: str) -> int | None:
    """When the community whose figures are the oldest was counted; None where none was."""
    return db.scalar(select(func.min(FigureMark.counted_at)).where(_under(FigureMark.community, place)))


def _under(column: InstrumentedAttribute[str], place: str) -> ColumnElement[bool]:
    # ":" comes after "9".
    return (column >= place) & (column < f"{place}:")


def registered(db: Db, place: str, digits: int) -> Sequence[tuple[str, int, int]]:
    """How many volunteers and elders are registered, by part of a place."""
    part = func.substr(Person.community, 1, digits)
    counts = [func.sum(case((column, 1), else_=0)) for column in (Person.is_volunteer, Person.is_elder)]
    query = select(part, *counts).where(_under(Person.community, place), Person.erased_at.is_(None)).group_by(part)
    return [(part_, int(volunteers or 0), int(elders or 0)) for part_, volunteers, elders in db.execute(query)]
