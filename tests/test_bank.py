"""The bank: high-water marks, the clock, and a ledger that is read-only when it must be."""

import os
import shutil
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.conftest import TestDatabase
from tests.world import HERE, Clock, World, entered, new_bank
from timebank.bank import Bank
from timebank.ledger import Code, Corrupted, HighWater, Refused, reads
from timebank.services import audits, hours

SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def _code(world: World) -> Code | None:
    try:
        world.record()
    except Refused as error:
        return error.code
    return None


def _reopened(world: World) -> World:
    """The same bank as after a restart of the service."""
    world.bank.close()
    world.bank = Bank(world.bank.settings, clock=world.clock, random=world.bank.random)
    return world


@SQLITE
def test_a_database_restored_from_an_older_copy_is_read_only_and_says_which_head_it_misses(
    world: World, tmp_path: Path
) -> None:
    file = tmp_path / "timebank.db"
    world.record()
    world.bank.engine.dispose()
    shutil.copy(file, tmp_path / "old.db")
    world.record(minutes=90)
    with world.bank.view() as view:
        lost = view.head(world.bank.origin(HERE))
    world.bank.engine.dispose()
    for leftover in tmp_path.glob("timebank.db-*"):
        leftover.unlink()
    shutil.copy(tmp_path / "old.db", file)

    again = _reopened(world)
    assert _code(again) is Code.LEDGER_READ_ONLY
    with again.bank.view() as view:
        why = again.bank.behind(view.connection, view.head(again.bank.origin(HERE)))
        assert view.head(again.bank.origin(HERE)).size == lost.size - 1
    assert why is not None
    assert lost.root.hex() in why
    assert again.figures("li").available == 60  # reading goes on
    with pytest.raises(Corrupted):
        audits.verify(again.bank, again.actors["auditor"], HERE)


@SQLITE
def test_other_records_of_the_same_number_are_found_by_the_root(world: World, tmp_path: Path) -> None:
    file = tmp_path / "timebank.db"
    world.bank.engine.dispose()
    shutil.copy(file, tmp_path / "old.db")
    world.record(minutes=60)
    world.bank.engine.dispose()
    for leftover in tmp_path.glob("timebank.db-*"):
        leftover.unlink()
    shutil.copy(tmp_path / "old.db", file)
    # The copy goes its own way, as long as the first one did, with the marks of another machine …
    (tmp_path / "highwater").rename(tmp_path / "true")
    fork = _reopened(world)
    with fork.bank.view() as view:
        head = view.head(fork.bank.origin(HERE))
    fork.bank.highwater.replace(head.number, head.origin, head.size, head.root)
    fork.record(minutes=240)
    # … and then meets the mark of what was acknowledged before.
    shutil.copy(tmp_path / "true", tmp_path / "highwater")
    fork = _reopened(fork)
    assert _code(fork) is Code.LEDGER_READ_ONLY
    with fork.bank.view() as view:
        why = fork.bank.behind(view.connection, view.head(fork.bank.origin(HERE)))
    assert why is not None
    assert "not those that were acknowledged" in why


@SQLITE
def test_a_high_water_file_that_was_taken_away_stops_writing_until_the_operator_accepts(
    world: World, tmp_path: Path
) -> None:
    world.record()
    (tmp_path / "highwater").unlink()
    again = _reopened(world)
    assert _code(again) is Code.LEDGER_READ_ONLY
    with again.bank.view() as view:
        head = view.head(again.bank.origin(HERE))
    again.bank.highwater.replace(head.number, head.origin, head.size, head.root)
    assert _code(again) is None


def test_a_mark_that_the_operator_sets_is_the_one_that_is_read_also_when_it_is_lower(tmp_path: Path) -> None:
    marks = HighWater(tmp_path / "highwater")
    for size in (7, 8, 9):
        marks.raise_to(1, "a.example", size, bytes(32))
    marks.replace(1, "a.example", 3, b"\1" * 32)
    mark = marks.read(1)
    marks.close()
    assert mark is not None
    assert (mark.size, mark.root) == (3, b"\1" * 32)


def test_a_torn_write_of_the_mark_leaves_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "highwater"
    marks = HighWater(path)
    for size in (1, 2, 3):
        marks.raise_to(5, "timebank.example/c/1", size, bytes([size]) * 32)
    data = bytearray(path.read_bytes())
    newest = data.rindex(b"\x03" * 32)
    data[newest + 5] ^= 1
    path.write_bytes(data)
    found = marks.read(5)
    assert found is not None
    assert found.size == 2


def test_a_mark_is_never_lowered(tmp_path: Path) -> None:
    marks = HighWater(tmp_path / "highwater")
    marks.raise_to(1, "timebank.example/c/1", 9, b"9" * 32)
    marks.raise_to(1, "timebank.example/c/1", 8, b"8" * 32)
    found = marks.read(1)
    assert found is not None
    assert (found.size, found.root) == (9, b"9" * 32)


def test_every_acknowledged_entry_is_below_its_mark(world: World) -> None:
    for minutes in (30, 60, 90):
        posted = world.record(minutes=minutes)
        with world.bank.view() as view:
            mark = world.bank.highwater.read(view.head(world.bank.origin(HERE)).number)
        assert mark is not None
        assert mark.size > posted.record.seq


def test_a_mark_that_is_on_the_disk_is_synced_once_and_one_found_there_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fdatasync", synced.append)
    marks, others = HighWater(tmp_path / "highwater"), HighWater(tmp_path / "highwater")
    marks.raise_to(1, "a.example", 9, b"9" * 32)
    marks.raise_to(1, "a.example", 8, b"8" * 32)
    assert len(synced) == 1
    # Another process cannot know whether whoever wrote it lived to see it on the disk.
    others.raise_to(1, "a.example", 8, b"8" * 32)
    assert len(synced) == 2
    others.raise_to(1, "a.example", 9, b"9" * 32)
    assert len(synced) == 2
    # Nor does what this one saw there count once something else lies in its place.
    others.replace(1, "a.example", 10, b"a" * 32)
    del synced[:]
    marks.raise_to(1, "a.example", 9, b"9" * 32)
    assert len(synced) == 1


def test_the_next_writer_commits_while_a_mark_is_written_and_nobody_is_answered_before_its_own(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.record()
    origin = world.bank.origin(HERE)
    raise_to, slow, waiting = world.bank.highwater.raise_to, threading.Event(), threading.Semaphore(0)

    def slowly(*mark: object) -> None:
        waiting.release()
        assert slow.wait(timeout=30)
        raise_to(*mark)  # type: ignore[arg-type]

    monkeypatch.setattr(world.bank.highwater, "raise_to", slowly)
    monkeypatch.setattr(reads, "root_at", _no_tree_is_read)
    with ThreadPoolExecutor(3) as clerks:
        posted = [clerks.submit(world.record, minutes=30) for _ in range(3)]
        for _ in posted:
            assert waiting.acquire(timeout=30)
        with world.bank.view() as view:
            head = view.head(origin)
            mark = world.bank.highwater.read(head.number)
        assert mark is not None
        assert head.size == mark.size + 3
        assert not any(one.done() for one in posted)
        slow.set()
        assert {one.result(timeout=30).record.seq for one in posted} == set(range(mark.size, head.size))
    monkeypatch.undo()
    with world.bank.view() as view:
        found = world.bank.highwater.read(head.number)
        assert found is not None
        assert (found.size, found.root) == (head.size, head.root)
        assert world.bank.behind(view.connection, view.head(origin)) is None


def _no_tree_is_read(*_: object) -> bytes:
    raise AssertionError("this process knows that the mark is of this history")


def test_a_mark_that_lies_behind_is_still_compared_with_the_records(world: World) -> None:
    """What a process remembers of its own marks excuses none that is of another history."""
    origin = world.bank.origin(HERE)
    world.record()
    with world.bank.view() as view:
        before = view.head(origin)
    world.record()
    world.bank.highwater.replace(before.number, origin, before.size, before.root)
    with world.bank.view() as view:
        assert world.bank.behind(view.connection, view.head(origin)) is None
    world.bank.highwater.replace(before.number, origin, before.size, bytes(32))
    with world.bank.view() as view:
        why = world.bank.behind(view.connection, view.head(origin))
    assert why is not None
    assert "not those that were acknowledged" in why


def test_a_clock_that_steps_back_stops_the_books_and_a_small_step_does_not(world: World) -> None:
    world.record()
    world.clock.ms -= 4 * 60_000
    assert _code(world) is None
    world.clock.ms -= 2 * 60_000
    assert _code(world) is Code.CLOCK_WRONG


def test_a_clock_that_leaps_more_than_a_week_stops_the_books_until_it_is_confirmed(world: World) -> None:
    world.record()
    again = _reopened(world)
    again.clock.advance(days=8)
    assert _code(again) is Code.CLOCK_WRONG
    again.bank.confirm_clock()
    assert _code(again) is None


def test_times_in_the_books_never_go_back(world: World) -> None:
    world.record()
    world.clock.ms -= 60_000
    later = world.record()
    with world.bank.view() as view:
        before = reads.record_at(view.connection, view.head(world.bank.origin(HERE)), later.record.seq - 1)
    assert later.record.ms >= before.ms


def test_a_ledger_found_corrupted_while_writing_is_read_only_from_then_on(world: World) -> None:
    origin = world.bank.origin(HERE)
    with pytest.raises(Corrupted), world.bank.work(origin):
        raise Corrupted("as if a stored record did not read", origin=origin)
    assert _code(world) is Code.LEDGER_READ_ONLY


@SQLITE
def test_a_database_that_another_program_holds_is_a_refusal_with_a_code(
    database: TestDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("timebank.database._BUSY_MS", 50)
    clock = Clock()
    world = World(new_bank(tmp_path, database.app_url, database.owner_url, clock), clock).build()
    holder = sqlite3.connect(tmp_path / "timebank.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    assert _code(world) is Code.DATABASE_BUSY
    holder.rollback()
    holder.close()
    assert _code(world) is None
    world.bank.close()


@SQLITE
def test_sqlite_is_opened_so_that_an_acknowledged_commit_survives_a_power_cut(world: World) -> None:
    with world.bank.engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "recursive_triggers", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "recursive_triggers": 1, "foreign_keys": 1}


def test_uuids_are_version_7_and_sort_in_the_order_in_which_they_were_made(world: World) -> None:
    made = [world.bank.uuid() for _ in range(2000)]
    assert made == sorted(made)
    assert len(set(made)) == 2000
    assert {one[12] for one in made} == {"7"}
    assert {one[16] for one in made} <= set("89ab")


@SQLITE
def test_a_fault_found_while_a_receipt_is_made_makes_the_ledger_read_only(world: World, tmp_path: Path) -> None:
    """The entry is in the books by then; nobody is told of it, and nothing is added to damaged books."""
    visit = world.visit()
    first = entered(hours.record(world.bank, world.actors["clerk"], visit))
    with sqlite3.connect(tmp_path / "timebank.db") as raw:
        raw.execute("DROP TRIGGER entries_no_UPDATE")
        raw.execute("UPDATE entries SET hash = zeroblob(32) WHERE seq = ?", (first.record.seq - 1,))
    raw.close()
    with pytest.raises(Corrupted):
        hours.record(world.bank, world.actors["clerk"], visit)  # the receipt of what was there before is read anew
    assert _code(world) is Code.LEDGER_READ_ONLY
