"""A founded ledger on either engine, written to as the service's own role."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.conftest import TestDatabase
from tests.ledger.cast import Desk, found
from timebank import migrations
from timebank.database import WRITES, open_engine


@pytest.fixture
def engine(database: TestDatabase) -> Iterator[Engine]:
    migrations.upgrade(database.owner_url, database.app_url)
    engine = open_engine(database.app_url)
    yield engine
    engine.dispose()


@pytest.fixture
def desk(engine: Engine) -> Desk:
    desk = Desk()
    with engine.connect().execution_options(**WRITES) as connection, connection.begin():
        found(connection, desk)
    return desk
