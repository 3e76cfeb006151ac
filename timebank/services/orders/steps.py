"""What every act on an order has in common: find the order, see that the act may be done, note that it was done."""

from collections.abc import Iterable
from datetime import date

from timebank import directory, lifecycle
from timebank.bank import Reading, Work
from timebank.directory import ANY_TIME, Order
from timebank.ledger import Code, Hold, KeyRole, Record, Refused
from timebank.lifecycle import Act, State


def locked(reading: Reading, community: str, hold: str) -> Order:
    """The order of this hold, nobody else's until the transaction ends; Refused when the community has none."""
    found = directory.orders.of_hold(reading.people, community, hold, lock=True)
    if found is None:
        raise Refused(Code.ORDER_UNKNOWN, hold=hold)
    return found


def begin(reading: Reading, order: Order, state: State, login: str) -> None:
    """Note that an order was made."""
    order.steps, order.state = 0, state.value
    reading.people.add(order)
    reading.people.flush()  # before its first event, which names it
    _note(reading, order, Act.REQUEST, state, login, None)


def take(reading: Reading, order: Order, act: Act, login: str | None, reason: str | None = None) -> None:
    """Do the act to the order; Refused when its state does not allow it. `login` None: the clock."""
    state = State(order.state)
    if not lifecycle.allowed(act, state):
        raise Refused(Code.ORDER_STATE, state=state.value, act=act.value)
    _note(reading, order, act, lifecycle.STEPS[act].target, login, reason)


def is_done(reading: Reading, order: Order, acts: Iterable[Act], login: str) -> bool:
    """Whether one of these acts, by this login, is what was done to the order last: a request sent twice."""
    last = reading.people.get(directory.OrderEvent, (order.id, order.steps))
    return last is not None and last.act in set(acts) and last.login == login


def _note(reading: Reading, order: Order, act: Act, state: State, login: str | None, reason: str | None) -> None:
    order.state = state.value
    # Also of an order that a volunteer gave back: it is on the board again, and so is its end.
    order.due_at = order.lapses_at if state in lifecycle.FIRST else None
    order.steps += 1
    event = directory.OrderEvent(
        order=order.id, n=order.steps, act=act.value, state=state.value, login=login, reason=reason, at=reading.now
    )
    reading.people.add(event)


def open_hold(work: Work, hold_id: str) -> Hold:
    """The hold, which has no outcome yet; Refused otherwise."""
    hold = work.writer.hold(hold_id)
    if hold is None:
        raise Refused(Code.ORDER_UNKNOWN, hold=hold_id)
    if hold.outcome is not None:
        raise Refused(Code.HOLD_FINISHED, hold=hold_id)
    return hold


def release(work: Work, hold: Hold, reason: str) -> Record:
    """Give the held minutes back to whoever they came from."""
    move = ("held:orders", hold.source, hold.minutes)
    return work.post(
        "release", move, by=(KeyRole.STATION,), id=f"{hold.id}.outcome", ref=hold.id, body={"reason": reason}
    )


def said_start(start: int) -> int | None:
    """The beginning of the time window that was asked for, in minutes after midnight; None where none was."""
    return None if start == ANY_TIME else start


def start_ms(order: Order, offset_minutes: int) -> int:
    """When the service is to begin; the end of the day where no time was said."""
    return day_ms(order.wanted_day, offset_minutes) + order.start * 60_000


def day_ms(day: str, offset_minutes: int) -> int:
    """Midnight of a calendar day in the zone of the ledger, in milliseconds since the epoch."""
    return ((date.fromisoformat(day).toordinal() - 719_163) * 1440 - offset_minutes) * 60_000
