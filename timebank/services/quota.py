"""What the public pays for somebody: the month's quota of a priority class, else the trial of a new member."""

from collections.abc import Callable

from timebank import directory
from timebank.bank import Reading
from timebank.directory.people import Known
from timebank.ledger import Account
from timebank.policy import PRIORITIES, Policy

TRIAL = "trial"
DAY_MS = 86_400_000

Balances = Callable[[str], Account]


def left(reading: Reading, policy: Policy, elder: Known, day: str) -> tuple[str | None, int]:
    """By what the public would pay for a service on that day, and how many minutes of it are left.

    A priority class has its minutes in each calendar month of service; a new member those of the trial, once.
    """
    rule = policy.quota
    minutes: dict[str, int] = dict(rule.monthly_minutes.items())
    classes = directory.standing.classes_of(reading.connection, elder.id, day) & minutes.keys()
    if classes:
        best = max(classes, key=lambda name: (minutes[name], name))
        month = day[:8]
        used = directory.orders.paid_by(reading.connection, elder.id, PRIORITIES, f"{month}01", f"{month}31")
        return best, max(0, minutes[best] - used)
    registered = directory.people.registered_at(reading.connection, elder.id)
    if rule.trial_minutes and reading.now < registered + rule.trial_days * DAY_MS:
        used = directory.orders.paid_by(reading.connection, elder.id, [TRIAL])
        return TRIAL, max(0, rule.trial_minutes - used)
    return None, 0
