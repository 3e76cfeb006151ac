"""The place of the deed: a bank with two ledgers, and what people outside it hold in their hands."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from tests.ledger.cast import PEER, seed
from tests.world import ELSEWHERE, HERE, Clock, World, new_bank, opened_bank
from timebank.access import OPERATOR
from timebank.database import WRITES, open_engine
from timebank.ledger import NO_HASH, Intent, KeyRole, Move, Record, SignedIntent, Signer, reads, sign, text_hash
from timebank.services import audits, digests, keys, seals

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Outside:
    """What others keep: the receipt of the entry `middle`, and the day's digest with the head of then."""

    receipt: bytes
    digest: str
    head: bytes


@dataclass(frozen=True, slots=True)
class Told:
    """The entries of the story, oldest first: before the seal, after it, after the receipt, after the digest too.

    `hold`: an open hold. `held`: one whose outcome is in the books.
    """

    older: str
    held: str
    middle: str
    between: str
    newer: str
    hold: str


class Scene:
    """One copy of the story, open: `world.bank` is the service, `owner()` the way in of who owns the database."""

    def __init__(self, world: World, folder: Path, owner_url: str, told: Told, outside: Outside) -> None:
        self.world, self.folder, self.owner_url = world, folder, owner_url
        self.told, self.outside = told, outside
        self._is_open = True

    @property
    def origin(self) -> str:
        return self.world.bank.origin(HERE)

    def key(self, name: str) -> Signer:
        """A key that is not the service's: the one of a program, a device, a stranger; the same in every run."""
        return outsider(self.origin, name)

    def own_key(self, name: str) -> Signer:
        """A key that the service holds: `log`, `station-1`, `lead-1`, `system-1`."""
        ring = self.world.bank.keyring
        return ring.signer(self.origin if name == "log" else f"{self.origin}/{name}")

    def admins(self) -> tuple[Signer, Signer]:
        host = self.world.bank.settings.host
        first, second = (self.world.bank.keyring.signer(f"{host}/admin-{number}") for number in (1, 2))
        return first, second

    def account(self, person: str) -> str:
        return self.world.people[person].account

    @contextmanager
    def owner(self) -> Iterator[Connection]:
        """As who owns the tables: the seat belts are taken off first."""
        engine = open_engine(self.owner_url, pooled=False)
        with engine.connect().execution_options(**WRITES) as connection, connection.begin():
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
                for verb in ("UPDATE", "DELETE"):
                    connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS entries_no_{verb}")
            else:
                connection.exec_driver_sql("ALTER TABLE entries DISABLE TRIGGER USER")
            yield connection
        engine.dispose()

    def head(self) -> reads.Head:
        with self.world.bank.view() as view:
            return view.head(self.origin)

    def record(self, entry: str) -> Record:
        with self.world.bank.view() as view:
            return reads.record_by_id(view.connection, view.head(self.origin), entry)

    def records(self) -> list[Record]:
        with self.world.bank.view() as view:
            head = view.head(self.origin)
            return reads.by_raw(head, reads.raw_records(view.connection, head))

    def close(self) -> None:
        """Nobody holds the database's file any more."""
        if self._is_open:
            self.world.bank.close()
        self._is_open = False

    def reopen(self) -> None:
        """The service starts anew: nothing that it remembered is left."""
        self.close()
        bank = self.world.bank
        self._is_open = True
        self.world.bank = type(bank)(bank.settings, clock=self.world.clock, random=bank.random)

    def intent(self, kind: str, *moves: tuple[str, str, int], by: Signer, **fields: Any) -> Intent:
        values: dict[str, Any] = {"id": self.world.bank.uuid(), "at": self.world.clock.ms, "ledger": self.origin}
        return Intent(kind=kind, by=by.name, moves=tuple(Move(*move) for move in moves), **values | fields)

    def service(
        self, by: Signer, minutes: int = 60, *more: Signer, day: str | None = None, **fields: Any
    ) -> SignedIntent:
        """Li served Wang, as somebody outside would sign it."""
        body = {
            "day": day or self.world.clock.day,
            "minutes": minutes,
            "credited": minutes,
            "server": self.account("li"),
            "served": [self.account("wang")],
            "service": "company",
            "catalogue": 1,
            "confirmed": "card",
        }
        move = ("issue", self.account("li"), minutes)
        return sign(self.intent("service", move, by=by, body=body, **fields), by, *more)

    def device_service(self, **fields: Any) -> SignedIntent:
        """The next one in the device's chain; with `seen`, the head as it is now."""
        records = [record for record in self.records() if record.intent.device is not None]
        link = text_hash(records[-1].note) if records else NO_HASH
        return self.service(self.key("device-1"), device=(len(records) + 1, link), **fields)

    def send(self, minutes: int = 10, **body: Any) -> SignedIntent:
        """Minutes held for a person of a neighbour's."""
        station = self.own_key("station-1")
        fields = {"peer": PEER, "payee": self.account("li"), "deadline": self.world.clock.ms, "reason": "parent"}
        move = (self.account("li"), f"held:{PEER}", minutes)
        uuid = self.world.bank.uuid()
        return sign(self.intent("send", move, by=station, id=f"{uuid}.hold", body=fields | body), station)


def outsider(origin: str, name: str) -> Signer:
    return Signer(f"{origin}/{name}", seed(name))


def tell(world: World, folder: Path | None = None) -> tuple[Told, Outside]:
    """The story, in a world that was only founded; on SQLite with a backup from the middle of it, in `folder`."""
    _register_keys(world)
    world.record("li", minutes=120)
    older = world.record("zhao", minutes=90)
    world.give("li", "wang", 60)
    finished = world.order(minutes=30)
    world.settle(finished, minutes=30)
    held = world.order(minutes=15)
    seals.seal(world.bank, OPERATOR, HERE)
    list(audits.run(world.bank, OPERATOR, [HERE, ELSEWHERE], audits.FULL))
    world.clock.advance(days=1)
    if folder is not None:
        _back_up(world, folder)
    middle = world.record("li", minutes=60)
    receipt = middle.receipt.to_bytes()
    between = world.record("zhao", minutes=60)
    day = digests.make(world.bank, OPERATOR).day
    proof = digests.proof(world.bank, HERE, day)
    assert proof.holds()
    world.record("li", minutes=30)
    newer = world.record("zhao", minutes=30)
    told = Told(
        older.record.id, finished.record.id, middle.record.id, between.record.id, newer.record.id, held.record.id
    )
    return told, Outside(receipt, str(proof.digest), proof.checkpoint.note)


def _back_up(world: World, folder: Path) -> None:
    world.bank.engine.dispose()  # nothing of it is in another file then
    (folder / "backup").mkdir()
    for name in ("timebank.db", "highwater"):
        shutil.copy(folder / name, folder / "backup" / name)


def _register_keys(world: World) -> None:
    """A station's program in both ledgers under one key, a device, and one whose key was taken back."""
    bank = world.bank
    for code in (HERE, ELSEWHERE):
        keys.register(bank, OPERATOR, code, str(outsider(bank.origin(HERE), "program-1").vkey), KeyRole.STATION)
    keys.register(bank, OPERATOR, HERE, str(outsider(bank.origin(HERE), "device-1").vkey), KeyRole.DEVICE)
    gone = outsider(bank.origin(HERE), "gone-1")
    keys.register(bank, OPERATOR, HERE, str(gone.vkey), KeyRole.STATION)
    admins = tuple(bank.keyring.signer(f"{bank.settings.host}/admin-{number}") for number in (1, 2))
    body = {"action": "revoke", "vkey": str(gone.vkey), "role": "station"}
    with bank.work(bank.origin(HERE)) as work:
        values: dict[str, Any] = {"ledger": work.origin, "id": bank.uuid(), "at": work.now, "by": admins[0].name}
        work.append(sign(Intent(kind="key", body=body, **values), *admins))


@dataclass(frozen=True, slots=True)
class Template:
    """The story on SQLite, told once and closed, to be copied for each deed."""

    folder: Path
    world: World
    told: Told
    outside: Outside

    @classmethod
    def make(cls, folder: Path) -> "Template":
        clock, url = Clock(), f"sqlite:///{folder / 'timebank.db'}"
        world = World(new_bank(folder, url, url, clock), clock).build()
        told, outside = tell(world, folder)
        world.bank.close()
        return cls(folder, world, told, outside)

    @contextmanager
    def copy(self, folder: Path) -> Iterator[Scene]:
        """A scene of its own in this empty folder."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        url, clock = f"sqlite:///{folder / 'timebank.db'}", Clock(self.world.clock.ms)
        world = World(opened_bank(folder, url, url, clock), clock, dict(self.world.actors), dict(self.world.people))
        scene = Scene(world, folder, url, self.told, self.outside)
        yield scene
        scene.close()
