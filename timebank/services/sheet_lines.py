"""Understand the lines of a spreadsheet: who is meant, which day, how long, which service; and what is unclear."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import msgspec

from timebank import directory, sheets
from timebank.bank import Bank, Reading
from timebank.keyring import digits_of
from timebank.ledger import Code, reads

from . import hours, shares
from .statements import day_in_zone

_LONGEST_NOTE = 500
_MOST_PEOPLE = 64
_JSON = msgspec.json.Encoder(order="sorted")


class Wrong(StrEnum):
    """What is wrong with a cell."""

    EMPTY = "empty"
    NOBODY = "nobody"
    SEVERAL = "several"
    NO_VOLUNTEER = "no-volunteer"
    DAY = "day"
    FUTURE = "future"
    MINUTES = "minutes"
    NO_UNIT = "no-unit"
    NOT_WHOLE = "not-whole"
    TOO_LONG = "too-long"
    SPAN = "span"
    SERVICE = "service"
    SAME_PERSON = "same-person"
    TWICE = "twice"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with the cell `at` (such as D5), which says `text`. `other` is a row, a name or a number."""

    wrong: Wrong
    column: str
    at: str
    text: str
    other: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody of the community, as a clerk tells people of one name apart."""

    id: str
    name: str
    card: str
    phone_tail: str


@dataclass(frozen=True, slots=True)
class Question:
    """A text that a clerk can settle for all lines at once by one of the `people`, or of the `services` (codes)."""

    key: str
    column: str
    text: str
    lines: int
    people: tuple[Named, ...]
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a line: `todo`, `entered`, `known`, `waiting`, or `refused` with a code and its facts."""

    outcome: str
    entry: str
    code: Code | None
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Judged:
    """A line as it was understood; without `problems` it can be entered. `outcome` None: nobody let it in yet."""

    row: int
    volunteer: str
    served: tuple[str, ...]
    visit: hours.Visit | None
    problems: tuple[Problem, ...]
    outcome: Outcome | None
    known: bool


class Kept(msgspec.Struct):
    """What is kept of a file, and what was answered about it."""

    lines: list[tuple[int, dict[str, tuple[str, str]]]]
    unit: str | None
    year: int | None
    unread: list[str]
    service: str | None
    confirmed: str
    reason: str | None
    answers: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class _Person:
    named: Named
    phone: str
    is_volunteer: bool


class People:
    """Everybody of a community, by name and number."""

    def __init__(self, people: Iterable[_Person]) -> None:
        self._all = list(people)
        self._by_id = {one.named.id: one for one in self._all}
        self._by_name: dict[str, list[_Person]] = {}
        self._by_card = {one.named.card: one for one in self._all}
        for one in self._all:
            self._by_name.setdefault(sheets.folded(one.named.name), []).append(one)

    @property
    def everybody(self) -> list[Named]:
        return [one.named for one in self._all]

    def find(self, text: str, number: str, *, volunteer: bool) -> list[_Person]:
        """Who can be meant: by card, else by name or pinyin, where the end of a telephone number may decide."""
        name, _, aside = text.translate(str.maketrans("（）", "()")).partition("(")
        digits = digits_of(number) or "".join(filter(str.isdigit, name + aside))
        name = sheets.folded("".join(one for one in name if not one.isdigit()))
        if digits in self._by_card:
            return [self._by_card[digits]]
        if name:
            found = self._by_name.get(name, [])
            if not found and name.isascii():
                found = [one for one in self._all if directory.people.begins(name, one.named.name)]
        else:
            found = [one for one in self._all if len(digits) >= 7 and one.phone.endswith(digits)]
        if len(digits) >= directory.people.PHONE_TAIL and len(found) > 1:
            found = [one for one in found if one.phone.endswith(digits)] or found
        if volunteer and len(found) > 1:
            found = [one for one in found if one.is_volunteer] or found
        return found

    def one(self, id: str) -> _Person | None:
        return self._by_id.get(id)


def entered(reading: Reading, origin: str, ids: Iterable[str]) -> set[str]:
    """Which of these entries are in a community's books, those of earlier epochs among them."""
    wanted = set(ids)
    found: set[str] = set()
    for ledger in (*directory.epochs.epochs_before(origin), origin):
        found |= reads.ids_known(reading.connection, reading.head(ledger), wanted)
    return found


def people_of(reading: Reading, community: str) -> People:
    return People(
        _Person(
            Named(id=id, name=name, card=card, phone_tail=digits_of(phone)[-4:]),
            phone=digits_of(phone),
            is_volunteer=is_volunteer,
        )
        for id, name, card, phone, is_volunteer in directory.people.everybody(
            reading.connection, reading.vault, community
        )
    )


class Reader:
    """Understands the lines of one sheet, and collects what a clerk could settle."""

    def __init__(self, bank: Bank, reading: Reading, community: str, kept: Kept) -> None:
        self._bank, self._reading, self._community, self._kept = bank, reading, community, kept
        self._people = people_of(reading, community)
        self._head = reading.head(reading.community(community).origin)
        self._today = day_in_zone(reading.now, self._head.offset_minutes)
        self._services = {
            sheets.folded(word): one.code for one in bank.catalogue.services for word in (one.code, one.zh, one.en)
        }
        self._asked: dict[str, tuple[str, str, int, tuple[Named, ...]]] = {}
        self._found: dict[tuple[str, str, str], tuple[str, list[_Person]]] = {}

    def judged(self, rows: Mapping[int, directory.SheetRow]) -> tuple[Judged, ...]:
        made = [self._line(row, cells) for row, cells in self._kept.lines]
        known = entered(self._reading, self._head.origin, {visit.id for _, _, _, visit, _ in made if visit})
        seen: dict[str, int] = {}
        lines = []
        for row, volunteer, served, visit, problems in made:
            if visit is not None and not problems:
                first = seen.setdefault(visit.id, row)
                if first != row:
                    problems.append(Problem(Wrong.TWICE, "volunteer", f"{row}", volunteer, str(first)))
            done = rows.get(row)
            outcome = None
            if done is not None:
                code = None if done.code is None else Code(done.code)
                outcome = Outcome(done.outcome, done.entry, code, msgspec.json.decode(done.facts))
            is_known = visit is not None and visit.id in known
            lines.append(Judged(row, volunteer, served, visit, tuple(problems), outcome, is_known))
        return tuple(lines)

    def questions(self) -> tuple[Question, ...]:
        """What a clerk can settle, what is in most lines first."""
        codes = tuple(one.code for one in self._bank.catalogue.services)
        made = [
            Question(key, column, text, lines, people, () if people else codes)
            for key, (column, text, lines, people) in self._asked.items()
        ]
        return tuple(sorted(made, key=lambda one: -one.lines))

    def _line(
        self, row: int, cells: Mapping[str, tuple[str, str]]
    ) -> tuple[int, str, tuple[str, ...], hours.Visit | None, list[Problem]]:
        problems: list[Problem] = []

        def text(column: str) -> str:
            return cells.get(column, ("", ""))[0]

        def wrong(what: Wrong, column: str, other: str = "") -> None:
            said, at = cells.get(column, ("", str(row)))
            problems.append(Problem(what, column, at, said, other))

        volunteer = self._volunteer(text, wrong)
        served = self._served(text, wrong)
        day = self._day(text, wrong)
        start, end = self._span(text, wrong)
        minutes = self._minutes(text, wrong, start, end)
        service = self._service(text, wrong)
        if volunteer and volunteer in served:
            wrong(Wrong.SAME_PERSON, "served")
        if len(text("note")) > _LONGEST_NOTE:
            wrong(Wrong.NOTE, "note", str(_LONGEST_NOTE))
        names = tuple(found.named.name for id in served if (found := self._people.one(id)))
        who = self._people.one(volunteer or "")
        name = who.named.name if who else text("volunteer")
        if problems or volunteer is None or day is None or minutes is None or service is None:
            return row, name, names, None, problems
        facts: dict[str, Any] = {
            "community": self._community,
            "volunteer": volunteer,
            "served": served,
            "day": day,
            "minutes": minutes,
            "service": service,
            "start": start,
            "end": end,
        }
        visit = hours.Visit(
            **facts,
            id=self._id(facts),
            confirmed=self._kept.confirmed,
            reason=self._kept.reason,
            note=text("note") or None,
        )
        return row, name, names, visit, problems

    def _id(self, facts: Mapping[str, Any]) -> str:
        """A UUIDv7 of the day of service that follows from what the line says; without the vault's key it tells
        nothing of it."""
        at = int(datetime.fromisoformat(facts["day"]).replace(tzinfo=UTC).timestamp() * 1000)
        said = _JSON.encode(dict(facts) | {"served": sorted(facts["served"])}).decode()
        return shares.following(f"{at:012x}", self._reading.vault.blind("sheets.entry", said))

    def _volunteer(self, text: Callable[[str], str], wrong: Callable[..., None]) -> str | None:
        found = self._who("volunteer", text("volunteer"), text("volunteer_number"), wrong)
        if found is not None and not found.is_volunteer:
            wrong(Wrong.NO_VOLUNTEER, "volunteer", found.named.name)
        return found.named.id if found else None

    def _served(self, text: Callable[[str], str], wrong: Callable[..., None]) -> tuple[str, ...]:
        parts = [one for one in _split(text("served")) if one]
        if len(parts) <= 1:
            found = self._who("served", text("served"), text("served_number"), wrong)
            return (found.named.id,) if found else ()
        people = [self._who("served", part, "", wrong) for part in parts[:_MOST_PEOPLE]]
        return tuple(dict.fromkeys(one.named.id for one in people if one))

    def _who(self, column: str, text: str, number: str, wrong: Callable[..., None]) -> _Person | None:
        if not text and not number:
            wrong(Wrong.EMPTY, column)
            return None
        written = (column, text, number)
        if written not in self._found:
            key = f"{column}:{sheets.folded(text)}:{digits_of(number)}"
            self._found[written] = (key, self._people.find(text, number, volunteer=column == "volunteer"))
        key, found = self._found[written]
        chosen = self._people.one(self._kept.answers.get(key, ""))
        if len(found) > 1:
            self._ask(key, column, text, tuple(one.named for one in found))
        if chosen is not None and chosen in found:
            return chosen
        if len(found) == 1:
            return found[0]
        if found:
            wrong(Wrong.SEVERAL, column, text)
        else:
            wrong(Wrong.NOBODY, column, text or number)
        return None

    def _ask(self, key: str, column: str, text: str, people: tuple[Named, ...]) -> None:
        before = self._asked.get(key)
        self._asked[key] = (column, text, (before[2] if before else 0) + 1, people)

    def _day(self, text: Callable[[str], str], wrong: Callable[..., None]) -> str | None:
        if not text("day"):
            wrong(Wrong.EMPTY, "day")
            return None
        try:
            day = sheets.day(text("day"), self._today, self._kept.year)
        except sheets.MixedUp:
            wrong(Wrong.DAY, "day")
            return None
        if day > self._today:
            wrong(Wrong.FUTURE, "day", day)
            return None
        return day

    def _span(self, text: Callable[[str], str], wrong: Callable[..., None]) -> tuple[int | None, int | None]:
        column = "span" if text("span") else "start"
        try:
            if text("span"):
                return sheets.clock_span(text("span"))
            if text("start") and text("end"):
                start, end = sheets.clock(text("start")), sheets.clock(text("end"))
                if start < end:
                    return start, end
                wrong(Wrong.SPAN, "end")
        except sheets.MixedUp:
            wrong(Wrong.SPAN, column)
        return None, None

    def _minutes(
        self, text: Callable[[str], str], wrong: Callable[..., None], start: int | None, end: int | None
    ) -> int | None:
        lasts = end - start if start is not None and end is not None else None
        if not text("minutes"):
            if lasts is None:
                wrong(Wrong.EMPTY, "minutes")
            return lasts
        try:
            minutes = sheets.minutes(text("minutes"), self._kept.unit)
        except sheets.MixedUp as error:
            bare = sheets.plain(text("minutes")).replace(".", "", 1).isdigit()
            wrong(Wrong.NOT_WHOLE if error.part else Wrong.NO_UNIT if bare else Wrong.MINUTES, "minutes")
            return None
        if lasts is not None and minutes > lasts:
            wrong(Wrong.TOO_LONG, "minutes", str(lasts))
        elif not 0 < minutes <= hours.LONGEST_VISIT:
            wrong(Wrong.TOO_LONG, "minutes", str(hours.LONGEST_VISIT))
        return minutes

    def _service(self, text: Callable[[str], str], wrong: Callable[..., None]) -> str | None:
        said = text("service")
        if not said and self._kept.service is not None:
            return self._kept.service
        if not said:
            wrong(Wrong.EMPTY, "service")
            return None
        found = self._services.get(sheets.folded(said))
        if found is not None:
            return found
        key = f"service:{sheets.folded(said)}"
        self._ask(key, "service", said, ())
        chosen = self._kept.answers.get(key)
        if chosen is None:
            wrong(Wrong.SERVICE, "service")
        return chosen


def _split(text: str) -> list[str]:
    for sign in "，,;；/／\n":
        text = text.replace(sign, "、")
    return [one.strip() for one in text.split("、")]
