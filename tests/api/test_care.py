"""Questions, call-backs and what was found odd, as JSON."""

import pytest

from tests.api.calls import PLACE, V1, Calls, problem, proved
from timebank.services import care

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_a_question_is_asked_once_listed_and_answered(calls: Calls) -> None:
    entry = calls.world.record().record.id
    key = calls.world.bank.uuid()
    doubt = {"entry": entry, "text": "那天他没有来"}
    for _ in range(2):
        asked = calls.post(f"{PLACE}/questions", doubt, "wang", key)
        assert (asked.status_code, asked.get_json()["id"]) == (202, key)
    refused = problem(calls.post(f"{PLACE}/questions", doubt, "li"))
    assert (refused["status"], refused["code"]) == (409, "question-open")
    (listed,) = calls.get(f"{PLACE}/questions").get_json()["questions"]
    assert (listed["text"], listed["item"]["id"], listed["decision"]) == ("那天他没有来", entry, None)

    address = f"{PLACE}/questions/{key}/answer"
    wordless = problem(calls.post(address, {"decision": "stands"}, "lead"))
    assert wordless["errors"][0]["pointer"] == "/reply"
    answer = calls.post(address, {"decision": "reversed", "reason": "not-given"}, "lead")
    assert answer.status_code == 201
    proved(answer.get_json()["posted"], calls.log_key())
    assert answer.get_json()["posted"]["entry"]["id"] == f"{entry}.reverse"
    assert calls.post(address, {"decision": "reversed", "reason": "not-given"}, "lead").status_code == 200
    other = problem(calls.post(address, {"decision": "stands", "reply": "x"}, "lead"))
    assert (other["status"], other["code"]) == (409, "already-decided")
    (seen,) = calls.get(f"{PLACE}/entries/{entry}/questions", "wang").get_json()["questions"]
    assert seen["decision"] == "reversed"
    assert calls.get(f"{PLACE}/questions").get_json() == {"questions": []}


def test_what_is_odd_is_listed_closed_and_stays_listed_as_closed(calls: Calls) -> None:
    for _ in range(care.MANY_SHORT):
        calls.world.record(minutes=5)
    found = calls.get(f"{PLACE}/care", "lead").get_json()
    (odd,) = found["findings"]
    assert (odd["kind"], odd["figure"], odd["names"], odd["outcome"]) == (
        "many-visits",
        care.MANY_SHORT,
        ["李明"],
        None,
    )
    assert (found["elders"], found["unserved"], found["month"]) == (2, [], odd["period"])
    closing = {key: odd[key] for key in ("kind", "subject", "period")} | {"outcome": "spoken-to"}
    for _ in range(2):
        assert calls.post(f"{PLACE}/care/findings", closing, "lead").status_code == 204
    (odd,) = calls.get(f"{PLACE}/care?month={odd['period']}", "lead").get_json()["findings"]
    assert odd["outcome"] == "spoken-to"
    other = problem(calls.post(f"{PLACE}/care/findings", closing | {"outcome": "in-order"}, "lead"))
    assert (other["status"], other["code"]) == (409, "already-decided")
    unknown = problem(calls.post(f"{PLACE}/care/findings", closing | {"subject": "x"}, "lead"))
    assert (unknown["status"], unknown["code"]) == (404, "entry-unknown")
    assert problem(calls.get(f"{PLACE}/care?month=2026-13", "lead"))["status"] == 422


def test_calls_are_drawn_listed_and_answered(calls: Calls) -> None:
    world = calls.world
    entry = world.record().record.id
    early = problem(calls.post(f"{PLACE}/callbacks/draws", {"month": world.clock.day[:7]}, "admin"))
    assert (early["status"], early["code"]) == (422, "month-not-over")
    world.clock.advance(days=15)
    world.bank.confirm_clock()
    drawn = calls.post(f"{PLACE}/callbacks/draws", {}, "admin").get_json()
    assert (drawn["month"], drawn["served"], drawn["entries"]) == ("2026-09", 1, [entry])
    (call,) = calls.get(f"{PLACE}/callbacks").get_json()["calls"]
    assert (call["entry"], call["person_name"], call["phone"], call["own"]) == (entry, "王桂英", "13800000003", True)
    answer = {"entry": entry, "answer": "not-given"}
    own = problem(calls.post(f"{PLACE}/callbacks/answers", answer))
    assert (own["status"], own["code"]) == (403, "second-person")
    assert calls.post(f"{PLACE}/callbacks/answers", answer, "clerk2").get_json()["answer"] == "not-given"
    assert calls.get(f"{PLACE}/callbacks").get_json() == {"calls": []}
    (question,) = calls.get(f"{PLACE}/questions").get_json()["questions"]
    assert (question["entry"], question["called"], question["text"]) == (entry, True, None)


def test_a_certificate_hangs_out_is_issued_and_checked_by_anybody(calls: Calls) -> None:
    world, key = calls.world, calls.world.bank.uuid()
    wanted = {"person": calls.person("li")}
    empty = problem(calls.post(f"{PLACE}/certificates", wanted, "li"))
    assert (empty["status"], empty["code"]) == (422, "nothing-served")
    world.record(minutes=90)
    asked = calls.post(f"{PLACE}/certificates", wanted, "li", key)
    assert (asked.status_code, asked.get_json()["name"]) == (202, "李明")
    double = problem(calls.post(f"{PLACE}/certificates", wanted))
    assert (double["status"], double["code"]) == (409, "certificate-open")
    (public,) = calls.get(f"{PLACE}/certificates", None).get_json()["certificates"]
    assert (public["name"], public["services"], public["person"]) == ("李＊", [], "")
    early = problem(calls.post(f"{PLACE}/certificates/{key}/issue", {}, "lead"))
    assert (early["status"], early["code"]) == (409, "still-public")
    world.clock.advance(days=7)
    world.bank.confirm_clock()
    issued = calls.post(f"{PLACE}/certificates/{key}/issue", {}, "lead").get_json()
    assert (issued["state"], issued["stands"]) == ("issued", True)
    assert calls.get(f"{PLACE}/certificates/{key}", "li").get_json()["services"] == [
        {"service": "company", "times": 1, "minutes": 90}
    ]
    checked = calls.get(f"{V1}/certificates/{issued['number']}", None).get_json()
    assert (checked["minutes"], checked["stands"], checked["is_named"]) == (90, True, None)
    assert "name" not in checked
    late = problem(calls.post(f"{PLACE}/certificates/{key}/objection", {"objection": "hours"}, "lead"))
    assert (late["status"], late["code"]) == (409, "already-decided")
    assert problem(calls.get(f"{V1}/certificates/none", None))["code"] == "entry-unknown"


def test_what_was_corrected_while_it_hung_out_is_not_issued(calls: Calls) -> None:
    entry = calls.world.record().record.id
    calls.world.record()
    key = calls.world.bank.uuid()
    calls.post(f"{PLACE}/certificates", {"person": calls.person("li")}, "li", key)
    asked = calls.post(f"{PLACE}/reversals", {"entry": entry, "reason": "twice"}).get_json()["id"]
    assert calls.post(f"{PLACE}/approvals/{asked}/decision", {"approve": True}, "lead").status_code == 201
    calls.world.clock.advance(days=7)
    calls.world.bank.confirm_clock()
    changed = problem(calls.post(f"{PLACE}/certificates/{key}/issue", {}, "lead"))
    assert (changed["status"], changed["code"]) == (409, "certificate-changed")


def test_the_month_is_listed_and_its_records_are_filed(calls: Calls) -> None:
    entry = calls.world.record(minutes=90).record.id
    filing = {"entries": [entry], "state": "filed"}
    for changed in (1, 0):
        assert calls.post(f"{PLACE}/publication/filings", filing).get_json() == {"changed": changed}
    found = calls.get(f"{PLACE}/publication", "lead").get_json()
    assert [(row["entry"], row["state"], row["initials"]) for row in found["rows"]] == [(entry, "filed", "李＊")]
    assert found["minutes"] == 90
    assert calls.get(f"{PLACE}/publication?month=2026-08").get_json()["rows"] == []
    for wrong in ({"entries": [], "state": "filed"}, {"entries": [entry], "state": "lost"}):
        assert problem(calls.post(f"{PLACE}/publication/filings", wrong))["status"] == 422
    unknown = problem(calls.post(f"{PLACE}/publication/filings", filing | {"entries": ["x"]}))
    assert (unknown["status"], unknown["code"]) == (404, "entry-unknown")


def test_the_lead_reads_how_long_the_fund_lasts(calls: Calls) -> None:
    calls.world.record(minutes=120)
    calls.world.donate("li", 90)
    found = calls.get(f"{PLACE}/fund", "lead").get_json()
    assert (found["minutes"], found["months_left"], found["owed"]) == (90, None, 30)
    assert found["months"][0] == {"month": "2026-09", "came": 90, "paid": 0}
    assert len(found["months"]) == 12
    assert problem(calls.get(f"{PLACE}/fund", "clerk"))["status"] == 403


def test_anybody_reads_how_many_were_confirmed_by_their_own_hand(calls: Calls) -> None:
    calls.world.record(confirmed="card")
    calls.world.record(confirmed="paper")
    found = calls.get(f"{PLACE}/needs", None).get_json()
    assert (found["confirmed"], found["own_hand"]) == (2, 1)


def test_a_clerk_notes_a_stay_in_hospital(calls: Calls) -> None:
    wang = calls.person("wang")
    noted = calls.post(f"{PLACE}/stays", {"person": wang, "from_day": "2026-09-01"})
    assert noted.status_code == 201
    papers = calls.get(f"/api/v1/people/{wang}/papers").get_json()
    assert [(one["from_day"], one["expires_on"]) for one in papers["stays"]] == [("2026-09-01", None)]
    calls.world.record()
    (found,) = calls.get(f"{PLACE}/care", "lead").get_json()["findings"]
    assert (found["kind"], found["names"], found["place"]) == ("in-hospital", ["王桂英"], None)
    wrong = {"person": wang, "from_day": "2026-09-10", "expires_on": "2026-09-09"}
    assert problem(calls.post(f"{PLACE}/stays", wrong))["errors"][0]["pointer"] == "/expires_on"
