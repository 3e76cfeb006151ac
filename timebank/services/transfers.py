"""Hours that travel: give them to somebody in another community, and see them arrive or come back.

The other community decides; here nothing is released before it has. What is on its way is tried again until then.
"""

from dataclasses import dataclass

from timebank import directory
from timebank.access import EVERYWHERE, Actor, Right, allowed, require, require_either
from timebank.bank import DAY_MS, MINUTE_MS, Bank, Posted, Work
from timebank.federation import desk
from timebank.federation.messages import Stale
from timebank.ledger import Code, KeyRole, Refused, Untrusted, whole_minutes

from . import dealing, eligibility, pace, proxies
from .certificates import masked
from .statements import seen_person

MOST_AT_ONCE = 500
MOST_SHOWN = 100
# So long the other community may still accept; after it, it can only refuse.
DEADLINE_MS = 30 * DAY_MS
_LONGEST_PAUSE = 60 * MINUTE_MS
_TRIES = 3  # of one delivery: each time the other side has seen more of the books


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Minutes from a member here to the holder of a card in the community `to`. `id` is a UUIDv7 of the caller's."""

    id: str
    community: str
    giver: str
    to: str
    card: str
    minutes: int
    reason: str = "family"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """Who holds a card elsewhere: enough to see that it is the right one."""

    community: str
    place: str
    name: str


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


def payee(bank: Bank, actor: Actor | None, giver: str, card: str) -> Payee:
    """Who holds a card, and where, for somebody who may give the hours of `giver`; a masked name.

    Refused after too many numbers that nobody holds: cards are not found by trying.
    """
    with bank.view() as view:
        person = directory.people.known(view.connection, [giver]).get(giver)
        place = person.community if person else ""
        actor = require_either(actor, Right.GIFT_FOR_OTHERS, Right.GIFT_OWN, place, giver)
    pace.count(bank, "cards", actor.login)
    with bank.view() as view:
        holder = _holder(view.people, card)
        there = view.community(holder.community)
        name = directory.people.name_of(view.vault, holder) or ""
    pace.take_back(bank, "cards", actor.login)
    return Payee(community=there.code, place=f"{there.county} · {there.town} · {there.name}", name=masked(name))


def _holder(db: directory.Db, card: str, to: str | None = None) -> directory.Person:
    holder = directory.people.with_card(db, card)
    if holder is None or to not in (None, holder.community) or holder.deceased_on is not None:
        raise Refused(Code.PERSON_UNKNOWN)
    return holder


def send(bank: Bank, actor: Actor | None, transfer: Transfer) -> Posted:
    """Hold the minutes for the other community, and offer them; sent again it gives the same receipt.

    Refused where the rules here forbid it. Whether it is accepted, the other community decides: see `of_person`.
    """
    actor = require_either(actor, Right.GIFT_FOR_OTHERS, Right.GIFT_OWN, transfer.community, transfer.giver)
    with bank.work(bank.origin(transfer.community)) as work:
        record = work.repeated(f"{transfer.id}.hold", transfer)
        if record is None:
            if work.people.get(directory.Transfer, transfer.id) is not None:
                raise Refused(Code.ID_TAKEN, id=transfer.id)  # by another community of this service
            giver = work.person(transfer.giver, transfer.community)
            there = work.community(transfer.to)
            holder = _holder(work.people, transfer.card, transfer.to)
            _check(work, actor, transfer, giver, holder)
            desk.check_open(desk.known(work, transfer.community, there.origin))
            name = masked(directory.people.name_of(work.vault, holder) or "")
            work.people.add(
                directory.Transfer(
                    id=transfer.id,
                    community=transfer.community,
                    peer=there.origin,
                    person=giver.id,
                    payee=holder.account,
                    sealed_payee=work.vault.seal("transfers.payee", transfer.id, name),
                    minutes=transfer.minutes,
                    state="offered",
                    asked_at=work.now,
                    due_at=work.now,
                    tries=0,
                )
            )
            body = {"peer": there.origin, "payee": holder.account, "deadline": work.now + DEADLINE_MS}
            move = (giver.account, f"held:{there.origin}", transfer.minutes)
            record = work.post(
                "send", move, by=(KeyRole.STATION,), id=f"{transfer.id}.hold", body=body | {"reason": transfer.reason}
            )
            work.recorded_by(actor.login, record.id)
    posted = bank.posted(work, record, [])
    deliver(bank, transfer.community, transfer.id)
    return posted


def _check(
    work: Work, actor: Actor, transfer: Transfer, giver: directory.people.Known, holder: directory.Person
) -> None:
    whole_minutes(transfer.minutes)
    policy = work.policy_on(work.books.day_of(work.now))
    if transfer.to == transfer.community:
        raise Refused(Code.SAME_COMMUNITY)
    if policy.redeeming.elsewhere not in ("both", "redeem"):
        raise Refused(Code.NOT_ELSEWHERE)
    if not policy.giving.gifts:
        raise Refused(Code.GIFTS_OFF)
    if giver.deceased_on is not None:
        raise Refused(Code.LEFT_BEHIND)
    eligibility.check_not_suspended(giver)
    related = directory.people.relations_of(work.connection, [giver.account, holder.account])
    if not policy.is_in_circle(related.get((giver.account, holder.account), ())):
        raise Refused(Code.NOT_IN_CIRCLE, person=holder.id)
    if giver.id == actor.person:
        return
    if allowed(actor, Right.GIFT_FOR_OTHERS, transfer.community):
        dealing.check_own_matter(work, actor, [holder.id])
    else:
        proxies.check_limit(work, actor, giver, Right.GIFT_OWN, transfer.minutes)


def deliver(bank: Bank, community: str, transfer: str) -> str:
    """Carry an offer over and the decision back; the state that it came to. Where the other side cannot be asked now,
    it stays `offered` and is tried later, at most an hour apart, for ever: here nothing is released by a clock."""
    with bank.view() as view:
        row = view.people.get(directory.Transfer, transfer)
        if row is None or row.community != community:
            raise Refused(Code.ENTRY_UNKNOWN, entry=transfer)
        state, peer = row.state, row.peer
    if state != "offered":
        return state
    try:
        return _carry(bank, community, transfer, peer)
    except (Refused, Untrusted, Stale):
        with bank.office() as office:
            late = directory.transfers.locked(office.people, community, transfer)
            if late is not None and late.state == "offered":
                late.tries += 1
                late.due_at = office.now + min(_LONGEST_PAUSE, MINUTE_MS << min(late.tries, 6))
        return "offered"


def _carry(bank: Bank, community: str, transfer: str, peer: str) -> str:
    """To a community of this service: the same messages, verified as if they came from afar."""
    own, to = bank.origin(community), directory.epochs.code_of(peer)
    decision = ""
    for rest in reversed(range(_TRIES)):
        try:
            offer = desk.prove(bank, own, f"{transfer}.hold", desk.seen_of(bank, to, own))
            decision = desk.admit(bank, to, own, offer)
            break
        except Stale:
            if not rest:
                raise
    for rest in reversed(range(_TRIES)):
        try:
            answer = desk.prove(bank, peer, decision, desk.seen_of(bank, community, peer))
            return desk.conclude(bank, community, transfer, answer).intent.kind
        except Stale:
            if not rest:
                raise
    return "offered"


def run_due(bank: Bank, actor: Actor | None) -> dict[str, int]:
    """Try again what is due, each on its own: how many were sent, came back, and are still on their way."""
    require(actor, Right.KEEP_BOOKS, EVERYWHERE)
    with bank.view() as view:
        due = [(row.community, row.id) for row in directory.transfers.due(view.people, view.now, MOST_AT_ONCE)]
    done = {"sent": 0, "returned": 0, "offered": 0}
    for community, transfer in due:
        done[deliver(bank, community, transfer)] += 1
    return done


def of_person(bank: Bank, actor: Actor | None, person_id: str) -> tuple[OnItsWay, ...]:
    """What somebody sent, the newest first: for herself, who acts for her, and staff."""
    with bank.view() as view:
        person = seen_person(view, actor, person_id)
        rows = directory.transfers.of_person(view.people, person.id, MOST_SHOWN)
        made = []
        for row in rows:
            there = view.community(directory.epochs.code_of(row.peer))
            name = "" if row.sealed_payee is None else view.vault.open("transfers.payee", row.id, row.sealed_payee)
            made.append(
                OnItsWay(
                    id=row.id,
                    to=there.code,
                    place=f"{there.county} · {there.town} · {there.name}",
                    name=name,
                    minutes=row.minutes,
                    state=row.state,
                    reason=row.reason,
                    asked_at=row.asked_at,
                )
            )
        return tuple(made)
