"""Acts on an order, from the wish to the rating."""

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from timebank.schemas.words import catalogue
from timebank.schemas.words import gettext as _
from timebank.services import (
    orders,
)

from . import parts
from .hours import Confirmed
from .parts import Clock, Day, Input, Minutes, PersonId, Uuid, Whole


class SignedInput(Input):
    """The code at the door, where the volunteer could read it."""

    code = fields.String(
        validate=validate.Regexp(r"^[0-9]{3} ?[0-9]{3}$", error=_l("Please enter the six digits.")), load_default=None
    )
    at = fields.Integer(
        load_default=None,
        strict=True,
        validate=validate.Range(0, 2**53 - 1),
        metadata={"description": "when it was pressed, by the telephone's clock, in milliseconds: sent later"},
    )


class WishInput(Input):
    """orders.Wish"""

    argument = orders.Wish
    id = Uuid(required=True)
    community = parts.community()
    elder = PersonId(required=True)
    service = parts.code()
    minutes = Minutes(required=True)
    wanted_day = Day(required=True)
    payer = fields.String(load_default="elder", validate=parts.one_of("elder", "self", "across", "public"))
    start = Clock(1439)
    end = Clock(1440)
    place = fields.String(validate=parts.at_most(200))
    gender = fields.String(validate=parts.one_of("f", "m"))
    speaks = fields.String(validate=parts.one_of(*catalogue().languages))
    also = fields.List(PersonId(), load_default=list, validate=validate.Length(max=63))
    weeks = Whole(1, orders.MOST_WEEKS, load_default=1)
    note = parts.note()

    @validates_schema
    def _check(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data.get("end", 1440) <= data.get("start", 0):
            raise ValidationError(_("The end must be after the start."), "end")

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> orders.Wish:
        return orders.Wish(**data | {"also": tuple(data["also"])})


class DoneInput(Confirmed):
    """orders.Done"""

    argument = orders.Done
    community = parts.community()
    hold = Uuid(required=True)
    volunteer = PersonId(required=True)


class CancelledInput(Input):
    """orders.Cancelled"""

    argument = orders.Cancelled
    community = parts.community()
    hold = Uuid(required=True)
    reason = fields.String(load_default="cancelled", validate=parts.one_of(*parts.RELEASES))


class SentInput(Input):
    """orders.Sent"""

    argument = orders.Sent
    community = parts.community()
    hold = Uuid(required=True)
    volunteer = PersonId(required=True)


class ConfirmedInput(Input):
    """orders.Confirmed"""

    argument = orders.Confirmed
    community = parts.community()
    hold = Uuid(required=True)
    code = fields.String(validate=validate.Regexp(r"^[0-9 ]{8,12}$", error=_l("Please enter the eight digits.")))
    pin = fields.String(validate=validate.Length(min=1, max=100))
    reason = fields.String(validate=validate.Regexp(parts.WORD, error=parts.CHOOSE))


class DisputeInput(Input):
    """orders.Doubt"""

    argument = orders.Doubt
    community = parts.community()
    hold = Uuid(required=True)
    reason = fields.String(
        load_default="doubt", validate=parts.one_of("doubt", "wrong-minutes", "wrong-person", "not-given")
    )


class RatedInput(Input):
    """orders.Rated"""

    argument = orders.Rated
    community = parts.community()
    hold = Uuid(required=True)
    stars = Whole(1, 5, required=True)
    text = parts.note()


class CandidatesQuery(Input):
    """A page of those who could be sent."""

    skip = fields.Integer(load_default=0, validate=validate.Range(0, orders.MOST_SKIPPED))
    limit = fields.Integer(load_default=10, validate=validate.Range(1, 100))


class CandidateQuery(Input):
    """Name, pinyin, initials, the end of a telephone number, or card of a volunteer."""

    q = fields.String(required=True, validate=validate.Length(min=1, max=60))
