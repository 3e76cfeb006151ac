"""Who asks: sessions with their forgery guard, tokens with their scopes, and never one for the other."""

import pytest
from flask.testing import FlaskClient

from tests.api.calls import PLACE, V1, Calls, problem
from tests.world import ELSEWHERE, HERE, SECRET
from timebank.access import Right

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def logged_in(calls: Calls, name: str) -> tuple[FlaskClient, dict[str, str]]:
    """A browser's client with a session, and the header its writes need."""
    client = calls.app.test_client()
    csrf = client.get(f"{V1}/session").get_json()["csrf_token"]
    headers = {"X-CSRFToken": csrf}
    response = client.post(f"{V1}/session", json={"name": name, "secret": SECRET}, headers=headers)
    assert response.status_code == 200, response.text
    return client, {"X-CSRFToken": response.get_json()["csrf_token"]}


def test_nobody_is_told_so_and_gets_a_token_to_log_in_with(calls: Calls) -> None:
    said = calls.get(f"{V1}/session", None).get_json()
    assert said.pop("csrf_token")
    assert said == {
        "logged_in": False,
        "name": None,
        "person": None,
        "community": None,
        "roles": [],
        "scopes": None,
        "elders": [],
    }


def test_a_session_says_who_and_writes_with_the_token_of_the_page(calls: Calls) -> None:
    client, headers = logged_in(calls, "clerk")
    said = client.get(f"{V1}/session").get_json()
    assert (said["logged_in"], said["name"]) == (True, "clerk")
    assert said["roles"] == [{"role": "clerk", "community": HERE}]
    key = {"Idempotency-Key": calls.world.bank.uuid()}
    assert client.post(f"{PLACE}/visits", json=calls.visit(), headers=headers | key).status_code == 201


def test_a_write_that_rests_on_the_cookie_alone_is_taken_for_forged(calls: Calls) -> None:
    client, _ = logged_in(calls, "clerk")
    size = calls.size()
    for headers in ({}, {"X-CSRFToken": "x"}):
        sent = headers | {"Idempotency-Key": calls.world.bank.uuid()}
        refused = problem(client.post(f"{PLACE}/visits", json=calls.visit(), headers=sent))
        assert (refused["status"], refused["code"]) == (400, "forged")
    assert problem(client.delete(f"{V1}/session"))["code"] == "forged"
    assert calls.size() == size


def test_logging_out_ends_the_session_also_for_a_copy_of_its_cookie(calls: Calls) -> None:
    client, headers = logged_in(calls, "clerk")
    cookie = client.get_cookie("timebank")
    assert cookie is not None
    copy = calls.app.test_client()
    copy.set_cookie("timebank", cookie.value)
    assert copy.get(f"{PLACE}/day").status_code == 200
    assert client.delete(f"{V1}/session", headers=headers).status_code == 204
    assert problem(copy.get(f"{PLACE}/day"))["code"] == "not-logged-in"


def test_a_wrong_password_is_401_and_too_many_are_429_with_a_time_to_wait(calls: Calls) -> None:
    client = calls.app.test_client()
    headers = {"X-CSRFToken": client.get(f"{V1}/session").get_json()["csrf_token"]}
    wrong = {"name": "clerk", "secret": "wrong"}
    for _ in range(calls.world.bank.settings.login_attempts):
        refused = problem(client.post(f"{V1}/session", json=wrong, headers=headers))
        assert (refused["status"], refused["code"]) == (401, "login-wrong")
    late = client.post(f"{V1}/session", json=wrong | {"secret": SECRET}, headers=headers)
    assert problem(late)["code"] == "too-many-attempts"
    assert int(late.headers["Retry-After"]) > 0


@pytest.mark.parametrize("sent", ["Bearer tbk_wrong", "Bearer ", "Bearer", "Basic eDp5", "bearer  ", "Bearer tbk_é"])
def test_credentials_that_are_no_good_never_fall_back_to_the_cookie(calls: Calls, sent: str) -> None:
    client, _ = logged_in(calls, "clerk")
    assert client.get(f"{PLACE}/day").status_code == 200
    for address in (f"{PLACE}/day", f"{V1}/communities", f"{V1}/session"):
        response = client.get(address, headers={"Authorization": sent})
        assert problem(response)["code"] == "token-invalid"
        assert response.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'


def test_a_good_token_counts_and_not_the_cookie_that_comes_along(calls: Calls) -> None:
    client, _ = logged_in(calls, "clerk")
    said = client.get(f"{V1}/session", headers=calls.headers("li")).get_json()
    assert said["person"] == calls.person("li")
    assert said["csrf_token"] is None


def test_a_token_can_do_less_than_its_login(calls: Calls) -> None:
    token = calls.token("clerk", scopes=frozenset({Right.SEE_DAY}))
    headers = {"Authorization": f"Bearer {token}"}
    assert calls.client.get(f"{V1}/session", headers=headers).get_json()["scopes"] == ["see_day"]
    assert calls.client.get(f"{PLACE}/day", headers=headers).status_code == 200
    headers["Idempotency-Key"] = calls.world.bank.uuid()
    refused = problem(calls.client.post(f"{PLACE}/visits", json=calls.visit(), headers=headers))
    assert (refused["status"], refused["code"]) == (403, "denied")


def test_a_token_ends(calls: Calls) -> None:
    headers = {"Authorization": f"Bearer {calls.token('clerk', days=1)}"}
    assert calls.client.get(f"{PLACE}/day", headers=headers).status_code == 200
    calls.world.clock.advance(days=1)
    assert problem(calls.client.get(f"{PLACE}/day", headers=headers))["code"] == "token-invalid"


def test_nobody_gets_401_with_a_challenge_before_anything_else_is_looked_at(calls: Calls) -> None:
    for response in (
        calls.post(f"{PLACE}/visits", "garbage", name=None, key=None),
        calls.get(f"{PLACE}/day?day=garbage", None),
    ):
        assert problem(response)["code"] == "not-logged-in"
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"] == "Bearer"


def test_a_clerk_has_no_rights_in_another_community(calls: Calls) -> None:
    refused = problem(calls.post(f"{V1}/communities/{ELSEWHERE}/visits", calls.visit()))
    assert (refused["status"], refused["code"]) == (403, "denied")
    assert problem(calls.get(f"{V1}/people/{calls.person('stranger')}/balance"))["code"] == "denied"


def test_a_member_reaches_herself_and_her_elder_and_nobody_else(calls: Calls) -> None:
    for name, status in (("daughter", 200), ("wang", 200), ("li", 403)):
        for what in ("", "/balance", "/history", f"/statement?from={calls.world.clock.day}&to={calls.world.clock.day}"):
            assert calls.get(f"{V1}/people/{calls.person(name)}{what}", "daughter").status_code == status


def test_whoever_asked_cannot_decide(calls: Calls) -> None:
    entry = calls.made(f"{PLACE}/visits", calls.visit())["entry"]["id"]
    key = calls.world.bank.uuid()
    calls.post(f"{PLACE}/reversals", {"entry": entry, "reason": "twice"}, name="lead", key=key)
    refused = problem(calls.post(f"{PLACE}/approvals/{key}/decision", {"approve": True}, name="lead"))
    assert (refused["status"], refused["code"]) == (403, "second-person")
