"""From the board to the door and back: who goes, and when they came and went."""

from dataclasses import dataclass

from timebank import directory
from timebank.access import Actor, Right, allowed, require, require_either
from timebank.bank import Bank, Posted, Reading
from timebank.directory.orders import Asked
from timebank.ledger import Code, Refused
from timebank.lifecycle import Act, State

from .. import eligibility
from . import doors, steps
from .asking import Cancelled

# Somebody has agreed to come, and it is not over yet.
BUSY = (State.ACCEPTED.value, State.UNDERWAY.value, State.UNANSWERED.value)
# How a sign-in is noted that waited in a telephone without a network: its time is that of the telephone.
SENT_LATER = "sent-later"
_LATEST_MS = 12 * 60 * 60_000
_AT_ONCE_MS = 2 * 60_000  # what came so soon is noted as of now


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The station sends a volunteer; in place of another one, where there was one."""

    community: str
    hold: str
    volunteer: str


def accept(bank: Bank, actor: Actor | None, community: str, hold: str) -> None:
    """A volunteer takes an order from the board. The first one has it; Refused for the others, and for who is not the
    woman or man that was asked for: only the station may send another, after a word with her."""
    volunteer = "" if actor is None else actor.person or ""
    actor = require(actor, Right.SERVE, community, volunteer)
    with bank.office() as office:
        order = steps.locked(office, community, hold)
        if order.volunteer == volunteer and steps.is_done(office, order, Act.ACCEPT, actor.login):
            return
        steps.check(order, Act.ACCEPT)
        _check_goes(bank, office, order, volunteer)
        steps.take(office, order, Act.ACCEPT, actor.login, volunteer=volunteer)


def dispatch(bank: Bank, actor: Actor | None, sent: Sent) -> None:
    """The station names the volunteer, also in place of one who cannot go."""
    actor = require(actor, Right.RUN_ORDERS, sent.community)
    with bank.office() as office:
        order = steps.locked(office, sent.community, sent.hold)
        if order.volunteer == sent.volunteer and steps.is_done(office, order, Act.DISPATCH, actor.login):
            return
        steps.check(order, Act.DISPATCH)
        _check_goes(bank, office, order, sent.volunteer, any_gender=True)
        steps.take(office, order, Act.DISPATCH, actor.login, volunteer=sent.volunteer)


def _check_goes(bank: Bank, office: Reading, order: Asked, volunteer: str, *, any_gender: bool = False) -> None:
    """Refused where this volunteer cannot go. She takes no other order until the transaction ends."""
    known = office.person(volunteer, order.community)
    directory.people.lock(office.connection, known.id)
    need = directory.matching.need_of(office.connection, order.community, order.hold)
    fit = None if need is None else directory.matching.one(office.connection, need, BUSY, known.id)
    if need is None or fit is None:
        raise Refused(Code.PERSON_UNKNOWN, person=volunteer)
    service = bank.catalogue.by_code.get(order.service)
    eligibility.check_goes(office, office.newest_policy(known.origin), fit, need, service, any_gender=any_gender)


def give_back(bank: Bank, actor: Actor | None, community: str, hold: str, reason: str = "ill") -> None:
    """The volunteer cannot go after all: the order is on the board again. It counts against nobody."""
    with bank.office() as office:
        order, actor, repeated = _begun(office, actor, community, hold, Act.GIVE_BACK)
        if not repeated:
            steps.take(office, order, Act.GIVE_BACK, actor.login, reason, volunteer=None)


def miss(bank: Bank, actor: Actor | None, community: str, hold: str) -> None:
    """The volunteer did not come: the order is on the board again."""
    actor = require(actor, Right.RUN_ORDERS, community)
    with bank.office() as office:
        order = steps.locked(office, community, hold)
        if not steps.is_done(office, order, Act.MISS, actor.login):
            steps.take(office, order, Act.MISS, actor.login, "volunteer-absent", volunteer=None)


def check_in(
    bank: Bank, actor: Actor | None, community: str, hold: str, code: str | None = None, at: int | None = None
) -> int:
    """The volunteer is there, or the door was opened after all; returns the time noted, in milliseconds.

    `code`: the one at the door. Refused where it is another one; without one the sign-in counts all the same. `at`:
    when it was pressed by the telephone's clock (milliseconds), where it comes later because there was no network:
    noted so. Refused where that is before the order was taken, longer ago than half a day, or to come.
    """
    _count_try(bank, actor, community, hold, Act.CHECK_IN, code)
    with bank.office() as office:
        order, actor, repeated = _begun(office, actor, community, hold, Act.CHECK_IN)
        if not repeated:
            steps.check(order, Act.CHECK_IN)
            pressed, later = _pressed(office, at, directory.orders.last_at(office.connection, order))
            signed = doors.sign(office, order, code) or later
            order = steps.take(office, order, Act.CHECK_IN, actor.login, signed, checked_in_at=pressed)
        return order.checked_in_at or office.now


def check_out(
    bank: Bank, actor: Actor | None, community: str, hold: str, code: str | None = None, at: int | None = None
) -> int:
    """The volunteer is leaving; returns how long it took, in whole minutes, one at least. `code` and `at` as in
    `check_in`."""
    _count_try(bank, actor, community, hold, Act.CHECK_OUT, code)
    with bank.office() as office:
        order, actor, repeated = _begun(office, actor, community, hold, Act.CHECK_OUT)
        if not repeated:
            steps.check(order, Act.CHECK_OUT)
            pressed, later = _pressed(office, at, order.checked_in_at or 0)
            signed, due_at = doors.sign(office, order, code) or later, _confirmed_by_itself_at(office, order)
            order = steps.take(office, order, Act.CHECK_OUT, actor.login, signed, checked_out_at=pressed, due_at=due_at)
        return minutes_of(order)


def _pressed(office: Reading, at: int | None, earliest: int) -> tuple[int, str | None]:
    """When the button was pressed, and how it is noted where it comes later than that."""
    if at is None or abs(office.now - at) < _AT_ONCE_MS:
        return office.now, None
    if not max(earliest, office.now - _LATEST_MS) <= at <= office.now:
        raise Refused(Code.SIGNED_WHEN)
    return at, SENT_LATER


def minutes_of(order: Asked) -> int:
    """How long a service took, from signing in to signing out; whole minutes, one at least and a day at most."""
    came, left = order.checked_in_at or 0, order.checked_out_at or 0
    return min(max(1, (left - came) // 60_000), 1440)


def _confirmed_by_itself_at(office: Reading, order: Asked) -> int | None:
    """When silence counts as a yes: where the policy wants that, and only for somebody who has a telephone."""
    days = office.newest_policy(office.community(order.community).origin).confirmation.auto_after_days
    if days and office.person(order.elder).sealed_phone is not None:
        return office.now + days * 86_400_000
    return None


def knock(bank: Bank, actor: Actor | None, community: str, hold: str) -> int:
    """Nobody opens: station and family are called. Returns until when, in milliseconds; no fault of anybody's."""
    with bank.office() as office:
        order, actor, repeated = _begun(office, actor, community, hold, Act.KNOCK)
        if not repeated:
            answer_ms = office.newest_policy(office.community(community).origin).orders.answer_minutes * 60_000
            order = steps.take(office, order, Act.KNOCK, actor.login, due_at=office.now + answer_ms)
        return order.due_at or office.now


def call_off(bank: Bank, actor: Actor | None, community: str, hold: str) -> Posted:
    """Nobody could be reached: the visit is called off, the hours go back."""
    actor = require(actor, Right.RUN_ORDERS, community)
    cancelled = Cancelled(community=community, hold=hold, reason="nobody-answered")
    with bank.work_for(community) as work:
        record = work.repeated(f"{hold}.outcome", cancelled)
        if record is None:
            order = steps.locked(work, community, hold)
            held = steps.open_hold(work, hold)
            steps.take(work, order, Act.CALL_OFF, actor.login, cancelled.reason)
            record = steps.release(work, held, cancelled.reason)
            work.recorded_by(actor.login, record.id)
    return bank.posted(work, record, [])


def _begun(office: Reading, actor: Actor | None, community: str, hold: str, act: Act) -> tuple[Asked, Actor, bool]:
    """The order, for its volunteer or a clerk; and whether this act of theirs was done already."""
    if not allowed(actor, Right.RUN_ORDERS, community):
        # Whose order it is, is told to nobody else.
        require(actor, Right.SERVE, community, "" if actor is None else actor.person or "")
    order = steps.locked(office, community, hold)
    actor = require_either(actor, Right.RUN_ORDERS, Right.SERVE, community, order.volunteer or "")
    return order, actor, steps.is_done(office, order, act, actor.login)


def _count_try(bank: Bank, actor: Actor | None, community: str, hold: str, act: Act, code: str | None) -> None:
    """Before a code is looked at, and only of who may sign in: nobody else can use up an elder's tries."""
    if code is None:
        return
    with bank.office() as office:
        order, _, repeated = _begun(office, actor, community, hold, act)
        elder = order.elder
    if not repeated:
        doors.count_try(bank, elder)
