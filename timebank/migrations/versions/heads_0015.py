"""Heads: the keys that stood at one that was seen, countersignatures; and who takes care of a difference."""

import base64

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_STAFF = "('log', 'system', 'station', 'lead', 'admin')"


def upgrade() -> None:
    op.add_column("peers", sa.Column("keys", sa.Text(), nullable=True))
    _fill_keys()
    with op.batch_alter_table("differences") as table:
        table.add_column(sa.Column("owner", sa.String(length=32), nullable=True))
        table.create_foreign_key(op.f("fk_differences_owner_logins"), "logins", ["owner"], ["id"])
    op.create_table(
        "cosignatures",
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("cosigner", sa.String(length=255), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community"], ["communities.code"], name=op.f("fk_cosignatures_community_communities")
        ),
        sa.PrimaryKeyConstraint("community", "cosigner", name=op.f("pk_cosignatures")),
    )
    op.create_table(
        "kept_digests",
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("line", sa.String(length=400), nullable=False),
        sa.Column("sender", sa.String(length=255), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("host", "day", "line", name=op.f("pk_kept_digests")),
    )


def _vkey(name: str, key_id: bytes, public: bytes) -> str:
    return f"{name}+{bytes(key_id).hex()}+{base64.b64encode(bytes([1]) + bytes(public)).decode()}"


def _fill_keys() -> None:
    """Every ledger known until now is kept here, so that what it has told of its keys is in the tables."""
    connection = op.get_bind()
    seen = connection.execute(sa.text("SELECT community, origin, size FROM peers WHERE size > 0")).all()
    for community, origin, size in seen:
        keys = connection.execute(
            sa.text(
                "SELECT keys.role, keys.since, keys.name, keys.key_id, keys.public FROM keys"
                " JOIN ledgers ON ledgers.id = keys.ledger WHERE ledgers.origin = :origin AND keys.since < :size"
                f" AND (keys.until IS NULL OR keys.until >= :size) AND keys.role IN {_STAFF} ORDER BY keys.since"
            ),
            {"origin": origin, "size": size},
        ).all()
        lines = (f"{role} {since} {_vkey(*key)}\n" for role, since, *key in keys)
        connection.execute(
            sa.text("UPDATE peers SET keys = :keys WHERE community = :community AND origin = :origin"),
            {"keys": "".join(lines), "community": community, "origin": origin},
        )
