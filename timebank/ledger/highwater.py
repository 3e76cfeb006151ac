"""The high-water file: how far each ledger had come, kept apart from the database so that a restore cannot hide."""

import errno
import fcntl
import hashlib
import os
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

# One slot a ledger: two copies of 256 bytes, written in turn, so that a torn write leaves the other one good.
_COPY = 256
_SLOT = 2 * _COPY
_FORM = struct.Struct(">8s32sQ32s")  # magic, SHA-256 of the origin, size, root
_MAGIC = b"tbhigh1\n"


@dataclass(frozen=True, slots=True)
class Mark:
    """The largest size of a ledger that was ever acknowledged, and the root it had."""

    origin_hash: bytes
    size: int
    root: bytes

    def is_of(self, origin: str) -> bool:
        return self.origin_hash == _hash(origin)


_Copy = tuple[int, Mark | None]  # where it lies in the file, and what it says


class HighWater:
    """Slots numbered like the ledgers' rows. One instance a process; safe between threads and processes."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        self._mutex = threading.Lock()
        # By slot: the mark that this process saw on the disk last.
        self._synced: dict[int, Mark] = {}

    def close(self) -> None:
        os.close(self._file)

    def read(self, number: int) -> Mark | None:
        """The mark in a slot; None when nothing good is there."""
        return _best(self._copies(number))

    def raise_to(self, number: int, origin: str, size: int, root: bytes) -> None:
        """Write a mark and see it on the disk; a mark of this ledger is never lowered."""
        with self._locked():
            copies = self._copies(number)
            now = _best(copies)
            if now is not None and now.is_of(origin) and now.size >= size:
                if now != self._synced.get(number):
                    # Whoever wrote it may have been killed before it was on the disk.
                    os.fdatasync(self._file)
                    self._synced[number] = now
                return
            # Over the copy that is worse, so a crash in the middle of this write leaves the better one.
            worse = min(copies, key=lambda copy: -1 if copy[1] is None else copy[1].size)
            self._write(worse[0], origin, size, root)
            self._synced[number] = Mark(_hash(origin), size, root)

    def replace(self, number: int, origin: str, size: int, root: bytes) -> None:
        """Set a slot whatever it held: for an operator who accepts what the database says."""
        with self._locked():
            # Both copies, each once: the larger one would otherwise stay and be believed.
            for position, _ in self._copies(number):
                self._write(position, origin, size, root)

    def _write(self, position: int, origin: str, size: int, root: bytes) -> None:
        data = _FORM.pack(_MAGIC, _hash(origin), size, root)
        data += hashlib.sha256(data).digest()
        try:
            if os.pwrite(self._file, data.ljust(_COPY, b"\0"), position) != _COPY:
                raise OSError(errno.ENOSPC, "the mark was not written whole")
            os.fdatasync(self._file)
        except OSError:
            # A file remembers what a disk refused: taken back, or the next reader would believe it to be on the disk.
            with suppress(OSError):
                os.pwrite(self._file, bytes(_COPY), position)
            raise

    def _copies(self, number: int) -> list[_Copy]:
        start = number * _SLOT
        data = os.pread(self._file, _SLOT, start)
        return [(start + part, _parse(data[part : part + _COPY])) for part in (0, _COPY)]

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self._mutex:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)


def _best(copies: list[_Copy]) -> Mark | None:
    found = [mark for _, mark in copies if mark is not None]
    return max(found, key=lambda mark: mark.size) if found else None


@lru_cache(maxsize=4096)
def _hash(origin: str) -> bytes:
    return hashlib.sha256(origin.encode()).digest()


@lru_cache(maxsize=4096)
def _parse(data: bytes) -> Mark | None:
    body, check = data[: _FORM.size], data[_FORM.size : _FORM.size + 32]
    if len(check) < 32 or hashlib.sha256(body).digest() != check:
        return None
    magic, origin_hash, size, root = _FORM.unpack(body)
    return Mark(origin_hash, size, root) if magic == _MAGIC else None
