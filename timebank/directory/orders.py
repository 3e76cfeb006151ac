"""Orders: what was asked for, behind the holds of the ledger."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session as Db

from .model import Order


def of_hold(db: Db, community: str, hold: str) -> Order | None:
    """The order for which this hold was made, if it is this community's."""
    return db.scalars(select(Order).where(Order.hold == hold, Order.community == community)).one_or_none()


def of_holds(db: Db, community: str, holds: Iterable[str]) -> dict[str, Order]:
    """The orders of these holds, by hold."""
    query = select(Order).where(Order.community == community, Order.hold.in_(sorted(holds)))
    return {order.hold: order for order in db.scalars(query)}


def of_elder(db: Db, elder: str) -> list[Order]:
    """All orders for one person, oldest first."""
    return list(db.scalars(select(Order).where(Order.elder == elder).order_by(Order.created_at)))
