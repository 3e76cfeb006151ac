"""Open the database, embedded SQLite or PostgreSQL, so that what was committed stays committed."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from timebank.ledger import Code, Prepared, Refused

# A transaction that will write says so when it begins: SQLite must take its lock then, not in the middle.
WRITES = {"timebank_writes": True}
_BUSY_MS = 30_000
# Pages after which a commit empties the log: a large batch is not followed by that each time.
LOG_PAGES = 4000
# What one connection keeps of the file: the upper parts of the trees of a large ledger stay at hand.
CACHE_KIB = 16_384
# What a statement carries is about people: an error message must not repeat it into a log.
_QUIET = {"hide_parameters": True}
_BEGIN = Prepared(text("BEGIN"))
_BEGIN_WRITING = Prepared(text("BEGIN IMMEDIATE"))


def open_engine(url: str, *, pooled: bool = True) -> Engine:
    """An engine for `url`. On SQLite: WAL, synchronous=FULL (an acknowledged commit survives a power cut), foreign
    keys, and recursive triggers, without which INSERT OR REPLACE would slip past the append-only triggers."""
    if make_url(url).get_backend_name() == "postgresql":
        return create_engine(url, isolation_level="READ COMMITTED", pool_pre_ping=True, **_QUIET, **_pool(pooled, 16))
    path = _sqlite_path(url)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, **_QUIET, **_pool(pooled, 64))
    if path is not None:
        event.listen(engine, "connect", partial(_sync_log, path.with_name(path.name + "-wal")))
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _pool(pooled: bool, size: int) -> dict[str, Any]:
    return {"pool_size": size, "max_overflow": size} if pooled else {"poolclass": NullPool}


def _sqlite_path(url: str) -> Path | None:
    name = make_url(url).database
    return None if not name or name == ":memory:" else Path(name)


def _sync_log(log: Path, _connection: Any, _entry: ConnectionPoolEntry) -> None:
    """What a killed process had written but not synced is read by the next one, and could be answered with: it must be
    on the disk first, because a retry that finds it commits nothing and so syncs nothing."""
    try:
        file = os.open(log, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        os.fsync(file)
    except OSError as error:
        raise sqlite3.OperationalError(f"disk I/O error: {error.strerror}") from error
    finally:
        os.close(file)


def _prepare_sqlite(connection: Any, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # BEGIN is ours to say
    for pragma in (
        f"busy_timeout={_BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
        f"wal_autocheckpoint={LOG_PAGES}",
        f"cache_size=-{CACHE_KIB}",  # SQLite takes a number below zero for kibibytes
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("timebank_writes", False)
    if not connection.connection.driver_connection.in_transaction:  # type: ignore[union-attr]  # sqlite3's
        (_BEGIN_WRITING if writes else _BEGIN).run(connection)


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the database as it is at its first question, and writes nothing: it is rolled back.

    The driver is told directly, because SQLAlchemy's own transaction costs more than the few rows of most pages.
    """
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            yield connection
    else:
        with engine.connect() as connection:
            _BEGIN.run(connection)
            yield connection


class Gate:
    """Where writers to one SQLite file queue, across threads and processes.

    SQLite's own busy handler sleeps and tries again, so that a writer may starve; a blocking lock wakes it at once.
    On PostgreSQL the locked row is the queue and the gate stands open.
    """

    def __init__(self, engine: Engine) -> None:
        path = _sqlite_path(str(engine.url)) if engine.dialect.name == "sqlite" else None
        self._path = None if path is None else path.with_name(path.name + ".lock")

    def pass_through(self) -> Any:
        return nullcontext() if self._path is None else self._locked(self._path)

    @contextmanager
    def _locked(self, path: Path) -> Iterator[None]:
        # A file description of its own for each passage: flock then tells threads apart as well as processes.
        try:
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise Refused(Code.DATABASE_UNAVAILABLE, why=str(error)) from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        finally:
            os.close(file)
