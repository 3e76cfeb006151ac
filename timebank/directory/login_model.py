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
