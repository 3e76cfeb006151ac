"""What runs without anybody standing by: each slot once, missed ones in order, what died or failed again, and said."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import IO

import pytest

from tests.conftest import TestDatabase
from tests.test_cli import CODE, Operator
from tests.threads import at_once
from tests.world import HERE, World
from timebank import jobs
from timebank.access import OPERATOR, Denied
from timebank.bank import MINUTE_MS, Bank
from timebank.directory import JobRun
from timebank.jobs import GoOn, Job, Ran
from timebank.ledger import Code, Refused
from timebank.services import digests, health, job_runs
from timebank.services.job_plan import PLANS, Period, Plan, plans, slots

ROOT = Path(__file__).parent.parent
NIGHTLY = Plan(job="seal", every=Period.NIGHT, at=60)
CHAIN = ("seal", "audit", "digest")


def at(text: str) -> int:
    """Milliseconds of `YYYY-MM-DDTHH:MM` in Shanghai."""
    return int(datetime.fromisoformat(f"{text}+08:00").timestamp() * 1000)


def plan(name: str) -> Plan:
    return next(one for one in PLANS if one.job == name)


def chain(world: World) -> list[Job]:
    return [job for job in jobs.of(world.bank) if job.plan.job in CHAIN]


def told(ran: list[Ran]) -> list[tuple[str, str, str]]:
    return [(one.job, one.slot, one.state) for one in ran]


def state(world: World, name: str) -> tuple[str, int]:
    (run,) = next(one.runs for one in job_runs.history(world.bank, OPERATOR) if one.plan.job == name)
    return run.state, run.attempt


def rows(world: World) -> list[tuple[str, str, int, str]]:
    with world.bank.view() as view:
        found = view.people.query(JobRun).order_by(JobRun.job, JobRun.slot).all()
        return [(row.job, row.slot, row.attempt, row.state) for row in found]


# --- slots -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("every", "now", "names"),
    [
        (5, "2026-11-26T00:04", ["2026-11-25T23:55", "2026-11-26T00:00"]),
        (1, "2026-11-26T15:10", ["2026-11-26T15:09", "2026-11-26T15:10"]),
        (Period.NIGHT, "2026-11-26T00:59", ["2026-11-24", "2026-11-25"]),
        (Period.NIGHT, "2026-11-26T01:00", ["2026-11-25", "2026-11-26"]),
        (Period.WEEK, "2026-11-23T00:59", ["2026-11-09", "2026-11-16"]),  # a Monday
        (Period.WEEK, "2026-11-29T23:00", ["2026-11-16", "2026-11-23"]),
        (Period.MONTH, "2027-01-01T00:59", ["2026-11", "2026-12"]),
        (Period.MONTH, "2027-01-31T12:00", ["2026-12", "2027-01"]),
    ],
)
def test_a_slot_comes_due_at_its_minute_in_the_zone(every: int | Period, now: str, names: list[str]) -> None:
    wanted = Plan(job="one", every=every, at=60 if isinstance(every, Period) else 0)
    assert [one.name for one in slots(wanted, at(now), 480, 2)] == names
    newest = slots(wanted, at(now), 480, 1)[0]
    assert newest.due_at <= at(now)
    assert slots(wanted, newest.due_at, 480, 1)[0] == newest
    assert slots(wanted, newest.due_at - 1, 480, 1)[0].name == names[0]


def test_a_year_of_nights_has_each_day_once_whatever_zone_the_machine_is_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where clocks are put on in spring, a night at 01:00 or 02:30 would be missed or come twice."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        names = [
            one.name for one in slots(Plan(job="one", every=Period.NIGHT, at=150), at("2026-12-31T12:00"), 480, 365)
        ]
    finally:
        monkeypatch.undo()
        time.tzset()
    assert (names[0], names[-1], len(set(names))) == ("2026-01-01", "2026-12-31", 365)
    assert names == sorted(names)


def test_short_nights_bring_every_job_of_the_night_in_their_order(world: World) -> None:
    short = plans(replace(world.bank.settings, night_minutes=10))
    assert [one.job for one in short] == [one.job for one in PLANS]
    assert {one.every for one in short if one.lane == "night"} == {10}
    assert [one.after for one in short] == [one.after for one in PLANS]


# --- each slot once, in order ----------------------------------------------------------------------------------------


def test_a_night_seals_audits_and_makes_the_digest_in_this_order_and_once(world: World) -> None:
    world.record()
    ran = jobs.run_due(world.bank, chain(world))
    assert told(ran) == [(name, "2026-09-21", "done") for name in CHAIN]
    of_digest = "of 2026-09-21, over 2 heads, kept by 0 services"
    assert [one.outcome for one in ran] == ["sealed 2 of 2", "proved 2", of_digest]
    assert jobs.run_due(world.bank, chain(world)) == []
    made = digests.newest(world.bank)
    assert made is not None
    assert made.day == "2026-09-21"


def test_three_days_off_are_made_up_for_in_order(world: World) -> None:
    jobs.run_due(world.bank, chain(world))
    world.clock.advance(days=3)
    days = ["2026-09-22", "2026-09-23", "2026-09-24"]
    assert told(jobs.run_due(world.bank, chain(world))) == [(name, day, "done") for day in days for name in CHAIN]


def test_what_comes_every_few_minutes_is_run_once_after_a_pause(world: World) -> None:
    deliver = [job for job in jobs.of(world.bank) if job.plan.job == "deliver"]
    assert told(jobs.run_due(world.bank, deliver)) == [("deliver", "2026-09-21T22:13", "done")]
    world.clock.advance(days=3)
    assert told(jobs.run_due(world.bank, deliver)) == [("deliver", "2026-09-24T22:13", "done")]


def test_a_job_waits_for_the_one_before_it_in_the_same_slot(world: World) -> None:
    assert job_runs.due(world.bank, OPERATOR, plan("digest")) is None
    assert job_runs.due(world.bank, OPERATOR, plan("audit")) is None
    held = job_runs.claim(world.bank, OPERATOR, plan("seal"), "2026-09-21", "one")
    assert held is not None
    assert job_runs.due(world.bank, OPERATOR, plan("audit")) is None
    assert job_runs.finish(world.bank, plan("seal"), held, "")
    found = job_runs.due(world.bank, OPERATOR, plan("audit"))
    assert found is not None
    assert found.name == "2026-09-21"


def test_calls_are_drawn_of_the_month_before_the_slot_also_when_it_is_made_up_for(world: World) -> None:
    world.record()
    drawing = [job for job in jobs.of(world.bank) if job.plan.job == "callbacks"]
    jobs.run_due(world.bank, drawing)
    for _ in range(9):
        world.clock.advance(days=5)
        world.bank.confirm_clock()
    world.record()
    for _ in range(9):
        world.clock.advance(days=5)
        world.bank.confirm_clock()
    ran = jobs.run_due(world.bank, drawing)
    assert [(one.slot, one.outcome) for one in ran] == [
        ("2026-10", "drew 1 of 2026-09"), ("2026-11", "drew 0 of 2026-10"), ("2026-12", "drew 1 of 2026-11"),
    ]  # fmt: skip


def test_every_job_does_its_work_on_books_with_something_in_them(world: World) -> None:
    world.record()
    ran = jobs.run_due(world.bank, jobs.of(world.bank))
    assert {(one.job, one.state) for one in ran} == {(one.job, "done") for one in PLANS}


def test_a_clock_that_was_ahead_does_not_stop_the_nights_after_it_is_right(world: World) -> None:
    with world.bank.office() as office:
        office.people.add(
            JobRun(job="seal", slot="2036-01-01", attempt=1, state="done", owner="one", claimed_at=0, lease_until=0,
                   heartbeat_at=0, ended_at=0, outcome="")
        )  # fmt: skip
    found = job_runs.due(world.bank, OPERATOR, plan("seal"))
    assert found is not None
    assert found.name == "2026-09-21"


def test_old_history_goes_and_what_was_given_up_stays(world: World) -> None:
    deliver = next(job for job in jobs.of(world.bank) if job.plan.job == "deliver")
    jobs.run_due(world.bank, [deliver])
    world.clock.advance(minutes=1)
    failing(world, deliver.plan, tries=job_runs.MOST_TRIES)
    world.clock.advance(days=3)
    jobs.run_due(world.bank, [deliver])
    kept = [(slot, state) for _, slot, _, state in rows(world)]
    assert kept == [("2026-09-21T22:14", "failed"), ("2026-09-24T22:21", "done")]


@pytest.mark.parametrize("actor", ["clerk", "lead", "auditor"])
def test_only_who_keeps_the_books_may_run_jobs(world: World, actor: str) -> None:
    calls: list[Callable[[], object]] = [
        lambda: job_runs.due(world.bank, world.actors[actor], plan("seal")),
        lambda: job_runs.claim(world.bank, world.actors[actor], plan("seal"), "2026-09-21", "one"),
        lambda: job_runs.history(world.bank, world.actors[actor]),
    ]
    for call in calls:
        with pytest.raises(Denied):
            call()
    assert rows(world) == []


# --- the lease -------------------------------------------------------------------------------------------------------


def test_of_two_who_claim_a_slot_one_gets_it_until_the_lease_is_over(world: World) -> None:
    first = job_runs.claim(world.bank, OPERATOR, NIGHTLY, "2026-09-21", "one")
    assert first is not None
    assert job_runs.claim(world.bank, OPERATOR, NIGHTLY, "2026-09-21", "two") is None
    assert job_runs.claim(world.bank, OPERATOR, NIGHTLY, "2026-09-21", "two", by_hand=True) is None
    world.clock.advance(ms=job_runs.LEASE_MS - 1)
    assert job_runs.claim(world.bank, OPERATOR, NIGHTLY, "2026-09-21", "two") is None
    assert job_runs.heartbeat(world.bank, first)
    world.clock.advance(ms=job_runs.LEASE_MS - 1)
    assert job_runs.claim(world.bank, OPERATOR, NIGHTLY, "2026-09-21", "two") is None
    world.clock.advance(ms=1)
    assert state(world, "seal") == ("died", 1)
    second = job_runs.claim(world.bank, OPERATOR, NIGHTLY, "2026-09-21", "two")
    assert second is not None
    assert second.attempt == 2


def test_of_many_who_claim_at_once_one_gets_the_slot_and_nobody_an_error(world: World) -> None:
    answers = at_once(8, lambda: job_runs.claim(world.bank, OPERATOR, NIGHTLY, "2026-09-21", "one"))
    assert [answer for answer in answers if answer is not None] == [
        job_runs.Claim(job="seal", slot="2026-09-21", attempt=1)
    ]


def test_who_lost_the_slot_can_neither_renew_nor_end_it(world: World) -> None:
    first = job_runs.claim(world.bank, OPERATOR, NIGHTLY, "2026-09-21", "one")
    world.clock.advance(ms=job_runs.LEASE_MS)
    second = job_runs.claim(world.bank, OPERATOR, NIGHTLY, "2026-09-21", "two")
    assert first is not None
    assert second is not None
    before = rows(world)
    assert not job_runs.heartbeat(world.bank, first)
    assert not job_runs.finish(world.bank, NIGHTLY, first, "late")
    assert not job_runs.fail(world.bank, first, "late")
    assert rows(world) == before == [("seal", "2026-09-21", 2, "running")]
    assert job_runs.finish(world.bank, NIGHTLY, second, "in time")
    assert not job_runs.heartbeat(world.bank, second)
    assert job_runs.claim(world.bank, OPERATOR, NIGHTLY, "2026-09-21", "three", by_hand=True) is None


def test_a_run_that_lost_its_slot_while_it_worked_says_so_and_changes_nothing(world: World) -> None:
    def work(bank: Bank, slot: str, go_on: GoOn) -> str:
        world.clock.advance(ms=job_runs.LEASE_MS)
        assert job_runs.claim(bank, OPERATOR, NIGHTLY, slot, "two") is not None
        return "done by the first"

    ran = jobs.run_slot(world.bank, Job(NIGHTLY, work), "2026-09-21")
    assert ran is not None
    assert (ran.state, state(world, "seal")) == (jobs.LOST, ("running", 2))


@pytest.mark.parametrize("slot", ["2026-09-22", "2026-01-01", "x", ""])
def test_a_slot_that_is_not_there_yet_or_long_past_cannot_be_claimed(world: World, slot: str) -> None:
    with pytest.raises(job_runs.UnknownSlot):
        job_runs.claim(world.bank, OPERATOR, NIGHTLY, slot, "one", by_hand=True)
    assert rows(world) == []


# --- failing ---------------------------------------------------------------------------------------------------------


def failing(world: World, wanted: Plan, tries: int, error: Exception | None = None) -> list[Ran]:
    """Run a job that fails so often and then does its work, whenever it is due; all attempts."""
    left = [error or RuntimeError("王桂英 13800000003")] * tries

    def work(bank: Bank, slot: str, go_on: GoOn) -> str:
        if left:
            raise left.pop()
        return "well"

    ran: list[Ran] = []
    for _ in range(20 * 60):
        ran += jobs.run_due(world.bank, [Job(wanted, work)])
        if not left and ran[-1].state == "done":
            break
        world.clock.advance(minutes=1)
    return ran


def test_a_job_that_raises_is_tried_again_with_longer_and_longer_pauses(world: World) -> None:
    began = world.clock.ms
    ran = failing(world, NIGHTLY, tries=3)
    assert [(one.attempt, one.state) for one in ran] == [(1, "failed"), (2, "failed"), (3, "failed"), (4, "done")]
    assert world.clock.ms - began == (1 + 2 + 4) * MINUTE_MS
    assert state(world, "seal") == ("done", 4)


def test_an_error_is_kept_by_its_kind_and_never_with_its_words(world: World) -> None:
    (first, *_) = failing(world, NIGHTLY, tries=1)
    assert first.outcome == "RuntimeError"
    (second, *_) = failing(world, plan("scrub"), tries=1, error=Refused(Code.DATABASE_BUSY))
    assert second.outcome == "database-busy"


def test_a_job_that_raises_does_not_stop_the_others_and_is_given_up_at_last(world: World) -> None:
    left = [RuntimeError() for _ in range(job_runs.MOST_TRIES)]

    def work(bank: Bank, slot: str, go_on: GoOn) -> str:
        raise left.pop()

    jobs.run_due(world.bank, jobs.of(world.bank))
    world.clock.advance(minutes=4 * 60)  # 02:13 of the next night
    broken = [Job(job.plan, work) if job.plan.job == "seal" else job for job in jobs.of(world.bank)]
    ran = jobs.run_due(world.bank, broken)
    assert {one.job for one in ran if one.state == "done"} == {
        "deliver", "texts", "look-through", "orders-clock", "sheets", "figures", "estates", "reconcile", "witness",
    }  # fmt: skip
    assert _alarm(world, "job seal") == health.Grade.LATE
    night = [job for job in broken if job.plan.job in CHAIN]
    while left:
        world.clock.advance(minutes=20)
        ran += jobs.run_due(world.bank, night[:1])
    assert [(one.attempt, one.slot) for one in ran if one.job == "seal"] == [
        (attempt, "2026-09-22") for attempt in range(1, job_runs.MOST_TRIES + 1)
    ]
    assert _alarm(world, "job seal") == health.Grade.BAD
    # The audit is worth having without the seal; it only waits until that is given up.
    assert told(jobs.run_due(world.bank, night[1:])) == [(name, "2026-09-22", "done") for name in CHAIN[1:]]
    by_hand = jobs.run_slot(world.bank, chain(world)[0], "2026-09-22", by_hand=True)
    assert by_hand is not None
    assert (by_hand.attempt, by_hand.state) == (job_runs.MOST_TRIES + 1, "done")
    assert _alarm(world, "job seal") is None


def test_a_scheduler_that_is_told_to_stop_ends_between_two_communities_and_the_slot_is_run_again(world: World) -> None:
    world.record()
    stopping = threading.Event()

    def work(bank: Bank, slot: str, go_on: GoOn) -> str:
        stopping.set()
        return chain(world)[0].work(bank, slot, go_on)

    ran = jobs.run_due(world.bank, [Job(plan("seal"), work), *jobs.of(world.bank)], stopping)
    assert [(one.job, one.state, one.outcome) for one in ran] == [("seal", "failed", "stopped")]
    world.clock.advance(minutes=1)
    assert [one.outcome for one in jobs.run_due(world.bank, chain(world)[:1])] == ["sealed 2 of 2"]


def test_one_community_that_declines_fails_the_job_by_its_code_after_all_others_were_done(world: World) -> None:
    world.record()
    world.bank.read_only[world.bank.origin(HERE)] = "for this test"
    (ran,) = jobs.run_due(world.bank, [job for job in jobs.of(world.bank) if job.plan.job == "seal"])
    assert (ran.state, ran.outcome) == ("failed", f"1 of 2 declined: {HERE} ledger-read-only")


def _alarm(world: World, what: str) -> health.Grade | None:
    return next((one.grade for one in health.look(world.bank, OPERATOR) if one.what == what and one.todo), None)


def test_the_doctor_says_what_is_late_and_what_to_do(world: World) -> None:
    assert _alarm(world, "jobs") == health.Grade.LATE
    jobs.run_due(world.bank, jobs.of(world.bank))
    assert _alarm(world, "jobs") is None
    world.clock.advance(minutes=10)
    assert _alarm(world, "job deliver") is None
    world.clock.advance(minutes=20)
    assert _alarm(world, "job deliver") == health.Grade.LATE
    world.clock.advance(days=2)
    assert {_alarm(world, f"job {one}") for one in CHAIN} == {health.Grade.LATE}
    assert _alarm(world, "job callbacks") is None
    jobs.run_due(world.bank, jobs.of(world.bank))
    assert _alarm(world, "job deliver") is None


# --- processes -------------------------------------------------------------------------------------------------------


class Process:
    """A scheduler of its own, with the world's clock as it stands; it begins when it is told to."""

    def __init__(self, world: World, database: TestDatabase, what: str) -> None:
        settings = world.bank.settings
        names = ("highwater_path", "master_key_path", "keyring_path")
        environment = os.environ | {f"TIMEBANK_{name.upper()}": str(getattr(settings, name)) for name in names}
        environment |= {"TIMEBANK_DATABASE_URL": database.app_url, "TIMEBANK_SECURE_COOKIES": "false"}
        command = [sys.executable, "-m", "tests.jobs_worker", what, str(world.clock.ms)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._in: IO[str] = self._process.stdin
        self._out: IO[str] = self._process.stdout

    def hear(self) -> str:
        return self._out.readline().strip()

    def tell(self) -> None:
        self._in.write("go\n")
        self._in.flush()

    def end(self) -> int:
        self._in.close()
        self._out.close()
        return self._process.wait(timeout=60)

    def kill(self) -> None:
        self._process.kill()
        assert self.end() == -signal.SIGKILL


def test_two_schedulers_in_two_processes_run_each_slot_once(world: World, database: TestDatabase) -> None:
    world.record()
    jobs.run_due(world.bank, chain(world))
    world.clock.advance(days=3)
    both = [Process(world, database, "run") for _ in range(2)]
    assert [one.hear() for one in both] == ["ready", "ready"]
    for one in both:
        one.tell()
    ran = [tuple(row) for one in both for row in json.loads(one.hear())]
    assert [one.end() for one in both] == [0, 0]
    slots_of_nights = [(name, f"2026-09-{day}") for name in CHAIN for day in (22, 23, 24)]
    assert sorted((job, slot) for job, slot, _ in ran) == sorted(slots_of_nights)
    assert {state for _, _, state in ran} == {"done"}
    assert {(attempt, state) for _, _, attempt, state in rows(world)} == {(1, "done")}
    assert len(rows(world)) == 12


def test_a_killed_process_is_taken_over_when_its_lease_is_over(world: World, database: TestDatabase) -> None:
    victim = Process(world, database, "hang")
    assert victim.hear() == "ready"
    victim.tell()
    assert victim.hear() == "working"
    victim.kill()
    assert rows(world) == [("seal", "2026-09-21", 1, "running")]
    assert jobs.run_due(world.bank, chain(world)) == []
    world.clock.advance(ms=job_runs.LEASE_MS)
    assert _alarm(world, "job seal") == health.Grade.LATE
    ran = jobs.run_due(world.bank, chain(world))
    assert [(one.job, one.attempt, one.state) for one in ran] == [
        ("seal", 2, "done"), ("audit", 1, "done"), ("digest", 1, "done")
    ]  # fmt: skip


# --- the commands ----------------------------------------------------------------------------------------------------


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    made = Operator(tmp_path)
    for words in (("init",), ("found", CODE)):
        assert made.run(*words).returncode == 0
    return made


def test_the_scheduler_runs_what_is_due_and_stops_when_it_is_told(operator: Operator) -> None:
    command = [sys.executable, "-m", "timebank.cli", "scheduler"]
    done: set[str] = set()
    with subprocess.Popen(command, cwd=ROOT, env=operator.environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        while len(done) < len(PLANS):
            line = json.loads(process.stderr.readline())
            assert (line["event"], line["attempt"]) == ("job done", 1)
            done.add(line["job"])
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
    assert done == {one.job for one in PLANS}
    listed = operator.json("jobs", "list")["jobs"]
    assert isinstance(listed, list)
    assert {run["state"] for one in listed for run in one["runs"]} == {"done"}
    assert "audit" in operator.run("jobs", "list", "--runs", "3").stdout


def test_each_job_is_a_command_that_runs_a_slot_once(operator: Operator) -> None:
    assert "never ran" in operator.run("jobs", "list").stdout
    first = operator.json("jobs", "run", "seal")
    assert (first["state"], first["attempt"], first["outcome"]) == ("done", 1, "sealed 1 of 1")
    slot = str(first["slot"])
    again = operator.json("jobs", "run", "seal", "--slot", slot)
    assert again == {"job": "seal", "slot": slot, "state": "not-run"}
    assert operator.run("jobs", "run", "seal", "--slot", "2999-01-01").returncode == 2
    assert operator.run("jobs", "run", "nothing").returncode == 2


def test_a_job_that_fails_as_a_command_says_so(operator: Operator) -> None:
    (operator.folder / "apart" / "highwater").unlink()
    failed = operator.run("--json", "jobs", "run", "seal")
    assert (failed.returncode, f"{CODE} ledger-read-only" in failed.stderr) == (1, True)
    assert operator.run("highwater", "accept", CODE, "--yes").returncode == 0
    assert operator.json("jobs", "run", "seal")["attempt"] == 2
