"""Towns: who is in charge of all communities of one, and what waits for her where a village has one clerk."""

import pytest

from tests.services.test_care import enter, later
from tests.services.test_second_person import ask, size
from tests.world import ELSEWHERE, HERE, World
from timebank.access import OPERATOR, Denied, Role
from timebank.ledger import Code, Refused
from timebank.services import approvals, care, communities, logins, station, towns

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


def test_a_role_is_for_a_place_that_there_can_be(world: World) -> None:
    for where in ("", "5", "5203020", "52030200100x", HERE + "1"):
        new = logins.NewLogin(id=world.bank.uuid(), name="x", shown="x", secret="x" * 12, roles=((Role.LEAD, where),))
        with pytest.raises(Refused) as refused:
            logins.create(world.bank, OPERATOR, new)
        assert refused.value.code is Code.COMMUNITY_UNKNOWN
