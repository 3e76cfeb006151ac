"""Commands about what runs without anybody standing by."""

import signal
import threading
from typing import Any

import click

from timebank import app
from timebank import jobs as scheduled
from timebank.access import OPERATOR
from timebank.bank import Bank
from timebank.schemas.words import moment
from timebank.services import job_runs
from timebank.services.job_plan import PLANS
from timebank.services.job_runs import Run, Standing

from .answer import FAULT, USAGE, Answer, opened_bank

_NAMES = [plan.job for plan in PLANS]


@click.command()
@click.pass_obj
def scheduler(answer: Answer) -> None:
    """Run every job when it is due, until told to stop (SIGTERM or Ctrl-C). Any number of them may be started."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    with opened_bank(answer) as bank:
        app.start_log(bank.settings.log_level)
        running = scheduled.Scheduler(bank)
        running.start()
        stopped.wait()
        running.stop()


@click.group()
def jobs() -> None:
    """What the scheduler runs, and what came of it."""


@jobs.command("list")
@click.option("--runs", "most", type=click.IntRange(1, 100), default=1, help="How many runs of each job to show.")
@click.pass_obj
def list_jobs(answer: Answer, most: int) -> None:
    """Show how each job stands: its last runs, what came of them, and the slot that is due."""
    with opened_bank(answer) as bank:
        found = job_runs.history(bank, OPERATOR, most)
        words = "\n".join(line for one in found for line in _lines(bank, one))
    answer.say(words, jobs=[_facts(one) for one in found])


def _lines(bank: Bank, one: Standing) -> list[str]:
    due = f"  (due: {one.next_due.name})" if one.next_due else ""
    if not one.runs:
        return [f"{one.plan.job:13} never ran{due}"]
    offset = bank.settings.utc_offset_minutes
    return [
        f"{run.job:13} {run.slot:16} {run.state:8} try {run.attempt}, {moment(run.claimed_at, offset):%Y-%m-%d %H:%M}"
        f"  {run.outcome or ''}{due if run is one.runs[0] else ''}"
        for run in one.runs
    ]


def _facts(one: Standing) -> dict[str, Any]:
    return {
        "job": one.plan.job,
        "due": None if one.next_due is None else one.next_due.name,
        "runs": [_run_facts(run) for run in one.runs],
    }


def _run_facts(run: Run) -> dict[str, Any]:
    return {
        "slot": run.slot,
        "attempt": run.attempt,
        "state": run.state,
        "owner": run.owner,
        "claimed_at": run.claimed_at,
        "ended_at": run.ended_at,
        "outcome": run.outcome,
    }


@jobs.command()
@click.argument("name", type=click.Choice(_NAMES))
@click.option("--slot", help="As `timebank jobs list` writes it; the newest without it.")
@click.pass_obj
def run(answer: Answer, name: str, slot: str | None) -> None:
    """Run job NAME now, where its slot is not done yet; also one that was given up. Exit code 1 when it fails."""
    with opened_bank(answer) as bank:
        app.start_log(bank.settings.log_level)
        job = next(one for one in scheduled.of(bank) if one.plan.job == name)
        wanted = slot or job_runs.newest_slot(bank, job.plan)
        try:
            ran = scheduled.run_slot(bank, job, wanted, by_hand=True)
        except job_runs.UnknownSlot:
            answer.fail(USAGE, f"{wanted} is no slot of {name}, or none of its last ones.", job=name, slot=wanted)
    if ran is None:
        answer.say(f"{name} {wanted} is done, or is running now.", job=name, slot=wanted, state="not-run")
        return
    facts = {"job": name, "slot": ran.slot, "attempt": ran.attempt, "state": ran.state, "outcome": ran.outcome}
    words = f"{name} {ran.slot}: {ran.state}, {ran.outcome}"
    if ran.state != job_runs.DONE:
        answer.fail(FAULT, words, **facts)
    answer.say(words, **facts)


COMMANDS = (scheduler, jobs)
