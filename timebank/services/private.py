"""Keep what is private about an entry outside the books, bound to it by the entry's memo."""

import hashlib
import hmac
from collections.abc import Sequence
from typing import Any

import msgspec

from timebank import directory
from timebank.bank import Reading, Work


def keep(work: Work, entry: str, details: dict[str, Any], people: Sequence[str]) -> str | None:
    """Store the details that are there and return the memo for the entry, 64 hex digits; None when there are none.

    The memo is HMAC-SHA-256 with a salt that is erased with the details, so that it tells nothing afterwards.
    """
    there = {key: value for key, value in details.items() if value}
    if not there:
        return None
    text = msgspec.json.encode(there, order="sorted")
    salt = work.random(32)
    directory.details.keep(
        work.connection, work.vault, origin=work.origin, entry=entry, salt=salt, text=text.decode(), people=people
    )
    return hmac.new(salt, text, hashlib.sha256).hexdigest()


def note_of(reading: Reading, origin: str, entry: str) -> str | None:
    """The clerk's note to an entry; None when there was none or it was erased."""
    text = directory.details.text_of(reading.people, reading.vault, origin, entry)
    return None if text is None else msgspec.json.decode(text).get("note")
