"""Somebody died or cannot decide alone any more: nobody waits for a visit that will not be, and no hours stay held."""

from timebank import directory, lifecycle
from timebank.bank import Work
from timebank.directory.people import Known
from timebank.lifecycle import Act, State

from . import steps


def stop_for(work: Work, person: Known, login: str, reason: str) -> None:
    """Give back what was ordered for somebody and has not begun, and put what she had taken on the board again.

    A service that has begun stays: what was given is confirmed or entered as usual.
    """
    early = [state.value for state in State if lifecycle.allowed(Act.CANCEL, state)]
    for order in directory.orders.for_elder(work.connection, person.id, early):
        if order.community == person.community and work.repeated(f"{order.hold}.outcome", ("stop", person.id)) is None:
            hold = steps.open_hold(work, order.hold)
            steps.take(work, order, Act.CANCEL, login, reason)
            record = steps.release(work, hold, reason)
            work.recorded_by(login, record.id)
    for order in directory.orders.of_volunteer(work.connection, person.id, [State.ACCEPTED.value]):
        steps.take(work, order, Act.GIVE_BACK, login, reason, volunteer=None)
