"""Keep one another's heads: countersign those that were verified, hear what others hold, show what contradicts.

The only answer to a service that can write as it likes is that others have seen what it signed.
"""

from dataclasses import dataclass

import msgspec

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import Bank, View
from timebank.federation import carrier, witness
from timebank.federation.messages import Stale
from timebank.ledger import Code, Declined, Refused

MOST_SHOWN = 100
_ALL = msgspec.json.encode(witness.Which(witness.MOST_HEADS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What a round came to: `given` heads of others countersigned and delivered; of the heads heard of from them how
    many agree, are forked, or could not be proved now. `failed`: links over which nothing went."""

    community: str
    given: int
    agreed: int
    forked: int
    unproved: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnessed:
    """A head of the community that another ledger has countersigned: `size` records, at a time over there."""

    cosigner: str
    size: int
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Something that is kept against a ledger: `what` is fork, breach or head-unknown."""

    id: str
    origin: str
    what: str
    at: int


def run(bank: Bank, actor: Actor | None, community: str) -> Round:
    """Exchange heads with every ledger that the community has a link to. For every night, after the reconciliation by
    which their heads are seen; safe to repeat. The cost is linear in the links and in the heads that they hold."""
    require(actor, Right.KEEP_BOOKS, community)
    with bank.view() as view:
        held = directory.transfers.heads_held(view.people, community, witness.MOST_HEADS)
        peers = [peer.origin for peer in held if peer.frozen_at is None]
    given = failed = 0
    sums = dict.fromkeys((witness.AGREED, witness.FORKED, witness.UNPROVED, witness.UNKNOWN), 0)

    def ask(origin: str, what: str, body: bytes) -> bytes:
        return carrier.ask(bank, community, origin, what, body)

    for peer in peers:
        try:
            head = witness.countersigned(bank, community, peer)
            if head is not None:
                ask(peer, "countersigned", head)
                given += 1
            for word, count in witness.compare(bank, community, ask(peer, "heads", _ALL), ask).items():
                sums[word] += count
        except (Declined, Stale):
            failed += 1
    counts = {word: sums[word] for word in (witness.AGREED, witness.FORKED, witness.UNPROVED)}
    return Round(community=community, given=given, failed=failed, **counts)


def witnessed(bank: Bank, actor: Actor | None, community: str) -> tuple[Witnessed, ...]:
    """Who has countersigned which head of the community, by the other ledger."""
    require(actor, Right.AUDIT, community)
    with bank.view() as view:
        rows = directory.transfers.cosignatures(view.people, community)
        return tuple(Witnessed(cosigner=row.cosigner, size=row.size, at=row.at) for row in rows)


def head(bank: Bank, actor: Actor | None, community: str, cosigner: str) -> bytes:
    """A head of the community with the line of another ledger, to be kept by an auditor. Refused when there is none."""
    require(actor, Right.AUDIT, community)
    with bank.view() as view:
        found = view.people.get(directory.Cosignature, (community, cosigner))
        if found is None:
            raise Refused(Code.PEER_UNKNOWN, peer=cosigner)
        return found.note


def evidence(bank: Bank, actor: Actor | None, community: str) -> tuple[Proof, ...]:
    """What is kept against the community's ledger and those that it has links to, the newest first."""
    require(actor, Right.AUDIT, community)
    with bank.view() as view:
        rows = directory.transfers.evidence_about(view.people, _known(view, community), MOST_SHOWN)
        return tuple(Proof(id=row.id, origin=row.origin, what=row.what, at=row.at) for row in rows)


def evidence_file(bank: Bank, actor: Actor | None, community: str, number: str) -> bytes:
    """The bytes of one, for anybody to check. Refused when it is not about a ledger of this community's links."""
    require(actor, Right.AUDIT, community)
    with bank.view() as view:
        found = view.people.get(directory.Evidence, number)
        if found is None or found.origin not in _known(view, community):
            raise Refused(Code.ENTRY_UNKNOWN, entry=number)
        return found.note


def _known(view: View, community: str) -> list[str]:
    return [view.origin_of(community), *(one.origin for one in directory.transfers.peers_of(view.people, community))]
