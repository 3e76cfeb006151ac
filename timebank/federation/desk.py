"""Where one community's books meet another's: take an offer and decide, take a decision and conclude.

Each is one transaction on one ledger. A message may come any number of times and in any order: what was decided stays
decided, and who asks again is told the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from timebank import directory
from timebank.bank import Bank, Reading, Work
from timebank.directory.transfers import Link
from timebank.ledger import (
    Code,
    Corrupted,
    KeyRole,
    Note,
    Receipt,
    Record,
    Refused,
    decision_id,
    reads,
)

from .keys import STAFF, of_text, to_text
from .messages import Contradicted, Forked, Message, Pinned, Shown, Told, read, shown_of
from .pages import PAGE, Looked, Page, Wanted, read_page

# What another community may owe at most, until somebody decides otherwise: a thousand hours.
LIMIT_MINUTES = 60_000
# Hours on their way that are named in one page: far more than there are.
MOST_HELD = 20_000
BREACH, FORK = "breach", "fork"


def prove(bank: Bank, origin: str, since: int, *entries: str) -> bytes:
    """The message that entries of a ledger kept here make true, for whoever saw its first `since` records."""
    return prove_at(bank, origin, since, entries)[1]


def prove_at(bank: Bank, origin: str, since: int, entries: Sequence[str]) -> tuple[int, bytes]:
    """As `prove`, with the size of the head that they are proved under. Refused where one of them is not there."""
    with bank.view() as view:
        head = view.head(origin)
        if head.checkpoint is None:
            raise Corrupted("has no checkpoint that reads", origin=origin)
        raws, tiles = reads.raw_by_ids(view.connection, head, entries), reads.Tiles(view.connection, head)
        for entry in entries:
            if entry not in raws:
                raise Refused(Code.ENTRY_UNKNOWN, entry=entry)
        told = reads.by_raw(head, (raws[entry] for entry in entries))
        keys = [record for record in _keys_told(view, head, told, since) if record.seq != told[0].seq]
        proofs = reads.proofs(head, tiles, [*told, *keys])
        receipt = Receipt(head.checkpoint, proofs[0], tuple(proofs[len(told) :]))
        more = [shown_of(proof) for proof in proofs[1 : len(told)]]
        path = tiles.growth(since, head.size)
        return head.size, Message(receipt.to_bytes(), since, path, more).to_bytes()


def _keys_told(reading: Reading, head: reads.Head, told: Iterable[Record], since: int) -> list[Record]:
    """The key entries that a message shows, and genesis first: beside those of who signed the records and of
    the log, the keys of staff that were registered or revoked for whoever saw the first `since` records; and of all
    these who registered them, and their revocations."""
    signers = {(line.name, line.key_id) for record in told for line in Note.parse(record.note).signatures}
    keys = {(key.vkey.name, key.vkey.key_id): key for key in reads.keys_among(reading.connection, head, STAFF)}
    if not signers <= keys.keys():
        keys |= reads.keys(reading.connection, head, {name for name, _ in signers})
    log = max(key.since for key in keys.values() if key.role is KeyRole.LOG)
    wanted = {0, log, *(keys[place].since for place in signers)}
    for key in keys.values():
        if key.role in STAFF and key.until is None and key.since >= since:
            wanted.add(key.since)
        elif key.role in STAFF and key.until is not None and key.since < since <= key.until:
            wanted.add(key.until)
    shown: dict[int, Record] = {}
    while wanted:
        found = reads.records(reading.connection, head, wanted)
        if len(found) < len(wanted):
            raise Corrupted("has keys whose entries are missing", origin=head.origin)
        shown |= found
        lines = (line for record in found.values() for line in Note.parse(record.note).signatures)
        wanted = {keys[line.name, line.key_id].since for line in lines}
        wanted |= {key.until for key in keys.values() if key.until is not None and key.since in shown}
        wanted -= shown.keys()
    return [shown[number] for number in sorted(shown)]


def show(bank: Bank, community: str, peer: str, wanted: Wanted) -> bytes:
    """What the books of a community say of a peer from some entry on, as a page that proves it: see `Page`."""
    with bank.view() as view:
        head = view.head(view.community(community).origin)
        if head.checkpoint is None:
            raise Corrupted("has no checkpoint that reads", origin=head.origin)
        numbered = reads.pair_entries(view.connection, head, peer, wanted.after, PAGE + 1)
        records = [record for _, record in numbered[:PAGE]]
        raws = reads.raw_by_ids(view.connection, head, wanted.also)
        also = [one for one in reads.by_raw(head, raws.values()) if one.pair is not None and one.pair[0] == peer]
        tiles = reads.Tiles(view.connection, head)

        def shown(told: Iterable[Record]) -> list[Shown]:
            return [shown_of(proof) for proof in reads.proofs(head, tiles, told)]

        page = Page(
            note=head.checkpoint.note,
            since=wanted.seen,
            path=tiles.growth(wanted.seen, head.size),
            keys=shown(_keys_told(view, head, [*records, *also], wanted.seen)),
            entries=shown(records),
            also=shown(also),
            more=len(numbered) > PAGE,
            held=[hold.id for hold in reads.open_holds(view.connection, head, f"held:{peer}", MOST_HELD)],
        )
        return page.to_bytes()


def look(bank: Bank, community: str, origin: str, data: bytes, after: int, link: str | None, before: int) -> Looked:
    """Take a page of another ledger's entries about this community: verified, contiguous after the entry number
    `after` whose hash is `link`; its head is the one that is held from now on.

    `before`: how many records were looked through already; an entry among them that was kept back then is a breach, as
    is a gap: the link is frozen. Raises as `admit`.
    """
    own = bank.origin(community)
    with _watched(bank, community, origin), bank.office() as office:
        peer = known(office, community, origin)
        check_open(peer)
        looked = read_page(data, _pinned(peer))
        for number, record in enumerate(looked.entries, after + 1):
            if record.pair is None or record.pair[:2] != (own, number) or link not in (None, record.pair[2]):
                raise Contradicted(looked.message([record]))
            if record.seq < before:
                raise Contradicted(looked.message([record]))
            link = record.hash.hex()
        hold(office, peer, looked.told)
        return looked


def seen_of(bank: Bank, community: str, origin: str) -> int:
    """How many records of another ledger a community has seen proved; 0 when none."""
    with bank.view() as view:
        found = directory.transfers.peer(view.connection, community, origin)
        return 0 if found is None else found.size


def known(reading: Reading, community: str, origin: str) -> Link:
    """What a community holds of another ledger, locked. Of one that is kept on this service it is made when first met:
    its genesis is read, nothing is taken on trust from a message. Refused where nobody knows the ledger."""
    found = directory.transfers.peer(reading.connection, community, origin, lock=True)
    if found is not None:
        return found
    try:
        genesis = reads.record_at(reading.connection, reading.head(origin), 0)
    except Refused as error:
        raise Refused(Code.PEER_UNKNOWN, peer=origin) from error
    return directory.transfers.meet(reading.connection, community, origin, genesis.hash, LIMIT_MINUTES)


def check_open(peer: Link) -> None:
    """Refused while the link to a peer is frozen."""
    if peer.frozen_at is not None:
        raise Refused(Code.PEER_FROZEN, peer=peer.origin)


def admit(bank: Bank, community: str, sender: str, data: bytes) -> tuple[str, ...]:
    """Take offers and decide each, or find what was decided: the ids of the decisions in this community's ledger, in
    the order of the offers. One transaction: all are decided, or none is.

    Raises Untrusted and Stale where a message does not prove what it says, Refused where the link is frozen. An offer
    that contradicts an earlier one freezes the link.
    """
    with _watched(bank, community, sender), bank.work_for(community) as work:
        peer = known(work, community, sender)
        check_open(peer)
        return tuple(_decide(work, peer, offer, data) for offer in _told(work, peer, data).records)


def _decide(work: Work, peer: Link, offer: Record, data: bytes) -> str:
    sender, transfer = peer.origin, offer.id.removesuffix(".hold")
    if offer.intent.kind != "send" or offer.intent.body["peer"] != work.origin:
        raise Refused(Code.WRONG_LEDGER, ledger=sender)
    decision = decision_id(sender, transfer)
    before = work.writer.record(decision)
    if before is not None:
        if before.intent.body["offer"] != offer.hash.hex():
            raise Contradicted(data)
        return decision
    facts: dict[str, object] = {"peer": sender, "transfer": transfer, "offer": offer.hash.hex()}
    reason = _against(work, peer, offer)
    if reason is not None:
        work.post("refuse", by=(KeyRole.SYSTEM,), id=decision, body=facts | {"reason": reason})
        return decision
    (move,) = offer.intent.moves
    credited = (f"due:{sender}", str(offer.intent.body["payee"]), move.minutes)
    record = work.post("accept", credited, by=(KeyRole.SYSTEM,), id=decision, body=facts)
    if offer.intent.body["payee"] != "fund":
        work.settle_up(record)
    return decision


def _against(work: Work, peer: Link, offer: Record) -> str | None:
    """Why an offer is not accepted; None when it is. The first reason counts."""
    (move,) = offer.intent.moves
    payee = str(offer.intent.body["payee"])
    policy = work.policy_on(work.books.day_of(work.now))
    if work.now > offer.intent.body["deadline"]:
        return "late"
    if policy.redeeming.elsewhere not in ("both", "deposit"):
        return "not-taken-in"
    if payee != "fund":
        person = directory.people.by_account(work.connection, payee)
        if person is None or person.is_erased or person.community != peer.community:
            return "payee-unknown"
        if person.suspended_at is not None or person.deceased_on is not None:
            return "payee-not-active"
        account = work.writer.account(payee)
        if account.closed is not None:
            return "payee-unknown"
        if policy.over_held_cap(account, move.minutes) > 0:
            return "over-cap"
    if move.minutes - work.writer.account(f"due:{peer.origin}").minutes > peer.limit_minutes:
        return "over-limit"
    return None


def see(bank: Bank, community: str, origin: str, data: bytes) -> Told:
    """Take any entry of another ledger as a sight of its head: it is the one that is held from now on. As `admit`."""
    with _watched(bank, community, origin), bank.office() as office:
        peer = known(office, community, origin)
        check_open(peer)
        return _told(office, peer, data)


def conclude(
    bank: Bank, community: str, origin: str, transfers: Sequence[str], data: bytes, shown: int = 0
) -> tuple[Record, ...]:
    """Take the other side's decisions about transfers from here: the entries by which the hours are sent, or come back,
    in the order of the transfers. One transaction: all that are decided are concluded, or none is.

    `shown`: how many records it was shown with the offers.

    Raises as `admit`; Refused too for a decision about anything else. What was concluded before is not looked at again,
    and what is not decided stays as it is and is left out. A decision about other hours than were offered freezes the
    link.
    """
    with _watched(bank, community, origin), bank.work_for(community) as work:
        concluded = {transfer: work.writer.record(f"{transfer}.outcome") for transfer in transfers}
        waiting = {decision_id(work.origin, one): one for one, outcome in concluded.items() if outcome is None}
        if waiting:
            peer = known(work, community, origin)
            check_open(peer)
            decisions = _told(work, peer, data, shown=max(peer.shown, shown)).records
            asked = {decision_id(work.origin, transfer) for transfer in transfers}
            for decision in decisions:
                if decision.id not in asked or decision.intent.body["peer"] != work.origin:
                    raise Refused(Code.WRONG_LEDGER, ledger=origin)
                transfer = waiting.pop(decision.id, None)
                if transfer is not None:
                    concluded[transfer] = _conclude(work, origin, transfer, decision, data)
        return tuple(outcome for outcome in concluded.values() if outcome is not None)


def _conclude(work: Work, origin: str, transfer: str, decision: Record, data: bytes) -> Record:
    held = reads.record_by_id(work.connection, work.writer.head, f"{transfer}.hold")
    if held.intent.body["peer"] != origin:
        raise Refused(Code.WRONG_LEDGER, ledger=origin)
    (offered,) = held.intent.moves
    accepted = [(move.target, move.minutes) for move in decision.intent.moves]
    if decision.intent.body["offer"] != held.hash.hex() or (
        accepted and accepted != [(held.intent.body["payee"], offered.minutes)]
    ):
        raise Contradicted(data)
    made = _outcome(work, transfer, origin, decision, (offered.source, offered.minutes))
    directory.transfers.conclude(work.connection, transfer, made.intent.kind, decision.intent.body.get("reason"))
    return made


def _outcome(work: Work, transfer: str, peer: str, decision: Record, held: tuple[str, int]) -> Record:
    source, minutes = held
    sent = decision.intent.kind == "accept"
    kind, target, word = ("sent", f"due:{peer}", "accept") if sent else ("returned", source, "refuse")
    body: dict[str, object] = {"peer": peer, word: decision.hash.hex()}
    move = (f"held:{peer}", target, minutes)
    return work.post(kind, move, by=(KeyRole.SYSTEM,), id=f"{transfer}.outcome", ref=f"{transfer}.hold", body=body)


def _told(reading: Reading, peer: Link, data: bytes, **more: int) -> Told:
    """What a message says, verified; its head is the one that is held from now on, beside `more` of the link."""
    told = read(data, _pinned(peer))
    hold(reading, peer, told, **more)
    return told


def _pinned(peer: Link) -> Pinned:
    known = (peer.root or b"", peer.note or b"", of_text(peer.keys or ""))
    return Pinned(peer.origin, peer.genesis, peer.size, *known)


def hold(reading: Reading, peer: Link, told: Told, **more: int) -> None:
    """What was verified is what is held of the peer from now on: the head, and the keys that stand at it."""
    directory.transfers.change(
        reading.connection,
        peer,
        size=told.size,
        root=told.root,
        note=told.note,
        seen_at=reading.now,
        keys=to_text(told.keys),
        vkey=str(told.log),
        **more,
    )


@contextmanager
def _watched(bank: Bank, community: str, origin: str) -> Iterator[None]:
    """What contradicts itself is kept as evidence and freezes the link; nothing of the transaction is kept but that."""
    try:
        yield
    except Contradicted as lie:
        accuse(bank, community, origin, FORK if isinstance(lie, Forked) else BREACH, lie.evidence)
        raise Refused(Code.PEER_FROZEN, peer=origin) from lie


def accuse(bank: Bank, community: str, origin: str, why: str, evidence: bytes) -> None:
    """Keep what proves that a ledger contradicted itself, and let nothing more go between it and the community."""
    with bank.office() as office:
        peer = known(office, community, origin)
        office.people.add(directory.Evidence(id=bank.uuid(), origin=origin, at=office.now, what=why, note=evidence))
        if peer.frozen_at is None:
            directory.transfers.change(office.connection, peer, frozen_at=office.now, frozen_why=why)
