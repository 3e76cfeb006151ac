"""What is proved of somebody and holds on a day: classes, trainings, guardians."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, SQLColumnExpression, bindparam, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from timebank.ledger import Prepared

from .model import Person
from .people import batched
from .people_model import Assessment, Guardian, PersonClass, Stay, Training


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


_DECIDED = Prepared(
    select(Guardian.guardian).where(
        Guardian.ward == bindparam("person"), Guardian.decides, *_holds(Guardian.from_day, Guardian.expires_on)
    )
)


def deciders_of(connection: Connection, person: str, day: str) -> frozenset[str]:
    """Who decides on that day for somebody who is grown up and cannot any more."""
    return frozenset(guardian for (guardian,) in _DECIDED.rows(connection, person=person, day=day))


def decided_in(connection: Connection, community: str, day: str) -> dict[str, frozenset[str]]:
    """The people of a community for whom somebody decides on that day, and who."""
    query = (
        select(Guardian.ward, Guardian.guardian)
        .join(Person, Person.id == Guardian.ward)
        .where(
            Person.community == community,
            Person.erased_at.is_(None),
            Person.deceased_on.is_(None),
            Guardian.decides,
            *_holds(Guardian.from_day, Guardian.expires_on),
        )
    )
    found: dict[str, frozenset[str]] = {}
    for ward, guardian in connection.execute(query, {"day": day}):
        found[ward] = found.get(ward, frozenset()) | {guardian}
    return found


def assessed(connection: Connection, person: str, day: str) -> tuple[str, bool] | None:
    """The newest assessment of somebody that holds on that day: the need, and whether to go along at first."""
    query = select(Assessment.need, Assessment.accompany).where(
        Assessment.person == person, *_holds(Assessment.day, Assessment.expires_on)
    )
    row = connection.execute(query.order_by(Assessment.day.desc(), Assessment.id.desc()).limit(1), {"day": day}).first()
    return None if row is None else (row[0], row[1])


def away(connection: Connection, person: str, day: str) -> bool:
    """Whether somebody was in a hospital all day: on the day she went in or left she may have been at home too."""
    query = select(Stay.id).where(
        Stay.person == person, Stay.from_day < day, or_(Stay.expires_on.is_(None), Stay.expires_on > day)
    )
    return connection.execute(query.limit(1)).first() is not None


def stays_of(connection: Connection, accounts: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """The stays in a hospital of the people behind these accounts: from which day to which, `9999` where she is still
    there."""
    query = select(Person.account, Stay.from_day, Stay.expires_on).join(Person, Person.id == Stay.person)
    found: dict[str, list[tuple[str, str]]] = {}
    for part in batched(sorted(accounts)):
        for account, since, until in connection.execute(query.where(Person.account.in_(part))):
            found.setdefault(account, []).append((since, until or "9999"))
    return found


Paper = type[PersonClass] | type[Training] | type[Guardian] | type[Assessment] | type[Stay]
_OF_PAPER: dict[Paper, tuple[InstrumentedAttribute[Any], ...]] = {
    PersonClass: (PersonClass.person, PersonClass.name, PersonClass.proof, PersonClass.from_day),
    Training: (Training.person, Training.course, Training.day),
    Guardian: (Guardian.ward, Guardian.guardian, Guardian.proof, Guardian.from_day),
    Assessment: (Assessment.person, Assessment.need, Assessment.day, Assessment.accompany),
    Stay: (Stay.person, Stay.from_day),
}
_KEPT = {
    table: Prepared(
        select(table.id, table.expires_on, whose, *facts)
        .where(whose == bindparam("person"), or_(table.expires_on.is_(None), table.expires_on >= bindparam("day")))
        .order_by(table.id)
    )
    for table, (whose, *facts) in _OF_PAPER.items()
}
_FACTS = {table: tuple(fact.key for fact in facts) for table, (_, *facts) in _OF_PAPER.items()}


def kept(connection: Connection, table: Paper, person: str, day: str) -> list[dict[str, Any]]:
    """What of one kind is not over before that day, in the order in which it was noted: `id`, `person` (of a guardian
    it is the ward), the facts, `expires_on`."""
    names = ("id", "expires_on", "person", *_FACTS[table])
    return [dict(zip(names, row, strict=True)) for row in _KEPT[table].rows(connection, person=person, day=day)]
