"""The honour board: who wishes to be named is, by what she served in all."""

import pytest

from tests.world import HERE, World
from timebank import directory
from timebank.access import Denied
from timebank.ledger import Refused
from timebank.services import honours, standing

RULE = "[honours]\nhours = [1, 3]\n[caps]\nday_minutes = 60"


def wish(world: World, who: str, *, named: bool = True, actor: str | None = None) -> None:
    wanted = honours.Wish(community=HERE, person=world.people[who].id, named=named)
    honours.wish(world.bank, world.actors[actor or who], wanted)


def names(world: World) -> dict[int, tuple[str, ...]]:
    return {step.hours: step.names for step in honours.board(world.bank, HERE).steps}


@pytest.fixture
def proud(world: World) -> World:
    """A board from one and from three hours; everybody has served four, of which a cap took three."""
    world.policy(RULE)
    for name in ("zhao", "li", "daughter"):
        world.record(name, "wang", minutes=240)
    return world


def test_nobody_is_named_who_does_not_wish_it(proud: World) -> None:
    assert names(proud) == {3: (), 1: ()}
    wish(proud, "zhao")
    wish(proud, "li")
    wish(proud, "li")
    assert names(proud) == {3: ("李明", "赵敏"), 1: ()}, "in the order in which they joined"
    wish(proud, "zhao", named=False)
    assert names(proud) == {3: ("李明",), 1: ()}


def test_a_name_stands_at_the_highest_threshold_that_was_reached_by_what_was_served_in_all(world: World) -> None:
    world.policy(RULE)
    wish(world, "li")
    for minutes, at in ((59, None), (1, 1), (119, 1), (1, 3)):
        world.record("li", "wang", minutes=minutes)
        found = names(world)
        assert [hours for hours, who in found.items() if who] == ([at] if at else [])


def test_what_somebody_gave_away_still_counts(proud: World) -> None:
    wish(proud, "li")
    proud.give("li", "wang", 60)
    assert names(proud)[3] == ("李明",)


def test_who_is_suspended_or_erased_is_not_named(proud: World) -> None:
    wish(proud, "li")
    wish(proud, "zhao")
    suspended = standing.Suspension(community=HERE, person=proud.people["li"].id)
    standing.suspend(proud.bank, proud.actors["lead"], suspended)
    assert names(proud)[3] == ("赵敏",)
    standing.resume(proud.bank, proud.actors["lead"], suspended)
    assert names(proud)[3] == ("李明", "赵敏")
    with proud.bank.office() as office:
        row = office.people.get(directory.Person, proud.people["zhao"].id)
        assert row is not None
        directory.people.erase(office.people, row, office.now)
    assert names(proud)[3] == ("李明",)


def test_where_the_policy_wants_none_there_is_no_board(world: World) -> None:
    world.policy("[honours]\nhours = []")
    world.record("li", "wang", minutes=240)
    wish(world, "li")
    assert names(world) == {}


def test_only_she_herself_or_a_clerk_says_so(proud: World) -> None:
    wish(proud, "wang", actor="clerk")
    for other in ("daughter", "li", "lead", "far clerk", "auditor"):
        with pytest.raises(Denied):
            wish(proud, "wang", actor=other)


def test_a_town_shows_the_boards_of_its_communities_and_no_other_names(proud: World) -> None:
    assert honours.around(proud.bank, HERE[:9]).boards == ()
    wish(proud, "li")
    for place in (HERE[:9], HERE[:6], HERE[:4]):
        (board,) = honours.around(proud.bank, place).boards
        assert board == honours.board(proud.bank, HERE)
    wish(proud, "li", named=False)
    assert honours.around(proud.bank, HERE[:9]).boards == ()
    for place in ("99", f"{HERE[:4]}99", HERE[:5]):
        with pytest.raises(Refused):
            honours.around(proud.bank, place)
