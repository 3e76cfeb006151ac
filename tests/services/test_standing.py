"""Suspension, death, a guardian who decides, an account that closes: what each stops, and who may do it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.world import ELSEWHERE, HERE, TODAY, World
from timebank import directory
from timebank.access import FOR_ELDERS, OPERATOR, Denied
from timebank.bank import Posted
from timebank.ledger import Code, Refused
from timebank.services import approvals, audits, logins, members, orders, papers, standing, station
from timebank.services.queue import Waiting


def suspension(world: World, person: str) -> standing.Suspension:
    return standing.Suspension(community=HERE, person=world.people[person].id)


def ask_death(world: World, person: str = "wang", day: str = TODAY, name: str = "clerk") -> Waiting:
    about = {"id": world.bank.uuid(), "community": HERE, "person": world.people[person].id}
    return standing.ask_death(world.bank, world.actors[name], standing.Death(**about, day=day, proof="certificate"))


def ask_incapacity(world: World, person: str = "wang", name: str = "clerk", guardian: str = "daughter") -> Waiting:
    about = {"id": world.bank.uuid(), "community": HERE, "person": world.people[person].id}
    incapacity = standing.Incapacity(**about, guardian=world.people[guardian].id, proof="court")
    return standing.ask_incapacity(world.bank, world.actors[name], incapacity)


def ask_closing(world: World, person: str = "wang", name: str = "clerk") -> Waiting:
    about = {"id": world.bank.uuid(), "community": HERE, "person": world.people[person].id}
    return standing.ask_closing(world.bank, world.actors[name], standing.Closing(**about, reason="moved-away"))


ASKS: dict[str, Callable[..., Waiting]] = {"death": ask_death, "incapable": ask_incapacity, "close": ask_closing}
every_act = pytest.mark.parametrize("kind", list(ASKS))


def decide(world: World, waiting: Waiting, name: str = "lead", *, approve: bool = True) -> Posted | None:
    return approvals.decide(world.bank, world.actors[name], HERE, waiting.id, approve=approve)


def refusal(act: Callable[[], object]) -> Code:
    with pytest.raises(Refused) as error:
        act()
    return error.value.code


def size(world: World) -> int:
    return audits.overview(world.bank, world.actors["auditor"], HERE, limit=1).head.size


# Suspended


def test_a_suspension_stops_earning_and_giving_until_it_is_ended(world: World) -> None:
    world.record("li", "wang")
    for _ in range(2):
        standing.suspend(world.bank, world.actors["lead"], suspension(world, "li"))
    assert refusal(world.record) is Code.PERSON_SUSPENDED
    assert refusal(lambda: world.give("li", "zhao", 10)) is Code.PERSON_SUSPENDED
    assert refusal(lambda: world.give("daughter", "li", 10)) is Code.PERSON_SUSPENDED
    assert papers.of(world.bank, world.actors["lead"], world.people["li"].id).suspended_at == world.clock.ms
    standing.resume(world.bank, world.actors["lead"], suspension(world, "li"))
    world.record("li", "wang")
    world.give("li", "zhao", 10)


def test_only_a_lead_suspends_and_never_herself_or_her_family(world: World) -> None:
    for name in ("clerk", "li", "auditor", "admin", "far lead"):
        for act in (standing.suspend, standing.resume):
            with pytest.raises(Denied):
                act(world.bank, world.actors[name], suspension(world, "li"))
    about = suspension(world, "wang")
    for who in ("wang", "daughter"):
        world.actors["kin"] = replace(world.actors["lead"], person=world.people[who].id)
        assert refusal(lambda: standing.resume(world.bank, world.actors["kin"], about)) is Code.OWN_MATTER


# With a second person


@every_act
def test_nothing_happens_before_a_second_person_approves(world: World, kind: str) -> None:
    token, before = world.token("wang"), size(world)
    waiting = ASKS[kind](world)
    assert (waiting.kind, waiting.subject) == (kind, world.people["wang"].account)
    (question,) = station.day(world.bank, world.actors["lead"], HERE).questions
    assert question.person_name == "王桂英"
    decide(world, waiting, approve=False)
    assert logins.by_session(world.bank, token) is not None
    assert len(papers.of(world.bank, world.actors["lead"], world.people["wang"].id).proxies[0].scope) == len(FOR_ELDERS)
    assert size(world) == before


@every_act
def test_who_asked_a_clerk_and_the_family_do_not_decide(world: World, kind: str) -> None:
    waiting = ASKS[kind](world)
    both = replace(world.actors["lead"], login=world.actors["clerk"].login)
    world.actors["both"] = both
    assert refusal(lambda: decide(world, waiting, "both")) is Code.SECOND_PERSON
    for name in ("clerk2", "far lead", "wang", "auditor", "admin"):
        with pytest.raises(Denied):
            decide(world, waiting, name)
    world.actors["kin"] = replace(world.actors["lead"], person=world.people["daughter"].id)
    assert refusal(lambda: decide(world, waiting, "kin")) is Code.OWN_MATTER


@every_act
def test_only_staff_of_the_place_ask_and_not_about_their_family(world: World, kind: str) -> None:
    for name in ("wang", "daughter", "auditor", "admin", "far clerk"):
        with pytest.raises(Denied):
            ASKS[kind](world, name=name)
    world.actors["kin"] = replace(world.actors["clerk"], person=world.people["daughter"].id)
    assert refusal(lambda: ASKS[kind](world, name="kin")) is Code.OWN_MATTER


@every_act
def test_what_was_done_ends_the_logins_and_doing_it_again_is_the_same(world: World, kind: str) -> None:
    token = world.token("wang")
    waiting = ASKS[kind](world)
    first, again = decide(world, waiting), decide(world, waiting)
    assert [one.record.raw for one in (first, again) if one] == [one.record.raw for one in (first,) if one] * 2
    assert logins.by_session(world.bank, token) is None
    assert refusal(lambda: world.token("wang")) is Code.LOGIN_WRONG
    assert refusal(lambda: decide(world, waiting, approve=False)) is Code.ALREADY_DECIDED


@every_act
def test_erasing_somebody_empties_what_waits_about_her(world: World, kind: str) -> None:
    waiting = ASKS[kind](world)
    with world.bank.office() as office:
        row = office.people.get_one(directory.Person, world.people["wang"].id)
        directory.people.erase(office.people, row, office.now)
    assert refusal(lambda: decide(world, waiting)) is Code.PERSON_UNKNOWN


# Died


def test_a_death_ends_consents_and_the_card_and_no_later_service_is_entered(world: World) -> None:
    daughter = world.token("daughter")
    assert decide(world, ask_death(world)) is None
    who = logins.by_session(world.bank, daughter)
    assert who is not None
    assert who.actor.elders == {}
    card = world.people["wang"].card
    clerk, giver = world.actors["clerk"], world.people["li"].id
    assert refusal(lambda: members.by_card(world.bank, clerk, giver, card)) is Code.PERSON_UNKNOWN
    world.record("li", "wang")
    world.clock.advance(days=1)
    assert refusal(world.record) is Code.PERSON_DECEASED
    world.record("li", "wang", day=TODAY)
    assert refusal(lambda: world.give("li", "wang", 10)) is Code.PERSON_DECEASED


def test_services_after_the_death_are_named_for_the_lead(world: World) -> None:
    before = world.record("li", "wang")
    world.clock.advance(days=1)
    after = world.record("zhao", "wang")
    decide(world, ask_death(world))
    found = papers.of(world.bank, world.actors["lead"], world.people["wang"].id)
    assert (found.deceased_on, found.after_death) == (TODAY, (after.record.id,))
    assert before.record.id not in found.after_death


def test_nobody_dies_tomorrow(world: World) -> None:
    assert refusal(lambda: ask_death(world, day="2026-09-22")) is Code.DAY_IN_FUTURE


# A guardian decides


def test_a_guardian_is_noted_and_may_be_nobody_but_another(world: World) -> None:
    decide(world, ask_incapacity(world))
    found = papers.of(world.bank, world.actors["clerk"], world.people["wang"].id)
    ((guardian, proof),) = [(one.guardian, one.proof) for one in found.guardians]
    assert (guardian, proof) == (world.people["daughter"].id, "court")
    assert refusal(lambda: ask_incapacity(world, guardian="wang")) is Code.SAME_PERSON


# Closed


def test_an_empty_account_is_closed_in_the_books(world: World) -> None:
    posted = decide(world, ask_closing(world))
    assert posted is not None
    assert (posted.record.intent.kind, posted.record.intent.body["reason"]) == ("close", "moved-away")
    world.record("li", "chen")
    assert refusal(lambda: world.give("li", "wang", 10)) is Code.ACCOUNT_CLOSED
    audits.verify(world.bank, world.actors["auditor"], HERE)


def test_an_account_that_is_not_empty_is_not_closed_and_it_is_said_what_remains(world: World) -> None:
    waiting = ask_closing(world)
    world.record("li", "chen", minutes=90)
    world.give("li", "wang", 90)
    world.order(minutes=60)
    with pytest.raises(Refused) as error:
        ask_closing(world)
    assert error.value.code is Code.ACCOUNT_STILL_HAS
    assert error.value.facts == {"available": 30, "held": 60, "owed": 0}
    assert refusal(lambda: decide(world, waiting)) is Code.ACCOUNT_STILL_HAS
    assert world.token("wang")


@pytest.mark.parametrize("kind", ["death", "incapable"])
def test_orders_that_have_not_begun_are_given_back_and_what_had_begun_stays(world: World, kind: str) -> None:
    world.record(volunteer="daughter", elder="chen", minutes=120)
    world.give("daughter", "wang", 120)
    early, begun = (world.order(minutes=30).record.id for _ in range(2))
    taken = world.order(elder="chen", minutes=30, payer="public").record.id
    orders.accept(world.bank, world.actors["li"], HERE, begun)
    orders.check_in(world.bank, world.actors["li"], HERE, begun)
    sent = orders.Sent(community=HERE, hold=taken, volunteer=world.people["li"].id)
    orders.dispatch(world.bank, world.actors["clerk"], sent)
    decide(world, ASKS[kind](world))
    assert (world.figures("wang").held, world.figures("wang").available) == (30, 90)
    states = {hold: orders.told(world.bank, world.actors["clerk"], HERE, hold).state for hold in (early, begun, taken)}
    assert states == {early: "released", begun: "underway", taken: "accepted"}
    decide(world, ASKS["death"](world, person="li", name="clerk2"))
    assert orders.told(world.bank, world.actors["clerk"], HERE, taken).state == "open"
    audits.verify(world.bank, world.actors["auditor"], HERE)


def erase(world: World, name: str = "lead", person: str = "wang") -> None:
    erasure = standing.Erasure(community=HERE, person=world.people[person].id)
    standing.erase(world.bank, world.actors[name], erasure)


def test_what_is_known_of_somebody_is_forgotten_once_her_account_is_closed(world: World) -> None:
    world.record(minutes=60)
    assert refusal(lambda: erase(world)) is Code.ACCOUNT_STILL_OPEN
    decide(world, ask_closing(world))
    erase(world)
    erase(world)  # twice is the same
    with world.bank.view() as view:
        row = view.people.get_one(directory.Person, world.people["wang"].id)
        assert (row.sealed_name, row.sealed_phone, row.sealed_born) == (None, None, None)
    assert audits.verify(world.bank, OPERATOR, HERE).kinds["service"] == 1
    assert refusal(lambda: world.record(minutes=30)) is Code.PERSON_UNKNOWN


def test_only_a_lead_who_is_no_relative_erases_and_only_of_her_own_community(world: World) -> None:
    decide(world, ask_closing(world))
    for name in ("clerk", "wang", "daughter", "admin", "far lead"):
        with pytest.raises(Denied):
            erase(world, name)
    far = standing.Erasure(community=ELSEWHERE, person=world.people["wang"].id)
    assert refusal(lambda: standing.erase(world.bank, world.actors["far lead"], far)) is Code.PERSON_UNKNOWN
