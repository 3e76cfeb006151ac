"""Compare the books of two communities at one cut, and name what differs.

What is on its way is brought on, then each entry about the pair is matched with its other half, and what both owe one
another must mirror. Reconciliation never changes an entry: what differs waits for somebody. It is also how a link
recovers: everything is asked for again, and applied by the same handlers as when it first came.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import Bank, Work
from timebank.federation import comparing
from timebank.federation.messages import Stale, Told
from timebank.ledger import Code, KeyRole, Record, Refused, Untrusted, decision_id, reads

from . import transfers
from .statements import day_in_zone

MISSING_HERE, MISSING_THERE, AMOUNT, MIRROR = "missing-here", "missing-there", "amount", "mirror"
AGREE, DIFFER = "agree", "differ"
MOST_SHOWN = 500
_AT_ONCE = 2000  # entries in one question
_MOST_HELD = 20_000


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

    Where the other ledger contradicts what it signed, the link is frozen (Refused). Refused too where it does not
    answer.
    """
    require(actor, Right.KEEP_BOOKS, community)
    # 1. What is on its way is brought on, as the minute's run would.
    _bring_on(bank, community, peer)
    # 2. The own books as they stand now, and then the other's, proved, under a head that has grown from the one that
    #    was seen last: so nothing stands there that is not known here, but what came since.
    own = _own_side(bank, community, peer)
    theirs = _their_side(bank, community, peer, own)
    # 3. What differs.
    found = _compared(bank, community, own, theirs)
    # 4. Where the pair moved and nothing differs, both sign what both books say.
    note = _signed_by_both(bank, community, own, theirs, found)
    # 5. What was found, and an entry that each can show.
    _keep(bank, community, own, theirs, found, note)
    return found


def _bring_on(bank: Bank, community: str, peer: str) -> None:
    with bank.view() as view:
        waiting = [row.id for row in directory.transfers.to_peer(view.people, community, peer, MOST_SHOWN)]
    with bank.courier(community, peer):
        states = transfers.carry_all(bank, community, peer, waiting)
    if transfers.UNREACHABLE in states.values():
        raise Refused(Code.PEER_UNREACHABLE, peer=peer, why="a transfer could not be carried")


@dataclass(frozen=True, slots=True)
class _Own:
    """The books here at the cut. `last` is the run before; `holds` what is on its way, by the id of its decision."""

    origin: str
    last: directory.Reconciliation | None
    head: reads.Head
    entries: tuple[Record, ...]
    count: int
    due: int
    holds: dict[str, int]

    @property
    def has_moved(self) -> bool:
        return self.last is None or bool(self.entries)


@dataclass(frozen=True, slots=True)
class _Theirs:
    """The other's books at their cut, as they were proved; `named` are older entries that ours answer."""

    told: Told
    entries: tuple[Record, ...]
    count: int
    link: str | None
    due: int
    held: tuple[str, ...]
    named: dict[str, Record]


def _own_side(bank: Bank, community: str, peer: str) -> _Own:
    origin = bank.origin(community)
    with bank.view() as view:
        head = view.head(origin)
        last = directory.transfers.last_run(view.people, community, peer)
        count, entries = last.own_count if last else 0, []
        while page := reads.pair_entries(view.connection, head, peer, count, _AT_ONCE):
            entries += [record for _, record in page]
            count = page[-1][0]
        due = reads.account(view.connection, head, f"due:{peer}").minutes
        open_then = reads.open_holds(view.connection, head, f"held:{peer}", _MOST_HELD)
    holds = {decision_id(origin, hold.id): hold.minutes for hold in open_then}
    return _Own(origin, last, head, tuple(entries), count, due, holds)


def _their_side(bank: Bank, community: str, peer: str, own: _Own) -> _Theirs:
    last = own.last
    after, link = (last.peer_count, last.peer_link) if last else (0, None)
    # An entry that stood under that head is known; a run without its link was made before entries were proved.
    before = last.peer_size if last and link else 0
    entries: list[Record] = []
    for looked in comparing.pages(bank, community, peer, after, link, before):
        entries += looked.entries
        with suppress(Stale):  # an offer came meanwhile; whoever sent it offers the others as well
            comparing.take(bank, community, peer, looked)
    due = (last.peer_due if last else 0) + sum(_change(entry) for entry in entries)
    known = {entry.id for entry in entries}
    wanted = {_other_half(one, own.origin)[0] for one in own.entries if one.intent.kind != "send"}
    asked = sorted((wanted | own.holds.keys()) - known)
    count = after + len(entries)
    named: dict[str, Record] = {}
    for start in range(0, len(asked), _AT_ONCE):
        named |= comparing.named(bank, community, peer, asked[start : start + _AT_ONCE])
    link = entries[-1].hash.hex() if entries else link
    return _Theirs(looked.told, tuple(entries), count, link, due, looked.held, named)


def _change(entry: Record) -> int:
    """What an entry about a pair adds to what is due to its ledger from the other."""
    signs = {"sent": 1, "accept": -1}
    return signs.get(entry.intent.kind, 0) * sum(move.minutes for move in entry.intent.moves)


def _compared(bank: Bank, community: str, own: _Own, theirs: _Theirs) -> Run:
    peer = theirs.told.records[0].intent.ledger
    halves = {entry.id: _other_half(entry, peer)[0] for entry in theirs.entries if entry.intent.kind != "send"}
    held = [decision_id(peer, transfer) for transfer in theirs.held]
    with bank.view() as view:
        here = view.head(own.origin)
        raws = reads.raw_by_ids(view.connection, here, {*halves.values(), *held})
    mine = {record.id: record for record in reads.by_raw(here, raws.values())}
    yours = theirs.named | {entry.id: entry for entry in theirs.entries}
    differences = [
        *_unmatched(own.entries, yours, own.origin, MISSING_THERE),
        *_unmatched(theirs.entries, mine, peer, MISSING_HERE),
    ]
    flying = _in_flight(own, theirs, [mine[one] for one in held if one in mine], mine, yours)
    if own.due + theirs.due + flying:
        differences.append((MIRROR, f"{own.head.size}.{theirs.told.size}"))
    return Run(
        community=community,
        peer=peer,
        size=own.head.size,
        root=own.head.root.hex(),
        peer_size=theirs.told.size,
        peer_root=theirs.told.root.hex(),
        matched=len(own.entries) + len(theirs.entries),
        due=own.due,
        peer_due=theirs.due,
        in_flight=flying,
        differences=tuple(differences),
    )


def _unmatched(
    entries: Sequence[Record], halves: Mapping[str, Record], own: str, missing: str
) -> list[tuple[str, str]]:
    """Those of one ledger's entries about the pair whose other half the other ledger does not have, or has otherwise.

    A send has none until it is decided; a decision has its offer, an outcome its decision.
    """
    found = []
    for entry in entries:
        if entry.intent.kind == "send":
            continue
        half, digest = _other_half(entry, own)
        record = halves.get(half)
        if record is None or record.hash.hex() != digest:
            found.append((missing, entry.id))
        elif _minutes(record) != _minutes(entry) and entry.intent.kind != "refuse":
            found.append((AMOUNT, entry.id))
    return found


def _in_flight(
    own: _Own, theirs: _Theirs, held: list[Record], mine: Mapping[str, Record], yours: Mapping[str, Record]
) -> int:
    """Minutes that stand in one of the two books and not yet in the other, at the two cuts.

    Theirs is the later one. So they may have accepted what was sent here after our cut, and concluded what was accepted
    here after it: the latter counts against the former, and the sum may be less than nothing.
    """
    size, peer = own.head.size, theirs.told.records[0].intent.ledger

    def later(kind: str) -> int:
        """Of their entries of a kind: what those of ours come to that they answer and that are after our cut."""
        answered = [mine.get(_other_half(one, peer)[0]) for one in theirs.entries if one.intent.kind == kind]
        return sum(_minutes(one) for one in answered if one is not None and one.seq >= size)

    there = sum(minutes for decision, minutes in own.holds.items() if _is_accept(yours.get(decision)))
    here = sum(_minutes(one) for one in held if _is_accept(one) and one.seq < size)
    return there + here + later("accept") - later("sent")


def _is_accept(record: Record | None) -> bool:
    return record is not None and record.intent.kind == "accept"


def _other_half(entry: Record, own: str) -> tuple[str, str]:
    """The id and the hash of the entry in the other ledger that this one answers. `own`: whose outcome it is."""
    body = entry.intent.body
    if entry.intent.kind in ("accept", "refuse"):
        return f"{body['transfer']}.hold", str(body["offer"])
    return decision_id(own, entry.id.removesuffix(".outcome")), str(body.get("accept") or body.get("refuse"))


def _minutes(record: Record) -> int:
    """What an entry about a pair moves; a refusal, and hours that came back, stand for nothing."""
    return 0 if record.intent.kind in ("refuse", "returned") else sum(move.minutes for move in record.intent.moves)


def _signed_by_both(bank: Bank, community: str, own: _Own, theirs: _Theirs, found: Run) -> bytes | None:
    """The statement of this cut with both signatures; None where there is nothing to state, or the other does not sign:
    it will be asked again when the pair has moved."""
    if found.differences or not (own.has_moved or theirs.entries):
        return None
    here = comparing.Side(own.origin, own.head.size, own.head.root, own.count, own.due)
    there = comparing.Side(found.peer, theirs.told.size, theirs.told.root, theirs.count, theirs.due)
    try:
        return comparing.agree(bank, community, found.peer, comparing.Statement.of(here, there, found.in_flight))
    except (Refused, Untrusted):
        return None


def _keep(bank: Bank, community: str, own: _Own, theirs: _Theirs, found: Run, note: bytes | None) -> None:
    with bank.work(own.origin) as work:
        work.people.add(
            directory.Reconciliation(
                id=bank.uuid(),
                community=community,
                peer=found.peer,
                at=work.now,
                size=found.size,
                peer_size=found.peer_size,
                own_count=own.count,
                peer_count=theirs.count,
                peer_link=theirs.link,
                due=found.due,
                peer_due=found.peer_due,
                in_flight=found.in_flight,
                result=found.result,
            )
        )
        if note is not None:
            comparing.keep(work, community, found.peer, found.size, found.peer_size, note)
        for kind, entry in found.differences:
            if work.people.get(directory.Difference, (community, found.peer, entry)) is None:
                work.people.add(
                    directory.Difference(
                        community=community, peer=found.peer, entry=entry, kind=kind, found_at=work.now
                    )
                )
        _enter(work, found, has_moved=own.has_moved or bool(theirs.entries))


def _enter(work: Work, found: Run, *, has_moved: bool) -> None:
    """An entry, at most one a day, and only where the pair moved; not of two cuts between which more was concluded
    than was on its way."""
    day = day_in_zone(work.now, work.books.offset_minutes)
    entry = f"recon.{found.peer}.{day}"
    if not has_moved or found.in_flight < 0 or work.writer.record(entry) is not None:
        return
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


def look_through(bank: Bank, actor: Actor | None, community: str, peer: str) -> int:
    """The light run, every hour: bring on what is on its way, see the other's newest head, and decide what it offered
    that never arrived; how many that were. Nothing is compared, and no entry made."""
    require(actor, Right.KEEP_BOOKS, community)
    _bring_on(bank, community, peer)
    count = 0
    with suppress(Stale):  # an offer came meanwhile, so they are heard; the rest is looked through in an hour
        with bank.view() as view:
            found = directory.transfers.peer(view.connection, community, peer)
            after = found.applied if found is not None else 0
        for looked in comparing.pages(bank, community, peer, after, None, 0):
            count += comparing.take(bank, community, peer, looked)
            after += len(looked.entries)
            if looked.entries:
                comparing.taken(bank, community, peer, after)
    return count


def look_through_all(bank: Bank, actor: Actor | None, community: str) -> dict[str, int]:
    """The light run with every ledger that another service keeps: how many links were looked through, how many offers
    were found, and how many did not answer. What is kept here arrives without it."""
    require(actor, Right.KEEP_BOOKS, community)
    done = {"links": 0, "found": 0, "silent": 0}
    for peer in _open_links(bank, community):
        if peer.url is None:
            continue
        try:
            done["found"] += look_through(bank, actor, community, peer.origin)
            done["links"] += 1
        except Refused as error:
            if error.code not in _PASSED_OVER:
                raise
            done["silent"] += 1
    return done


def _open_links(bank: Bank, community: str) -> list[directory.Peer]:
    with bank.view() as view:
        return [one for one in directory.transfers.peers_of(view.people, community) if one.frozen_at is None]


# With these nothing is wrong here: the next night, or the next hour, asks again.
_PASSED_OVER = frozenset({Code.PEER_FROZEN, Code.PEER_UNREACHABLE, Code.PEER_DECLINED})


def run_all(bank: Bank, actor: Actor | None, community: str) -> list[Run]:
    """Reconcile a community with every ledger that it has a link to; a link that is frozen is passed over, and so is
    one whose other side does not answer: it shows by the day when it was last compared."""
    require(actor, Right.KEEP_BOOKS, community)
    made = []
    for peer in _open_links(bank, community):
        try:
            made.append(run(bank, actor, community, peer.origin))
        except Refused as error:
            if error.code not in _PASSED_OVER:
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
