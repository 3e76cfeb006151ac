"""Nobody deals for themselves or their family; nobody is in two places; gifts stay within the rules and the consent."""

from dataclasses import replace
from typing import Any

import pytest

from tests.world import HERE, World
from timebank.access import Actor
from timebank.bank import Posted
from timebank.ledger import Code, Refused
from timebank.services import approvals, gifts, hours


def clerk_who_is(world: World, person: str) -> Actor:
    return replace(world.actors["clerk"], person=world.people[person].id, account=world.people[person].account)


def refused(world: World, code: Code, actor: Actor, visit: hours.Visit) -> None:
    before = world.figures("li"), world.figures("zhao")
    with pytest.raises(Refused) as error:
        hours.record(world.bank, actor, visit)
    assert error.value.code is code
    assert (world.figures("li"), world.figures("zhao")) == before


@pytest.mark.parametrize("who", ["li", "wang", "daughter"])
def test_a_clerk_records_no_service_of_her_own_or_of_her_family(world: World, who: str) -> None:
    refused(world, Code.OWN_MATTER, clerk_who_is(world, who), world.visit("li", "wang"))


def test_a_relation_without_a_consent_is_enough_and_in_either_direction(world: World) -> None:
    world.relate("li", "chen", relation="grandparent", scope=())
    refused(world, Code.OWN_MATTER, clerk_who_is(world, "chen"), world.visit("li", "wang"))
    refused(world, Code.OWN_MATTER, clerk_who_is(world, "li"), world.visit("zhao", "chen"))


def test_a_clerk_who_is_related_to_nobody_in_it_records_it(world: World) -> None:
    hours.record(world.bank, clerk_who_is(world, "zhao"), world.visit("li", "wang"))
    assert world.figures("li").served == 60


def test_a_relative_confirms_what_somebody_else_gave(world: World) -> None:
    assert world.record("li", "wang", confirmed="proxy").record.intent.body["confirmed"] == "proxy"


def test_a_relative_does_not_confirm_her_own_service(world: World) -> None:
    refused(world, Code.PROXY_NOT_FREE, world.actors["clerk"], world.visit("daughter", "wang", confirmed="proxy"))


def test_a_relative_does_not_confirm_what_her_own_family_gave(world: World) -> None:
    world.relate("zhao", "daughter", relation="spouse", scope=())
    refused(world, Code.PROXY_NOT_FREE, world.actors["clerk"], world.visit("zhao", "wang", confirmed="proxy"))
    # Another one who is independent may.
    world.relate("li", "wang", relation="other")
    world.record("zhao", "wang", confirmed="proxy")


def test_where_nobody_may_act_for_somebody_no_relative_confirms(world: World) -> None:
    world.relate("zhao", "chen", relation="parent", scope=())
    refused(world, Code.PROXY_NOT_FREE, world.actors["clerk"], world.visit("li", "chen", confirmed="proxy"))


@pytest.mark.parametrize(
    ("start", "end", "again"),
    [(540, 600, False), (599, 640, False), (500, 541, False), (550, 560, False), (600, 660, True), (480, 540, True)],
)
@pytest.mark.parametrize(("volunteer", "elder"), [("li", "chen"), ("zhao", "wang")])
def test_nobody_is_at_two_services_at_once(
    world: World, volunteer: str, elder: str, start: int, end: int, again: bool
) -> None:
    world.record("li", "wang", minutes=10, start=540, end=600)
    world.record("zhao", "chen", minutes=10, start=700, end=760)
    visit = world.visit(volunteer, elder, minutes=10, start=start, end=end)
    if again:
        hours.record(world.bank, world.actors["clerk"], visit)
    else:
        refused(world, Code.OVERLAP, world.actors["clerk"], visit)


def test_a_service_past_midnight_overlaps_with_the_next_morning(world: World) -> None:
    world.record("li", "wang", minutes=60, start=1400, end=1500)
    world.clock.advance(days=1)
    refused(world, Code.OVERLAP, world.actors["clerk"], world.visit("li", "chen", minutes=10, start=30, end=90))
    world.record("li", "chen", minutes=10, start=60, end=90)


def test_several_volunteers_serve_the_same_people_at_a_day_care_shift(world: World) -> None:
    shift: dict[str, Any] = {"start": 540, "end": 600, "service": "day-care", "shift": "day-care"}
    world.record("li", "wang", **shift)
    world.record("zhao", "wang", **shift)
    refused(world, Code.OVERLAP, world.actors["clerk"], world.visit("li", "chen", minutes=10, start=550, end=560))


def test_what_was_undone_may_be_entered_again_at_that_time(world: World) -> None:
    first = world.record("li", "wang", start=540, end=600)
    asked = approvals.Reversal(id=world.bank.uuid(), community=HERE, entry=first.record.id, reason="wrong-minutes")
    approvals.ask_reversal(world.bank, world.actors["clerk"], asked)
    approvals.decide(world.bank, world.actors["lead"], HERE, asked.id, approve=True)
    world.record("li", "wang", minutes=30, start=540, end=600)


# Gifts


def gift(world: World, actor: str | Actor, giver: str, receiver: str, minutes: int = 10) -> Posted:
    wanted = gifts.Gift(
        id=world.bank.uuid(),
        community=HERE,
        giver=world.people[giver].id,
        receiver=world.people[receiver].id,
        minutes=minutes,
    )
    return gifts.give(world.bank, world.actors[actor] if isinstance(actor, str) else actor, wanted)


def donate(world: World, actor: str, giver: str, minutes: int = 10) -> Posted:
    donation = gifts.Donation(id=world.bank.uuid(), community=HERE, giver=world.people[giver].id, minutes=minutes)
    return gifts.donate(world.bank, world.actors[actor], donation)


def no_gift(world: World, code: Code, actor: str | Actor, giver: str, receiver: str, minutes: int = 10) -> None:
    before = world.figures(giver), world.figures(receiver)
    with pytest.raises(Refused) as error:
        gift(world, actor, giver, receiver, minutes)
    assert error.value.code is code
    assert (world.figures(giver), world.figures(receiver)) == before


def test_hours_are_given_within_the_circle_of_the_rules_only(world: World) -> None:
    world.policy('[relations]\nfriends = false\ncircle = ["parent", "child"]')
    world.record("daughter", "chen")
    gift(world, "daughter", "daughter", "wang")
    gift(world, "clerk", "wang", "daughter")  # a child is her parent's child, noted from one side
    world.relate("daughter", "chen", relation="grandparent", scope=())
    no_gift(world, Code.NOT_IN_CIRCLE, "daughter", "daughter", "chen")
    no_gift(world, Code.NOT_IN_CIRCLE, "daughter", "daughter", "li")


def test_where_friends_are_in_the_circle_hours_are_given_to_anybody(world: World) -> None:
    world.policy("[relations]\nfriends = true\ncircle = []")
    world.record("li", "chen")
    gift(world, "li", "li", "zhao")


def test_gifts_and_donations_can_be_off(world: World) -> None:
    world.record("daughter", "chen")
    world.policy("[giving]\ngifts = false")
    no_gift(world, Code.GIFTS_OFF, "daughter", "daughter", "wang")
    donate(world, "daughter", "daughter")
    world.policy("[giving]\ndonations = false")
    gift(world, "daughter", "daughter", "wang")
    with pytest.raises(Refused) as error:
        donate(world, "daughter", "daughter")
    assert error.value.code is Code.DONATIONS_OFF


def test_a_clerk_gives_nobody_s_hours_to_herself_or_her_family(world: World) -> None:
    world.record("li", "chen")
    no_gift(world, Code.OWN_MATTER, clerk_who_is(world, "daughter"), "li", "daughter")
    no_gift(world, Code.OWN_MATTER, clerk_who_is(world, "daughter"), "li", "wang")
    gift(world, clerk_who_is(world, "daughter"), "li", "zhao")


def limited(world: World, minutes: int) -> None:
    """The son acts for Chen, up to so many minutes a month; Chen has 100."""
    world.relate("zhao", "chen", monthly_minutes=minutes)
    world.record("li", "wang", minutes=120)
    world.give("li", "chen", 100)
    world.token("zhao")
    covered = {world.people["chen"].id: frozenset(world.actors["daughter"].elders[world.people["wang"].id])}
    world.actors["zhao"] = replace(world.actors["zhao"], elders=covered)


def test_who_acts_for_an_elder_uses_no_more_of_her_hours_in_a_month_than_she_allowed(world: World) -> None:
    limited(world, 30)
    gift(world, "zhao", "chen", "li", 20)
    no_gift(world, Code.OVER_CONSENT, "zhao", "chen", "li", 11)
    donate(world, "zhao", "chen", 10)
    with pytest.raises(Refused) as error:
        donate(world, "zhao", "chen", 1)
    assert (error.value.code, error.value.facts) == (Code.OVER_CONSENT, {"available": 0, "needed": 1})
    # What the station does for her is not what he does.
    gift(world, "clerk", "chen", "li", 5)
    world.clock.advance(days=10)
    world.bank.confirm_clock()
    gift(world, "zhao", "chen", "li", 30)


def test_what_was_undone_leaves_the_month_as_it_was(world: World) -> None:
    limited(world, 30)
    given = gift(world, "zhao", "chen", "li", 30)
    asked = approvals.Reversal(id=world.bank.uuid(), community=HERE, entry=given.record.id, reason="mistake")
    approvals.ask_reversal(world.bank, world.actors["clerk"], asked)
    approvals.decide(world.bank, world.actors["lead"], HERE, asked.id, approve=True)
    gift(world, "zhao", "chen", "li", 30)
