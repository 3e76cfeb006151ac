"""Find the entries that were drawn for a call."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session as Db

from .care_model import Callback


def of_month(db: Db, community: str, month: str) -> dict[str, Callback]:
    """What was drawn of a month, by entry."""
    query = select(Callback).where(Callback.community == community, Callback.month == month)
    return {callback.entry: callback for callback in db.scalars(query.order_by(Callback.entry))}


def open_ones(db: Db, community: str, limit: int) -> list[Callback]:
    """Whom nobody has called yet, or nobody has reached, the oldest month first."""
    query = select(Callback).where(
        Callback.community == community, or_(Callback.answer.is_(None), Callback.answer == "unreachable")
    )
    return list(db.scalars(query.order_by(Callback.month, Callback.entry).limit(limit)))


def of_entry(db: Db, community: str, entry: str) -> Callback | None:
    """The call about an entry, if it was drawn: an entry is of one month, so there is at most one."""
    return db.scalars(select(Callback).where(Callback.community == community, Callback.entry == entry)).one_or_none()
