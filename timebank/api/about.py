"""What the API says of itself: its document, and every way in which it says no."""

import json
from typing import Any, cast

from flask import Response, current_app

from timebank.schemas import outputs

from . import problems
from .answers import dumped
from .room import JSON, Room

room = Room("about", "The API itself.")


@room.view("GET", "/openapi.json", gives=JSON, public=True)
def openapi() -> Response:
    """Give this document (OpenAPI 3.1).

    May call: everybody.
    """
    return Response(document_text(), content_type=JSON)


@room.view("GET", "/problems", gives=outputs.room.ProblemKinds, public=True)
def kinds() -> Response:
    """List every code that a problem can have.

    May call: everybody.
    """
    return dumped(outputs.room.ProblemKinds, {"problems": [_kind(code) for code in problems.codes()]})


@room.view("GET", "/problems/<code>", gives=outputs.room.ProblemKind, public=True)
def kind(code: str) -> Response:
    """Describe one code: what a problem's `type` leads to.

    May call: everybody.
    """
    if code not in problems.codes():
        raise problems.Stopped("not-found")
    return dumped(outputs.room.ProblemKind, _kind(code))


def _kind(code: str) -> dict[str, Any]:
    return {"code": code, "status": problems.status_of(code), "title": problems.title_of(code)}


def document_text() -> str:
    """The OpenAPI document of this application, as it is served and committed."""
    api = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
    document = cast(dict[str, Any], api.spec.to_dict())
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
