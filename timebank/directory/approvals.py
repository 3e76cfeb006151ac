"""What waits for a second person: note it, find it, and note what was decided."""

from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, insert, select, update

from timebank.ledger import Prepared

from .model import Approval


class Asked(NamedTuple):
    """A row of `approvals`: what is asked for, and what was decided (None: nothing yet)."""

    id: str
    community: str
    kind: str
    subject: str
    sealed_payload: bytes | None
    asked_by: str
    asked_at: int
    decision: str | None


_ROW = tuple(getattr(Approval, name) for name in Asked._fields)
_IN_COMMUNITY = Approval.community == bindparam("community")
_OF = Prepared(select(*_ROW).where(Approval.id == bindparam("approval")))
_OPEN = Prepared(
    select(*_ROW).where(_IN_COMMUNITY, Approval.decision.is_(None)).order_by(Approval.asked_at).limit(bindparam("most"))
)
_OPEN_ABOUT = Prepared(
    select(*_ROW).where(_IN_COMMUNITY, Approval.subject == bindparam("subject"), Approval.decision.is_(None)).limit(1)
)
_ASK = Prepared(insert(Approval).values({name: bindparam(name) for name in Asked._fields}))
_DECIDE = Prepared(
    update(Approval)
    .where(Approval.id == bindparam("approval"))
    .values(decision=bindparam("decided"), decided_by=bindparam("by"), decided_at=bindparam("at"))
)


def of(connection: Connection, approval: str) -> Asked | None:
    """The request with this id."""
    row = _OF.row(connection, approval=approval)
    return None if row is None else Asked(*row)


def of_community(connection: Connection, community: str, approval: str) -> Asked | None:
    """The request with this id, if it is this community's."""
    found = of(connection, approval)
    return found if found is not None and found.community == community else None


def open_ones(connection: Connection, community: str, limit: int) -> list[Asked]:
    """Undecided requests of a community, oldest first."""
    return [Asked(*row) for row in _OPEN.rows(connection, community=community, most=limit)]


def open_about(connection: Connection, community: str, subject: str) -> Asked | None:
    """The undecided request about an entry, if there is one."""
    row = _OPEN_ABOUT.row(connection, community=community, subject=subject)
    return None if row is None else Asked(*row)


def ask(connection: Connection, asked: Asked) -> None:
    """Note a request. One with an id that is taken is an IntegrityError: look it up before."""
    _ASK.run(connection, **asked._asdict())


def decide(connection: Connection, approval: str, decision: str, *, by: str, at: int) -> None:
    """Note what the login `by` decided: `approved` or `refused`."""
    _DECIDE.run(connection, approval=approval, decided=decision, by=by, at=at)


def open_under(connection: Connection, beginning: str) -> dict[str, int]:
    """How many undecided requests each community has whose code begins so; who has none is left out."""
    # ":" comes after "9".
    query = select(Approval.community, func.count()).where(
        Approval.community >= beginning, Approval.community < f"{beginning}:", Approval.decision.is_(None)
    )
    return dict(connection.execute(query.group_by(Approval.community)).all())
