"""An old copy of a world's database, put in the place of the newer one: what an operator does who does not know."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, event, make_url, select, text

from tests import conftest
from tests.world import HERE, World
from timebank.bank import Bank
from timebank.ledger import metadata


@dataclass
class Backup:
    """Copies of one database, whichever engine it is on; the high-water file is never among them."""

    world: World
    folder: Path
    database: "conftest.TestDatabase"
    server: URL | None

    def take(self, name: str) -> None:
        self.world.bank.engine.dispose()
        if self.server is None:
            shutil.copy(self.folder / "timebank.db", self.folder / f"{name}.copy")
        else:
            conftest._copy_database(self.server, self._name, f"{self._name}_{name}")

    def put_back(self, name: str) -> None:
        """The copy in the database's place, and the service started anew on it."""
        self.world.bank.close()
        if self.server is None:
            for leftover in self.folder.glob("timebank.db-*"):
                leftover.unlink()
            shutil.copy(self.folder / f"{name}.copy", self.folder / "timebank.db")
        else:
            conftest._copy_database(self.server, f"{self._name}_{name}", self._name)
        self.world.bank = Bank(self.world.bank.settings, clock=self.world.clock, random=self.world.bank.random)

    def with_other_marks(self) -> None:
        """Another machine's high-water file, so that this copy may go its own way; `own_marks` brings back ours."""
        self.world.bank.close()
        shutil.copy(self.folder / "highwater", self.folder / "highwater.true")
        (self.folder / "highwater").unlink()
        self.world.bank = Bank(self.world.bank.settings, clock=self.world.clock, random=self.world.bank.random)
        with self.world.bank.view() as view:
            head = view.head(self.world.bank.origin(HERE))
        self.world.bank.highwater.replace(head.number, head.origin, head.size, head.root)

    def own_marks(self) -> None:
        shutil.copy(self.folder / "highwater.true", self.folder / "highwater")

    def drop(self) -> None:
        if self.server is not None:
            with conftest._superuser(self.server) as connection:
                found = connection.execute(
                    "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{self._name}_%"]
                ).fetchall()
                for (name,) in found:
                    connection.execute(f'DROP DATABASE "{name}"'.encode())

    @property
    def _name(self) -> str:
        return str(make_url(self.database.app_url).database)


def ledger_tables(bank: Bank, origin: str) -> dict[str, set[tuple[Any, ...]]]:
    """Every row of every table that belongs to one ledger."""
    with bank.engine.connect() as connection:
        number = connection.execute(text("SELECT id FROM ledgers WHERE origin = :o"), {"o": origin}).scalar_one()
        return {
            table.name: {
                tuple(row)
                for row in connection.execute(
                    select(table).where((table.c.id if table.name == "ledgers" else table.c.ledger) == number)
                )
            }
            for table in metadata.sorted_tables
        }


@contextmanager
def dying_at_commit(bank: Bank, number: int) -> Iterator[None]:
    """Somebody pulls the plug just before that commit of a writer takes effect, counted from 1."""
    commits = 0

    def dies(connection: Connection) -> None:
        nonlocal commits
        commits += bool(connection.get_execution_options().get("timebank_writes"))
        if commits == number:
            raise KeyboardInterrupt

    event.listen(bank.engine, "commit", dies)
    yield
    event.remove(bank.engine, "commit", dies)
    assert commits == number
