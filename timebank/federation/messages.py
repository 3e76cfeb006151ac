"""What one ledger says to another: the receipt of the entry that makes it true, and how the books grew until then.

Pure: everything that a message claims is verified here before anything of it is believed. Whoever receives it knows of
the sender no more than the hash of its genesis record, and the head that was seen last.
"""

from dataclasses import dataclass

import msgspec

from timebank.ledger import (
    Checkpoint,
    Code,
    KeyRole,
    Proof,
    Receipt,
    Record,
    TwoHeads,
    Untrusted,
    Vkey,
    check_consistency,
    check_form,
    parse_record,
    roles_for,
)

from .keys import Keys, Standing

LARGEST = 262_144  # bytes
# Entries that are told together: so many stay below the largest size, even under a ledger of 2^40 records.
MOST_TOGETHER = 64


class Shown(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A record, its number and its path to the root."""

    record: bytes
    index: int
    path: list[bytes]


def shown_of(proof: Proof) -> Shown:
    return Shown(proof.record, proof.index, list(proof.path))


def proof_of(shown: Shown) -> Proof:
    return Proof(shown.record, shown.index, tuple(shown.path))


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A receipt file, and the proof that the tree of the first `since` records is the beginning of its checkpoint's.

    `more`: other entries that are told along with it, proved under the same checkpoint and by the same keys.
    """

    receipt: bytes
    since: int = 0
    path: list[bytes] = []
    more: list[Shown] = []

    def to_bytes(self) -> bytes:
        return msgspec.json.encode(self)


@dataclass(frozen=True, slots=True)
class Pinned:
    """What is held of another ledger: the hash of its genesis, the newest head that was verified (size 0: none), and
    the keys that stood at it."""

    origin: str
    genesis: bytes
    size: int = 0
    root: bytes = b""
    note: bytes = b""
    keys: tuple[Standing, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A message that was verified: the records in the order of telling, the head under which they were proved, the log
    key that signed that, and the keys that stand there."""

    records: tuple[Record, ...]
    size: int
    root: bytes
    note: bytes
    log: Vkey
    keys: tuple[Standing, ...]


class Stale(Exception):
    """The proof does not begin at the head that is pinned: prove again, from `size`."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


class Contradicted(Exception):
    """What a ledger signed cannot be true beside what is known already: the evidence is the message as it came."""

    def __init__(self, evidence: bytes) -> None:
        super().__init__("it contradicts what is known")
        self.evidence = evidence


class Forked(Contradicted):
    """Two heads signed by one ledger that cannot both be true: the evidence is the two, for anybody to check."""


def read(data: bytes, pinned: Pinned) -> Told:
    """What a ledger says; Untrusted when it does not prove it, Stale when it must prove it from another head, Forked
    when it contradicts what it signed before."""
    message = _message(data)
    receipt = Receipt.parse(message.receipt)
    checkpoint = receipt.checkpoint
    check_growth(checkpoint, message.since, message.path, pinned)
    keys, log = proved_keys(receipt, pinned)
    told = (receipt.entry, *map(proof_of, message.more))
    records = tuple(proved_record(proof, checkpoint, keys, pinned) for proof in told)
    return Told(records, checkpoint.size, checkpoint.root, checkpoint.note, log, keys.standing())


def _message(data: bytes) -> Message:
    if len(data) > LARGEST:
        raise Untrusted(Code.BODY_TOO_LARGE, bytes=len(data), largest=LARGEST)
    try:
        return msgspec.json.decode(data, type=Message)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Untrusted(Code.NOTE_FORM, why="not a message") from error


def genesis_of(data: bytes) -> bytes:
    """The hash of the record that a message shows, of which nothing is verified but that it is a ledger's first."""
    record = parse_record(Receipt.parse(_message(data).receipt).entry.record)
    if record.seq != 0 or record.intent.kind != "genesis":
        raise Untrusted(Code.NOTE_FORM, why="not a genesis record")
    return record.hash


def two_heads(logs: list[Vkey], seen: bytes, other: Checkpoint) -> TwoHeads:
    """Both heads with those of these keys that signed them."""
    heads = (Checkpoint.parse(seen), other)
    return TwoHeads(tuple(log for log in logs if any(head.is_signed_by(log) for head in heads)), heads)


def check_growth(checkpoint: Checkpoint, since: int, path: list[bytes], pinned: Pinned) -> None:
    """Whether the books have only grown since the head that was seen last. First of all: what a message shows of keys
    is told from that head on, and means nothing to whoever has seen another."""
    if checkpoint.origin != pinned.origin:
        raise Untrusted(Code.WRONG_LEDGER, ledger=checkpoint.origin)
    if not pinned.size:
        return
    logs = [key.vkey for key in pinned.keys if key.role is KeyRole.LOG]
    other = checkpoint.size == pinned.size and checkpoint.root != pinned.root
    if other and any(checkpoint.is_signed_by(log) for log in logs):
        raise Forked(two_heads(logs, pinned.note, checkpoint).to_bytes())
    if since != pinned.size or checkpoint.size < pinned.size:
        raise Stale(pinned.size)
    if not check_consistency(pinned.size, checkpoint.size, pinned.root, checkpoint.root, path):
        raise Untrusted(Code.NOTE_FORM, why="it does not prove that its books have only grown")


def proved_keys(receipt: Receipt, pinned: Pinned) -> tuple[Keys, Vkey]:
    """The ledger's keys that a receipt proves, and the log key, once all its proofs lead to a head that this key
    signed."""
    checkpoint = receipt.checkpoint
    if not all(proof.leads_to(checkpoint) for proof in (receipt.entry, *receipt.keys)):
        raise Untrusted(Code.NOTE_FORM, why="a proof does not lead to the signed root")
    records = [_proved(proof) for proof in (receipt.entry, *receipt.keys)]
    genesis = next((record for record in records if record.seq == 0), None)
    if genesis is None or genesis.hash != pinned.genesis:
        raise Untrusted(Code.NOTE_FORM, why="it is not the ledger that is known")
    keys = Keys(pinned.keys, pinned.size)
    keys.learn(records)
    log = keys.log()
    if log is None or not checkpoint.is_signed_by(log):
        raise Untrusted(Code.SIGNATURE_BAD, key=checkpoint.origin)
    return keys, log


def proved_record(proof: Proof, checkpoint: Checkpoint, keys: Keys, pinned: Pinned) -> Record:
    """The record, once its proof leads to the head, and its ledger's own keys signed it."""
    if not proof.leads_to(checkpoint):
        raise Untrusted(Code.NOTE_FORM, why="a proof does not lead to the signed root")
    record = _proved(proof)
    if record.intent.ledger != pinned.origin:
        raise Untrusted(Code.NOTE_FORM, why="the record is not the one that is proved")
    _check_signers(record, keys.signers(record))
    return record


def _check_signers(record: Record, signed: list[Standing]) -> None:
    """Whether keys of these roles may sign such an entry: the other ledger's own rules may not have asked."""
    intent = record.intent
    wanted = roles_for(intent, check_form(intent)).lines or (frozenset({KeyRole.ADMIN}),) * len(signed)
    if intent.by != signed[0].vkey.name or not len({key.vkey for key in signed}) == len(signed) == len(wanted):
        raise Untrusted(Code.SIGNER_MISSING, needed="different keys, the author first")
    for key, may in zip(signed, wanted, strict=True):
        if key.role not in may:
            raise Untrusted(Code.KEY_ROLE, key=key.vkey.name, why=f"{intent.kind} is not for a {key.role} key")


def _proved(proof: Proof) -> Record:
    record = parse_record(proof.record)
    if record.seq != proof.index:
        raise Untrusted(Code.NOTE_FORM, why="the record is not the one that is proved")
    return record
