"""Orders: what was asked for, behind the holds of the ledger."""

from collections.abc import Iterable

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session as Db

from .order_model import Order


def of_hold(db: Db, community: str, hold: str) -> Order | None:
    """The order for which this hold was made, if it is this community's."""
    return db.scalars(select(Order).where(Order.hold == hold, Order.community == community)).one_or_none()


def of_holds(db: Db, community: str, holds: Iterable[str]) -> dict[str, Order]:
    """The orders of these holds, by hold."""
    query = select(Order).where(Order.community == community, Order.hold.in_(sorted(holds)))
    return {order.hold: order for order in db.scalars(query)}


# All orders for one person, open or not, by the hold of each.
OF_ELDER = select(Order.hold, Order.service, Order.wanted_day).where(Order.elder == bindparam("elder")).subquery()
