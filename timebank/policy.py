"""A community's policy: read the document, lay one over another, and say what it makes of minutes and people. Pure."""

import hashlib
import tomllib
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import Meta, field

from timebank.ledger import Account, DaySum

Rounding = Literal["floor", "nearest", "none"]
Relation = Literal["spouse", "parent", "parent_in_law", "grandparent", "child", "grandchild"]
Priority = Literal["key-elder", "disabled", "minor-in-hardship", "low-income", "veteran-family", "hardship"]
Pool = Literal["fund", "issue"]
ROUNDINGS: tuple[Rounding, ...] = get_args(Rounding)
RELATIONS: tuple[Relation, ...] = get_args(Relation)
PRIORITIES: tuple[Priority, ...] = get_args(Priority)

Age = Annotated[int, Meta(ge=0, le=120)]
Days = Annotated[int, Meta(ge=0, le=3660)]
DayMinutes = Annotated[int, Meta(ge=1, le=1440)]
Amount = Annotated[int, Meta(ge=0, le=10_000_000)]
Percent = Annotated[int, Meta(ge=0, le=100)]
Text = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S")]
Day = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
Hash = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
Telephone = Annotated[str, Meta(pattern=r"^(\+?[0-9][0-9 -]{2,18}[0-9])?$")]
ServiceCode = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,31}$")]


class PolicyError(Exception):
    """The document is not a policy; the message names the key."""


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One part of a policy.

    A default is what holds under a document that was posted before the rule existed: it never changes, or today's
    program would judge old entries by rules that nobody had set. A new community starts with config/policy.toml.
    """


class Adopted(Rules, frozen=True, kw_only=True):
    """Where the rules were decided: the meeting, who was present, the hash of its minutes, and how long it hung out."""

    meeting: Day
    present: Annotated[int, Meta(ge=1, le=100_000)]
    minutes_sha256: Hash
    published_from: Day
    published_until: Day


class Shown(Rules, frozen=True, kw_only=True):
    """The one unit in which members read their time."""

    unit: Literal["hours", "coins", "minutes"] = "hours"


class Station(Rules, frozen=True, kw_only=True):
    """Where people call who need help; empty: no telephone is noted."""

    telephone: Telephone = ""


class Crediting(Rules, frozen=True, kw_only=True):
    """What a day's sum of minutes is worth."""

    rounding: Rounding
    step_minutes: Annotated[int, Meta(ge=1, le=240)]
    minimum_minutes: Annotated[int, Meta(ge=0, le=240)]


class Earning(Rules, frozen=True, kw_only=True):
    """Who may be credited."""

    minimum_age: Age = 0
    minors: Literal["never", "guardian-or-group"] = "guardian-or-group"
    training_required: bool = False


class Redeeming(Rules, frozen=True, kw_only=True):
    """Who may use hours, and where. Somebody in proved hardship may from `hardship_age` on."""

    minimum_age: Age = 0
    hardship_age: Age = 0
    elsewhere: Literal["none", "both", "deposit", "redeem"] = "both"


class Relations(Rules, frozen=True, kw_only=True):
    """For whom, beside oneself, hours may be used and to whom they may be given; `friends`: also without kinship.

    Of so many relations that were only declared, one is checked (`check_one_in`; 0: none).
    """

    circle: tuple[Relation, ...] = RELATIONS
    friends: bool = True
    check_one_in: Annotated[int, Meta(ge=0, le=1000)] = 0


class Giving(Rules, frozen=True, kw_only=True):
    """Whether hours may be given to a member, and to the public fund."""

    gifts: bool = True
    donations: bool = True


class Quota(Rules, frozen=True, kw_only=True):
    """What fund and issue pay for people who need not earn: minutes a month by class, and each member's first ones."""

    monthly_minutes: dict[Priority, Amount] = {}
    payers: Annotated[tuple[Pool, ...], Meta(min_length=1, max_length=2)] = ("fund", "issue")
    trial_minutes: Amount = 0
    trial_days: Days = 365


class Caps(Rules, frozen=True, kw_only=True):
    """What one person may be credited with for one day, and may have in all (available and held)."""

    day_minutes: DayMinutes
    held_minutes: Annotated[int, Meta(ge=1, le=10_000_000)]


class Expiry(Rules, frozen=True, kw_only=True):
    """After how many months without use hours go to the fund; 0: never."""

    months: Annotated[int, Meta(ge=0, le=600)] = 0


class Estate(Rules, frozen=True, kw_only=True):
    """Who may have what somebody leaves behind, and within how many days (0: no end); then it goes to the fund.

    `heirs`: spouse, children, parents, grandchildren and grandparents (民法典 art. 1127 and 1128).
    """

    rule: Literal["spouse", "heirs", "fund"] = "heirs"
    days: Days = 0


class Orders(Rules, frozen=True, kw_only=True):
    """How an order goes. `longer`: of a service longer than was held `pay-held` pays what was held and counts all;
    `refuse` enters no more than was held, and the rest is a visit of its own. `pair`: of the second of two who went
    together the hours are only recorded, or credited too."""

    review: bool = False
    longer: Literal["refuse", "pay-held"] = "refuse"
    grace_minutes: Annotated[int, Meta(ge=0, le=1440)] = 60
    answer_minutes: Annotated[int, Meta(ge=5, le=240)] = 30
    pair: Literal["recorded", "credited"] = "recorded"


class Confirmation(Rules, frozen=True, kw_only=True):
    """After how many days of silence a service counts as confirmed (0: never), and which share is called back."""

    auto_after_days: Days = 0
    callbacks_percent: Percent = 0


class SecondPerson(Rules, frozen=True, kw_only=True):
    """What a second person looks at first: long visits (0: none) and late entries (0: none), and whose queue it is."""

    visit_minutes: Annotated[int, Meta(ge=0, le=1440)] = 0
    late_days: Days = 0
    queue: Literal["community", "town"] = "community"


class Certificate(Rules, frozen=True, kw_only=True):
    """How many days a certificate of service hangs out before it is issued."""

    publication_days: Days = 0


class Honours(Rules, frozen=True, kw_only=True):
    """From how many hours served in all somebody who wishes so is named; rising."""

    hours: tuple[Annotated[int, Meta(ge=1, le=100_000)], ...] = ()


class Catalogued(Rules, frozen=True, kw_only=True):
    """Which version of the list of services the entries speak of, and what of it can be ordered; none named: all."""

    version: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    offers: tuple[ServiceCode, ...] = ()


class Policy(Rules, frozen=True, kw_only=True):
    """The rules of one version. All amounts are minutes. See config/policy.toml for what each means."""

    name_zh: Text
    name_en: Text
    adopted: Adopted | None = None
    station: Station = Station()
    shown: Shown = Shown()
    crediting: Crediting = field(name="credit")
    caps: Caps
    earning: Earning = Earning()
    redeeming: Redeeming = Redeeming()
    relations: Relations = Relations()
    giving: Giving = Giving()
    quota: Quota = Quota()
    expiry: Expiry = Expiry()
    estate: Estate = Estate()
    orders: Orders = Orders()
    confirmation: Confirmation = Confirmation()
    second_person: SecondPerson = SecondPerson()
    certificate: Certificate = Certificate()
    honours: Honours = Honours()
    catalogue: Catalogued

    def rounded(self, day_minutes: int) -> int:
        """What a day's sum of minutes is worth as credit."""
        rule = self.crediting
        if day_minutes < rule.minimum_minutes:
            return 0
        if rule.rounding == "none":
            return day_minutes
        half = rule.step_minutes // 2 if rule.rounding == "nearest" else 0
        return (day_minutes + half) // rule.step_minutes * rule.step_minutes

    def credit(self, day: DaySum, minutes: int) -> int:
        """The credit for `minutes` more on a day: the rounded new sum, less what the day was credited with already.

        So help of ten minutes three times a day is worth what half an hour at once is worth.
        """
        return max(0, self.rounded(day.minutes + minutes) - day.credited)

    def surplus(self, day: DaySum, account: Account, credited: int) -> tuple[int, str]:
        """How much of the `credited` minutes just entered in `day` and `account` is above a cap, and which cap."""
        by_day = day.credited - day.overflowed - self.caps.day_minutes
        by_held = self.over_held_cap(account)
        over, cap = max((by_day, "day"), (by_held, "held"))
        return min(credited, max(0, over)), cap

    def over_held_cap(self, account: Account, more: int = 0) -> int:
        """By how much balance, open holds and `more` exceed what one person may have; negative when they do not."""
        return account.minutes + account.held + more - self.caps.held_minutes

    def monthly_quota(self, classes: Iterable[str]) -> int:
        """The minutes a month that somebody of these classes need not earn: the highest of them, never their sum."""
        return max((minutes for name, minutes in self.quota.monthly_minutes.items() if name in set(classes)), default=0)

    def needs_second_person(self, minutes: int, days_late: int) -> bool:
        """Whether a visit of these minutes, entered so many days after it, is looked at by a second person first."""
        rule = self.second_person
        return 0 < rule.visit_minutes < minutes or 0 < rule.late_days < days_late

    def is_in_circle(self, relations: Iterable[str]) -> bool:
        """Whether hours may be used for, or given to, somebody who is this to their owner; nothing at all: a friend."""
        return self.relations.friends or not set(relations).isdisjoint(self.relations.circle)

    def is_offered(self, service: str) -> bool:
        """Whether this service of the list can be ordered here."""
        return not self.catalogue.offers or service in self.catalogue.offers

    def redeems_at(self, age: int, *, in_hardship: bool) -> bool:
        """Whether somebody of this age may use hours."""
        rule = self.redeeming
        return age >= (min(rule.minimum_age, rule.hardship_age) if in_hardship else rule.minimum_age)


def age_on(born: str, day: str) -> int:
    """Whole years; on a birthday the new one counts. Both are ISO days."""
    birth, then = date.fromisoformat(born), date.fromisoformat(day)
    return then.year - birth.year - ((then.month, then.day) < (birth.month, birth.day))


def digest(document: str) -> str:
    """SHA-256 of the document in hex, as the ledger's policy entry names it."""
    return hashlib.sha256(document.encode()).hexdigest()


@lru_cache(maxsize=256)
def parse(document: str) -> Policy:
    """Read a policy document; PolicyError names the key that is missing, unknown or out of range."""
    return _checked(_toml(document))


def resolve(*layers: str) -> str:
    """The whole document that comes of laying each of these over the one before, rule by rule, written out in full.

    So a document says everything by itself, also when the layers are long forgotten. Raises PolicyError.
    """
    merged: dict[str, Any] = {}
    for layer in layers:
        for key, value in _toml(layer).items():
            below = merged.get(key)
            # The minutes of each class are one rule: a layer that lists them lists all of them.
            merged[key] = below | value if isinstance(value, dict) and isinstance(below, dict) else value
    return written(_checked(merged))


def written(policy: Policy) -> str:
    """The document of a policy: every rule, also those that have their default value."""
    value = msgspec.to_builtins(policy)
    lines = [f"{key} = {_word(one)}" for key, one in value.items() if not isinstance(one, dict) and one is not None]
    for section, rules in value.items():
        if isinstance(rules, dict):
            lines += ["", f"[{section}]", *(f"{key} = {_word(one)}" for key, one in rules.items())]
    return "\n".join(lines) + "\n"


def rules_of(policy: Policy) -> dict[str, Any]:
    """Every rule by its key, as `caps.day_minutes`; what was not decided by a meeting has no `adopted` keys."""
    return dict(_flat("", msgspec.to_builtins(policy)))


# A rule that differs: key, old value, new value; None where a document does not have it.
Change = tuple[str, Any, Any]


def changes(old: Policy, new: Policy) -> list[Change]:
    """The rules that differ, in the order of the document."""
    before, after = rules_of(old), rules_of(new)
    keys = dict.fromkeys([*before, *after])
    return [(key, before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)]


def _flat(prefix: str, value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, one in value.items():
        if isinstance(one, dict) and not prefix:
            yield from _flat(f"{key}.", one)
        elif one is not None:
            yield prefix + key, one


def _toml(document: str) -> dict[str, Any]:
    try:
        return tomllib.loads(document)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"The policy is not TOML: {error}.") from error


def _checked(value: dict[str, Any]) -> Policy:
    try:
        policy = msgspec.convert(value, Policy)
    except msgspec.ValidationError as error:
        # "Expected `int` <= 240 - at `$.credit.step_minutes`"
        what, _, place = str(error).partition(" - at ")
        key = place.rpartition("$")[2].strip("`").removeprefix(".")
        raise PolicyError(f"{key or 'The policy'}: {what}.") from error
    _check_sense(policy)
    return policy


def _check_sense(policy: Policy) -> None:
    """What no single rule shows."""
    if sorted(set(policy.honours.hours)) != list(policy.honours.hours):
        raise PolicyError("honours.hours: the thresholds rise.")
    if len(set(policy.quota.payers)) != len(policy.quota.payers):
        raise PolicyError("quota.payers: each once.")
    if len(set(policy.catalogue.offers)) != len(policy.catalogue.offers):
        raise PolicyError("catalogue.offers: each service once.")
    if policy.adopted is not None:
        days = {key: getattr(policy.adopted, key) for key in ("meeting", "published_from", "published_until")}
        for key, day in days.items():
            try:
                date.fromisoformat(day)
            except ValueError as error:
                raise PolicyError(f"adopted.{key}: there is no day {day}.") from error
        if not days["meeting"] <= days["published_from"] <= days["published_until"]:
            raise PolicyError("adopted: first the meeting, then the publication, then its end.")


def _word(value: Any) -> str:
    """A value of a rule in TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_word, value))}]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_word(one)}" for key, one in value.items()) + " }" if value else "{}"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{escaped}"'
    return str(value)
