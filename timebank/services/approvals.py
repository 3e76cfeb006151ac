"""What needs a second person: a reversal, a grant, a long or late visit, the end of an account.

One asks, another decides.
"""

from dataclasses import dataclass

from timebank import directory
from timebank.access import Actor, Right, is_above, require
from timebank.bank import Bank, Posted, Work
from timebank.ledger import REVERSIBLE, Code, KeyRole, Record, Refused, moves_to_reverse, reads, whole_minutes
from timebank.policy import Policy

from . import dealing, eligibility, estates, hours, pairs, private, queue, shares, standing
from .queue import Waiting

_TWO = (KeyRole.STATION, KeyRole.LEAD)
_DECIDES = {
    "reverse": Right.APPROVE_REVERSAL,
    "grant": Right.APPROVE_GRANT,
    "visit": Right.APPROVE_VISIT,
} | dict.fromkeys((*standing.KINDS, "estate"), Right.APPROVE_STANDING)


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


def ask_reversal(bank: Bank, actor: Actor | None, reversal: Reversal) -> Waiting:
    """Put the request before a second person. The entry must be one that can be reversed, and not be reversed yet."""
    actor = require(actor, Right.ASK_REVERSAL, reversal.community)
    with bank.office() as office:
        head = office.head_of(reversal.community)
        record = reads.record_by_id(office.connection, head, reversal.entry)
        if record.intent.kind not in REVERSIBLE:
            raise Refused(Code.NOT_REVERSIBLE, kind=record.intent.kind)
        if reads.ids_known(office.connection, head, [f"{record.id}.reverse"]):
            raise Refused(Code.ALREADY_REVERSED, entry=record.id)
        details = {"reason": reversal.reason, "note": reversal.note}
        return queue.ask(office, actor, reversal.id, reversal.community, "reverse", record.id, details)


def ask_grant(bank: Bank, actor: Actor | None, grant: Grant) -> Waiting:
    """Put the request before a second person."""
    actor = require(actor, Right.ASK_GRANT, grant.community)
    with bank.office() as office:
        person = office.person(grant.person, grant.community)
        details = {"minutes": whole_minutes(grant.minutes), "payer": grant.payer, "reason": grant.reason}
        return queue.ask(
            office, actor, grant.id, grant.community, "grant", person.account, details | {"note": grant.note}
        )


def decide(bank: Bank, actor: Actor | None, community: str, approval_id: str, *, approve: bool) -> Posted | None:
    """Approve or refuse; None when refused, or when nothing of it is in the books.

    Whoever asked, or recorded the entry, cannot be the second person; where the policy of the day gives the queue to
    the town, nobody of the community can.
    """
    with bank.glance() as view:
        asked = directory.approvals.of_community(view.connection, community, approval_id)
    right = _DECIDES[asked.kind if asked else "reverse"]
    actor = require(actor, right, community)
    with bank.work_for(community) as work:
        approval = directory.approvals.of_community(work.connection, community, approval_id)
        if approval is None:
            raise Refused(Code.ENTRY_UNKNOWN, entry=approval_id)
        waiting = queue.waiting_of(work, approval)
        if is_towns(work.policy_on(work.books.day_of(work.now))) and not is_above(actor, right, community):
            raise Refused(Code.TOWN_DECIDES)
        made = _decided(work, waiting, approve=approve)
        if made is None:
            _check_second(work, actor, waiting)
            decision = "approved" if approve else "refused"
            directory.approvals.decide(work.connection, approval_id, decision, by=actor.login, at=work.now)
            if not approve:
                return None
            made = _made(bank, work, waiting)
    return bank.posted(work, made[0], made[1:]) if made else None


def is_towns(policy: Policy) -> bool:
    """Whether what waits for a second person is the town's to decide."""
    return policy.second_person.queue == "town"


def _made(bank: Bank, work: Work, waiting: Waiting) -> list[Record]:
    if waiting.kind == "reverse":
        return _reverse(work, waiting)
    if waiting.kind == "visit":
        return hours.enter_approved(bank, work, waiting)
    if waiting.kind in standing.KINDS:
        return standing.do(work, waiting)
    if waiting.kind == "estate":
        return estates.do(work, waiting)
    return [_grant(work, waiting)]


def _decided(work: Work, waiting: Waiting, *, approve: bool) -> list[Record] | None:
    """What an earlier, equal decision made; None when there was none yet. Another decision than before is refused."""
    if waiting.decision is None:
        return None
    if waiting.decision != "approved" or not approve:
        raise Refused(Code.ALREADY_DECIDED, decision=waiting.decision)
    if waiting.kind in ("death", "incapable"):
        return []
    entry = {"reverse": f"{waiting.subject}.reverse", "close": f"{waiting.subject}.close"}.get(waiting.kind, waiting.id)
    return [reads.record_by_id(work.connection, work.writer.head, entry)]


def _check_second(work: Work, actor: Actor, waiting: Waiting) -> None:
    recorded_by = directory.requests.login_of(work.connection, work.origin, waiting.subject)
    if actor.login in (waiting.asked_by, recorded_by):
        raise Refused(Code.SECOND_PERSON)
    if waiting.kind == "visit":
        visit = hours.visit_of(waiting)
        dealing.check_own_matter(work, actor, [visit.volunteer, *visit.served])
    if waiting.kind in (*standing.KINDS, "estate"):
        dealing.check_own_matter(
            work, actor, [standing.person_of(waiting), *filter(None, [waiting.details.get("heir")])]
        )


def _reverse(work: Work, waiting: Waiting) -> list[Record]:
    return undo(work, waiting.subject, waiting.details.get("reason", "mistake"))


def undo(work: Work, entry: str, reason: str) -> list[Record]:
    """Undo an entry that two people found wrong; its reversal comes first in the answer.

    Before it what had flowed on to the fund is undone, so that the member answers only for what came; and the share of
    the group with which it was said to have been served, and the service of who went along.
    """
    made = []
    share, second = shares.id_of(entry), pairs.id_of(entry)
    for undone in (f"{second}.overflow", second, f"{entry}.overflow", share, entry):
        original = work.writer.record(undone)
        if original is None or (undone != entry and work.writer.record(f"{undone}.reverse") is not None):
            continue
        moves = [(move.source, move.target, move.minutes) for move in moves_to_reverse(work.books, original)]
        body = {"reason": reason}
        made.append(work.post("reverse", *moves, by=_TWO, id=f"{undone}.reverse", ref=undone, body=body))
    if not made:  # it was entered in an earlier epoch
        raise Refused(Code.ENTRY_UNKNOWN, entry=entry)
    for gone in (entry, second):
        directory.presences.drop(work.connection, gone)
    directory.orders.take_back(work.connection, entry.removesuffix(".outcome"))
    return made[::-1]


def _grant(work: Work, waiting: Waiting) -> Record:
    details = waiting.details
    _check_receiver(work, waiting.subject, details["minutes"])
    memo = private.keep(work, waiting.id, {"note": details.get("note")}, [])
    move = (details["payer"], waiting.subject, details["minutes"])
    return work.post("grant", move, by=_TWO, id=waiting.id, body={"reason": details["reason"]}, memo=memo)


def _check_receiver(work: Work, account: str, minutes: int) -> None:
    """As of a gift: nobody is given hours who has died or is suspended, and none above what she may have."""
    person = directory.people.with_accounts(work.connection, [account]).get(account, "")
    today = work.books.day_of(work.now)
    eligibility.check_active(work.person(person), today)
    eligibility.check_held_cap(work, work.policy_on(today), account, minutes)
