"""Classes, trainings and guardians are noted with proof, hold from a day to a day, and end; consents are taken back."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.world import ELSEWHERE, HERE, TODAY, World, entered
from timebank import directory
from timebank.access import FOR_ELDERS, Denied
from timebank.ledger import Code, Refused
from timebank.services import hours, logins, members, papers


def facts(world: World, **more: Any) -> dict[str, Any]:
    return {"id": world.bank.uuid(), "community": HERE, "person": world.people["wang"].id} | more


def a_class(world: World, **more: Any) -> papers.Class:
    proved = {"name": "low-income", "proof": "allowance-card", "from_day": TODAY}
    return papers.Class(**facts(world, **(proved | more)))


def a_training(world: World, **more: Any) -> papers.Training:
    return papers.Training(**facts(world, **({"course": "first-aid", "day": TODAY} | more)))


def a_guardian(world: World, **more: Any) -> papers.Guardian:
    proved = {"guardian": world.people["zhao"].id, "proof": "court", "from_day": TODAY}
    return papers.Guardian(**facts(world, **(proved | more)))


KINDS: dict[str, tuple[Callable[..., Any], Callable[..., bool]]] = {
    "class": (a_class, papers.prove_class),
    "training": (a_training, papers.note_training),
    "guardian": (a_guardian, papers.note_guardian),
}
every_kind = pytest.mark.parametrize("kind", list(KINDS))


def refusal(act: Callable[[], object]) -> Code:
    with pytest.raises(Refused) as error:
        act()
    return error.value.code


@every_kind
def test_a_paper_is_noted_once_and_its_id_means_nothing_else(world: World, kind: str) -> None:
    make, note = KINDS[kind]
    new, clerk = make(world), world.actors["clerk"]
    assert [note(world.bank, clerk, new) for _ in range(2)] == [True, False]
    assert refusal(lambda: note(world.bank, clerk, replace(new, expires_on="2027-01-01"))) is Code.ID_TAKEN
    other_make, other_note = KINDS["training" if kind == "class" else "class"]
    assert refusal(lambda: other_note(world.bank, clerk, other_make(world, id=new.id))) is Code.ID_TAKEN
    found = papers.of(world.bank, clerk, world.people["wang"].id)
    assert [*found.classes, *found.trainings, *found.guardians] == [new]


@every_kind
def test_only_a_clerk_of_the_place_notes_and_ends_it(world: World, kind: str) -> None:
    make, note = KINDS[kind]
    new = make(world)
    note(world.bank, world.actors["clerk"], new)
    ended = papers.Ended(community=HERE, paper=new.id, day=TODAY)
    for name in ("li", "wang", "daughter", "lead", "auditor", "admin", "far clerk"):
        for act in (lambda who: note(world.bank, who, make(world)), lambda who: papers.end(world.bank, who, ended)):
            with pytest.raises(Denied):
                act(world.actors[name])
    far = world.actors["far clerk"]
    assert refusal(lambda: note(world.bank, far, make(world, community=ELSEWHERE))) is Code.PERSON_UNKNOWN
    assert refusal(lambda: papers.end(world.bank, far, replace(ended, community=ELSEWHERE))) is Code.PAPER_UNKNOWN
    nothing = papers.Ended(community=HERE, paper="0" * 32, day=TODAY)
    assert refusal(lambda: papers.end(world.bank, world.actors["clerk"], nothing)) is Code.PAPER_UNKNOWN


@every_kind
@pytest.mark.parametrize("who", ["wang", "daughter"])
def test_a_clerk_notes_and_ends_nothing_of_herself_or_her_family(world: World, kind: str, who: str) -> None:
    make, note = KINDS[kind]
    own = replace(world.actors["clerk"], person=world.people[who].id)
    assert refusal(lambda: note(world.bank, own, make(world))) is Code.OWN_MATTER
    new = make(world)
    note(world.bank, world.actors["clerk"], new)
    ended = papers.Ended(community=HERE, paper=new.id, day=TODAY)
    assert refusal(lambda: papers.end(world.bank, own, ended)) is Code.OWN_MATTER


def test_nobody_is_their_own_guardian(world: World) -> None:
    new = a_guardian(world, guardian=world.people["wang"].id)
    assert refusal(lambda: papers.note_guardian(world.bank, world.actors["clerk"], new)) is Code.SAME_PERSON


@every_kind
def test_what_ended_is_not_listed_any_more_and_ending_it_later_changes_nothing(world: World, kind: str) -> None:
    make, note = KINDS[kind]
    new, clerk, wang = make(world), world.actors["clerk"], world.people["wang"].id
    note(world.bank, clerk, new)
    for day in (TODAY, "2027-01-01"):
        papers.end(world.bank, clerk, papers.Ended(community=HERE, paper=new.id, day=day))
    found = papers.of(world.bank, clerk, wang)
    kept: list[Any] = [*found.classes, *found.trainings, *found.guardians]
    assert [one.expires_on for one in kept] == [TODAY]
    world.clock.advance(days=1)
    found = papers.of(world.bank, clerk, wang)
    assert (found.classes, found.trainings, found.guardians) == ((), (), ())


def test_what_is_noted_at_the_counter_counts_for_the_rules(world: World) -> None:
    world.policy("[earning]\ntraining_required = true")
    world.register("pupil", "小明", HERE, is_volunteer=True, born="2010-05-05")
    clerk, pupil = world.actors["clerk"], world.people["pupil"].id
    assert refusal(lambda: world.record("pupil")) is Code.TRAINING_MISSING
    papers.note_training(world.bank, clerk, a_training(world, person=pupil))
    assert refusal(lambda: world.record("pupil")) is Code.GUARDIAN_MISSING
    consent = a_guardian(world, person=pupil, proof="consent")
    papers.note_guardian(world.bank, clerk, consent)
    world.record("pupil")
    papers.end(world.bank, clerk, papers.Ended(community=HERE, paper=consent.id, day="2026-09-20"))
    assert refusal(lambda: world.record("pupil")) is Code.GUARDIAN_MISSING


def test_she_and_who_may_see_her_read_her_papers_and_nobody_else(world: World) -> None:
    papers.prove_class(world.bank, world.actors["clerk"], a_class(world))
    wang = world.people["wang"].id
    for name in ("wang", "daughter", "clerk", "lead"):
        found = papers.of(world.bank, world.actors[name], wang)
        assert (found.born, [one.name for one in found.classes]) == ("1948-06-01", ["low-income"])
        told = [(one.name, one.relation, len(one.scope)) for one in found.proxies]
        assert told == [("王芳", "parent", len(FOR_ELDERS))]
    for name in ("li", "stranger", "auditor", "admin", "far clerk"):
        with pytest.raises(Denied):
            papers.of(world.bank, world.actors[name], wang)


# Consents


def test_a_consent_that_is_taken_back_ends_at_once_and_the_relation_stays(world: World) -> None:
    world.policy("[relations]\nfriends = false")
    clerk, wang = world.actors["clerk"], world.people["wang"].id
    (proxy,) = papers.of(world.bank, clerk, wang).proxies
    token = world.token("daughter")
    revocation = members.Revocation(community=HERE, kinship=proxy.id)
    for _ in range(2):
        members.revoke(world.bank, clerk, revocation)
    who = logins.by_session(world.bank, token)
    assert who is not None
    assert who.actor.elders == {}
    (relation,) = papers.of(world.bank, clerk, wang).proxies
    assert (relation.relation, relation.scope) == ("parent", ())
    world.record("daughter", "chen")
    world.give("daughter", "wang", 10)
    members.revoke(world.bank, clerk, members.Revocation(community=HERE, kinship=relation.id))
    assert papers.of(world.bank, clerk, wang).proxies == ()
    assert refusal(lambda: world.give("daughter", "wang", 10)) is Code.NOT_IN_CIRCLE


def test_only_a_clerk_of_the_elder_s_community_takes_a_consent_back(world: World) -> None:
    (proxy,) = papers.of(world.bank, world.actors["clerk"], world.people["wang"].id).proxies
    revocation = members.Revocation(community=HERE, kinship=proxy.id)
    for name in ("daughter", "lead", "far clerk"):
        with pytest.raises(Denied):
            members.revoke(world.bank, world.actors[name], revocation)
    far = replace(revocation, community=ELSEWHERE)
    assert refusal(lambda: members.revoke(world.bank, world.actors["far clerk"], far)) is Code.PAPER_UNKNOWN
    assert len(papers.of(world.bank, world.actors["clerk"], world.people["wang"].id).proxies) == 1


def test_a_consent_covers_only_what_it_names(world: World) -> None:
    world.relate("zhao", "chen", scope=("gift_own",))
    world.record("li", "wang")
    world.give("li", "chen", 60)
    who = logins.by_session(world.bank, world.token("zhao"))
    assert who is not None
    assert [right.value for right in who.actor.elders[world.people["chen"].id]] == ["gift_own"]
    with pytest.raises(Denied):
        members.person(world.bank, who.actor, world.people["chen"].id)


# Groups and providers


def fund(world: World) -> int:
    with world.bank.work(world.bank.origin(HERE)) as work:
        return work.writer.account("fund").minutes


def test_the_hours_of_a_group_go_to_the_fund_whatever_its_age(world: World) -> None:
    group = world.register("group", "红领巾小队", HERE, is_volunteer=True, kind="group")
    posted = world.record("group", "wang", minutes=60)
    assert [(move.source, move.target, move.minutes) for move in posted.record.intent.moves] == [("issue", "fund", 60)]
    assert fund(world) == 60
    assert (world.figures("group").available, world.figures("group").served, group.kind) == (0, 60, "group")
    paid = entered(hours.record(world.bank, world.actors["clerk"], world.visit("group", "wang", payer="fund")))
    assert (paid.record.intent.moves, paid.record.intent.body["uncredited"]) == ((), "group")


def test_a_provider_never_earns(world: World) -> None:
    world.register("firm", "康乐护理公司", HERE, is_volunteer=True, kind="provider")
    assert refusal(lambda: world.record("firm")) is Code.ACCOUNT_CLASS
    assert world.record("firm", uncredited="duty").record.intent.moves == ()


def test_the_account_of_a_group_is_of_its_class_in_the_books(world: World) -> None:
    group = world.register("group", "红领巾小队", HERE, is_volunteer=True, kind="group")
    with world.bank.work(world.bank.origin(HERE)) as work:
        assert work.writer.account(group.account).kind == "group"
    with world.bank.view() as view:
        assert view.people.get_one(directory.Person, group.id).kind == "group"
