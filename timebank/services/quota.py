"""What the public pays for somebody: the month's quota of a priority class, else the trial of a new member."""

from collections.abc import Callable

from timebank import directory
from timebank.bank import Reading
from timebank.directory.people import Known
from timebank.ledger import Account
from timebank.policy import Policy

TRIAL = "trial"
DAY_MS = 86_400_000

Balances = Callable[[str], Account]


def is_priority(entitlement: str | None) -> bool:
    """Whether an order paid by this is one of a priority person."""
    return entitlement not in (None, TRIAL)


def left(reading: Reading, policy: Policy, elder: Known, day: str) -> tuple[str | None, int]:
    """By what the public would pay for a service on that day, and how many minutes of it are left."""
    rule = policy.quota
    registered = directory.people.registered_at(reading.connection, elder.id)
    if rule.trial_minutes and reading.now < registered + rule.trial_days * DAY_MS:
        used = directory.orders.paid_by(reading.connection, elder.id, [TRIAL])
        return TRIAL, max(0, rule.trial_minutes - used)
    return None, 0
