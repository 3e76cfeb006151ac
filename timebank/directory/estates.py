"""What people left behind, and what they wished for it."""

from sqlalchemy import select
from sqlalchemy.orm import Session as Db

from .people_model import Estate


def numbered(db: Db, number: str, *, lock: bool = False) -> Estate | None:
    """The case with this number; with `lock` nobody else's until the transaction ends."""
    query = select(Estate).where(Estate.number == number)
    return db.scalars(query.with_for_update() if lock else query).one_or_none()


def of_person(db: Db, person: str) -> Estate | None:
    return db.scalars(select(Estate).where(Estate.person == person)).one_or_none()


def open_ones(db: Db, community: str, limit: int) -> list[Estate]:
    """The cases of a community that are not closed, the oldest first."""
    query = select(Estate).where(Estate.community == community, Estate.closed_at.is_(None))
    return list(db.scalars(query.order_by(Estate.opened_at, Estate.number).limit(limit)))


def due(db: Db, today: str, limit: int) -> list[Estate]:
    """Open cases whose last day is over, the longest first."""
    query = select(Estate).where(Estate.closed_at.is_(None), Estate.until_day < today)
    return list(db.scalars(query.order_by(Estate.until_day, Estate.number).limit(limit)))
