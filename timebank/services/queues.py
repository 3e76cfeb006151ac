"""What waits for somebody in a town, county or city, and for how long: numbers by part and age, and nobody's name."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import DAY_MS, Bank
from timebank.ledger import Code, Refused

from .figures import PARTS, name_of, part_name

KINDS = directory.queues.KINDS
# A request should be answered on the next working day, a question within the week; a month is forgotten.
AGES_DAYS = (1, 3, 7, 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """What waits of one kind: `ages` counts those of up to 1, 3, 7 and 30 days and of more, each in one of them.

    `oldest_days` counts whole days; None where nothing waits.
    """

    kind: str
    count: int
    ages: tuple[int, ...]
    oldest_days: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the place in which something waits: how much of each kind, and the oldest of all in whole days."""

    code: str
    name: str
    counts: dict[str, int]
    oldest_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Queues:
    """Everything that waits at a place; parts in which nothing waits are left out, the oldest comes first."""

    place: str
    name: str
    queues: tuple[Queue, ...]
    parts: tuple[Part, ...]


def of(bank: Bank, actor: Actor | None, place: str) -> Queues:
    """What waits in a city (4 digits), county (6), town (9) or community (12): a statement for each kind."""
    require(actor, Right.AUDIT, place)
    with bank.view() as view:
        there = directory.communities.under(view.connection, place)
        if not there or len(place) not in PARTS:
            raise Refused(Code.COMMUNITY_UNKNOWN, community=place)
        digits = PARTS[len(place)]
        limits = [view.now - days * DAY_MS for days in AGES_DAYS]
        found = {
            kind: directory.queues.waiting(view.people, kind, place, digits, limits) for kind in directory.queues.KINDS
        }
        names = {one.code[:digits]: part_name(one, digits) for one in there}
        return Queues(
            place=place,
            name=name_of(there[0], len(place)),
            queues=tuple(_queue(kind, waiting, view.now) for kind, waiting in found.items()),
            parts=_parts(found, names, view.now),
        )


def _queue(kind: str, waiting: list[directory.queues.Waiting], now: int) -> Queue:
    count = sum(one.count for one in waiting)
    within = [0, *(sum(counts) for counts in zip(*(one.within for one in waiting), strict=True)), count]
    return Queue(
        kind=kind,
        count=count,
        ages=tuple(up_to - before for before, up_to in pairwise(within)) if waiting else _NONE,
        oldest_days=max(((now - one.oldest) // DAY_MS for one in waiting), default=None),
    )


_NONE = (0,) * (len(AGES_DAYS) + 1)


def _parts(found: dict[str, list[directory.queues.Waiting]], names: dict[str, str], now: int) -> tuple[Part, ...]:
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    oldest: dict[str, int] = {}
    for kind, waiting in found.items():
        for one in waiting:
            counts[one.part][kind] = one.count
            oldest[one.part] = min(oldest.get(one.part, one.oldest), one.oldest)
    return tuple(
        Part(
            code=code,
            name=names.get(code, code),
            counts={kind: counts[code].get(kind, 0) for kind in KINDS},
            oldest_days=(now - since) // DAY_MS,
        )
        for code, since in sorted(oldest.items(), key=lambda one: (one[1], one[0]))
    )
