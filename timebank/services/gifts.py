"""Give hours away: to another member, or to the public fund."""

from dataclasses import dataclass

from timebank import directory
from timebank.access import Actor, Right, allowed, require_either
from timebank.bank import Bank, Posted, Work
from timebank.ledger import Code, KeyRole, Refused, whole_minutes
from timebank.policy import Policy

from . import dealing, eligibility, proxies


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """Minutes from one person to another of the same community. `reason` is a code such as family or friend."""

    id: str
    community: str
    giver: str
    receiver: str
    minutes: int
    reason: str = "family"


@dataclass(frozen=True, slots=True, kw_only=True)
class Donation:
    """Minutes from a person to the public fund."""

    id: str
    community: str
    giver: str
    minutes: int
    reason: str = "gift"


def give(bank: Bank, actor: Actor | None, gift: Gift) -> Posted:
    """Move the minutes. Refused where they would lift the receiver over the cap: a gift is never diverted."""
    actor = require_either(actor, Right.GIFT_FOR_OTHERS, Right.GIFT_OWN, gift.community, gift.giver)
    with bank.work_for(gift.community) as work:
        record = work.repeated(gift.id, gift)
        followed = []
        if record is None:
            giver = work.person(gift.giver, gift.community)
            receiver = work.person(gift.receiver, gift.community)
            if giver.id == receiver.id:
                raise Refused(Code.SAME_PERSON)
            whole_minutes(gift.minutes)
            _check_dealing(work, actor, gift)
            today = work.books.day_of(work.now)
            policy = work.policy_on(today)
            eligibility.check_not_suspended(giver)
            _check_living(giver)
            eligibility.check_active(receiver, today)
            _check_circle(work, policy, giver, receiver)
            eligibility.check_held_cap(work, policy, receiver.account, gift.minutes)
            _check_proxy(work, actor, giver, Right.GIFT_FOR_OTHERS, Right.GIFT_OWN, gift.minutes)
            move = (giver.account, receiver.account, gift.minutes)
            record = work.post("gift", move, by=(KeyRole.STATION,), id=gift.id, body={"reason": gift.reason})
            followed = work.settle_up(record)
            _note(work, actor, gift.id)
    return bank.posted(work, record, followed)


def donate(bank: Bank, actor: Actor | None, donation: Donation) -> Posted:
    """Move the minutes to the fund."""
    actor = require_either(actor, Right.DONATE_FOR_OTHERS, Right.DONATE_OWN, donation.community, donation.giver)
    with bank.work_for(donation.community) as work:
        record = work.repeated(donation.id, donation)
        if record is None:
            giver = work.person(donation.giver, donation.community)
            if not work.policy_on(work.books.day_of(work.now)).giving.donations:
                raise Refused(Code.DONATIONS_OFF)
            eligibility.check_not_suspended(giver)
            _check_living(giver)
            minutes = whole_minutes(donation.minutes)
            _check_proxy(work, actor, giver, Right.DONATE_FOR_OTHERS, Right.DONATE_OWN, minutes)
            move = (giver.account, "fund", minutes)
            record = work.post("donate", move, by=(KeyRole.STATION,), id=donation.id, body={"reason": donation.reason})
            _note(work, actor, donation.id)
    return bank.posted(work, record, [])


def _check_dealing(work: Work, actor: Actor, gift: Gift) -> None:
    """Who gives another's hours away at the counter gives them neither to themselves nor to their family."""
    if allowed(actor, Right.GIFT_OWN, gift.community, gift.giver):
        return
    dealing.check_own_matter(work, actor, [gift.receiver])


def _check_living(giver: directory.people.Known) -> None:
    """What somebody leaves behind goes by her case alone: see `estates`."""
    if giver.deceased_on is not None:
        raise Refused(Code.LEFT_BEHIND)


def _check_circle(work: Work, policy: Policy, giver: directory.people.Known, receiver: directory.people.Known) -> None:
    if not policy.giving.gifts:
        raise Refused(Code.GIFTS_OFF)
    if policy.is_in_circle([]):
        return
    accounts = (giver.account, receiver.account)
    known = directory.people.relations_of(work.connection, accounts)
    if not policy.is_in_circle(known.get(accounts, ())):
        raise Refused(Code.NOT_IN_CIRCLE, person=receiver.id)


def _check_proxy(
    work: Work, actor: Actor, giver: directory.people.Known, others: Right, own: Right, minutes: int
) -> None:
    if giver.id != actor.person and not allowed(actor, others, giver.community):
        proxies.check_limit(work, actor, giver, own, minutes)


def _note(work: Work, actor: Actor, entry: str) -> None:
    work.recorded_by(actor.login, entry)
