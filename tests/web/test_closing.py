"""The page on which a day is closed, the sheet that two sign, and the days that nobody closed."""

import pytest
from flask import Flask

from tests.web.visitor import AT, Visitor, beside, said
from tests.world import HERE, TODAY, World

sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def answers(world: World, **more: str) -> dict[str, str]:
    return {"id": world.bank.uuid(), "day": TODAY, "slips": "1", "box": "2026-03"} | more


@sqlite
def test_an_empty_list_says_so_and_what_waits_has_its_next_step(app: Flask, world: World) -> None:
    clerk = Visitor(app, world, "clerk")
    assert "Nothing waits. The day can be closed." in said(clerk.get(f"{AT}/close"))
    world.record(minutes=120)
    world.give("li", "wang", 60)
    hold = world.order("wang", 30).record.id
    page = clerk.get(f"{AT}/close")
    assert "Nothing waits" not in said(page)
    assert f'href="{AT}/orders/{hold}"' in page.text


@sqlite
def test_a_clerk_closes_and_prints_what_two_sign(app: Flask, world: World) -> None:
    world.record(minutes=90, confirmed="paper")
    clerk = Visitor(app, world, "clerk")
    sent = clerk.post(f"{AT}/close", answers(world, slips="３"))
    assert sent.status_code == 303
    sheet = clerk.get(sent.location)
    text = said(sheet)
    for part in ("1 hour 30 minutes", "1 slips and lists", "3 · 2 too many", "2026-03", "Signature: second person"):
        assert part in text
    with world.bank.view() as view:
        assert view.head(world.bank.origin(HERE)).root.hex()[:16] in text
    assert "this one stands" in said(clerk.get(f"{AT}/close"))
    world.record("zhao", "chen", 30)
    assert "After closing 1 more entries were made." in said(clerk.get(f"{AT}/close"))


@sqlite
def test_a_number_that_is_none_is_told_beside_its_field(app: Flask, world: World) -> None:
    clerk = Visitor(app, world, "clerk")
    for slips in ("", "many", "-1", "10000", "1.5"):
        sent = clerk.post(f"{AT}/close", answers(world, slips=slips, note="drei"))
        assert sent.status_code == 422
        assert beside(sent, "slips") != ""
        assert "drei" in sent.text, "what was typed stays"


@sqlite
def test_days_that_nobody_closed_stand_on_the_lead_s_day(app: Flask, world: World) -> None:
    world.record()
    world.clock.advance(days=1)
    lead = Visitor(app, world, "lead")
    page = lead.get(f"{AT}/day")
    assert "Days that were not closed 1" in said(page)
    assert f'href="{AT}/close?day={TODAY}"' in page.text
    assert 'name="slips"' not in lead.get(f"{AT}/close?day={TODAY}").text, "a lead looks"
    Visitor(app, world, "clerk").post(f"{AT}/close", answers(world))
    assert "Days that were not closed" not in said(lead.get(f"{AT}/day"))
    assert f"{AT}/closes/" in lead.get(f"{AT}/closes?month={TODAY[:7]}").text
