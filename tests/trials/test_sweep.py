"""Every column of every ledger table, one value changed at a time, and rows that should not be there."""

import random
import subprocess
import sys
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, Table, text

from tests.conftest import TestDatabase
from tests.trials.proofs import record_places, verified
from tests.trials.sweep import (
    FELL_OVER,
    FULL,
    LOOKS,
    NEW,
    SCRUB,
    TABLES,
    Flip,
    applied,
    every_record,
    flipped,
    look,
    stage,
    sweep,
)
from tests.vectors.make import HERE as VECTORS
from tests.world import ELSEWHERE, HERE, World
from timebank.access import OPERATOR
from timebank.database import open_engine
from timebank.ledger import Corrupted, Refused, tables
from timebank.services import audits


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    made = stage()
    yield made
    made.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """What a test changes is gone after it."""
    with engine.connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()


@pytest.mark.parametrize("how", LOOKS)
def test_the_ledger_itself_is_sound_so_that_what_is_found_is_the_change(connection: Connection, how: str) -> None:
    assert look(connection, how) is None


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_has_rows_and_no_column_is_always_empty(connection: Connection, table: Table) -> None:
    for column in table.c:
        known = connection.execute(text(f'SELECT count("{column.name}") FROM {table.name}')).scalar_one()
        assert known, column


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_full_audit_finds_a_change_in_every_column_and_does_not_fall_over(engine: Engine, table: Table) -> None:
    swept = sweep(engine, table)
    assert set(swept.tried) == set(table.c.keys())
    assert not swept.missed, "\n".join(map(str, swept.missed))
    assert not swept.fell_over


_LEVELS = """
import random, resource
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
from tests.trials import sweep
engine = sweep.stage()
with engine.connect() as connection:
    with connection.begin():
        flips = list(sweep.flips(connection, sweep.tables.subtrees, random.Random(1), every=True))
    levels = [flip for flip in flips if flip.column == "level" and isinstance(flip.after, int)]
    assert len(levels) > 60
    for flip in levels:
        with sweep.applied(connection, flip):
            words = sweep.look(connection, sweep.FULL)
        assert words is not None and not words.startswith(sweep.FELL_OVER), (flip, words)
"""


def test_a_level_that_no_tree_has_is_found_without_reckoning_how_many_leaves_it_would_have() -> None:
    done = subprocess.run([sys.executable, "-c", _LEVELS], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


def test_an_end_that_is_another_truth_is_found_too() -> None:
    """1 and 3 are both true to Python: the row is compared as it is stored."""
    ended = stage(ended=True)
    with ended.connect() as other:
        for value in (0, 2, 3, -1):
            with applied(other, Flip("ledgers", "ended", 1, 1, value)):
                assert "ledgers.ended" in (look(other, FULL) or "")
    ended.dispose()


@pytest.mark.parametrize("column", ["root", "hash", "frontier", "checkpoint"])
def test_a_full_audit_finds_a_bit_flipped_at_many_places_of_the_head(engine: Engine, column: str) -> None:
    with engine.connect() as connection:
        with connection.begin():
            value: bytes = connection.execute(text(f"SELECT {column} FROM ledgers")).scalar_one()
        for at in range(0, len(value), max(1, len(value) // 8)):
            with applied(connection, Flip("ledgers", column, 1, value, flipped(value, at, at % 8))):
                assert look(connection, FULL)


def test_a_scrub_finds_a_bit_flipped_in_every_record_at_many_places(engine: Engine) -> None:
    """And what the scrub finds in a record a full audit finds too: it hashes the same bytes, and more."""
    chance = random.Random(3)
    with engine.connect() as connection:
        with connection.begin():
            records = every_record(connection)
        for row, value in records:
            for at in (0, len(value) - 1, chance.randrange(len(value))):
                after = flipped(value, at, chance.randrange(8))
                with applied(connection, Flip("entries", "record", row, value, after)):
                    assert look(connection, SCRUB)


def test_the_verifier_finds_a_bit_flipped_in_every_record_of_an_export() -> None:
    """In the golden export, where every kind of entry occurs."""
    whole = (VECTORS / "ledger.export").read_bytes()
    chance = random.Random(4)
    assert verified(whole) is None
    for start, length in record_places(whole):
        for at in (0, length - 1, chance.randrange(length)):
            assert verified(flipped(whole, start + at, chance.randrange(8)))


# --- rows that should not be there -----------------------------------------------------------------------------------


def copied(table: Table, where: str = "TRUE", **changes: str) -> str:
    """Rows of a table once more, with other values in some columns."""
    columns = ", ".join(changes.get(column.name, f'"{column.name}"') for column in table.c)
    return f"INSERT INTO {table.name} SELECT {columns} FROM {table.name} WHERE {where} LIMIT 1"


def subtree(level: int, position: int) -> str:
    return f"INSERT INTO subtrees VALUES (1, {level}, {position}, zeroblob(32))"


STRAYS = {
    "an id doubled where no index forbids it": (
        "UPDATE entries SET id = (SELECT id FROM entries WHERE seq = 50) WHERE seq = 60"
    ),
    "a record beyond the head": copied(tables.entries, "seq = 5", seq="500", id="'x'"),
    "a record with a negative number": copied(tables.entries, "seq = 5", seq="-1", id="'x'"),
    "a record instead of another, beyond the head": "UPDATE entries SET seq = 500 WHERE seq = 268",
    "a record twice": copied(tables.entries, "seq = 5"),
    "a line beyond the head": copied(tables.lines, seq="500"),
    "a line with a negative number": copied(tables.lines, seq="-1"),
    "a line twice": copied(tables.lines, "seq = 268"),
    "a pair's link beyond the head": copied(tables.pairs, count="99", seq="500"),
    "a device's link with a negative number": copied(tables.devices, count="0", seq="-1"),
    "a subtree of the level of the records": subtree(0, 0),
    "a subtree of a negative level": subtree(-1, 0),
    "a subtree of a level that is not reached": subtree(2, 0),
    "a subtree of a very high level": subtree(9000, 0),
    "a subtree with a negative place": subtree(1, -1),
    "a subtree taken away": "DELETE FROM subtrees",
    "an account that never was": "INSERT INTO accounts VALUES (1, 'member:00', 'person', 0, 0, 0, 5, NULL)",
    "a hold that never was": "INSERT INTO holds VALUES (1, '00', 'fund', 'held:orders', 5, NULL, 7, NULL)",
    "a key that was never registered": copied(tables.keys, name="'x'"),
    "a policy that was never posted": copied(tables.policies, version="3"),
    "a day that never was": copied(tables.days, day="'2026-09-20'"),
    "a second head with the same checkpoint": copied(tables.ledgers, id="2"),
    "the checkpoint under another name": copied(tables.ledgers, id="2", origin="'a.example'"),
    "a checkpoint that does not read": "UPDATE ledgers SET checkpoint = x'00'",
    "a head that counts for ever": "UPDATE ledgers SET size = 9000000000000000",
    "no records at all": "DELETE FROM entries",
}
# What only a full audit finds: it lies before the seal, and no state at the seal shows it.
ONLY_FULL = {"a day that never was", "an id doubled where no index forbids it"}


@pytest.mark.parametrize("stray", STRAYS)
def test_an_audit_finds_rows_that_should_not_be_there(connection: Connection, stray: str) -> None:
    connection.execute(text(STRAYS[stray]))
    found = {how: look(connection, how) for how in (FULL, NEW)}
    assert found[FULL]
    assert bool(found[NEW]) == (stray not in ONLY_FULL)
    assert not [words for words in found.values() if words and words.startswith(FELL_OVER)]


# --- and at night ----------------------------------------------------------------------------------------------------

UNREADABLE = {
    "a signed head that is no checkpoint": "UPDATE ledgers SET checkpoint = x'00' WHERE id = 1",
    "a head that counts for ever": "UPDATE ledgers SET size = 9000000000000000 WHERE id = 1",
    "a key of no role": "UPDATE keys SET role = 'lof' WHERE role = 'log' AND ledger = 1",
    "an account whose name is no text": "UPDATE accounts SET name = CAST(x'80' AS TEXT) WHERE name = 'fund'",
    "a line's account that is no text": "UPDATE lines SET account = CAST(x'80' AS TEXT) WHERE seq = 5",
}


@pytest.mark.parametrize("statement", UNREADABLE.values(), ids=UNREADABLE.keys())
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_row_that_does_not_read_is_a_fault_that_is_kept_and_stops_the_ledger(
    world: World, database: TestDatabase, statement: str
) -> None:
    """It does not end the night: the other ledgers still have their turn."""
    world.record()
    world.bank.engine.dispose()
    owner = open_engine(database.owner_url, pooled=False)
    with owner.begin() as connection:
        connection.execute(text("INSERT INTO accounts VALUES (1, 'fund', 'fund', 0, 0, 0, NULL, NULL)"))
        connection.execute(text(statement))
    owner.dispose()
    for kind in (audits.SCRUB, audits.FULL):
        found = {one.community: one.fault for one in audits.run(world.bank, OPERATOR, [HERE, ELSEWHERE], kind)}
        assert found[ELSEWHERE] is None
    assert found[HERE]
    with pytest.raises((Refused, Corrupted)):
        world.record()
