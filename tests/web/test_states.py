"""Pages in every state: nothing there yet, something wrong, names as long as they come, magnified to twice the size."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.web.browsing import PHONE, SMALL, Open, complaints
from tests.web.test_journey import addresses
from tests.web.test_tokens import SIZES, TOKENS
from tests.web.visitor import AT
from tests.world import HERE, World
from timebank.access import OPERATOR, Role
from timebank.services import communities

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def looked_at(page: Page, label: str, kind: str) -> list[str]:
    """What axe and the walk over the tokens find on this page."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    found = complaints(page, label)
    return found + [f"{label}: {fault}" for fault in page.evaluate(TOKENS, SIZES[kind])]


# --- nothing there yet -----------------------------------------------------------------------------------------------


def untouched(world: World) -> dict[str | None, list[str]]:
    """The pages of a community that was founded a moment ago."""
    li, wang = (world.people[name].id for name in ("li", "wang"))
    return {
        None: ["needs", "honours", "certificates", "services", "promise", "policy"],
        "li": [
            "/me",
            "/visits",
            "board",
            f"/people/{li}/statement",
            f"/people/{li}/month",
            f"/people/{li}/certificates",
        ],
        "wang": ["/me", f"/people/{wang}/month"],
        "daughter": ["/me"],
        "clerk": ["day", "orders", "people", "publication", "sheets", "pile", "rosters/new", "estates", "slips"],
        "lead": ["day", "care", "fund", "publication/notice"],
        "auditor": ["audit", f"/places/{HERE}/figures"],
    }


@pytest.mark.parametrize(("language", "kind"), [("zh", "elder"), ("en", "normal")])
def test_where_nothing_has_happened_yet_pages_are_whole_and_say_so(
    world: World, open_as: Open, language: str, kind: str
) -> None:
    found = []
    for name, paths in untouched(world).items():
        page = open_as(name, SMALL, language, kind=kind)
        for path in paths:
            answer = page.goto(path if path.startswith("/") else f"{AT}/{path}")
            assert answer is not None
            if answer.status != 200:
                found.append(f"{path}: {answer.status}")
            found += looked_at(page, path, kind)
    assert found == []


# --- something wrong -------------------------------------------------------------------------------------------------

TYPED = "？？"


@pytest.mark.parametrize(("language", "kind"), [("zh", "elder"), ("en", "normal")])
def test_what_was_wrong_is_said_first_leads_to_its_field_and_nothing_that_was_typed_is_lost(
    world: World, open_as: Open, language: str, kind: str
) -> None:
    found, refused = [], set()
    for name, pages in addresses(world).items():
        page = open_as(name, PHONE, language, kind=kind, refused=True)
        for label, path in pages.items():
            page.goto(path)
            for place in range(page.locator(_FORMS).count()):
                page.goto(path)
                with page.expect_navigation():
                    typed = page.locator(_FORMS).nth(place).evaluate(_FILL_AND_SEND, TYPED)
                if not page.locator("#errors").count():
                    continue
                found += [f"{label}: {fault}" for fault in page.evaluate(_ERRORS, [TYPED, typed])]
                if label not in refused:
                    found += looked_at(page, label, kind)
                refused.add(label)
    assert found == []
    assert refused >= {
        "login", "check", "record", "redeem", "register", "give", "donate", "send", "order", "roster", "pile", "settle",
        "reverse", "note-kin", "note-wish", "note-guardian", "ask-incapable", "profile-own", "rating", "estates",
        "policy-admin",
    }, sorted(refused)  # fmt: skip


_FORMS = "main form:has(button):has(input[type=text], input[type=password], input:not([type]), textarea)"
# Everything that can be typed is filled with what is no number, no name and no code; the names of those fields.
_FILL_AND_SEND = """(form, typed) => {
  const fields = [...form.querySelectorAll("input[type=text], input:not([type]), textarea")];
  for (const one of fields) one.value = typed;
  form.requestSubmit(form.querySelector("button"));
  return fields.map((one) => one.name);
}"""
_ERRORS = """([typed, names]) => {
  const faults = [], summary = document.getElementById("errors");
  if (document.activeElement !== summary) faults.push("the summary is not where the keyboard is");
  const links = [...summary.querySelectorAll("a[href^='#']")];
  if (!links.length && summary.querySelector("li")) {
    const said = summary.innerText.replace(/\\s+/g, " ");
    if (document.querySelector(".field.bad")) faults.push(`no link to a field: ${said}`);
  }
  for (const link of links) {
    const field = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!field) { faults.push(`${link.hash} is not there`); continue; }
    const told = field.closest("[aria-describedby]")?.getAttribute("aria-describedby").split(" ") ?? [];
    const error = told.map((id) => document.getElementById(id)).find((one) => one?.matches(".error"));
    if (!error?.checkVisibility()) faults.push(`${link.hash} is not described by its error`);
    const marked = field.closest("[aria-invalid=true]") || field.matches("[type=radio], [type=checkbox]");
    if (!marked) faults.push(`${link.hash} is not marked as invalid`);
  }
  for (const name of names) {
    const now = document.getElementsByName(name)[0];
    if (now && now.value !== typed) faults.push(`what was typed in ${name} is lost`);
  }
  return faults;
}"""


# --- as long as they come --------------------------------------------------------------------------------------------

LONG = "买买提·吐尔逊·阿卜杜热合曼江·艾合买提"
VILLAGE: dict[str, Any] = {
    "name": "上坝土家族乡双河口新田坝幸福里村村民委员会",
    "town": "上坝土家族乡人民政府办事处",
    "county": "道真仡佬族苗族自治县",
}


@pytest.mark.parametrize(("language", "kind"), [("zh", "elder"), ("en", "large")])
def test_the_longest_names_break_where_they_must_and_push_nothing_out(
    world: World, open_as: Open, language: str, kind: str
) -> None:
    code = HERE[:9] + "077"
    communities.found(world.bank, OPERATOR, communities.Founding(code=code, **VILLAGE))
    world.login("village", Role.CLERK, code)
    world.register("long", LONG, HERE, is_volunteer=True, is_elder=True, phone="13800000077", born="1950-01-01")
    world.login("long", Role.MEMBER, HERE, person=world.people["long"].id)
    posted = world.record("long", "chen", 2_40)
    world.record("zhao", "long", 30)
    order = world.order("long", 30).record.id
    long, entry = world.people["long"].id, f"{AT}/entries/{posted.record.id}"
    pages = {
        "long": ["/me", entry, f"/people/{long}/statement", f"/people/{long}/month", f"/people/{long}/give"],
        "clerk": [
            f"/people/{long}", f"{AT}/record?volunteer={long}", f"{AT}/redeem?elder={long}", f"{AT}/day",
            f"{AT}/orders/{order}", f"{entry}/slip", f"{AT}/people/{long}/door", f"{AT}/people/{long}/codes",
        ],
        "village": [f"/communities/{code}/day", f"/communities/{code}/people", f"/communities/{code}/promise"],
    }  # fmt: skip
    found = []
    for name, paths in pages.items():
        page = open_as(name, SMALL, language, kind=kind)
        for path in paths:
            page.goto(path)
            assert name == "village" or LONG in page.locator("main").inner_text(), path
            found += looked_at(page, path, kind)
    assert found == []


# --- magnified -------------------------------------------------------------------------------------------------------


def test_in_large_type_at_twice_the_size_nothing_is_lost(world: World, open_as: Open) -> None:
    """A browser that magnifies a screen of 1280 pixels twofold shows a page that is 640 wide."""
    found = []
    for name, pages in addresses(world).items():
        page = open_as(name, (640, 400), kind="large")
        for label, path in pages.items():
            page.goto(path)
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
            found += [f"{label}: {fault}" for fault in page.evaluate(TOKENS, SIZES["large"])]
    assert found == []
