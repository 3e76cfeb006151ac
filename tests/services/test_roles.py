"""A role that a login is given or loses after it was made: by an admin, never her own, and from the next request."""

import pytest

from tests.threads import at_once
from tests.world import ELSEWHERE, HASHER, HERE, SECRET, World
from timebank.access import EVERYWHERE, OPERATOR, Denied, Right, Role, allowed
from timebank.directory import Login, RoleChange
from timebank.ledger import Code, Refused
from timebank.services import approvals, logins, roles, standing


def wanted(world: World, name: str, role: Role, where: str = HERE) -> roles.Wanted:
    return roles.Wanted(community=HERE, login=world.actors[name].login, role=role, where=where)


def may(world: World, token: str, right: Right, where: str = HERE) -> bool:
    """What somebody who is logged in already may do at her next request."""
    who = logins.by_session(world.bank, token)
    assert who is not None
    return allowed(who.actor, right, where)


def test_a_role_counts_from_the_next_request_until_it_is_taken_away(world: World) -> None:
    admin, token = world.actors["admin"], world.token("clerk2")
    assert not may(world, token, Right.APPROVE_VISIT)
    given = roles.give(world.bank, admin, wanted(world, "clerk2", Role.LEAD))
    assert [(one.role, one.where) for one in given.held] == [(Role.CLERK, HERE), (Role.LEAD, HERE)]
    assert may(world, token, Right.APPROVE_VISIT)
    taken = roles.take(world.bank, admin, wanted(world, "clerk2", Role.LEAD))
    assert [one.role for one in taken.held] == [Role.CLERK]
    assert not may(world, token, Right.APPROVE_VISIT)
    assert may(world, token, Right.RECORD_VISIT), "only what was named is taken"


def test_every_change_is_kept_with_who_made_it_and_a_repeated_one_is_none(world: World) -> None:
    admin, lead = world.actors["admin"], wanted(world, "clerk2", Role.LEAD)
    for act in (roles.give, roles.give, roles.take, roles.take):
        told = act(world.bank, admin, lead)
        world.clock.advance(minutes=1)
    assert [(one.role, one.given, one.by) for one in told.changes] == [
        (Role.LEAD, False, "admin"),
        (Role.LEAD, True, "admin"),
    ]
    assert roles.of(world.bank, admin, HERE, lead.login) == told
    (by_hand,) = roles.give(world.bank, OPERATOR, wanted(world, "lead", Role.CLERK)).changes
    assert by_hand.by == ""


def test_two_who_give_the_same_role_at_once_give_it_once(world: World) -> None:
    lead = wanted(world, "clerk2", Role.LEAD)
    at_once(2, lambda: roles.give(world.bank, OPERATOR, lead))
    assert [one.given for one in roles.of(world.bank, OPERATOR, HERE, lead.login).changes] == [True]


def test_nobody_changes_her_own_login(world: World) -> None:
    admin = world.actors["admin"]
    for act in (roles.give, roles.take):
        with pytest.raises(Refused) as refused:
            act(world.bank, admin, wanted(world, "admin", Role.CLERK))
        assert refused.value.code is Code.OWN_MATTER


@pytest.mark.parametrize("where", [EVERYWHERE, HERE[:9], HERE[:6], HERE[:4]])
def test_an_admin_of_one_community_gives_no_role_around_it(world: World, where: str) -> None:
    for act in (roles.give, roles.take):
        with pytest.raises(Denied):
            act(world.bank, world.actors["admin"], wanted(world, "clerk2", Role.LEAD, where))
    given = roles.give(world.bank, OPERATOR, wanted(world, "clerk2", Role.LEAD, where))
    assert (Role.LEAD, where) in [(one.role, one.where) for one in given.held]


@pytest.mark.parametrize("where", [ELSEWHERE, "52030200", "x", ""])
def test_a_role_is_for_the_community_or_what_is_around_it(world: World, where: str) -> None:
    with pytest.raises(Refused) as refused:
        roles.give(world.bank, OPERATOR, wanted(world, "clerk2", Role.LEAD, where))
    assert refused.value.code is Code.COMMUNITY_UNKNOWN


def test_what_a_login_may_elsewhere_is_told_to_no_admin_from_here(world: World) -> None:
    admin, far = world.actors["admin"], world.actors["far clerk"].login
    assert roles.find(world.bank, admin, HERE, "far clerk") == far
    assert roles.of(world.bank, admin, HERE, far).held == ()
    given = roles.give(world.bank, admin, wanted(world, "far clerk", Role.CLERK))
    assert [one.where for one in given.held] == [HERE]
    assert may(world, world.token("far clerk"), Right.RECORD_VISIT, ELSEWHERE)


def test_of_a_member_s_login_the_name_is_masked(world: World) -> None:
    with world.bank.office() as office:  # as the counter calls her
        login = office.people.get_one(Login, world.actors["li"].login)
        login.sealed_name = office.vault.seal("logins.name", login.id, "李明")
    assert roles.of(world.bank, world.actors["admin"], HERE, world.actors["li"].login).shown == "李＊"


def test_a_login_that_is_closed_or_unknown_has_no_roles(world: World) -> None:
    admin, gone = world.actors["admin"], world.actors["li"].login
    with pytest.raises(Refused) as refused:
        roles.find(world.bank, admin, HERE, "nobody")
    assert refused.value.code is Code.LOGIN_UNKNOWN
    _closed(world, "li")
    for act in (
        lambda: roles.find(world.bank, admin, HERE, "li"),
        lambda: roles.of(world.bank, admin, HERE, gone),
        lambda: roles.give(world.bank, admin, wanted(world, "li", Role.CLERK)),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code is Code.LOGIN_UNKNOWN


def test_what_was_changed_outlives_the_person(world: World) -> None:
    """Who could decide what on which day is asked long after: the row names a login, and nobody."""
    roles.give(world.bank, OPERATOR, wanted(world, "li", Role.CLERK))
    _closed(world, "li")
    standing.erase(world.bank, world.actors["lead"], standing.Erasure(community=HERE, person=world.people["li"].id))
    with world.bank.view() as view:
        assert [one.role for one in view.people.query(RoleChange)] == ["clerk"]


def _closed(world: World, name: str) -> None:
    closing = standing.Closing(id=world.bank.uuid(), community=HERE, person=world.people[name].id, reason="moved-away")
    standing.ask_closing(world.bank, world.actors["clerk"], closing)
    approvals.decide(world.bank, world.actors["lead"], HERE, closing.id, approve=True)


def test_whoever_becomes_staff_may_not_leave_her_own_telephone_alone_any_more(world: World) -> None:
    wanted_in = logins.LogIn(name="li", secret=SECRET, address="127.0.0.1", own=True)
    token = logins.log_in(world.bank, wanted_in, hasher=HASHER)
    roles.give(world.bank, world.actors["admin"], wanted(world, "li", Role.CLERK))
    assert may(world, token, Right.RECORD_VISIT)
    world.clock.advance(minutes=world.bank.settings.session_idle_minutes)
    assert logins.by_session(world.bank, token) is None
