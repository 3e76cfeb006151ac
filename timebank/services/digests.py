"""The day's digest: one line over all heads of this service, to print, to send, and to check against later."""

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from timebank import directory
from timebank.access import EVERYWHERE, Actor, Right, require
from timebank.bank import Bank, Reading
from timebank.federation import carrier
from timebank.federation.messages import Stale
from timebank.ledger import (
    Checkpoint,
    Code,
    Declined,
    Digest,
    DigestProof,
    Record,
    Refused,
    day_at,
    ordered_heads,
    reads,
)

MOST_SHOWN = 60


def make(bank: Bank, actor: Actor | None) -> Digest:
    """Make and keep today's digest over all heads; the one that was made before when there is one for today.

    Refused when there is no ledger yet.
    """
    require(actor, Right.KEEP_BOOKS, EVERYWHERE)
    with bank.office() as office:
        day = _day(bank, office.now)
        known = office.people.get(directory.Digest, day)
        if known is not None:
            return _digest(bank, known)
        heads = ordered_heads([head.checkpoint for head in reads.heads(office.connection) if head.checkpoint])
        if not heads:
            raise Refused(Code.LEDGER_UNKNOWN, ledger=bank.settings.host)
        made = Digest.of(bank.settings.host, day, heads)
        office.people.add(directory.Digest(day=day, at=office.now, heads=made.heads, root=made.root))
        office.people.flush()
        office.people.add_all(directory.DigestHead(day=day, origin=head.origin, checkpoint=head.note) for head in heads)
        return made


def hand_out(bank: Bank, actor: Actor | None, digest: Digest) -> Path | None:
    """Write a digest into the folder that is configured, whole or not at all; the file, or None without a folder. The
    same digest again is the same file. OSError where it cannot be written."""
    require(actor, Right.KEEP_BOOKS, EVERYWHERE)
    if not bank.settings.digest_folder:
        return None
    file = Path(bank.settings.digest_folder) / f"{digest.host.replace(':', '_')}-{digest.day}.digest"
    part = file.with_suffix(".part")
    with part.open("w", encoding="ascii") as out:
        out.write(f"{digest}\n")
        out.flush()
        os.fsync(out.fileno())
    part.replace(file)
    return file


def send(bank: Bank, actor: Actor | None, digest: Digest) -> tuple[int, int]:
    """Give a digest to every other service that a community here has a link to, once each, over whichever link works:
    how many keep it, and how many could not be reached. Given again, it is kept once."""
    require(actor, Right.KEEP_BOOKS, EVERYWHERE)
    with bank.view() as view:
        links = directory.transfers.links_elsewhere(view.people)
    services: dict[str, list[directory.Peer]] = {}
    for link in links:
        services.setdefault(link.origin.partition("/")[0], []).append(link)
    kept = sum(any(_given(bank, link, digest) for link in links) for links in services.values())
    return kept, len(services) - kept


def _given(bank: Bank, link: directory.Peer, digest: Digest) -> bool:
    try:
        carrier.ask(bank, link.community, link.origin, "digest", str(digest).encode())
    except (Declined, Stale):
        return False
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A digest line of another service, kept here since a time. `is_doubled`: it has given two for this day."""

    host: str
    day: str
    line: str
    received_at: int
    is_doubled: bool


def kept(bank: Bank, host: str | None = None) -> tuple[Kept, ...]:
    """The digests of other services, or of one, that are kept here, the newest first; public, as digests are."""
    with bank.view() as view:
        rows = directory.digests.kept(view.people, host, MOST_SHOWN)
    times = Counter((row.host, row.day) for row in rows)
    return tuple(
        Kept(
            host=row.host,
            day=row.day,
            line=row.line,
            received_at=row.received_at,
            is_doubled=times[row.host, row.day] > 1,
        )
        for row in rows
    )


def newest(bank: Bank) -> Digest | None:
    """The last digest; public, for it names no one."""
    with bank.view() as view:
        known = directory.digests.newest(view.people)
        return None if known is None else _digest(bank, known)


def of_day(bank: Bank, day: str) -> Digest:
    """The digest of a day; public. Refused when there is none."""
    with bank.view() as view:
        return _digest(bank, _known(view, day))


def proof(bank: Bank, community: str, day: str) -> DigestProof:
    """That a community's head was in the digest of a day; public, as heads are."""
    with bank.view() as view:
        digest = _digest(bank, _known(view, day))
        heads = _heads(view, day)
        origin = view.origin_of(community)
        if all(head.origin != origin for head in heads):
            raise Refused(Code.LEDGER_UNKNOWN, ledger=origin)
        return DigestProof.make(digest, heads, origin)


def receipt(bank: Bank, actor: Actor | None, community: str, record: Record, day: str) -> bytes:
    """A receipt for a record under the head that a day's digest covers. Refused when the record is newer."""
    require(actor, Right.AUDIT, community)
    with bank.view() as view:
        head = view.head_of(community)
        then = next(one for one in _heads(view, _known(view, day).day) if one.origin == head.origin)
        if record.seq >= then.size:
            raise Refused(Code.ENTRY_UNKNOWN, entry=record.id)
        (made,) = reads.receipts(view.connection, reads.head_then(head, then), [record])
        return made.to_bytes()


def _known(view: Reading, day: str) -> directory.Digest:
    found = view.people.get(directory.Digest, day)
    if found is None:
        raise Refused(Code.ENTRY_UNKNOWN, entry=f"digest {day}")
    return found


def _heads(view: Reading, day: str) -> list[Checkpoint]:
    return [Checkpoint.parse(head.checkpoint) for head in directory.digests.heads(view.people, day)]


def _digest(bank: Bank, known: directory.Digest) -> Digest:
    return Digest(bank.settings.host, known.day, known.heads, known.root)


def _day(bank: Bank, now: int) -> str:
    return day_at(now, bank.settings.utc_offset_minutes)
