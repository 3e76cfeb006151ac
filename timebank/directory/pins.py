"""When PINs were chosen, and at whose login."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, insert, select

from timebank.ledger import Prepared

from .login_model import PinChange
from .model import Login

_NAMES = ("id", "person", "by", "at")
_ADD = Prepared(insert(PinChange).values({name: bindparam(name) for name in _NAMES}))
_NEWEST = Prepared(
    select(PinChange.at, PinChange.by, Login.person)
    .outerjoin(Login, Login.id == PinChange.by)
    .where(PinChange.person == bindparam("person"))
    .order_by(PinChange.at.desc(), PinChange.id.desc())
    .limit(1)
)
_FORGET = Prepared(delete(PinChange).where(PinChange.person == bindparam("whose")))


@dataclass(frozen=True, slots=True)
class Change:
    """When a PIN was chosen, the login at which, and whose that login is (None: staff's without a person)."""

    at: int
    by: str
    by_person: str | None


def note(connection: Connection, id: str, person: str, by: str, at: int) -> None:
    """Note that a PIN was chosen."""
    _ADD.run(connection, id=id, person=person, by=by, at=at)


def newest(connection: Connection, person: str) -> Change | None:
    """The last choice of a PIN for somebody's card; None when there was none since this is kept."""
    row = _NEWEST.row(connection, person=person)
    return None if row is None else Change(*row)


def forget(connection: Connection, person: str) -> None:
    """Of somebody who is erased it is not kept when she chose."""
    _FORGET.run(connection, whose=person)
