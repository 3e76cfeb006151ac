"""Policies of layers: set by those who may, published once, and told beforehand what they would have changed."""

import pytest

from tests.services.test_keys import refused
from tests.world import ELSEWHERE, HERE, World
from timebank import policy as rules
from timebank.access import OPERATOR, Denied
from timebank.ledger import Code
from timebank.policy import PolicyError
from timebank.services import audits, communities, effects, policies


def test_a_community_is_under_its_own_layer_its_countys_and_the_citys_in_this_order(world: World) -> None:
    policies.set_layer(world.bank, OPERATOR, policies.CITY, "[caps]\nday_minutes = 300\nheld_minutes = 3000")
    policies.set_layer(world.bank, OPERATOR, "红花岗区", "[caps]\nday_minutes = 200\n[credit]\nstep_minutes = 10")
    world.policy("[credit]\nstep_minutes = 5")
    policies.publish(world.bank, OPERATOR, ELSEWHERE)
    here, elsewhere = (policies.versions(world.bank, code)[-1] for code in (HERE, ELSEWHERE))
    assert (here.policy.caps.day_minutes, here.policy.caps.held_minutes, here.policy.crediting.step_minutes) == (
        200,
        3000,
        5,
    )
    assert elsewhere.policy.crediting.step_minutes == 10
    audits.verify(world.bank, OPERATOR, HERE)


def test_a_new_community_begins_under_the_layers_above_and_its_own(world: World) -> None:
    policies.set_layer(world.bank, OPERATOR, "红花岗区", "[caps]\nday_minutes = 200")
    founding = communities.Founding(
        code="520302001003", name="新", town="老城街道", county="红花岗区", policy="[caps]\nheld_minutes = 5000"
    )
    communities.found(world.bank, OPERATOR, founding)
    found = policies.versions(world.bank, founding.code)[0].policy
    assert (found.caps.day_minutes, found.caps.held_minutes) == (200, 5000)


def test_publishing_what_is_in_force_already_posts_nothing(world: World) -> None:
    world.policy("[caps]\nday_minutes = 300")
    size = audits.verify(world.bank, OPERATOR, HERE).size
    assert policies.publish(world.bank, OPERATOR, HERE) is None
    assert audits.verify(world.bank, OPERATOR, HERE).size == size


def test_the_ledger_names_the_document_and_the_document_says_everything(world: World) -> None:
    world.policy("[caps]\nday_minutes = 300")
    newest = policies.versions(world.bank, HERE)[-1]
    assert rules.digest(newest.text) == newest.sha256
    assert rules.written(newest.policy) == newest.text


def test_a_policy_from_a_later_day_leaves_today_as_it_is(world: World) -> None:
    world.policy("[caps]\nday_minutes = 60", from_day="2026-09-23")
    assert world.record(minutes=120).followed == ()
    world.clock.advance(days=2)
    assert world.record(minutes=120).followed[0].intent.kind == "overflow"


def test_a_policy_from_a_day_that_is_over_is_refused(world: World) -> None:
    policies.set_layer(world.bank, OPERATOR, HERE, "[caps]\nday_minutes = 60")
    assert refused(lambda: policies.publish(world.bank, OPERATOR, HERE, "2026-09-20")) is Code.POLICY_ORDER


def test_a_layer_of_which_no_policy_comes_is_not_kept(world: World) -> None:
    with pytest.raises(PolicyError, match="caps"):
        policies.set_layer(world.bank, OPERATOR, HERE, "[caps]\nday_minutes = 0")
    assert policies.publish(world.bank, OPERATOR, HERE) is None


def test_only_an_admin_of_everything_sets_the_layer_of_a_county(world: World) -> None:
    for name, scope in (("lead", HERE), ("admin", ELSEWHERE), ("admin", "红花岗区"), ("admin", policies.CITY)):
        with pytest.raises(Denied):
            policies.set_layer(world.bank, world.actors[name], scope, "")
    with pytest.raises(Denied):
        policies.publish(world.bank, world.actors["lead"], HERE)


def _effects(world: World, layer: str) -> dict[str, tuple[int, int]]:
    new, _ = policies.check(world.bank, world.actors["admin"], HERE, layer)
    told = effects.outlook(world.bank, world.actors["admin"], HERE, new)
    return {one.rule: (one.count, one.minutes) for one in told.effects}


def test_what_is_only_recorded_is_worth_nothing_under_another_policy_either(world: World) -> None:
    world.record(minutes=100, uncredited="duty")
    world.record(minutes=50)
    assert _effects(world, '[credit]\nrounding = "none"') == {"credit": (1, 20)}


def test_what_a_change_would_have_done_last_month_is_told_rule_by_rule(world: World) -> None:
    world.record(minutes=50)
    world.record(volunteer="zhao", minutes=180)
    world.record(volunteer="daughter", elder="chen", minutes=120)
    world.give("daughter", "wang", 60)
    world.order(minutes=30)
    assert _effects(world, "") == {}
    # 50 minutes: 30 become 50; the others are whole steps already.
    assert _effects(world, '[credit]\nrounding = "none"') == {"credit": (1, 20)}
    assert _effects(world, "[caps]\nday_minutes = 100") == {"caps.day_minutes": (2, -80 - 20)}
    assert _effects(world, "[redeeming]\nminimum_age = 90") == {"redeeming.minimum_age": (1, 0)}
    assert _effects(world, '[catalogue]\noffers = ["walking"]') == {"catalogue.offers": (1, 0)}
    assert _effects(world, '[catalogue]\noffers = ["meal"]') == {}
    assert _effects(world, "[earning]\nminimum_age = 60") == {"earning.minimum_age": (3, 0)}
    assert _effects(world, '[relations]\nfriends = false\ncircle = ["spouse"]') == {"relations.circle": (1, 0)}
    assert _effects(world, "[giving]\ngifts = false") == {"giving.gifts": (1, 0)}
    assert _effects(world, "[second_person]\nvisit_minutes = 150") == {"second_person": (1, 0)}


def test_what_lies_further_back_than_a_month_is_not_looked_at(world: World) -> None:
    world.record(minutes=50)
    world.clock.advance(days=32)
    assert _effects(world, '[credit]\nrounding = "none"') == {}


def test_only_who_may_publish_is_told_what_a_change_would_do(world: World) -> None:
    with pytest.raises(Denied):
        policies.check(world.bank, world.actors["lead"], HERE, "")
    with pytest.raises(Denied):
        effects.outlook(world.bank, world.actors["lead"], HERE, policies.versions(world.bank, HERE)[0].policy)
