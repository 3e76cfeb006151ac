"""What a page costs to fetch, and that nothing moves, flashes or is fetched that need not be."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.web.browsing import DESKTOP, PHONE, Open
from tests.web.test_journey import addresses
from tests.web.visitor import AT, Visitor
from tests.world import World

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

FIRST, NEXT = 100_000, 15_000  # bytes over the line, with headers


class Fetched:
    """What went over the line: bytes, and the kinds of things asked for."""

    def __init__(self) -> None:
        self.bytes = 0
        self.kinds: set[str] = set()


@contextmanager
def fetching(page: Page, *, cache: bool = True) -> Iterator[Fetched]:
    """Count what this page fetches in the block; without the browser's cache as on a first visit."""
    fetched = Fetched()
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": not cache})
    line.on("Network.loadingFinished", lambda event: _add(fetched, event["encodedDataLength"]))
    line.on("Network.requestWillBeSent", lambda event: fetched.kinds.add(event.get("type", "")))
    yield fetched
    line.detach()


def _add(fetched: Fetched, count: float) -> None:
    fetched.bytes += int(count)


_SHIFTS = """() => new Promise(told => {
  const watcher = new PerformanceObserver(() => {});
  watcher.observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => {
    told(watcher.takeRecords().reduce((sum, one) => sum + one.value, 0));
  }));
})"""
_OWN = "document.querySelectorAll('[style], style, script:not([src]), [onclick], [onload], [onsubmit]').length"
# Where the style sheet holds up the first paint, there is none without it.
_BLOCKS = "performance.getEntriesByType('resource').filter(one => one.renderBlockingStatus === 'blocking').length"


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_every_page_is_light_stands_still_and_brings_no_style_of_its_own(
    world: World, open_as: Open, size: tuple[int, int]
) -> None:
    found = []
    for name, pages in addresses(world).items():
        page = open_as(name, size)
        for label, path in pages.items():
            with fetching(page) as fetched:
                page.goto(path)
                moved = page.evaluate(_SHIFTS)
            if fetched.bytes > NEXT:
                found.append(f"{label}: {fetched.bytes} bytes on a next visit")
            if moved:
                found.append(f"{label}: moved by {moved}")
            if page.evaluate(_OWN):
                found.append(f"{label}: a style or a script within the page")
            if fetched.kinds - {"Document", "Stylesheet", "Script", "Image", "Other"}:
                found.append(f"{label}: fetched {fetched.kinds}")
    assert found == []


def test_a_first_visit_fetches_a_tenth_of_a_megabyte_at_most_and_no_font(world: World, open_as: Open) -> None:
    found, heaviest = [], 0
    for name, pages in addresses(world).items():
        page = open_as(name, PHONE)
        for label, path in pages.items():
            with fetching(page, cache=False) as fetched:
                page.goto(path)
                page.wait_for_load_state("networkidle")
            heaviest = max(heaviest, fetched.bytes)
            if fetched.bytes > FIRST:
                found.append(f"{label}: {fetched.bytes} bytes on a first visit")
            if "Font" in fetched.kinds or not page.evaluate(_BLOCKS):
                found.append(f"{label}: a font, or a style sheet that comes late")
    assert found == []
    assert heaviest > NEXT  # the counting counts


def test_on_paper_a_page_is_black_on_white_without_the_way_around(world: World, open_as: Open) -> None:
    found = []
    for name, pages in addresses(world).items():
        page = open_as(name)
        page.emulate_media(media="print", color_scheme="dark")
        for label, path in pages.items():
            page.goto(path)
            ways = page.locator(".top, .foot nav, .leave, .skip").all()
            if any(one.is_visible() for one in ways):
                found.append(f"{label}: the way around is printed")
            ink = page.locator("h1").first.evaluate("one => getComputedStyle(one).color")
            paper = page.locator("body").evaluate("one => getComputedStyle(one).backgroundColor")
            if (ink, paper) != ("rgb(0, 0, 0)", "rgb(255, 255, 255)"):
                found.append(f"{label}: {ink} on {paper}")
    assert found == []


# --- packed ----------------------------------------------------------------------------------------------------------


def test_a_page_is_packed_for_who_can_unpack_it_and_never_twice_as_long(app: Flask, world: World) -> None:
    clerk = Visitor(app, world, "clerk").client
    plain = clerk.get(f"{AT}/record")
    packed = [clerk.get(f"{AT}/record", headers={"Accept-Encoding": "gzip, br"}) for _ in range(12)]
    assert "Content-Encoding" not in plain.headers
    assert clerk.get(f"{AT}/record", headers={"Accept-Encoding": "gzip;q=0"}).headers.get("Content-Encoding") is None
    assert all(answer.headers["Content-Encoding"] == "gzip" for answer in packed)
    assert all("Accept-Encoding" in answer.headers["Vary"] for answer in [plain, *packed])
    assert len(gzip.decompress(packed[0].data)) == pytest.approx(len(plain.data), abs=100)
    assert int(packed[0].headers["Content-Length"]) == len(packed[0].data) < len(plain.data) / 3


def test_how_long_a_packed_page_is_says_nothing_of_what_is_on_it(app: Flask, world: World) -> None:
    visitor = Visitor(app, world).client
    lengths = {len(visitor.get("/about/why", headers={"Accept-Encoding": "gzip"}).data) for _ in range(30)}
    assert max(lengths) - min(lengths) > 20


def test_a_file_is_packed_the_same_for_everybody_and_still_known_again(app: Flask, world: World) -> None:
    visitor = Visitor(app, world).client
    asked = {"Accept-Encoding": "gzip"}
    first, second = (visitor.get("/static/app.css", headers=asked, buffered=True) for _ in range(2))
    assert first.data == second.data
    assert gzip.decompress(first.data) == visitor.get("/static/app.css", buffered=True).data
    known = visitor.get("/static/app.css", headers=asked | {"If-None-Match": first.headers["ETag"]}, buffered=True)
    assert known.status_code == 304
