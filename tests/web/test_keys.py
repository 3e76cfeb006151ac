"""Without a mouse: few keys, in the order in which one reads, and always visible where one is."""

from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.browsing import DESKTOP, SMALL, Open
from tests.web.visitor import AT
from tests.world import World

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

MOST = 12


class Keys:
    """A keyboard that counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def to(self, stop: str) -> None:
        """As many tabs as it takes to be there."""
        for _ in range(20):
            self.press("Tab")
            if self.page.locator(stop).evaluate("one => one === document.activeElement"):
                return
        pytest.fail(f"the tab key does not come to {stop}")


def test_a_visit_takes_twelve_keys_after_its_names_are_found(world: World, open_as: Open) -> None:
    page = open_as("clerk")
    page.goto(f"{AT}/record")
    expect(page.locator("#volunteer")).to_be_focused()
    page.keyboard.type("lm")
    expect(page.locator("#volunteer-found [role=option]")).to_have_count(1)
    page.keyboard.press("Tab")  # takes who was found, and goes on
    expect(page.locator("#served")).to_be_focused()
    page.keyboard.type("wgy")
    expect(page.locator("#served-found [role=option]")).to_have_count(1)
    keys = Keys(page)
    keys.press("Enter")
    expect(page.locator("input[name=served]:checked")).to_have_count(1)
    keys.to("#service")
    keys.press("ArrowDown")
    expect(page.locator("#minutes")).not_to_have_value("")
    keys.to("input[name=confirmed] >> nth=0")
    keys.press("Space", "Enter")
    expect(page.locator("button[value=post]")).to_be_focused()
    keys.press("Enter")
    expect(page.locator(".panel")).to_be_visible()
    assert keys.pressed <= MOST
    assert world.figures("li").served > 0


@pytest.mark.parametrize("size", [SMALL, DESKTOP])
def test_each_stop_of_the_tab_key_is_visible_and_further_on_than_the_one_before(
    world: World, open_as: Open, size: tuple[int, int]
) -> None:
    wang = world.people["wang"].id
    found = []
    for name, path in (
        (None, "/login"),
        ("clerk", f"{AT}/record"),
        ("clerk", f"{AT}/redeem?elder={wang}"),
        ("daughter", f"/orders/new?elder={wang}"),
        ("li", "/me"),
    ):
        page = open_as(name, size)
        page.goto(path)
        page.evaluate("document.querySelector('.skip').focus()")  # the first stop; the next test is about it
        stops: list[dict[str, Any]] = []
        while len(stops) < 80:
            page.keyboard.press("Tab")
            stop = page.evaluate(_STOP)
            if stop is None or (stops and stop["place"] == stops[0]["place"]):
                break
            if not stop["ring"]:
                found.append(f"{path}: no ring at {stop['said']}")
            stops.append(stop)
        assert len(stops) > 5, path
        for one, other in pairwise(stops):
            if other["place"] < one["place"]:
                found.append(f"{path}: {other['said']} comes after {one['said']}")
            if size == SMALL and other["bottom"] <= one["top"]:
                found.append(f"{path}: {other['said']} stands above {one['said']}")
    assert found == []


# Where the keyboard is: its place among all elements, whether one sees that, and where it stands on the page.
_STOP = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const ring = (it) => {
    const style = getComputedStyle(it);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  const around = one.closest("label.choice, label.face");
  const box = (around ?? one).getBoundingClientRect();
  const inside = box.bottom > 0 && box.top < innerHeight && box.width > 1;
  return {
    said: one.id || one.name || one.innerText, place: [...document.all].indexOf(one),
    ring: (ring(one) || (around && ring(around))) && inside, top: box.top + scrollY, bottom: box.bottom + scrollY,
  };
}"""


def test_escape_closes_the_list_and_the_keyboard_stays(world: World, open_as: Open) -> None:
    page = open_as("clerk")
    page.goto(f"{AT}/record")
    expect(page.locator("#volunteer")).to_be_focused()
    page.keyboard.type("wang")
    expect(page.locator("#volunteer-found")).to_be_visible()
    expect(page.locator("#volunteer")).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(page.locator("#volunteer-found")).to_be_hidden()
    expect(page.locator("#volunteer")).to_have_attribute("aria-expanded", "false")
    expect(page.locator("#volunteer")).to_be_focused()
    expect(page.locator("#volunteer")).to_have_value("wang")


def test_the_first_key_leads_past_the_way_around(world: World, open_as: Open) -> None:
    page = open_as("li")
    page.goto("/me")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", ["normal", "large", "elder"])
def test_her_hours_are_there_without_scrolling_on_the_smallest_telephone(
    world: World, open_as: Open, kind: str, language: str
) -> None:
    world.record(minutes=450)
    world.give("li", "wang", 30)
    world.order("wang", 30)  # so that something is asked for nearby, too
    page = open_as("li", SMALL, language, kind=kind)
    box = page.locator(".figures .main dd").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= SMALL[1]
