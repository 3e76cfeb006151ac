"""Other communities and what is on its way to them."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Db

from .epochs import code_of
from .federation_model import Cosignature, Difference, Peer, Reconciliation, Transfer
from .model import Evidence


def peer(db: Db, community: str, origin: str, *, lock: bool = False) -> Peer | None:
    """What a community holds of another ledger; with `lock` nobody else's until the transaction ends."""
    query = select(Peer).where(Peer.community == community, Peer.origin == origin)
    return db.scalars(query.with_for_update() if lock else query).one_or_none()


def peers_of(db: Db, community: str) -> list[Peer]:
    """All ledgers that a community knows, by name."""
    return list(db.scalars(select(Peer).where(Peer.community == community).order_by(Peer.origin)))


def peer_elsewhere(db: Db, community: str, code: str) -> Peer | None:
    """The newest ledger of the community `code` that another service keeps and this one has a link to."""
    found = [one for one in peers_of(db, community) if one.url is not None and code_of(one.origin) == code]
    return found[-1] if found else None


def locked(db: Db, community: str, transfer: str) -> Transfer | None:
    """A transfer of this community, nobody else's until the transaction ends."""
    query = select(Transfer).where(Transfer.id == transfer, Transfer.community == community)
    return db.scalars(query.with_for_update()).one_or_none()


def due(db: Db, now: int, limit: int) -> list[Transfer]:
    """What is to be sent now, the longest waiting first."""
    query = select(Transfer).where(Transfer.state == "offered", Transfer.due_at <= now)
    return list(db.scalars(query.order_by(Transfer.due_at, Transfer.id).limit(limit)))


def waiting_since(db: Db, asked_before: int) -> list[tuple[str, str, int, int]]:
    """What was asked for before that time and is still on its way: community, ledger, how many, when the oldest was."""
    query = (
        select(Transfer.community, Transfer.peer, func.count(), func.min(Transfer.asked_at))
        .where(Transfer.state == "offered", Transfer.asked_at < asked_before)
        .group_by(Transfer.community, Transfer.peer)
        .order_by(Transfer.community, Transfer.peer)
    )
    return [(community, peer, count, int(oldest)) for community, peer, count, oldest in db.execute(query)]


def of_person(db: Db, person: str, limit: int) -> list[Transfer]:
    """What somebody sent, the newest first."""
    query = select(Transfer).where(Transfer.person == person)
    return list(db.scalars(query.order_by(Transfer.asked_at.desc(), Transfer.id.desc()).limit(limit)))


def to_peer(db: Db, community: str, peer: str, limit: int) -> list[Transfer]:
    """What is on its way from a community to one ledger, the longest waiting first."""
    query = select(Transfer).where(Transfer.community == community, Transfer.state == "offered", Transfer.peer == peer)
    return list(db.scalars(query.order_by(Transfer.asked_at, Transfer.id).limit(limit)))


def last_run(db: Db, community: str, peer: str) -> Reconciliation | None:
    """The newest run of reconciliation with a ledger."""
    query = select(Reconciliation).where(Reconciliation.community == community, Reconciliation.peer == peer)
    return db.scalars(query.order_by(Reconciliation.at.desc(), Reconciliation.id.desc()).limit(1)).first()


def open_differences(db: Db, community: str, limit: int) -> list[Difference]:
    """What differs and nobody has resolved, the longest open first."""
    query = select(Difference).where(Difference.community == community, Difference.resolved_at.is_(None))
    return list(db.scalars(query.order_by(Difference.found_at, Difference.entry).limit(limit)))


def heads_held(db: Db, community: str, limit: int) -> list[Peer]:
    """The links of a community over which a head was seen, the newest sight first."""
    query = select(Peer).where(Peer.community == community, Peer.size > 0)
    return list(db.scalars(query.order_by(Peer.seen_at.desc(), Peer.origin).limit(limit)))


def links_elsewhere(db: Db) -> list[Peer]:
    """The links of all communities to ledgers that other services keep and that nothing was stopped with."""
    query = select(Peer).where(Peer.url.is_not(None), Peer.frozen_at.is_(None))
    return list(db.scalars(query.order_by(Peer.origin, Peer.community)))


def cosignatures(db: Db, community: str) -> list[Cosignature]:
    """The newest head of a community that each other ledger has countersigned, by the other ledger."""
    query = select(Cosignature).where(Cosignature.community == community)
    return list(db.scalars(query.order_by(Cosignature.cosigner)))


def evidence_about(db: Db, origins: list[str], limit: int) -> list[Evidence]:
    """What is kept against these ledgers, the newest first."""
    query = select(Evidence).where(Evidence.origin.in_(origins))
    return list(db.scalars(query.order_by(Evidence.at.desc(), Evidence.id.desc()).limit(limit)))
