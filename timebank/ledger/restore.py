"""Bring lost records back from exports and receipts: find them, prove them, replay them, store them as they were."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from sqlalchemy import Connection

from . import reads, store
from .books import Books, Changed, Line
from .checkpoint import Checkpoint
from .entry import Record, leaf_hash, parse_record
from .errors import Code, Corrupted, Declined, Untrusted
from .exports import FIRST_LINE as EXPORT
from .exports import Export
from .highwater import Mark
from .keys import KeyRole
from .merkle import Frontier
from .receipt import Proof, proofs_in
from .store import FindLogSigner
from .verify import Replay

# Records by number: their bytes, and the checkpoints under which these bytes have that number.
Pieces = dict[int, dict[bytes, list[Checkpoint]]]


@dataclass(slots=True)
class FoundRecords:
    """What files say of a ledger. Whether a checkpoint is the ledger's own is judged later, by keys that may
    themselves be among the lost records.

    `differing`: checkpoints under which a file has another record than the one kept here. `unused`: by file, why not.
    """

    pieces: Pieces = field(default_factory=dict)
    checkpoints: dict[bytes, Checkpoint] = field(default_factory=dict)
    differing: list[Checkpoint] = field(default_factory=list)
    unused: dict[str, str] = field(default_factory=dict)

    def read(self, name: str, file: BinaryIO, connection: Connection, at: reads.Head) -> None:
        """Take in an export, or a file of one receipt or many; all of it or nothing."""
        start = file.read(len(EXPORT))
        file.seek(0)
        try:
            if start == EXPORT:
                self._take_export(file, at)
            else:
                self._take_receipts(file, connection, at)
        except Declined as error:
            self.unused[name] = str(error.facts.get("why") or error.code.value)

    def _take_export(self, file: BinaryIO, at: reads.Head) -> None:
        exported, tree, later = Export(file), Frontier(), []
        root_here = at.root  # the root of as many records as are kept here, once the export has come so far
        for raw in exported:
            if tree.size >= at.size:
                later.append(raw)
            tree.append(leaf_hash(raw))
            if tree.size == at.size:
                root_here = tree.root()
        checkpoint = _of(at, exported.checkpoint)
        if (tree.size, tree.root()) != (checkpoint.size, checkpoint.root):
            raise Untrusted(Code.NOTE_FORM, why="its records do not lead to its checkpoint")
        self.checkpoints[checkpoint.note] = checkpoint
        if root_here != at.root:
            self.differing.append(checkpoint)
        for seq, raw in enumerate(later, at.size):
            self._add(seq, raw, checkpoint)

    def _take_receipts(self, file: BinaryIO, connection: Connection, at: reads.Head) -> None:
        proofs = [(_proved(proof, _of(at, checkpoint)), checkpoint) for proof, checkpoint in proofs_in(file.read())]
        ours = reads.records(connection, at, {proof.index for proof, _ in proofs if proof.index < at.size})
        for proof, checkpoint in proofs:
            self.checkpoints[checkpoint.note] = checkpoint
            if proof.index >= at.size:
                self._add(proof.index, proof.record, checkpoint)
            elif ours[proof.index].raw != proof.record:
                self.differing.append(checkpoint)

    def _add(self, seq: int, raw: bytes, checkpoint: Checkpoint) -> None:
        self.pieces.setdefault(seq, {}).setdefault(raw, []).append(checkpoint)


def _of(at: reads.Head, checkpoint: Checkpoint | None) -> Checkpoint:
    if checkpoint is None or checkpoint.origin != at.origin:
        raise Untrusted(Code.WRONG_LEDGER, why=f"of another ledger than {at.origin}")
    return checkpoint


def _proved(proof: Proof, checkpoint: Checkpoint) -> Proof:
    if not proof.leads_to(checkpoint) or parse_record(proof.record).seq != proof.index:
        raise Untrusted(Code.NOTE_FORM, why="a proof does not lead to its checkpoint")
    return proof


@dataclass(slots=True)
class RestorePlan:
    """What can be brought back to the ledger that stood at `at`: records in order, and the books after them.

    `missing`: ranges of numbers up to the mark of which no proved record was found. `rejected`: why the next record
    that was found is not one of this ledger. `fork`: a checkpoint of this ledger's own log key that contradicts what is
    kept here, or b"" where what was acknowledged does; then nothing may be stored.
    """

    at: reads.Head
    books: Books
    records: list[Record] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    missing: list[range] = field(default_factory=list)
    rejected: str | None = None
    fork: bytes | None = None


class _Attempt:
    """Our own records replayed, then those that were found, as far as they go (or up to `limit`)."""

    def __init__(self, connection: Connection, at: reads.Head, found: FoundRecords, limit: int | None = None) -> None:
        self.found = found
        self._connection = connection
        self._roots: dict[int, bytes] = {}
        self.replay = Replay(at.origin)
        for raw in reads.raw_records(connection, at):
            self.replay.enter(raw)
        self.books = self.replay.books
        if (self.books.size, self.books.tree.root()) != (at.size, at.root):
            raise Corrupted("the head is not what the records say", origin=at.origin)
        self.books.changed = Changed()  # only what the records to come change is written
        self.plan = RestorePlan(at, self.books)
        while (limit is None or self.books.size < limit) and self._enter_next():
            pass

    def _enter_next(self) -> bool:
        self.plan.rejected = None
        for raw in self._following():
            try:
                record, lines = self.replay.enter(raw)
            except Corrupted as error:  # from a file, not of ours: it is no reason to stop the ledger
                self.plan.rejected = str(error)
                continue
            self.plan.records.append(record)
            self.plan.lines += lines
            self.plan.rejected = None
            self._roots[self.books.size] = self.books.tree.root()
            return True
        return False

    def _following(self) -> list[bytes]:
        """What was found for the next number, the proved ones first."""
        options = self.found.pieces.get(self.books.size, {})
        return sorted(options, key=lambda raw: not any(map(self.is_own, options[raw])))

    def is_own(self, checkpoint: Checkpoint, size: int | None = None) -> bool:
        """Whether the log key in force after that many records signed it, by what the first `size` of them say."""
        known = min(checkpoint.size, self.books.size if size is None else size)
        logs = [key for key in self.books.keys.values() if key.role is KeyRole.LOG and key.since < known]
        return bool(logs) and checkpoint.is_signed_by(max(logs, key=lambda key: key.since).vkey)

    def root(self, size: int) -> bytes | None:
        """The root of the first `size` records."""
        return self._roots.get(size) or reads.root_at(self._connection, self.plan.at, size)

    def proved_size(self) -> int:
        """How many records are proved without a gap, each by a checkpoint whose key is registered among them."""
        size = self.books.size
        while True:
            own = {note for note, checkpoint in self.found.checkpoints.items() if self.is_own(checkpoint, size)}
            for record in self.plan.records[: size - self.plan.at.size]:
                if not any(checkpoint.note in own for checkpoint in self.found.pieces[record.seq][record.raw]):
                    size = record.seq
                    break
            else:
                return size


def plan_restore(connection: Connection, at: reads.Head, found: FoundRecords, mark: Mark | None) -> RestorePlan:
    """What of the found records belongs to the ledger, judged as in a verification. Nothing is written.

    Corrupted when the records that are kept here do not hold.
    """
    attempt = _Attempt(connection, at, found)
    proved = attempt.proved_size()
    if proved < attempt.books.size:
        attempt = _Attempt(connection, at, found, proved)
        attempt.plan.rejected = f"record {proved} is proved by no checkpoint of this ledger's log key"
    made = attempt.plan
    made.fork = next(_contradictions(attempt, mark), None)
    made.missing = list(_ranges(seq for seq in range(proved, mark.size if mark else 0) if not _is_found(attempt, seq)))
    return made


def _contradictions(attempt: _Attempt, mark: Mark | None) -> Iterator[bytes]:
    found, books = attempt.found, attempt.books
    yield from (checkpoint.note for checkpoint in found.differing if attempt.is_own(checkpoint))
    for checkpoint in filter(attempt.is_own, found.checkpoints.values()):
        if checkpoint.size <= books.size and attempt.root(checkpoint.size) != checkpoint.root:
            yield checkpoint.note
        if mark is not None and checkpoint.size == mark.size and checkpoint.root != mark.root:
            yield checkpoint.note
    for checkpoint in _other_pieces(attempt):
        if attempt.is_own(checkpoint):
            yield checkpoint.note
    if mark is not None and 0 < mark.size <= books.size and attempt.root(mark.size) != mark.root:
        yield b""


def _other_pieces(attempt: _Attempt) -> Iterator[Checkpoint]:
    """Records found for a number that now has another one, or for the next number but after another record."""
    taken = {record.seq: record.raw for record in attempt.plan.records}
    for seq, options in attempt.found.pieces.items():
        for raw, checkpoints in options.items():
            follows = seq != attempt.books.size or parse_record(raw).prev == attempt.books.last_hash
            if taken.get(seq, raw) != raw or not follows:
                yield from checkpoints


def _is_found(attempt: _Attempt, seq: int) -> bool:
    options = attempt.found.pieces.get(seq, {}).values()
    return any(attempt.is_own(checkpoint) for checkpoints in options for checkpoint in checkpoints)


def _ranges(numbers: Iterable[int]) -> Iterator[range]:
    first = last = None
    for number in numbers:
        if first is not None and last is not None and number == last + 1:
            last = number
            continue
        if first is not None and last is not None:
            yield range(first, last + 1)
        first = last = number
    if first is not None and last is not None:
        yield range(first, last + 1)


def bring_back(connection: Connection, made: RestorePlan, log_signer: FindLogSigner) -> Checkpoint:
    """Store the plan's records with all that is derived from them, and sign the head again: with the same bytes as
    before, where it stood there. The caller has locked the head and seen that it is still the plan's."""
    # A crash up to the caller's commit keeps nothing of it.
    return store.write(connection, made.at, made.books, made.records, made.lines, log_signer)
