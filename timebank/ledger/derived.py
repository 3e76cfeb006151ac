"""Compare every derived row of a ledger with what its records say, or write them all anew."""

from collections.abc import Callable

from sqlalchemy import Connection, Table, delete, func, select, update

from . import reads, rows, tables
from .books import Books, Line
from .checkpoint import Checkpoint
from .entry import Record
from .errors import Corrupted
from .store import FindLogSigner, derived_rows, entry_row, head_row, line_rows
from .verify import Replay, Report, verify


class _Collected:
    """What a replay says the tables must hold."""

    def __init__(self, number: int, progress: Callable[[int], None] | None) -> None:
        self._number = number
        self._progress = progress
        self.entries: list[rows.Row] = []
        self.lines: list[Line] = []

    def enter(self, record: Record, lines: list[Line]) -> None:
        self.entries.append(entry_row(self._number, record)[:-1])  # the record itself was just read from there
        self.lines += lines
        if self._progress is not None:
            self._progress(1)

    def tables(self, books: Books) -> list[tuple[Table, list[rows.Row]]]:
        made = derived_rows(self._number, books, books.changed)
        return [*made, (tables.lines, line_rows(self._number, self.lines))]


def audit(connection: Connection, at: reads.Head, progress: Callable[[int], None] | None = None) -> Report:
    """Verify a stored ledger and every row derived from it. Corrupted at the first fault."""
    if at.checkpoint is None:
        raise Corrupted("has no checkpoint", origin=at.origin)
    collected = _Collected(at.number, progress)
    raws = reads.raw_records(connection, at)
    books, report = verify(at.origin, raws, at.checkpoint, each=collected.enter)
    for table, made in [*collected.tables(books), (tables.entries, collected.entries)]:
        _compare(connection, at, table, made)
    _compare_head(connection, at, books, at.checkpoint)
    return report


def _compare(connection: Connection, at: reads.Head, table: Table, expected: list[rows.Row]) -> None:
    columns = [column for column in table.c if column.name != "record"]
    stored = connection.execute(select(*columns).where(table.c.ledger == at.number))
    different = {tuple(row) for row in stored} ^ set(expected)
    if different:
        width = len(table.primary_key)
        place = min((row[:width] for row in different), key=repr)
        raise Corrupted(f"{table.name} {place[1:]} is not what the records say", origin=at.origin)


def _compare_head(connection: Connection, at: reads.Head, books: Books, checkpoint: Checkpoint) -> None:
    row = connection.execute(select(tables.ledgers).where(tables.ledgers.c.id == at.number)).mappings().one()
    for name, value in head_row(books, checkpoint).items():
        if row[name] != value:
            raise Corrupted(f"ledgers.{name} is not what the records say", origin=at.origin)
    if _stored_size(connection, at) != at.size:
        raise Corrupted("has records beyond its head", origin=at.origin)


def _stored_size(connection: Connection, at: reads.Head) -> int:
    seq = tables.entries.c.seq
    found = connection.execute(select(func.max(seq)).where(tables.entries.c.ledger == at.number)).scalar()
    return 0 if found is None else int(found) + 1


def rebuild(
    connection: Connection, at: reads.Head, log_signer: FindLogSigner, progress: Callable[[int], None] | None = None
) -> Report:
    """Verify the records, then write every derived table and the head anew from them alone.

    The caller has made sure that no acknowledged record is missing: the head is signed again, with the same bytes as
    before. Corrupted when a record is bad; then nothing is written.
    """
    collected = _Collected(at.number, progress)
    replay = Replay(at.origin)
    for raw in reads.raw_records(connection, at, size=_stored_size(connection, at)):
        collected.enter(*replay.enter(raw))
    books = replay.books
    root = books.tree.root()
    checkpoint = Checkpoint.issue(at.origin, books.size, root, log_signer(books.log_key()))
    report = replay.finish(checkpoint)
    for table in tables.DERIVED:
        connection.execute(delete(table).where(table.c.ledger == at.number))
    for table, made in collected.tables(books):
        rows.insert(connection, table, made)
    connection.execute(
        update(tables.ledgers).where(tables.ledgers.c.id == at.number).values(head_row(books, checkpoint))
    )
    return report
