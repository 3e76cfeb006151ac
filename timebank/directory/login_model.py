"""The tables of how members get in: PINs that were chosen, codes sent to a telephone, and the texts on their way."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from .model import Base, Id, Ms


class PinChange(Base):
    """A PIN was chosen for the login of somebody's card: `by` is the login at the counter, or her own."""

    __tablename__ = "pin_changes"
    __table_args__ = (Index("ix_pin_changes_person", "person", "at"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    person: Mapped[Id] = mapped_column(ForeignKey("people.id"))
    by: Mapped[Id]
    at: Mapped[Ms]


class LoginCode(Base):
    """A code that was sent to a telephone, for the browser that holds its ticket; both only as hashes.

    `tries`: wrong ones so far; `proved_at`: when the right one was typed, from when on it is asked who of the household
    logs in.
    """

    __tablename__ = "login_codes"

    ticket_hash: Mapped[bytes] = mapped_column(primary_key=True)
    phone_blind: Mapped[bytes]
    code_hash: Mapped[bytes]
    expires_at: Mapped[Ms] = mapped_column(index=True)
    tries: Mapped[int]
    proved_at: Mapped[Ms | None]


class TextMessage(Base):
    """A text message that the gateway has not taken yet; it is gone once it was taken, or is no use any more."""

    __tablename__ = "text_messages"

    id: Mapped[Id] = mapped_column(primary_key=True)
    sealed_to: Mapped[bytes]
    sealed_text: Mapped[bytes]
    expires_at: Mapped[Ms] = mapped_column(index=True)
