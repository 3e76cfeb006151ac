"""Cards: a new one in place of one that was lost. Nothing of it is in the books; whose it was is kept."""

from dataclasses import dataclass

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import Bank
from timebank.ledger import Code, Refused

from . import members


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """The card with the number `card` was lost: its holder gets another one."""

    community: str
    person: str
    card: str


@dataclass(frozen=True, slots=True)
class Void:
    """A number that somebody had before, and when (milliseconds) she got another."""

    number: str
    void_at: int


def renew(bank: Bank, actor: Actor | None, renewal: Renewal) -> members.Known:
    """Make a card void and draw a new number; the PIN stays. Twice is the same: a number is void once.

    Refused for a number that was never hers, and of one's own card: another clerk does it.
    """
    actor = require(actor, Right.REGISTER_PERSON, renewal.community)
    with bank.office() as office:
        office.person(renewal.person, renewal.community)
        directory.people.lock(office.connection, renewal.person)
        row = office.people.get_one(directory.Person, renewal.person, populate_existing=True)
        if actor.person == row.id:
            raise Refused(Code.OWN_MATTER)
        if row.card == renewal.card:
            directory.cards.renew(
                office.people, office.vault, row, by=actor.login, now=office.now, random=office.random
            )
        elif not directory.cards.was_hers(office.people, row.id, renewal.card):
            raise Refused(Code.PERSON_UNKNOWN, person=row.id)
        return members.known_of(office, row)


def void_ones(bank: Bank, actor: Actor | None, person: str) -> tuple[Void, ...]:
    """The numbers that somebody had before, the last one first; for staff of her community."""
    with bank.view() as view:
        found = directory.people.known(view.connection, [person]).get(person)
        require(actor, Right.SEE_PERSON, found.community if found else "")
        return tuple(Void(row.number, row.void_at) for row in directory.cards.void_ones(view.people, person))
