"""Cards: who holds a number, a new one in place of one that was lost, and those that are void."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session as Db

from timebank.keyring import Vault, digits_of

from . import logins, people
from .desk_model import VoidCard
from .model import Person


def renew(db: Db, vault: Vault, person: Person, *, by: str, now: int, random: Callable[[int], bytes]) -> None:
    """Draw a new number; the old one is void, for logging in too. Whoever is in by it is out; the PIN stays."""
    void = VoidCard(number=person.card, person=person.id, void_at=now, void_by=by)
    db.add(void)
    db.flush()
    person.card = people.free_card(db.connection(), random)
    login = logins.find(db, vault, void.number)
    if login is not None and login.person == person.id:
        logins.rename(db, vault, login, person.card, now)
    db.flush()


def void_ones(db: Db, person: str) -> list[VoidCard]:
    """The numbers that somebody had before, the last one first."""
    query = select(VoidCard).where(VoidCard.person == person)
    return list(db.scalars(query.order_by(VoidCard.void_at.desc(), VoidCard.number)))


def was_hers(db: Db, person: str, number: str) -> bool:
    """Whether this number is void and was this person's."""
    found = db.get(VoidCard, number)
    return found is not None and found.person == person


def is_void(db: Db, card: str, community: str | None = None) -> bool:
    """Whether a number, as typed or scanned, was the card of somebody (of this community) who has a new one."""
    query = select(Person.community).join(VoidCard, VoidCard.person == Person.id)
    place = db.scalar(query.where(VoidCard.number == digits_of(card), Person.erased_at.is_(None)))
    return place is not None and community in (None, place)
