"""Statements that go straight to the driver: the same rows, and the same errors as SQLAlchemy's."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, bindparam, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError

from tests.conftest import TestDatabase
from timebank import migrations
from timebank.database import open_engine
from timebank.ledger import Prepared, metadata

LEDGERS = metadata.tables["ledgers"]
_NAMED = select(LEDGERS.c.origin, LEDGERS.c.size).where(LEDGERS.c.origin.in_(bindparam("names", expanding=True)))


@pytest.fixture
def engine(database: TestDatabase) -> Iterator[Engine]:
    migrations.upgrade(database.owner_url, database.app_url)
    opened = open_engine(database.app_url)
    yield opened
    opened.dispose()


def _row(origin: str) -> dict[str, Any]:
    empty = {"size": 0, "ms": 0, "offset_minutes": 0, "quorum": 0, "ended": False}
    return empty | dict.fromkeys(("hash", "root", "frontier", "checkpoint"), b"") | {"origin": origin}


def test_lists_of_any_length_and_constants_find_what_sqlalchemy_finds(engine: Engine) -> None:
    asked = Prepared(_NAMED.where(LEDGERS.c.size < 5).order_by(LEDGERS.c.origin).limit(2))
    with engine.connect() as connection:
        connection.execute(insert(LEDGERS), [_row(name) for name in ("a", "b", "c")])
        for names in ([], ["b"], ["c", "a"], ["a", "b", "c"], ["b"]):
            assert asked.rows(connection, names=names) == [(name, 0) for name in sorted(names)[:2]]


def test_what_was_asked_once_is_not_kept(engine: Engine) -> None:
    asked = Prepared(_NAMED)
    with engine.connect() as connection:
        asked.rows(connection, names=["a name of somebody"])
    assert "somebody" not in repr(asked.__dict__)


def test_an_error_is_sqlalchemys_own_and_tells_no_values(engine: Engine) -> None:
    add = Prepared(insert(LEDGERS).values({column: bindparam(column) for column in _row("x")}))
    with engine.connect() as connection:
        add.run(connection, **_row("secret"))
        with pytest.raises(IntegrityError) as error:
            add.run(connection, **_row("secret"))
    assert "secret" not in str(error.value).partition("DETAIL")[0]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_table_that_is_gone_is_an_operational_error(engine: Engine) -> None:
    gone = Prepared(select(LEDGERS.c.id))
    with engine.connect() as connection:
        connection.connection.cursor().execute("DROP TABLE ledgers")
        with pytest.raises(OperationalError):
            gone.rows(connection)
