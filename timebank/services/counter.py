"""Whoever comes to the counter with a card: who she is, what she has, and what she most likely wants."""

from dataclasses import dataclass

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import Bank
from timebank.catalogue import Service
from timebank.policy import age_on

from . import needs, statements
from .statements import day_in_zone

CHOICES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class AtCounter:
    """`age` in years, None where the day of birth is not known; `choices` can be ordered: what she had last, then what
    stands first in the list."""

    person: str
    name: str
    place: str
    grid: str | None
    age: int | None
    figures: statements.Figures
    choices: tuple[Service, ...]


def of(bank: Bank, actor: Actor | None, community: str, person: str) -> AtCounter:
    """Somebody of this community who wants to use hours. The statements are always as many."""
    require(actor, Right.REDEEM_FOR_OTHERS, community)
    with bank.view() as view:
        place = view.community(community)
        known = view.person(person, community)
        head = view.head(place.origin)
        born = directory.people.born_of(view.vault, known)
        return AtCounter(
            person=known.id,
            name=directory.people.name_of(view.vault, known) or "",
            place=place.name,
            grid=known.grid,
            age=None if born is None else age_on(born, day_in_zone(view.now, head.offset_minutes)),
            figures=statements.figures_of(view, head, known),
            choices=_choices(
                needs.offered_in(bank, view, place), directory.orders.services_of(view.connection, person)
            ),
        )


def _choices(offered: list[Service], had: list[str]) -> tuple[Service, ...]:
    by_code = {service.code: service for service in offered}
    first = [by_code[code] for code in had if code in by_code]
    return tuple([*first, *(service for service in offered if service not in first)][:CHOICES])
