"""Which ledger a community keeps now, and which it kept before: one for each epoch."""

import re

from sqlalchemy import Connection, bindparam, select

from timebank.ledger import Prepared

from .model import Community

# <host>/c/<code>, and for the second epoch and those after it /<n> behind.
_ORIGIN = re.compile(r"(.+/c/([^/]+))(?:/([1-9][0-9]*))?")


_ORIGIN_OF = Prepared(select(Community.origin).where(Community.code == bindparam("code")))


def origin_of(connection: Connection, code: str) -> str | None:
    """The ledger that a community writes to now; None when it is not known. One row by its primary key."""
    row = _ORIGIN_OF.row(connection, code=code)
    return None if row is None else str(row[0])


def code_of(origin: str) -> str:
    """The community whose ledger has this name."""
    found = _ORIGIN.fullmatch(origin)
    return found[2] if found else ""


def next_epoch(origin: str) -> str:
    """The name of the ledger after this one."""
    found = _ORIGIN.fullmatch(origin)
    if found is None:
        raise ValueError(f"{origin} is not the name of a community's ledger")
    return f"{found[1]}/{int(found[3] or 1) + 1}"


def epochs_before(origin: str) -> list[str]:
    """The names of a community's ledgers before this one, oldest first."""
    found = _ORIGIN.fullmatch(origin)
    if found is None or found[3] is None:
        return []
    return [found[1], *(f"{found[1]}/{number}" for number in range(2, int(found[3])))]
