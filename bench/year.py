"""Entries a second of a simulated year, through the use cases, against the bare append path in the same run."""

import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from bench.rounds import Measured, interleave
from bench.shop import Counter
from tests.simulation.county import Plan, day_ms
from tests.simulation.season import FIRST_DAY
from tests.simulation.year import Year, opened
from tests.world import Clock
from timebank.ledger import reads

# The communities of three streets with their share of the county's people.
PLAN = Plan(communities=12, people=1224, asks=8, visits=8, pins=False)
_DAYS, _BEFORE, _APPENDS = 14, 14, 200


def measure(rounds: int) -> Iterator[Measured]:
    """Fortnights of the year, each against entries appended one by one: verified, judged, sealed, committed, marked.

    Founding, registering who is there on the first day, their log-ins and the first fortnight are left out, and secrets
    of cards, whose check is slow on purpose. Everything else takes time: boards, taking an order, signing in and out,
    refusals, the clock, seals, audits, and the simulation itself; but only entries count.
    """
    folder = Path(tempfile.mkdtemp(prefix="timebank-bench-"))
    url = f"sqlite:///{folder / 'year.db'}"
    clock = Clock(day_ms(FIRST_DAY))
    year = Year(opened(folder, url, url, clock, PLAN.seed), clock, PLAN)
    year.county.found(lambda _: None)
    year.people()
    for place in year.county.places:
        for person in place.everyone:
            year.county.actor(person)
    days = count()
    for _ in range(_BEFORE):
        year.day(next(days))
    counter = Counter()
    visits = iter([counter.visit() for _ in range(rounds * _APPENDS)])

    def floor() -> int:
        for _ in range(_APPENDS):
            counter.append(next(visits))
        return _APPENDS

    def thing() -> int:
        before = _entries(year)
        for _ in range(_DAYS):
            year.day(next(days))
        return _entries(year) - before

    name = f"a year of {PLAN.communities} communities through the use cases, SQLite"
    yield interleave(name, thing, "one append alone through the bank", floor, "entries", rounds)
    year.bank.close()
    counter.bank.close()


def _entries(year: Year) -> int:
    with year.bank.view() as view:
        return sum(head.size for head in reads.heads(view.connection))
