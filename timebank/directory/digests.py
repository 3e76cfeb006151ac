"""Find the digests of days, and the heads that each covers."""

from sqlalchemy import select
from sqlalchemy.orm import Session as Db

from .model import Digest, DigestHead


def newest(db: Db) -> Digest | None:
    return db.scalars(select(Digest).order_by(Digest.day.desc()).limit(1)).one_or_none()


def heads(db: Db, day: str) -> list[DigestHead]:
    """The heads of a day's digest in the order of its leaves."""
    found = db.scalars(select(DigestHead).where(DigestHead.day == day))
    return sorted(found, key=lambda head: head.origin.encode())
