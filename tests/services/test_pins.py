"""The PIN of a card: chosen at the counter by whom it belongs to, to log in with and to confirm by her own hand."""

import pytest

from tests.services.test_keys import refused
from tests.threads import at_once
from tests.world import ELSEWHERE, HASHER, HERE, SECRET, World
from timebank.access import Denied
from timebank.ledger import Code, Refused
from timebank.services import approvals, logins, orders, pins, standing

GOOD = "280471"


def choose(world: World, name: str = "wang", pin: str = GOOD, actor: str = "clerk") -> pins.Pin:
    chosen = pins.ChosenPin(community=HERE, person=world.people[name].id, pin=pin)
    return pins.choose(world.bank, world.actors[actor], chosen, hasher=HASHER)


def log_in(world: World, name: str, secret: str) -> logins.Who:
    """With the number of somebody's card."""
    wanted = logins.LogIn(name=world.people[name].card, secret=secret, address="10.0.0.1")
    who = logins.by_session(world.bank, logins.log_in(world.bank, wanted, hasher=HASHER))
    assert who is not None
    return who


def change(world: World, name: str, old: str, pin: str) -> pins.Pin:
    changed = pins.ChangedPin(person=world.people[name].id, old=old, pin=pin, address="10.0.0.1")
    return pins.change(world.bank, log_in(world, name, GOOD).actor, changed, hasher=HASHER)


def test_who_has_only_a_card_chooses_a_pin_and_logs_in_as_a_member(world: World) -> None:
    chen = world.people["chen"]
    assert not pins.of(world.bank, world.actors["clerk"], chen.id).is_set
    choose(world, "chen")
    who = log_in(world, "chen", GOOD)
    assert (who.actor.person, who.shown, who.community) == (chen.id, "陈秀兰", HERE)
    assert [(role.value, where) for role, where in who.actor.grants] == [("member", HERE)]
    known = pins.of(world.bank, world.actors["clerk"], chen.id)
    assert (known.is_set, known.chosen_at, known.own) == (True, world.clock.ms, False)


def test_a_service_is_confirmed_with_the_card_and_the_pin_that_she_chose(world: World) -> None:
    world.record("daughter", "chen", 60)
    world.give("daughter", "wang", 60)
    choose(world)
    hold = world.order("wang", 60).record.id
    for act in (orders.accept, orders.check_in):
        act(world.bank, world.actors["li"], HERE, hold)
    world.clock.advance(minutes=60)
    orders.check_out(world.bank, world.actors["li"], HERE, hold)
    confirmed = orders.Confirmed(community=HERE, hold=hold, pin=GOOD, address="10.0.0.1")
    posted = orders.confirm(world.bank, world.actors["clerk"], confirmed)
    assert posted.record.intent.body["confirmed"] == "card"


def test_another_pin_takes_the_place_of_a_forgotten_one_and_ends_its_sessions(world: World) -> None:
    choose(world)
    wanted = logins.LogIn(name=world.people["wang"].card, secret=GOOD, address="10.0.0.1")
    token = logins.log_in(world.bank, wanted, hasher=HASHER)
    choose(world, pin="913580")
    assert logins.by_session(world.bank, token) is None
    assert refused(lambda: log_in(world, "wang", GOOD)) is Code.LOGIN_WRONG
    assert log_in(world, "wang", "913580").actor.person == world.people["wang"].id


@pytest.mark.parametrize(
    "pin",
    [
        "480601",
        "194806",
        "060148",
        "000003",
        "111222",
        "123456",
        "876543",
        "28047",
        "2804719",
        "28047a",
        "２８０４７１",
    ],
)
def test_what_somebody_would_try_first_is_no_pin(world: World, pin: str) -> None:
    """Wang was born on 1 June 1948 and has the telephone 13800000003."""
    assert refused(lambda: choose(world, pin=pin)) is Code.PIN_WEAK
    assert not pins.of(world.bank, world.actors["clerk"], world.people["wang"].id).is_set


def test_the_digits_of_her_own_card_are_no_pin(world: World) -> None:
    card = world.people["wang"].card
    for pin in (card[:6], card[-6:]):
        assert refused(lambda pin=pin: choose(world, pin=pin)) is Code.PIN_WEAK  # type: ignore[misc]


def test_a_clerk_gives_no_pin_to_herself_or_to_her_family(world: World) -> None:
    world.register("wu", "吴红", HERE, is_elder=True)
    world.register("sister", "吴英", HERE, is_volunteer=True)
    world.relate("sister", "wu")
    world.login("sister", world.actors["clerk"].grants[0][0], HERE, person=world.people["sister"].id)
    for name in ("wu", "sister"):
        assert refused(lambda name=name: choose(world, name, actor="sister")) is Code.OWN_MATTER  # type: ignore[misc]


@pytest.mark.parametrize("name", ["lead", "admin", "auditor", "li", "wang", "far clerk"])
def test_only_clerks_of_the_community_let_somebody_choose(world: World, name: str) -> None:
    with pytest.raises(Denied):
        choose(world, actor=name)


def test_a_group_has_no_pin_and_nobody_of_another_community_is_given_one(world: World) -> None:
    world.register("team", "晨曦志愿队", HERE, kind="group", is_volunteer=True)
    assert refused(lambda: choose(world, "team")) is Code.PERSON_ROLE
    assert refused(lambda: choose(world, "stranger")) is Code.PERSON_UNKNOWN


def test_who_has_died_or_is_decided_for_gets_none(world: World) -> None:
    bank, clerk = world.bank, world.actors["clerk"]
    known = {"community": HERE, "proof": "court"}
    guarded = standing.Incapacity(
        id=bank.uuid(), person=world.people["chen"].id, guardian=world.people["daughter"].id, **known
    )
    standing.ask_incapacity(bank, clerk, guarded)
    died = standing.Death(
        id=bank.uuid(), community=HERE, person=world.people["wang"].id, day=world.clock.day, proof="hospital"
    )
    standing.ask_death(bank, clerk, died)
    for waiting in (guarded.id, died.id):
        approvals.decide(bank, world.actors["lead"], HERE, waiting, approve=True)
    assert refused(lambda: choose(world, "chen")) is Code.GUARDIAN_DECIDES
    assert refused(lambda: choose(world, "wang")) is Code.PERSON_DECEASED


def test_a_card_whose_account_was_closed_is_not_opened_again(world: World) -> None:
    choose(world, "zhao")
    closing = standing.Closing(
        id=world.bank.uuid(), community=HERE, person=world.people["zhao"].id, reason="moved-away"
    )
    standing.ask_closing(world.bank, world.actors["clerk"], closing)
    approvals.decide(world.bank, world.actors["lead"], HERE, closing.id, approve=True)
    assert refused(lambda: choose(world, "zhao", "913580")) is Code.LOGIN_CLOSED


def test_she_changes_it_herself_with_the_one_she_knows(world: World) -> None:
    choose(world)
    assert change(world, "wang", GOOD, "913580").own
    assert log_in(world, "wang", "913580").actor.person == world.people["wang"].id
    assert pins.of(world.bank, world.actors["clerk"], world.people["wang"].id).own


def test_a_wrong_old_pin_changes_nothing_and_is_counted(world: World) -> None:
    choose(world)
    actor = log_in(world, "wang", GOOD).actor
    wrong = pins.ChangedPin(person=world.people["wang"].id, old="555123", pin="913580", address="10.0.0.1")
    for _ in range(world.bank.settings.login_attempts):
        assert refused(lambda: pins.change(world.bank, actor, wrong, hasher=HASHER)) is Code.LOGIN_WRONG
    assert refused(lambda: pins.change(world.bank, actor, wrong, hasher=HASHER)) is Code.TOO_MANY_ATTEMPTS
    world.clock.advance(minutes=world.bank.settings.login_window_minutes + 1)
    assert log_in(world, "wang", GOOD).actor.person == world.people["wang"].id


def test_nobody_changes_the_pin_of_somebody_else(world: World) -> None:
    choose(world)
    wanted = pins.ChangedPin(person=world.people["wang"].id, old=GOOD, pin="913580", address="10.0.0.1")
    for name in ("daughter", "clerk", "zhao"):
        with pytest.raises(Denied):
            pins.change(world.bank, world.actors[name], wanted, hasher=HASHER)


def test_two_clerks_at_once_make_one_login(world: World) -> None:
    tries = iter([("280471", "clerk"), ("913580", "clerk2")])
    for answer in at_once(2, lambda: choose(world, "chen", *next(tries))):
        assert isinstance(answer, pins.Pin) or (isinstance(answer, Refused) and answer.code is Code.DATABASE_BUSY)
    who = [_actor(world, "chen", pin) for pin in ("280471", "913580")]
    assert sorted(who, key=str) == sorted([None, world.people["chen"].id], key=str)


def _actor(world: World, name: str, pin: str) -> str | None:
    try:
        return log_in(world, name, pin).actor.person
    except Refused:
        return None


def test_the_secret_of_the_world_is_no_good_for_the_card(world: World) -> None:
    choose(world)
    assert refused(lambda: log_in(world, "wang", SECRET)) is Code.LOGIN_WRONG
    assert refused(lambda: log_in(world, "stranger", GOOD)) is Code.LOGIN_WRONG
    assert world.people["stranger"].community == ELSEWHERE
