"""What looking after a community asks of the directory: who recorded what, who belongs to a login, which elders live
here, what was found odd before."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session as Db

from timebank.keyring import Vault

from . import logins
from .care_model import CareOwner, Filing, Flag
from .model import Grant, Login, Person, Recorded
from .people import batched


def recorders_of(connection: Connection, origin: str, entries: Iterable[str]) -> dict[str, str]:
    """The login that recorded each of these entries; one that a device or a program signed has none."""
    query = select(Recorded.entry, Recorded.login).where(Recorded.origin == origin)
    found: dict[str, str] = {}
    for part in batched(sorted(entries)):
        found |= dict(connection.execute(query.where(Recorded.entry.in_(part))).all())
    return found


def members_of(connection: Connection, wanted: Iterable[str]) -> set[str]:
    """Those of these logins that are granted to be a member, and nothing else."""
    query = select(Grant.login).where(Grant.login.in_(sorted(wanted)))
    staff = set(connection.scalars(query.where(Grant.role != "member")))
    return set(connection.scalars(query.where(Grant.role == "member"))) - staff


def accounts_of_logins(connection: Connection, wanted: Iterable[str]) -> dict[str, str]:
    """The account of the person behind each of these logins, where it has one."""
    query = select(Login.id, Person.account).join(Person, Person.id == Login.person)
    return dict(connection.execute(query.where(Login.id.in_(sorted(wanted)))).all())


def names_of_logins(connection: Connection, vault: Vault, wanted: Iterable[str]) -> dict[str, str]:
    """What these logins are called; of a member's own name, as she is registered."""
    query = select(Login.id, Login.sealed_name, Person.id, Person.sealed_name)
    query = query.outerjoin(Person, Person.id == Login.person).where(Login.id.in_(sorted(wanted)))
    found = {}
    for login, sealed, person, sealed_name in connection.execute(query):
        if sealed_name is not None:
            found[login] = vault.open("people.name", person, sealed_name)
        else:
            found[login] = logins.shown_name(vault, login, sealed) or ""
    return found


def erasures_of(connection: Connection, accounts: Iterable[str]) -> dict[str, int]:
    """When the people behind these accounts were erased, of those who were."""
    query = select(Person.account, Person.erased_at).where(Person.erased_at.is_not(None))
    found: dict[str, int] = {}
    for part in batched(sorted(accounts)):
        found |= {account: at for account, at in connection.execute(query.where(Person.account.in_(part))) if at}
    return found


def deaths_of(connection: Connection, accounts: Iterable[str]) -> dict[str, str]:
    """The day of death of the people behind these accounts, of those who died."""
    query = select(Person.account, Person.deceased_on).where(Person.deceased_on.is_not(None))
    found: dict[str, str] = {}
    for part in batched(sorted(accounts)):
        found |= {account: day for account, day in connection.execute(query.where(Person.account.in_(part))) if day}
    return found


@dataclass(frozen=True, slots=True)
class Elder:
    """An elder of a community, since when, and in which part of it (网格) she lives."""

    id: str
    account: str
    registered_at: int
    grid: str | None


def elders_of(connection: Connection, community: str) -> list[Elder]:
    """Everybody living who is registered as an elder here, longest first."""
    query = select(Person.id, Person.account, Person.registered_at, Person.grid).where(
        Person.community == community, Person.is_elder, Person.erased_at.is_(None), Person.deceased_on.is_(None)
    )
    return [Elder(*row) for row in connection.execute(query.order_by(Person.registered_at, Person.id))]


def flags_of(db: Db, community: str, month: str) -> dict[tuple[str, str, str], Flag]:
    """What was closed of a month, by kind, subject and period."""
    query = select(Flag).where(Flag.community == community, Flag.period.startswith(month, autoescape=True))
    return {(flag.kind, flag.subject, flag.period): flag for flag in db.scalars(query)}


def owners_of(db: Db, community: str, period: str) -> dict[tuple[str, str, str], CareOwner]:
    """Who has taken on what of this period, by kind, subject and period."""
    query = select(CareOwner).where(CareOwner.community == community, CareOwner.period == period)
    return {(one.kind, one.subject, one.period): one for one in db.scalars(query)}


def reachable(connection: Connection, vault: Vault, accounts: Iterable[str]) -> dict[str, tuple[str, str | None]]:
    """Name and telephone of the people behind these accounts; who was erased is left out."""
    query = select(Person.id, Person.account, Person.sealed_name, Person.sealed_phone)
    found: dict[str, tuple[str, str | None]] = {}
    for part in batched(sorted(accounts)):
        for person, account, name, phone in connection.execute(query.where(Person.account.in_(part))):
            if name is not None:
                number = None if phone is None else vault.open("people.phone", person, phone)
                found[account] = (vault.open("people.name", person, name), number)
    return found


def filings_of(db: Db, community: str, entries: Iterable[str]) -> dict[str, Filing]:
    """What is known of the filing of these entries, by entry."""
    query = select(Filing).where(Filing.community == community)
    found: dict[str, Filing] = {}
    for part in batched(sorted(entries)):
        found |= {filing.entry: filing for filing in db.scalars(query.where(Filing.entry.in_(part)))}
    return found
