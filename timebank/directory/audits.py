"""Find what earlier audits said of a ledger."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.orm import Session as Db

from timebank.ledger import Prepared

from .model import Audit


def newest(db: Db, origin: str, *kinds: str) -> Audit | None:
    """The last audit of one of these kinds that found no fault."""
    query = select(Audit).where(Audit.origin == origin, Audit.kind.in_(kinds), Audit.fault.is_(None))
    return db.scalars(query.order_by(Audit.ended_at.desc(), Audit.id.desc()).limit(1)).one_or_none()


def open_faults(db: Db, origin: str) -> Iterable[Audit]:
    """Those that found a fault which no later full audit found gone."""
    return db.scalars(
        select(Audit).where(Audit.origin == origin, Audit.fault.is_not(None), Audit.resolved_at.is_(None))
    )


_OPEN_FAULT = Prepared(
    select(Audit.fault)
    .where(Audit.origin == bindparam("origin"), Audit.fault.is_not(None), Audit.resolved_at.is_(None))
    .order_by(Audit.ended_at)
    .limit(1)
)


def open_fault(connection: Connection, origin: str) -> str | None:
    """What the first of them found, in words."""
    row = _OPEN_FAULT.row(connection, origin=origin)
    return None if row is None else str(row[0])
