"""The design's tokens, measured on every page by a walk over what the browser has made of it."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from tests.web.browsing import AXE, DESKTOP, SMALL, Open, complaints
from tests.web.test_journey import addresses
from tests.world import World

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

HOUSE = Path(__file__).parent
TOKENS = (HOUSE / "tokens.js").read_text(encoding="utf-8")
LANGUAGE = (HOUSE / "language.js").read_text(encoding="utf-8")

# Pixels, but for the lines: how high one is, in sizes of its text.
SIZES = {
    "normal": {"body": 18, "key": 30, "lines": 1.5, "target": 48},
    "large": {"body": 22, "key": 36, "lines": 1.6, "target": 56},
    "elder": {"body": 24, "key": 44, "lines": 1.7, "target": 64},
}
MOST_ACTIONS = {"normal": 8, "large": 6, "elder": 4}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", SIZES)
def test_every_page_keeps_to_the_tokens_and_to_its_language(
    world: World, open_as: Open, kind: str, language: str
) -> None:
    found = []
    for name, pages in addresses(world).items():
        page = open_as(name, SMALL, language, kind=kind)
        for label, path in pages.items():
            page.goto(path)
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
            assert page.locator("html").get_attribute("data-size") == kind
            for width, height in (SMALL, DESKTOP):
                page.set_viewport_size({"width": width, "height": height})
                found += [f"{label} {width}: {fault}" for fault in page.evaluate(TOKENS, SIZES[kind])]
            page.set_viewport_size({"width": SMALL[0], "height": SMALL[1]})
            said = page.evaluate(LANGUAGE)
            found += [f"{label}: {words}" for words in said if foreign(words, language, world)]
    assert found == []


# What people have written, which no page translates.
WRITTEN = (
    "大兴路 8 号", "很细心", "门口有狗", "那天没有来", "重复", "李小明", "打扫", "哪天", "半天",
    "红花岗区", "老城街道", "大兴路社区居民委员会", "红花岗社区居民委员会",
)  # fmt: skip
# What is called the same in every language, or is shown as people here write it.
NAMED = (
    "Excel", "CSV", "PDF", "XLSX", "SHA-256", "English", "中文", "JPEG", "PNG", "WebP", "4 MB", "WCAG", "AA", "GB/T",
    "axe-core", "JavaScript", "Chromium",
)  # fmt: skip
EXAMPLES = ("2小时30分", "1.5小时", "90分钟", "11月20日")
ADDRESSES = (
    r"https?://\S+|[\w/.-]*\.(?:md|xlsx|tlog-proof)|timebank verify --digest|\b[0-9a-f]{16,}|\b\d{8}-[0-9A-Z]{8}"
)


def foreign(words: str, language: str, world: World) -> bool:
    """Whether something stands here in the other language that is nobody's name and no example."""
    words = re.sub(ADDRESSES, "", words)
    names = {person.name for person in world.people.values()} | {"红花岗义工队"}
    parts = {name[1:] for name in names} | {name[0] for name in names}
    masked = {name[0] + "＊" for name in names}
    for known in sorted({*WRITTEN, *NAMED, *EXAMPLES, *names, *masked, *world.actors}, key=len, reverse=True):
        words = words.replace(known, "")
    if words.strip(" ·") in parts or re.fullmatch(r"Volunteer .", words):
        return False
    return bool(re.search(r"[A-Za-z]{2,}" if language == "zh" else r"[\u3400-\u9fff]", words))


def test_a_word_in_the_wrong_language_is_told_from_a_name(world: World) -> None:
    assert foreign("志愿者 volunteer", "zh", world)
    assert foreign("Company and 聊天", "en", world)
    assert not foreign("李明 served 王桂英, 大兴路 8 号", "en", world)
    assert not foreign("已登录：clerk", "zh", world)


@pytest.mark.parametrize("kind", SIZES)
def test_a_home_offers_no_more_than_can_be_taken_in(world: World, open_as: Open, kind: str) -> None:
    addresses(world)
    for _ in range(25):
        world.record(minutes=15)
    for name in ("li", "daughter", "wang"):
        page = open_as(name, SMALL, kind=kind)
        page.goto("/me")
        boxes = page.evaluate(_ACTIONS)
        assert 1 <= len(boxes) <= MOST_ACTIONS[kind], (name, boxes)
        if kind == "elder":
            page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
            boxes = page.evaluate(_ACTIONS)
            assert all(above["bottom"] <= below["top"] for above, below in pairwise(boxes)), boxes


# What one may do here: not the records, orders and people, which are what the page is about.
_ACTIONS = """() => [...document.querySelectorAll('main a, main button, main summary')]
  .filter(one => one.checkVisibility({ contentVisibilityAuto: true }) && !one.closest('.feed, .faces, .cards'))
  .map(one => [one.innerText.trim(), one.getBoundingClientRect()])
  .map(([said, box]) => ({ said, top: box.top, bottom: box.bottom }))"""


@pytest.mark.parametrize(("language", "scheme"), [("zh", "dark"), ("en", "light")])
def test_in_elder_size_every_contrast_is_seven_to_one(world: World, open_as: Open, language: str, scheme: str) -> None:
    found = []
    for name, pages in addresses(world).items():
        page = open_as(name, SMALL, language, kind="elder")
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        for label, path in pages.items():
            page.goto(path)
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
            found += complaints(page, label, AXE | {"runOnly": ["color-contrast-enhanced"]})
    assert found == []
