"""Hours between communities: transfers through both ledgers, and the night's reconciliation, how it grows."""

import argparse
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.rounds import Measured, interleave
from bench.shop import Counter
from tests.world import ELSEWHERE, HERE, Clock, World, new_bank
from timebank import directory
from timebank.access import OPERATOR
from timebank.bank import Bank
from timebank.federation import crossing
from timebank.ledger import KeyRole
from timebank.services import communities, reconciliation, transfers, witnessing

COMMUNITIES, PEERS = 12, 10
_TRANSFERS, _AT_ONCE = 25, 320
_WRITERS = (16, 64)
_MORE = 1000  # entries by which each ledger is made longer


def measure(rounds: int) -> Iterator[Measured]:
    yield from transfers_through_both(rounds)
    yield from nights(rounds)


def transfers_through_both(rounds: int) -> Iterator[Measured]:
    """The whole use case: rules of both sides, three entries in two ledgers, their proofs made and verified; against
    entries appended one by one. By one giver after the other, and by several at once."""
    folder = Path(tempfile.mkdtemp(prefix="timebank-bench-"))
    url = f"sqlite:///{folder / 'bank.db'}"
    clock = Clock()
    world = World(new_bank(folder, url, url, clock), clock).build()
    for _ in range(rounds * (_TRANSFERS + _AT_ONCE * len(_WRITERS)) // 96 + 1):
        world.record("li", "wang", minutes=480)
        clock.advance(days=1)
    counter = Counter()
    visits = iter([counter.visit() for _ in range(rounds * (_TRANSFERS * 2 + _AT_ONCE * len(_WRITERS)))])

    def floor(count: int) -> int:
        for _ in range(count):
            counter.append(next(visits))
        return count

    def send(count: int) -> int:
        for _ in range(count):
            wanted = transfers.Transfer(
                id=world.bank.uuid(),
                community=HERE,
                giver=world.people["li"].id,
                to=ELSEWHERE,
                card=world.people["stranger"].card,
                minutes=5,
            )
            transfers.send(world.bank, world.actors["li"], wanted)
        return count

    def at_once(writers: int) -> int:
        threads = [threading.Thread(target=send, args=(_AT_ONCE // writers,)) for _ in range(writers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with world.bank.view() as view:
            waiting = directory.transfers.due_to(view.connection, HERE, world.bank.origin(ELSEWHERE), 1 << 52, 1)
        if waiting:
            raise AssertionError("a transfer did not arrive")
        return _AT_ONCE

    floor_name = "one append alone through the bank"
    yield interleave(
        "transfers through both ledgers one by one, SQLite",
        lambda: send(_TRANSFERS), floor_name, lambda: floor(_TRANSFERS * 2), "a", rounds,
    )  # fmt: skip
    for writers in _WRITERS:
        yield interleave(
            f"the same by {writers} at once",
            lambda writers=writers: at_once(writers), floor_name, lambda: floor(_AT_ONCE), "a", rounds,  # type: ignore[misc]
        )  # fmt: skip


class Country:
    """Communities in a ring: each has links to the five on either side of it."""

    def __init__(self, count: int, peers: int = PEERS) -> None:
        folder = Path(tempfile.mkdtemp(prefix="timebank-bench-"))
        url = f"sqlite:///{folder / 'bank.db'}"
        self.clock = Clock()
        self.bank: Bank = new_bank(folder, url, url, self.clock)
        self.codes = [f"5203{number:08}" for number in range(count)]
        self.reach = peers // 2
        self.account = f"member:{1:032x}"
        for code in self.codes:
            founding = communities.Founding(code=code, name="社区", town="街道", county="区")
            communities.found(self.bank, OPERATOR, founding)
            with self.bank.work(self.bank.origin(code)) as work:
                body: dict[str, object] = {"account": self.account, "class": "person"}
                work.post("open", by=(KeyRole.STATION,), id=f"{self.account}.open", body=body)
                work.post(
                    "open",
                    by=(KeyRole.STATION,),
                    id=f"member:{2:032x}.open",
                    body=body | {"account": f"member:{2:032x}"},
                )
            self.serve(code, 3)

    def serve(self, code: str, count: int) -> None:
        """So many visits, which have nothing to do with other communities."""
        with self.bank.work(self.bank.origin(code)) as work:
            for _ in range(count):
                body = {"day": self.clock.day, "minutes": 1440, "credited": 1440, "server": self.account}
                body |= {"served": [f"member:{2:032x}"], "service": "company", "catalogue": 1, "confirmed": "card"}
                work.post("service", ("issue", self.account, 1440), by=(KeyRole.STATION,), body=body)

    def send(self, each: int) -> int:
        """So many transfers from each community to each of those after it; how many entries about pairs that made."""
        for place, code in enumerate(self.codes):
            for step in range(1, self.reach + 1):
                self._send(code, self.codes[(place + step) % len(self.codes)], each)
        return len(self.codes) * self.reach * each * 3

    def _send(self, code: str, to: str, count: int) -> None:
        there, made = self.bank.origin(to), [self.bank.uuid() for _ in range(count)]
        with self.bank.work_for(code) as work:
            body = {"peer": there, "payee": "fund", "deadline": work.now + 86_400_000, "reason": "family"}
            move = (self.account, f"held:{there}", 1)
            for transfer in made:
                work.post("send", move, by=(KeyRole.STATION,), id=f"{transfer}.hold", body=body)
        crossing.carry(self.bank, code, there, made)

    def night(self, work: Callable[..., object] = reconciliation.run_all) -> float:
        """Seconds of one night's work for every community."""
        self.clock.advance(days=1)
        self.bank.confirm_clock()
        started = time.perf_counter()
        for code in self.codes:
            work(self.bank, OPERATOR, code)
        return time.perf_counter() - started

    def more(self, count: int) -> None:
        for code in self.codes:
            self.serve(code, count)


def nights(rounds: int) -> Iterator[Measured]:
    """Nights after one transfer on each link against nights after four; and quiet nights before and after each ledger
    has grown by what has nothing to do with its peers."""
    country = Country(COMMUNITIES)
    links = COMMUNITIES * PEERS
    country.send(1)
    country.night()
    few, many, quiet = [], [], []
    for _ in range(rounds):
        country.send(1)
        few.append(links / country.night())
        country.send(4)
        many.append(links / country.night())
        quiet.append(links / country.night())
    country.more(_MORE)
    country.night()
    longer = [links / country.night() for _ in range(rounds)]
    name, unit = f"a night of {COMMUNITIES} communities with {PEERS} peers each", "links"
    yield Measured(name=f"{name}, 12 new entries a link", floor_name="3 new ones", unit=unit, rates=many, floors=few)
    yield Measured(
        name=f"{name}, nothing new, {_MORE} entries more in each ledger", floor_name="before these", unit=unit,
        rates=longer, floors=quiet,
    )  # fmt: skip
    country.bank.close()


def main() -> None:
    """One country of a size, night by night: `python -m bench.federation 2093`."""
    parser = argparse.ArgumentParser(prog="python -m bench.federation", description=main.__doc__)
    parser.add_argument("communities", type=int)
    country = Country(parser.parse_args().communities)
    links = len(country.codes) * PEERS
    steps: list[tuple[str, Callable[[], object]]] = [
        ("the first night, one transfer on each link", lambda: country.send(1)),
        ("a night with one transfer on each link", lambda: country.send(1)),
        ("a quiet night", lambda: None),
    ]
    for name, before in steps:
        before()
        seconds = country.night()
        print(f"{name}: {seconds:,.1f} s, {links / seconds:,.0f} links/s", flush=True)
    seconds = country.night(witnessing.run)
    print(f"exchanging heads: {seconds:,.1f} s, {links / seconds:,.0f} links/s", flush=True)


if __name__ == "__main__":
    main()
