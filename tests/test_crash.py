"""Killed at any moment, and a disk that is full: what was acknowledged is there, and nothing is half written."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from tests.conftest import TestDatabase
from tests.world import ELSEWHERE, HERE, World
from timebank.access import OPERATOR
from timebank.ledger import Code, Refused, reads
from timebank.services import audits

ROOT = Path(__file__).parent.parent
KILLS = 6


def _recorder(world: World, database: TestDatabase) -> subprocess.Popen[str]:
    settings = world.bank.settings
    names = ("highwater_path", "master_key_path", "keyring_path")
    environment = os.environ | {f"TIMEBANK_{name.upper()}": str(getattr(settings, name)) for name in names}
    environment |= {"TIMEBANK_DATABASE_URL": database.app_url, "TIMEBANK_SECURE_COOKIES": "false"}
    task = {
        "login": world.actors["clerk"].login,
        "elder": world.people["wang"].id,
        "volunteer": world.people["li"].id,
        "now": world.clock.ms,
        "day": world.clock.day,
    }
    command = [sys.executable, "-m", "tests.crash_worker", json.dumps(task)]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def test_every_receipt_given_before_a_kill_is_in_the_ledger_afterwards(world: World, database: TestDatabase) -> None:
    acknowledged: dict[int, str] = {}
    for kill in range(KILLS):
        process = _recorder(world, database)
        assert process.stdout is not None
        for _ in range(3 + 2 * kill):  # then it is killed wherever it happens to be in its next entry
            seq, record_hash = process.stdout.readline().split()
            acknowledged[int(seq)] = record_hash
        process.kill()
        acknowledged |= {int(line.split()[0]): line.split()[1] for line in process.stdout if line.endswith("\n")}
        process.stdout.close()
        process.wait()
    with world.bank.view() as view:
        head = view.head(world.bank.origin(HERE))
        found = {seq: record.hash.hex() for seq, record in reads.records(view.connection, head, acknowledged).items()}
    assert found == acknowledged
    assert len(acknowledged) >= 3 * KILLS
    assert audits.verify(world.bank, OPERATOR, HERE).size == head.size
    world.record()  # and the books can be written at once


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


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_on_postgresql_one_ledger_is_written_while_another_is_locked(world: World) -> None:
    with world.bank.work(world.bank.origin(ELSEWHERE)):
        posted = world.record()
    assert posted.record.intent.ledger == world.bank.origin(HERE)
