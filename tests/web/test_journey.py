"""The whole journey in a real browser: recorded, seen, proved, ordered, settled; on telephones and at the counter."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.services.test_rosters import roster, team
from tests.sheets.books import excel
from tests.web.browsing import DESKTOP, PHONE, SMALL, Open, complaints, shoot
from tests.web.visitor import AT
from tests.world import ELSEWHERE, HERE, SECRET, World
from timebank.access import OPERATOR, Role
from timebank.directory import Callback
from timebank.services import (
    approvals,
    audits,
    care,
    certificates,
    closing,
    digests,
    estates,
    members,
    orders,
    papers,
    questions,
    rosters,
    seals,
    sheets,
    standing,
    statements,
    station,
    transfers,
)

HOUSE = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def record_by_keyboard(page: Page) -> None:
    """From the open form to the confirmation without a mouse."""
    expect(page.locator("#volunteer")).to_be_focused()
    page.keyboard.type("lm")
    expect(page.locator("#volunteer-found [role=option]")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("input[name=volunteer]:checked")).to_have_count(1)
    page.keyboard.press("Tab")
    expect(page.locator("#served")).to_be_focused()
    page.keyboard.type("wgy")
    page.keyboard.press("Enter")  # before the list is there
    expect(page.locator("input[name=served]:checked")).to_have_count(1)
    page.locator("#service").focus()
    page.locator("#service").select_option("company")
    expect(page.locator("#minutes")).to_have_value("60")
    page.keyboard.press("Tab")
    page.keyboard.type("90")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("input[name=confirmed][value=card]")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.locator("button[value=post]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".panel")).to_be_visible()


@pytest.mark.parametrize(("language", "size"), [("zh", PHONE), ("en", DESKTOP)])
def test_hours_are_recorded_seen_proved_ordered_and_settled(
    world: World, open_as: Open, tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    mark = f"journey-{language}-{size[0]}"
    # 1. The clerk records a visit by keyboard.
    clerk = open_as("clerk", DESKTOP, language)
    record_by_keyboard(clerk)
    shoot(clerk, f"{mark}-1-recorded")

    # 2. The volunteer sees it at once, opens it and keeps its receipt.
    li = open_as("li", size, language)
    expect(li.locator(".figures .main dd")).to_have_text("1小时30分" if language == "zh" else "1 hour 30 minutes")
    shoot(li, f"{mark}-2-home")
    li.locator(".feed a").first.click()
    expect(li.locator(".state.good")).to_be_visible()
    li.locator("details.proof summary").click()
    shoot(li, f"{mark}-3-entry")
    with li.expect_download() as download:
        li.locator("a[download]").click()
    receipt = tmp_path / download.value.suggested_filename
    download.value.save_as(receipt)
    assert receipt.suffix == ".tlog-proof"

    # 3. The independent verifier proves it, and so does the page for anybody.
    verifier = [sys.executable, "verifier/timebank_verify.py", "receipt", str(receipt)]
    proved = subprocess.run(verifier, cwd=HOUSE, capture_output=True, text=True, check=False)
    assert proved.returncode == 0, proved.stdout + proved.stderr
    nobody = open_as(None, size, language)
    nobody.goto("/check")
    nobody.locator("#receipt").set_input_files(receipt)
    nobody.locator("main button").click()
    expect(nobody.locator(".state.good")).to_be_visible()
    shoot(nobody, f"{mark}-4-checked")

    # 4. Her daughter orders a meal for the elder, who was given hours.
    world.record("daughter", "chen", 120)
    daughter = open_as("daughter", size, language)
    daughter.locator(".faces a").click()
    daughter.locator("main a.button").first.click()
    daughter.locator("#service").select_option("meal")
    daughter.locator("input[name=payer][value=self]").check()
    daughter.locator("button[value=check]").click()
    expect(daughter.locator(".summary-list")).to_contain_text("王芳")
    shoot(daughter, f"{mark}-5-check")
    daughter.locator("button[value=post]").click()
    expect(daughter.locator(".panel")).to_be_visible()

    # 5. The clerk settles it; every balance agrees with the books.
    clerk.goto(f"{AT}/day")
    shoot(clerk, f"{mark}-6-day")
    clerk.locator(".cards a.button").click()
    clerk.locator("#volunteer").fill("zm")
    clerk.locator(".found [role=option]").first.click()
    clerk.locator("#minutes").fill("30")
    clerk.locator("input[name=confirmed][value=phone]").check()
    clerk.locator("button[value=check]").click()
    clerk.locator("button[value=post]").click()
    expect(clerk.locator(".panel")).to_be_visible()
    daughter.goto("/me")
    expect(daughter.locator(".figures .main dd")).to_have_text("1小时30分" if language == "zh" else "1 hour 30 minutes")
    assert (world.figures("daughter").available, world.figures("daughter").held) == (90, 0)
    assert world.figures("zhao").available == 30
    assert world.figures("li").available == 90


def test_without_a_script_a_visit_is_recorded_too(world: World, open_as: Open) -> None:
    page = open_as("clerk", PHONE, scripts=False)
    page.locator("#volunteer").fill("李")
    page.locator("#served").fill("0003")
    page.locator("#service").select_option("cleaning")
    page.locator("input[name=confirmed][value=paper]").check()
    page.locator("button[value=check]").click()
    expect(page.locator(".summary-list")).to_contain_text("1小时30分")
    page.locator("button[value=post]").click()
    expect(page.locator(".panel")).to_be_visible()
    assert world.figures("li").available == 90


def test_two_taps_record_once(world: World, open_as: Open) -> None:
    page = open_as("clerk", PHONE, scripts=False)
    page.goto(f"{AT}/record?volunteer={world.people['li'].id}&served={world.people['wang'].id}")
    page.locator("#service").select_option("cleaning")
    page.locator("input[name=confirmed][value=paper]").check()
    page.locator("button[value=check]").click()
    page.locator("button[value=post]").dblclick()
    expect(page.locator(".panel")).to_be_visible()
    assert world.figures("li").available == 90


NOTES = ("class", "training", "guardian", "kin", "assessment", "wish", "data", "profile")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_from_a_daughters_order_to_the_confirmed_service(world: World, open_as: Open, language: str) -> None:
    """She asks on her telephone, the clerk looks at it, a volunteer goes, signs in and out, and she confirms."""
    world.record("daughter", "chen", 120)
    world.give("daughter", "wang", 90)
    daughter = open_as("daughter", PHONE, language)
    daughter.goto(f"/orders/new?elder={world.people['wang'].id}")
    daughter.select_option("#service", "walking")
    daughter.fill("#minutes", "60")
    daughter.fill("#place", "大兴路 8 号")
    daughter.locator("button[value=check]").click()
    daughter.locator("button[value=post]").click()
    expect(daughter.locator(".panel")).to_be_visible()
    clerk = open_as("clerk", DESKTOP, language)
    clerk.goto(f"{AT}/orders")
    clerk.locator(".cards a").click()
    clerk.locator("button[value=review]").click()
    volunteer = open_as("li", PHONE, language)
    volunteer.goto(f"{AT}/board")
    expect(volunteer.locator("main")).not_to_contain_text("王桂英")
    volunteer.locator("button[value=accept]").click()
    expect(volunteer.locator("main")).to_contain_text("大兴路 8 号")
    volunteer.goto("/visits")
    volunteer.locator("button[value=check_in]").click()
    expect(volunteer.locator("button[value=check_out]")).to_be_visible()
    for minutes in (20, 20, 15):
        world.clock.advance(minutes=minutes)
        volunteer.reload()  # nobody is logged out who uses it
        daughter.goto("/me")
    volunteer.locator("button[value=check_out]").click()
    expect(volunteer.locator("button[value=confirm]")).to_be_visible()  # with a code from her sheet
    daughter.goto(f"/people/{world.people['wang'].id}")
    daughter.locator("a[href*='/orders/']", has_text="详情" if language == "zh" else "More").click()
    daughter.locator("button[value=confirm]").click()
    expect(daughter.locator(".panel")).to_be_visible()
    assert (world.figures("li").available, world.figures("li").served) == (30, 55)
    assert world.figures("wang").available == 60


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_daughter_orders_for_four_weeks_and_for_both_parents(world: World, open_as: Open, language: str) -> None:
    world.relate("daughter", "chen")
    world.record("daughter", "chen", 300)
    page = open_as("daughter", SMALL, language)
    page.goto(f"/orders/new?elder={world.people['wang'].id}")
    page.locator(f"input[name=also][value='{world.people['chen'].id}']").check()
    page.select_option("#service", "company")
    page.fill("#minutes", "30")
    page.fill("#wanted_day", "2026-09-28")
    page.fill("#start", "09:00")
    page.fill("#end", "11:00")
    page.select_option("#weeks", "4")
    page.locator("input[name=payer][value=self]").check()
    page.locator("button[value=check]").click()
    answers = page.locator(".summary-list")
    for said in (("王桂英", "陈秀兰", "王芳", "09:00–11:00"), _FOUR_WEEKS[language]):
        for words in said:
            expect(answers).to_contain_text(words)
    shoot(page, f"weeks-{language}-check")
    page.locator("button[value=edit]").click()  # nothing that was chosen is lost
    expect(page.locator("#weeks")).to_have_value("4")
    expect(page.locator("input[name=also]:checked")).to_have_count(1)
    page.locator("button[value=check]").click()
    page.locator("button[value=post]").click()
    expect(page.locator("main .more li")).to_have_count(4)
    shoot(page, f"weeks-{language}-done")
    assert (world.figures("daughter").available, world.figures("daughter").held) == (180, 120)
    page.locator("main .more a").last.click()
    expect(page.locator(".summary-list")).to_contain_text("陈秀兰")
    expect(page.locator(".summary-list")).to_contain_text("10月19日" if language == "zh" else "19 October")


_FOUR_WEEKS = {
    "zh": ("2026年9月28日", "2026年10月5日", "2026年10月12日", "2026年10月19日", "2小时（4 次，每次 30分钟）", "3小时"),
    "en": ("28 September", "5 October", "12 October", "19 October", "2 hours: 4 times 30 minutes", "3 hours"),
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_both_sides_say_how_it_was_and_the_station_reads_both(world: World, open_as: Open, language: str) -> None:
    bank, actors = world.bank, world.actors
    world.record("daughter", "chen", 60)
    world.give("daughter", "wang", 60)
    hold = world.order("wang", 60).record.id
    orders.accept(bank, actors["li"], HERE, hold)
    orders.check_in(bank, actors["li"], HERE, hold)
    world.clock.advance(minutes=60)
    orders.check_out(bank, actors["li"], HERE, hold)
    wang = open_as("wang", PHONE, language)
    wang.goto(f"{AT}/orders/{hold}")
    wang.locator("button[value=confirm]").click()
    wang.locator(f"main a[href='{AT}/orders/{hold}']").click()  # from the confirmation
    wang.locator("input[name=stars][value='5']").check()
    wang.fill("#text", "很细心")
    wang.locator("form[action$=rating] button").click()
    expect(wang.locator(".cards")).to_contain_text("很细心")
    volunteer = open_as("li", SMALL, language)
    volunteer.locator(".feed a").first.click()
    volunteer.locator(f"main a[href='{AT}/orders/{hold}']").click()
    expect(volunteer.locator("main")).not_to_contain_text("很细心")
    volunteer.locator("input[name=stars][value='3']").check()
    volunteer.fill("#text", "门口有狗")
    volunteer.locator("form[action$=rating] button").click()
    expect(volunteer.locator(".cards")).to_contain_text("3/5")
    clerk = open_as("clerk", DESKTOP, language)
    clerk.goto(f"{AT}/orders/{hold}")
    for words in ("很细心", "5/5", "门口有狗", "3/5"):
        expect(clerk.locator(".cards")).to_contain_text(words)
    shoot(clerk, f"rated-{language}")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_slips_and_appointments_fit_on_the_paper_that_they_are_cut_from(
    world: World, open_as: Open, language: str
) -> None:
    """Three slips on one A4 page, an appointment on its first third, or a page of 80 mm for each."""
    world.policy("[station]\ntelephone = '0851-2822 0000'")
    world.record("daughter", "chen", 60)
    world.give("daughter", "wang", 60)
    wanted = world.wish("wang", 60, start=540, end=660)
    hold = orders.request(world.bank, world.actors["clerk"], wanted).record.id
    orders.accept(world.bank, world.actors["li"], HERE, hold)
    entry = world.record("li", "wang", 90).record.id
    clerk = open_as("clerk", (794, 1123), language)
    slip, appointment = f"{AT}/entries/{entry}/slip", f"{AT}/orders/{hold}/appointment"
    for path, pages, millimetres in (
        (slip, 1, (210, 297)),
        (appointment, 1, (210, 297)),
        (f"{slip}?paper=roll", 3, (80, 160)),
        (f"{appointment}?paper=roll", 1, (80, 160)),
    ):
        clerk.goto(path)
        printed = clerk.pdf(prefer_css_page_size=True)
        sizes = re.findall(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", printed)
        assert len(sizes) == pages, path
        assert {tuple(round(float(points) / 72 * 25.4) for points in size) for size in sizes} == {millimetres}
    clerk.goto(slip)
    clerk.emulate_media(media="print")
    cut_off = "all => all.filter(one => one.scrollHeight > one.clientHeight + 1).length"
    assert clerk.locator(".ticket").evaluate_all(cut_off) == 0


def test_a_hand_scanner_chooses_people(world: World, open_as: Open) -> None:
    """A scanner types the number of a card at once, and Enter; the mouse is not needed."""
    page = open_as("clerk", DESKTOP, "en")
    expect(page.locator("#volunteer")).to_be_focused()
    page.keyboard.type(world.people["li"].card)
    page.keyboard.press("Enter")
    expect(page.locator("input[name=volunteer]:checked")).to_have_value(world.people["li"].id)
    page.keyboard.press("Tab")
    for name in ("wang", "chen"):
        page.keyboard.type(world.people[name].card)
        page.keyboard.press("Enter")
        expect(page.locator(f"input[name=served][value='{world.people[name].id}']")).to_be_checked()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_from_an_elders_card_to_a_printed_appointment_without_a_mouse(
    world: World, open_as: Open, language: str
) -> None:
    """Scan; Enter: what she had last; Enter: ordered; Enter: find who goes; then the volunteer who fits best."""
    world.record(minutes=300)
    world.give("li", "wang", 240)
    world.settle(world.order("wang", 30), "zhao", 30)
    page = open_as("clerk", DESKTOP, language)
    page.goto(f"{AT}/redeem")
    expect(page.locator("#elder[role=combobox]")).to_be_focused()
    page.keyboard.type(world.people["wang"].card)
    page.keyboard.press("Enter")
    panel = page.locator(".at-counter")
    expect(panel).to_contain_text("王桂英")
    expect(panel).to_contain_text("78")
    expect(panel.locator(".figures .main dd")).to_have_text("3小时30分" if language == "zh" else "3 hours 30 minutes")
    expect(panel.locator("button")).to_have_count(3)
    expect(panel.locator("button").first).to_be_focused()
    expect(panel.locator("button").first).to_have_attribute("value", "meal")
    shoot(page, f"counter-{language}")
    page.keyboard.press("Enter")
    expect(page.locator("button[value=post]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".panel")).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/orders/[0-9a-f]+$"))
    page.locator("button[value=dispatch]").first.focus()
    page.keyboard.press("Enter")
    page.locator("a[href$='/appointment']").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".appointment")).to_contain_text(
        "不收钱、不问密码" if language == "zh" else "It costs no money"
    )
    shoot(page, f"counter-appointment-{language}")


def test_a_desk_left_alone_warns_is_locked_and_goes_on_with_what_was_typed(world: World, open_as: Open) -> None:
    page = open_as("clerk", DESKTOP, "en")
    page.clock.install()
    page.goto(f"{AT}/record")
    page.locator("#minutes").fill("85")
    page.clock.fast_forward("24:50")
    expect(page.locator("#idle")).to_be_hidden()
    page.clock.fast_forward("00:20")
    expect(page.locator("#idle")).to_be_visible()
    shoot(page, "idle")
    page.locator("#idle button").click()
    expect(page.locator("#idle")).to_be_hidden()
    page.clock.fast_forward("29:50")
    page.clock.fast_forward("00:20")
    page.wait_for_url(re.compile(r"/desk\?from="))
    expect(page.locator("body")).not_to_contain_text("85")
    page.locator("#name").fill("clerk2")
    page.keyboard.press("Enter")  # as a scanner ends
    expect(page.locator("#secret")).to_be_focused()
    page.keyboard.type(SECRET)
    page.keyboard.press("Enter")
    expect(page.locator("button[value=edit]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#minutes")).to_have_value("85")
    expect(page.locator(".leave")).to_contain_text("clerk2")


_MARGINS: Any = dict.fromkeys(("top", "bottom", "left", "right"), "10mm")


def test_lists_statements_and_closes_print_as_tables_on_a4(world: World, open_as: Open) -> None:
    """Also in elder size: what is large on the screen is not large on paper."""
    names = [f"n{n}" for n in range(30)]
    for name in names:
        world.register(name, f"欧阳{name}", HERE, is_volunteer=True, born="1990-01-01")
    for _ in range(12):
        world.record(minutes=30)
    page = open_as("clerk", (794, 1123), "zh")
    page.goto(f"/size/elder?next={AT}/day")
    li, group = world.people["li"].id, team(world, *names)
    for path, pages, rows in (
        (f"{AT}/rosters/blank?group={group}", 2, 35),
        (f"{AT}/rosters/blank", 1, 18),
        (f"/people/{li}/statement", 2, 13),
        (f"{AT}/closes/{_closed(world)}", 1, 0),
    ):
        page.goto(path)
        assert len(re.findall(rb"/MediaBox", page.pdf(format="A4", margin=_MARGINS))) == pages, path
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 718, "height": 1047})  # A4 between these margins
        assert page.locator("tbody tr").count() == rows
        shown = page.locator("tbody tr, thead").evaluate_all("all => all.map(one => getComputedStyle(one).display)")
        assert set(shown) <= {"table-row", "table-header-group"}, path
        page.emulate_media(media="null")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_poster_is_one_page_without_the_page_around_it(world: World, open_as: Open, language: str) -> None:
    world.policy("[station]\ntelephone = '0851-2822 0000'")
    page = open_as(None, (794, 1123), language)
    page.goto(f"{AT}/poster")
    assert len(re.findall(rb"/MediaBox", page.pdf(prefer_css_page_size=True))) == 1
    page.emulate_media(media="print")
    for around in (".top", ".foot", ".noprint"):
        expect(page.locator(around).first).to_be_hidden()
    expect(page.locator(".poster")).to_contain_text("0851-2822 0000")
    expect(page.locator(".poster")).to_contain_text("红花岗区 · 老城街道 · 大兴路社区居民委员会")


def test_ten_cards_lie_on_a_page_each_whole(world: World, open_as: Open) -> None:
    world.policy("[station]\ntelephone = '0851-2822 0000'")
    holders = [world.register(f"h{n}", f"欧阳秀英{n}", HERE, is_elder=True).card for n in range(11)]
    page = open_as("clerk", (794, 1123), "en")
    page.goto(f"{AT}/cards")
    page.locator("#person").fill("、".join(holders))
    page.locator("main form button").first.click()
    expect(page.locator(".member-card")).to_have_count(11)
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/MediaBox", printed)) == 2
    page.emulate_media(media="print")
    cut_off = "all => all.filter(one => one.scrollHeight > one.clientHeight + 1).length"
    assert page.locator(".member-card").evaluate_all(cut_off) == 0


def _left_behind(world: World) -> str:
    """Somebody died and left an hour: the number of her case; and a guardian decides for somebody else."""
    bank, clerk, lead = world.bank, world.actors["clerk"], world.actors["lead"]
    gone = world.register("gone", "孙强", HERE, is_volunteer=True, born="1950-01-01").id
    world.record("gone", "chen", 60)
    died = standing.Death(id=bank.uuid(), community=HERE, person=gone, day=world.clock.day, proof="hospital")
    standing.ask_death(bank, clerk, died)
    guarded = {"person": world.people["chen"].id, "guardian": world.people["daughter"].id}
    decided = standing.Incapacity(id=bank.uuid(), community=HERE, proof="court", **guarded)
    standing.ask_incapacity(bank, clerk, decided)
    for waiting in (died.id, decided.id):
        approvals.decide(bank, lead, HERE, waiting, approve=True)
    return estates.cases(bank, clerk, HERE)[0].number


def _lives_and_asks(world: World) -> None:
    """Who could help in which grid, three elders, and a need that nobody met."""
    known: dict[str, Any] = {"gender": "m", "speaks": ("zunyi",), "offers": ("meal", "walking"), "grid": "03"}
    for profile in (
        members.Profile(person=world.people["li"].id, **known),
        members.Profile(person=world.people["wang"].id, grid="03"),
    ):
        members.describe(world.bank, world.actors["clerk"], profile)
    world.register("sun", "孙玉兰", HERE, is_elder=True)
    unmet = orders.Cancelled(community=HERE, hold=world.order("wang", 15).record.id, reason="needs-provider")
    orders.cancel(world.bank, world.actors["clerk"], unmet)


def _rated(world: World) -> str:
    """A service to Wang by Li that both have said something of; the hold of its order."""
    bank, actors = world.bank, world.actors
    hold = world.order("wang", 5).record.id
    orders.accept(bank, actors["li"], HERE, hold)
    orders.check_in(bank, actors["li"], HERE, hold)
    orders.check_out(bank, actors["li"], HERE, hold)
    orders.confirm(bank, actors["wang"], orders.Confirmed(community=HERE, hold=hold))
    for name, text in (("li", "门口有狗"), ("wang", "很细心")):
        orders.rate(bank, actors[name], orders.Rated(community=HERE, hold=hold, stars=4, text=text))
    return hold


def _closed(world: World) -> str:
    """A day that was closed, with a slip too many, and after which more was entered."""
    closed = closing.Close(id=world.bank.uuid(), community=HERE, day=world.clock.day, slips=1, box="2026-03")
    made, _ = closing.close(world.bank, world.actors["clerk"], closed)
    world.record("zhao", "chen", 30)
    return made.id


def addresses(world: World) -> dict[str | None, dict[str, str]]:
    """Every page with something on it, by who looks at it."""
    people = {key: known.id for key, known in world.people.items()}
    world.bank.settings = replace(world.bank.settings, text_gateway="folder:/nowhere")  # so that it is offered
    # With a telephone of the station, which stands on every page.
    world.policy("[station]\ntelephone = '0851-2822 0000'")
    posted = world.record(minutes=90)
    world.record("daughter", "chen", 500)
    world.give("daughter", "wang", 90)
    _lives_and_asks(world)
    order = world.order("wang", 30)
    taken = world.order("wang", 15, actor="daughter", place="大兴路 8 号").record.id
    orders.review(world.bank, world.actors["clerk"], HERE, taken)
    orders.accept(world.bank, world.actors["li"], HERE, taken)
    taken = f"{AT}/orders/{taken}"
    weeks = world.order("wang", 5, weeks=3, also=(people["chen"],)).record.id
    rated = f"{AT}/orders/{_rated(world)}"
    waiting = f"{AT}/orders/{order.record.id}"
    reversal = approvals.Reversal(
        id=world.bank.uuid(), community=HERE, entry=posted.record.id, reason="twice", note="重复"
    )
    approvals.ask_reversal(world.bank, world.actors["clerk"], reversal)
    clerk, wang = world.actors["clerk"], people["wang"]
    known: dict[str, Any] = {"community": HERE, "person": wang}
    low = papers.Class(id=world.bank.uuid(), name="low-income", proof="decision", from_day=world.clock.day, **known)
    papers.prove_class(world.bank, clerk, low)
    death = standing.Death(id=world.bank.uuid(), day=world.clock.day, proof="hospital", **known)
    standing.ask_death(world.bank, clerk, death)
    entry = f"{AT}/entries/{posted.record.id}"
    seals.seal(world.bank, OPERATOR, HERE)
    assert [found.fault for found in audits.run(world.bank, OPERATOR, [HERE], audits.NEW)] == [None]
    digests.make(world.bank, OPERATOR)
    world.login("town", Role.LEAD, HERE[:9])
    left = _left_behind(world)
    there = transfers.Transfer(
        id=world.bank.uuid(), community=HERE, giver=people["li"], to=ELSEWHERE, card=world.people["stranger"].card,
        minutes=30,
    )  # fmt: skip
    transfers.send(world.bank, world.actors["clerk"], there)
    cared = _cared_for(world)
    return {
        None: {
            "policy": f"{AT}/policy",
            "login": "/login",
            "telephone": "/login/telephone",
            "check": "/check",
            "why": "/about/why",
            "accessibility": "/about/accessibility",
            "digest": "/digest",
            "certificate-check": cared["check"],
            "certificates-public": f"{AT}/certificates",
            "honours": f"{AT}/honours",
            "honours-around": f"/places/{HERE[:9]}/honours",
            "estate": f"/estates/{left}",
            "services": f"{AT}/services",
            "promise": f"{AT}/promise",
            "poster": f"{AT}/poster",
            "needs": f"{AT}/needs",
        },
        "town": {
            "town": f"/towns/{HERE[:9]}",
            "communities": "/communities",
            "figures": f"/places/{HERE[:9]}/figures",
            "liability": f"/places/{HERE[:9]}/liability",
            "queues": f"/places/{HERE[:9]}/queues",
            "report": f"/places/{HERE[:9]}/reports/{world.clock.day[:7]}",
            "links": f"{AT}/peers",
            "positions": f"/places/{HERE[:9]}/positions",
        },
        "clerk": {
            "estates": f"{AT}/estates",
            "send": f"/people/{people['li']}/send",
            "transfers": f"/people/{people['li']}/transfers",
            "slips": f"{AT}/slips",
            "desk": f"/desk?next={AT}/day",
            "record": f"{AT}/record?volunteer={people['li']}&served={people['wang']}",
            "day": f"{AT}/day",
            "cards": f"{AT}/cards?person={people['wang']}",
            "lost-card": f"/people/{people['wang']}/card",
            "close": f"{AT}/close",
            "closes": f"{AT}/closes",
            "closed": f"{AT}/closes/{_closed(world)}",
            "redeem": f"{AT}/redeem?elder={people['wang']}",
            "people": f"{AT}/people",
            "register": f"{AT}/people/new",
            "person": f"/people/{people['li']}",
            "profile-volunteer": f"/people/{people['li']}/note/profile",
            "stay": f"/people/{people['wang']}/note/stay",
            "entry-clerk": entry,
            "done": f"{entry}/done?for={people['li']}",
            "slip": f"{entry}/slip",
            "slip-roll": f"{entry}/slip?paper=roll",
            "appointment": f"{taken}/appointment",
            "appointment-roll": f"{taken}/appointment?paper=roll",
            "order-weeks": f"{AT}/entries/{weeks}/done?for={people['wang']}",
            "order-rated": rated,
            "reverse": f"{entry}/reverse",
            "second": f"{entry}/second",
            "settle": f"{AT}/orders/{order.record.id}/settle",
            "give-clerk": f"/people/{people['li']}/give",
            "orders": f"{AT}/orders",
            "order-open": waiting,
            "order-taken": taken,
            "codes": f"{AT}/people/{people['wang']}/codes",
            "door": f"{AT}/people/{people['wang']}/door",
            "pin": f"{AT}/people/{people['wang']}/pin",
            "photo": f"{AT}/people/{people['li']}/photo",
            **_gathered(world),
            "papers": f"/people/{people['wang']}",
            **{f"note-{what}": f"/people/{people['wang']}/note/{what}" for what in NOTES},
            **{f"ask-{act}": f"/people/{people['wang']}/ask/{act}" for act in ("death", "incapable", "close")},
            "publication": f"{AT}/publication",
        },
        "admin": {
            "policy-admin": f"{AT}/policy",
            "logins": f"{AT}/logins",
            "roles": f"{AT}/logins/{world.actors['clerk2'].login}",
        },
        "lead": {"day-lead": f"{AT}/day", "papers-lead": f"/people/{people['wang']}"}
        | {"care": f"{AT}/care", "fund": f"{AT}/fund", "answer": cared["answer"]}
        | {"certificate": cared["certificate"], "notice": f"{AT}/publication/notice"},
        "auditor": {
            "figures-own": f"/places/{HERE}/figures",
            "audit": f"{AT}/audit",
            "record-raw": f"{AT}/audit/records/{posted.record.seq}",
        },
        "li": {
            "home": "/me",
            "entry": entry,
            "statement": f"/people/{people['li']}/statement",
            "give": f"/people/{people['li']}/give",
            "donate": f"/people/{people['li']}/donate",
            "board": f"{AT}/board",
            "board-near": f"{AT}/board?near=1",
            "visits": "/visits",
            "visit": taken,
            "slip-own": f"{entry}/slip",
            "rating-volunteer": rated,
            "question": cared["question"],
            "certificates": f"/people/{people['li']}/certificates",
            "profile-own": f"/people/{people['li']}/profile",
            "pin-own": f"/people/{people['li']}/pin",
        },
        "daughter": {
            "family": "/me",
            "elder": f"/people/{people['wang']}",
            "order": f"/orders/new?elder={people['wang']}",
            "ordered": taken,
            "month": f"/people/{people['wang']}/month",
            "rating": rated,
        },
    }


def _gathered(world: World) -> dict[str, str]:
    """A group with an event of which one row was refused, and a provider's visit; the addresses that need them."""
    group = team(world, "li")
    wanted = roster(world, "li", "zhao", group=group, minutes=30)
    rosters.record(world.bank, world.actors["clerk"], wanted)
    upload = sheets.Upload(id=world.bank.uuid(), community=HERE)
    rows = [("志愿者", "服务对象", "日期", "时长", "项目"), ("李明", "王桂英", world.clock.day, "1小时", "打扫"), ("李小明", "", "哪天", "半天", "助洁"),
            ("赵敏", "陈秀兰", world.clock.day, "30分钟", "助洁")]  # fmt: skip
    sheets.look(world.bank, world.actors["clerk"], upload, excel(rows))
    firm = world.register("firm", "爱心家政公司", HERE, kind="provider", is_volunteer=True)
    world.settle(world.order("wang", 1), "firm", 1)
    return {
        "group": f"{AT}/groups/{group}",
        "person-group": f"/people/{group}",
        "roster": f"{AT}/rosters/new",
        "roster-group": f"{AT}/rosters/new?group={group}",
        "roster-blank": f"{AT}/rosters/blank?group={group}",
        "roster-told": f"{AT}/rosters/{wanted.id}",
        "pile": f"{AT}/pile",
        "sheets": f"{AT}/sheets",
        "sheet": f"{AT}/sheets/{upload.id}",
        "acceptance": f"{AT}/providers/{firm.id}/acceptance",
    }


def _cared_for(world: World) -> dict[str, str]:
    """A question, a call, something odd, and two certificates; the addresses that need one of them."""
    bank, actors = world.bank, world.actors
    visits = [world.record("zhao", minutes=1).record.id for _ in range(care.MANY_SHORT)]
    asked = questions.Doubt(id=bank.uuid(), community=HERE, entry=visits[0], text="那天没有来")
    questions.ask(bank, actors["wang"], asked)
    with bank.office() as office:
        drawn = {"community": HERE, "month": "2026-09", "origin": bank.origin(HERE), "drawn_at": office.now}
        office.people.add_all(Callback(entry=entry, **drawn) for entry in visits[1:3])
    world.policy("[station]\ntelephone = '0851-2822 0000'\n[certificate]\npublication_days = 0")
    made = {}
    for name in ("li", "zhao"):
        wanted = certificates.Request(id=bank.uuid(), community=HERE, person=world.people[name].id)
        made[name] = certificates.ask(bank, actors["clerk"], wanted)
    certificates.issue(bank, actors["lead"], HERE, made["li"].id)
    return {
        "answer": f"{AT}/questions/{asked.id}",
        "question": f"{AT}/entries/{world.record().record.id}/question",
        "certificate": f"{AT}/certificates/{made['li'].id}",
        "check": f"/certificates/{made['li'].number}",
    }


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_three_figures_are_there_without_scrolling_on_the_smallest_telephone(
    world: World, open_as: Open, language: str
) -> None:
    world.record(minutes=450)
    page = open_as("li", SMALL, language)
    for figure in page.locator(".figures dd").all():
        box = figure.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= SMALL[1]
    shoot(page, f"home-{language}-320")


@pytest.mark.parametrize(("language", "scheme"), [("zh", "light"), ("en", "dark")])
def test_axe_finds_nothing_on_any_page(world: World, open_as: Open, language: str, scheme: str) -> None:
    found = []
    for name, pages in addresses(world).items():
        page = open_as(name, PHONE if name in ("li", "daughter") else DESKTOP, language)
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        for label, path in pages.items():
            page.goto(path)
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
            found += complaints(page, label)
            shoot(page, f"{label}-{language}-{scheme}")
    assert found == []


def test_a_correction_is_asked_for_and_approved_by_somebody_else(world: World, open_as: Open) -> None:
    posted = world.record(minutes=60)
    clerk, lead = open_as("clerk"), open_as("lead", language="en")
    clerk.goto(f"{AT}/entries/{posted.record.id}")
    clerk.locator("a.button.second").click()
    clerk.locator("input[name=reason]").first.check()
    clerk.locator("main form button").click()
    expect(clerk.locator(".panel.quiet")).to_be_visible()
    lead.goto(f"{AT}/day")
    lead.get_by_role("button", name="Approve").click()
    expect(lead.locator(".panel")).to_be_visible()
    assert station.day(world.bank, world.actors["lead"], HERE).questions == ()
    item = statements.entry(world.bank, world.actors["li"], HERE, posted.record.id)
    assert item.reversed_by is not None
