"""What a community that lies can say: each lie is refused or ends in evidence and a frozen link, and moves nothing."""

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import msgspec
import pytest

from tests.federation.houses import House, Town, carry, copied, found, wanted
from tests.federation.liar import Liar
from timebank.access import OPERATOR
from timebank.federation.messages import LARGEST, Stale
from timebank.ledger import Code, Declined, KeyRole, Record, Signer, TwoHeads, decision_id, reads
from timebank.services import audits, keys, peers, transfers


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return found(tmp_path_factory.mktemp("lies") / "town")


@dataclass
class Three:
    """The house that lies, the one it lies to, and a third."""

    liar: House
    told: House
    third: House


@pytest.fixture
def three(town: Town, tmp_path: Path) -> Iterator[Three]:
    made = Three(*(copied(town, tmp_path / str(number), number, Random(f"lies {number}")) for number in range(3)))
    yield made
    for house in (made.liar, made.told, made.third):
        house.bank.close()


@contextmanager
def nothing_moves(*houses: House) -> Iterator[None]:
    before = [(house.balances(), house.size()) for house in houses]
    yield
    assert [(house.balances(), house.size()) for house in houses] == before


def declined(act: Callable[[], object]) -> Code:
    with pytest.raises(Declined) as error:
        act()
    return error.value.code


def sent(three: Three, minutes: int = 60) -> str:
    """An honest transfer, carried to its end."""
    transfer = wanted(three.liar, three.told, minutes=minutes)
    three.liar.send(transfer)
    assert carry(three.liar, three.told, transfer.id) == "sent"
    return transfer.id


def offered(sender: House, receiver: House) -> str:
    transfer = wanted(sender, receiver)
    sender.send(transfer)
    return transfer.id


def check_frozen(house: House, other: House, why: str) -> None:
    """The link is frozen on this side, and nothing goes over it until somebody thaws it."""
    assert house.peer(other.origin).frozen_why == why
    assert declined(lambda: house.admit(other.origin, b"")) is Code.PEER_FROZEN
    assert declined(lambda: house.send(wanted(house, other))) is Code.PEER_FROZEN


# --- a ledger that contradicts itself --------------------------------------------------------------------------------


def test_two_offers_under_one_id_are_evidence_and_freeze_the_link(three: Three) -> None:
    transfer = sent(three)
    liar = Liar(three.liar)
    again = liar.say(liar.offer(three.told, 240, transfer), three.told.seen(three.liar.origin))
    with nothing_moves(three.told):
        assert declined(lambda: three.told.admit(three.liar.origin, again)) is Code.PEER_FROZEN
        check_frozen(three.told, three.liar, "breach")
    assert three.told.evidence() == [again]


def test_another_history_of_the_same_length_is_evidence_and_freezes_the_link(three: Three) -> None:
    liar = Liar(three.liar)
    sent(three)
    pinned = three.told.peer(three.liar.origin)
    liar.offer(three.told, 240)
    for _ in range(pinned.size - len(liar.records)):
        liar.offer(three.told, 1)
    other = liar.say(liar.records[-1], pinned.size)
    with nothing_moves(three.told):
        assert declined(lambda: three.told.admit(three.liar.origin, other)) is Code.PEER_FROZEN
        check_frozen(three.told, three.liar, "fork")
    (file,) = three.told.evidence()
    proof = TwoHeads.parse(file)
    proof.check()
    assert proof.keys == (Liar(three.liar).key(KeyRole.LOG).vkey,)
    assert [head.size for head in proof.heads] == [pinned.size] * 2


def test_after_a_thaw_the_evidence_is_still_there_and_the_honest_ledger_goes_on(three: Three) -> None:
    transfer = sent(three)
    liar = Liar(three.liar)
    again = liar.say(liar.offer(three.told, 240, transfer), three.told.seen(three.liar.origin))
    assert declined(lambda: three.told.admit(three.liar.origin, again)) is Code.PEER_FROZEN
    peers.thaw(three.told.bank, OPERATOR, three.told.code, three.liar.origin)
    sent(three, 30)
    assert three.told.evidence() == [again]


def test_a_longer_history_that_forgot_what_was_seen_is_not_believed(three: Three) -> None:
    liar = Liar(three.liar)
    sent(three)
    size = three.told.seen(three.liar.origin)
    while len(liar.records) <= size:
        offer = liar.offer(three.told, 240)
    with nothing_moves(three.told):
        said = liar.say(offer, size)
        assert declined(lambda: three.told.admit(three.liar.origin, said)) is Code.NOTE_FORM


def test_a_head_that_is_older_than_what_was_seen_is_only_old(three: Three) -> None:
    liar = Liar(three.liar)
    offer = liar.offer(three.told, 240)
    sent(three)
    sent(three)
    with nothing_moves(three.told), pytest.raises(Stale) as error:
        three.told.admit(three.liar.origin, liar.say(offer))
    assert error.value.size == three.told.seen(three.liar.origin)
    assert three.told.peer(three.liar.origin).frozen_at is None


# --- decisions -------------------------------------------------------------------------------------------------------


def decision(
    three: Three, transfer: str, payee: str | None = None, minutes: int = 60, offer: str | None = None
) -> bytes:
    """What the house that lies decides about a transfer of the house that is told."""
    liar, told = Liar(three.liar), three.told
    hold = next(one for one in told.records_from(0) if one.id == f"{transfer}.hold")
    move = (f"due:{told.origin}", payee or str(hold.intent.body["payee"]), minutes)
    record = liar.enter(
        "accept",
        move,
        by=(liar.key(KeyRole.SYSTEM),),
        id=decision_id(told.origin, transfer),
        peer=told.origin,
        transfer=transfer,
        offer=offer or hold.hash.hex(),
    )
    return liar.say(record, told.seen(three.liar.origin))


@pytest.mark.parametrize("other", [{"minutes": 59}, {"payee": "fund"}, {"offer": "0" * 64}])
def test_a_decision_about_other_hours_is_evidence_and_moves_nothing(three: Three, other: dict[str, object]) -> None:
    transfer = offered(three.told, three.liar)
    said = decision(three, transfer, **other)  # type: ignore[arg-type]
    with nothing_moves(three.told):
        assert declined(lambda: three.told.conclude(three.liar.origin, said, transfer)) is Code.PEER_FROZEN
        check_frozen(three.told, three.liar, "breach")
    assert three.told.evidence() == [said]


def test_the_decision_about_another_transfer_is_not_taken(three: Three) -> None:
    first, second = offered(three.told, three.liar), offered(three.told, three.liar)
    said = decision(three, first)
    with nothing_moves(three.told):
        assert declined(lambda: three.told.conclude(three.liar.origin, said, second)) is Code.WRONG_LEDGER


def test_a_decision_from_another_history_is_evidence_and_moves_nothing(three: Three) -> None:
    before = Liar(three.liar)
    sent(three)
    back = offered(three.told, three.liar)
    assert carry(three.told, three.liar, back) == "sent"
    size = three.told.seen(three.liar.origin)
    transfer = offered(three.told, three.liar)
    while len(before.records) < size - 1:
        before.offer(three.told, 1)
    hold = next(one for one in three.told.records_from(0) if one.id == f"{transfer}.hold")
    body = {"peer": three.told.origin, "transfer": transfer, "offer": hold.hash.hex(), "reason": "late"}
    refused = before.enter(
        "refuse", by=(before.key(KeyRole.SYSTEM),), id=decision_id(three.told.origin, transfer), **body
    )
    with nothing_moves(three.told):
        assert (
            declined(lambda: three.told.conclude(three.liar.origin, before.say(refused, size), transfer))
            is Code.PEER_FROZEN
        )
        check_frozen(three.told, three.liar, "fork")
    (file,) = three.told.evidence()
    TwoHeads.parse(file).check()


# --- keys ------------------------------------------------------------------------------------------------------------


def stranger(name: str) -> Signer:
    return Signer(name, bytes(range(32)))


def test_an_offer_is_not_for_every_key(three: Three) -> None:
    """The log's key signs heads, and nothing else: whoever has stolen it alone makes no entries."""
    told, origin = three.told, three.liar.origin
    roles = {KeyRole.LOG: Code.KEY_ROLE, KeyRole.ADMIN: Code.KEY_ROLE}
    with nothing_moves(told):
        for role, code in roles.items():
            liar = Liar(three.liar)
            said = liar.say(liar.offer(told, 240, by=(liar.key(role),)))
            assert declined(lambda said=said: told.admit(origin, said)) is code  # type: ignore[misc]


def test_a_decision_is_for_the_systems_key_alone(three: Three) -> None:
    transfer = offered(three.told, three.liar)
    liar = Liar(three.liar)
    hold = next(one for one in three.told.records_from(0) if one.id == f"{transfer}.hold")
    body = {"peer": three.told.origin, "transfer": transfer, "offer": hold.hash.hex(), "reason": "late"}
    by = (liar.key(KeyRole.STATION),)
    refused = liar.enter("refuse", by=by, id=decision_id(three.told.origin, transfer), **body)
    with nothing_moves(three.told):
        assert declined(lambda: three.told.conclude(three.liar.origin, liar.say(refused), transfer)) is Code.KEY_ROLE


def test_keys_that_the_ledger_does_not_know_sign_nothing(three: Three) -> None:
    told, origin = three.told, three.liar.origin
    liar = Liar(three.liar)
    by_stranger = liar.say(liar.offer(told, 240, by=(stranger(f"{origin}/station-9"),)))
    honest = Liar(three.liar)
    under_another_head = honest.say(honest.offer(told, 240), log=stranger(origin))
    with nothing_moves(told):
        assert declined(lambda: told.admit(origin, by_stranger)) is Code.KEY_UNKNOWN
        assert declined(lambda: told.admit(origin, under_another_head)) is Code.SIGNATURE_BAD


def test_a_key_that_one_admin_alone_added_signs_nothing(three: Three) -> None:
    told, liar = three.told, Liar(three.liar)
    new = stranger(f"{three.liar.origin}/station-9")
    add = {"action": "add", "vkey": str(new.vkey), "role": "station"}
    liar.enter("key", by=(liar.key(KeyRole.ADMIN),), id=three.liar.bank.uuid(), **add)
    with nothing_moves(told):
        said = liar.say(liar.offer(told, 240, by=(new,)))
        assert declined(lambda: told.admit(three.liar.origin, said)) is Code.KEY_UNKNOWN


def test_a_receipt_without_the_proofs_of_its_keys_is_not_believed(three: Three) -> None:
    liar, origin = Liar(three.liar), three.liar.origin
    offer = liar.offer(three.told, 60)
    station = str(liar.key(KeyRole.STATION).vkey)
    added = next(one.id for one in liar.records if one.intent.body.get("vkey") == station)
    with nothing_moves(three.told):
        assert declined(lambda: three.told.admit(origin, liar.say(offer, without=["genesis"]))) is Code.NOTE_FORM
        assert declined(lambda: three.told.admit(origin, liar.say(offer, without=[added]))) is Code.KEY_UNKNOWN


@pytest.mark.parametrize("role", [KeyRole.STATION, KeyRole.SYSTEM, KeyRole.LOG, KeyRole.ADMIN])
def test_keys_may_be_replaced_any_number_of_times_and_hours_still_travel(three: Three, role: KeyRole) -> None:
    """Admins too: whoever replaces a key after that is known from the receipt, though no admin at the founding."""
    for house in (three.liar, three.told):
        for _ in range(2):
            keys.rotate(house.bank, OPERATOR, house.code, role)
        keys.rotate(house.bank, OPERATOR, house.code, KeyRole.STATION)
        keys.rotate(house.bank, OPERATOR, house.code, KeyRole.SYSTEM)
    sent(three)
    keys.rotate(three.liar.bank, OPERATOR, three.liar.code, role)
    sent(three)
    for house in (three.liar, three.told):
        audits.verify(house.bank, OPERATOR, house.code)


def admins_of(house: House) -> list[Signer]:
    """The keys of its quorum, as the house holds them."""
    with house.bank.view() as view:
        keys = reads.keys_of(view.connection, view.head(house.origin), KeyRole.ADMIN)
    return [house.bank.log_signer(key) for key in keys if key.until is None]


@pytest.mark.parametrize("role", [KeyRole.STATION, KeyRole.LEAD])
def test_a_key_that_was_revoked_signs_no_offer(three: Three, role: KeyRole) -> None:
    old = Liar(three.liar).key(role)
    keys.rotate(three.liar.bank, OPERATOR, three.liar.code, role)
    liar = Liar(three.liar)
    said = liar.say(liar.offer(three.told, 60, by=(old,)))
    with nothing_moves(three.told):
        assert declined(lambda: three.told.admit(three.liar.origin, said)) is Code.KEY_REVOKED


def revocations(liar: Liar) -> list[str]:
    return [one.id for one in liar.records if one.intent.body.get("action") == "revoke"]


@pytest.mark.parametrize("is_known", [True, False], ids=["seen before", "seen after"])
def test_who_was_told_of_a_revocation_needs_not_be_told_again(three: Three, is_known: bool) -> None:
    """Also where the key was never used with this community: it did not stand at the first head that it saw."""
    if is_known:
        sent(three)
    old = Liar(three.liar).key(KeyRole.STATION)
    keys.rotate(three.liar.bank, OPERATOR, three.liar.code, KeyRole.STATION)
    sent(three)
    liar = Liar(three.liar)
    seen = three.told.seen(three.liar.origin)
    hidden = liar.say(liar.offer(three.told, 60, by=(old,)), seen, without=revocations(liar))
    with nothing_moves(three.told):
        assert declined(lambda: three.told.admit(three.liar.origin, hidden)) is Code.KEY_REVOKED


def test_a_revoked_decision_key_and_a_revoked_log_key_say_nothing(three: Three) -> None:
    old = {role: Liar(three.liar).key(role) for role in (KeyRole.SYSTEM, KeyRole.LOG)}
    for role in old:
        keys.rotate(three.liar.bank, OPERATOR, three.liar.code, role)
    sent(three)
    transfer = offered(three.told, three.liar)
    hold = next(one for one in three.told.records_from(0) if one.id == f"{transfer}.hold")
    body = {"peer": three.told.origin, "transfer": transfer, "offer": hold.hash.hex(), "reason": "late"}
    id, seen = decision_id(three.told.origin, transfer), three.told.seen(three.liar.origin)
    liar = Liar(three.liar)
    by_system = liar.say(liar.enter("refuse", by=(old[KeyRole.SYSTEM],), id=id, **body), seen)
    liar = Liar(three.liar)
    decided = liar.enter("refuse", by=(liar.key(KeyRole.SYSTEM),), id=id, **body)
    by_log = liar.say(decided, seen, log=old[KeyRole.LOG], without=revocations(liar))
    with nothing_moves(three.told):
        assert declined(lambda: three.told.conclude(three.liar.origin, by_system, transfer)) is Code.KEY_REVOKED
        assert declined(lambda: three.told.conclude(three.liar.origin, by_log, transfer)) is Code.SIGNATURE_BAD


def test_a_revoked_admin_adds_no_key(three: Three) -> None:
    admins = admins_of(three.liar)
    keys.rotate(three.liar.bank, OPERATOR, three.liar.code, KeyRole.ADMIN)
    sent(three)
    liar, new = Liar(three.liar), stranger(f"{three.liar.origin}/station-9")
    add = {"action": "add", "vkey": str(new.vkey), "role": "station"}
    liar.enter("key", by=admins, id=three.liar.bank.uuid(), **add)
    said = liar.say(
        liar.offer(three.told, 60, by=(new,)), three.told.seen(three.liar.origin), without=revocations(liar)
    )
    with nothing_moves(three.told):
        assert declined(lambda: three.told.admit(three.liar.origin, said)) is Code.KEY_REVOKED


def test_a_revoked_admin_is_not_revoked_anew_to_be_valid_until_then(three: Three) -> None:
    """With the help of one who is still an admin: together they would be a quorum."""
    before = admins_of(three.liar)
    keys.rotate(three.liar.bank, OPERATOR, three.liar.code, KeyRole.ADMIN)
    sent(three)
    now = [admin.vkey for admin in admins_of(three.liar)]
    gone, helper = sorted(before, key=lambda admin: admin.vkey in now)
    liar, new = Liar(three.liar), stranger(f"{three.liar.origin}/station-9")
    hidden = revocations(liar)
    for action, vkey, role in (("add", new.vkey, "station"), ("revoke", gone.vkey, "admin")):
        body = {"action": action, "vkey": str(vkey), "role": role}
        liar.enter("key", by=(gone, helper), id=three.liar.bank.uuid(), **body)
    said = liar.say(liar.offer(three.told, 60, by=(new,)), three.told.seen(three.liar.origin), without=hidden)
    with nothing_moves(three.told):
        assert declined(lambda: three.told.admit(three.liar.origin, said)) is Code.KEY_REVOKED


def test_what_was_signed_before_a_key_was_revoked_is_believed_after_it(three: Three) -> None:
    """Whether the link has seen a head in between or not."""
    first, second = offered(three.liar, three.told), offered(three.liar, three.told)
    keys.rotate(three.liar.bank, OPERATOR, three.liar.code, KeyRole.STATION)
    last = offered(three.liar, three.told)
    assert [carry(three.liar, three.told, one) for one in (last, first, second)] == ["sent"] * 3


def test_a_revocation_that_nobody_was_told_of_is_found_when_the_honest_books_speak(three: Three) -> None:
    """Whoever holds the log's key as well may be believed until then: to show a history without it is a fork."""
    sent(three)
    old = Liar(three.liar).key(KeyRole.STATION)
    keys.rotate(three.liar.bank, OPERATOR, three.liar.code, KeyRole.STATION)
    liar = Liar(three.liar)
    seen = three.told.seen(three.liar.origin)
    three.told.admit(
        three.liar.origin, liar.say(liar.offer(three.told, 60, by=(old,)), seen, without=revocations(liar))
    )
    transfer = offered(three.liar, three.told)
    honest = three.liar.offer(three.told.seen(three.liar.origin), transfer)
    assert declined(lambda: three.told.admit(three.liar.origin, honest)) in (Code.NOTE_FORM, Code.PEER_FROZEN)


# --- several in one message ------------------------------------------------------------------------------------------


def test_a_lie_among_honest_offers_moves_nothing_of_the_message(three: Three) -> None:
    liar, origin = Liar(three.liar), three.liar.origin
    honest, by_nobody = liar.offer(three.told, 30), liar.offer(three.told, 30, by=(liar.key(KeyRole.LOG),))
    with nothing_moves(three.told):
        said = liar.say(honest, more=[by_nobody])
        assert declined(lambda: three.told.admit(origin, said)) is Code.KEY_ROLE
    assert three.told.admit(origin, liar.say(honest)) == (decision_id(origin, honest.id.removesuffix(".hold")),)


def test_two_offers_under_one_id_in_one_message_freeze_the_link(three: Three) -> None:
    liar, transfer = Liar(three.liar), three.liar.bank.uuid()
    first, second = liar.offer(three.told, 30, transfer), liar.offer(three.told, 60, transfer)
    with nothing_moves(three.told):
        said = liar.say(first, more=[second])
        assert declined(lambda: three.told.admit(three.liar.origin, said)) is Code.PEER_FROZEN
    check_frozen(three.told, three.liar, "breach")


def _decided(liar: Liar, told: House, transfer: str) -> Record:
    hold = next(one for one in told.records_from(0) if one.id == f"{transfer}.hold")
    body = {"peer": told.origin, "transfer": transfer, "offer": hold.hash.hex(), "reason": "late"}
    by = (liar.key(KeyRole.SYSTEM),)
    return liar.enter("refuse", by=by, id=decision_id(told.origin, transfer), **body)


def test_a_decision_that_was_not_asked_for_is_not_taken_among_others(three: Three) -> None:
    asked, other = offered(three.told, three.liar), offered(three.told, three.liar)
    liar = Liar(three.liar)
    wanted_one, unwanted = _decided(liar, three.told, asked), _decided(liar, three.told, other)
    said = liar.say(wanted_one, more=[unwanted])
    with nothing_moves(three.told):
        assert declined(lambda: three.told.conclude(three.liar.origin, said, asked)) is Code.WRONG_LEDGER


def test_what_was_not_decided_stays_on_its_way(three: Three) -> None:
    first, second = offered(three.told, three.liar), offered(three.told, three.liar)
    decisions = three.liar.admit(three.told.origin, three.told.offer(three.liar.seen(three.told.origin), first))
    answer = three.liar.answer(three.told.seen(three.liar.origin), *decisions)
    (outcome,) = three.told.conclude(three.liar.origin, answer, first, second)
    assert outcome.id == f"{first}.outcome"
    assert carry(three.told, three.liar, second) == "sent"
    audits.verify(three.told.bank, OPERATOR, three.told.code)


# --- what is not for this house, or no message -----------------------------------------------------------------------


def test_an_offer_to_one_is_nothing_to_another(three: Three) -> None:
    transfer = offered(three.liar, three.told)
    said = three.liar.offer(0, transfer)
    with nothing_moves(three.third):
        assert declined(lambda: three.third.admit(three.liar.origin, said)) is Code.WRONG_LEDGER
        assert declined(lambda: three.third.admit(three.told.origin, said)) is Code.WRONG_LEDGER


def test_one_id_in_two_ledgers_is_two_transfers(three: Three) -> None:
    """Nobody takes an id away from somebody else: the decision is found by the ledger and the id together."""
    transfer = offered(three.third, three.told)
    liar = Liar(three.liar)
    squatted = liar.say(liar.offer(three.told, 60, transfer))
    three.told.admit(three.liar.origin, squatted)
    assert carry(three.third, three.told, transfer) == "sent"
    assert three.told.minutes(f"due:{three.liar.origin}") == three.told.minutes(f"due:{three.third.origin}") == -60


def test_an_id_that_another_community_of_this_service_used_is_taken(three: Three) -> None:
    first = wanted(three.liar, three.told)
    three.liar.send(first)
    bank, folk = three.liar.bank, three.third.folk
    second = replace(first, community=three.third.code, giver=folk.givers[0].id)
    with nothing_moves(three.liar):
        assert declined(lambda: transfers.send(bank, folk.clerk, second)) is Code.ID_TAKEN


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"deadline": "tomorrow"}, Code.BODY_FIELD),
        ({"payee": "debt:" + "0" * 32}, Code.BODY_FIELD),
        ({"more": 1}, Code.BODY_FIELD),
    ],
)
def test_an_offer_of_another_form_is_refused(three: Three, body: dict[str, object], code: Code) -> None:
    liar = Liar(three.liar)
    said = liar.say(liar.offer(three.told, 60, None, **body))
    with nothing_moves(three.told):
        assert declined(lambda: three.told.admit(three.liar.origin, said)) is code


def test_entries_without_what_their_kind_asks_for_are_refused(three: Three) -> None:
    """Offers without hours or with twice as many, a key of no sort: no answer is a traceback."""
    told, giver = three.told, three.liar.folk.givers[0].account
    move = (giver, f"held:{told.origin}", 60)
    body = {"peer": told.origin, "payee": told.folk.givers[0].account, "deadline": 2**50, "reason": "family"}
    for moves in ((), (move, move), ((giver, "fund", 60),)):
        liar = Liar(three.liar)
        record = liar.enter("send", *moves, by=(liar.key(KeyRole.STATION),), id=f"{told.bank.uuid()}.hold", **body)
        with nothing_moves(told):
            assert isinstance(declined(lambda: told.admit(three.liar.origin, liar.say(record))), Code)  # noqa: B023
    liar = Liar(three.liar)
    liar.enter("key", by=(liar.key(KeyRole.ADMIN),), id=told.bank.uuid())
    said = liar.say(liar.offer(told, 60))
    with nothing_moves(told):
        assert declined(lambda: told.admit(three.liar.origin, said)) is Code.BODY_FIELD


def test_garbage_of_every_sort_is_refused(three: Three) -> None:
    """Cut, grown, another shape of JSON, another receipt in the right envelope, any byte changed."""
    transfer, dice, origin = offered(three.liar, three.told), Random(3), three.liar.origin
    data = three.liar.offer(0, transfer)
    fields = msgspec.json.decode(data)
    receipt = base64.b64decode(fields["receipt"])
    garbage = [b"", b"null", b"[]", b"{}", b"\xff" * 9, b"[" * 100_000, b"x" * (LARGEST + 1), data + data]
    for name, value in (
        ("receipt", 1),
        ("receipt", "!"),
        ("since", "x"),
        ("since", 2**70),
        ("path", [1]),
        ("more", 1),
        ("x", 1),
    ):
        garbage.append(msgspec.json.encode(fields | {name: str(value) if value == 2**70 else value}))
    for _ in range(150):
        place = dice.randrange(len(receipt))
        cut, changed = receipt[:place], bytes([receipt[place] ^ 1 << dice.randrange(8)])
        for touched in (cut, cut + changed + receipt[place + 1 :], cut + receipt[place + 1 :]):
            garbage.append(msgspec.json.encode(fields | {"receipt": base64.b64encode(touched).decode()}))
    with nothing_moves(three.told):
        for said in garbage:
            assert isinstance(declined(lambda said=said: three.told.admit(origin, said)), Code)  # type: ignore[misc]
    assert three.told.evidence() == []
    assert carry(three.liar, three.told, transfer) == "sent", "and the honest message is still believed"
