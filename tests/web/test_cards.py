"""Members' cards: printed, scanned, lost and printed anew."""

import pytest
from flask import Flask

from tests.web.visitor import AT, Visitor, beside, said
from tests.world import World

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_a_card_has_the_name_the_number_in_groups_and_the_station_s_telephone(app: Flask, world: World) -> None:
    world.policy("[station]\ntelephone = '0851-2822 0000'")
    clerk, wang = Visitor(app, world, "clerk"), world.people["wang"]
    page = clerk.get(f"{AT}/cards?person={wang.id}")
    card = f"{wang.card[:3]} {wang.card[3:6]} {wang.card[6:]}"
    assert f"{wang.name} {card} Station 0851-2822 0000 Hours are help, not money." in said(page)
    assert page.text.count("<svg") == 1
    both = clerk.post(f"{AT}/cards", person_q=f"{wang.card}、lm")
    assert both.text.count('class="member-card"') == 2


def test_a_lost_card_is_void_and_the_new_one_is_there_to_print(app: Flask, world: World) -> None:
    clerk, wang = Visitor(app, world, "clerk"), world.people["wang"]
    assert f'href="/people/{wang.id}/card"' in clerk.get(f"/people/{wang.id}").text
    sent = clerk.post(f"/people/{wang.id}/card", card=wang.card)
    assert sent.status_code == 303
    printed = said(clerk.get(sent.location))
    assert "The old card is void." in printed
    assert f"{wang.card[:3]} {wang.card[3:6]} {wang.card[6:]}" not in printed
    assert clerk.post(f"/people/{wang.id}/card", card=wang.card).location == sent.location, "tapped twice"


def test_who_scans_a_void_card_reads_why_it_is_no_good(app: Flask, world: World) -> None:
    clerk, wang = Visitor(app, world, "clerk"), world.people["wang"]
    clerk.post(f"/people/{wang.id}/card", card=wang.card)
    for path, field in (("redeem", "elder"), ("record", "served")):
        page = clerk.post(f"{AT}/{path}", {f"{field}_q": wang.card, "id": world.bank.uuid()})
        assert page.status_code == 422
        assert "reported lost" in beside(page, field)
    page = clerk.post(f"{AT}/people", q=wang.card)
    assert (page.status_code, "reported lost" in beside(page, "q")) == (410, True)
    assert clerk.post(f"{AT}/search", q=wang.card).get_json() == {"people": []}
