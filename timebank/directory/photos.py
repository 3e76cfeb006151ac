"""Photos of people, sealed."""

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.orm import Session as Db

from timebank.ledger import Prepared

from .people_model import Photo

_OF = Prepared(select(Photo.sealed_picture).where(Photo.person == bindparam("person")))


def keep(db: Db, person: str, sealed: bytes, *, by: str, now: int) -> None:
    """In place of the one that was kept."""
    db.merge(Photo(person=person, sealed_picture=sealed, taken_at=now, taken_by=by))


def of(connection: Connection, person: str) -> bytes | None:
    row = _OF.row(connection, person=person)
    return None if row is None else bytes(row[0])


def forget(connection: Connection, person: str) -> None:
    """Somebody's photo, if there is one."""
    connection.execute(delete(Photo).where(Photo.person == person))
