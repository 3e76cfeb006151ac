"""From a loss to books that can be written again, by the operator's commands alone, as docs/operator.md has them."""

import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.test_cli import CODE, ROOT, Operator

ORIGIN = f"timebank.zunyi.example/c/{CODE}"


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Operator:
    operator = Operator(tmp_path_factory.mktemp("recovery"))
    assert operator.run("init").returncode == 0
    assert operator.run("found", CODE).returncode == 0
    return operator


@pytest.fixture
def operator(founded: Operator, tmp_path: Path) -> Operator:
    shutil.copytree(founded.folder, tmp_path / "bank")
    return Operator(tmp_path / "bank")


def backup(operator: Operator) -> None:
    """As the handbook says: sqlite3's own backup. Not the high-water file."""
    source, copy = sqlite3.connect(operator.folder / "bank.db"), sqlite3.connect(operator.folder / "copy.db")
    source.backup(copy)
    source.close()
    copy.close()


def put_back(operator: Operator) -> None:
    for leftover in operator.folder.glob("bank.db-*"):
        leftover.unlink()
    shutil.copy(operator.folder / "copy.db", operator.folder / "bank.db")


def said(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    return dict(json.loads(done.stdout or done.stderr))


def lose(operator: Operator, export: Path | None = None) -> None:
    """Two key rotations (four records) after the copy was taken, exported if asked; then the copy is put back."""
    backup(operator)
    operator.json("keys", "rotate", CODE, "station")
    operator.json("keys", "rotate", CODE, "lead")
    if export is not None:
        operator.json("export", CODE, str(export))
    put_back(operator)


def test_an_old_copy_is_recovered_from_an_export_and_can_be_written(operator: Operator, tmp_path: Path) -> None:
    file = tmp_path / "later.export"
    lose(operator, file)
    assert operator.run("highwater", "status").returncode == 3
    assert operator.run("keys", "rotate", CODE, "station").returncode == 1
    assert operator.json("recover", CODE, str(file)) == {
        "ledger": ORIGIN,
        "held": 4,
        "entries": 8,
        "missing": [],
        "unused": {},
        "without_person": 0,
    }
    assert operator.run("highwater", "status").returncode == 0
    operator.json("keys", "rotate", CODE, "station")
    assert operator.json("verify") == {"ledgers": 1, "entries": 10}


def test_what_is_still_missing_is_said_with_exit_code_3_and_a_wrong_file_is_named(
    operator: Operator, tmp_path: Path
) -> None:
    backup(operator)
    file = tmp_path / "too-early.export"
    operator.json("export", CODE, str(file))
    operator.json("keys", "rotate", CODE, "station")
    put_back(operator)
    wrong = tmp_path / "wrong"
    wrong.write_text("nothing of the kind")
    done = operator.run("recover", CODE, str(file), str(wrong))
    assert done.returncode == 3
    assert "Still missing: 4 to 5." in done.stderr
    assert f"Not used: {wrong}: not a receipt." in done.stderr
    assert "Traceback" not in done.stderr


def test_another_history_is_a_fork_with_exit_code_1(operator: Operator, tmp_path: Path) -> None:
    other = Operator(tmp_path / "other")
    shutil.copytree(operator.folder, other.folder)
    file = tmp_path / "other.export"
    other.json("keys", "rotate", CODE, "station")
    other.json("keys", "rotate", CODE, "lead")
    other.json("export", CODE, str(file))
    lose(operator)
    done = operator.run("--json", "recover", CODE, str(file))
    assert (done.returncode, said(done)["fork"]) == (1, True)
    assert operator.run("highwater", "status").returncode == 3


def test_what_is_lost_for_good_is_named_by_the_next_epoch(operator: Operator, tmp_path: Path) -> None:
    lose(operator)
    assert operator.run("epoch", CODE, "--reason", "lost").returncode == 2
    done = operator.json("epoch", CODE, "--reason", "lost", "--yes")
    assert (done["ledger"], done["before"], done["lost"]) == (f"{ORIGIN}/2", ORIGIN, 4)
    assert operator.run("highwater", "status").returncode == 0
    operator.json("keys", "rotate", CODE, "station")
    verified = operator.json("verify")
    assert verified["closed"] == [{"ledger": ORIGIN, "entries": 4, "acknowledged": 8, "whole": False}]
    text = operator.json("document", CODE, str(done["source"]))["text"]
    assert str(text).startswith(f"timebank-epoch v1\nledger {ORIGIN}/2\nbefore {ORIGIN}\nreason lost\nheld 4 ")
    for epoch, entries in (("1", 4), ("2", 6)):
        file = tmp_path / f"{epoch}.export"
        assert operator.json("export", CODE, str(file), "--epoch", epoch)["entries"] == entries
        program = [sys.executable, "verifier/timebank_verify.py", "ledger", str(file)]
        assert subprocess.run(program, cwd=ROOT, capture_output=True, check=False).returncode == 0
    assert operator.run("export", CODE, str(tmp_path / "no"), "--epoch", "3").returncode == 2


def test_books_are_closed_for_another_reason(operator: Operator) -> None:
    assert "nothing-lost" in operator.run("epoch", CODE, "--reason", "lost", "--yes").stderr
    assert operator.run("epoch", CODE, "--reason", "Not a word", "--yes").returncode == 2
    operator.json("epoch", CODE, "--reason", "renewed", "--yes")
    done = operator.run("verify")
    assert done.returncode == 0
    assert f"Closed, whole: {ORIGIN}, 5 entries." in done.stdout
