"""Somebody with a browser that has no script: fetches pages, sends their forms, reads what they say."""

import html
import re
from typing import Any

from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.world import HERE, World
from timebank.ledger import reads

AT = f"/communities/{HERE}"


class Visitor:
    """`name` is a login of the world; None is nobody in particular."""

    def __init__(self, app: Flask, world: World, name: str | None = None, *, language: str = "en") -> None:
        self.client = app.test_client()
        self.client.set_cookie("lang", language)
        if name is not None:
            self.client.set_cookie("timebank", world.token(name))

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, buffered=True)  # a file is closed, too

    def token(self) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get("/check").text)
        assert found is not None
        return found.group(1)

    def post(self, path: str, fields: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        """As the form of a page sends it, with the page's token."""
        data: MultiDict[str, Any] = MultiDict(fields or {})
        data.update(more)
        return self.client.post(path, data=MultiDict([*data.items(multi=True), ("csrf_token", self.token())]))


def said(response: TestResponse) -> str:
    """What a reader sees of a page."""
    text = re.sub(r"<(script|style).*?</\1>", " ", response.text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text))).strip()


def beside(response: TestResponse, field: str) -> str:
    """The message beside a field; empty when there is none."""
    found = re.search(rf'id="{field}-error">(.*?)</p>', response.text, flags=re.DOTALL)
    return said_text(found.group(1)) if found else ""


def said_text(markup: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", markup))).strip()


def size(world: World) -> int:
    """How many records the books have."""
    with world.bank.view() as view:
        return reads.head(view.connection, world.bank.origin(HERE)).size
