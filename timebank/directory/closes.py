"""Find the days that a station closed."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session as Db

from .desk_model import DayClose
from .model import Community


def lock(db: Db, community: str) -> None:
    """Make others who close a day of this community wait until the transaction ends."""
    db.execute(select(Community.code).where(Community.code == community).with_for_update(key_share=True))


def of_day(db: Db, community: str, day: str) -> list[DayClose]:
    """How often a day was closed, the last one first."""
    return list(db.scalars(_ordered(community).where(DayClose.day == day)))


def between(db: Db, community: str, first: str, last: str) -> list[DayClose]:
    """All closes of the days from `first` to `last`: the newest day first, and of a day the last one."""
    return list(db.scalars(_ordered(community).where(DayClose.day >= first, DayClose.day <= last)))


def newest(db: Db, community: str) -> DayClose | None:
    """The newest day that was closed, as it stands."""
    return db.scalars(_ordered(community).limit(1)).first()


def _ordered(community: str) -> Select[DayClose]:
    query = select(DayClose).where(DayClose.community == community)
    return query.order_by(DayClose.day.desc(), DayClose.closed_at.desc(), DayClose.id.desc())
