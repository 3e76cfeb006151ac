"""A whole ledger as one file that anybody can verify, and the same file read back."""

from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from .checkpoint import Checkpoint
from .errors import Code, Untrusted

FIRST_LINE = b"timebank-export v1\n"
_LONGEST_LINE = 40


def export(
    raws: Iterable[bytes], checkpoint: Checkpoint, progress: Callable[[int], None] | None = None
) -> Iterator[bytes]:
    """The parts of an export file: all records of a ledger and the checkpoint that covers exactly these."""
    yield FIRST_LINE
    for raw in raws:
        yield b"record %d\n" % len(raw) + raw
        if progress is not None:
            progress(1)
    yield b"checkpoint %d\n" % len(checkpoint.note) + checkpoint.note


class Export:
    """An export file: iterate it for the records' bytes; `checkpoint` is there after the last one."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.checkpoint: Checkpoint | None = None
        if file.readline(_LONGEST_LINE) != FIRST_LINE:
            raise Untrusted(Code.NOTE_FORM, why="not an export of a ledger")

    def __iter__(self) -> Iterator[bytes]:
        while self.checkpoint is None:
            word, _, length = self._file.readline(_LONGEST_LINE).rstrip(b"\n").partition(b" ")
            if word not in (b"record", b"checkpoint") or not length.isdigit() or int(length) > 65_535:
                raise Untrusted(Code.NOTE_FORM, why="the export breaks off")
            data = self._file.read(int(length))
            if len(data) != int(length):
                raise Untrusted(Code.NOTE_FORM, why="the export breaks off")
            if word == b"record":
                yield data
            else:
                self.checkpoint = Checkpoint.parse(data)
        if self._file.read(1):
            raise Untrusted(Code.NOTE_FORM, why="something follows the checkpoint")
