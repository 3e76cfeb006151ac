"""A blueprint whose views describe themselves: one decorator gives a route its address, guard and documentation."""

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
_IN_PATH = ("community", "hold", "question")
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
PROBLEM = {"description": "A problem.", "content": {"application/problem+json": {"schema": outputs.Problem}}}


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


CONVERTERS: dict[str, type[BaseConverter]] = {
    "community": CommunityCode,
    "hex32": Hex32,
    "uuid7": Uuid7,
    "entry": EntryId,
    "seq": Sequence,
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
        takes: type[inputs.Input] | None = None,
        query: type[inputs.Input] | None = None,
        gives: type[Schema] | str | None = None,
        status: int | tuple[int, ...] = 200,
        keyed: bool = False,
        public: bool = False,
        **document: Any,
    ) -> Callable[[View], View]:
        """Give a function this address. Its docstring's first line is the summary; it says who may call it.

        `gives` is a schema, or a media type. `keyed`: the write needs an Idempotency-Key. Where not `public`, nobody
        gets in who is not logged in; what somebody may do, the use case decides.
        """
        described = _described(takes, query, gives, status, keyed, public) | document

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
    takes: type[inputs.Input] | None,
    query: type[inputs.Input] | None,
    gives: type[Schema] | str | None,
    status: int | tuple[int, ...],
    keyed: bool,
    public: bool,
) -> dict[str, Any]:
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
        known = [name for name in (*_IN_PATH, *(("id",) if keyed else ())) if name in takes._declared_fields]
        described["requestBody"] = {
            "required": True,
            "content": {JSON: {"schema": takes(exclude=known), "example": EXAMPLES[takes]}},
        }
    return described


def _answer(code: int, gives: type[Schema] | str | None) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": _SAID[code]}
    if gives is None or code in (204, 304):
        return answer
    if isinstance(gives, str):
        return answer | {"content": {gives: {"schema": {"type": "string"}}}}
    return answer | {"content": {JSON: {"schema": gives}}}
