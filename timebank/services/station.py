"""A station's day: what was recorded, what waits for a second person, which orders are open."""

from collections.abc import Sequence
from dataclasses import dataclass

from timebank import directory
from timebank.access import Actor, Right, is_above, require
from timebank.bank import Bank, View
from timebank.ledger import REVERSIBLE, Hold, reads

from . import approvals, shares, standing
from .queue import Waiting, waiting_of
from .statements import Item, day_in_zone, day_start_ms, items_of

MOST_SHOWN = 500
_SHOWN = REVERSIBLE | {"hold", "release", "reverse", "open", "close", "repay"}


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenOrder:
    """An order whose hours are held: whom it is for, what, how long, and when it is wanted."""

    hold: str
    elder: str
    elder_name: str
    service: str
    minutes: int
    wanted_day: str
    payer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A request for a second person, with the entry it is about, or the person it is for or who served.

    `served_names`: of a visit, who was served; of what somebody left behind, who is to have it.
    """

    waiting: Waiting
    item: Item | None
    person_name: str
    served_names: tuple[str, ...]
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of a community by posting date, oldest first. Totals are minutes.

    `town_decides`: what waits for a second person is not for whoever looks at this, but for the town.
    """

    community: str
    name: str
    day: str
    today: str
    items: tuple[Item, ...]
    credited: int
    redeemed: int
    visits: int
    questions: tuple[Question, ...]
    town_decides: bool
    orders: tuple[OpenOrder, ...]


def day(bank: Bank, actor: Actor | None, community: str, wanted: str | None = None) -> Day:
    """The day `wanted` (today when None)."""
    actor = require(actor, Right.SEE_DAY, community)
    with bank.view() as view:
        place = view.community(community)
        head = view.head_of(community)
        today = _today(bank, head)
        policy = view.policy_at(head, today)
        start = day_start_ms(wanted or today, head.offset_minutes)
        records = reads.records_between(view.connection, head, start, start + 86_400_000)
        shown = items_of(view, head, [record for record in records if record.intent.kind in _SHOWN])
        served = [item for item in shown if item.kind in ("service", "settle")]
        credited = [item for item in served if item.reversed_by is None]
        return Day(
            community=community,
            name=place.name,
            day=wanted or today,
            today=today,
            items=tuple(shown),
            credited=sum(move[2] for item in credited for move in item.moves[:1]),
            redeemed=sum(item.moves[0][2] for item in credited if item.kind == "settle"),
            visits=len(served) - len(shares.among({item.id: item.body for item in served})),
            questions=_questions(view, actor, head, community),
            town_decides=approvals.is_towns(policy) and not is_above(actor, Right.APPROVE_VISIT, community),
            orders=_orders(view, head, community),
        )


def today(bank: Bank, community: str) -> str:
    """The calendar day now, in the zone of the community's ledger."""
    with bank.view() as view:
        return _today(bank, view.head_of(community))


def _today(bank: Bank, head: reads.Head) -> str:
    return day_in_zone(bank.clock(), head.offset_minutes)


def _questions(view: View, actor: Actor, head: reads.Head, community: str) -> tuple[Question, ...]:
    waiting = [waiting_of(view, one) for one in directory.approvals.open_ones(view.connection, community, MOST_SHOWN)]
    raws = reads.raw_by_ids(view.connection, head, {one.subject for one in waiting if one.kind == "reverse"})
    found = reads.by_raw(head, raws.values())
    items = {item.id: item for item in items_of(view, head, found)}
    accounts = {one.subject for one in waiting if one.kind in ("grant", "estate", *standing.KINDS)}
    names = directory.people.names_of_accounts(view.connection, view.vault, accounts)
    visits = [one.details for one in waiting if one.kind == "visit" and one.details]
    people = {person for visit in visits for person in (visit["volunteer"], *visit["served"])}
    people |= {one.details["heir"] for one in waiting if one.details.get("heir")}
    names |= directory.people.names_of(view.connection, view.vault, people) if people else {}
    return tuple(
        Question(
            waiting=one,
            item=items.get(one.subject),
            person_name=names.get(one.details.get("volunteer", one.subject), ""),
            served_names=tuple(names[person] for person in _others(one) if person in names),
            own=one.asked_by == actor.login,
        )
        for one in waiting
    )


def _others(waiting: Waiting) -> Sequence[str]:
    """Who was served, of a visit; who is to have the hours, of what somebody left behind."""
    heir = waiting.details.get("heir")
    return [heir] if heir else waiting.details.get("served", ())


def _orders(view: View, head: reads.Head, community: str) -> tuple[OpenOrder, ...]:
    holds = reads.open_holds(view.connection, head, "held:orders", MOST_SHOWN)
    return _opened(view, directory.orders.of_holds(view.connection, community, (hold.id for hold in holds)), holds)


def _opened(view: View, orders: dict[str, directory.orders.Asked], holds: Sequence[Hold]) -> tuple[OpenOrder, ...]:
    made = []
    names = directory.people.names_of(view.connection, view.vault, {order.elder for order in orders.values()})
    for hold in holds:
        order = orders.get(hold.id)
        if order is not None:
            made.append(
                OpenOrder(
                    hold=hold.id,
                    elder=order.elder,
                    elder_name=names.get(order.elder, ""),
                    service=order.service,
                    minutes=hold.minutes,
                    wanted_day=order.wanted_day,
                    payer=hold.source,
                )
            )
    return tuple(made)
