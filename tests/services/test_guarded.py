"""Somebody for whom a guardian decides: where she is served, and who else reads it; what a social worker found."""

import pytest

from tests.services.test_standing import ask_incapacity, refusal
from tests.world import HERE, SECRET, World
from timebank.access import OPERATOR
from timebank.ledger import Code
from timebank.services import approvals, logins, members, orders, papers, slips

HOME = "大兴路 8 号"


@pytest.fixture
def guarded(world: World) -> World:
    """Wang, at home in Daxing Lu, for whom her daughter decides; Chen is her husband."""
    home = members.Correction(person=world.people["wang"].id, address=HOME)
    members.correct(world.bank, world.actors["clerk"], home)
    world.record("daughter", "chen", minutes=120)
    world.give("daughter", "wang", 120)
    decide(world)
    return world


def decide(world: World) -> None:
    waiting = ask_incapacity(world)
    approvals.decide(world.bank, world.actors["lead"], HERE, waiting.id, approve=True)


def place_of(world: World, hold: str) -> str:
    return orders.told(world.bank, world.actors["clerk"], HERE, hold).place


def test_she_is_served_at_her_registered_address_and_nowhere_else(guarded: World) -> None:
    assert place_of(guarded, guarded.order(minutes=30).record.id) == HOME
    assert place_of(guarded, guarded.order(minutes=30, place=HOME).record.id) == HOME
    assert refusal(lambda: guarded.order(minutes=30, place="公园")) is Code.PLACE_NOT_HOME
    other = members.Correction(person=guarded.people["wang"].id, address="")
    members.correct(guarded.bank, guarded.actors["clerk"], other)
    assert refusal(lambda: guarded.order(minutes=30)) is Code.ADDRESS_MISSING


def test_others_are_served_where_they_want(world: World) -> None:
    world.record("daughter", "wang", minutes=60)
    world.give("daughter", "wang", 60)
    assert place_of(world, world.order(minutes=30, place="公园").record.id) == "公园"


def test_her_card_confirms_nothing_any_more(world: World) -> None:
    world.record("daughter", "chen", minutes=60)
    world.give("daughter", "wang", 60)
    card = world.people["wang"].card
    login = logins.NewLogin(id=world.bank.uuid(), name=card, shown=card, secret=SECRET, person=world.people["wang"].id)
    logins.create(world.bank, OPERATOR, login)
    home = members.Correction(person=world.people["wang"].id, address=HOME)
    members.correct(world.bank, world.actors["clerk"], home)
    decide(world)
    hold = world.order(minutes=30).record.id
    orders.accept(world.bank, world.actors["li"], HERE, hold)
    orders.check_in(world.bank, world.actors["li"], HERE, hold)
    orders.check_out(world.bank, world.actors["li"], HERE, hold)
    confirmed = orders.Confirmed(community=HERE, hold=hold, pin=SECRET, address="127.0.0.1")
    assert refusal(lambda: orders.confirm(world.bank, world.actors["clerk"], confirmed)) is Code.LOGIN_WRONG


def test_a_relative_who_is_not_the_guardian_gets_a_slip_of_who_came(guarded: World) -> None:
    guarded.record("li", "wang", minutes=45)
    guarded.record("li", "chen", minutes=30)
    (slip,) = slips.of_month(guarded.bank, guarded.actors["clerk"], HERE).slips
    assert (slip.name, slip.guardians, slip.readers) == ("王桂英", ("王芳",), ())
    assert [item.body["minutes"] for item in slip.items] == [45]
    guarded.relate("chen", "wang", relation="spouse", scope=())
    (slip,) = slips.of_month(guarded.bank, guarded.actors["clerk"], HERE).slips
    assert slip.readers == ("陈秀兰",)
    assert slips.of_month(guarded.bank, guarded.actors["clerk"], HERE, "2026-08").slips[0].items == ()


def test_a_guardian_of_a_minor_makes_no_slip(world: World) -> None:
    young = papers.Guardian(
        id=world.bank.uuid(),
        community=HERE,
        person=world.people["li"].id,
        guardian=world.people["zhao"].id,
        proof="consent",
        from_day=world.clock.day,
    )
    papers.note_guardian(world.bank, world.actors["clerk"], young)
    assert slips.of_month(world.bank, world.actors["clerk"], HERE).slips == ()


def test_the_social_worker_goes_along_until_the_first_service_was_given(world: World) -> None:
    world.record("daughter", "chen", minutes=120)
    world.give("daughter", "wang", 120)
    found = papers.Assessment(
        id=world.bank.uuid(),
        community=HERE,
        person=world.people["wang"].id,
        need="severe",
        day=world.clock.day,
        accompany=True,
    )
    assert papers.note_assessment(world.bank, world.actors["clerk"], found)
    assert not papers.note_assessment(world.bank, world.actors["clerk"], found)
    first, second = (world.order(minutes=30) for _ in range(2))
    assert orders.told(world.bank, world.actors["clerk"], HERE, second.record.id).accompany
    world.settle(first, minutes=30)
    assert not orders.told(world.bank, world.actors["clerk"], HERE, second.record.id).accompany
    (noted,) = papers.of(world.bank, world.actors["clerk"], world.people["wang"].id).assessments
    assert (noted.need, noted.accompany) == ("severe", True)
