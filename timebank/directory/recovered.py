"""Entries that came back from proofs, and what the directory has lost about them: requests, orders, people."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Db

from .model import Person, Request
from .order_model import Order

# In the place of a request's digest: the entry came back, the request that it answered did not.
LOST_REQUEST = bytes(32)
_CHUNK = 400


def note_requests(db: Db, origin: str, entries: Sequence[str]) -> None:
    """Note for each entry that its request is not known, where there is no request."""
    for start in range(0, len(entries), _CHUNK):
        chunk = entries[start : start + _CHUNK]
        query = select(Request.entry).where(Request.origin == origin, Request.entry.in_(chunk))
        known = set(db.scalars(query))
        db.add_all(Request(origin=origin, entry=entry, digest=LOST_REQUEST) for entry in chunk if entry not in known)


def person_of(db: Db, account: str) -> Person | None:
    """Whose account this is; None when the directory does not know."""
    return db.scalars(select(Person).where(Person.account == account)).one_or_none()


def has_order(db: Db, hold: str) -> bool:
    return db.scalar(select(Order.id).where(Order.hold == hold)) is not None


def note_outcomes(db: Db, community: str, outcomes: Mapping[str | None, str]) -> None:
    """Bring the orders of these holds to the state that their outcome in the books means."""
    holds = sorted(hold for hold in outcomes if hold is not None)
    for start in range(0, len(holds), _CHUNK):
        query = select(Order).where(Order.community == community, Order.hold.in_(holds[start : start + _CHUNK]))
        for order in db.scalars(query):
            order.state, order.due_at = outcomes[order.hold], None


def accounts_of_nobody(db: Db, accounts: Iterable[str]) -> int:
    """How many of these accounts belong to nobody in the directory."""
    wanted = sorted(set(accounts))
    found = 0
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        found += db.scalar(select(func.count()).where(Person.account.in_(chunk))) or 0
    return len(wanted) - found
