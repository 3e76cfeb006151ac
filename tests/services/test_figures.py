"""Figures: they are what the books say, counted once, by month, place and age."""

import pytest

from tests.threads import at_once
from tests.world import ELSEWHERE, HERE, World
from timebank import directory
from timebank.access import OPERATOR, Denied, Role
from timebank.ledger import Code, Refused, reads
from timebank.services import approvals, figures, gifts

TOWN, COUNTY, CITY = HERE[:9], HERE[:6], HERE[:4]


def count(world: World) -> int:
    return figures.count(world.bank, OPERATOR, HERE)


def of(world: World, place: str = HERE, name: str = "auditor") -> figures.Figures:
    return figures.of(world.bank, world.actors[name], place)


def busy(world: World) -> None:
    """A month with everything that moves hours, and one service undone in the next."""
    world.policy("[caps]\nday_minutes = 120")
    world.record("li", "wang", 90)
    undone = world.record("zhao", "chen", 60).record.id
    world.record("zhao", "chen", 90)  # 30 above the day's cap go to the fund
    world.record("daughter", "chen", 60)
    world.give("daughter", "wang", 60)
    gift = gifts.Donation(
        id=world.bank.uuid(), community=HERE, giver=world.people["li"].id, minutes=30, reason="donation"
    )
    gifts.donate(world.bank, world.actors["clerk"], gift)
    world.settle(world.order("wang", 60), "li", 60)
    world.clock.advance(days=10)
    world.bank.confirm_clock()
    asked = approvals.Reversal(id=world.bank.uuid(), community=HERE, entry=undone, reason="twice")
    approvals.ask_reversal(world.bank, world.actors["clerk"], asked)
    approvals.decide(world.bank, world.actors["lead"], HERE, asked.id, approve=True)


def test_the_figures_are_what_the_books_say(world: World) -> None:
    busy(world)
    count(world)
    found = of(world)
    with world.bank.view() as view:
        head = view.head(world.bank.origin(HERE))
        accounts = {one.name: one for one in reads.all_accounts(view.connection, head)}
    members = sum(one.minutes + one.held for name, one in accounts.items() if name.startswith("member:"))
    assert found.sums.issued == -accounts["issue"].minutes
    assert found.sums.fund_in - found.sums.fund_out == accounts["fund"].minutes
    assert sum(one.minutes for one in found.held) == members
    assert (found.sums.given, found.sums.donated, found.sums.used) == (60, 30, 60)
    # 90 + 60 + 90 + 60 + 60 were served, and 60 of these undone.
    assert (found.sums.services, found.sums.served) == (4, 300)
    assert dict(found.months)["2026-10"] == figures.Sums(services=-1, served=-60, credited=-60, issued=-60)


def test_counting_again_and_in_parts_counts_nothing_twice(world: World) -> None:
    world.record("li", "wang", 90)
    assert count(world) > 0
    first = of(world).sums
    assert count(world) == 0
    assert of(world).sums == first
    world.record("zhao", "chen", 30)
    assert count(world) == 1
    assert of(world).sums.credited == first.credited + 30


def test_what_people_hold_is_told_by_age_and_without_names(world: World) -> None:
    world.record("li", "wang", 90)
    world.give("li", "wang", 30)
    world.register("old", "何大爷", HERE, is_volunteer=True, born="1940-01-01")
    world.record("old", "wang", 60)
    count(world)
    found = {one.band: (one.people, one.minutes) for one in of(world).held if one.people}
    assert found == {"under-60": (1, 60), "70-79": (1, 30), "80-up": (1, 60)}


def test_a_town_a_county_and_a_city_add_up_their_parts(world: World) -> None:
    world.record("li", "wang", 90)
    count(world)
    figures.count(world.bank, OPERATOR, ELSEWHERE)
    for place, name in ((TOWN, "town"), (COUNTY, "county"), (CITY, "city")):
        world.login(name, Role.AUDITOR, place)
        found = of(world, place, name)
        assert found.sums.credited == 90
        assert sum(part.sums.credited for part in found.parts) == 90
        assert (sum(part.volunteers for part in found.parts), sum(part.elders for part in found.parts)) == (4, 2)
    assert [part.code for part in of(world, TOWN, "town").parts] == [HERE, ELSEWHERE]
    assert of(world, COUNTY, "county").parts[0].communities == 2


def test_only_who_audits_the_whole_place_sees_its_figures(world: World) -> None:
    for name, place in (("auditor", TOWN), ("li", HERE), ("clerk", HERE), ("far lead", HERE)):
        with pytest.raises(Denied):
            of(world, place, name)
    world.login("city", Role.AUDITOR, CITY)
    with pytest.raises(Refused) as refused:
        of(world, f"{CITY}99", "city")
    assert refused.value.code is Code.COMMUNITY_UNKNOWN


def test_used_of_credited_is_said_only_where_something_was_credited() -> None:
    assert figures.Sums().used_percent is None
    assert figures.Sums(credited=300, used=100).used_percent == 33


def test_two_who_count_at_once_count_once(world: World) -> None:
    world.record("li", "wang", 90)
    answers = at_once(4, lambda: count(world))
    assert sorted(map(str, answers))[:3] == ["0"] * 3, answers
    count(world)
    assert of(world).sums.credited == 90
    with world.bank.view() as view:
        mark = view.people.get(directory.FigureMark, world.bank.origin(HERE))
        assert mark is not None
        assert mark.size == view.head(world.bank.origin(HERE)).size
