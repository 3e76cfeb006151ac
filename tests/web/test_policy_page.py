"""The page of a community's rules: read by everybody, changed by its admins after looking what that would do."""

from flask import Flask

from tests.web.test_pages import sqlite
from tests.web.visitor import AT, Visitor, said
from tests.world import HERE, World
from timebank.services import policies


@sqlite
def test_everybody_reads_the_rules_in_words(app: Flask, world: World) -> None:
    page = Visitor(app, world, None).get(f"{AT}/policy")
    assert page.status_code == 200
    assert "At most 8 hours are credited for one day" in said(page)


@sqlite
def test_an_admin_looks_what_a_change_would_have_done_and_publishes_it(app: Flask, world: World) -> None:
    world.record(minutes=120)
    admin = Visitor(app, world, "admin")
    layer = "[caps]\nday_minutes = 60"
    looked = said(admin.post(f"{AT}/policy", layer=layer, step="check"))
    assert "At most 1 hour are credited for one day" in looked
    assert "1 of" in looked
    assert len(policies.versions(world.bank, HERE)) == 1, "looking changes nothing"
    assert admin.post(f"{AT}/policy", layer=layer, step="post").status_code == 303
    assert policies.versions(world.bank, HERE)[-1].policy.caps.day_minutes == 60


@sqlite
def test_what_is_no_policy_is_said_beside_the_field_and_kept(app: Flask, world: World) -> None:
    page = Visitor(app, world, "admin").post(f"{AT}/policy", layer="[caps]\nday_minutes = 0", step="post")
    assert page.status_code == 422
    assert "caps.day_minutes" in said(page)
    assert "day_minutes = 0" in page.text
    assert len(policies.versions(world.bank, HERE)) == 1
