"""The one unit in which the people of a community read their time."""

import re

import pytest
from flask import Flask

from tests.web.visitor import AT, Visitor, said
from tests.world import World

sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@sqlite
@pytest.mark.parametrize(
    ("unit", "zh", "en"),
    [
        ("hours", "可用 12小时30分", "Available 12 hours 30 minutes"),
        ("coins", "可用 12时间币30分", "Available 12 coins 30 minutes"),
        ("minutes", "可用 750分钟", "Available 750 minutes"),
    ],
)
def test_a_member_reads_what_she_has_in_the_unit_of_the_policy(
    app: Flask, world: World, unit: str, zh: str, en: str
) -> None:
    world.policy(f'[shown]\nunit = "{unit}"\n[caps]\nday_minutes = 900')
    world.record(minutes=750)
    assert zh in said(Visitor(app, world, "li", language="zh").get("/me"))
    assert en in said(Visitor(app, world, "li").get("/me"))


@sqlite
def test_a_refusal_speaks_of_what_is_there_in_the_same_unit(app: Flask, world: World) -> None:
    world.policy('[shown]\nunit = "coins"')
    world.record(minutes=90)
    form = {"minutes": "120", "card": world.people["wang"].card, "step": "post", "reason": "friend"}
    form["id"] = world.bank.uuid()
    answer = said(Visitor(app, world, "li").post(f"/people/{world.people['li'].id}/give", form))
    assert "2 coins" in answer  # what is needed
    assert not re.search(r"\d hours?", answer)


@sqlite
def test_where_minutes_are_shown_nothing_on_the_page_is_in_hours(app: Flask, world: World) -> None:
    world.policy('[shown]\nunit = "minutes"')
    entry = world.record(minutes=90).record.id
    for page in ("/me", f"/people/{world.people['li'].id}/statement", f"{AT}/entries/{entry}"):
        for language, words in (("zh", r"\d小时"), ("en", r"\d hours?")):
            assert not re.search(words, said(Visitor(app, world, "li", language=language).get(page)))


@sqlite
def test_a_change_of_the_unit_is_read_at_the_next_page(app: Flask, world: World) -> None:
    visitor = Visitor(app, world, "li")
    world.record(minutes=60)
    assert "Available 1 hour" in said(visitor.get("/me"))
    world.policy('[shown]\nunit = "coins"')
    assert "Available 1 coin" in said(visitor.get("/me"))


def test_the_api_says_minutes_whatever_is_shown(app: Flask, world: World) -> None:
    world.policy('[shown]\nunit = "coins"')
    world.record(minutes=90)
    answer = Visitor(app, world, "li").get(f"/api/v1/people/{world.people['li'].id}/balance")
    assert answer.get_json()["available"] == 90
