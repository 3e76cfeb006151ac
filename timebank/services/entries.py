"""Take in intents that others signed with their own registered keys: a station's program, a device."""

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice

from timebank import directory
from timebank.bank import Bank, Work
from timebank.ledger import (
    Code,
    Declined,
    Intent,
    KeyRole,
    Receipt,
    Record,
    Refused,
    SignedIntent,
    Vkey,
    admit,
    formed,
    reads,
)

from . import eligibility

MOST = 1000
_CORES = os.cpu_count() or 1
# The check of a signature lets other threads run.
_THREADS = ThreadPoolExecutor(_CORES, thread_name_prefix="signatures")
# The other roles belong to the service itself and to the people who run it.
_OUTSIDE = frozenset({KeyRole.STATION, KeyRole.LEAD, KeyRole.DEVICE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The answer for one intent: its record and receipt, or why it was declined; and what followed from it.

    `repeated`: the record was there before.
    """

    id: str | None
    record: Record | None = None
    receipt: Receipt | None = None
    followed: tuple[Record, ...] = ()
    declined: Declined | None = None
    repeated: bool = False


def submit(bank: Bank, community: str, notes: Sequence[bytes]) -> list[Outcome]:
    """Enter up to 1,000 signed intents in one transaction; each is accepted or declined by itself, in order.

    Whoever holds a registered key may call this: the signature is the authority. An intent sent again gives the same
    record and receipt.
    """
    return _with_receipts(bank, bank.origin(community), _taken(bank, community, notes))


def take_in(bank: Bank, community: str, notes: Iterable[bytes]) -> Iterator[list[Outcome]]:
    """Enter however many signed intents, 1,000 a transaction, as `submit` does but without receipts.

    Broken off, it can be done again from the beginning: what is there is only found again.
    """
    for batch in _batches(notes, MOST):
        yield _taken(bank, community, batch)


def _batches(notes: Iterable[bytes], most: int) -> Iterator[list[bytes]]:
    remaining = iter(notes)
    while batch := list(islice(remaining, most)):
        yield batch


def _taken(bank: Bank, community: str, notes: Sequence[bytes]) -> list[Outcome]:
    return _sealed(bank, community, _admitted(bank, community, notes), notes)


def _admitted(bank: Bank, community: str, notes: Sequence[bytes]) -> list[SignedIntent | Outcome]:
    """Signatures are checked outside the lock, on all cores. Whether a key is still valid in the end, the rules see
    inside it."""
    with bank.view() as view:
        view.community(community)
        keys = reads.keys(view.connection, view.head_of(community))
    found = {place: key.vkey for place, key in keys.items() if key.role in _OUTSIDE}
    step = -(-len(notes) // _CORES) or 1
    parts = [notes[start : start + step] for start in range(0, len(notes), step)]
    # This thread does its part: two that are woken while it sleeps are often put on one core, one after the other.
    others = [_THREADS.submit(_admitted_part, part, found) for part in parts[1:]]
    done = [_admitted_part(part, found) for part in parts[:1]]
    return [one for part in [*done, *(other.result() for other in others)] for one in part]


def _sealed(
    bank: Bank, community: str, admitted: Sequence[SignedIntent | Outcome], notes: Sequence[bytes]
) -> list[Outcome]:
    outcomes: list[Outcome] = []
    with bank.work_for(community) as work:
        work.writer.prepare([signed for signed in admitted if isinstance(signed, SignedIntent)])
        for signed, note in zip(admitted, notes, strict=True):
            outcomes.append(enter(work, signed) if isinstance(signed, SignedIntent) else signed)
            keep_evidence(bank, work, outcomes[-1], note)
    return outcomes


def _admitted_part(notes: Sequence[bytes], keys: dict[tuple[str, bytes], Vkey]) -> list[SignedIntent | Outcome]:
    return [_admitted_one(note, keys) for note in notes]


def _admitted_one(note: bytes, keys: dict[tuple[str, bytes], Vkey]) -> SignedIntent | Outcome:
    try:
        signed = formed(admit(note, lambda name, key_id: keys.get((name, key_id))))
    except Declined as error:
        return Outcome(id=None, declined=error)
    return signed


def enter(work: Work, signed: SignedIntent) -> Outcome:
    """One intent whose signatures were verified, with what the policy says of it and what follows from it."""
    intent = signed.intent
    try:
        known = work.writer.has(intent.id)
        if not known:
            _judge(work, intent)
        record = work.append(signed)
        followed = () if known else tuple(work.settle_up(record))
    except Refused as error:
        return Outcome(id=intent.id, declined=error)
    return Outcome(id=intent.id, record=record, followed=followed, repeated=known)


def _judge(work: Work, intent: Intent) -> None:
    """What the policy says of an intent that the service did not make itself."""
    if intent.kind == "service" and intent.moves:
        _judge_credit(work, intent)
    if intent.kind == "gift":
        policy, move = work.policy_on(work.books.day_of(work.now)), intent.moves[0]
        eligibility.check_held_cap(work, policy, move.target, move.minutes)


def _judge_credit(work: Work, intent: Intent) -> None:
    body = intent.body
    if body["day"] > work.books.day_of(work.now):
        raise Refused(Code.DAY_IN_FUTURE, day=body["day"])
    day = work.writer.day_sum(body["server"], body["day"])
    right = work.policy_on(body["day"]).credit(day, body["minutes"])
    if body["credited"] != right:
        raise Refused(Code.CREDIT_NOT_POLICY, credited=body["credited"], right=right)


def keep_evidence(bank: Bank, work: Work, outcome: Outcome, note: bytes) -> None:
    """Somebody signed a head that this ledger never had: a fork, here or there. The signed bytes are kept."""
    if outcome.declined is not None and outcome.declined.code is Code.SEEN_UNKNOWN:
        work.people.add(
            directory.Evidence(id=bank.uuid(), origin=work.origin, at=work.now, what="head-unknown", note=note)
        )


def _with_receipts(bank: Bank, origin: str, outcomes: list[Outcome]) -> list[Outcome]:
    records = [outcome.record for outcome in outcomes if outcome.record is not None]
    with bank.view() as view:
        made = reads.receipts(view.connection, view.head(origin), records)
    receipts = {receipt.entry.index: receipt for receipt in made}
    return [
        replace(outcome, receipt=receipts[outcome.record.seq]) if outcome.record is not None else outcome
        for outcome in outcomes
    ]
