"""Compare every derived row of a ledger with what its records say, or write them all anew."""

from binascii import hexlify
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from msgspec.structs import replace
from sqlalchemy import Connection, Table, delete, func, select
from sqlalchemy.exc import DBAPIError

from . import past, reads, rows, state, tables
from .books import Books, Changed, DaySum, Hold, nowhere
from .checkpoint import Checkpoint
from .entry import NO_HASH, leaf_hash
from .errors import Corrupted, Declined
from .merkle import Frontier
from .store import FindLogSigner, derived_rows, entry_row, head_row, line_rows
from .verify import Replay, Report, check_end

Progress = Callable[[int], None]
SEGMENT = 200_000
_PAGE = 256  # records: a complete subtree, and few enough to stay in the processor's cache


@dataclass(slots=True)
class Segment:
    """What the records from `first` on come to, checked with the rows that belong to them. It can cross processes.

    `before` and `after` are the digests of the state at both ends. `books` is the state after; in it the minutes
    served and the sums of days are those of these records alone.
    """

    first: int
    before: str
    after: str
    books: Books
    report: Report


def cuts(size: int, first: int = 0, segment: int = SEGMENT) -> list[tuple[int, int]]:
    """Where to cut the records from `first` to `size`, so that the pieces can be looked at side by side."""
    return [(start, min(start + segment, size)) for start in range(first, max(size, first + 1), segment)]


def audit(
    connection: Connection,
    at: reads.Head,
    progress: Progress | None = None,
    *,
    first: int = 0,
    segment: int = SEGMENT,
) -> Report:
    """Verify a stored ledger and every row derived from it. Corrupted at the first fault.

    `first`: the number of a seal, where the walk begins; what lies before it rests on an earlier audit.
    """
    check_size(connection, at)
    pieces = [audit_segment(connection, at, *cut, progress) for cut in cuts(at.size, first, segment)]
    return join(connection, at, pieces)


def check_size(connection: Connection, at: reads.Head) -> None:
    """Corrupted when there are not as many records as the head says.

    First of all: a head that counts too many would keep an audit busy for ever.
    """
    entries = tables.entries.c
    stored = connection.execute(select(func.count()).where(entries.ledger == at.number)).scalar_one()
    if stored != at.size:
        raise Corrupted(f"has {stored} records, its head says {at.size}", origin=at.origin)


@contextmanager
def _rows_of(at: reads.Head) -> Iterator[None]:
    """A row that no program of ours would write is a fault of the ledger like any other: it must be kept and stop the
    ledger, and not the audit."""
    try:
        yield
    except (Declined, TypeError, ValueError, LookupError, AttributeError) as error:
        raise Corrupted(f"a row does not read: {error}", origin=at.origin) from error
    except DBAPIError as error:
        # As SQLite says it of a text that is none, and of a page that rotted; else the database is only away.
        if "decode" in str(error.orig) or "malformed" in str(error.orig):
            raise Corrupted(f"the database is damaged: {error.orig}", origin=at.origin) from error
        raise


def audit_segment(
    connection: Connection, at: reads.Head, first: int, end: int, progress: Progress | None = None
) -> Segment:
    """Check the records from `first` up to `end`, beginning with the state that the tables claim for `first`.

    What the claim is worth, `join` finds out: the segment before must end in it, or a seal there must agree.
    Corrupted at the first fault.
    """
    with _rows_of(at):
        return _audit_segment(connection, at, first, end, progress)


def _audit_segment(connection: Connection, at: reads.Head, first: int, end: int, progress: Progress | None) -> Segment:
    books = past.books_at(connection, at, first)
    before = state.digest(books)
    tiles = reads.Tiles(connection, at)
    replay = Replay(at.origin, books, tiles.root, lambda entry: reads.raw_by_ids(connection, at, [entry]).get(entry))
    made: list[rows.Row] = []
    for start in range(first, end, _PAGE):
        page = rows.select_between(connection, tables.entries, "seq", start, min(start + _PAGE, end), ledger=at.number)
        for row in page:
            record, lines = replay.enter(row[6])
            if row != entry_row(at.number, record):
                raise Corrupted("stands in a row that says something else", origin=at.origin, seq=record.seq)
            made += line_rows(at.number, lines)
        if progress is not None:
            progress(len(page))
    if books.size != end:
        raise Corrupted(f"has {books.size} records, its head says {at.size}", origin=at.origin)
    derived = dict(derived_rows(at.number, books, books.changed)) | {tables.lines: made}
    _compare_by_record(connection, at, first, end, derived)
    report = replay.close()
    # What cannot or need not cross to another process.
    books.elsewhere = nowhere
    books.changed = Changed()
    return Segment(first, before, state.digest(books), books, report)


def _compare_by_record(
    connection: Connection, at: reads.Head, first: int, end: int, made: dict[Table, list[rows.Row]]
) -> None:
    """The rows that belong to one record for ever; the others tell of the end, and `join` looks at them."""
    for table in (tables.lines, tables.pairs, tables.devices):
        stored = rows.select_between(connection, table, "seq", first, end, ledger=at.number)
        _compare(at, table, stored, made[table])
    subtrees = rows.select(connection, tables.subtrees, ledger=at.number)
    _compare(at, tables.subtrees, [row for row in subtrees if first <= _last_leaf(row) < end], made[tables.subtrees])


# A subtree of this level has more leaves than a ledger has numbers for. What a row says instead may be anything, and
# its power would take all the memory there is.
_NO_LEVEL = 8


def _last_leaf(subtree: rows.Row) -> int:
    _, level, position, _ = subtree
    return int((position + 1) * 256 ** min(max(level, 0), _NO_LEVEL) - 1)


def _compare(at: reads.Head, table: Table, stored: Sequence[rows.Row], expected: Sequence[rows.Row]) -> None:
    different = set(stored) ^ set(expected)
    if not different and len(stored) != len(expected):
        # One row twice, which no primary key would have let in: it is not asked here, as the index on ids is not.
        different = {row for row, times in Counter(stored).items() if times > 1}
    if different:
        place = min((row[: len(table.primary_key)] for row in different), key=repr)
        raise Corrupted(f"{table.name} {place[1:]} is not what the records say", origin=at.origin)


def join(connection: Connection, at: reads.Head, segments: Sequence[Segment]) -> Report:
    """Check that segments follow one another up to the head, and that the tables say of the end what it is.

    When the first segment does not begin with the first record, minutes served and the sums of days, which no seal
    holds, are not compared. Corrupted where anything differs.
    """
    if at.checkpoint is None:
        raise Corrupted("has no checkpoint that reads", origin=at.origin)
    first = segments[0].first
    books, report = _joined(at.origin, segments)
    with _rows_of(at):
        check_end(books, report, at.checkpoint)
        _compare_end(connection, at, books, first)
        _compare_head(connection, at, books, at.checkpoint)
        _check_strays(connection, at, first)
    report.count_compromised(books)
    return report


def _joined(origin: str, segments: Sequence[Segment]) -> tuple[Books, Report]:
    report = Report(origin, first=segments[0].first)
    served: Counter[str] = Counter()
    days: dict[tuple[str, str], DaySum] = {}
    holds: dict[str, Hold] = {}
    for before, segment in zip([None, *segments], segments, strict=False):
        if before is not None and segment.before != before.after:
            what = "the state in the tables is not what the records before it come to"
            raise Corrupted(what, origin=origin, seq=segment.first)
        report.add(segment.report)
        holds |= segment.books.holds
        for name, account in segment.books.accounts.items():
            served[name] += account.served
        for place, day in segment.books.days.items():
            days[place] = _sum(days.get(place, DaySum()), day)
    books = segments[-1].books
    books.accounts = {name: replace(one, served=served[name]) for name, one in books.accounts.items()}
    books.holds, books.days = holds, days
    return books, report


def _sum(one: DaySum, other: DaySum) -> DaySum:
    return DaySum(
        minutes=one.minutes + other.minutes,
        credited=one.credited + other.credited,
        overflowed=one.overflowed + other.overflowed,
    )


def _compare_end(connection: Connection, at: reads.Head, books: Books, first: int) -> None:
    number = at.number
    everything = Changed(
        accounts=set(books.accounts),
        holds=set(books.holds),
        keys=set(books.keys),
        policies={policy.version for policy in books.policies},
        days=set(books.days),
    )
    expected = dict(derived_rows(number, books, everything))
    stored = {
        table: rows.select(connection, table, ledger=number)
        for table in (tables.accounts, tables.holds, tables.keys, tables.policies, tables.days)
    }
    if first:
        of = tables.accounts.c.keys().index("served")
        for side in (expected, stored):
            side[tables.accounts] = [(*row[:of], *row[of + 1 :]) for row in side[tables.accounts]]
            side[tables.days] = []
        # Holds that had their outcome before the seal were looked at then.
        outcome = tables.holds.c.keys().index("outcome")
        stored[tables.holds] = [row for row in stored[tables.holds] if row[outcome] is None or row[outcome] >= first]
    for table, found in stored.items():
        _compare(at, table, found, expected[table])


def _compare_head(connection: Connection, at: reads.Head, books: Books, checkpoint: Checkpoint) -> None:
    # As the driver gives it: a truth that is neither 0 nor 1 is not the one that was written.
    (row,) = rows.select(connection, tables.ledgers, id=at.number)
    stored = dict(zip(tables.ledgers.c.keys(), row, strict=True))
    for name, value in head_row(books, checkpoint).items():
        if stored[name] != value:
            raise Corrupted(f"ledgers.{name} is not what the records say", origin=at.origin)


def _check_strays(connection: Connection, at: reads.Head, first: int) -> None:
    """What no segment looks at: rows of records that are not there, one id on both sides of a cut, a second head."""
    for table in (tables.entries, tables.lines, tables.pairs, tables.devices):
        seq = table.c.seq
        stray = select(seq).where(table.c.ledger == at.number, (seq < 0) | (seq >= at.size)).limit(1)
        found = connection.execute(stray).scalar()
        if found is not None:
            raise Corrupted(f"{table.name} has a row of record {found}, beyond its head", origin=at.origin)
    for row in rows.select(connection, tables.subtrees, ledger=at.number):
        if row[1] < 1 or not 0 <= _last_leaf(row) < at.size:
            raise Corrupted(f"subtrees {row[1:3]} is not what the records say", origin=at.origin)
    ledgers = tables.ledgers.c
    other = (ledgers.origin == at.origin) | (ledgers.checkpoint == (at.checkpoint and at.checkpoint.note))
    twin = connection.execute(select(ledgers.id).where(other, ledgers.id != at.number).limit(1)).scalar()
    if twin is not None:
        raise Corrupted(f"ledgers has its head a second time, in row {twin}", origin=at.origin)
    repeated = past.repeated_id(connection, at, first)
    if repeated is not None:
        raise Corrupted(f"repeats the id {repeated}", origin=at.origin)


def scrub(connection: Connection, at: reads.Head, progress: Progress | None = None) -> Report:
    """Read every record and look for rot: its hash, the chain, the tree, the signed head. No signature of an author is
    verified and nothing is counted, so this is fast. Corrupted at the first fault."""
    with _rows_of(at):
        return _scrub(connection, at, progress)


def _scrub(connection: Connection, at: reads.Head, progress: Progress | None) -> Report:
    if at.checkpoint is None:
        raise Corrupted("has no checkpoint that reads", origin=at.origin)
    check_size(connection, at)
    tree, last, columns = Frontier(), NO_HASH.encode(), ("seq", "hash", "record")
    for start in range(0, at.size, _PAGE):
        end = min(start + _PAGE, at.size)
        page = rows.select_between(connection, tables.entries, "seq", start, end, columns=columns, ledger=at.number)
        leaves = [leaf_hash(raw) for _, _, raw in page]
        place = start
        for (seq, stored, raw), leaf in zip(page, leaves, strict=True):
            # The header, its first line, is canonical: so it ends in what links it to the record before.
            link = b'"prev":"%b","seq":%d}\n' % (last, place)
            if stored != leaf or seq != place or not raw.endswith(link, 0, raw.find(b"\n") + 1):
                raise Corrupted("does not hash to what is stored, or does not follow", origin=at.origin, seq=place)
            last = hexlify(stored)
            place += 1
        tree.extend(leaves)
        if progress is not None:
            progress(len(page))
    log = max((key for key in reads.keys(connection, at, [at.origin]).values()), key=lambda key: key.since)
    signed = (at.checkpoint.origin, at.checkpoint.size, at.checkpoint.root) == (at.origin, tree.size, tree.root())
    if not signed or not at.checkpoint.is_signed_by(log.vkey) or (at.root, hexlify(at.hash)) != (tree.root(), last):
        raise Corrupted("the signed head is not that of the records", origin=at.origin)
    return Report(at.origin, size=tree.size, root=tree.root())


def rebuild(
    connection: Connection, at: reads.Head, log_signer: FindLogSigner, progress: Progress | None = None
) -> Report:
    """Verify the records, then write every derived table and the head anew from them alone.

    The caller has made sure that no acknowledged record is missing: the head is signed again, with the same bytes as
    before. Corrupted when a record is bad; then the caller's transaction must be dropped.
    """
    for table in tables.DERIVED:
        connection.execute(delete(table).where(table.c.ledger == at.number))
    replay = Replay(at.origin)
    made: list[rows.Row] = []
    for raw in reads.raw_records(connection, at, size=_stored_size(connection, at)):
        made += line_rows(at.number, replay.enter(raw)[1])
        if progress is not None:
            progress(1)
    books = replay.books
    checkpoint = Checkpoint.issue(at.origin, books.size, books.tree.root(), log_signer(books.log_key()))
    report = replay.finish(checkpoint)
    rows.insert(connection, tables.lines, made)
    for table, found in derived_rows(at.number, books, books.changed):
        rows.insert(connection, table, found)
    rows.update(connection, tables.ledgers, head_row(books, checkpoint), id=at.number)
    return report


def _stored_size(connection: Connection, at: reads.Head) -> int:
    seq = tables.entries.c.seq
    found = connection.execute(select(func.max(seq)).where(tables.entries.c.ledger == at.number)).scalar()
    return 0 if found is None else int(found) + 1
