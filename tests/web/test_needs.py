"""The pages of services and needs, and the forms by which it is known who could help."""

import csv
import io
import re

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from tests.services.test_eligibility import stands
from tests.services.test_matching import describe
from tests.web.visitor import AT, Visitor, beside, said
from tests.world import HERE, World
from timebank.services import members, orders

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def rich(world: World) -> World:
    world.record(volunteer="daughter", elder="chen", minutes=480)
    world.give("daughter", "wang", 480)
    return world


def unmet(world: World, reason: str = "no-volunteer") -> None:
    hold = world.order(minutes=45).record.id
    orders.cancel(world.bank, world.actors["clerk"], orders.Cancelled(community=HERE, hold=hold, reason=reason))


def test_anybody_reads_what_is_offered_what_to_mind_and_how_many_offer_it(app: Flask, world: World) -> None:
    for name in ("li", "zhao", "daughter"):
        describe(world, name, offers=("meal",))
    english, chinese = (said(Visitor(app, world, language=one).get(f"{AT}/services")) for one in ("en", "zh"))
    assert "Meals · usually 1 hour 3 volunteers offer it" in english
    assert "Bathing · usually 1 hour fewer than three volunteers offer it · one may ask for a woman or a man" in english
    assert "one may ask for a woman or a man · two go together" in english
    assert "Only who took the course “Help with bathing” gives it." in english
    assert "助餐 · 一般1小时 3 位志愿者愿意做" in chinese
    assert "只由参加过「助浴」培训的人做。" in chinese


def test_what_is_not_offered_is_on_neither_the_list_nor_the_form(app: Flask, world: World) -> None:
    world.policy('[catalogue]\noffers = ["meal"]')
    for page in (Visitor(app, world).get(f"{AT}/services"), Visitor(app, world, "clerk").get(f"{AT}/redeem")):
        assert "Meals" in said(page)
        assert "Bathing" not in said(page)
    assert "Of the list of services this community offers: Meals." in said(Visitor(app, world).get(f"{AT}/policy"))


def test_anybody_reads_what_was_asked_for_and_nobody_s_name(app: Flask, rich: World) -> None:
    unmet(rich)
    rich.settle(rich.order(minutes=60))
    text = said(Visitor(app, rich).get(f"{AT}/needs"))
    assert "What was asked for · September 2026" in text
    assert "Meals 2 1 0 1 0 0" in text
    assert "Meals · orders: 1 · 45 minutes No volunteer was found" in text
    assert "Fewer than three elders are registered here." in text
    for known in rich.people.values():
        assert known.name not in text
    assert "Nothing was asked for in this month." in said(Visitor(app, rich).get(f"{AT}/needs?month=2026-08"))


def test_the_share_of_elders_with_help_in_their_grid_is_told_in_words(app: Flask, world: World) -> None:
    world.register("sun", "孙玉兰", HERE, is_elder=True, grid="01")
    describe(world, "li", grid="01")
    world.record("li", "chen", 30)
    assert "1 of 3 elders (33 in 100)" in said(Visitor(app, world).get(f"{AT}/needs"))


def test_a_month_that_is_none_leads_to_this_month(app: Flask, world: World) -> None:
    for month in ("2026-13", "0000-01", "x"):
        for page in ("needs", "needs/table"):
            assert Visitor(app, world).get(f"{AT}/{page}?month={month}").location == f"{AT}/needs"


def test_what_was_not_met_is_a_table_for_whoever_buys_services_without_a_name(app: Flask, rich: World) -> None:
    unmet(rich)
    unmet(rich, "needs-provider")
    unmet(rich, "cancelled")
    answer = Visitor(app, rich, language="zh").get(f"{AT}/needs/table")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{HERE}-2026-09-needs.csv"'
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    place = "红花岗区 · 老城街道 · 大兴路社区居民委员会"
    assert rows[1:] == [
        [place, "助餐", "2026-09", "1", "45", "没有找到志愿者"],
        [place, "助餐", "2026-09", "1", "45", "要由受过培训的人或专业机构承接"],
    ]


# Who could help


def test_the_counter_notes_what_a_volunteer_can_do_and_takes_it_away(app: Flask, world: World) -> None:
    clerk, li = Visitor(app, world, "clerk"), world.people["li"].id
    path = f"/people/{li}/note/profile"
    form = {"grid": " ０3 ", "gender": "m", "speaks": ["zunyi", "miao"], "offers": ["meal"]}
    assert clerk.post(path, form).status_code == 303
    assert "Woman or man Man Speaks Hmong (Miao) · Zunyi dialect Offers Meals Grid 03" in said(
        clerk.get(f"/people/{li}")
    )
    again = clerk.get(path).text
    assert re.search(r'value="zunyi" ?checked|value="zunyi"[^>]* checked', again)
    assert 'name="grid" type="text" class="short" value="03"' in again
    assert clerk.post(path, grid="").status_code == 303
    assert members.profile(world.bank, world.actors["clerk"], li) == members.Profile(person=li)


def test_a_street_is_no_grid(app: Flask, world: World) -> None:
    clerk = Visitor(app, world, "clerk")
    page = clerk.post(f"/people/{world.people['wang'].id}/note/profile", grid="大兴路 8 号")
    assert page.status_code == 422
    assert "code of the grid" in beside(page, "grid")


def test_of_an_elder_only_the_grid_is_asked(app: Flask, world: World) -> None:
    text = Visitor(app, world, "clerk").get(f"/people/{world.people['wang'].id}/note/profile").text
    assert 'name="grid"' in text
    assert 'name="gender"' not in text


def test_it_is_registered_at_the_counter_and_for_volunteers_alone(app: Flask, world: World) -> None:
    clerk = Visitor(app, world, "clerk")
    form = {
        "id": world.bank.uuid(),
        "name": "吴芳",
        "kind": "person",
        "language": "zh",
        "offers": ["meal"],
        "grid": "7",
    }
    refused = clerk.post(f"{AT}/people/new", form, is_elder="true")
    assert refused.status_code == 422
    assert "Choose somebody who is" in beside(refused, "is_volunteer")
    made = clerk.post(f"{AT}/people/new", form, is_volunteer="true")
    assert made.status_code == 303
    assert "Offers Meals Grid 7" in said(clerk.get(made.location))


def test_a_gender_where_none_can_be_asked_for_is_said_beside_the_field(app: Flask, rich: World) -> None:
    form = {"id": rich.bank.uuid(), "elder": rich.people["wang"].id, "service": "meal", "minutes": "30"}
    form |= {"wanted_day": rich.clock.day, "gender": "f", "payer": "elder", "step": "check"}
    page = Visitor(app, rich, "clerk").post(f"{AT}/redeem", form)
    assert page.status_code == 422
    assert "For Meals one cannot ask for a woman or a man" in beside(page, "gender")


def test_the_check_page_says_what_is_to_be_minded_and_what_was_asked_for(app: Flask, rich: World) -> None:
    form = {"id": rich.bank.uuid(), "elder": rich.people["wang"].id, "service": "bathing", "minutes": "30"}
    form |= {"wanted_day": rich.clock.day, "gender": "f", "speaks": "zunyi", "payer": "elder", "step": "check"}
    text = said(Visitor(app, rich, "daughter").post("/orders/new", form))
    for shown in (
        "Only two trained people together, or a provider.",
        "A woman, please",
        "Which language Zunyi dialect",
    ):
        assert shown in text


def test_the_station_reads_why_somebody_fits_and_the_volunteer_what_is_to_be_minded(app: Flask, rich: World) -> None:
    describe(rich, "wang", grid="03")
    describe(rich, "zhao", offers=("walking",), speaks=("zunyi",), grid="03")
    hold = rich.order(minutes=30, service="walking", speaks="zunyi").record.id
    text = said(Visitor(app, rich, "clerk").get(f"{AT}/orders/{hold}"))
    assert "赵敏 · offers this service · speaks the language · lives in the grid, or likes to go there" in text
    zhao = Visitor(app, rich, "zhao", language="zh")
    board = said(zhao.get(f"{AT}/board?near=1"))
    assert "助行" in board
    assert "遵义话 · 网格 03" in board
    orders.accept(rich.bank, rich.actors["zhao"], HERE, hold)
    assert "走平路，带好拐杖" in said(zhao.get(f"{AT}/orders/{hold}"))


def test_where_nobody_fits_the_page_says_so(app: Flask, rich: World) -> None:
    hold = rich.order(minutes=30, service="bathing").record.id
    page = Visitor(app, rich, "clerk").get(f"{AT}/orders/{hold}")
    assert "No volunteer who is free, trained and as asked for was found." in said(page)
    assert 'value="dispatch"' not in page.text


def test_a_volunteer_who_may_not_take_an_order_is_told_why_and_not_that_somebody_was_quicker(
    app: Flask, rich: World
) -> None:
    hold = rich.order(minutes=30, service="walking", gender="f").record.id
    page = Visitor(app, rich, "li").post(f"{AT}/orders/{hold}", act="accept")
    assert page.status_code == 422
    assert "Somebody was quicker" not in said(page)
    assert "The person asked for a woman, or for a man" in said(page)
    assert "Your grid is not noted yet." in said(Visitor(app, rich, "li").get(f"{AT}/board?near=1"))


def test_a_volunteer_puts_right_what_she_can_do_and_when(app: Flask, world: World) -> None:
    li, at = Visitor(app, world, "li"), f"/people/{world.people['li'].id}/profile"
    assert "What I can do, and when" in said(li.get(f"/people/{world.people['li'].id}"))
    fields = MultiDict([("offers", "meal"), ("times", "sat-am"), ("times", "sun-eve"), ("goes_to", "05， 7")])
    fields["phone"] = "13899990000"
    assert li.post(at, fields).status_code == 303
    filled = li.get(at).text
    assert filled.count(" checked") == 3
    assert 'value="05 7"' in filled
    assert 'value="13899990000"' in filled
    shown = said(Visitor(app, world, "clerk").get(f"/people/{world.people['li'].id}"))
    assert "Saturday Morning · Sunday Evening" in shown
    assert "05 7" in shown
    assert beside(li.post(at, goes_to="大兴路"), "goes_to")
    assert Visitor(app, world, "clerk").get(at).status_code == 403


def test_the_clerk_looks_somebody_up_by_name_and_reads_why_she_cannot_go(app: Flask, world: World) -> None:
    for number in range(11):
        world.register(f"v{number}", f"吴{number}", HERE, is_volunteer=True, born="1980-01-01")
    stands(world, "zhao", suspended_at=1)
    hold = world.order("chen", 30, payer="public").record.id
    clerk, at = Visitor(app, world, "clerk"), f"{AT}/orders/{hold}"
    offered = 'type="radio" name="volunteer"'
    assert clerk.get(at).text.count(offered) == 10
    assert clerk.get(f"{at}?skip=10").text.count(offered) == 3
    assert "More volunteers" in said(clerk.get(at))
    looked = clerk.post(at, act="look", q="赵敏")
    assert "This person is suspended" in said(looked)
    looked = clerk.post(at, act="look", q="liming")
    assert f'name="volunteer" value="{world.people["li"].id}"' in looked.text
    assert clerk.post(at, act="dispatch", volunteer=world.people["li"].id).status_code == 303
    assert "No volunteer of that name" in said(clerk.post(at, act="look", q="nobody"))
