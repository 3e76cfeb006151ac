"""Count tries at a secret, one subject at a time, within a window of time."""

from sqlalchemy import Connection, bindparam, delete, text, update

from timebank.ledger import Prepared

from .model import Attempt

# The same words on SQLite and PostgreSQL; the row stays locked until the transaction ends.
_COUNT = Prepared(
    text(
        "INSERT INTO attempts (subject, began_at, count) VALUES (:subject, :now, 1)"
        " ON CONFLICT (subject) DO UPDATE SET"
        " count = CASE WHEN attempts.began_at <= :over THEN 1 ELSE attempts.count + 1 END,"
        " began_at = CASE WHEN attempts.began_at <= :over THEN :now ELSE attempts.began_at END"
        " RETURNING count, began_at"
    )
)
_FORGET = Prepared(delete(Attempt).where(Attempt.subject == bindparam("whose")))
_TAKE_BACK = Prepared(
    update(Attempt).where(Attempt.subject == bindparam("whose"), Attempt.count > 0).values(count=Attempt.count - 1)
)


def count(connection: Connection, subject: bytes, now: int, window_ms: int) -> tuple[int, int]:
    """Count one more: how many there are in the window, and when it began."""
    [(tries, began_at)] = _COUNT.rows(connection, subject=subject, now=now, over=now - window_ms)
    return tries, began_at


def forget(connection: Connection, subject: bytes) -> None:
    """The secret was right: the next one starts afresh."""
    _FORGET.run(connection, whose=subject)


def take_back(connection: Connection, subject: bytes) -> None:
    """The try was no guess: it does not count."""
    _TAKE_BACK.run(connection, whose=subject)
