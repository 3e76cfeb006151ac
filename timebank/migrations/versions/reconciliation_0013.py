"""Runs of reconciliation between two ledgers, and what differed."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "reconciliations",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("peer", sa.String(length=255), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("peer_size", sa.BigInteger(), nullable=False),
        sa.Column("own_count", sa.BigInteger(), nullable=False),
        sa.Column("peer_count", sa.BigInteger(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("peer_due", sa.BigInteger(), nullable=False),
        sa.Column("in_flight", sa.BigInteger(), nullable=False),
        sa.Column("result", sa.String(length=10), nullable=False),
        sa.CheckConstraint("result IN ('agree', 'differ')", name=op.f("ck_reconciliations_result_known")),
        sa.ForeignKeyConstraint(
            ["community"], ["communities.code"], name=op.f("fk_reconciliations_community_communities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliations")),
    )
    op.create_index("ix_reconciliations_pair", "reconciliations", ["community", "peer", "at"])
    op.create_table(
        "differences",
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("peer", sa.String(length=255), nullable=False),
        sa.Column("entry", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("found_at", sa.BigInteger(), nullable=False),
        sa.Column("resolved_at", sa.BigInteger(), nullable=True),
        sa.Column("resolved_by", sa.String(length=32), nullable=True),
        sa.Column("resolution", sa.String(length=100), nullable=True),
        sa.CheckConstraint(
            "kind IN ('missing-here', 'missing-there', 'amount', 'mirror')", name=op.f("ck_differences_kind_known")
        ),
        sa.CheckConstraint(
            "(resolved_at IS NULL) = (resolved_by IS NULL) AND (resolved_at IS NULL) = (resolution IS NULL)",
            name=op.f("ck_differences_resolved_wholly"),
        ),
        sa.ForeignKeyConstraint(["community"], ["communities.code"], name=op.f("fk_differences_community_communities")),
        sa.ForeignKeyConstraint(["resolved_by"], ["logins.id"], name=op.f("fk_differences_resolved_by_logins")),
        sa.PrimaryKeyConstraint("community", "peer", "entry", name=op.f("pk_differences")),
    )
    op.create_index("ix_differences_open", "differences", ["community", "resolved_at"])
