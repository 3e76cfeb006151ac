"""Count what goes to the database: statements, and rows that come back, where the driver sees them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy import event

from timebank.bank import Bank


@dataclass
class Asked:
    """`statements` without those that only begin, end or try a connection: SQLite and PostgreSQL differ in these."""

    statements: int = 0
    rows: int = 0


@contextmanager
def asked_of(bank: Bank) -> Iterator[Asked]:
    """What is asked of this bank's database in the block."""
    asked = Asked()

    def watch(connection: Any, _entry: object) -> None:
        if isinstance(connection, psycopg.Connection):
            connection.cursor_factory = _cursor(asked)
        else:
            connection.set_trace_callback(lambda statement: _count(asked, statement))
            connection.row_factory = lambda _cursor, row: _row(asked, row)

    # Connections made before are let go, and those that were watched afterwards.
    bank.engine.dispose()
    event.listen(bank.engine, "connect", watch)
    with bank.view():
        pass
    asked.statements = asked.rows = 0
    try:
        yield asked
    finally:
        event.remove(bank.engine, "connect", watch)
        bank.engine.dispose()


# SQLite tells the statements of its triggers too, each behind a comment sign; `;` asks PostgreSQL whether it is there.
_FRAME = ("--", "BEGIN", "COMMIT", "ROLLBACK", ";")


def _count(asked: Asked, statement: str) -> None:
    asked.statements += not statement.startswith(_FRAME)


def _row(asked: Asked, row: tuple[Any, ...]) -> tuple[Any, ...]:
    asked.rows += 1
    return row


def _cursor(asked: Asked) -> type[psycopg.Cursor[Any]]:
    class Counting(psycopg.Cursor[Any]):
        def execute(self, query: Any, *args: Any, **kwargs: Any) -> Any:
            result = super().execute(query, *args, **kwargs)
            _count(asked, str(query))
            asked.rows += self.rowcount if self.description and query != ";" else 0
            return result

    return Counting
