"""Groups, rosters, acceptance lists and door codes over the API."""

import pytest

from tests.api.calls import PLACE, Calls, problem
from tests.services.test_doors import accepted
from tests.services.test_rosters import team
from tests.world import TODAY


def test_a_group_has_members_who_are_noted_once(calls: Calls) -> None:
    group = team(calls.world)
    address = f"{PLACE}/groups/{group}/members"
    key, body = calls.world.bank.uuid(), {"person": calls.person("li"), "from_day": TODAY}
    assert [calls.post(address, body, key=key).status_code for _ in range(2)] == [201, 200]
    (member,) = calls.get(address, "lead").get_json()["members"]
    assert (member["id"], member["name"], member["until_day"]) == (key, "李明", None)
    assert calls.post(f"{address}/{key}/end", {"day": TODAY}).status_code == 204
    assert calls.get(address).get_json()["members"][0]["until_day"] == TODAY
    other = problem(calls.get(f"{PLACE}/groups/{calls.person('li')}/members"))
    assert (other["status"], other["code"]) == (404, "group-unknown")


def test_a_roster_answers_row_by_row_and_again_the_same(calls: Calls) -> None:
    group = team(calls.world, "li")
    body = {
        "group": group,
        "day": TODAY,
        "minutes": 60,
        "service": "cleaning",
        "there": [{"volunteer": calls.person("li"), "minutes": 45}, {"volunteer": calls.person("zhao")}],
        "confirmed": "paper",
    }
    key = calls.world.bank.uuid()
    first = calls.post(f"{PLACE}/rosters", body, key=key, Accept_Language="zh")
    assert first.status_code == 201
    found = first.get_json()
    assert [(row["outcome"], row["minutes"], row["code"]) for row in found["rows"]] == [
        ("entered", 45, None),
        ("refused", 60, "not-in-group"),
    ]
    assert found["rows"][1]["detail"].startswith("此人")
    assert found["rows"][1]["entry"] is None
    size = calls.size()
    again = calls.post(f"{PLACE}/rosters", body, key=key, Accept_Language="zh")
    assert again.status_code == 200
    assert again.get_json() == found | {"repeated": True}
    assert calls.size() == size
    assert calls.get(first.headers["Location"], "lead", Accept_Language="zh").get_json() == again.get_json()
    assert calls.get(f"{PLACE}/entries/{found['rows'][0]['entry']}").status_code == 200
    assert problem(calls.post(f"{PLACE}/rosters", body | {"minutes": 61}, key=key))["code"] == "id-taken"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"there": []}, "/there"),
        ({"there": "twice"}, "/there"),
        ({"start": 540, "end": 600, "there": "long"}, "/there"),
        ({"uncredited": "duty"}, "/uncredited"),
        ({"uncredited": "below-step", "group": None}, "/uncredited"),
        ({"payer": "elder"}, "/payer"),
        ({"confirmed": "clerk"}, "/reason"),
    ],
)
def test_a_roster_that_makes_no_sense_is_refused_at_the_gate(
    calls: Calls, change: dict[str, object], field: str
) -> None:
    li = calls.person("li")
    named = {"twice": [{"volunteer": li}, {"volunteer": li}], "long": [{"volunteer": li, "minutes": 61}]}
    body = {"group": "0" * 32, "day": TODAY, "minutes": 60, "service": "cleaning", "there": [{"volunteer": li}],
            "confirmed": "paper"} | change  # fmt: skip
    body["there"] = named.get(str(body["there"]), body["there"])
    found = problem(calls.post(f"{PLACE}/rosters", {key: value for key, value in body.items() if value is not None}))
    assert found["status"] == 422
    assert field in [one["pointer"] for one in found["errors"]]


def test_signing_in_takes_the_code_at_the_door_or_nothing(calls: Calls) -> None:
    hold = accepted(calls.world)
    made = calls.post(f"{PLACE}/people/{calls.person('wang')}/door-code", {})
    assert made.status_code == 201
    code = made.get_json()["code"]
    acts = f"{PLACE}/orders/{hold}/acts"
    wrong = f"{(int(code) + 1) % 10**6:06}"
    assert problem(calls.post(f"{acts}/check-in", {"code": wrong}, "li"))["code"] == "door-code-wrong"
    assert problem(calls.post(f"{acts}/check-in", {"code": "12"}, "li"))["status"] == 422
    assert calls.post(f"{acts}/check-in", {"code": code}, "li").status_code == 200
    calls.world.clock.advance(minutes=10)
    headers = calls.headers("li") | {"Idempotency-Key": calls.world.bank.uuid()}
    assert calls.client.post(f"{acts}/check-out", headers=headers).status_code == 200
    assert calls.get(f"{PLACE}/orders/{hold}").get_json()["at_door"] == ["check_in"]
    found = calls.get(f"{PLACE}/care", "lead").get_json()
    assert (found["signed"], found["at_door"]) == (2, 1)


def test_a_providers_month_is_listed(calls: Calls) -> None:
    world = calls.world
    firm = world.register(
        "firm", "爱心家政公司", calls.world.people["li"].community, kind="provider", is_volunteer=True
    )
    world.settle(world.order(payer="public"), "firm", 60)
    found = calls.get(f"{PLACE}/providers/{firm.id}/acceptance").get_json()
    (one,) = found["visits"]
    assert (found["number"], found["minutes"], one["served"], one["undone"]) == (1, 60, ["王＊＊"], False)
    assert calls.get(f"{PLACE}/entries/{one['entry']}").get_json()["seq"] == one["seq"]
    assert problem(calls.get(f"{PLACE}/providers/{calls.person('li')}/acceptance"))["code"] == "provider-unknown"
    assert problem(calls.get(f"{PLACE}/providers/{firm.id}/acceptance?month=x"))["status"] == 422
