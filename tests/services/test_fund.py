"""What the public fund has, what came to it and went from it, how long it lasts, and what is owed to members."""

import pytest

from tests.world import ELSEWHERE, HERE, World
from timebank.access import Denied, Role
from timebank.ledger import Code, Refused
from timebank.services import approvals, fund, orders, towns


def later(world: World, days: int) -> None:
    world.clock.advance(days=days)
    world.bank.confirm_clock()


def report(world: World, name: str = "lead") -> fund.Fund:
    return fund.report(world.bank, world.actors[name], HERE)


def flows(world: World) -> list[tuple[str, int, int]]:
    """The months in which something came or went."""
    return [(one.month, one.came, one.paid) for one in report(world).months if one.came or one.paid]


def pays(world: World, minutes: int, held: int | None = None) -> str:
    """The fund pays an order of chen's; what was held beyond comes back."""
    hold = world.order("chen", held or minutes, payer="public").record.id
    return world.settle_hold(hold, "zhao", minutes).record.id


@pytest.fixture
def given(world: World) -> World:
    """The fund has four hours; the public pays up to five for chen."""
    world.record(minutes=240)
    world.donate("li", 240)
    return world


def test_a_month_counts_what_came_and_what_was_paid_less_what_came_back(given: World) -> None:
    pays(given, 30, held=60)
    later(given, 30)
    dropped = given.order("chen", 60, payer="public").record.id
    orders.cancel(given.bank, given.actors["clerk"], orders.Cancelled(community=HERE, hold=dropped, reason="cancelled"))
    assert flows(given) == [("2026-09", 240, 30)], "what is held and given back was never paid"
    given.record("zhao", minutes=60)
    given.donate("zhao", 60)
    assert flows(given) == [("2026-10", 60, 0), ("2026-09", 240, 30)]
    assert report(given).minutes == 270


def test_what_is_still_held_counts_as_paid(given: World) -> None:
    given.order("chen", 60, payer="public")
    assert flows(given) == [("2026-09", 240, 60)]
    assert report(given).minutes == 180


def test_what_is_undone_is_taken_out_of_what_was_paid(given: World) -> None:
    entry = pays(given, 60)
    undo = approvals.Reversal(id=given.bank.uuid(), community=HERE, entry=entry, reason="not-given")
    approvals.ask_reversal(given.bank, given.actors["clerk2"], undo)
    approvals.decide(given.bank, given.actors["lead"], HERE, undo.id, approve=True)
    assert flows(given) == [("2026-09", 240, 0)]


def test_how_long_it_lasts_is_reckoned_by_the_last_three_whole_months(given: World) -> None:
    pays(given, 60)
    assert report(given).months_left is None, "this month is not over"
    later(given, 15)
    assert (report(given).monthly, report(given).months_left) == (20, 9)  # 180 minutes, 60 in three months
    later(given, 31)
    pays(given, 30)
    later(given, 30)
    assert (report(given).monthly, report(given).months_left) == (30, 5)  # 150 minutes, 90 in three months
    later(given, 60)
    assert report(given).months_left == 15  # 30 in three months
    later(given, 31)
    assert (report(given).monthly, report(given).months_left) == (0, None)


def test_a_fund_that_is_spent_lasts_no_month(given: World) -> None:
    pays(given, 240)
    later(given, 31)
    assert (report(given).minutes, report(given).months_left) == (0, 0)


def test_owed_is_what_members_have_available_and_held(given: World) -> None:
    assert (report(given).owed, report(given).members) == (0, 0)
    given.record("daughter", "chen", 120)
    given.give("daughter", "wang", 90)
    given.order("wang", 60)
    assert (report(given).owed, report(given).members) == (120, 2)


def test_the_year_ends_after_twelve_months(given: World) -> None:
    assert [one.month for one in report(given).months][-1] == "2025-10"
    later(given, 330)
    assert flows(given) == [("2026-09", 240, 0)]
    later(given, 31)
    assert flows(given) == []


def test_the_lead_and_the_town_read_it_and_nobody_else(given: World) -> None:
    for name in ("clerk", "li", "wang", "auditor", "admin", "far lead"):
        with pytest.raises(Denied):
            report(given, name)
    given.login("town lead", Role.LEAD, HERE[:9])
    seen = towns.look(given.bank, given.actors["town lead"], HERE[:9])
    assert [(one.care.community, one.fund.minutes) for one in seen.communities] == [(HERE, 240), (ELSEWHERE, 0)]
    given.login("everywhere", Role.LEAD, "*")
    with pytest.raises(Refused) as refused:
        fund.report(given.bank, given.actors["everywhere"], "999999999999")
    assert refused.value.code is Code.COMMUNITY_UNKNOWN
