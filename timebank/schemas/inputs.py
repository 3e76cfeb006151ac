"""What comes in from pages and the API: each schema's load() yields the argument of one use case."""

import re
import unicodedata
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import RAISE, Schema, ValidationError, fields, post_load, pre_load, validate, validates_schema

from timebank.access import FOR_ELDERS
from timebank.ledger import Code, Refused, whole_minutes
from timebank.policy import PRIORITIES
from timebank.services import (
    approvals,
    callbacks,
    care,
    certificates,
    entries,
    estates,
    gifts,
    groups,
    honours,
    hours,
    members,
    orders,
    papers,
    publication,
    questions,
    rosters,
    standing,
    transfers,
)

from .refusals import sentence
from .words import catalogue
from .words import gettext as _

_UUID7 = re.compile(r"[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}")
_HEX32 = re.compile(r"[0-9a-f]{32}")
_WORD = r"^[a-z][a-z0-9-]{0,31}$"
CONFIRMED = ("card", "code", "phone", "paper", "proxy", "clerk")
RELATIONS = ("spouse", "parent", "parent_in_law", "grandparent", "child", "grandchild", "other")
CLASS_PROOFS = ("disability-card", "allowance-card", "veteran-card", "assessment", "decision")
DEATH_PROOFS = ("certificate", "household-register", "hospital", "committee")
CLOSINGS = ("moved-away", "own-wish", "deceased", "duplicate")
NEEDS = ("light", "medium", "severe")
GUARDIAN_PROOFS = ("consent", "household-book", "court", "committee")
PROOFS = ("household_book", "marriage_certificate", "birth_certificate", "declaration")
RELEASES = ("cancelled", "no-volunteer", "ill", "mistake", "needs-provider")
REVERSAL_REASONS = ("wrong-person", "wrong-minutes", "wrong-day", "twice", "not-given", "mistake")
LONGEST_NOTE = 500
_PHONE = r"\+?[0-9 -]{6,20}"
_CHOOSE = _l("Please choose one from the list.")


class Said(str):
    """A field's message that has a refusal code of its own."""

    code: Code

    def __new__(cls, error: Refused) -> "Said":
        made = super().__new__(cls, sentence(error.code, error.facts))
        made.code = error.code
        return made


class Uuid(fields.String):
    """A UUIDv7, with or without hyphens; loads as 32 hex digits."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs)).replace("-", "").lower()
        if not _UUID7.fullmatch(text):
            raise ValidationError(_("This must be a UUID version 7."))
        return text


class PersonId(fields.String):
    """The id of somebody in the directory: 32 hex digits."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs))
        if not _HEX32.fullmatch(text):
            raise ValidationError(_("Please choose a person from the list."))
        return text


class Day(fields.String):
    """A calendar day, YYYY-MM-DD."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs))
        try:
            good = date.fromisoformat(text).isoformat() == text
        except ValueError:
            good = False
        if not good:
            raise ValidationError(_("Please enter a date such as 2026-11-20."))
        return text


class Minutes(fields.Field[int]):
    """Whole minutes, from 1. JSON must send an integer (61.0 has its own refusal); a form sends digits, also １２."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if getattr(self.root, "from_form", False) and isinstance(value, str):
            text = unicodedata.normalize("NFKC", value).strip()
            value = int(text) if re.fullmatch(r"-?[0-9]{1,9}", text) else text
        try:
            return whole_minutes(value)
        except Refused as error:
            raise ValidationError([Said(error)]) from error


class Whole(fields.Integer):
    """A whole number. JSON must send an integer; a form sends digits."""

    def __init__(self, least: int, most: int, **more: Any) -> None:
        super().__init__(strict=True, validate=validate.Range(least, most, error=_CHOOSE), **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if getattr(self.root, "from_form", False) and isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value):
            value = int(value)
        return super()._deserialize(value, attr, data, **kwargs)


class Clock(fields.Integer):
    """Minutes after midnight; a form sends the time as the browser writes it, 09:30."""

    def __init__(self, latest: int) -> None:
        super().__init__(strict=True, validate=validate.Range(0, latest))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if getattr(self.root, "from_form", False) and isinstance(value, str):
            found = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})", value)
            if found is None or int(found[2]) > 59:
                raise ValidationError(_("Please enter a time such as 09:30."))
            value = int(found[1]) * 60 + int(found[2])
        return super()._deserialize(value, attr, data, **kwargs)


class Input(Schema):
    """Unknown fields are refused, so that a misspelt one is not lost. `from_form` reads a page's form: all text."""

    class Meta:
        unknown = RAISE

    argument: type = dict

    def __init__(self, *, from_form: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.from_form = from_form

    def on_bind_field(self, field_name: str, field_obj: Any) -> None:
        field_obj.error_messages = field_obj.error_messages | {"required": [_l("Please fill this in.")]}

    @pre_load
    def _read_form(self, data: Any, **_kwargs: Any) -> Any:
        """An empty field of a form is one that was left out; fields of the page's own are not ours."""
        if not self.from_form:
            return data
        lists = {name for name, field in self.fields.items() if isinstance(field, fields.List)}
        read = {name: data.getlist(name) if name in lists else data.get(name, "").strip() for name in self.fields}
        return {name: value for name, value in read.items() if value}

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> Any:
        return self.argument(**data)


class Grid(fields.String):
    """The code of a part of a community (网格): digits, letters, hyphens; a code and no address, so that it is the same
    for all who live there."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = unicodedata.normalize("NFKC", str(super()._deserialize(value, attr, data, **kwargs))).strip().upper()
        if not re.fullmatch(r"[0-9A-Z-]{1,20}", text):
            raise ValidationError(_("Please enter the code of the grid: digits, letters and hyphens."))
        return text


def _community() -> fields.String:
    return fields.String(required=True, validate=validate.Regexp(r"^[0-9]{12}$"))


def _hex32() -> fields.String:
    return fields.String(required=True, validate=validate.Regexp(_HEX32.pattern + "$"))


def _month(**more: Any) -> fields.String:
    return fields.String(
        validate=validate.Regexp(r"^20[0-9]{2}-(0[1-9]|1[0-2])$", error=_l("Please enter a month such as 2026-11.")),
        **more,
    )


def _code() -> fields.String:
    return fields.String(required=True, validate=validate.Regexp(_WORD, error=_CHOOSE))


def _note() -> fields.String:
    return fields.String(validate=_at_most(LONGEST_NOTE))


def _at_most(characters: int) -> validate.Length:
    return validate.Length(max=characters, error=_l("At most {max} characters, please."))


def _clock(latest: int) -> fields.Integer:
    """Minutes after midnight."""
    return fields.Integer(strict=True, validate=validate.Range(0, latest))


def one_of(*choices: str) -> validate.OneOf:
    return validate.OneOf(choices, error=_CHOOSE)


def _codes(*known: str) -> "fields.List[str]":
    return fields.List(fields.String(validate=one_of(*known)), load_default=list)


class Confirmed(Input):
    """How a service was confirmed: by the elder's own hand, or by a clerk, who then says why."""

    day = Day(required=True)
    minutes = Minutes(required=True)
    start = _clock(1439)
    end = _clock(2879)
    confirmed = fields.String(required=True, validate=one_of(*CONFIRMED))
    reason = fields.String(validate=validate.Regexp(_WORD, error=_CHOOSE))

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
    community = _community()
    volunteer = PersonId(required=True)
    served = fields.List(
        PersonId(),
        required=True,
        validate=validate.Length(min=1, max=64, error=_l("From one to {max} people, please.")),
    )
    service = _code()
    payer = fields.String(load_default="issue", validate=one_of("issue", "fund", "elder"))
    uncredited = fields.String(validate=one_of("duty", "clean-up", "lecture", "group"))
    shift = fields.String(validate=one_of("day-care"))
    note = _note()

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
    community = _community()
    start = Clock(1439)
    end = Clock(2879)
    service = _code()
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
    uncredited = fields.String(validate=one_of("duty", "clean-up", "lecture"))
    payer = fields.String(load_default="issue", validate=one_of("issue", "fund"))

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


class SignedInput(Input):
    """The code at the door, where the volunteer could read it."""

    code = fields.String(
        validate=validate.Regexp(r"^[0-9]{3} ?[0-9]{3}$", error=_l("Please enter the six digits.")), load_default=None
    )


class MembershipInput(Input):
    """groups.Membership"""

    argument = groups.Membership
    id = Uuid(required=True)
    community = _community()
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
    community = _community()
    group = PersonId(required=True)
    membership = _hex32()
    day = Day(required=True)


class WishInput(Input):
    """orders.Wish"""

    argument = orders.Wish
    id = Uuid(required=True)
    community = _community()
    elder = PersonId(required=True)
    service = _code()
    minutes = Minutes(required=True)
    wanted_day = Day(required=True)
    payer = fields.String(load_default="elder", validate=one_of("elder", "self", "public"))
    start = Clock(1439)
    end = Clock(1440)
    place = fields.String(validate=_at_most(200))
    gender = fields.String(validate=one_of("f", "m"))
    speaks = fields.String(validate=one_of(*catalogue().languages))
    also = fields.List(PersonId(), load_default=list, validate=validate.Length(max=63))
    weeks = Whole(1, orders.MOST_WEEKS, load_default=1)
    note = _note()

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
    community = _community()
    hold = Uuid(required=True)
    volunteer = PersonId(required=True)


class CancelledInput(Input):
    """orders.Cancelled"""

    argument = orders.Cancelled
    community = _community()
    hold = Uuid(required=True)
    reason = fields.String(load_default="cancelled", validate=one_of(*RELEASES))


class SentInput(Input):
    """orders.Sent"""

    argument = orders.Sent
    community = _community()
    hold = Uuid(required=True)
    volunteer = PersonId(required=True)


class ConfirmedInput(Input):
    """orders.Confirmed"""

    argument = orders.Confirmed
    community = _community()
    hold = Uuid(required=True)
    code = fields.String(validate=validate.Regexp(r"^[0-9 ]{8,12}$", error=_l("Please enter the eight digits.")))
    pin = fields.String(validate=validate.Length(min=1, max=100))
    reason = fields.String(validate=validate.Regexp(_WORD, error=_CHOOSE))


class DisputeInput(Input):
    """orders.Doubt"""

    argument = orders.Doubt
    community = _community()
    hold = Uuid(required=True)
    reason = fields.String(load_default="doubt", validate=one_of("doubt", "wrong-minutes", "wrong-person", "not-given"))


class RatedInput(Input):
    """orders.Rated"""

    argument = orders.Rated
    community = _community()
    hold = Uuid(required=True)
    stars = Whole(1, 5, required=True)
    text = _note()


class GiftInput(Input):
    """gifts.Gift"""

    argument = gifts.Gift
    id = Uuid(required=True)
    community = _community()
    giver = PersonId(required=True)
    receiver = PersonId(required=True)
    minutes = Minutes(required=True)
    reason = fields.String(load_default="family", validate=one_of("family", "friend", "thanks"))


class TransferInput(Input):
    """transfers.Transfer"""

    argument = transfers.Transfer
    id = Uuid(required=True)
    community = _community()
    giver = PersonId(required=True)
    to = _community()
    card = fields.String(required=True, validate=validate.Regexp(r"^[0-9]{10}$", error=_l("A card has ten digits.")))
    minutes = Minutes(required=True)
    reason = fields.String(load_default="family", validate=one_of("family", "friend", "thanks"))


class DonationInput(Input):
    """gifts.Donation"""

    argument = gifts.Donation
    id = Uuid(required=True)
    community = _community()
    giver = PersonId(required=True)
    minutes = Minutes(required=True)
    reason = fields.String(load_default="gift", validate=one_of("gift"))


class ReversalInput(Input):
    """approvals.Reversal"""

    argument = approvals.Reversal
    id = Uuid(required=True)
    community = _community()
    entry = fields.String(required=True, validate=validate.Regexp(r"^[0-9a-z.:-]{1,240}$"))
    reason = fields.String(required=True, validate=one_of(*REVERSAL_REASONS))
    note = _note()


class DoubtInput(Input):
    """questions.Doubt"""

    argument = questions.Doubt
    id = Uuid(required=True)
    community = _community()
    entry = fields.String(required=True, validate=validate.Regexp(r"^[0-9a-z.:-]{1,240}$"))
    text = fields.String(
        required=True,
        validate=validate.Length(min=1, max=LONGEST_NOTE, error=_l("From one to {max} characters, please.")),
    )


class VerdictInput(Input):
    """questions.Verdict"""

    argument = questions.Verdict
    community = _community()
    question = Uuid(required=True)
    decision = fields.String(required=True, validate=one_of(questions.STANDS, questions.REVERSED))
    reply = _note()
    reason = fields.String(load_default="mistake", validate=one_of(*REVERSAL_REASONS))

    @validates_schema
    def _check(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data.get("decision") == questions.STANDS and not data.get("reply"):
            raise ValidationError(_("Say why the record stands: the member reads it."), "reply")


class FindingInput(Input):
    """care.Closing"""

    argument = care.Closing
    community = _community()
    kind = fields.String(required=True, validate=one_of(*care.KINDS))
    subject = fields.String(required=True, validate=validate.Regexp(r"^[0-9a-z.:>-]{1,240}$"))
    period = _month(required=True)
    outcome = fields.String(required=True, validate=one_of(*care.OUTCOMES))


class CalledInput(Input):
    """callbacks.Called"""

    argument = callbacks.Called
    community = _community()
    entry = fields.String(required=True, validate=validate.Regexp(r"^[0-9a-z.:-]{1,240}$"))
    answer = fields.String(required=True, validate=one_of(*callbacks.ANSWERS))


class DrawInput(Input):
    """Which month to draw, the last one when left out."""

    month = _month(load_default=None)


class CertificateInput(Input):
    """certificates.Request"""

    argument = certificates.Request
    id = Uuid(required=True)
    community = _community()
    person = PersonId(required=True)
    first_day = Day()
    last_day = Day()

    @validates_schema
    def _check(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if "first_day" in data and data["first_day"] > data.get("last_day", "9999"):
            raise ValidationError(_("The end must not be before the beginning."), "last_day")


class ObjectionInput(Input):
    """Why a certificate is stopped."""

    objection = fields.String(required=True, validate=one_of(*certificates.OBJECTIONS))


class NameInput(Input):
    """The name that should be on a certificate."""

    name = fields.String(required=True, validate=validate.Length(min=1, max=60))


class NothingInput(Input):
    """An empty object."""


class FilingInput(Input):
    """publication.Filing"""

    argument = publication.Filing
    community = _community()
    entries = fields.List(
        fields.String(validate=validate.Regexp(r"^[0-9a-z.:-]{1,240}$")),
        required=True,
        validate=validate.Length(min=1, max=publication.MOST_FILED, error=_l("From one to {max} records, please.")),
    )
    state = fields.String(required=True, validate=one_of(*publication.STATES))

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> publication.Filing:
        return publication.Filing(**data | {"entries": tuple(data["entries"])})


class GrantInput(Input):
    """approvals.Grant"""

    argument = approvals.Grant
    id = Uuid(required=True)
    community = _community()
    person = PersonId(required=True)
    minutes = Minutes(required=True)
    payer = fields.String(load_default="fund", validate=one_of("fund", "issue"))
    reason = fields.String(required=True, validate=one_of("hardship", "trial", "honour"))
    note = _note()


class _Profiled(Input):
    """What helps to send the right volunteer, and where somebody lives."""

    gender = fields.String(validate=one_of("f", "m"))
    speaks = _codes(*catalogue().languages)
    offers = _codes(*catalogue().by_code)
    grid = Grid()

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> Any:
        return self.argument(**data | {"speaks": tuple(data["speaks"]), "offers": tuple(data["offers"])})


class RegistrationInput(_Profiled):
    """members.Registration"""

    argument = members.Registration
    id = Uuid(required=True)
    community = _community()
    name = fields.String(
        required=True, validate=validate.Length(min=1, max=60, error=_l("From one to {max} characters, please."))
    )
    phone = fields.String(
        validate=validate.Regexp(rf"^{_PHONE}$", error=_l("Please enter a telephone number in digits."))
    )
    address = fields.String(validate=_at_most(200))
    born = Day()
    is_volunteer = fields.Boolean(load_default=False)
    is_elder = fields.Boolean(load_default=False)
    is_family = fields.Boolean(load_default=False)
    language = fields.String(load_default="zh", validate=one_of("zh", "en"))
    kind = fields.String(load_default="person", validate=one_of("person", "group", "provider"))


class ProfileInput(_Profiled):
    """members.Profile"""

    argument = members.Profile
    person = PersonId(required=True)


class CorrectionInput(Input):
    """members.Correction"""

    argument = members.Correction
    person = PersonId(required=True)
    name = fields.String(validate=validate.Length(min=1, max=60, error=_l("From one to {max} characters, please.")))
    phone = fields.String(
        validate=validate.Regexp(rf"^({_PHONE})?$", error=_l("Please enter a telephone number in digits.")),
        metadata={"description": "an empty text takes it away"},
    )
    address = fields.String(validate=_at_most(200), metadata={"description": "an empty text takes it away"})
    born = Day()


class KinInput(Input):
    """members.Kin"""

    argument = members.Kin
    id = Uuid(required=True)
    community = _community()
    member = PersonId(required=True)
    elder = PersonId(required=True)
    relation = fields.String(required=True, validate=one_of(*RELATIONS))
    proof = fields.String(required=True, validate=one_of(*PROOFS))
    scope = fields.List(
        fields.String(validate=one_of(*sorted(FOR_ELDERS))),
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
    community = _community()
    kinship = _hex32()


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
    community = _community()
    person = PersonId(required=True)
    name = fields.String(required=True, validate=one_of(*PRIORITIES))
    proof = fields.String(required=True, validate=one_of(*CLASS_PROOFS))
    from_day = Day(required=True)


class TrainingInput(_Span):
    """papers.Training"""

    argument = papers.Training
    id = Uuid(required=True)
    community = _community()
    person = PersonId(required=True)
    course = _code()
    day = Day(required=True)


class AssessmentInput(_Span):
    """papers.Assessment"""

    argument = papers.Assessment
    id = Uuid(required=True)
    community = _community()
    person = PersonId(required=True)
    need = fields.String(required=True, validate=one_of(*NEEDS))
    day = Day(required=True)
    accompany = fields.Boolean(load_default=False)


class LastWishInput(Input):
    """estates.LastWish; `to` is `fund` or `person`, and then `heir` is needed."""

    argument = estates.LastWish
    community = _community()
    person = PersonId(required=True)
    to = fields.String(required=True, validate=one_of("fund", "person"))
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
    community = _community()
    number = fields.String(required=True, validate=validate.Regexp(r"^[0-9]{8}-[0-9A-Z]{8}$"))
    minutes = Minutes(required=True)
    heir = PersonId()


class GuardianInput(_Span):
    """papers.Guardian"""

    argument = papers.Guardian
    id = Uuid(required=True)
    community = _community()
    person = PersonId(required=True)
    guardian = PersonId(required=True)
    proof = fields.String(required=True, validate=one_of(*GUARDIAN_PROOFS))
    from_day = Day(required=True)


class EndedInput(Input):
    """papers.Ended"""

    argument = papers.Ended
    community = _community()
    paper = _hex32()
    day = Day(required=True)


class SuspensionInput(Input):
    """standing.Suspension"""

    argument = standing.Suspension
    community = _community()
    person = PersonId(required=True)


class ErasureInput(Input):
    """standing.Erasure"""

    argument = standing.Erasure
    community = _community()
    person = PersonId(required=True)


class HonourInput(Input):
    """honours.Wish"""

    argument = honours.Wish
    community = _community()
    person = PersonId(required=True)
    named = fields.Boolean(required=True)


class DeathInput(Input):
    """standing.Death"""

    argument = standing.Death
    id = Uuid(required=True)
    community = _community()
    person = PersonId(required=True)
    day = Day(required=True)
    proof = fields.String(required=True, validate=one_of(*DEATH_PROOFS))


class IncapacityInput(Input):
    """standing.Incapacity"""

    argument = standing.Incapacity
    id = Uuid(required=True)
    community = _community()
    person = PersonId(required=True)
    guardian = PersonId(required=True)
    proof = fields.String(required=True, validate=one_of("court", "committee"))


class ClosingInput(Input):
    """standing.Closing"""

    argument = standing.Closing
    id = Uuid(required=True)
    community = _community()
    person = PersonId(required=True)
    reason = fields.String(required=True, validate=one_of(*CLOSINGS))


class SessionInput(Input):
    """What somebody types to log in."""

    name = fields.String(required=True, validate=validate.Length(min=1, max=100))
    secret = fields.String(required=True, validate=validate.Length(min=1, max=1000))


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

    month = _month(load_default=None)


class SpanQuery(Input):
    """From one day to another, both included."""

    first_day = Day(required=True, data_key="from")
    last_day = Day(required=True, data_key="to")

    @validates_schema
    def _check(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data["last_day"] < data["first_day"]:
            raise ValidationError(_("The end must not be before the beginning."), "to")
