"""Log in and out, and say who somebody is who comes with a session or a token."""

from dataclasses import dataclass

from argon2 import PasswordHasher

from timebank import directory
from timebank.access import Actor, Right, Role, is_place, own_rights, require
from timebank.bank import MINUTE_MS, Bank, Reading
from timebank.ledger import Code, Refused

from . import pace

# A whole station logs in from one address; each name has its own, narrower limit.
_PER_ADDRESS = 20
_WHOLE_CODE = 12  # digits of a community's code; fewer are a town or more
HASHER = PasswordHasher()


@dataclass(frozen=True, slots=True, kw_only=True)
class LogIn:
    """What was typed, and the address it came from (used for throttling only, kept as a keyed hash). `own`: on a
    telephone or computer that nobody else uses, so that the session lasts for weeks; of staff that is not heard."""

    name: str
    secret: str
    address: str
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLogin:
    """A login for a person, or for staff (no person). `roles` are (role, place): see `access.Actor`."""

    id: str
    name: str
    shown: str
    secret: str
    person: str | None = None
    roles: tuple[tuple[Role, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Somebody who is logged in: the actor for the use cases, and what pages call the person. `own`: on her own
    telephone, where a session may be left alone."""

    actor: Actor
    shown: str
    language: str | None
    community: str | None
    place: directory.communities.Place | None  # where she is at home, of a member
    own: bool = False


def prove(bank: Bank, wanted: LogIn, person: str, *, hasher: PasswordHasher = HASHER) -> None:
    """See that somebody knows the secret of this person's login, without logging in. Refused as `log_in`."""
    with bank.office() as office:
        verdict = _verdict(bank, office, wanted, hasher)
    pace.check(verdict.retry_at, office.now)
    if verdict.login is None or verdict.login.person != person:
        raise Refused(Code.LOGIN_WRONG)


def _verdict(bank: Bank, office: Reading, wanted: LogIn, hasher: PasswordHasher) -> directory.logins.Verdict:
    settings = bank.settings
    allowed = directory.logins.Pace(
        window_ms=settings.login_window_minutes * MINUTE_MS,
        per_name=settings.login_attempts,
        per_address=settings.login_attempts * _PER_ADDRESS,
    )
    return directory.logins.verify(
        office.people,
        office.vault,
        hasher,
        allowed,
        name=wanted.name,
        secret=wanted.secret,
        address=wanted.address,
        now=office.now,
    )


def log_in(bank: Bank, wanted: LogIn, *, before: str | None = None, hasher: PasswordHasher = HASHER) -> str:
    """A session's token, for the cookie. Refused: wrong name or secret, or too many attempts.

    `before`: the token of the session in whose place this one comes; it is over then, and stays where this is refused.
    """
    with bank.office() as office:
        verdict = _verdict(bank, office, wanted, hasher)
        token = None
        if verdict.login is not None:
            token = open_session(bank, office, verdict.login.id, own=wanted.own)
            if before is not None:
                _end(bank, office, before)
    # After the commit: the attempt counts whatever the answer is.
    pace.check(verdict.retry_at, office.now)
    if token is None:
        raise Refused(Code.LOGIN_WRONG)
    return token


def open_session(bank: Bank, office: Reading, login: str, *, own: bool) -> str:
    """A session for somebody who has proved who she is; on her `own` telephone for weeks, if she is nothing but a
    member."""
    grants = directory.logins.grants_of(office.people, login) if own else ()
    own = bool(grants) and all(role == Role.MEMBER for role, _ in grants)
    minutes = bank.settings.own_session_days * 1440 if own else bank.settings.session_minutes
    return directory.logins.open_session(
        office.people, login, now=office.now, lasts_ms=minutes * MINUTE_MS, random=office.random, own=own
    )


def by_session(bank: Bank, token: str) -> Who | None:
    """Who comes with this cookie; None when the session is over. Asked of the database at every request, so that a
    session that was ended is over at the next one."""
    idle_ms = bank.settings.session_idle_minutes * MINUTE_MS
    with bank.glance() as view:
        visitor = directory.logins.by_session(view.connection, token, now=view.now, idle_ms=idle_ms)
        if visitor is None:
            return None
        who = _who(view, visitor, None)
        stale = view.now - int(visitor.mark) >= directory.logins.SEEN_EVERY_MS
    if stale:
        _see(bank, token, idle_ms)
    return who


def _see(bank: Bank, token: str, idle_ms: int) -> None:
    with bank.office() as office:
        session = directory.logins.find_session(office.people, token, now=office.now, idle_ms=idle_ms)
        if session is not None:
            directory.logins.see_session(session, office.now)


def by_token(bank: Bank, bearer: str) -> Who | None:
    """Who comes with this API token; None when it is unknown, revoked or over."""
    with bank.glance() as view:
        visitor = directory.logins.by_token(view.connection, bearer, now=view.now)
        if visitor is None:
            return None
        known = {right.value: right for right in Right}
        return _who(view, visitor, frozenset(known[name] for name in str(visitor.mark).split() if name in known))


def _who(reading: Reading, visitor: directory.logins.Visitor, scopes: frozenset[Right] | None) -> Who:
    grants = tuple((Role(role), where) for role, where in visitor.grants)
    homes = [where for _, where in grants if len(where) == _WHOLE_CODE]
    elders: dict[str, frozenset[Right]] = {}
    for elder, scope in visitor.elders:
        elders[elder] = elders.get(elder, frozenset()) | own_rights(scope)
    return Who(
        actor=Actor(
            login=visitor.login,
            person=visitor.person,
            account=visitor.account,
            grants=grants,
            scopes=scopes,
            elders=elders,
        ),
        shown=directory.logins.shown_name(reading.vault, visitor.login, visitor.sealed_name) or "",
        language=visitor.language,
        community=visitor.place.code if visitor.place else (homes[0] if homes else None),
        place=visitor.place,
        own=visitor.own,
    )


def log_out(bank: Bank, token: str) -> None:
    """End the session; ending it twice is the same."""
    with bank.office() as office:
        _end(bank, office, token)


def _end(bank: Bank, office: Reading, token: str) -> None:
    idle_ms = bank.settings.session_idle_minutes * MINUTE_MS
    session = directory.logins.find_session(office.people, token, now=office.now, idle_ms=idle_ms)
    if session is not None:
        directory.logins.revoke(session, office.now)


def create(bank: Bank, actor: Actor | None, new: NewLogin, *, hasher: PasswordHasher = HASHER) -> None:
    """Make a login with its roles. Refused when the name is taken, or a role is for no place that there can be."""
    for _, where in new.roles:
        if not is_place(where):
            raise Refused(Code.COMMUNITY_UNKNOWN, community=where)
        require(actor, Right.MANAGE_LOGINS, where)
    with bank.office() as office:
        if directory.logins.is_taken(office.connection, office.vault, new.name):
            raise Refused(Code.LOGIN_TAKEN, name=new.name)
        made = directory.logins.NewLogin(
            id=new.id,
            name=new.name,
            shown=new.shown,
            secret=new.secret,
            person=new.person,
            created_at=office.now,
        )
        directory.logins.create(office.connection, office.vault, hasher, made)
        for role, where in new.roles:
            directory.logins.grant(office.connection, new.id, role.value, where, office.now)


def id_of(bank: Bank, actor: Actor | None, name: str) -> str:
    """The id of the login with this name; Refused when there is none."""
    require(actor, Right.MANAGE_LOGINS, "*")
    with bank.view() as view:
        found = directory.logins.find(view.people, view.vault, name)
        if found is None:
            raise Refused(Code.LOGIN_WRONG)
        return found.id


def issue_token(bank: Bank, actor: Actor | None, login: str, label: str, scopes: frozenset[Right], days: int) -> str:
    """An API token for a login, shown once. It can do less than the login, never more."""
    require(actor, Right.MANAGE_LOGINS, "*")
    with bank.office() as office:
        return directory.tokens.issue(
            office.people,
            login,
            label=label,
            scopes=[right.value for right in scopes],
            now=office.now,
            expires_at=office.now + days * 24 * 60 * MINUTE_MS,
            random=office.random,
        )
