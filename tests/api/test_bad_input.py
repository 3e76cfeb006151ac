"""What is refused, with which code and status; each time in two languages, and each time nothing is written."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.api.calls import PLACE, V1, Calls, problem

Send = Callable[[str], TestResponse]


def refused(calls: Calls, send: Send, status: int, code: str) -> dict[str, Any]:
    """Send it in both languages: the same problem with different sentences, and the books as long as before."""
    size = calls.size()
    said = {language: problem(send(language)) for language in ("zh", "en")}
    for found in said.values():
        assert (found["status"], found["code"]) == (status, code), found
    assert said["zh"]["detail"] != said["en"]["detail"]
    assert said["zh"]["detail"].isascii() is False
    assert calls.size() == size
    return said["en"]


def refused_visit(calls: Calls, body: Any, status: int, code: str, **more: Any) -> dict[str, Any]:
    return refused(
        calls, lambda language: calls.post(f"{PLACE}/visits", body, Accept_Language=language, **more), status, code
    )


@pytest.mark.parametrize(
    ("minutes", "code"),
    [
        ("0", "minutes-not-positive"),
        ("-1", "minutes-not-positive"),
        ("1.5", "minutes-not-integer"),
        ("61.0", "minutes-not-integer"),
        ("1e3", "minutes-not-integer"),
        ('"60"', "minutes-not-integer"),
        ("true", "minutes-not-integer"),
        ("null", "fields-invalid"),
        ("[60]", "minutes-not-integer"),
        (str(2**70), "minutes-too-many"),
        ("1441", "minutes-too-many"),
    ],
)
def test_minutes_are_whole_and_from_one_to_a_day(still: Calls, minutes: str, code: str) -> None:
    body = json.dumps(still.visit(minutes=7777)).replace("7777", minutes)
    found = refused_visit(still, body, 422, code)
    if minutes != "1441":  # judged by the use case, which knows no fields
        assert [error["pointer"] for error in found["errors"]] == ["/minutes"]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"volonteer": "x"}, "/volonteer"),
        ({"a/b~c": 1}, "/a~1b~0c"),
        ({"day": 20261120}, "/day"),
        ({"day": "2026-11-31"}, "/day"),
        ({"day": "20261120"}, "/day"),
        ({"volunteer": "li"}, "/volunteer"),
        ({"served": "x"}, "/served"),
        ({"served": []}, "/served"),
        ({"served": ["x"]}, "/served/0"),
        ({"served": ["a" * 32] * 65}, "/served"),
        ({"service": None}, "/service"),
        ({"service": "two words"}, "/service"),
        ({"confirmed": "wink"}, "/confirmed"),
        ({"payer": "member:1"}, "/payer"),
        ({"start": "540"}, "/start"),
        ({"start": 540, "end": 530}, "/end"),
        ({"start": 540}, "/end"),
        ({"start": 540, "end": 550}, "/minutes"),
        ({"confirmed": "clerk"}, "/reason"),
        ({"note": "x" * 501}, "/note"),
        ({"note": {"a": 1}}, "/note"),
        ({"community": "520302001002"}, "/community"),
    ],
)
def test_a_wrong_field_is_named_by_its_pointer(still: Calls, change: dict[str, Any], pointer: str) -> None:
    found = refused_visit(still, still.visit() | change, 422, "fields-invalid")
    assert [error["pointer"] for error in found["errors"]] == [pointer]
    assert all(error["detail"] for error in found["errors"])


def test_several_wrong_fields_are_all_named_and_keep_their_own_codes(still: Calls) -> None:
    found = refused_visit(still, still.visit(minutes=61.0, day="today"), 422, "fields-invalid")
    assert {error["pointer"]: error.get("code") for error in found["errors"]} == {
        "/minutes": "minutes-not-integer",
        "/day": None,
    }


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "json-malformed"),
        (b"{", 400, "json-malformed"),
        (b"minutes=60", 400, "json-malformed"),
        (b"\xff\xfe{}", 400, "json-malformed"),
        (b"\xef\xbb\xbf{}", 400, "json-malformed"),
        (b'{"minutes":60}\x00', 400, "json-malformed"),
        (b'{"minutes":NaN}', 400, "json-malformed"),
        (b'{"minutes":Infinity}', 400, "json-malformed"),
        (b'{"note":"\\ud800"}', 400, "json-malformed"),
        (b'{"minutes":' + b"9" * 5000 + b"}", 400, "json-malformed"),
        (b'{"minutes":60,"minutes":61}', 400, "json-duplicate-key"),
        (b"[" * 100_000, 400, "json-too-deep"),
        (b'{"a":' * 100_000, 400, "json-too-deep"),
        (b"[" * 100_000 + b"]" * 100_000, 400, "json-too-deep"),
        (b"[]", 422, "fields-invalid"),
        (b"null", 422, "fields-invalid"),
        (b'"x"', 422, "fields-invalid"),
        (b"{}", 422, "fields-invalid"),
    ],
    ids=lambda value: repr(value[-16:]) if isinstance(value, bytes) else None,
)
def test_garbage_is_a_problem_and_never_a_fault(still: Calls, body: bytes, status: int, code: str) -> None:
    refused_visit(still, body, status, code)


def test_a_body_beyond_the_limit_is_413(still: Calls) -> None:
    body = b" " * (still.world.bank.settings.max_body_bytes + 1)
    refused_visit(still, body, 413, "body-too-large")


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "text/json", ""])
def test_another_media_type_is_415(still: Calls, media_type: str) -> None:
    def send(language: str) -> TestResponse:
        headers = still.headers("clerk") | {"Idempotency-Key": still.world.bank.uuid(), "Accept-Language": language}
        return still.client.post(f"{PLACE}/visits", data=b"{}", content_type=media_type, headers=headers)

    refused(still, send, 415, "media-type-unsupported")


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (None, "idempotency-key-missing"),
        ("1", "idempotency-key-malformed"),
        ("a" * 32, "idempotency-key-malformed"),
        ("01998a3c-5b00-4abc-8def-0123456789ab", "idempotency-key-malformed"),
        ("01998a3c5b007abc8def0123456789ab01998a3c5b007abc8def0123456789ab", "idempotency-key-malformed"),
        ("01998a3c-5b00-7abc-8def-0123456789aé", "idempotency-key-malformed"),
    ],
)
@pytest.mark.parametrize(
    "address",
    ["visits", "orders", "gifts", "donations", "reversals", "grants", "people", "kin"]
    + [f"orders/{'0' * 12}7{'0' * 3}8{'0' * 15}/{end}" for end in ("settlement", "release")]
    + [f"approvals/{'0' * 12}7{'0' * 3}8{'0' * 15}/decision"],
)
def test_every_write_needs_a_good_key(still: Calls, address: str, key: str | None, code: str) -> None:
    refused(still, lambda language: still.post(f"{PLACE}/{address}", {}, key=key, Accept_Language=language), 400, code)


def test_an_id_in_the_body_must_be_the_key(still: Calls) -> None:
    body = still.visit(id="01998a3c5b007abc8def0123456789ab")
    refused_visit(still, body, 400, "idempotency-key-differs")
    refused_visit(still, still.visit(id=7), 400, "idempotency-key-differs")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"day": "2026-09-22"}, 422, "day-in-future"),
        ({"day": "9999-12-31"}, 422, "day-in-future"),
        ({"day": "2026-09-20"}, 422, "no-policy"),
        ({"day": "0001-01-01"}, 422, "no-policy"),
        ({"service": "juggling"}, 422, "service-unknown"),
        ({"volunteer": "0" * 32}, 404, "person-unknown"),
        ({"payer": "elder"}, 422, "overdraft"),
        ({"payer": "fund"}, 422, "overdraft"),
    ],
)
def test_the_bank_declines_a_visit_with_its_reason(
    still: Calls, change: dict[str, Any], status: int, code: str
) -> None:
    refused_visit(still, still.visit() | change, status, code)


def test_the_bank_declines_what_does_not_fit_the_people(still: Calls) -> None:
    refused_visit(still, still.visit(served=[still.person("li")]), 422, "same-person")
    refused_visit(still, still.visit(volunteer=still.person("wang")), 422, "person-role")
    refused_visit(still, still.visit(volunteer=still.person("stranger")), 404, "person-unknown")


def test_nobody_gives_to_herself(still: Calls) -> None:
    gift = {"giver": still.person("li"), "receiver": still.person("li"), "minutes": 1}
    refused(
        still,
        lambda language: still.post(f"{PLACE}/gifts", gift, name="li", Accept_Language=language),
        422,
        "same-person",
    )


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("limit=0", "/limit"),
        ("limit=101", "/limit"),
        ("limit=x", "/limit"),
        ("limit=1.5", "/limit"),
        ("before=-1", "/before"),
        (f"before={2**63}", "/before"),
        ("before=", "/before"),
        ("page=2", "/page"),
        ("limit=5&limit=6", "/limit"),
        ("limit=%00", "/limit"),
    ],
)
def test_a_page_is_bounded(still: Calls, query: str, pointer: str) -> None:
    for address in (f"{V1}/people/{still.person('li')}/history", f"{PLACE}/audit/records"):
        name = "auditor" if "audit" in address else "clerk"
        found = refused(
            still,
            lambda language, address=address, name=name: still.get(  # type: ignore[misc]
                f"{address}?{query}", name, Accept_Language=language
            ),
            422,
            "fields-invalid",
        )
        assert [error["pointer"] for error in found["errors"]] == [pointer]


@pytest.mark.parametrize(
    ("address", "pointer"),
    [
        ("day?day=yesterday", "/day"),
    ],
)
def test_a_query_is_checked(still: Calls, address: str, pointer: str) -> None:
    found = refused(
        still, lambda language: still.get(f"{PLACE}/{address}", Accept_Language=language), 422, "fields-invalid"
    )
    assert [error["pointer"] for error in found["errors"]] == [pointer]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [({}, "/q"), ({"q": ""}, "/q"), ({"q": "x" * 61}, "/q"), ({"q": "li", "limit": 51}, "/limit"), ({"q": 1}, "/q")],
)
def test_a_search_is_checked(still: Calls, body: dict[str, object], pointer: str) -> None:
    found = refused(
        still,
        lambda language: still.post(f"{PLACE}/people/search", body, key=None, Accept_Language=language),
        422,
        "fields-invalid",
    )
    assert [error["pointer"] for error in found["errors"]] == [pointer]


@pytest.mark.parametrize("span", ["", "from=2026-09-21", "from=2026-09-21&to=2026-09-20", "from=x&to=y"])
def test_a_statement_needs_two_days_in_order(still: Calls, span: str) -> None:
    address = f"{V1}/people/{still.person('li')}/statement?{span}"
    refused(still, lambda language: still.get(address, Accept_Language=language), 422, "fields-invalid")


@pytest.mark.parametrize(
    "address",
    [
        "/api/",
        "/api/v2/communities",
        f"{V1}/",
        f"{V1}/nothing",
        f"{V1}/communities/52030200100/day",
        f"{V1}/communities/52030200100%00/day",
        f"{V1}/communities/５２０３０２００１００１/day",
        f"{V1}/people/{'A' * 32}",
        f"{PLACE}/audit/records/-1",
        f"{PLACE}/audit/records/{'9' * 16}",
        f"{PLACE}/entries/a%00b",
        f"{PLACE}/entries/{'a' * 241}",
        f"{PLACE}/orders/{'0' * 32}/release",
        f"{V1}/problems/nothing",
    ],
)
def test_an_address_that_is_not_there_is_404(still: Calls, address: str) -> None:
    refused(still, lambda language: still.get(address, None, Accept_Language=language), 404, "not-found")


def test_a_write_to_an_address_that_is_not_there_is_404_also_without_a_forms_token(still: Calls) -> None:
    refused(
        still,
        lambda language: still.client.post(f"{V1}/nothing", headers={"Accept-Language": language}),
        404,
        "not-found",
    )


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "TRACE", "BREW"])
def test_another_method_is_405_and_says_which_are_known(still: Calls, method: str) -> None:
    def send(language: str) -> TestResponse:
        return still.client.open(f"{PLACE}/visits", method=method, headers={"Accept-Language": language})

    refused(still, send, 405, "method-not-allowed")
    assert set(send("en").headers["Allow"].split(", ")) == {"POST", "OPTIONS"}


@pytest.mark.parametrize(
    ("address", "name", "status", "code"),
    [
        (f"{V1}/communities/520302001999/checkpoint", None, 404, "community-unknown"),
        (f"{PLACE}/entries/{'0' * 12}7{'0' * 3}8{'0' * 15}", "clerk", 404, "entry-unknown"),
        (f"{PLACE}/entries/{'0' * 12}7{'0' * 3}8{'0' * 15}", "li", 404, "entry-unknown"),
        (f"{PLACE}/audit/records/{'9' * 15}", "auditor", 404, "entry-unknown"),
        (f"{V1}/communities/520302001999/day", "clerk", 403, "denied"),
        (f"{V1}/people/{'0' * 32}", "clerk", 403, "denied"),
    ],
)
def test_what_is_not_there_and_what_is_not_yours(
    still: Calls, address: str, name: str | None, status: int, code: str
) -> None:
    refused(still, lambda language: still.get(address, name, Accept_Language=language), status, code)


def test_a_missing_field_is_named_in_the_language_of_each_reader(still: Calls) -> None:
    for language, words in (("en", "Please fill this in."), ("zh", "请填写这一项。"), ("en", "Please fill this in.")):
        answer = still.post(f"{PLACE}/people/search", {}, key=None, accept_language=language).get_json()
        assert answer["errors"][0]["detail"] == words
