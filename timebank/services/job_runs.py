"""Who runs which job in which slot: exactly one of all schedulers, each slot once, and what came of it.

A run holds its slot by a lease that it renews. One that died is taken over when its lease is over, under a higher
attempt; from then on nothing that the old one says is believed.
"""

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from timebank import directory
from timebank.access import EVERYWHERE, Actor, Right, require
from timebank.bank import MINUTE_MS, Bank, Reading

from .job_plan import MOST_MADE_UP, Plan, Slot, plans, slots

LEASE_MS = 5 * MINUTE_MS
# After so many attempts a slot is left to a person, and the next one has its turn.
MOST_TRIES = 8
RUNNING, DONE, FAILED = "running", "done", "failed"
DIED, GIVEN_UP = "died", "given-up"
_LONGEST_OUTCOME = 200


class UnknownSlot(Exception):
    """There is no such slot of this job, or not yet, or it is long past."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The right to run a job in a slot; of two for the same slot only the higher attempt counts."""

    job: str
    slot: str
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run as it stands: `running`, `done`, `failed` (tried again), `died` (its lease is over) or `given-up`."""

    job: str
    slot: str
    attempt: int
    state: str
    owner: str
    claimed_at: int
    ended_at: int | None
    outcome: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a job stands: its last runs, the newest first, and the slot that is next, when one is due."""

    plan: Plan
    runs: tuple[Run, ...]
    next_due: Slot | None


def due(bank: Bank, actor: Actor | None, plan: Plan) -> Slot | None:
    """The slot of a job that may be run now: its earliest that has not ended, unless somebody is at it, it failed a
    moment ago, or the job before it has not ended there. Reads only: who runs it must still claim it."""
    require(actor, Right.KEEP_BOOKS, EVERYWHERE)
    with bank.view() as view:
        first = _first_open(view, bank, plan)
        if first is None or not _may_begin(first[1], plan, view.now):
            return None
        before = next((one for one in plans(bank.settings) if one.job == plan.after), None)
        waited_for = None if before is None else _first_open(view, bank, before)
        if waited_for is not None and waited_for[0].name <= first[0].name:
            return None
        return first[0]


def claim(bank: Bank, actor: Actor | None, plan: Plan, slot: str, owner: str, *, by_hand: bool = False) -> Claim | None:
    """Take a slot; None when another has it, it is done, or it rests before its next try.

    By hand it is tried again also while it rests and when it was given up. UnknownSlot for what is no slot, or none of
    the last ones.
    """
    require(actor, Right.KEEP_BOOKS, EVERYWHERE)
    try:
        with bank.office() as office:
            row = directory.jobs.locked(office.people, plan.job, slot)
            if row is None:
                if slot not in {one.name for one in slots(plan, office.now, bank.settings.utc_offset_minutes)}:
                    raise UnknownSlot(slot)
                row = directory.JobRun(job=plan.job, slot=slot, attempt=0)
                office.people.add(row)
            elif not (_may_begin(row, plan, office.now) or (by_hand and _is_free(row, office.now))):
                return None
            row.attempt += 1
            row.state, row.owner, row.ended_at, row.outcome = RUNNING, owner, None, None
            row.claimed_at = row.heartbeat_at = office.now
            row.lease_until = office.now + LEASE_MS
            return Claim(job=plan.job, slot=slot, attempt=row.attempt)
    except IntegrityError:  # another scheduler made the row in the same moment
        return None


def heartbeat(bank: Bank, held: Claim) -> bool:
    """Renew the lease; False when another has taken the slot over, and this run must stop."""
    with bank.office() as office:
        row = _held(office, held)
        if row is not None:
            row.heartbeat_at = office.now
            row.lease_until = office.now + LEASE_MS
        return row is not None


def finish(bank: Bank, plan: Plan, held: Claim, outcome: str) -> bool:
    """Say that it is done; False, and nothing is written, when another has taken the slot over. Old history goes."""
    with bank.office() as office:
        directory.jobs.forget(office.people, plan.job, office.now - plan.kept_ms)
        return _end(office, held, DONE, outcome)


def fail(bank: Bank, held: Claim, outcome: str) -> bool:
    """Say that it failed; False, and nothing is written, when another has taken the slot over."""
    with bank.office() as office:
        return _end(office, held, FAILED, outcome)


def newest_slot(bank: Bank, plan: Plan) -> str:
    """The slot of a job that came due last."""
    return slots(plan, bank.clock(), bank.settings.utc_offset_minutes, 1)[0].name


def history(bank: Bank, actor: Actor | None, most: int = 1) -> tuple[Standing, ...]:
    """How every job stands, with its last `most` runs."""
    require(actor, Right.KEEP_BOOKS, EVERYWHERE)
    with bank.view() as view:
        return standings(view, bank, most)


def standings(view: Reading, bank: Bank, most: int = 1) -> tuple[Standing, ...]:
    """As `history`, for who has a view already."""
    found = []
    for plan in plans(bank.settings):
        first = _first_open(view, bank, plan)
        rows = directory.jobs.newest(view.people, plan.job, most)
        runs = tuple(_run(row, view.now) for row in rows)
        found.append(Standing(plan=plan, runs=runs, next_due=None if first is None else first[0]))
    return tuple(found)


def _first_open(view: Reading, bank: Bank, plan: Plan) -> tuple[Slot, directory.JobRun | None] | None:
    """The earliest slot that has not ended, with its run if there is one.

    A job that never ran begins with its newest slot. What a clock that was ahead left behind in the future is not
    looked at, or nothing would run until then.
    """
    come = slots(plan, view.now, bank.settings.utc_offset_minutes)
    known = directory.jobs.newest(view.people, plan.job, MOST_MADE_UP, come[-1].name)
    after = known[0].slot if known and not plan.is_frequent else come[-2].name
    taken = {row.slot for row in known}
    found: list[tuple[Slot, directory.JobRun | None]] = [
        (Slot(row.slot, row.claimed_at), row) for row in known if not _has_ended(row, view.now)
    ]
    found += [(one, None) for one in come if one.name > after and one.name not in taken]
    return min(found, key=lambda one: one[0], default=None)


def _has_ended(row: directory.JobRun, now: int) -> bool:
    return row.state == DONE or (row.attempt >= MOST_TRIES and _is_free(row, now))


def _is_free(row: directory.JobRun, now: int) -> bool:
    """It is not done, and nobody is at it."""
    return row.state == FAILED or (row.state == RUNNING and row.lease_until <= now)


def _may_begin(row: directory.JobRun | None, plan: Plan, now: int) -> bool:
    if row is None:
        return True
    if _has_ended(row, now):
        return False
    if row.ended_at is None:
        return row.lease_until <= now
    return row.ended_at + min(plan.longest_pause_ms, MINUTE_MS << (row.attempt - 1)) <= now


def _held(office: Reading, held: Claim) -> directory.JobRun | None:
    row = directory.jobs.locked(office.people, held.job, held.slot)
    return row if row is not None and (row.attempt, row.state) == (held.attempt, RUNNING) else None


def _end(office: Reading, held: Claim, state: str, outcome: str) -> bool:
    row = _held(office, held)
    if row is not None:
        row.state, row.ended_at, row.outcome = state, office.now, outcome[:_LONGEST_OUTCOME]
    return row is not None


def _run(row: directory.JobRun, now: int) -> Run:
    state = row.state
    if state != DONE and _has_ended(row, now):
        state = GIVEN_UP
    elif state == RUNNING and row.lease_until <= now:
        state = DIED
    return Run(
        job=row.job,
        slot=row.slot,
        attempt=row.attempt,
        state=state,
        owner=row.owner,
        claimed_at=row.claimed_at,
        ended_at=row.ended_at,
        outcome=row.outcome,
    )
