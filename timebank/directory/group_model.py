"""The tables of groups: who belongs to one, what became of each row of a roster; and the codes at the door."""

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from .model import Base, Code, Day, EntryId, Id, Ms, known_length, one_of


class Membership(Base):
    """A member of a group (`team`, of the kind group) from one day on, up to and with another; null: no end."""

    __tablename__ = "memberships"
    __table_args__ = (CheckConstraint("team <> person", name="two_people"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    team: Mapped[Id] = mapped_column(ForeignKey("people.id"), index=True)
    person: Mapped[Id] = mapped_column(ForeignKey("people.id"), index=True)
    from_day: Mapped[Day]
    until_day: Mapped[Day | None]
    noted_by: Mapped[Id] = mapped_column(ForeignKey("logins.id"))


class Roster(Base):
    """One event that was entered for several at once. `digest` is of the request: the same again is answered alike."""

    __tablename__ = "rosters"
    __table_args__ = (known_length("digest", 32),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    community: Mapped[Code] = mapped_column(ForeignKey("communities.code"))
    digest: Mapped[bytes]
    recorded_by: Mapped[Id] = mapped_column(ForeignKey("logins.id"))
    recorded_at: Mapped[Ms]


class RosterRow(Base):
    """What became of one who was there: entered, waiting for a second person, or refused with a code and its facts.

    `entry` is the id that the service has in the books, or would have had. `facts` is a JSON object.
    """

    __tablename__ = "roster_rows"
    __table_args__ = (
        one_of("outcome", "entered", "waiting", "refused"),
        CheckConstraint("(outcome = 'refused') = (code IS NOT NULL)", name="refused_has_a_code"),
    )

    roster: Mapped[Id] = mapped_column(ForeignKey("rosters.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person: Mapped[Id] = mapped_column(ForeignKey("people.id"), index=True)
    minutes: Mapped[int]
    entry: Mapped[EntryId]
    outcome: Mapped[str] = mapped_column(String(10))
    code: Mapped[str | None] = mapped_column(String(40))
    facts: Mapped[str] = mapped_column(String(1000))


class DoorCode(Base):
    """The code on the card inside somebody's door. A new one takes the place of the old."""

    __tablename__ = "door_codes"
    __table_args__ = (known_length("code_hash", 32),)

    person: Mapped[Id] = mapped_column(ForeignKey("people.id"), primary_key=True)
    code_hash: Mapped[bytes]
    made_at: Mapped[Ms]
