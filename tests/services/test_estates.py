"""What somebody leaves behind: to whom it may go, who decides, and until when."""

from dataclasses import replace
from datetime import date

import pytest

from tests.services.test_care import later
from tests.services.test_standing import ask_death, refusal
from tests.world import HERE, World
from timebank.access import OPERATOR, Denied
from timebank.ledger import Code
from timebank.services import approvals, audits, estates
from timebank.services.queue import Waiting


@pytest.fixture
def bereaved(world: World) -> World:
    """Li, who had two hours, a wife (Zhao) and somebody who is no near relative (Daughter), and is about to die."""
    world.relate("zhao", "li", relation="spouse", proof="marriage_certificate", scope=())
    world.relate("daughter", "li", relation="other", proof="declaration", scope=())
    world.record("li", "chen", minutes=120)
    return world


def die(world: World, person: str = "li") -> estates.Case:
    waiting = ask_death(world, person)
    approvals.decide(world.bank, world.actors["lead"], HERE, waiting.id, approve=True)
    (case,) = estates.cases(world.bank, world.actors["clerk"], HERE)
    return case


def wish(world: World, heir: str | None, person: str = "li") -> None:
    wanted = estates.LastWish(
        community=HERE, person=world.people[person].id, heir=world.people[heir].id if heir else None
    )
    estates.note_wish(world.bank, world.actors["clerk"], wanted)


def ask(world: World, case: estates.Case, heir: str | None, minutes: int = 120, name: str = "clerk") -> Waiting:
    wanted = estates.Inheritance(
        id=world.bank.uuid(),
        community=HERE,
        number=case.number,
        minutes=minutes,
        heir=world.people[heir].id if heir else None,
    )
    return estates.ask(world.bank, world.actors[name], wanted)


def approve(world: World, waiting: Waiting) -> None:
    approvals.decide(world.bank, world.actors["lead"], HERE, waiting.id, approve=True)


def fund(world: World) -> int:
    return audits.overview(world.bank, world.actors["auditor"], HERE, limit=1).totals["fund"][1]


def test_a_death_opens_a_case_where_something_is_left_and_the_family_reads_it_by_its_number(bereaved: World) -> None:
    case = die(bereaved)
    seen = estates.look(bereaved.bank, case.number.lower())
    assert (seen.name, seen.minutes, seen.rule, seen.is_closed) == ("李＊", 120, "heirs", False)
    assert date.fromisoformat(str(seen.until_day)) - date.fromisoformat(bereaved.clock.day) == date.resolution * 365
    assert (seen.heirs, seen.person) == ((), "")
    assert [(heir.name, heir.relation) for heir in case.heirs] == [("赵敏", "spouse")]
    assert refusal(lambda: estates.look(bereaved.bank, "20260921-AAAAAAAA")) is Code.ENTRY_UNKNOWN


def test_who_leaves_nothing_leaves_no_case(world: World) -> None:
    waiting = ask_death(world, "li")
    approvals.decide(world.bank, world.actors["lead"], HERE, waiting.id, approve=True)
    assert estates.cases(world.bank, world.actors["clerk"], HERE) == ()


def test_hours_go_to_an_heir_once_a_second_person_approved_and_the_case_is_closed(bereaved: World) -> None:
    case = die(bereaved)
    waiting = ask(bereaved, case, "zhao", minutes=90)
    assert bereaved.figures("zhao").available == 0
    approve(bereaved, waiting)
    assert bereaved.figures("zhao").available == 90
    approve(bereaved, ask(bereaved, case, None, minutes=30))
    assert fund(bereaved) == 30
    assert estates.cases(bereaved.bank, bereaved.actors["clerk"], HERE) == ()
    assert estates.look(bereaved.bank, case.number).is_closed
    audits.verify(bereaved.bank, OPERATOR, HERE)


def test_who_asked_does_not_approve_and_a_relative_does_neither(bereaved: World) -> None:
    case = die(bereaved)
    waiting = ask(bereaved, case, "zhao", name="lead")
    assert refusal(lambda: approve(bereaved, waiting)) is Code.SECOND_PERSON
    bereaved.actors["clerk"] = replace(bereaved.actors["clerk"], person=bereaved.people["zhao"].id)
    assert refusal(lambda: ask(bereaved, case, "zhao")) is Code.OWN_MATTER


def test_nobody_but_a_proved_relative_of_the_rule_is_an_heir(bereaved: World) -> None:
    case = die(bereaved)
    assert refusal(lambda: ask(bereaved, case, "daughter")) is Code.NOT_AN_HEIR
    assert refusal(lambda: ask(bereaved, case, "wang")) is Code.NOT_AN_HEIR


@pytest.mark.parametrize(("rule", "heirs"), [("spouse", ["赵敏"]), ("heirs", ["赵敏", "王芳"]), ("fund", [])])
def test_the_rule_says_who_may_be_one(bereaved: World, rule: str, heirs: list[str]) -> None:
    bereaved.relate("daughter", "li", relation="parent", proof="household_book", scope=())
    bereaved.policy(f'[estate]\nrule = "{rule}"\ndays = 10')
    assert [heir.name for heir in die(bereaved).heirs] == heirs


def test_a_wish_for_the_fund_leaves_no_heir_and_a_wish_for_one_leaves_no_other(bereaved: World) -> None:
    bereaved.relate("wang", "li", relation="child", proof="household_book", scope=())
    wish(bereaved, None)
    wish(bereaved, "wang")  # the last word counts
    case = die(bereaved)
    assert (case.wish, [heir.name for heir in case.heirs]) == ("person", ["王桂英"])
    assert refusal(lambda: ask(bereaved, case, "zhao")) is Code.NOT_AN_HEIR
    assert refusal(lambda: wish(bereaved, None)) is Code.PERSON_DECEASED


def test_a_wish_names_a_relative_who_is_noted(bereaved: World) -> None:
    assert refusal(lambda: wish(bereaved, "chen")) is Code.NOT_AN_HEIR
    wish(bereaved, None)
    assert die(bereaved).wish == "fund"


def test_after_the_last_day_the_rest_goes_to_the_fund(bereaved: World) -> None:
    bereaved.policy("[estate]\ndays = 10")
    case = die(bereaved)
    waiting = ask(bereaved, case, "zhao", minutes=60)
    later(bereaved, 10)
    assert estates.close_due(bereaved.bank, OPERATOR) == 0
    later(bereaved, 1)
    assert refusal(lambda: approve(bereaved, waiting)) is Code.ESTATE_OVER
    assert refusal(lambda: ask(bereaved, case, "zhao")) is Code.ESTATE_OVER
    assert estates.close_due(bereaved.bank, OPERATOR) == 1
    assert estates.close_due(bereaved.bank, OPERATOR) == 0
    assert (fund(bereaved), bereaved.figures("li").available) == (120, 0)


def test_more_than_is_left_or_than_the_heir_may_have_is_refused(bereaved: World) -> None:
    case = die(bereaved)
    assert refusal(lambda: ask(bereaved, case, "zhao", minutes=121)) is Code.OVERDRAFT
    bereaved.policy("[caps]\nheld_minutes = 100")
    waiting = ask(bereaved, case, "zhao")
    assert refusal(lambda: approve(bereaved, waiting)) is Code.OVER_CAP
    first, second = ask(bereaved, case, "zhao", minutes=100), ask(bereaved, case, None, minutes=100)
    approve(bereaved, first)
    assert refusal(lambda: approve(bereaved, second)) is Code.OVERDRAFT


def test_there_is_no_other_way_to_what_somebody_left(bereaved: World) -> None:
    die(bereaved)
    assert refusal(lambda: bereaved.give("li", "zhao", 10)) is Code.LEFT_BEHIND
    assert refusal(lambda: bereaved.donate("li", 10)) is Code.LEFT_BEHIND


def test_members_and_other_communities_see_no_cases(bereaved: World) -> None:
    die(bereaved)
    for name in ("zhao", "far clerk", "far lead", "auditor"):
        with pytest.raises(Denied):
            estates.cases(bereaved.bank, bereaved.actors[name], HERE)
