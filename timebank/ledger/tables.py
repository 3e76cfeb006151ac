"""The ledger's tables: entries, which are never changed, and what is derived from them."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

_ID = String(240)
# On SQLite small rows lie in their primary key itself: one tree to write instead of two.
_CLUSTERED: dict[str, Any] = {"sqlite_with_rowid": False}
_NAME = String(180)


def _ledger() -> Column[int]:
    return Column("ledger", Integer, ForeignKey("ledgers.id"), primary_key=True, autoincrement=False)


# One row a ledger: its head. On PostgreSQL this row is the lock of the ledger's one writer.
ledgers = Table(
    "ledgers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("origin", String(120), nullable=False, unique=True),
    Column("size", BigInteger, nullable=False),
    Column("ms", BigInteger, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("root", LargeBinary(32), nullable=False),
    Column("frontier", LargeBinary, nullable=False),
    Column("offset_minutes", SmallInteger, nullable=False),
    Column("quorum", SmallInteger, nullable=False),
    Column("ended", Boolean, nullable=False),
    Column("checkpoint", LargeBinary, nullable=False),
    CheckConstraint("size >= 0", name="size"),
)

# The books themselves. `record` is what was signed and hashed; the other columns only make it easy to find.
entries = Table(
    "entries",
    metadata,
    _ledger(),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("id", _ID, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("ms", BigInteger, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("record", LargeBinary, nullable=False),
    UniqueConstraint("ledger", "id"),
    Index(None, "ledger", "ms"),
    CheckConstraint("seq >= 0", name="seq"),
)

# Hashes of complete subtrees of 256^level leaves, level ≥ 1; level 0 is entries.hash.
subtrees = Table(
    "subtrees",
    metadata,
    _ledger(),
    Column("level", SmallInteger, primary_key=True, autoincrement=False),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary(32), nullable=False),
    **_CLUSTERED,
)

accounts = Table(
    "accounts",
    metadata,
    _ledger(),
    Column("name", _NAME, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("minutes", BigInteger, nullable=False),
    Column("served", BigInteger, nullable=False),
    Column("held", BigInteger, nullable=False),
    Column("opened", BigInteger),
    Column("closed", BigInteger),
    CheckConstraint("minutes >= 0 OR kind IN ('issue', 'debt', 'due')", name="floor"),
    CheckConstraint("kind <> 'debt' OR minutes <= 0", name="debt"),
    CheckConstraint("held >= 0 AND served >= 0", name="sums"),
    **_CLUSTERED,
)

lines = Table(
    "lines",
    metadata,
    _ledger(),
    Column("account", _NAME, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("change", BigInteger, nullable=False),
    Column("balance", BigInteger, nullable=False),
    **_CLUSTERED,
)

holds = Table(
    "holds",
    metadata,
    _ledger(),
    Column("id", String(32), primary_key=True),
    Column("source", _NAME, nullable=False),
    Column("via", _NAME, nullable=False),
    Column("minutes", BigInteger, nullable=False),
    Column("order_id", String(32)),
    Column("opened", BigInteger, nullable=False),
    Column("outcome", BigInteger),
    CheckConstraint("minutes > 0", name="minutes"),
    Index(None, "ledger", "via", "outcome"),
)

keys = Table(
    "keys",
    metadata,
    _ledger(),
    Column("name", String(160), primary_key=True),
    Column("key_id", LargeBinary(4), primary_key=True),
    Column("public", LargeBinary(32), nullable=False),
    Column("role", String(16), nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger),
    Column("account", _NAME),
    Column("compromised_from", BigInteger),
)

policies = Table(
    "policies",
    metadata,
    _ledger(),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("from_day", String(10), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("seq", BigInteger, nullable=False),
)

# One row for each entry about a peer and each entry of a device: the n-th of its chain, where it stands, and the link
# that the next one must carry.
pairs = Table(
    "pairs",
    metadata,
    _ledger(),
    Column("peer", String(120), primary_key=True),
    Column("count", BigInteger, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("link", String(64), nullable=False),
    **_CLUSTERED,
)

devices = Table(
    "devices",
    metadata,
    _ledger(),
    Column("name", String(160), primary_key=True),
    Column("count", BigInteger, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("link", String(64), nullable=False),
    **_CLUSTERED,
)

days = Table(
    "days",
    metadata,
    _ledger(),
    Column("account", _NAME, primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("minutes", BigInteger, nullable=False),
    Column("credited", BigInteger, nullable=False),
    Column("overflowed", BigInteger, nullable=False),
    **_CLUSTERED,
)

DERIVED = (subtrees, accounts, lines, holds, keys, policies, pairs, devices, days)
APPEND_ONLY = (entries,)
