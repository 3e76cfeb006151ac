"""Ask for a service: the hours are held from then on, and go back when it is not given."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, timedelta

from timebank import directory
from timebank.access import Actor, Right, allowed, require, require_either
from timebank.bank import Bank, Posted, Reading, Work
from timebank.directory import ANY_TIME
from timebank.directory.orders import Asked
from timebank.directory.people import Known
from timebank.ledger import Account, Code, KeyRole, Record, Refused, reads, whole_minutes
from timebank.lifecycle import Act, State
from timebank.policy import Policy

from .. import eligibility, private, proxies, quota, shares, transfers
from ..statements import day_in_zone
from . import steps

LONGEST = 1440  # minutes
MOST_WEEKS = 12
ACROSS = "across"
_PRIORITY, _USUAL = 1, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A service that somebody wants. `payer` is `elder`, `self` (the relative who asks), `across` (the same from
    another community, whose hours are sent to the elder first) or `public` (her quota).

    `id` is the id of the hold, a UUIDv7 chosen by the caller; `minutes` is how long it may take at most. `start` and
    `end` are minutes after midnight of `wanted_day`. `also`: other people served by the same visit. `weeks`: how many
    weeks on end, each an order of its own, all held now. `gender` (f, m) and `speaks` are what she asks of the
    volunteer. `place` and `note` are private.
    """

    id: str
    community: str
    elder: str
    service: str
    minutes: int
    wanted_day: str
    payer: str = "elder"
    note: str | None = None
    start: int | None = None
    end: int | None = None
    place: str | None = None
    gender: str | None = None
    speaks: str | None = None
    also: tuple[str, ...] = ()
    weeks: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """The service of an order will not be given."""

    community: str
    hold: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Who would pay for an order, before it is placed. Minutes.

    `payer` is the account class: `member`, `fund` or `issue`; `entitlement` by what the public pays. `available` is
    what that purse has now, the quota where the public pays; `needed` what the order takes.
    """

    payer: str
    entitlement: str | None
    available: int
    needed: int

    @property
    def remains(self) -> int:
        return self.available - self.needed


@dataclass(frozen=True, slots=True)
class _Purse:
    account: str
    entitlement: str | None
    available: int


def request(bank: Bank, actor: Actor | None, wish: Wish) -> Posted:
    """Hold the minutes and put the order before the station, or on the board where the policy or a clerk says so.

    An elder for herself, a relative within the consent, a clerk for anybody. Raises Denied or Refused. Where a
    relative's hours have not arrived yet (ON_THEIR_WAY), nothing is ordered; the same wish again orders it later.
    """
    if wish.payer == ACROSS:
        _bring(bank, actor, wish)
    return _request(bank, actor, replace(wish, payer="elder") if wish.payer == ACROSS else wish, wish.payer == ACROSS)


def _request(bank: Bank, actor: Actor | None, wish: Wish, brought: bool) -> Posted:
    for_others = allowed(actor, Right.REDEEM_FOR_OTHERS, wish.community)
    actor = require_either(actor, Right.REDEEM_FOR_OTHERS, Right.REDEEM_OWN, wish.community, wish.elder)
    for along in wish.also:  # nobody brings somebody along who did not ask for it
        require_either(actor, Right.REDEEM_FOR_OTHERS, Right.REDEEM_OWN, wish.community, along)
    with bank.work_for(wish.community) as work:
        record = work.repeated(wish.id, wish)
        followed: list[Record] = []
        if record is None:
            # Whoever is named twice is served once.
            elder, *also = work.persons(list(dict.fromkeys([wish.elder, *wish.also])), wish.community)
            policy = work.policy_on(work.books.day_of(work.now))
            _check(bank, policy, wish)
            eligibility.check_redeemer(work, policy, elder, wish.wanted_day)
            for other in also:
                eligibility.check_active(other, wish.wanted_day)
            # What a relative brought along is no use of the elder's own hours.
            if not for_others and wish.payer == "elder" and actor.person != elder.id and not brought:
                proxies.check_limit(work, actor, elder, Right.REDEEM_OWN, wish.minutes * wish.weeks)
            place = _place(work, wish, elder)
            purse = _purse(work, policy, wish, elder, actor, work.writer.account)
            on_behalf = None if for_others else _relative(work, actor, elder)
            state = State.OPEN if for_others or not policy.orders.review else State.REQUESTED
            made = []
            for week, day in enumerate(days_of(wish)):
                hold = wish.id if week == 0 else bank.uuid()
                order = _order(bank, work, replace(wish, place=place), elder, purse, actor, hold, day)
                made.append(_hold(work, wish, order, [elder, *also], purse, on_behalf))
                grace_ms = policy.orders.grace_minutes * 60_000
                lapses_at = steps.start_ms(order, work.books.offset_minutes) + grace_ms
                steps.begin(work, replace(order, state=state.value, lapses_at=lapses_at), actor.login)
                for other in also:
                    directory.orders.serve_also(work.connection, order.id, other.id)
            record, *followed = made
            work.recorded_by(actor.login, wish.id)
    return bank.posted(work, record, followed)


def _bring(bank: Bank, actor: Actor | None, wish: Wish) -> None:
    """Send the hours for an order to the elder, unless this wish did before. What would be refused of the order is
    refused before; what is refused of the hours is told by its reason, and they are back."""
    actor = require(actor, Right.REDEEM_OWN, wish.community, wish.elder)
    if actor.person is None or actor.person == wish.elder:
        raise Refused(Code.NOT_ACROSS)
    with bank.view() as view:
        own, elder = view.person(actor.person), view.person(wish.elder, wish.community)
        if own.community == wish.community:
            raise Refused(Code.NOT_ACROSS)
        head = view.head_of(wish.community)
        if not reads.ids_known(view.connection, head, [wish.id]):
            policy = view.policy_at(head, day_in_zone(view.now, head.offset_minutes))
            _check(bank, policy, wish)
            eligibility.check_redeemer(view, policy, elder, wish.wanted_day)
            _place(view, wish, elder)
    transfer = transfers.Transfer(
        id=shares.following(wish.id, hashlib.sha256(f"across {wish.id}".encode()).digest()),
        community=own.community,
        giver=own.id,
        to=wish.community,
        card=elder.card,
        minutes=wish.minutes * wish.weeks,
        reason="family",
    )
    transfers.send(bank, actor, transfer)
    state, reason = transfers.state_of(bank, transfer.id)
    if state == "returned":
        raise Refused(Code.NOT_TAKEN_THERE, reason=reason)
    if state != "sent":
        raise Refused(Code.ON_THEIR_WAY)


def quote(bank: Bank, actor: Actor | None, wish: Wish) -> Quote:
    """Who would pay for this order, and what would remain. Refused as the order would be for the purse."""
    actor = require_either(actor, Right.REDEEM_FOR_OTHERS, Right.REDEEM_OWN, wish.community, wish.elder)
    with bank.view() as view:
        head = view.head_of(wish.community)
        elder = view.person(wish.elder, wish.community)
        policy = view.policy_at(head, day_in_zone(view.now, head.offset_minutes))
        _check(bank, policy, wish)

        if wish.payer == ACROSS and actor.person is not None:
            own = view.person(actor.person)
            (purse_there,) = reads.accounts_named(view.connection, view.head(own.origin), [own.account])
            return Quote(
                payer="member", entitlement=None, available=purse_there.minutes, needed=wish.minutes * wish.weeks
            )

        def account(name: str) -> Account:
            return reads.accounts_named(view.connection, head, [name])[0]

        purse = _purse(view, policy, wish, elder, actor, account)
        needed = wish.minutes * wish.weeks
        payer = purse.account.partition(":")[0]
        return Quote(payer=payer, entitlement=purse.entitlement, available=purse.available, needed=needed)


def days_of(wish: Wish) -> list[str]:
    """The day of each week that is ordered."""
    first = date.fromisoformat(wish.wanted_day)
    return [(first + timedelta(weeks=week)).isoformat() for week in range(wish.weeks)]


def _check(bank: Bank, policy: Policy, wish: Wish) -> None:
    whole_minutes(wish.minutes)
    if wish.minutes > LONGEST:
        raise Refused(Code.MINUTES_TOO_MANY, minutes=wish.minutes, most=LONGEST)
    service = bank.catalogue.by_code.get(wish.service)
    if service is None:
        raise Refused(Code.SERVICE_UNKNOWN, service=wish.service)
    if not policy.is_offered(service.code):
        raise Refused(Code.SERVICE_NOT_OFFERED, service=service.code)
    if wish.gender is not None and not service.gender_choice:
        raise Refused(Code.GENDER_NOT_OFFERED, service=service.code)


def _relative(work: Work, actor: Actor, elder: Known) -> str | None:
    """The account of the relative who orders for her, where it is in these books: she may live elsewhere."""
    if actor.person is None or actor.account == elder.account:
        return None
    return actor.account if work.person(actor.person).community == elder.community else None


def _place(work: Reading, wish: Wish, elder: Known) -> str | None:
    """Where it is to be: where a guardian decides for her, at the registered address and nowhere else."""
    if not directory.standing.deciders_of(work.connection, elder.id, wish.wanted_day):
        return wish.place
    address = directory.people.address_of(work.vault, work.people.get_one(directory.Person, elder.id))
    if address is None:
        raise Refused(Code.ADDRESS_MISSING)
    if wish.place and wish.place.strip() != address:
        raise Refused(Code.PLACE_NOT_HOME)
    return address


def _purse(
    reading: Reading, policy: Policy, wish: Wish, elder: Known, actor: Actor, account: "quota.Balances"
) -> _Purse:
    """From whose hours the order is held; Refused when these may not be used for it."""
    needed = wish.minutes * wish.weeks
    if wish.payer == "public":
        entitlement, left = quota.left(reading, policy, elder, wish.wanted_day)
        if entitlement is None or left < needed:
            raise Refused(Code.QUOTA_SHORT, available=left, needed=needed)
        # The fund first; where it has too little the community, as the policy's order says.
        pools = (name for name in policy.quota.payers if name == "issue" or account(name).minutes >= needed)
        pool = next(pools, None)
        if pool is None:
            raise Refused(Code.OVERDRAFT, account="fund", available=account("fund").minutes, needed=needed)
        return _Purse(pool, entitlement, left)
    if wish.payer == "self" and actor.account is not None and actor.account != elder.account:
        related = directory.people.relations_of(reading.connection, [actor.account, elder.account])
        if not policy.is_in_circle(related.get((actor.account, elder.account), ())):
            raise Refused(Code.NOT_IN_CIRCLE, person=elder.id)
        return _Purse(actor.account, None, account(actor.account).minutes)
    return _Purse(elder.account, None, account(elder.account).minutes)


def _order(bank: Bank, work: Work, wish: Wish, elder: Known, purse: _Purse, actor: Actor, hold: str, day: str) -> Asked:
    order_id = bank.uuid()

    def sealed(column: str, text: str | None) -> bytes | None:
        return None if not text else work.vault.seal(f"orders.{column}", order_id, text)

    return Asked(
        id=order_id,
        community=wish.community,
        elder=elder.id,
        asked_by=actor.person or actor.login,
        service=wish.service,
        minutes=wish.minutes,
        wanted_day=day,
        start=ANY_TIME if wish.start is None else wish.start,
        end=wish.end,
        gender=wish.gender,
        speaks=wish.speaks,
        grid=elder.grid,
        payer=wish.payer,
        entitlement=purse.entitlement,
        rank=_PRIORITY if directory.standing.classes_of(work.connection, elder.id, day) else _USUAL,
        series=wish.id if wish.weeks > 1 else None,
        sealed_place=sealed("place", wish.place),
        sealed_note=sealed("note", wish.note),
        hold=hold,
        created_at=work.now,
        state=State.OPEN.value,
        lapses_at=None,
    )


def _hold(work: Work, wish: Wish, order: Asked, served: list[Known], purse: _Purse, on_behalf: str | None) -> Record:
    memo = private.keep(work, order.hold, {"note": wish.note}, [person.id for person in served])
    body: dict[str, object] = {
        "order": order.id,
        "service": wish.service,
        "served": [person.account for person in served],
    }
    if purse.entitlement is not None:
        body["entitlement"] = purse.entitlement
    move = (purse.account, "held:orders", wish.minutes)
    return work.post("hold", move, by=(KeyRole.STATION,), id=order.hold, body=body, on_behalf=on_behalf, memo=memo)


def review(bank: Bank, actor: Actor | None, community: str, hold: str) -> None:
    """The station has looked at the request: it goes on the board. Doing it twice changes nothing."""
    actor = require(actor, Right.RUN_ORDERS, community)
    with bank.office() as office:
        order = steps.locked(office, community, hold)
        if not steps.is_done(office, order, Act.REVIEW, actor.login):
            steps.take(office, order, Act.REVIEW, actor.login)


def decline(bank: Bank, actor: Actor | None, cancelled: Cancelled) -> Posted:
    """The station cannot offer this: the hours go back."""
    actor = require(actor, Right.RUN_ORDERS, cancelled.community)
    return _release(bank, actor, cancelled, Act.DECLINE)


def cancel(bank: Bank, actor: Actor | None, cancelled: Cancelled) -> Posted:
    """The service is not needed: the hours go back. Whoever ordered may until the volunteer has begun, and a clerk."""
    with bank.view() as view:
        found = directory.orders.of_hold(view.connection, cancelled.community, cancelled.hold)
    # A stranger learns only that it is not theirs, not whether there is such an order.
    elder = found.elder if found else ""
    actor = require_either(actor, Right.RUN_ORDERS, Right.REDEEM_OWN, cancelled.community, elder)
    return _release(bank, actor, cancelled, Act.CANCEL)


def _release(bank: Bank, actor: Actor, cancelled: Cancelled, act: Act) -> Posted:
    with bank.work_for(cancelled.community) as work:
        record = work.repeated(f"{cancelled.hold}.outcome", cancelled)
        if record is None:
            order = steps.locked(work, cancelled.community, cancelled.hold)
            hold = steps.open_hold(work, cancelled.hold)
            steps.take(work, order, act, actor.login, cancelled.reason)
            record = steps.release(work, hold, cancelled.reason)
            work.recorded_by(actor.login, record.id)
    return bank.posted(work, record, [])
