"""The floor under the append path: the same rows, written by hand into the same tables."""

import sqlite3
import tempfile
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Engine, LargeBinary, String, select

from timebank.database import CACHE_KIB, LOG_PAGES
from timebank.ledger import metadata, parse_record

Rows = dict[str, list[tuple[Any, ...]]]
INSERTED = ("entries", "lines")
UPSERTED = ("subtrees", "accounts", "days")
TABLES = (*INSERTED, *UPSERTED)


def rows_since(engine: Engine, seq: int) -> Rows:
    """Every row that the records from `seq` on, the newest ones, wrote or changed, in all tables."""
    entries, lines, subtrees, accounts, days = (metadata.tables[name] for name in TABLES)
    touched = select(lines.c.account).where(lines.c.seq >= seq)
    with engine.connect() as connection:
        first = connection.scalars(select(entries.c.record).where(entries.c.seq == seq)).one()
    first_day = parse_record(first).intent.body["day"]  # visits are made one day after the other
    queries = (
        select(entries).where(entries.c.seq >= seq),
        select(lines).where(lines.c.seq >= seq),
        select(subtrees).where(subtrees.c.position * 256 + 255 >= seq, subtrees.c.level == 1),
        select(accounts).where(accounts.c.name.in_(touched)),
        select(days).where(days.c.account.in_(touched), days.c.day >= first_day),
        select(metadata.tables["ledgers"]),
    )
    with engine.connect() as connection:
        names = (*TABLES, "ledgers")
        return {
            name: [tuple(row) for row in connection.execute(query)] for name, query in zip(names, queries, strict=True)
        }


def sqlite_copy(engine: Engine, **options: Any) -> sqlite3.Connection:
    """A copy of an SQLite database as it stands, opened as the service opens its own."""
    path = Path(tempfile.mkdtemp(prefix="timebank-bench-")) / "raw.db"
    raw: sqlite3.Connection = sqlite3.connect(path, isolation_level=None, **options)
    source = sqlite3.connect(str(engine.url.database))
    source.backup(raw)
    source.close()
    sizes = f"wal_autocheckpoint={LOG_PAGES}", f"cache_size=-{CACHE_KIB}"
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=60000", *sizes):
        raw.execute(f"PRAGMA {pragma}")
    return raw


def _upsert_tail(name: str) -> str:
    table = metadata.tables[name]
    key = [column.name for column in table.primary_key]
    changes = ", ".join(f'"{c.name}" = excluded."{c.name}"' for c in table.c if c.name not in key)
    return f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changes}" if name in UPSERTED else ""


def _sqlite_statement(name: str) -> str:
    marks = ", ".join("?" for _ in metadata.tables[name].c)
    return f"INSERT INTO {name} VALUES ({marks})" + _upsert_tail(name)


_SQLITE = {name: _sqlite_statement(name) for name in TABLES}


def write_sqlite(raw: sqlite3.Connection, rows: Rows) -> None:
    """The rows and the head in one transaction."""
    raw.execute("BEGIN IMMEDIATE")
    for name, statement in _SQLITE.items():
        raw.executemany(statement, rows[name])
    raw.execute("UPDATE ledgers SET size = ?, checkpoint = ?", (rows["ledgers"][0][2], rows["ledgers"][0][-1]))
    raw.execute("COMMIT")


def write_postgresql(raw: psycopg.Connection, rows: Rows) -> None:
    """The same by COPY, and unnest where rows may be there already."""
    with raw.transaction(), raw.cursor() as cursor:
        for name in INSERTED:
            with cursor.copy(f"COPY {name} FROM STDIN") as copy:
                for row in rows[name]:
                    copy.write_row(row)
        for name in UPSERTED:
            if rows[name]:
                cursor.execute(_unnest(name), [list(column) for column in zip(*rows[name], strict=True)])
        cursor.execute("UPDATE ledgers SET size = %s, checkpoint = %s", (rows["ledgers"][0][2], rows["ledgers"][0][-1]))


def _unnest(name: str) -> str:
    columns = metadata.tables[name].c
    arrays = ", ".join(f"%s::{_pg_type(column.type)}[]" for column in columns)
    return f"INSERT INTO {name} SELECT * FROM unnest({arrays})" + _upsert_tail(name)


def _pg_type(kind: Any) -> str:
    return "text" if isinstance(kind, String) else "bytea" if isinstance(kind, LargeBinary) else "bigint"
