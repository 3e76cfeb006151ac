"""Who comes to the counter with a card: what the clerk reads aloud, and the three things she most likely wants."""

import pytest

from tests.world import ELSEWHERE, HERE, World
from timebank.access import Denied
from timebank.ledger import Refused
from timebank.services import counter, members


def at(world: World, who: str = "wang", actor: str = "clerk", code: str = HERE) -> counter.AtCounter:
    return counter.of(world.bank, world.actors[actor], code, world.people[who].id)


def test_name_place_age_and_balance_are_there(world: World) -> None:
    world.record(minutes=120)
    world.give("li", "wang", 90)
    world.order("wang", 30)
    members.describe(world.bank, world.actors["clerk"], members.Profile(person=world.people["wang"].id, grid="03"))
    found = at(world)
    assert (found.name, found.place, found.grid, found.age) == ("王桂英", "大兴路社区居民委员会", "03", 78)
    assert (found.figures.available, found.figures.held) == (60, 30)
    world.register("old", "吴桂芳", HERE, is_elder=True)
    assert at(world, "old").age is None


def test_what_she_had_last_comes_first_once_and_what_is_no_longer_offered_does_not(world: World) -> None:
    first = [service.code for service in at(world).choices]
    assert len(first) == counter.CHOICES
    world.record(minutes=120)
    world.give("li", "wang", 120)
    for service in ("cleaning", "walking", "cleaning"):
        world.clock.advance(minutes=1)
        world.order("wang", 10, service=service)
    assert [service.code for service in at(world).choices] == ["cleaning", "walking", first[0]]
    assert [service.code for service in at(world, "chen").choices] == first


def test_only_a_clerk_of_her_community_sees_it(world: World) -> None:
    for name in ("lead", "wang", "far clerk"):
        with pytest.raises(Denied):
            at(world, actor=name)
    with pytest.raises(Refused):
        at(world, actor="far clerk", code=ELSEWHERE)
