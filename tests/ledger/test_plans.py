"""What an append and a reader ask of SQLite is found by an index down to the row: nothing walks through a ledger."""

import re
import sqlite3

import pytest
from sqlalchemy import event

from tests.world import World
from timebank.services import statements

GROWING = ("entries", "lines", "holds", "accounts", "days", "subtrees")
# A search that is given the ledger and nothing else reads all of it.
WALK = re.compile(rf"(SCAN|SEARCH) ({'|'.join(GROWING)})( USING [A-Z ]+(\w+ )?\(ledger=\?\))?$")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nothing_that_a_visit_an_order_or_a_reader_asks_walks_through_a_ledger(world: World) -> None:
    asked: set[str] = set()

    def watch(connection: sqlite3.Connection, _entry: object) -> None:
        connection.set_trace_callback(asked.add)

    world.bank.engine.dispose()
    event.listen(world.bank.engine, "connect", watch)
    posted = world.record(minutes=120)
    world.give("li", "wang", 90)
    world.settle(world.order(minutes=60))
    world.figures("li")
    statements.history(world.bank, world.actors["clerk"], world.people["li"].id)
    statements.receipt(world.bank, world.actors["clerk"], posted.record.intent.ledger[-12:], posted.record.id)
    event.remove(world.bank.engine, "connect", watch)
    world.bank.engine.dispose()
    walks = []
    with world.bank.engine.connect() as connection:
        for statement in sorted(asked):
            if statement.startswith(("SELECT", "UPDATE")) and any(name in statement for name in GROWING):
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}").all()
                walks += [(statement[:200], row[3]) for row in plan if WALK.match(row[3])]
    assert len(asked) > 20
    assert walks == []
