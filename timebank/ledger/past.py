"""What a ledger had come to at an earlier record, as its tables tell it: where an audit may begin."""

from collections import Counter
from collections.abc import Iterable

from msgspec.structs import replace
from sqlalchemy import BindParameter, Connection, and_, bindparam, func, select

from . import reads, tables
from .books import Account, Books, Hold
from .merkle import Frontier
from .prepared import Prepared


def books_at(connection: Connection, at: reads.Head, size: int) -> Books:
    """The state after the first `size` records as the tables tell it, in which nothing was served yet.

    Corrupted when they cannot be right.
    """
    books = Books(at.origin)
    if not size:
        return books
    tiles = reads.Tiles(connection, at)
    heights = [height for height in reversed(range(size.bit_length())) if size >> height & 1]
    starts = [(size >> height + 1) << height + 1 for height in heights]
    books.tree = Frontier(size, [tiles.subtree(*place) for place in zip(starts, heights, strict=True)])
    genesis, last = reads.record_at(connection, at, 0), reads.record_at(connection, at, size - 1)
    books.last_hash, books.last_ms = last.hash.hex(), last.ms
    books.offset_minutes, books.quorum = genesis.intent.body["offset"], genesis.intent.body["quorum"]
    books.ended = last.intent.kind == "end"
    books.keys = {place: key for place, key in reads.keys(connection, at).items() if key.since < size}
    for place, key in books.keys.items():
        if key.until is not None and key.until >= size:
            books.keys[place] = replace(key, until=None, compromised_from=None)
    books.policies = [policy for policy in reads.policies(connection, at) if policy.seq < size]
    books.pairs = reads.chains(connection, at, tables.pairs, before=size)
    books.devices = reads.chains(connection, at, tables.devices, before=size)
    books.holds = _holds_at(connection, at, size)
    books.accounts = {one.name: one for one in _accounts_at(connection, at, size, books.holds.values())}
    return books


def accounts_at(connection: Connection, at: reads.Head, size: int) -> list[Account]:
    """Every account as it stood after the first `size` records; in all of them nothing was served yet."""
    return _accounts_at(connection, at, size, _holds_at(connection, at, size).values())


_HOLD = tables.holds.c
_SIZE: BindParameter[int] = bindparam("size")
_HOLDS = Prepared(
    select(tables.holds).where(
        _HOLD.ledger == bindparam("ledger"), _HOLD.opened < _SIZE, _HOLD.outcome.is_(None) | (_HOLD.outcome >= _SIZE)
    )
)


def _holds_at(connection: Connection, at: reads.Head, size: int) -> dict[str, Hold]:
    """Those that were open then."""
    found = map(reads.hold_of, _HOLDS.rows(connection, ledger=at.number, size=size))
    return {hold.id: replace(hold, outcome=None) for hold in found}


_ACCOUNT, _LINE = tables.accounts.c, tables.lines.c
_BALANCE = (
    select(_LINE.balance)
    .where(_LINE.ledger == _ACCOUNT.ledger, _LINE.account == _ACCOUNT.name, _LINE.seq < _SIZE)
    .order_by(_LINE.seq.desc())
    .limit(1)
    .scalar_subquery()
)
_ACCOUNTS = Prepared(
    select(_ACCOUNT.name, _ACCOUNT.kind, _BALANCE, _ACCOUNT.opened, _ACCOUNT.closed).where(
        _ACCOUNT.ledger == bindparam("ledger")
    )
)


def _accounts_at(connection: Connection, at: reads.Head, size: int, open_then: Iterable[Hold]) -> list[Account]:
    """Every account with a line by then, its balance that of the newest one."""
    held: Counter[str] = Counter()
    for hold in open_then:
        held[hold.source] += hold.minutes
    found = []
    for name, kind, minutes, opened, closed in _ACCOUNTS.rows(connection, ledger=at.number, size=size):
        if minutes is not None:
            until = None if closed is None or closed >= size else closed
            found.append(Account(name=name, kind=kind, minutes=minutes, held=held[name], opened=opened, closed=until))
    return found


def repeated_id(connection: Connection, at: reads.Head, first: int) -> str | None:
    """An id that two records have, one of them at or after `first`; None when there is none.

    The index on ids would not let it happen: it is not asked here, because it may be what was tampered with.
    """
    entries = tables.entries.c
    unindexed = func.coalesce(entries.id, "")
    repeated = select(unindexed).where(entries.ledger == at.number).group_by(unindexed)
    found = connection.execute(repeated.having(func.count() > 1, func.max(entries.seq) >= first).limit(1)).scalar()
    return None if found is None else str(found)


def newest_seal(connection: Connection, at: reads.Head, before: int) -> int | None:
    """The number of the newest seal before record `before`; None when there is none."""
    entries = tables.entries.c
    seals = and_(entries.id >= "seal.", entries.id < "seal/")  # as the index on ids has them
    query = select(func.max(entries.seq)).where(entries.ledger == at.number, seals, entries.seq < before)
    found = connection.execute(query).scalar()
    return None if found is None else int(found)
