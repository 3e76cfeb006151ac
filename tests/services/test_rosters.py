"""Rosters: a result for each row, the hours of a group once, and the same roster twice."""

from dataclasses import replace

import pytest

from tests.world import ELSEWHERE, HERE, TODAY, World
from timebank.access import Denied
from timebank.ledger import Code, Refused, reads
from timebank.services import (
    approvals,
    audits,
    care,
    certificates,
    groups,
    publication,
    rosters,
    shares,
    standing,
    statements,
    station,
)


def team(world: World, *members: str, from_day: str = TODAY) -> str:
    """A group of volunteers, and who belongs to it."""
    group = world.register("team", "红花岗义工队", HERE, kind="group", is_volunteer=True)
    for name in members:
        join(world, name, from_day)
    return group.id


def join(world: World, name: str, from_day: str = TODAY, **more: object) -> groups.Membership:
    values: dict[str, object] = {
        "id": world.bank.uuid(),
        "community": HERE,
        "group": world.people["team"].id,
        "person": world.people[name].id,
        "from_day": from_day,
    }
    new = groups.Membership(**values | more)  # type: ignore[arg-type]
    groups.join(world.bank, world.actors["clerk"], new)
    return new


def roster(world: World, *there: str, **more: object) -> rosters.Roster:
    values: dict[str, object] = {
        "id": world.bank.uuid(),
        "community": HERE,
        "day": world.clock.day,
        "minutes": 60,
        "service": "cleaning",
        "there": tuple(rosters.There(volunteer=world.people[name].id) for name in there),
    }
    return rosters.Roster(**values | more)  # type: ignore[arg-type]


def enter(world: World, wanted: rosters.Roster, name: str = "clerk") -> rosters.Results:
    return rosters.record(world.bank, world.actors[name], wanted)


def outcomes(results: rosters.Results) -> list[tuple[str, str | None]]:
    return [(row.outcome, row.code.value if row.code else None) for row in results.rows]


def of_month(world: World) -> publication.Publication:
    return publication.of_month(world.bank, world.actors["clerk"], HERE)


def fund(world: World) -> int:
    with world.bank.view() as view:
        head = view.head(world.bank.origin(HERE))
        return reads.accounts(view.connection, head, ["fund"])["fund"].minutes


# --- a group ---------------------------------------------------------------------------------------------------------


def test_members_get_hours_served_and_the_fund_gets_the_credit(world: World) -> None:
    group = team(world, "li", "zhao")
    results = enter(world, roster(world, "li", "zhao", group=group, minutes=90))
    assert outcomes(results) == [("entered", None)] * 2
    assert results.minutes == 180
    for name in ("li", "zhao"):
        assert (world.figures(name).served, world.figures(name).available) == (90, 0)
    assert fund(world) == 180
    assert world.figures("team").served == 180
    assert audits.verify(world.bank, world.actors["auditor"], HERE).size > 0


def test_the_fund_is_credited_by_the_sum_of_the_groups_day(world: World) -> None:
    group = team(world, "li", "zhao")
    enter(world, roster(world, "li", "zhao", group=group, minutes=20))
    assert fund(world) == 30, "40 minutes of the group are one step; twice 20 are none"


def test_the_hours_of_a_group_are_published_once_with_its_members(world: World) -> None:
    group = team(world, "li", "zhao")
    results = enter(world, roster(world, "li", "zhao", group=group, minutes=90))
    found = of_month(world)
    assert [row.volunteer for row in found.rows] == ["李明", "赵敏"]
    assert [row.entry for row in found.rows] == [row.entry for row in results.rows]
    assert (found.minutes, found.from_groups) == (180, 180)
    day = station.day(world.bank, world.actors["clerk"], HERE)
    assert (day.visits, day.credited) == (2, 180)


def test_a_member_is_certified_what_she_served_with_the_group(world: World) -> None:
    group = team(world, "li")
    enter(world, roster(world, "li", group=group, minutes=90))
    for name in ("li", "team"):
        wanted = certificates.Request(id=world.bank.uuid(), community=HERE, person=world.people[name].id)
        assert certificates.ask(world.bank, world.actors["clerk"], wanted).minutes == 90


def test_who_is_no_member_that_day_is_named_and_the_others_are_entered(world: World) -> None:
    group = team(world, "li", "zhao")
    gone = join(world, "daughter")
    groups.leave(
        world.bank,
        world.actors["clerk"],
        groups.Ended(community=HERE, group=group, membership=gone.id, day="2026-09-20"),
    )
    results = enter(world, roster(world, "daughter", "li", group=group))
    assert outcomes(results) == [("refused", "not-in-group"), ("entered", None)]
    assert results.rows[0].facts == {"day": TODAY}
    assert world.figures("daughter").served == 0
    assert fund(world) == 60


def test_a_minor_serves_with_a_group_without_a_guardian_and_not_for_hours_of_her_own(world: World) -> None:
    world.register("girl", "小雨", HERE, is_volunteer=True, born="2012-05-01")
    group = team(world, "girl")
    assert outcomes(enter(world, roster(world, "girl", group=group))) == [("entered", None)]
    shift = roster(world, "girl", service="day-care", served=(world.people["wang"].id,))
    assert outcomes(enter(world, shift)) == [("refused", "guardian-missing")]


def test_undoing_a_members_entry_takes_back_the_share_of_the_group(world: World) -> None:
    group = team(world, "li", "zhao")
    results = enter(world, roster(world, "li", "zhao", group=group))
    entry = str(results.rows[0].entry)
    wanted = approvals.Reversal(id=world.bank.uuid(), community=HERE, entry=entry, reason="not-given")
    approvals.ask_reversal(world.bank, world.actors["clerk2"], wanted)
    approvals.decide(world.bank, world.actors["lead"], HERE, wanted.id, approve=True)
    assert (world.figures("li").served, world.figures("zhao").served, world.figures("team").served) == (0, 60, 60)
    assert fund(world) == 60
    assert (of_month(world).minutes, of_month(world).from_groups) == (60, 60)
    assert audits.verify(world.bank, world.actors["auditor"], HERE).size > 0


def test_a_share_that_was_undone_already_does_not_hinder_undoing_the_members_entry(world: World) -> None:
    group = team(world, "li")
    entry = str(enter(world, roster(world, "li", group=group)).rows[0].entry)
    for undone in (shares.id_of(entry), entry):
        wanted = approvals.Reversal(id=world.bank.uuid(), community=HERE, entry=undone, reason="not-given")
        approvals.ask_reversal(world.bank, world.actors["clerk2"], wanted)
        approvals.decide(world.bank, world.actors["lead"], HERE, wanted.id, approve=True)
    assert (world.figures("li").served, fund(world)) == (0, 0)


def test_a_members_entry_and_the_share_lead_to_one_another(world: World) -> None:
    group = team(world, "li")
    entry = str(enter(world, roster(world, "li", group=group)).rows[0].entry)
    (beside,) = statements.linked(world.bank, world.actors["clerk"], HERE, entry)
    assert shares.is_share(beside.body)
    assert shares.entry_of(beside.body) == entry
    (back,) = statements.linked(world.bank, world.actors["clerk"], HERE, beside.id)
    assert back.id == entry


def test_a_mark_alone_takes_no_hours_out_of_what_is_published(world: World) -> None:
    entry = world.record("zhao", minutes=60).record.id
    world.record("li", minutes=60, shift=shares.tag("g", entry))
    assert (of_month(world).minutes, of_month(world).from_groups) == (120, 0)
    assert station.day(world.bank, world.actors["clerk"], HERE).visits == 2


def test_only_a_group_has_a_roster_of_its_own(world: World) -> None:
    team(world)
    world.register("far team", "邻村义工队", ELSEWHERE, kind="group", is_volunteer=True)
    for other in ("zhao", "far team"):
        with pytest.raises(Refused) as error:
            enter(world, roster(world, "li", group=world.people[other].id))
        assert error.value.code is Code.GROUP_UNKNOWN
    standing.suspend(
        world.bank,
        world.actors["lead"],
        standing.Suspension(community=HERE, person=world.people["team"].id),
    )
    with pytest.raises(Refused) as error:
        enter(world, roster(world, "li", group=world.people["team"].id))
    assert error.value.code is Code.PERSON_SUSPENDED


# --- a shift, and what is only recorded -------------------------------------------------------------------------------


def test_day_care_credits_each_volunteer_her_own_minutes_and_costs_the_elders_nothing(world: World) -> None:
    people = world.people
    there = (
        rosters.There(volunteer=people["li"].id, minutes=180),
        rosters.There(volunteer=people["zhao"].id),
    )
    shift = roster(
        world,
        service="day-care",
        minutes=240,
        start=540,
        end=780,
        there=there,
        served=(people["wang"].id, people["chen"].id),
    )
    assert outcomes(enter(world, shift)) == [("entered", None)] * 2
    assert (world.figures("li").available, world.figures("zhao").available) == (180, 240)
    assert world.figures("wang").available == 0
    assert {row.served for row in of_month(world).rows} == {2}


def test_nobody_is_at_two_events_at_once(world: World) -> None:
    first = roster(world, "li", start=540, end=600, uncredited="clean-up")
    assert outcomes(enter(world, first)) == [("entered", None)]
    second = roster(world, "li", "zhao", start=570, end=630, uncredited="clean-up")
    assert outcomes(enter(world, second)) == [("refused", "overlap"), ("entered", None)]
    assert (world.figures("li").served, world.figures("zhao").served) == (60, 60)
    assert (world.figures("li").available, world.figures("zhao").available) == (0, 0)


def test_a_row_is_named_for_its_own_reason_and_the_rest_is_entered(world: World) -> None:
    standing.suspend(
        world.bank, world.actors["lead"], standing.Suspension(community=HERE, person=world.people["zhao"].id)
    )
    results = enter(world, roster(world, "zhao", "stranger", "wang", "li", uncredited="lecture"))
    assert outcomes(results) == [
        ("refused", "person-suspended"),
        ("refused", "person-unknown"),
        ("refused", "person-role"),
        ("entered", None),
    ]
    assert [row.entry is None for row in results.rows] == [True, True, True, False]
    assert results.minutes == 60


def test_nobody_enters_a_roster_row_of_her_own(world: World) -> None:
    mine = replace(world.actors["clerk"], person=world.people["li"].id)
    results = rosters.record(world.bank, mine, roster(world, "li", "zhao", uncredited="duty"))
    assert outcomes(results) == [("refused", "own-matter"), ("entered", None)]


def test_what_needs_a_second_person_waits_row_by_row_and_brings_the_groups_share_with_it(world: World) -> None:
    world.policy("[second_person]\nvisit_minutes = 120\n")
    group = team(world, "li", "zhao")
    there = (
        rosters.There(volunteer=world.people["li"].id, minutes=180),
        rosters.There(volunteer=world.people["zhao"].id),
    )
    results = enter(world, roster(world, group=group, there=there))
    assert outcomes(results) == [("waiting", None), ("entered", None)]
    assert (world.figures("li").served, fund(world), results.minutes) == (0, 60, 60)
    entry = str(results.rows[0].entry)
    approvals.decide(world.bank, world.actors["lead"], HERE, entry, approve=True)
    assert (world.figures("li").served, fund(world)) == (180, 240)
    assert (of_month(world).minutes, of_month(world).from_groups) == (240, 240)


# --- the same again --------------------------------------------------------------------------------------------------


def test_the_same_roster_again_enters_nothing_and_is_told_the_same(world: World) -> None:
    group = team(world, "li")
    wanted = roster(world, "li", "zhao", group=group)
    first = enter(world, wanted)
    join(world, "zhao")  # now she could be entered, and a repeated request does not
    again = enter(world, wanted)
    assert again == replace(first, repeated=True)
    assert rosters.of(world.bank, world.actors["lead"], HERE, wanted.id) == again
    assert (world.figures("li").served, world.figures("zhao").served, fund(world)) == (60, 0, 60)


def test_the_same_id_for_another_roster_is_refused(world: World) -> None:
    wanted = roster(world, "li", uncredited="duty")
    enter(world, wanted)
    with pytest.raises(Refused) as error:
        enter(world, replace(wanted, minutes=61))
    assert error.value.code is Code.ID_TAKEN


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"service": "no-such"}, Code.SERVICE_UNKNOWN),
        ({"day": "2026-09-22"}, Code.DAY_IN_FUTURE),
        ({"there": (rosters.There(volunteer="0" * 32),)}, Code.PERSON_UNKNOWN),
    ],
)
def test_what_is_wrong_for_all_is_said_once_and_nothing_is_entered(
    world: World, change: dict[str, object], code: Code
) -> None:
    wanted = replace(roster(world, "li", "zhao", uncredited="duty"), **change)  # type: ignore[arg-type]
    with pytest.raises(Refused) as error:
        enter(world, wanted)
    assert error.value.code is code
    assert world.figures("li").served == 0
    with pytest.raises(Refused) as unknown:
        rosters.of(world.bank, world.actors["clerk"], HERE, wanted.id)
    assert unknown.value.code is Code.ENTRY_UNKNOWN


def test_the_id_of_a_row_follows_from_the_roster_and_is_a_uuid_of_its_time(world: World) -> None:
    wanted = roster(world, "li", "zhao", uncredited="duty")
    rows = enter(world, wanted).rows
    assert len({row.entry for row in rows}) == 2
    for row in rows:
        assert str(row.entry)[:13] == wanted.id[:12] + "7"


def test_a_roster_is_one_act_of_a_clerk_however_many_were_there(world: World) -> None:
    names = [f"v{number}" for number in range(care.CLERK_LEAST + 1)]
    for number, name in enumerate(names):
        world.register(name, f"志愿者{number}", HERE, is_volunteer=True, born="1990-01-01")
    enter(world, roster(world, *names, uncredited="clean-up"))
    rosters.record(world.bank, world.actors["clerk2"], roster(world, "li", uncredited="duty"))
    found = care.look(world.bank, world.actors["lead"], HERE).findings
    assert care.ONE_CLERK not in [one.kind for one in found]


# --- who may, and what is forgotten ----------------------------------------------------------------------------------


def test_only_the_stations_clerks_enter_rosters_and_only_its_staff_reads_them(world: World) -> None:
    wanted = roster(world, "li", uncredited="duty")
    for name in ("li", "lead", "auditor", "admin", "far clerk"):
        with pytest.raises(Denied):
            enter(world, wanted, name)
    enter(world, wanted)
    for name in ("li", "auditor", "admin", "far lead"):
        with pytest.raises(Denied):
            rosters.of(world.bank, world.actors[name], HERE, wanted.id)


def test_whoever_is_erased_is_in_no_group_and_on_no_roster(world: World) -> None:
    group = team(world, "li", "zhao")
    wanted = roster(world, "li", "zhao", group=group)
    enter(world, wanted)
    person = world.people["li"].id
    closing = standing.Closing(id=world.bank.uuid(), community=HERE, person=person, reason="moved-away")
    standing.ask_closing(world.bank, world.actors["clerk"], closing)
    approvals.decide(world.bank, world.actors["lead"], HERE, closing.id, approve=True)
    standing.erase(world.bank, world.actors["lead"], standing.Erasure(community=HERE, person=person))
    assert [one.name for one in groups.of(world.bank, world.actors["clerk"], HERE, group).members] == ["赵敏"]
    left = rosters.of(world.bank, world.actors["clerk"], HERE, wanted.id).rows
    assert [row.name for row in left] == ["赵敏"]


# --- members ---------------------------------------------------------------------------------------------------------


def test_a_membership_is_noted_once_and_ends_once(world: World) -> None:
    group = team(world)
    new = join(world, "li")
    assert groups.join(world.bank, world.actors["clerk"], new) is False
    with pytest.raises(Refused) as error:
        groups.join(world.bank, world.actors["clerk"], replace(new, from_day="2026-09-01"))
    assert error.value.code is Code.ID_TAKEN
    for day in ("2026-10-01", "2026-10-09"):
        ended = groups.Ended(community=HERE, group=group, membership=new.id, day=day)
        groups.leave(world.bank, world.actors["clerk"], ended)
    (member,) = groups.of(world.bank, world.actors["lead"], HERE, group).members
    assert (member.name, member.from_day, member.until_day) == ("李明", TODAY, "2026-10-01")
    world.clock.advance(days=11)
    assert groups.of(world.bank, world.actors["lead"], HERE, group).members == ()


def test_who_cannot_be_a_member_and_what_is_no_membership(world: World) -> None:
    group = team(world)
    bank, clerk = world.bank, world.actors["clerk"]
    new = groups.Membership(id=bank.uuid(), community=HERE, group=group, person=group, from_day=TODAY)
    with pytest.raises(Refused) as error:
        groups.join(bank, clerk, new)
    assert error.value.code is Code.SAME_PERSON
    with pytest.raises(Refused) as error:
        groups.join(bank, clerk, replace(new, person=world.people["stranger"].id))
    assert error.value.code is Code.PERSON_UNKNOWN
    with pytest.raises(Refused) as error:
        groups.leave(bank, clerk, groups.Ended(community=HERE, group=group, membership="0" * 32, day=TODAY))
    assert error.value.code is Code.PAPER_UNKNOWN
    for name in ("li", "lead", "far clerk"):
        with pytest.raises(Denied):
            groups.join(bank, world.actors[name], replace(new, person=world.people["li"].id))
