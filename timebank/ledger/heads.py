"""What others say of a ledger: countersignatures of its heads, and two heads that cannot both be true (FORMAT §13)."""

import hashlib
from dataclasses import dataclass

from .checkpoint import Checkpoint
from .errors import Code, Untrusted
from .keys import Signer, Vkey, verify
from .note import Note, Signature

_COSIGNATURE = b"\x04"  # the algorithm byte of c2sp.org/tlog-cosignature, so that one key has two key ids
_EVIDENCE = b"timebank-evidence v1"
_MOST_KEYS = 2


def _cosigner_id(vkey: Vkey) -> bytes:
    return hashlib.sha256(vkey.name.encode() + b"\n" + _COSIGNATURE + vkey.public).digest()[:4]


def _cosigned_text(text: bytes, seconds: int) -> bytes:
    return b"cosignature/v1\ntime %d\n" % seconds + text


def cosign(checkpoint: Checkpoint, signer: Signer, ms: int) -> bytes:
    """The head with one more line: that this was the newest consistent head that the signer had seen at a time."""
    note, seconds = Note.parse(checkpoint.note), ms // 1000
    made = signer.sign(_cosigned_text(note.text, seconds))
    line = Signature(made.name, _cosigner_id(signer.vkey), seconds.to_bytes(8, "big") + made.value)
    return Note(note.text, (*note.signatures, line)).to_bytes()


def cosigned_at(data: bytes, cosigner: Vkey) -> int | None:
    """When (milliseconds) this key countersigned a head; None when it did not, or the signature is not good."""
    note, wanted = Note.parse(data), _cosigner_id(cosigner)
    for line in note.signatures:
        if (line.name, line.key_id) == (cosigner.name, wanted) and len(line.value) == 72:
            seconds, signature = int.from_bytes(line.value[:8], "big"), line.value[8:]
            if verify(cosigner, _cosigned_text(note.text, seconds), Signature(line.name, cosigner.key_id, signature)):
                return seconds * 1000
    return None


@dataclass(frozen=True, slots=True)
class TwoHeads:
    """Evidence that a ledger was led twice: two heads of one size with different roots, and who signed them."""

    keys: tuple[Vkey, ...]
    heads: tuple[Checkpoint, Checkpoint]

    @property
    def origin(self) -> str:
        return self.heads[0].origin

    def check(self) -> None:
        """Untrusted unless the two contradict one another, each is signed by a key of the ledger's name here, and no
        key stands there that signed neither."""
        one, other = self.heads
        if one.origin != other.origin or any(key.name != one.origin for key in self.keys):
            raise Untrusted(Code.WRONG_LEDGER, ledger=other.origin)
        if one.size != other.size or one.root == other.root:
            raise Untrusted(Code.NOTE_FORM, why="the two heads can both be true")
        signed = [[head.is_signed_by(key) for key in self.keys] for head in self.heads]
        is_used = all(map(any, zip(*signed, strict=True))) and len(set(self.keys)) == len(self.keys)
        if not all(map(any, signed)) or not is_used:
            raise Untrusted(Code.SIGNATURE_BAD, key=one.origin)

    def to_bytes(self) -> bytes:
        keys = b"".join(b"key %b\n" % str(key).encode() for key in self.keys)
        heads = b"".join(b"head %d\n%b" % (len(head.note), head.note) for head in self.heads)
        return _EVIDENCE + b"\n" + keys + heads

    @classmethod
    def parse(cls, data: bytes) -> "TwoHeads":
        """Read the file; Untrusted when it is none. Whether it proves anything is another question."""
        first, _, rest = data.partition(b"\n")
        keys: list[Vkey] = []
        heads: list[Checkpoint] = []
        while first == _EVIDENCE and rest and len(heads) < 2:
            line, _, rest = rest.partition(b"\n")
            word, _, value = line.partition(b" ")
            if word == b"key" and len(keys) < _MOST_KEYS and not heads:
                keys.append(Vkey.parse(value.decode("ascii", "replace")))
            elif word == b"head" and value.isdigit() and len(value) < 6:
                heads.append(Checkpoint.parse(rest[: int(value)]))
                rest = rest[int(value) :]
            else:
                break
        if len(heads) != 2 or not keys or rest:
            raise Untrusted(Code.NOTE_FORM, why="not a file of evidence")
        made = cls(tuple(keys), (heads[0], heads[1]))
        if made.to_bytes() != data:
            raise Untrusted(Code.NOTE_FORM, why="evidence has one spelling")
        return made
