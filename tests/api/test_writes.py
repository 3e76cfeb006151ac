"""Each use case that writes, as JSON, on both engines; and what a retry does."""

import sqlite3
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from tests.api.calls import PLACE, V1, Calls, problem, proved
from timebank.ledger import Receipt

sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def figures(calls: Calls, name: str) -> tuple[int, int, int]:
    found = calls.get(f"{V1}/people/{calls.person(name)}/balance").get_json()
    return found["available"], found["held"], found["served"]


def order(calls: Calls, minutes: int = 60, **more: Any) -> dict[str, Any]:
    """An order of wang's, who earned by serving chen."""
    wish = {"elder": calls.person("wang"), "service": "meal", "minutes": minutes, "wanted_day": calls.world.clock.day}
    return calls.made(f"{PLACE}/orders", wish | more)


def give_wang(calls: Calls, minutes: int) -> None:
    calls.world.record(volunteer="li", minutes=minutes)
    calls.world.give("li", "wang", minutes)


def test_a_visit_is_recorded_with_a_receipt(calls: Calls) -> None:
    answer = calls.made(f"{PLACE}/visits", calls.visit(minutes=90))
    assert answer["entry"]["kind"] == "service"
    assert answer["entry"]["moves"] == [{"source": "issue", "target": calls.world.people["li"].account, "minutes": 90}]
    assert answer["repeated"] is False
    assert figures(calls, "li") == (90, 0, 90)


def test_the_idempotency_key_is_the_entrys_id_with_or_without_hyphens(calls: Calls) -> None:
    key = "01998a3c-5b00-7abc-8def-0123456789ab"
    answer = calls.made(f"{PLACE}/visits", calls.visit(), key=key)
    assert answer["entry"]["id"] == key.replace("-", "")
    for spelled in (key.upper(), key.replace("-", ""), f'"{key}"'):
        again = calls.post(f"{PLACE}/visits", calls.visit(), key=spelled)
        assert (again.status_code, again.get_json()["entry"]) == (200, answer["entry"])


def test_a_retry_gives_the_same_record_with_200_and_changes_nothing(calls: Calls) -> None:
    key = calls.world.bank.uuid()
    first = calls.made(f"{PLACE}/visits", calls.visit(), key=key)
    size = calls.size()
    calls.world.clock.advance(minutes=3)
    again = calls.post(f"{PLACE}/visits", calls.visit(), key=key)
    assert again.status_code == 200
    assert again.get_json()["repeated"] is True
    receipts = [Receipt.parse(text.encode()) for text in (first["receipt"], again.get_json()["receipt"])]
    assert receipts[0] == receipts[1]
    assert calls.size() == size


def test_a_receipt_that_cannot_be_read_is_said_to_be_unknown_and_a_retry_brings_it(calls: Calls) -> None:
    """The entry is committed; then the database answers nobody any more."""
    key, engine, size = calls.world.bank.uuid(), calls.world.bank.engine, calls.size()

    def gone(*_: object) -> None:
        if calls.world.bank.highwater.read(1).size > size:  # type: ignore[union-attr]
            raise OperationalError("BEGIN", {}, sqlite3.OperationalError("database is locked"))

    event.listen(engine, "checkout", gone)
    answer = problem(calls.post(f"{PLACE}/visits", calls.visit(), key=key))
    event.remove(engine, "checkout", gone)
    assert (answer["status"], answer["code"]) == (503, "outcome-unknown")
    assert calls.size() == size + 1
    again = calls.post(f"{PLACE}/visits", calls.visit(), key=key)
    assert (again.status_code, again.get_json()["repeated"]) == (200, True)
    proved(again.get_json(), calls.log_key())


def test_the_same_key_with_another_body_is_refused_with_409(calls: Calls) -> None:
    key = calls.world.bank.uuid()
    calls.made(f"{PLACE}/visits", calls.visit(), key=key)
    size = calls.size()
    refused = problem(calls.post(f"{PLACE}/visits", calls.visit(minutes=61), key=key))
    assert (refused["status"], refused["code"]) == (409, "id-taken")
    assert calls.size() == size


@sqlite
def test_what_follows_from_a_write_is_in_its_answer(calls: Calls) -> None:
    calls.made(f"{PLACE}/visits", calls.visit(minutes=450))
    answer = calls.made(f"{PLACE}/visits", calls.visit(minutes=120))
    assert [made["kind"] for made in answer["followed"]] == ["overflow"]


def test_an_order_holds_and_its_settlement_pays(calls: Calls) -> None:
    give_wang(calls, 120)
    hold = order(calls)["entry"]["id"]
    assert figures(calls, "wang")[:2] == (60, 60)
    done = {
        "volunteer": calls.person("zhao"),
        "day": calls.world.clock.day,
        "minutes": 60,
        "confirmed": "card",
    }
    answer = calls.made(f"{PLACE}/orders/{hold}/settlement", done)
    assert answer["entry"]["id"] == f"{hold}.outcome"
    assert figures(calls, "wang")[:2] == (60, 0)
    assert figures(calls, "zhao") == (60, 0, 60)
    again = calls.post(f"{PLACE}/orders/{hold}/settlement", done)
    assert (again.status_code, again.get_json()["entry"]) == (200, answer["entry"])
    late = problem(calls.post(f"{PLACE}/orders/{hold}/release", {}))
    assert (late["status"], late["code"]) == (409, "hold-finished")


def test_an_order_that_is_released_gives_the_minutes_back(calls: Calls) -> None:
    give_wang(calls, 60)
    hold = order(calls)["entry"]["id"]
    answer = calls.made(f"{PLACE}/orders/{hold}/release", {"reason": "ill"})
    assert answer["entry"]["kind"] == "release"
    assert figures(calls, "wang")[:2] == (60, 0)


def test_a_gift_and_a_donation_move_minutes(calls: Calls) -> None:
    calls.world.record(minutes=90)
    gift = {"giver": calls.person("li"), "receiver": calls.person("wang"), "minutes": 60}
    assert calls.made(f"{PLACE}/gifts", gift, name="li")["entry"]["kind"] == "gift"
    donation = {"giver": calls.person("li"), "minutes": 30}
    assert calls.made(f"{PLACE}/donations", donation)["entry"]["kind"] == "donate"
    assert figures(calls, "li")[0] == 0
    assert figures(calls, "wang")[0] == 60


def test_a_reversal_waits_for_a_second_person_and_then_undoes_the_entry(calls: Calls) -> None:
    entry = calls.made(f"{PLACE}/visits", calls.visit())["entry"]["id"]
    size = calls.size()
    key = calls.world.bank.uuid()
    asked = calls.post(f"{PLACE}/reversals", {"entry": entry, "reason": "twice"}, key=key)
    assert asked.status_code == 202
    assert asked.get_json() | {"asked_at": 0} == {
        "id": key,
        "community": asked.get_json()["community"],
        "kind": "reverse",
        "subject": entry,
        "details": {"reason": "twice"},
        "asked_at": 0,
        "decision": None,
    }
    assert calls.size() == size
    assert calls.post(f"{PLACE}/reversals", {"entry": entry, "reason": "twice"}, key=key).status_code == 202
    decided = calls.post(f"{PLACE}/approvals/{key}/decision", {"approve": True}, name="lead")
    assert decided.status_code == 201
    answer = decided.get_json()
    assert answer["decision"] == "approved"
    proved(answer["posted"], calls.log_key())
    assert answer["posted"]["entry"]["id"] == f"{entry}.reverse"
    assert figures(calls, "li")[0] == 0
    again = calls.post(f"{PLACE}/approvals/{key}/decision", {"approve": True}, name="lead")
    assert (again.status_code, again.get_json()["posted"]["entry"]) == (200, answer["posted"]["entry"])


def test_a_grant_that_is_refused_makes_no_entry(calls: Calls) -> None:
    key = calls.world.bank.uuid()
    grant = {"person": calls.person("wang"), "minutes": 60, "reason": "hardship", "payer": "issue"}
    assert calls.post(f"{PLACE}/grants", grant, key=key).status_code == 202
    size = calls.size()
    decided = calls.post(f"{PLACE}/approvals/{key}/decision", {"approve": False}, name="lead")
    assert (decided.status_code, decided.get_json()) == (200, {"decision": "refused", "posted": None})
    assert calls.size() == size


def test_a_grant_that_is_approved_credits_the_person(calls: Calls) -> None:
    key = calls.world.bank.uuid()
    grant = {"person": calls.person("wang"), "minutes": 60, "reason": "trial", "payer": "issue"}
    calls.post(f"{PLACE}/grants", grant, key=key)
    decided = calls.post(f"{PLACE}/approvals/{key}/decision", {"approve": True}, name="lead")
    assert decided.get_json()["posted"]["entry"]["id"] == key
    assert figures(calls, "wang")[0] == 60


def test_a_person_is_registered_under_the_key_and_a_retry_registers_nobody_twice(calls: Calls) -> None:
    key = calls.world.bank.uuid()
    new = {"name": "吴桂芳", "phone": "13900000001", "is_volunteer": True}
    response = calls.post(f"{PLACE}/people", new, key=key)
    assert response.status_code == 201
    answer = response.get_json()
    proved(answer["posted"], calls.log_key())
    assert answer["person"]["id"] == key
    assert answer["posted"]["entry"]["id"] == f"{answer['person']['account']}.open"
    again = calls.post(f"{PLACE}/people", new, key=key)
    assert (again.status_code, again.get_json()["person"]) == (200, answer["person"])
    other = problem(calls.post(f"{PLACE}/people", new | {"name": "吴桂花"}, key=key))
    assert (other["status"], other["code"]) == (409, "id-taken")


def test_kinship_is_noted_once_and_the_relative_may_then_see_the_elder(calls: Calls) -> None:
    kin: dict[str, Any] = {
        "member": calls.person("daughter"),
        "elder": calls.person("chen"),
        "relation": "grandparent",
        "proof": "household_book",
    }
    balance = f"{V1}/people/{calls.person('chen')}/balance"
    assert calls.post(f"{PLACE}/kin", kin).status_code == 201
    assert calls.get(balance, "daughter").status_code == 403, "a relation alone is no consent"
    kin |= {"scope": ["see_own"], "monthly_minutes": 60, "expires_on": calls.world.clock.day}
    key = calls.world.bank.uuid()
    assert calls.post(f"{PLACE}/kin", kin, key=key).status_code == 201
    assert calls.get(balance, "daughter").status_code == 200
    again = calls.post(f"{PLACE}/kin", kin, key=key)
    assert (again.status_code, again.get_json()["repeated"]) == (200, True)
    other = problem(calls.post(f"{PLACE}/kin", kin | {"proof": "declaration"}, key=key))
    assert (other["status"], other["code"]) == (409, "id-taken")
    calls.world.clock.advance(days=1)
    assert calls.get(balance, "daughter").status_code == 403, "the last day of the consent is over"


def test_a_long_visit_is_answered_with_202_until_somebody_else_decides(calls: Calls) -> None:
    calls.world.policy("[second_person]\nvisit_minutes = 240")
    key, size = calls.world.bank.uuid(), calls.size()
    visit = calls.visit(minutes=300)
    answer = calls.post(f"{PLACE}/visits", visit, key=key)
    assert (answer.status_code, answer.get_json()["id"], answer.get_json()["kind"]) == (202, key, "visit")
    assert answer.get_json()["details"]["minutes"] == 300
    assert calls.size() == size
    (question,) = calls.get(f"{PLACE}/day", "lead").get_json()["questions"]
    assert (question["waiting"]["id"], question["person_name"], question["served_names"]) == (key, "李明", ["王桂英"])
    decision = f"{PLACE}/approvals/{key}/decision"
    assert calls.post(decision, {"approve": True}, "clerk").status_code == 403
    decided = calls.post(decision, {"approve": True}, "lead")
    assert decided.status_code == 201
    proved(decided.get_json()["posted"], calls.log_key())
    again = calls.post(f"{PLACE}/visits", visit, key=key)
    assert (again.status_code, again.get_json()["entry"]["id"]) == (200, key)
