"""Ledgers to measure: a few hundred people, and visits signed beforehand, because signing is the caller's."""

import random
import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from tests.ledger.cast import ORIGIN, Desk, found, log_signer
from tests.world import HERE, START_MS, Clock, new_bank
from timebank import migrations
from timebank.access import OPERATOR
from timebank.bank import Bank
from timebank.database import WRITES, open_engine
from timebank.ledger import Intent, KeyRole, Move, Record, SignedIntent, Signer, Writer, formed, reads, sign
from timebank.services import communities, keys

TODAY = "2026-09-21"
DAYS = 400


def sqlite_url() -> str:
    """A new file on the disk of the temporary folder."""
    return f"sqlite:///{Path(tempfile.mkdtemp(prefix='timebank-bench-')) / 'bench.db'}"


class Shop:
    """A founded ledger, half volunteers, half elders, and nothing around it."""

    def __init__(self, url: str, origin: str = ORIGIN, people: int = 400, engine: Engine | None = None) -> None:
        if engine is None:
            migrations.upgrade(url, url)
        self.engine = engine or open_engine(url)
        self.origin = origin
        self.desk = Desk(origin)
        self._random = random.Random(1)
        self._half = people // 2
        with self.engine.connect().execution_options(**WRITES) as connection, connection.begin():
            found(connection, self.desk)
        self.append_all([self.desk.open(f"{side}-{n}") for n in range(self._half) for side in "ve"])

    def visits(self, count: int) -> list[SignedIntent]:
        pairs = [(self._random.randrange(self._half), self._random.randrange(self._half)) for _ in range(count)]
        return [formed(self.desk.service(f"v-{one}", f"e-{other}", 1, TODAY)) for one, other in pairs]

    def append_all(self, signed: Sequence[SignedIntent]) -> list[Record]:
        with self.engine.connect().execution_options(**WRITES) as connection, connection.begin():
            writer = Writer(connection, self.origin, self.desk.ms)
            records = writer.append_all(signed)
            writer.flush(log_signer)
        return records

    def head(self) -> reads.Head:
        with self.engine.connect() as connection:
            return reads.head(connection, self.origin)


class Counter:
    """A bank on SQLite with its gate, marks and clock, and a station that signs elsewhere with a key of its own."""

    def __init__(self, people: int = 40, start_ms: int = START_MS) -> None:
        folder = Path(tempfile.mkdtemp(prefix="timebank-bench-"))
        url = f"sqlite:///{folder / 'bench.db'}"
        self.clock = Clock(start_ms)
        self.bank: Bank = new_bank(folder, url, url, self.clock)
        founding = communities.Founding(code=HERE, name="社区", town="街道", county="区")
        communities.found(self.bank, OPERATOR, founding)
        self.origin = self.bank.origin(HERE)
        self.station = Signer.generate(f"{self.origin}/station-program")
        keys.register(self.bank, OPERATOR, HERE, str(self.station.vkey), KeyRole.STATION)
        self._random = random.Random(1)
        self.accounts = [f"member:{self._random.randbytes(16).hex()}" for _ in range(people)]
        for account in self.accounts:
            self.append(self._signed("open", {"account": account, "class": "person"}, id=f"{account}.open"))
        self._first = date.fromisoformat(self.clock.day)
        self._made = 0
        # All visits were some time ago, ten a day for each volunteer: no day's cap is reached.
        self.clock.advance(days=DAYS)
        self.bank.confirm_clock()

    def _signed(self, kind: str, body: dict[str, Any], *moves: Move, id: str | None = None) -> SignedIntent:
        intent = Intent(
            ledger=self.origin, id=id or self.bank.uuid(), kind=kind, at=self.clock.ms, by=self.station.name,
            body=body, moves=moves,
        )  # fmt: skip
        return sign(intent, self.station)

    def visit(self) -> SignedIntent:
        people = len(self.accounts)
        server, served = self.accounts[self._made % people], self.accounts[(self._made + 1) % people]
        day = self._first + timedelta(days=self._made // people // 10)
        self._made += 1
        body = {
            "day": day.isoformat(), "minutes": 30, "credited": 30, "server": server, "served": [served],
            "service": "company", "catalogue": 1, "confirmed": "card",
        }  # fmt: skip
        return self._signed("service", body, Move("issue", server, 30))

    def append(self, signed: SignedIntent) -> Record:
        """One entry in a transaction of its own, acknowledged: committed, and its head marked."""
        with self.bank.work(self.origin) as work:
            return work.append(signed)
