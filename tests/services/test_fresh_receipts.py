"""Receipts made from what the transaction knew: they prove as much as those that are read from the tables."""

from tests.world import HERE, World, entered
from timebank.bank import Posted
from timebank.ledger import Receipt, reads
from timebank.services import hours, receipts


def _is_good(world: World, posted: Posted) -> bool:
    """Parsed from its bytes, checked by the rules for anybody's receipt, and of this very record."""
    data = posted.receipt.to_bytes()
    checked = receipts.check(world.bank, data)
    return (checked.entry, checked.seq) == (posted.record.id, posted.record.seq) and Receipt.parse(
        data
    ).to_bytes() == data


def test_every_size_of_the_tree_gives_a_good_receipt(world: World) -> None:
    for _ in range(70):  # past 16, 32 and 64, where what is complete changes
        posted = world.record(minutes=1)
        assert _is_good(world, posted)
        assert posted.receipt.checkpoint.size == posted.record.seq + 1


def test_it_is_the_receipt_that_the_tables_would_have_given(world: World) -> None:
    for _ in range(20):
        posted = world.record(minutes=30)
        with world.bank.view() as view:
            read = reads.receipts(view.connection, view.head(world.bank.origin(HERE)), [posted.record])[0]
        assert posted.receipt == read


def test_what_follows_from_an_entry_is_under_the_same_checkpoint(world: World) -> None:
    for _day in range(9):
        posted = world.record(minutes=1000)  # above the day's cap: an overflow follows
        assert posted.followed
        assert _is_good(world, posted)
        assert posted.receipt.checkpoint.size == posted.record.seq + 1 + len(posted.followed)
        world.clock.advance(days=1)


def test_a_receipt_stands_under_its_own_checkpoint_when_others_append_before_it_is_made(world: World) -> None:
    """Once the proofs of the keys are known: they are read for the first receipt."""
    assert _is_good(world, world.record())
    posted = world.record()
    world.record("zhao")
    assert posted.receipt.checkpoint.size == posted.record.seq + 1
    assert _is_good(world, posted)


def test_a_repeated_request_gets_its_receipt_under_the_newest_head(world: World) -> None:
    visit = world.visit()
    first = entered(hours.record(world.bank, world.actors["clerk"], visit))
    world.record()
    again = entered(hours.record(world.bank, world.actors["clerk"], visit))
    assert again.repeated
    assert again.record == first.record
    assert again.receipt.checkpoint.size == first.receipt.checkpoint.size + 1
    assert _is_good(world, again)


def test_a_memory_that_is_wrong_gives_no_wrong_receipt(world: World) -> None:
    world.record()
    for memory in world.bank.memories.values():
        for place in memory.subtrees:
            memory.subtrees[place] = bytes(32)
    assert _is_good(world, world.record())
    for memory in world.bank.memories.values():
        for seq in memory.records:
            memory.records[seq] = b"something else"
    assert _is_good(world, world.record())
