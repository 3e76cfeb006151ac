"""Towns: who is in charge of all communities of one, and what waits for her where a village has one clerk."""

import pytest

from tests.services.test_care import enter, later
from tests.services.test_second_person import ask, size
from tests.threads import at_once
from tests.world import ELSEWHERE, HERE, World
from timebank.access import OPERATOR, Denied, Role
from timebank.ledger import Code, Refused
from timebank.services import approvals, care, communities, logins, questions, queues, standing, station, towns

TOWN, OTHER_TOWN = HERE[:9], "520302002"


@pytest.fixture
def village(world: World) -> World:
    """A community whose queue is the town's, with a lead of its town, of another town, and of its county."""
    world.policy('[second_person]\nvisit_minutes = 240\nqueue = "town"')
    for name, where in (("town", TOWN), ("other town", OTHER_TOWN), ("county", HERE[:6])):
        world.login(name, Role.LEAD, where)
    return world


def decide(world: World, approval: str, name: str) -> None:
    approvals.decide(world.bank, world.actors[name], HERE, approval, approve=True)


@pytest.mark.parametrize("name", ["town", "county"])
def test_where_the_queue_is_the_towns_nobody_of_the_community_decides(village: World, name: str) -> None:
    waiting = ask(village)
    before = size(village)
    with pytest.raises(Refused) as refused:
        decide(village, waiting.id, "lead")
    assert refused.value.code is Code.TOWN_DECIDES
    with pytest.raises(Denied):
        decide(village, waiting.id, "other town")
    assert size(village) == before
    decide(village, waiting.id, name)
    assert village.figures("li").available == 300


def test_a_grant_and_a_correction_wait_for_the_town_too(village: World) -> None:
    entry = village.record(minutes=60).record.id
    undo = approvals.Reversal(id=village.bank.uuid(), community=HERE, entry=entry, reason="twice")
    approvals.ask_reversal(village.bank, village.actors["clerk"], undo)
    grant = approvals.Grant(
        id=village.bank.uuid(), community=HERE, person=village.people["wang"].id, minutes=60, payer="issue",
        reason="hardship",
    )  # fmt: skip
    approvals.ask_grant(village.bank, village.actors["clerk"], grant)
    for waiting in (undo.id, grant.id):
        with pytest.raises(Refused) as refused:
            decide(village, waiting, "lead")
        assert refused.value.code is Code.TOWN_DECIDES
        decide(village, waiting, "town")
    assert (village.figures("li").available, village.figures("wang").available) == (0, 60)


def test_whoever_asked_does_not_decide_for_the_town_either(village: World) -> None:
    entry = village.record(minutes=60).record.id
    undo = approvals.Reversal(id=village.bank.uuid(), community=HERE, entry=entry, reason="twice")
    approvals.ask_reversal(village.bank, village.actors["town"], undo)
    with pytest.raises(Refused) as refused:
        decide(village, undo.id, "town")
    assert refused.value.code is Code.SECOND_PERSON


def test_the_day_says_whose_the_decision_is(village: World) -> None:
    ask(village)
    days = {name: station.day(village.bank, village.actors[name], HERE) for name in ("lead", "town")}
    assert {name: (day.town_decides, len(day.questions)) for name, day in days.items()} == {
        "lead": (True, 1),
        "town": (False, 1),
    }


def test_a_town_sees_all_its_communities_side_by_side_and_no_others(village: World) -> None:
    far = communities.Founding(code="520302002001", name="别处社区", town="别处街道", county="红花岗区")
    communities.found(village.bank, OPERATOR, far)
    ask(village)
    later(village, 35)
    enter(village, 1)
    for _ in range(care.MANY_SHORT):
        village.record("zhao", "wang", 15)
    seen = towns.look(village.bank, village.actors["town"], TOWN)
    here, elsewhere = seen.communities
    assert [one.care.community for one in seen.communities] == [HERE, ELSEWHERE]
    assert (here.waiting, elsewhere.waiting) == (1, 0)
    assert [one.name for one in here.care.unserved] == ["陈秀兰"]
    assert care.MANY_VISITS in {one.kind for one in here.open_findings}
    assert here.care == care.look(village.bank, village.actors["lead"], HERE)
    for name in ("lead", "other town", "clerk"):
        with pytest.raises(Denied):
            towns.look(village.bank, village.actors[name], TOWN)


# --- who looks after it -----------------------------------------------------------------------------------------------


def taking(world: World, finding: care.Finding | None = None) -> care.Taking:
    """Of a finding, or of the elder whom nobody has served."""
    if finding is None:
        return care.Taking(community=HERE, kind=care.UNSERVED, subject=world.people["chen"].id)
    return care.Taking(community=HERE, kind=finding.kind, subject=finding.subject, period=finding.period)


def seen(world: World) -> care.Care:
    return towns.look(world.bank, world.actors["town"], TOWN).communities[0].care


def test_a_forgotten_elder_has_somebody_who_sees_to_it_until_thirty_days_are_over(village: World) -> None:
    later(village, 35)
    assert [one.owner for one in seen(village).unserved if one.name == "陈秀兰"] == [None]
    care.take_on(village.bank, village.actors["lead"], taking(village))
    care.take_on(village.bank, village.actors["town"], taking(village))  # taken over
    assert [one.owner for one in seen(village).unserved if one.name == "陈秀兰"] == ["town"]
    later(village, 31)
    assert [one.owner for one in seen(village).unserved if one.name == "陈秀兰"] == [None]
    with pytest.raises(Refused) as refused:
        nobody = care.Taking(community=HERE, kind=care.UNSERVED, subject=village.people["stranger"].id)
        care.take_on(village.bank, village.actors["lead"], nobody)
    assert refused.value.code is Code.PERSON_UNKNOWN


def test_a_finding_has_an_owner_who_has_no_part_in_it(village: World) -> None:
    for _ in range(care.MANY_SHORT):
        village.record("zhao", "wang", 15)
    (odd,) = [one for one in seen(village).findings if one.kind == care.MANY_VISITS]
    assert odd.owner is None
    logins.create(
        village.bank,
        OPERATOR,
        logins.NewLogin(
            id=village.bank.uuid(), name="both", shown="both", secret="x" * 12, person=village.people["zhao"].id,
            roles=((Role.LEAD, HERE),),
        ),
    )  # fmt: skip
    token = logins.log_in(village.bank, logins.LogIn(name="both", secret="x" * 12, address="127.0.0.1"))
    both = logins.by_session(village.bank, token)
    assert both is not None
    with pytest.raises(Refused) as refused:
        care.take_on(village.bank, both.actor, taking(village, odd))
    assert refused.value.code is Code.SECOND_PERSON
    care.take_on(village.bank, village.actors["lead"], taking(village, odd))
    (odd,) = [one for one in seen(village).findings if one.kind == care.MANY_VISITS]
    assert odd.owner == "lead"
    for name in ("clerk", "auditor", "far lead"):
        with pytest.raises(Denied):
            care.take_on(village.bank, village.actors[name], taking(village, odd))


def test_two_who_take_it_on_at_once_are_one_owner(village: World) -> None:
    later(village, 35)
    answers = at_once(4, lambda: care.take_on(village.bank, village.actors["lead"], taking(village)))
    assert all(isinstance(one, int) for one in answers), answers
    assert [one.owner for one in seen(village).unserved if one.name == "陈秀兰"] == ["lead"]


def test_who_died_is_not_waiting_for_a_visit(village: World) -> None:
    later(village, 35)
    died = standing.Death(
        id=village.bank.uuid(), community=HERE, person=village.people["chen"].id, day=village.clock.day,
        proof="hospital",
    )  # fmt: skip
    standing.ask_death(village.bank, village.actors["clerk"], died)
    approvals.decide(village.bank, village.actors["town"], HERE, died.id, approve=True)
    assert "陈秀兰" not in [one.name for one in seen(village).unserved]


# --- what waits -------------------------------------------------------------------------------------------------------


def test_what_waits_is_counted_by_kind_part_and_age(village: World) -> None:
    def of(place: str = TOWN) -> dict[str, tuple[int, tuple[int, ...], int | None]]:
        found = queues.of(village.bank, village.actors["county"], place)
        return {one.kind: (one.count, one.ages, one.oldest_days) for one in found.queues}

    assert set(of().values()) == {(0, (0, 0, 0, 0, 0), None)}
    ask(village)
    later(village, 5)
    entry = village.record(minutes=30).record.id
    doubt = questions.Doubt(id=village.bank.uuid(), community=HERE, entry=entry, text="not given")
    questions.ask(village.bank, village.actors["li"], doubt)
    village.give("li", "wang", 30)
    village.order("wang", 30)
    for place in (TOWN, HERE[:6], HERE):
        assert of(place)["approvals"] == (1, (0, 0, 1, 0, 0), 5)
    assert of()["questions"] == (1, (1, 0, 0, 0, 0), 0)
    assert of()["board"][0] + of()["requests"][0] == 1
    later(village, 40)
    ask(village)
    assert of()["approvals"] == (2, (1, 0, 0, 0, 1), 45)
    (part,) = queues.of(village.bank, village.actors["county"], TOWN).parts
    assert (part.code, part.counts["approvals"], part.oldest_days) == (HERE, 2, 45)
    assert queues.of(village.bank, village.actors["county"], ELSEWHERE).parts == ()
    verdict = questions.Verdict(community=HERE, question=doubt.id, decision="stands", reply="签过字")
    questions.decide(village.bank, village.actors["lead"], verdict)
    assert of()["questions"] == (0, (0, 0, 0, 0, 0), None)
    for name in ("clerk", "lead", "other town"):
        with pytest.raises(Denied):
            queues.of(village.bank, village.actors[name], TOWN)


def test_a_role_is_for_a_place_that_there_can_be(world: World) -> None:
    for where in ("", "5", "5203020", "52030200100x", HERE + "1"):
        new = logins.NewLogin(id=world.bank.uuid(), name="x", shown="x", secret="x" * 12, roles=((Role.LEAD, where),))
        with pytest.raises(Refused) as refused:
            logins.create(world.bank, OPERATOR, new)
        assert refused.value.code is Code.COMMUNITY_UNKNOWN
