"""Count tries at a secret, one subject at a time, within a window of time."""

from sqlalchemy import delete, text, update
from sqlalchemy.orm import Session as Db

from .model import Attempt

# The same words on SQLite and PostgreSQL; the row stays locked until the transaction ends.
_COUNT = text(
    "INSERT INTO attempts (subject, began_at, count) VALUES (:subject, :now, 1)"
    " ON CONFLICT (subject) DO UPDATE SET"
    " count = CASE WHEN attempts.began_at <= :over THEN 1 ELSE attempts.count + 1 END,"
    " began_at = CASE WHEN attempts.began_at <= :over THEN :now ELSE attempts.began_at END"
    " RETURNING count, began_at"
)


def count(db: Db, subject: bytes, now: int, window_ms: int) -> tuple[int, int]:
    """Count one more: how many there are in the window, and when it began."""
    tries, began_at = db.execute(_COUNT, {"subject": subject, "now": now, "over": now - window_ms}).one()
    return tries, began_at


def forget(db: Db, subject: bytes) -> None:
    """The secret was right: the next one starts afresh."""
    db.execute(delete(Attempt).where(Attempt.subject == subject))


def take_back(db: Db, subject: bytes) -> None:
    """The try was no guess: it does not count."""
    db.execute(update(Attempt).where(Attempt.subject == subject, Attempt.count > 0).values(count=Attempt.count - 1))
