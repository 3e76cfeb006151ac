"""Communities keep, countersign and compare one another's heads, so that none can show two histories unseen.

Each handler takes bytes from another ledger (`sender`, whose carrier has vouched for it) and answers in bytes; what it
is told it verifies. That two heads of different sizes belong together nobody can see: their ledger is asked for its
head at the other size, and an answer that contradicts is signed as well.
"""

from collections.abc import Callable
from typing import Annotated

import msgspec

from timebank import directory
from timebank.bank import Bank, Reading
from timebank.directory.transfers import Link
from timebank.ledger import (
    Checkpoint,
    Code,
    Digest,
    KeyRole,
    Refused,
    TwoHeads,
    Untrusted,
    Vkey,
    check_consistency,
    cosign,
    cosigned_at,
    reads,
)

from . import carrier, desk
from .keys import of_text
from .messages import Stale, two_heads

MOST_HEADS = 500
MOST_LINES = 8  # of one service and day: one is the rule, two are a contradiction, more are noise
AGREED, FORKED, UNPROVED, UNKNOWN = "agreed", "forked", "unproved", "unknown"
Ask = Callable[[str, str, bytes], bytes]  # the ledger, what, the body: its answer


class Which(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Asks for the newest heads that a community holds of others: at most so many."""

    most: Annotated[int, msgspec.Meta(ge=1, le=MOST_HEADS)]


class HeadAt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Asks a ledger for its head at `size` records, and for the proof that it and that of `since` are one history."""

    size: int
    since: int


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The head that was asked for, signed anew, and the proof."""

    note: bytes
    path: list[bytes]


def _keys(peer: Link | directory.Peer, role: KeyRole) -> list[Vkey]:
    """The keys of another ledger that stood at the head of it that was seen last."""
    return [key.vkey for key in of_text(peer.keys or "") if key.role is role]


def countersigned(bank: Bank, community: str, origin: str) -> bytes | None:
    """The newest verified head of another ledger with this ledger's own line under it; None when there is none."""
    with bank.view() as view:
        peer = directory.transfers.peer(view.connection, community, origin)
        if peer is None or peer.note is None or peer.frozen_at is not None:
            return None
        signer = bank.signer(view.connection, view.head_of(community), KeyRole.SYSTEM)
        return cosign(Checkpoint.parse(peer.note), signer, view.now)


@carrier.answers("countersigned")
def keep_countersigned(bank: Bank, community: str, sender: str, body: bytes) -> bytes:
    """Keep another ledger's line under a head of one's own; the answer is empty.

    Untrusted where it is not signed by the sender's system key. A head that the own log key has signed and the books
    never had is kept as evidence: somebody else has that key, or the books are not what they were (SEEN_UNKNOWN).
    """
    head = Checkpoint.parse(body)
    with bank.office() as office:
        if head.origin != office.community(community).origin:
            raise Refused(Code.WRONG_LEDGER, ledger=head.origin)
        peer = desk.known(office, community, sender)
        desk.check_open(peer)
        at = max((cosigned_at(body, key) or 0 for key in _keys(peer, KeyRole.SYSTEM)), default=0)
        if not at:
            raise Untrusted(Code.SIGNATURE_BAD, key=sender)
        evidence = _never_had(bank, office, head)
        if evidence is None:
            _keep_newest(office, community, sender, head, at)
            return b""
        office.people.add(
            directory.Evidence(id=bank.uuid(), origin=head.origin, at=office.now, what=desk.FORK, note=evidence)
        )
    raise Refused(Code.SEEN_UNKNOWN, size=head.size)


def _never_had(bank: Bank, office: Reading, head: Checkpoint) -> bytes | None:
    """What proves that a head is of another history than the books; None when it is theirs. Untrusted for a head that
    no log key of the ledger has signed."""
    own = office.head(head.origin)
    logs = [key.vkey for key in reads.keys_of(office.connection, own, KeyRole.LOG)]
    if not any(head.is_signed_by(log) for log in logs):
        raise Untrusted(Code.SIGNATURE_BAD, key=head.origin)
    root = reads.root_at(office.connection, own, head.size)
    if root == head.root:
        return None
    if root is None:
        return head.note  # beyond the end of these books: the head alone says so
    return two_heads(logs, _head_at(bank, office, own, head.size).note, head).to_bytes()


def _head_at(bank: Bank, reading: Reading, own: reads.Head, size: int) -> Checkpoint:
    """A head of the past, signed anew by the log key of today."""
    root = reads.root_at(reading.connection, own, size) if size > 0 else None
    if root is None:
        raise Refused(Code.SEEN_UNKNOWN, size=size)
    newest = max(reads.keys_of(reading.connection, own, KeyRole.LOG), key=lambda key: key.since)
    return Checkpoint.issue(own.origin, size, root, bank.log_signer(newest))


def _keep_newest(office: Reading, community: str, sender: str, head: Checkpoint, at: int) -> None:
    kept = office.people.get(directory.Cosignature, (community, sender), with_for_update=True)
    if kept is None:
        office.people.add(
            directory.Cosignature(community=community, cosigner=sender, size=head.size, at=at, note=head.note)
        )
    elif head.size >= kept.size:
        kept.size, kept.at, kept.note = head.size, at, head.note


@carrier.answers("heads")
def tell_heads(bank: Bank, community: str, sender: str, body: bytes) -> bytes:
    """The newest heads that a community has verified of others, to whoever has a link to it: a list of notes."""
    asked = carrier.read(body, Which)
    with bank.view() as view:
        asking = directory.transfers.peer(view.connection, community, sender)
        if asking is None:
            raise Refused(Code.PEER_UNKNOWN, peer=sender)
        desk.check_open(asking)
        held = directory.transfers.heads_held(view.people, community, asked.most)
        return msgspec.json.encode([peer.note for peer in held if peer.origin != sender])


@carrier.answers("head-at")
def tell_head_at(bank: Bank, community: str, _sender: str, body: bytes) -> bytes:
    """The community's head at a size that somebody heard of, signed anew, and that it and another are one history."""
    asked = carrier.read(body, HeadAt)
    with bank.view() as view:
        own = view.head_of(community)
        if not 0 < asked.since <= own.size:
            raise Refused(Code.SEEN_UNKNOWN, size=asked.since)
        note = _head_at(bank, view, own, asked.size).note
        first, last = sorted((asked.size, asked.since))
        path = reads.Tiles(view.connection, own).growth(first, last)
        return msgspec.json.encode(Head(note, path))


@carrier.answers("digest")
def keep_digest(bank: Bank, community: str, sender: str, body: bytes) -> bytes:
    """Keep the day's digest of the sender's service; the answer is empty. The line is signed by nobody: what it is
    worth is that it was kept here since `received_at`. Untrusted where it is no digest of that service."""
    digest = Digest.parse(body.decode("ascii", "replace"))
    if digest.host != sender.partition("/")[0]:
        raise Untrusted(Code.WRONG_LEDGER, ledger=digest.host)
    with bank.office() as office:
        desk.check_open(desk.known(office, community, sender))
        kept = {one.line for one in directory.digests.kept_of(office.people, digest.host, digest.day)}
        if str(digest) not in kept and len(kept) < MOST_LINES:
            office.people.add(
                directory.KeptDigest(
                    host=digest.host, day=digest.day, line=str(digest), sender=sender, received_at=office.now
                )
            )
    return b""


def compare(bank: Bank, community: str, heard: bytes, ask: Ask) -> dict[str, int]:
    """Compare the heads that somebody else holds with those that are held here: how many agreed, forked (their ledger
    is accused, its link frozen), could not be proved now, or are of ledgers without a link. Untrusted for no list."""
    try:
        notes = msgspec.json.decode(heard, type=list[bytes])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Untrusted(Code.NOTE_FORM, why="not a list of heads") from error
    heads = [Checkpoint.parse(note) for note in notes[:MOST_HEADS]]
    with bank.view() as view:
        origins = {head.origin for head in heads}
        known = {
            one.origin: one for one in directory.transfers.peers_of(view.people, community) if one.origin in origins
        }
    found = dict.fromkeys((AGREED, FORKED, UNPROVED, UNKNOWN), 0)
    for head in heads:
        found[_compared(bank, community, known.get(head.origin), head, ask)] += 1
    return found


def _compared(bank: Bank, community: str, peer: directory.Peer | None, heard: Checkpoint, ask: Ask) -> str:
    if peer is None or peer.note is None or peer.frozen_at is not None:
        return UNKNOWN
    logs, held = _keys(peer, KeyRole.LOG), Checkpoint.parse(peer.note)
    if not any(heard.is_signed_by(log) for log in logs):
        return UNPROVED
    try:
        proof, word = _contradiction(held, heard, logs, ask)
    except (Refused, Untrusted, Stale):
        return UNPROVED
    if proof is not None:
        desk.accuse(bank, community, heard.origin, desk.FORK, proof.to_bytes())
    return word


def _contradiction(held: Checkpoint, heard: Checkpoint, logs: list[Vkey], ask: Ask) -> tuple[TwoHeads | None, str]:
    """Two heads of one size that their ledger has signed both, if the one held and the one heard lead to such."""
    if heard.size != held.size:
        for one, other in ((heard, held), (held, heard)):
            asked = msgspec.json.encode(HeadAt(one.size, other.size))
            answer = carrier.read(ask(one.origin, "head-at", asked), Head)
            now = Checkpoint.parse(answer.note)
            if (now.origin, now.size) != (one.origin, one.size) or not any(now.is_signed_by(log) for log in logs):
                raise Untrusted(Code.NOTE_FORM, why="not the head that was asked for")
            if now.root != one.root:
                return two_heads(logs, one.note, now), FORKED
            first, last = sorted((now, other), key=lambda head: head.size)
            if check_consistency(first.size, last.size, first.root, last.root, answer.path):
                return None, AGREED
        return None, UNPROVED
    return (None, AGREED) if heard.root == held.root else (two_heads(logs, held.note, heard), FORKED)
