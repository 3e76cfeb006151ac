"""Figures: they are what the books say, counted once, by month, place and age."""

import pytest
from sqlalchemy import select

from tests.threads import at_once
from tests.world import ELSEWHERE, HERE, World
from timebank import directory
from timebank.access import OPERATOR, Denied, Role
from timebank.ledger import Code, Refused, reads
from timebank.services import approvals, counting, figures, gifts, hours

TOWN, COUNTY, CITY = HERE[:9], HERE[:6], HERE[:4]


def count(world: World) -> int:
    return counting.count(world.bank, OPERATOR, HERE)


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
    assert dict(found.months)["2026-10"] == figures.Sums(
        services=-1, served=-60, credited=-60, issued=-60, corrections=1, confirmed=-1, own_hand=-1
    )


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
    counting.count(world.bank, OPERATOR, ELSEWHERE)
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


# --- different people ------------------------------------------------------------------------------------------------


def people_of(world: World, place: str, month: str = "2026-09") -> tuple[int, int]:
    """Different volunteers and elders of a month, after a night."""
    for code in (HERE, ELSEWHERE):
        counting.count(world.bank, OPERATOR, code)
    counting.count_people(world.bank, OPERATOR)
    if "city" not in world.actors:
        world.login("city", Role.AUDITOR, CITY)
    return of(world, place, "city").people[month]


def undo(world: World, entry: str) -> None:
    asked = approvals.Reversal(id=world.bank.uuid(), community=HERE, entry=entry, reason="twice")
    approvals.ask_reversal(world.bank, world.actors["clerk"], asked)
    approvals.decide(world.bank, world.actors["lead"], HERE, asked.id, approve=True)


def test_different_people_are_counted_once_however_often_they_serve(world: World) -> None:
    world.record("li", "wang", 90)
    world.record("li", "chen", 30)
    world.record("zhao", "wang", 30)
    world.give("li", "wang", 60)
    world.settle(world.order("wang", 15), "li", 15)
    assert people_of(world, HERE) == (2, 2)
    world.record("daughter", "chen", 30)  # another night
    assert people_of(world, HERE) == (3, 2)


def test_whose_only_service_was_undone_in_the_month_was_not_there(world: World) -> None:
    entry = world.record("li", "wang", 90).record.id
    world.record("zhao", "chen", 30)
    assert people_of(world, HERE) == (2, 2)
    undo(world, entry)
    assert people_of(world, HERE) == (1, 1)


def test_a_month_that_is_over_keeps_who_was_in_it(world: World) -> None:
    entry = world.record("li", "wang", 90).record.id
    world.clock.advance(days=10)
    world.bank.confirm_clock()
    undo(world, entry)
    assert people_of(world, HERE) == (1, 1)
    assert people_of(world, HERE, "2026-10") == (0, 0)
    world.record("li", "wang", 30)
    assert people_of(world, HERE, "2026-10") == (1, 1)


def test_who_is_registered_in_two_communities_is_one_above_them(world: World) -> None:
    again = world.register("li there", "李明", ELSEWHERE, is_volunteer=True, born="1990-03-05")
    other = world.register("far elder", "何秀英", ELSEWHERE, is_elder=True, born="1939-02-02")
    world.record("li", "wang", 90)
    visit = world.visit(community=ELSEWHERE, volunteer="li there", elder="far elder")
    assert (visit.volunteer, visit.served) == (again.id, (other.id,))
    hours.record(world.bank, world.actors["far clerk"], visit)
    assert [people_of(world, place) for place in (HERE, ELSEWHERE, TOWN, COUNTY, CITY)] == [
        (1, 1), (1, 1), (1, 2), (1, 2), (1, 2),
    ]  # fmt: skip
    parts = of(world, TOWN, "city").parts
    assert [part.people for part in parts] == [(0, 0), (0, 0)]  # this month is not over
    world.clock.advance(days=10)
    assert [part.people for part in of(world, TOWN, "city").parts] == [(1, 1), (1, 1)]


def test_groups_and_providers_are_no_people(world: World) -> None:
    world.register("firm", "爱心家政公司", HERE, kind="provider", is_volunteer=True)
    world.record("firm", "wang", 60, uncredited="duty")
    assert people_of(world, HERE) == (0, 1)


def test_who_was_in_a_month_is_forgotten_once_every_community_was_counted_after_it(world: World) -> None:
    def known() -> int:
        with world.bank.view() as view:
            return len(view.people.scalars(select(directory.ActivePerson)).all())

    world.record("li", "wang", 90)
    people_of(world, HERE)
    world.clock.advance(days=20)
    world.bank.confirm_clock()
    counting.count(world.bank, OPERATOR, HERE)  # the other community was not counted since
    counting.count_people(world.bank, OPERATOR)
    assert known() == 2
    people_of(world, HERE)
    assert known() == 0
    # And it is not counted anew from what is no longer there.
    world.record("zhao", "chen", 30)
    assert people_of(world, HERE) == (1, 1)


def test_nobody_but_the_night_counts_people(world: World) -> None:
    for name in ("auditor", "lead", "admin"):
        with pytest.raises(Denied):
            counting.count_people(world.bank, world.actors[name])


def test_how_a_month_ended_is_counted_as_it_was_then_whenever_that_is(world: World) -> None:
    world.record("li", "wang", 90)
    world.give("li", "wang", 40)
    world.order("wang", 30)
    world.clock.advance(days=15)  # into October
    world.bank.confirm_clock()
    world.record("li", "wang", 60)
    world.register("later", "何大爷", HERE, is_elder=True, born="1940-01-01")
    count(world)
    with world.bank.view() as view:
        db = view.people
        ended, runs = (db.get(directory.MonthEnd, (HERE, month)) for month in ("2026-09", "2026-10"))
        assert ended is not None
        assert runs is not None
        assert (ended.elders, ended.new_elders, runs.elders, runs.new_elders) == (2, 2, 3, 1)
        assert directory.figures.holdings(db, HERE, "2026-09") == {"under-60": (1, 50), "70-79": (1, 40)}
        assert directory.figures.holdings(db, HERE) == {"under-60": (1, 110), "70-79": (1, 40)}
