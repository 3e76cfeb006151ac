"""The month's report: the same as a count by hand, as the figures page, and the same again whenever it is asked for."""

from dataclasses import replace

import pytest

from tests.services.test_figures import CITY, COUNTY, TOWN, undo
from tests.services.test_publication import file
from tests.world import ELSEWHERE, HERE, World
from timebank.access import OPERATOR, Denied, Role
from timebank.ledger import Code, Refused
from timebank.services import (
    approvals,
    audits,
    callbacks,
    counting,
    digests,
    figures,
    liability,
    monthly,
    questions,
    seals,
)


def night(world: World) -> None:
    for code in (HERE, ELSEWHERE):
        counting.count(world.bank, OPERATOR, code)
    counting.count_people(world.bank, OPERATOR)


def into_october(world: World) -> None:
    world.clock.advance(days=15)  # to October 6th
    world.bank.confirm_clock()


def of(world: World, place: str = HERE, month: str = "2026-09", name: str = "auditor") -> monthly.Report:
    return monthly.of(world.bank, world.actors[name], place, month)


def told(report: monthly.Report, which: int = 0) -> dict[str, int | None]:
    """One column by item; services of the list and ages after a colon."""
    return {":".join(filter(None, (line.item, line.service, line.band))): line.values[which] for line in report.lines}


def a_month(world: World) -> None:
    """What is counted by hand below."""
    world.policy("[caps]\nday_minutes = 120")
    world.record("li", "wang", 90, confirmed="card")
    undone = world.record("zhao", "chen", 60, confirmed="paper").record.id
    world.record("zhao", "chen", 90, service="meal", confirmed="paper")  # 30 above the day's cap go to the fund
    world.record("daughter", "chen", 30, uncredited="duty", confirmed="paper")
    undo(world, undone)
    world.give("li", "wang", 60)
    world.donate("li", 10)
    world.settle(world.order("wang", 30), "zhao", 30)
    asked = world.record("daughter", "chen", 30, service="meal").record.id
    doubt = questions.Doubt(id=world.bank.uuid(), community=HERE, entry=asked, text="not given")
    questions.ask(world.bank, world.actors["daughter"], doubt)
    seals.seal(world.bank, OPERATOR, HERE)
    assert [one.fault for one in audits.run(world.bank, OPERATOR, [HERE], audits.NEW)] == [None]
    digests.make(world.bank, OPERATOR)


def test_a_month_is_what_one_counts_by_hand(world: World) -> None:
    a_month(world)
    into_october(world)
    night(world)
    assert of(world).state == monthly.FINAL
    assert told(of(world)) == {
        "communities": 1, "serving": 1,
        "volunteers": 3, "elders": 2, "new_volunteers": 3, "new_elders": 2,
        "active_volunteers": 3, "served_elders": 2,
        # 90 and 90, 30 without credit, 30 of an order, 30; the 60 were undone.
        "services": 5, "served": 270,
        "service_times:meal": 3, "service_minutes:meal": 150,
        "service_times:company": 2, "service_minutes:company": 120,
        "credited": 240, "used": 30, "uncredited": 30, "given": 60, "donated": 10,
        "fund_in": 40, "fund_out": 0, "fund": 40,
        "holders": 4, "held": 170,
        "held_by:under-60": 140, "held_by:60-69": 0, "held_by:70-79": 30, "held_by:80-up": 0, "held_by:unknown": 0,
        "corrections": 1, "asked": 1, "decided": 0, "drawn": 0, "called": 0, "denied": 0,
        "confirmed": 5, "own_hand": 3, "own_hand_percent": 60,
        "found": 0, "resolved": 0, "differing": 0, "audits": 1, "faults": 0,
        "digests": 1, "published": 0, "issued": 0, "stopped": 0, "filed": 0,
    }  # fmt: skip


def test_the_report_says_the_same_as_the_figures(world: World) -> None:
    a_month(world)
    night(world)
    world.login("city", Role.AUDITOR, CITY)
    for place in (HERE, TOWN, COUNTY, CITY):
        shown = figures.of(world.bank, world.actors["city"], place)
        report, sums = told(of(world, place, name="city")), dict(shown.months)["2026-09"]
        for name in ("services", "served", "credited", "used", "given", "donated", "fund_in", "fund_out", "own_hand"):
            assert report[name] == getattr(sums, name), name
        people = shown.people["2026-09"]
        assert (report["active_volunteers"], report["served_elders"]) == people
        assert report["held"] == sum(one.minutes for one in shown.held)
        registered = [sum(getattr(part, role) for part in shown.parts) for role in ("volunteers", "elders")]
        assert [report["volunteers"], report["elders"]] == registered
    assert told(of(world, CITY, name="city"))["communities"] == 2
    assert told(of(world, CITY, name="city"))["serving"] == 1


def test_a_month_that_was_reported_stays_as_it_was(world: World) -> None:
    a_month(world)
    filed = world.record("li", "chen", 30).record.id
    file(world, filed)
    into_october(world)
    night(world)
    first = of(world)
    assert told(first)["filed"] == 1
    file(world, filed, state="returned")
    entry = world.record("li", "chen", 60).record.id
    world.register("later", "何大爷", HERE, is_elder=True, born="1940-01-01")
    drawn = callbacks.draw(world.bank, OPERATOR, HERE, "2026-09").entries
    called = callbacks.Called(community=HERE, entry=drawn[0], answer=callbacks.NOT_GIVEN)
    callbacks.answer(world.bank, world.actors["clerk2"], called)
    night(world)
    assert replace(of(world), counted_at=first.counted_at) == first
    october = told(of(world, month="2026-10"))
    assert (october["elders"], october["new_elders"], october["services"], october["drawn"]) == (3, 1, 1, len(drawn))
    assert (october["called"], october["denied"]) == (1, 1)
    assert told(of(world, month="2026-10"), 1) == told(first)  # the month before stands beside it
    undo(world, entry)
    night(world)
    assert told(of(world, month="2026-10"))["services"] == 0


def test_a_month_that_is_not_over_or_not_counted_is_said_to_be_so(world: World) -> None:
    world.record("li", "wang", 60)
    assert of(world).counted_at is None
    night(world)
    assert of(world).state == monthly.RUNNING
    into_october(world)
    assert of(world).state == monthly.TO_BE_COUNTED
    counting.count(world.bank, OPERATOR, HERE)
    assert of(world).state == monthly.FINAL
    world.login("town", Role.AUDITOR, TOWN)
    assert of(world, TOWN, name="town").state == monthly.TO_BE_COUNTED  # the other community was not counted since
    counting.count(world.bank, OPERATOR, ELSEWHERE)
    assert of(world, TOWN, name="town").state == monthly.FINAL


def test_what_was_not_kept_is_no_zero(world: World) -> None:
    world.record("li", "wang", 60)
    night(world)
    assert set(told(of(world), 1).values()) == set(told(of(world), 2).values()) == {None}
    assert told(of(world))["decided"] == 0


def test_only_who_audits_the_whole_place_sees_its_report(world: World) -> None:
    for name, place in (("auditor", TOWN), ("li", HERE), ("clerk", HERE), ("far lead", HERE)):
        with pytest.raises(Denied):
            of(world, place, name=name)
    world.login("city", Role.AUDITOR, CITY)
    for place in (f"{CITY}99", f"{CITY}0"):
        with pytest.raises(Refused) as refused:
            of(world, place, name="city")
        assert refused.value.code is Code.COMMUNITY_UNKNOWN


# --- what is owed ----------------------------------------------------------------------------------------------------


def test_what_is_owed_is_told_beside_what_is_used_and_the_fund(world: World) -> None:
    def owed(place: str = HERE) -> liability.Liability:
        return liability.of(world.bank, world.actors["city"], place)

    world.login("city", Role.AUDITOR, CITY)
    world.record("li", "wang", 90)
    world.donate("li", 30)
    night(world)
    assert (owed().owed, owed().credited, owed().months_to_use, owed().fund_months) == (60, 0, None, None)
    into_october(world)
    world.give("li", "wang", 30)
    world.settle(world.order("wang", 30), "zhao", 30)
    night(world)
    for place in (HERE, TOWN, COUNTY, CITY):
        found = owed(place)
        # September alone is over: 90 were credited in it, and none used.
        assert (found.owed, found.members, found.credited, found.used, found.fund) == (60, 2, 90, 0, 30)
        assert (found.held_percent, found.fund_monthly) == (66, -10)
    world.clock.advance(days=31)
    world.bank.confirm_clock()
    grant = approvals.Grant(
        id=world.bank.uuid(), community=HERE, person=world.people["chen"].id, minutes=30, payer="fund", reason="trial"
    )
    approvals.ask_grant(world.bank, world.actors["clerk"], grant)
    approvals.decide(world.bank, world.actors["lead"], HERE, grant.id, approve=True)
    night(world)
    found = owed()
    assert (found.owed, found.credited, found.used, found.months_to_use, found.fund) == (90, 120, 30, 36, 0)
    world.donate("li", 20)
    world.clock.advance(days=30)
    night(world)
    # September: 30 came; November: 30 were paid and 20 came. Of these, October and November (and September) are whole.
    assert (owed().fund, owed().fund_monthly, owed().fund_months) == (20, -7, None)
    world.clock.advance(days=31)
    night(world)
    assert (owed().fund, owed().fund_monthly, owed().fund_months) == (20, 3, 6)
