"""An offer on its way to another ledger and the decision on its way back: what is asked, and what is answered."""

from typing import Annotated

import msgspec

from timebank import directory
from timebank.bank import Bank
from timebank.ledger import Record

from . import carrier, desk
from .messages import Stale

_TRIES = 3  # of one delivery: each time the other side has seen more of the books
_Size = Annotated[int, msgspec.Meta(ge=0, le=1 << 52)]


class Offer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The message that proves an offer, and how many records of the other ledger the sender has seen."""

    message: bytes
    seen: _Size


def carry(bank: Bank, community: str, transfer: str, peer: str) -> Record:
    """Offer a transfer, or offer it again, and take what was decided: the entry that concludes it.

    Raises as `carrier.ask` and `desk.conclude`. Whatever is raised, the transfer is where it was, and may be carried
    again at any time.
    """
    own = bank.origin(community)
    shown = _shown(bank, community, peer)
    for rest in reversed(range(_TRIES)):
        try:
            head, message = desk.prove_at(bank, own, f"{transfer}.hold", shown)
            asked = msgspec.json.encode(Offer(message, desk.seen_of(bank, community, peer)))
            decision = carrier.ask(bank, community, peer, "offer", asked)
        except Stale as stale:
            if not rest:
                raise
            shown = stale.size
            continue
        try:
            return desk.conclude(bank, community, transfer, decision, head)
        except Stale:
            if not rest:
                raise
            shown = head
    raise AssertionError("the last try returns or raises")


def _shown(bank: Bank, community: str, peer: str) -> int:
    with bank.view() as view:
        found = directory.transfers.peer(view.people, community, peer)
        return 0 if found is None else found.shown


@carrier.answers("offer")
def _offered(bank: Bank, community: str, sender: str, body: bytes) -> bytes:
    asked = carrier.read(body, Offer)
    decision = desk.admit(bank, community, sender, asked.message)
    return desk.prove(bank, bank.origin(community), decision, asked.seen)
