"""What a place reports of a month, what waits there and what is owed, as JSON; and who looks after what."""

import pytest

from tests.api.calls import PLACE, V1, Calls, problem
from tests.services.test_monthly import a_month, into_october, night
from tests.world import HERE
from timebank.access import Role

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
TOWN = f"{V1}/places/{HERE[:9]}"


def test_a_report_is_read_line_by_line(calls: Calls) -> None:
    a_month(calls.world)
    into_october(calls.world)
    night(calls.world)
    found = calls.get(f"{V1}/places/{HERE}/reports/2026-09", "auditor").get_json()
    assert (found["place"], found["month"], found["state"]) == (HERE, "2026-09", "final")
    lines = {line["number"]: line for line in found["lines"]}
    assert lines[302] | {"values": [270, None, None]} == lines[302]
    assert (lines[311]["service"], lines[411]["band"], lines[411]["unit"]) == ("meal", "under-60", "minutes")
    assert problem(calls.get(f"{V1}/places/{HERE}/reports/2026-13", "auditor"))["status"] == 404
    assert problem(calls.get(f"{TOWN}/reports/2026-09", "auditor"))["status"] == 403


def test_what_waits_and_what_is_owed_are_read_too(calls: Calls) -> None:
    a_month(calls.world)
    night(calls.world)
    calls.world.login("town", Role.LEAD, HERE[:9])
    waiting = calls.get(f"{TOWN}/queues", "town").get_json()
    assert [(one["count"], one["ages"]) for one in waiting["queues"] if one["kind"] == "questions"] == [
        (1, [1, 0, 0, 0, 0])
    ]
    (part,) = waiting["parts"]
    assert (part["code"], part["counts"]["questions"]) == (HERE, 1)
    owed = calls.get(f"{TOWN}/liability", "town").get_json()
    assert (owed["owed"], owed["members"], owed["fund"], owed["months_to_use"]) == (170, 4, 40, None)


def test_who_looks_after_a_forgotten_elder_is_said(calls: Calls) -> None:
    world = calls.world
    world.clock.advance(days=35)
    world.bank.confirm_clock()
    wanted = {"kind": "unserved", "subject": world.people["chen"].id}
    assert calls.post(f"{PLACE}/care/owners", wanted, "lead").status_code == 204
    unserved = calls.get(f"{PLACE}/care", "lead").get_json()["unserved"]
    assert {one["name"]: one["owner"] for one in unserved} == {"王桂英": None, "陈秀兰": "lead"}
    assert problem(calls.post(f"{PLACE}/care/owners", wanted, "clerk"))["status"] == 403
    wrong = problem(calls.post(f"{PLACE}/care/owners", wanted | {"kind": "x"}, "lead"))
    assert (wrong["status"], wrong["errors"][0]["pointer"]) == (422, "/kind")
