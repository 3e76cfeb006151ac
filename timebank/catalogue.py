"""The list of services that people ask for and give, with the courses and languages they need, in both languages."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

CATALOGUE = Path(__file__).resolve().parent.parent / "config" / "catalogue.toml"


@dataclass(frozen=True, slots=True)
class Named:
    """What something is called in Chinese and in English."""

    zh: str
    en: str

    def name(self, language: str) -> str:
        return self.zh if language.startswith("zh") else self.en


@dataclass(frozen=True, slots=True)
class Service(Named):
    """One service: its names, its code in the ledger, and how many minutes a visit usually takes.

    `training` is the code of the course that whoever gives it must have taken; None: none. `gender_choice`: one may
    ask for a woman or a man. `pair`: two go together. `risk_zh` and `risk_en` are what all read before they agree.
    """

    code: str
    minutes: int
    training: str | None = None
    gender_choice: bool = False
    pair: bool = False
    risk_zh: str = ""
    risk_en: str = ""

    def risk(self, language: str) -> str:
        return self.risk_zh if language.startswith("zh") else self.risk_en


@dataclass(frozen=True)
class Catalogue:
    """One version of the list, in its order; `courses` and `languages` by their codes."""

    version: int
    services: tuple[Service, ...]
    courses: Mapping[str, Named]
    languages: Mapping[str, Named]

    @cached_property
    def by_code(self) -> dict[str, Service]:
        return {service.code: service for service in self.services}


def load(path: Path = CATALOGUE) -> Catalogue:
    """Read the list. TypeError and KeyError where a row is not as the comments in it say."""
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    services = tuple(Service(code=code, **row) for code, row in document["services"].items())
    courses, languages = (
        {code: Named(**row) for code, row in document[section].items()} for section in ("courses", "languages")
    )
    missing = {service.training for service in services} - courses.keys() - {None}
    if missing:
        raise KeyError(f"no such course: {', '.join(sorted(map(str, missing)))}")
    return Catalogue(document["version"], services, courses, languages)
