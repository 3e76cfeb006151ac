"""Logins: secrets checked at a fixed price and a limited pace, and the sessions that follow."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import Connection, SQLColumnExpression, and_, bindparam, delete, insert, literal, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm import Session as Db

from timebank.keyring import Vault
from timebank.ledger import Prepared

from . import attempts
from .communities import Place
from .model import Community, Grant, Kinship, Login, Person, RoleChange, Session, Token, is_consented

SEEN_EVERY_MS = 60_000  # a page view need not write; once a minute is enough to tell that somebody is there


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLogin:
    """`name` is what is typed to log in: a phone, a card or a staff name. `shown` is what pages call the person."""

    id: str
    name: str
    shown: str
    secret: str
    person: str | None = None
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How many wrong secrets a window allows for one login name, and from one client address."""

    window_ms: int
    per_name: int
    per_address: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The login, or None; `retry_at` is set when the secret was not even looked at."""

    login: Login | None = None
    retry_at: int | None = None


_COLUMNS = ("id", "person", "sealed_name", "name_blind", "secret_hash", "active", "created_at")
_ADD = Prepared(insert(Login).values({name: bindparam(name) for name in _COLUMNS}))
_NAMED = Prepared(select(Login.id).where(Login.name_blind == bindparam("name_blind")))


def create(connection: Connection, vault: Vault, hasher: PasswordHasher, new: NewLogin) -> None:
    """A login with its secret. A name that is taken is an IntegrityError: ask `is_taken` first."""
    _ADD.run(
        connection,
        id=new.id,
        person=new.person,
        sealed_name=vault.seal("logins.name", new.id, new.shown),
        name_blind=vault.blind("logins.name", new.name),
        secret_hash=hasher.hash(vault.pepper(new.id, new.secret)),
        active=True,
        created_at=new.created_at,
    )


def is_taken(connection: Connection, vault: Vault, name: str) -> bool:
    """Whether a login has this name, also one that is closed."""
    return _NAMED.row(connection, name_blind=vault.blind("logins.name", name)) is not None


def find(db: Db, vault: Vault, name: str) -> Login | None:
    return db.scalars(select(Login).where(Login.name_blind == vault.blind("logins.name", name))).one_or_none()


def shown_name(vault: Vault, login: str, sealed_name: bytes | None) -> str | None:
    return None if sealed_name is None else vault.open("logins.name", login, sealed_name)


def verify(
    db: Db, vault: Vault, hasher: PasswordHasher, pace: Pace, *, name: str, secret: str, address: str, now: int
) -> Verdict:
    """Check a secret. Commit afterwards whatever the verdict, or the attempt was not counted.

    `address` is the client's, an IPv6 address cut to its /64. Wrong name, wrong secret and a closed login look and
    last the same.
    """
    # 1. Count before looking, so that attempts side by side cannot all look before one of them counts.
    of_name, of_address = vault.blind("logins.name", name), vault.blind("attempts.address", address)
    for subject, limit in ((of_name, pace.per_name), (of_address, pace.per_address)):
        count, began_at = attempts.count(db.connection(), subject, now, pace.window_ms)
        if count > limit:
            return Verdict(retry_at=began_at + pace.window_ms)

    # 2. One argon2 either way: hashing costs what verifying costs.
    login = find(db, vault, name)
    if login is None or not login.active or login.secret_hash is None:
        hasher.hash(vault.pepper("", secret))
        return Verdict()
    peppered = vault.pepper(login.id, secret)
    try:
        hasher.verify(login.secret_hash, peppered)
    except VerifyMismatchError:
        return Verdict()

    # 3. Right: the name starts afresh, and a station where many log in is not counted out.
    if hasher.check_needs_rehash(login.secret_hash):
        login.secret_hash = hasher.hash(peppered)
    attempts.forget(db.connection(), of_name)
    attempts.take_back(db.connection(), of_address)
    return Verdict(login=login)


def set_secret(db: Db, vault: Vault, hasher: PasswordHasher, *, login: Login, secret: str, now: int) -> None:
    """A new secret; whoever was in with the old one is out."""
    login.secret_hash = hasher.hash(vault.pepper(login.id, secret))
    revoke_all(db, login.id, now)


def rename(db: Db, vault: Vault, login: Login, name: str, now: int) -> None:
    """Another name to log in with, with the secret that it has; whoever was in with the old one is out."""
    login.name_blind = vault.blind("logins.name", name)
    login.sealed_name = vault.seal("logins.name", login.id, name)
    revoke_all(db, login.id, now)


def empty(db: Db, person: str) -> None:
    """Close every login of a person who is erased, and forget its names, secret, sessions and rights.

    The bare row stays: entries that it recorded still need a second person who is another one.
    """
    of_person = select(Login.id).where(Login.person == person)
    for table in (Session, Token, Grant):
        db.execute(delete(table).where(table.login.in_(of_person)))
    db.execute(
        update(Login)
        .where(Login.person == person)
        .values(active=False, sealed_name=None, name_blind=None, secret_hash=None)
    )


def close_all(db: Db, person: str, now: int) -> None:
    """Close every login of somebody; whoever is in is out. The rows stay: entries name them."""
    of_person = select(Login.id).where(Login.person == person)
    for table in (Session, Token):
        still = (table.login.in_(of_person), table.revoked_at.is_(None))
        db.execute(update(table).where(*still).values(revoked_at=now))
    db.execute(update(Login).where(Login.person == person).values(active=False))


_GRANT = ("login", "role", "community")
_GIVEN = Prepared(select(Grant.granted_at).where(*(getattr(Grant, name) == bindparam(name) for name in _GRANT)))
_GIVE = Prepared(insert(Grant).values({name: bindparam(name) for name in (*_GRANT, "granted_at")}))


def grant(connection: Connection, login: str, role: str, community: str, now: int) -> None:
    """Give a role in a community (`*`: everywhere); given before, it stays as it was."""
    if _GIVEN.row(connection, login=login, role=role, community=community) is None:
        _GIVE.run(connection, login=login, role=role, community=community, granted_at=now)


def grants_of(db: Db, login: str) -> tuple[tuple[str, str], ...]:
    """Role and community, each."""
    rows = select(Grant.role, Grant.community).where(Grant.login == login).order_by(Grant.role, Grant.community)
    return tuple((role, community) for role, community in db.execute(rows))


def lock(db: Db, login: str) -> Login | None:
    """The login, nobody else's to change until the transaction ends; None when there is none or it is closed."""
    return db.scalars(select(Login).where(Login.id == login, Login.active).with_for_update()).one_or_none()


def held_by(db: Db, login: str) -> list[Grant]:
    """The roles of a login with their places, the widest place first."""
    rows = select(Grant).where(Grant.login == login).order_by(Grant.community, Grant.role)
    return list(db.scalars(rows))


def take_away(db: Db, login: str, role: str, community: str) -> bool:
    """Take a role in a place away; False when the login did not have it."""
    found = db.get(Grant, (login, role, community))
    if found is None:
        return False
    db.delete(found)
    db.flush()
    return True


def changes_of(db: Db, login: str, most: int) -> list[RoleChange]:
    """What was given to a login and taken from it, the newest first."""
    rows = select(RoleChange).where(RoleChange.login == login).order_by(RoleChange.id.desc()).limit(most)
    return list(db.scalars(rows))


def open_session(
    db: Db, login: str, *, now: int, lasts_ms: int, random: Callable[[int], bytes], own: bool = False
) -> str:
    """A new session's token, for the cookie and nobody else; here only its hash stays. `own`: it may be left alone."""
    token = opaque(random)
    expires_at = now + lasts_ms
    times = {"created_at": now, "seen_at": now, "expires_at": expires_at}
    db.add(Session(token_hash=hash_of(token), login=login, own=own, **times))
    db.flush()
    return token


def _is_good(credential: type[Session] | type[Token]) -> list[SQLColumnExpression[bool]]:
    """Not revoked, not too old, and its login is open."""
    good = [
        credential.token_hash == bindparam("token_hash"),
        credential.revoked_at.is_(None),
        credential.expires_at > bindparam("now"),
        Login.active,
    ]
    # Left alone too long: somebody went away from the browser of a station.
    return good + ([or_(Session.own, Session.seen_at > bindparam("seen_after"))] if credential is Session else [])


_SESSION = select(Session).join(Login, Login.id == Session.login).where(*_is_good(Session))


def find_session(db: Db, token: str, *, now: int, idle_ms: int) -> Session | None:
    """The session of a token, unless it is revoked, too old, was left alone too long, or its login is closed."""
    values = {"token_hash": hash_of(token), "now": now, "seen_after": now - idle_ms}
    return db.scalars(_SESSION, values).one_or_none()


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who comes with a session or a token: what every request asks first.

    `mark` is when the session was last seen, or the scopes of the token; `own`: a session on her own telephone.
    """

    login: str
    sealed_name: bytes | None
    mark: int | str
    own: bool
    grants: tuple[tuple[str, str], ...]
    elders: tuple[tuple[str, str], ...]  # each with the scope of a consent
    person: str | None
    account: str | None
    language: str | None
    place: Place | None  # where the person is at home


def _visitor(credential: type[Session] | type[Token], mark: InstrumentedAttribute[Any]) -> Prepared:
    """One statement, so that the roles are those of the moment at which the session was good: a row for each role
    and each elder."""
    return Prepared(
        select(
            Login.id,
            Login.sealed_name,
            mark,
            Session.own if credential is Session else literal(False),
            Login.person,
            Person.account,
            Person.language,
            Community.code,
            Community.origin,
            Community.name,
            Community.town,
            Community.county,
            Grant.role,
            Grant.community,
            Kinship.elder,
            Kinship.scope,
        )
        .select_from(credential)
        .join(Login, Login.id == credential.login)
        .outerjoin(Person, Person.id == Login.person)
        .outerjoin(Community, Community.code == Person.community)
        .outerjoin(Grant, Grant.login == Login.id)
        .outerjoin(Kinship, and_(Kinship.member == Login.person, *is_consented()))
        .where(*_is_good(credential))
        .order_by(Grant.role, Grant.community)
    )


_BY_SESSION = _visitor(Session, Session.seen_at)
_BY_TOKEN = _visitor(Token, Token.scopes)


def by_session(connection: Connection, token: str, *, now: int, idle_ms: int) -> Visitor | None:
    """Who comes with this session; None under the same conditions as `find_session`."""
    return _as_visitor(_BY_SESSION.rows(connection, token_hash=hash_of(token), now=now, seen_after=now - idle_ms))


def by_token(connection: Connection, bearer: str, *, now: int) -> Visitor | None:
    """Who comes with this API token; None when it is revoked, expired, or its login is closed."""
    return _as_visitor(_BY_TOKEN.rows(connection, token_hash=hash_of(bearer), now=now))


def _as_visitor(rows: list[tuple[Any, ...]]) -> Visitor | None:
    if not rows:
        return None
    login, sealed_name, mark, own, person, account, language, code, origin, name, town, county, *_ = rows[0]
    return Visitor(
        login=login,
        sealed_name=sealed_name,
        mark=mark,
        own=bool(own),
        grants=tuple({(role, where): None for *_, role, where, _, _ in rows if role is not None}),
        elders=tuple({(elder, scope): None for *_, elder, scope in rows if elder is not None}),
        person=person,
        account=account,
        language=language,
        place=None if code is None else Place(code, origin, name, town, county),
    )


def see_session(session: Session, now: int) -> bool:
    """Note that it is in use; False when it was noted less than a minute ago and there is nothing to write."""
    if now - session.seen_at < SEEN_EVERY_MS:
        return False
    session.seen_at = now
    return True


def sessions_of(db: Db, login: str, now: int) -> list[Session]:
    """Where a login is logged in, latest first."""
    open_ones = select(Session).where(Session.login == login, Session.revoked_at.is_(None), Session.expires_at > now)
    return list(db.scalars(open_ones.order_by(Session.seen_at.desc())))


def revoke(session: Session, now: int) -> None:
    session.revoked_at = now


def no_longer_own(db: Db, login: str) -> None:
    """Somebody is staff now: her sessions may not be left alone any more, also on her own telephone."""
    db.execute(update(Session).where(Session.login == login, Session.own).values(own=False))


def revoke_all(db: Db, login: str, now: int) -> None:
    db.execute(update(Session).where(Session.login == login, Session.revoked_at.is_(None)).values(revoked_at=now))


def opaque(random: Callable[[int], bytes]) -> str:
    """256 random bits, for a cookie or a header."""
    return base64.urlsafe_b64encode(random(32)).rstrip(b"=").decode()


def hash_of(token: str) -> bytes:
    """A random token needs no slow hash."""
    return hashlib.sha256(token.encode()).digest()
