"""The tables of orders: what was asked for, how far it has come, and where people were."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from .model import Base, Code, Day, EntryId, Id, Ms, Short, known_length, one_of

# The start of an order for which no time was said: after all that have one.
ANY_TIME = 1440


class Order(Base):
    """A service asked for, and how far it has come: `state` is a state of timebank/lifecycle.py.

    The hours are in the ledger, behind `hold`. `start` and `end` are the time window in minutes after midnight of the
    wanted day, ANY_TIME and None where no time was said; `rank` orders the board, 0 first; `due_at` is when the clock
    acts if nobody does. `grid` is the elder's when it was placed; `served_on` the day of a service that was given.
    """

    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint("minutes > 0", name="minutes_positive"),
        CheckConstraint("start BETWEEN 0 AND 1440", name="start_in_day"),
        Index("ix_orders_board", "community", "state", "rank", "wanted_day", "start", "id"),
        # As the board's own, for those who look at one grid of it.
        Index("ix_orders_grid", "community", "state", "grid", "rank", "wanted_day", "start", "id"),
        Index("ix_orders_month", "community", "wanted_day"),
        Index("ix_orders_due", "state", "due_at"),
        Index("ix_orders_volunteer", "volunteer", "state", "wanted_day"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    community: Mapped[Code] = mapped_column(ForeignKey("communities.code"))
    elder: Mapped[Id] = mapped_column(ForeignKey("people.id"), index=True)
    asked_by: Mapped[Id]  # a login or a person
    service: Mapped[Short]
    minutes: Mapped[int]
    wanted_day: Mapped[str] = mapped_column(String(20))
    sealed_note: Mapped[bytes | None]
    hold: Mapped[EntryId] = mapped_column(unique=True)
    created_at: Mapped[Ms]
    state: Mapped[str] = mapped_column(String(12), server_default="open")
    rank: Mapped[int] = mapped_column(SmallInteger, server_default="5")
    payer: Mapped[str] = mapped_column(String(10), server_default="elder")
    start: Mapped[int] = mapped_column(server_default="1440")
    end: Mapped[int | None]
    gender: Mapped[str | None] = mapped_column(String(1))
    speaks: Mapped[str | None] = mapped_column(String(10))
    grid: Mapped[str | None] = mapped_column(String(20))
    sealed_place: Mapped[bytes | None]
    volunteer: Mapped[Id | None] = mapped_column(ForeignKey("people.id"))
    series: Mapped[Id | None] = mapped_column(index=True)
    checked_in_at: Mapped[Ms | None]
    checked_out_at: Mapped[Ms | None]
    due_at: Mapped[Ms | None]
    lapses_at: Mapped[Ms | None]  # until when somebody may still take it
    steps: Mapped[int] = mapped_column(server_default="0")  # how many events it has
    entitlement: Mapped[str | None] = mapped_column(String(20))  # by what fund or issue pays for it
    paid: Mapped[int | None]  # minutes that went to the volunteer, and were not taken back
    served_on: Mapped[Day | None]


class OrderElder(Base):
    """One more person served by the order of a group."""

    __tablename__ = "order_elders"

    order: Mapped[Id] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    elder: Mapped[Id] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)


class OrderEvent(Base):
    """A transition of an order: what was done, by which login (None: the clock), and the state it led to."""

    __tablename__ = "order_events"

    order: Mapped[Id] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    act: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(12))
    login: Mapped[Id | None]
    reason: Mapped[str | None] = mapped_column(String(32))
    at: Mapped[Ms]


class Rating(Base):
    """What one side says of a service: one to five, and a text that can be erased."""

    __tablename__ = "ratings"
    __table_args__ = (one_of("side", "elder", "volunteer"), CheckConstraint("stars BETWEEN 1 AND 5", name="stars"))

    order: Mapped[Id] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    side: Mapped[str] = mapped_column(String(10), primary_key=True)
    stars: Mapped[int] = mapped_column(SmallInteger)
    sealed_text: Mapped[bytes | None]
    at: Mapped[Ms]


class TearOff(Base):
    """One of ten codes on the sheet that an elder keeps: each confirms one service."""

    __tablename__ = "tear_offs"
    __table_args__ = (known_length("code_hash", 32),)

    person: Mapped[Id] = mapped_column(ForeignKey("people.id"), primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(primary_key=True)
    made_at: Mapped[Ms]
    order: Mapped[Id | None] = mapped_column(ForeignKey("orders.id"))
    void_at: Mapped[Ms | None]


class Presence(Base):
    """Where somebody was, serving or served: two services of one person must not overlap in time."""

    __tablename__ = "presences"
    __table_args__ = (Index("ix_presences_person_day", "person", "day"),)

    entry: Mapped[EntryId] = mapped_column(primary_key=True)
    person: Mapped[Id] = mapped_column(ForeignKey("people.id"), primary_key=True)
    day: Mapped[Day]
    start: Mapped[int]  # minutes after midnight
    end: Mapped[int]
