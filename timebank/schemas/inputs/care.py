"""Questions, findings, call-backs, certificates and what is published."""

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from timebank.schemas.words import gettext as _
from timebank.services import (
    callbacks,
    care,
    certificates,
    kin_checks,
    publication,
    questions,
)

from . import parts
from .parts import Day, Input, PersonId, Uuid


class DoubtInput(Input):
    """questions.Doubt"""

    argument = questions.Doubt
    id = Uuid(required=True)
    community = parts.community()
    entry = fields.String(required=True, validate=validate.Regexp(r"^[0-9a-z.:-]{1,240}$"))
    text = fields.String(
        required=True,
        validate=validate.Length(min=1, max=parts.LONGEST_NOTE, error=_l("From one to {max} characters, please.")),
    )


class VerdictInput(Input):
    """questions.Verdict"""

    argument = questions.Verdict
    community = parts.community()
    question = Uuid(required=True)
    decision = fields.String(required=True, validate=parts.one_of(questions.STANDS, questions.REVERSED))
    reply = parts.note()
    reason = fields.String(load_default="mistake", validate=parts.one_of(*parts.REVERSAL_REASONS))

    @validates_schema
    def _check(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data.get("decision") == questions.STANDS and not data.get("reply"):
            raise ValidationError(_("Say why the record stands: the member reads it."), "reply")


class FindingInput(Input):
    """care.Closing"""

    argument = care.Closing
    community = parts.community()
    kind = fields.String(required=True, validate=parts.one_of(*care.KINDS))
    subject = fields.String(required=True, validate=validate.Regexp(r"^[0-9a-z.:>-]{1,240}$"))
    period = parts.month(required=True)
    outcome = fields.String(required=True, validate=parts.one_of(*care.OUTCOMES))


class TakingInput(Input):
    """care.Taking"""

    argument = care.Taking
    community = parts.community()
    kind = fields.String(required=True, validate=parts.one_of(care.UNSERVED, *care.KINDS))
    subject = fields.String(required=True, validate=validate.Regexp(r"^[0-9a-z.:>-]{1,240}$"))
    period = parts.month(load_default="", metadata={"description": "the finding's; left out for an elder"})


class CalledInput(Input):
    """callbacks.Called"""

    argument = callbacks.Called
    community = parts.community()
    entry = fields.String(required=True, validate=validate.Regexp(r"^[0-9a-z.:-]{1,240}$"))
    answer = fields.String(required=True, validate=parts.one_of(*callbacks.ANSWERS))


class CheckedInput(Input):
    """kin_checks.Checked"""

    argument = kin_checks.Checked
    community = parts.community()
    kinship = parts.hex32()
    answer = fields.String(required=True, validate=parts.one_of(*kin_checks.ANSWERS))


class DrawInput(Input):
    """Which month to draw, the last one when left out."""

    month = parts.month(load_default=None)


class CertificateInput(Input):
    """certificates.Request"""

    argument = certificates.Request
    id = Uuid(required=True)
    community = parts.community()
    person = PersonId(required=True)
    first_day = Day()
    last_day = Day()

    @validates_schema
    def _check(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if "first_day" in data and data["first_day"] > data.get("last_day", "9999"):
            raise ValidationError(_("The end must not be before the beginning."), "last_day")


class ObjectionInput(Input):
    """Why a certificate is stopped."""

    objection = fields.String(required=True, validate=parts.one_of(*certificates.OBJECTIONS))


class FilingInput(Input):
    """publication.Filing"""

    argument = publication.Filing
    community = parts.community()
    entries = fields.List(
        fields.String(validate=validate.Regexp(r"^[0-9a-z.:-]{1,240}$")),
        required=True,
        validate=validate.Length(min=1, max=publication.MOST_FILED, error=_l("From one to {max} records, please.")),
    )
    state = fields.String(required=True, validate=parts.one_of(*publication.STATES))
    why = fields.String(load_default=None, validate=parts.one_of(*publication.WHYS))

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> publication.Filing:
        return publication.Filing(**data | {"entries": tuple(data["entries"])})
