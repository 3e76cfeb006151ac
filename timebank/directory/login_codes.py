"""Codes for logging in that were sent to a telephone, and text messages that are still to be handed over."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, select
from sqlalchemy.orm import Session as Db

from .login_model import LoginCode, TextMessage


def add(db: Db, code: LoginCode) -> None:
    """A new code; what is no use any more goes."""
    db.execute(delete(LoginCode).where(LoginCode.expires_at <= code.expires_at - 24 * 60 * 60_000))
    db.add(code)


def locked(db: Db, ticket_hash: bytes, now: int) -> LoginCode | None:
    """The code of a ticket, nobody else's until the transaction ends; None when it is no use any more."""
    query = select(LoginCode).where(LoginCode.ticket_hash == ticket_hash, LoginCode.expires_at > now)
    return db.scalars(query.with_for_update()).one_or_none()


def remove(db: Db, code: LoginCode) -> None:
    """It was used, or guessed at too often."""
    db.delete(code)


def add_message(db: Db, message: TextMessage) -> None:
    """A text message to be handed over after the commit."""
    db.add(message)


def message(db: Db, id: str, now: int) -> TextMessage | None:
    """A message that is still to be handed over; None when it was, or is no use any more."""
    return db.scalars(select(TextMessage).where(TextMessage.id == id, TextMessage.expires_at > now)).one_or_none()


def waiting(connection: Connection, now: int, most: int) -> Sequence[str]:
    """The ids of messages that are still to be handed over, the oldest first."""
    query = select(TextMessage.id).where(TextMessage.expires_at > now).order_by(TextMessage.id).limit(most)
    return connection.scalars(query).all()


def drop_message(connection: Connection, id: str) -> None:
    """It was handed over."""
    connection.execute(delete(TextMessage).where(TextMessage.id == id))


def drop_old(connection: Connection, now: int) -> None:
    """Messages that nobody took in time."""
    connection.execute(delete(TextMessage).where(TextMessage.expires_at <= now))
