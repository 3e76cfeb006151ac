"""Find the digests of days, and the heads that each covers."""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Db

from .federation_model import KeptDigest
from .model import Digest, DigestHead


def newest(db: Db) -> Digest | None:
    return db.scalars(select(Digest).order_by(Digest.day.desc()).limit(1)).one_or_none()


def heads(db: Db, day: str) -> list[DigestHead]:
    """The heads of a day's digest in the order of its leaves."""
    found = db.scalars(select(DigestHead).where(DigestHead.day == day))
    return sorted(found, key=lambda head: head.origin.encode())


def kept(db: Db, host: str | None, limit: int) -> list[KeptDigest]:
    """The digests of other services that are kept here, or of one, the newest day first."""
    query = select(KeptDigest).order_by(KeptDigest.day.desc(), KeptDigest.host, KeptDigest.line).limit(limit)
    return list(db.scalars(query if host is None else query.where(KeptDigest.host == host)))


def kept_of(db: Db, host: str, day: str) -> list[KeptDigest]:
    """What a service has handed over as its digest of a day: more than one line where it says two things."""
    return list(db.scalars(select(KeptDigest).where(KeptDigest.host == host, KeptDigest.day == day)))


def days(db: Db, months: Iterable[str]) -> dict[str, int]:
    """On how many days of these months a digest was made, by month; a month without any is left out."""
    month = func.substr(Digest.day, 1, 7)
    query = select(month, func.count()).where(month.in_(set(months))).group_by(month)
    return dict(db.execute(query).all())
