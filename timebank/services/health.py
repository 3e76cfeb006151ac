"""Look a service over, as a doctor does: what holds, what is late, what is wrong, and what to do about it."""

import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

from timebank import directory, migrations
from timebank.access import EVERYWHERE, Actor, Right, require
from timebank.bank import DAY_MS, MINUTE_MS, Bank, View
from timebank.keyring import KeyringError
from timebank.ledger import APPEND_ONLY, Declined, KeyRole, reads

from . import job_runs

_LATE_MS = 36 * 3_600_000  # a nightly job that was missed once
_FULL_LATE_MS = 35 * DAY_MS
_STUCK_MS = 3 * DAY_MS
_LEAST_FREE = 1 << 30
_RUNS_LOOKED_AT = 10


class Grade(StrEnum):
    GOOD = "good"
    LATE = "late"  # works, but somebody should look
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at. `todo`: what to do, empty when it is good."""

    what: str
    grade: Grade
    words: str
    todo: str = ""


def look(bank: Bank, actor: Actor | None) -> list[Finding]:
    """Everything, worst last in no order but that of the checks. Reads only; no record is verified here."""
    require(actor, Right.KEEP_BOOKS, EVERYWHERE)
    with bank.view() as view:
        return [finding for check in _CHECKS for finding in check(bank, view)]


def _form(bank: Bank, view: View) -> Iterator[Finding]:
    found = migrations.current(view.connection)
    good = found == migrations.newest()
    yield _graded("database form", good, f"revision {found}", "Run `timebank init`.")


def _database(bank: Bank, view: View) -> Iterator[Finding]:
    if view.connection.dialect.name == "sqlite":
        yield from _sqlite(view.connection)
    else:
        yield from _postgresql(view.connection)


def _sqlite(connection: Connection) -> Iterator[Finding]:
    pragmas = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")}
    good = pragmas == {"journal_mode": "wal", "synchronous": 2}
    yield _graded("durability", good, f"WAL, synchronous={pragmas['synchronous']}", "Use this program's own settings.")
    said = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
    yield _graded("pages of the file", said == "ok", said, "Stop the service; restore a copy, then `timebank verify`.")
    wanted = {f"{table.name}_no_{verb}" for table in APPEND_ONLY for verb in ("UPDATE", "DELETE")}
    found = set(connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars())
    yield _graded("append-only triggers", wanted <= found, f"{len(wanted & found)} of {len(wanted)}", _SOMEBODY)


def _postgresql(connection: Connection) -> Iterator[Finding]:
    settings = {name: connection.execute(text(f"SHOW {name}")).scalar() for name in ("fsync", "synchronous_commit")}
    good = settings["fsync"] == "on" and settings["synchronous_commit"] in ("on", "remote_write", "remote_apply")
    words = ", ".join(f"{name}={value}" for name, value in settings.items())
    yield _graded("durability", good, words, "Acknowledged entries can be lost: switch both on.")
    for table in APPEND_ONLY:
        may = text("SELECT has_table_privilege(:table, 'UPDATE, DELETE, TRUNCATE')")
        free = bool(connection.execute(may, {"table": table.name}).scalar())
        todo = "Run the service as a role that owns nothing (docs/operator.md, PostgreSQL)."
        words = "this role may change them" if free else "this role may not change them"
        yield Finding(what="rights on entries", grade=Grade.LATE if free else Grade.GOOD, words=words,
                      todo=todo if free else "")  # fmt: skip


def _files(bank: Bank, view: View) -> Iterator[Finding]:
    for what, path in (("master key", bank.settings.master_key_path), ("keyring", bank.settings.keyring_path)):
        if not path.exists():  # the master key may come from the environment, a keyring may still be empty
            continue
        private = not stat.S_IMODE(path.stat().st_mode) & 0o077
        yield _graded(what, private, "readable for its owner only" if private else "others may read it",
                      f"chmod 600 {path}")  # fmt: skip
    free = shutil.disk_usage(bank.settings.highwater_path.parent).free
    yield _graded("disk", free > _LEAST_FREE, f"{free >> 20} MiB free", "Make room: a full disk stops the books.")
    name = make_url(bank.settings.database_url).database
    if view.connection.dialect.name == "sqlite" and name:
        apart = Path(name).stat().st_dev != bank.settings.highwater_path.stat().st_dev
        words = "on another disk than the database" if apart else "on the same disk as the database"
        yield Finding(what="high-water file", grade=Grade.GOOD if apart else Grade.LATE, words=words,
                      todo="" if apart else _APART)  # fmt: skip


def _ledgers(bank: Bank, view: View) -> Iterator[Finding]:
    for head in reads.heads(view.connection):
        behind = bank.behind(view.connection, head)
        if behind:
            todo = "See docs/operator.md, “The database is behind”."
            yield Finding(what=head.origin, grade=Grade.BAD, words=behind, todo=todo)
        fault = directory.audits.open_fault(view.connection, head.origin)
        if fault:
            todo = "See docs/operator.md, “An audit found a fault”."
            yield Finding(what=head.origin, grade=Grade.BAD, words=fault, todo=todo)
        if not head.ended:
            yield from _keys(bank, view, head)
            yield from _ages(bank, view, head)


def _keys(bank: Bank, view: View, head: reads.Head) -> Iterator[Finding]:
    try:
        bank.log_signer(max(reads.keys_of(view.connection, head, KeyRole.LOG), key=lambda key: key.since))
        bank.signer(view.connection, head, KeyRole.SYSTEM)
    except (KeyringError, Declined) as error:
        todo = "Bring back the newest copy of the keyring."
        yield Finding(
            what=head.origin, grade=Grade.BAD, words=f"a key that signs for it is missing: {error}", todo=todo
        )


def _ages(bank: Bank, view: View, head: reads.Head) -> Iterator[Finding]:
    for kinds, limit, what, todo in (
        (("full", "new"), _LATE_MS, "audited", "Run `timebank audit`."),
        (("full",), _FULL_LATE_MS, "audited in full", "Run `timebank verify`."),
        (("scrub", "full"), _FULL_LATE_MS, "scrubbed", "Run `timebank scrub`."),
    ):
        done = directory.audits.newest(view.people, head.origin, *kinds)
        if done is None or view.now - done.ended_at > limit:
            when = "never" if done is None else f"{(view.now - done.ended_at) // DAY_MS} days ago"
            yield Finding(what=head.origin, grade=Grade.LATE, words=f"{what}: {when}", todo=todo)


def _digest(bank: Bank, view: View) -> Iterator[Finding]:
    newest = directory.digests.newest(view.people)
    late = newest is None or view.now - newest.at > _LATE_MS
    words = "none was ever made" if newest is None else f"of {newest.day}, over {newest.heads} heads"
    yield Finding(what="digest", grade=Grade.LATE if late else Grade.GOOD, words=words,
                  todo="Run `timebank digest make`, and put it where others see it." if late else "")  # fmt: skip


def _clock(bank: Bank, view: View) -> Iterator[Finding]:
    newest = reads.newest_ms(view.connection)
    back = newest - view.now
    good = back <= bank.settings.clock_back_minutes * 60_000
    words = "not before the newest entry" if good else f"{back // 60_000} minutes before the newest entry"
    yield _graded("clock", good, words, "Set the clock right; then `timebank clock confirm`.")


def _travelling(bank: Bank, view: View) -> Iterator[Finding]:
    """Hours that are held for another community are nobody's to use; after some days somebody should call there."""
    for community, peer, count, oldest in directory.transfers.waiting_since(view.people, view.now - _STUCK_MS):
        words = f"{count} transfers to {peer}, the oldest for {(view.now - oldest) // DAY_MS} days"
        todo = "Look at `timebank peers list`, and call the other service: nothing is given back before it has said so."
        yield Finding(what=f"hours on their way from {community}", grade=Grade.LATE, words=words, todo=todo)


def _jobs(bank: Bank, view: View) -> Iterator[Finding]:
    found = job_runs.standings(view, bank, _RUNS_LOOKED_AT)
    if not any(one.runs for one in found):
        yield Finding(what="jobs", grade=Grade.LATE, words="none ever ran", todo="Start `timebank scheduler`.")
        return
    wrong = [finding for one in found for finding in (*_failed(one), *_waiting(one, view.now))]
    yield from wrong or [Finding(what="jobs", grade=Grade.GOOD, words=f"{len(found)} in time")]


def _failed(one: job_runs.Standing) -> Iterator[Finding]:
    """What failed since a slot of this job was last done; given up counts for more than what is tried again."""
    since = list(takewhile(lambda run: run.state != job_runs.DONE, one.runs))
    given_up = [run for run in since if run.state == job_runs.GIVEN_UP]
    for run in (given_up or [run for run in since if run.state in (job_runs.FAILED, job_runs.DIED)])[:1]:
        first = "Look at the log, mend it, then" if given_up else "It is tried again; at once with"
        yield Finding(
            what=f"job {run.job}",
            grade=Grade.BAD if given_up else Grade.LATE,
            words=f"{run.slot}: {run.state}, try {run.attempt}, {run.outcome or 'no word of it'}",
            todo=f"{first} `timebank jobs run {run.job} --slot {run.slot}`.",
        )


def _waiting(one: job_runs.Standing, now: int) -> Iterator[Finding]:
    due = one.next_due
    if due is None:
        return
    # Of a job every few minutes the newest slot is always young: what counts is when it last began.
    since = one.runs[0].claimed_at if one.plan.is_frequent and one.runs else due.due_at
    if now - since > one.plan.grace_ms:
        words = f"{due.name} is due, and nothing ran for {(now - since) // MINUTE_MS} minutes"
        todo = "Is `timebank scheduler` running? See its log."
        yield Finding(what=f"job {one.plan.job}", grade=Grade.LATE, words=words, todo=todo)


_APART = "Set `highwater_path` to another disk: both must not be lost at once."
_SOMEBODY = "Somebody removed them: find out who, then `timebank verify`."


def _graded(what: str, good: bool, words: str, todo: str) -> Finding:
    return Finding(what=what, grade=Grade.GOOD if good else Grade.BAD, words=words, todo="" if good else todo)


_CHECKS: tuple[Callable[[Bank, View], Iterator[Finding]], ...] = (
    _form, _database, _files, _clock, _jobs, _digest, _travelling, _ledgers,
)  # fmt: skip
