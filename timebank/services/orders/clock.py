"""What happens to orders when nobody does anything: the clock closes, and confirms where a policy lets it."""

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import Bank
from timebank.ledger import Refused
from timebank.lifecycle import Act, State

from . import steps
from .confirming import confirm_by_silence

MOST_AT_ONCE = 500
# Whose clock runs out by itself. An unanswered door does not: a person must have been called first.
_RUNS_OUT = (State.REQUESTED, State.OPEN, State.SERVED)


def due(bank: Bank) -> list[tuple[str, str, str]]:
    """Orders whose time has come, the longest waiting first: community, hold, state."""
    with bank.view() as view:
        return directory.orders.due(view.connection, view.now, [state.value for state in _RUNS_OUT], MOST_AT_ONCE)


def run_clock(bank: Bank, actor: Actor | None) -> dict[str, int]:
    """Do what is due, each order in a transaction of its own: how many lapsed and were confirmed by silence.

    Safe to run twice at once: who comes second finds the order further on.
    """
    require(actor, Right.KEEP_BOOKS, "*")
    done = {"lapsed": 0, "confirmed": 0, "passed over": 0}
    for community, hold, state in due(bank):
        try:
            if state == State.SERVED:
                confirm_by_silence(bank, community, hold)
                done["confirmed"] += 1
            else:
                _lapse(bank, community, hold)
                done["lapsed"] += 1
        except Refused:
            # Somebody was quicker, or the community's books are closed for now: the next run sees it again.
            done["passed over"] += 1
    return done


def _lapse(bank: Bank, community: str, hold: str) -> None:
    with bank.work_for(community) as work:
        if work.repeated(f"{hold}.outcome", ("lapse", hold)) is None:
            order = steps.locked(work, community, hold)
            held = steps.open_hold(work, hold)
            steps.take(work, order, Act.LAPSE, None, "no-volunteer")
            steps.release(work, held, "no-volunteer")
