"""At the counter somebody types the PIN of her card, and later changes it on her own telephone."""

import pytest
from flask import Flask

from tests.web.visitor import AT, Visitor, beside, said
from tests.world import World

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_from_the_counter_to_her_own_page(app: Flask, world: World) -> None:
    person = world.people["chen"]
    clerk = Visitor(app, world, "clerk")
    page = f"{AT}/people/{person.id}/pin"
    assert page in clerk.get(f"/people/{person.id}").text
    unlike = clerk.post(page, pin="280471", again="280472")
    assert unlike.status_code == 422
    assert "not the same PIN" in beside(unlike, "again")
    weak = clerk.post(page, pin="123456", again="123456")
    assert weak.status_code == 422
    assert "nobody would try first" in beside(weak, "pin")
    assert "280471" not in unlike.text, "what was typed is not shown again"
    assert clerk.post(page, pin="280471", again="280471").location.startswith(f"/people/{person.id}")
    assert "A PIN was chosen at the counter" in said(clerk.get(page))

    chen = Visitor(app, world)
    grouped = f"{person.card[:3]} {person.card[3:6]} {person.card[6:]}"
    assert chen.post("/login", name=grouped, secret="280471").location == "/"
    own = f"/people/{person.id}/pin"
    assert own in chen.get("/me").text
    wrong = chen.post(own, old="280472", pin="913580", again="913580")
    assert wrong.status_code == 401
    assert beside(wrong, "old")
    changed = chen.post(own, old="280471", pin="913580", again="913580")
    assert changed.location == "/login?changed=1"
    assert "Log in with the new one" in said(chen.get(changed.location))
    assert chen.post("/login", name=person.card, secret="913580").location == "/"
