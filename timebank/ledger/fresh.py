"""Make the receipt of entries that were just written from what their transaction knew, without reading anything."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .books import Key
from .checkpoint import Checkpoint
from .entry import Record
from .errors import Corrupted
from .merkle import Frontier, inclusion, node_hash
from .note import Note, Signature
from .receipt import Proof, Receipt


@dataclass(slots=True)
class Memory:
    """What was read before of the proofs of one ledger's keys: hashes of complete subtrees, and records by number.

    In a ledger that only grows they never change. They are hints all the same: no proof is given that does not lead to
    the root that was signed.
    """

    subtrees: dict[tuple[int, int], bytes] = field(default_factory=dict)
    records: dict[int, bytes] = field(default_factory=dict)


class _Unknown(Exception):
    """The memory lacks a subtree or a record."""


class _Grown:
    """The complete subtrees of a tree that some leaves were just added to."""

    def __init__(self, memory: Memory, before: Frontier, leaves: Iterable[bytes]) -> None:
        self._old = memory.subtrees
        self._old_size = before.size
        self._known = {(before.size + number, 0): leaf for number, leaf in enumerate(leaves)}
        start = 0
        for height, peak in zip(before.heights(), before.hashes, strict=True):
            self._known[start, height] = peak
            start += 1 << height

    def subtree(self, start: int, height: int) -> bytes:
        found = self._known.get((start, height)) or self._old.get((start, height))
        if found is None:
            if start + (1 << height) <= self._old_size:
                raise _Unknown
            half = 1 << height - 1
            found = node_hash(self.subtree(start, height - 1), self.subtree(start + half, height - 1))
            self._known[start, height] = found
        return found


def receipt(
    memory: Memory,
    before: Frontier,
    made: Sequence[Record],
    checkpoint: Checkpoint,
    keys: Mapping[tuple[str, bytes], Key],
) -> Receipt | None:
    """The receipt of the first of `made`, which are all that the transaction added to `before`, oldest first.

    It is under the checkpoint that was signed with them, whatever others have added since. None when the memory lacks
    something, which is then to be read from the tables.
    """
    first = made[0]
    grown = _Grown(memory, before, (record.hash for record in made))
    known = memory.records | {record.seq: record.raw for record in made}
    beside = proving(first.seq, Note.parse(first.note).signatures, checkpoint.origin, keys)
    seqs = [first.seq, *(seq for seq in sorted(beside) if seq != first.seq)]
    if not known.keys() >= set(seqs):
        return None
    try:
        proofs = [Proof(known[seq], seq, tuple(inclusion(seq, checkpoint.size, grown.subtree))) for seq in seqs]
    except _Unknown:
        return None
    return Receipt(checkpoint, proofs[0], tuple(proofs[1:])) if _lead(proofs, checkpoint, memory) else None


def _lead(proofs: list[Proof], checkpoint: Checkpoint, memory: Memory) -> bool:
    if all(proof.leads_to(checkpoint) for proof in proofs):
        return True
    # The tables will say whether the memory was wrong or they are.
    memory.subtrees.clear()
    memory.records.clear()
    return False


def proving(
    seq: int, signatures: Iterable[Signature], origin: str, keys: Mapping[tuple[str, bytes], Key]
) -> frozenset[int]:
    """The numbers of the entries that the receipt of entry `seq` shows beside its own: genesis, and those of every key
    that signed it or the head."""
    log = max(key.since for key in keys.values() if key.vkey.name == origin)
    try:
        return frozenset([0, log, *(keys[line.name, line.key_id].since for line in signatures)])
    except KeyError as error:
        raise Corrupted("is signed with a key that is not registered", origin=origin, seq=seq) from error
