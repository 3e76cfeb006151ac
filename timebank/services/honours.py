"""积德榜: who served many hours is named, if she wishes so; by what is served in all, never by what somebody has.

Nobody is first: within a threshold people stand in the order in which they joined.
"""

from dataclasses import dataclass

from timebank import directory
from timebank.access import Actor, Right, require_either
from timebank.bank import Bank, View
from timebank.ledger import Code, Refused, reads

from .figures import name_of
from .statements import day_in_zone, served_before


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Whether a person wishes to be named."""

    community: str
    person: str
    named: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A threshold in hours served in all, and the names of those who reached it and no higher one."""

    hours: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """The honour boards of a town, county or city on which somebody stands, by the codes of their communities."""

    place: str
    name: str
    boards: tuple["Board", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The honour board of a community, the highest threshold first; no steps where its policy wants none."""

    community: str
    name: str
    steps: tuple[Step, ...]


def wish(bank: Bank, actor: Actor | None, wanted: Wish) -> None:
    """Keep whether somebody wishes to be named: she herself, or a clerk to whom she said so. Twice is the same."""
    require_either(actor, Right.REGISTER_PERSON, Right.HONOUR_OWN, wanted.community, wanted.person)
    with bank.office() as office:
        person = office.person(wanted.person, wanted.community)
        directory.people.lock(office.connection, person.id)  # two at once would both add the row
        found = office.people.get(directory.HonourWish, person.id)
        if wanted.named and found is None:
            row = directory.HonourWish(person=person.id, community=person.community, wished_at=office.now)
            office.people.add(row)
        elif not wanted.named and found is not None:
            office.people.delete(found)


def wishes(bank: Bank, actor: Actor | None, community: str, person: str) -> bool:
    """Whether somebody wishes to be named, for herself and for clerks."""
    require_either(actor, Right.REGISTER_PERSON, Right.HONOUR_OWN, community, person)
    with bank.glance() as view:
        return directory.honours.wishes(view.connection, person)


def board(bank: Bank, community: str) -> Board:
    """Whom the community names, by the thresholds of its policy of today. Public: those named wish it.

    The cost is linear in how many of the community wish it.
    """
    with bank.view() as view:
        return _board(view, view.community(community))


def around(bank: Bank, place: str) -> Around:
    """The boards of all communities of a town (9 digits), county or city, each by its own policy. Public as each is.

    A few statements for each community where somebody wishes it; linear in who does.
    """
    with bank.view() as view:
        there = directory.communities.under(view.connection, place)
        if not there or len(place) not in directory.figures.LEVELS:
            raise Refused(Code.COMMUNITY_UNKNOWN, community=place)
        wished = directory.honours.wished_under(view.connection, place)
        boards = (_board(view, one) for one in there if one.code in wished)
        return Around(
            place=place,
            name=name_of(there[0], len(place)),
            boards=tuple(one for one in boards if any(step.names for step in one.steps)),
        )


def _board(view: View, place: directory.communities.Place) -> Board:
    found = reached(view, place)
    names = directory.people.names_of(view.connection, view.vault, [one for people in found.values() for one in people])
    steps = tuple(Step(hours=hours, names=tuple(names[one] for one in people)) for hours, people in found.items())
    return Board(community=place.code, name=place.name, steps=steps)


def reached(view: View, place: directory.communities.Place) -> dict[int, list[str]]:
    """Who stands at which threshold, the highest first: people by id who wish it."""
    head = view.head(place.origin)
    steps = view.policy_at(head, day_in_zone(view.now, head.offset_minutes)).honours.hours
    found: dict[int, list[str]] = {hours: [] for hours in reversed(steps)}
    wishers = directory.honours.wishers_of(view.connection, place.code) if steps else {}
    accounts = reads.accounts(view.connection, head, wishers.values())
    before = served_before(view, head.origin, wishers.values())
    for person, account in wishers.items():
        served = (accounts[account].served if account in accounts else 0) + before.get(account, 0)
        step = next((hours for hours in found if served >= hours * 60), None)
        if step is not None:
            found[step].append(person)
    return found
