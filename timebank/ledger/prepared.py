"""A statement that SQLAlchemy words once for a database and that then goes straight to the driver."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.expression import Executable

# A value of a statement; a list of them fills an `in_(bindparam(..., expanding=True))`.
Value = str | int | bytes | None


@dataclass(frozen=True, slots=True)
class _Wording:
    """A statement in a database's words. `order`: where a driver takes values by place, whose place is which."""

    text: str
    order: Sequence[str] | None
    constants: dict[str, Any]


class Prepared:
    """For statements on a path that many wait on: the same rows for about a tenth of the price.

    What comes back is the driver's: no ORM objects, and on SQLite 0 and 1 for false and true. Values are named by the
    statement's bindparams.
    """

    def __init__(self, statement: Executable) -> None:
        self._statement: Any = statement
        # Whether a value is a list is a matter of the statement: None until it is run for the first time.
        self._fills_lists: bool | None = None
        self._wordings: dict[tuple[str, tuple[int, ...]], _Wording] = {}

    def rows(self, connection: Connection, **values: Value | Sequence[Value]) -> list[tuple[Any, ...]]:
        """All rows of a query, within the connection's transaction."""
        return list(self._run(connection, values).fetchall())

    def row(self, connection: Connection, **values: Value | Sequence[Value]) -> tuple[Any, ...] | None:
        """The one row of a query that finds at most one."""
        found = self.rows(connection, **values)
        return found[0] if found else None

    def run(self, connection: Connection, **values: Value | Sequence[Value]) -> None:
        """A statement that gives no rows."""
        self._run(connection, values)

    def _run(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        if self._fills_lists is None:
            self._fills_lists = any(isinstance(value, list) for value in values.values())
        lists = {name: value for name, value in values.items() if isinstance(value, list)} if self._fills_lists else {}
        form = connection.dialect.name, tuple(map(len, lists.values()))
        wording = self._wordings.get(form)
        if wording is None:
            filled = self._statement.params(**values) if lists else self._statement
            wording = self._wordings[form] = _worded(filled, connection, values.keys(), expand=bool(lists))
        if lists or wording.constants:
            values = {**wording.constants, **values, **_numbered(lists)}
        cursor = connection.connection.cursor()
        try:
            cursor.execute(wording.text, values if wording.order is None else [values[name] for name in wording.order])
        except connection.dialect.loaded_dbapi.Error as error:
            raise as_ours(connection, wording.text, error) from error
        return cursor


def _worded(statement: Any, connection: Connection, given: Collection[str], *, expand: bool) -> _Wording:
    """For this database, and with a place for each value of a list. Of the values themselves nothing is kept."""
    compiled = statement.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": expand})
    constants = {name: bind.value for name, bind in compiled.binds.items() if name not in given}
    return _Wording(str(compiled), compiled.positiontup, constants)


def _numbered(lists: Mapping[str, Sequence[Value]]) -> dict[str, Value]:
    """As SQLAlchemy names the places of an expanded list."""
    return {f"{name}_{number}": one for name, values in lists.items() for number, one in enumerate(values, 1)}


def as_ours(connection: Connection, text: str, error: Exception) -> BaseException:
    """The error as SQLAlchemy would have raised it, so that a busy or lost database looks the same everywhere."""
    base = connection.dialect.loaded_dbapi.Error
    return DBAPIError.instance(text, None, error, base, hide_parameters=True, dialect=connection.dialect)
