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
    Untrusted,
    Vkey,
    admit,
    check_consistency,
    check_form,
    parse_record,
    roles_for,
)

LARGEST = 262_144  # bytes: a receipt under a ledger of 2^40 records is far smaller


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A receipt file, and the proof that the tree of the first `since` records is the beginning of its checkpoint's."""

    receipt: bytes
    since: int = 0
    path: list[bytes] = []

    def to_bytes(self) -> bytes:
        return msgspec.json.encode(self)


@dataclass(frozen=True, slots=True)
class Pinned:
    """What is held of another ledger: the hash of its genesis, and the newest head that was verified (size 0: none)."""

    origin: str
    genesis: bytes
    size: int = 0
    root: bytes = b""
    note: bytes = b""


@dataclass(frozen=True, slots=True)
class Told:
    """A message that was verified: the record, the head under which it was proved, and the log key that signed it."""

    record: Record
    size: int
    root: bytes
    note: bytes
    log: Vkey


class Stale(Exception):
    """The proof does not begin at the head that is pinned: prove again, from `size`."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


class Contradicted(Exception):
    """What a ledger signed cannot be true beside what is known already: `notes` are the evidence, as it came."""

    def __init__(self, *notes: bytes) -> None:
        super().__init__("it contradicts what is known")
        self.notes = notes


class Forked(Contradicted):
    """Two heads signed by one ledger that cannot both be true; the notes are the two, for anybody to check."""


def read(data: bytes, pinned: Pinned) -> Told:
    """What a ledger says; Untrusted when it does not prove it, Stale when it must prove it from another head, Forked
    when it contradicts what it signed before."""
    message = _message(data)
    receipt = Receipt.parse(message.receipt)
    checkpoint = receipt.checkpoint
    known, log = proved_keys(receipt, pinned)
    record = proved_record(receipt.entry, checkpoint, known, pinned)
    check_growth(checkpoint, message.since, message.path, pinned)
    return Told(record, checkpoint.size, checkpoint.root, checkpoint.note, log)


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


def proved_keys(receipt: Receipt, pinned: Pinned) -> tuple[list[tuple[Vkey, KeyRole]], Vkey]:
    """The ledger's keys that a receipt proves, and the log key, once all its proofs lead to a head that this key
    signed."""
    checkpoint = receipt.checkpoint
    if checkpoint.origin != pinned.origin:
        raise Untrusted(Code.WRONG_LEDGER, ledger=checkpoint.origin)
    if not all(proof.leads_to(checkpoint) for proof in (receipt.entry, *receipt.keys)):
        raise Untrusted(Code.NOTE_FORM, why="a proof does not lead to the signed root")
    known = _keys(receipt, pinned)
    logs = [vkey for vkey, role in known if role is KeyRole.LOG and checkpoint.is_signed_by(vkey)]
    if not logs:
        raise Untrusted(Code.SIGNATURE_BAD, key=checkpoint.origin)
    return known, logs[-1]


def proved_record(proof: Proof, checkpoint: Checkpoint, known: list[tuple[Vkey, KeyRole]], pinned: Pinned) -> Record:
    """The record, once its proof leads to the head, and its ledger's own keys signed it."""
    if not proof.leads_to(checkpoint):
        raise Untrusted(Code.NOTE_FORM, why="a proof does not lead to the signed root")
    record = parse_record(proof.record)
    if record.intent.ledger != pinned.origin or record.seq != proof.index:
        raise Untrusted(Code.NOTE_FORM, why="the record is not the one that is proved")
    _check_signers(record, _admit(record, [vkey for vkey, _ in known]), dict(known))
    return record


def _check_signers(record: Record, signed: tuple[Vkey, ...], roles: dict[Vkey, KeyRole]) -> None:
    """Whether keys of these roles may sign such an entry: the other ledger's own rules may not have asked."""
    intent = record.intent
    wanted = roles_for(intent, check_form(intent)).lines or (frozenset({KeyRole.ADMIN}),) * len(signed)
    if intent.by != signed[0].name or len(set(signed)) != len(wanted) or len(signed) != len(wanted):
        raise Untrusted(Code.SIGNER_MISSING, needed="different keys, the author first")
    for vkey, may in zip(signed, wanted, strict=True):
        if roles[vkey] not in may:
            raise Untrusted(Code.KEY_ROLE, key=vkey.name, why=f"{intent.kind} is not for a {roles[vkey]} key")


def _keys(receipt: Receipt, pinned: Pinned) -> list[tuple[Vkey, KeyRole]]:
    """The keys that the receipt proves: those of genesis, which is the one that is pinned, and those added since, each
    by a quorum of the admins."""
    records = [_proved(proof) for proof in (*receipt.keys, receipt.entry)]
    genesis = next((record for record in records if record.seq == 0), None)
    if genesis is None or genesis.hash != pinned.genesis:
        raise Untrusted(Code.NOTE_FORM, why="it is not the ledger that is known")
    body = genesis.intent.body
    admins = [Vkey.parse(text) for text in body["admins"]]
    found = [(Vkey.parse(body["log"]), KeyRole.LOG), (Vkey.parse(body["system"]), KeyRole.SYSTEM)]
    found += [(admin, KeyRole.ADMIN) for admin in admins]
    for record in records:
        check_form(record.intent)
        if record.intent.kind == "key" and record.intent.body["action"] == "add":
            signed = _admit(record, [*admins, *(vkey for vkey, role in found if role is KeyRole.ADMIN)])
            if len(set(signed)) >= body["quorum"]:
                found.append((Vkey.parse(record.intent.body["vkey"]), KeyRole(record.intent.body["role"])))
    return found


def _proved(proof: Proof) -> Record:
    record = parse_record(proof.record)
    if record.seq != proof.index:
        raise Untrusted(Code.NOTE_FORM, why="the record is not the one that is proved")
    return record


def _admit(record: Record, vkeys: list[Vkey]) -> tuple[Vkey, ...]:
    known = {(vkey.name, vkey.key_id): vkey for vkey in vkeys}
    return admit(record.note, lambda name, key_id: known.get((name, key_id))).vkeys


def check_growth(checkpoint: Checkpoint, since: int, path: list[bytes], pinned: Pinned) -> None:
    """Whether the books have only grown since the head that was seen last."""
    if not pinned.size:
        return
    if checkpoint.size == pinned.size and checkpoint.root != pinned.root:
        raise Forked(pinned.note, checkpoint.note)
    if since != pinned.size or checkpoint.size < pinned.size:
        raise Stale(pinned.size)
    if not check_consistency(pinned.size, checkpoint.size, pinned.root, checkpoint.root, path):
        raise Untrusted(Code.NOTE_FORM, why="it does not prove that its books have only grown")
