"""What the ministry's system asks of those who served: themselves, what they learnt, what was said of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session as Db

from timebank.keyring import Vault

from . import people
from .model import Person
from .order_model import Order, Rating
from .people_model import Training


@dataclass(frozen=True, slots=True)
class Volunteer:
    """Somebody who served, as she is registered. `offers` and `speaks` are codes."""

    id: str
    name: str
    gender: str | None
    born: str | None
    phone: str | None
    card: str
    offers: tuple[str, ...]
    speaks: tuple[str, ...]
    registered_at: int


def volunteers(db: Db, vault: Vault, wanted: Iterable[str]) -> list[Volunteer]:
    """Those of these people who were not erased, in the order in which they were registered."""
    found = [
        row
        for part in people.batched(sorted(set(wanted)))
        for row in db.scalars(select(Person).where(Person.id.in_(part), Person.erased_at.is_(None)))
    ]
    return [
        Volunteer(
            id=row.id,
            name=people.name_of(vault, row) or "",
            gender=row.gender,
            born=people.born_of(vault, row),
            phone=people.phone_of(vault, row),
            card=row.card,
            offers=tuple(row.offers.split()),
            speaks=tuple(row.speaks.split()),
            registered_at=row.registered_at,
        )
        for row in sorted(found, key=lambda row: (row.registered_at, row.id))
    ]


def trainings(db: Db, wanted: Iterable[str], until: str) -> list[Training]:
    """What these people learnt up to a day, by day."""
    query = select(Training).where(Training.day <= until)
    found = [
        row
        for part in people.batched(sorted(set(wanted)))
        for row in db.scalars(query.where(Training.person.in_(part)))
    ]
    return sorted(found, key=lambda row: (row.day, row.id))


def ratings(db: Db, vault: Vault, holds: Iterable[str]) -> dict[str, tuple[int, str]]:
    """What those who were served said of these orders, by hold: stars and words."""
    query = select(Order.hold, Rating).join(Order, Order.id == Rating.order).where(Rating.side == "elder")
    found: dict[str, tuple[int, str]] = {}
    for part in people.batched(sorted(set(holds))):
        for hold, one in db.execute(query.where(Order.hold.in_(part))):
            sealed = one.sealed_text
            words = "" if sealed is None else vault.open("ratings.text", f"{one.order} {one.side}", sealed)
            found[hold] = (one.stars, words)
    return found
