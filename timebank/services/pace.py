"""Slow down who guesses: so many tries at one thing in a window of time, whoever makes them."""

from timebank import directory
from timebank.bank import MINUTE_MS, Bank, Reading
from timebank.ledger import Code, Refused


def count(bank: Bank, what: str, whose: str, most: int | None = None) -> None:
    """Count a try before it is looked at, committed whatever follows; Refused beyond what a window allows.

    `what` is the kind of secret, `whose` its owner; both are kept as a keyed hash only. `most`: how many a window
    allows, where that is not as many as of log-ins.
    """
    window_ms = bank.settings.login_window_minutes * MINUTE_MS
    with bank.office() as office:
        tries, began_at = directory.attempts.count(
            office.connection, _subject(office, what, whose), office.now, window_ms
        )
    if tries > (most or bank.settings.login_attempts):
        check(began_at + window_ms, office.now)


def forget(reading: Reading, what: str, whose: str) -> None:
    """The secret was right."""
    directory.attempts.forget(reading.connection, _subject(reading, what, whose))


def take_back(bank: Bank, what: str, whose: str) -> None:
    """The try was right, and says nothing about the next one."""
    with bank.office() as office:
        directory.attempts.take_back(office.connection, _subject(office, what, whose))


def check(retry_at: int | None, now: int) -> None:
    """Refused until `retry_at`, in whole minutes; None: go on."""
    if retry_at is not None:
        raise Refused(Code.TOO_MANY_ATTEMPTS, minutes=-(-(retry_at - now) // MINUTE_MS))


def _subject(reading: Reading, what: str, whose: str) -> bytes:
    return reading.vault.blind(f"attempts.{what}", whose)
