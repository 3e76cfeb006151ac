"""Rows of the ledger's tables, in and out by the hundred: one text a statement, handed straight to the driver.

The tables are those of SQLAlchemy Core, and so is the transaction. What is left out is its work for each execution,
which on the append path costs more than the database itself (docs/performance.md).
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql

from .prepared import as_ours

Row = tuple[Any, ...]
_PG_TYPES = postgresql.dialect()  # type: ignore[no-untyped-call]
_WORTH_COPY = 16  # rows; below, its round trips cost more than it saves
_JSON = msgspec.json.Encoder()


def insert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Add rows, each with a value for every column."""
    _write(connection, table, rows, replace=False)


def upsert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Add rows, or overwrite those that have the same primary key."""
    _write(connection, table, rows, replace=True)


def update(connection: Connection, table: Table, values: dict[str, Any], **equal: Any) -> int:
    """Change the columns `values` of the rows where `equal` holds; how many there were."""
    sql = _update(connection.dialect.name, table, tuple(values), tuple(equal))
    return int(_run(connection, sql, (*values.values(), *equal.values())).rowcount)


def select(connection: Connection, table: Table, *, lock: bool = False, **equal: Any) -> list[Row]:
    """Whole rows where every column of `equal` has its value, in the order of the primary key.

    `lock`: on PostgreSQL nobody else changes them until the transaction ends.
    """
    dialect = connection.dialect.name
    after = " FOR UPDATE" if lock and dialect != "sqlite" else ""
    return _read(connection, _select(dialect, table, tuple(equal), order=True, after=after), tuple(equal.values()))


def select_among(connection: Connection, table: Table, column: str, values: Iterable[Any], **equal: Any) -> list[Row]:
    """As `select`, where `column` also has one of `values`, however many these are; in no order.

    An order would be a walk: SQLite then takes the index that has it rather than the one that finds the values.
    """
    wanted = list(values)
    if not wanted:
        return []
    dialect = connection.dialect.name
    sql = _select(dialect, table, tuple(equal), among=column)
    values = _JSON.encode(wanted).decode() if dialect == "sqlite" else wanted
    return _read(connection, sql, (*equal.values(), values))


def select_between(
    connection: Connection,
    table: Table,
    column: str,
    first: int,
    end: int,
    *,
    columns: tuple[str, ...] | None = None,
    **equal: Any,
) -> list[Row]:
    """As `select`, where `column` is in [first, end); whole rows, or only `columns` of them."""
    sql = _select(connection.dialect.name, table, tuple(equal), between=column, columns=columns, order=True)
    return _read(connection, sql, (*equal.values(), first, end))


def _write(connection: Connection, table: Table, rows: Sequence[Row], *, replace: bool) -> None:
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        _run(connection, _insert("sqlite", table, replace), rows, many=True)
    elif replace or len(rows) < _WORTH_COPY:
        _run(connection, _insert("postgresql", table, replace), [list(column) for column in zip(*rows, strict=True)])
    else:
        _copy(connection, table, rows)


def _copy(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    sql = f"COPY {table.name} ({_listed(column.name for column in table.c)}) FROM STDIN"
    cursor = connection.connection.cursor()
    try:
        with cursor.copy(sql) as copy:
            for row in rows:
                copy.write_row(row)
    except connection.dialect.loaded_dbapi.Error as error:
        raise as_ours(connection, sql, error) from error


def _read(connection: Connection, sql: str, values: Any) -> list[Row]:
    cursor = connection.connection.cursor()
    try:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
    except connection.dialect.loaded_dbapi.Error as error:
        raise as_ours(connection, sql, error) from error


def _run(connection: Connection, sql: str, values: Any, *, many: bool = False) -> Any:
    cursor = connection.connection.cursor()
    try:
        if many:
            cursor.executemany(sql, values)
        else:
            cursor.execute(sql, values)
    except connection.dialect.loaded_dbapi.Error as error:
        raise as_ours(connection, sql, error) from error
    return cursor


@lru_cache(maxsize=256)
def _insert(dialect: str, table: Table, replace: bool) -> str:
    names = [column.name for column in table.c]
    into = f"INSERT INTO {table.name} ({_listed(names)})"
    if dialect == "sqlite":
        sql = f"{into} VALUES ({', '.join('?' for _ in names)})"
    else:
        arrays = ", ".join(f"%s::{column.type.compile(_PG_TYPES)}[]" for column in table.c)
        sql = f"{into} SELECT * FROM unnest({arrays})"
    if replace:
        key = [column.name for column in table.primary_key]
        changes = ", ".join(f'"{name}" = excluded."{name}"' for name in names if name not in key)
        sql += f" ON CONFLICT ({_listed(key)}) DO UPDATE SET {changes}"
    return sql


@lru_cache(maxsize=256)
def _update(dialect: str, table: Table, values: tuple[str, ...], equal: tuple[str, ...]) -> str:
    mark = "?" if dialect == "sqlite" else "%s"
    changes = ", ".join(f'"{name}" = {mark}' for name in values)
    return f"UPDATE {table.name} SET {changes} WHERE {_all_equal(equal, mark)}"


@lru_cache(maxsize=256)
def _select(
    dialect: str,
    table: Table,
    equal: tuple[str, ...],
    *,
    among: str | None = None,
    between: str | None = None,
    columns: tuple[str, ...] | None = None,
    order: bool = False,
    after: str = "",
) -> str:
    wanted = columns or tuple(column.name for column in table.c)
    sql = f"SELECT {_listed(wanted)} FROM {table.name} WHERE {_all_equal(equal, '?')}"
    if among is not None:
        sql += f' AND "{among}" ' + ("IN (SELECT value FROM json_each(?))" if dialect == "sqlite" else "= ANY(?)")
    if between is not None:
        sql += f' AND "{between}" >= ? AND "{between}" < ?'
    if order:
        sql += f" ORDER BY {_listed(column.name for column in table.primary_key)}"
    return (sql if dialect == "sqlite" else sql.replace("?", "%s")) + after


def _all_equal(names: Iterable[str], mark: str) -> str:
    return " AND ".join(f'"{name}" = {mark}' for name in names)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
