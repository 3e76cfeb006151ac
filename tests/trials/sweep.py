"""Change every column of every ledger table, one value at a time, and ask which audit finds it."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, Connection, Engine, Table, create_engine, event, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.pool import StaticPool

from tests.ledger.cast import DAY_MS, ORIGIN, START_MS, SYSTEM, account
from tests.vectors.make import TODAY, Story, log_signer_next
from timebank.ledger import (
    Corrupted,
    Declined,
    Writer,
    audit,
    books_at,
    export,
    newest_seal,
    reads,
    scrub,
    sign,
    state_digest,
    tables,
)

TABLES = (tables.ledgers, *tables.APPEND_ONLY, *tables.DERIVED)
FULL, NEW, SCRUB = "full audit", "audit from the seal", "scrub"
FELL_OVER = "fell over: "
_DIALECT = sqlite.dialect()
_MANY = 30
_SERVICES = 212  # enough for a complete subtree of 256 leaves


def stage(*, ended: bool = False) -> Engine:
    """A ledger with rows in every table, in memory, on tables that have lost every constraint.

    All kinds; holds open and finished, an account closed, a debt, a revoked key that was compromised, a seal.
    """
    engine = create_engine("sqlite://", poolclass=StaticPool)
    event.listen(engine, "connect", _by_hand)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    tables.metadata.create_all(engine)
    with engine.begin() as connection:
        _tell(connection, ended=ended)
    with engine.begin() as connection:
        for table in TABLES:
            _bare(connection, table)
    return engine


def _by_hand(connection: Any, _entry: object) -> None:
    connection.isolation_level = None


def _tell(connection: Connection, *, ended: bool) -> None:
    story = Story(connection)
    story.tell()
    for _ in range(_SERVICES):
        story.add(story.desk.service("li", "wang", 1, TODAY))
    story.writer.flush(log_signer_next)
    _seal(connection, story)
    story.add(story.desk.service("zhao", "wang", 30, TODAY, payer=account("wang")))
    hold = story.add(story.desk.hold(account("wang"), "wang", 15))
    story.add(story.desk.settle(hold.id, "li", "wang", 10, account("wang"), 5, TODAY))
    story.add(story.desk.hold(account("wang"), "wang", 5))
    if ended:
        story.end()
    story.writer.flush(log_signer_next)


def _seal(connection: Connection, story: Story) -> None:
    """The next day's, in the books of a new transaction."""
    head = reads.head(connection, ORIGIN)
    story.desk.ms = START_MS + DAY_MS
    story.writer = Writer(connection, ORIGIN, story.desk.ms)
    body = {"day": "2026-09-22", "size": head.size, "root": head.root.hex()}
    body["state"] = state_digest(books_at(connection, head, head.size))
    story.add(sign(story.desk.intent("seal", id="seal.2026-09-22", by=SYSTEM.name, body=body), SYSTEM))


def _bare(connection: Connection, table: Table) -> None:
    """The same rows and types without keys, indexes and checks: what somebody can do who owns the file."""
    columns = ", ".join(f'"{column.name}" {column.type.compile(_DIALECT)}' for column in table.c)
    connection.execute(text(f"ALTER TABLE {table.name} RENAME TO old"))
    connection.execute(text(f"CREATE TABLE {table.name} ({columns})"))
    connection.execute(text(f"INSERT INTO {table.name} SELECT * FROM old"))
    connection.execute(text("DROP TABLE old"))


# --- what the three ways of looking say ------------------------------------------------------------------------------


def _full(connection: Connection) -> None:
    audit(connection, reads.head(connection, ORIGIN))


def _new(connection: Connection) -> None:
    """From the newest seal, as at night, where first of all it is asked whether the records before are the same."""
    head = reads.head(connection, ORIGIN)
    audit(connection, head, first=newest_seal(connection, head, head.size) or 0)


def _scrub(connection: Connection) -> None:
    scrub(connection, reads.head(connection, ORIGIN))


LOOKS: dict[str, Callable[[Connection], None]] = {FULL: _full, NEW: _new, SCRUB: _scrub}


def look(connection: Connection, how: str) -> str | None:
    """What is found, in words; None when nothing is. An audit that fell over has found something, and is at fault."""
    try:
        LOOKS[how](connection)
    except (Corrupted, Declined) as error:
        return str(error)
    except Exception as error:
        return f"{FELL_OVER}{type(error).__name__} {error}"
    return None


def every_record(connection: Connection) -> list[tuple[int, bytes]]:
    """The row and the bytes of each record, in order."""
    return [tuple(row) for row in connection.execute(text("SELECT rowid, record FROM entries ORDER BY seq"))]


def exported(connection: Connection) -> bytes:
    """The whole ledger as a file for the independent verifier."""
    head = reads.head(connection, ORIGIN)
    assert head.checkpoint is not None
    return b"".join(export(reads.raw_records(connection, head), head.checkpoint))


# --- one value changed -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Flip:
    """One value of one row, and what it is changed to."""

    table: str
    column: str
    row: int
    before: Any
    after: Any
    allowed: bool = True  # by the table itself: only NULL where there must be a value is not

    def __str__(self) -> str:
        return f"{self.table}.{self.column} of row {self.row}: {_short(self.before)} to {_short(self.after)}"


def _short(value: Any) -> str:
    return f"{len(value)} bytes {value[:8].hex()}…" if isinstance(value, bytes) else repr(value)


def flips(connection: Connection, table: Table, chance: random.Random, *, every: bool = False) -> Iterator[Flip]:
    """Of each column: the first and last row and one by chance; `every`: many rows, and every byte of them."""
    for column in table.c:
        values = connection.execute(text(f'SELECT rowid, "{column.name}" FROM {table.name} ORDER BY rowid')).all()
        for place in sample(len(values), chance, _MANY if every else 1):
            row, before = values[place]
            for after in changed(column, before, chance, every=every):
                yield Flip(table.name, column.name, row, before, after)
        yield from _null(table, column, [tuple(row) for row in values], chance)


def _null(table: Table, column: Column[Any], values: list[tuple[int, Any]], chance: random.Random) -> Iterator[Flip]:
    """Once a column, whether or not the table allows it: somebody who owns it need not ask."""
    known = [(row, before) for row, before in values if before is not None]
    row, before = chance.choice(known)
    yield Flip(table.name, column.name, row, before, None, column.nullable is True)


def sample(count: int, chance: random.Random, more: int = 1) -> list[int]:
    """The first and the last of so many, and others by chance."""
    return sorted({0, count - 1, *chance.sample(range(count), min(more, count))})


def changed(column: Column[Any], value: Any, chance: random.Random, *, every: bool) -> list[Any]:
    """Other values for this one: a number one up, and a bit flipped; a character; a bit of a byte, a byte less."""
    if value is None:
        return [0, 7] if column.type.python_type is int else ["member:" + "0" * 32]
    if isinstance(value, int):
        bits = range(62) if every else [chance.randrange(1, 62)]
        return [value + 1, *(value ^ (1 << bit) for bit in bits)]
    places = range(len(value)) if every else [chance.randrange(len(value))]
    if isinstance(value, str):
        other: list[Any] = [value[:at] + chr(ord(value[at]) ^ 1) + value[at + 1 :] for at in places]
        return [*other, flipped(value.encode(), 0, 7)]
    return [flipped(value, at, chance.randrange(8)) for at in places] + [value[:-1]]


def flipped(value: bytes, at: int, bit: int) -> bytes:
    return value[:at] + bytes([value[at] ^ 1 << bit]) + value[at + 1 :]


@contextmanager
def applied(connection: Connection, flip: Flip) -> Iterator[None]:
    """The change, for as long as the block lasts."""
    with connection.begin() as transaction:
        # A text in which a byte rotted may be no text any more.
        value = "CAST(:after AS TEXT)" if isinstance(flip.before, str) and isinstance(flip.after, bytes) else ":after"
        statement = text(f'UPDATE {flip.table} SET "{flip.column}" = {value} WHERE rowid = :row')
        connection.execute(statement, {"after": flip.after, "row": flip.row})
        yield
        transaction.rollback()


@dataclass(slots=True)
class Swept:
    """Of one table: how many values were changed, how many of them each look found, and what a full audit missed."""

    table: str
    tried: Counter[str] = field(default_factory=Counter)
    found: dict[str, Counter[str]] = field(default_factory=dict)
    missed: list[Flip] = field(default_factory=list)
    fell_over: list[tuple[Flip, str]] = field(default_factory=list)


def sweep(engine: Engine, table: Table, *looks: str, seed: int = 1, every: bool = False) -> Swept:
    """Change value after value of a table, and look each time: a full audit, and the other looks that are asked for."""
    looks = (FULL, *looks)
    swept = Swept(table.name, found={how: Counter() for how in looks})
    with engine.connect() as connection:
        with connection.begin():
            wanted = list(flips(connection, table, random.Random(seed), every=every))
        for flip in wanted:
            with applied(connection, flip):
                said = {how: look(connection, how) for how in looks}
            _note(swept, flip, said)
    return swept


def _note(swept: Swept, flip: Flip, said: dict[str, str | None]) -> None:
    swept.tried[flip.column] += 1
    for how, words in said.items():
        swept.found[how][flip.column] += words is not None
        if flip.allowed and words is not None and words.startswith(FELL_OVER):
            swept.fell_over.append((flip, f"{how} {words}"))
    if said[FULL] is None:
        swept.missed.append(flip)
