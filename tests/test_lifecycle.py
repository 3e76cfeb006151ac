"""The table of an order's states: nothing is out of reach, nothing is stuck, and the picture is the table."""

from pathlib import Path

from timebank import lifecycle
from timebank.lifecycle import FINAL, FIRST, STEPS, State

DOCUMENT = Path(__file__).parent.parent / "docs" / "orders.md"


def _reached(start: frozenset[State]) -> set[State]:
    found = set(start)
    while more := {step.target for step in STEPS.values() if step.sources & found} - found:
        found |= more
    return found


def test_every_state_can_be_reached() -> None:
    assert _reached(FIRST) == set(State)


def test_from_every_state_an_order_can_still_end() -> None:
    for state in State:
        assert _reached(frozenset({state})) & FINAL, state


def test_what_has_ended_stays_as_it_is() -> None:
    assert not any(step.sources & FINAL for step in STEPS.values())


def test_the_picture_in_the_documents_is_the_table() -> None:
    assert lifecycle.diagram() in DOCUMENT.read_text(encoding="utf-8")
