"""The hours of a group: what a member served with it is recorded for her, and credited to the fund by an entry beside.

The entry beside is the group's share. Its id and its `shift` follow from the member's entry, so that whoever has one
of the two finds the other, also without this program; the hours of both are the same hours and are counted once.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

_TAG = re.compile(r"g[0-9a-f]{31}")
_VERSION_AT = 12  # where a UUIDv7 has its 7


def following(id: str, digest: bytes) -> str:
    """A UUIDv7 of the same time as another one, 32 hex digits; what is random in it is taken from the digest."""
    value = digest.hex()
    return f"{id[:_VERSION_AT]}7{value[:3]}{'89ab'[digest[2] & 3]}{value[6:21]}"


def tag(letter: str, id: str) -> str:
    """A UUIDv7 as a word of the books: it needs a letter in front, and the version says nothing."""
    return letter + id[:_VERSION_AT] + id[_VERSION_AT + 1 :]


def id_of(entry: str) -> str:
    """The id of the share that belongs to a member's entry, whether there is one or not."""
    return following(entry, hashlib.sha256(entry.encode()).digest())


def is_share(body: Mapping[str, Any]) -> bool:
    """Whether a service is marked as the share of a group."""
    return _TAG.fullmatch(str(body.get("shift", ""))) is not None


def entry_of(body: Mapping[str, Any]) -> str:
    """The member's entry to which this share belongs."""
    word = str(body["shift"])[1:]
    return f"{word[:_VERSION_AT]}7{word[_VERSION_AT:]}"


def among(bodies: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """The ids of those services that are shares of others among them, and so the same hours.

    Whoever signs entries of their own can write any `shift`: a mark alone takes nothing out of what is published. Both
    entries are made in one transaction, so a day or a month that has one has the other.
    """
    return {id for id, body in bodies.items() if is_share(body) and _belongs(id, body, bodies.get(entry_of(body)))}


def _belongs(id: str, body: Mapping[str, Any], entry: Mapping[str, Any] | None) -> bool:
    return (
        entry is not None
        and id == id_of(entry_of(body))
        and entry.get("uncredited") == "group"
        and entry["minutes"] == body["minutes"]
    )
