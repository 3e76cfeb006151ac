"""The tables of other communities: what is held of each, and the hours that are on their way to one."""

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from .model import Base, Code, Id, Ms, Origin, known_length, one_of


class Peer(Base):
    """Another ledger as one community knows it: its genesis, the newest head that was verified, what it may owe.

    `limit_minutes` is the most that it may owe this community; `size` 0: no head was seen yet. While `frozen_at` is set
    nothing is taken from it and nothing sent.
    """

    __tablename__ = "peers"
    __table_args__ = (
        known_length("genesis", 32),
        CheckConstraint("(frozen_at IS NULL) = (frozen_why IS NULL)", name="frozen_wholly"),
        CheckConstraint("limit_minutes >= 0", name="limit_counted"),
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
