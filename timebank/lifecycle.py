"""What may become of an order: its states, and the acts that lead from one to another. Pure.

Every other part of the program moves an order by an act of this table, so that what is not here does not happen.
docs/orders.md draws it.
"""

from dataclasses import dataclass
from enum import StrEnum, auto


class State(StrEnum):
    """How far an order has come. The two last are final, and each is one outcome of the hold in the ledger."""

    REQUESTED = auto()  # the station has to look at it
    OPEN = auto()  # on the board
    ACCEPTED = auto()  # a volunteer will go
    UNANSWERED = auto()  # nobody opened the door: station and family are called, a clock runs
    UNDERWAY = auto()  # the volunteer signed in
    SERVED = auto()  # the volunteer signed out; whoever was served confirms
    DISPUTED = auto()  # whoever was served says it was otherwise
    CONFIRMED = auto()  # settled: the volunteer has the hours
    RELEASED = auto()  # not given: the hours went back


class Act(StrEnum):
    """What somebody, or the clock, does to an order."""

    REQUEST = auto()
    REVIEW = auto()
    DECLINE = auto()
    ACCEPT = auto()
    DISPATCH = auto()
    GIVE_BACK = auto()
    MISS = auto()
    CHECK_IN = auto()
    KNOCK = auto()
    CHECK_OUT = auto()
    DOUBT = auto()
    CONFIRM = auto()
    ENTER = auto()
    REJECT = auto()
    CANCEL = auto()
    LAPSE = auto()
    CALL_OFF = auto()


FIRST = frozenset({State.REQUESTED, State.OPEN})
FINAL = frozenset({State.CONFIRMED, State.RELEASED})


@dataclass(frozen=True, slots=True)
class Step:
    """An act: from which states, to which, and by whom."""

    act: Act
    sources: frozenset[State]
    target: State
    by: str


def _step(act: Act, sources: tuple[State, ...], target: State, by: str) -> Step:
    return Step(act, frozenset(sources), target, by)


_BEFORE_SERVICE = (State.REQUESTED, State.OPEN, State.ACCEPTED)

STEPS: dict[Act, Step] = {
    step.act: step
    for step in (
        _step(Act.REVIEW, (State.REQUESTED,), State.OPEN, "clerk"),
        _step(Act.DECLINE, (State.REQUESTED,), State.RELEASED, "clerk"),
        _step(Act.ACCEPT, (State.OPEN,), State.ACCEPTED, "volunteer"),
        # Also in place of a volunteer who cannot go.
        _step(Act.DISPATCH, (State.OPEN, State.ACCEPTED), State.ACCEPTED, "clerk"),
        _step(Act.GIVE_BACK, (State.ACCEPTED,), State.OPEN, "volunteer"),
        _step(Act.MISS, (State.ACCEPTED,), State.OPEN, "clerk"),
        _step(Act.CHECK_IN, (State.ACCEPTED, State.UNANSWERED), State.UNDERWAY, "volunteer"),
        _step(Act.KNOCK, (State.ACCEPTED,), State.UNANSWERED, "volunteer"),
        _step(Act.CALL_OFF, (State.UNANSWERED,), State.RELEASED, "clerk"),
        _step(Act.CHECK_OUT, (State.UNDERWAY,), State.SERVED, "volunteer"),
        _step(Act.CONFIRM, (State.SERVED,), State.CONFIRMED, "elder, proxy, clerk; the clock"),
        _step(Act.DOUBT, (State.SERVED,), State.DISPUTED, "elder, proxy, clerk"),
        # From a slip of paper, all at once, however far the order had come; also what was decided of a doubt.
        _step(
            Act.ENTER,
            (*_BEFORE_SERVICE, State.UNANSWERED, State.UNDERWAY, State.SERVED, State.DISPUTED),
            State.CONFIRMED,
            "clerk; a lead where it is disputed",
        ),
        _step(Act.REJECT, (State.DISPUTED,), State.RELEASED, "lead"),
        _step(Act.CANCEL, _BEFORE_SERVICE, State.RELEASED, "elder, proxy, clerk"),
        _step(Act.LAPSE, (State.REQUESTED, State.OPEN), State.RELEASED, "clock"),
    )
}


def allowed(act: Act, state: State) -> bool:
    """Whether the act may be done to an order in this state."""
    return act in STEPS and state in STEPS[act].sources


def diagram() -> str:
    """The table as a Mermaid state diagram."""
    lines = ["stateDiagram-v2"]
    lines += [f"    [*] --> {state}: {Act.REQUEST}" for state in sorted(FIRST)]
    for step in STEPS.values():
        lines += [f"    {source} --> {step.target}: {step.act} ({step.by})" for source in sorted(step.sources)]
    lines += [f"    {state} --> [*]" for state in sorted(FINAL)]
    return "\n".join(lines) + "\n"
