"""What files prove without a database: a ledger or an entry against a digest that somebody kept."""

from timebank.ledger import (
    Checkpoint,
    Code,
    Corrupted,
    Digest,
    DigestProof,
    Export,
    Receipt,
    Replay,
    Untrusted,
    Vkey,
    admit,
    check_form,
    parse_record,
)


def covered(sheet: bytes, proof: bytes) -> Checkpoint:
    """The head that a digest covers; Untrusted where the proof is of another digest, or does not hold."""
    found = DigestProof.parse(proof)
    if found.digest != Digest.parse(sheet.decode("ascii", "replace").strip()):
        raise Untrusted(Code.NOTE_FORM, why="the proof is of another digest")
    if not found.holds():
        raise Untrusted(Code.NOTE_FORM, why="the proof does not lead to the digest")
    return found.checkpoint


def prove_beginning(exported: Export, head: Checkpoint) -> int:
    """That an exported ledger obeys the rules and begins with the records of a head: how many it has in all.

    Corrupted where a record is bad, or where the ledger is another one or shorter.
    """
    replay, then = None, None
    for raw in exported:
        replay = replay or Replay(parse_record(raw).intent.ledger)
        replay.enter(raw)
        if replay.books.size == head.size:
            then = (replay.books.tree.root(), replay.books.log_key().vkey)
    if replay is None or exported.checkpoint is None:
        raise Untrusted(Code.NOTE_FORM, why="the export has no records")
    report = replay.finish(exported.checkpoint)
    if then is None or (head.origin, head.root) != (report.origin, then[0]):
        raise Corrupted("does not begin with the records of the head that the digest covers", origin=report.origin)
    if not head.is_signed_by(then[1]):
        raise Corrupted("has not signed the head that the digest covers", origin=report.origin)
    return report.size


def prove_entry(receipt: Receipt, head: Checkpoint) -> str:
    """That an entry is in the ledger of a head, and signed by keys that it shows to be registered there: the entry's
    id. Declined where it is not. As a receipt does, it leaves open who registered these keys."""
    if receipt.checkpoint.note != head.note:
        raise Untrusted(Code.NOTE_FORM, why="the receipt is under another head")
    if not all(proof.leads_to(head) for proof in (receipt.entry, *receipt.keys)):
        raise Untrusted(Code.NOTE_FORM, why="a proof does not lead to the signed root")
    records = [parse_record(proof.record) for proof in (receipt.entry, *receipt.keys)]
    genesis, *later = sorted(records, key=lambda record: record.seq)
    if genesis.seq:
        raise Untrusted(Code.NOTE_FORM, why="the receipt has no proof of the genesis")
    for record in records:
        check_form(record.intent)
    body = genesis.intent.body
    texts = [*body["admins"], body["system"], body["log"]]
    texts += [one.intent.body["vkey"] for one in later if one.intent.body.get("action") == "add"]
    vkeys = [Vkey.parse(text) for text in texts]
    log = next(vkey for vkey in reversed(vkeys) if vkey.name == body["log"].partition("+")[0])
    if not head.is_signed_by(log):
        raise Untrusted(Code.SIGNATURE_BAD, key=head.origin)
    known = {(vkey.name, vkey.key_id): vkey for vkey in vkeys}
    admit(records[0].note, lambda name, key_id: known.get((name, key_id)))
    return records[0].id
