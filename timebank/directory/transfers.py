"""Other communities and what is on its way to them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, insert, select, update
from sqlalchemy.orm import Session as Db

from timebank.ledger import Prepared

from .epochs import code_of
from .federation_model import Cosignature, Difference, Peer, Reconciliation, Transfer
from .model import Evidence

_CONCLUDE = Prepared(
    update(Transfer)
    .where(Transfer.id == bindparam("transfer"))
    .values(state=bindparam("ended"), reason=bindparam("why"), due_at=None)
)


@dataclass(frozen=True, slots=True)
class Link:
    """A row of `peers`, as `Peer` describes it."""

    community: str
    origin: str
    genesis: bytes
    limit_minutes: int
    size: int
    root: bytes | None
    note: bytes | None
    seen_at: int | None
    frozen_at: int | None
    frozen_why: str | None
    url: str | None
    vkey: str | None
    place: str | None
    shown: int
    applied: int
    keys: str | None


_COLUMNS = tuple(getattr(Peer, field.name) for field in fields(Link))
_OF = (Peer.community == bindparam("of_community"), Peer.origin == bindparam("of_origin"))
_ONE = Prepared(select(*_COLUMNS).where(*_OF))
_ONE_LOCKED = Prepared(select(*_COLUMNS).where(*_OF).with_for_update())
_ELSEWHERE = Prepared(
    select(*_COLUMNS).where(Peer.community == bindparam("of_community"), Peer.url.is_not(None)).order_by(Peer.origin)
)
_MEET = Prepared(insert(Peer).values({column.name: bindparam(column.name) for column in Peer.__table__.c}))
_CHANGES: dict[tuple[str, ...], Prepared] = {}


def peer(connection: Connection, community: str, origin: str, *, lock: bool = False) -> Link | None:
    """What a community holds of another ledger; with `lock` nobody else's until the transaction ends."""
    row = (_ONE_LOCKED if lock else _ONE).row(connection, of_community=community, of_origin=origin)
    return None if row is None else Link(*row)


def meet(
    connection: Connection,
    community: str,
    origin: str,
    genesis: bytes,
    limit_minutes: int,
    *,
    url: str | None = None,
    place: str | None = None,
    vkey: str | None = None,
) -> Link:
    """A new link, over which nothing was seen yet; the last three are of a ledger that another service keeps."""
    made = Link(
        community=community,
        origin=origin,
        genesis=genesis,
        limit_minutes=limit_minutes,
        url=url,
        place=place,
        vkey=vkey,
        size=0,
        root=None,
        note=None,
        seen_at=None,
        frozen_at=None,
        frozen_why=None,
        shown=0,
        applied=0,
        keys=None,
    )
    _MEET.run(connection, **asdict(made))
    return made


def change(connection: Connection, link: Link, **columns: str | int | bytes | None) -> None:
    """Put these in place of what a link has; locked by whoever changes it."""
    names = tuple(columns)
    statement = _CHANGES.get(names)
    if statement is None:
        statement = Prepared(update(Peer).where(*_OF).values({name: bindparam(name) for name in names}))
        _CHANGES[names] = statement
    statement.run(connection, of_community=link.community, of_origin=link.origin, **columns)


def peers_of(db: Db, community: str) -> list[Peer]:
    """All ledgers that a community knows, by name."""
    return list(db.scalars(select(Peer).where(Peer.community == community).order_by(Peer.origin)))


def peer_elsewhere(connection: Connection, community: str, code: str) -> Link | None:
    """The newest ledger of the community `code` that another service keeps and this one has a link to."""
    links = [Link(*row) for row in _ELSEWHERE.rows(connection, of_community=community)]
    found = [link for link in links if code_of(link.origin) == code]
    return found[-1] if found else None


class Travelling(NamedTuple):
    """What is asked of a transfer again and again: from where to which account of which ledger, and how far it is."""

    community: str
    peer: str
    payee: str
    state: str
    reason: str | None


_ONE_TRANSFER = Prepared(
    select(Transfer.community, Transfer.peer, Transfer.payee, Transfer.state, Transfer.reason).where(
        Transfer.id == bindparam("transfer")
    )
)
_NEW = (
    "id", "community", "peer", "person", "payee", "sealed_payee", "minutes", "asked_at", "due_at"
)  # fmt: skip
_ADD = Prepared(insert(Transfer).values({name: bindparam(name) for name in _NEW} | {"state": "offered", "tries": 0}))


def add(connection: Connection, **cells: str | int | bytes | None) -> None:
    """A transfer that is to be sent: every cell but its state, reason and tries."""
    _ADD.run(connection, **cells)


def one(connection: Connection, transfer: str) -> Travelling | None:
    """A transfer; None where none has this id."""
    row = _ONE_TRANSFER.row(connection, transfer=transfer)
    return None if row is None else Travelling(*row)


def locked(db: Db, transfers: Sequence[str]) -> list[Transfer]:
    """Transfers, nobody else's until the transaction ends."""
    query = select(Transfer).where(Transfer.id.in_(transfers)).order_by(Transfer.id)
    return list(db.scalars(query.with_for_update()))


def conclude(connection: Connection, transfer: str, state: str, reason: str | None) -> None:
    """A transfer is `sent` or `returned`, and then why; where it is known here at all."""
    _CONCLUDE.run(connection, transfer=transfer, ended=state, why=reason)


_STATES = Prepared(select(Transfer.id, Transfer.state).where(Transfer.id.in_(bindparam("transfers", expanding=True))))


def states(connection: Connection, transfers: Sequence[str]) -> dict[str, str]:
    """How far these transfers have come, by id."""
    return dict(_STATES.rows(connection, transfers=list(transfers)))


def due(db: Db, now: int, limit: int) -> list[tuple[str, str, str]]:
    """What is to be sent now, the longest waiting first: community, ledger, transfer."""
    query = select(Transfer.community, Transfer.peer, Transfer.id)
    now_due = query.where(Transfer.state == "offered", Transfer.due_at <= now)
    found = db.execute(now_due.order_by(Transfer.due_at, Transfer.id).limit(limit))
    return [(row.community, row.peer, row.id) for row in found]


_DUE_TO = Prepared(
    select(Transfer.id)
    .where(
        Transfer.community == bindparam("community"),
        Transfer.state == "offered",
        Transfer.peer == bindparam("peer"),
        Transfer.due_at <= bindparam("now"),
    )
    .order_by(Transfer.asked_at, Transfer.id)
    .limit(bindparam("most"))
)


def due_to(connection: Connection, community: str, peer: str, now: int, limit: int) -> list[str]:
    """What is to be sent now from a community to one ledger, the longest waiting first."""
    return [row[0] for row in _DUE_TO.rows(connection, community=community, peer=peer, now=now, most=limit)]


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
