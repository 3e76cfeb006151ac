"""What is proved of somebody and holds on a day: classes, trainings, guardians."""

from sqlalchemy import Connection, SQLColumnExpression, bindparam, or_, select
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm import Session as Db

from timebank.ledger import Prepared

from .model import Person
from .people_model import Guardian, PersonClass, Training


def _holds(
    since: InstrumentedAttribute[str], until: InstrumentedAttribute[str | None]
) -> list[SQLColumnExpression[bool]]:
    return [since <= bindparam("day"), or_(until.is_(None), until >= bindparam("day"))]


_CLASSES = Prepared(
    select(PersonClass.name).where(
        PersonClass.person == bindparam("person"), *_holds(PersonClass.from_day, PersonClass.expires_on)
    )
)
_COURSES = Prepared(
    select(Training.course).where(Training.person == bindparam("person"), *_holds(Training.day, Training.expires_on))
)
_GUARDIANS = Prepared(
    select(Guardian.guardian).where(
        Guardian.ward == bindparam("person"), *_holds(Guardian.from_day, Guardian.expires_on)
    )
)


_HERE = Person.community == bindparam("community")
_ALL_COURSES = Prepared(
    select(Training.person, Training.course)
    .join(Person, Person.id == Training.person)
    .where(_HERE, Person.is_volunteer, *_holds(Training.day, Training.expires_on))
)
_ALL_WARDS = Prepared(
    select(Guardian.ward)
    .join(Person, Person.id == Guardian.ward)
    .where(_HERE, *_holds(Guardian.from_day, Guardian.expires_on))
)


def all_courses(connection: Connection, community: str, day: str) -> dict[str, frozenset[str]]:
    """As `courses_of`, of all volunteers of a community who had taken one."""
    found: dict[str, frozenset[str]] = {}
    for person, course in _ALL_COURSES.rows(connection, community=community, day=day):
        found[person] = found.get(person, frozenset()) | {course}
    return found


def all_wards(connection: Connection, community: str, day: str) -> frozenset[str]:
    """The ids of those in a community for whom somebody decided on that day."""
    return frozenset(ward for (ward,) in _ALL_WARDS.rows(connection, community=community, day=day))


def classes_of(connection: Connection, person: str, day: str) -> frozenset[str]:
    """The priority classes that somebody was proved to belong to on that day."""
    return frozenset(name for (name,) in _CLASSES.rows(connection, person=person, day=day))


def courses_of(connection: Connection, person: str, day: str) -> frozenset[str]:
    """The courses that somebody had taken by that day, as far as they still counted."""
    return frozenset(course for (course,) in _COURSES.rows(connection, person=person, day=day))


def guardians_of(connection: Connection, person: str, day: str) -> frozenset[str]:
    """The ids of those who decided for somebody on that day."""
    return frozenset(guardian for (guardian,) in _GUARDIANS.rows(connection, person=person, day=day))


def kept(db: Db, person: str, day: str) -> list[PersonClass | Training | Guardian]:
    """All of it that is not over before that day, in the order in which it was noted."""
    found: list[PersonClass | Training | Guardian] = []
    for table, whose in ((PersonClass, PersonClass.person), (Training, Training.person), (Guardian, Guardian.ward)):
        found += db.scalars(
            select(table)
            .where(whose == person, or_(table.expires_on.is_(None), table.expires_on >= day))
            .order_by(table.id)
        )
    return found
