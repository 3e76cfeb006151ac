"""Which declared relations are checked, by whom, and what becomes of one that is not true."""

from dataclasses import replace

import pytest

from tests.services.test_care import later
from tests.threads import at_once
from tests.world import ELSEWHERE, HERE, World
from timebank import directory
from timebank.access import Denied, Role
from timebank.ledger import Code, Refused, reads
from timebank.services import care, kin_checks, logins, members
from timebank.services.callbacks import ranked

MONTH = "2026-09"


@pytest.fixture
def declaring(world: World) -> World:
    """Of two declarations one is checked; besides the daughter's two more are declared for chen, and one is proved."""
    world.policy("[relations]\ncheck_one_in = 2")
    for number, proof in enumerate(("declaration", "declaration", "household_book")):
        world.register(f"kin{number}", f"陈{number}", HERE, is_family=True)
        world.relate(f"kin{number}", "chen", "parent", proof=proof)
    return world


def draw(world: World, month: str | None = None, name: str = "admin") -> kin_checks.Draw:
    return kin_checks.draw(world.bank, world.actors[name], HERE, month)


def to_check(world: World, name: str = "lead") -> list[kin_checks.Check]:
    return list(kin_checks.open_ones(world.bank, world.actors[name], HERE))


def answer(world: World, kinship: str, said: str, name: str = "lead") -> str:
    checked = kin_checks.Checked(community=HERE, kinship=kinship, answer=said)
    return kin_checks.answer(world.bank, world.actors[name], checked)


def drawn_one(world: World) -> kin_checks.Check:
    """The daughter's declaration, the only one of the month."""
    world.policy("[relations]\ncheck_one_in = 7")
    later(world, 15)
    assert draw(world).drawn == 1
    (one,) = to_check(world)
    return one


def test_the_draw_is_by_the_root_of_the_books_when_the_month_ended(declaring: World) -> None:
    world = declaring
    later(world, 15)
    world.relate("li", "chen", "other")  # of the next month
    world.record()
    made = draw(world)
    assert (made.month, made.one_in, made.declared, made.drawn) == (MONTH, 2, 3, 2)  # 1.5, rounded up
    with world.bank.view() as view:
        head = view.head(world.bank.origin(HERE))
        root = reads.root_at(view.connection, head, made.size)
        kin = [one.id for one in view.people.query(directory.Kinship) if one.proof == "declaration"]
        of_september = [one for one in kin if view.people.get_one(directory.Kinship, one).consented_at < world.clock.ms]
    assert root is not None
    assert root.hex() == made.root
    assert made.size < head.size
    assert {one.kinship for one in to_check(world)} == set(ranked(root, of_september)[:2])


def test_drawn_again_also_at_once_it_is_the_same(declaring: World) -> None:
    later(declaring, 15)
    answers = at_once(4, lambda: draw(declaring))
    assert {one.drawn for one in answers if isinstance(one, kin_checks.Draw)} == {2}
    before = to_check(declaring)
    later(declaring, 31)
    draw(declaring, MONTH)
    assert to_check(declaring) == before
    assert draw(declaring).declared == 0


def test_a_month_that_is_not_over_is_not_drawn_and_only_an_admin_draws(declaring: World) -> None:
    with pytest.raises(Refused) as refused:
        draw(declaring, MONTH)
    assert refused.value.code is Code.MONTH_NOT_OVER
    later(declaring, 15)
    for name in ("lead", "clerk", "li", "auditor"):
        with pytest.raises(Denied):
            draw(declaring, name=name)


def test_where_the_policy_wants_no_check_there_is_none(world: World) -> None:
    world.policy("[relations]\ncheck_one_in = 0")
    later(world, 15)
    assert draw(world).drawn == 0


def test_a_consent_that_was_taken_back_leaves_no_new_relation_to_draw(world: World) -> None:
    world.policy("[relations]\ncheck_one_in = 1")
    later(world, 15)
    (kin,) = _kinships(world)
    members.revoke(world.bank, world.actors["clerk"], members.Revocation(community=HERE, kinship=kin.id))
    later(world, 31)
    assert draw(world, "2026-10").declared == 0
    assert draw(world, MONTH).declared == 1  # the relation stands


def test_what_is_true_is_kept_and_off_the_list(world: World) -> None:
    one = drawn_one(world)
    assert (one.member_name, one.elder_name, one.relation, one.own) == ("王芳", "王桂英", "parent", False)
    assert answer(world, one.kinship, "unclear") == "unclear"
    assert [again.answer for again in to_check(world)] == ["unclear"]
    for _ in range(2):
        assert answer(world, one.kinship, "true") == "true"
    assert to_check(world) == []
    with pytest.raises(Refused) as refused:
        answer(world, one.kinship, "false")
    assert refused.value.code is Code.ALREADY_DECIDED
    assert _acts_for_wang(world)


def test_what_is_false_ends_with_all_consents_and_is_shown_to_the_lead_and_the_town(world: World) -> None:
    one = drawn_one(world)
    assert _acts_for_wang(world)
    answer(world, one.kinship, "false")
    assert not _acts_for_wang(world)
    with world.bank.view() as view:
        assert directory.people.kin_of(view.connection, world.people["wang"].id) == frozenset()
    (found,) = care.look(world.bank, world.actors["lead"], HERE).findings
    assert (found.kind, found.names, found.period) == (care.FALSE_KIN, ("王芳", "王桂英"), "2026-10")
    closing = care.Closing(
        community=HERE, kind=found.kind, subject=found.subject, period=found.period, outcome="passed-on"
    )
    assert care.close(world.bank, world.actors["lead"], closing) == "passed-on"
    world.relate("daughter", "wang")  # it was a mistake after all: noted again, it holds
    assert _acts_for_wang(world)


def test_who_noted_it_or_is_of_the_family_does_not_check_it(world: World) -> None:
    one = drawn_one(world)
    both = replace(world.actors["clerk"], grants=((Role.CLERK, HERE), (Role.LEAD, HERE)))
    world.actors["both"] = both
    assert [check.own for check in to_check(world, "both")] == [True]
    with pytest.raises(Refused) as refused:
        answer(world, one.kinship, "true", "both")
    assert refused.value.code is Code.SECOND_PERSON
    world.actors["son"] = replace(world.actors["lead"], person=world.people["wang"].id)
    assert [check.own for check in to_check(world, "son")] == [True]
    with pytest.raises(Refused) as refused:
        answer(world, one.kinship, "true", "son")
    assert refused.value.code is Code.OWN_MATTER
    for name in ("clerk", "daughter", "wang", "admin", "far lead"):
        with pytest.raises(Denied):
            answer(world, one.kinship, "true", name)
    world.login("town lead", Role.LEAD, HERE[:9])
    assert answer(world, one.kinship, "true", "town lead") == "true"


def test_what_was_not_drawn_or_is_elsewhere_is_not_answered(world: World) -> None:
    one = drawn_one(world)
    for community, kinship, name in ((HERE, "0" * 32, "lead"), (ELSEWHERE, one.kinship, "far lead")):
        checked = kin_checks.Checked(community=community, kinship=kinship, answer="true")
        with pytest.raises(Refused) as refused:
            kin_checks.answer(world.bank, world.actors[name], checked)
        assert refused.value.code is Code.PAPER_UNKNOWN


def test_it_is_erased_with_either_of_the_two(world: World) -> None:
    one = drawn_one(world)
    answer(world, one.kinship, "false")
    with world.bank.office() as office:
        row = office.people.get_one(directory.Person, one.member)
        directory.people.erase(office.people, row, office.now)
        assert office.people.query(directory.KinCheck).count() == 0
    assert care.look(world.bank, world.actors["lead"], HERE).findings == ()


def _kinships(world: World) -> list[directory.Kinship]:
    with world.bank.view() as view:
        return list(view.people.query(directory.Kinship))


def _acts_for_wang(world: World) -> bool:
    who = logins.by_session(world.bank, world.token("daughter"))
    assert who is not None
    return world.people["wang"].id in who.actor.elders
