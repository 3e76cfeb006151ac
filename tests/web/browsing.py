"""How pages are looked at in a real browser: how wide, in which size of type, and what must never be asked for."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

HOUSE = Path(__file__).resolve().parents[2]
SCREENSHOTS = HOUSE / "build" / "screenshots"
SMALL = (320, 568)
PHONE = (390, 844)
TABLET = (820, 1180)
DESKTOP = (1280, 800)
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
}

Open = Callable[..., Page]


def listen(context: BrowserContext, site: str, wrong: list[str], *, refused: bool = False) -> None:
    """Note what a page must never do: complain on its console, fail in a script, ask another host."""

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not (refused and "with a status of 4" in message.text):
            wrong.append(message.text)

    context.on("console", hear)
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    context.on(
        "request",
        lambda request: wrong.append(request.url) if not request.url.startswith((site, "data:", "blob:")) else None,
    )


def shoot(page: Page, name: str) -> None:
    """Keep what the whole page looks like, for people to see."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


def complaints(page: Page, label: str, options: dict[str, Any] = AXE) -> list[str]:
    """What axe finds on this page, a line for each rule."""
    result = Axe().run(page, options=options)
    return [
        f"{label}: {rule['id']} {[node['target'] for node in rule['nodes']][:3]}"
        for rule in result.response["violations"]
    ]
