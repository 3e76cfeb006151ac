"""Use hours for a service: hold them when it is ordered, then settle or release them exactly once."""

from dataclasses import dataclass
from typing import Any

from timebank import directory
from timebank.access import Actor, Right, allowed, require, require_either
from timebank.bank import Bank, Posted, Work
from timebank.ledger import Code, Hold, KeyRole, Record, Refused, whole_minutes

from . import private
from .hours import credit


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A service that an elder wants. `payer` is `elder`, `self` (the family member who asks) or `fund`.

    `id` is the id of the hold, a UUIDv7 chosen by the caller; `minutes` is how long it may take at most.
    """

    id: str
    community: str
    elder: str
    service: str
    minutes: int
    wanted_day: str
    payer: str = "elder"
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The service of an order was given: by whom, on which day, how many minutes, and how it was confirmed."""

    community: str
    hold: str
    volunteer: str
    day: str
    minutes: int
    confirmed: str
    reason: str | None = None
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """The service of an order will not be given."""

    community: str
    hold: str
    reason: str


def order(bank: Bank, actor: Actor | None, wish: Wish) -> Posted:
    """Hold the minutes for a service. A family member or elder for themselves, a clerk for anybody."""
    for_others = allowed(actor, Right.REDEEM_FOR_OTHERS, wish.community)
    actor = require_either(actor, Right.REDEEM_FOR_OTHERS, Right.REDEEM_OWN, wish.community, wish.elder)
    if wish.payer == "fund":
        require(actor, Right.REDEEM_FOR_OTHERS, wish.community)
    with bank.work(bank.origin(wish.community)) as work:
        record = work.repeated(wish.id, wish)
        if record is None:
            elder = work.person(wish.elder, wish.community)
            _check(bank, wish)
            payer = _payer(wish, elder, actor)
            on_behalf = actor.account if not for_others and actor.account != elder.account else None
            memo = private.keep(work, wish.id, {"note": wish.note}, [elder.id])
            order_id = bank.uuid()
            body = {"order": order_id, "service": wish.service, "served": [elder.account]}
            move = (payer, "held:orders", wish.minutes)
            record = work.post(
                "hold", move, by=(KeyRole.STATION,), id=wish.id, body=body, on_behalf=on_behalf, memo=memo
            )
            work.people.add(
                directory.Order(
                    id=order_id,
                    community=wish.community,
                    elder=elder.id,
                    asked_by=actor.person or actor.login,
                    service=wish.service,
                    minutes=wish.minutes,
                    wanted_day=wish.wanted_day,
                    hold=wish.id,
                    created_at=work.now,
                )
            )
            work.recorded_by(actor.login, wish.id)
    return bank.posted(work, record, [])


def _check(bank: Bank, wish: Wish) -> None:
    whole_minutes(wish.minutes)
    if wish.minutes > 1440:
        raise Refused(Code.MINUTES_TOO_MANY, minutes=wish.minutes, most=1440)
    if wish.service not in bank.catalogue.by_code:
        raise Refused(Code.SERVICE_UNKNOWN, service=wish.service)


def _payer(wish: Wish, elder: directory.people.Known, actor: Actor) -> str:
    if wish.payer == "self" and actor.account is not None:
        return actor.account
    return "fund" if wish.payer == "fund" else elder.account


def settle(bank: Bank, actor: Actor | None, done: Done) -> Posted:
    """Pay the volunteer from the hold what the policy makes of the minutes, never more than was held; the rest returns.

    Refused when it took longer than was held. Where the day's sum is not yet worth a step, the hold is released and
    the service recorded.
    """
    actor = require(actor, Right.SETTLE, done.community)
    with bank.work(bank.origin(done.community)) as work:
        record = work.repeated(f"{done.hold}.outcome", done)
        followed: list[Record] = []
        if record is None:
            hold, elder, service = _open(work, done.community, done.hold)
            volunteer = work.person(done.volunteer, done.community)
            if not volunteer.is_volunteer:
                raise Refused(Code.PERSON_ROLE, person=volunteer.id, role="volunteer")
            if whole_minutes(done.minutes) > hold.minutes:
                raise Refused(Code.LONGER_THAN_HELD, minutes=done.minutes, held=hold.minutes)
            paid = min(hold.minutes, credit(work, volunteer.account, done.day, done.minutes))
            body = _body(bank, done, hold, volunteer, elder, service, paid)
            record, followed = _pay(work, hold, body, paid)
            work.recorded_by(actor.login, record.id)
    return bank.posted(work, record, followed)


def _pay(work: Work, hold: Hold, body: dict[str, Any], paid: int) -> tuple[Record, list[Record]]:
    by = (KeyRole.STATION,)
    if not paid:
        released = _release(work, hold, "below-step")
        return released, [work.post("service", by=by, body=body | {"uncredited": "below-step"})]
    moves = [("held:orders", body["server"], paid)]
    if hold.minutes > paid:
        moves.append(("held:orders", hold.source, hold.minutes - paid))
    record = work.post("settle", *moves, by=by, id=f"{hold.id}.outcome", ref=hold.id, body=body)
    return record, work.settle_up(record)


def _body(
    bank: Bank,
    done: Done,
    hold: Hold,
    volunteer: directory.people.Known,
    elder: directory.people.Known,
    service: str,
    paid: int,
) -> dict[str, Any]:
    body = {
        "day": done.day,
        "minutes": done.minutes,
        "credited": paid,
        "server": volunteer.account,
        "served": [elder.account],
        "service": service,
        "catalogue": bank.catalogue.version,
        "confirmed": done.confirmed,
        "order": hold.order,
        "start": done.start,
        "end": done.end,
        "reason": done.reason,
    }
    return {key: value for key, value in body.items() if value is not None}


def release(bank: Bank, actor: Actor | None, cancelled: Cancelled) -> Posted:
    """Give the held minutes back. The elder or family who ordered may, and a clerk."""
    with bank.view() as view:
        found = directory.orders.of_hold(view.people, cancelled.community, cancelled.hold)
    # A stranger learns only that it is not theirs, not whether there is such an order.
    elder = found.elder if found else ""
    actor = require_either(actor, Right.SETTLE, Right.REDEEM_OWN, cancelled.community, elder)
    with bank.work(bank.origin(cancelled.community)) as work:
        record = work.repeated(f"{cancelled.hold}.outcome", cancelled)
        if record is None:
            hold, _, _ = _open(work, cancelled.community, cancelled.hold)
            record = _release(work, hold, cancelled.reason)
            work.recorded_by(actor.login, record.id)
    return bank.posted(work, record, [])


def _release(work: Work, hold: Hold, reason: str) -> Record:
    move = ("held:orders", hold.source, hold.minutes)
    return work.post(
        "release", move, by=(KeyRole.STATION,), id=f"{hold.id}.outcome", ref=hold.id, body={"reason": reason}
    )


def _open(work: Work, community: str, hold_id: str) -> tuple[Hold, directory.people.Known, str]:
    """The open hold of an order, whom it is for, and which service; Refused when there is none or it has an outcome."""
    found = directory.orders.of_hold(work.people, community, hold_id)
    hold = work.writer.hold(hold_id)
    if found is None or hold is None:
        raise Refused(Code.ORDER_UNKNOWN, hold=hold_id)
    if hold.outcome is not None:
        raise Refused(Code.HOLD_FINISHED, hold=hold_id)
    return hold, work.person(found.elder), found.service
