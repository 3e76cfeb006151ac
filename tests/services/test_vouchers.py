"""The slip of an entry: whose copies are printed, and the balance on each."""

import pytest

from tests.world import HERE, World
from timebank.access import Denied
from timebank.ledger import Refused
from timebank.services import vouchers


def copies(world: World, name: str, entry: str) -> list[tuple[str, int, int]]:
    found = vouchers.of_entry(world.bank, world.actors[name], HERE, entry)
    return [(copy.name, copy.change, copy.balance) for copy in found.copies]


def test_the_station_prints_a_copy_for_each_and_one_for_itself(world: World) -> None:
    entry = world.record("li", "wang", 60).record.id
    assert copies(world, "clerk", entry) == [("李明", 60, 60), ("王桂英", 0, 0)]
    assert vouchers.of_entry(world.bank, world.actors["clerk"], HERE, entry).for_station


def test_a_member_prints_her_own_and_those_for_whom_she_acts(world: World) -> None:
    entry = world.record("li", "wang", 60).record.id
    assert copies(world, "li", entry) == [("李明", 60, 60)]
    assert copies(world, "daughter", entry) == [("王桂英", 0, 0)]
    assert not vouchers.of_entry(world.bank, world.actors["li"], HERE, entry).for_station


def test_the_balance_is_that_after_the_entry_whatever_came_later(world: World) -> None:
    first = world.record("li", "wang", 60).record.id
    world.record("li", "wang", 90)
    assert copies(world, "li", first) == [("李明", 60, 60)]


def test_what_went_on_to_the_fund_with_it_is_taken_off(world: World) -> None:
    world.policy("[caps]\nday_minutes = 60")
    entry = world.record("li", "wang", 120).record.id
    assert copies(world, "li", entry) == [("李明", 60, 60)]


def test_a_redemption_has_a_copy_for_who_served_and_who_was_served(world: World) -> None:
    world.record("daughter", "chen", 60)
    world.give("daughter", "wang", 60)
    paid = world.settle(world.order("wang", 60), "zhao", 30).record.id
    assert copies(world, "clerk", paid) == [("赵敏", 30, 30), ("王桂英", 30, 30)]


@pytest.mark.parametrize("name", ["zhao", "stranger", "far clerk", "auditor"])
def test_nobody_else_prints_it(world: World, name: str) -> None:
    entry = world.record("li", "wang", 60).record.id
    with pytest.raises((Denied, Refused)):
        vouchers.of_entry(world.bank, world.actors[name], HERE, entry)
