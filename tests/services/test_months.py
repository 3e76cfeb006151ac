"""家里这个月: who came, when, and who confirmed it."""

import pytest

from tests.world import HERE, World
from timebank.access import Denied
from timebank.services import approvals, months


def test_a_relative_reads_who_came_when_and_by_whose_hand(world: World) -> None:
    world.record("li", "wang", 60, confirmed="phone")
    world.clock.advance(days=2)
    world.record("zhao", "wang", 20, confirmed="card")
    world.record("zhao", "wang", 30, confirmed="clerk", reason="no-card", day="2026-09-22")
    world.record("li", "chen", 45)
    found = months.of_person(world.bank, world.actors["daughter"], world.people["wang"].id)
    assert (found.month, found.earlier, found.later, found.minutes) == ("2026-09", "2026-08", None, 110)
    came = [(one.day, one.names[str(one.body["server"])], one.body["confirmed"]) for one in found.visits]
    assert came == [("2026-09-21", "李明", "phone"), ("2026-09-22", "赵敏", "clerk"), ("2026-09-23", "赵敏", "card")]


def test_an_undone_visit_is_shown_and_not_counted(world: World) -> None:
    entry = world.record("li", "wang", 60).record.id
    world.record("zhao", "wang", 30)
    asked = approvals.Reversal(id=world.bank.uuid(), community=HERE, entry=entry, reason="twice")
    approvals.ask_reversal(world.bank, world.actors["clerk"], asked)
    approvals.decide(world.bank, world.actors["lead"], HERE, asked.id, approve=True)
    found = months.of_person(world.bank, world.actors["wang"], world.people["wang"].id)
    assert [one.reversed_by is not None for one in found.visits] == [True, False]
    assert found.minutes == 30


def test_what_she_gave_herself_is_not_who_came(world: World) -> None:
    world.record("daughter", "chen", 60)
    world.give("daughter", "wang", 60)
    person = world.people["daughter"].id
    assert months.of_person(world.bank, world.actors["daughter"], person).visits == ()


def test_a_visit_stands_in_its_month_and_in_no_other(world: World) -> None:
    world.record("li", "wang", 60)
    world.clock.advance(days=20)
    person, daughter = world.people["wang"].id, world.actors["daughter"]
    assert months.of_person(world.bank, daughter, person).visits == ()
    before = months.of_person(world.bank, daughter, person, "2026-09")
    assert (len(before.visits), before.later) == (1, "2026-10")


@pytest.mark.parametrize("name", ["li", "stranger", "far clerk", "admin", "auditor"])
def test_nobody_else_reads_it(world: World, name: str) -> None:
    with pytest.raises(Denied):
        months.of_person(world.bank, world.actors[name], world.people["wang"].id)
