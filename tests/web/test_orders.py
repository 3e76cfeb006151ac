"""Pages around an order: what is printed, what is promised, and what comes next."""

import pytest
from flask import Flask

from tests.web.visitor import AT, Visitor, beside, said, size
from tests.world import HERE, World
from timebank.access import Denied
from timebank.services import orders, policies

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

TELEPHONE = "[station]\ntelephone = '0851-2822 0000'"


@pytest.fixture
def rich(world: World) -> World:
    """Wang and her daughter have hours."""
    world.record("daughter", "chen", 300)
    world.give("daughter", "wang", 180)
    return world


def taken(world: World) -> str:
    """A walk on Wednesday morning that Li will give."""
    wanted = {"service": "walking", "wanted_day": "2026-09-23", "start": 540, "end": 660, "place": "大兴路 8 号"}
    hold = orders.request(world.bank, world.actors["clerk"], world.wish("wang", 60, **wanted)).record.id
    orders.accept(world.bank, world.actors["li"], HERE, hold)
    return hold


def wish(world: World, **more: object) -> dict[str, object]:
    form = {"elder": world.people["wang"].id, "service": "meal", "minutes": "30", "wanted_day": world.clock.day}
    return form | {"id": world.bank.uuid(), "payer": "elder", "step": "post"} | more


def test_what_several_weeks_need_and_nobody_has_is_told_before_anything_is_held(app: Flask, rich: World) -> None:
    before = size(rich)
    answer = Visitor(app, rich, "daughter").post("/orders/new", wish(rich, weeks="12", step="post"))
    assert answer.status_code == 422
    assert "needed" in beside(answer, "payer") or "6 hours" in beside(answer, "payer")
    assert size(rich) == before
    assert 'value="12" selected' in answer.text


@pytest.mark.parametrize("weeks", ["0", "13", "many"])
def test_a_number_of_weeks_that_is_not_offered_is_refused_beside_it(app: Flask, rich: World, weeks: str) -> None:
    answer = Visitor(app, rich, "daughter").post("/orders/new", wish(rich, weeks=weeks))
    assert answer.status_code == 422
    assert beside(answer, "weeks")


def test_nobody_is_brought_along_who_did_not_consent(app: Flask, rich: World) -> None:
    """The page leaves out whoever is not hers to order for, and the use case refuses it."""
    chen = rich.people["chen"].id
    daughter = Visitor(app, rich, "daughter")
    daughter.post("/orders/new", wish(rich, also=[chen]))
    found = orders.of_elder(rich.bank, rich.actors["wang"], rich.people["wang"].id)[0]
    assert orders.told(rich.bank, rich.actors["wang"], HERE, found.hold).also_names == ()
    with pytest.raises(Denied):
        rich.order("wang", 30, actor="daughter", also=(chen,))


def test_whoever_is_named_twice_is_served_once(rich: World) -> None:
    wang, chen = rich.people["wang"], rich.people["chen"]
    posted = orders.request(rich.bank, rich.actors["clerk"], rich.wish("wang", 30, also=(wang.id, chen.id, chen.id)))
    assert posted.record.intent.body["served"] == [wang.account, chen.account]
    told = orders.told(rich.bank, rich.actors["clerk"], HERE, posted.record.id)
    assert told.also_names == (chen.name,)


def test_the_clerk_names_who_else_is_served(app: Flask, rich: World) -> None:
    clerk = Visitor(app, rich, "clerk")
    form = wish(rich, also_q="cxl", weeks="2", start="09:00", end="10:00", step="check")
    page = said(clerk.post(f"{AT}/redeem", form))
    assert "王桂英 phone …0003" in page
    assert "陈秀兰 card …" in page
    assert "Monday 21 September 2026 Monday 28 September 2026" in page
    assert "Time 09:00–10:00" in page
    assert "To be held 1 hour: 2 times 30 minutes What remains 2 hours" in page


def test_an_appointment_says_when_and_a_surname_and_nothing_that_a_stranger_could_use(app: Flask, rich: World) -> None:
    rich.policy(TELEPHONE)
    hold = taken(rich)
    text = said(Visitor(app, rich, "clerk", language="zh").get(f"{AT}/orders/{hold}/appointment"))
    sheet = text.partition("有人上门服务")[2].partition("打印")[0]
    for words in (
        "2026年9月23日 星期三 09:00–11:00",
        "助行",
        "李志愿者",
        "大兴路社区居民委员会",
        "0851-2822 0000",
        "不收钱、不问密码。",
    ):
        assert words in sheet
    for words in ("李明", "王桂英", "大兴路 8 号", "138"):
        assert words not in sheet


def test_there_is_no_appointment_before_somebody_comes(app: Flask, rich: World) -> None:
    hold = rich.order("wang", 30).record.id
    assert "nobody has agreed to come yet" in said(Visitor(app, rich, "wang").get(f"{AT}/orders/{hold}/appointment"))


def test_a_slip_of_a_member_has_her_own_balance_and_nobody_elses(app: Flask, rich: World) -> None:
    entry = rich.record("li", "wang", 60).record.id
    text = said(Visitor(app, rich, "li").get(f"{AT}/entries/{entry}/slip"))
    assert "for 李明" in text
    assert "Balance after it 1 hour" in text
    assert "for 王桂英" not in text
    assert "for the station" not in text
    whole = said(Visitor(app, rich, "clerk").get(f"{AT}/entries/{entry}/slip?paper=roll"))
    assert "for 王桂英" in whole
    assert "Balance after it 3 hours" in whole
    assert "for the station" in whole


def test_how_it_was_is_one_of_five_or_is_asked_for_again(app: Flask, rich: World) -> None:
    hold = taken(rich)
    bank, actors = rich.bank, rich.actors
    orders.check_in(bank, actors["li"], HERE, hold)
    orders.check_out(bank, actors["li"], HERE, hold)
    wang = Visitor(app, rich, "wang")
    wang.post(f"{AT}/orders/{hold}", act="confirm")
    for stars in ("", "0", "6", "good"):
        answer = wang.post(f"{AT}/orders/{hold}/rating", stars=stars, text="很细心")
        assert answer.status_code == 422
        assert beside(answer, "stars")
        assert "很细心" in answer.text  # what was typed is kept
    assert orders.ratings(bank, actors["clerk"], HERE, hold) == []
    assert wang.post(f"{AT}/orders/{hold}/rating", stars="5", text="很细心").status_code == 303
    assert "Whoever was served says 5/5 · Very good 很细心" in said(
        Visitor(app, rich, "lead").get(f"{AT}/orders/{hold}")
    )


def test_what_the_public_pays_is_said_so_on_the_day_page(app: Flask, world: World) -> None:
    world.order("wang", 60, payer="public")
    text = said(Visitor(app, world, "clerk").get(f"{AT}/day"))
    assert "This month's public quota pays" in text
    assert "The elder pays" not in text


def test_the_promise_is_that_of_the_rules_in_force_and_names_who_honours_it(app: Flask, world: World) -> None:
    world.policy("[redeeming]\nminimum_age = 55\n[quota]\nmonthly_minutes = {}\n" + TELEPHONE)
    text = said(Visitor(app, world).get(f"{AT}/promise"))
    now = policies.versions(world.bank, HERE)[-1]
    assert "One uses hours from the age of 55," in text
    assert "Nobody has a monthly quota." in text
    assert "This is paid by" not in text
    assert "红花岗区 · 老城街道 · 大兴路社区居民委员会" in text
    assert f"Version {now.version}, in force from" in text
    assert now.sha256 in text


def test_the_telephone_of_the_station_stands_on_each_page_where_one_is_noted(app: Flask, rich: World) -> None:
    hold = taken(rich)
    paths = ("/me", f"{AT}/orders/{hold}", f"{AT}/services", "/check", f"{AT}/nowhere")
    li = Visitor(app, rich, "li")
    assert not any("tel:" in li.get(path).text for path in paths)
    rich.policy(TELEPHONE)
    assert [path for path in paths if 'href="tel:085128220000"' not in li.get(path).text] == []
    assert "tel:" not in Visitor(app, rich).get("/check").text  # of which community, nobody knows


def test_an_elders_home_begins_with_who_comes_next(app: Flask, rich: World) -> None:
    rich.policy(TELEPHONE)
    text = said(Visitor(app, rich, "wang").get("/me"))
    assert "Next visit" not in text
    taken(rich)
    text = said(Visitor(app, rich, "wang").get("/me"))
    assert "Next visit Wednesday 23 September 09:00–11:00 李明 · Company on a walk" in text
    assert (
        text.index("Next visit") < text.index("Available") < text.index("Call the station 0851") < text.index("Records")
    )


def test_a_volunteers_home_names_what_to_do_next_or_what_is_asked_for_nearby(app: Flask, rich: World) -> None:
    li = Visitor(app, rich, "li")
    assert "Help wanted" not in said(li.get("/me"))
    rich.order("wang", 30)
    assert "Help wanted: Meals, Monday 21 September" in said(li.get("/me"))
    taken(rich)
    text = said(li.get("/me"))
    assert "for 王桂英, Wednesday 23 September 09:00–11:00" in text
    assert "Help wanted" not in text
