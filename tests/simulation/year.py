"""A year of one real county, told by a seed through the use cases: `./run year`. Prints what came of it."""

import argparse
import hashlib
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from random import Random

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tests.simulation import season
from tests.simulation.county import CHANGE, COUNTY, County, Place, Plan, day_after, day_ms
from tests.simulation.orders import Orders
from tests.simulation.report import Result
from tests.simulation.season import FIRST_DAY
from tests.simulation.station import Station
from tests.simulation.tally import Rule
from tests.trials import stage
from tests.world import Clock, settings_in
from timebank import directory, migrations
from timebank.access import OPERATOR
from timebank.bank import Bank
from timebank.keyring import Master
from timebank.ledger import books_at, reads
from timebank.services import audits, callbacks, digests, policies, seals

_EARLY_SHARE = 0.65  # of the people are registered before the year begins
Act = Callable[[Place], None]


def opened(folder: Path, app_url: str, owner_url: str, clock: Clock, seed: int) -> Bank:
    """A bank on an empty database whose keys, ids and salts come of the seed too: the same year has the same heads."""
    made = settings_in(folder, app_url, owner_url)
    drawn = Random(f"bank {seed}")
    Master.create(made.master_key_path, random=drawn.randbytes)
    migrations.upgrade(made.owner_url, made.database_url)
    return Bank(made, clock=clock, random=drawn.randbytes)


class Year:
    """Day after day; `found` and `people` come first, `close` and `check` last."""

    def __init__(self, bank: Bank, clock: Clock, plan: Plan) -> None:
        self.bank = bank
        self.plan = plan
        self.county = County(bank, clock, plan)
        self.orders = Orders(self.county)
        self.station = Station(self.county, self.orders)
        self._arrivals: Counter[tuple[str, int]] = Counter()

    def run(self, step: Callable[[int], None]) -> Result:
        self.people()
        for number in range(self.plan.days):
            self.day(number)
            step(1)
        self.close()
        return self.check()

    # --- before the year ---------------------------------------------------------------------------------------------

    def people(self) -> None:
        """Most are there when it begins; when the others come is drawn now."""
        county = self.county
        for place in county.places:
            late = round(place.coming * (1 - _EARLY_SHARE))
            for _ in range(late):
                day = min(int(county.random.expovariate(3 / self.plan.days)), self.plan.days - 1)
                self._arrivals[place.code, day] += 1
            for _ in range(place.coming - late):
                county.clock.ms += 50
                county.register(place)

    # --- a day -------------------------------------------------------------------------------------------------------

    def day(self, number: int) -> None:
        """What happens is drawn in the morning, for every place in turn; then it happens in the order of its time."""
        day = day_after(FIRST_DAY, number)
        self.county.run_until(day_ms(day, 5))
        if number == self.plan.days // 2:
            self._change_policy()
        for place in self.county.places:
            self._plan(place, number, day)
        for hour in range(8, 23, 2):
            self.county.at(day_ms(day, hour * 60), self.orders.run_clock)
        if day.endswith("-01") and number:
            self.county.at(day_ms(day, 3 * 60), self._month)
        if date.fromisoformat(day).weekday() == 6:
            self.county.at(day_ms(day, 23 * 60 + 30), self._week)
        self.county.run_until(day_ms(day_after(day, 1)))

    def _plan(self, place: Place, number: int, day: str) -> None:
        on = date.fromisoformat(day)
        asked, offered = season.demand(on), season.offers(on)
        elders, volunteers = len(place.elders), len(place.volunteers)
        rates: list[tuple[float, Act]] = [
            (self.plan.asks * elders / 365 * asked, self.orders.ask),
            (self.plan.asks * volunteers / 180 * offered, self.orders.look_at_board),
            (self.plan.visits * elders / 365 * offered, self.station.visit),
        ]
        others: list[tuple[float, Act]] = [
            (0.05 * offered, self.station.shift),
            (0.03 * offered, self.station.group),
            (0.15 * season.is_summer(on), self.station.pupil),
            (0.06, self.station.gift),
            (0.04, self.station.donate),
            (0.01, self.station.grant),
            (0.015, self.station.correct),
            (0.02, self.station.doubt),
            (0.005, self.station.suspend),
            (0.006, self.station.death),
            (0.004, self.station.move_away),
            (0.02, self.station.certify),
            (0.02, self.station.look_up),
        ]
        rates += [(rate * self.plan.trouble, act) for rate, act in others]
        for rate, act in rates:
            for _ in range(season.often(self.county.random, rate)):
                self._during(day, act, place)
        for _ in range(self._arrivals[place.code, number]):
            self._during(day, self.county.register, place)

    def _during(self, day: str, act: Act, place: Place) -> None:
        minute = self.county.random.randrange(8 * 60, 19 * 60)
        self.county.at(day_ms(day, minute), lambda: act(place))

    def _change_policy(self) -> None:
        """The county decides something else for all of its communities; what they decided themselves stays."""
        policies.set_layer(self.bank, OPERATOR, COUNTY, CHANGE)
        for place in self.county.places:
            assert policies.publish(self.bank, OPERATOR, place.code) is not None
            own = place.tally.rules[-1][1]
            day_cap = own.day_cap if place.ways.own_day_cap else 360
            place.tally.rules.append((self.county.today, Rule(nearest=True, day_cap=day_cap, held_cap=own.held_cap)))
            self.county.saw("policy published")

    def _week(self) -> None:
        """Sunday night: every ledger is sealed, and the digest is made over all of them."""
        for place in self.county.places:
            if seals.seal(self.bank, OPERATOR, place.code) is not None:
                self.county.saw("seal")
        digests.make(self.bank, OPERATOR)
        self.county.saw("digest")

    def _month(self) -> None:
        """The first of a month: what is new is audited, and the calls of the month before are drawn."""
        codes = [place.code for place in self.county.places]
        for found in audits.run(self.bank, OPERATOR, codes, audits.NEW):
            assert found.fault is None, found.fault
            self.county.saw("audit of what is new")
        for place in self.county.places:
            self.station.answer_calls(place, callbacks.draw(self.bank, OPERATOR, place.code))

    # --- after the year ----------------------------------------------------------------------------------------------

    def close(self) -> None:
        """What is not finished is ended, wherever it stands."""
        for place in self.county.places:
            for person in place.volunteers:
                self.station.resume(place, person)
            for ask in list(place.living.values()):
                self.county.clock.ms += 1000
                self.orders.close(ask)

    def check(self) -> Result:
        """The books audited in full, and against the tally, person by person."""
        result = Result(self.county, self.orders, broken=self.county.broken)
        codes = [place.code for place in self.county.places]
        for found in audits.run(self.bank, OPERATOR, codes, audits.FULL):
            if found.report is None:
                result.broken.append(f"{found.community}: {found.fault}")
            else:
                result.add(found.report)
        for place in self.county.places:
            result.broken += self._compare(place)
        with self.bank.view() as view:
            heads = sorted(f"{head.origin} {head.size} {head.root.hex()}" for head in reads.heads(view.connection))
        result.heads = hashlib.sha256("\n".join(heads).encode()).hexdigest()
        return result

    def _compare(self, place: Place) -> Iterator[str]:
        """What is not as the tally has it, in words."""
        with self.bank.view() as view:
            head = view.head(self.bank.origin(place.code))
            books = books_at(view.connection, head, head.size)
            served = reads.accounts(view.connection, head, [one.account for one in place.everyone])
            known = directory.orders.of_holds(view.connection, place.code, [ask.hold for ask in place.asks])
        tally = place.tally
        for name in sorted({*books.accounts, *(name for name, minutes in tally.minutes.items() if minutes)}):
            minutes = books.accounts[name].minutes if name in books.accounts else 0
            if minutes != tally.minutes[name]:
                yield f"{place.code}: {name} has {minutes} minutes, and should have {tally.minutes[name]}"
            if name.startswith("held:") and minutes:
                yield f"{place.code}: {minutes} minutes are still held on {name}"
        if sum(account.minutes for account in books.accounts.values()):
            yield f"{place.code}: the accounts do not add up to nothing"
        for name, account in served.items():
            if (account.held, account.served) != (tally.held[name], tally.served[name]):
                yield f"{place.code}: {name} has {account.held} held and {account.served} served"
        for ask in place.asks:
            if known[ask.hold].state != ask.state:
                yield f"{place.code}: order {ask.hold} is {known[ask.hold].state}, and should be {ask.state}"


def tell(plan: Plan, folder: Path, app_url: str, owner_url: str) -> Result:
    """The whole of a year on an empty database."""
    clock = Clock(day_ms(FIRST_DAY))
    bank = opened(folder, app_url, owner_url, clock, plan.seed)
    try:
        year = Year(bank, clock, plan)
        with progress("Founding communities", plan.communities) as step:
            year.county.found(step)
        with progress("Days", plan.days) as step:
            return year.run(step)
    finally:
        bank.close()


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal; elsewhere a line when it begins, and one for each twelfth."""
    console = Console(stderr=True)
    if console.is_terminal:
        columns = (TextColumn("{task.description:24}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console) as bar:
            task = bar.add_task(what, total=total)
            yield lambda steps: bar.advance(task, steps)
        return
    started, done = time.monotonic(), 0
    print(f"{what} ({total})", file=sys.stderr, flush=True)

    def step(steps: int) -> None:
        nonlocal done
        done += steps
        if done * 12 // total != (done - steps) * 12 // total:
            print(f"  {done} of {total} after {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)

    yield step


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run year", description=__doc__)
    usual = Plan()
    parser.add_argument("--seed", type=int, default=usual.seed, help="of everything that is drawn (%(default)s)")
    parser.add_argument("--communities", type=int, default=usual.communities, help="of the county (%(default)s)")
    parser.add_argument("--people", type=int, default=usual.people, help="registered in all (%(default)s)")
    parser.add_argument("--days", type=int, default=usual.days, help=f"from {FIRST_DAY} on (%(default)s)")
    parser.add_argument("--asks", type=float, default=usual.asks, help="orders per elder and year (%(default)s)")
    parser.add_argument("--visits", type=float, default=usual.visits, help="visits per elder and year (%(default)s)")
    parser.add_argument("--engine", choices=stage.ENGINES, default="sqlite", help="(%(default)s)")
    options = parser.parse_args()
    plan = Plan(
        seed=options.seed, communities=options.communities, people=options.people, days=options.days,
        asks=options.asks, visits=options.visits,
    )  # fmt: skip
    with stage.scratch() as folder, stage.database(options.engine, folder) as database:
        result = tell(plan, folder, database.app_url, database.owner_url)
    print(f"seed {plan.seed}, {options.engine}\n\n{result.text()}")
    return 1 if result.broken else 0


if __name__ == "__main__":
    sys.exit(main())
