"""The tables of the directory. Sealed columns hold what the vault made of a text; all times are milliseconds."""

from typing import Annotated

from sqlalchemy import (
    BigInteger,
    BindParameter,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    MetaData,
    String,
    bindparam,
    false,
    or_,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Id = Annotated[str, mapped_column(String(32))]  # 128 bits in hex
Code = Annotated[str, mapped_column(String(12))]  # a community of the administrative list
Origin = Annotated[str, mapped_column(String(255))]  # names a ledger
EntryId = Annotated[str, mapped_column(String(255))]
Short = Annotated[str, mapped_column(String(100))]
Ms = Annotated[int, mapped_column(BigInteger)]  # since 1970-01-01 UTC
Day = Annotated[str, mapped_column(String(10))]  # YYYY-MM-DD


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def one_of(column: str, *values: str) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(map(repr, values))})", name=f"{column}_known")


def known_length(column: str, length: int) -> CheckConstraint:
    return CheckConstraint(f"length({column}) = {length}", name=f"{column}_length")


class Community(Base):
    """Public facts of one community; its people never leave with it."""

    __tablename__ = "communities"
    __table_args__ = (known_length("code", 12),)

    code: Mapped[Code] = mapped_column(primary_key=True)
    origin: Mapped[Origin] = mapped_column(unique=True)
    name: Mapped[Short]
    town: Mapped[Short]
    county: Mapped[Short]
    closed_at: Mapped[Ms | None]


class Person(Base):
    """A volunteer, an elder, a family member, or several of these; or a group, or a provider of services.

    `speaks` and `offers`: codes of languages and of services, with a space between; `grid`: the part of the community
    (网格) where she lives; `times`: when she has time, and `goes_to`: to which grids she likes to go, also codes.
    `same_blind`: a keyed hash of name and day of birth, by which the same person is found in another community. Erasing
    leaves the row and its account, no more.
    """

    __tablename__ = "people"
    __table_args__ = (
        known_length("id", 32),
        known_length("account", 39),
        known_length("card", 10),
        one_of("language", "zh", "en"),
        CheckConstraint(
            "erased_at IS NULL OR (sealed_name IS NULL AND sealed_phone IS NULL AND sealed_address IS NULL"
            " AND sealed_note IS NULL AND sealed_born IS NULL AND phone_blind IS NULL)",
            name="erased_is_empty",
        ),
        CheckConstraint("erased_at IS NOT NULL OR sealed_name IS NOT NULL", name="named_until_erased"),
        Index("ix_people_volunteers", "community", "is_volunteer"),
        CheckConstraint("(sealed_phone IS NULL) = (phone_blind IS NULL)", name="phone_can_be_found"),
        one_of("kind", "person", "group", "provider"),
        CheckConstraint(
            "erased_at IS NULL OR (suspended_at IS NULL AND deceased_on IS NULL)", name="erased_has_no_standing"
        ),
        one_of("gender", "f", "m"),
        CheckConstraint(
            "erased_at IS NULL OR (gender IS NULL AND speaks = '' AND offers = '' AND grid IS NULL)",
            name="erased_has_no_profile",
        ),
        CheckConstraint(
            "erased_at IS NULL OR (same_blind IS NULL AND times = '' AND goes_to = '')", name="erased_has_no_times"
        ),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    community: Mapped[Code] = mapped_column(ForeignKey("communities.code"), index=True)
    account: Mapped[str] = mapped_column(String(39), unique=True)
    card: Mapped[str] = mapped_column(String(10), unique=True)
    sealed_name: Mapped[bytes | None]
    sealed_phone: Mapped[bytes | None]
    sealed_address: Mapped[bytes | None]
    sealed_note: Mapped[bytes | None]
    sealed_born: Mapped[bytes | None]
    phone_blind: Mapped[bytes | None] = mapped_column(index=True)
    is_volunteer: Mapped[bool]
    is_elder: Mapped[bool]
    is_family: Mapped[bool]
    language: Mapped[str] = mapped_column(String(2))
    registered_at: Mapped[Ms]
    erased_at: Mapped[Ms | None]
    kind: Mapped[str] = mapped_column(String(10), server_default="person")
    suspended_at: Mapped[Ms | None]
    deceased_on: Mapped[Day | None]
    gender: Mapped[str | None] = mapped_column(String(1))
    speaks: Mapped[str] = mapped_column(String(200), server_default="")
    offers: Mapped[str] = mapped_column(String(500), server_default="")
    grid: Mapped[str | None] = mapped_column(String(20))
    same_blind: Mapped[bytes | None] = mapped_column(index=True)
    times: Mapped[str] = mapped_column(String(200), server_default="")
    goes_to: Mapped[str] = mapped_column(String(120), server_default="")


class Kinship(Base):
    """What an elder is to a member, and for what she consented that the member acts for her.

    `scope`: names of the rights over her own that the consent covers, with a space between; empty: only the relation
    is known. `monthly_minutes`: the most that the member may use of her hours in a month; null: no limit. `noted_by`:
    the login that noted it, null where an older version did.
    """

    __tablename__ = "kinships"
    __table_args__ = (
        one_of("relation", "spouse", "parent", "parent_in_law", "grandparent", "child", "grandchild", "other"),
        one_of("proof", "household_book", "marriage_certificate", "birth_certificate", "declaration"),
        CheckConstraint("member <> elder", name="two_people"),
        CheckConstraint("monthly_minutes > 0", name="monthly_positive"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    member: Mapped[Id] = mapped_column(ForeignKey("people.id"), index=True)
    elder: Mapped[Id] = mapped_column(ForeignKey("people.id"), index=True)
    relation: Mapped[str] = mapped_column(String(20))
    proof: Mapped[str] = mapped_column(String(20))
    consented_at: Mapped[Ms]
    expires_at: Mapped[Ms | None]
    revoked_at: Mapped[Ms | None]
    scope: Mapped[str] = mapped_column(String(200), server_default="")
    monthly_minutes: Mapped[int | None]
    noted_by: Mapped[Id | None]


def is_consented() -> list[ColumnElement[bool]]:
    """The elder has consented to something and it holds at the time `now`."""
    now: BindParameter[int] = bindparam("now")
    return [
        Kinship.scope != "",
        Kinship.consented_at <= now,
        or_(Kinship.expires_at.is_(None), Kinship.expires_at > now),
        or_(Kinship.revoked_at.is_(None), Kinship.revoked_at > now),
    ]


class Login(Base):
    """One way in. The login name (phone, card or staff name) is kept only blind; erasing empties it."""

    __tablename__ = "logins"
    __table_args__ = (
        CheckConstraint(
            "NOT active OR (sealed_name IS NOT NULL AND name_blind IS NOT NULL AND secret_hash IS NOT NULL)",
            name="active_is_complete",
        ),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    person: Mapped[Id | None] = mapped_column(ForeignKey("people.id"), index=True)
    sealed_name: Mapped[bytes | None]
    name_blind: Mapped[bytes | None] = mapped_column(unique=True)
    secret_hash: Mapped[str | None] = mapped_column(String(200))
    active: Mapped[bool]
    created_at: Mapped[Ms]


class Grant(Base):
    """A role of a login, in one community or (`*`) everywhere."""

    __tablename__ = "grants"
    __table_args__ = (one_of("role", "member", "clerk", "lead", "auditor", "admin"),)

    login: Mapped[Id] = mapped_column(ForeignKey("logins.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(10), primary_key=True)
    community: Mapped[Code] = mapped_column(primary_key=True)
    granted_at: Mapped[Ms]


class RoleChange(Base):
    """A role that was given to a login or taken from it: `place` is that of the grant, `by` the login that did it."""

    __tablename__ = "role_changes"

    id: Mapped[Id] = mapped_column(primary_key=True)
    login: Mapped[Id] = mapped_column(ForeignKey("logins.id"), index=True)
    role: Mapped[str] = mapped_column(String(10))
    place: Mapped[Code]
    given: Mapped[bool]
    by: Mapped[Id]
    at: Mapped[Ms]


class Session(Base):
    """A browser that is logged in; the token itself is nowhere but in its cookie. `own`: it is said to be her own
    telephone or computer, and may be left alone."""

    __tablename__ = "sessions"
    __table_args__ = (known_length("token_hash", 32),)

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    login: Mapped[Id] = mapped_column(ForeignKey("logins.id"), index=True)
    created_at: Mapped[Ms]
    seen_at: Mapped[Ms]
    expires_at: Mapped[Ms]
    revoked_at: Mapped[Ms | None]
    own: Mapped[bool] = mapped_column(server_default=false())


class Token(Base):
    """A program's key to the API. `scopes` are names of rights with a space between."""

    __tablename__ = "tokens"
    __table_args__ = (known_length("token_hash", 32),)

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    login: Mapped[Id] = mapped_column(ForeignKey("logins.id"), index=True)
    label: Mapped[Short]
    scopes: Mapped[str]
    created_at: Mapped[Ms]
    expires_at: Mapped[Ms]
    revoked_at: Mapped[Ms | None]


class Attempt(Base):
    """Failed log-ins of one login name, or from one address, in the window that began at `began_at`."""

    __tablename__ = "attempts"
    __table_args__ = (known_length("subject", 32),)

    subject: Mapped[bytes] = mapped_column(primary_key=True)
    began_at: Mapped[Ms] = mapped_column(index=True)
    count: Mapped[int]


class Detail(Base):
    """What is private about an entry: its `memo` is the HMAC of this text under this salt."""

    __tablename__ = "details"
    __table_args__ = (known_length("salt", 32),)

    origin: Mapped[Origin] = mapped_column(primary_key=True)
    entry: Mapped[EntryId] = mapped_column(primary_key=True)
    salt: Mapped[bytes]
    sealed_text: Mapped[bytes]


class DetailPerson(Base):
    """Whom a detail is about, so that erasing one of them finds it."""

    __tablename__ = "details_people"

    origin: Mapped[Origin] = mapped_column(primary_key=True)
    entry: Mapped[EntryId] = mapped_column(primary_key=True)
    person: Mapped[Id] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)


class Request(Base):
    """The request that a service-signed entry answered: a retry with this digest gets the same receipt."""

    __tablename__ = "requests"
    __table_args__ = (known_length("digest", 32),)

    origin: Mapped[Origin] = mapped_column(primary_key=True)
    entry: Mapped[EntryId] = mapped_column(primary_key=True)
    digest: Mapped[bytes]


class Approval(Base):
    """What waits for a second person, and what that person decided."""

    __tablename__ = "approvals"
    __table_args__ = (
        one_of("kind", "reverse", "grant", "visit", "death", "incapable", "close", "estate"),
        one_of("decision", "approved", "refused"),
        CheckConstraint("asked_by <> decided_by", name="second_person"),
        CheckConstraint(
            "(decision IS NULL) = (decided_by IS NULL) AND (decision IS NULL) = (decided_at IS NULL)",
            name="decided_wholly",
        ),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    community: Mapped[Code] = mapped_column(ForeignKey("communities.code"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    subject: Mapped[EntryId] = mapped_column(index=True)  # an entry id, or an account
    sealed_payload: Mapped[bytes | None]
    asked_by: Mapped[Id] = mapped_column(ForeignKey("logins.id"))
    asked_at: Mapped[Ms]
    decided_by: Mapped[Id | None] = mapped_column(ForeignKey("logins.id"))
    decided_at: Mapped[Ms | None]
    decision: Mapped[str | None] = mapped_column(String(10))


class PolicyLayer(Base):
    """What the city (`*`), a county (its name) or a community (its code) wants otherwise than the layer above."""

    __tablename__ = "policy_layers"

    scope: Mapped[Short] = mapped_column(primary_key=True)
    text: Mapped[str]
    set_by: Mapped[Id]
    set_at: Mapped[Ms]


class Recorded(Base):
    """Which login recorded an entry: never in the ledger, but a second person must be another one."""

    __tablename__ = "recorded"

    origin: Mapped[Origin] = mapped_column(primary_key=True)
    entry: Mapped[EntryId] = mapped_column(primary_key=True)
    login: Mapped[Id] = mapped_column(ForeignKey("logins.id"))


class Evidence(Base):
    """Bytes from outside that speak against somebody, kept as they came: a head that we never signed."""

    __tablename__ = "evidence"

    id: Mapped[Id] = mapped_column(primary_key=True)
    origin: Mapped[Origin] = mapped_column(index=True)
    at: Mapped[Ms]
    what: Mapped[Short]
    note: Mapped[bytes]


class Document(Base):
    """A policy document, found by the SHA-256 that the ledger's policy entry names; never changed."""

    __tablename__ = "documents"
    __table_args__ = (known_length("sha256", 64),)

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    text: Mapped[str]


class Clock(Base):
    """One row: the time up to which the operator confirmed the clock after a leap."""

    __tablename__ = "clock"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    confirmed_ms: Mapped[Ms]


class Audit(Base):
    """One audit of a ledger: what was looked at, up to which head, and the fault it found.

    `first`: the record it began with, 0 for a full audit. A fault stops the ledger until `resolved_at`.
    """

    __tablename__ = "audits"
    __table_args__ = (
        one_of("kind", "full", "new", "scrub"),
        known_length("root", 32),
        Index(None, "origin", "ended_at"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    origin: Mapped[Origin]
    kind: Mapped[str] = mapped_column(String(10))
    began_at: Mapped[Ms]
    ended_at: Mapped[Ms]
    first: Mapped[int] = mapped_column(BigInteger)
    size: Mapped[int] = mapped_column(BigInteger)
    root: Mapped[bytes]
    fault: Mapped[str | None]
    resolved_at: Mapped[Ms | None]


class Digest(Base):
    """One day's line over all heads of this service, for the notice board and for others to keep."""

    __tablename__ = "digests"
    __table_args__ = (known_length("root", 32), CheckConstraint("heads > 0", name="heads_positive"))

    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    at: Mapped[Ms]
    heads: Mapped[int]
    root: Mapped[bytes]


class DigestHead(Base):
    """A signed head that a day's digest covers."""

    __tablename__ = "digest_heads"

    day: Mapped[str] = mapped_column(ForeignKey("digests.day"), primary_key=True)
    origin: Mapped[Origin] = mapped_column(primary_key=True)
    checkpoint: Mapped[bytes]
