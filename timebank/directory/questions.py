"""Find doubts about entries."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session as Db

from .care_model import Question
from .model import Person


def of(db: Db, community: str, question: str) -> Question | None:
    """The question with this id, if it is this community's."""
    return db.scalars(select(Question).where(Question.id == question, Question.community == community)).one_or_none()


def open_ones(db: Db, community: str, limit: int) -> list[Question]:
    """Undecided questions of a community, oldest first."""
    query = select(Question).where(Question.community == community, Question.decision.is_(None))
    return list(db.scalars(query.order_by(Question.asked_at, Question.id).limit(limit)))


def about(db: Db, origin: str, entry: str) -> list[Question]:
    """All questions about an entry, oldest first."""
    query = select(Question).where(Question.entry == entry, Question.origin == origin)
    return list(db.scalars(query.order_by(Question.asked_at, Question.id)))


def open_about(db: Db, origin: str, entry: str) -> Question | None:
    """The undecided question about an entry, if there is one."""
    query = select(Question).where(Question.entry == entry, Question.origin == origin, Question.decision.is_(None))
    return db.scalars(query).one_or_none()


def people_of(db: Db, accounts: Iterable[str]) -> set[str]:
    """The ids of the people behind these accounts."""
    return set(db.scalars(select(Person.id).where(Person.account.in_(sorted(accounts)))))
