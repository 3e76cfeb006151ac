"""Communities: what everybody may know of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from timebank.ledger import Prepared

from .model import Community


@dataclass(frozen=True, slots=True)
class Place:
    """A community's code, its ledger's origin, and where it is."""

    code: str
    origin: str
    name: str
    town: str
    county: str


_PLACES = select(Community.code, Community.origin, Community.name, Community.town, Community.county)
_ONE = Prepared(_PLACES.where(Community.code == bindparam("code")))
_UNDER = Prepared(
    _PLACES.where(Community.code >= bindparam("first"), Community.code < bindparam("end")).order_by(Community.code)
)
_ALL = Prepared(_PLACES.order_by(Community.code))
_NAMED = Prepared(_PLACES.where(Community.code.in_(bindparam("codes", expanding=True))))
_AT_ONCE = 400  # values of one question


def one(connection: Connection, code: str) -> Place | None:
    row = _ONE.row(connection, code=code)
    return None if row is None else Place(*row)


def named(connection: Connection, codes: Iterable[str]) -> dict[str, Place]:
    """Those of these communities that are known, by code."""
    wanted = sorted(set(codes))
    parts = (wanted[start : start + _AT_ONCE] for start in range(0, len(wanted), _AT_ONCE))
    return {row[0]: Place(*row) for part in parts for row in _NAMED.rows(connection, codes=part)}


def under(connection: Connection, beginning: str) -> list[Place]:
    """Those whose code begins so, by code: a town's, a county's."""
    # ":" comes after "9".
    return [Place(*row) for row in _UNDER.rows(connection, first=beginning, end=f"{beginning}:")]


def everyone(connection: Connection) -> list[Place]:
    """By code."""
    return [Place(*row) for row in _ALL.rows(connection)]
