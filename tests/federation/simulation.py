"""Transfers between communities told by a seed, over a network and machines that fail: `./run simulate`.

Each community is a service of its own on files of its own (tests/federation/houses.py). What they say to one another
lies in a bag, from which it is lost, repeated, taken out of order, damaged, or held by a partition. After each step the
books of all must make sense together (tests/federation/tally.py); in the end everything is healed, and every transfer
must have ended. The same seed does the same. Stopped by Ctrl-C, it prints what it has.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from random import Random

from tests.federation.houses import GIVERS, House, PowerCut, Town, carry, copied, dying, found, serve, wanted
from tests.federation.tally import Tally
from timebank import directory
from timebank.access import OPERATOR
from timebank.federation.messages import Stale
from timebank.ledger import Code, Refused, Untrusted
from timebank.services import audits, peers, policies, standing

HOUSES = 3
STEPS = 50
_CARRIED_AT_MOST = 2 * 60 * 1000 + 59_000  # milliseconds that a clock may be wrong: less than what is allowed back
POLICIES = ("", '[redeeming]\nelsewhere = "redeem"', "[caps]\nheld_minutes = 300")
ACTS = ("send", "admit", "conclude")
# Every kind of fault there is, as it is counted.
FAULTS = (
    "message lost", "message repeated", "message out of order", "message cut short", "message with a flipped bit",
    "message held by a partition", "answer lost", "proof from an old head", "old copy of a database put back",
    "clock ahead", "clock behind", "link frozen", "decision asked for again",
    *(f"power cut {when} the commit of: {act}" for act in ACTS for when in ("before", "after")),
)  # fmt: skip
# Every way in which a transfer can end.
ENDS = (
    "accepted", "refused: late", "refused: not-taken-in", "refused: over-cap", "refused: over-limit",
    "refused: payee-not-active", "refused: payee-unknown",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Message:
    """Offers to `to` or decisions for it, and the house that said them."""

    kind: str
    by: int
    to: int
    transfers: tuple[str, ...]
    data: bytes


@dataclass
class Simulation:
    """One seed: `run` takes the steps, heals, and checks."""

    seed: int
    town: Town
    folder: Path
    counted: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.random = Random(f"simulation {self.seed}")
        self.houses = [
            copied(self.town, self.folder / str(number), number, Random(f"house {number} {self.seed}"))
            for number in range(HOUSES)
        ]
        self.by_origin = {house.origin: house for house in self.houses}
        self.tally = Tally(self.houses)
        self.bag: list[Message] = []
        self.apart: set[frozenset[int]] = set()
        # What a house believes another has seen of it.
        self.seen: Counter[tuple[int, int]] = Counter()

    def close(self) -> None:
        for house in self.houses:
            house.bank.close()

    def run(self, steps: int) -> None:
        acts: list[tuple[Callable[[], None], int]] = [
            (self.ask, 6), (self.offer, 8), (self.deliver, 30), (self.lose, 2), (self.serve, 1), (self.part, 1),
            (self.freeze, 1), (self.limit, 1), (self.rule, 1), (self.suspend, 1), (self.skew, 1), (self.wait, 1),
            (self.restore, 1),
        ]  # fmt: skip
        chosen = self.random.choices([act for act, _ in acts], [weight for _, weight in acts], k=steps)
        for act in chosen:
            act()
            self.tally.check()
        self.heal()

    # --- what people do ----------------------------------------------------------------------------------------------

    def ask(self) -> None:
        """Somebody gives hours to somebody elsewhere; now and then to one who has moved away."""
        sender, receiver = self.random.sample(self.houses, 2)
        minutes = self.random.choice((15, 30, 60, 120))
        giver, payee = self.random.randrange(GIVERS), self.random.randrange(GIVERS)
        transfer = wanted(sender, receiver, giver, payee, minutes)
        if self.random.random() < 0.1:
            transfer = replace(transfer, card=receiver.folk.gone.card)
        with self.machine(sender, "send", (Code.OVERDRAFT, Code.PEER_FROZEN)):
            sender.send(transfer)
            self.counted["transfers"] += 1

    def serve(self) -> None:
        """Something else is entered: the trees grow beside the transfers."""
        house = self.random.choice(self.houses)
        with self.machine(house, "visit", (Code.OVERLAP,)):
            serve(house.bank, house.folk.clerk, house.code, house.folk.givers[0], house.folk.elder, 30)

    def freeze(self) -> None:
        house, other = self.random.sample(self.houses, 2)
        frozen = self.frozen(house, other)
        if frozen:
            peers.thaw(house.bank, OPERATOR, house.code, other.origin)
        else:
            peers.freeze(house.bank, OPERATOR, house.code, other.origin, "by hand")
            self.counted["link frozen"] += 1

    def frozen(self, house: House, other: House) -> bool:
        with house.bank.view() as view:
            peer = directory.transfers.peer(view.connection, house.code, other.origin)
            return peer is not None and peer.frozen_at is not None

    def limit(self) -> None:
        house, other = self.random.sample(self.houses, 2)
        peers.set_limit(house.bank, OPERATOR, house.code, other.origin, self.random.choice((0, 60, 60_000, 60_000)))

    def rule(self) -> None:
        house = self.random.choice(self.houses)
        with self.machine(house, "policy", ()):
            policies.set_layer(house.bank, OPERATOR, house.code, self.random.choice(POLICIES))
            policies.publish(house.bank, OPERATOR, house.code)

    def suspend(self) -> None:
        house = self.random.choice(self.houses)
        person = standing.Suspension(community=house.code, person=self.random.choice(house.folk.givers).id)
        change = self.random.choice((standing.suspend, standing.resume))
        change(house.bank, house.folk.lead, person)

    # --- the network -------------------------------------------------------------------------------------------------

    def offer(self) -> None:
        """A house says again what is open there: as the service does, until it is told a decision."""
        house = self.random.choice(self.houses)
        waiting: dict[int, list[str]] = {}
        for transfer, told in self.tally.transfers.items():
            if told.sender == house.number and told.is_open:
                waiting.setdefault(told.receiver, []).append(transfer)
        for to, transfers in waiting.items():
            for together in self.parted(transfers):
                data = house.offer(self.seen[house.number, to], *together)
                self.bag.append(Message("offer", house.number, to, together, data))

    def parted(self, transfers: list[str]) -> Iterator[tuple[str, ...]]:
        """What is open for one house: each in a message of its own, or all in one, in any order."""
        if len(transfers) > 1 and self.random.random() < 0.5:
            self.counted["message about several transfers"] += 1
            yield tuple(self.random.sample(transfers, len(transfers)))
        else:
            yield from ((transfer,) for transfer in transfers)

    def lose(self) -> None:
        if self.bag:
            self.bag.pop(self.random.randrange(len(self.bag)))
            self.counted["message lost"] += 1

    def part(self) -> None:
        """Two houses no longer reach one another; or all do again."""
        if self.apart:
            self.apart.clear()
        else:
            self.apart.add(frozenset(self.random.sample(range(HOUSES), 2)))

    def deliver(self) -> None:
        """Any message arrives: perhaps not the oldest, perhaps damaged, perhaps not for the last time."""
        if not self.bag:
            return
        place = self.random.randrange(len(self.bag))
        message = self.bag[place]
        if frozenset((message.by, message.to)) in self.apart:
            self.counted["message held by a partition"] += 1
            return
        if self.random.random() < 0.3:
            self.counted["message repeated"] += 1
        else:
            self.bag.pop(place)
        if any((one.by, one.to) == (message.by, message.to) for one in self.bag[:place]):
            self.counted["message out of order"] += 1
        if self.random.random() < 0.1:
            self.deliver_damaged(message)
        elif message.kind == "offer":
            self.deliver_offer(message)
        else:
            self.deliver_decision(message)

    def deliver_damaged(self, message: Message) -> None:
        """What does not say what was said is refused, and nothing moves."""
        data, place = message.data, self.random.randrange(len(message.data))
        if self.random.random() < 0.5:
            damaged = data[:place]
            self.counted["message cut short"] += 1
        else:
            # The highest bit: no change of spelling alone, no JSON at all.
            damaged = data[:place] + bytes([data[place] | 128]) + data[place + 1 :]
            self.counted["message with a flipped bit"] += 1
        house, size = self.houses[message.to], self.houses[message.to].size()
        try:
            if message.kind == "offer":
                house.admit(self.houses[message.by].origin, damaged)
            else:
                house.conclude(self.houses[message.by].origin, damaged, *message.transfers)
        except Untrusted:
            pass
        except Refused as refused:
            _only(refused, Code.PEER_FROZEN, Code.CLOCK_WRONG)
        else:
            # What was concluded is looked up before a message about it is read.
            is_open = any(self.tally.transfers[transfer].is_open for transfer in message.transfers)
            concluded = message.kind == "decision" and not is_open
            assert concluded, "a damaged message was believed"
        assert house.size() == size

    def deliver_offer(self, message: Message) -> None:
        sender, receiver = self.houses[message.by], self.houses[message.to]
        known = any(self.tally.transfers[transfer].decision is not None for transfer in message.transfers)
        try:
            with self.machine(receiver, "admit", (Code.PEER_FROZEN,)):
                decisions = receiver.admit(sender.origin, message.data)
                if known:
                    self.counted["decision asked for again"] += 1
                self.answer(sender, receiver, message.transfers, decisions)
        except Stale as stale:
            self.stale(message, stale)

    def answer(self, sender: House, receiver: House, transfers: tuple[str, ...], decisions: tuple[str, ...]) -> None:
        self.seen[sender.number, receiver.number] = receiver.seen(sender.origin)
        if self.random.random() < 0.15:
            self.counted["answer lost"] += 1
            return
        data = receiver.answer(self.seen[receiver.number, sender.number], *decisions)
        self.bag.append(Message("decision", receiver.number, sender.number, transfers, data))

    def deliver_decision(self, message: Message) -> None:
        receiver, sender = self.houses[message.by], self.houses[message.to]
        try:
            with self.machine(sender, "conclude", (Code.PEER_FROZEN,)):
                sender.conclude(receiver.origin, message.data, *message.transfers)
                self.seen[receiver.number, sender.number] = sender.seen(receiver.origin)
        except Stale as stale:
            self.stale(message, stale)

    def stale(self, message: Message, stale: Stale) -> None:
        """The other side has seen more, or less, than was thought; what is said next begins there."""
        self.counted["proof from an old head"] += 1
        self.seen[message.by, message.to] = stale.size

    # --- the machines ------------------------------------------------------------------------------------------------

    @contextmanager
    def machine(self, house: House, act: str, expected: tuple[Code, ...]) -> Iterator[None]:
        """Something is done in a house, and perhaps the power goes while it is; then it is started anew.

        After a silence of a week the clock must be confirmed by somebody who looked: until then all is refused."""
        after, number = self.random.random() < 0.5, self.random.randrange(1, 3)
        try:
            if act in ACTS and self.random.random() < 0.25:
                with dying(house, number, after=after):
                    yield
            else:
                yield
        except PowerCut:
            self.counted[f"power cut {'after' if after else 'before'} the commit of: {act}"] += 1
            house.restart()
        except Refused as refused:
            if refused.code is Code.CLOCK_WRONG:
                house.bank.confirm_clock()
            else:
                _only(refused, *expected, Code.PERSON_SUSPENDED)
            self.counted[f"told: {refused.code.value}"] += 1
        finally:
            self.tally.look(house)

    def skew(self) -> None:
        """The clock of one house is wrong, by less than what is allowed."""
        house = self.random.choice(self.houses)
        wrong = self.random.randint(-_CARRIED_AT_MOST, _CARRIED_AT_MOST)
        house.clock.advance(ms=wrong)
        self.counted["clock ahead" if wrong > 0 else "clock behind"] += 1

    def wait(self) -> None:
        """Time passes, for all; now and then so much that what is under way comes too late."""
        days = self.random.choice((0, 0, 0, 1, 1, 6, 6, 33))
        for house in self.houses:
            house.clock.advance(days=days, minutes=self.random.randrange(10, 600))
            if self.random.random() < 0.7:
                house.bank.confirm_clock()

    def restore(self) -> None:
        """An old copy is put in the place of a database: nothing may be written until the newer one is back."""
        house = self.random.choice(self.houses)
        old, new = house.folder / "old.copy", house.folder / "new.copy"
        house.copy_database(old)
        size = house.size()
        with self.machine(house, "visit", (Code.OVERLAP,)):
            serve(house.bank, house.folk.clerk, house.code, house.folk.givers[1], house.folk.elder, 15)
        if house.size() == size:
            return
        house.copy_database(new)
        house.put_back(old)
        self.counted["old copy of a database put back"] += 1
        for act in self.writes_to(house):
            try:
                act()
            except Refused as refused:
                _only(refused, Code.LEDGER_READ_ONLY, Code.PEER_FROZEN)
                continue
            except Stale:
                continue
            raise AssertionError("an old copy was written to")
        assert house.size() == size
        house.put_back(new)

    def writes_to(self, house: House) -> Iterator[Callable[[], object]]:
        """What would be entered in a house now: a transfer from there, and each message that lies in the bag for it."""
        other = self.houses[house.number - 1]
        yield partial(house.send, wanted(house, other, minutes=15))
        for message in self.bag:
            if message.to == house.number and message.kind == "offer":
                yield partial(house.admit, self.houses[message.by].origin, message.data)

    # --- the end -----------------------------------------------------------------------------------------------------

    def heal(self) -> None:
        """Everybody reaches everybody, links are thawed, clocks are right: all that was under way comes to an end."""
        for house in self.houses:
            house.clock.ms = max(one.clock.ms for one in self.houses)
            house.bank.confirm_clock()
            for other in self.houses:
                if other is not house:
                    peers.thaw(house.bank, OPERATOR, house.code, other.origin)
        for transfer, told in list(self.tally.transfers.items()):
            if told.is_open:
                carry(self.houses[told.sender], self.houses[told.receiver], transfer)
        for house in self.houses:
            self.tally.look(house)
            audits.verify(house.bank, OPERATOR, house.code)
        self.tally.check_ended()
        self.check_rows()
        for told in self.tally.transfers.values():
            self.counted["accepted" if told.reason is None else f"refused: {told.reason}"] += 1

    def check_rows(self) -> None:
        """What people are shown of their transfers is what the books say."""
        for transfer, told in self.tally.transfers.items():
            house = self.houses[told.sender]
            with house.bank.view() as view:
                row = view.people.get_one(directory.Transfer, transfer)
                assert (row.state, row.reason) == (told.outcome, told.reason)


def _only(refused: Refused, *expected: Code) -> None:
    """Raise a refusal again that is not one of those that had to come."""
    if refused.code not in expected:
        raise refused


class Broken(Exception):
    """A seed after which something was wrong."""

    def __init__(self, seed: int, steps: int) -> None:
        super().__init__(f"seed {seed} broke: ./run simulate --from {seed} --seeds 1 --steps {steps}")


def tell(seed: int, town: Town, folder: Path, steps: int = STEPS) -> Counter[str]:
    """One seed, and what happened in it; raises Broken where something was wrong."""
    simulation = None
    try:
        simulation = Simulation(seed, town, folder)
        simulation.run(steps)
    except Exception as error:
        raise Broken(seed, steps) from error
    finally:
        if simulation is not None:
            simulation.close()
        with suppress(FileNotFoundError):
            shutil.rmtree(folder)
    return simulation.counted


def table(counted: Counter[str]) -> str:
    """What was counted, one a line: faults, then ends, then the rest."""
    rest = sorted(set(counted) - set(FAULTS) - set(ENDS))
    return "\n".join(f"{counted[name]:>9,}  {name}" for name in (*FAULTS, *ENDS, *rest))


def main() -> None:
    parser = argparse.ArgumentParser(prog="./run simulate", description=__doc__)
    parser.add_argument("--seeds", type=int, default=10_000, help="how many")
    parser.add_argument("--from", type=int, default=1, dest="first", help="the first")
    parser.add_argument("--steps", type=int, default=STEPS, help="of each")
    asked = parser.parse_args()
    counted: Counter[str] = Counter()
    done, idle, began = 0, 0, time.monotonic()
    with tempfile.TemporaryDirectory(prefix="timebank-simulate-") as name, suppress(KeyboardInterrupt):
        town = found(Path(name) / "town")
        for seed in range(asked.first, asked.first + asked.seeds):
            try:
                told = tell(seed, town, Path(name) / "seed", asked.steps)
            except Broken as broken:
                print(broken, file=sys.stderr)
                raise SystemExit(1) from broken
            counted += told
            done += 1
            idle += not any(told[fault] for fault in FAULTS)
            if done % 100 == 0:
                print(f"{done} seeds, {time.monotonic() - began:.0f} s", file=sys.stderr)
    print(table(counted))
    print(f"{done - idle} seeds of {asked.steps} steps; {idle} more had no fault and do not count")


if __name__ == "__main__":
    main()
