"""Which jobs there are, and which slots of each are due by the clock.

A slot is the period of business that a run is for, in words that sort: `2026-11-23T14:05` of a job that comes every few
minutes, `2026-11-23` of a night (and of a week, by its Monday), `2026-11` of a month. Days are those of the books, by
their distance from UTC, so a slot has the day that its seal has, and no summer time skips or doubles one.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from timebank.bank import DAY_MS, MINUTE_MS
from timebank.settings import Settings

# So many slots that nobody ran are made up for; of a longer pause the last ones.
MOST_MADE_UP = 40
_EPOCH = datetime(1970, 1, 1)  # on the wall of the zone, hence without one
_DAY = 24 * 60


class Period(StrEnum):
    NIGHT = "night"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """When a job runs: every so many minutes, or in the first night of a period at the minute `at` of the day.

    `after`: the job that must have ended in the same slot. Jobs of one `lane` run one after the other in a scheduler.
    Of a job every few minutes only the newest slot is run, for it does all that is due; the others are made up for
    slot by slot.
    """

    job: str
    every: int | Period
    at: int = 0
    after: str | None = None
    lane: str = "night"

    @property
    def is_frequent(self) -> bool:
        return not isinstance(self.every, Period)

    @property
    def longest_pause_ms(self) -> int:
        """Between two tries of a slot."""
        return MINUTE_MS * (min(self.every, 60) if isinstance(self.every, int) else 60)

    @property
    def grace_ms(self) -> int:
        """So long a slot may wait before it is called late."""
        return MINUTE_MS * (self.every + 15) if isinstance(self.every, int) else DAY_MS // 2

    @property
    def kept_ms(self) -> int:
        """So long what was done stays in the history."""
        return (2 if self.is_frequent else 400) * DAY_MS


PLANS = (
    Plan(job="deliver", every=1, lane="deliver"),
    Plan(job="texts", every=1, lane="texts"),
    Plan(job="orders-clock", every=5, lane="orders"),
    Plan(job="sheets", every=1, lane="sheets"),
    Plan(job="look-through", every=60, lane="look-through"),
    Plan(job="reconcile", every=Period.NIGHT, at=45),
    Plan(job="witness", every=Period.NIGHT, at=45, after="reconcile"),
    Plan(job="seal", every=Period.NIGHT, at=60),
    Plan(job="audit", every=Period.NIGHT, at=60, after="seal"),
    Plan(job="digest", every=Period.NIGHT, at=60, after="audit"),
    Plan(job="figures", every=Period.NIGHT, at=65),
    Plan(job="estates", every=Period.NIGHT, at=70),
    Plan(job="expire", every=Period.MONTH, at=80),
    Plan(job="callbacks", every=Period.MONTH, at=90),
    Plan(job="kin-checks", every=Period.MONTH, at=95),
    Plan(job="scrub", every=Period.WEEK, at=150),
    Plan(job="verify", every=Period.MONTH, at=180),
)


def plans(settings: Settings) -> tuple[Plan, ...]:
    """The jobs in the order in which they run; where nights are shorter than a day, all of them come in each."""
    if settings.night_minutes == _DAY:
        return PLANS
    return tuple(one if one.is_frequent else replace(one, every=settings.night_minutes, at=0) for one in PLANS)


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A period of business, and when it came due (milliseconds)."""

    name: str
    due_at: int


def slots(plan: Plan, now: int, offset_minutes: int, count: int = MOST_MADE_UP) -> list[Slot]:
    """The last `count` slots that have come due, the oldest first."""
    minute = now // MINUTE_MS + offset_minutes
    if isinstance(plan.every, Period):
        starts = _nights(plan.every, (minute - plan.at) // _DAY, count)
        form = "%Y-%m" if plan.every is Period.MONTH else "%Y-%m-%d"
    else:
        newest = minute - minute % plan.every
        starts = [newest - plan.every * back for back in range(count)]
        form = "%Y-%m-%dT%H:%M"
    return [
        Slot((_EPOCH + timedelta(minutes=start)).strftime(form), (start + plan.at - offset_minutes) * MINUTE_MS)
        for start in reversed(starts)
    ]


def _nights(period: Period, day: int, count: int) -> list[int]:
    """First minutes of periods, the newest first, up to this day's (days since 1970)."""
    today = date(1970, 1, 1) + timedelta(days=day)
    begin: dict[Period, Callable[[date], date]] = {
        Period.NIGHT: lambda one: one,
        Period.WEEK: lambda one: one - timedelta(days=one.weekday()),
        Period.MONTH: lambda one: one.replace(day=1),
    }
    starts = []
    for _ in range(count):
        today = begin[period](today)
        starts.append((today - date(1970, 1, 1)).days * _DAY)
        today -= timedelta(days=1)
    return starts
