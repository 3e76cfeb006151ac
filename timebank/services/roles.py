"""Which roles a login has here, and who gave and took them."""

from dataclasses import dataclass

from timebank import directory
from timebank.access import Actor, Right, Role, covers, is_place, require
from timebank.bank import Bank, Reading
from timebank.ledger import Code, Refused

from .certificates import masked

MOST_CHANGES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A role of a login: `where` is the community, or a place around it (see `access.Actor`)."""

    community: str
    login: str
    role: Role
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A role that a login has, since when (milliseconds)."""

    role: Role
    where: str
    since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A role that was given or taken: by whom, as pages call her (empty: the operator at the machine), and when."""

    role: Role
    where: str
    given: bool
    by: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """A login with its roles that count in a community, and how they came and went, the newest change first.

    `shown` is what pages call the login; where it is a person's, her name is masked: an admin sees no person.
    """

    community: str
    login: str
    shown: str
    held: tuple[Held, ...]
    changes: tuple[Change, ...]


def find(bank: Bank, actor: Actor | None, community: str, name: str) -> str:
    """The id of the open login that somebody types this name to log in with; Refused when there is none."""
    require(actor, Right.MANAGE_LOGINS, community)
    with bank.view() as view:
        view.community(community)
        found = directory.logins.find(view.people, view.vault, name)
        if found is None or not found.active:
            raise Refused(Code.LOGIN_UNKNOWN)
        return found.id


def of(bank: Bank, actor: Actor | None, community: str, login: str) -> Roles:
    """The roles of a login that count in a community. Refused when there is no such open login."""
    require(actor, Right.MANAGE_LOGINS, community)
    with bank.view() as view:
        view.community(community)
        found = view.people.get(directory.Login, login)
        if found is None or not found.active:
            raise Refused(Code.LOGIN_UNKNOWN)
        return _roles(view, community, found)


def give(bank: Bank, actor: Actor | None, wanted: Wanted) -> Roles:
    """Give the role, from the next request on; again it changes nothing. Nobody gives a role to her own login."""
    actor = _allowed(actor, wanted)
    with bank.office() as office:
        login = _locked(office, actor, wanted)
        role, where = wanted.role.value, wanted.where
        if (role, where) not in directory.logins.grants_of(office.people, login.id):
            directory.logins.grant(office.connection, login.id, role, where, office.now)
            if wanted.role is not Role.MEMBER:
                directory.logins.no_longer_own(office.people, login.id)
            _note(bank, office, actor, wanted, given=True)
        return _roles(office, wanted.community, login)


def take(bank: Bank, actor: Actor | None, wanted: Wanted) -> Roles:
    """Take the role away: the next request of whoever is logged in is without it. Again it changes nothing."""
    actor = _allowed(actor, wanted)
    with bank.office() as office:
        login = _locked(office, actor, wanted)
        if directory.logins.take_away(office.people, login.id, wanted.role.value, wanted.where):
            _note(bank, office, actor, wanted, given=False)
        return _roles(office, wanted.community, login)


def _allowed(actor: Actor | None, wanted: Wanted) -> Actor:
    actor = require(actor, Right.MANAGE_LOGINS, wanted.community)
    if not is_place(wanted.where) or not covers(wanted.where, wanted.community):
        raise Refused(Code.COMMUNITY_UNKNOWN, community=wanted.where)
    return require(actor, Right.MANAGE_LOGINS, wanted.where)


def _locked(office: Reading, actor: Actor, wanted: Wanted) -> directory.Login:
    office.community(wanted.community)
    if actor.login == wanted.login:
        raise Refused(Code.OWN_MATTER)
    found = directory.logins.lock(office.people, wanted.login)
    if found is None:
        raise Refused(Code.LOGIN_UNKNOWN)
    return found


def _note(bank: Bank, office: Reading, actor: Actor, wanted: Wanted, *, given: bool) -> None:
    office.people.add(
        directory.RoleChange(
            id=bank.uuid(),
            login=wanted.login,
            role=wanted.role.value,
            place=wanted.where,
            given=given,
            by=actor.login,
            at=office.now,
        )
    )
    office.people.flush()


def _roles(reading: Reading, community: str, login: directory.Login) -> Roles:
    held = [one for one in directory.logins.held_by(reading.people, login.id) if covers(one.community, community)]
    noted = directory.logins.changes_of(reading.people, login.id, MOST_CHANGES)
    changes = [one for one in noted if covers(one.place, community)]
    names = directory.care.names_of_logins(reading.connection, reading.vault, {one.by for one in changes})
    shown = directory.logins.shown_name(reading.vault, login.id, login.sealed_name) or ""
    return Roles(
        community=community,
        login=login.id,
        shown=masked(shown) if login.person is not None else shown,
        held=tuple(Held(role=Role(one.role), where=one.community, since=one.granted_at) for one in held),
        changes=tuple(
            Change(role=Role(one.role), where=one.place, given=one.given, by=names.get(one.by, ""), at=one.at)
            for one in changes
        ),
    )
