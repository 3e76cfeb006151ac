"""Many at once: two processes with 32 threads each spend the same hours, or send the same request."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import TestDatabase
from tests.world import HERE, World
from timebank.access import OPERATOR
from timebank.services import audits

PROCESSES, THREADS = 2, 32


def _run(world: World, database: TestDatabase, what: str, argument: str) -> list[str]:
    """What every thread of every process answered: a code, or the hash of the receipt's record."""
    settings = world.bank.settings
    names = ("highwater_path", "master_key_path", "keyring_path")
    environment = os.environ | {f"TIMEBANK_{name.upper()}": str(getattr(settings, name)) for name in names}
    environment |= {"TIMEBANK_DATABASE_URL": database.app_url, "TIMEBANK_SECURE_COOKIES": "false"}
    task = {
        "what": what,
        "argument": argument,
        "threads": THREADS,
        "login": world.actors["clerk"].login,
        "elder": world.people["wang"].id,
        "volunteer": world.people["li"].id,
        "now": world.clock.ms,
        "day": world.clock.day,
    }
    command = [sys.executable, "-m", "tests.concurrency_worker", json.dumps(task)]
    root = Path(__file__).parent.parent
    running = [
        subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(PROCESSES)
    ]
    answers: list[str] = []
    for process in running:
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        answers += json.loads(out)
    return answers


def test_sixty_four_redeemers_of_one_account_take_exactly_what_was_there(world: World, database: TestDatabase) -> None:
    """600 minutes, 64 orders of 30 minutes at once: 20 succeed, 44 are told that the hours are not there."""
    for _ in range(2):
        world.record(volunteer="zhao", elder="chen", minutes=300)
        world.clock.advance(days=1)
    world.give("zhao", "wang", 600)
    answers = Counter(_run(world, database, "order", ""))
    assert answers == {"ok": 20, "overdraft": 44}
    figures = world.figures("wang")
    assert (figures.available, figures.held) == (0, 600)
    report = audits.verify(world.bank, OPERATOR, HERE)
    assert report.kinds["hold"] == 20


def test_the_same_visit_from_sixty_four_callers_is_one_entry_with_one_receipt(
    world: World, database: TestDatabase
) -> None:
    visit = world.visit()
    answers = _run(world, database, "visit", visit.id)
    assert len(answers) == PROCESSES * THREADS
    assert len(set(answers)) == 1
    assert world.figures("li").available == 60
    assert audits.verify(world.bank, OPERATOR, HERE).kinds["service"] == 1


@pytest.mark.parametrize("count", [PROCESSES * THREADS])
def test_sixty_four_different_visits_at_once_are_all_entered_without_a_gap(
    world: World, database: TestDatabase, count: int
) -> None:
    answers = Counter(_run(world, database, "visits", ""))
    assert answers == {"ok": count}
    report = audits.verify(world.bank, OPERATOR, HERE)
    assert report.kinds["service"] == count
    assert world.figures("li").served == count
