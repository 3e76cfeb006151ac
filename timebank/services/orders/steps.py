"""What every act on an order has in common: find the order, see that the act may be done, note that it was done."""

from dataclasses import replace
from datetime import date
from typing import Any

from timebank import directory, lifecycle
from timebank.bank import Reading, Work
from timebank.directory import ANY_TIME
from timebank.directory.orders import Asked
from timebank.ledger import Code, Hold, KeyRole, Record, Refused
from timebank.lifecycle import Act, State


def locked(reading: Reading, community: str, hold: str) -> Asked:
    """The order of this hold, nobody else's until the transaction ends; Refused when the community has none."""
    found = directory.orders.of_hold(reading.connection, community, hold, lock=True)
    if found is None:
        raise Refused(Code.ORDER_UNKNOWN, hold=hold)
    return found


def begin(reading: Reading, order: Asked, login: str) -> None:
    """Keep an order that was just made, and note by whom."""
    made = replace(order, steps=1, due_at=_due_at(order, State(order.state)))
    directory.orders.add(reading.connection, made)
    directory.orders.note(reading.connection, made, Act.REQUEST.value, login, None, reading.now)


def check(order: Asked, act: Act) -> None:
    """Refused when the order's state does not allow the act."""
    state = State(order.state)
    if not lifecycle.allowed(act, state):
        raise Refused(Code.ORDER_STATE, state=state.value, act=act.value)


def take(
    reading: Reading, order: Asked, act: Act, login: str | None, reason: str | None = None, **changes: Any
) -> Asked:
    """Do the act to the order and return what it becomes, with what else the act `changes` of it (fields of `Asked`);
    Refused when its state does not allow it. `login` None: the clock."""
    check(order, act)
    state = lifecycle.STEPS[act].target
    ahead: dict[str, Any] = {"state": state.value, "steps": order.steps + 1, "due_at": _due_at(order, state)}
    after = replace(order, **ahead | changes)
    directory.orders.keep(reading.connection, after)
    directory.orders.note(reading.connection, after, act.value, login, reason, reading.now)
    return after


def _due_at(order: Asked, state: State) -> int | None:
    """Also of an order that a volunteer gave back: it is on the board again, and so is its end."""
    return order.lapses_at if state in lifecycle.FIRST else None


def is_done(reading: Reading, order: Asked, act: Act, login: str) -> bool:
    """Whether this act, by this login, is what was done to the order last: a request sent twice."""
    if order.state != lifecycle.STEPS[act].target:
        return False  # whatever was done last, it led elsewhere
    return directory.orders.last_act(reading.connection, order) == (act.value, login)


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


def start_ms(order: Asked, offset_minutes: int) -> int:
    """When the service is to begin; the end of the day where no time was said."""
    return day_ms(order.wanted_day, offset_minutes) + order.start * 60_000


def day_ms(day: str, offset_minutes: int) -> int:
    """Midnight of a calendar day in the zone of the ledger, in milliseconds since the epoch."""
    return ((date.fromisoformat(day).toordinal() - 719_163) * 1440 - offset_minutes) * 60_000
