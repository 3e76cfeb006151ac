"""Somebody else sits down at the station's computer, or a log-in is over: the page and what was typed on it stay."""

import re
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.web.visitor import AT, Visitor, beside, said, size
from tests.world import HERE, SECRET, World
from timebank import directory
from timebank.services import drafts

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def typed(world: World) -> dict[str, Any]:
    return {
        "id": world.bank.uuid(),
        "volunteer": world.people["li"].id,
        "served": [world.people["wang"].id, world.people["chen"].id],
        "day": world.clock.day,
        "minutes": "85",
        "note": "带了药",
    }


def draft_of(page: TestResponse) -> str:
    found = re.search(r'name="draft" value="([^"]*)"', page.text)
    assert found is not None
    return found.group(1)


def hidden(page: TestResponse) -> list[tuple[str, str]]:
    """The fields that a form carries along."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text.partition("<main")[2])
    return [(name, value) for name, value in found if name != "csrf_token"]


def come(visitor: Visitor, name: str, secret: str = SECRET, **more: Any) -> TestResponse:
    return visitor.post("/desk", name=name, secret=secret, **more)


def who(visitor: Visitor) -> object:
    return visitor.get("/api/v1/session").get_json()["name"]


def test_a_colleague_takes_the_place_on_the_same_page_and_the_old_session_is_over(app: Flask, world: World) -> None:
    clerk = Visitor(app, world, "clerk")
    before = clerk.client.get_cookie("timebank")
    assert "/desk?next=" in clerk.get(f"{AT}/day").text
    answer = come(clerk, "clerk2", next=f"{AT}/day")
    assert (answer.status_code, answer.location) == (303, f"{AT}/day")
    assert who(clerk) == "clerk2"
    assert before is not None
    old = Visitor(app, world)
    old.client.set_cookie("timebank", before.value)
    assert who(old) is None


def test_a_wrong_pin_changes_nobody_and_is_counted_as_at_the_log_in(app: Flask, world: World) -> None:
    clerk = Visitor(app, world, "clerk")
    for _ in range(world.bank.settings.login_attempts):
        answer = come(clerk, "clerk2", "wrong", next=f"{AT}/day")
        assert (answer.status_code, "do not fit" in beside(answer, "secret")) == (401, True)
    assert come(clerk, "clerk2").status_code == 429
    assert who(clerk) == "clerk", "who was there still is"
    for evil in ("//evil.example", "https://evil.example/"):
        assert come(clerk, "lead", next=evil).location == "/"


def test_what_was_typed_goes_on_under_the_colleagues_name(app: Flask, world: World) -> None:
    clerk, form = Visitor(app, world, "clerk"), typed(world)
    assert f'formaction="/desk?from={AT}/record"' in clerk.get(f"{AT}/record").text
    asked = clerk.post(f"/desk?from={AT}/record", form, step="check")
    assert "What was typed is kept" in said(asked)
    assert "带了药" not in asked.text
    answer = come(clerk, "clerk2", draft=draft_of(asked))
    assert "Logged in as clerk2" in said(answer)
    carried = hidden(answer)
    expected = [(name, one) for name, value in form.items() for one in ([value] if isinstance(value, str) else value)]
    assert sorted(carried) == sorted(expected)
    shown = clerk.post(f"{AT}/record", {**form, "step": "edit"})
    assert ('value="85"' in shown.text, "带了药" in shown.text) == (True, True)
    done = clerk.post(f"{AT}/record", {**form, "service": "company", "confirmed": "card", "step": "post"})
    assert done.status_code == 303
    with world.bank.view() as view:
        kept = directory.care.recorders_of(view.connection, world.bank.origin(HERE), [form["id"]])
    assert kept == {form["id"]: world.actors["clerk2"].login}


def test_a_form_that_is_sent_after_the_log_in_ended_is_not_lost(app: Flask, world: World) -> None:
    clerk, form, before = Visitor(app, world, "clerk"), typed(world), size(world)
    clerk.get(f"{AT}/record")
    world.clock.advance(minutes=world.bank.settings.session_idle_minutes)
    asked = clerk.post(f"{AT}/record", {**form, "service": "company", "confirmed": "card", "step": "post"})
    assert (asked.status_code, size(world)) == (401, before)
    answer = come(clerk, "clerk", draft=draft_of(asked))
    assert ("minutes", "85") in hidden(answer)
    assert clerk.post(f"{AT}/give").status_code == 404
    assert clerk.get(f"{AT}/day").status_code == 200


def test_a_pile_and_an_order_at_the_counter_are_kept_too(app: Flask, world: World) -> None:
    clerk = Visitor(app, world, "clerk")
    for path, field in (("pile", "volunteer-3"), ("redeem", "minutes"), ("rosters/new", "minutes")):
        asked = clerk.post(f"/desk?from={AT}/{path}", {field: "77", "id": world.bank.uuid()})
        answer = come(clerk, "clerk2", draft=draft_of(asked))
        assert f'action="{AT}/{path}"' in answer.text
        shown = clerk.post(f"{AT}/{path}", {field: "77", "id": world.bank.uuid(), "step": "edit"})
        assert (shown.status_code, 'value="77"' in shown.text) == (200, True)


def test_nobody_gets_a_draft_who_may_not_work_there(app: Flask, world: World) -> None:
    clerk = Visitor(app, world, "clerk")
    draft = draft_of(clerk.post(f"/desk?from={AT}/record", typed(world)))
    for name in ("wang", "far clerk", "lead"):
        answer = come(Visitor(app, world), name, draft=draft)
        assert (answer.status_code, answer.location) == (303, "/")


def test_a_draft_is_for_a_form_of_ours_and_for_a_while(app: Flask, world: World) -> None:
    clerk = Visitor(app, world, "clerk")
    for path in (f"{AT}/people/new", f"{AT}/people", "/nowhere", "//evil.example/record"):
        asked = clerk.post(f"/desk?from={path}", typed(world))
        assert 'name="draft" value=""' in asked.text
    draft = draft_of(clerk.post(f"/desk?from={AT}/record", typed(world)))
    assert drafts.opened(world.bank, draft) is not None
    for wrong in ("", "x", draft[:-8], draft[:40] + draft[44:]):
        assert drafts.opened(world.bank, wrong) is None
    world.clock.advance(minutes=world.bank.settings.session_minutes + 1)
    assert drafts.opened(world.bank, draft) is None


def test_a_card_that_is_scanned_without_a_script_shows_whose_it_is(app: Flask, world: World) -> None:
    clerk = Visitor(app, world, "clerk")
    answer = clerk.post(f"{AT}/redeem", elder_q=world.people["wang"].card, step="check")
    assert answer.status_code == 200
    assert 'class="at-counter"' in answer.text
    assert "王桂英" in said(answer)
