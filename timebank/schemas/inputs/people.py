"""Registration, profiles, kin, proxies, groups and roles."""

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from timebank.access import FOR_ELDERS, Role, is_place
from timebank.schemas.words import catalogue
from timebank.schemas.words import gettext as _
from timebank.services import (
    approvals,
    groups,
    honours,
    members,
    pins,
    roles,
)

from . import parts
from .parts import Day, Grid, Grids, Input, Minutes, PersonId, Uuid


class PinInput(Input):
    """pins.ChosenPin"""

    argument = pins.ChosenPin
    community = parts.community()
    person = PersonId(required=True)
    pin = fields.String(required=True, validate=validate.Length(min=1, max=20))


class OwnPinInput(Input):
    """pins.ChangedPin"""

    argument = pins.ChangedPin
    person = PersonId(required=True)
    old = fields.String(required=True, validate=validate.Length(min=1, max=20))
    pin = fields.String(required=True, validate=validate.Length(min=1, max=20))


class MembershipInput(Input):
    """groups.Membership"""

    argument = groups.Membership
    id = Uuid(required=True)
    community = parts.community()
    group = PersonId(required=True)
    person = PersonId(required=True)
    from_day = Day(required=True)
    until_day = Day()

    @validates_schema
    def _check(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data.get("until_day", "9999") < data.get("from_day", ""):
            raise ValidationError(_("The end must not be before the beginning."), "until_day")


class MembershipEndedInput(Input):
    """groups.Ended"""

    argument = groups.Ended
    community = parts.community()
    group = PersonId(required=True)
    membership = parts.hex32()
    day = Day(required=True)


class GrantInput(Input):
    """approvals.Grant"""

    argument = approvals.Grant
    id = Uuid(required=True)
    community = parts.community()
    person = PersonId(required=True)
    minutes = Minutes(required=True)
    payer = fields.String(load_default="fund", validate=parts.one_of("fund", "issue"))
    reason = fields.String(required=True, validate=parts.one_of("hardship", "trial", "honour"))
    note = parts.note()


class _Profiled(Input):
    """What helps to send the right volunteer, and where somebody lives."""

    gender = fields.String(validate=parts.one_of("f", "m"))
    speaks = parts.codes(*catalogue().languages)
    offers = parts.codes(*catalogue().by_code)
    grid = Grid()

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> Any:
        return self.argument(**data | {"speaks": tuple(data["speaks"]), "offers": tuple(data["offers"])})


class RegistrationInput(_Profiled):
    """members.Registration"""

    argument = members.Registration
    id = Uuid(required=True)
    community = parts.community()
    name = fields.String(
        required=True, validate=validate.Length(min=1, max=60, error=_l("From one to {max} characters, please."))
    )
    phone = fields.String(
        validate=validate.Regexp(rf"^{parts.PHONE}$", error=_l("Please enter a telephone number in digits."))
    )
    address = fields.String(validate=parts.at_most(200))
    born = Day()
    is_volunteer = fields.Boolean(load_default=False)
    is_elder = fields.Boolean(load_default=False)
    is_family = fields.Boolean(load_default=False)
    language = fields.String(load_default="zh", validate=parts.one_of("zh", "en"))
    kind = fields.String(load_default="person", validate=parts.one_of("person", "group", "provider"))


class _Available(Input):
    """When a volunteer has time, and where else than in her own grid she likes to go."""

    times = parts.codes(*members.TIMES)
    goes_to = Grids(load_default=list)


class ProfileInput(_Profiled, _Available):
    """members.Profile"""

    argument = members.Profile
    person = PersonId(required=True)

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> Any:
        return members.Profile(**_tuples(data))


class OwnProfileInput(_Available):
    """members.OwnProfile"""

    argument = members.OwnProfile
    person = PersonId(required=True)
    speaks = parts.codes(*catalogue().languages)
    offers = parts.codes(*catalogue().by_code)
    phone = fields.String(
        validate=validate.Regexp(rf"^({parts.PHONE})?$", error=_l("Please enter a telephone number in digits.")),
        metadata={"description": "an empty text takes it away; left out it stays"},
    )

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> Any:
        return members.OwnProfile(**_tuples(data))


def _tuples(data: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}


class CorrectionInput(Input):
    """members.Correction"""

    argument = members.Correction
    person = PersonId(required=True)
    name = fields.String(validate=validate.Length(min=1, max=60, error=_l("From one to {max} characters, please.")))
    phone = fields.String(
        validate=validate.Regexp(rf"^({parts.PHONE})?$", error=_l("Please enter a telephone number in digits.")),
        metadata={"description": "an empty text takes it away"},
    )
    address = fields.String(validate=parts.at_most(200), metadata={"description": "an empty text takes it away"})
    born = Day()


class KinInput(Input):
    """members.Kin"""

    argument = members.Kin
    id = Uuid(required=True)
    community = parts.community()
    member = PersonId(required=True)
    elder = PersonId(required=True)
    relation = fields.String(required=True, validate=parts.one_of(*parts.RELATIONS))
    proof = fields.String(required=True, validate=parts.one_of(*parts.PROOFS))
    scope = fields.List(
        fields.String(validate=parts.one_of(*sorted(FOR_ELDERS))),
        load_default=list,
        metadata={"description": "what the elder consented to; none: only the relation is noted"},
    )
    expires_on = Day()
    monthly_minutes = Minutes()

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> members.Kin:
        return members.Kin(**data | {"scope": tuple(data["scope"])})


class RevocationInput(Input):
    """members.Revocation"""

    argument = members.Revocation
    community = parts.community()
    kinship = parts.hex32()


class HonourInput(Input):
    """honours.Wish"""

    argument = honours.Wish
    community = parts.community()
    person = PersonId(required=True)
    named = fields.Boolean(required=True)


class LoginQuery(Input):
    """The name that somebody types to log in."""

    name = fields.String(required=True, validate=validate.Length(min=1, max=100))


def _check_place(where: str) -> None:
    if not is_place(where):
        raise ValidationError(_("Please choose one from the list."))


class RoleInput(Input):
    """roles.Wanted"""

    argument = roles.Wanted
    community = parts.community()
    login = parts.hex32()
    role = fields.String(required=True, validate=parts.one_of(*(role.value for role in Role)))
    where = fields.String(
        required=True,
        validate=_check_place,
        metadata={"description": "the community, or the first 9, 6 or 4 digits of its code, or * for everywhere"},
    )

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> roles.Wanted:
        return roles.Wanted(**data | {"role": Role(data["role"])})
