"""The lists of services and of needs, a person's profile, and why somebody could be sent, as JSON."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.api.calls import PLACE, V1, Calls, problem
from tests.services.test_matching import taught
from timebank.services import orders

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def profile(calls: Calls, name: str) -> str:
    return f"{V1}/people/{calls.person(name)}/profile"


def put(calls: Calls, name: str, body: dict[str, Any]) -> TestResponse:
    return calls.client.put(profile(calls, name), json=body, headers=calls.headers("clerk"))


def test_anybody_reads_what_is_offered(calls: Calls) -> None:
    listed = calls.get(f"{PLACE}/services", None).get_json()["services"]
    (bathing,) = (one for one in listed if one["code"] == "bathing")
    assert (bathing["zh"], bathing["minutes"], bathing["training"]) == ("助浴", 60, "bathing")
    assert (bathing["gender_choice"], bathing["pair"], bathing["volunteers"]) == (True, True, None)


def test_anybody_reads_what_was_asked_for_and_what_was_not_met(calls: Calls) -> None:
    calls.world.record(volunteer="daughter", elder="chen", minutes=120)
    calls.world.give("daughter", "wang", 120)
    hold = calls.world.order(minutes=45).record.id
    released = calls.post(f"{PLACE}/orders/{hold}/release", {"reason": "needs-provider"})
    assert released.get_json()["entry"]["body"] == {"reason": "needs-provider"}
    found = calls.get(f"{PLACE}/needs", None).get_json()
    assert found["unmet"] == [{"service": "meal", "reason": "needs-provider", "number": 1, "minutes": 45}]
    (row,) = found["rows"]
    assert (row["asked"], row["unmet"], row["waiting_days"]) == (1, 1, None)
    assert calls.get(f"{PLACE}/needs?month=2026-08", None).get_json()["rows"] == []
    assert problem(calls.get(f"{PLACE}/needs?month=2026-13", None))["status"] == 422


def test_a_profile_is_noted_as_a_whole_and_twice_is_the_same(calls: Calls) -> None:
    noted = {"gender": "m", "speaks": ["zunyi"], "offers": ["meal"], "grid": "a-03"} | {
        "times": ["mon-am"],
        "goes_to": [],
    }
    for _ in range(2):
        answer = put(calls, "li", noted)
        assert answer.get_json() == noted | {"person": calls.person("li"), "grid": "A-03"}
    assert calls.get(profile(calls, "li"), "li").get_json()["offers"] == ["meal"]
    emptied = put(calls, "li", {}).get_json()
    assert (emptied["gender"], emptied["speaks"], emptied["offers"], emptied["grid"]) == (None, [], [], None)


def test_of_an_elder_a_gender_is_refused_and_what_is_not_in_the_list_is_too(calls: Calls) -> None:
    refused = problem(put(calls, "chen", {"gender": "f"}))
    assert (refused["status"], refused["code"]) == (422, "person-role")
    wrongs: tuple[dict[str, Any], ...] = (
        {"speaks": ["klingon"]},
        {"offers": ["surgery"]},
        {"grid": "大兴路8号"},
        {"gender": "x"},
    )
    for wrong in wrongs:
        found = problem(put(calls, "li", wrong))
        assert found["errors"][0]["pointer"].startswith(f"/{next(iter(wrong))}")


def test_what_cannot_be_ordered_has_a_code_of_its_own(calls: Calls) -> None:
    world = calls.world
    world.policy('[catalogue]\noffers = ["meal"]')
    wish = {"elder": calls.person("wang"), "minutes": 30, "wanted_day": world.clock.day}
    refused = problem(calls.post(f"{PLACE}/orders", wish | {"service": "walking"}))
    assert (refused["status"], refused["code"]) == (422, "service-not-offered")
    assert (
        "助行" in problem(calls.post(f"{PLACE}/orders", wish | {"service": "walking"}, Accept_Language="zh"))["detail"]
    )
    refused = problem(calls.post(f"{PLACE}/orders", wish | {"service": "meal", "gender": "f"}))
    assert (refused["status"], refused["code"]) == (422, "gender-not-offered")


def test_the_reasons_are_codes_and_the_board_of_one_s_grid_a_parameter(calls: Calls) -> None:
    world = calls.world
    world.record(volunteer="daughter", elder="chen", minutes=120)
    world.give("daughter", "wang", 120)
    for name in ("wang", "zhao"):
        put(calls, name, {"grid": "03"})
    hold = world.order(minutes=30).record.id
    listed = calls.get(f"{PLACE}/orders/{hold}/candidates").get_json()["candidates"]
    assert (listed[0]["person"], listed[0]["reasons"]) == (calls.person("zhao"), ["same-grid"])
    near = calls.get(f"{PLACE}/board?near=true", "zhao").get_json()["orders"]
    assert [order["grid"] for order in near] == ["03"]
    refused = problem(calls.get(f"{PLACE}/board?near=true", "li"))
    assert (refused["status"], refused["code"]) == (422, "grid-missing")
    asked = world.order(minutes=30, service="walking", gender="f").record.id
    refused = problem(calls.post(f"{PLACE}/orders/{asked}/acts/accept", None, "zhao"))
    assert (refused["status"], refused["code"]) == (422, "gender-asked")
    assert orders.board(world.bank, world.actors["li"], PLACE.rpartition("/")[2])


def test_those_who_could_be_sent_come_in_pages_and_one_is_looked_for_by_name(calls: Calls) -> None:
    world = calls.world
    world.policy("[earning]\ntraining_required = true\n[quota]\ntrial_minutes = 300")
    for name in ("zhao", "daughter"):
        taught(world, name, course="basic")
    hold = world.order("chen", 30, payer="public").record.id
    at = f"{PLACE}/orders/{hold}/candidates"
    first, second = (calls.get(f"{at}?limit=1&skip={skip}").get_json() for skip in (0, 1))
    assert (first["next"], second["next"]) == (1, None)
    assert {one["person"] for one in first["candidates"] + second["candidates"]} == {
        calls.person("zhao"),
        calls.person("daughter"),
    }
    (looked,) = calls.post(f"{at}/search", {"q": "liming"}, key=None).get_json()["candidates"]
    assert (looked["person"], looked["refused"]) == (calls.person("li"), "training-missing")
    assert "先参加培训" in looked["why"]
    refused = problem(calls.post(f"{PLACE}/orders/{hold}/dispatch", {"volunteer": calls.person("li")}))
    assert refused["code"] == "training-missing"


def test_a_volunteer_says_over_the_api_what_she_can_and_when(calls: Calls) -> None:
    put(calls, "li", {"grid": "03", "gender": "m"})
    at = f"/api/v1/people/{calls.person('li')}/profile/own"
    own = {"offers": ["meal"], "times": ["sat-am"], "goes_to": ["04"], "phone": "13899990000"}
    said = calls.client.put(at, json=own, headers=calls.headers("li")).get_json()
    assert (said["grid"], said["gender"], said["offers"]) == ("03", "m", ["meal"])
    assert (said["times"], said["goes_to"]) == (["sat-am"], ["04"])
    for wrong in ({"times": ["someday"]}, {"goes_to": ["大兴路"]}, {"gender": "f"}, {"goes_to": list("123456")}):
        assert problem(calls.client.put(at, json=wrong, headers=calls.headers("li")))["status"] == 422
    assert problem(calls.client.put(at, json=own, headers=calls.headers("clerk")))["status"] == 403
