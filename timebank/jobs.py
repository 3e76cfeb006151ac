"""What runs when, without anybody standing by: the work of each job, and the scheduler that looks for due slots.

APScheduler only knocks every few seconds. Which slot is due, and who runs it, is decided in the database
(services/job_runs.py), so any number of schedulers may be started.
"""

import os
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from timebank.access import OPERATOR
from timebank.bank import Bank
from timebank.ledger import Declined
from timebank.services import (
    audits,
    callbacks,
    communities,
    counting,
    digests,
    estates,
    expiry,
    job_runs,
    kin_checks,
    orders,
    reconciliation,
    seals,
    sheets,
    texts,
    transfers,
    witnessing,
)
from timebank.services.job_plan import Plan, plans
from timebank.services.job_runs import Claim

_log = structlog.get_logger()
_KNOCK_SECONDS = 10
_HEARTBEAT_SECONDS = job_runs.LEASE_MS / 1000 / 5


class JobFailed(Exception):
    """A job did not do all it should; its words are sums and codes, and go into the history."""


class Stopped(Exception):
    """The run must end here: the scheduler stops, or another has taken the slot over."""


@dataclass(frozen=True, slots=True)
class Ran:
    """One attempt at a slot: `state` is `done` or `failed`; `lost` when another took it over before it ended."""

    job: str
    slot: str
    attempt: int
    state: str
    outcome: str


LOST = "lost"
# What a job calls between two communities: raises Stopped when it must not go on.
GoOn = Callable[[], None]
# Does what a slot is for, and says in a few sums what it came to.
Work = Callable[[Bank, str, GoOn], str]


@dataclass(frozen=True, slots=True)
class Job:
    """A plan and what to do by it."""

    plan: Plan
    work: Work


# --- the work --------------------------------------------------------------------------------------------------------


def _deliver(bank: Bank, slot: str, go_on: GoOn) -> str:
    return _sums(transfers.run_due(bank, OPERATOR))


def _orders_clock(bank: Bank, slot: str, go_on: GoOn) -> str:
    return _sums(orders.run_clock(bank, OPERATOR))


def _sheets(bank: Bank, slot: str, go_on: GoOn) -> str:
    return f"ended {sheets.go_on_all(bank, OPERATOR, go_on)}"


def _reconcile(bank: Bank, slot: str, go_on: GoOn) -> str:
    """What differs is no failure of the job: it waits for a person, and the page of the links shows it."""
    links = differing = 0

    def compare(code: str) -> None:
        nonlocal links, differing
        runs = reconciliation.run_all(bank, OPERATOR, code)
        links, differing = links + len(runs), differing + sum(bool(run.differences) for run in runs)

    _each(bank, go_on, compare)
    if differing:
        _log.error("books differ", links=differing)
    return f"links {links}, differing {differing}"


def _look_through(bank: Bank, slot: str, go_on: GoOn) -> str:
    """A service that is silent is no failure of the job: it is asked again in an hour, and transfers wait for it."""
    done = {"links": 0, "found": 0, "silent": 0}

    def look(code: str) -> None:
        for what, count in reconciliation.look_through_all(bank, OPERATOR, code).items():
            done[what] += count

    _each(bank, go_on, look)
    return _sums(done)


def _witness(bank: Bank, slot: str, go_on: GoOn) -> str:
    """A ledger that was led twice is no failure of the job: its link is stopped, and the evidence is on the page."""
    rounds: list[witnessing.Round] = []
    _each(bank, go_on, lambda code: rounds.append(witnessing.run(bank, OPERATOR, code)))
    forked = [one.community for one in rounds if one.forked]
    if forked:
        _log.error("ledgers were led twice", communities=forked)
    sums = {name: sum(getattr(one, name) for one in rounds) for name in ("given", "agreed", "unproved", "forked")}
    return _sums(sums)


def _texts(bank: Bank, slot: str, go_on: GoOn) -> str:
    """One that the gateway does not take now is no failure until it is too old: the next minute tries again."""
    taken, left = texts.deliver_all(bank, OPERATOR, go_on)
    return _sums({"taken": taken, "left": left})


def _seal(bank: Bank, slot: str, go_on: GoOn) -> str:
    made = 0

    def seal(code: str) -> None:
        nonlocal made
        made += seals.seal(bank, OPERATOR, code) is not None

    asked = _each(bank, go_on, seal)
    return f"sealed {made} of {asked}"


def _audit(kind: str) -> Work:
    """A fault that was found is no failure of the job: the ledger is read-only by it, and the doctor says so."""

    def work(bank: Bank, slot: str, go_on: GoOn) -> str:
        proved, faults = 0, []
        for found in audits.run(bank, OPERATOR, _codes(bank), kind):
            proved += found.report is not None
            if found.report is None:
                faults.append(found.community)
            go_on()
        if faults:
            _log.error("ledgers do not hold", communities=faults)
        return f"proved {proved}" + (f", faults in {' '.join(faults)}" if faults else "")

    return work


def _digest(bank: Bank, slot: str, go_on: GoOn) -> str:
    if not _codes(bank):
        return "no ledgers yet"
    made = digests.make(bank, OPERATOR)
    try:
        digests.hand_out(bank, OPERATOR, made)
    except OSError as error:  # a share that is not there now: the job is tried again, and the doctor says so
        raise JobFailed("the digest was made; its folder cannot be written") from error
    kept, silent = digests.send(bank, OPERATOR, made)
    return f"of {made.day}, over {made.heads} heads, kept by {kept} services" + (f", {silent} silent" if silent else "")


def _figures(bank: Bank, slot: str, go_on: GoOn) -> str:
    """Different people are counted last, also where a community declined: of it, what the night before knew."""
    counted = 0

    def count(code: str) -> None:
        nonlocal counted
        counted += counting.count(bank, OPERATOR, code)

    try:
        _each(bank, go_on, count)
    except JobFailed:
        counting.count_people(bank, OPERATOR)
        raise
    counting.count_people(bank, OPERATOR)
    return f"counted {counted}"


def _estates(bank: Bank, slot: str, go_on: GoOn) -> str:
    return f"closed {estates.close_due(bank, OPERATOR)}"


def _expire(bank: Bank, slot: str, go_on: GoOn) -> str:
    people = minutes = 0

    def expire(code: str) -> None:
        nonlocal people, minutes
        found = expiry.run(bank, OPERATOR, code)
        people, minutes = people + found.people, minutes + found.minutes

    _each(bank, go_on, expire)
    return f"{minutes} minutes of {people} people"


def _callbacks(bank: Bank, slot: str, go_on: GoOn) -> str:
    """Of the month before that of the slot, also when it is made up for later."""
    month = callbacks.month_before(f"{slot[:7]}-01")
    drawn = 0

    def draw(code: str) -> None:
        nonlocal drawn
        drawn += len(callbacks.draw(bank, OPERATOR, code, month).entries)

    _each(bank, go_on, draw)
    return f"drew {drawn} of {month}"


def _kin_checks(bank: Bank, slot: str, go_on: GoOn) -> str:
    """As the call-backs, of the relations that were only declared."""
    month = callbacks.month_before(f"{slot[:7]}-01")
    drawn = 0

    def draw(code: str) -> None:
        nonlocal drawn
        drawn += kin_checks.draw(bank, OPERATOR, code, month).drawn

    _each(bank, go_on, draw)
    return f"drew {drawn} of {month}"


_WORK: dict[str, Work] = {
    "deliver": _deliver,
    "texts": _texts,
    "orders-clock": _orders_clock,
    "sheets": _sheets,
    "look-through": _look_through,
    "reconcile": _reconcile,
    "witness": _witness,
    "seal": _seal,
    "audit": _audit(audits.NEW),
    "digest": _digest,
    "figures": _figures,
    "estates": _estates,
    "expire": _expire,
    "callbacks": _callbacks,
    "kin-checks": _kin_checks,
    "scrub": _audit(audits.SCRUB),
    "verify": _audit(audits.FULL),
}


def of(bank: Bank) -> tuple[Job, ...]:
    """All jobs as configured, in the order in which they run."""
    return tuple(Job(plan, _WORK[plan.job]) for plan in plans(bank.settings))


def _codes(bank: Bank) -> tuple[str, ...]:
    return tuple(one.code for one in communities.everyone(bank))


def _each(bank: Bank, go_on: GoOn, act: Callable[[str], None]) -> int:
    """Do it for every community, each whatever happened to the others; JobFailed names those that declined."""
    codes, declined = _codes(bank), []
    for code in codes:
        go_on()
        try:
            act(code)
        except Declined as error:
            declined.append(f"{code} {error.code.value}")
    if declined:
        raise JobFailed(f"{len(declined)} of {len(codes)} declined: {', '.join(declined)}")
    return len(codes)


def _sums(done: dict[str, int]) -> str:
    return ", ".join(f"{what} {count}" for what, count in done.items())


# --- one run ---------------------------------------------------------------------------------------------------------


def owner() -> str:
    """Who holds a lease, for an operator to find: machine and process."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}"


def run_slot(
    bank: Bank, job: Job, slot: str, *, by_hand: bool = False, stopping: threading.Event | None = None
) -> Ran | None:
    """Claim a slot and do what it is for; None when another has it, or it is done. Whatever the work raises is kept
    as this attempt's failure. UnknownSlot for what is no slot."""
    held = job_runs.claim(bank, OPERATOR, job.plan, slot, owner(), by_hand=by_hand)
    if held is None:
        return None
    with _beating(bank, held) as lost:

        def go_on() -> None:
            if lost.is_set() or (stopping is not None and stopping.is_set()):
                raise Stopped

        state, outcome = _attempt(bank, job, held, go_on)
    if state == job_runs.DONE:
        kept = job_runs.finish(bank, job.plan, held, outcome)
    else:
        kept = job_runs.fail(bank, held, outcome)
    ran = Ran(job.plan.job, slot, held.attempt, state if kept else LOST, outcome)
    say = _log.info if ran.state == job_runs.DONE else _log.error
    say(f"job {ran.state}", job=ran.job, slot=slot, attempt=ran.attempt, outcome=outcome)
    return ran


def _attempt(bank: Bank, job: Job, held: Claim, go_on: GoOn) -> tuple[str, str]:
    try:
        return job_runs.DONE, job.work(bank, held.slot, go_on)
    except Stopped:
        return job_runs.FAILED, "stopped"
    except JobFailed as error:
        return job_runs.FAILED, str(error)
    except Declined as error:
        return job_runs.FAILED, error.code.value
    except Exception as error:
        # One job must not stop the others. Its message may name somebody: the history gets the kind alone.
        _log.exception("job raised", job=held.job, slot=held.slot, attempt=held.attempt)
        return job_runs.FAILED, type(error).__name__


@contextmanager
def _beating(bank: Bank, held: Claim) -> Iterator[threading.Event]:
    """Renew the lease while the block runs; the event is set when another has the slot."""
    ended, lost = threading.Event(), threading.Event()

    def beat() -> None:
        while not ended.wait(_HEARTBEAT_SECONDS):
            try:
                if not job_runs.heartbeat(bank, held):
                    lost.set()
                    return
            except Declined as error:  # the database is busy or away; the lease lasts for a few more beats
                _log.warning("no heartbeat", job=held.job, slot=held.slot, code=error.code.value)

    thread = threading.Thread(target=beat, name=f"heartbeat {held.job}", daemon=True)
    thread.start()
    try:
        yield lost
    finally:
        ended.set()
        thread.join()


def run_due(bank: Bank, jobs: Sequence[Job], stopping: threading.Event | None = None) -> list[Ran]:
    """Run what is due of these jobs, one after the other, until nothing is: missed slots in their order."""
    ran: list[Ran] = []
    while True:
        before = len(ran)
        for job in jobs:
            if stopping is not None and stopping.is_set():
                return ran
            slot = job_runs.due(bank, OPERATOR, job.plan)
            done = None if slot is None else run_slot(bank, job, slot.name, stopping=stopping)
            if done is not None:
                ran.append(done)
        if len(ran) == before:
            return ran


# --- the scheduler ---------------------------------------------------------------------------------------------------


class Scheduler:
    """Knocks at every lane of jobs again and again. A lane runs one job at a time: those of the night share one, so
    that they come in order, and each of those every few minutes has its own, so that no night holds it up."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._stopping = threading.Event()
        lanes = _lanes(of(bank))
        self._clock = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(len(lanes))},
            # Late is no reason not to knock, and one knock is as good as ten.
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for name, lane in lanes.items():
            self._clock.add_job(
                self._knock, "interval", [lane], id=name, seconds=_KNOCK_SECONDS, next_run_time=datetime.now(UTC)
            )

    def start(self) -> None:
        """Begin, in threads of its own."""
        self._clock.start()

    def stop(self) -> None:
        """Begin nothing more, and wait until what runs has come to the end of the community it is at."""
        self._stopping.set()
        self._clock.shutdown(wait=True)

    def _knock(self, lane: Sequence[Job]) -> None:
        try:
            run_due(self._bank, lane, self._stopping)
        except Declined as error:  # the database does not answer: the next knock asks again
            _log.error("scheduler cannot look", code=error.code.value)


def _lanes(jobs: Iterable[Job]) -> dict[str, list[Job]]:
    lanes: dict[str, list[Job]] = {}
    for job in jobs:
        lanes.setdefault(job.plan.lane, []).append(job)
    return lanes
