"""Find certificates of service."""

from sqlalchemy import select
from sqlalchemy.orm import Session as Db

from .care_model import Certificate


def of(db: Db, community: str, certificate: str) -> Certificate | None:
    """The certificate with this id, if it is this community's."""
    query = select(Certificate).where(Certificate.id == certificate, Certificate.community == community)
    return db.scalars(query).one_or_none()


def numbered(db: Db, number: str) -> Certificate | None:
    return db.scalars(select(Certificate).where(Certificate.number == number)).one_or_none()


def of_person(db: Db, person: str) -> list[Certificate]:
    """Newest first."""
    query = select(Certificate).where(Certificate.person == person)
    return list(db.scalars(query.order_by(Certificate.asked_at.desc(), Certificate.id.desc())))


def waiting(db: Db, community: str, limit: int) -> list[Certificate]:
    """Those that hang out, or could be issued, oldest first."""
    query = select(Certificate).where(
        Certificate.community == community, Certificate.issued_at.is_(None), Certificate.stopped_at.is_(None)
    )
    return list(db.scalars(query.order_by(Certificate.public_until, Certificate.id).limit(limit)))
