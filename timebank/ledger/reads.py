"""Everything that is read from the ledger's tables."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Table, and_, bindparam, func, select
from sqlalchemy.sql import ColumnElement, Subquery

from . import fresh, tables
from .books import Account, Books, DaySum, Hold, Key, Line, PolicyVersion
from .checkpoint import Checkpoint
from .entry import Record, parse_record
from .errors import Code, Corrupted, Declined, Refused
from .fresh import Memory
from .keys import KeyRole, Vkey
from .merkle import Frontier, Subtree, inclusion, node_hash, root
from .note import Note
from .prepared import Prepared
from .receipt import Proof, Receipt

_Value = TypeVar("_Value")
_CHUNK = 400  # parameters of one IN list, far below SQLite's limit


@dataclass(frozen=True, slots=True)
class Head:
    """Where a ledger stands: its row number here, size, last time and hash, root, and the signed checkpoint."""

    number: int
    origin: str
    size: int
    ms: int
    hash: bytes
    root: bytes
    frontier: bytes
    offset_minutes: int
    quorum: int
    ended: bool
    signed: bytes

    @property
    def checkpoint(self) -> Checkpoint | None:
        """Read only when it is asked for: most who ask where a ledger stands do not prove anything."""
        return Checkpoint.parse(self.signed) if self.signed else None

    def tree(self) -> Frontier:
        step = range(0, len(self.frontier), 32)
        return Frontier(self.size, [self.frontier[start : start + 32] for start in step])


_LEDGER = tables.ledgers.c
_HEAD_OF = select(
    _LEDGER.id,
    _LEDGER.origin,
    _LEDGER.size,
    _LEDGER.ms,
    _LEDGER.hash,
    _LEDGER.root,
    _LEDGER.frontier,
    _LEDGER.offset_minutes,
    _LEDGER.quorum,
    _LEDGER.ended,
    _LEDGER.checkpoint,
)
_HEAD = Prepared(_HEAD_OF.where(_LEDGER.origin == bindparam("origin")))
_HEAD_LOCKED = Prepared(_HEAD_OF.where(_LEDGER.origin == bindparam("origin")).with_for_update())


def head(connection: Connection, origin: str, *, lock: bool = False) -> Head:
    """The ledger's head; with `lock` (PostgreSQL) nobody else writes to the ledger until the transaction ends."""
    row = (_HEAD_LOCKED if lock else _HEAD).row(connection, origin=origin)
    if row is None:
        raise Refused(Code.LEDGER_UNKNOWN, ledger=origin)
    return Head(*row)


def heads(connection: Connection) -> list[Head]:
    """The heads of all ledgers kept here, in the order in which they were founded."""
    return [Head(*row) for row in connection.execute(_HEAD_OF.order_by(_LEDGER.id))]


def newest_ms(connection: Connection) -> int:
    """The time of the newest entry of all ledgers, 0 when there is none."""
    return int(connection.execute(select(func.coalesce(func.max(tables.ledgers.c.ms), 0))).scalar_one())


# The same bytes are always the same record, and most who look at their history look at the same page of it again.
_parsed = lru_cache(maxsize=4096)(parse_record)


def _own(raw: bytes, origin: str, seq: int | None = None) -> Record:
    """Our own record: if it does not read, the ledger is damaged."""
    try:
        return _parsed(raw)
    except Declined as error:
        raise Corrupted(f"does not read: {error}", origin=origin, seq=seq) from error


_ENTRY = tables.entries.c
_BY_ID = Prepared(select(_ENTRY.record).where(_ENTRY.ledger == bindparam("ledger"), _ENTRY.id == bindparam("id")))


def record_by_id(connection: Connection, at: Head, entry_id: str) -> Record:
    """The record with this id; Refused when there is none."""
    row = _BY_ID.row(connection, ledger=at.number, id=entry_id)
    if row is None:
        raise Refused(Code.ENTRY_UNKNOWN, entry=entry_id)
    return _own(row[0], at.origin)


def record_at(connection: Connection, at: Head, seq: int) -> Record:
    """The record with this sequence number; Refused when there is none yet."""
    found = raw_by(connection, at, tables.entries.c.seq == seq)
    if not found:
        raise Refused(Code.ENTRY_UNKNOWN, entry=str(seq))
    return _own(found[0], at.origin, seq)


def raw_by(connection: Connection, at: Head, condition: ColumnElement[bool]) -> list[bytes]:
    entries = tables.entries.c
    query = select(entries.record).where(entries.ledger == at.number, condition).order_by(entries.seq)
    return [row.record for row in connection.execute(query)]


def raw_records(connection: Connection, at: Head, *, size: int | None = None, page: int = 2000) -> Iterator[bytes]:
    """The bytes of the first `size` records (all up to the head when None), read a page at a time."""
    seq = tables.entries.c.seq
    start, end = 0, at.size if size is None else size
    while start < end:
        found = raw_by(connection, at, and_(seq >= start, seq < min(start + page, end)))
        yield from found
        if not found:
            return
        start += len(found)


def records_between(connection: Connection, at: Head, first_ms: int, until_ms: int) -> list[Record]:
    """The records posted in [first_ms, until_ms), oldest first."""
    ms = tables.entries.c.ms
    return [_own(raw, at.origin) for raw in raw_by(connection, at, and_(ms >= first_ms, ms < until_ms))]


def records(connection: Connection, at: Head, seqs: Iterable[int]) -> dict[int, Record]:
    """The records with these sequence numbers."""
    found: dict[int, Record] = {}
    for chunk in _chunks(sorted(set(seqs))):
        for raw in raw_by(connection, at, tables.entries.c.seq.in_(chunk)):
            record = _own(raw, at.origin)
            found[record.seq] = record
    return found


def records_page(connection: Connection, at: Head, before: int | None, limit: int) -> list[Record]:
    """The newest `limit` records before the sequence number `before`, newest first."""
    last = at.size if before is None else min(before, at.size)
    seq = tables.entries.c.seq
    raws = raw_by(connection, at, and_(seq >= max(0, last - limit), seq < last))
    return [_own(raw, at.origin) for raw in reversed(raws)]


def raw_by_ids(connection: Connection, at: Head, ids: Iterable[str]) -> dict[str, bytes]:
    """The bytes of the records with these ids, by id; missing ids are left out."""
    entries = tables.entries.c
    found: dict[str, bytes] = {}
    for chunk in _chunks(sorted(ids)):
        query = select(entries.id, entries.record).where(entries.ledger == at.number, entries.id.in_(chunk))
        found.update({row.id: row.record for row in connection.execute(query)})
    return found


def by_raw(at: Head, raws: Iterable[bytes]) -> list[Record]:
    """These bytes of ours, read."""
    return [_own(raw, at.origin) for raw in raws]


def ids_known(connection: Connection, at: Head, ids: Iterable[str]) -> set[str]:
    """Which of these ids are taken."""
    entries = tables.entries.c
    found: set[str] = set()
    for chunk in _chunks(sorted(ids)):
        found.update(
            connection.execute(select(entries.id).where(entries.ledger == at.number, entries.id.in_(chunk))).scalars()
        )
    return found


def _chunks(values: Sequence[_Value]) -> Iterator[Sequence[_Value]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]


_ACCOUNT = tables.accounts.c
_ACCOUNTS = Prepared(
    select(
        _ACCOUNT.name,
        _ACCOUNT.kind,
        _ACCOUNT.minutes,
        _ACCOUNT.served,
        _ACCOUNT.held,
        _ACCOUNT.opened,
        _ACCOUNT.closed,
    ).where(_ACCOUNT.ledger == bindparam("ledger"), _ACCOUNT.name.in_(bindparam("names", expanding=True)))
)


def accounts(connection: Connection, at: Head, names: Iterable[str]) -> dict[str, Account]:
    """The accounts with these names that exist."""
    found = {}
    for chunk in _chunks(sorted(names)):
        for name, kind, minutes, served, held, opened, closed in _ACCOUNTS.rows(
            connection, ledger=at.number, names=chunk
        ):
            found[name] = Account(
                name=name, kind=kind, minutes=minutes, served=served, held=held, opened=opened, closed=closed
            )
    return found


def accounts_named(connection: Connection, at: Head, names: Sequence[str]) -> list[Account]:
    """These accounts in their order; Refused when a member's was never opened, empty when another was never used."""
    books = Books(at.origin, accounts=accounts(connection, at, names))
    return [books.account(name) for name in names]


def account(connection: Connection, at: Head, name: str) -> Account:
    """As `accounts_named`, for one."""
    return accounts_named(connection, at, [name])[0]


def totals(connection: Connection, at: Head) -> dict[str, tuple[int, int]]:
    """By kind of account: how many there are and the sum of their minutes."""
    columns = tables.accounts.c
    query = (
        select(columns.kind, func.count(), func.coalesce(func.sum(columns.minutes), 0))
        .where(columns.ledger == at.number)
        .group_by(columns.kind)
    )
    return {kind: (count, int(minutes)) for kind, count, minutes in connection.execute(query)}


_LATER = select(func.min(_ENTRY.ms)).where(_ENTRY.ledger == bindparam("ledger"), _ENTRY.ms >= bindparam("ms"))
_SEQ_AT = Prepared(
    # In two steps, each of which an index answers at once: the smallest number of all that came later would be a walk.
    select(func.min(_ENTRY.seq)).where(_ENTRY.ledger == bindparam("ledger"), _ENTRY.ms == _LATER.scalar_subquery())
)


def seq_at(connection: Connection, at: Head, ms: int) -> int:
    """The number of the first record at or after `ms`; the ledger's size when there is none."""
    row = _SEQ_AT.row(connection, ledger=at.number, ms=ms)
    return at.size if row is None or row[0] is None else int(row[0])


@dataclass(frozen=True, slots=True)
class Told:
    """A line of an account, the entry that it is of, and whether that entry was undone since."""

    line: Line
    record: Record
    undone: bool


_LINE = tables.lines.c
_UNDONE = tables.entries.alias("undone").c
# The line, its entry and what undid it, found by their keys in one question.
_TOLD = (
    select(_LINE.account, _LINE.seq, _LINE.change, _LINE.balance, _ENTRY.record, _UNDONE.seq)
    .select_from(tables.lines)
    .join(tables.entries, and_(_ENTRY.ledger == _LINE.ledger, _ENTRY.seq == _LINE.seq))
    .outerjoin(_UNDONE.seq.table, and_(_UNDONE.ledger == _LINE.ledger, _UNDONE.id == _ENTRY.id + ".reverse"))
    .where(_LINE.ledger == bindparam("ledger"), _LINE.account == bindparam("account"))
    .where(_LINE.seq >= bindparam("first"), _LINE.seq < bindparam("until"))
    .limit(bindparam("most"))
)
_OLDEST_TOLD = Prepared(_TOLD.order_by(_LINE.seq))
_NEWEST_TOLD = Prepared(_TOLD.order_by(_LINE.seq.desc()))


def told(
    connection: Connection, at: Head, name: str, *, first: int = 0, until: int, most: int, newest: bool = False
) -> list[Told]:
    """At most `most` lines of an account with sequence numbers in [first, until), the oldest or the newest first."""
    asked = _NEWEST_TOLD if newest else _OLDEST_TOLD
    rows = asked.rows(connection, ledger=at.number, account=name, first=first, until=until, most=most)
    return [
        Told(Line(account, seq, change, balance), _own(raw, at.origin, seq), undone is not None)
        for account, seq, change, balance, raw, undone in rows
    ]


_LINE_BEFORE = Prepared(
    select(_LINE.account, _LINE.seq, _LINE.change, _LINE.balance)
    .where(_LINE.ledger == bindparam("ledger"), _LINE.account == bindparam("account"), _LINE.seq < bindparam("seq"))
    .order_by(_LINE.seq.desc())
    .limit(1)
)


def line_before(connection: Connection, at: Head, name: str, seq: int) -> Line | None:
    """The newest line of an account before the sequence number `seq`."""
    row = _LINE_BEFORE.row(connection, ledger=at.number, account=name, seq=seq)
    return None if row is None else Line(*row)


_HOLD = tables.holds.c


def open_holds_of(others: Subquery) -> Prepared:
    """Asks for the open holds of `ledger` that rows of another table name in their column `hold`, oldest first.

    A row is the hold's id, source and minutes, and then the other's columns.
    """
    return Prepared(
        select(_HOLD.id, _HOLD.source, _HOLD.minutes, *others.c)
        .join(others, others.c.hold == _HOLD.id)
        .where(_HOLD.ledger == bindparam("ledger"), _HOLD.outcome.is_(None))
        .order_by(_HOLD.opened)
    )


def open_holds(connection: Connection, at: Head, via: str, limit: int) -> list[Hold]:
    """Holds without an outcome on `via`, oldest first."""
    columns = tables.holds.c
    query = select(tables.holds).where(columns.ledger == at.number, columns.via == via, columns.outcome.is_(None))
    return [_hold(row) for row in connection.execute(query.order_by(columns.opened).limit(limit))]


def holds(connection: Connection, at: Head, ids: Iterable[str]) -> dict[str, Hold]:
    """The holds with these ids that exist."""
    columns = tables.holds.c
    found = {}
    for chunk in _chunks(sorted(ids)):
        for row in connection.execute(select(tables.holds).where(columns.ledger == at.number, columns.id.in_(chunk))):
            found[row.id] = _hold(row)
    return found


def _hold(row: Row[Any]) -> Hold:
    return Hold(
        id=row.id,
        source=row.source,
        via=row.via,
        minutes=row.minutes,
        order=row.order_id,
        opened=row.opened,
        outcome=row.outcome,
    )


_KEY = tables.keys.c
_KEYS = select(
    _KEY.name, _KEY.key_id, _KEY.public, _KEY.role, _KEY.since, _KEY.until, _KEY.account, _KEY.compromised_from
).where(_KEY.ledger == bindparam("ledger"))
_ALL_KEYS = Prepared(_KEYS)
_KEYS_NAMED = Prepared(_KEYS.where(_KEY.name.in_(bindparam("names", expanding=True))))
_KEYS_OF = Prepared(_KEYS.where(_KEY.role == bindparam("role")).order_by(_KEY.since))


def keys(connection: Connection, at: Head, names: Iterable[str] | None = None) -> dict[tuple[str, bytes], Key]:
    """The keys registered under these names, or all; every validity, so also those revoked."""
    if names is None:
        rows = _ALL_KEYS.rows(connection, ledger=at.number)
    else:
        rows = _KEYS_NAMED.rows(connection, ledger=at.number, names=sorted(names))
    return {(row[0], row[1]): _key(*row) for row in rows}


def keys_of(connection: Connection, at: Head, role: KeyRole) -> list[Key]:
    """The keys with this role, oldest first, also those revoked."""
    return [_key(*row) for row in _KEYS_OF.rows(connection, ledger=at.number, role=role.value)]


def _key(
    name: str,
    _key_id: bytes,
    public: bytes,
    role: str,
    since: int,
    until: int | None,
    account: str | None,
    compromised_from: int | None,
) -> Key:
    return Key(
        vkey=Vkey(name, public),
        role=KeyRole(role),
        since=since,
        until=until,
        account=account,
        compromised_from=compromised_from,
    )


def policies(connection: Connection, at: Head) -> list[PolicyVersion]:
    """All versions of the policy, oldest first."""
    columns = tables.policies.c
    rows = connection.execute(select(tables.policies).where(columns.ledger == at.number).order_by(columns.version))
    return [PolicyVersion(version=row.version, from_day=row.from_day, sha256=row.sha256, seq=row.seq) for row in rows]


def chains(connection: Connection, at: Head, table: Table, names: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Count and link of the pair or device chains with these names."""
    name = table.c.peer if table is tables.pairs else table.c.name
    rows = connection.execute(
        select(name, table.c["count"], table.c.link).where(table.c.ledger == at.number, name.in_(sorted(names)))
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def day_sums(connection: Connection, at: Head, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], DaySum]:
    """The day's sums for these (account, day) pairs, where there are any."""
    columns = tables.days.c
    by_day: dict[str, set[str]] = {}
    for name, day in wanted:
        by_day.setdefault(day, set()).add(name)
    found = {}
    for day, names in by_day.items():
        for chunk in _chunks(sorted(names)):
            for row in connection.execute(
                select(tables.days).where(columns.ledger == at.number, columns.day == day, columns.account.in_(chunk))
            ):
                found[row.account, row.day] = DaySum(
                    minutes=row.minutes, credited=row.credited, overflowed=row.overflowed
                )
    return found


class Tiles:
    """Complete subtrees of a stored tree, read a tile of 256 hashes at a time."""

    def __init__(self, connection: Connection, at: Head) -> None:
        self._connection = connection
        self._at = at
        self._read: dict[tuple[int, int], list[bytes]] = {}

    def subtree(self, start: int, height: int) -> bytes:
        level, rest = divmod(height, 8)
        first = start >> (8 * level)
        offset = first & 255
        hashes = self._tile(level, first >> 8)[offset : offset + (1 << rest)]
        while len(hashes) > 1:
            hashes = [node_hash(*hashes[pair : pair + 2]) for pair in range(0, len(hashes), 2)]
        return hashes[0]

    def _tile(self, level: int, tile: int) -> list[bytes]:
        if (level, tile) not in self._read:
            entries, subtrees = tables.entries.c, tables.subtrees.c
            if level == 0:
                query = select(entries.hash).where(
                    entries.ledger == self._at.number, entries.seq >= tile * 256, entries.seq < tile * 256 + 256
                )
                rows = self._connection.execute(query.order_by(entries.seq)).scalars()
            else:
                query = select(subtrees.hash).where(
                    subtrees.ledger == self._at.number,
                    subtrees.level == level,
                    subtrees.position >= tile * 256,
                    subtrees.position < tile * 256 + 256,
                )
                rows = self._connection.execute(query.order_by(subtrees.position)).scalars()
            self._read[level, tile] = list(rows)
        return self._read[level, tile]


def root_at(connection: Connection, at: Head, size: int) -> bytes | None:
    """The root of the first `size` records, None when there are fewer."""
    return root(size, Tiles(connection, at).subtree) if size <= at.size else None


def receipts(connection: Connection, at: Head, wanted: Sequence[Record], memory: Memory | None = None) -> list[Receipt]:
    """A receipt for each record, all under the head's checkpoint. What the keys' proofs took goes into the memory.

    The record is hashed again and must lead to the signed root, so a damaged row gives Corrupted, never a receipt.
    """
    checkpoint = at.checkpoint
    if checkpoint is None:
        raise Corrupted("has no checkpoint", origin=at.origin)
    tiles = Tiles(connection, at)
    memory = memory or Memory()
    names = {line.name for record in wanted for line in Note.parse(record.note).signatures}
    known = keys(connection, at, names | {at.origin})

    def remembering(start: int, height: int) -> bytes:
        found = memory.subtrees[start, height] = tiles.subtree(start, height)
        return found

    def proof(raw: bytes, seq: int, subtree: Subtree) -> Proof:
        made = Proof(raw, seq, tuple(inclusion(seq, at.size, subtree)))
        if not made.leads_to(checkpoint):
            raise Corrupted("does not lead to the signed root", origin=at.origin, seq=seq)
        return made

    proving = [fresh.proving(record, at.origin, known) for record in wanted]
    of_keys: dict[int, Proof] = {}
    for seq in set().union(*proving):
        memory.records[seq] = record_at(connection, at, seq).raw
        of_keys[seq] = proof(memory.records[seq], seq, remembering)
    return [
        Receipt(
            checkpoint,
            proof(record.raw, record.seq, tiles.subtree),
            tuple(of_keys[seq] for seq in sorted(seqs) if seq != record.seq),
        )
        for record, seqs in zip(wanted, proving, strict=True)
    ]
