"""What tests of transfers between communities of one service begin with."""

import pytest

from tests.world import World


@pytest.fixture
def rich(world: World) -> World:
    """Li has four hours here; Zhou lives in the other community."""
    world.record("li", "wang", minutes=240)
    return world
