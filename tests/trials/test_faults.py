"""`./run faults` with fewer of the writes to one file; the command itself tries all of them."""

import errno
import os
from pathlib import Path

import pytest

from tests.trials import faults
from tests.world import World, entered
from timebank.bank import Bank
from timebank.ledger import Code, HighWater, Refused
from timebank.services import hours

# Each fault begins at another write, so that together they meet more of them.
STRIDE = 30
SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> faults.Result:
    return faults.sweep(tmp_path_factory.mktemp("faults"), stride=STRIDE)


@pytest.mark.compiler
def test_a_call_that_fails_loses_nothing_and_says_so_in_a_sentence(swept: faults.Result) -> None:
    print(f"every {STRIDE}th write\n{faults.report(swept)}")
    assert swept.broken == []
    assert swept.trials() > 100
    assert {fault for _, fault in swept.outcomes} == {fault.name for fault in faults.FAULTS}


@pytest.mark.compiler
def test_the_shim_sees_database_log_and_mark_written_and_synced(swept: faults.Result) -> None:
    assert swept.unseen() == set()
    assert faults.Result().unseen() == faults.NEEDED  # a shim beside the road is found


@pytest.mark.compiler
def test_what_a_killed_process_left_in_the_log_is_synced_before_it_is_read(swept: faults.Result) -> None:
    assert swept.seen["starting"][0] == ("wal", "sync")


@pytest.mark.compiler
def test_the_mark_is_synced_after_the_log_and_is_the_last_word_before_the_answer(swept: faults.Result) -> None:
    calls = swept.seen["running"]
    assert calls[-2:] == [("high-water", "write"), ("high-water", "sync")]
    assert calls[-3] == ("wal", "sync")


def test_a_mark_whose_sync_failed_is_not_believed_by_the_next_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks = HighWater(tmp_path / "highwater")
    marks.raise_to(1, "timebank.example/c/1", 4, b"4" * 32)

    def failing(_file: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fdatasync", failing)
        with pytest.raises(OSError, match="Input/output"):
            marks.raise_to(1, "timebank.example/c/1", 5, b"5" * 32)
    found = HighWater(tmp_path / "highwater").read(1)
    assert found is not None
    assert found.size == 4


def test_while_no_mark_can_be_written_nothing_is_entered_and_then_all_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first entry is kept and nobody is told; the others are refused before they are entered."""

    def full(*_arguments: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    visits = [world.visit(minutes=30) for _ in range(4)]
    with monkeypatch.context() as patch:
        patch.setattr(os, "pwrite", full)
        for visit in visits:
            with pytest.raises(Refused) as error:
                hours.record(world.bank, world.actors["clerk"], visit)
            assert error.value.code is Code.OUTCOME_UNKNOWN
    assert world.figures("li").available == 30
    repeated = [entered(hours.record(world.bank, world.actors["clerk"], visit)).repeated for visit in visits]
    assert repeated == [True, False, False, False]
    assert world.figures("li").available == 120


@SQLITE
def test_a_lock_file_that_cannot_be_opened_is_a_refusal_with_a_code(world: World, tmp_path: Path) -> None:
    (tmp_path / "timebank.db.lock").unlink()
    (tmp_path / "timebank.db.lock").mkdir()
    with pytest.raises(Refused) as error:
        world.record()
    assert error.value.code is Code.DATABASE_UNAVAILABLE
    (tmp_path / "timebank.db.lock").rmdir()
    world.bank.close()
    world.bank = Bank(world.bank.settings, clock=world.clock, random=world.bank.random)
    world.record()
