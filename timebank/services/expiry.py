"""Hours that nobody used for the months that a policy gives go to the public fund; few cities have it, off at first.

The oldest hours are used first, so what is left of those credited before a month is what somebody has, less all that
was credited since. A month's run looks at whole months, and may be repeated on any day of its month.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import Bank, Reading
from timebank.ledger import Account, KeyRole, reads

from .statements import day_in_zone, day_start_ms

_AT_ONCE = 200  # accounts in one transaction: so long the counter waits


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired:
    """What a month's run (YYYY-MM) took: from how many people, and minutes in all."""

    community: str
    month: str
    people: int
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Soon:
    """Minutes that go to the fund on `day`, unless they are used before."""

    minutes: int
    day: str


def run(bank: Bank, actor: Actor | None, community: str) -> Expired:
    """Let expire what is due this month. What was done before is left alone; a run that broke off goes on.

    The cost is linear in what was credited within the months of the policy to those who have something.
    """
    require(actor, Right.KEEP_BOOKS, community)
    with bank.view() as view:
        head = view.head_of(community)
        today = day_in_zone(view.now, head.offset_minutes)
        first = _first_day(view, head, today)
        names = [one.name for one in reads.all_accounts(view.connection, head) if _is_members(one)] if first else []
    people = minutes = 0
    for start in range(0, len(names), _AT_ONCE):
        for taken in _expire(bank, head.origin, names[start : start + _AT_ONCE], str(first), today[:7]):
            people, minutes = people + 1, minutes + taken
    return Expired(community=community, month=today[:7], people=people, minutes=minutes)


def soon(reading: Reading, head: reads.Head, account: str) -> Soon | None:
    """What of somebody's hours goes with the next month; None where nothing does."""
    today = day_in_zone(reading.now, head.offset_minutes)
    next_day = _month_after(today)
    first = _first_day(reading, head, next_day)
    due = _due(reading, head, [account], first) if first else {}
    return Soon(minutes=due[account], day=next_day) if account in due else None


def _is_members(account: Account) -> bool:
    return account.name.startswith("member:") and account.minutes > 0


def _expire(bank: Bank, origin: str, names: list[str], first: str, month: str) -> Iterable[int]:
    with bank.work(origin) as work:
        frozen = directory.people.frozen_among(work.connection, names)
        done = reads.ids_known(work.connection, work.writer.head, [f"{name}.expire.{month}" for name in names])
        open_ones = [name for name in names if name not in frozen and f"{name}.expire.{month}" not in done]
        due = _due(work, work.writer.head, open_ones, first)
        for name, minutes in due.items():
            entry = f"{name}.expire.{month}"
            work.post("expire", (name, "fund", minutes), by=(KeyRole.SYSTEM,), id=entry, body={"month": month})
    return due.values()


def _due(reading: Reading, head: reads.Head, names: list[str], first: str) -> dict[str, int]:
    """What is left of what these accounts were credited with before the day `first`; who has nothing is left out."""
    since = reads.seq_at(reading.connection, head, day_start_ms(first, head.offset_minutes))
    later = reads.credited_since(reading.connection, head, names, since)
    found = reads.accounts(reading.connection, head, names)
    left = {
        name: min(account.minutes, account.minutes + account.held - later.get(name, 0))
        for name, account in found.items()
    }
    return {name: minutes for name, minutes in sorted(left.items()) if minutes > 0}


def _first_day(reading: Reading, head: reads.Head, day: str) -> str | None:
    """The first day of the months whose credits are young in the month of `day`; None where nothing expires yet.

    Nothing expires before the rule was there for as long: who was credited earlier did not know of it.
    """
    policy = reading.policy_at(head, day)
    if not policy.expiry.months:
        return None
    first = _months_before(day, policy.expiry.months)
    return first if first >= _ruled_since(reading, head, day) else None


def _ruled_since(reading: Reading, head: reads.Head, day: str) -> str:
    """From which day on, without a break up to `day`, hours expire at all."""
    since = day
    for version in reversed([one for one in reads.policies(reading.connection, head) if one.from_day <= day]):
        if not reading.policy(version.sha256).expiry.months:
            break
        since = version.from_day
    return since


def _months_before(day: str, months: int) -> str:
    year, month = divmod(int(day[:4]) * 12 + int(day[5:7]) - 1 - months, 12)
    return f"{year:04}-{month + 1:02}-01"


def _month_after(day: str) -> str:
    return (date.fromisoformat(f"{day[:7]}-01") + timedelta(days=31)).isoformat()[:7] + "-01"
