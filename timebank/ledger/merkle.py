"""The RFC 6962 tree over records: root, inclusion and consistency proofs, and their checks."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

EMPTY_ROOT = hashlib.sha256(b"").digest()

# The hash of the complete subtree over leaves [start, start + 2^height), start a multiple of 2^height.
Subtree = Callable[[int, int], bytes]


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 6962 §2.1: SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(slots=True)
class Frontier:
    """The complete subtrees that make up a tree of `size` leaves, largest first: all that appending needs."""

    size: int = 0
    hashes: list[bytes] = field(default_factory=list)

    def append(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Add a leaf hash; returns the complete subtrees this closed, each as (height, start, hash), height ≥ 1."""
        closed = []
        height, size = 0, self.size
        while size & 1:
            leaf = node_hash(self.hashes.pop(), leaf)
            height += 1
            size >>= 1
            closed.append((height, self.size + 1 - (1 << height), leaf))
        self.hashes.append(leaf)
        self.size += 1
        return closed

    def heights(self) -> list[int]:
        """How high each of these subtrees is: one for each bit of the size."""
        return [height for height in reversed(range(self.size.bit_length())) if self.size >> height & 1]

    def extend(self, leaves: list[bytes]) -> None:
        """Add leaves; a whole subtree at once where that is what comes next."""
        height = len(leaves).bit_length() - 1
        if height < 1 or len(leaves) != 1 << height or self.size % len(leaves):
            for leaf in leaves:
                self.append(leaf)
            return
        hashes = leaves
        while len(hashes) > 1:
            # `node_hash`, without a call for each.
            pairs = zip(hashes[::2], hashes[1::2], strict=True)
            hashes = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in pairs]
        value, size = hashes[0], self.size >> height
        while size & 1:
            value, size = node_hash(self.hashes.pop(), value), size >> 1
        self.hashes.append(value)
        self.size += len(leaves)

    def root(self) -> bytes:
        if not self.hashes:
            return EMPTY_ROOT
        value = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            value = node_hash(left, value)
        return value


class Tree:
    """A whole tree in memory, so that the root of every earlier size can be told: 64 bytes a leaf."""

    def __init__(self) -> None:
        self._levels: list[list[bytes]] = [[]]

    @property
    def size(self) -> int:
        return len(self._levels[0])

    def append(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """As Frontier.append."""
        self._levels[0].append(leaf)
        closed = []
        height = 0
        while len(self._levels[height]) % 2 == 0:
            pair = self._levels[height][-2:]
            height += 1
            if height == len(self._levels):
                self._levels.append([])
            self._levels[height].append(node_hash(*pair))
            closed.append((height, self.size - (1 << height), self._levels[height][-1]))
        return closed

    @property
    def hashes(self) -> list[bytes]:
        """The frontier: the complete subtrees that make up the tree, largest first."""
        made, start = [], 0
        for height in reversed(range(self.size.bit_length())):
            if self.size >> height & 1:
                made.append(self.subtree(start, height))
                start += 1 << height
        return made

    def subtree(self, start: int, height: int) -> bytes:
        return self._levels[height][start >> height]

    def root(self, size: int | None = None) -> bytes:
        """The root of the first `size` leaves, of all when None."""
        return root(self.size if size is None else size, self.subtree)


def _split(size: int) -> int:
    """The largest power of two smaller than `size` (RFC 6962 §2.1), for size ≥ 2."""
    return 1 << (size - 1).bit_length() - 1


def range_root(start: int, size: int, subtree: Subtree) -> bytes:
    """The RFC 6962 hash over leaves [start, start + size), from complete subtrees; `start` as proofs produce it."""
    if size & (size - 1) == 0:
        return subtree(start, size.bit_length() - 1)
    left = _split(size)
    return node_hash(range_root(start, left, subtree), range_root(start + left, size - left, subtree))


def root(size: int, subtree: Subtree) -> bytes:
    """The root of the first `size` leaves."""
    return range_root(0, size, subtree) if size else EMPTY_ROOT


def inclusion(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """RFC 6962 §2.1.1: the path from leaf `index` to the root of `size` leaves, the leaf's sibling first."""
    if not 0 <= index < size:
        raise ValueError("no such leaf in a tree of this size")
    path = []
    start = 0
    while size > 1:
        left = _split(size)
        if index - start < left:
            path.append(range_root(start + left, size - left, subtree))
            size = left
        else:
            path.append(range_root(start, left, subtree))
            start, size = start + left, size - left
    return path[::-1]


def consistency(old: int, size: int, subtree: Subtree) -> list[bytes]:
    """RFC 6962 §2.1.2: the proof that the first `old` leaves are a prefix of `size` leaves; 0 < old ≤ size."""
    if not 0 < old <= size:
        raise ValueError("no such older tree")
    path = []
    start, whole = 0, True
    while old != size:
        left = _split(size)
        if old <= left:
            path.append(range_root(start + left, size - left, subtree))
            size = left
        else:
            path.append(range_root(start, left, subtree))
            start, old, size, whole = start + left, old - left, size - left, False
    if not whole:
        path.append(range_root(start, size, subtree))
    return path[::-1]


def root_from_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that `path` leads to from `leaf` (RFC 9162 §2.1.3.2); None when the path has the wrong length."""
    if not 0 <= index < size:
        return None
    position, last, value = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if position & 1 or position == last:
            value = node_hash(sibling, value)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            value = node_hash(value, sibling)
        position, last = position >> 1, last >> 1
    return value if last == 0 else None


def check_consistency(old: int, size: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether `path` proves that the tree of `old` leaves is a prefix of the one of `size` (RFC 9162 §2.1.4.2)."""
    if old == size:
        return not path and old_root == new_root
    if not 0 < old < size or not path:
        return False
    steps = list(path)
    if old & (old - 1) == 0:
        steps.insert(0, old_root)
    position, last = old - 1, size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    older = newer = steps[0]
    for sibling in steps[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            older, newer = node_hash(sibling, older), node_hash(sibling, newer)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            newer = node_hash(newer, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and older == old_root and newer == new_root
