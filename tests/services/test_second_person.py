"""Visits that are long or late wait for a second person; nothing of them is in the books before."""

from dataclasses import replace

import pytest

from tests.world import HERE, TODAY, World
from timebank import directory
from timebank.access import Denied
from timebank.ledger import Code, Refused
from timebank.services import approvals, audits, hours, statements, station
from timebank.services.queue import Waiting

LONG = "[second_person]\nvisit_minutes = 240\nlate_days = 3"


@pytest.fixture
def strict(world: World) -> World:
    """A world where visits of more than four hours, and those of more than three days ago, wait."""
    world.policy(LONG)
    return world


def size(world: World) -> int:
    return audits.overview(world.bank, world.actors["auditor"], HERE, limit=1).head.size


def ask(world: World, volunteer: str = "li", elder: str = "wang", minutes: int = 300, **more: object) -> Waiting:
    done = hours.record(world.bank, world.actors["clerk"], world.visit(volunteer, elder, minutes, **more))
    assert isinstance(done, Waiting), done
    return done


def decide(world: World, waiting: Waiting, name: str = "lead", *, approve: bool = True) -> None:
    approvals.decide(world.bank, world.actors[name], HERE, waiting.id, approve=approve)


def refused(world: World, waiting: Waiting, code: Code) -> None:
    before = size(world)
    with pytest.raises(Refused) as error:
        decide(world, waiting)
    assert error.value.code is code
    assert size(world) == before


def test_a_long_visit_waits_and_nothing_of_it_is_in_the_books(strict: World) -> None:
    before = size(strict)
    waiting = ask(strict, minutes=241)
    assert (waiting.kind, waiting.subject, waiting.decision) == ("visit", waiting.id, None)
    assert size(strict) == before
    assert strict.figures("li").served == 0
    strict.record(minutes=240)


@pytest.mark.parametrize(("days", "waits"), [(3, False), (4, True)])
def test_a_late_visit_waits(strict: World, days: int, waits: bool) -> None:
    strict.clock.advance(days=days)
    if waits:
        ask(strict, minutes=30, day=TODAY)
    else:
        strict.record(minutes=30, day=TODAY)


def test_another_person_enters_it_and_it_was_recorded_by_who_asked(strict: World) -> None:
    waiting = ask(strict, note="她今天很高兴")
    posted = approvals.decide(strict.bank, strict.actors["lead"], HERE, waiting.id, approve=True)
    assert posted is not None
    assert posted.receipt.entry.leads_to(posted.receipt.checkpoint)
    assert (posted.record.id, posted.record.intent.by.rpartition("/")[2]) == (waiting.id, "station-1")
    assert strict.figures("li").available == 300
    item = statements.entry(strict.bank, strict.actors["clerk"], HERE, waiting.id)
    assert item.note == "她今天很高兴"
    with strict.bank.view() as view:
        by = view.people.get_one(directory.Recorded, (strict.bank.origin(HERE), waiting.id))
        assert by.login == strict.actors["clerk"].login
    audits.verify(strict.bank, strict.actors["auditor"], HERE)


def test_whoever_asked_cannot_decide_nor_can_a_clerk_or_somebody_of_elsewhere(strict: World) -> None:
    waiting = ask(strict)
    both = replace(strict.actors["lead"], login=strict.actors["clerk"].login)
    with pytest.raises(Refused) as error:
        approvals.decide(strict.bank, both, HERE, waiting.id, approve=True)
    assert error.value.code is Code.SECOND_PERSON
    for name in ("clerk2", "far lead", "li", "auditor", "admin"):
        with pytest.raises(Denied):
            decide(strict, waiting, name)
    assert strict.figures("li").served == 0


@pytest.mark.parametrize("who", ["li", "wang", "daughter"])
def test_nobody_approves_a_service_of_their_own_or_of_their_family(strict: World, who: str) -> None:
    waiting = ask(strict)
    lead = replace(strict.actors["lead"], person=strict.people[who].id)
    with pytest.raises(Refused) as error:
        approvals.decide(strict.bank, lead, HERE, waiting.id, approve=True)
    assert error.value.code is Code.OWN_MATTER


def test_the_same_visit_sent_again_waits_once_and_then_gets_the_receipt(strict: World) -> None:
    visit = strict.visit(minutes=300)
    first, again = (hours.record(strict.bank, strict.actors["clerk"], visit) for _ in range(2))
    assert first == again
    assert isinstance(first, Waiting)
    decide(strict, first)
    done = hours.record(strict.bank, strict.actors["clerk"], visit)
    assert not isinstance(done, Waiting)
    assert (done.record.id, done.repeated) == (visit.id, True)
    with pytest.raises(Refused) as error:
        hours.record(strict.bank, strict.actors["clerk"], replace(visit, minutes=301))
    assert error.value.code is Code.ID_TAKEN
    decide(strict, first)  # deciding the same again is the same
    assert strict.figures("li").served == 300


def test_another_visit_with_the_id_of_one_that_waits_is_refused(strict: World) -> None:
    waiting = ask(strict)
    with pytest.raises(Refused) as error:
        ask(strict, id=waiting.id, minutes=301)
    assert error.value.code is Code.ID_TAKEN


def test_what_was_refused_stays_out_of_the_books(strict: World) -> None:
    waiting = ask(strict)
    decide(strict, waiting, approve=False)
    refused(strict, waiting, Code.ALREADY_DECIDED)
    again = ask(strict, id=waiting.id)
    assert again.decision == "refused"
    assert strict.figures("li").served == 0


def test_what_the_rules_refuse_does_not_wait(strict: World) -> None:
    for code, change in {
        Code.MINUTES_TOO_MANY: {"minutes": 1441},
        Code.SERVICE_UNKNOWN: {"service": "juggling"},
        Code.PROXY_NOT_FREE: {"confirmed": "proxy", "volunteer": "daughter"},
        Code.PERSON_ROLE: {"volunteer": "wang", "elder": "chen"},
    }.items():
        with pytest.raises(Refused) as error:
            ask(strict, **change)  # type: ignore[arg-type]
        assert error.value.code is code
    assert station.day(strict.bank, strict.actors["lead"], HERE).questions == ()


def test_the_rules_are_asked_again_when_it_is_decided(strict: World) -> None:
    waiting = ask(strict, start=540, end=900)
    strict.record("li", "chen", minutes=30, start=600, end=660)
    refused(strict, waiting, Code.OVERLAP)
    other = ask(strict, "zhao", "chen", start=700, end=1000)
    with strict.bank.office() as office:
        office.people.get_one(directory.Person, strict.people["zhao"].id).suspended_at = office.now
    refused(strict, other, Code.PERSON_SUSPENDED)


def test_the_lead_s_day_names_who_served_and_who_was_served(strict: World) -> None:
    waiting = ask(strict)
    (question,) = station.day(strict.bank, strict.actors["lead"], HERE).questions
    assert (question.waiting.id, question.person_name, question.served_names) == (waiting.id, "李明", ("王桂英",))
    assert not question.own


@pytest.mark.parametrize("who", ["li", "wang"])
def test_erasing_one_of_its_people_empties_what_waits(strict: World, who: str) -> None:
    waiting = ask(strict, note="三楼，门牌 12")
    with strict.bank.office() as office:
        directory.people.erase(
            office.people, office.people.get_one(directory.Person, strict.people[who].id), office.now
        )
    with strict.bank.view() as view:
        assert view.people.get_one(directory.Approval, waiting.id).sealed_payload is None
    refused(strict, waiting, Code.PERSON_UNKNOWN)
    (question,) = station.day(strict.bank, strict.actors["lead"], HERE).questions
    assert (question.person_name, question.served_names) == ("", ())


def test_erasing_one_of_its_people_afterwards_finds_its_note_too(strict: World) -> None:
    waiting = ask(strict, note="三楼，门牌 12")
    decide(strict, waiting)
    with strict.bank.office() as office:
        directory.people.erase(
            office.people, office.people.get_one(directory.Person, strict.people["wang"].id), office.now
        )
    with strict.bank.view() as view:
        assert view.people.get_one(directory.Approval, waiting.id).sealed_payload is None
        assert directory.details.text_of(view.people, view.vault, strict.bank.origin(HERE), waiting.id) is None
