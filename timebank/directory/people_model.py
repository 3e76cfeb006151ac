"""The tables beside people: what was proved of somebody, and who decides for her. Days are of the community's zone."""

from sqlalchemy import CheckConstraint, ForeignKey, String
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
    """Who decides for somebody who cannot decide alone, and consented to her serving, up to a day; null: no end."""

    __tablename__ = "guardians"
    __table_args__ = (CheckConstraint("ward <> guardian", name="two_people"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    ward: Mapped[Id] = mapped_column(ForeignKey("people.id"), index=True)
    guardian: Mapped[Id] = mapped_column(ForeignKey("people.id"), index=True)
    proof: Mapped[str] = mapped_column(String(30))
    from_day: Mapped[Day]
    expires_on: Mapped[Day | None]
    recorded_by: Mapped[Id] = mapped_column(ForeignKey("logins.id"))


class HonourWish(Base):
    """Somebody who wishes to be named on the honour board of her community; without a row she is not named."""

    __tablename__ = "honour_wishes"

    person: Mapped[Id] = mapped_column(ForeignKey("people.id"), primary_key=True)
    community: Mapped[Code] = mapped_column(ForeignKey("communities.code"), index=True)
    wished_at: Mapped[Ms]
