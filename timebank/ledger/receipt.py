"""Receipts: what proves to anybody, offline, that a record is in a ledger."""

import base64
import binascii
from dataclasses import dataclass
from functools import cached_property

from .checkpoint import Checkpoint
from .entry import leaf_hash
from .errors import Code, Untrusted
from .merkle import root_from_inclusion

FIRST_LINE = b"c2sp.org/tlog-proof@v1\n"


@dataclass(frozen=True)
class Proof:
    """A record and its inclusion path: one c2sp.org/tlog-proof whose `extra` line is the record."""

    record: bytes
    index: int
    path: tuple[bytes, ...]

    def to_bytes(self, checkpoint: Checkpoint) -> bytes:
        return self._lines + checkpoint.note

    @cached_property
    def _lines(self) -> bytes:
        """All but the checkpoint. Kept: receipts that are made together show the same proofs of their keys."""
        lines = [b"extra " + base64.b64encode(self.record), b"index %d" % self.index]
        lines += [binascii.b2a_base64(one, newline=False) for one in self.path]
        return FIRST_LINE + b"\n".join(lines) + b"\n\n"

    def leads_to(self, checkpoint: Checkpoint) -> bool:
        """Whether the path leads from the record to the checkpoint's root."""
        found = root_from_inclusion(leaf_hash(self.record), self.index, checkpoint.size, self.path)
        return found == checkpoint.root


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proofs under one checkpoint: first the entry, then genesis and the entries of every key that signed it."""

    checkpoint: Checkpoint
    entry: Proof
    keys: tuple[Proof, ...]

    def to_bytes(self) -> bytes:
        return b"".join(proof.to_bytes(self.checkpoint) for proof in (self.entry, *self.keys))

    @classmethod
    def parse(cls, data: bytes) -> "Receipt":
        """Read a receipt file; Untrusted when it is not one or its parts speak of different checkpoints."""
        if not data.startswith(FIRST_LINE):
            raise Untrusted(Code.NOTE_FORM, why="not a receipt")
        parts = [_part(part) for part in data[len(FIRST_LINE) :].split(b"\n" + FIRST_LINE)]
        if len({note.rstrip(b"\n") for _, note in parts}) != 1:
            raise Untrusted(Code.NOTE_FORM, why="its parts have different checkpoints")
        receipt = cls(Checkpoint.parse(parts[-1][1]), parts[0][0], tuple(proof for proof, _ in parts[1:]))
        if receipt.to_bytes() != data:
            raise Untrusted(Code.NOTE_FORM, why="a receipt has one spelling")
        return receipt


def proofs_in(data: bytes) -> list[tuple[Proof, Checkpoint]]:
    """The proofs of one receipt or of many, one after the other in a file, each with its own checkpoint."""
    if not data.startswith(FIRST_LINE):
        raise Untrusted(Code.NOTE_FORM, why="not a receipt")
    parts = [_part(part) for part in data[len(FIRST_LINE) :].split(b"\n" + FIRST_LINE)]
    return [(proof, Checkpoint.parse(note.rstrip(b"\n") + b"\n")) for proof, note in parts]


def _part(data: bytes) -> tuple[Proof, bytes]:
    head, _, note = data.partition(b"\n\n")
    lines = head.split(b"\n")
    try:
        if not lines[0].startswith(b"extra ") or not lines[1].startswith(b"index "):
            raise Untrusted(Code.NOTE_FORM, why="a proof begins with extra and index")
        record = base64.b64decode(lines[0][6:], validate=True)
        path = tuple(base64.b64decode(line, validate=True) for line in lines[2:])
        return Proof(record, int(lines[1][6:]), path), note
    except (IndexError, binascii.Error, ValueError) as error:
        raise Untrusted(Code.NOTE_FORM, why="a line of a proof") from error
