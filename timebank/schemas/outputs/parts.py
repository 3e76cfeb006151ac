"""What the schemas are made of."""

from typing import Any

from marshmallow import EXCLUDE, Schema, fields


class Output(Schema):
    """The document leaves room for members that come later: whoever reads an answer ignores what it does not know."""

    class Meta:
        unknown = EXCLUDE


def minutes(said: str) -> fields.Integer:
    return fields.Integer(required=True, metadata={"description": f"Minutes: {said}"})


def person_id() -> fields.String:
    return fields.String(required=True, metadata={"pattern": "^[0-9a-f]{32}$"})


def said(words: str, **more: Any) -> fields.String:
    return fields.String(required=True, metadata={"description": words} | more)


def maybe(words: str) -> fields.String:
    return fields.String(required=True, allow_none=True, metadata={"description": words})


def clock(words: str) -> fields.Integer:
    said = {"description": f"{words}: minutes after midnight, null where no time was said"}
    return fields.Integer(required=True, allow_none=True, metadata=said)


def truth(words: str) -> fields.Boolean:
    return fields.Boolean(required=True, metadata={"description": words})


def method(words: str, function: Any, **schema: Any) -> fields.Function:
    return fields.Function(serialize=function, metadata={"description": words} | schema)
