"""An entry as its page shows it: the sentence, what belongs to it, its proof, and what was asked about it."""

from dataclasses import dataclass

from timebank.access import Actor
from timebank.bank import Bank
from timebank.ledger import reads

from . import questions, receipts, statements


@dataclass(frozen=True, slots=True, kw_only=True)
class OneEntry:
    """All of it as it was at one moment. `may_ask`: whether the actor could ask about it now."""

    item: statements.Item
    linked: tuple[statements.Item, ...]
    proof: receipts.Checked
    questions: tuple[questions.Asked, ...]
    may_ask: bool


def show(bank: Bank, actor: Actor | None, community: str, entry: str) -> OneEntry:
    """For staff of the community, and each person whose entry it is. The proof is made and checked anew each time."""
    with bank.view() as view:
        record = statements.seen_record(view, actor, community, entry)
        (receipt,) = reads.receipts(view.connection, view.head_of(community), [record])
        return OneEntry(
            item=statements.entry_in(view, actor, community, record),
            linked=statements.linked_in(view, actor, community, record),
            proof=receipts.check_in(view, receipt),
            questions=questions.about_in(view, actor, community, record),
            may_ask=questions.may_ask_in(view, actor, community, record),
        )
