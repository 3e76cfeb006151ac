"""Give hours away: to another member, or to the public fund."""

from dataclasses import dataclass

from timebank import directory
from timebank.access import Actor, Right, require_either
from timebank.bank import Bank, Posted, Work
from timebank.ledger import Code, KeyRole, Refused, whole_minutes


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
    with bank.work(bank.origin(gift.community)) as work:
        record = work.repeated(gift.id, gift)
        followed = []
        if record is None:
            giver = work.person(gift.giver, gift.community)
            receiver = work.person(gift.receiver, gift.community)
            if giver.id == receiver.id:
                raise Refused(Code.SAME_PERSON)
            whole_minutes(gift.minutes)
            _check_cap(work, receiver, gift.minutes)
            move = (giver.account, receiver.account, gift.minutes)
            record = work.post("gift", move, by=(KeyRole.STATION,), id=gift.id, body={"reason": gift.reason})
            followed = work.settle_up(record)
            _note(work, actor, gift.id)
    return bank.posted(work, record, followed)


def donate(bank: Bank, actor: Actor | None, donation: Donation) -> Posted:
    """Move the minutes to the fund."""
    actor = require_either(actor, Right.DONATE_FOR_OTHERS, Right.DONATE_OWN, donation.community, donation.giver)
    with bank.work(bank.origin(donation.community)) as work:
        record = work.repeated(donation.id, donation)
        if record is None:
            giver = work.person(donation.giver, donation.community)
            move = (giver.account, "fund", whole_minutes(donation.minutes))
            record = work.post("donate", move, by=(KeyRole.STATION,), id=donation.id, body={"reason": donation.reason})
            _note(work, actor, donation.id)
    return bank.posted(work, record, [])


def _check_cap(work: Work, receiver: directory.people.Known, minutes: int) -> None:
    policy = work.policy_on(work.books.day_of(work.now))
    over = policy.over_held_cap(work.writer.account(receiver.account), minutes)
    if over > 0:
        raise Refused(Code.OVER_CAP, over=over, cap=policy.caps.held_minutes)


def _note(work: Work, actor: Actor, entry: str) -> None:
    work.recorded_by(actor.login, entry)
