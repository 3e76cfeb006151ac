"""Verification: what is taken in, a whole ledger on all cores, and the chain alone."""

import multiprocessing
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

from bench.rounds import Measured, interleave
from bench.shop import Counter
from tests.world import HERE
from timebank.access import OPERATOR
from timebank.ledger import Note, reads, scrub, verify_signature
from timebank.ledger.keys import Vkey
from timebank.ledger.note import Signature
from timebank.services import audits, entries

PROCESSES = 2
Check = tuple[Vkey, bytes, Signature]
# What the processes of the floor verify: they are forked when it is there, so that nothing is sent to them.
_CHECKS: list[Check] = []


def _verify(span: tuple[int, int]) -> int:
    return sum(verify_signature(*check) for check in _CHECKS[slice(*span)])


@contextmanager
def _signature_checks(checks: Sequence[Check]) -> Iterator[ProcessPoolExecutor]:
    """Two processes that have these checks before them."""
    _CHECKS[:] = checks
    with ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("fork")) as pool:
        assert sum(pool.map(_verify, [(0, 1), (1, 2)])) == 2
        yield pool
    _CHECKS.clear()


def _check_all(pool: ProcessPoolExecutor, count: int) -> int:
    half = count // PROCESSES
    done = sum(pool.map(_verify, [(0, half), (half, count)]))
    assert done == count
    return done


def _checks_of(notes: Sequence[bytes], vkey: Vkey) -> list[Check]:
    parsed = [Note.parse(note) for note in notes]
    return [(vkey, note.text, note.signatures[0]) for note in parsed]


def against_checks(name: str, thing: Callable[[], int], notes: Sequence[bytes], vkey: Vkey, rounds: int) -> Measured:
    """How many entries a second, against the checks of these signatures by two processes."""
    floor_name = "signature checks in 2 processes, same library"
    with _signature_checks(_checks_of(notes, vkey)) as pool:
        return interleave(name, thing, floor_name, lambda: _check_all(pool, len(notes)), "entries", rounds)


def taking_in(rounds: int, count: int = 20_000) -> Measured:
    """Signed entries taken in: read, verified, judged, sealed, committed; against the bare checks in two processes."""
    counter = Counter(people=400)
    batches = [[counter.visit().note for _ in range(count)] for _ in range(rounds)]
    waiting = iter(batches)

    def thing() -> int:
        outcomes = [one for part in entries.take_in(counter.bank, HERE, next(waiting)) for one in part]
        assert all(outcome.record is not None for outcome in outcomes)
        return count

    return against_checks(f"import of {count:,} signed entries", thing, batches[0], counter.station.vkey, rounds)


def filled(count: int) -> Counter:
    """A bank whose ledger holds so many visits."""
    counter = Counter(people=400)
    for start in range(0, count, 1000):
        batch = [counter.visit() for _ in range(min(1000, count - start))]
        with counter.bank.work(counter.origin) as work:
            work.writer.append_all(batch)
    return counter


def whole(rounds: int, count: int = 100_000) -> Iterator[Measured]:
    """A full audit with every derived row, and the chain alone."""
    yield from whole_of(filled(count), rounds, count)


def whole_of(counter: Counter, rounds: int, count: int) -> Iterator[Measured]:
    """As `whole`, of this ledger."""
    sample = [counter.visit().note for _ in range(min(count, 50_000))]
    name = f"full verification of {count:,} entries on {PROCESSES} cores"
    yield against_checks(name, lambda: _audit(counter, count), sample, counter.station.vkey, rounds)
    raw = sqlite3.connect(str(counter.bank.engine.url.database))

    def scan() -> int:
        rows = raw.execute("SELECT seq, hash, record FROM entries WHERE ledger = 1 ORDER BY seq")
        return sum(1 for _ in rows)

    def chain() -> int:
        with counter.bank.view() as view:
            return scrub(view.connection, reads.head(view.connection, counter.origin)).size

    yield interleave(f"chain-only verification of {count:,} entries", chain, "a raw row scan", scan, "entries", rounds)


def _audit(counter: Counter, count: int) -> int:
    segment = -(-count // (2 * PROCESSES))
    (found,) = audits.run(counter.bank, OPERATOR, [HERE], audits.FULL, processes=PROCESSES, segment=segment)
    assert found.report is not None, found.fault
    return found.report.size
