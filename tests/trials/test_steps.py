"""A process that dies right before or right after each step of a write: what is kept, and what is not."""

import json
import signal
import subprocess
import sys
from dataclasses import asdict

import pytest

from tests.trials.service import ROOT, environment
from tests.world import HERE, World, entered
from timebank.access import OPERATOR
from timebank.bank import Bank
from timebank.ledger import reads
from timebank.services import audits, hours

# In the order in which hours.record takes them. Up to the commit nothing is kept, from the commit on everything.
STEPS = [
    ("before", "requests", False),
    ("after", "requests", False),
    ("before", "details", False),
    ("after", "recorded", False),
    ("before", "entries", False),
    ("after", "entries", False),
    ("before", "lines", False),
    ("after", "lines", False),
    ("before", "accounts", False),
    ("after", "accounts", False),
    ("after", "days", False),
    ("before", "ledgers", False),
    ("after", "ledgers", False),
    ("before", "commit", False),
    ("after", "commit", True),
    ("before", "pwrite", True),
    ("after", "pwrite", True),
    ("before", "fdatasync", True),
    ("after", "fdatasync", True),
]


def _die_while_recording(world: World, visit: hours.Visit, when: str, what: str) -> None:
    task = {
        "login": world.actors["clerk"].login,
        "now": world.clock.ms,
        "visit": asdict(visit),
        "when": when,
        "what": what,
    }
    command = [sys.executable, "-m", "tests.trials.victim", json.dumps(task)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(world.bank.settings), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, ""), f"the step was not reached: {done.stderr}"


def _is_kept(world: World, entry: str) -> bool:
    with world.bank.view() as view:
        return bool(reads.raw_by_ids(view.connection, view.head(world.bank.origin(HERE)), {entry}))


def _marked(world: World) -> int:
    with world.bank.view() as view:
        mark = world.bank.highwater.read(view.head(world.bank.origin(HERE)).number)
    assert mark is not None
    return mark.size


@pytest.mark.parametrize(("when", "what", "is_kept"), STEPS)
def test_dying_at_a_step_keeps_all_or_nothing_and_a_retry_makes_it_one_entry(
    world: World, when: str, what: str, is_kept: bool
) -> None:
    world.record()
    visit = world.visit(minutes=30, note="a step")
    world.bank.close()
    _die_while_recording(world, visit, when, what)

    world.bank = Bank(world.bank.settings, clock=world.clock, random=world.bank.random)
    assert _is_kept(world, visit.id) == is_kept
    assert world.figures("li").available == (90 if is_kept else 60)
    services = audits.verify(world.bank, OPERATOR, HERE).kinds["service"]
    assert services == (2 if is_kept else 1)

    retried = entered(hours.record(world.bank, world.actors["clerk"], visit))
    assert retried.repeated == is_kept
    assert _marked(world) > retried.record.seq  # whoever is told of an entry is told of one that the mark covers
    assert world.figures("li").available == 90

    world.record(minutes=30)
    assert world.figures("li").available == 120
    assert audits.verify(world.bank, OPERATOR, HERE).kinds["service"] == 3


@pytest.mark.parametrize(("when", "what"), [("after", "commit"), ("before", "pwrite")])
def test_dying_between_commit_and_mark_does_not_stop_the_books(world: World, when: str, what: str) -> None:
    """The ledger is then ahead of its mark: the next write, of whatever, brings the mark level."""
    world.record()
    visit = world.visit()
    world.bank.close()
    _die_while_recording(world, visit, when, what)

    world.bank = Bank(world.bank.settings, clock=world.clock, random=world.bank.random)
    kept_at = _marked(world)
    posted = world.record()
    assert posted.record.seq == kept_at + 1
    assert _marked(world) == posted.record.seq + 1
