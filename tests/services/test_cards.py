"""A lost card is void at once, for everything that a card is good for; hours and PIN stay."""

import pytest

from tests.threads import at_once
from tests.world import ELSEWHERE, HASHER, HERE, SECRET, World
from timebank import directory
from timebank.access import Denied, Role
from timebank.ledger import Code, Refused
from timebank.services import cards, logins, members, payees, statements


def renewal(world: World, who: str = "wang", **more: str) -> cards.Renewal:
    person = world.people[who]
    return cards.Renewal(**{"community": HERE, "person": person.id, "card": person.card} | more)


def renew(world: World, who: str = "wang", *, actor: str = "clerk", **more: str) -> members.Known:
    return cards.renew(world.bank, world.actors[actor], renewal(world, who, **more))


def test_the_old_number_finds_nobody_and_says_why_and_the_new_one_finds_her(world: World) -> None:
    world.record(minutes=60)
    old, new = world.people["wang"].card, renew(world).card
    bank, clerk, li = world.bank, world.actors["clerk"], world.people["li"].id
    assert old != new
    for look in (
        lambda: members.search(bank, clerk, HERE, f"{old[:3]} {old[3:6]} {old[6:]}"),
        lambda: members.by_card(bank, world.actors["li"], li, old),
        lambda: payees.look(bank, world.actors["li"], li, old),
    ):
        with pytest.raises(Refused) as refused:
            look()
        assert refused.value.code is Code.CARD_RENEWED
    assert [one.id for one in members.search(bank, clerk, HERE, new)] == [world.people["wang"].id]
    assert members.by_card(bank, world.actors["li"], li, new).id == world.people["wang"].id


def test_of_another_community_s_card_nothing_is_told(world: World) -> None:
    old = world.people["wang"].card
    renew(world)
    assert members.search(world.bank, world.actors["far clerk"], ELSEWHERE, old) == []


def test_renewed_twice_it_is_renewed_once_and_who_did_it_is_kept(world: World) -> None:
    answers = at_once(3, lambda: renew(world))
    assert len({answer.card for answer in answers if isinstance(answer, members.Known)}) == 1
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    with world.bank.view() as view:
        (kept,) = directory.cards.void_ones(view.people, world.people["wang"].id)
    assert (kept.number, kept.void_by) == (world.people["wang"].card, world.actors["clerk"].login)
    assert [one.number for one in cards.void_ones(world.bank, world.actors["lead"], kept.person)] == [kept.number]


def test_nothing_is_written_to_the_books_and_the_hours_stay(world: World) -> None:
    world.record()
    world.give("li", "wang", 60)
    wang = world.people["wang"].id
    before = statements.figures(world.bank, world.actors["clerk"], wang)
    renew(world)
    assert statements.figures(world.bank, world.actors["clerk"], wang) == before


def test_whoever_logs_in_by_card_does_so_by_the_new_one_with_her_pin(world: World) -> None:
    old = world.people["chen"].card
    world.login(old, Role.MEMBER, HERE, person=world.people["chen"].id)
    session = world.token(old)
    new = renew(world, "chen").card
    assert logins.by_session(world.bank, session) is None, "who is in by the old card is out"
    with pytest.raises(Refused) as refused:
        world.token(old)
    assert refused.value.code is Code.LOGIN_WRONG
    who = logins.by_session(world.bank, world.token(new))
    assert (who and who.actor.person, who and who.shown) == (world.people["chen"].id, new)
    proof = logins.LogIn(name=new, secret=SECRET, address="127.0.0.1")
    logins.prove(world.bank, proof, world.people["chen"].id, hasher=HASHER)


def test_a_number_that_was_never_hers_is_refused_and_one_s_own_card_too(world: World) -> None:
    with pytest.raises(Refused) as refused:
        renew(world, card=world.people["li"].card)
    assert refused.value.code is Code.PERSON_UNKNOWN
    world.login("li too", Role.CLERK, HERE, person=world.people["li"].id)
    with pytest.raises(Refused) as refused:
        renew(world, "li", actor="li too")
    assert refused.value.code is Code.OWN_MATTER
    for name in ("lead", "wang", "far clerk"):
        with pytest.raises(Denied):
            renew(world, actor=name)


def test_a_void_number_of_somebody_who_was_forgotten_tells_nothing(world: World) -> None:
    old = world.people["chen"].card
    renew(world, "chen")
    with world.bank.office() as office:
        directory.people.erase(office.people, office.people.get_one(directory.Person, world.people["chen"].id), 1)
    assert members.search(world.bank, world.actors["clerk"], HERE, old) == []
