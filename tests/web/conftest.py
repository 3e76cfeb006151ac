"""A browser for somebody of the world."""

import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page

from tests.web.browsing import DESKTOP, Open, listen
from tests.world import SECRET


@pytest.fixture
def open_as(browser: Browser, site: str) -> Iterator[Open]:
    """Opens a browser for somebody and logs in by the form; errors and requests to other hosts fail the test.

    `kind` is the size of type as the reader has chosen it: normal, large, elder. `refused`: she does what is refused,
    of which the browser complains too.
    """
    wrong: list[str] = []
    with ExitStack() as stack:

        def open_(
            name: str | None,
            size: tuple[int, int] = DESKTOP,
            language: str = "zh",
            *,
            scripts: bool = True,
            kind: str = "normal",
            refused: bool = False,
        ) -> Page:
            context = browser.new_context(
                viewport={"width": size[0], "height": size[1]},
                java_script_enabled=scripts,
                accept_downloads=True,
                base_url=site,
            )
            stack.callback(context.close)
            listen(context, site, wrong, refused=refused)
            context.add_cookies([{"name": "lang", "value": language, "url": site}])
            if kind != "normal":
                context.add_cookies([{"name": "size", "value": kind, "url": site}])
            page = context.new_page()
            page.goto("/login")
            if name is not None:
                page.locator("#name").fill(name)
                page.locator("#secret").fill(SECRET)
                page.locator("#secret").press("Enter")
                page.wait_for_url(re.compile(r"/(me|communities)"))
            return page

        yield open_
    assert wrong == []
