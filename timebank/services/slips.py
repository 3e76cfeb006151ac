"""The monthly slip of somebody for whom a guardian decides, for a relative who is not the guardian.

Whoever decides for another should not be the only one who reads who came.
"""

from dataclasses import dataclass

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import Bank
from timebank.ledger import Record, reads

from .care import month_ms
from .statements import Item, day_in_zone, items_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """What was entered in a month for one person. `readers`: relatives who are not the guardian; nobody: find one."""

    person: str
    name: str
    guardians: tuple[str, ...]
    readers: tuple[str, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slips:
    """The slips of a month (YYYY-MM) of a community."""

    community: str
    place: str
    month: str
    this_month: str
    slips: tuple[Slip, ...]


def of_month(bank: Bank, actor: Actor | None, community: str, month: str | None = None) -> Slips:
    """The slips of a month, this one when None, by person. Reads the records of the month once."""
    require(actor, Right.SEE_DAY, community)
    with bank.view() as view:
        place = view.community(community)
        head = view.head(place.origin)
        today = day_in_zone(view.now, head.offset_minutes)
        month = month or today[:7]
        decided = directory.standing.decided_in(view.connection, community, today)
        people = directory.people.known(view.connection, list(decided))
        first, until = month_ms(month, head.offset_minutes)
        records = reads.records_between(view.connection, head, first, until) if decided else []
        kin = {person: directory.people.kinships_of(view.connection, person) for person in decided}
        others = {one.member for found in kin.values() for one in found} | {
            one for who in decided.values() for one in who
        }
        names = directory.people.names_of(view.connection, view.vault, others | set(decided))

        def slip(person: str, guardians: frozenset[str]) -> Slip:
            account = people[person].account
            readers = dict.fromkeys(one.member for one in kin[person] if one.member not in guardians)
            return Slip(
                person=person,
                name=names.get(person, ""),
                guardians=tuple(names.get(one, "") for one in sorted(guardians)),
                readers=tuple(names.get(one, "") for one in readers),
                items=tuple(items_of(view, head, [one for one in records if _is_for(one, account)])),
            )

        made = tuple(slip(person, guardians) for person, guardians in sorted(decided.items()))
        shown = f"{place.county} · {place.town} · {place.name}"
        return Slips(community=community, place=shown, month=month, this_month=today[:7], slips=made)


def _is_for(record: Record, account: str) -> bool:
    return record.intent.kind in ("service", "settle") and account in record.intent.body.get("served", ())
