"""Where people cannot have been: at two services in two communities at once, and at home while in a hospital."""

from dataclasses import replace

import pytest

from tests.services.test_eligibility import stands
from tests.world import ELSEWHERE, HERE, World, entered
from timebank import directory
from timebank.access import Actor, Denied, Role
from timebank.ledger import Code, Refused
from timebank.services import approvals, care, hours, members, orders, papers, towns


@pytest.fixture
def twice(world: World) -> World:
    """Li and wang are registered in the other community, too, as people are who moved or who help in both."""
    world.register("li there", "李 明", ELSEWHERE, is_volunteer=True, born="1990-03-05")
    world.register("wang there", "王桂英", ELSEWHERE, is_elder=True, born="1948-06-01")
    world.register("chen there", "陈秀兰", ELSEWHERE, is_elder=True, born="1950-01-01")  # another one of that name
    return world


def there(world: World, volunteer: str, elder: str, start: int, end: int, day: str | None = None) -> str:
    """A visit in the other community."""
    visit = hours.Visit(
        id=world.bank.uuid(),
        community=ELSEWHERE,
        volunteer=world.people[volunteer].id,
        served=(world.people[elder].id,),
        day=day or world.clock.day,
        minutes=end - start,
        service="company",
        confirmed="card",
        start=start,
        end=end,
    )
    return entered(hours.record(world.bank, world.actors["far clerk"], visit)).record.id


def here(world: World, volunteer: str, elder: str, start: int, end: int) -> str:
    return world.record(volunteer, elder, end - start, start=start, end=end).record.id


def odd(world: World, name: str = "lead", code: str = HERE) -> list[care.Finding]:
    return [one for one in care.look(world.bank, world.actors[name], code).findings if one.kind == care.TWO_PLACES]


def test_the_same_volunteer_at_two_services_at_once_is_shown_to_both_leads(twice: World) -> None:
    entry = here(twice, "li", "chen", 540, 600)
    other = there(twice, "li there", "chen there", 590, 650)
    (found,) = odd(twice)
    assert (found.names, found.entries, found.day) == (("李明",), (entry,), twice.clock.day)
    assert found.place == "红花岗社区居民委员会"
    (mirrored,) = odd(twice, "far lead", ELSEWHERE)
    assert (mirrored.entries, mirrored.place) == ((other,), "大兴路社区居民委员会")


def test_the_same_elder_served_twice_at_once_is_shown(twice: World) -> None:
    here(twice, "zhao", "wang", 540, 600)
    there(twice, "stranger", "wang there", 540, 600)
    assert [one.names for one in odd(twice)] == [("王桂英",)]


@pytest.mark.parametrize(("start", "end"), [(480, 540), (600, 660)])
def test_one_after_the_other_is_possible(twice: World, start: int, end: int) -> None:
    here(twice, "li", "wang", 540, 600)
    there(twice, "li there", "wang there", start, end)
    assert odd(twice) == []


def test_it_may_last_over_midnight(twice: World) -> None:
    here(twice, "li", "chen", 1400, 1460)
    twice.clock.advance(days=1)
    there(twice, "li there", "chen there", 10, 70)
    assert len(odd(twice)) == 1


def test_two_of_the_same_name_are_two_people(twice: World) -> None:
    here(twice, "zhao", "chen", 540, 600)
    there(twice, "stranger", "chen there", 540, 600)
    assert odd(twice) == []


def test_who_is_recognised_by_name_and_birthday_is_so_after_a_correction_and_not_when_she_is_forgotten(
    twice: World,
) -> None:
    here(twice, "zhao", "chen", 540, 600)
    there(twice, "stranger", "chen there", 540, 600)
    chen = twice.people["chen there"].id
    right = members.Correction(person=chen, born="1944-12-12")
    members.correct(twice.bank, twice.actors["far clerk"], right)
    assert [one.names for one in odd(twice)] == [("陈秀兰",)]
    with twice.bank.office() as office:
        directory.people.erase(office.people, office.people.get_one(directory.Person, chen), office.now)
    assert odd(twice) == []


def test_who_was_registered_by_an_older_version_is_recognised_after_the_upgrade(twice: World) -> None:
    here(twice, "li", "chen", 540, 600)
    there(twice, "li there", "chen there", 540, 600)
    for name in ("li", "li there", "zhao"):
        stands(twice, name, same_blind=None)
    assert odd(twice) == []
    assert members.recognise_all(twice.bank) == 3
    assert members.recognise_all(twice.bank) == 0
    assert len(odd(twice)) == 1


def test_it_is_closed_like_any_finding_and_gone_when_one_entry_is_undone(twice: World) -> None:
    here(twice, "li", "chen", 540, 600)
    entry = there(twice, "li there", "chen there", 540, 600)
    (found,) = odd(twice)
    wanted = care.Closing(
        community=HERE, kind=found.kind, subject=found.subject, period=found.period, outcome="passed-on"
    )
    with pytest.raises(Refused) as error:  # she recorded it
        care.close(twice.bank, _with(twice, "clerk", "lead"), wanted)
    assert error.value.code is Code.SECOND_PERSON
    assert care.close(twice.bank, twice.actors["lead"], wanted) == "passed-on"
    assert [one.outcome for one in odd(twice)] == ["passed-on"]
    undo = approvals.Reversal(id=twice.bank.uuid(), community=ELSEWHERE, entry=entry, reason="not-given")
    approvals.ask_reversal(twice.bank, twice.actors["far clerk"], undo)
    approvals.decide(twice.bank, twice.actors["far lead"], ELSEWHERE, undo.id, approve=True)
    assert odd(twice) == []


def _with(world: World, login: str, grants: str) -> Actor:
    return replace(world.actors[login], grants=world.actors[grants].grants)


# In a hospital


def stay(world: World, person: str, from_day: str, until: str | None = None, actor: str = "clerk") -> papers.Stay:
    noted = papers.Stay(
        id=world.bank.uuid(), community=HERE, person=world.people[person].id, from_day=from_day, expires_on=until
    )
    papers.note_stay(world.bank, world.actors[actor], noted)
    return noted


def in_hospital(world: World) -> list[tuple[str, ...]]:
    found = care.look(world.bank, world.actors["lead"], HERE).findings
    return [one.names for one in found if one.kind == care.IN_HOSPITAL]


@pytest.mark.parametrize(
    ("since", "until", "shown"),
    [
        ("2026-09-20", None, True),
        ("2026-09-20", "2026-09-22", True),
        ("2026-09-21", None, False),  # she went in that day
        ("2026-09-19", "2026-09-21", False),  # she came home that day
        ("2026-09-22", None, False),
    ],
)
def test_a_service_on_a_day_in_hospital_is_entered_and_shown(
    world: World, since: str, until: str | None, shown: bool
) -> None:
    stay(world, "wang", since, until)
    assert world.record("li", "wang").record.intent.moves
    assert in_hospital(world) == ([("王桂英",)] if shown else [])


def test_also_of_a_volunteer_who_was_in_hospital_herself(world: World) -> None:
    world.record("li", "wang")
    assert in_hospital(world) == []
    stay(world, "li", "2026-09-01")
    assert in_hospital(world) == [("李明",)]


def test_the_station_is_told_on_the_order_and_nobody_else(world: World) -> None:
    stay(world, "wang", "2026-09-20")
    hold = world.order("wang", 30, payer="public").record.id
    orders.dispatch(
        world.bank,
        world.actors["clerk"],
        orders.Sent(community=HERE, hold=hold, volunteer=world.people["li"].id),
    )
    told = {name: orders.told(world.bank, world.actors[name], HERE, hold) for name in ("clerk", "lead", "li", "wang")}
    assert {name: one.in_hospital for name, one in told.items()} == {
        "clerk": True,
        "lead": True,
        "li": False,
        "wang": False,
    }


def test_a_stay_is_noted_and_ended_by_a_clerk_of_the_place_and_erased_with_the_person(world: World) -> None:
    for name in ("li", "wang", "daughter", "lead", "admin", "far clerk"):
        with pytest.raises(Denied):
            stay(world, "wang", "2026-09-01", actor=name)
    noted = stay(world, "wang", "2026-09-01")
    assert papers.note_stay(world.bank, world.actors["clerk"], noted) is False
    assert [one.from_day for one in papers.of(world.bank, world.actors["wang"], noted.person).stays] == ["2026-09-01"]
    ended = papers.Ended(community=HERE, paper=noted.id, day="2026-09-21")
    papers.end(world.bank, world.actors["clerk"], ended)
    assert [one.expires_on for one in papers.of(world.bank, world.actors["wang"], noted.person).stays] == ["2026-09-21"]
    with world.bank.office() as office:
        row = office.people.get_one(directory.Person, noted.person)
        directory.people.erase(office.people, row, office.now)
        assert office.people.query(directory.Stay).count() == 0


def test_a_town_sees_it_too(twice: World) -> None:
    twice.login("town lead", Role.LEAD, HERE[:9])
    here(twice, "li", "chen", 540, 600)
    there(twice, "li there", "chen there", 540, 600)
    seen = towns.look(twice.bank, twice.actors["town lead"], HERE[:9])
    assert [[one.kind for one in place.open_findings] for place in seen.communities] == [[care.TWO_PLACES]] * 2
