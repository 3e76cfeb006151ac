"""What is known of the requests that made entries: their digests, and which login they came from."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, insert, select, update

from timebank.ledger import Prepared

from .model import Login, Recorded, Request

_OF_ENTRY = (Request.origin == bindparam("origin"), Request.entry == bindparam("entry"))
_DIGEST = Prepared(select(Request.digest).where(*_OF_ENTRY))
_NOTE = Prepared(
    insert(Request).values(origin=bindparam("origin"), entry=bindparam("entry"), digest=bindparam("digest"))
)
_TAKE_OVER = Prepared(update(Request).where(*_OF_ENTRY).values(digest=bindparam("digest")))
_NOTE_LOGIN = Prepared(
    insert(Recorded).values(origin=bindparam("origin"), entry=bindparam("entry"), login=bindparam("login"))
)
_LOGIN = Prepared(
    select(Recorded.login).where(Recorded.origin == bindparam("origin"), Recorded.entry == bindparam("entry"))
)


def digest_of(connection: Connection, origin: str, entry: str) -> bytes | None:
    """The digest of the request that made this entry; None when the service did not make it."""
    row = _DIGEST.row(connection, origin=origin, entry=entry)
    return None if row is None else bytes(row[0])


def note(connection: Connection, origin: str, entry: str, digest: bytes) -> None:
    _NOTE.run(connection, origin=origin, entry=entry, digest=digest)


def take_over(connection: Connection, origin: str, entry: str, digest: bytes) -> None:
    """This request from now on counts as the one that made the entry."""
    _TAKE_OVER.run(connection, origin=origin, entry=entry, digest=digest)


def note_login(connection: Connection, origin: str, entry: str, login: str) -> None:
    _NOTE_LOGIN.run(connection, origin=origin, entry=entry, login=login)


def login_of(connection: Connection, origin: str, entry: str) -> str | None:
    """Which login an entry was recorded by; None where that is not known."""
    row = _LOGIN.row(connection, origin=origin, entry=entry)
    return None if row is None else str(row[0])


def recorded_for(connection: Connection, origin: str, entries: Iterable[str], person: str) -> set[str]:
    """Those of the entries that one of this person's logins made."""
    query = select(Recorded.entry).join(Login, Login.id == Recorded.login).where(Recorded.origin == origin)
    hers = query.where(Login.person == person, Recorded.entry.in_(sorted(entries)))
    return set(connection.execute(hers).scalars())
