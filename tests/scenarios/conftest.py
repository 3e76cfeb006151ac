"""Each scenario begins with the shipped rules on a Tuesday morning; its tags name rows of the table, no markers."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.scenarios.steps import answers, gatherings, hours, orders, people, rules, station
from tests.scenarios.story import Story
from tests.world import World


def pytest_configure(config: pytest.Config) -> None:
    for steps in (answers, gatherings, hours, orders, people, rules, station):
        config.pluginmanager.register(steps)


def pytest_bdd_apply_tag(tag: str, function: Callable[..., Any]) -> bool:
    return True


@pytest.fixture
def story(world: World) -> Iterator[Story]:
    made = Story(world)
    made.begin()
    yield made
    made.end()
