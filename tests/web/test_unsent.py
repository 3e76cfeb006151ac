"""Signing in and out in a real browser whose network goes: nothing is lost, and the times are those of the buttons."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.world import HERE, SECRET, World
from timebank.services import orders

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def page(world: World, browser: Browser, site: str) -> Iterator[Page]:
    """Li's telephone, of which the console may say that there is no network."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=site)
    cookies = {"lang": "zh", "timebank": world.token("li")}
    context.add_cookies([{"name": name, "value": value, "url": site} for name, value in cookies.items()])
    yield context.new_page()
    context.close()


def _presses_without_a_network(world: World, page: Page) -> int:
    """Signs in where there is none; when, in milliseconds."""
    pressed = world.clock.ms
    page.clock.set_fixed_time(pressed / 1000)
    page.goto("/visits")
    expect(page.locator("#unsent")).to_be_hidden()
    page.route("**/*", lambda route: route.abort())
    page.locator("button[value=check_in]").click()
    expect(page.locator("#unsent")).to_contain_text("还没发出去")
    expect(page.locator("#unsent li")).to_have_count(1)
    expect(page.locator("#unsent")).to_contain_text("王桂英")
    page.unroute("**/*")
    return pressed


@pytest.fixture
def hold(world: World) -> str:
    """An order that Li has taken."""
    hold = world.order(payer="public").record.id
    orders.accept(world.bank, world.actors["li"], HERE, hold)
    return hold


def _signed(world: World, hold: str) -> tuple[int | None, tuple[str, ...]]:
    found = orders.told(world.bank, world.actors["clerk"], HERE, hold)
    return found.checked_in_at, found.sent_later


def test_what_is_pressed_without_a_network_is_said_kept_and_sent(world: World, page: Page, hold: str) -> None:
    pressed = _presses_without_a_network(world, page)
    world.clock.advance(minutes=15)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("button[value=check_out]")).to_be_visible()
    expect(page.locator("#unsent")).to_be_hidden()
    assert _signed(world, hold) == (pressed, ("check_in",))


def test_it_outlasts_the_session_and_is_not_sent_by_somebody_else(world: World, page: Page, hold: str) -> None:
    pressed = _presses_without_a_network(world, page)
    world.clock.advance(minutes=world.bank.settings.session_idle_minutes + 1)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#unsent a")).to_have_text("请重新登录，登录后就发出。")
    assert _signed(world, hold) == (None, ())
    for name, waits in (("zhao", True), ("li", False)):
        page.context.clear_cookies()
        page.goto("/login?next=/visits")
        page.locator("#name").fill(name)
        page.locator("#secret").fill(SECRET)
        page.locator("#secret").press("Enter")
        page.wait_for_url(re.compile("/visits"))
        if waits:
            expect(page.locator("#unsent")).to_be_hidden()
            assert _signed(world, hold) == (None, ())
    expect(page.locator("button[value=check_out]")).to_be_visible()
    assert _signed(world, hold) == (pressed, ("check_in",))
