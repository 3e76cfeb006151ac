"""What needs a second person: reversing an entry, and granting minutes. One asks, another decides."""

from dataclasses import dataclass
from typing import Any

import msgspec

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import Bank, Posted, Reading, Work
from timebank.ledger import REVERSIBLE, Code, KeyRole, Record, Refused, moves_to_reverse, reads, whole_minutes

from . import private

_TWO = (KeyRole.STATION, KeyRole.LEAD)
_DECIDES = {"reverse": Right.APPROVE_REVERSAL, "grant": Right.APPROVE_GRANT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reversal:
    """Asks to undo an entry. `id` is of the request, a UUIDv7 chosen by the caller; `reason` a code."""

    id: str
    community: str
    entry: str
    reason: str
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Asks to give a person minutes from `fund` or `issue`. `id` becomes the id of the entry."""

    id: str
    community: str
    person: str
    minutes: int
    payer: str
    reason: str
    note: str | None = None


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


def ask_reversal(bank: Bank, actor: Actor | None, reversal: Reversal) -> Waiting:
    """Put the request before a second person. The entry must be one that can be reversed, and not be reversed yet."""
    actor = require(actor, Right.ASK_REVERSAL, reversal.community)
    with bank.office() as office:
        head = office.head(bank.origin(reversal.community))
        record = reads.record_by_id(office.connection, head, reversal.entry)
        if record.intent.kind not in REVERSIBLE:
            raise Refused(Code.NOT_REVERSIBLE, kind=record.intent.kind)
        if reads.ids_known(office.connection, head, [f"{record.id}.reverse"]):
            raise Refused(Code.ALREADY_REVERSED, entry=record.id)
        details = {"reason": reversal.reason, "note": reversal.note}
        return _ask(office, actor, reversal.id, reversal.community, "reverse", record.id, details)


def ask_grant(bank: Bank, actor: Actor | None, grant: Grant) -> Waiting:
    """Put the request before a second person."""
    actor = require(actor, Right.ASK_GRANT, grant.community)
    with bank.office() as office:
        person = office.person(grant.person, grant.community)
        details = {"minutes": whole_minutes(grant.minutes), "payer": grant.payer, "reason": grant.reason}
        return _ask(office, actor, grant.id, grant.community, "grant", person.account, details | {"note": grant.note})


def _ask(
    office: Reading, actor: Actor, id: str, community: str, kind: str, subject: str, details: dict[str, Any]
) -> Waiting:
    before = office.people.get(directory.Approval, id)
    if before is not None:
        known = waiting_of(office, before)
        if (known.kind, known.subject, known.details) != (kind, subject, _there(details)):
            raise Refused(Code.ID_TAKEN, id=id)
        return known
    if kind == "reverse" and directory.approvals.open_about(office.people, community, subject):
        raise Refused(Code.WAITING_ALREADY, entry=subject)
    approval = directory.Approval(
        id=id,
        community=community,
        kind=kind,
        subject=subject,
        sealed_payload=office.vault.seal("approvals.payload", id, msgspec.json.encode(_there(details)).decode()),
        asked_by=actor.login,
        asked_at=office.now,
    )
    office.people.add(approval)
    return waiting_of(office, approval)


def _there(details: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in details.items() if value is not None}


def waiting_of(reading: Reading, approval: directory.Approval) -> Waiting:
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


def decide(bank: Bank, actor: Actor | None, community: str, approval_id: str, *, approve: bool) -> Posted | None:
    """Approve or refuse; None when refused. Whoever asked, or recorded the entry, cannot be the second person."""
    with bank.view() as view:
        kind = directory.approvals.kind_of(view.people, community, approval_id)
    actor = require(actor, _DECIDES[kind or "reverse"], community)
    with bank.work(bank.origin(community)) as work:
        approval = directory.approvals.of(work.people, community, approval_id)
        if approval is None:
            raise Refused(Code.ENTRY_UNKNOWN, entry=approval_id)
        waiting = waiting_of(work, approval)
        made = _decided(work, waiting, approve=approve)
        if made is None:
            _check_second(work, actor, waiting)
            approval.decided_by, approval.decided_at = actor.login, work.now
            approval.decision = "approved" if approve else "refused"
            if not approve:
                return None
            made = _reverse(work, waiting) if waiting.kind == "reverse" else [_grant(work, waiting)]
    return bank.posted(work, made[0], made[1:])


def _decided(work: Work, waiting: Waiting, *, approve: bool) -> list[Record] | None:
    """What an earlier, equal decision made; None when there was none yet. Another decision than before is refused."""
    if waiting.decision is None:
        return None
    if waiting.decision != "approved" or not approve:
        raise Refused(Code.ALREADY_DECIDED, decision=waiting.decision)
    entry = f"{waiting.subject}.reverse" if waiting.kind == "reverse" else waiting.id
    return [reads.record_by_id(work.connection, work.writer.head, entry)]


def _check_second(work: Work, actor: Actor, waiting: Waiting) -> None:
    recorded = work.people.get(directory.Recorded, (work.origin, waiting.subject))
    if actor.login == waiting.asked_by or (recorded is not None and recorded.login == actor.login):
        raise Refused(Code.SECOND_PERSON)


def _reverse(work: Work, waiting: Waiting) -> list[Record]:
    return undo(work, waiting.subject, waiting.details.get("reason", "mistake"))


def undo(work: Work, entry: str, reason: str) -> list[Record]:
    """Undo an entry that two people found wrong; its reversal comes first in the answer.

    Before it what had flowed on to the fund is undone, so that the member answers only for what came.
    """
    made = []
    for undone in (f"{entry}.overflow", entry):
        original = work.writer.record(undone)
        if original is None:
            continue
        moves = [(move.source, move.target, move.minutes) for move in moves_to_reverse(work.books, original)]
        body = {"reason": reason}
        made.append(work.post("reverse", *moves, by=_TWO, id=f"{undone}.reverse", ref=undone, body=body))
    if not made:  # it was entered in an earlier epoch
        raise Refused(Code.ENTRY_UNKNOWN, entry=entry)
    return made[::-1]


def _grant(work: Work, waiting: Waiting) -> Record:
    details = waiting.details
    memo = private.keep(work, waiting.id, {"note": details.get("note")}, [])
    move = (details["payer"], waiting.subject, details["minutes"])
    return work.post("grant", move, by=_TWO, id=waiting.id, body={"reason": details["reason"]}, memo=memo)
