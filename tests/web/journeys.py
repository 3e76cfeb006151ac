"""The journeys of design §1, each walked as somebody does: on any telephone or computer, in either language, any size.

A journey gets a world in which nothing has happened yet. After each step the page is looked at: it must be in the size
that the reader chose and must not scroll sideways; a picture of it is kept.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import FilePayload, Page, expect

from tests.services.test_rosters import team
from tests.sheets.books import excel
from tests.web.browsing import DESKTOP, PHONE, SMALL, TABLET, Open, shoot
from tests.web.visitor import AT
from tests.world import ELSEWHERE, HERE, World
from timebank.access import FOR_ELDERS, OPERATOR, Role
from timebank.services import digests, members, orders, seals

WIDTHS = {"320": SMALL, "390": PHONE, "820": TABLET, "1280": DESKTOP}


@dataclass
class Walk:
    """One journey under one set of circumstances."""

    world: World
    open_as: Open
    folder: Path
    name: str
    width: str
    language: str
    kind: str
    scripts: bool
    steps: int = 0

    def as_(self, name: str | None) -> Page:
        size = WIDTHS[self.width]
        return self.open_as(name, size, self.language, scripts=self.scripts, kind=self.kind)

    def look(self, page: Page, step: str) -> None:
        expect(page.locator("html")).to_have_attribute("data-size", self.kind)
        expect(page.locator("html")).to_have_attribute("lang", "zh-Hans" if self.language == "zh" else "en")
        # Scripts of a test run in a page whose own are off.
        wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide[0] <= wide[1], f"{step}: {wide}"
        self.steps += 1
        without = "" if self.scripts else "-noscript"
        where = f"journeys/{self.name}-{self.steps}-{step}-{self.language}-{self.width}-{self.kind}{without}"
        shoot(page, where)

    def save(self, page: Page, link: str) -> bytes:
        with page.expect_download() as download:
            page.locator(link).first.click()
        path = self.folder / download.value.suggested_filename
        download.value.save_as(path)
        return path.read_bytes()

    def said(self, chinese: str, english: str) -> str:
        return chinese if self.language == "zh" else english

    def choose(self, page: Page, field: str, typed: str) -> None:
        """Name somebody in a picker: from the list where there are scripts, else the server looks her up."""
        page.fill(f"#{field}", typed)
        if self.scripts:
            page.locator(f"#{field}-found [role=option]").first.click()
            expect(page.locator(f"input[name={field}]:checked")).to_have_count(1)

    def check_and_post(self, page: Page, step: str) -> None:
        page.locator("button[value=check]").click()
        expect(page.locator(".summary-list")).to_be_visible()
        self.look(page, f"{step}-check")
        page.locator("button[value=post]").click()
        expect(page.locator(".panel")).to_be_visible()
        self.look(page, f"{step}-done")


def handed(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def volunteer(walk: Walk) -> None:
    """Her hours, an entry, its receipt, the statement as a passbook, and a question to the station."""
    walk.world.record(minutes=90)
    page = walk.as_("li")
    expect(page.locator(".figures .main dd")).to_have_text(walk.said("1小时30分", "1 hour 30 minutes"))
    walk.look(page, "home")
    page.locator(".feed a").first.click()
    expect(page.locator(".state.good")).to_be_visible()
    walk.look(page, "entry")
    assert walk.save(page, "a[download]").startswith(b"c2sp.org/tlog-proof")
    page.goto(f"/people/{walk.world.people['li'].id}/statement")
    walk.look(page, "statement")
    assert walk.save(page, "a[href*='form=pdf']").startswith(b"%PDF")
    page.goto("/me")
    page.locator(".feed a").first.click()
    page.locator("main a[href$='/question']").click()
    page.fill("#text", "那天只有一个小时")
    walk.look(page, "question")
    page.locator("main form button").click()
    expect(page.locator(".panel.quiet")).to_be_visible()
    walk.look(page, "asked")


def visit(walk: Walk) -> None:
    """A visit that was given to her: signed in, signed out."""
    walk.world.record("daughter", "chen", 60)
    walk.world.give("daughter", "wang", 30)
    walk.world.order("wang", 30, place="大兴路 8 号")
    page = walk.as_("li")
    page.goto(f"{AT}/board")
    walk.look(page, "board")
    page.locator("button[value=accept]").click()
    expect(page.locator("main")).to_contain_text("大兴路 8 号")
    page.goto("/visits")
    walk.look(page, "visits")
    page.locator("button[value=check_in]").click()
    expect(page.locator("button[value=check_out]")).to_be_visible()
    walk.look(page, "in")
    walk.world.clock.advance(minutes=20)
    page.locator("button[value=check_out]").click()
    expect(page.locator("button[value=confirm]")).to_be_visible()
    walk.look(page, "out")


def gift(walk: Walk) -> None:
    """Hours given to somebody by her card."""
    walk.world.record("li", minutes=90)
    page = walk.as_("li")
    page.goto(f"/people/{walk.world.people['li'].id}/give")
    walk.look(page, "give")
    page.fill("#card", walk.world.people["zhao"].card)
    page.fill("#minutes", "30")
    page.locator("input[name=reason]").first.check()
    walk.check_and_post(page, "give")
    assert walk.world.figures("zhao").available == 30


def counter(walk: Walk) -> None:
    """The clerk's own: a visit recorded, hours used for an elder who stands there, a correction approved."""
    page = walk.as_("clerk")
    page.goto(f"{AT}/record")
    walk.choose(page, "volunteer", "李明")
    walk.choose(page, "served", "0003")
    page.select_option("#service", "cleaning")
    page.fill("#minutes", "90")
    page.locator("input[name=confirmed][value=paper]").check()
    walk.look(page, "record")
    walk.check_and_post(page, "record")
    assert walk.world.figures("li").available == 90
    walk.world.give("li", "wang", 60)
    page.goto(f"{AT}/redeem?elder={walk.world.people['wang'].id}")
    page.select_option("#service", "meal")
    page.fill("#minutes", "30")
    page.locator("#draft input[name=payer][value=elder]").check()
    walk.look(page, "redeem")
    walk.check_and_post(page, "redeem")
    assert walk.world.figures("wang").held == 30
    posted = walk.world.record("zhao", minutes=30)
    page.goto(f"{AT}/entries/{posted.record.id}/reverse")
    page.locator("input[name=reason]").first.check()
    page.locator("main form button").click()
    expect(page.locator(".panel.quiet")).to_be_visible()
    lead = walk.as_("lead")
    lead.goto(f"{AT}/day")
    walk.look(lead, "day")
    lead.locator("button[value=approve]").click()
    expect(lead.locator(".panel")).to_be_visible()
    walk.look(lead, "approved")
    assert walk.world.figures("zhao").available == 0


def paper(walk: Walk) -> None:
    """What the clerk has on paper: an event's list, a pile of slips, a spreadsheet."""
    group = team(walk.world, "li")
    page = walk.as_("clerk")
    page.goto(f"{AT}/rosters/new?group={group}")
    page.select_option("#service", "cleaning")
    page.fill("#minutes", "60")
    page.locator("input[name=confirmed][value=paper]").check()
    walk.look(page, "roster")
    page.locator("button[value=check]").click()
    walk.look(page, "roster-check")
    page.locator("button[value=post]").click()
    expect(page.locator("table.books td a").first).to_be_visible()
    walk.look(page, "roster-told")
    page.goto(f"{AT}/pile")
    page.fill("[name=volunteer-1]", "zhaomin")
    page.fill("[name=served-1]", "王桂英")
    page.fill("[name=day-1]", walk.world.clock.day)
    page.fill("[name=minutes-1]", "30分钟")
    page.select_option("[name=service-1]", "company")
    page.locator("input[name=confirmed][value=paper]").check()
    walk.look(page, "pile")
    page.locator("main form button").last.click()
    walk.look(page, "pile-check")
    page.locator("main form button").last.click()
    expect(page.locator(".figures").first).to_be_visible()
    assert walk.world.figures("zhao").available == 30
    rows = [("志愿者", "服务对象", "日期", "时长", "项目"), ("李明", "陈秀兰", walk.world.clock.day, "1小时", "助洁")]
    page.goto(f"{AT}/sheets")
    page.locator("#file").set_input_files(handed("九月.xlsx", excel(rows)))
    page.locator("input[name=confirmed][value=paper]").check()
    page.locator("main form button").last.click()
    walk.look(page, "sheet")
    page.locator("form[action$='/record'] button").click()
    walk.look(page, "sheet-entered")
    assert walk.world.figures("li").served == 60 + 60


def _aunt_elsewhere(world: World) -> None:
    """She is a member of the other community, and her niece may use hours for her."""
    aunt = world.register("aunt", "王桂兰", ELSEWHERE, is_elder=True, born="1950-05-05")
    niece, scope = world.people["daughter"].id, tuple(right.value for right in FOR_ELDERS)
    known: dict[str, Any] = {"relation": "other", "proof": "household_book", "scope": scope}
    kin = members.Kin(id=world.bank.uuid(), community=ELSEWHERE, member=niece, elder=aunt.id, **known)
    members.relate(world.bank, world.actors["far clerk"], kin)


def family(walk: Walk) -> None:
    """A daughter orders for her mother here and for an aunt elsewhere, sees the month, and says that it was done."""
    world = walk.world
    world.record("daughter", "chen", 240)
    world.give("daughter", "wang", 30)
    _aunt_elsewhere(world)
    page = walk.as_("daughter")
    page.goto(f"/orders/new?elder={world.people['wang'].id}")
    page.select_option("#service", "meal")
    page.fill("#minutes", "30")
    page.locator("input[name=payer][value=self]").check()
    walk.look(page, "order")
    walk.check_and_post(page, "order")
    page.goto(f"/orders/new?elder={world.people['aunt'].id}")
    page.select_option("#service", "meal")
    page.fill("#minutes", "30")
    page.locator("input[name=payer][value=across]").check()
    walk.look(page, "across")
    page.locator("button[value=check]").click()
    walk.look(page, "across-check")
    page.locator("button[value=post]").click()
    expect(page.locator(".panel")).to_be_visible()
    walk.look(page, "across-done")
    hold = world.order("wang", 30, actor="daughter").record.id
    orders.review(world.bank, world.actors["clerk"], HERE, hold)
    orders.accept(world.bank, world.actors["li"], HERE, hold)
    orders.check_in(world.bank, world.actors["li"], HERE, hold)
    world.clock.advance(minutes=20)
    orders.check_out(world.bank, world.actors["li"], HERE, hold)
    page.goto(f"{AT}/orders/{hold}")
    walk.look(page, "served")
    page.locator("button[value=confirm]").click()
    expect(page.locator(".panel")).to_be_visible()
    page.goto(f"/people/{world.people['wang'].id}/month")
    expect(page.locator("main")).to_contain_text("李明")
    walk.look(page, "month")


def town(walk: Walk) -> None:
    """From the town's page to whom nobody serves and what looks odd, and to the figures."""
    world = walk.world
    world.record(minutes=60)
    world.login("town", Role.LEAD, HERE[:9])
    page = walk.as_("town")
    page.goto(f"/towns/{HERE[:9]}")
    expect(page.locator("main")).to_contain_text("大兴路社区居民委员会")
    walk.look(page, "town")
    page.goto(f"{AT}/care")
    walk.look(page, "care")
    page.goto(f"/places/{HERE[:9]}/figures")
    expect(page.locator("table.books").first).to_be_visible()
    walk.look(page, "figures")


def anybody(walk: Walk) -> None:
    """Without a log-in: a receipt checked, why nothing can be changed, the digest of the day."""
    bank, posted = walk.world.bank, walk.world.record(minutes=60)
    seals.seal(bank, OPERATOR, HERE)
    digests.make(bank, OPERATOR)
    li = walk.as_("li")
    li.goto(f"{AT}/entries/{posted.record.id}")
    receipt = walk.save(li, "a[download]")
    page = walk.as_(None)
    page.goto("/check")
    walk.look(page, "check")
    page.locator("#receipt").set_input_files(handed("receipt.tlog-proof", receipt))
    page.locator("main button").click()
    expect(page.locator(".state.good")).to_be_visible()
    walk.look(page, "checked")
    page.goto("/about/why")
    walk.look(page, "why")
    page.goto("/digest")
    walk.look(page, "digest")


Journey = Callable[[Walk], None]
JOURNEYS: dict[str, Journey] = {
    one.__name__: one for one in (volunteer, visit, gift, counter, paper, family, town, anybody)
}
