"""JSON over HTTP, version 1."""

from typing import Any

from flask import Flask, Request, Response
from flask_smorest import Api
from werkzeug.exceptions import HTTPException

from timebank import visitor
from timebank.schemas import inputs

from . import (
    about,
    acceptance,
    approvals,
    audits,
    callbacks,
    care,
    certificates,
    closing,
    communities,
    entries,
    estates,
    federation,
    fund,
    groups,
    honours,
    hours,
    kin_checks,
    needs,
    orders,
    papers,
    people,
    problems,
    publication,
    questions,
    reports,
    roles,
    rosters,
    sessions,
    standing,
    transfers,
)
from .room import CONVERTERS

ROOMS = (
    sessions.room,
    communities.room,
    people.room,
    roles.room,
    papers.room,
    standing.room,
    groups.room,
    hours.room,
    rosters.room,
    orders.room,
    acceptance.room,
    needs.room,
    approvals.room,
    questions.room,
    closing.room,
    callbacks.room,
    kin_checks.room,
    care.room,
    fund.room,
    reports.room,
    honours.room,
    estates.room,
    transfers.room,
    federation.room,
    certificates.room,
    publication.room,
    entries.room,
    audits.room,
    about.room,
)
_ABOUT = """The ledger service of community time banks. Amounts are integers, in minutes. Every write needs an
Idempotency-Key; sent again with the same key it does nothing more and gives the same receipt. Errors are
application/problem+json with a stable `code`. docs/integrator.md shows the way."""


class _Documented(Api):  # type: ignore[misc]  # flask-smorest carries no types
    """flask-smorest for the document alone: errors are answered in problems.py, and only under /api/."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """The pages have handlers of their own."""

    def _register_responses(self) -> None:
        """A problem is described where a route says so."""

    def _register_pagination_header(self) -> None:
        """Pages have a cursor in their JSON."""


def register(app: Flask) -> None:
    """Put this room's routes into the application."""
    app.url_map.converters.update(CONVERTERS)
    app.before_request(_refuse_unknown_address)
    app.after_request(_add_headers)
    api = _Documented(app, spec_kwargs=_spec_options())
    _teach_types(api)
    for room in ROOMS:
        api.register_blueprint(room)


def _refuse_unknown_address() -> Response | None:
    """404 and 405 have no view, so no blueprint that could answer them: under /api/ they are answered here."""
    asked = visitor.asked()
    error = asked.routing_exception
    if error is None or not _is_ours(asked) or not isinstance(error, HTTPException):
        return None
    return problems.on_http(error)


def _is_ours(asked: Request) -> bool:
    return asked.path.startswith("/api/")


def _add_headers(response: Response) -> Response:
    asked = visitor.asked()
    if _is_ours(asked):
        headers = response.headers
        headers.add("X-Request-ID", problems.request_id())
        headers.add("X-Content-Type-Options", "nosniff")
        headers.add("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        # What is personal stays nowhere; what is public may stay, but is asked for again.
        personal = visitor.session_token() is not None or "Authorization" in asked.headers
        headers.setdefault("Cache-Control", "no-store" if personal or response.status_code >= 400 else "no-cache")
    return response


def _spec_options() -> dict[str, Any]:
    return {
        "title": "timebank",
        "version": "1",
        "openapi_version": "3.1.0",
        "info": {"description": _ABOUT},
        "servers": [{"url": "/"}],
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "A token that begins with tbk_."},
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "__Host-timebank",
                    "description": "A page's session; writes also need the header X-CSRFToken.",
                },
            }
        },
    }


def _teach_types(api: Any) -> None:
    """What the document says of our own kinds of fields and parts of addresses."""
    schemas: dict[type, dict[str, Any]] = {
        inputs.parts.Minutes: {"type": "integer", "minimum": 1, "examples": [60]},
        inputs.parts.Uuid: {"type": "string", "format": "uuid"},
        inputs.parts.PersonId: {"type": "string", "pattern": "^[0-9a-f]{32}$"},
        inputs.parts.Day: {"type": "string", "format": "date", "examples": ["2026-11-20"]},
    }

    def describe(_converter: Any, field: Any, **_kwargs: Any) -> dict[str, Any]:
        return schemas.get(type(field), {})

    api.ma_plugin.converter.add_attribute_function(describe)
    for converter in CONVERTERS.values():
        api.register_converter(converter, _pattern)


def _pattern(converter: Any) -> dict[str, Any]:
    return {"type": "string", "pattern": f"^{converter.regex}$"}
