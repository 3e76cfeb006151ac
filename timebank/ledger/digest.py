"""One line over the heads of many ledgers, and the proof that a head is in it (FORMAT.md §12)."""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass

from .checkpoint import Checkpoint
from .entry import leaf_hash
from .errors import Code, Untrusted
from .kinds import is_day
from .merkle import Tree, inclusion, root_from_inclusion
from .note import Note

_LINE = re.compile(r"timebank-digest v1 (\S+) (\S{10}) ([1-9][0-9]{0,8}) ([A-Za-z0-9+/]{43}=)")
_FIRST_LINE = b"timebank-digest-proof v1"


@dataclass(frozen=True, slots=True)
class Digest:
    """`heads` ledgers on one host stood at heads with this root (32 bytes) on a day."""

    host: str
    day: str
    heads: int
    root: bytes

    def __str__(self) -> str:
        return f"timebank-digest v1 {self.host} {self.day} {self.heads} {base64.b64encode(self.root).decode()}"

    @classmethod
    def of(cls, host: str, day: str, checkpoints: Sequence[Checkpoint]) -> "Digest":
        """Over these heads, in the order of `ordered`."""
        return cls(host, day, len(checkpoints), _tree(checkpoints).root())

    @classmethod
    def parse(cls, text: str) -> "Digest":
        """Read the line; Untrusted when it is not one."""
        found = _LINE.fullmatch(text)
        if found is None or not is_day(found.group(2)):
            raise Untrusted(Code.NOTE_FORM, why="not a digest")
        digest = cls(found.group(1), found.group(2), int(found.group(3)), base64.b64decode(found.group(4)))
        if str(digest) != text:
            raise Untrusted(Code.NOTE_FORM, why="a digest has one spelling")
        return digest


def ordered(checkpoints: Sequence[Checkpoint]) -> list[Checkpoint]:
    """By the bytes of their origins, as the leaves stand."""
    return sorted(checkpoints, key=lambda checkpoint: checkpoint.origin.encode())


def _leaf(checkpoint: Checkpoint) -> bytes:
    return leaf_hash(Note.parse(checkpoint.note).text)


def _tree(checkpoints: Sequence[Checkpoint]) -> Tree:
    tree = Tree()
    for checkpoint in checkpoints:
        tree.append(_leaf(checkpoint))
    return tree


@dataclass(frozen=True, slots=True)
class DigestProof:
    """A signed head, and its path to a digest."""

    digest: Digest
    index: int
    path: tuple[bytes, ...]
    checkpoint: Checkpoint

    @classmethod
    def make(cls, digest: Digest, checkpoints: Sequence[Checkpoint], origin: str) -> "DigestProof":
        """For the head of `origin` among these, in their order."""
        index = next(place for place, one in enumerate(checkpoints) if one.origin == origin)
        path = inclusion(index, len(checkpoints), _tree(checkpoints).subtree)
        return cls(digest, index, tuple(path), checkpoints[index])

    def holds(self) -> bool:
        """Whether the path leads from the head to the digest's root."""
        found = root_from_inclusion(_leaf(self.checkpoint), self.index, self.digest.heads, self.path)
        return found == self.digest.root

    def to_bytes(self) -> bytes:
        lines = [_FIRST_LINE, str(self.digest).encode(), b"index %d" % self.index, *map(base64.b64encode, self.path)]
        return b"\n".join(lines) + b"\n\n" + self.checkpoint.note

    @classmethod
    def parse(cls, data: bytes) -> "DigestProof":
        """Read a proof; Untrusted when it is not one. Whether it holds is another question."""
        head, _, note = data.partition(b"\n\n")
        lines = head.split(b"\n")
        try:
            path = tuple(base64.b64decode(line, validate=True) for line in lines[3:])
            proof = cls(Digest.parse(lines[1].decode("ascii")), int(lines[2][6:]), path, Checkpoint.parse(note))
        except (IndexError, binascii.Error, ValueError) as error:
            raise Untrusted(Code.NOTE_FORM, why="not a digest proof") from error
        if proof.to_bytes() != data:
            raise Untrusted(Code.NOTE_FORM, why="a digest proof has one spelling")
        return proof
