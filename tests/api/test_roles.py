"""An admin gives a login a role over the API, and takes it away."""

import pytest

from tests.api.calls import PLACE, Calls, problem
from tests.world import HERE

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_a_program_gives_and_takes_a_role(calls: Calls) -> None:
    found = calls.post(f"{PLACE}/logins/search", {"name": "clerk2"}, "admin", None).get_json()
    at = f"{PLACE}/logins/{found['login']}/roles"
    lead = {"role": "lead", "where": HERE}
    given = calls.post(at, lead, "admin").get_json()
    assert [(one["role"], one["where"]) for one in given["held"]] == [("clerk", HERE), ("lead", HERE)]
    assert calls.get(at, "admin").get_json() == given
    taken = calls.post(f"{at}/end", lead, "admin").get_json()
    assert [one["given"] for one in taken["changes"]] == [False, True]
    assert [one["role"] for one in taken["held"]] == ["clerk"]
    assert problem(calls.post(at, lead | {"where": "5203020010"}, "admin"))["status"] == 422
    own = f"{PLACE}/logins/{calls.world.actors['admin'].login}/roles"
    assert problem(calls.post(own, lead, "admin"))["code"] == "own-matter"
