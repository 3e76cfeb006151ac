"""家里这个月: who came to somebody in a month, when, and who confirmed it."""

from dataclasses import dataclass
from datetime import date, timedelta

from timebank import directory
from timebank.access import Actor
from timebank.bank import Bank
from timebank.ledger import reads

from .care import month_ms
from .statements import Item, day_in_zone, items_of, seen_person

MOST_VISITS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What was entered in a month (YYYY-MM) of services to one person, in the order of their days.

    `minutes` adds up what was not undone since. `later` is None in the month that it is now.
    """

    person: str
    name: str
    community: str
    month: str
    earlier: str
    later: str | None
    minutes: int
    visits: tuple[Item, ...]


def of_person(bank: Bank, actor: Actor | None, person_id: str, month: str | None = None) -> Month:
    """The services to one person that were entered in a month, this one when None; at most MOST_VISITS lines."""
    with bank.view() as view:
        person = seen_person(view, actor, person_id)
        head = view.head(person.origin)
        this_month = day_in_zone(view.now, head.offset_minutes)[:7]
        month = month or this_month
        begin, end = month_ms(month, head.offset_minutes)
        first, until = (reads.seq_at(view.connection, head, ms) for ms in (begin, end))
        told = reads.told(view.connection, head, person.account, first=first, until=until, most=MOST_VISITS)
        served = [one.record for one in told if person.account in one.record.intent.body.get("served", ())]
        visits = [item for item in items_of(view, head, served) if item.kind in ("service", "settle")]
        return Month(
            person=person.id,
            name=directory.people.name_of(view.vault, person) or "",
            community=person.community,
            month=month,
            earlier=_month_after(month, -1),
            later=_month_after(month, 1) if month < this_month else None,
            minutes=sum(_minutes(item) for item in visits if item.reversed_by is None),
            visits=tuple(sorted(visits, key=lambda item: (item.day, item.seq))),
        )


def _minutes(item: Item) -> int:
    minutes = item.body.get("minutes", 0)
    return minutes if isinstance(minutes, int) else 0


def _month_after(month: str, months: int) -> str:
    """The month before or after one."""
    middle = date.fromisoformat(f"{month}-15") + timedelta(days=30 * months)
    return f"{middle:%Y-%m}"
