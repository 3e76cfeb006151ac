"""Using hours: held when ordered, settled or released exactly once, by those who may."""

import pytest

from tests.world import ELSEWHERE, HERE, World
from timebank.access import Denied
from timebank.ledger import Code, Refused
from timebank.services import approvals, audits, orders


@pytest.fixture
def rich(world: World) -> World:
    """Wang has 120 minutes, given by her daughter."""
    world.record(volunteer="daughter", elder="chen", minutes=120)
    world.give("daughter", "wang", 120)
    return world


def _done(world: World, hold: str, **more: object) -> orders.Done:
    values: dict[str, object] = {
        "community": HERE,
        "hold": hold,
        "volunteer": world.people["zhao"].id,
        "day": world.clock.day,
        "minutes": 60,
        "confirmed": "card",
    }
    return orders.Done(**values | more)  # type: ignore[arg-type]


def test_an_order_holds_the_minutes_and_nobody_else_gets_them(rich: World) -> None:
    rich.order(minutes=90)
    figures = rich.figures("wang")
    assert (figures.available, figures.held) == (30, 90)
    with pytest.raises(Refused) as error:
        rich.order(minutes=60)
    assert error.value.code is Code.OVERDRAFT


def test_settling_pays_the_volunteer_and_returns_the_rest(rich: World) -> None:
    order = rich.order(minutes=90)
    rich.settle(order, volunteer="zhao", minutes=60)
    assert (rich.figures("wang").available, rich.figures("wang").held) == (60, 0)
    zhao = rich.figures("zhao")
    assert (zhao.available, zhao.served) == (60, 60)
    assert audits.verify(rich.bank, rich.actors["auditor"], HERE).minutes_redeemed == 60


def test_a_settled_order_can_be_undone_and_goes_back_to_its_payer(rich: World) -> None:
    settled = rich.settle(rich.order(minutes=90), volunteer="zhao", minutes=60)
    asked = approvals.Reversal(id=rich.bank.uuid(), community=HERE, entry=settled.record.id, reason="not-given")
    approvals.ask_reversal(rich.bank, rich.actors["clerk"], asked)
    approvals.decide(rich.bank, rich.actors["lead"], HERE, asked.id, approve=True)
    assert (rich.figures("wang").available, rich.figures("wang").held) == (120, 0)
    assert (rich.figures("zhao").available, rich.figures("zhao").served) == (0, 0)
    audits.verify(rich.bank, rich.actors["auditor"], HERE)


def test_settling_again_gives_the_same_record_and_pays_once(rich: World) -> None:
    order = rich.order(minutes=60)
    first = rich.settle(order)
    again = rich.settle(order)
    assert again.record.raw == first.record.raw
    assert rich.figures("zhao").available == 60


def test_an_order_has_one_outcome(rich: World) -> None:
    order = rich.order(minutes=60)
    cancelled = orders.Cancelled(community=HERE, hold=order.record.id, reason="cancelled")
    orders.cancel(rich.bank, rich.actors["clerk"], cancelled)
    with pytest.raises(Refused) as error:
        rich.settle(order)
    assert error.value.code is Code.HOLD_FINISHED
    assert rich.figures("wang").available == 120


def test_where_the_policy_refuses_it_a_service_longer_than_held_is_not_settled(rich: World) -> None:
    rich.policy('[orders]\nlonger = "refuse"')
    order = rich.order(minutes=60)
    with pytest.raises(Refused) as error:
        rich.settle(order, minutes=90)
    assert error.value.code is Code.LONGER_THAN_HELD
    assert rich.figures("wang").held == 60


def test_where_the_policy_refuses_longer_a_confirmation_stands_for_what_was_held(rich: World) -> None:
    rich.policy('[orders]\nlonger = "refuse"')
    rich.clock.advance(minutes=600)
    hold = rich.order(minutes=60).record.id
    for act, minutes in ((orders.accept, 10), (orders.check_in, 90), (orders.check_out, 0)):
        act(rich.bank, rich.actors["li"], HERE, hold)
        rich.clock.advance(minutes=minutes)
    before = rich.figures("li")
    posted = orders.confirm(rich.bank, rich.actors["wang"], orders.Confirmed(community=HERE, hold=hold))
    body = posted.record.intent.body
    assert (body["minutes"], body["credited"], body["end"] - body["start"]) == (60, 60, 60)
    assert rich.figures("li").served == before.served + 60
    rich.record("li", "wang", 30, start=body["end"], end=body["end"] + 30, payer="elder")
    assert (rich.figures("li").served, rich.figures("li").available) == (before.served + 90, before.available + 90)


def test_where_the_policy_pays_what_was_held_a_confirmation_counts_all_of_it_as_served(rich: World) -> None:
    rich.clock.advance(minutes=600)
    hold = rich.order(minutes=60).record.id
    for act, minutes in ((orders.accept, 10), (orders.check_in, 90), (orders.check_out, 0)):
        act(rich.bank, rich.actors["li"], HERE, hold)
        rich.clock.advance(minutes=minutes)
    posted = orders.confirm(rich.bank, rich.actors["wang"], orders.Confirmed(community=HERE, hold=hold))
    assert (posted.record.intent.body["minutes"], posted.record.intent.body["credited"]) == (90, 60)


def test_a_service_too_short_for_credit_is_recorded_and_the_hours_go_back(rich: World) -> None:
    order = rich.order(minutes=60)
    posted = rich.settle(order, minutes=10)
    assert posted.record.intent.kind == "release"
    assert rich.figures("wang").available == 120
    assert (rich.figures("zhao").available, rich.figures("zhao").served) == (0, 10)


def test_the_daughter_orders_for_her_mother_and_the_record_names_her(rich: World) -> None:
    posted = rich.order(minutes=60, actor="daughter")
    assert posted.record.intent.on_behalf == rich.people["daughter"].account


def test_the_daughter_may_pay_with_her_own_hours(rich: World) -> None:
    rich.record(volunteer="daughter", elder="chen", minutes=60)
    rich.order(minutes=60, actor="daughter", payer="self")
    assert (rich.figures("daughter").held, rich.figures("wang").held) == (60, 0)


def test_a_member_may_not_order_for_somebody_else_nor_on_their_quota(rich: World) -> None:
    with pytest.raises(Denied):
        rich.order(elder="wang", actor="li")
    with pytest.raises(Denied):
        rich.order(elder="wang", actor="li", payer="public")


def test_the_family_may_give_the_hours_back_and_a_stranger_may_not(rich: World) -> None:
    order = rich.order(minutes=60, actor="daughter")
    cancelled = orders.Cancelled(community=HERE, hold=order.record.id, reason="cancelled")
    with pytest.raises(Denied):
        orders.cancel(rich.bank, rich.actors["li"], cancelled)
    orders.cancel(rich.bank, rich.actors["daughter"], cancelled)
    assert rich.figures("wang").available == 120


def test_an_order_of_another_community_is_unknown_here(rich: World) -> None:
    order = rich.order(minutes=60)
    with pytest.raises(Refused) as error:
        orders.enter(rich.bank, rich.actors["far clerk"], _done(rich, order.record.id, community=ELSEWHERE))
    assert error.value.code is Code.ORDER_UNKNOWN


def test_a_volunteer_cannot_be_paid_for_serving_herself(world: World) -> None:
    world.policy("[redeeming]\nminimum_age = 0")
    world.record(volunteer="daughter", elder="chen", minutes=60)
    order = world.order(elder="daughter", minutes=60)
    with pytest.raises(Refused) as error:
        orders.enter(
            world.bank, world.actors["clerk"], _done(world, order.record.id, volunteer=world.people["daughter"].id)
        )
    assert error.value.code is Code.SAME_PERSON
