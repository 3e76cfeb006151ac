"""The tables beside people: what was proved of somebody, and who decides for her. Days are of the community's zone."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from .model import Base, Code, Day, Id, Ms, one_of


class PersonClass(Base):
    """A class that somebody was proved to belong to, from one day on and up to another with it; null: no end."""

    __tablename__ = "person_classes"
    __table_args__ = (
        one_of("name", "key-elder", "disabled", "minor-in-hardship", "low-income", "veteran-family", "hardship"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    person: Mapped[Id] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str] = mapped_column(String(20))
    proof: Mapped[str] = mapped_column(String(30))
    granted_by: Mapped[Id] = mapped_column(ForeignKey("logins.id"))
    from_day: Mapped[Day]
    expires_on: Mapped[Day | None]


class Training(Base):
    """A course that a volunteer took, and up to which day it counts; null: no end."""

    __tablename__ = "trainings"

    id: Mapped[Id] = mapped_column(primary_key=True)
    person: Mapped[Id] = mapped_column(ForeignKey("people.id"), index=True)
    course: Mapped[str] = mapped_column(String(40))
    day: Mapped[Day]
    expires_on: Mapped[Day | None]
    recorded_by: Mapped[Id] = mapped_column(ForeignKey("logins.id"))


class Guardian(Base):
    """Who decides for somebody who cannot decide alone, and consented to her serving, up to a day; null: no end.

    `decides`: she is grown up and cannot any more, as two people found; else she is too young.
    """

    __tablename__ = "guardians"
    __table_args__ = (CheckConstraint("ward <> guardian", name="two_people"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    ward: Mapped[Id] = mapped_column(ForeignKey("people.id"), index=True)
    guardian: Mapped[Id] = mapped_column(ForeignKey("people.id"), index=True)
    proof: Mapped[str] = mapped_column(String(30))
    from_day: Mapped[Day]
    expires_on: Mapped[Day | None]
    recorded_by: Mapped[Id] = mapped_column(ForeignKey("logins.id"))
    decides: Mapped[bool] = mapped_column(server_default=false())


class Assessment(Base):
    """What a social worker found somebody to need, and whether to go along on the first visit."""

    __tablename__ = "assessments"
    __table_args__ = (one_of("need", "light", "medium", "severe"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    person: Mapped[Id] = mapped_column(ForeignKey("people.id"), index=True)
    day: Mapped[Day]
    need: Mapped[str] = mapped_column(String(10))
    accompany: Mapped[bool]
    expires_on: Mapped[Day | None]
    recorded_by: Mapped[Id] = mapped_column(ForeignKey("logins.id"))


class Stay(Base):
    """A stay of somebody in a hospital, from the day she went in to the day she left; null: she is still there."""

    __tablename__ = "stays"

    id: Mapped[Id] = mapped_column(primary_key=True)
    person: Mapped[Id] = mapped_column(ForeignKey("people.id"), index=True)
    from_day: Mapped[Day]
    expires_on: Mapped[Day | None]
    recorded_by: Mapped[Id] = mapped_column(ForeignKey("logins.id"))


class HonourWish(Base):
    """Somebody who wishes to be named on the honour board of her community; without a row she is not named."""

    __tablename__ = "honour_wishes"

    person: Mapped[Id] = mapped_column(ForeignKey("people.id"), primary_key=True)
    community: Mapped[Code] = mapped_column(ForeignKey("communities.code"), index=True)
    wished_at: Mapped[Ms]


class LastWish(Base):
    """To whom somebody's hours are to go after her death (生前意愿): a person, or (null) the public fund."""

    __tablename__ = "last_wishes"
    __table_args__ = (CheckConstraint("person <> heir", name="two_people"),)

    person: Mapped[Id] = mapped_column(ForeignKey("people.id"), primary_key=True)
    heir: Mapped[Id | None] = mapped_column(ForeignKey("people.id"), index=True)
    noted_by: Mapped[Id] = mapped_column(ForeignKey("logins.id"))
    noted_at: Mapped[Ms]


class Estate(Base):
    """The case of somebody who died and left hours; `until_day` is the last day for an heir, null: there is none.

    The number is enough to read how the case stands, and cannot be guessed.
    """

    __tablename__ = "estates"
    __table_args__ = (
        Index("ix_estates_open", "community", "closed_at"),
        Index("ix_estates_due", "closed_at", "until_day"),
    )

    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    community: Mapped[Code] = mapped_column(ForeignKey("communities.code"))
    person: Mapped[Id] = mapped_column(ForeignKey("people.id"), unique=True)
    opened_at: Mapped[Ms]
    until_day: Mapped[Day | None]
    closed_at: Mapped[Ms | None]


class Photo(Base):
    """A small picture of somebody's face, sealed; it is gone when she is erased."""

    __tablename__ = "photos"

    person: Mapped[Id] = mapped_column(ForeignKey("people.id"), primary_key=True)
    sealed_picture: Mapped[bytes]
    taken_at: Mapped[Ms]
    taken_by: Mapped[Id] = mapped_column(ForeignKey("logins.id"))
