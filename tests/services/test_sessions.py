"""Who is in is asked at every request: what another process ended or took away counts from the next one on."""

import pytest
from sqlalchemy import delete, update

from tests.world import HASHER, HERE, SECRET, World, opened_bank
from timebank import directory
from timebank.access import FOR_ELDERS
from timebank.bank import Bank
from timebank.services import logins


@pytest.fixture
def other(world: World) -> Bank:
    """Another process of the same service."""
    settings = world.bank.settings
    folder = settings.master_key_path.parent
    return opened_bank(folder, settings.database_url, settings.owner_url or "", world.clock)


def test_a_session_that_another_process_ended_is_over_at_the_next_request(world: World, other: Bank) -> None:
    token = world.token("clerk")
    assert logins.by_session(world.bank, token) is not None
    logins.log_out(other, token)
    assert logins.by_session(world.bank, token) is None
    other.close()


def test_a_role_that_another_process_took_away_is_gone_at_the_next_request(world: World, other: Bank) -> None:
    token = world.token("clerk")
    before = logins.by_session(world.bank, token)
    assert before is not None
    assert [where for _, where in before.actor.grants] == [HERE]
    with other.office() as office:
        office.people.execute(delete(directory.Grant).where(directory.Grant.login == before.actor.login))
    after = logins.by_session(world.bank, token)
    assert after is not None
    assert after.actor.grants == ()
    other.close()


def test_a_consent_that_was_taken_back_is_gone_at_the_next_request(world: World, other: Bank) -> None:
    token = world.token("daughter")
    before = logins.by_session(world.bank, token)
    assert before is not None
    assert before.actor.elders == {world.people["wang"].id: FOR_ELDERS}
    with other.office() as office:
        office.people.execute(update(directory.Kinship).values(revoked_at=office.now))
    after = logins.by_session(world.bank, token)
    assert after is not None
    assert after.actor.elders == {}
    other.close()


def test_a_session_is_noted_as_seen_once_a_minute_and_not_at_every_request(world: World) -> None:
    token = world.token("clerk")

    def seen_at() -> int:
        with world.bank.view() as view:
            return view.people.get_one(directory.Session, directory.logins.hash_of(token)).seen_at

    first = seen_at()
    world.clock.advance(ms=59_999)
    logins.by_session(world.bank, token)
    assert seen_at() == first
    world.clock.advance(ms=1)
    logins.by_session(world.bank, token)
    assert seen_at() == world.clock.ms


def _log_in(world: World, name: str, *, own: bool) -> str:
    return logins.log_in(
        world.bank, logins.LogIn(name=name, secret=SECRET, address="127.0.0.1", own=own), hasher=HASHER
    )


def test_on_her_own_telephone_a_member_stays_in_for_thirty_days(world: World) -> None:
    own, other = _log_in(world, "li", own=True), _log_in(world, "li", own=False)
    world.clock.advance(days=29)
    found = logins.by_session(world.bank, own)
    assert found is not None
    assert found.own
    assert logins.by_session(world.bank, other) is None
    world.clock.advance(days=1)
    assert logins.by_session(world.bank, own) is None


def test_staff_are_asked_again_whatever_they_say(world: World) -> None:
    token = _log_in(world, "clerk", own=True)
    world.clock.advance(minutes=world.bank.settings.session_idle_minutes)
    assert logins.by_session(world.bank, token) is None


def test_a_session_on_ones_own_telephone_ends_when_the_login_is_given_up(world: World) -> None:
    token = _log_in(world, "li", own=True)
    logins.log_out(world.bank, token)
    assert logins.by_session(world.bank, token) is None
