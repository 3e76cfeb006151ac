"""A ledger to measure: a few hundred people, and visits signed beforehand, because signing is the caller's."""

import random
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select

from tests.ledger.cast import ORIGIN, Desk, found, log_signer
from timebank import migrations
from timebank.database import WRITES, open_engine
from timebank.ledger import Record, SignedIntent, Writer, metadata, reads

PEOPLE = 400
TODAY = "2026-09-21"
Rows = dict[str, list[tuple[Any, ...]]]
INSERTED = ("entries", "lines")
UPSERTED = ("subtrees", "accounts", "days")


class Shop:
    """A founded ledger with half volunteers, half elders, in a database of its own."""

    def __init__(self, app_url: str, owner_url: str | None = None, people: int = PEOPLE) -> None:
        migrations.upgrade(owner_url or app_url, app_url)
        self.engine: Engine = open_engine(app_url)
        self.desk = Desk()
        self._random = random.Random(1)
        self._half = people // 2
        with self.engine.connect().execution_options(**WRITES) as connection, connection.begin():
            found(connection, self.desk)
        self.append_all([self.desk.open(f"{side}-{n}") for n in range(self._half) for side in ("v", "e")])

    @classmethod
    def on_sqlite(cls, **more: Any) -> "Shop":
        return cls(f"sqlite:///{Path(tempfile.mkdtemp(prefix='timebank-bench-')) / 'bench.db'}", **more)

    @property
    def path(self) -> str:
        """The file of the database, on SQLite."""
        return str(self.engine.url.database)

    def visits(self, count: int) -> list[SignedIntent]:
        pairs = [(self._random.randrange(self._half), self._random.randrange(self._half)) for _ in range(count)]
        return [self.desk.service(f"v-{one}", f"e-{other}", 1, TODAY) for one, other in pairs]

    def append_all(self, signed: Sequence[SignedIntent]) -> list[Record]:
        with self.engine.connect().execution_options(**WRITES) as connection, connection.begin():
            writer = Writer(connection, ORIGIN, self.desk.ms)
            records = writer.append_all(signed)
            writer.flush(log_signer)
        return records

    def size(self) -> int:
        with self.engine.connect() as connection:
            return reads.head(connection, ORIGIN).size

    def rows_of(self, records: Sequence[Record]) -> Rows:
        """Every row that appending these records, the newest ones, wrote or changed, in all tables."""
        start = records[0].seq
        tables = metadata.tables
        with self.engine.connect() as connection:
            entries = tables["entries"]
            lines = tables["lines"]
            touched = select(lines.c.account).where(lines.c.seq >= start)
            of = {
                "entries": select(entries).where(entries.c.seq >= start),
                "lines": select(lines).where(lines.c.seq >= start),
                "accounts": select(tables["accounts"]).where(tables["accounts"].c.name.in_(touched)),
                "days": select(tables["days"]).where(tables["days"].c.account.in_(touched)),
                "subtrees": select(tables["subtrees"]).where(tables["subtrees"].c.position * 256 + 255 >= start),
                "ledgers": select(tables["ledgers"]),
            }
            return {name: [tuple(row) for row in connection.execute(query)] for name, query in of.items()}


def schema(shop: Shop) -> list[str]:
    """What makes the same tables with the same indexes in another SQLite database."""
    raw = sqlite3.connect(shop.path)
    wanted = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid"
    made = [row[0] for row in raw.execute(wanted)]
    raw.close()
    return made


def raw_copy(shop: Shop) -> sqlite3.Connection:
    """An SQLite database with the same tables, opened as the service opens its own, holding what the shop holds."""
    path = Path(tempfile.mkdtemp(prefix="timebank-bench-")) / "raw.db"
    raw = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    source = sqlite3.connect(shop.path)
    source.backup(raw)
    source.close()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=60000"):
        raw.execute(f"PRAGMA {pragma}")
    return raw


def raw_statements() -> dict[str, str]:
    """How the rows of each table are written by hand."""
    made = {}
    for name in (*INSERTED, *UPSERTED):
        table = metadata.tables[name]
        columns = [column.name for column in table.c]
        key = [column.name for column in table.primary_key]
        made[name] = f"INSERT INTO {name} VALUES ({', '.join('?' for _ in columns)})"  # noqa: S608
        if name in UPSERTED:
            changes = ", ".join(f'"{c}" = excluded."{c}"' for c in columns if c not in key)
            made[name] += f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changes}"
    return made


@contextmanager
def writing_raw(raw: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    raw.execute("BEGIN IMMEDIATE")
    yield raw
    raw.execute("COMMIT")


def write_raw(raw: sqlite3.Connection, rows: Rows, statements: dict[str, str]) -> None:
    """The rows of one batch in one transaction, and the head."""
    with writing_raw(raw):
        for name, statement in statements.items():
            raw.executemany(statement, rows[name])
        raw.execute("UPDATE ledgers SET size = ?, root = ?, checkpoint = ?", (rows["ledgers"][0][2], b"r", b"c" * 300))
