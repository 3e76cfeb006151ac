"""Find what waits for a second person."""

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.orm import Session as Db

from timebank.ledger import Prepared

from .model import Approval


def of(db: Db, community: str, approval: str) -> Approval | None:
    """The request with this id, if it is this community's."""
    return db.scalars(select(Approval).where(Approval.id == approval, Approval.community == community)).one_or_none()


_KIND = Prepared(
    select(Approval.kind).where(Approval.id == bindparam("approval"), Approval.community == bindparam("community"))
)


def kind_of(connection: Connection, community: str, approval: str) -> str | None:
    row = _KIND.row(connection, approval=approval, community=community)
    return None if row is None else str(row[0])


def open_ones(db: Db, community: str, limit: int) -> list[Approval]:
    """Undecided requests of a community, oldest first."""
    query = select(Approval).where(Approval.community == community, Approval.decision.is_(None))
    return list(db.scalars(query.order_by(Approval.asked_at).limit(limit)))


def open_under(connection: Connection, beginning: str) -> dict[str, int]:
    """How many undecided requests each community has whose code begins so; who has none is left out."""
    # ":" comes after "9".
    query = select(Approval.community, func.count()).where(
        Approval.community >= beginning, Approval.community < f"{beginning}:", Approval.decision.is_(None)
    )
    return dict(connection.execute(query.group_by(Approval.community)).all())


def open_about(db: Db, community: str, subject: str) -> Approval | None:
    """The undecided request about an entry, if there is one."""
    query = select(Approval).where(
        Approval.community == community, Approval.subject == subject, Approval.decision.is_(None)
    )
    return db.scalars(query.limit(1)).one_or_none()
