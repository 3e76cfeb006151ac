"""Hours that travel between two communities of one service: they arrive once, or come back."""

import random
from dataclasses import replace

import msgspec
import pytest

from tests.services.test_care import later
from tests.services.test_standing import refusal
from tests.world import ELSEWHERE, HERE, World
from timebank import directory
from timebank.access import OPERATOR, Denied
from timebank.federation import desk, messages
from timebank.ledger import Code, Untrusted, decision_id, reads
from timebank.services import audits, epochs, payees, peers, policies, standing, transfers


def wanted(world: World, minutes: int = 60, giver: str = "li", to: str = "stranger") -> transfers.Transfer:
    return transfers.Transfer(
        id=world.bank.uuid(),
        community=HERE,
        giver=world.people[giver].id,
        to=ELSEWHERE,
        card=world.people[to].card,
        minutes=minutes,
    )


def send(world: World, transfer: transfers.Transfer, actor: str = "li") -> str:
    transfers.send(world.bank, world.actors[actor], transfer)
    return state(world, transfer)


def state(world: World, transfer: transfers.Transfer) -> str:
    (found,) = (
        one for one in transfers.of_person(world.bank, world.actors["clerk"], transfer.giver) if one.id == transfer.id
    )
    return found.state if found.reason is None else f"{found.state}: {found.reason}"


def available(world: World, person: str) -> int:
    actor = world.actors["far clerk" if person == "stranger" else "clerk"]
    return transfers_figures(world, actor, person)


def transfers_figures(world: World, actor: object, person: str) -> int:
    with world.bank.view() as view:
        known = world.people[person]
        return reads.account(view.connection, view.head(world.bank.origin(known.community)), known.account).minutes


def due(world: World) -> tuple[int, int, int]:
    """What each owes the other, by the books of both, and what is held for it here: they mirror one another."""
    here, there = world.bank.origin(HERE), world.bank.origin(ELSEWHERE)
    with world.bank.view() as view:
        return (
            reads.account(view.connection, view.head(here), f"due:{there}").minutes,
            reads.account(view.connection, view.head(there), f"due:{here}").minutes,
            reads.account(view.connection, view.head(here), f"held:{there}").minutes,
        )


def offer_of(world: World, transfer: transfers.Transfer) -> bytes:
    """What is said to the other side, as it would say it now."""
    here = world.bank.origin(HERE)
    return desk.prove(world.bank, here, desk.seen_of(world.bank, ELSEWHERE, here), f"{transfer.id}.hold")


def verify(world: World) -> None:
    for community in (HERE, ELSEWHERE):
        audits.verify(world.bank, OPERATOR, community)


def freeze(world: World, community: str, origin: str) -> None:
    peers.freeze(world.bank, OPERATOR, community, origin, "by hand")


def thaw(world: World, community: str, origin: str) -> None:
    peers.thaw(world.bank, OPERATOR, community, origin)


def test_hours_arrive_and_the_books_of_both_mirror_one_another(rich: World) -> None:
    assert send(rich, wanted(rich, 90)) == "sent"
    assert (available(rich, "li"), available(rich, "stranger")) == (150, 90)
    assert due(rich) == (90, -90, 0)
    verify(rich)


def test_sending_again_changes_nothing_and_gives_the_same_receipt(rich: World) -> None:
    transfer = wanted(rich)
    first = transfers.send(rich.bank, rich.actors["li"], transfer)
    again = transfers.send(rich.bank, rich.actors["li"], transfer)
    assert (again.record, again.repeated) == (first.record, True)
    assert available(rich, "stranger") == 60
    assert refusal(lambda: send(rich, replace(transfer, minutes=30))) is Code.ID_TAKEN


@pytest.mark.parametrize(
    ("rule", "reason"),
    [('[redeeming]\nelsewhere = "redeem"', "not-taken-in"), ("[caps]\nheld_minutes = 59", "over-cap")],
)
def test_what_the_other_community_refuses_comes_back(rich: World, rule: str, reason: str) -> None:
    policies.set_layer(rich.bank, OPERATOR, ELSEWHERE, rule)
    policies.publish(rich.bank, OPERATOR, ELSEWHERE)
    assert send(rich, wanted(rich)) == f"returned: {reason}"
    assert (available(rich, "li"), due(rich)) == (240, (0, 0, 0))
    verify(rich)


def test_a_payee_who_is_suspended_gets_nothing(rich: World) -> None:
    suspended = standing.Suspension(community=ELSEWHERE, person=rich.people["stranger"].id)
    standing.suspend(rich.bank, rich.actors["far lead"], suspended)
    assert send(rich, wanted(rich)) == "returned: payee-not-active"


def test_more_than_the_limit_between_two_communities_comes_back(rich: World) -> None:
    peers.set_limit(rich.bank, OPERATOR, ELSEWHERE, rich.bank.origin(HERE), 100)
    assert send(rich, wanted(rich, 60)) == "sent"
    assert send(rich, wanted(rich, 41)) == "returned: over-limit"
    assert send(rich, wanted(rich, 40)) == "sent"


def test_the_rules_here_are_asked_before_anything_is_held(rich: World) -> None:
    assert refusal(lambda: send(rich, wanted(rich, 241))) is Code.OVERDRAFT
    assert refusal(lambda: send(rich, replace(wanted(rich), to=HERE, card=rich.people["wang"].card))) is (
        Code.SAME_COMMUNITY
    )
    assert refusal(lambda: send(rich, replace(wanted(rich), card=rich.people["wang"].card))) is Code.PERSON_UNKNOWN
    rich.policy("[relations]\nfriends = false")
    assert refusal(lambda: send(rich, wanted(rich))) is Code.NOT_IN_CIRCLE
    rich.policy('[redeeming]\nelsewhere = "deposit"')
    assert refusal(lambda: send(rich, wanted(rich))) is Code.NOT_ELSEWHERE
    with pytest.raises(Denied):
        send(rich, wanted(rich), actor="zhao")
    assert (available(rich, "li"), due(rich)) == (240, (0, 0, 0))


def moving(world: World, to: str) -> transfers.Transfer:
    return replace(wanted(world, 240, to=to), reason=transfers.MOVE)


def test_who_moves_takes_her_hours_along_whatever_the_rules_say_of_gifts(rich: World) -> None:
    rich.register("li there", "李明", ELSEWHERE, is_volunteer=True, born="1990-03-05")
    rich.policy("[relations]\nfriends = false\n[giving]\ngifts = false")
    assert refusal(lambda: send(rich, wanted(rich, to="li there"))) is Code.GIFTS_OFF
    assert send(rich, moving(rich, "li there")) == "sent"
    assert (available(rich, "li"), due(rich)) == (0, (240, -240, 0))


@pytest.mark.parametrize(("name", "born"), [("李明", "1990-03-06"), ("李小明", "1990-03-05"), ("李明", None)])
def test_moving_gives_nothing_to_somebody_else(rich: World, name: str, born: str | None) -> None:
    rich.register("other", name, ELSEWHERE, is_volunteer=True, born=born)
    assert refusal(lambda: send(rich, moving(rich, "other"))) is Code.NOT_ONESELF
    assert refusal(lambda: send(rich, moving(rich, "other"), actor="clerk")) is Code.NOT_ONESELF
    assert (available(rich, "li"), due(rich)) == (240, (0, 0, 0))


def test_while_the_other_side_cannot_be_asked_hours_stay_held_and_are_tried_for_ever(rich: World) -> None:
    here, there = rich.bank.origin(HERE), rich.bank.origin(ELSEWHERE)
    freeze(rich, ELSEWHERE, here)
    transfer = wanted(rich)
    assert send(rich, transfer) == "offered"
    assert transfers.run_due(rich.bank, OPERATOR) == {"sent": 0, "returned": 0, "offered": 0}, "not before its time"
    for _ in range(3):
        later(rich, 7)
        assert transfers.run_due(rich.bank, OPERATOR)["offered"] == 1
    assert (available(rich, "li"), due(rich)) == (180, (0, 0, 60))
    thaw(rich, ELSEWHERE, here)
    later(rich, 1)
    assert transfers.run_due(rich.bank, OPERATOR)["sent"] == 1
    assert due(rich) == (60, -60, 0)
    assert there in {peer.origin for peer in _peers(rich)}


def _peers(world: World) -> list[directory.Peer]:
    with world.bank.view() as view:
        return directory.transfers.peers_of(view.people, HERE)


def test_an_offer_that_comes_after_its_deadline_is_refused_there_and_comes_back(rich: World) -> None:
    here = rich.bank.origin(HERE)
    freeze(rich, ELSEWHERE, here)
    transfer = wanted(rich)
    send(rich, transfer)
    for _ in range(5):
        later(rich, 7)
    thaw(rich, ELSEWHERE, here)
    transfers.run_due(rich.bank, OPERATOR)
    assert (state(rich, transfer), available(rich, "li")) == ("returned: late", 240)


def test_once_refused_a_transfer_is_never_accepted(rich: World) -> None:
    """The decision stands in the other ledger: also when the reason has gone meanwhile."""
    here = rich.bank.origin(HERE)
    freeze(rich, HERE, rich.bank.origin(ELSEWHERE))
    transfer = wanted(rich)
    assert refusal(lambda: send(rich, transfer)) is Code.PEER_FROZEN
    thaw(rich, HERE, rich.bank.origin(ELSEWHERE))
    peers.set_limit(rich.bank, OPERATOR, ELSEWHERE, here, 0)
    transfer = wanted(rich)
    assert send(rich, transfer) == "returned: over-limit"
    peers.set_limit(rich.bank, OPERATOR, ELSEWHERE, here, 1000)
    desk.admit(rich.bank, ELSEWHERE, here, offer_of(rich, transfer))
    assert (available(rich, "stranger"), due(rich)) == (0, (0, 0, 0))


def test_the_same_offer_any_number_of_times_is_one_decision(rich: World) -> None:
    transfer = wanted(rich)
    send(rich, transfer)
    here = rich.bank.origin(HERE)
    for _ in range(3):
        assert desk.admit(rich.bank, ELSEWHERE, here, offer_of(rich, transfer)) == (decision_id(here, transfer.id),)
    assert available(rich, "stranger") == 60
    verify(rich)


def test_a_message_that_was_touched_is_no_message(rich: World) -> None:
    transfer = wanted(rich)
    freeze(rich, ELSEWHERE, rich.bank.origin(HERE))
    send(rich, transfer)
    thaw(rich, ELSEWHERE, rich.bank.origin(HERE))
    data, dice = offer_of(rich, transfer), random.Random(1)
    for _ in range(60):
        place = dice.randrange(len(data))
        touched = data[:place] + bytes([data[place] ^ 1 << dice.randrange(8)]) + data[place + 1 :]
        if _reads_the_same(data, touched):
            continue
        with pytest.raises((Untrusted, messages.Stale)):
            desk.admit(rich.bank, ELSEWHERE, rich.bank.origin(HERE), touched)
    for garbage in (b"", b"{}", b"x" * (messages.LARGEST + 1), data[: len(data) // 2]):
        with pytest.raises(Untrusted):
            desk.admit(rich.bank, ELSEWHERE, rich.bank.origin(HERE), garbage)
    assert (available(rich, "stranger"), due(rich)) == (0, (0, 0, 60))


def _reads_the_same(data: bytes, touched: bytes) -> bool:
    """Whether the change is one of JSON's spelling alone."""
    try:
        return bool(msgspec.json.decode(data) == msgspec.json.decode(touched))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False


def test_an_offer_for_somebody_else_is_not_taken(rich: World) -> None:
    """Another community's receipt, or one about another kind of entry, moves nothing."""
    here = rich.bank.origin(HERE)
    visit = rich.record("li", "wang", minutes=15).record.id
    about = desk.prove(rich.bank, here, desk.seen_of(rich.bank, ELSEWHERE, here), visit)
    assert refusal(lambda: desk.admit(rich.bank, ELSEWHERE, here, about)) is Code.WRONG_LEDGER
    assert available(rich, "stranger") == 0


def test_members_cannot_send_what_is_not_theirs_and_see_only_masked_names(rich: World) -> None:
    card = rich.people["stranger"].card
    found = payees.look(rich.bank, rich.actors["li"], rich.people["li"].id, card)
    assert (found.name, found.community) == ("周＊", ELSEWHERE)
    with pytest.raises(Denied):
        payees.look(rich.bank, rich.actors["li"], rich.people["zhao"].id, card)


def test_cards_are_not_found_by_trying(rich: World) -> None:
    def look(card: str) -> payees.Payee:
        return payees.look(rich.bank, rich.actors["li"], rich.people["li"].id, card)

    for _ in range(20):
        look(rich.people["stranger"].card)  # who knows the number may look as often as she likes
    for _ in range(5):
        assert refusal(lambda: look("1234567897")) is Code.PERSON_UNKNOWN
    assert refusal(lambda: look(rich.people["stranger"].card)) is Code.TOO_MANY_ATTEMPTS


def test_a_link_to_a_ledger_that_nobody_knows_is_refused(world: World) -> None:
    about = (world.bank, OPERATOR, HERE, "elsewhere.example/c/520302009001")
    assert refusal(lambda: peers.freeze(*about, "by hand")) is Code.PEER_UNKNOWN
    assert peers.of(world.bank, world.actors["auditor"], HERE) == ()


def test_no_next_epoch_is_opened_while_hours_are_on_their_way(rich: World) -> None:
    """The other community may have accepted them: what it holds against them would be given back a second time."""
    here = rich.bank.origin(HERE)
    freeze(rich, ELSEWHERE, here)
    transfer = wanted(rich)
    send(rich, transfer)
    thaw(rich, ELSEWHERE, here)
    desk.admit(rich.bank, ELSEWHERE, here, offer_of(rich, transfer))
    assert refusal(lambda: epochs.open_next(rich.bank, OPERATOR, HERE, "log-key")) is Code.STILL_TRAVELLING
    assert available(rich, "li") + available(rich, "stranger") == 240
    later(rich, 1)
    transfers.run_due(rich.bank, OPERATOR)
    epochs.open_next(rich.bank, OPERATOR, HERE, "log-key")
    assert available(rich, "li") + available(rich, "stranger") == 240
