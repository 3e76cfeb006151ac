"""The links of a community to others: what each owes the other, how far it has been seen, and whether it is frozen.

A ledger that another service keeps is added by its fingerprint, which two people compared: nothing of it is trusted
before, and nothing but what it proves afterwards.
"""

from dataclasses import dataclass

import msgspec

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import Bank, Reading
from timebank.federation import carrier, desk
from timebank.federation.messages import Pinned, Told, genesis_of, read
from timebank.ledger import Code, Refused, reads

# From this share of the limit on a link is to be looked at.
SOFT_PERCENT = 80
_DIGITS, _GROUP = 60, 5
_LONGEST_PLACE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link as the books of one community have it. Minutes.

    `owed` is what the other owes this community (less than nothing: what this one owes), `held` what is on its way
    there. `compared_at` is when the books were last reconciled, and `agreed` whether nothing differed. `size` is how
    many records of it were seen proved, at `seen_at`. `is_near` from four fifths of the limit on. `url` is where the
    service is that keeps it; None: here.
    """

    origin: str
    community: str
    place: str
    url: str | None
    fingerprint: str
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """What another community needs to know of this one to add it: the name of the ledger, and its fingerprint."""

    origin: str
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """A ledger that another service keeps: its name, where the service is, and the fingerprint as it was read out."""

    community: str
    origin: str
    url: str
    fingerprint: str
    limit_minutes: int = desk.LIMIT_MINUTES


class Who(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a ledger answers anybody who asks who it is: its genesis proved under its newest head, and its place."""

    message: bytes
    place: str


def fingerprint(genesis: bytes) -> str:
    """Twelve groups of five digits (199 bits) that stand for a genesis record by its hash: to be read out and compared
    on the telephone in any language."""
    digits = f"{int.from_bytes(genesis) % 10**_DIGITS:0{_DIGITS}d}"
    return " ".join(digits[start : start + _GROUP] for start in range(0, _DIGITS, _GROUP))


def ours(bank: Bank, actor: Actor | None, community: str) -> Ours:
    """What the operator of another community is to be told on the telephone."""
    require(actor, Right.AUDIT, community)
    with bank.view() as view:
        head = view.head_of(community)
        genesis = reads.record_at(view.connection, head, 0)
        return Ours(origin=head.origin, fingerprint=fingerprint(genesis.hash))


def add(bank: Bank, actor: Actor | None, wanted: Addition) -> str:
    """Make a link to a ledger that another service keeps; the place as it calls itself. Added again it may have moved
    to another address.

    Refused where the ledger there has another fingerprint, where it is kept here, and where nobody answers.
    """
    require(actor, Right.MANAGE_PEERS, wanted.community)
    carrier.check_address(wanted.url)
    if not directory.epochs.code_of(wanted.origin):
        raise Refused(Code.LEDGER_UNKNOWN, ledger=wanted.origin)
    typed = "".join(wanted.fingerprint.split()).replace("-", "")
    with bank.view() as view:
        view.community(wanted.community)
        if reads.is_kept(view.connection, wanted.origin):
            raise Refused(Code.PEER_KNOWN)
    body = carrier.post(bank, wanted.url, carrier.path_of(wanted.origin, "who"), b"", {}, wanted.origin)
    said = carrier.read(body, Who)
    genesis = genesis_of(said.message)
    if fingerprint(genesis).replace(" ", "") != typed:
        raise Refused(Code.FINGERPRINT_WRONG)
    told = read(said.message, Pinned(wanted.origin, genesis))
    place = said.place[:_LONGEST_PLACE]
    with bank.office() as office:
        _keep(office, wanted, genesis, told, place)
    return place


def _keep(office: Reading, wanted: Addition, genesis: bytes, told: Told, place: str) -> None:
    found = directory.transfers.peer(office.connection, wanted.community, wanted.origin, lock=True)
    if found is None:
        met = directory.transfers.meet(
            office.connection,
            wanted.community,
            wanted.origin,
            genesis,
            wanted.limit_minutes,
            url=wanted.url,
            place=place,
            vkey=str(told.log),
        )
        desk.hold(office, met, told)
    elif found.genesis != genesis:
        raise Refused(Code.PEER_KNOWN)
    else:
        directory.transfers.change(office.connection, found, url=wanted.url, place=place)


@carrier.answers("who", signed=False)
def _told(bank: Bank, community: str, sender: str, body: bytes) -> bytes:
    message = desk.prove(bank, bank.origin(community), 0, "genesis")
    with bank.view() as view:
        there = view.community(community)
    return msgspec.json.encode(Who(message, f"{there.county} · {there.town} · {there.name}"))


def of(bank: Bank, actor: Actor | None, community: str) -> tuple[Link, ...]:
    """All links of a community, by the name of the other ledger."""
    require(actor, Right.AUDIT, community)
    with bank.view() as view:
        head = view.head_of(community)
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
            place = f"{there.county} · {there.town} · {there.name}" if there else peer.place or peer.origin
            made.append(
                Link(
                    origin=peer.origin,
                    community=code,
                    place=place,
                    url=peer.url,
                    fingerprint=fingerprint(peer.genesis),
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
            directory.transfers.change(office.connection, peer, frozen_at=office.now, frozen_why=why)


def thaw(bank: Bank, actor: Actor | None, community: str, origin: str) -> None:
    """Let it go on, after somebody looked at why it was frozen; the evidence is kept."""
    require(actor, Right.MANAGE_PEERS, community)
    with bank.office() as office:
        peer = desk.known(office, community, origin)
        directory.transfers.change(office.connection, peer, frozen_at=None, frozen_why=None)


def set_limit(bank: Bank, actor: Actor | None, community: str, origin: str, minutes: int) -> None:
    """How much the other may owe at most. What it owes already stays, also above."""
    require(actor, Right.MANAGE_PEERS, community)
    with bank.office() as office:
        peer = desk.known(office, community, origin)
        directory.transfers.change(office.connection, peer, limit_minutes=minutes)
