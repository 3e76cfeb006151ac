"""Who wishes to be named for the hours that she served."""

from sqlalchemy import Connection, select

from .model import Person
from .people_model import HonourWish


def wishers_of(connection: Connection, community: str) -> dict[str, str]:
    """Person and account of everybody of a community who wishes it, and is neither suspended nor dead, in the order in
    which they were registered."""
    query = (
        select(Person.id, Person.account)
        .join(HonourWish, HonourWish.person == Person.id)
        .where(
            HonourWish.community == community,
            Person.erased_at.is_(None),
            Person.suspended_at.is_(None),
            Person.deceased_on.is_(None),
        )
    )
    return dict(connection.execute(query.order_by(Person.registered_at, Person.id)).all())


def wishes(connection: Connection, person: str) -> bool:
    """Whether somebody wishes to be named."""
    query = select(HonourWish.person).where(HonourWish.person == person)
    return connection.execute(query).first() is not None


def wished_under(connection: Connection, beginning: str) -> set[str]:
    """The communities whose code begins so and where somebody wishes to be named."""
    # ":" comes after "9".
    query = select(HonourWish.community).where(
        HonourWish.community >= beginning, HonourWish.community < f"{beginning}:"
    )
    return set(connection.execute(query.distinct()).scalars())
