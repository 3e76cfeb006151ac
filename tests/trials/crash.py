"""Kill the whole service while it records visits, and count what of the acknowledged is lost: `./run crash`."""

import argparse
import random
import statistics
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text

from tests.conftest import TestDatabase
from tests.trials import stage
from tests.trials.clients import MINUTES, Clients, Receipt
from tests.trials.service import Service
from tests.world import HERE, World
from timebank.access import OPERATOR, Right
from timebank.bank import Bank
from timebank.database import open_engine
from timebank.ledger import Corrupted, Declined, parse_record, reads
from timebank.services import audits, logins, statements

KILLS = 200
_LONGEST_WAIT_S = 0.3  # about twenty visits: long enough for every step of a write to be the one that is hit
_HEADS = (
    "engine", "kills", "idle, not counted", "in flight at a kill", "acknowledged", "retried", "kept, not acknowledged",
    "lost", "doubled", "verified", "start to first write",
)  # fmt: skip


@dataclass
class Result:
    """What one engine's trial came to. `broken` says in words which promise was, and is empty when none was."""

    engine: str
    kills: int = 0
    idle: int = 0
    in_flight: list[int] = field(default_factory=list)
    acknowledged: int = 0
    retried: int = 0
    kept: int = 0
    lost: int = 0
    doubled: int = 0
    verified: int = 0
    entries: int = 0
    first_write_s: list[float] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def row(self) -> tuple[object, ...]:
        flying = f"{min(self.in_flight)} to {max(self.in_flight)}" if self.in_flight else "–"
        first = f"{statistics.median(self.first_write_s):.1f} s" if self.first_write_s else "–"
        verified = f"{self.verified} times, {self.entries} entries"
        return (
            self.engine, self.kills, self.idle, flying, self.acknowledged, self.retried, self.kept, self.lost,
            self.doubled, verified, first,
        )  # fmt: skip


class Trial:
    """One engine: a service, its clients, and the books as a fresh process finds them."""

    def __init__(self, database: TestDatabase, folder: Path, seed: int) -> None:
        self.database = database
        self.moments = random.Random(seed)
        self.world = stage.world_of_today(database, folder)
        self.result = Result(database.engine)
        self.service = Service(self.world.bank.settings, folder / "service.log")
        self.clients = Clients(_token(self.world), self._visit, self.world.bank.uuid)
        self.world.bank.close()
        # The newest head that was seen in use: not even an unacknowledged entry may vanish once it was read.
        self._size = 0
        self._kept: set[str] = set()

    def _visit(self) -> dict[str, object]:
        people = {name: known.id for name, known in self.world.people.items()}
        return {
            "volunteer": people[random.choice(("li", "zhao"))],
            "served": [people["wang"]],
            "day": self.world.clock.day,
            "minutes": MINUTES,
            "service": "company",
            "confirmed": "card",
        }

    def run(self, kills: int) -> Result:
        try:
            while self.result.kills < kills and not self.result.broken:
                self._round()
                if self.result.idle > kills:
                    self.result.broken.append("the service was idle at most of the kills: nothing was tried")
            if not self.result.broken:
                self._last_round()
        finally:
            self.service.kill()
        return self.result

    def _round(self) -> None:
        """Start, look, retry, write, and kill at some moment."""
        self._start()
        self.clients.begin(self.service.port)
        time.sleep(self.moments.uniform(0.002, _LONGEST_WAIT_S))
        flying = self.clients.in_flight()
        self.service.kill()
        self.clients.join()
        self._count()
        if flying:
            self.result.kills += 1
            self.result.in_flight.append(flying)
        else:
            self.result.idle += 1
        self._await_silence()

    def _last_round(self) -> None:
        """Everything that is still open is retried; then the service is stopped as an operator stops it."""
        self._start()
        self.clients.finish(self.service.port)
        self._count()
        self.service.stop()
        with _opened(self.world) as bank:
            self._check_all(bank)

    def _start(self) -> None:
        """The service starts on what the kill left, is asked what it found, and must write at once."""
        started = time.monotonic()
        self.service.start()
        up = time.monotonic() - started
        with _opened(self.world) as bank:
            found = self._look(bank)
        self.result.retried += len(self.clients.open)
        self._kept |= set(found)
        self.result.kept = len(self._kept)
        self.clients.expect(found)
        started = time.monotonic()
        if not self.clients.one(self.service.port):
            self.result.broken.append(f"the first write after a kill was not taken: {self.clients.declined}")
        self.result.first_write_s.append(up + time.monotonic() - started)

    def _look(self, bank: Bank) -> dict[str, Receipt]:
        """Verify the ledger as the kill left it; what of the unacknowledged is in it."""
        self._verify(bank)
        with bank.view() as view:
            head = view.head(bank.origin(HERE))
            raws = reads.raw_by_ids(view.connection, head, set(self.clients.open))
            newest = {receipt.seq: receipt for receipt in self.clients.newest.values()}
            records = reads.records(view.connection, head, newest)
        self.clients.newest.clear()
        self._check_kept(newest, {seq: record.hash.hex() for seq, record in records.items()})
        if head.size < self._size:
            self.result.broken.append(f"the ledger went back from {self._size} to {head.size} records")
        self._size = head.size
        return {entry: Receipt.of(parse_record(raw)) for entry, raw in raws.items()}

    def _verify(self, bank: Bank) -> None:
        try:
            self.result.entries = audits.verify(bank, OPERATOR, HERE).size
            self.result.verified += 1
        except (Corrupted, Declined) as error:
            self.result.broken.append(f"after kill {self.result.kills} the ledger does not verify: {error}")

    def _check_kept(self, acknowledged: dict[int, Receipt], found: dict[int, str]) -> None:
        lost = [seq for seq, receipt in acknowledged.items() if found.get(seq) != receipt.hash]
        self.result.lost += len(lost)
        self.result.broken += [f"acknowledged record {seq} is not in the ledger with these bytes" for seq in lost]

    def _count(self) -> None:
        self.result.acknowledged = len(self.clients.acknowledged)
        self.result.broken += self.clients.declined
        self.result.broken += self.clients.contradicted

    def _check_all(self, bank: Bank) -> None:
        """The whole ledger against everything that was ever answered."""
        self._verify(bank)
        with bank.view() as view:
            head = view.head(bank.origin(HERE))
            forked = [
                size for size, root in self.clients.heads.items() if reads.root_at(view.connection, head, size) != root
            ]
            records = [parse_record(raw) for raw in reads.raw_records(view.connection, head)]
        self.result.broken += [f"the signed head of {size} records does not lead here" for size in forked]
        hashes = {record.seq: record.hash.hex() for record in records}
        self._check_kept({one.seq: one for one in self.clients.acknowledged.values()}, hashes)
        made = [record.id for record in records if record.intent.kind == "service"]
        self.result.doubled += len(made) - len(set(made))
        asked = set(self.clients.acknowledged)
        if set(made) != asked:
            self.result.broken.append(f"{len(set(made) ^ asked)} entries are not those that were asked for")
        served = sum(statements.figures(bank, self.world.actors["clerk"], self.world.people[name].id).served
                     for name in ("li", "zhao"))  # fmt: skip
        if self.result.doubled or served != MINUTES * len(asked):
            self.result.broken.append(f"{served} minutes were credited for {len(asked)} visits of {MINUTES}")
        mark = bank.highwater.read(head.number)
        if mark is None or mark.size != head.size:
            self.result.broken.append("the high-water mark is not where the ledger is")

    def _await_silence(self) -> None:
        """PostgreSQL may still be busy with the last word of a process that is gone."""
        if self.database.engine != "postgresql":
            return
        engine = open_engine(self.database.owner_url, pooled=False)
        query = text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        until = time.monotonic() + 30
        with engine.connect() as connection:
            while connection.execute(query).scalar_one() and time.monotonic() < until:
                connection.rollback()
                time.sleep(0.01)


def _opened(world: World) -> closing[Bank]:
    """The bank as a process finds it that knows nothing of what went before."""
    return closing(Bank(world.bank.settings))


def _token(world: World) -> str:
    login = world.actors["clerk"].login
    return logins.issue_token(world.bank, OPERATOR, login, "trial", frozenset({Right.RECORD_VISIT}), 1)


def report(results: list[Result]) -> str:
    broken = [f"BROKEN, {result.engine}: {what}" for result in results for what in result.broken]
    return "\n".join([stage.table(_HEADS, [result.row() for result in results]), *broken])


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=KILLS, help="on each engine (%(default)s)")
    parser.add_argument("--engine", choices=stage.ENGINES, help="one engine only")
    parser.add_argument("--seed", type=int, default=1, help="of the moments of the kills (%(default)s)")
    options = parser.parse_args()
    results = []
    for engine in (options.engine,) if options.engine else stage.ENGINES:
        with stage.scratch() as folder, stage.database(engine, folder) as database:
            results.append(Trial(database, folder, options.seed).run(options.kills))
    print(f"seed {options.seed}\n{report(results)}")
    return 1 if any(result.broken for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
