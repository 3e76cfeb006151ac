"""Hours that expire: the oldest are used first, nobody is surprised, and a run may be repeated or broken off."""

from datetime import date

import pytest

from tests.services.test_care import later
from tests.world import HERE, World
from timebank.access import OPERATOR, Denied
from timebank.services import approvals, audits, expiry, home, standing

RULE = "[expiry]\nmonths = 3"


def to(world: World, day: str) -> None:
    later(world, (date.fromisoformat(day) - date.fromisoformat(world.clock.day)).days)


def run(world: World) -> tuple[int, int]:
    done = expiry.run(world.bank, OPERATOR, HERE)
    return done.people, done.minutes


@pytest.fixture
def strict(world: World) -> World:
    """Since 21 September 2026 hours expire after three months without use."""
    world.policy(RULE)
    return world


def test_hours_of_a_month_that_is_over_so_long_go_to_the_fund_and_younger_ones_stay(strict: World) -> None:
    strict.record(minutes=60)
    to(strict, "2026-10-05")
    strict.record(minutes=90)
    to(strict, "2027-01-31")
    assert run(strict) == (1, 60)  # of September; the rule came within it, so not a day too early
    assert strict.figures("li").available == 90
    to(strict, "2027-02-01")
    assert run(strict) == (1, 90)
    assert strict.figures("li").available == 0
    assert audits.verify(strict.bank, OPERATOR, HERE).kinds["expire"] == 2


def test_a_run_that_is_repeated_takes_nothing_twice(strict: World) -> None:
    strict.record(minutes=60)
    strict.clock.advance(days=7)
    to(strict, "2027-01-02")
    assert run(strict) == (1, 60)
    assert run(strict) == (0, 0)
    to(strict, "2027-01-30")
    assert run(strict) == (0, 0)


def test_the_oldest_hours_are_used_first(strict: World) -> None:
    strict.record(minutes=60)
    strict.donate("li", 30)
    to(strict, "2026-11-10")
    strict.record(minutes=120)
    strict.donate("li", 60)  # the rest of September's, and 30 of November's
    to(strict, "2027-01-02")
    assert run(strict) == (0, 0)
    to(strict, "2027-03-01")
    assert run(strict) == (1, 90)


def test_what_came_back_from_an_order_is_as_old_as_it_was_and_what_is_held_stays_held(strict: World) -> None:
    strict.record("daughter", "chen", minutes=120)
    strict.give("daughter", "wang", 120)
    to(strict, "2026-12-20")
    strict.order(minutes=60)
    done = strict.order(minutes=60)
    strict.settle(done, minutes=30)  # half of it comes back
    to(strict, "2027-01-02")
    assert run(strict) == (1, 30)
    assert (strict.figures("wang").available, strict.figures("wang").held) == (0, 60)


def test_nothing_expires_before_the_rule_was_there_for_as_long(world: World) -> None:
    world.record(minutes=60)
    to(world, "2026-12-20")
    world.policy(RULE)
    to(world, "2027-03-31")
    assert run(world) == (0, 0)
    to(world, "2027-04-01")
    assert run(world) == (1, 60)


def test_where_the_rule_was_given_up_nothing_expires(strict: World) -> None:
    strict.record(minutes=60)
    to(strict, "2026-12-20")
    strict.policy("[expiry]\nmonths = 0")
    to(strict, "2027-06-01")
    assert run(strict) == (0, 0)


def test_who_is_suspended_or_has_died_keeps_what_is_there(strict: World) -> None:
    for name in ("li", "zhao"):
        strict.record(name, "wang", minutes=60)
    suspended = standing.Suspension(community=HERE, person=strict.people["li"].id)
    standing.suspend(strict.bank, strict.actors["lead"], suspended)
    to(strict, "2027-01-02")
    assert run(strict) == (1, 60)
    assert (strict.figures("li").available, strict.figures("zhao").available) == (60, 0)


def test_a_correction_gives_back_what_expired_wrongly(strict: World) -> None:
    strict.record(minutes=60)
    to(strict, "2027-01-02")
    run(strict)
    wanted = approvals.Reversal(
        id=strict.bank.uuid(), community=HERE, entry=f"{strict.people['li'].account}.expire.2027-01", reason="mistake"
    )
    approvals.ask_reversal(strict.bank, strict.actors["clerk"], wanted)
    approvals.decide(strict.bank, strict.actors["lead"], HERE, wanted.id, approve=True)
    assert strict.figures("li").available == 60
    assert run(strict) == (0, 0)


def test_a_member_is_told_a_month_before(strict: World) -> None:
    def told() -> expiry.Soon | None:
        return home.home(strict.bank, strict.actors["li"], strict.people["li"].id).expiring

    strict.record(minutes=60)
    to(strict, "2026-11-30")
    assert told() is None
    to(strict, "2026-12-01")
    assert told() == expiry.Soon(minutes=60, day="2027-01-01")
    strict.donate("li", 45)
    assert told() == expiry.Soon(minutes=15, day="2027-01-01")


def test_only_who_keeps_the_books_lets_hours_expire(strict: World) -> None:
    for name in ("clerk", "lead", "li", "auditor"):
        with pytest.raises(Denied):
            expiry.run(strict.bank, strict.actors[name], HERE)
