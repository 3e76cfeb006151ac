"""Private details of entries: outside the chain, bound to it by the entry's memo, gone when somebody is erased."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, delete, insert, select
from sqlalchemy.orm import Session as Db

from timebank.keyring import Vault
from timebank.ledger import Prepared

from .model import Detail, DetailPerson

_ABOUT = (DetailPerson.origin == bindparam("origin"), DetailPerson.entry == bindparam("entry"))
_KEEP = Prepared(insert(Detail).values({name: bindparam(name) for name in ("origin", "entry", "salt", "sealed_text")}))
_PEOPLE = Prepared(select(DetailPerson.person).where(*_ABOUT))
_LINK = Prepared(insert(DetailPerson).values({name: bindparam(name) for name in ("origin", "entry", "person")}))
_UNLINK = Prepared(delete(DetailPerson).where(*_ABOUT))


def keep(
    connection: Connection, vault: Vault, *, origin: str, entry: str, salt: bytes, text: str, people: Iterable[str]
) -> None:
    """Keep the text whose HMAC under `salt` is the entry's memo, with the ids of the people whom it is about."""
    sealed = vault.seal("details.text", _row(origin, entry), text)
    _KEEP.run(connection, origin=origin, entry=entry, salt=salt, sealed_text=sealed)
    link(connection, origin, entry, people)


def link(connection: Connection, origin: str, entry: str, people: Iterable[str]) -> None:
    """Note whom something is about, so that erasing one of them finds it; noting it twice is the same."""
    known = {person for (person,) in _PEOPLE.rows(connection, origin=origin, entry=entry)}
    for person in sorted(set(people) - known):
        _LINK.run(connection, origin=origin, entry=entry, person=person)


def unlink(connection: Connection, origin: str, entry: str) -> None:
    """It is about nobody any more."""
    _UNLINK.run(connection, origin=origin, entry=entry)


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
