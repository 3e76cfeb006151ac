"""Where people were: two services of one person must not overlap in time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, bindparam, delete, insert, select
from sqlalchemy.orm import aliased

from timebank.ledger import Prepared

from .model import Person
from .order_model import Presence
from .people import batched

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


_Twin = aliased(Person)
_TWINS = (
    select(Presence.entry, Presence.day, Presence.start, Presence.end, Person.account, _Twin.id, _Twin.community)
    .join(Person, Person.id == Presence.person)
    .join(_Twin, (_Twin.same_blind == Person.same_blind) & (_Twin.id != Person.id))
)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Somebody in an entry who, registered a second time, was at another service at that time: where that was."""

    entry: str
    account: str
    day: str
    community: str


def elsewhere(connection: Connection, entries: Iterable[str]) -> list[Elsewhere]:
    """Who in these entries was in two places at once, as far as she is registered twice: in two communities, say.

    Two statements for the entries, one for each of the few who are registered twice.
    """
    found: dict[Elsewhere, None] = {}
    for part in batched(sorted(entries)):
        for entry, day, start, end, account, twin, community in connection.execute(
            _TWINS.where(Presence.entry.in_(part))
        ):
            if overlapping(connection, [twin], day, start, end) is not None:
                found[Elsewhere(entry, account, day, community)] = None
    return list(found)


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
