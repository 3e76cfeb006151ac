"""How the communities of a place stand with others: their links, runs and differences, each in one question.

A place is the beginning of the codes of its communities, as in a grant.
"""

from sqlalchemy import ColumnElement, Subquery, func, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm import Session as Db

from .federation_model import Difference, Peer, Reconciliation
from .model import Community, Login


def _under(column: InstrumentedAttribute[str], place: str) -> ColumnElement[bool]:
    # ":" comes after "9".
    return (column >= place) & (column < f"{place}:")


def links(db: Db, place: str) -> list[Peer]:
    """The links of all communities of a place, by the names of both sides."""
    return list(db.scalars(select(Peer).where(_under(Peer.community, place)).order_by(Peer.community, Peer.origin)))


def accounts(place: str) -> Subquery:
    """Asks for the accounts by which these communities keep what others owe them and what is on its way there."""
    parts = [
        select(Community.origin.label("origin"), (literal(kind) + Peer.origin).label("name"))
        .join(Community, Community.code == Peer.community)
        .where(_under(Peer.community, place))
        for kind in ("due:", "held:")
    ]
    return union_all(*parts).subquery()


def newest_runs(db: Db, place: str) -> dict[tuple[str, str], Reconciliation]:
    """The newest run of each pair, by community and the other ledger."""
    newest = (
        select(Reconciliation.community, Reconciliation.peer, func.max(Reconciliation.at).label("at"))
        .where(_under(Reconciliation.community, place))
        .group_by(Reconciliation.community, Reconciliation.peer)
        .subquery()
    )
    pair = (Reconciliation.community == newest.c.community) & (Reconciliation.peer == newest.c.peer)
    query = select(Reconciliation).join(newest, pair & (Reconciliation.at == newest.c.at))
    return {(run.community, run.peer): run for run in db.scalars(query.order_by(Reconciliation.id))}


def runs_since(db: Db, place: str, since: int) -> list[tuple[str, str, int, str]]:
    """Community, other ledger, time and result of each run from a time on, the oldest first."""
    query = select(Reconciliation.community, Reconciliation.peer, Reconciliation.at, Reconciliation.result)
    found = db.execute(
        query.where(_under(Reconciliation.community, place), Reconciliation.at >= since).order_by(Reconciliation.at)
    )
    return [(community, peer, at, result) for community, peer, at, result in found]


def open_differences(db: Db, place: str, limit: int) -> list[tuple[Difference, bytes | None]]:
    """Each difference that nobody has resolved with its owner's sealed name, the longest open first."""
    query = select(Difference, Login.sealed_name).outerjoin(Login, Login.id == Difference.owner)
    query = query.where(_under(Difference.community, place), Difference.resolved_at.is_(None))
    query = query.order_by(Difference.found_at, Difference.community, Difference.entry).limit(limit)
    return [(one, sealed) for one, sealed in db.execute(query)]
