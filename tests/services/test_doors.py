"""The code at the door: it is noted, it confirms nothing, and nobody finds it by trying."""

import pytest

from tests.world import HERE, World
from timebank.access import Denied
from timebank.ledger import Code, Refused
from timebank.services import care, orders


@pytest.fixture
def taken(world: World) -> str:
    """The hold of an order that Li has accepted."""
    return accepted(world)


def accepted(world: World) -> str:
    hold = world.order(payer="public").record.id
    orders.accept(world.bank, world.actors["li"], HERE, hold)
    return hold


def code_for(world: World, elder: str = "wang") -> str:
    return orders.make_code(world.bank, world.actors["clerk"], HERE, world.people[elder].id)


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def told(world: World, hold: str) -> orders.Told:
    return orders.told(world.bank, world.actors["clerk"], HERE, hold)


def test_a_sign_in_with_the_code_is_noted_as_at_the_door_and_confirms_nothing(world: World, taken: str) -> None:
    code = code_for(world)
    assert (len(code), code.isdigit()) == (6, True)
    orders.check_in(world.bank, world.actors["li"], HERE, taken, code)
    assert told(world, taken).at_door == ("check_in",)
    world.clock.advance(minutes=60)
    orders.check_out(world.bank, world.actors["li"], HERE, taken, f"{code[:3]} {code[3:]}")
    assert told(world, taken).at_door == ("check_in", "check_out")
    assert told(world, taken).state == "served", "she, or the station, still has to confirm it"


def test_without_a_code_the_sign_in_counts_all_the_same_and_is_counted(world: World, taken: str) -> None:
    orders.check_in(world.bank, world.actors["li"], HERE, taken)
    world.clock.advance(minutes=60)
    orders.check_out(world.bank, world.actors["li"], HERE, taken, code_for(world))
    assert told(world, taken).at_door == ("check_out",)
    found = care.look(world.bank, world.actors["lead"], HERE)
    assert (found.signed, found.at_door) == (2, 1)
    earlier = care.look(world.bank, world.actors["lead"], HERE, "2026-08")
    assert (earlier.signed, earlier.at_door) == (0, 0)


def test_a_wrong_code_signs_nobody_in(world: World, taken: str) -> None:
    wrong = other_than(code_for(world))
    with pytest.raises(Refused) as error:
        orders.check_in(world.bank, world.actors["li"], HERE, taken, wrong)
    assert error.value.code is Code.DOOR_CODE_WRONG
    assert told(world, taken).state == "accepted"


def test_a_new_code_voids_the_old_one_and_each_is_for_one_door(world: World, taken: str) -> None:
    old, others, new = code_for(world), code_for(world, "chen"), code_for(world)
    for wrong in (old, others):
        with pytest.raises(Refused) as error:
            orders.check_in(world.bank, world.actors["li"], HERE, taken, wrong)
        assert error.value.code is Code.DOOR_CODE_WRONG
    orders.check_in(world.bank, world.actors["li"], HERE, taken, new)
    assert told(world, taken).at_door == ("check_in",)


def test_the_code_cannot_be_found_by_trying(world: World, taken: str) -> None:
    code = code_for(world)
    for _ in range(world.bank.settings.login_attempts):
        with pytest.raises(Refused) as error:
            orders.check_in(world.bank, world.actors["li"], HERE, taken, other_than(code))
        assert error.value.code is Code.DOOR_CODE_WRONG
    with pytest.raises(Refused) as error:
        orders.check_in(world.bank, world.actors["li"], HERE, taken, code)
    assert error.value.code is Code.TOO_MANY_ATTEMPTS
    orders.check_in(world.bank, world.actors["li"], HERE, taken)
    assert told(world, taken).state == "underway"


def test_whoever_may_not_sign_in_uses_up_no_tries(world: World, taken: str) -> None:
    code = code_for(world)
    for _ in range(world.bank.settings.login_attempts + 1):
        for name in ("zhao", "stranger"):
            with pytest.raises(Denied):
                orders.check_in(world.bank, world.actors[name], HERE, taken, other_than(code))
    orders.check_in(world.bank, world.actors["li"], HERE, taken, code)
    for _ in range(world.bank.settings.login_attempts + 1):  # the same request again is no try
        orders.check_in(world.bank, world.actors["li"], HERE, taken, code)
    assert told(world, taken).at_door == ("check_in",)


def test_only_the_stations_clerks_make_codes(world: World) -> None:
    for name in ("wang", "li", "lead", "auditor", "admin", "far clerk"):
        with pytest.raises(Denied):
            orders.make_code(world.bank, world.actors[name], HERE, world.people["wang"].id)


HOUR_MS = 3_600_000


def test_what_was_pressed_without_a_network_counts_from_when_it_was_pressed(world: World, taken: str) -> None:
    pressed = world.clock.ms + 10 * 60_000
    world.clock.advance(minutes=200)  # the network is there again
    li = world.actors["li"]
    assert orders.check_in(world.bank, li, HERE, taken, at=pressed) == pressed
    assert orders.check_out(world.bank, li, HERE, taken, code_for(world), at=pressed + HOUR_MS) == 60
    assert (told(world, taken).at_door, told(world, taken).sent_later) == (("check_out",), ("check_in",))
    assert orders.check_out(world.bank, li, HERE, taken, at=pressed + 2 * HOUR_MS) == 60, "sent again changes nothing"


@pytest.mark.parametrize("late", [-HOUR_MS, 13 * HOUR_MS - 12 * HOUR_MS - 1, 14 * HOUR_MS])
def test_a_telephone_cannot_say_any_time(world: World, taken: str, late: int) -> None:
    """Before it was taken, more than half a day ago, and to come."""
    taken_at = world.clock.ms
    world.clock.advance(minutes=13 * 60)
    with pytest.raises(Refused) as error:
        orders.check_in(world.bank, world.actors["li"], HERE, taken, at=taken_at + late)
    assert error.value.code is Code.SIGNED_WHEN
    assert told(world, taken).state == "accepted"


def test_nobody_leaves_before_she_came(world: World, taken: str) -> None:
    li = world.actors["li"]
    came = orders.check_in(world.bank, li, HERE, taken)
    world.clock.advance(minutes=60)
    with pytest.raises(Refused) as error:
        orders.check_out(world.bank, li, HERE, taken, at=came - 1)
    assert error.value.code is Code.SIGNED_WHEN
    assert orders.check_out(world.bank, li, HERE, taken) == 60


def test_what_comes_at_once_has_the_time_of_the_service(world: World, taken: str) -> None:
    at = orders.check_in(world.bank, world.actors["li"], HERE, taken, at=world.clock.ms + 60_000)
    assert (at, told(world, taken).sent_later) == (world.clock.ms, ())
