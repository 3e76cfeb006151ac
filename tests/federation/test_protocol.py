"""The protocol of a transfer in every order of events: no hour is lost or doubled, and every transfer can end."""

from pathlib import Path

import pytest

from tests.federation import protocol
from tests.federation.protocol import BROKEN, explore

DOUBLED = "hours doubled: the payee has them, and the giver too"
LOST = "hours lost: sent, and nobody has them"
DOCUMENT = Path(__file__).parents[2] / "docs" / "federation.md"


def test_no_order_of_events_loses_or_doubles_an_hour() -> None:
    explored = explore()
    assert explored.faults() == []
    assert len(explored.steps) == 38, "the document names this number"


def test_from_every_state_the_transfer_can_still_end() -> None:
    assert explore().stuck() == []


def test_what_has_ended_never_changes() -> None:
    for state, steps in explore().steps.items():
        if state.is_final:
            assert {(step.state.sender, step.state.decision) for step in steps} <= {(state.sender, state.decision)}


def test_every_rule_is_reached() -> None:
    done = {step.rule for steps in explore().steps.values() for step in steps}
    assert done == {rule.__name__ for rule in protocol.RULES}


@pytest.mark.parametrize(
    ("variant", "fault", "how"),
    [
        ("release_on_timeout", DOUBLED, ("send", "prove", "admit", "pass_deadline", "release_on_timeout")),
        ("believe_it_arrived", LOST, ("send", "pass_deadline", "believe_it_arrived")),
        ("forget_decision", LOST, ("send", "prove", "admit", "conclude", "forget_decision")),
        ("admit_anew", DOUBLED, ("send", "prove", "admit_anew", "admit_anew")),
    ],
)
def test_a_protocol_that_is_broken_is_found_broken(variant: str, fault: str, how: tuple[str, ...]) -> None:
    """The control: a model that finds nothing here would find nothing anywhere."""
    assert dict(explore(BROKEN[variant]).faults())[fault] == how


def test_an_offer_that_is_made_only_once_may_stay_for_ever() -> None:
    explored = explore(BROKEN["prove_once"])
    assert explored.faults() == []
    assert ("prove_once", "lose") in explored.stuck()


def test_the_document_draws_these_states() -> None:
    assert protocol.drawn(explore()) in DOCUMENT.read_text(encoding="utf-8")
