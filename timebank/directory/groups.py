"""Who belongs to which group, and what became of a roster."""

from collections.abc import Iterable

from sqlalchemy import Connection, or_, select
from sqlalchemy.orm import Session as Db

from .group_model import Membership, RosterRow
from .people import batched


def members_of(db: Db, team: str, day: str) -> list[Membership]:
    """The memberships of a group that are not over before that day, in the order in which they were noted."""
    open_ones = or_(Membership.until_day.is_(None), Membership.until_day >= day)
    return list(db.scalars(select(Membership).where(Membership.team == team, open_ones).order_by(Membership.id)))


def belonging(connection: Connection, team: str, people: Iterable[str], day: str) -> set[str]:
    """Those of these people who were members of the group on that day."""
    holds = (
        Membership.team == team,
        Membership.from_day <= day,
        or_(Membership.until_day.is_(None), Membership.until_day >= day),
    )
    found: set[str] = set()
    for part in batched(sorted(people)):
        found |= set(connection.scalars(select(Membership.person).where(*holds, Membership.person.in_(part))))
    return found


def rows_of(db: Db, roster: str) -> list[RosterRow]:
    """What became of each who was there, in the order of the roster; who was erased is left out."""
    return list(db.scalars(select(RosterRow).where(RosterRow.roster == roster).order_by(RosterRow.n)))
