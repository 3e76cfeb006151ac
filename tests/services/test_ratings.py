"""What both sides say of a service, and who reads it."""

import pytest

from tests.services.test_keys import refused
from tests.world import HERE, World
from timebank.access import Denied
from timebank.ledger import Code
from timebank.services import orders


def given(world: World) -> str:
    """A service to Wang by Li, confirmed by her daughter; the hold of its order."""
    bank, actors = world.bank, world.actors
    world.record("daughter", "chen", 60)
    world.give("daughter", "wang", 60)
    hold = world.order("wang", 60).record.id
    orders.accept(bank, actors["li"], HERE, hold)
    orders.check_in(bank, actors["li"], HERE, hold)
    world.clock.advance(minutes=60)
    orders.check_out(bank, actors["li"], HERE, hold)
    orders.confirm(bank, actors["daughter"], orders.Confirmed(community=HERE, hold=hold))
    return hold


def rated(hold: str, stars: int, text: str | None = None) -> orders.Rated:
    return orders.Rated(community=HERE, hold=hold, stars=stars, text=text)


def read_by(world: World, name: str, hold: str) -> dict[str, tuple[int, str]]:
    found = orders.ratings(world.bank, world.actors[name], HERE, hold)
    return {one.side: (one.stars, one.text) for one in found}


def test_the_station_reads_both_sides_and_each_side_its_own(world: World) -> None:
    hold = given(world)
    orders.rate(world.bank, world.actors["daughter"], rated(hold, 5, "很细心"))
    orders.rate(world.bank, world.actors["li"], rated(hold, 2, "门口有狗"))
    elder, volunteer = {"elder": (5, "很细心")}, {"volunteer": (2, "门口有狗")}
    assert read_by(world, "clerk", hold) == read_by(world, "lead", hold) == elder | volunteer
    assert read_by(world, "wang", hold) == read_by(world, "daughter", hold) == elder
    assert read_by(world, "li", hold) == volunteer


@pytest.mark.parametrize("name", ["zhao", "stranger", "far clerk", "auditor"])
def test_nobody_else_reads_or_rates(world: World, name: str) -> None:
    hold = given(world)
    with pytest.raises(Denied):
        orders.ratings(world.bank, world.actors[name], HERE, hold)
    with pytest.raises(Denied):
        orders.rate(world.bank, world.actors[name], rated(hold, 1))


def test_a_second_word_takes_the_place_of_the_first_and_its_text(world: World) -> None:
    hold = given(world)
    for stars, text in ((1, "来晚了"), (4, None)):
        orders.rate(world.bank, world.actors["wang"], rated(hold, stars, text))
    assert read_by(world, "clerk", hold) == {"elder": (4, "")}


def test_nothing_is_said_of_a_service_before_it_was_given(world: World) -> None:
    world.record("daughter", "chen", 60)
    world.give("daughter", "wang", 60)
    hold = world.order("wang", 60).record.id
    assert refused(lambda: orders.rate(world.bank, world.actors["wang"], rated(hold, 5))) is Code.ORDER_STATE
    assert orders.ratings(world.bank, world.actors["wang"], HERE, hold) == []
