"""Two real services send one another hours over a network that fails, while one is killed: `./run federate`."""

import argparse
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.conftest import TestDatabase
from tests.federation.offices import found_office, link
from tests.trials import stage
from tests.trials.service import ROOT, Service, environment
from tests.trials.wire import AWAY, CUT, FAULTS, Wire
from tests.world import Clock
from timebank import directory
from timebank.access import OPERATOR, Right
from timebank.bank import Bank, system_clock
from timebank.ledger import Corrupted, Declined, parse_record, reads
from timebank.services import audits, logins, reconciliation

TRANSFERS, KILLS = 1000, 30
_HOUR_MS = 3_600_000
_PATIENCE_S = 180  # without anything new having ended
# These come again by themselves, or the caller asks again.
_MAY_BE_SAID = {"peer-unreachable", "database-busy", "database-unavailable", "outcome-unknown", "peer-declined"}


@dataclass
class Result:
    """What the trial came to. `broken` says in words which promise was, and is empty when none was."""

    transfers: int = 0
    kills: int = 0
    idle: int = 0
    in_flight: int = 0
    acknowledged: int = 0
    asked_again: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    held_at_reconnection: int = 0
    healed_s: float = 0.0
    seconds: float = 0.0
    broken: list[str] = field(default_factory=list)


class House:
    """One of the two: its service, what carries its hours, the port that others find it at."""

    def __init__(self, number: int, folder: Path, database: TestDatabase) -> None:
        self.engine = database.engine
        self.folder = folder
        self.office = found_office(number, folder, database, Clock(system_clock() - _HOUR_MS))
        self.settings = self.office.bank.settings
        clerk = self.office.folk.clerk.login
        bank = self.office.bank
        self.token = logins.issue_token(bank, OPERATOR, clerk, "trial", frozenset({Right.GIFT_FOR_OTHERS}), 1)
        self.service = Service(self.settings, folder / "service.log")
        self._courier: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.service.start()
        command = [sys.executable, "-m", "tests.trials.courier", self.office.code]
        with (self.folder / "courier.log").open("ab") as log:
            self._courier = subprocess.Popen(
                command, cwd=ROOT, env=environment(self.settings), stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        """Both at once, as when the machine loses power; no word to either."""
        if self._courier is not None:
            os.killpg(self._courier.pid, signal.SIGKILL)
            self._courier.wait()
            self._courier = None
        self.service.kill()

    def courier_ended(self) -> bool:
        return self._courier is not None and self._courier.poll() is not None

    def opened(self) -> closing[Bank]:
        """The bank as a process finds it that knows nothing of what went before."""
        return closing(Bank(self.settings))


class Trial:
    """A house on SQLite and one on PostgreSQL, a wire each way, and members who give one another hours."""

    def __init__(self, houses: tuple[House, House], seed: int) -> None:
        self.houses = houses
        self.random = Random(seed)
        self.result = Result()
        self.wires = tuple(
            Wire(lambda house=house: house.service.port, Random(f"{seed} {house.engine}"))  # type: ignore[misc]
            for house in houses
        )
        self._mutex = threading.Lock()
        self._sent: tuple[set[str], set[str]] = (set(), set())
        self._stopping = threading.Event()

    def run(self, transfers: int, kills: int) -> Result:
        started = time.monotonic()
        try:
            self._prepare()
            self._under_faults(transfers - transfers // 10, kills)
            self._reconnect(transfers // 10)
        finally:
            self._stopping.set()
            for house in self.houses:
                house.kill()
            for wire in self.wires:
                self.result.faults += wire.counts
                wire.close()
        self.result.seconds = time.monotonic() - started
        if not self.result.broken:
            self._check()
        return self.result

    def _prepare(self) -> None:
        for house in self.houses:
            house.start()
        for here, there, wire in ((0, 1, self.wires[1]), (1, 0, self.wires[0])):
            link(self.houses[here].office, self.houses[there].office, wire.url)
        for house in self.houses:
            house.office.bank.close()

    # --- what happens ------------------------------------------------------------------------------------------------

    def _under_faults(self, transfers: int, kills: int) -> None:
        for wire in self.wires:
            wire.is_faulty = True
        senders = self._senders(transfers)
        for number in range(kills):
            self._await_sent(transfers * (number + 1) // (kills + 1))
            if self.result.broken:
                break
            self._kill_one(number)
        for sender in senders:
            sender.join(timeout=_PATIENCE_S)
            if sender.is_alive():
                self._broken("not all were acknowledged in time")
        self._await_ends()

    def _kill_one(self, number: int) -> None:
        house = self.houses[self.random.randrange(2)]
        until = time.monotonic() + 2
        while not (flying := sum(wire.flying for wire in self.wires)) and time.monotonic() < until:
            time.sleep(0.001)
        time.sleep(self.random.uniform(0, 0.02))
        house.kill()
        self.result.kills += 1
        self.result.idle += not flying
        self.result.in_flight += flying
        if number % 3 == 2:
            for wire in self.wires:
                wire.is_cut = True
            time.sleep(0.3)
            for wire in self.wires:
                wire.is_cut = False
        house.start()
        self._check_couriers()

    def _check_couriers(self) -> None:
        for one in self.houses:
            if one.courier_ended():
                said = (one.folder / "courier.log").read_text(encoding="utf-8")
                self._broken(f"what carries hours of {one.engine} ended: {said[-3000:]}")

    def _reconnect(self, transfers: int) -> None:
        """The wires are cut while some are sent, and then made whole, without faults: how long until all have ended."""
        for wire in self.wires:
            wire.is_cut, wire.is_faulty = True, False
        for sender in self._senders(transfers):
            sender.join(timeout=_PATIENCE_S)
        self.result.held_at_reconnection = self._waiting()
        for wire in self.wires:
            wire.is_cut = False
        started = time.monotonic()
        self._await_ends()
        self.result.healed_s = time.monotonic() - started

    def _await_ends(self) -> None:
        """Until nothing is on its way any more."""
        waiting, until = self._waiting(), time.monotonic() + _PATIENCE_S
        while waiting:
            if time.monotonic() > until:
                self._broken(f"{waiting} transfers did not end")
                return
            self._check_couriers()
            if self.result.broken:
                return
            time.sleep(0.1)
            before, waiting = waiting, self._waiting()
            if waiting < before:
                until = time.monotonic() + _PATIENCE_S

    def _waiting(self) -> int:
        total = 0
        for house in self.houses:
            with house.opened() as bank, bank.view() as view:
                total += view.people.query(directory.Transfer).filter_by(state="offered").count()
        return total

    # --- who sends ---------------------------------------------------------------------------------------------------

    def _senders(self, transfers: int) -> list[threading.Thread]:
        threads = []
        for number, share in enumerate((transfers // 2, transfers - transfers // 2)):
            thread = threading.Thread(target=self._send_many, args=(number, share))
            thread.start()
            threads.append(thread)
        return threads

    def _send_many(self, number: int, transfers: int) -> None:
        here, there = self.houses[number].office, self.houses[1 - number].office
        for count in range(transfers):
            giver, payee = here.folk.givers[count % 3], there.folk.givers[count % 2]
            body = {"giver": giver.id, "to": there.code, "card": payee.card, "minutes": 1}
            key = here.bank.uuid()
            while not self._ask(number, key, json.dumps(body).encode()):
                if self._stopping.is_set() or self.result.broken:
                    return
                with self._mutex:
                    self.result.asked_again += 1
                time.sleep(0.05)
            with self._mutex:
                self._sent[number].add(key)
                self.result.acknowledged += 1

    def _ask(self, number: int, key: str, body: bytes) -> bool:
        """Whether the request was answered with a receipt."""
        house = self.houses[number]
        address = f"/api/v1/communities/{house.office.code}/transfers"
        headers = {"Authorization": f"Bearer {house.token}", "Content-Type": "application/json", "Idempotency-Key": key}
        connection = http.client.HTTPConnection("127.0.0.1", house.service.port, timeout=60)
        try:
            connection.request("POST", address, body, headers)
            answer = connection.getresponse()
            said = answer.read()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        if answer.status in (200, 201):
            return True
        if json.loads(said).get("code") not in _MAY_BE_SAID:
            self._broken(f"a transfer was declined: {said.decode()[:300]}")
        return False

    def _await_sent(self, count: int) -> None:
        until = time.monotonic() + _PATIENCE_S
        while self.result.acknowledged < count and not self.result.broken:
            if time.monotonic() > until:
                self._broken(f"only {self.result.acknowledged} of {count} were acknowledged in time")
                return
            time.sleep(0.005)

    def _broken(self, what: str) -> None:
        with self._mutex:
            self.result.broken.append(what)

    # --- what became of it -------------------------------------------------------------------------------------------

    def _check(self) -> None:
        """Every transfer has ended once, both books mirror by what each proves to the other, and nothing is lost."""
        for house in self.houses:
            house.service.start()
        try:
            for number in (0, 1):
                self._check_house(number)
            self._check_sums()
        finally:
            for house in self.houses:
                house.service.kill()

    def _check_house(self, number: int) -> None:
        house, other = self.houses[number], self.houses[1 - number]
        self.wires[1 - number].counts.clear()
        with house.opened() as bank:
            self._verify(house, bank)
            with bank.view() as view:
                head = view.head(bank.origin(house.office.code))
                records = [parse_record(raw) for raw in reads.raw_records(view.connection, head)]
                rows = {one.id: one.state for one in view.people.query(directory.Transfer)}
        kinds = Counter(record.intent.kind for record in records)
        self.result.ends += Counter({kind: kinds[kind] for kind in ("sent", "returned", "refuse") if kinds[kind]})
        self.result.transfers += kinds["send"]
        held = {record.id.removesuffix(".hold") for record in records if record.intent.kind == "send"}
        if held != self._sent[number] or rows.keys() != held:
            self._broken(f"{house.engine}: {len(held ^ self._sent[number])} holds are not those that were acknowledged")
        if set(rows.values()) - {"sent", "returned"} or kinds["sent"] + kinds["returned"] != len(held):
            self._broken(
                f"{house.engine}: transfers that did not end, or ended twice: {Counter(rows.values())}, {kinds}"
            )
        ids = [record.id for record in records]
        if len(ids) != len(set(ids)):
            self._broken(f"{house.engine}: an id twice")
        self._accepted(other, kinds["sent"])

    def _accepted(self, house: House, sent: int) -> None:
        with house.opened() as bank, bank.view() as view:
            head = view.head(bank.origin(house.office.code))
            kinds = Counter(parse_record(raw).intent.kind for raw in reads.raw_records(view.connection, head))
        if kinds["accept"] != sent:
            self._broken(f"{house.engine} accepted {kinds['accept']}, and {sent} were sent there")

    def _verify(self, house: House, bank: Bank) -> None:
        try:
            audits.verify(bank, OPERATOR, house.office.code)
        except (Corrupted, Declined) as error:
            self._broken(f"the ledger on {house.engine} does not verify: {error}")

    def _check_sums(self) -> None:
        """Hours of members, and what each owes; compared over the wire, by what is proved."""
        members, dues = 0, list[int]()
        for house in self.houses:
            with house.opened() as bank, bank.view() as view:
                head = view.head(bank.origin(house.office.code))
                accounts = reads.all_accounts(view.connection, head)
            members += sum(one.minutes for one in accounts if one.name.startswith("member:"))
            dues.append(sum(one.minutes for one in accounts if one.name.startswith("due:")))
        expected = 2 * 3 * 240
        if members != expected or sum(dues) != 0:
            self._broken(f"members have {members} minutes and not {expected}; the two owe one another {dues}")
        for house, other in zip(self.houses, reversed(self.houses), strict=True):
            self._compare(house, other)

    def _compare(self, house: House, other: House) -> None:
        with house.opened() as bank:
            with bank.office() as office:  # past the wire, which is gone
                found = office.people.get(directory.Peer, (house.office.code, other.office.origin))
                assert found is not None
                found.url = f"http://127.0.0.1:{other.service.port}"
                if found.frozen_at is not None:
                    self._broken(f"the link of {house.engine} is frozen: {found.frozen_why}")
                    return
            run = reconciliation.run(bank, OPERATOR, house.office.code, other.office.origin)
            if run.differences or run.in_flight:
                self._broken(f"{house.engine}: the books differ: {run.differences}, in flight {run.in_flight}")


def report(result: Result) -> str:
    """What is printed, and stands in docs/federation.md."""
    lines = [f"{result.faults[what]:7,}  {what}" for what in (*FAULTS, CUT, AWAY)]
    lines += [
        f"{result.kills:7,}  kills (SIGKILL), {result.idle} of them while nothing was on the wire",
        f"{result.asked_again:7,}  times a member had to ask again",
        f"{result.transfers:7,}  transfers: " + ", ".join(f"{kind} {count}" for kind, count in result.ends.items()),
        f"{result.held_at_reconnection:7,}  on their way when the wire was made whole; all had ended after "
        f"{result.healed_s:.1f} s",
    ]
    return "\n".join([*lines, *(f"BROKEN: {what}" for what in result.broken)])


def tell(transfers: int, kills: int, seed: int) -> Result:
    """One trial on fresh databases."""
    with ExitStack() as stack:
        houses = []
        for number, engine in enumerate(stage.ENGINES):
            folder = stack.enter_context(stage.scratch())
            houses.append(House(number, folder, stack.enter_context(stage.database(engine, folder))))
        return Trial((houses[0], houses[1]), seed).run(transfers, kills)


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run federate", description=__doc__)
    parser.add_argument("--transfers", type=int, default=TRANSFERS, help="both ways together (%(default)s)")
    parser.add_argument("--kills", type=int, default=KILLS, help="of one of the two, in turn (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the faults (%(default)s)")
    options = parser.parse_args()
    result = tell(options.transfers, options.kills, options.seed)
    print(f"seed {options.seed}, {result.seconds:.0f} s\n{report(result)}")
    if not result.broken and not all(result.faults[what] for what in FAULTS):
        print("a fault of the list never happened: this run shows nothing")
        return 1
    return 1 if result.broken else 0


if __name__ == "__main__":
    sys.exit(main())
