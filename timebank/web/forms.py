"""What was typed into a form, and what is wrong with it, field by field. Nothing typed is ever lost."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import request
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from timebank.ledger import Code, Refused
from timebank.schemas import refusals
from timebank.schemas.inputs.parts import Input
from timebank.schemas.refusals import N_
from timebank.schemas.words import gettext as _

Made = TypeVar("Made")

# Beside which field a refusal belongs: the first of these that the form has.
_BESIDE: dict[Code, tuple[str, ...]] = {
    Code.MINUTES_NOT_INTEGER: ("minutes",),
    Code.MINUTES_NOT_POSITIVE: ("minutes",),
    Code.MINUTES_TOO_MANY: ("minutes",),
    Code.LONGER_THAN_HELD: ("minutes",),
    Code.OVER_CAP: ("minutes",),
    Code.OVERDRAFT: ("payer", "minutes"),
    Code.DAY_IN_FUTURE: ("day",),
    Code.NO_POLICY: ("day",),
    Code.SERVICE_UNKNOWN: ("service", "offers"),
    Code.SERVICE_NOT_OFFERED: ("service",),
    Code.GENDER_NOT_OFFERED: ("gender",),
    Code.SAME_PERSON: ("volunteer", "second", "card"),
    Code.PERSON_ROLE: ("volunteer", "second", "is_volunteer"),
    Code.PERSON_UNKNOWN: ("volunteer", "card", "receiver", "elder"),
    Code.CARD_RENEWED: ("card", "q"),
    Code.PERSON_TAKEN: ("name",),
    Code.ACCOUNT_UNKNOWN: ("payer",),
    Code.LOGIN_WRONG: ("old", "secret", "pin"),
    Code.TOO_MANY_ATTEMPTS: ("phone", "old", "secret", "pin"),
    Code.CODE_WRONG: ("code",),
    Code.REASON_MISSING: ("reason",),
    Code.QUOTA_SHORT: ("payer",),
    Code.NOT_ACROSS: ("payer",),
    Code.ON_THEIR_WAY: ("payer",),
    Code.NOT_TAKEN_THERE: ("payer",),
    Code.NOT_ELSEWHERE: ("payer", "card"),
    Code.NOT_ONESELF: ("card",),
    Code.WAITING_ALREADY: ("reason",),
    Code.STATEMENT_TOO_LONG: ("to",),
    Code.PERSON_DECEASED: ("day",),
    Code.PERSON_SUSPENDED: ("volunteer", "elder"),
    Code.AGE_UNKNOWN: ("volunteer", "elder"),
    Code.TOO_YOUNG_TO_EARN: ("volunteer",),
    Code.GUARDIAN_MISSING: ("volunteer",),
    Code.TOO_YOUNG_TO_REDEEM: ("elder",),
    Code.TRAINING_MISSING: ("volunteer",),
    Code.PROXY_NOT_FREE: ("confirmed",),
    Code.OVERLAP: ("day",),
    Code.NOT_IN_CIRCLE: ("payer", "card", "receiver"),
    Code.OVER_CONSENT: ("minutes",),
    Code.ALREADY_REVERSED: ("reason", "text"),
    Code.QUESTION_OPEN: ("text",),
    Code.NOT_REVERSIBLE: ("text",),
    Code.SECOND_PERSON: ("decision",),
    Code.TOWN_DECIDES: ("decision",),
    Code.PIN_WEAK: ("pin",),
    Code.PHOTO_FORM: ("photo",),
    Code.LOGIN_CODE_WRONG: ("code",),
    Code.BIRTHDAY_WRONG: ("born",),
    Code.BIRTHDAY_UNKNOWN: ("born",),
    Code.NOTHING_SERVED: ("last_day",),
}

_CALLED = {
    "volunteer": N_("Who served"),
    "served": N_("Who was served"),
    "there": N_("Who was there"),
    "elder": N_("Who is to be served"),
    "receiver": N_("Who is given"),
    "day": N_("Day of service"),
    "also": N_("Who else is served"),
    "wanted_day": N_("Wanted day"),
    "weeks": N_("How often"),
    "stars": N_("How was it?"),
    "service": N_("Service"),
    "minutes": N_("How long"),
    "confirmed": N_("How it was confirmed"),
    "payer": N_("Who pays"),
    "note": N_("Note"),
    "name": N_("Name"),
    "secret": N_("Password or PIN"),
    "card": N_("Card number"),
    "born": N_("Born on (optional)"),
    "phone": N_("Telephone (optional)"),
    "grid": N_("Grid (optional)"),
    "slips": N_("Slips in the box"),
    "box": N_("Number of the box (optional)"),
}


class Form:
    """The fields of one page: `fields` in their order on the page, each with what was typed or its default."""

    def __init__(self, *fields: str, **defaults: str) -> None:
        self.fields = fields
        self.sent = request.method == "POST"
        self.typed: MultiDict[str, str] = MultiDict(request.form) if self.sent else MultiDict(defaults)
        self.errors: dict[str, str] = {}
        self.status = 200

    @property
    def step(self) -> str:
        """Which button was pressed: `check`, `edit` or `post`."""
        return self.typed.get("step", "check")

    def __getitem__(self, field: str) -> str:
        return self.typed.get(field, "")

    def all(self, field: str) -> list[str]:
        return self.typed.getlist(field)

    def wrong(self, field: str, message: str) -> None:
        self.errors.setdefault(field, message)
        self.status = max(self.status, 422)

    def load(self, schema: type[Input], **known: Any) -> Any:
        """The use case's argument, or None with the errors beside their fields."""
        data = self.typed.copy()
        for name, value in known.items():
            data.setlist(name, list(value)) if isinstance(value, list | tuple) else data.__setitem__(name, value)
        try:
            return schema(from_form=True).load(data)
        except ValidationError as error:
            for field, message in _flat(error.messages):
                self.wrong(field, message)
            return None

    def ask(self, use_case: Callable[[], Made]) -> Made | None:
        """What the use case answers; None where it refuses, with its sentence beside the field it is about."""
        try:
            return use_case()
        except Refused as error:
            said = refusals.sentence(error.code, error.facts)
            field = next((name for name in _BESIDE.get(error.code, ()) if name in self.fields), "")
            self.wrong(field, said)
            self.status = refusals.status(error.code)
            return None

    def summary(self) -> list[tuple[str, str]]:
        """(field, message) in the order of the page; what belongs to no field of it comes first, and is still said."""
        order = {field: place for place, field in enumerate(self.fields)}
        found = sorted(self.errors.items(), key=lambda one: order.get(one[0], -1))
        return [(field, _named(field, message)) for field, message in found]


def _named(field: str, message: str) -> str:
    """On top of the page a message says which field it is about."""
    if field not in _CALLED:
        return message
    return str(_("%(field)s: %(message)s", field=_(_CALLED[field]), message=message))


def _flat(messages: Any, field: str = "") -> list[tuple[str, str]]:
    if isinstance(messages, dict):
        return [one for key, value in messages.items() for one in _flat(value, field or str(key))]
    return [(field, str(message)) for message in messages]
