"""Gifts, donations, grants and corrections."""

from dataclasses import replace

import pytest

from tests.services.test_standing import ask_death, decide, suspension
from tests.world import HERE, World
from timebank.access import Denied
from timebank.ledger import Code, Refused
from timebank.services import approvals, audits, gifts, standing, statements


def _reversal(world: World, entry: str, **more: str) -> approvals.Reversal:
    values = {"id": world.bank.uuid(), "community": HERE, "entry": entry, "reason": "wrong-person"} | more
    return approvals.Reversal(**values)


def _reverse(world: World, entry: str) -> None:
    waiting = approvals.ask_reversal(world.bank, world.actors["clerk"], _reversal(world, entry))
    approvals.decide(world.bank, world.actors["lead"], HERE, waiting.id, approve=True)


def test_a_gift_moves_the_minutes_once_however_often_it_is_sent(world: World) -> None:
    world.record(minutes=60)
    gift = gifts.Gift(
        id=world.bank.uuid(),
        community=HERE,
        giver=world.people["li"].id,
        receiver=world.people["wang"].id,
        minutes=45,
    )
    for _ in range(3):
        gifts.give(world.bank, world.actors["li"], gift)
    assert (world.figures("li").available, world.figures("wang").available) == (15, 45)


def test_a_member_gives_only_what_is_her_own(world: World) -> None:
    world.record(volunteer="zhao", minutes=60)
    gift = gifts.Gift(
        id=world.bank.uuid(),
        community=HERE,
        giver=world.people["zhao"].id,
        receiver=world.people["li"].id,
        minutes=30,
    )
    with pytest.raises(Denied):
        gifts.give(world.bank, world.actors["li"], gift)


def test_a_gift_to_somebody_of_another_community_is_refused(world: World) -> None:
    world.record(minutes=60)
    with pytest.raises(Refused) as error:
        world.give("li", "stranger", 30)
    assert error.value.code is Code.PERSON_UNKNOWN


def test_a_gift_over_the_receivers_cap_is_refused_and_not_diverted(world: World) -> None:
    world.policy("[caps]\nheld_minutes = 100")
    world.record(minutes=90)
    world.give("li", "wang", 90)
    world.record(minutes=60)
    with pytest.raises(Refused) as error:
        world.give("li", "wang", 11)
    assert error.value.code is Code.OVER_CAP
    assert world.figures("wang").available == 90


def test_hours_above_what_one_may_hold_go_on_to_the_fund(world: World) -> None:
    world.policy("[caps]\nheld_minutes = 100")
    posted = world.record(minutes=150)
    assert [record.intent.body for record in posted.followed] == [{"cap": "held"}]
    assert world.figures("li").available == 100


def test_a_late_entry_is_judged_by_the_policy_of_the_day_of_service(world: World) -> None:
    service_day = world.clock.day
    world.clock.advance(days=2)
    world.policy('[credit]\nrounding = "none"')
    late = world.record(minutes=47, day=service_day).record
    today = world.record(volunteer="zhao", minutes=47).record
    assert (late.policy, late.intent.body["credited"]) == (1, 30)
    assert (today.policy, today.intent.body["credited"]) == (2, 47)


def test_a_donation_goes_to_the_fund(world: World) -> None:
    world.record(minutes=60)
    donation = gifts.Donation(id=world.bank.uuid(), community=HERE, giver=world.people["li"].id, minutes=20)
    gifts.donate(world.bank, world.actors["li"], donation)
    totals = audits.overview(world.bank, world.actors["auditor"], HERE).totals
    assert totals["fund"] == (1, 20)


def test_a_grant_needs_a_second_person_and_then_names_both_keys(world: World) -> None:
    asked = approvals.Grant(
        id=world.bank.uuid(),
        community=HERE,
        person=world.people["chen"].id,
        minutes=300,
        payer="issue",
        reason="trial",
    )
    waiting = approvals.ask_grant(world.bank, world.actors["clerk"], asked)
    assert world.figures("chen").available == 0
    posted = approvals.decide(world.bank, world.actors["lead"], HERE, waiting.id, approve=True)
    assert posted is not None
    assert world.figures("chen").available == 300
    assert posted.record.note.count("— ".encode()) == 2


def _granted(world: World, person: str, minutes: int) -> Code | None:
    """What a second person who approves a grant is told; None: it was given."""
    account = world.people[person].id
    asked = approvals.Grant(
        id=world.bank.uuid(), community=HERE, person=account, minutes=minutes, payer="issue", reason="trial"
    )
    approvals.ask_grant(world.bank, world.actors["clerk"], asked)
    try:
        approvals.decide(world.bank, world.actors["lead"], HERE, asked.id, approve=True)
    except Refused as error:
        # What is not given can still be refused: nothing waits for ever.
        approvals.decide(world.bank, world.actors["lead"], HERE, asked.id, approve=False)
        return error.code
    return None


def test_a_grant_lifts_nobody_over_the_cap(world: World) -> None:
    world.policy("[caps]\nheld_minutes = 600")
    assert _granted(world, "chen", 600) is None
    assert _granted(world, "chen", 1) is Code.OVER_CAP
    assert world.figures("chen").available == 600


def test_nothing_is_granted_to_who_is_suspended_or_has_died(world: World) -> None:
    standing.suspend(world.bank, world.actors["lead"], suspension(world, "li"))
    assert _granted(world, "li", 60) is Code.PERSON_SUSPENDED
    decide(world, ask_death(world, "chen"))
    world.clock.advance(days=1)
    assert _granted(world, "chen", 60) is Code.PERSON_DECEASED
    assert (world.figures("li").available, world.figures("chen").available) == (0, 0)


def test_a_correction_takes_back_what_is_there_and_the_rest_is_owed_and_repaid_from_later_hours(world: World) -> None:
    visit = world.record(minutes=120)
    world.give("li", "wang", 90)
    _reverse(world, visit.record.id)
    figures = world.figures("li")
    assert (figures.available, figures.owed, figures.served) == (0, 90, 0)
    world.record(minutes=60)
    assert (world.figures("li").available, world.figures("li").owed) == (0, 30)
    world.record(minutes=60)
    assert (world.figures("li").available, world.figures("li").owed) == (30, 0)
    audits.verify(world.bank, world.actors["auditor"], HERE)


def test_correcting_a_visit_above_the_cap_also_takes_back_what_went_to_the_fund(world: World) -> None:
    visit = world.record(minutes=600)
    assert visit.followed[0].intent.moves[0].minutes == 120
    _reverse(world, visit.record.id)
    figures = world.figures("li")
    assert (figures.available, figures.owed) == (0, 0)
    assert audits.overview(world.bank, world.actors["auditor"], HERE).totals["fund"][1] == 0


def test_a_corrected_day_counts_anew(world: World) -> None:
    visit = world.record(minutes=40)
    _reverse(world, visit.record.id)
    again = world.record(minutes=40)
    assert again.record.intent.body["credited"] == 30
    assert world.figures("li").available == 30


def test_nobody_approves_what_they_asked_for_or_recorded(world: World) -> None:
    visit = world.record()
    both = replace(world.actors["lead"], login=world.actors["clerk"].login)
    waiting = approvals.ask_reversal(world.bank, world.actors["clerk2"], _reversal(world, visit.record.id))
    with pytest.raises(Refused) as error:
        approvals.decide(world.bank, both, HERE, waiting.id, approve=True)  # she recorded it
    assert error.value.code is Code.SECOND_PERSON
    asker = replace(world.actors["lead"], login=world.actors["clerk2"].login)
    with pytest.raises(Refused):
        approvals.decide(world.bank, asker, HERE, waiting.id, approve=True)  # she asked
    assert world.figures("li").available == 60


def test_a_decision_is_made_once(world: World) -> None:
    visit = world.record()
    waiting = approvals.ask_reversal(world.bank, world.actors["clerk"], _reversal(world, visit.record.id))
    assert approvals.decide(world.bank, world.actors["lead"], HERE, waiting.id, approve=False) is None
    with pytest.raises(Refused) as error:
        approvals.decide(world.bank, world.actors["lead"], HERE, waiting.id, approve=True)
    assert error.value.code is Code.ALREADY_DECIDED
    assert world.figures("li").available == 60


def test_approving_twice_gives_the_same_record(world: World) -> None:
    visit = world.record()
    waiting = approvals.ask_reversal(world.bank, world.actors["clerk"], _reversal(world, visit.record.id))
    made = [approvals.decide(world.bank, world.actors["lead"], HERE, waiting.id, approve=True) for _ in range(2)]
    assert made[0] is not None
    assert made[1] is not None
    assert made[0].record.raw == made[1].record.raw


@pytest.mark.parametrize("what", ["reversed", "waiting", "hold", "nothing"])
def test_what_cannot_be_corrected_is_said_when_it_is_asked(world: World, what: str) -> None:
    visit = world.record()
    entry, code = visit.record.id, Code.ALREADY_REVERSED
    if what == "reversed":
        _reverse(world, entry)
    elif what == "waiting":
        approvals.ask_reversal(world.bank, world.actors["clerk"], _reversal(world, entry))
        code = Code.WAITING_ALREADY
    elif what == "hold":
        world.give("li", "wang", 60)
        entry, code = world.order(minutes=30).record.id, Code.NOT_REVERSIBLE
    else:
        entry, code = world.bank.uuid(), Code.ENTRY_UNKNOWN
    with pytest.raises(Refused) as error:
        approvals.ask_reversal(world.bank, world.actors["clerk"], _reversal(world, entry))
    assert error.value.code is code


def test_a_donation_whose_hours_the_fund_has_spent_cannot_be_taken_back(world: World) -> None:
    world.record(minutes=60)
    donation = gifts.Donation(id=world.bank.uuid(), community=HERE, giver=world.people["li"].id, minutes=60)
    posted = gifts.donate(world.bank, world.actors["li"], donation)
    world.order(elder="chen", minutes=60, payer="public")
    waiting = approvals.ask_reversal(world.bank, world.actors["clerk"], _reversal(world, posted.record.id))
    with pytest.raises(Refused) as error:
        approvals.decide(world.bank, world.actors["lead"], HERE, waiting.id, approve=True)
    assert error.value.code is Code.OVERDRAFT
    assert statements.figures(world.bank, world.actors["clerk"], world.people["li"].id).available == 0
