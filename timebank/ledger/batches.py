"""Many signed intents in one file, as a station without a network hands them in."""

from collections.abc import Iterator
from typing import BinaryIO

from .errors import Code, Untrusted

FIRST_LINE = b"timebank-notes v1\n"
_LONGEST_LINE = 40


def write(notes: Iterator[bytes], file: BinaryIO) -> None:
    """The first line, then for each note `note `, its length in bytes, a newline, and the note."""
    file.write(FIRST_LINE)
    for note in notes:
        file.write(b"note %d\n" % len(note) + note)


def read(file: BinaryIO) -> Iterator[bytes]:
    """The notes in a file; Untrusted when it is none or breaks off. What each says is not looked at."""
    if file.readline(_LONGEST_LINE) != FIRST_LINE:
        raise Untrusted(Code.NOTE_FORM, why="not a file of notes")
    while line := file.readline(_LONGEST_LINE):
        word, _, length = line.rstrip(b"\n").partition(b" ")
        if word != b"note" or not length.isdigit() or int(length) > 65_535:
            raise Untrusted(Code.NOTE_FORM, why="the file of notes breaks off")
        note = file.read(int(length))
        if len(note) != int(length):
            raise Untrusted(Code.NOTE_FORM, why="the file of notes breaks off")
        yield note
