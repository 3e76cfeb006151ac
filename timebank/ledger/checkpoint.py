"""Checkpoints (c2sp.org/tlog-checkpoint): the ledger's signed statement of its size and root."""

import base64
import binascii
import re
from dataclasses import dataclass

from .errors import Code, Untrusted
from .keys import Signer, Vkey, verify
from .note import Note

_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """`size` records whose RFC 6962 root is `root` (32 bytes), and the note that says so."""

    origin: str
    size: int
    root: bytes
    note: bytes

    @classmethod
    def issue(cls, origin: str, size: int, root: bytes, log: Signer) -> "Checkpoint":
        text = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n".encode()
        return cls(origin, size, root, Note(text, (log.sign(text),)).to_bytes())

    @classmethod
    def parse(cls, data: bytes) -> "Checkpoint":
        """Read the three lines; Untrusted for anything else. The signature is not verified here."""
        lines = Note.parse(data).text.decode().split("\n")
        try:
            root = base64.b64decode(lines[2], validate=True)
        except (IndexError, binascii.Error, ValueError) as error:
            raise Untrusted(Code.NOTE_FORM, why="not a checkpoint") from error
        if len(lines) != 4 or not lines[0] or not _SIZE.fullmatch(lines[1]) or len(root) != 32:
            raise Untrusted(Code.NOTE_FORM, why="not a checkpoint of three lines")
        return cls(lines[0], int(lines[1]), root, data)

    def is_signed_by(self, log: Vkey) -> bool:
        """Whether the log's own signature is there and good, each line of it. Lines of witnesses are ignored."""
        note = Note.parse(self.note)
        own = [line for line in note.signatures if (line.name, line.key_id) == (log.name, log.key_id)]
        return bool(own) and all(verify(log, note.text, line) for line in own)
