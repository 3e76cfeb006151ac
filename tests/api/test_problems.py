"""Every way to say no has a code, a status and a sentence in each language; and every answer its headers."""

import string

import pytest
from flask import Flask

from tests.api.calls import PLACE, V1, Calls, problem
from timebank import api
from timebank.api import problems
from timebank.ledger import Code
from timebank.schemas import refusals
from timebank.services import station

# Facts of every kind that sentences ask for.
FACTS = {
    "state": "open",
    "reason": "late",
    "size": 60,
    "month": "2026-11",
    "character": "㛃",
    **dict.fromkeys(
        ("available", "needed", "held", "over", "right", "credited", "minutes", "most", "v", "age", "owed"), 60
    ),
    **dict.fromkeys(("why", "field", "kind", "key", "ledger", "service", "expected", "version", "said"), "x"),
    **dict.fromkeys(("day", "earliest"), "2026-11-20"),
}


def asked(sentence: str) -> set[str]:
    return {part.split(")")[0] for part in sentence.split("%(")[1:]}


@pytest.mark.parametrize("code", list(Code))
def test_every_code_has_a_status_and_a_sentence_in_both_languages(still: Calls, code: Code) -> None:
    status, template = refusals.SENTENCES[code]
    assert 400 <= status < 600
    facts = {name: FACTS[name] for name in asked(template)}
    said = {}
    for language in ("zh", "en"):
        with still.app.test_request_context("/api/v1/", headers={"Accept-Language": language}):
            said[language] = refusals.sentence(code, facts)
    assert said["zh"] != said["en"]
    assert not said["zh"].isascii()
    for sentence in said.values():
        assert "%(" not in sentence
        assert sentence[-1] in ".。"


@pytest.mark.parametrize("code", sorted(problems.OWN))
def test_every_code_of_the_apis_own_has_them_too(code: str) -> None:
    status, english, chinese = problems.OWN[code]
    assert 400 <= status < 600
    assert english[-1] in "._…" or english.endswith("tbk_…")
    assert any(character not in string.printable for character in chinese)
    assert code not in {known.value for known in Code}


def test_the_type_of_a_problem_leads_to_its_description(still: Calls) -> None:
    found = problem(still.get(f"{PLACE}/day", "li"))
    described = still.get(found["type"], None).get_json()
    assert described == {"code": "denied", "status": 403, "title": "Denied"}
    listed = still.get(f"{V1}/problems", None).get_json()["problems"]
    assert described in listed
    assert {kind["code"] for kind in listed} == {code.value for code in Code} | problems.OWN.keys()


def test_a_bug_is_500_without_details_and_is_logged_with_the_requests_id(
    still: Calls, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_arguments: object) -> None:
        raise ZeroDivisionError("a secret detail")

    monkeypatch.setattr(station, "day", broken)
    response = still.get(f"{PLACE}/day", X_Request_ID="my-request-7")
    found = problem(response)
    assert (found["status"], found["code"], found["request_id"]) == (500, "internal-error", "my-request-7")
    assert "secret" not in response.text
    logged = capsys.readouterr()
    assert "my-request-7" in logged.out + logged.err
    assert "a secret detail" in logged.out + logged.err


@pytest.mark.parametrize("sent", ["", "x" * 65, "a b", "<script>", "é"])
def test_a_malformed_request_id_is_replaced(still: Calls, sent: str) -> None:
    given = still.get(f"{V1}/communities", None, X_Request_ID=sent).headers["X-Request-ID"]
    assert len(given) == 32
    assert given != still.get(f"{V1}/communities", None).headers["X-Request-ID"]


@pytest.mark.parametrize(
    ("address", "name", "kept"),
    [
        (f"{V1}/communities", None, "no-cache"),
        (f"{V1}/communities", "clerk", "no-store"),
        (f"{PLACE}/day", "clerk", "no-store"),
        (f"{PLACE}/day", None, "no-store"),
        (f"{V1}/nothing", None, "no-store"),
        (f"{V1}/session", None, "no-store"),
    ],
)
def test_every_answer_has_its_headers(still: Calls, address: str, name: str | None, kept: str) -> None:
    headers = still.get(address, name).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["Cache-Control"] == kept
    assert headers["X-Request-ID"]


def test_pages_are_none_of_its_business() -> None:
    app = Flask("other")
    api.register(app)
    app.add_url_rule("/page", view_func=lambda: "page")
    client = app.test_client()
    for address in ("/page", "/nothing", "/apiary"):
        response = client.get(address)
        assert response.mimetype == "text/html"
        assert "X-Request-ID" not in response.headers
