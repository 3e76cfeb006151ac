"""The API over the world: fresh for each test, or one for a whole module of requests that change nothing."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.api.calls import Calls
from tests.world import Clock, World, new_bank
from timebank.app import create_app


@pytest.fixture
def calls(app: Flask, world: World) -> Calls:
    return Calls(app, world)


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calls]:
    """A world on SQLite that nobody changes: every request of the module is refused, or only reads."""
    folder = tmp_path_factory.mktemp("still")
    url = f"sqlite:///{folder / 'timebank.db'}"
    clock = Clock()
    bank = new_bank(folder, url, url, clock)
    world = World(bank, clock).build()
    world.record(minutes=90)
    yield Calls(create_app(bank.settings, bank), world)
    bank.close()
