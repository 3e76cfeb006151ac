"""Answer in JSON or text: what a use case gave, through its schema."""

from functools import cache
from typing import Any

import msgspec
from flask import Response, request
from marshmallow import Schema

from timebank.bank import Posted
from timebank.schemas import outputs

TEXT = "text/plain"


_encode = msgspec.json.Encoder().encode


@cache
def _dumper(schema: type[Schema]) -> Schema:
    """One for all requests: making a schema copies every field of it, and dumping changes nothing in it."""
    return schema()


def dumped(schema: type[Schema], value: Any, status: int = 200, **headers: str) -> Response:
    """`value` through `schema`, as JSON."""
    body = _encode(_dumper(schema).dump(value)) + b"\n"
    return Response(body, status, headers, content_type="application/json")


def receipted(posted: Posted, community: str) -> Response:
    """A write's answer: 201 with the address of what was made, or 200 where the same request had made it before."""
    status = 200 if posted.repeated else 201
    return dumped(outputs.entries.Receipted, posted, status, Location=entry_address(community, posted.record.id))


def entry_address(community: str, entry: str) -> str:
    return f"/api/v1/communities/{community}/entries/{entry}"


def text(data: bytes) -> Response:
    """These bytes, exactly, as text."""
    return Response(data, content_type=f"{TEXT}; charset=utf-8")


def unless_known(response: Response, tag: str) -> Response:
    """With an ETag; only 304 where the caller has this version already."""
    response.set_etag(tag)
    if "If-None-Match" in request.headers:
        response.make_conditional(request)
    return response
