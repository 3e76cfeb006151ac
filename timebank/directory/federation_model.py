"""The tables of other communities: what is held of each, and the hours that are on their way to one."""

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from .model import Base, Code, Day, EntryId, Id, Ms, Origin, known_length, one_of


class Peer(Base):
    """Another ledger as one community knows it: its genesis, the newest head that was verified, what it may owe.

    `limit_minutes` is the most that it may owe this community; `size` 0: no head was seen yet; `keys` are those of its
    staff that stood at that head, a line each. While `frozen_at` is set nothing is taken from it and nothing sent.

    `vkey` is the log key that signed the head. Of a ledger that another service keeps, which signs its requests with
    that key: its `url` (None: it is kept here), and the place as it calls itself. `shown` is how many records of ours
    it has seen, as far as is known; `applied` how many of its entries about the two were looked through.
    """

    __tablename__ = "peers"
    __table_args__ = (
        known_length("genesis", 32),
        CheckConstraint("(frozen_at IS NULL) = (frozen_why IS NULL)", name="frozen_wholly"),
        CheckConstraint("limit_minutes >= 0", name="limit_counted"),
        CheckConstraint(
            "(url IS NULL) = (place IS NULL) AND (url IS NULL OR vkey IS NOT NULL)", name="elsewhere_wholly"
        ),
    )

    community: Mapped[Code] = mapped_column(ForeignKey("communities.code"), primary_key=True)
    origin: Mapped[Origin] = mapped_column(primary_key=True)
    genesis: Mapped[bytes]
    limit_minutes: Mapped[int] = mapped_column(BigInteger)
    size: Mapped[int] = mapped_column(BigInteger)
    root: Mapped[bytes | None]
    note: Mapped[bytes | None]
    seen_at: Mapped[Ms | None]
    frozen_at: Mapped[Ms | None]
    frozen_why: Mapped[str | None] = mapped_column(String(40))
    url: Mapped[str | None] = mapped_column(String(200))
    vkey: Mapped[str | None] = mapped_column(String(255))
    place: Mapped[str | None] = mapped_column(String(200))
    shown: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    applied: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    keys: Mapped[str | None] = mapped_column(Text)


class Transfer(Base):
    """Hours on their way from a member here to an account of another ledger; one that is `offered` is still to be sent.

    There is no other queue: `due_at` is when it is tried next. `reason` is why it was refused there.
    """

    __tablename__ = "transfers"
    __table_args__ = (
        CheckConstraint("minutes > 0", name="minutes_positive"),
        one_of("state", "offered", "sent", "returned"),
        CheckConstraint("(state = 'offered') = (due_at IS NOT NULL)", name="due_while_open"),
        Index("ix_transfers_due", "state", "due_at"),
        Index("ix_transfers_community", "community", "state", "asked_at"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    community: Mapped[Code] = mapped_column(ForeignKey("communities.code"))
    peer: Mapped[Origin]
    person: Mapped[Id] = mapped_column(ForeignKey("people.id"), index=True)
    payee: Mapped[str] = mapped_column(String(39))
    sealed_payee: Mapped[bytes | None]  # what whoever sends may read of the payee's name
    minutes: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(32))
    asked_at: Mapped[Ms]
    due_at: Mapped[Ms | None]
    tries: Mapped[int]


class Cosignature(Base):
    """The newest head of a community's own ledger that another ledger's system key has countersigned.

    `note` is the head with its line; `at` when it was signed, by the clock over there.
    """

    __tablename__ = "cosignatures"

    community: Mapped[Code] = mapped_column(ForeignKey("communities.code"), primary_key=True)
    cosigner: Mapped[Origin] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[Ms]
    note: Mapped[bytes]


class KeptDigest(Base):
    """A digest line of another service, as one of its ledgers handed it over. Two of one host and day are both kept."""

    __tablename__ = "kept_digests"

    host: Mapped[Origin] = mapped_column(primary_key=True)
    day: Mapped[Day] = mapped_column(primary_key=True)
    line: Mapped[str] = mapped_column(String(400), primary_key=True)
    sender: Mapped[Origin]
    received_at: Mapped[Ms]


class Reconciliation(Base):
    """A run that compared the books of two ledgers at one cut: `size` and `peer_size` records.

    `own_count` and `peer_count`: how many entries about the pair each had then; the next run begins after these. `due`
    and `peer_due` are what each has as due from the other, `in_flight` what was accepted and is not concluded.
    `peer_link` is the hash of the last of its entries, which the next one names.
    """

    __tablename__ = "reconciliations"
    __table_args__ = (
        one_of("result", "agree", "differ"),
        Index("ix_reconciliations_pair", "community", "peer", "at"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    community: Mapped[Code] = mapped_column(ForeignKey("communities.code"))
    peer: Mapped[Origin]
    at: Mapped[Ms]
    size: Mapped[int] = mapped_column(BigInteger)
    peer_size: Mapped[int] = mapped_column(BigInteger)
    own_count: Mapped[int] = mapped_column(BigInteger)
    peer_count: Mapped[int] = mapped_column(BigInteger)
    due: Mapped[int] = mapped_column(BigInteger)
    peer_due: Mapped[int] = mapped_column(BigInteger)
    in_flight: Mapped[int] = mapped_column(BigInteger)
    result: Mapped[str] = mapped_column(String(10))
    peer_link: Mapped[str | None] = mapped_column(String(64))


class Agreement(Base):
    """A statement of what both books say of one another at a cut, with the signatures of both ledgers."""

    __tablename__ = "agreements"

    community: Mapped[Code] = mapped_column(ForeignKey("communities.code"), primary_key=True)
    peer: Mapped[Origin] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    peer_size: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    at: Mapped[Ms]
    note: Mapped[bytes]


class Difference(Base):
    """Something in which the books of two ledgers differ, until somebody has resolved it by an entry; `owner` is the
    login that has taken it on."""

    __tablename__ = "differences"
    __table_args__ = (
        one_of("kind", "missing-here", "missing-there", "amount", "mirror"),
        CheckConstraint(
            "(resolved_at IS NULL) = (resolved_by IS NULL) AND (resolved_at IS NULL) = (resolution IS NULL)",
            name="resolved_wholly",
        ),
        Index("ix_differences_open", "community", "resolved_at"),
    )

    community: Mapped[Code] = mapped_column(ForeignKey("communities.code"), primary_key=True)
    peer: Mapped[Origin] = mapped_column(primary_key=True)
    entry: Mapped[EntryId] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    found_at: Mapped[Ms]
    resolved_at: Mapped[Ms | None]
    resolved_by: Mapped[Id | None] = mapped_column(ForeignKey("logins.id"))
    resolution: Mapped[str | None] = mapped_column(String(100))
    owner: Mapped[Id | None] = mapped_column(ForeignKey("logins.id"))
