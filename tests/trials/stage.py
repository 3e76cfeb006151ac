"""A world of its own for a trial that runs without pytest, on either engine, and the figures it prints."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import TestDatabase, fresh_postgresql, postgresql, sqlite_in
from tests.world import Clock, World, new_bank
from timebank.bank import system_clock

ENGINES = ("sqlite", "postgresql")
_HOUR_MS = 3_600_000


@contextmanager
def database(engine: str, folder: Path) -> Iterator[TestDatabase]:
    """An empty database: a file in `folder`, or one on a PostgreSQL server that ends with the trial."""
    if engine == "sqlite":
        yield sqlite_in(folder)
        return
    with postgresql() as server, fresh_postgresql(server) as made:
        yield made


@contextmanager
def scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="timebank-trial-") as folder:
        yield Path(folder)


def world_of_today(database: TestDatabase, folder: Path) -> World:
    """Two founded communities an hour ago, and now: for a service that looks at the real clock."""
    clock = Clock(system_clock() - _HOUR_MS)
    world = World(new_bank(folder, database.app_url, database.owner_url, clock), clock).build()
    clock.ms = system_clock()
    return world


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table that reads well in a terminal and in a Markdown file."""
    cells = [list(heads), *[[str(cell) for cell in row] for row in rows]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(heads))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)
