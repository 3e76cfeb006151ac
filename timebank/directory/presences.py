"""Where people were: two services of one person must not overlap in time."""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import Connection, bindparam, delete, insert, select

from timebank.ledger import Prepared

from .order_model import Presence

_MINUTES = 1440
_NEAR = Prepared(
    select(Presence.entry, Presence.day, Presence.start, Presence.end)
    .where(
        Presence.person.in_(bindparam("people", expanding=True)), Presence.day.in_(bindparam("days", expanding=True))
    )
    .order_by(Presence.entry)
)


def overlapping(connection: Connection, people: Iterable[str], day: str, start: int, end: int) -> str | None:
    """An entry that has one of these people elsewhere at that time; None when there is none.

    `start` and `end` are minutes after the day's midnight; the end may lie in the next day, and touching is no overlap.
    """
    at = date.fromisoformat(day)
    near = [(at + timedelta(days=days)).isoformat() for days in (-1, 0, 1)]
    for entry, other, began, ended in _NEAR.rows(connection, people=sorted(people), days=near):
        shift = (date.fromisoformat(other) - at).days * _MINUTES
        if shift + began < end and start < shift + ended:
            return str(entry)
    return None


_KEEP = Prepared(
    insert(Presence).values({name: bindparam(name) for name in ("entry", "person", "day", "start", "end")})
)


def keep(connection: Connection, entry: str, people: Iterable[str], day: str, start: int, end: int) -> None:
    """Note that these people were there."""
    for person in sorted(set(people)):
        _KEEP.run(connection, entry=entry, person=person, day=day, start=start, end=end)


def drop(connection: Connection, entry: str) -> None:
    """Nobody was there after all."""
    connection.execute(delete(Presence).where(Presence.entry == entry))
