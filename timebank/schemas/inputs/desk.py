"""What a clerk says at her desk: how a day was closed, whose card was lost."""

import unicodedata
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import fields, post_load, validate

from timebank.services import cards, closing

from . import parts
from .parts import Day, Input, PersonId, Uuid


class Count(fields.Integer):
    """How many there are, 0 to `most`. JSON must send an integer; a form sends digits, also １２."""

    def __init__(self, most: int, **more: Any) -> None:
        said = _l("Please enter a number from 0 to %(most)s.", most=most)
        super().__init__(strict=True, validate=validate.Range(0, most, error=said), **more)
        self.error_messages["invalid"] = said

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if getattr(self.root, "from_form", False) and isinstance(value, str):
            text = unicodedata.normalize("NFKC", value).strip()
            value = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else value
        elif type(value) is not int:
            raise self.make_error("invalid")
        return super()._deserialize(value, attr, data, **kwargs)


class CloseInput(Input):
    """closing.Close"""

    argument = closing.Close
    id = Uuid(required=True)
    community = parts.community()
    day = Day(required=True)
    slips = Count(9999, required=True)
    box = fields.String(load_default="", validate=parts.at_most(20))
    note = fields.String(load_default=None, validate=parts.at_most(parts.LONGEST_NOTE))

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> closing.Close:
        return closing.Close(**data | {"note": data["note"] or None})


class RenewalInput(Input):
    """cards.Renewal"""

    argument = cards.Renewal
    community = parts.community()
    person = PersonId(required=True)
    card = fields.String(required=True, validate=validate.Regexp(r"^[0-9]{10}$", error=_l("A card has ten digits.")))
