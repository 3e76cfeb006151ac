"""Transfers that wait for one ledger go together: in one message, decided in one transaction, and each for itself."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
from sqlalchemy import event, update

from tests.federation.test_transfers import available, due, freeze, send, state, thaw, verify, wanted
from tests.services.test_care import later
from tests.world import ELSEWHERE, HERE, World
from timebank import directory
from timebank.access import OPERATOR
from timebank.federation import desk, messages
from timebank.services import policies, transfers


@contextmanager
def commits(world: World) -> Iterator[list[int]]:
    """How many transactions were committed meanwhile, as the length of what is given."""
    done: list[int] = []

    def note(_: object) -> None:
        done.append(1)

    event.listen(world.bank.engine, "commit", note)
    yield done
    event.remove(world.bank.engine, "commit", note)


def waiting(world: World, count: int, minutes: int = 5) -> list[transfers.Transfer]:
    """So many transfers that wait to be carried, because the link was stopped while they were sent."""
    freeze(world, ELSEWHERE, world.bank.origin(HERE))
    made = [wanted(world, minutes) for _ in range(count)]
    for transfer in made:
        assert send(world, transfer) == "offered"
    thaw(world, ELSEWHERE, world.bank.origin(HERE))
    later(world, 1)
    assert due(world)[2] == count * minutes
    return made


def test_many_are_carried_by_as_many_transactions_as_one(rich: World) -> None:
    waiting(rich, 1)
    with commits(rich) as one:
        assert transfers.run_due(rich.bank, OPERATOR) == {"sent": 1, "returned": 0, "offered": 0}
    waiting(rich, 20)
    with commits(rich) as many:
        assert transfers.run_due(rich.bank, OPERATOR) == {"sent": 20, "returned": 0, "offered": 0}
    assert len(many) == len(one)
    assert (available(rich, "li"), available(rich, "stranger"), due(rich)) == (135, 105, (105, -105, 0))
    verify(rich)


def test_more_than_go_into_one_message_are_carried_in_several(rich: World) -> None:
    waiting(rich, messages.MOST_TOGETHER + 2, minutes=1)
    done = transfers.run_due(rich.bank, OPERATOR)
    assert done == {"sent": messages.MOST_TOGETHER + 2, "returned": 0, "offered": 0}
    verify(rich)


def test_each_is_decided_for_itself_and_with_those_before_it(rich: World) -> None:
    """Three of an hour where two hours may be had: two arrive, the third comes back."""
    policies.set_layer(rich.bank, OPERATOR, ELSEWHERE, "[caps]\nheld_minutes = 120")
    policies.publish(rich.bank, OPERATOR, ELSEWHERE)
    made = waiting(rich, 3, minutes=60)
    assert transfers.run_due(rich.bank, OPERATOR) == {"sent": 2, "returned": 1, "offered": 0}
    assert sorted(state(rich, one) for one in made) == ["returned: over-cap", "sent", "sent"]
    assert due(rich) == (120, -120, 0)
    verify(rich)


def test_one_that_cannot_be_offered_holds_up_no_other(rich: World) -> None:
    first, broken, last = waiting(rich, 3)
    with rich.bank.office() as office:
        # As of a ledger that has ended: the row is here, the entry is not in these books.
        office.people.execute(
            update(directory.Transfer).where(directory.Transfer.id == broken.id).values(id="f" * 32, sealed_payee=None)
        )
    assert transfers.run_due(rich.bank, OPERATOR) == {"sent": 2, "returned": 0, "offered": 1}
    assert [state(rich, one) for one in (first, last)] == ["sent", "sent"]


def test_what_is_sent_goes_along_with_what_waits(rich: World) -> None:
    made = waiting(rich, 3)
    assert send(rich, wanted(rich)) == "sent"
    assert [state(rich, one) for one in made] == ["sent"] * 3


def test_what_many_send_at_once_arrives_once(rich: World) -> None:
    made = [[wanted(rich, minutes=1) for _ in range(4)] for _ in range(8)]
    failed: list[Exception] = []

    def act(mine: list[transfers.Transfer]) -> None:
        try:
            for transfer in mine:
                transfers.send(rich.bank, rich.actors["li"], transfer)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=act, args=(mine,)) for mine in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert {state(rich, one) for mine in made for one in mine} == {"sent"}
    assert (available(rich, "li"), available(rich, "stranger"), due(rich)) == (208, 32, (32, -32, 0))
    verify(rich)


def test_a_full_message_stays_below_the_largest_size_under_the_largest_ledger(rich: World) -> None:
    """A path of forty hashes is that of a ledger with 2^40 records."""
    made = waiting(rich, messages.MOST_TOGETHER, minutes=1)
    here = rich.bank.origin(HERE)
    data = desk.prove(rich.bank, here, 0, *(f"{one.id}.hold" for one in made))
    message = msgspec.json.decode(data, type=messages.Message)
    longer = [msgspec.structs.replace(one, path=[bytes(32)] * 40) for one in message.more]
    largest = msgspec.structs.replace(message, more=longer, path=[bytes(32)] * 80)
    assert len(largest.to_bytes()) + 40 * 1024 < messages.LARGEST
