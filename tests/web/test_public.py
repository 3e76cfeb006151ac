"""What anybody may look at: the statement of accessibility, today's digest, and where the codes on paper lead."""

import re

import pytest
from flask import Flask

from tests.web.visitor import AT, Visitor, said
from tests.world import World
from timebank.access import OPERATOR
from timebank.services import digests, seals
from timebank.web.frame import qr_code

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.mark.parametrize(("language", "words"), [("zh", "已知的不足"), ("en", "What we know to be missing")])
def test_the_statement_of_accessibility_is_one_tap_from_every_page(
    app: Flask, world: World, language: str, words: str
) -> None:
    visitor = Visitor(app, world, language=language)
    for page in ("/login", "/check", "/digest", f"{AT}/policy", "/nowhere"):
        assert 'href="/about/accessibility"' in visitor.get(page).text
    assert words in said(visitor.get("/about/accessibility"))


def test_the_code_on_a_slip_opens_a_public_page_and_says_nothing_of_anybody(app: Flask, world: World) -> None:
    entry = f"{AT}/entries/{world.record().record.id}"
    clerk, anybody = Visitor(app, world, "clerk"), Visitor(app, world)
    for page in (entry, f"{entry}/slip"):
        assert str(qr_code("http://localhost/check")) in clerk.get(page).text, page
    assert anybody.get("/check").status_code == 200
    receipt = clerk.get(f"{entry}/receipt").data.decode()
    checked = anybody.post("/check", pasted=receipt)
    assert checked.status_code == 200
    for known in world.people.values():
        assert known.name not in checked.text
        assert known.card not in checked.text


def test_todays_digest_is_for_anybody(app: Flask, world: World) -> None:
    world.record()
    seals.seal(world.bank, OPERATOR, world.people["li"].community)
    made = str(digests.make(world.bank, OPERATOR))
    page = Visitor(app, world).get("/digest")
    assert made.split(maxsplit=1)[0] in said(page)
    assert str(qr_code(made)) in page.text
    assert not re.search(r"李|王|138", page.text)
