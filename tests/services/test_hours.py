"""Recording service: credit by the policy, caps, retries, and what is refused."""

from dataclasses import replace

import pytest

from tests.world import ELSEWHERE, HERE, World, entered
from timebank.access import Denied
from timebank.ledger import Code, Refused
from timebank.services import approvals, audits, hours, statements


def code_of(error: pytest.ExceptionInfo[Refused]) -> Code:
    return error.value.code


def test_a_visit_credits_the_volunteer_and_gives_a_receipt_that_leads_to_the_signed_root(world: World) -> None:
    posted = world.record(minutes=90)
    figures = world.figures("li")
    assert (figures.available, figures.served, figures.held) == (90, 90, 0)
    assert posted.receipt.entry.record == posted.record.raw
    assert posted.receipt.entry.leads_to(posted.receipt.checkpoint)


def test_credit_is_rounded_over_the_whole_day_so_that_short_help_is_not_lost(world: World) -> None:
    credited = [world.record(minutes=minutes).record.intent.body["credited"] for minutes in (20, 20, 25)]
    assert credited == [0, 30, 30]
    figures = world.figures("li")
    assert (figures.available, figures.served) == (60, 65)


def test_what_goes_beyond_the_days_cap_flows_to_the_fund_with_an_entry_of_its_own(world: World) -> None:
    world.record(minutes=450)
    posted = world.record(minutes=120)
    (overflow,) = posted.followed
    assert overflow.id == f"{posted.record.id}.overflow"
    assert [(move.target, move.minutes) for move in overflow.intent.moves] == [("fund", 90)]
    assert world.figures("li").available == 480


def test_the_same_visit_sent_again_gives_the_first_record(world: World) -> None:
    visit = world.visit()
    first = entered(hours.record(world.bank, world.actors["clerk"], visit))
    world.clock.advance(minutes=10)
    again = entered(hours.record(world.bank, world.actors["clerk"], visit))
    assert again.record.raw == first.record.raw
    assert world.figures("li").available == 60


def test_the_same_id_with_other_minutes_is_refused_and_changes_nothing(world: World) -> None:
    posted = world.record(minutes=60)
    with pytest.raises(Refused) as error:
        world.record(minutes=61, id=posted.record.id)
    assert code_of(error) is Code.ID_TAKEN
    assert world.figures("li").available == 60


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"minutes": 0}, Code.MINUTES_NOT_POSITIVE),
        ({"minutes": -30}, Code.MINUTES_NOT_POSITIVE),
        ({"minutes": 1.5}, Code.MINUTES_NOT_INTEGER),
        ({"minutes": 1441}, Code.MINUTES_TOO_MANY),
        ({"minutes": 2**70}, Code.MINUTES_TOO_MANY),
        ({"day": "2026-09-22"}, Code.DAY_IN_FUTURE),
        ({"day": "2026-09-20"}, Code.NO_POLICY),
        ({"service": "juggling"}, Code.SERVICE_UNKNOWN),
        ({"volunteer": "0" * 32}, Code.PERSON_UNKNOWN),
        ({"id": "0" * 32}, Code.ID_FORM),
    ],
)
def test_a_wrong_visit_is_refused_with_its_reason_and_nothing_is_written(
    world: World, change: dict[str, object], code: Code
) -> None:
    before = world.figures("li")
    visit = replace(world.visit(), **change)  # type: ignore[arg-type]
    with pytest.raises(Refused) as error:
        hours.record(world.bank, world.actors["clerk"], visit)
    assert code_of(error) is code
    assert world.figures("li") == before


def test_a_person_of_another_community_cannot_be_credited_here(world: World) -> None:
    with pytest.raises(Refused) as error:
        world.record(volunteer="stranger")
    assert code_of(error) is Code.PERSON_UNKNOWN


def test_nobody_is_credited_for_serving_themselves(world: World) -> None:
    with pytest.raises(Refused) as error:
        world.record(volunteer="daughter", elder="daughter")
    assert code_of(error) is Code.SAME_PERSON


def test_an_elder_without_hours_cannot_pay_for_a_visit(world: World) -> None:
    with pytest.raises(Refused) as error:
        world.record(payer="elder")
    assert code_of(error) is Code.OVERDRAFT
    assert world.figures("li").served == 0


def test_a_visit_only_recorded_counts_as_served_and_not_as_available(world: World) -> None:
    world.record(minutes=120, uncredited="duty")
    figures = world.figures("li")
    assert (figures.available, figures.served) == (0, 120)


def test_what_is_only_recorded_or_was_a_groups_is_no_part_of_what_a_day_is_worth(world: World) -> None:
    world.register("group", "青松志愿队", HERE, is_volunteer=True, kind="group")
    for volunteer in ("li", "group"):
        world.record(volunteer, minutes=120, uncredited="duty")
        assert world.record(volunteer, minutes=50).record.intent.body["credited"] == 30
        assert world.record(volunteer, "chen", minutes=50).record.intent.body["credited"] == 60
    audits.verify(world.bank, world.actors["auditor"], HERE)


def test_what_was_corrected_leaves_the_day_as_if_it_had_not_been(world: World) -> None:
    world.register("group", "青松志愿队", HERE, is_volunteer=True, kind="group")
    for volunteer in ("li", "group"):
        for more in ({"uncredited": "duty"}, {}):
            entry = world.record(volunteer, minutes=50, **more).record.id
            wanted = approvals.Reversal(id=world.bank.uuid(), community=HERE, entry=entry, reason="mistake")
            approvals.ask_reversal(world.bank, world.actors["clerk2"], wanted)
            approvals.decide(world.bank, world.actors["lead"], HERE, wanted.id, approve=True)
        assert world.record(volunteer, minutes=50).record.intent.body["credited"] == 30
    audits.verify(world.bank, world.actors["auditor"], HERE)


def test_a_day_care_shift_credits_the_real_minutes_once_and_names_all_elders(world: World) -> None:
    served = (world.people["wang"].id, world.people["chen"].id)
    posted = world.record(minutes=240, served=served, service="day-care", shift="day-care", payer="issue")
    assert world.figures("li").available == 240
    assert len(posted.record.intent.body["served"]) == 2


def test_a_clerk_of_another_community_is_denied(world: World) -> None:
    with pytest.raises(Denied):
        hours.record(world.bank, world.actors["far clerk"], world.visit())


def test_the_note_is_kept_beside_the_ledger_and_only_its_memo_is_in_the_record(world: World) -> None:
    posted = world.record(note="她今天很高兴")
    item = statements.entry(world.bank, world.actors["clerk"], HERE, posted.record.id)
    assert item.note == "她今天很高兴"
    assert posted.record.intent.memo is not None
    assert "高兴".encode() not in posted.record.raw


def test_a_ledger_verifies_with_all_that_is_derived_from_it(world: World) -> None:
    world.record(minutes=500)
    world.record(minutes=20)
    report = audits.verify(world.bank, world.actors["auditor"], HERE)
    assert report.minutes_credited == 510


def test_an_auditor_of_one_community_may_not_verify_another(world: World) -> None:
    with pytest.raises(Denied):
        audits.verify(world.bank, world.actors["auditor"], ELSEWHERE)
