"""The list of services that people ask for and give, in both languages."""

import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

CATALOGUE = Path(__file__).resolve().parent.parent / "config" / "catalogue.toml"


@dataclass(frozen=True, slots=True)
class Service:
    """One service: its code in the ledger, its names, and how many minutes a visit usually takes.

    `training` is the code of the course that whoever gives it must have taken; None: none.
    """

    code: str
    zh: str
    en: str
    minutes: int
    training: str | None = None

    def name(self, language: str) -> str:
        return self.zh if language.startswith("zh") else self.en


@dataclass(frozen=True)
class Catalogue:
    """One version of the list, in its order."""

    version: int
    services: tuple[Service, ...]

    @cached_property
    def by_code(self) -> dict[str, Service]:
        return {service.code: service for service in self.services}


def load(path: Path = CATALOGUE) -> Catalogue:
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    services = (
        Service(code, row["zh"], row["en"], row["minutes"], row.get("training"))
        for code, row in document["services"].items()
    )
    return Catalogue(document["version"], tuple(services))
