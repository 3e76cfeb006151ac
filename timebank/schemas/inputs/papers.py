"""What was shown about somebody, and what becomes of an account: classes, trainings, guardians, suspension, death."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from timebank.policy import PRIORITIES
from timebank.schemas.words import gettext as _
from timebank.services import (
    estates,
    papers,
    standing,
)

from . import parts
from .parts import Day, Input, Minutes, PersonId, Uuid


class _Span(Input):
    """From a day, and up to another one with it."""

    expires_on = Day()

    @validates_schema
    def _check(self, data: dict[str, Any], **_kwargs: Any) -> None:
        since = data.get("from_day") or data.get("day")
        if since is not None and data.get("expires_on", since) < since:
            raise ValidationError(_("The end must not be before the beginning."), "expires_on")


class ClassInput(_Span):
    """papers.Class"""

    argument = papers.Class
    id = Uuid(required=True)
    community = parts.community()
    person = PersonId(required=True)
    name = fields.String(required=True, validate=parts.one_of(*PRIORITIES))
    proof = fields.String(required=True, validate=parts.one_of(*parts.CLASS_PROOFS))
    from_day = Day(required=True)


class TrainingInput(_Span):
    """papers.Training"""

    argument = papers.Training
    id = Uuid(required=True)
    community = parts.community()
    person = PersonId(required=True)
    course = parts.code()
    day = Day(required=True)


class AssessmentInput(_Span):
    """papers.Assessment"""

    argument = papers.Assessment
    id = Uuid(required=True)
    community = parts.community()
    person = PersonId(required=True)
    need = fields.String(required=True, validate=parts.one_of(*parts.NEEDS))
    day = Day(required=True)
    accompany = fields.Boolean(load_default=False)


class StayInput(_Span):
    """papers.Stay"""

    argument = papers.Stay
    id = Uuid(required=True)
    community = parts.community()
    person = PersonId(required=True)
    from_day = Day(required=True)


class LastWishInput(Input):
    """estates.LastWish; `to` is `fund` or `person`, and then `heir` is needed."""

    argument = estates.LastWish
    community = parts.community()
    person = PersonId(required=True)
    to = fields.String(required=True, validate=parts.one_of("fund", "person"))
    heir = PersonId()

    @validates_schema
    def _check_heir(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data.get("to") == "person" and not data.get("heir"):
            raise ValidationError(str(_("Please choose a person from the list.")), "heir")

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> Any:
        to = data.pop("to")
        return self.argument(**data | {"heir": data.get("heir") if to == "person" else None})


class InheritanceInput(Input):
    """estates.Inheritance; without an heir it goes to the fund."""

    argument = estates.Inheritance
    id = Uuid(required=True)
    community = parts.community()
    number = fields.String(required=True, validate=validate.Regexp(r"^[0-9]{8}-[0-9A-Z]{8}$"))
    minutes = Minutes(required=True)
    heir = PersonId()


class GuardianInput(_Span):
    """papers.Guardian"""

    argument = papers.Guardian
    id = Uuid(required=True)
    community = parts.community()
    person = PersonId(required=True)
    guardian = PersonId(required=True)
    proof = fields.String(required=True, validate=parts.one_of(*parts.GUARDIAN_PROOFS))
    from_day = Day(required=True)


class EndedInput(Input):
    """papers.Ended"""

    argument = papers.Ended
    community = parts.community()
    paper = parts.hex32()
    day = Day(required=True)


class SuspensionInput(Input):
    """standing.Suspension"""

    argument = standing.Suspension
    community = parts.community()
    person = PersonId(required=True)


class ErasureInput(Input):
    """standing.Erasure"""

    argument = standing.Erasure
    community = parts.community()
    person = PersonId(required=True)


class DeathInput(Input):
    """standing.Death"""

    argument = standing.Death
    id = Uuid(required=True)
    community = parts.community()
    person = PersonId(required=True)
    day = Day(required=True)
    proof = fields.String(required=True, validate=parts.one_of(*parts.DEATH_PROOFS))


class IncapacityInput(Input):
    """standing.Incapacity"""

    argument = standing.Incapacity
    id = Uuid(required=True)
    community = parts.community()
    person = PersonId(required=True)
    guardian = PersonId(required=True)
    proof = fields.String(required=True, validate=parts.one_of("court", "committee"))


class ClosingInput(Input):
    """standing.Closing"""

    argument = standing.Closing
    id = Uuid(required=True)
    community = parts.community()
    person = PersonId(required=True)
    reason = fields.String(required=True, validate=parts.one_of(*parts.CLOSINGS))
