"""A small year on both engines: the books hold, agree with the tally, and everything that can happen did."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import fresh_postgresql, sqlite_in
from tests.simulation.county import Plan, day_ms
from tests.simulation.report import Result
from tests.simulation.season import FIRST_DAY
from tests.simulation.year import Year, opened, tell
from tests.world import Clock
from timebank.ledger import Code
from timebank.lifecycle import Act, State

SMALL = Plan(communities=6, people=200, asks=10, visits=6, trouble=2, seed=3)
TINY = Plan(communities=2, people=60, days=21, asks=20, visits=20, pins=False)
ENGINES = ("sqlite", "postgresql")
# Beside every state and act of an order: what goes wrong in a year, and who sees to it.
TROUBLE = {
    "volunteer did not come", "nobody answered", "dispute", "two took the same order", "an order ended by a death",
    "paid by elder", "paid by public", "paid by self", "confirmed by phone", "confirmed by code", "confirmed by card",
    "confirmed by proxy", "confirmed by paper", "confirmed by clerk", "confirmed by auto", "outcome below a step",
    "late entry for a second person", "long visit for a second person", "decided by a second person", "reversal",
    "question", "call-back: given", "call-back: not-given", "call-back: unreachable", "suspension", "death",
    "moved away", "guardian", "class", "certificate", "policy published", "seal", "digest", "audit of what is new",
}  # fmt: skip
REFUSED = {
    Code.OVERDRAFT, Code.QUOTA_SHORT, Code.OVER_CAP, Code.NOT_IN_CIRCLE, Code.ORDER_STATE, Code.OVERLAP,
    Code.LONGER_THAN_HELD, Code.PERSON_SUSPENDED, Code.PERSON_DECEASED, Code.TOO_YOUNG_TO_REDEEM, Code.CODE_WRONG,
    Code.GUARDIAN_MISSING, Code.SECOND_PERSON, Code.ALREADY_DECIDED, Code.STILL_PUBLIC, Code.ACCOUNT_STILL_HAS,
    Code.OWN_SERVICE, Code.REASON_MISSING, Code.LOGIN_WRONG,
}  # fmt: skip

Told = Callable[[str], Result]


@pytest.fixture(scope="module")
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The year on an engine; it is told once on each."""

    @cache
    def year(engine: str) -> Result:
        folder = tmp_path_factory.mktemp("year")
        made = (
            nullcontext(sqlite_in(folder))
            if engine == "sqlite"
            else fresh_postgresql(request.getfixturevalue("postgresql_server"))
        )
        with made as database:
            return tell(SMALL, folder, database.app_url, database.owner_url)

    return year


@pytest.mark.parametrize("engine", ENGINES)
def test_after_a_year_every_ledger_verifies_nothing_is_held_and_everybody_has_what_the_tally_says(
    told: Told, engine: str
) -> None:
    result = told(engine)
    assert result.broken == []
    assert result.ledgers == SMALL.communities
    assert result.credited == sum(place.tally.credited for place in result.county.places)


@pytest.mark.parametrize("engine", ENGINES)
def test_everybody_came_in_the_course_of_the_year(told: Told, engine: str) -> None:
    people = [one for place in told(engine).county.places for one in place.everyone]
    assert len(people) == SMALL.people


@pytest.mark.parametrize("engine", ENGINES)
def test_whatever_can_happen_to_an_order_happened(told: Told, engine: str) -> None:
    happened = told(engine).county.happened
    assert [act for act in Act if not happened[f"act {act}"]] == []
    assert [state for state in State if not happened[f"state {state}"]] == []


@pytest.mark.parametrize("engine", ENGINES)
def test_every_kind_of_trouble_happened(told: Told, engine: str) -> None:
    county = told(engine).county
    assert TROUBLE - set(county.happened) == set()
    assert REFUSED - set(county.refused) == set()
    caps = sum((place.tally.overflowed for place in county.places), start=county.places[0].tally.overflowed.copy())
    assert set(caps) == {"day", "held"}


def test_the_same_seed_tells_the_same_year_to_the_last_byte_on_both_engines(told: Told) -> None:
    one, other = (told(engine) for engine in ENGINES)
    assert one.heads == other.heads
    assert one.text() == other.text()


def tiny(folder: Path, plan: Plan = TINY) -> Year:
    """A few weeks that were told, and not closed yet."""
    url = f"sqlite:///{folder / 'year.db'}"
    clock = Clock(day_ms(FIRST_DAY))
    year = Year(opened(folder, url, url, clock, plan.seed), clock, plan)
    year.county.found(lambda _: None)
    year.people()
    for number in range(plan.days):
        year.day(number)
    return year


def test_another_seed_tells_another_year(tmp_path: Path) -> None:
    heads = set()
    for seed in (1, 2):
        folder = tmp_path / str(seed)
        folder.mkdir()
        year = tiny(folder, Plan(communities=1, people=30, days=7, seed=seed))
        year.close()
        heads.add(year.check().heads)
        year.bank.close()
    assert len(heads) == 2


def test_an_order_that_nobody_ended_is_found(tmp_path: Path) -> None:
    year = tiny(tmp_path)
    broken = year.check().broken
    year.bank.close()
    assert any("are still held on held:orders" in what for what in broken)
    assert all("are still held" in what for what in broken)


def test_a_minute_that_the_tally_does_not_know_is_found(tmp_path: Path) -> None:
    year = tiny(tmp_path)
    year.close()
    place = year.county.places[0]
    place.tally.minutes[place.volunteers[0].account] += 1
    broken = year.check().broken
    year.bank.close()
    assert len(broken) == 1
    assert place.volunteers[0].account in broken[0]


def test_a_refusal_that_is_not_expected_is_found(tmp_path: Path) -> None:
    year = tiny(tmp_path, Plan(communities=1, people=10, days=1))
    place = year.county.places[0]
    year.station.suspend(place)
    for person in place.volunteers:
        person.standing = "active"  # the simulation forgets what it did
    for _ in range(50):
        year.station.visit(place)
    broken = year.check().broken
    year.bank.close()
    assert any("person-suspended" in what for what in broken)
