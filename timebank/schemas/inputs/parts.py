"""What the schemas are made of: kinds of fields, and the schema that refuses what it does not know."""

import re
import unicodedata
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import RAISE, Schema, ValidationError, fields, post_load, pre_load, validate

from timebank.ledger import Code, Refused, whole_minutes
from timebank.schemas.refusals import sentence
from timebank.schemas.words import gettext as _

UUID7 = re.compile(r"[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}")
HEX32 = re.compile(r"[0-9a-f]{32}")
WORD = r"^[a-z][a-z0-9-]{0,31}$"
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
PHONE = r"\+?[0-9 -]{6,20}"
CHOOSE = _l("Please choose one from the list.")


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
        if not UUID7.fullmatch(text):
            raise ValidationError(_("This must be a UUID version 7."))
        return text


class PersonId(fields.String):
    """The id of somebody in the directory: 32 hex digits."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs))
        if not HEX32.fullmatch(text):
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
        super().__init__(strict=True, validate=validate.Range(least, most, error=CHOOSE), **more)

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


class Grids(fields.List[str]):
    """A few grids. A form has one field for all of them, with a space or a comma between."""

    def __init__(self, **more: Any) -> None:
        super().__init__(Grid(), validate=validate.Length(max=5, error=_l("At most {max}, please.")), **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if getattr(self.root, "from_form", False):
            value = [code for code in re.split(r"[\s,，、;；]+", " ".join(value)) if code]
        return super()._deserialize(value, attr, data, **kwargs)


def community() -> fields.String:
    return fields.String(required=True, validate=validate.Regexp(r"^[0-9]{12}$"))


def hex32() -> fields.String:
    return fields.String(required=True, validate=validate.Regexp(HEX32.pattern + "$"))


def month(**more: Any) -> fields.String:
    return fields.String(
        validate=validate.Regexp(r"^20[0-9]{2}-(0[1-9]|1[0-2])$", error=_l("Please enter a month such as 2026-11.")),
        **more,
    )


def code() -> fields.String:
    return fields.String(required=True, validate=validate.Regexp(WORD, error=CHOOSE))


def note() -> fields.String:
    return fields.String(validate=at_most(LONGEST_NOTE))


def at_most(characters: int) -> validate.Length:
    return validate.Length(max=characters, error=_l("At most {max} characters, please."))


def clock(latest: int) -> fields.Integer:
    """Minutes after midnight."""
    return fields.Integer(strict=True, validate=validate.Range(0, latest))


def one_of(*choices: str) -> validate.OneOf:
    return validate.OneOf(choices, error=CHOOSE)


def codes(*known: str) -> "fields.List[str]":
    return fields.List(fields.String(validate=one_of(*known)), load_default=list)
