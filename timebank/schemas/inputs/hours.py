"""Hours recorded and moved: visits, event lists, gifts, transfers, reversals."""

import re
import unicodedata
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from timebank.schemas.words import gettext as _
from timebank.services import (
    approvals,
    gifts,
    hours,
    pairs,
    rosters,
    sheets,
    transfers,
)

from . import parts
from .parts import Clock, Day, Input, Minutes, PersonId, Uuid


class Confirmed(Input):
    """How a service was confirmed: by the elder's own hand, or by a clerk, who then says why."""

    day = Day(required=True)
    minutes = Minutes(required=True)
    start = parts.clock(1439)
    end = parts.clock(2879)
    confirmed = fields.String(required=True, validate=parts.one_of(*parts.CONFIRMED))
    reason = fields.String(validate=validate.Regexp(parts.WORD, error=parts.CHOOSE))

    @validates_schema
    def _check(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if (data.get("confirmed") == "clerk") != ("reason" in data):
            raise ValidationError(_("Say why, when the clerk confirms; leave it empty otherwise."), "reason")
        if ("start" in data) != ("end" in data):
            raise ValidationError(_("Enter both, from and to, or neither."), "end")
        if "start" in data and not data["start"] < data["end"]:
            raise ValidationError(_("The end must be after the start."), "end")
        if "start" in data and data.get("minutes", 0) > data["end"] - data["start"]:
            raise ValidationError(_("That is longer than from start to end."), "minutes")


class VisitInput(Confirmed):
    """hours.Visit"""

    argument = hours.Visit
    id = Uuid(required=True)
    community = parts.community()
    volunteer = PersonId(required=True)
    served = fields.List(
        PersonId(),
        required=True,
        validate=validate.Length(min=1, max=64, error=_l("From one to {max} people, please.")),
    )
    service = parts.code()
    payer = fields.String(load_default="issue", validate=parts.one_of("issue", "fund", "elder"))
    uncredited = fields.String(validate=parts.one_of("duty", "clean-up", "lecture", "group"))
    shift = fields.String(validate=parts.one_of("day-care"))
    note = parts.note()

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> hours.Visit:
        return hours.Visit(**data | {"served": tuple(data["served"])})


class ThereInput(Input):
    """rosters.There"""

    argument = rosters.There
    volunteer = PersonId(required=True)
    minutes = Minutes(metadata={"description": "where they differ from the event's"})
    served = fields.List(PersonId(), load_default=list, validate=validate.Length(max=64))

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> rosters.There:
        return rosters.There(**data | {"served": tuple(data["served"])})


class There(fields.Nested):
    """Who was there; a form sends the id, and the minutes behind it where they differ."""

    def __init__(self) -> None:
        super().__init__(ThereInput)

    def _deserialize(self, value: Any, attr: str | None, data: Any, partial: Any = None, **kwargs: Any) -> Any:
        if getattr(self.root, "from_form", False) and isinstance(value, str):
            person, _space, minutes = value.partition(" ")
            digits = unicodedata.normalize("NFKC", minutes).strip()
            own = {"minutes": int(digits) if re.fullmatch(r"[0-9]{1,9}", digits) else digits} if digits else {}
            value = {"volunteer": person} | own
        return super()._deserialize(value, attr, data, partial, **kwargs)


class RosterInput(Confirmed):
    """rosters.Roster"""

    argument = rosters.Roster
    id = Uuid(required=True)
    community = parts.community()
    start = Clock(1439)
    end = Clock(2879)
    service = parts.code()
    there = fields.List(
        There(),
        required=True,
        validate=validate.Length(min=1, max=rosters.MOST, error=_l("From one to {max} people, please.")),
    )
    served = fields.List(
        PersonId(),
        load_default=list,
        validate=validate.Length(max=64, error=_l("From one to {max} people, please.")),
    )
    group = PersonId(metadata={"description": "the group whose event it was: its hours go to the fund"})
    uncredited = fields.String(validate=parts.one_of("duty", "clean-up", "lecture"))
    payer = fields.String(load_default="issue", validate=parts.one_of("issue", "fund"))

    @validates_schema
    def _check_there(self, data: dict[str, Any], **_kwargs: Any) -> None:
        there = data.get("there", [])
        if len({one.volunteer for one in there}) < len(there):
            raise ValidationError(_("One of them is there twice."), "there")
        if "start" in data and any((one.minutes or 0) > data["end"] - data["start"] for one in there):
            raise ValidationError(_("That is longer than from start to end."), "there")
        if "group" in data and "uncredited" in data:
            raise ValidationError(_("A group's hours go to the fund; choose no other reason."), "uncredited")

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> rosters.Roster:
        return rosters.Roster(**data | {name: tuple(data[name]) for name in ("there", "served")})


class GiftInput(Input):
    """gifts.Gift"""

    argument = gifts.Gift
    id = Uuid(required=True)
    community = parts.community()
    giver = PersonId(required=True)
    receiver = PersonId(required=True)
    minutes = Minutes(required=True)
    reason = fields.String(load_default="family", validate=parts.one_of("family", "friend", "thanks"))


class TransferInput(Input):
    """transfers.Transfer"""

    argument = transfers.Transfer
    id = Uuid(required=True)
    community = parts.community()
    giver = PersonId(required=True)
    to = parts.community()
    card = fields.String(required=True, validate=validate.Regexp(r"^[0-9]{10}$", error=_l("A card has ten digits.")))
    minutes = Minutes(required=True)
    reason = fields.String(load_default="family", validate=parts.one_of("family", "friend", "thanks", transfers.MOVE))


class AlongInput(Input):
    """pairs.Along"""

    argument = pairs.Along
    community = parts.community()
    entry = fields.String(required=True, validate=validate.Regexp(r"^[0-9a-z.:-]{1,240}$"))
    second = PersonId(required=True)


class DonationInput(Input):
    """gifts.Donation"""

    argument = gifts.Donation
    id = Uuid(required=True)
    community = parts.community()
    giver = PersonId(required=True)
    minutes = Minutes(required=True)
    reason = fields.String(load_default="gift", validate=parts.one_of("gift"))


class ReversalInput(Input):
    """approvals.Reversal"""

    argument = approvals.Reversal
    id = Uuid(required=True)
    community = parts.community()
    entry = fields.String(required=True, validate=validate.Regexp(r"^[0-9a-z.:-]{1,240}$"))
    reason = fields.String(required=True, validate=parts.one_of(*parts.REVERSAL_REASONS))
    note = parts.note()


class SheetInput(Input):
    """sheets.Upload"""

    argument = sheets.Upload
    id = Uuid(required=True)
    community = parts.community()
    service = fields.String(validate=validate.Regexp(parts.WORD, error=parts.CHOOSE))
    confirmed = fields.String(required=True, validate=parts.one_of("paper", "card", "clerk"))
    reason = fields.String(validate=validate.Regexp(parts.WORD, error=parts.CHOOSE))

    @validates_schema
    def _check(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if (data.get("confirmed") == "clerk") != ("reason" in data):
            raise ValidationError(_("Say why, when the clerk confirms; leave it empty otherwise."), "reason")
