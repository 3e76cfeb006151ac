"""The codes that no single request brings about: the service's own state, and the names of what it founds."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import make_url

from tests.api.calls import PLACE, Calls, problem
from tests.world import HERE, SECRET
from timebank.access import OPERATOR
from timebank.ledger import Code, Refused
from timebank.services import audits, communities, logins

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def file_of(calls: Calls) -> Path:
    return Path(make_url(calls.world.bank.settings.database_url).database or "")


def refused(calls: Calls, status: int, code: str) -> None:
    for language in ("zh", "en"):
        found = problem(calls.post(f"{PLACE}/visits", calls.visit(), Accept_Language=language))
        assert (found["status"], found["code"]) == (status, code), found


def test_a_clock_that_was_set_back_records_nothing(calls: Calls) -> None:
    calls.headers("clerk")
    size = calls.size()
    calls.world.clock.advance(minutes=-10)
    refused(calls, 503, "clock-wrong")
    assert calls.size() == size


def test_books_that_are_read_only_can_still_be_read(calls: Calls) -> None:
    bank = calls.world.bank
    bank.read_only[bank.origin(HERE)] = "the operator is looking"
    refused(calls, 503, "ledger-read-only")
    overview = calls.get(f"{PLACE}/audit", "auditor").get_json()
    assert overview["read_only"] == "the operator is looking"


def test_a_database_that_another_program_locks_is_busy_and_says_when_to_come_again(calls: Calls) -> None:
    calls.headers("clerk")
    size = calls.size()
    bank = calls.world.bank
    event.listen(bank.engine, "connect", lambda raw, _entry: raw.execute("PRAGMA busy_timeout=1"))
    bank.engine.dispose()
    other = sqlite3.connect(file_of(calls), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    refused(calls, 503, "database-busy")
    assert calls.post(f"{PLACE}/visits", calls.visit()).headers["Retry-After"] == "2"
    other.close()
    assert calls.size() == size
    assert calls.post(f"{PLACE}/visits", calls.visit()).status_code == 201


def test_a_database_that_does_not_answer_is_503_and_not_a_fault(calls: Calls) -> None:
    calls.headers("clerk")
    calls.world.bank.engine.dispose()
    file = file_of(calls)
    away = file.with_name("away")
    file.rename(away)
    file.mkdir()
    refused(calls, 503, "database-unavailable")
    file.rmdir()
    away.rename(file)
    assert calls.post(f"{PLACE}/visits", calls.visit()).status_code == 201


def test_names_are_given_once(calls: Calls) -> None:
    bank = calls.world.bank
    again = communities.Founding(code=HERE, name="x", town="x", county="x")
    with pytest.raises(Refused) as error:
        communities.found(bank, OPERATOR, again)
    assert error.value.code is Code.COMMUNITY_TAKEN
    with pytest.raises(Refused) as error:
        logins.create(bank, OPERATOR, logins.NewLogin(id=bank.uuid(), name="clerk", shown="x", secret=SECRET))
    assert error.value.code is Code.LOGIN_TAKEN


def test_a_ledger_that_nobody_founded_is_unknown(calls: Calls) -> None:
    with pytest.raises(Refused) as error:
        audits.verify(calls.world.bank, OPERATOR, "520302001999")
    assert error.value.code is Code.LEDGER_UNKNOWN
