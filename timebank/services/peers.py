"""The links of a community to others: what each owes the other, how far it has been seen, and whether it is frozen."""

from dataclasses import dataclass

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import Bank
from timebank.federation import desk
from timebank.ledger import reads

# From this share of the limit on a link is to be looked at.
SOFT_PERCENT = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link as the books of one community have it. Minutes.

    `owed` is what the other owes this community (less than nothing: what this one owes), `held` what is on its way
    there. `compared_at` is when the books were last reconciled, and `agreed` whether nothing differed. `size` is how
    many records of it were seen proved, at `seen_at`. `is_near` from four fifths of the limit on.
    """

    origin: str
    community: str
    place: str
    owed: int
    held: int
    limit_minutes: int
    size: int
    seen_at: int | None
    frozen_at: int | None
    frozen_why: str | None
    compared_at: int | None
    agreed: bool | None

    @property
    def is_near(self) -> bool:
        return self.owed * 100 >= self.limit_minutes * SOFT_PERCENT > 0


def of(bank: Bank, actor: Actor | None, community: str) -> tuple[Link, ...]:
    """All links of a community, by the name of the other ledger."""
    require(actor, Right.AUDIT, community)
    with bank.view() as view:
        head = view.head(bank.origin(community))
        peers = directory.transfers.peers_of(view.people, community)
        names = [f"{kind}:{peer.origin}" for peer in peers for kind in ("due", "held")]
        accounts = reads.accounts(view.connection, head, names)

        def minutes(kind: str, origin: str) -> int:
            found = accounts.get(f"{kind}:{origin}")
            return found.minutes if found else 0

        runs = directory.positions.newest_runs(view.people, community)
        codes = [directory.epochs.code_of(peer.origin) for peer in peers]
        places = directory.communities.named(view.connection, codes)
        made = []
        for peer, code in zip(peers, codes, strict=True):
            there = places.get(code)
            run = runs.get((community, peer.origin))
            made.append(
                Link(
                    origin=peer.origin,
                    community=code,
                    place=f"{there.county} · {there.town} · {there.name}" if there else peer.origin,
                    owed=-minutes("due", peer.origin),
                    held=minutes("held", peer.origin),
                    limit_minutes=peer.limit_minutes,
                    size=peer.size,
                    seen_at=peer.seen_at,
                    frozen_at=peer.frozen_at,
                    frozen_why=peer.frozen_why,
                    compared_at=run.at if run else None,
                    agreed=run.result == "agree" if run else None,
                )
            )
        return tuple(made)


def freeze(bank: Bank, actor: Actor | None, community: str, origin: str, why: str) -> None:
    """Stop everything between two communities, on this side; what is held stays held. Frozen already, it stays so."""
    require(actor, Right.MANAGE_PEERS, community)
    with bank.office() as office:
        peer = desk.known(office, community, origin)
        if peer.frozen_at is None:
            peer.frozen_at, peer.frozen_why = office.now, why


def thaw(bank: Bank, actor: Actor | None, community: str, origin: str) -> None:
    """Let it go on, after somebody looked at why it was frozen; the evidence is kept."""
    require(actor, Right.MANAGE_PEERS, community)
    with bank.office() as office:
        peer = desk.known(office, community, origin)
        peer.frozen_at = peer.frozen_why = None


def set_limit(bank: Bank, actor: Actor | None, community: str, origin: str, minutes: int) -> None:
    """How much the other may owe at most. What it owes already stays, also above."""
    require(actor, Right.MANAGE_PEERS, community)
    with bank.office() as office:
        desk.known(office, community, origin).limit_minutes = minutes
