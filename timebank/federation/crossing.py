"""Offers on their way to another ledger and the decisions on their way back: what is asked, and what is answered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
    """The message that proves offers, and how many records of the other ledger the sender has seen."""

    message: bytes
    seen: _Size


def carry(bank: Bank, community: str, peer: str, transfers: Sequence[str]) -> tuple[Record, ...]:
    """Offer transfers, at most `messages.MOST_TOGETHER`, or offer them again, and take what was decided: the entries
    that conclude them.

    Raises as `carrier.ask` and `desk.conclude`. Whatever is raised, each transfer is where it was, and may be carried
    again at any time.
    """
    own = bank.origin(community)
    holds = [f"{transfer}.hold" for transfer in transfers]
    link = _link(bank, community, peer)
    for rest in reversed(range(_TRIES)):
        try:
            head, message = desk.prove_at(bank, own, link.shown, holds)
            asked = msgspec.json.encode(Offer(message, link.seen))
            decisions = carrier.ask(bank, community, peer, "offer", asked)
        except Stale as stale:
            if not rest:
                raise
            link = replace(link, shown=stale.size)
            continue
        try:
            return desk.conclude(bank, community, peer, transfers, decisions, head)
        except Stale as stale:
            if not rest:
                raise
            link = _Link(head, stale.size)
    raise AssertionError("the last try returns or raises")


@dataclass(frozen=True, slots=True)
class _Link:
    """How many records the other side was shown, and how many of its own were seen here."""

    shown: int
    seen: int


def _link(bank: Bank, community: str, peer: str) -> _Link:
    with bank.view() as view:
        found = directory.transfers.peer(view.connection, community, peer)
        return _Link(0, 0) if found is None else _Link(found.shown, found.size)


@carrier.answers("offer")
def _offered(bank: Bank, community: str, sender: str, body: bytes) -> bytes:
    asked = carrier.read(body, Offer)
    decisions = desk.admit(bank, community, sender, asked.message)
    return desk.prove(bank, bank.origin(community), asked.seen, *decisions)
