"""Bring back the acknowledged entries that a restored or truncated database has lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import Bank, Reading
from timebank.ledger import (
    Checkpoint,
    Code,
    FoundRecords,
    Record,
    Refused,
    RestorePlan,
    bring_back,
    plan_restore,
    reads,
)
from timebank.lifecycle import State

_STATES = {"settle": State.CONFIRMED, "release": State.RELEASED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """How far a ledger came: from `held` records to `size`.

    `behind`: why it is still read-only; None when it can be written. `missing`: ranges of numbers that no file had.
    `unused`: by file, why. `fork`: somebody signed other records of this ledger than those kept here, and nothing was
    written. `without_person`: accounts that came back and belong to nobody in the directory.
    """

    origin: str
    held: int
    size: int
    behind: str | None
    missing: tuple[range, ...]
    rejected: str | None
    unused: dict[str, str]
    fork: bool
    without_person: int


def recover(bank: Bank, actor: Actor | None, community: str, files: Sequence[Path]) -> Recovered:
    """Store the proved records from exports and receipts that follow ours without a gap, byte for byte, with all that
    is derived from them, and sign the head again. Where they reach the mark, the ledger can be written at once.
    """
    require(actor, Right.REPAIR_LEDGER, community)
    # 1. Find, prove and replay, without holding anybody up. Nothing is written.
    found = FoundRecords()
    with bank.view() as view:
        head = view.head_of(community)
        for path in files:
            with path.open("rb") as file:
                found.read(str(path), file, view.connection, head)
        mark = bank.highwater.read(head.number)
        mark = mark if mark is not None and mark.is_of(head.origin) else None
        made = plan_restore(view.connection, head, found, mark)
    # 2. Write, all or nothing.
    with bank.office() as office:
        without_person = _store(bank, office, community, made)
    # A crash here, after the commit: the records are there, and the mark was as high or is raised by the next entry.
    # A mark that is not there is not made here: only the operator says that nothing is missing.
    if made.fork is None and mark is not None:
        bank.highwater.raise_to(head.number, head.origin, made.books.size, made.books.tree.root())
    with bank.view() as view:
        now = view.head(head.origin)
        return Recovered(
            origin=head.origin,
            held=head.size,
            size=now.size,
            behind=bank.behind(view.connection, now),
            missing=tuple(made.missing),
            rejected=made.rejected,
            unused=found.unused,
            fork=made.fork is not None,
            without_person=without_person,
        )


def _store(bank: Bank, office: Reading, community: str, made: RestorePlan) -> int:
    head = reads.head(office.connection, made.at.origin, lock=True)
    if (head.size, head.hash) != (made.at.size, made.at.hash):
        raise Refused(Code.DATABASE_BUSY)  # somebody wrote meanwhile: the plan is for another head
    if made.fork is not None:
        _keep_evidence(bank, office, head.checkpoint, made.fork)
        return 0
    if not made.records:
        return 0
    # A crash from here to the commit keeps nothing: neither records nor what is derived from them.
    bring_back(office.connection, made, bank.log_signer)
    return _mend_people(bank, office, community, made)


def _keep_evidence(bank: Bank, office: Reading, own: Checkpoint | None, theirs: bytes) -> None:
    """Both signed heads: together they prove to anybody that this ledger was led twice."""
    for note in (b"" if own is None else own.note, theirs):
        if note:
            origin = Checkpoint.parse(note).origin
            office.people.add(directory.Evidence(id=bank.uuid(), origin=origin, at=office.now, what="fork", note=note))


def _mend_people(bank: Bank, office: Reading, community: str, made: RestorePlan) -> int:
    """What the directory can know again of the entries that came back. It was restored with the books, and is behind.

    A retry of a request finds its entry again instead of making a second one; an order is there again with its hold.
    """
    held = {key.vkey.name for key in made.books.keys.values() if bank.keyring.holds(key.vkey)}
    own = [record.id for record in made.records if record.intent.by in held]
    directory.recovered.note_requests(office.people, made.at.origin, own)
    # As far as the books tell: what had been between asking and the outcome is lost, so the board has it again.
    outcomes = {
        record.intent.ref: _STATES[record.intent.kind] for record in made.records if record.intent.kind in _STATES
    }
    directory.recovered.note_outcomes(office.people, community, outcomes)
    for record in made.records:
        if record.intent.kind == "hold":
            _order_again(office, community, made, record, outcomes)
    opened = (record.intent.body["account"] for record in made.records if record.intent.kind == "open")
    return directory.recovered.accounts_of_nobody(office.people, opened)


def _order_again(
    office: Reading, community: str, made: RestorePlan, record: Record, outcomes: dict[str | None, State]
) -> None:
    body = record.intent.body
    elder = directory.recovered.person_of(office.people, body["served"][0]) if body["served"] else None
    if elder is None or directory.recovered.has_order(office.people, record.id):
        return
    office.people.add(
        directory.Order(
            id=body["order"],
            community=community,
            elder=elder.id,
            asked_by=elder.id,  # who it was is lost
            service=body["service"],
            minutes=record.intent.moves[0].minutes,
            wanted_day=made.books.day_of(record.ms),
            hold=record.id,
            created_at=record.ms,
            state=outcomes.get(record.id, State.OPEN),
        )
    )
