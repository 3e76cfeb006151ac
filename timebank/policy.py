"""A community's policy: read the document, and say what it makes of minutes. Pure."""

import hashlib
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from timebank.ledger import Account, DaySum

ROUNDINGS = ("floor", "nearest", "none")


class PolicyError(Exception):
    """The document is not a policy; the message names the key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The rules of one version. All amounts are minutes. See config/policy.toml for what each means."""

    name_zh: str
    name_en: str
    rounding: str
    step_minutes: int
    minimum_minutes: int
    day_cap_minutes: int
    held_cap_minutes: int
    catalogue_version: int

    def rounded(self, day_minutes: int) -> int:
        """What a day's sum of minutes is worth as credit."""
        if day_minutes < self.minimum_minutes:
            return 0
        if self.rounding == "none":
            return day_minutes
        half = self.step_minutes // 2 if self.rounding == "nearest" else 0
        return (day_minutes + half) // self.step_minutes * self.step_minutes

    def credit(self, day: DaySum, minutes: int) -> int:
        """The credit for `minutes` more on a day: the rounded new sum, less what the day was credited with already.

        So help of ten minutes three times a day is worth what half an hour at once is worth.
        """
        return max(0, self.rounded(day.minutes + minutes) - day.credited)

    def surplus(self, day: DaySum, account: Account, credited: int) -> tuple[int, str]:
        """How much of the `credited` minutes just entered in `day` and `account` is above a cap, and which cap."""
        by_day = day.credited - day.overflowed - self.day_cap_minutes
        by_held = self.over_held_cap(account)
        over, cap = max((by_day, "day"), (by_held, "held"))
        return min(credited, max(0, over)), cap

    def over_held_cap(self, account: Account, more: int = 0) -> int:
        """By how much balance, open holds and `more` exceed what one person may have; negative when they do not."""
        return account.minutes + account.held + more - self.held_cap_minutes


def digest(document: str) -> str:
    """SHA-256 of the document in hex, as the ledger's policy entry names it."""
    return hashlib.sha256(document.encode()).hexdigest()


@lru_cache(maxsize=256)
def parse(document: str) -> Policy:
    """Read a policy document; PolicyError names the key that is missing, unknown or out of range."""
    try:
        value = tomllib.loads(document)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"The policy is not TOML: {error}.") from error
    _only(value, "", {"name_zh", "name_en", "credit", "caps", "catalogue"})
    credit, caps, catalogue = (_table(value, key) for key in ("credit", "caps", "catalogue"))
    _only(credit, "credit.", {"rounding", "step_minutes", "minimum_minutes"})
    _only(caps, "caps.", {"day_minutes", "held_minutes"})
    _only(catalogue, "catalogue.", {"version"})
    if credit["rounding"] not in ROUNDINGS:
        raise PolicyError(f"credit.rounding is one of {', '.join(ROUNDINGS)}.")
    return Policy(
        name_zh=_text(value, "name_zh"),
        name_en=_text(value, "name_en"),
        rounding=credit["rounding"],
        step_minutes=_minutes(credit, "credit.", "step_minutes", 1, 240),
        minimum_minutes=_minutes(credit, "credit.", "minimum_minutes", 0, 240),
        day_cap_minutes=_minutes(caps, "caps.", "day_minutes", 1, 1440),
        held_cap_minutes=_minutes(caps, "caps.", "held_minutes", 1, 10_000_000),
        catalogue_version=_minutes(catalogue, "catalogue.", "version", 1, 2**31 - 1),
    )


def _table(value: dict[str, Any], key: str) -> dict[str, Any]:
    if not isinstance(value[key], dict):
        raise PolicyError(f"{key} is a table.")
    return dict(value[key])


def _only(value: dict[str, Any], where: str, wanted: set[str]) -> None:
    for key in sorted(wanted ^ value.keys()):
        raise PolicyError(f"{where}{key} is {'missing' if key in wanted else 'not a rule of a policy'}.")


def _text(value: dict[str, Any], key: str) -> str:
    if not isinstance(value[key], str) or not value[key].strip():
        raise PolicyError(f"{key} is a text.")
    return str(value[key])


def _minutes(value: dict[str, Any], where: str, key: str, lowest: int, highest: int) -> int:
    number = value[key]
    if type(number) is not int or not lowest <= number <= highest:
        raise PolicyError(f"{where}{key} is a whole number from {lowest} to {highest}.")
    return number
