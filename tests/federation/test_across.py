"""An order in another community as one act: a relative's hours are sent to the elder, and pay for it there."""

from dataclasses import replace

import pytest
from flask import Flask

from tests.federation.test_transfers import due, freeze, thaw, verify
from tests.web.visitor import Visitor, said
from tests.world import ELSEWHERE, HERE, World
from timebank.access import FOR_ELDERS, OPERATOR, Actor
from timebank.ledger import Code, Refused, reads
from timebank.services import logins, members, orders, policies, reconciliation


@pytest.fixture
def apart(world: World) -> World:
    """Wang's daughter has four hours here; her mother lives in the other community, and consented."""
    world.register("mother", "何桂芳", ELSEWHERE, is_elder=True, born="1946-02-02")
    kin = members.Kin(
        id=world.bank.uuid(),
        community=ELSEWHERE,
        member=world.people["daughter"].id,
        elder=world.people["mother"].id,
        relation="parent",
        proof="household_book",
        scope=tuple(right.value for right in FOR_ELDERS),
        monthly_minutes=30,
    )
    members.relate(world.bank, world.actors["far clerk"], kin)
    world.record("daughter", "chen", minutes=240)
    who = logins.by_session(world.bank, world.token("daughter"))
    assert who is not None
    world.actors["daughter"] = who.actor
    return world


def wish(world: World, **more: object) -> orders.Wish:
    values: dict[str, object] = {
        "id": world.bank.uuid(),
        "community": ELSEWHERE,
        "elder": world.people["mother"].id,
        "service": "cleaning",
        "minutes": 90,
        "wanted_day": world.clock.day,
        "payer": "across",
    }
    return orders.Wish(**values | more)  # type: ignore[arg-type]


def refused(world: World, asked: orders.Wish) -> Refused:
    """Why the daughter's order is refused."""
    with pytest.raises(Refused) as found:
        orders.request(world.bank, daughter(world), asked)
    return found.value


def daughter(world: World) -> Actor:
    return world.actors["daughter"]


def minutes(world: World, name: str) -> tuple[int, int]:
    """Available and held."""
    person = world.people[name]
    with world.bank.view() as view:
        account = reads.account(view.connection, view.head(world.bank.origin(person.community)), person.account)
        return account.minutes, account.held


def test_her_hours_go_there_and_are_held_for_the_order(apart: World) -> None:
    asked = wish(apart)
    posted = orders.request(apart.bank, daughter(apart), asked)
    assert posted.record.id == asked.id
    assert (minutes(apart, "daughter"), minutes(apart, "mother")) == ((150, 0), (0, 90))
    assert due(apart)[0] + due(apart)[1] == 0
    verify(apart)


def test_the_same_order_again_sends_and_orders_nothing_twice(apart: World) -> None:
    asked = wish(apart)
    first = orders.request(apart.bank, daughter(apart), asked)
    again = orders.request(apart.bank, daughter(apart), asked)
    assert (again.repeated, again.record.id) == (True, first.record.id)
    assert (minutes(apart, "daughter"), minutes(apart, "mother")) == ((150, 0), (0, 90))


def test_several_weeks_are_brought_at_once(apart: World) -> None:
    orders.request(apart.bank, daughter(apart), wish(apart, minutes=60, weeks=3))
    assert (minutes(apart, "daughter"), minutes(apart, "mother")) == ((60, 0), (0, 180))


def test_what_the_order_would_be_refused_for_is_said_before_an_hour_leaves(apart: World) -> None:
    for more, code in (
        ({"service": "nonsense"}, Code.SERVICE_UNKNOWN),
        ({"minutes": 1441}, Code.MINUTES_TOO_MANY),
        ({"minutes": 300}, Code.OVERDRAFT),
    ):
        asked = wish(apart, **more)
        assert refused(apart, asked).code is code
    assert (minutes(apart, "daughter"), minutes(apart, "mother")) == ((240, 0), (0, 0))


def test_hours_that_the_other_community_does_not_take_are_back_and_nothing_is_ordered(apart: World) -> None:
    policies.set_layer(apart.bank, OPERATOR, ELSEWHERE, "[redeeming]\nelsewhere = 'none'")
    policies.publish(apart.bank, OPERATOR, ELSEWHERE)
    found = refused(apart, wish(apart))
    assert (found.code, found.facts["reason"]) == (Code.NOT_TAKEN_THERE, "not-taken-in")
    assert (minutes(apart, "daughter"), minutes(apart, "mother")) == ((240, 0), (0, 0))


def test_while_the_hours_travel_nothing_is_ordered_and_later_the_same_order_is(apart: World) -> None:
    here, asked = apart.bank.origin(HERE), wish(apart)
    freeze(apart, ELSEWHERE, here)
    assert refused(apart, asked).code is Code.ON_THEIR_WAY
    assert (minutes(apart, "daughter"), minutes(apart, "mother")) == ((150, 90), (0, 0))
    thaw(apart, ELSEWHERE, here)
    orders.request(apart.bank, daughter(apart), asked)
    assert (minutes(apart, "daughter"), minutes(apart, "mother")) == ((150, 0), (0, 90))
    assert reconciliation.run(apart.bank, OPERATOR, HERE, apart.bank.origin(ELSEWHERE)).result == reconciliation.AGREE


def test_only_a_relative_from_another_community_brings_hours_along(apart: World) -> None:
    near = replace(wish(apart), community=HERE, elder=apart.people["wang"].id)
    assert refused(apart, near).code is Code.NOT_ACROSS
    with pytest.raises(Exception, match="redeem_own"):
        orders.request(apart.bank, apart.actors["li"], wish(apart))


def test_what_will_happen_is_said_before_it_does_on_the_page(app: Flask, apart: World) -> None:
    visitor = Visitor(app, apart, "daughter")
    mother = apart.people["mother"].id
    first = said(visitor.get(f"/orders/new?elder={mother}"))
    assert "I pay with my own hours, from my community · Available 4 hours" in first
    form = {
        "id": apart.bank.uuid(),
        "elder": mother,
        "service": "cleaning",
        "minutes": "90",
        "wanted_day": apart.clock.day,
        "weeks": "1",
        "payer": "across",
    }
    checked = said(visitor.post("/orders/new", form, step="check"))
    assert "Who pays 王芳 Available now 4 hours To be held 1 hour 30 minutes What remains 2 hours 30 minutes" in checked
    assert "The hours are sent to 红花岗区 · 老城街道 · 红花岗社区居民委员会 first" in checked
    assert minutes(apart, "daughter") == (240, 0)
    done = visitor.post("/orders/new", form, step="post")
    assert done.status_code == 303
    assert minutes(apart, "mother") == (0, 90)
    assert visitor.get(done.location).status_code == 200
