"""Confirm a service that was given: by the elder's own hand first. The volunteer is paid from what was held."""

from dataclasses import dataclass
from typing import Any

from timebank import directory
from timebank.access import Actor, Right, allowed, require, require_either
from timebank.bank import Bank, Posted, View, Work
from timebank.directory.orders import Asked
from timebank.directory.people import Known
from timebank.ledger import BELOW_STEP, Code, Hold, KeyRole, Record, Refused, whole_minutes
from timebank.lifecycle import Act, State

from .. import dealing, eligibility, logins
from ..hours import credit
from . import steps, tearoffs
from .serving import minutes_of

# Where hours go that are not a person's: a group's to the fund; a provider's, whose staff is paid, end.
_TARGETS = {"group": "fund", "provider": "issue"}


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
class Confirmed:
    """Whoever was served says: so it was.

    With nothing more it is the elder's own telephone, or a relative's. `code`: one of her torn-off codes, typed by
    anybody who may see the order. `pin`: the secret of her card, on a device of the station. `reason`: a clerk says
    why she cannot herself. `address` is the device's, for counting wrong secrets.
    """

    community: str
    hold: str
    code: str | None = None
    pin: str | None = None
    reason: str | None = None
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Whoever was served says that it was otherwise; a lead decides."""

    community: str
    hold: str
    reason: str = "doubt"


def confirm(bank: Bank, actor: Actor | None, confirmed: Confirmed) -> Posted:
    """Post the service with the minutes between signing in and out. The same again gives the same receipt."""
    with bank.view() as view:
        found = directory.orders.of_hold(view.connection, confirmed.community, confirmed.hold)
        how = _how(view, actor, confirmed, found)
        card = view.person(found.elder).card if found is not None and how == "card" else None
    if found is not None and card is not None and confirmed.pin is not None:
        proof = logins.LogIn(name=card, secret=confirmed.pin, address=confirmed.address)
        logins.prove(bank, proof, found.elder)
    if confirmed.code is not None and found is not None and State(found.state) is State.SERVED:
        tearoffs.count_try(bank, found)
    login = "" if actor is None else actor.login
    with bank.work_for(confirmed.community) as work:
        record = work.repeated(f"{confirmed.hold}.outcome", ("confirm", confirmed.hold))
        followed: list[Record] = []
        if record is None:
            order = steps.locked(work, confirmed.community, confirmed.hold)
            if confirmed.code is not None and State(order.state) is State.SERVED:
                tearoffs.use(work, order, confirmed.code)
            record, followed = _post(bank, work, order, login, how, confirmed.reason if how == "clerk" else None)
    return bank.posted(work, record, followed)


def _how(view: View, actor: Actor | None, confirmed: Confirmed, order: Asked | None) -> str:
    """By which hand; raises Denied where it is not this actor's to confirm. A card is still to be proved."""
    community, person = confirmed.community, order.elder if order else ""
    if order is not None and order.volunteer is not None and actor is not None and actor.person == order.volunteer:
        # Nobody confirms their own service, whatever else they may do for the elder; a code is her hand, not theirs.
        if confirmed.code is None:
            raise Refused(Code.OWN_SERVICE)
        require(actor, Right.SERVE, community, order.volunteer)
        return "code"
    actor = require_either(actor, Right.RUN_ORDERS, Right.CONFIRM_OWN, community, person)
    if order is None:
        raise Refused(Code.ORDER_UNKNOWN, hold=confirmed.hold)
    is_clerk = allowed(actor, Right.RUN_ORDERS, community)
    if actor.person != person:
        # A relative confirms nothing of the volunteer's family, and a clerk nothing of their own either.
        dealing.check_own_matter(view, actor, [order.volunteer or "", *([person] if is_clerk else [])])
    if not is_clerk:
        return "phone" if actor.person == person else "proxy"
    if confirmed.pin is not None:
        return "card"
    if confirmed.code is not None:
        return "code"
    if confirmed.reason is None:
        raise Refused(Code.REASON_MISSING)
    return "clerk"


def confirm_by_silence(bank: Bank, community: str, hold: str) -> None:
    """The clock: the days that the policy gives have passed, and nobody said otherwise."""
    with bank.work_for(community) as work:
        if work.repeated(f"{hold}.outcome", ("confirm", hold)) is None:
            _post(bank, work, steps.locked(work, community, hold), None, "auto", None)


def _post(
    bank: Bank, work: Work, order: Asked, login: str | None, how: str, reason: str | None
) -> tuple[Record, list[Record]]:
    steps.check(order, Act.CONFIRM)
    came = order.checked_in_at or work.now
    day = work.books.day_of(came)
    start = (came - steps.day_ms(day, work.books.offset_minutes)) // 60_000
    minutes = _confirmable(work, order, day)
    done = Done(
        community=order.community,
        hold=order.hold,
        volunteer=order.volunteer or "",
        day=day,
        minutes=minutes,
        confirmed=how,
        reason=reason,
        start=start,
        end=start + minutes,
    )
    return _settle(bank, work, order, done, Act.CONFIRM, login)


def _confirmable(work: Work, order: Asked, day: str) -> int:
    """How many minutes a confirmation stands for: all that it took; where the policy refuses what is longer than was
    held, what was held. Whoever confirms cannot shorten it, and the clerk records the rest as a visit."""
    took, held = minutes_of(order), steps.open_hold(work, order.hold).minutes
    return min(took, held) if work.policy_on(day).orders.longer == "refuse" else took


def enter(bank: Bank, actor: Actor | None, done: Done) -> Posted:
    """Enter a whole service from a slip, however far its order had come; where it is disputed, a lead decides so.

    The volunteer is paid what the policy makes of the minutes, never more than was held; the rest returns. Where the
    day's sum is not yet worth a step, the hold is released and the service recorded.
    """
    with bank.view() as view:
        found = directory.orders.of_hold(view.connection, done.community, done.hold)
    disputed = found is not None and found.state == State.DISPUTED
    actor = require(actor, Right.DECIDE_DOUBT if disputed else Right.SETTLE, done.community)
    with bank.work_for(done.community) as work:
        record = work.repeated(f"{done.hold}.outcome", done)
        followed: list[Record] = []
        if record is None:
            order = steps.locked(work, done.community, done.hold)
            hold = steps.open_hold(work, done.hold)
            if order.state == State.DISPUTED and not disputed:
                raise Refused(Code.ORDER_STATE, state=order.state, act=Act.ENTER.value)
            longer = work.policy_on(done.day).orders.longer
            if whole_minutes(done.minutes) > hold.minutes and longer == "refuse":
                raise Refused(Code.LONGER_THAN_HELD, minutes=done.minutes, held=hold.minutes)
            dealing.check_own_matter(work, actor, [order.elder, done.volunteer])
            if done.confirmed == "proxy":
                dealing.check_proxies(work, done.volunteer, [order.elder])
            steps.check(order, Act.ENTER)
            record, followed = _settle(bank, work, order, done, Act.ENTER, actor.login)
    return bank.posted(work, record, followed)


def _settle(
    bank: Bank, work: Work, order: Asked, done: Done, act: Act, login: str | None
) -> tuple[Record, list[Record]]:
    """Pay the volunteer, and so end the order by this act."""
    hold = steps.open_hold(work, order.hold)
    elder, volunteer, *also = work.persons([order.elder, done.volunteer, *_also(work, order)])
    if not volunteer.is_volunteer or volunteer.community != order.community:
        raise Refused(Code.PERSON_ROLE, person=volunteer.id, role="volunteer")
    policy, service = work.policy_on(done.day), bank.catalogue.by_code.get(order.service)
    eligibility.check_sent(work, policy, volunteer, done.day, service)
    people = [volunteer.id, elder.id, *(one.id for one in also)]
    if done.start is not None and done.end is not None:
        other = directory.presences.overlapping(work.connection, people, done.day, done.start, done.end)
        if other is not None:
            raise Refused(Code.OVERLAP, entry=other)
    paid = min(hold.minutes, credit(work, volunteer.account, done.day, done.minutes))
    body = _body(bank, done, hold, volunteer, [elder, *also], order, paid)
    record, followed = _pay(work, hold, body, paid, _TARGETS.get(volunteer.kind, volunteer.account))
    if done.start is not None and done.end is not None:
        directory.presences.keep(work.connection, record.id, people, done.day, done.start, done.end)
    steps.take(work, order, act, login, volunteer=volunteer.id, paid=paid, served_on=done.day)
    if login is not None:
        work.recorded_by(login, record.id)
    return record, followed


def _also(work: Work, order: Asked) -> list[str]:
    return directory.orders.also(work.connection, order.id)


def _pay(work: Work, hold: Hold, body: dict[str, Any], paid: int, target: str) -> tuple[Record, list[Record]]:
    by = (KeyRole.STATION,)
    if not paid:
        released = steps.release(work, hold, BELOW_STEP)
        return released, [work.post("service", by=by, body=body | {"uncredited": BELOW_STEP})]
    moves = [("held:orders", target, paid)]
    if hold.minutes > paid:
        moves.append(("held:orders", hold.source, hold.minutes - paid))
    record = work.post("settle", *moves, by=by, id=f"{hold.id}.outcome", ref=hold.id, body=body)
    return record, work.settle_up(record)


def _body(
    bank: Bank, done: Done, hold: Hold, volunteer: Known, served: list[Known], order: Asked, paid: int
) -> dict[str, Any]:
    body = {
        "day": done.day,
        "minutes": done.minutes,
        "credited": paid,
        "server": volunteer.account,
        "served": [person.account for person in served],
        "service": order.service,
        "catalogue": bank.catalogue.version,
        "confirmed": done.confirmed,
        "order": hold.order,
        "start": done.start,
        "end": done.end,
        "reason": done.reason,
        "entitlement": order.entitlement,
    }
    return {key: value for key, value in body.items() if value is not None}


def doubt(bank: Bank, actor: Actor | None, doubted: Doubt) -> None:
    """Whoever was served, or a clerk for her, says before it is posted that it was otherwise."""
    with bank.view() as view:
        found = directory.orders.of_hold(view.connection, doubted.community, doubted.hold)
    actor = require_either(actor, Right.RUN_ORDERS, Right.CONFIRM_OWN, doubted.community, found.elder if found else "")
    with bank.office() as office:
        order = steps.locked(office, doubted.community, doubted.hold)
        if not steps.is_done(office, order, Act.DOUBT, actor.login):
            steps.take(office, order, Act.DOUBT, actor.login, doubted.reason)


def reject(bank: Bank, actor: Actor | None, community: str, hold: str) -> Posted:
    """A lead decides a doubt: the service was not given, the hours go back."""
    actor = require(actor, Right.DECIDE_DOUBT, community)
    with bank.work_for(community) as work:
        record = work.repeated(f"{hold}.outcome", ("reject", hold))
        if record is None:
            order = steps.locked(work, community, hold)
            held = steps.open_hold(work, hold)
            steps.take(work, order, Act.REJECT, actor.login, "not-given")
            record = steps.release(work, held, "not-given")
            work.recorded_by(actor.login, record.id)
    return bank.posted(work, record, [])
