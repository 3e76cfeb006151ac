"""Seal a ledger: an entry that commits to what all records before it come to."""

from timebank.access import Actor, Right, require
from timebank.bank import Bank, Posted
from timebank.ledger import KeyRole, books_at, reads, state_digest


def seal(bank: Bank, actor: Actor | None, community: str) -> Posted | None:
    """Post the day's seal, signed by the system key; None when nothing was entered since the last one, or today has
    its seal already. Raises Denied or Refused."""
    require(actor, Right.KEEP_BOOKS, community)
    with bank.work_for(community) as work:
        head = work.writer.head
        day = work.books.day_of(work.now)
        newest = reads.record_at(work.connection, head, head.size - 1)
        if newest.intent.kind == "seal" or work.writer.record(f"seal.{day}") is not None:
            return None
        state = state_digest(books_at(work.connection, head, head.size))
        body = {"day": day, "size": head.size, "root": head.root.hex(), "state": state}
        record = work.post("seal", by=(KeyRole.SYSTEM,), id=f"seal.{day}", body=body)
    return bank.posted(work, record, [])
