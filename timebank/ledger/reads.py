"""Everything that is read from the ledger's tables."""

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from sqlalchemy import BindParameter, Connection, Table, and_, bindparam, func, select
from sqlalchemy.sql import ColumnElement, Subquery

from . import fresh, rows, tables
from .books import Account, Books, DaySum, Hold, Key, Line, PolicyVersion
from .checkpoint import Checkpoint
from .entry import Record, parse_record
from .errors import Code, Corrupted, Declined, Refused
from .fresh import Memory
from .keys import KeyRole, Vkey
from .merkle import Frontier, Subtree, consistency, inclusion, node_hash, root
from .note import Note
from .prepared import Prepared
from .receipt import Proof, Receipt

_Value = TypeVar("_Value")
_CHUNK = 400  # parameters of one IN list, far below SQLite's limit


@dataclass(frozen=True, slots=True)
class Head:
    """Where a ledger stands: its row number here, size, last time and hash, root, and the signed checkpoint.

    `checkpoint` is None before the first one was signed, and where what is stored does not read as one: then an audit
    can still say so.
    """

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
        """Read only when it is asked for: most who ask where a ledger stands do not prove anything.

        None when there is none, or none that reads.
        """
        try:
            return Checkpoint.parse(self.signed) if self.signed else None
        except Declined:
            return None

    def tree(self) -> Frontier:
        step = range(0, len(self.frontier), 32)
        return Frontier(self.size, [self.frontier[start : start + 32] for start in step])


def head_then(now: Head, then: Checkpoint) -> Head:
    """The head as it was at an earlier checkpoint of the same ledger: enough to prove records under it."""
    return dataclasses.replace(now, size=then.size, root=then.root, signed=then.note)


def head(connection: Connection, origin: str, *, lock: bool = False) -> Head:
    """The ledger's head; with `lock` (PostgreSQL) nobody else writes to the ledger until the transaction ends."""
    found = rows.select(connection, tables.ledgers, lock=lock, origin=origin)
    if not found:
        raise Refused(Code.LEDGER_UNKNOWN, ledger=origin)
    return Head(*found[0])


def is_kept(connection: Connection, origin: str) -> bool:
    """Whether the books of this ledger are here."""
    return bool(rows.select(connection, tables.ledgers, origin=origin))


def heads(connection: Connection) -> list[Head]:
    """The heads of all ledgers kept here, in the order in which they were founded."""
    return [Head(*row) for row in connection.execute(select(tables.ledgers).order_by(tables.ledgers.c.id))]


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
    found = records(connection, at, [seq])
    if not found:
        raise Refused(Code.ENTRY_UNKNOWN, entry=str(seq))
    return found[seq]


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


def raw_from(connection: Connection, at: Head, start: int, *, page: int = 2000) -> Iterator[bytes]:
    """The bytes of the records from number `start` up to the head, read a page at a time."""
    seq = tables.entries.c.seq
    while start < at.size:
        found = raw_by(connection, at, and_(seq >= start, seq < min(start + page, at.size)))
        yield from found
        if not found:
            return
        start += len(found)


def records_between(connection: Connection, at: Head, first_ms: int, until_ms: int) -> list[Record]:
    """The records posted in [first_ms, until_ms), oldest first."""
    ms = tables.entries.c.ms
    return [_own(raw, at.origin) for raw in raw_by(connection, at, and_(ms >= first_ms, ms < until_ms))]


def days_with(connection: Connection, at: Head, kinds: Iterable[str], first_ms: int, until_ms: int) -> set[int]:
    """The days (since 1970, in the ledger's zone) with entries of these kinds, posted in [first_ms, until_ms)."""
    day = (_ENTRY.ms + at.offset_minutes * 60_000) // 86_400_000
    query = select(day).where(_ENTRY.ledger == at.number, _ENTRY.ms >= first_ms, _ENTRY.ms < until_ms)
    return set(connection.scalars(query.where(_ENTRY.kind.in_(sorted(kinds))).distinct()))


def records(connection: Connection, at: Head, seqs: Iterable[int]) -> dict[int, Record]:
    """The records with these sequence numbers."""
    found: dict[int, Record] = {}
    for row in rows.select_among(connection, tables.entries, "seq", sorted(set(seqs)), ledger=at.number):
        found[row[1]] = _own(row[6], at.origin, row[1])
    return found


def records_page(connection: Connection, at: Head, before: int | None, limit: int) -> list[Record]:
    """The newest `limit` records before the sequence number `before`, newest first."""
    last = at.size if before is None else min(before, at.size)
    seq = tables.entries.c.seq
    raws = raw_by(connection, at, and_(seq >= max(0, last - limit), seq < last))
    return [_own(raw, at.origin) for raw in reversed(raws)]


def raw_by_ids(connection: Connection, at: Head, ids: Iterable[str]) -> dict[str, bytes]:
    """The bytes of the records with these ids, by id; missing ids are left out."""
    found = rows.select_among(connection, tables.entries, "id", ids, ledger=at.number)
    return {row[2]: row[6] for row in found}


def by_raw(at: Head, raws: Iterable[bytes]) -> list[Record]:
    """These bytes of ours, read."""
    return [_own(raw, at.origin) for raw in raws]


def ids_known(connection: Connection, at: Head, ids: Iterable[str]) -> set[str]:
    """Which of these ids are taken."""
    return set(raw_by_ids(connection, at, ids))


def _chunks(values: Sequence[_Value]) -> Iterator[Sequence[_Value]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]


def accounts(connection: Connection, at: Head, names: Iterable[str]) -> dict[str, Account]:
    """The accounts with these names that exist."""
    found = rows.select_among(connection, tables.accounts, "name", names, ledger=at.number)
    return {row[1]: account_of(row) for row in found}


def account_of(row: rows.Row) -> Account:
    """The account in a row of `accounts`."""
    _, name, kind, minutes, served, held, opened, closed = row
    return Account(name=name, kind=kind, minutes=minutes, served=served, held=held, opened=opened, closed=closed)


def accounts_named(connection: Connection, at: Head, names: Sequence[str]) -> list[Account]:
    """These accounts in their order; Refused when a member's was never opened, empty when another was never used."""
    books = Books(at.origin, accounts=accounts(connection, at, names))
    return [books.account(name) for name in names]


def minutes_of(connection: Connection, others: Subquery) -> dict[tuple[str, str], int]:
    """Minutes of the accounts that rows of other tables name by `origin` and `name`, in any number of ledgers; what was
    never used is left out."""
    columns, ledgers = tables.accounts.c, tables.ledgers.c
    query = (
        select(others.c.origin, others.c.name, columns.minutes)
        .join(ledgers.id.table, ledgers.origin == others.c.origin)
        .join(columns.name.table, and_(columns.ledger == ledgers.id, columns.name == others.c.name))
    )
    return {(origin, name): int(minutes) for origin, name, minutes in connection.execute(query)}


def account(connection: Connection, at: Head, name: str) -> Account:
    """As `accounts_named`, for one."""
    return accounts_named(connection, at, [name])[0]


def all_accounts(connection: Connection, at: Head) -> list[Account]:
    """Every account of a ledger, by name."""
    return [account_of(row) for row in rows.select(connection, tables.accounts, ledger=at.number)]


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


_BACK = tables.holds.alias("back")
_CREDITED = (
    select(_LINE.account, func.sum(_LINE.change))
    .select_from(tables.lines)
    .outerjoin(
        _BACK,
        (_BACK.c.ledger == _LINE.ledger)
        & (_BACK.c.via == "held:orders")
        & (_BACK.c.outcome == _LINE.seq)
        & (_BACK.c.source == _LINE.account),
    )
    .where(
        _LINE.ledger == bindparam("ledger"),
        _LINE.account.in_(bindparam("names", expanding=True)),
        _LINE.seq >= bindparam("first"),
        _LINE.change > 0,
        _BACK.c.id.is_(None),
    )
    .group_by(_LINE.account)
)


def credited_since(connection: Connection, at: Head, names: Iterable[str], first: int) -> dict[str, int]:
    """Minutes that came to each of these accounts from the record `first` on, but for what came back from their own
    orders; an account that nothing came to is left out. Reads the lines of these accounts since then."""
    found: dict[str, int] = {}
    for part in _chunks(sorted(set(names))):
        values = {"ledger": at.number, "names": part, "first": first}
        found |= {name: int(minutes) for name, minutes in connection.execute(_CREDITED, values)}
    return found


@dataclass(frozen=True, slots=True)
class Flow:
    """What came to an account (positive) or went from it at a time, in minutes. `came_back`: what it had paid, the rest
    of an order or a service that was undone."""

    ms: int
    change: int
    came_back: bool


_FLOWS = Prepared(
    select(_ENTRY.ms, _LINE.change, _ENTRY.kind, _BACK.c.id)
    .select_from(tables.lines)
    .join(tables.entries, and_(_ENTRY.ledger == _LINE.ledger, _ENTRY.seq == _LINE.seq))
    .outerjoin(
        _BACK,
        (_BACK.c.ledger == _LINE.ledger)
        & (_BACK.c.via == "held:orders")
        & (_BACK.c.outcome == _LINE.seq)
        & (_BACK.c.source == _LINE.account),
    )
    .where(_LINE.ledger == bindparam("ledger"), _LINE.account == bindparam("account"))
    .where(_LINE.seq >= bindparam("first"))
    .order_by(_LINE.seq)
)


def flows(connection: Connection, at: Head, name: str, first: int) -> list[Flow]:
    """What came to an account and went from it from the record `first` on, oldest first. Linear in that."""
    rows = _FLOWS.rows(connection, ledger=at.number, account=name, first=first)
    return [
        Flow(ms, change, came_back=change > 0 and (hold is not None or kind == "reverse"))
        for ms, change, kind, hold in rows
    ]


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
    return [hold_of(tuple(row)) for row in connection.execute(query.order_by(columns.opened).limit(limit))]


def holds(connection: Connection, at: Head, ids: Iterable[str]) -> dict[str, Hold]:
    """The holds with these ids that exist."""
    return {row[1]: hold_of(row) for row in rows.select_among(connection, tables.holds, "id", ids, ledger=at.number)}


def hold_of(row: rows.Row) -> Hold:
    _, hold, source, via, minutes, order, opened, outcome = row
    return Hold(id=hold, source=source, via=via, minutes=minutes, order=order, opened=opened, outcome=outcome)


def keys(connection: Connection, at: Head, names: Iterable[str] | None = None) -> dict[tuple[str, bytes], Key]:
    """The keys registered under these names, or all; every validity, so also those revoked."""
    if names is None:
        found = rows.select(connection, tables.keys, ledger=at.number)
    else:
        found = rows.select_among(connection, tables.keys, "name", names, ledger=at.number)
    return {(row[1], row[2]): _key(row) for row in found}


def keys_of(connection: Connection, at: Head, role: KeyRole) -> list[Key]:
    """The keys with this role, oldest first, also those revoked."""
    found = [_key(row) for row in rows.select(connection, tables.keys, ledger=at.number, role=role.value)]
    return sorted(found, key=lambda key: key.since)


def keys_among(connection: Connection, at: Head, roles: Iterable[KeyRole]) -> list[Key]:
    """The keys with one of these roles, in no order, also those revoked."""
    values = [role.value for role in roles]
    return [_key(row) for row in rows.select_among(connection, tables.keys, "role", values, ledger=at.number)]


def _key(row: rows.Row) -> Key:
    _, name, _, public, role, since, until, account, compromised_from = row
    try:
        vkey, known = _vkey(name, public), KeyRole(role)
    except (Declined, ValueError) as error:
        raise Corrupted(f"the key {name} does not read: {error}") from error
    return Key(
        vkey=vkey,
        role=known,
        since=since,
        until=until,
        account=account,
        compromised_from=compromised_from,
    )


@lru_cache(maxsize=65_536)
def _vkey(name: str, public: bytes) -> Vkey:
    return Vkey(name, public)


def policies(connection: Connection, at: Head) -> list[PolicyVersion]:
    """All versions of the policy, oldest first."""
    found = rows.select(connection, tables.policies, ledger=at.number)
    return [
        PolicyVersion(version=version, from_day=from_day, sha256=sha256, seq=seq)
        for _, version, from_day, sha256, seq in found
    ]


def _of_chains(table: Table) -> tuple[Prepared, Prepared]:
    """The newest link of one chain, and the newest count of each before a record."""
    name, count = table.c.peer if table is tables.pairs else table.c.name, table.c["count"]
    in_ledger = table.c.ledger == bindparam("ledger")
    newest = select(count, table.c.link).where(in_ledger, name == bindparam("chain")).order_by(count.desc()).limit(1)
    before = select(name, func.max(count)).where(in_ledger, table.c.seq < bindparam("before")).group_by(name)
    return Prepared(newest), Prepared(before)


_CHAINS = {table.name: _of_chains(table) for table in (tables.pairs, tables.devices)}


def newest_links(connection: Connection, at: Head, table: Table, names: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Count and newest link of the pair or device chains with these names; one that has not begun is left out."""
    newest, _ = _CHAINS[table.name]
    found = {}
    for name in names:
        row = newest.row(connection, ledger=at.number, chain=name)
        if row is not None:
            found[name] = (row[0], row[1])
    return found


def chains(connection: Connection, at: Head, table: Table, before: int) -> dict[str, tuple[int, str]]:
    """Count and newest link of all pair or device chains, as they were before a record."""
    _, counts = _CHAINS[table.name]
    name = "peer" if table is tables.pairs else "name"
    found = {}
    for chain, count in counts.rows(connection, ledger=at.number, before=before):
        (row,) = rows.select(connection, table, ledger=at.number, **{name: chain, "count": count})
        found[chain] = (count, row[4])
    return found


def day_sums(connection: Connection, at: Head, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], DaySum]:
    """The day's sums for these (account, day) pairs, where there are any."""
    by_day: dict[str, set[str]] = {}
    for name, day in wanted:
        by_day.setdefault(day, set()).add(name)
    found = {}
    for day, names in by_day.items():
        for _, name, _, minutes, credited, overflowed in rows.select_among(
            connection, tables.days, "account", names, ledger=at.number, day=day
        ):
            found[name, day] = DaySum(minutes=minutes, credited=credited, overflowed=overflowed)
    return found


def active(connection: Connection, at: Head, names: Iterable[str], first_day: str, last_day: str) -> set[str]:
    """Which of these accounts served on a day between these two, both included."""
    days = tables.days.c
    served = select(days.account).where(
        days.ledger == at.number, days.day >= first_day, days.day <= last_day, days.minutes > 0
    )
    found: set[str] = set()
    for part in _chunks(sorted(names)):
        found.update(connection.scalars(served.where(days.account.in_(part)).distinct()))
    return found


_FIRST: BindParameter[int] = bindparam("first")
_END: BindParameter[int] = bindparam("end")
_LEAVES = Prepared(
    select(_ENTRY.hash)
    .where(_ENTRY.ledger == bindparam("ledger"), _ENTRY.seq >= _FIRST, _ENTRY.seq < _END)
    .order_by(_ENTRY.seq)
)
_NODE = tables.subtrees.c
_NODES = Prepared(
    select(_NODE.hash)
    .where(
        _NODE.ledger == bindparam("ledger"),
        _NODE.level == bindparam("level"),
        _NODE.position >= _FIRST,
        _NODE.position < _END,
    )
    .order_by(_NODE.position)
)


class Tiles:
    """Complete subtrees of a stored tree, read a tile of 256 hashes at a time."""

    def __init__(self, connection: Connection, at: Head) -> None:
        self._connection = connection
        self._at = at
        self._read: dict[tuple[int, int], list[bytes]] = {}
        self._made: dict[tuple[int, int], bytes] = {}

    def root(self, size: int) -> bytes:
        """The root of the first `size` records, of which there must be so many."""
        return root(size, self.subtree)

    def growth(self, since: int, size: int) -> list[bytes]:
        """The proof that the first `since` of `size` records are their beginning; empty where nothing is to prove."""
        return consistency(since, size, self.subtree) if 0 < since < size else []

    def subtree(self, start: int, height: int) -> bytes:
        found = self._made.get((start, height))
        if found is None:
            make = self._joined if height % 8 else self._stored
            found = self._made[start, height] = make(start, height)
        return found

    def _joined(self, start: int, height: int) -> bytes:
        half = 1 << height - 1
        return node_hash(self.subtree(start, height - 1), self.subtree(start + half, height - 1))

    def _stored(self, start: int, height: int) -> bytes:
        level = height // 8
        place = start >> height
        hashes = self._tile(level, place >> 8)
        if len(hashes) <= place & 255:
            raise Corrupted(f"its tree has a gap on level {level}", origin=self._at.origin)
        return hashes[place & 255]

    def _tile(self, level: int, tile: int) -> list[bytes]:
        if (level, tile) not in self._read:
            place = {"ledger": self._at.number, "first": tile * 256, "end": tile * 256 + 256}
            if level == 0:
                found = _LEAVES.rows(self._connection, **place)
            else:
                found = _NODES.rows(self._connection, level=level, **place)
            self._read[level, tile] = [row[0] for row in found]
        return self._read[level, tile]


def root_at(connection: Connection, at: Head, size: int) -> bytes | None:
    """The root of the first `size` records, None when there are fewer."""
    return Tiles(connection, at).root(size) if size <= at.size else None


def pair_entries(connection: Connection, at: Head, peer: str, after: int, most: int) -> list[tuple[int, Record]]:
    """The entries about a peer whose number in its chain comes after `after`, with that number; at most so many."""
    columns = tables.pairs.c
    query = (
        select(columns.count, columns.seq)
        .where(columns.ledger == at.number, columns.peer == peer, columns.count > after, columns.seq < at.size)
        .order_by(columns.count)
        .limit(most)
    )
    numbered = [(count, seq) for count, seq in connection.execute(query)]
    found = records(connection, at, [seq for _, seq in numbered])
    return [(count, found[seq]) for count, seq in numbered]


def pair_count(connection: Connection, at: Head, peer: str, size: int) -> int:
    """How many of the first `size` records are about a peer."""
    columns = tables.pairs.c
    query = select(func.coalesce(func.max(columns.count), 0))
    found = connection.execute(query.where(columns.ledger == at.number, columns.peer == peer, columns.seq < size))
    return int(found.scalar_one())


def proofs(at: Head, tiles: Tiles, wanted: Iterable[Record]) -> list[Proof]:
    """A proof for each of these records under the head, in this order; Corrupted where one does not lead there."""
    signed = _signed(at)
    return [_proof(signed, record.raw, record.seq, tiles.subtree) for record in wanted]


def _signed(at: Head) -> Checkpoint:
    checkpoint = at.checkpoint
    if checkpoint is None:
        raise Corrupted("has no checkpoint that reads", origin=at.origin)
    if checkpoint.size != at.size:
        raise Corrupted("has a checkpoint of another size than its head says", origin=at.origin)
    return checkpoint


def _proof(signed: Checkpoint, raw: bytes, seq: int, subtree: Subtree) -> Proof:
    made = Proof(raw, seq, tuple(inclusion(seq, signed.size, subtree)))
    if not made.leads_to(signed):
        raise Corrupted("does not lead to the signed root", origin=signed.origin, seq=seq)
    return made


def receipts(connection: Connection, at: Head, wanted: Sequence[Record], memory: Memory | None = None) -> list[Receipt]:
    """A receipt for each record, all under the head's checkpoint. What the keys' proofs took goes into the memory.

    The record is hashed again and must lead to the signed root, so a damaged row gives Corrupted, never a receipt.
    """
    checkpoint = _signed(at)
    tiles = Tiles(connection, at)
    memory = memory or Memory()
    lines = [Note.parse(record.note).signatures for record in wanted]
    names = {line.name for signatures in lines for line in signatures}
    # Those that were registered then: a head of old was signed by the log key before.
    known = {place: key for place, key in keys(connection, at, names | {at.origin}).items() if key.since < at.size}

    def remembering(start: int, height: int) -> bytes:
        found = memory.subtrees[start, height] = tiles.subtree(start, height)
        return found

    proving = [
        fresh.proving(record.seq, signatures, at.origin, known)
        for record, signatures in zip(wanted, lines, strict=True)
    ]
    of_keys: dict[int, Proof] = {}
    for seq in frozenset().union(*proving):
        memory.records[seq] = record_at(connection, at, seq).raw
        of_keys[seq] = _proof(checkpoint, memory.records[seq], seq, remembering)
    return [
        Receipt(
            checkpoint,
            _proof(checkpoint, record.raw, record.seq, tiles.subtree),
            tuple(of_keys[seq] for seq in sorted(seqs) if seq != record.seq),
        )
        for record, seqs in zip(wanted, proving, strict=True)
    ]
