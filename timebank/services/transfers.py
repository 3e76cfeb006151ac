"""Hours that travel: give them to somebody in another community, and see them arrive or come back.

The other community decides; here nothing is released before it has. What is on its way is tried again until then.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from timebank import directory
from timebank.access import EVERYWHERE, Actor, Right, allowed, require, require_either
from timebank.bank import DAY_MS, MINUTE_MS, Bank, Posted, View, Work
from timebank.federation import crossing, desk
from timebank.federation.messages import MOST_TOGETHER, Stale
from timebank.ledger import Code, KeyRole, Refused, Untrusted, whole_minutes
from timebank.policy import Policy

from . import dealing, eligibility, payees, proxies
from .certificates import masked
from .payees import Found
from .statements import seen_person

MOST_AT_ONCE = 500
UNREACHABLE = "unreachable"
MOST_SHOWN = 100
# Why: somebody moves, and her own hours go along.
MOVE = "move"
# So long the other community may still accept; after it, it can only refuse.
DEADLINE_MS = 30 * DAY_MS
_LONGEST_PAUSE = 60 * MINUTE_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Minutes from a member here to the holder of a card in the community `to`. `id` is a UUIDv7 of the caller's.

    `reason` MOVE: to herself, who is moving there; the rules of gifts are not asked.
    """

    id: str
    community: str
    giver: str
    to: str
    card: str
    minutes: int
    reason: str = "family"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnItsWay:
    """A transfer as whoever sent it sees it: `offered`, `sent` or `returned`, and then why (`reason`)."""

    id: str
    to: str
    place: str
    name: str
    minutes: int
    state: str
    reason: str | None
    asked_at: int


def send(bank: Bank, actor: Actor | None, transfer: Transfer) -> Posted:
    """Hold the minutes for the other community, and offer them; sent again it gives the same receipt.

    To a community that another service keeps it is offered within a minute, by the job `deliver`: nobody waits for a
    network. Refused where the rules here forbid it. Whether it is accepted, the other community decides: see
    `of_person`.
    """
    actor = require_either(actor, Right.GIFT_FOR_OTHERS, Right.GIFT_OWN, transfer.community, transfer.giver)
    abroad = _payee_elsewhere(bank, transfer)
    with bank.work_for(transfer.community) as work:
        record = work.repeated(f"{transfer.id}.hold", transfer)
        if record is None:
            if directory.transfers.one(work.connection, transfer.id) is not None:
                raise Refused(Code.ID_TAKEN, id=transfer.id)  # by another community of this service
            giver = work.person(transfer.giver, transfer.community)
            payee = abroad or _payee_here(work, transfer)
            _check(work, actor, transfer, giver, payee)
            desk.check_open(desk.known(work, transfer.community, payee.peer))
            directory.transfers.add(
                work.connection,
                id=transfer.id,
                community=transfer.community,
                peer=payee.peer,
                person=giver.id,
                payee=payee.account,
                sealed_payee=work.vault.seal("transfers.payee", transfer.id, payee.name),
                minutes=transfer.minutes,
                asked_at=work.now,
                due_at=work.now,
            )
            body = {"peer": payee.peer, "payee": payee.account, "deadline": work.now + DEADLINE_MS}
            move = (giver.account, f"held:{payee.peer}", transfer.minutes)
            record = work.post(
                "send", move, by=(KeyRole.STATION,), id=f"{transfer.id}.hold", body=body | {"reason": transfer.reason}
            )
            work.recorded_by(actor.login, record.id)
    posted = bank.posted(work, record, [])
    if abroad is None:
        _deliver(bank, transfer.community, str(record.intent.body["peer"]), transfer.id)
    return posted


def _payee_elsewhere(bank: Bank, transfer: Transfer) -> Found | None:
    """Who is to be given, asked of the service that keeps her community, before anything is held; None where that is
    this one, or the transfer was entered before."""
    peer = payees.peer_elsewhere(bank, transfer.community, transfer.to)
    if peer is None:
        return None
    with bank.glance() as view:
        row = directory.transfers.one(view.connection, transfer.id)
    if row is not None:
        return Found(peer=row.peer, account=row.payee, name="")
    return payees.ask(bank, transfer.community, peer.origin, transfer.card)


def _payee_here(work: Work, transfer: Transfer) -> Found:
    there = work.community(transfer.to)
    holder = payees.holder_of(work, transfer.card, transfer.to)
    name = masked(directory.people.name_of(work.vault, holder) or "")
    return Found(peer=there.origin, account=holder.account, name=name, person=holder.id)


def _check(work: Work, actor: Actor, transfer: Transfer, giver: directory.people.Known, payee: Found) -> None:
    whole_minutes(transfer.minutes)
    policy = work.policy_on(work.books.day_of(work.now))
    if transfer.to == transfer.community:
        raise Refused(Code.SAME_COMMUNITY)
    if policy.redeeming.elsewhere not in ("both", "redeem"):
        raise Refused(Code.NOT_ELSEWHERE)
    if giver.deceased_on is not None:
        raise Refused(Code.LEFT_BEHIND)
    eligibility.check_not_suspended(giver)
    if transfer.reason == MOVE:
        _check_oneself(work, actor, giver, payee)
    else:
        _check_gift(work, policy, giver, payee)
    if giver.id == actor.person:
        return
    if allowed(actor, Right.GIFT_FOR_OTHERS, transfer.community):
        dealing.check_own_matter(work, actor, [payee.person] if payee.person else [])
    else:
        proxies.check_limit(work, actor, giver, Right.GIFT_OWN, transfer.minutes)


def _check_gift(work: Work, policy: Policy, giver: directory.people.Known, payee: Found) -> None:
    if not policy.giving.gifts:
        raise Refused(Code.GIFTS_OFF)
    # How somebody whom another service registered is related to anybody, nobody knows here.
    related = directory.people.relations_of(work.connection, [giver.account, payee.account])
    if not policy.is_in_circle(related.get((giver.account, payee.account), ())):
        raise Refused(Code.NOT_IN_CIRCLE, person=payee.person)


def _check_oneself(work: Work, actor: Actor, giver: directory.people.Known, payee: Found) -> None:
    """Whoever moves is no other: on this service by name and day of birth; elsewhere a clerk has seen her, and what is
    shown of the name is hers."""
    if payee.person is not None:
        is_she = directory.people.are_one(work.connection, giver.id, payee.person)
    else:
        seen = allowed(actor, Right.GIFT_FOR_OTHERS, giver.community)
        is_she = seen and payee.name == masked(directory.people.name_of(work.vault, giver) or "")
    if not is_she:
        raise Refused(Code.NOT_ONESELF)


def deliver(bank: Bank, community: str, transfer: str) -> str:
    """Carry an offer over and the decision back; the state that it came to, or `unreachable`. Where the other side
    cannot be asked now, it stays `offered` and is tried later, at most an hour apart, for ever: here nothing is
    released by a clock.

    One is under way from a community to a ledger at a time; what is sent meanwhile goes together with the next.
    """
    with bank.glance() as view:
        found = directory.transfers.one(view.connection, transfer)
    if found is None or found.community != community:
        raise Refused(Code.ENTRY_UNKNOWN, entry=transfer)
    return _deliver(bank, community, found.peer, transfer)


def _deliver(bank: Bank, community: str, peer: str, transfer: str) -> str:
    with bank.courier(community, peer):
        with bank.glance() as view:
            state = directory.transfers.states(view.connection, [transfer])[transfer]
            if state != "offered":
                return state
            due = directory.transfers.due_to(view.connection, community, peer, view.now, MOST_TOGETHER)
        together = [transfer, *(other for other in due if other != transfer)][:MOST_TOGETHER]
        return carry_all(bank, community, peer, together)[transfer]


def carry_all(bank: Bank, community: str, peer: str, transfers: Sequence[str]) -> dict[str, str]:
    """Carry over what is on its way from a community to one ledger, many in one message: the state of each as in
    `deliver`. What is declined together is tried one by one, so that none holds up the others."""
    for start in range(0, len(transfers), MOST_TOGETHER):
        together = transfers[start : start + MOST_TOGETHER]
        try:
            crossing.carry(bank, community, peer, together)
        except (Refused, Untrusted, Stale) as error:
            if isinstance(error, Refused) and error.code is Code.PEER_UNREACHABLE:
                _put_off(bank, transfers[start:])
                return _states(bank, transfers, UNREACHABLE)
            if len(together) == 1 or not _may_be_for_one(error):
                _put_off(bank, together)
                continue
            for place, transfer in enumerate(together, start + 1):
                if UNREACHABLE in carry_all(bank, community, peer, [transfer]).values():
                    _put_off(bank, transfers[place:])
                    return _states(bank, transfers, UNREACHABLE)
    return _states(bank, transfers, "offered")


def _may_be_for_one(error: Exception) -> bool:
    """Whether what was declined together may be so for one of them alone."""
    if not isinstance(error, Refused):
        return False
    if error.code is Code.PEER_DECLINED:
        return bool(error.facts["said"] != Code.PEER_FROZEN.value)
    return error.code is Code.ENTRY_UNKNOWN


def _states(bank: Bank, transfers: Sequence[str], offered: str) -> dict[str, str]:
    """How far they have come; `offered`: what those are called that are still on their way."""
    with bank.glance() as view:
        found = directory.transfers.states(view.connection, transfers)
    return {transfer: offered if state == "offered" else state for transfer, state in found.items()}


def state_of(bank: Bank, transfer: str) -> tuple[str, str | None]:
    """How far a transfer has come (`offered`, `sent`, `returned`), and why it came back."""
    with bank.glance() as view:
        found = directory.transfers.one(view.connection, transfer)
    if found is None:
        raise Refused(Code.ENTRY_UNKNOWN, entry=transfer)
    return found.state, found.reason


def _put_off(bank: Bank, transfers: Sequence[str]) -> None:
    """What is still on its way is tried later: twice as long each time, up to an hour, and not all at one moment."""
    with bank.office() as office:
        for late in directory.transfers.locked(office.people, transfers):
            if late.state == "offered":
                late.tries += 1
                pause = min(_LONGEST_PAUSE, MINUTE_MS << min(late.tries, 6))
                late.due_at = office.now + pause - pause * office.random(1)[0] // 1024


def run_due(bank: Bank, actor: Actor | None) -> dict[str, int]:
    """Try again what is due, all that is for one ledger together: how many were sent, came back, and are still on their
    way. A service that does not answer is asked once; the rest of what is for it waits."""
    require(actor, Right.KEEP_BOOKS, EVERYWHERE)
    with bank.view() as view:
        due: dict[tuple[str, str], list[str]] = {}
        for community, peer, transfer in directory.transfers.due(view.people, view.now, MOST_AT_ONCE):
            due.setdefault((community, peer), []).append(transfer)
    done = Counter({"sent": 0, "returned": 0, "offered": 0})
    for (community, peer), transfers in due.items():
        with bank.courier(community, peer):
            states = carry_all(bank, community, peer, transfers)
        done.update("offered" if state == UNREACHABLE else state for state in states.values())
    return dict(done)


def of_person(bank: Bank, actor: Actor | None, person_id: str) -> tuple[OnItsWay, ...]:
    """What somebody sent, the newest first: for herself, who acts for her, and staff."""
    with bank.view() as view:
        person = seen_person(view, actor, person_id)
        rows = directory.transfers.of_person(view.people, person.id, MOST_SHOWN)
        made = []
        for row in rows:
            code, place = _where(view, row.community, row.peer)
            name = "" if row.sealed_payee is None else view.vault.open("transfers.payee", row.id, row.sealed_payee)
            made.append(
                OnItsWay(
                    id=row.id,
                    to=code,
                    place=place,
                    name=name,
                    minutes=row.minutes,
                    state=row.state,
                    reason=row.reason,
                    asked_at=row.asked_at,
                )
            )
        return tuple(made)


def _where(view: View, community: str, origin: str) -> tuple[str, str]:
    """The code and the place of another community, kept here or elsewhere."""
    code = directory.epochs.code_of(origin)
    there = directory.communities.one(view.connection, code)
    if there is not None:
        return code, f"{there.county} · {there.town} · {there.name}"
    peer = directory.transfers.peer(view.connection, community, origin)
    return code, (peer.place if peer is not None else None) or origin
