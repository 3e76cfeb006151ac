"""A disk that is full, a receipt that is not to be had, and a ledger that waits for no other."""

import sqlite3
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from tests.world import ELSEWHERE, HERE, World, entered
from timebank.access import OPERATOR
from timebank.ledger import Code, Refused
from timebank.services import audits, hours


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_full_disk_is_a_refusal_that_says_to_try_again_and_leaves_nothing_behind(world: World) -> None:
    before = world.figures("li")
    with world.bank.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    def full(connection: Any, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")

    world.bank.engine.dispose()
    event.listen(world.bank.engine, "connect", full)
    with pytest.raises(Refused) as error:
        for _ in range(50):  # until the free space within the file is used up
            world.record(minutes=1)
            before = world.figures("li")
    assert error.value.code is Code.DATABASE_UNAVAILABLE
    assert world.figures("li") == before
    event.remove(world.bank.engine, "connect", full)
    world.bank.engine.dispose()
    world.record(minutes=1)
    audits.verify(world.bank, OPERATOR, HERE)


def test_a_receipt_that_is_not_to_be_had_is_never_called_nothing_recorded(world: World) -> None:
    """The entry is committed; the read that makes its receipt is then told that the database is locked."""
    visit, number = world.visit(), 1
    before = world.bank.highwater.read(number)
    assert before is not None

    def locked(*_: object) -> None:
        mark = world.bank.highwater.read(number)
        if mark is not None and mark.size > before.size:
            raise OperationalError("BEGIN", {}, sqlite3.OperationalError("database is locked"))

    event.listen(world.bank.engine, "checkout", locked)
    with pytest.raises(Refused) as error:
        hours.record(world.bank, world.actors["clerk"], visit)
    event.remove(world.bank.engine, "checkout", locked)
    assert error.value.code is Code.OUTCOME_UNKNOWN
    assert entered(hours.record(world.bank, world.actors["clerk"], visit)).repeated
    assert world.figures("li").available == 60


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_on_postgresql_one_ledger_is_written_while_another_is_locked(world: World) -> None:
    with world.bank.work(world.bank.origin(ELSEWHERE)):
        posted = world.record()
    assert posted.record.intent.ledger == world.bank.origin(HERE)
