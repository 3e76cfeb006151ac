"""The state of a ledger as a seal commits to it: balances, holds, keys, policies and chains in one hash."""

import hashlib
from collections.abc import Iterator

from .books import Books

FIRST_LINE = "timebank-state v1"


def text(books: Books) -> str:
    """The lines of FORMAT.md §11, each ended by a newline."""
    return "".join(f"{line}\n" for line in _lines(books))


def digest(books: Books) -> str:
    """SHA-256 of the text, in hex: the `state` of a seal."""
    return hashlib.sha256(text(books).encode()).hexdigest()


def _lines(books: Books) -> Iterator[str]:
    yield FIRST_LINE
    for name in sorted(books.accounts):
        one = books.accounts[name]
        yield f"account {name} {one.kind} {one.minutes} {_or_dash(one.opened)} {_or_dash(one.closed)}"
    for name in sorted(name for name, hold in books.holds.items() if hold.outcome is None):
        hold = books.holds[name]
        yield f"hold {name} {hold.source} {hold.via} {hold.minutes} {_or_dash(hold.order)} {hold.opened}"
    for key in sorted(books.keys.values(), key=lambda key: str(key.vkey)):
        parts = (key.until, key.account, key.compromised_from)
        yield f"key {key.vkey} {key.role.value} {key.since} {' '.join(map(_or_dash, parts))}"
    for policy in books.policies:
        yield f"policy {policy.version} {policy.from_day} {policy.sha256} {policy.seq}"
    for word, chains in (("pair", books.pairs), ("device", books.devices)):
        for name in sorted(chains):
            count, link = chains[name]
            yield f"{word} {name} {count} {link}"


def _or_dash(value: object) -> str:
    return "-" if value is None else str(value)
