"""Check a receipt that anybody brings: what it proves, and how it stands to the books kept here. Never a name."""

from dataclasses import dataclass
from enum import StrEnum

from timebank import directory
from timebank.bank import Bank, View
from timebank.ledger import Checkpoint, Code, Key, KeyRole, Receipt, Record, Untrusted, admit, parse_record, reads


class Standing(StrEnum):
    """How the checkpoint of a receipt stands to our head."""

    SAME = "same"
    EARLIER = "earlier"  # its records are the first of ours
    AHEAD = "ahead"  # it counts more records than we have: ours may be an old copy
    FORKED = "forked"  # as many records or fewer, and they are not ours: somebody was shown other books


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was proved. `hash` and `root` are in hex; `minutes` is what the entry moved; `now` our own size."""

    origin: str
    community: str | None
    place: str
    entry: str
    kind: str
    seq: int
    ms: int
    day: str | None
    minutes: int
    policy: int | None
    hash: str
    size: int
    root: str
    now: int
    standing: Standing
    signers: tuple[str, ...]
    log_key: str
    is_reversed: bool


def check(bank: Bank, data: bytes) -> Checked:
    """Verify a receipt file against the keys registered here; anybody may.

    Untrusted when it is no receipt or does not hold together; Refused when its ledger is not kept here.
    """
    receipt = Receipt.parse(data)
    with bank.view() as view:
        return check_in(view, receipt)


def check_in(view: View, receipt: Receipt) -> Checked:
    """As `check`, of a receipt that was read."""
    record = parse_record(receipt.entry.record)
    head = view.head(receipt.checkpoint.origin)
    keys = reads.keys(view.connection, head)
    log = _check_checkpoint(receipt.checkpoint, list(keys.values()))
    _check_record(receipt, record, keys)
    place = _place(view, head.origin)
    return Checked(
        origin=head.origin,
        community=place[0],
        place=place[1],
        entry=record.id,
        kind=record.intent.kind,
        seq=record.seq,
        ms=record.ms,
        day=record.intent.body.get("day"),
        minutes=sum(move.minutes for move in record.intent.moves),
        policy=record.policy,
        hash=record.hash.hex(),
        size=receipt.checkpoint.size,
        root=receipt.checkpoint.root.hex(),
        now=head.size,
        standing=_standing(view, head, receipt.checkpoint),
        signers=tuple(name for name, _ in _signers(record, keys)),
        log_key=str(log.vkey),
        is_reversed=bool(reads.ids_known(view.connection, head, [f"{record.id}.reverse"])),
    )


def _check_checkpoint(checkpoint: Checkpoint, keys: list[Key]) -> Key:
    for key in keys:
        if key.role is KeyRole.LOG and checkpoint.is_signed_by(key.vkey):
            return key
    raise Untrusted(Code.SIGNATURE_BAD, key=checkpoint.origin)


def _check_record(receipt: Receipt, record: Record, keys: dict[tuple[str, bytes], Key]) -> None:
    for proof in (receipt.entry, *receipt.keys):
        if not proof.leads_to(receipt.checkpoint):
            raise Untrusted(Code.NOTE_FORM, why="a proof does not lead to the signed root")
    if record.intent.ledger != receipt.checkpoint.origin or record.seq != receipt.entry.index:
        raise Untrusted(Code.NOTE_FORM, why="the record is not the one that is proved")
    _signers(record, keys)


def _signers(record: Record, keys: dict[tuple[str, bytes], Key]) -> list[tuple[str, bytes]]:
    """Verifies every signature of the record; Untrusted when one is not good or its key is not registered."""
    vkeys = {place: key.vkey for place, key in keys.items()}
    signed = admit(record.note, lambda name, key_id: vkeys.get((name, key_id)))
    return [(vkey.name, vkey.key_id) for vkey in signed.vkeys]


def _standing(view: View, head: reads.Head, checkpoint: Checkpoint) -> Standing:
    if checkpoint.size > head.size:
        return Standing.AHEAD
    if reads.root_at(view.connection, head, checkpoint.size) != checkpoint.root:
        return Standing.FORKED
    return Standing.SAME if checkpoint.size == head.size else Standing.EARLIER


def _place(view: View, origin: str) -> tuple[str | None, str]:
    code = directory.epochs.code_of(origin)
    place = view.community(code)
    return code, f"{place.county} · {place.town} · {place.name}"
