"""A hundred seeds of transfers between services that fail: every kind of fault and every end must be among them."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.federation import simulation
from tests.federation.houses import Town, found
from tests.federation.simulation import ENDS, FAULTS, Broken, Simulation, tell

SEEDS = range(1, 101)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return found(tmp_path_factory.mktemp("simulation") / "town")


def test_a_hundred_seeds_lose_and_double_no_hour_and_every_kind_of_fault_was_among_them(
    town: Town, tmp_path: Path
) -> None:
    counted: Counter[str] = Counter()
    for seed in SEEDS:
        told = tell(seed, town, tmp_path / "seed")
        assert any(told[fault] for fault in FAULTS), f"seed {seed} had no fault: it shows nothing"
        counted += told
    print(simulation.table(counted))
    assert [name for name in (*FAULTS, *ENDS) if not counted[name]] == []


def test_the_same_seed_does_the_same(town: Town, tmp_path: Path) -> None:
    assert tell(7, town, tmp_path / "one") == tell(7, town, tmp_path / "two")


def _lose_a_minute(run: Simulation) -> None:
    run.tally.balances[0]["issue"] += 1


def _take_one_for_accepted(run: Simulation) -> None:
    told = next(iter(run.tally.transfers.values()))
    told.decision = "refuse" if told.decision == "accept" else "accept"


@pytest.mark.parametrize("spoil", [_lose_a_minute, _take_one_for_accepted])
def test_what_is_wrong_in_the_books_is_found(town: Town, tmp_path: Path, spoil: Callable[[Simulation], None]) -> None:
    run = Simulation(1, town, tmp_path / "seed")
    run.run(30)
    spoil(run)
    with pytest.raises(AssertionError):
        run.tally.check()
    run.close()


def test_a_seed_that_breaks_names_the_command_that_repeats_it(tmp_path: Path) -> None:
    nowhere = Town(tmp_path / "nowhere", ())
    with pytest.raises(Broken, match=r"\./run simulate --from 3 --seeds 1 --steps 9$"):
        tell(3, nowhere, tmp_path / "seed", 9)
