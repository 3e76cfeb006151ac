"""Chains as histories, small rows in their primary key on SQLite, and the audits and digests of each night."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_CLUSTERED = ("accounts", "days", "lines", "subtrees")


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in _CLUSTERED:
            _cluster(table)
    _replace_chain("pairs", sa.Column("peer", sa.String(length=120), nullable=False))
    _replace_chain("devices", sa.Column("name", sa.String(length=160), nullable=False))
    _fill_devices()
    _create_nightly()


def _cluster(table: str) -> None:
    """The same table WITHOUT ROWID."""
    made = sa.inspect(op.get_bind())
    columns = ", ".join(f'"{column["name"]}"' for column in made.get_columns(table))
    sql = op.get_bind().execute(sa.text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table}).scalar()
    op.execute(f"ALTER TABLE {table} RENAME TO old_{table}")
    op.execute(f"{sql} WITHOUT ROWID")
    op.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM old_{table}")
    op.execute(f"DROP TABLE old_{table}")


def _replace_chain(table: str, name: sa.Column[str]) -> None:
    """It held the newest link only, and is derived: what it must hold now follows from the records."""
    op.drop_table(table)
    op.create_table(
        table,
        sa.Column("ledger", sa.Integer(), autoincrement=False, nullable=False),
        name,
        sa.Column("count", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("link", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["ledger"], ["ledgers.id"], name=op.f(f"fk_{table}_ledger")),
        sa.PrimaryKeyConstraint("ledger", name.name, "count", name=op.f(f"pk_{table}")),
        sqlite_with_rowid=False,
    )


def _fill_devices() -> None:
    """No version so far has written an entry about a peer; devices may have signed some."""
    connection = op.get_bind()
    devices = sa.table("devices", *(sa.column(name) for name in ("ledger", "name", "count", "seq", "link")))
    has_devices = sa.text("SELECT 1 FROM keys WHERE role = 'device' LIMIT 1")
    if connection.execute(has_devices).scalar() is None:
        return
    rows = list(_device_links(connection))
    if rows:
        connection.execute(devices.insert(), rows)


def _device_links(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    for ledger, seq, record in connection.execute(sa.text("SELECT ledger, seq, record FROM entries")):
        line = record.split(b"\n")[1]
        intent = json.loads(line)
        if "device" in intent:
            link = hashlib.sha256(line + b"\n").hexdigest()
            yield {"ledger": ledger, "name": intent["by"], "count": intent["device"][0], "seq": seq, "link": link}


def _create_nightly() -> None:
    op.create_table(
        "audits",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("origin", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("fault", sa.String(), nullable=True),
        sa.Column("resolved_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("kind IN ('full', 'new', 'scrub')", name=op.f("ck_audits_kind_known")),
        sa.CheckConstraint("length(root) = 32", name=op.f("ck_audits_root_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audits")),
    )
    op.create_index(op.f("ix_audits_origin_ended_at"), "audits", ["origin", "ended_at"], unique=False)
    op.create_table(
        "digests",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("heads", sa.Integer(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("heads > 0", name=op.f("ck_digests_heads_positive")),
        sa.CheckConstraint("length(root) = 32", name=op.f("ck_digests_root_length")),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_digests")),
    )
    op.create_table(
        "digest_heads",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("origin", sa.String(length=255), nullable=False),
        sa.Column("checkpoint", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["day"], ["digests.day"], name=op.f("fk_digest_heads_day_digests")),
        sa.PrimaryKeyConstraint("day", "origin", name=op.f("pk_digest_heads")),
    )
