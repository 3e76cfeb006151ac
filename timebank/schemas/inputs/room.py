"""Sessions, decisions, batches, and what a page of a list is asked for."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from timebank.keyring import digits_of
from timebank.schemas.words import gettext as _
from timebank.services import (
    entries,
)

from . import parts
from .parts import Day, Input, Uuid


class NameInput(Input):
    """The name that should be on a certificate."""

    name = fields.String(required=True, validate=validate.Length(min=1, max=60))


class NothingInput(Input):
    """An empty object."""


class SessionInput(Input):
    """What somebody types to log in."""

    name = fields.String(required=True, validate=validate.Length(min=1, max=100))
    secret = fields.String(required=True, validate=validate.Length(min=1, max=1000))


class LoginPhoneInput(Input):
    """The telephone to which a code is sent."""

    phone = fields.String(required=True, validate=validate.Length(min=5, max=25))

    @validates_schema
    def _check(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if not digits_of(data.get("phone", "")):
            raise ValidationError(_("Please type a telephone number: digits only."), "phone")


class LoginCodeInput(Input):
    """The code that came."""

    code = fields.String(required=True, validate=validate.Length(min=1, max=20))


class LoginPersonInput(Input):
    """Who of a household logs in, and the month and day of her birth."""

    person = parts.PersonId(required=True)
    born = fields.String(load_default="", validate=validate.Length(max=20))


class DecisionInput(Input):
    """A second person's answer."""

    approve = fields.Boolean(required=True, truthy={True}, falsy={False})


class NotesInput(Input):
    """Signed notes, exactly as they were signed."""

    entries = fields.List(fields.String(), required=True, validate=validate.Length(min=1, max=entries.MOST))


class NoteInput(Input):
    """One signed note, exactly as it was signed."""

    note = fields.String(required=True)


class PageQuery(Input):
    """A page of what came before a number, newest first."""

    before = fields.Integer(load_default=None, validate=validate.Range(0, 2**53 - 1))
    limit = fields.Integer(load_default=20, validate=validate.Range(1, 100))


class BoardQuery(Input):
    """A part of the board: what comes after an order."""

    after = Uuid(load_default=None)
    near = fields.Boolean(load_default=False, metadata={"description": "only in the caller's own grid"})
    limit = fields.Integer(load_default=20, validate=validate.Range(1, 100))


class SearchQuery(Input):
    """Name, pinyin, initials, the end of a telephone number, or card."""

    q = fields.String(required=True, validate=validate.Length(min=1, max=60))
    limit = fields.Integer(load_default=10, validate=validate.Range(1, 50))


class DayQuery(Input):
    """A day, today when left out."""

    day = Day(load_default=None)


class MonthQuery(Input):
    """A month, this one when left out."""

    month = parts.month(load_default=None)


class SpanQuery(Input):
    """From one day to another, both included."""

    first_day = Day(required=True, data_key="from")
    last_day = Day(required=True, data_key="to")

    @validates_schema
    def _check(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data["last_day"] < data["first_day"]:
            raise ValidationError(_("The end must not be before the beginning."), "to")
