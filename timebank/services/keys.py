"""The keys of a ledger: register those of others, replace and revoke, and look at what a bad one signed."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from timebank.access import Actor, Right, require
from timebank.bank import Bank, Posted, View, Work
from timebank.ledger import (
    Code,
    Intent,
    Key,
    KeyRole,
    Note,
    Record,
    Refused,
    SignedIntent,
    Signer,
    Vkey,
    admit,
    parse_record,
    reads,
    sign,
)

from . import entries
from .admins import admins_of
from .statements import day_in_zone

# The others belong to the service itself, to the admins' quorum, or to a member's account.
_OUTSIDE = (KeyRole.STATION, KeyRole.LEAD, KeyRole.DEVICE)
# What this service holds itself and can therefore make anew.
ROTATED = (KeyRole.LOG, KeyRole.SYSTEM, KeyRole.STATION, KeyRole.LEAD, KeyRole.ADMIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A key of the ledger; `is_held`: its private part is in this service's keyring."""

    key: Key
    is_held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoked:
    """A revocation; `in_doubt` counts the signatures of the key from `compromised_from` on."""

    posted: Posted
    key: Key
    in_doubt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubtful:
    """A record that a key signed at or after the number from which it was reported as compromised."""

    seq: int
    id: str
    kind: str
    day: str
    minutes: int
    key: str


def register(bank: Bank, actor: Actor | None, community: str, vkey: str, role: KeyRole) -> Posted:
    """Enter a public key (a vkey line) into the community's ledger: from the next entry on it may sign.

    Refused when the key is unsound, known already, or meant for a role that is not given to others.
    """
    require(actor, Right.MANAGE_KEYS, community)
    key = Vkey.parse(vkey)
    if role not in _OUTSIDE:
        raise Refused(Code.KEY_ROLE, key=key.name)
    with bank.work_for(community) as work:
        record = _post(bank, work, {"action": "add", "vkey": str(key), "role": role.value})
    return bank.posted(work, record, [])


def rotate(bank: Bank, actor: Actor | None, community: str, role: KeyRole) -> Posted:
    """Replace the key with which this service signs in a role: a fresh one is entered, then the old one revoked.

    The answer's record is the one that adds; the revocation followed. Of the admins the one that has been in longest
    is replaced: once more replaces the next. Doing it again makes one more key and harms nothing.
    """
    require(actor, Right.MANAGE_KEYS, community)
    if role not in ROTATED:
        raise Refused(Code.KEY_ROLE, key=role.value)
    origin = bank.origin(community)
    with bank.view() as view:
        new = Signer.generate(_next_name(view, view.head(origin), role))
    # 1. Kept before the ledger names it. A crash after this line leaves a key that nobody uses.
    bank.keyring.add(new)
    with bank.work(origin) as work:
        old = _in_use(bank, work, role)
        # 2. The new key first, so that at every number the ledger has somebody to sign. One transaction: a crash up to
        # its commit leaves the old key in force; after it the new one is, here and in every other process.
        added = _post(bank, work, {"action": "add", "vkey": str(new.vkey), "role": role.value})
        followed = [] if old is None else [_post(bank, work, _revocation(old), old)]
    return bank.posted(work, added, followed)


def _next_name(view: View, head: reads.Head, role: KeyRole) -> str:
    """Every log key is named as the ledger; other names are used once: the next number that is free."""
    if role is KeyRole.LOG:
        return head.origin
    taken = {name for name, _ in reads.keys(view.connection, head)}
    first = len(reads.keys_of(view.connection, head, role)) + 1
    return next(name for number in count(first) if (name := f"{head.origin}/{role}-{number}") not in taken)


def _in_use(bank: Bank, work: Work, role: KeyRole) -> Key | None:
    """The key that a new one of this role replaces; None when none is held here."""
    keys = reads.keys_of(work.connection, work.writer.head, role)
    held = [key for key in keys if key.until is None and bank.keyring.holds(key.vkey)]
    if not held:
        return None
    return held[0] if role is KeyRole.ADMIN else held[-1]


def revoke(
    bank: Bank, actor: Actor | None, community: str, wanted: str, compromised_from: int | None = None
) -> Revoked:
    """End a key, named or given as a vkey: what it signs from the next entry on is refused, what it signed stays valid.

    `compromised_from` is the record from which on its signatures are in doubt. Refused when the key is unknown, revoked
    already, or one that the ledger cannot be without.
    """
    require(actor, Right.MANAGE_KEYS, community)
    with bank.work_for(community) as work:
        key = _named(work, wanted)
        record = _post(bank, work, _revocation(key, compromised_from), key)
    with bank.view() as view:
        after = reads.keys(view.connection, view.head(work.origin))[key.vkey.name, key.vkey.key_id]
        in_doubt = sum(1 for _ in _signed_in_doubt(view, view.head(work.origin), [after]))
    return Revoked(posted=bank.posted(work, record, []), key=after, in_doubt=in_doubt)


def _named(work: Work, wanted: str) -> Key:
    """The valid key of this name or vkey; of several log keys the oldest, for the newest must stay."""
    keys = reads.keys(work.connection, work.writer.head, [wanted.partition("+")[0]]).values()
    fitting = sorted((key for key in keys if wanted in (key.vkey.name, str(key.vkey))), key=lambda key: key.since)
    if not fitting:
        raise Refused(Code.KEY_UNKNOWN, key=wanted)
    valid = [key for key in fitting if key.until is None]
    if not valid:
        raise Refused(Code.KEY_REVOKED, key=wanted)
    return valid[0]


def _revocation(key: Key, compromised_from: int | None = None) -> dict[str, str | int]:
    body: dict[str, str | int] = {"action": "revoke", "vkey": str(key.vkey), "role": key.role.value}
    if key.account is not None:
        body["account"] = key.account
    if compromised_from is not None:
        body["compromised-from"] = compromised_from
    return body


def _post(bank: Bank, work: Work, body: dict[str, str | int], ending: Key | None = None) -> Record:
    """Enter a `key` entry, signed by a lead and an admin where it is a device's, else by the admins' quorum."""
    signers = admins_of(bank, work, ending)
    if body["role"] == KeyRole.DEVICE:
        signers = (bank.signer(work.connection, work.writer.head, KeyRole.LEAD), signers[0])
    intent = Intent(ledger=work.origin, id=bank.uuid(), kind="key", at=work.now, by=signers[0].name, body=body)
    return work.append(sign(intent, *signers))


def registered(bank: Bank, actor: Actor | None, community: str) -> list[Registered]:
    """Every key that the ledger ever registered, oldest first."""
    require(actor, Right.AUDIT, community)
    with bank.view() as view:
        keys = reads.keys(view.connection, view.head_of(community)).values()
    ordered = sorted(keys, key=lambda key: (key.since, key.role, key.vkey.name))
    return [Registered(key=key, is_held=bank.keyring.holds(key.vkey)) for key in ordered]


def doubtful(bank: Bank, actor: Actor | None, community: str) -> list[Doubtful]:
    """The records signed by a key at or after its `compromised_from`, for the lead to look at one by one."""
    require(actor, Right.AUDIT, community)
    with bank.view() as view:
        head = view.head_of(community)
        keys = [key for key in reads.keys(view.connection, head).values() if key.compromised_from is not None]
        return [
            Doubtful(
                seq=record.seq,
                id=record.id,
                kind=record.intent.kind,
                day=str(record.intent.body.get("day") or day_in_zone(record.ms, head.offset_minutes)),
                minutes=sum(move.minutes for move in record.intent.moves),
                key=key.vkey.name,
            )
            for record, key in _signed_in_doubt(view, head, keys)
        ]


def _signed_in_doubt(view: View, head: reads.Head, keys: list[Key]) -> Iterator[tuple[Record, Key]]:
    since = {(key.vkey.name, key.vkey.key_id): key for key in keys if key.compromised_from is not None}
    if not since:
        return
    first = min(key.compromised_from or 0 for key in since.values())
    for raw in reads.raw_from(view.connection, head, first):
        record = parse_record(raw)
        for line in Note.parse(record.note).signatures:
            key = since.get((line.name, line.key_id))
            if key is not None and record.seq >= (key.compromised_from or 0):
                yield record, key


def readmit(bank: Bank, actor: Actor | None, community: str, note: bytes) -> Posted:
    """Enter what a device signed before its key was revoked and hands in only now: the lead vouches for it, and the
    lead's key held here signs under the device's line.

    The device's chain must hold as ever. Refused for a key that is still valid, or not a device's.
    """
    require(actor, Right.READMIT_ENTRY, community)
    with bank.view() as view:
        head = view.head_of(community)
        keys = reads.keys(view.connection, head)
        signed = admit(note, lambda name, key_id: keys[name, key_id].vkey if (name, key_id) in keys else None)
        _check_readmittable(view, head, signed, keys)
    with bank.work(head.origin) as work:
        lead = bank.signer(work.connection, work.writer.head, KeyRole.LEAD)
        # A crash from here to the commit keeps nothing; after it the same note gives the same record again.
        outcome = entries.enter(work, _countersigned(signed, lead))
        entries.keep_evidence(bank, work, outcome, note)
    if outcome.record is None:
        raise outcome.declined or AssertionError("neither declined nor recorded")
    return bank.posted(work, outcome.record, list(outcome.followed))


def _check_readmittable(view: View, head: reads.Head, signed: SignedIntent, keys: dict[tuple[str, bytes], Key]) -> None:
    key = keys[signed.vkeys[0].name, signed.vkeys[0].key_id]
    if len(signed.vkeys) != 1 or key.role is not KeyRole.DEVICE or key.until is None:
        raise Refused(Code.NOT_READMITTABLE, key=key.vkey.name)
    # By its own clock it was signed after the revocation.
    if signed.intent.at > reads.record_at(view.connection, head, key.until).ms:
        raise Refused(Code.NOT_READMITTABLE, key=key.vkey.name)


def _countersigned(signed: SignedIntent, lead: Signer) -> SignedIntent:
    note = Note.parse(signed.note)
    lines = (*note.signatures, lead.sign(note.text))
    return SignedIntent(signed.intent, Note(note.text, lines).to_bytes(), (*signed.vkeys, lead.vkey))
