"""Who may earn and who may use hours: ages, guardians, trainings, hardship, suspension, death."""

from dataclasses import replace

import pytest

from tests.world import HERE, TODAY, World
from timebank import directory
from timebank.access import Denied
from timebank.ledger import Code, Refused
from timebank.services import eligibility, members


def refused(world: World, code: Code, volunteer: str = "li", **more: object) -> None:
    before = world.figures(volunteer)
    with pytest.raises(Refused) as error:
        world.record(volunteer, "wang", **more)  # type: ignore[arg-type]
    assert error.value.code is code
    assert world.figures(volunteer) == before


def stands(world: World, person: str, **columns: object) -> None:
    """Write what is known of somebody straight into her row."""
    with world.bank.office() as office:
        row = office.people.get_one(directory.Person, world.people[person].id)
        for column, value in columns.items():
            setattr(row, column, value)


def paper(world: World, table: type[directory.Base], **columns: object) -> None:
    with world.bank.office() as office:
        office.people.add(table(id=world.bank.uuid(), **columns))


def young(world: World, born: str = "2010-05-05") -> str:
    world.register("pupil", "小明", HERE, is_volunteer=True, born=born)
    return world.people["pupil"].id


@pytest.mark.parametrize(("born", "earns"), [("2008-09-21", True), ("2008-09-22", False)])
def test_one_earns_from_one_s_birthday_on(world: World, born: str, earns: bool) -> None:
    young(world, born)
    if earns:
        assert world.record("pupil", minutes=30).record.intent.moves
    else:
        refused(world, Code.GUARDIAN_MISSING, "pupil")


def test_the_age_is_that_of_the_day_of_service(world: World) -> None:
    young(world, "2008-09-22")
    world.clock.advance(days=1)
    refused(world, Code.GUARDIAN_MISSING, "pupil", day=TODAY)
    assert world.record("pupil").record.intent.moves


def test_who_is_too_young_earns_with_a_guardian_s_consent_while_it_holds(world: World) -> None:
    ward, clerk = young(world), world.actors["clerk"].login
    known = {"ward": ward, "guardian": world.people["zhao"].id, "proof": "consent", "recorded_by": clerk}
    paper(world, directory.Guardian, from_day="2026-01-01", expires_on="2026-09-20", **known)
    refused(world, Code.GUARDIAN_MISSING, "pupil")
    paper(world, directory.Guardian, from_day="2026-09-21", expires_on="2026-09-21", **known)
    assert world.record("pupil").record.intent.moves
    world.clock.advance(days=1)
    refused(world, Code.GUARDIAN_MISSING, "pupil")


def test_where_the_rules_say_never_no_guardian_helps(world: World) -> None:
    world.policy('[earning]\nminors = "never"')
    ward, clerk = young(world), world.actors["clerk"].login
    guardian = world.people["zhao"].id
    paper(world, directory.Guardian, ward=ward, guardian=guardian, proof="x", from_day="2026-01-01", recorded_by=clerk)
    refused(world, Code.TOO_YOUNG_TO_EARN, "pupil")


def test_what_is_only_recorded_asks_for_no_age(world: World) -> None:
    young(world)
    assert not world.record("pupil", uncredited="group").record.intent.moves


def test_a_day_of_birth_that_is_not_known_is_refused_until_the_counter_enters_it(world: World) -> None:
    world.register("wu", "吴刚", HERE, is_volunteer=True)
    refused(world, Code.AGE_UNKNOWN, "wu")
    correction = members.Correction(person=world.people["wu"].id, born="1980-01-01")
    members.correct(world.bank, world.actors["clerk"], correction)
    assert world.record("wu").record.intent.moves


def test_without_a_rule_about_age_nobody_is_asked_for_it(world: World) -> None:
    world.policy("[earning]\nminimum_age = 0\n[redeeming]\nminimum_age = 0\nhardship_age = 0")
    world.register("wu", "吴刚", HERE, is_volunteer=True)
    assert world.record("wu").record.intent.moves
    redeems(world, "wu")


def test_a_training_is_asked_for_where_the_rules_do_and_while_it_counts(world: World) -> None:
    world.policy("[earning]\ntraining_required = true")
    refused(world, Code.TRAINING_MISSING)
    known = {"person": world.people["li"].id, "recorded_by": world.actors["clerk"].login, "course": "first-aid"}
    paper(world, directory.Training, day="2026-09-21", expires_on="2026-09-21", **known)
    assert world.record().record.intent.moves
    world.clock.advance(days=1)
    refused(world, Code.TRAINING_MISSING)
    refused(world, Code.TRAINING_MISSING, uncredited="duty")


def test_a_service_may_ask_for_a_course_of_its_own(world: World) -> None:
    company, *_ = [one for one in world.bank.catalogue.services if one.code == "company"]
    rest = tuple(one for one in world.bank.catalogue.services if one.code != "company")
    world.bank.catalogue = replace(world.bank.catalogue, services=(*rest, replace(company, training="dementia")))
    known = {"person": world.people["li"].id, "recorded_by": world.actors["clerk"].login, "day": "2026-09-01"}
    paper(world, directory.Training, course="first-aid", **known)
    refused(world, Code.TRAINING_MISSING)
    assert world.record(service="meal").record.intent.moves
    paper(world, directory.Training, course="dementia", **known)
    assert world.record().record.intent.moves


def test_who_is_suspended_neither_earns_nor_uses_hours(world: World) -> None:
    stands(world, "li", suspended_at=1)
    refused(world, Code.PERSON_SUSPENDED)
    refused(world, Code.PERSON_SUSPENDED, uncredited="duty")
    stands(world, "wang", suspended_at=1)
    refuses_to_redeem(world, Code.PERSON_SUSPENDED)


@pytest.mark.parametrize("who", ["li", "wang"])
def test_a_service_after_a_death_is_refused_and_one_of_that_day_is_not(world: World, who: str) -> None:
    stands(world, who, deceased_on=TODAY)
    assert world.record().record.intent.moves
    world.clock.advance(days=1)
    refused(world, Code.PERSON_DECEASED)
    assert world.record(day=TODAY).record.intent.moves


# Using hours


def redeems(world: World, person: str, day: str = TODAY) -> None:
    with world.bank.work(world.bank.origin(HERE)) as work:
        known = work.person(world.people[person].id)
        eligibility.check_redeemer(work, work.policy_on(day), known, day)


def refuses_to_redeem(world: World, code: Code, person: str = "wang", day: str = TODAY) -> None:
    with pytest.raises(Refused) as error:
        redeems(world, person, day)
    assert error.value.code is code


def test_hours_are_used_from_the_age_of_the_rules_on(world: World) -> None:
    redeems(world, "wang")
    refuses_to_redeem(world, Code.TOO_YOUNG_TO_REDEEM, "daughter")
    world.register("wu", "吴刚", HERE, is_elder=True)
    refuses_to_redeem(world, Code.AGE_UNKNOWN, "wu")
    stands(world, "wang", deceased_on="2026-09-20")
    refuses_to_redeem(world, Code.PERSON_DECEASED)


@pytest.mark.parametrize(("name", "helps"), [("hardship", True), ("low-income", True), ("disabled", False)])
def test_in_hardship_hours_are_used_earlier_while_its_proof_holds(world: World, name: str, helps: bool) -> None:
    world.policy("[redeeming]\nminimum_age = 60\nhardship_age = 50")
    known = {"person": world.people["daughter"].id, "granted_by": world.actors["clerk"].login, "proof": "card"}
    paper(world, directory.PersonClass, name=name, from_day="2026-01-01", expires_on="2026-12-31", **known)
    if helps:
        redeems(world, "daughter")
    else:
        refuses_to_redeem(world, Code.TOO_YOUNG_TO_REDEEM, "daughter")
    refuses_to_redeem(world, Code.TOO_YOUNG_TO_REDEEM, "daughter", "2027-01-01")
    refuses_to_redeem(world, Code.TOO_YOUNG_TO_REDEEM, "li")


# Correcting data


def test_a_correction_changes_what_it_names_and_nothing_else(world: World) -> None:
    clerk, wang = world.actors["clerk"], world.people["wang"]
    made = members.correct(world.bank, clerk, members.Correction(person=wang.id, name="王桂荣", phone="13900001234"))
    assert (made.name, made.phone_tail, made.card) == ("王桂荣", "1234", wang.card)
    assert [one.id for one in members.search(world.bank, clerk, HERE, "1234")] == [wang.id]
    with world.bank.view() as view:
        row = view.people.get_one(directory.Person, wang.id)
        assert directory.people.born_of(view.vault, row) == "1948-06-01"
    gone = members.correct(world.bank, clerk, members.Correction(person=wang.id, phone="", name=""))
    assert (gone.name, gone.phone_tail) == ("王桂荣", "")
    assert members.search(world.bank, clerk, HERE, "1234") == []


def test_only_a_clerk_of_the_place_corrects_and_never_her_own_data(world: World) -> None:
    correction = members.Correction(person=world.people["wang"].id, born="1930-01-01")
    for name in ("wang", "daughter", "lead", "far clerk"):
        with pytest.raises(Denied):
            members.correct(world.bank, world.actors[name], correction)
    own = replace(world.actors["clerk"], person=world.people["wang"].id)
    with pytest.raises(Refused) as error:
        members.correct(world.bank, own, correction)
    assert error.value.code is Code.OWN_MATTER
