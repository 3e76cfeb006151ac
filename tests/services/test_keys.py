"""Keys of a ledger: replaced, revoked, listed; and what a device signed before it lost its key."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from tests.conftest import TestDatabase
from tests.world import ELSEWHERE, HERE, World
from timebank import directory
from timebank.access import OPERATOR, Denied
from timebank.bank import Bank
from timebank.ledger import Code, Declined, Intent, KeyRole, Move, Signer, Untrusted, sign
from timebank.services import admins, audits, communities, entries, keys, receipts

NO_HASH = "0" * 64


def refused(call: Callable[[], object]) -> Code:
    with pytest.raises(Declined) as error:
        call()
    return error.value.code


def valid(world: World, role: KeyRole, community: str = HERE) -> list[str]:
    found = keys.registered(world.bank, world.actors["auditor" if community == HERE else "far lead"], community)
    return [str(one.key.vkey) for one in found if one.key.role is role and one.key.until is None]


def rotate(world: World, role: KeyRole, community: str = HERE) -> list[str]:
    """Replaces the key; the new one, and those that were revoked."""
    posted = keys.rotate(world.bank, OPERATOR, community, role)
    revoked = [str(record.intent.body["vkey"]) for record in posted.followed]
    return [str(posted.record.intent.body["vkey"]), *revoked]


@dataclass
class Device:
    """A tablet with a key of its own, which signs visits of 60 minutes of li's to wang, one after another."""

    world: World
    signer: Signer
    count: int = 0
    link: str = NO_HASH

    def visit(self, **change: object) -> Intent:
        li, wang = (self.world.people[name].account for name in ("li", "wang"))
        body = {
            "day": self.world.clock.day,
            "minutes": 60,
            "credited": 60,
            "server": li,
            "served": [wang],
            "service": "company",
            "catalogue": 1,
            "confirmed": "card",
        }
        made = Intent(
            ledger=self.world.bank.origin(HERE),
            id=self.world.bank.uuid(),
            kind="service",
            at=self.world.clock.ms,
            by=self.signer.name,
            moves=(Move("issue", li, 60),),
            body=body,
            device=(self.count + 1, self.link),
        )
        return replace(made, **change)

    def note(self, **change: object) -> bytes:
        return sign(self.visit(**change), self.signer).note


def device(world: World, role: KeyRole = KeyRole.DEVICE, name: str = "tablet-1") -> Device:
    signer = Signer.generate(f"{world.bank.origin(HERE)}/{name}")
    keys.register(world.bank, OPERATOR, HERE, str(signer.vkey), role)
    return Device(world, signer)


# --- replaced --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", keys.ROTATED)
def test_a_key_is_replaced_and_everything_goes_on_at_once_also_in_another_process(
    world: World, database: TestDatabase, role: KeyRole
) -> None:
    other = Bank(world.bank.settings, clock=world.clock)  # opened, and used, before
    before = valid(world, role)
    replaced = world.record()
    new, old = rotate(world, role)
    assert old in before
    assert set(valid(world, role)) == {*before, new} - {old}
    for bank in (world.bank, other):
        world.bank, own = bank, world.bank
        posted = world.record(minutes=30)
        receipt = posted.receipt.to_bytes()
        world.policy(f'name_zh = "{id(bank)}"')
        assert rotate(world, KeyRole.STATION)
        assert receipts.check(bank, receipt).standing is receipts.Standing.EARLIER
        world.bank = own
    assert receipts.check(world.bank, replaced.receipt.to_bytes()).seq == replaced.record.seq
    assert audits.verify(world.bank, OPERATOR, HERE).size == posted.record.seq + 4
    audits.verify(world.bank, OPERATOR, ELSEWHERE)
    other.close()


def test_both_admins_are_replaced_one_after_the_other_and_other_ledgers_keep_theirs(world: World) -> None:
    first, elsewhere = valid(world, KeyRole.ADMIN), valid(world, KeyRole.ADMIN, ELSEWHERE)
    replaced = [rotate(world, KeyRole.ADMIN)[1] for _ in first]
    assert sorted(replaced) == sorted(first)
    assert not set(valid(world, KeyRole.ADMIN)) & set(first)
    assert valid(world, KeyRole.ADMIN, ELSEWHERE) == elsewhere
    for community in (HERE, ELSEWHERE):
        rotate(world, KeyRole.LOG, community)
    audits.verify(world.bank, OPERATOR, HERE)


def test_a_ledger_is_not_founded_by_an_admin_who_was_revoked_in_another(world: World) -> None:
    revoked = rotate(world, KeyRole.ADMIN)[1]
    founding = communities.Founding(code="520302001003", name="x", town="x", county="x")
    posted = communities.found(world.bank, OPERATOR, founding)
    assert revoked not in posted.record.intent.body["admins"]
    assert len(posted.record.intent.body["admins"]) == 2


def test_a_crash_after_the_keyring_leaves_a_key_that_nobody_uses_and_doing_it_again_works(world: World) -> None:
    bank, origin = world.bank, world.bank.origin(HERE)
    for name in (origin, f"{origin}/station-2"):  # kept, and then the process died
        bank.keyring.add(Signer.generate(name))
    world.record()
    for role in (KeyRole.LOG, KeyRole.STATION):
        new, _ = rotate(world, role)
        assert valid(world, role) == [new]
    world.record()
    audits.verify(bank, OPERATOR, HERE)


def test_a_leftover_of_the_same_name_is_not_taken_for_a_key_that_somebody_else_holds(world: World) -> None:
    name = f"{world.bank.origin(HERE)}/station-2"
    world.bank.keyring.add(Signer.generate(name))  # a rotation that died …
    theirs = Signer.generate(name)  # … and a station's own program, registered under that name
    keys.register(world.bank, OPERATOR, HERE, str(theirs.vkey), KeyRole.STATION)
    assert world.record().record.intent.by == f"{world.bank.origin(HERE)}/station-1"


def test_who_may_not_manage_keys_replaces_and_revokes_none(world: World) -> None:
    for name in ("lead", "clerk", "auditor", "far lead"):
        with pytest.raises(Denied):
            keys.rotate(world.bank, world.actors[name], HERE, KeyRole.STATION)
        with pytest.raises(Denied):
            keys.revoke(world.bank, world.actors[name], HERE, f"{world.bank.origin(HERE)}/station-1")
    assert refused(lambda: keys.rotate(world.bank, OPERATOR, HERE, KeyRole.DEVICE)) is Code.KEY_ROLE


# --- revoked ---------------------------------------------------------------------------------------------------------


def test_a_revocation_says_how_many_signatures_are_in_doubt_and_lists_the_records(world: World) -> None:
    tablet = device(world, KeyRole.STATION, "program-1")
    posted = []
    for _ in range(3):
        note = tablet.note(device=None)
        posted.append(entries.submit(world.bank, HERE, [note])[0].record)
        world.record(minutes=30)
    first = posted[1]
    assert first is not None
    done = keys.revoke(world.bank, OPERATOR, HERE, tablet.signer.name, first.seq)
    assert done.in_doubt == 2
    listed = keys.doubtful(world.bank, world.actors["lead"], HERE)
    assert [(one.seq, one.id) for one in listed] == [(one.seq, one.id) for one in posted[1:] if one is not None]
    assert {(one.kind, one.day, one.minutes, one.key) for one in listed} == {
        ("service", world.clock.day, 60, tablet.signer.name)
    }
    assert audits.verify(world.bank, OPERATOR, HERE).by_compromised_keys == 2
    again = entries.submit(world.bank, HERE, [tablet.note(device=None)])[0].declined
    assert again is not None
    assert again.code is Code.KEY_REVOKED


def test_a_key_is_revoked_by_its_vkey_too_and_not_twice(world: World) -> None:
    tablet = device(world)
    assert keys.revoke(world.bank, OPERATOR, HERE, str(tablet.signer.vkey)).in_doubt == 0
    again = refused(lambda: keys.revoke(world.bank, OPERATOR, HERE, tablet.signer.name))
    assert again is Code.KEY_REVOKED
    assert refused(lambda: keys.revoke(world.bank, OPERATOR, HERE, "nobody/1")) is Code.KEY_UNKNOWN


def test_what_a_ledger_cannot_be_without_stays(world: World) -> None:
    origin = world.bank.origin(HERE)
    admin = admins.admin_signers(world.bank)[0].name
    for name in (origin, f"{origin}/system-1"):
        assert refused(partial(keys.revoke, world.bank, OPERATOR, HERE, name)) is Code.KEY_ROLE
    assert refused(lambda: keys.revoke(world.bank, OPERATOR, HERE, admin)) is Code.SIGNER_MISSING
    with world.bank.view() as view:
        size = view.head(origin).size
    too_late = refused(lambda: keys.revoke(world.bank, OPERATOR, HERE, f"{origin}/station-1", size + 9))
    assert too_late is Code.BODY_FIELD


def test_the_list_says_which_keys_are_held_here(world: World) -> None:
    tablet = device(world)
    found = {one.key.vkey.name: one.is_held for one in keys.registered(world.bank, world.actors["lead"], HERE)}
    origin = world.bank.origin(HERE)
    assert found[tablet.signer.name] is False
    assert all(found[name] for name in (origin, f"{origin}/station-1", f"{origin}/lead-1"))


# --- readmitted ------------------------------------------------------------------------------------------------------


def test_what_a_device_signed_before_its_revocation_is_readmitted_by_the_lead(world: World) -> None:
    tablet = device(world)
    first = tablet.note()
    keys.revoke(world.bank, OPERATOR, HERE, tablet.signer.name)
    late = entries.submit(world.bank, HERE, [first])[0].declined
    assert late is not None
    assert late.code is Code.KEY_REVOKED
    posted = keys.readmit(world.bank, world.actors["lead"], HERE, first)
    assert posted.record.note.startswith(first)
    assert posted.record.note.count("\n— ".encode()) == 2
    assert world.figures("li").available == 60
    again = keys.readmit(world.bank, world.actors["lead"], HERE, first)
    assert (again.record, again.repeated) == (posted.record, True)
    audits.verify(world.bank, OPERATOR, HERE)


def test_the_chain_of_the_device_holds_when_it_is_readmitted(world: World) -> None:
    tablet = device(world)
    gap, first = tablet.note(device=(2, "ab" * 32)), tablet.note()
    keys.revoke(world.bank, OPERATOR, HERE, tablet.signer.name)
    lead = world.actors["lead"]
    assert refused(lambda: keys.readmit(world.bank, lead, HERE, gap)) is Code.DEVICE_CHAIN
    keys.readmit(world.bank, lead, HERE, first)
    assert refused(lambda: keys.readmit(world.bank, lead, HERE, tablet.note())) is Code.DEVICE_CHAIN
    assert world.figures("li").available == 60


def test_only_a_lead_readmits(world: World) -> None:
    tablet = device(world)
    note = tablet.note()
    keys.revoke(world.bank, OPERATOR, HERE, tablet.signer.name)
    for name in ("clerk", "auditor", "admin", "far lead", "li"):
        with pytest.raises(Denied):
            keys.readmit(world.bank, world.actors[name], HERE, note)


@pytest.mark.parametrize("case", ["still valid", "a station's", "two lines", "signed after", "altered"])
def test_nothing_else_is_readmitted(world: World, case: str) -> None:
    tablet = device(world, KeyRole.STATION if case == "a station's" else KeyRole.DEVICE)
    note = tablet.note(device=None) if case == "a station's" else tablet.note()
    if case != "still valid":
        keys.revoke(world.bank, OPERATOR, HERE, tablet.signer.name)
    if case == "signed after":
        note = tablet.note(at=world.clock.ms + 60_000)
    if case == "two lines":
        lead = world.bank.keyring.signer(f"{world.bank.origin(HERE)}/lead-1")
        note = sign(tablet.visit(), tablet.signer, lead).note
    if case == "altered":
        note = note.replace(b'"minutes":60', b'"minutes":61')
    with world.bank.view() as view:
        before = view.head(world.bank.origin(HERE))
    code = refused(lambda: keys.readmit(world.bank, world.actors["lead"], HERE, note))
    assert code is (Code.SIGNATURE_BAD if case == "altered" else Code.NOT_READMITTABLE)
    with world.bank.view() as view:
        assert view.head(before.origin) == before


def test_a_note_of_a_key_nobody_registered_is_untrusted(world: World) -> None:
    stranger = Device(world, Signer.generate("somebody/else"))
    with pytest.raises(Untrusted):
        keys.readmit(world.bank, world.actors["lead"], HERE, stranger.note())


def test_a_readmitted_visit_is_judged_by_the_policy_and_by_the_heads_it_saw(world: World) -> None:
    tablet = device(world)
    visit = tablet.visit()
    moves = (Move("issue", world.people["li"].account, 30),)
    too_little = tablet.note(moves=moves, body={**visit.body, "credited": 30})
    fork = tablet.note(seen=(1, "ab" * 32))
    keys.revoke(world.bank, OPERATOR, HERE, tablet.signer.name)
    lead = world.actors["lead"]
    assert refused(lambda: keys.readmit(world.bank, lead, HERE, too_little)) is Code.CREDIT_NOT_POLICY
    assert refused(lambda: keys.readmit(world.bank, lead, HERE, fork)) is Code.SEEN_UNKNOWN
    with world.bank.view() as view:
        assert [kept.note for kept in view.people.scalars(select(directory.Evidence))] == [fork]
