"""A blueprint whose views describe themselves: one decorator gives a route its address, guard and documentation."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema
from werkzeug.routing import BaseConverter

from timebank import visitor
from timebank.schemas import inputs, outputs

from . import problems
from .examples import EXAMPLES

View = Callable[..., Response]
JSON = "application/json"
_NAMED = re.compile(r"<\w+:(\w+)>")
_KEY: dict[str, Any] = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "description": "A UUID version 7, chosen once for this write and sent again with every retry. It becomes the id "
    "of what is made, where the address does not give that already.",
    "schema": {
        "type": "string",
        "pattern": "^[0-9A-Fa-f]{8}-?[0-9A-Fa-f]{4}-?7[0-9A-Fa-f]{3}-?[89ABab][0-9A-Fa-f]{3}-?[0-9A-Fa-f]{12}$",
        "examples": ["01998a3c-5b00-7abc-8def-0123456789ab"],
    },
}
_LANGUAGE: dict[str, Any] = {
    "in": "header",
    "name": "Accept-Language",
    "required": False,
    "description": "zh or en, for sentences in problems.",
    "schema": {"type": "string"},
}

_SAID = {200: "Done, or done before.", 201: "Made.", 202: "Waits for a second person.", 204: "Done.", 304: "Unchanged."}
PROBLEM = {"description": "A problem.", "content": {"application/problem+json": {"schema": outputs.room.Problem}}}


class CommunityCode(BaseConverter):
    """The 12 digits of a community."""

    regex = "[0-9]{12}"


class Hex32(BaseConverter):
    """A person's id."""

    regex = "[0-9a-f]{32}"


class Uuid7(BaseConverter):
    """A UUIDv7, with or without hyphens; the view gets 32 hex digits."""

    regex = "[0-9A-Fa-f]{8}-?[0-9A-Fa-f]{4}-?7[0-9A-Fa-f]{3}-?[89ABab][0-9A-Fa-f]{3}-?[0-9A-Fa-f]{12}"

    def to_python(self, value: str) -> str:
        return value.replace("-", "").lower()


class EntryId(BaseConverter):
    """The id of any entry."""

    regex = "[0-9A-Za-z._~:-]{1,240}"


class Sequence(BaseConverter):
    """A record's number."""

    regex = "[0-9]{1,15}"

    def to_python(self, value: str) -> int:
        return int(value)


class OrderAct(BaseConverter):
    """An act on an order that needs no more than the order."""

    regex = "review|accept|give-back|miss|knock|check-in|check-out"


class PlaceCode(BaseConverter):
    """The digits of a city, county, town or community."""

    regex = "[0-9]{4}(?:[0-9]{2}(?:[0-9]{3}(?:[0-9]{3})?)?)?"


class Month(BaseConverter):
    """A month, YYYY-MM."""

    regex = "20[0-9]{2}-(?:0[1-9]|1[0-2])"


CONVERTERS: dict[str, type[BaseConverter]] = {
    "community": CommunityCode,
    "hex32": Hex32,
    "uuid7": Uuid7,
    "entry": EntryId,
    "seq": Sequence,
    "act": OrderAct,
    "place": PlaceCode,
    "month": Month,
}


class Room(Blueprint):  # type: ignore[misc]  # flask-smorest carries no types
    """A part of the API: a tag in its document."""

    def __init__(self, name: str, description: str) -> None:
        super().__init__(f"api-{name}", __name__, description=description, url_prefix="/api/v1")
        problems.handle_in(self)
        self.before_request(_refuse_bad_token)

    def view(
        self,
        method: str,
        address: str,
        *,
        takes: type[inputs.parts.Input] | None = None,
        query: type[inputs.parts.Input] | None = None,
        gives: type[Schema] | str | None = None,
        status: int | tuple[int, ...] = 200,
        keyed: bool = False,
        public: bool = False,
        waits: bool = False,
        **document: Any,
    ) -> Callable[[View], View]:
        """Give a function this address. Its docstring's first line is the summary; it says who may call it.

        `gives` is a schema, or a media type. `keyed`: the write needs an Idempotency-Key. `waits`: it may come before a
        second person first. Where not `public`, nobody gets in who is not logged in; what somebody may do, the use
        case decides.
        """
        known = [*_NAMED.findall(address), *(["id"] if keyed else [])]
        described = _described(takes, known, query, gives, status, public, keyed) | document
        if waits:
            described["responses"]["202"] = _answer(202, outputs.entries.Waiting)

        def put(view: View) -> View:
            named = described | {"operationId": f"{self.name.removeprefix('api-')}-{view.__name__.replace('_', '-')}"}

            @wraps(view)
            def guarded(**parts: Any) -> Response:
                if not public and visitor.who() is None:
                    raise problems.Stopped("not-logged-in")
                return view(**parts)

            self.add_url_rule(address, view.__name__, self.doc(**named)(guarded), methods=[method])
            return view

        return put


def _refuse_bad_token() -> None:
    """Credentials that are no good are refused, also where none are needed: never quietly another's, or nobody's."""
    if "Authorization" in visitor.asked().headers and (visitor.bearer() is None or visitor.who() is None):
        raise problems.Stopped("token-invalid")


def _described(
    takes: type[inputs.parts.Input] | None,
    known: list[str],
    query: type[inputs.parts.Input] | None,
    gives: type[Schema] | str | None,
    status: int | tuple[int, ...],
    public: bool,
    keyed: bool,
) -> dict[str, Any]:
    """`known`: what the address and the key say already, so that the body need not."""
    statuses = (status,) if isinstance(status, int) else status
    parameters: list[dict[str, Any]] = [_KEY] if keyed else []
    if query is not None:
        parameters.append({"in": "query", "schema": query})
    described: dict[str, Any] = {
        "parameters": [*parameters, _LANGUAGE],
        "responses": {str(code): _answer(code, gives) for code in statuses} | {"default": PROBLEM},
        "security": [] if public else [{"token": []}, {"session": []}],
    }
    if takes is not None:
        left_out = [name for name in known if name in takes._declared_fields]
        described["requestBody"] = {
            "required": True,
            "content": {JSON: {"schema": takes(exclude=left_out), "example": EXAMPLES[takes]}},
        }
    return described


def _answer(code: int, gives: type[Schema] | str | None) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": _SAID[code]}
    if gives is None or code in (204, 304):
        return answer
    if isinstance(gives, str):
        return answer | {"content": {gives: {"schema": {"type": "string"}}}}
    return answer | {"content": {JSON: {"schema": gives}}}
