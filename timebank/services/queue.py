"""What waits for a second person: put it there, and read it."""

from dataclasses import dataclass
from typing import Any

import msgspec

from timebank import directory
from timebank.access import Actor
from timebank.bank import Reading
from timebank.ledger import Code, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A request that nobody has decided yet, or what was decided."""

    id: str
    community: str
    kind: str
    subject: str
    details: dict[str, Any]
    asked_by: str
    asked_at: int
    decision: str | None


def ask(
    reading: Reading, actor: Actor, id: str, community: str, kind: str, subject: str, details: dict[str, Any]
) -> Waiting:
    """Put a request into the queue; the same one again is the one that is there."""
    before = directory.approvals.of(reading.connection, id)
    if before is not None:
        known = waiting_of(reading, before)
        if (known.kind, known.subject, known.details) != (kind, subject, _there(details)):
            raise Refused(Code.ID_TAKEN, id=id)
        return known
    if kind == "reverse" and directory.approvals.open_about(reading.connection, community, subject):
        raise Refused(Code.WAITING_ALREADY, entry=subject)
    sealed = reading.vault.seal("approvals.payload", id, msgspec.json.encode(_there(details)).decode())
    asked = directory.approvals.Asked(id, community, kind, subject, sealed, actor.login, reading.now, None)
    directory.approvals.ask(reading.connection, asked)
    return waiting_of(reading, asked)


def _there(details: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in details.items() if value is not None}


def waiting_of(reading: Reading, approval: directory.approvals.Asked) -> Waiting:
    details = {}
    if approval.sealed_payload is not None:
        details = msgspec.json.decode(reading.vault.open("approvals.payload", approval.id, approval.sealed_payload))
    return Waiting(
        id=approval.id,
        community=approval.community,
        kind=approval.kind,
        subject=approval.subject,
        details=details,
        asked_by=approval.asked_by,
        asked_at=approval.asked_at,
        decision=approval.decision,
    )
