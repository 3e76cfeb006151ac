"""The lists of services and of needs: what is counted, what is told, and what is not told because it is small."""

import pytest

from tests.services.test_eligibility import stands
from tests.services.test_matching import describe
from tests.world import ELSEWHERE, HERE, TODAY, World
from timebank.access import OPERATOR
from timebank.ledger import Code, Refused
from timebank.services import approvals, needs, orders

MONTH = TODAY[:7]


@pytest.fixture
def rich(world: World) -> World:
    """Wang has eight hours."""
    world.record(volunteer="daughter", elder="chen", minutes=480)
    world.give("daughter", "wang", 480)
    return world


def cancel(world: World, hold: str, reason: str) -> None:
    cancelled = orders.Cancelled(community=HERE, hold=hold, reason=reason)
    orders.cancel(world.bank, world.actors["clerk"], cancelled)


def of(world: World, service: str, month: str = MONTH) -> needs.Need:
    (found,) = (row for row in needs.of_month(world.bank, HERE, month).rows if row.service == service)
    return found


# What was asked for


def test_each_order_is_served_open_not_met_or_taken_back(rich: World) -> None:
    rich.settle(rich.order(minutes=30), minutes=30)
    rich.order(minutes=40)
    cancel(rich, rich.order(minutes=50).record.id, "no-volunteer")
    cancel(rich, rich.order(minutes=60).record.id, "cancelled")
    rich.order(minutes=20, service="walking")
    found = of(rich, "meal")
    assert (found.asked, found.minutes) == (4, 180)
    assert (found.served, found.open, found.unmet, found.withdrawn) == (1, 1, 1, 1)
    assert (of(rich, "walking").asked, of(rich, "walking").open) == (1, 1)
    assert [row.service for row in needs.of_month(rich.bank, HERE).rows] == ["meal", "walking"]


def test_an_order_belongs_to_the_month_for_which_it_was_wanted_and_to_its_community(rich: World) -> None:
    rich.order(minutes=30, wanted_day="2026-10-01")
    rich.order(minutes=30, wanted_day="2026-09-30")
    assert of(rich, "meal", "2026-10").asked == of(rich, "meal", "2026-09").asked == 1
    assert needs.of_month(rich.bank, HERE, "2026-11").rows == ()
    assert needs.of_month(rich.bank, ELSEWHERE, "2026-10").rows == ()


def test_what_nobody_took_and_what_takes_a_provider_is_not_met_and_says_why(rich: World) -> None:
    rich.policy("[orders]\ngrace_minutes = 0")
    rich.order(minutes=30)
    rich.order(minutes=30)
    asked = rich.order(minutes=45, actor="daughter", service="bathing").record.id
    declined = orders.Cancelled(community=HERE, hold=asked, reason="needs-provider")
    orders.decline(rich.bank, rich.actors["clerk"], declined)
    rich.clock.advance(days=1)
    assert orders.run_clock(rich.bank, OPERATOR)["lapsed"] == 2
    assert needs.of_month(rich.bank, HERE, MONTH).unmet == (
        needs.Unmet(service="meal", reason="no-volunteer", number=2, minutes=60),
        needs.Unmet(service="bathing", reason="needs-provider", number=1, minutes=45),
    )


@pytest.mark.parametrize("reason", ["ill", "mistake", "cancelled"])
def test_why_something_was_taken_back_is_nobody_s_business(rich: World, reason: str) -> None:
    cancel(rich, rich.order(minutes=30).record.id, reason)
    found = needs.of_month(rich.bank, HERE, MONTH)
    assert (found.unmet, of(rich, "meal").withdrawn) == ((), 1)
    assert reason not in repr(found)


def test_the_days_waited_are_from_asking_to_the_service_and_their_median(rich: World) -> None:
    waiting = [rich.order(minutes=30) for _ in range(3)]
    rich.settle(waiting[0], minutes=30)
    assert of(rich, "meal").waiting_days == 0
    rich.clock.advance(days=2)
    rich.settle(waiting[1], minutes=30)
    rich.clock.advance(days=5)
    rich.settle(waiting[2], minutes=30)
    assert of(rich, "meal").waiting_days == 2


def test_where_nothing_was_served_nobody_has_waited_yet(rich: World) -> None:
    rich.order(minutes=30)
    assert of(rich, "meal").waiting_days is None


def test_the_later_visits_of_a_series_are_no_waiting(rich: World) -> None:
    posted = rich.order(minutes=30, weeks=2, wanted_day="2026-09-22")
    rich.clock.advance(days=1)
    cancel(rich, posted.record.id, "ill")
    rich.clock.advance(days=7)
    (later,) = orders.of_station(rich.bank, rich.actors["lead"], HERE)
    rich.settle_hold(later.hold, minutes=30)
    assert (of(rich, "meal").served, of(rich, "meal").waiting_days) == (1, None)


def test_the_first_visit_of_a_series_is(rich: World) -> None:
    posted = rich.order(minutes=30, weeks=2, wanted_day="2026-09-22")
    rich.clock.advance(days=1)
    rich.settle(posted, minutes=30)
    assert (of(rich, "meal").asked, of(rich, "meal").waiting_days) == (2, 1)


def test_a_service_confirmed_by_her_own_hand_counts_as_one_from_a_slip(rich: World) -> None:
    hold = rich.order(minutes=60).record.id
    rich.clock.advance(days=1)
    orders.accept(rich.bank, rich.actors["li"], HERE, hold)
    orders.check_in(rich.bank, rich.actors["li"], HERE, hold)
    rich.clock.advance(minutes=30)
    orders.check_out(rich.bank, rich.actors["li"], HERE, hold)
    orders.confirm(rich.bank, rich.actors["daughter"], orders.Confirmed(community=HERE, hold=hold))
    assert (of(rich, "meal").served, of(rich, "meal").waiting_days) == (1, 1)


# Who could answer it


def test_of_the_elders_those_are_near_help_who_have_an_active_volunteer_in_their_own_grid(rich: World) -> None:
    rich.register("sun", "孙玉兰", HERE, is_elder=True)
    for name, grid in (("wang", "01"), ("chen", "02"), ("sun", "01"), ("li", "01"), ("zhao", "02")):
        describe(rich, name, grid=grid)
    shares = []
    for act in (lambda: None, lambda: rich.record("li", "chen", 30), lambda: stands(rich, "li", suspended_at=1)):
        act()
        found = needs.of_month(rich.bank, HERE, MONTH)
        shares.append((found.elders, found.elders_near))
    assert shares == [(3, 0), (3, 2), (3, 0)]


@pytest.mark.parametrize(("month", "near"), [("2026-08", 0), ("2026-09", 1), ("2026-11", 1), ("2026-12", 0)])
def test_active_is_who_served_in_the_month_or_the_two_before(rich: World, month: str, near: int) -> None:
    rich.register("sun", "孙玉兰", HERE, is_elder=True)
    for name in ("wang", "li"):
        describe(rich, name, grid="01")
    rich.record("li", "chen", 30)
    assert needs.of_month(rich.bank, HERE, month).elders_near == near


def test_nobody_is_an_active_neighbour_of_herself(rich: World) -> None:
    rich.register("sun", "孙玉兰", HERE, is_elder=True)
    rich.register("both", "吴桂芳", HERE, is_elder=True, is_volunteer=True, born="1955-01-01", grid="01")
    rich.record("both", "chen", 30)
    assert needs.of_month(rich.bank, HERE, MONTH).elders_near == 0
    describe(rich, "sun", grid="01")
    assert needs.of_month(rich.bank, HERE, MONTH).elders_near == 1


def test_fewer_than_three_elders_are_not_counted_in_public(world: World) -> None:
    found = needs.of_month(world.bank, HERE, MONTH)
    assert (found.elders, found.elders_near) == (None, None)


# What is offered


def test_the_list_of_services_is_what_the_rules_offer_with_who_offers_it_from_three_on(world: World) -> None:
    world.policy('[catalogue]\noffers = ["meal", "walking", "company"]')
    for name, offered in (("li", ("meal", "walking")), ("zhao", ("meal", "walking")), ("daughter", ("meal",))):
        describe(world, name, offers=offered)
    found = needs.offers(world.bank, HERE)
    counted = {one.service.code: one.volunteers for one in found.services}
    assert counted == {"meal": 3, "walking": None, "company": None}
    stands(world, "li", suspended_at=1)
    assert {one.volunteers for one in needs.offers(world.bank, HERE).services} == {None}
    assert found.place == "红花岗区 · 老城街道 · 大兴路社区居民委员会"


def test_without_a_rule_the_whole_list_is_offered(world: World) -> None:
    listed = [one.service for one in needs.offers(world.bank, ELSEWHERE).services]
    assert listed == list(world.bank.catalogue.services)


def test_a_community_that_is_not_here_has_no_lists(world: World) -> None:
    for use_case in (needs.offers, needs.of_month):
        with pytest.raises(Refused) as error:
            use_case(world.bank, "520302001999")
        assert error.value.code is Code.COMMUNITY_UNKNOWN


# By whose hand


@pytest.mark.parametrize(
    ("confirmed", "own"),
    [("card", 1), ("phone", 1), ("code", 1), ("paper", 0), ("proxy", 0), ("clerk", 0)],
)
def test_a_confirmation_is_of_her_own_hand_or_not(world: World, confirmed: str, own: int) -> None:
    world.record("zhao", "wang", confirmed=confirmed, reason="no-card" if confirmed == "clerk" else None)
    found = needs.of_month(world.bank, HERE)
    assert (found.confirmed, found.own_hand) == (1, own)


def test_what_was_for_nobody_or_is_undone_or_of_another_month_is_not_counted(world: World) -> None:
    world.record(served=(), service="cleaning")
    entry = world.record().record.id
    assert needs.of_month(world.bank, HERE).confirmed == 1
    undo = approvals.Reversal(id=world.bank.uuid(), community=HERE, entry=entry, reason="twice")
    approvals.ask_reversal(world.bank, world.actors["clerk2"], undo)
    approvals.decide(world.bank, world.actors["lead"], HERE, undo.id, approve=True)
    assert needs.of_month(world.bank, HERE).confirmed == 0
    world.record()
    assert needs.of_month(world.bank, HERE, "2026-08").confirmed == 0
    assert needs.of_month(world.bank, ELSEWHERE).confirmed == 0
