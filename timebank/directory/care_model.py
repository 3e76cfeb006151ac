"""The tables of care: doubts, calls, what was found odd, certificates of service, and what was filed."""

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from .model import Base, Code, Day, EntryId, Id, Ms, Origin, one_of


class Question(Base):
    """「这笔不对」: somebody's doubt about an entry until it is decided; one open question an entry.

    What was asked and answered lies with the private details of entries, which are erased with any of its people.
    `called`: it was said when the person was called back.
    """

    __tablename__ = "questions"
    __table_args__ = (
        one_of("decision", "stands", "reversed"),
        CheckConstraint("asked_by <> decided_by", name="second_person"),
        CheckConstraint(
            "(decision IS NULL) = (decided_by IS NULL) AND (decision IS NULL) = (decided_at IS NULL)",
            name="decided_wholly",
        ),
        Index(
            "uq_questions_open",
            "origin",
            "entry",
            unique=True,
            sqlite_where=text("decision IS NULL"),
            postgresql_where=text("decision IS NULL"),
        ),
        Index("ix_questions_community", "community", "decision", "asked_at"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    community: Mapped[Code] = mapped_column(ForeignKey("communities.code"))
    origin: Mapped[Origin]
    entry: Mapped[EntryId] = mapped_column(index=True)
    person: Mapped[Id] = mapped_column(ForeignKey("people.id"))  # whose entry it is
    called: Mapped[bool]
    asked_by: Mapped[Id] = mapped_column(ForeignKey("logins.id"))
    asked_at: Mapped[Ms]
    decided_by: Mapped[Id | None] = mapped_column(ForeignKey("logins.id"))
    decided_at: Mapped[Ms | None]
    decision: Mapped[str | None] = mapped_column(String(10))


class Callback(Base):
    """An entry that was drawn for a call to whoever was served, and what she said."""

    __tablename__ = "callbacks"
    __table_args__ = (
        one_of("answer", "given", "not-given", "unreachable"),
        CheckConstraint(
            "(answer IS NULL) = (called_by IS NULL) AND (answer IS NULL) = (called_at IS NULL)", name="called_wholly"
        ),
    )

    community: Mapped[Code] = mapped_column(ForeignKey("communities.code"), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    entry: Mapped[EntryId] = mapped_column(primary_key=True)
    origin: Mapped[Origin]
    drawn_at: Mapped[Ms]
    called_by: Mapped[Id | None] = mapped_column(ForeignKey("logins.id"))
    called_at: Mapped[Ms | None]
    answer: Mapped[str | None] = mapped_column(String(12))


class KinCheck(Base):
    """A declared relation that was drawn to be checked, and what came of it."""

    __tablename__ = "kin_checks"
    __table_args__ = (
        one_of("answer", "true", "false", "unclear"),
        CheckConstraint(
            "(answer IS NULL) = (checked_by IS NULL) AND (answer IS NULL) = (checked_at IS NULL)", name="checked_wholly"
        ),
        Index(None, "community", "month"),
    )

    kinship: Mapped[Id] = mapped_column(ForeignKey("kinships.id"), primary_key=True)
    community: Mapped[Code] = mapped_column(ForeignKey("communities.code"))
    month: Mapped[str] = mapped_column(String(7))
    drawn_at: Mapped[Ms]
    answer: Mapped[str | None] = mapped_column(String(10))
    checked_by: Mapped[Id | None] = mapped_column(ForeignKey("logins.id"))
    checked_at: Mapped[Ms | None]


class Flag(Base):
    """Something odd that somebody looked at and closed: what was counted then, and the outcome.

    Oddities themselves are counted anew each time from the ledger; one that has grown since is shown again.
    """

    __tablename__ = "flags"
    __table_args__ = (CheckConstraint("figure >= 0", name="figure_counted"),)

    community: Mapped[Code] = mapped_column(ForeignKey("communities.code"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    subject: Mapped[EntryId] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    figure: Mapped[int]
    closed_by: Mapped[Id] = mapped_column(ForeignKey("logins.id"))
    closed_at: Mapped[Ms]
    outcome: Mapped[str] = mapped_column(String(20))


class CareOwner(Base):
    """Who has taken something of care on: a finding, or an elder whom nobody visits (kind `unserved`, no period)."""

    __tablename__ = "care_owners"

    community: Mapped[Code] = mapped_column(ForeignKey("communities.code"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    subject: Mapped[EntryId] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    owner: Mapped[Id] = mapped_column(ForeignKey("logins.id"))
    taken_at: Mapped[Ms]


class Certificate(Base):
    """A certificate of service (志愿服务记录证明): asked for, made public, then issued, unless an objection stopped it.

    Name and services lie with the private details of entries, which are erased with the person; what stays says that a
    certificate of this number was issued over so many minutes. `size`: how many records of the books it looked at.
    """

    __tablename__ = "certificates"
    __table_args__ = (
        one_of("objection", "hours", "person", "other"),
        CheckConstraint("minutes > 0", name="minutes_positive"),
        CheckConstraint("(issued_by IS NULL) = (issued_at IS NULL)", name="issued_wholly"),
        CheckConstraint(
            "(stopped_by IS NULL) = (stopped_at IS NULL) AND (stopped_by IS NULL) = (objection IS NULL)",
            name="stopped_wholly",
        ),
        CheckConstraint("issued_at IS NULL OR stopped_at IS NULL", name="issued_or_stopped"),
        CheckConstraint("asked_by <> issued_by", name="second_person"),
        Index("ix_certificates_public", "community", "issued_at", "stopped_at", "public_until"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    community: Mapped[Code] = mapped_column(ForeignKey("communities.code"))
    origin: Mapped[Origin]
    person: Mapped[Id] = mapped_column(ForeignKey("people.id"), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    minutes: Mapped[int]
    first_day: Mapped[Day]
    last_day: Mapped[Day]
    asked_by: Mapped[Id] = mapped_column(ForeignKey("logins.id"))
    asked_at: Mapped[Ms]
    public_until: Mapped[Day]
    issued_by: Mapped[Id | None] = mapped_column(ForeignKey("logins.id"))
    issued_at: Mapped[Ms | None]
    stopped_by: Mapped[Id | None] = mapped_column(ForeignKey("logins.id"))
    stopped_at: Mapped[Ms | None]
    objection: Mapped[str | None] = mapped_column(String(10))


class Filing(Base):
    """Where an entry stands on its way into the ministry's system (待报送, 已报送, 被退回); without a row it waits.

    `why` it came back, of those that did and where it was said.
    """

    __tablename__ = "filings"
    __table_args__ = (
        one_of("state", "waiting", "filed", "returned"),
        CheckConstraint("why IS NULL OR state = 'returned'", name="why_returned"),
        one_of("why", "person", "times", "twice", "other"),
    )

    community: Mapped[Code] = mapped_column(ForeignKey("communities.code"), primary_key=True)
    entry: Mapped[EntryId] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    changed_by: Mapped[Id] = mapped_column(ForeignKey("logins.id"))
    changed_at: Mapped[Ms]
    why: Mapped[str | None] = mapped_column(String(10))
