"""Register the public keys of others: a station's program, a lead, a device. They keep the private part."""

from timebank.access import Actor, Right, require
from timebank.bank import Bank, Posted
from timebank.ledger import Code, Intent, KeyRole, Refused, Signer, Vkey, sign

from .communities import admin_signers

# The others belong to the service itself, to the admins' quorum, or to a member's account.
_OUTSIDE = (KeyRole.STATION, KeyRole.LEAD, KeyRole.DEVICE)


def register(bank: Bank, actor: Actor | None, community: str, vkey: str, role: KeyRole) -> Posted:
    """Enter a public key (a vkey line) into the community's ledger: from the next entry on it may sign.

    Refused when the key is unsound, known already, or meant for a role that is not given to others.
    """
    require(actor, Right.MANAGE_KEYS, community)
    key = Vkey.parse(vkey)
    if role not in _OUTSIDE:
        raise Refused(Code.KEY_ROLE, key=key.name)
    with bank.work(bank.origin(community)) as work:
        admins = admin_signers(bank)
        signers: tuple[Signer, ...] = admins
        if role is KeyRole.DEVICE:
            signers = (bank.signer(work.connection, work.writer.head, KeyRole.LEAD), admins[0])
        body = {"action": "add", "vkey": str(key), "role": role.value}
        intent = Intent(ledger=work.origin, id=bank.uuid(), kind="key", at=work.now, by=signers[0].name, body=body)
        record = work.append(sign(intent, *signers))
    return bank.posted(work, record, [])
