"""志愿服务记录证明: what is certified, that it hangs out first, who issues it, and what anybody can check."""

from dataclasses import replace

import pytest

from tests.services.test_care import enter, later
from tests.threads import at_once
from tests.world import HERE, World
from timebank import directory
from timebank.access import Denied
from timebank.ledger import Code, Refused
from timebank.services import approvals, certificates


def ask(world: World, name: str = "li", person: str = "li", **more: str) -> certificates.Certificate:
    values = {"id": world.bank.uuid(), "community": HERE, "person": world.people[person].id} | more
    return certificates.ask(world.bank, world.actors[name], certificates.Request(**values))


def issue(world: World, certificate: str, name: str = "lead") -> certificates.Certificate:
    return certificates.issue(world.bank, world.actors[name], HERE, certificate)


def stop(world: World, certificate: str, objection: str = "hours", name: str = "lead") -> certificates.Certificate:
    return certificates.stop(world.bank, world.actors[name], HERE, certificate, objection)


def hung_out(world: World, **more: str) -> certificates.Certificate:
    asked = ask(world, **more)
    later(world, 7)
    return asked


def refusal(call: object) -> Code:
    with pytest.raises(Refused) as error:
        call()  # type: ignore[operator]
    return error.value.code


def reverse(world: World, entry: str) -> None:
    wanted = approvals.Reversal(id=world.bank.uuid(), community=HERE, entry=entry, reason="twice")
    approvals.ask_reversal(world.bank, world.actors["clerk2"], wanted)
    approvals.decide(world.bank, world.actors["lead"], HERE, wanted.id, approve=True)


def test_what_is_certified_is_what_was_served_by_service_and_stands(world: World) -> None:
    first = world.clock.day
    world.record(minutes=90)
    world.record(minutes=45)
    world.record("zhao", "li", minutes=30)  # he was served himself
    undone = world.record(minutes=20).record.id
    reverse(world, undone)
    enter(world, 1)  # duty of a member of an organisation
    world.give("li", "wang", 60)
    world.clock.advance(days=1)
    world.settle(world.order(minutes=60), "li")
    found = ask(world)
    assert [(one.service, one.times, one.minutes) for one in found.services] == [("company", 2, 135), ("meal", 1, 60)]
    assert (found.minutes, found.first_day, found.last_day) == (195, first, world.clock.day)
    assert (found.name, found.state, found.stands) == ("李明", "public", False)


def test_days_can_be_chosen_and_where_nothing_was_served_nothing_is_certified(world: World) -> None:
    assert refusal(lambda: ask(world)) is Code.NOTHING_SERVED
    first = world.clock.day
    world.record(minutes=90)
    world.clock.advance(days=1)
    world.record(minutes=30)
    assert refusal(lambda: ask(world, first_day="2026-09-23")) is Code.NOTHING_SERVED
    assert ask(world, last_day=first).minutes == 90


def test_a_long_history_is_read_to_its_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificates, "_PAGE", 2)
    for _ in range(5):
        world.record(minutes=10)
    assert ask(world).minutes == 50


def test_it_hangs_out_with_initials_and_is_issued_after_the_last_day(world: World) -> None:
    world.record(minutes=90)
    asked = ask(world)
    assert asked.public_until == "2026-09-27"  # seven days with today
    for name in (None, "zhao", "stranger", "far lead"):
        (seen,) = certificates.waiting(world.bank, world.actors[name] if name else None, HERE)
        assert (seen.name, seen.person, seen.number, seen.services, seen.minutes) == ("李＊", "", "", (), 90)
    (seen,) = certificates.waiting(world.bank, world.actors["clerk"], HERE)
    assert seen.name == "李明"
    assert refusal(lambda: issue(world, asked.id)) is Code.STILL_PUBLIC
    world.clock.advance(days=6)  # its last day
    assert refusal(lambda: issue(world, asked.id)) is Code.STILL_PUBLIC
    world.clock.advance(days=1)
    (seen,) = certificates.waiting(world.bank, None, HERE)
    assert seen.state == "ready"
    issued = issue(world, asked.id)
    assert (issued.state, issued.issued_on, issued.issued_by, issued.stands) == (
        "issued",
        world.clock.day,
        "lead",
        True,
    )
    assert issue(world, asked.id) == issued
    assert certificates.waiting(world.bank, None, HERE) == ()


def test_where_nothing_need_hang_out_it_is_issued_at_once(world: World) -> None:
    world.policy("[certificate]\npublication_days = 0")
    world.record(minutes=90)
    assert issue(world, ask(world).id).state == "issued"


def test_who_asks_and_who_issues(world: World) -> None:
    world.record("daughter", "chen", minutes=90)
    for name in ("li", "lead", "admin", "far clerk"):
        with pytest.raises(Denied):
            ask(world, name, "daughter")
    asked = hung_out(world, name="clerk", person="daughter")
    for name in ("clerk", "daughter", "far lead"):
        with pytest.raises(Denied):
            issue(world, asked.id, name)
        with pytest.raises(Denied):
            stop(world, asked.id, name=name)
    lead = world.actors["lead"]
    world.actors["asked"] = replace(lead, login=world.actors["clerk"].login)
    world.actors["certified"] = replace(lead, person=world.people["daughter"].id)
    for name in ("asked", "certified"):
        assert refusal(lambda name=name: issue(world, asked.id, name)) is Code.SECOND_PERSON
    assert issue(world, asked.id).stands


def test_one_hangs_out_at_a_time_and_the_same_request_makes_one(world: World) -> None:
    world.record(minutes=90)
    first = ask(world)
    assert refusal(lambda: ask(world, "clerk")) is Code.CERTIFICATE_OPEN
    assert ask(world, id=first.id) == first
    assert refusal(lambda: ask(world, "clerk", "zhao", id=first.id)) is Code.ID_TAKEN
    stop(world, first.id)
    assert ask(world, "clerk").number != first.number
    assert len(certificates.of_person(world.bank, world.actors["li"], world.people["li"].id)) == 2


def test_an_objection_stops_it_for_good(world: World) -> None:
    world.record(minutes=90)
    asked = hung_out(world)
    stopped = stop(world, asked.id, "person")
    assert (stopped.state, stopped.objection) == ("stopped", "person")
    assert stop(world, asked.id, "person") == stopped
    for call in (lambda: issue(world, asked.id), lambda: stop(world, asked.id, "hours")):
        assert refusal(call) is Code.ALREADY_DECIDED
    assert not certificates.check(world.bank, asked.number).stands
    assert certificates.waiting(world.bank, None, HERE) == ()


def test_what_is_issued_cannot_be_stopped_but_falls_when_a_record_in_it_is_corrected(world: World) -> None:
    entry = world.record(minutes=90).record.id
    world.record(minutes=30)
    asked = hung_out(world)
    issue(world, asked.id)
    assert refusal(lambda: stop(world, asked.id)) is Code.ALREADY_DECIDED
    world.record(minutes=30)  # later service changes nothing,
    world.record(minutes=30, day=asked.last_day)  # nor what is entered late
    assert certificates.check(world.bank, asked.number).stands
    reverse(world, entry)
    assert (
        certificates.check(world.bank, asked.number).state,
        certificates.check(world.bank, asked.number).stands,
    ) == (
        "issued",
        False,
    )


def test_what_was_corrected_while_it_hung_out_is_not_issued(world: World) -> None:
    entry = world.record(minutes=90).record.id
    world.record(minutes=30)
    asked = hung_out(world)
    reverse(world, entry)
    assert refusal(lambda: issue(world, asked.id)) is Code.CERTIFICATE_CHANGED


def test_anybody_checks_a_number_and_is_told_no_name(world: World) -> None:
    world.record(minutes=90)
    asked = hung_out(world)
    issue(world, asked.id)
    found = certificates.check(world.bank, asked.number.lower())
    assert (found.minutes, found.stands, found.is_named) == (90, True, None)
    assert "李明" not in repr(found)
    for typed, yes in (("李明", True), (" 李 明 ", True), ("李＊", False), ("王芳", False)):
        assert certificates.check(world.bank, asked.number, typed).is_named is yes
    assert refusal(lambda: certificates.check(world.bank, "20260921-AAAAAAAA")) is Code.ENTRY_UNKNOWN


def test_the_person_reads_it_whole_and_another_one_does_not(world: World) -> None:
    world.record("daughter", "chen", minutes=90)
    asked = ask(world, "daughter", "daughter")
    for name in ("daughter", "clerk", "lead"):
        assert certificates.one(world.bank, world.actors[name], HERE, asked.id).name == "王芳"
    for name in ("li", "wang", "far clerk", "auditor"):
        with pytest.raises(Denied):
            certificates.one(world.bank, world.actors[name], HERE, asked.id)
        with pytest.raises(Denied):
            certificates.of_person(world.bank, world.actors[name], world.people["daughter"].id)


def test_erasing_the_person_erases_name_and_services_and_the_number_still_stands(world: World) -> None:
    world.record(minutes=90)
    asked = hung_out(world)
    issue(world, asked.id)
    with world.bank.office() as office:
        person = office.people.get(directory.Person, world.people["li"].id)
        assert person is not None
        directory.people.erase(office.people, person, office.now)
    found = certificates.check(world.bank, asked.number, "李明")
    assert (found.minutes, found.stands, found.is_named) == (90, True, False)
    sheet = certificates.one(world.bank, world.actors["clerk"], HERE, asked.id)
    assert (sheet.name, sheet.services) == ("", ())


def test_states_and_objections_have_their_words() -> None:
    from timebank.web import labels  # noqa: PLC0415

    assert set(certificates.OBJECTIONS) == set(labels.OBJECTIONS)
    assert {"public", "ready", "issued", "stopped"} == set(labels.CERTIFICATES)


def test_whose_a_certificate_is_cannot_be_found_by_trying_names(world: World) -> None:
    world.record(minutes=60)
    number = hung_out(world).number
    for _ in range(5):
        assert certificates.check(world.bank, number, "王芳").is_named is False
    assert refusal(lambda: certificates.check(world.bank, number, "李明")) is Code.TOO_MANY_ATTEMPTS
    assert certificates.check(world.bank, number).minutes == 60
    world.clock.advance(minutes=16)
    assert certificates.check(world.bank, number.lower(), "李明").is_named is True


def test_of_many_requests_at_once_one_hangs_out(world: World) -> None:
    world.record(minutes=60)
    answers = at_once(8, lambda: ask(world))
    assert sum(isinstance(one, certificates.Certificate) for one in answers) == 1
    codes = {one.code for one in answers if isinstance(one, Refused)}
    assert codes == {Code.CERTIFICATE_OPEN}
