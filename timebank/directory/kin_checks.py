"""Declared relations, and which of them were drawn to be checked."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session as Db

from .care_model import KinCheck
from .model import Kinship, Person


def declared(db: Db, community: str, first_ms: int, until_ms: int) -> list[str]:
    """The ids of the relations of a community's elders that were declared, first known in [first, until), and stand.

    Taking a consent back leaves the relation in a new row: it is no new one.
    """
    known = (
        select(Kinship.member, Kinship.elder, func.min(Kinship.consented_at).label("since"))
        .join(Person, Person.id == Kinship.elder)
        .where(Person.community == community)
        .group_by(Kinship.member, Kinship.elder)
        .subquery()
    )
    query = (
        select(func.min(Kinship.id))
        .join(known, (known.c.member == Kinship.member) & (known.c.elder == Kinship.elder))
        .where(
            known.c.since >= first_ms,
            known.c.since < until_ms,
            Kinship.proof == "declaration",
            Kinship.revoked_at.is_(None),
        )
        .group_by(Kinship.member, Kinship.elder)
    )
    return sorted(db.scalars(query))


def of_month(db: Db, community: str, month: str) -> list[KinCheck]:
    """What was drawn of a month."""
    query = select(KinCheck).where(KinCheck.community == community, KinCheck.month == month)
    return list(db.scalars(query.order_by(KinCheck.kinship)))


def open_ones(db: Db, community: str, limit: int) -> list[tuple[KinCheck, Kinship]]:
    """What nobody has found out yet, the oldest month first, with the relation; not where it ended meanwhile."""
    query = (
        select(KinCheck, Kinship)
        .join(Kinship, Kinship.id == KinCheck.kinship)
        .where(
            KinCheck.community == community,
            or_(KinCheck.answer.is_(None), KinCheck.answer == "unclear"),
            Kinship.revoked_at.is_(None),
        )
    )
    return [(check, kin) for check, kin in db.execute(query.order_by(KinCheck.month, KinCheck.kinship).limit(limit))]


def found_false(db: Db, community: str, first_ms: int, until_ms: int) -> list[tuple[KinCheck, Kinship]]:
    """The relations that were found to be false in [first, until)."""
    query = (
        select(KinCheck, Kinship)
        .join(Kinship, Kinship.id == KinCheck.kinship)
        .where(
            KinCheck.community == community,
            KinCheck.answer == "false",
            KinCheck.checked_at >= first_ms,
            KinCheck.checked_at < until_ms,
        )
    )
    return [(check, kin) for check, kin in db.execute(query.order_by(KinCheck.kinship))]


def end(db: Db, pairs: Sequence[tuple[str, str]], now: int) -> None:
    """There is no relation between these (member, elder), nor was there: what the elder consented to ends with it."""
    for member, elder in pairs:
        standing = (Kinship.member == member, Kinship.elder == elder, Kinship.revoked_at.is_(None))
        db.execute(update(Kinship).where(*standing).values(revoked_at=now))
