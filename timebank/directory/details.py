"""Private details of entries: outside the chain, bound to it by the entry's memo, gone when somebody is erased."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session as Db

from timebank.keyring import Vault

from .model import Detail, DetailPerson


def keep(db: Db, vault: Vault, *, origin: str, entry: str, salt: bytes, text: str, people: Iterable[str]) -> Detail:
    """Keep the text whose HMAC under `salt` is the entry's memo, with the ids of the people whom it is about."""
    detail = Detail(
        origin=origin, entry=entry, salt=salt, sealed_text=vault.seal("details.text", _row(origin, entry), text)
    )
    db.add(detail)
    db.flush()
    link(db, origin, entry, people)
    return detail


def link(db: Db, origin: str, entry: str, people: Iterable[str]) -> None:
    """Note whom something is about, so that erasing one of them finds it; noting it twice is the same."""
    known = set(db.scalars(select(DetailPerson.person).where(*_about(origin, entry))))
    db.add_all(DetailPerson(origin=origin, entry=entry, person=person) for person in set(people) - known)
    db.flush()


def unlink(db: Db, origin: str, entry: str) -> None:
    """It is about nobody any more."""
    db.execute(delete(DetailPerson).where(*_about(origin, entry)))


def _about(origin: str, entry: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return DetailPerson.origin == origin, DetailPerson.entry == entry


def text_of(db: Db, vault: Vault, origin: str, entry: str) -> str | None:
    """None where there never were details, or they were erased."""
    detail = db.get(Detail, (origin, entry))
    return None if detail is None else vault.open("details.text", _row(origin, entry), detail.sealed_text)


def texts_of(db: Db, vault: Vault, origin: str, entries: Iterable[str]) -> dict[str, str]:
    """The texts that are there for these entries, by entry."""
    query = select(Detail).where(Detail.origin == origin, Detail.entry.in_(sorted(entries)))
    return {
        detail.entry: vault.open("details.text", _row(origin, detail.entry), detail.sealed_text)
        for detail in db.scalars(query)
    }


def _row(origin: str, entry: str) -> str:
    return f"{origin}\0{entry}"
