"""Up to when the operator has confirmed the clock."""

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session as Db

from .model import Clock


def confirmed_ms(connection: Connection) -> int:
    """0 when it never was confirmed."""
    return connection.execute(select(Clock.confirmed_ms)).scalar() or 0


def confirm(db: Db, now: int) -> None:
    db.merge(Clock(id=1, confirmed_ms=now))
