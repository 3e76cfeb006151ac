"""Audit ledgers: in full or from a seal on, on all cores; keep what was found; show it. Never a name."""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache

from sqlalchemy import Connection, Engine

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import Bank, View
from timebank.database import open_engine
from timebank.ledger import (
    Corrupted,
    Key,
    PolicyVersion,
    Record,
    Report,
    Segment,
    audit,
    audit_segment,
    check_size,
    cuts,
    join,
    newest_seal,
    reads,
    scrub,
)

from . import job_runs

Progress = Callable[[int], None]
FULL, NEW, SCRUB = "full", "new", "scrub"
# A ledger of fewer records is done before processes have started.
_WORTH_PROCESSES = 20_000
_SEGMENT = 100_000
# More records than these are not replayed while somebody waits for an answer: the command does it.
MOST_WAITED_FOR = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One audit that found no fault, from record `first` up to `size` records whose root was `root`."""

    ended_at: int
    first: int
    size: int
    root: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A ledger from outside: its head and signed checkpoint, totals by kind of account, keys, policies, records.

    `audits`: by kind, the last that found no fault; a fault that is still open is the reason in `read_only`. `seal`:
    the newest. `digest`: the day of the newest over the heads of this service. `jobs`: how what runs by itself stands.
    """

    community: str
    name: str
    head: reads.Head
    totals: dict[str, tuple[int, int]]
    keys: tuple[Key, ...]
    policies: tuple[PolicyVersion, ...]
    records: tuple[Record, ...]
    before: int | None
    read_only: str | None
    audits: dict[str, Past]
    seal: Record | None
    digest: str | None
    jobs: tuple[job_runs.Standing, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an audit found of one community's ledger: a report, or a fault in words."""

    community: str
    kind: str
    report: Report | None
    fault: str | None


def overview(bank: Bank, actor: Actor | None, community: str, before: int | None = None, limit: int = 20) -> Overview:
    """The ledger's state, and a page of its records, newest first."""
    require(actor, Right.AUDIT, community)
    with bank.view() as view:
        place = view.community(community)
        head = view.head_of(community)
        records = reads.records_page(view.connection, head, before, limit)
        keys = reads.keys(view.connection, head).values()
        seal = newest_seal(view.connection, head, head.size)
        digest = directory.digests.newest(view.people)
        return Overview(
            community=community,
            name=place.name,
            head=head,
            totals=reads.totals(view.connection, head),
            keys=tuple(sorted(keys, key=lambda key: key.since)),
            policies=tuple(reads.policies(view.connection, head)),
            records=tuple(records),
            before=records[-1].seq if records and records[-1].seq > 0 else None,
            read_only=bank.stopped(view.connection, head),
            audits=_last_of_each(view, head.origin),
            seal=None if seal is None else reads.record_at(view.connection, head, seal),
            digest=None if digest is None else digest.day,
            jobs=job_runs.standings(view, bank),
        )


def _last_of_each(view: View, origin: str) -> dict[str, Past]:
    found = {kind: directory.audits.newest(view.people, origin, kind) for kind in (FULL, NEW, SCRUB)}
    return {kind: _past(row) for kind, row in found.items() if row is not None}


def _past(row: directory.Audit) -> Past:
    return Past(
        ended_at=row.ended_at,
        first=row.first,
        size=row.size,
        root=row.root,
    )


def record(bank: Bank, actor: Actor | None, community: str, seq: int) -> Record:
    """One record, as its bytes are."""
    require(actor, Right.AUDIT, community)
    with bank.view() as view:
        return reads.record_at(view.connection, view.head_of(community), seq)


def checkpoint(bank: Bank, community: str) -> bytes:
    """The ledger's signed head. Public: a head that nobody sees witnesses nothing."""
    with bank.view() as view:
        view.community(community)
        found = view.head_of(community).checkpoint
        if found is None:
            raise Corrupted("has no checkpoint that reads", origin=view.origin_of(community))
        return found.note


def verify(bank: Bank, actor: Actor | None, community: str, progress: Progress | None = None) -> Report:
    """Replay the whole ledger and compare every derived row and the high-water mark, here and now; keeps nothing.

    Corrupted at the first fault.
    """
    require(actor, Right.AUDIT, community)
    with bank.view() as view:
        return _replayed(bank, view, view.head_of(community), progress)


def verify_small(bank: Bank, actor: Actor | None, community: str) -> Report | None:
    """As `verify`, for somebody who waits; None when the ledger has more than MOST_WAITED_FOR records."""
    require(actor, Right.AUDIT, community)
    with bank.view() as view:
        head = view.head_of(community)
        return None if head.size > MOST_WAITED_FOR else _replayed(bank, view, head, None)


def _replayed(bank: Bank, view: View, head: reads.Head, progress: Progress | None) -> Report:
    _check_before(bank, view, head)
    return audit(view.connection, head, progress)


def run(
    bank: Bank,
    actor: Actor | None,
    communities: Sequence[str],
    kind: str,
    progress: Progress | None = None,
    *,
    processes: int | None = None,
    segment: int = _SEGMENT,
) -> Iterator[Found]:
    """Audit these ledgers one after the other on all cores, keep what was found, and say it.

    `kind`: `full`; `new`, from the newest seal that an earlier audit has passed; `scrub`, the chain alone. A fault
    makes the ledger read-only until a full audit finds it gone. Ledgers of more than `segment` records are cut, and
    the pieces looked at side by side in `processes` (as many as there are cores, where that pays).
    """
    for community in communities:
        require(actor, Right.AUDIT, community)
    with _pool(bank, communities, processes) as pool:
        for community in communities:
            began_at = bank.clock()
            yield _kept(bank, began_at, _audited(bank, community, kind, progress, pool, segment))


@dataclass(frozen=True, slots=True)
class _Looked:
    found: Found
    head: reads.Head
    first: int


def _audited(
    bank: Bank, community: str, kind: str, progress: Progress | None, pool: ProcessPoolExecutor | None, segment: int
) -> _Looked:
    origin = bank.origin(community)
    with bank.view() as view:
        head = view.head(origin)
        first = _beginning(view, head) if kind == NEW else 0
        done = NEW if first else FULL if kind == NEW else kind
        try:
            _check_before(bank, view, head)
            report = _look(bank, view.connection, head, done, first, progress, pool, segment)
        except Corrupted as error:
            return _Looked(Found(community=community, kind=done, report=None, fault=str(error)), head, first)
        return _Looked(Found(community=community, kind=done, report=report, fault=None), head, first)


def _check_before(bank: Bank, view: View, head: reads.Head) -> None:
    """What was acknowledged and what was audited must still be there."""
    behind = bank.behind(view.connection, head)
    if behind:
        raise Corrupted(behind, origin=head.origin)
    earlier = directory.audits.newest(view.people, head.origin, FULL, NEW)
    if earlier is not None and reads.root_at(view.connection, head, earlier.size) != earlier.root:
        what = f"its first {earlier.size} records are not those that were audited (root {earlier.root.hex()})"
        raise Corrupted(what, origin=head.origin)


def _beginning(view: View, head: reads.Head) -> int:
    """The newest seal that an audit has passed, 0 when there is none."""
    earlier = directory.audits.newest(view.people, head.origin, FULL, NEW)
    return (earlier and newest_seal(view.connection, head, min(earlier.size, head.size))) or 0


def _look(
    bank: Bank,
    connection: Connection,
    head: reads.Head,
    kind: str,
    first: int,
    progress: Progress | None,
    pool: ProcessPoolExecutor | None,
    segment: int,
) -> Report:
    if kind == SCRUB:
        return scrub(connection, head, progress)
    check_size(connection, head)
    pieces = cuts(head.size, first, segment)
    if pool is None or len(pieces) == 1:
        return audit(connection, head, progress, first=first, segment=segment)
    done = []
    of = (bank.settings.database_url, head.origin, head.size)
    # This connection sees the tables as they were when the head was read, however long the others take.
    for piece in pool.map(_segment, ((*of, *cut) for cut in pieces)):
        done.append(piece)
        if progress is not None:
            progress(piece.report.size - piece.first)
    return join(connection, head, done)


def _segment(piece: tuple[str, str, int, int, int]) -> Segment:
    """In a process of its own, by a connection of its own: records never change, and the rows that belong to them."""
    url, origin, size, first, end = piece
    with _engine(url).connect() as connection, connection.begin():
        head = reads.head(connection, origin)
        return audit_segment(connection, replace(head, size=size), first, end)


@lru_cache(maxsize=1)
def _engine(url: str) -> Engine:
    return open_engine(url, pooled=False)


@contextmanager
def _pool(bank: Bank, communities: Sequence[str], processes: int | None) -> Iterator[ProcessPoolExecutor | None]:
    if processes is None:
        with bank.view() as view:
            largest = max((view.head_of(code).size for code in communities), default=0)
        processes = (os.cpu_count() or 1) if largest > _WORTH_PROCESSES else 1
    if processes == 1:
        yield None
        return
    # Spawned, not forked: a fork would share the parent's connections.
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        yield pool


def _kept(bank: Bank, began_at: int, looked: _Looked) -> Found:
    found, head = looked.found, looked.head
    with bank.office() as office:
        if found.report is not None and found.kind == FULL:
            for fault in directory.audits.open_faults(office.people, head.origin):
                fault.resolved_at = office.now
        office.people.add(
            directory.Audit(
                id=bank.uuid(),
                origin=head.origin,
                kind=found.kind,
                began_at=began_at,
                ended_at=office.now,
                first=looked.first,
                size=head.size,
                root=head.root,
                fault=found.fault,
                resolved_at=None,
            )
        )
    return found
