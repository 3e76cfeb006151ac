"""The admins' keys of this service: which of them sign for a ledger."""

from collections.abc import Iterable
from itertools import count, islice

from timebank.bank import Bank, View, Work
from timebank.ledger import Code, Key, KeyRole, Refused, Signer, reads

QUORUM = 2


def admin_signers(bank: Bank) -> tuple[Signer, ...]:
    """The admins' keys with which this service founds ledgers, made when there are none yet. Who holds it can sign
    for them. One that was revoked in any ledger here founds no other."""
    with bank.view() as view:
        unfit = {key.vkey.name for head in reads.heads(view.connection) for key in _revoked_admins(view, head)}
    numbered = (f"{bank.settings.host}/admin-{number}" for number in count(1))
    names = list(islice((name for name in numbered if name not in unfit), QUORUM))
    missing = [name for name in names if name not in bank.keyring.names()]
    if missing:
        bank.keyring.add(*(Signer.generate(name, bank.random) for name in missing))
    return tuple(bank.keyring.signer(name) for name in names)


def _revoked_admins(view: View, head: reads.Head) -> list[Key]:
    return [key for key in reads.keys_of(view.connection, head, KeyRole.ADMIN) if key.until is not None]


def admins_of(bank: Bank, work: Work, without: Key | None = None) -> tuple[Signer, ...]:
    """The admins' keys that are valid in this ledger now and held here: as many as its quorum, the newest first.

    Every ledger has its own: an admin whose key was replaced in one signs there with the new one. Refused when too
    few are held. `without` is a key that is about to be revoked and need not sign that itself.
    """
    stored = reads.keys_of(work.connection, work.writer.head, KeyRole.ADMIN)
    # What this transaction added or revoked is newer than what the table says.
    keys = {(key.vkey.name, key.vkey.key_id): key for key in stored} | work.books.keys
    return signers_among(bank, (key for key in keys.values() if key != without), work.books.quorum)


def signers_among(bank: Bank, keys: Iterable[Key], quorum: int) -> tuple[Signer, ...]:
    """As many admins as the quorum, of those of these keys that are valid and held here, the newest first."""
    held = [key for key in keys if key.role is KeyRole.ADMIN and key.until is None and bank.keyring.holds(key.vkey)]
    held.sort(key=lambda key: (-key.since, key.vkey.name))
    if len(held) < quorum:
        raise Refused(Code.SIGNER_MISSING, needed=quorum)
    return tuple(bank.log_signer(key) for key in held[:quorum])
