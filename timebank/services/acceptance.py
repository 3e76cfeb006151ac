"""验收单: the confirmed visits of a provider in a month, each with its entry, so that each can be checked in the books.

Only hours stand on it. What the provider is paid is decided and kept elsewhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import Bank, Reading
from timebank.ledger import Code, Record, Refused, reads

from .care import month_ms
from .certificates import masked
from .statements import day_in_zone

SHORT_HASH = 16  # hex digits: enough to compare on paper


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A visit of the month. `order` is the number of the order, None where there was none; `served` are initials.

    `undone`: it was corrected since, and is not accepted.
    """

    order: str | None
    day: str
    service: str
    minutes: int
    served: tuple[str, ...]
    confirmed: str
    seq: int
    entry: str
    hash: str
    undone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """Of one service: how many visits, and minutes in all."""

    service: str
    visits: int
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """What a provider gave, as entered in a month, by day of service; the sums are of what stands.

    `own_hand` counts the visits that were confirmed by the hand of who was served.
    """

    community: str
    place: str
    provider: str
    name: str
    month: str
    this_month: str
    visits: tuple[Visit, ...]
    sums: tuple[Sum, ...]
    number: int
    minutes: int
    own_hand: int


_OWN_HAND = frozenset({"card", "code", "phone"})


def of_month(bank: Bank, actor: Actor | None, community: str, provider: str, month: str | None = None) -> Acceptance:
    """The visits of a provider that were entered in a month (YYYY-MM, this one when None).

    By the day of entry, so that a month that is over gets no new lines. The cost is linear in the month.
    """
    require(actor, Right.SEE_DAY, community)
    with bank.view() as view:
        place = view.community(community)
        known = _provider(view, provider, community)
        head = view.head(place.origin)
        this_month = day_in_zone(view.now, head.offset_minutes)[:7]
        month = month or this_month
        records = [
            record
            for record in reads.records_between(view.connection, head, *month_ms(month, head.offset_minutes))
            if record.intent.kind in ("service", "settle") and record.intent.body["server"] == known.account
        ]
        visits = sorted(_visits(view, head, records), key=lambda visit: (visit.day, visit.seq))
        stand = [visit for visit in visits if not visit.undone]
        return Acceptance(
            community=community,
            place=f"{place.county} · {place.town} · {place.name}",
            provider=provider,
            name=directory.people.name_of(view.vault, known) or "",
            month=month,
            this_month=this_month,
            visits=tuple(visits),
            sums=_sums(stand),
            number=len(stand),
            minutes=sum(visit.minutes for visit in stand),
            own_hand=sum(visit.confirmed in _OWN_HAND for visit in stand),
        )


def _provider(reading: Reading, provider: str, community: str) -> directory.people.Known:
    found = directory.people.known(reading.connection, [provider]).get(provider)
    if found is None or found.is_erased or found.kind != "provider" or found.community != community:
        raise Refused(Code.PROVIDER_UNKNOWN)
    return found


def _visits(view: Reading, head: reads.Head, records: list[Record]) -> list[Visit]:
    undone = reads.ids_known(view.connection, head, {f"{record.id}.reverse" for record in records})
    served = {account for record in records for account in record.intent.body["served"]}
    names = directory.people.names_of_accounts(view.connection, view.vault, served)
    return [
        Visit(
            order=record.intent.body.get("order"),
            day=record.intent.body["day"],
            service=record.intent.body["service"],
            minutes=record.intent.body["minutes"],
            served=tuple(masked(names.get(account, "")) for account in record.intent.body["served"]),
            confirmed=record.intent.body["confirmed"],
            seq=record.seq,
            entry=record.id,
            hash=record.hash.hex()[:SHORT_HASH],
            undone=f"{record.id}.reverse" in undone,
        )
        for record in records
    ]


def _sums(visits: Iterable[Visit]) -> tuple[Sum, ...]:
    """By service, the longest first."""
    found: dict[str, tuple[int, int]] = {}
    for visit in visits:
        number, minutes = found.get(visit.service, (0, 0))
        found[visit.service] = (number + 1, minutes + visit.minutes)
    ordered = sorted(found.items(), key=lambda one: (-one[1][1], one[0]))
    return tuple(Sum(service=service, visits=number, minutes=minutes) for service, (number, minutes) in ordered)
