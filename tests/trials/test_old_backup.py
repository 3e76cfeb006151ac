"""An old backup put in the database's place: the service says what is missing, goes on answering, writes nothing."""

import http.client
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import sqlite_in
from tests.trials import stage
from tests.trials.service import ROOT, Service, environment
from tests.world import ELSEWHERE, HERE, World
from timebank.access import OPERATOR, Right
from timebank.ledger import Receipt
from timebank.services import logins

V1 = "/api/v1"


@dataclass
class Restored:
    """A running service whose database is older than its high-water file, and the head that it misses."""

    world: World
    service: Service
    token: str
    lost: Receipt

    def ask(self, method: str, address: str, body: object = None) -> tuple[int, dict[str, object]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=60)
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": self.world.bank.uuid()}
        headers |= {"Content-Type": "application/json", "Accept-Language": "en"}
        connection.request(method, address, json.dumps(body), headers)
        answer = connection.getresponse()
        found: dict[str, object] = json.loads(answer.read())
        connection.close()
        return answer.status, found

    def visit(self) -> tuple[int, dict[str, object]]:
        people = self.world.people
        body = {
            "volunteer": people["li"].id,
            "served": [people["wang"].id],
            "day": self.world.clock.day,
            "minutes": 60,
            "service": "company",
            "confirmed": "card",
        }
        return self.ask("POST", f"{V1}/communities/{HERE}/visits", body)


@pytest.fixture(scope="module")
def restored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Restored]:
    folder = tmp_path_factory.mktemp("restored")
    world = stage.world_of_today(sqlite_in(folder), folder)
    token = logins.issue_token(world.bank, OPERATOR, world.actors["clerk"].login, "trial", frozenset(Right), 1)
    world.bank.close()
    service = Service(world.bank.settings, folder / "service.log")
    file = folder / "timebank.db"
    try:
        service.start()
        made = Restored(world, service, token, lost=None)  # type: ignore[arg-type]
        assert made.visit()[0] == 201
        service.stop()
        _back_up(file, folder / "backup.db")
        service.start()
        status, answer = made.visit()
        assert status == 201
        made.lost = Receipt.parse(str(answer["receipt"]).encode())
        service.stop()
        for leftover in folder.glob("timebank.db-*"):
            leftover.unlink()
        shutil.copy(folder / "backup.db", file)
        (folder / "service.log").unlink()
        service.start()
        yield made
    finally:
        service.kill()


def _back_up(file: Path, to: Path) -> None:
    """As docs/operator.md says, not by copying the file: the newest records may be in the log beside it."""
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)


def test_serve_says_which_ledger_misses_which_head_and_no_other(restored: Restored) -> None:
    said = restored.service.said()
    lost = restored.lost.checkpoint
    missing = f"it has {lost.size - 1} records, but {lost.size} were acknowledged (root {lost.root.hex()})"
    assert f"{restored.world.bank.origin(HERE)} is read-only: {missing}" in said
    assert restored.world.bank.origin(ELSEWHERE) not in said
    assert "Traceback" not in said


def test_the_api_takes_no_write_and_answers_reads(restored: Restored) -> None:
    status, problem = restored.visit()
    assert (status, problem["code"]) == (503, "ledger-read-only")
    assert "read-only" in str(problem["detail"])
    status, balance = restored.ask("GET", f"{V1}/people/{restored.world.people['li'].id}/balance")
    assert status == 200
    assert balance["available"] == 60  # of the first visit: the second is what is missing
    status, problem = restored.visit()
    assert (status, problem["code"]) == (503, "ledger-read-only")


def test_the_status_of_the_marks_is_exit_code_3_and_names_the_ledger(restored: Restored) -> None:
    command = [sys.executable, "-m", "timebank.cli", "highwater", "status"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(restored.world.bank.settings), capture_output=True, text=True, check=False
    )
    assert done.returncode == 3
    assert restored.world.bank.origin(HERE) in done.stdout + done.stderr
    assert restored.lost.checkpoint.root.hex() in done.stdout + done.stderr
