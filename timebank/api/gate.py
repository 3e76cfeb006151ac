"""Read what a request brings: its JSON, its key, its query; strictly, and before any use case sees it."""

import json
from functools import cache
from typing import Any

from flask import request
from marshmallow import Schema, ValidationError

from timebank.schemas import inputs

from .problems import Stopped


@cache
def _loader(schema: type[inputs.parts.Input]) -> inputs.parts.Input:
    """One for all requests: making a schema copies every field of it, and loading changes nothing in it."""
    return schema()


def load(schema: type[inputs.parts.Input], **from_path: str) -> Any:
    """The use case's argument from the body; what the address says need not be repeated, and must not differ."""
    return _loader(schema).load(_merged(body_object(), from_path))


def load_keyed(schema: type[inputs.parts.Input], **from_path: str) -> Any:
    """As `load`, for a write whose id is the request's Idempotency-Key."""
    key = idempotency_key()
    data = body_object()
    if "id" in data and _uuid(data["id"]) != key:
        raise Stopped("idempotency-key-differs")
    return _loader(schema).load(_merged(data, from_path) | {"id": key})


def _merged(data: dict[str, Any], from_path: dict[str, str]) -> dict[str, Any]:
    differ = [name for name, value in from_path.items() if data.get(name, value) != value]
    if differ:
        raise ValidationError({name: ["not what the address says"] for name in differ})
    return data | from_path


def query(schema: type[Schema]) -> dict[str, Any]:
    """The parameters after the question mark. One given twice is refused: which was meant?"""
    twice = [name for name, values in request.args.lists() if len(values) > 1]
    if twice:
        raise ValidationError({twice[0]: ["given twice"]})
    loaded: dict[str, Any] = schema().load(request.args.to_dict())
    return loaded


def idempotency_key() -> str:
    """The header Idempotency-Key as 32 hex digits; quotes around it, as the IETF draft has them, are allowed."""
    sent = request.headers.get("Idempotency-Key", "").strip()
    if not sent:
        raise Stopped("idempotency-key-missing")
    found = _uuid(sent[1:-1] if len(sent) > 1 and sent[0] == sent[-1] == '"' else sent)
    if found is None:
        raise Stopped("idempotency-key-malformed")
    return found


_UUID = inputs.parts.Uuid()


def _uuid(value: object) -> str | None:
    try:
        return str(_UUID.deserialize(value))
    except ValidationError:
        return None


def body_object() -> dict[str, Any]:
    """The body as one JSON object. Refused: other media types, not UTF-8, a key twice, NaN, lone surrogates."""
    if not request.is_json:
        raise Stopped("media-type-unsupported")
    try:
        value = json.loads(request.get_data().decode(), object_pairs_hook=_object, parse_constant=_no_constant)
        # A lone surrogate is a string to Python and to nobody else.
        json.dumps(value, ensure_ascii=False).encode()
    except RecursionError as error:
        raise Stopped("json-too-deep") from error
    except ValueError as error:
        raise Stopped("json-malformed") from error
    if not isinstance(value, dict):
        raise ValidationError({"_schema": ["not an object"]})
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise Stopped("json-duplicate-key")
    return made


def _no_constant(name: str) -> None:
    raise ValueError(name)
