"""Compare the books of two communities at one cut, and name what differs.

What is on its way is brought on, then each entry about the pair is matched with its other half, and what both owe one
another must mirror. Reconciliation never changes an entry: what differs waits for somebody. It is also how a link
recovers: everything is asked for again, and applied by the same handlers as when it first came.
"""

from dataclasses import dataclass

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import Bank, View
from timebank.federation import desk
from timebank.federation.messages import Stale
from timebank.ledger import Code, KeyRole, Record, Refused, decision_id, reads

from . import transfers
from .statements import day_in_zone

MISSING_HERE, MISSING_THERE, AMOUNT, MIRROR = "missing-here", "missing-there", "amount", "mirror"
AGREE, DIFFER = "agree", "differ"
MOST_SHOWN = 500
_AT_ONCE = 2000  # entries about a pair in one run


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a run found. Minutes; `due` and `peer_due` are what each side has as due from the other, at the cut."""

    community: str
    peer: str
    size: int
    root: str
    peer_size: int
    peer_root: str
    matched: int
    due: int
    peer_due: int
    in_flight: int
    differences: tuple[tuple[str, str], ...]  # kind and entry

    @property
    def result(self) -> str:
        return DIFFER if self.differences else AGREE


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A difference that nobody has resolved: the entry that has no other half, or `mirror`; when it was found."""

    peer: str
    kind: str
    entry: str
    found_at: int


def run(bank: Bank, actor: Actor | None, community: str, peer: str) -> Run:
    """Reconcile a community with one ledger. The cost is linear in the entries about the pair since the last run.

    Where the other ledger contradicts what it signed, the link is frozen (Refused).
    """
    require(actor, Right.KEEP_BOOKS, community)
    # 1. What is on its way is brought on, as the minute's run would.
    with bank.view() as view:
        waiting = [row.id for row in directory.transfers.to_peer(view.people, community, peer, MOST_SHOWN)]
    for transfer in waiting:
        transfers.deliver(bank, community, transfer)
    # 2. The other's head: grown since the one that was seen last, or the link is frozen.
    _see(bank, community, peer)
    # 3. Both books as they stood at one moment.
    with bank.view() as view:
        found, counts = _compared(view, bank.origin(community), community, peer)
    # 4. What was found, and, where the pair moved, an entry that both can show.
    _keep(bank, community, found, counts)
    return found


def _see(bank: Bank, community: str, peer: str) -> None:
    for _ in range(3):
        with bank.view() as view:
            newest = reads.record_at(view.connection, view.head(peer), view.head(peer).size - 1).id
        try:
            desk.see(bank, community, peer, desk.prove(bank, peer, newest, desk.seen_of(bank, community, peer)))
            return
        except Stale:
            continue


def _compared(view: View, own: str, community: str, peer: str) -> tuple[Run, tuple[int, int]]:
    here, there = view.head(own), view.head(peer)
    before = directory.transfers.last_run(view.people, community, peer)
    counts = (before.own_count, before.peer_count) if before else (0, 0)
    mine = reads.pair_entries(view.connection, here, peer, counts[0], _AT_ONCE)
    theirs = reads.pair_entries(view.connection, there, own, counts[1], _AT_ONCE)
    differences = [
        *_unmatched(view, [one for _, one in mine], there, own, MISSING_THERE),
        *_unmatched(view, [one for _, one in theirs], here, peer, MISSING_HERE),
    ]
    due = reads.account(view.connection, here, f"due:{peer}").minutes
    peer_due = reads.account(view.connection, there, f"due:{own}").minutes
    flying = _in_flight(view, here, there) + _in_flight(view, there, here)
    if due + peer_due + flying:
        differences.append((MIRROR, f"{here.size}.{there.size}"))
    found = Run(
        community=community,
        peer=peer,
        size=here.size,
        root=here.root.hex(),
        peer_size=there.size,
        peer_root=there.root.hex(),
        matched=len(mine) + len(theirs),
        due=due,
        peer_due=peer_due,
        in_flight=flying,
        differences=tuple(differences),
    )
    return found, (mine[-1][0] if mine else counts[0], theirs[-1][0] if theirs else counts[1])


def _unmatched(view: View, entries: list[Record], other: reads.Head, own: str, missing: str) -> list[tuple[str, str]]:
    """Those of one ledger's entries about the pair whose other half the other ledger does not have, or has otherwise.

    A send has none until it is decided; a decision has its offer, an outcome its decision.
    """
    wanted = {entry.id: _other_half(entry, own) for entry in entries if entry.intent.kind != "send"}
    raws = reads.raw_by_ids(view.connection, other, {half for half, _ in wanted.values()})
    halves = {record.id: record for record in reads.by_raw(other, raws.values())}
    found = []
    for entry in entries:
        if entry.id not in wanted:
            continue
        half, digest = wanted[entry.id]
        record = halves.get(half)
        if record is None or record.hash.hex() != digest:
            found.append((missing, entry.id))
        elif _minutes(record) != _minutes(entry) and entry.intent.kind != "refuse":
            found.append((AMOUNT, entry.id))
    return found


def _other_half(entry: Record, own: str) -> tuple[str, str]:
    """The id and the hash of the entry in the other ledger that this one answers. `own`: whose outcome it is."""
    body = entry.intent.body
    if entry.intent.kind in ("accept", "refuse"):
        return f"{body['transfer']}.hold", str(body["offer"])
    return decision_id(own, entry.id.removesuffix(".outcome")), str(body.get("accept") or body.get("refuse"))


def _minutes(record: Record) -> int:
    """What an entry about a pair moves; a refusal, and hours that came back, stand for nothing."""
    return 0 if record.intent.kind in ("refuse", "returned") else sum(move.minutes for move in record.intent.moves)


def _in_flight(view: View, sender: reads.Head, receiver: reads.Head) -> int:
    """Minutes that the receiver has accepted and the sender not yet concluded."""
    holds = reads.open_holds(view.connection, sender, f"held:{receiver.origin}", _AT_ONCE)
    decisions = {decision_id(sender.origin, hold.id): hold.minutes for hold in holds}
    raws = reads.raw_by_ids(view.connection, receiver, set(decisions))
    accepted = [one.id for one in reads.by_raw(receiver, raws.values()) if one.intent.kind == "accept"]
    return sum(decisions[one] for one in accepted)


def _keep(bank: Bank, community: str, found: Run, counts: tuple[int, int]) -> None:
    with bank.work(bank.origin(community)) as work:
        before = directory.transfers.last_run(work.people, community, found.peer)
        moved = before is None or (before.own_count, before.peer_count) != counts
        work.people.add(
            directory.Reconciliation(
                id=bank.uuid(),
                community=community,
                peer=found.peer,
                at=work.now,
                size=found.size,
                peer_size=found.peer_size,
                own_count=counts[0],
                peer_count=counts[1],
                due=found.due,
                peer_due=found.peer_due,
                in_flight=found.in_flight,
                result=found.result,
            )
        )
        for kind, entry in found.differences:
            if work.people.get(directory.Difference, (community, found.peer, entry)) is None:
                work.people.add(
                    directory.Difference(
                        community=community, peer=found.peer, entry=entry, kind=kind, found_at=work.now
                    )
                )
        day = day_in_zone(work.now, work.books.offset_minutes)
        entry = f"recon.{found.peer}.{day}"
        if moved and work.writer.record(entry) is None:
            body: dict[str, object] = {
                "peer": found.peer,
                "day": day,
                "size": found.size,
                "root": found.root,
                "peer-size": found.peer_size,
                "peer-root": found.peer_root,
                "due": found.due,
                "peer-due": found.peer_due,
                "in-flight": found.in_flight,
                "result": found.result,
            }
            work.post("recon", by=(KeyRole.SYSTEM,), id=entry, body=body)


def run_all(bank: Bank, actor: Actor | None, community: str) -> list[Run]:
    """Reconcile a community with every ledger that it has a link to; a link that is frozen is passed over."""
    require(actor, Right.KEEP_BOOKS, community)
    with bank.view() as view:
        peers = [one.origin for one in directory.transfers.peers_of(view.people, community) if one.frozen_at is None]
    made = []
    for peer in peers:
        try:
            made.append(run(bank, actor, community, peer))
        except Refused as error:
            if error.code is not Code.PEER_FROZEN:
                raise
    return made


def open_ones(bank: Bank, actor: Actor | None, community: str) -> tuple[Open, ...]:
    """What differs and nobody has resolved, the longest open first."""
    require(actor, Right.AUDIT, community)
    with bank.view() as view:
        found = directory.transfers.open_differences(view.people, community, MOST_SHOWN)
        return tuple(Open(peer=one.peer, kind=one.kind, entry=one.entry, found_at=one.found_at) for one in found)


def resolve(bank: Bank, actor: Actor | None, community: str, peer: str, entry: str, resolution: str) -> None:
    """Somebody looked at a difference and says what was done about it, by which entry; it is changed by entries alone.
    The same again changes nothing; another word than before is refused."""
    actor = require(actor, Right.DECIDE_DOUBT, community)
    with bank.office() as office:
        found = office.people.get(directory.Difference, (community, peer, entry))
        if found is None:
            raise Refused(Code.ENTRY_UNKNOWN, entry=entry)
        if found.resolution not in (None, resolution):
            raise Refused(Code.ALREADY_DECIDED, decision=found.resolution)
        if found.resolved_at is None:
            found.resolved_at, found.resolved_by, found.resolution = office.now, actor.login, resolution
