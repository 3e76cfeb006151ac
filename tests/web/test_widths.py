"""Every journey at every width, in both languages and three sizes of type, with and without scripts.

The suite is a selection in which every two of these meet (32 walks, `pairwise_of`). `./run journeys` walks them all.
"""

import os
from itertools import combinations, product
from pathlib import Path

import pytest

from tests.web.browsing import Open
from tests.web.covering import everything, pairwise_of
from tests.web.journeys import JOURNEYS, WIDTHS, Walk
from tests.world import World

FACTORS = {
    "journey": tuple(JOURNEYS),
    "width": tuple(WIDTHS),
    "kind": ("normal", "large", "elder"),
    "language": ("zh", "en"),
    "scripts": ("scripts", "no scripts"),
}
WALKS = everything(FACTORS) if os.environ.get("ALL_JOURNEYS") else pairwise_of(FACTORS)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("name", "width", "kind", "language", "scripts"), WALKS)
def test_a_journey(
    world: World, open_as: Open, tmp_path: Path, name: str, width: str, kind: str, language: str, scripts: str
) -> None:
    JOURNEYS[name](Walk(world, open_as, tmp_path, name, width, language, kind, scripts == "scripts"))


def test_every_two_circumstances_meet_in_some_walk() -> None:
    chosen = pairwise_of(FACTORS)
    for one, other in combinations(range(len(FACTORS)), 2):
        wanted = set(product(list(FACTORS.values())[one], list(FACTORS.values())[other]))
        assert {(case[one], case[other]) for case in chosen} == wanted
    assert len(chosen) < 40
