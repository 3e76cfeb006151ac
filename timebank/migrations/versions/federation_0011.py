"""Other communities, and hours on their way between two of them."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "peers",
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("origin", sa.String(length=255), nullable=False),
        sa.Column("genesis", sa.LargeBinary(), nullable=False),
        sa.Column("limit_minutes", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.Column("frozen_at", sa.BigInteger(), nullable=True),
        sa.Column("frozen_why", sa.String(length=40), nullable=True),
        sa.CheckConstraint("length(genesis) = 32", name=op.f("ck_peers_genesis_length")),
        sa.CheckConstraint("(frozen_at IS NULL) = (frozen_why IS NULL)", name=op.f("ck_peers_frozen_wholly")),
        sa.CheckConstraint("limit_minutes >= 0", name=op.f("ck_peers_limit_counted")),
        sa.ForeignKeyConstraint(["community"], ["communities.code"], name=op.f("fk_peers_community_communities")),
        sa.PrimaryKeyConstraint("community", "origin", name=op.f("pk_peers")),
    )
    op.create_table(
        "transfers",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("peer", sa.String(length=255), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("payee", sa.String(length=39), nullable=False),
        sa.Column("sealed_payee", sa.LargeBinary(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_transfers_minutes_positive")),
        sa.CheckConstraint("state IN ('offered', 'sent', 'returned')", name=op.f("ck_transfers_state_known")),
        sa.CheckConstraint("(state = 'offered') = (due_at IS NOT NULL)", name=op.f("ck_transfers_due_while_open")),
        sa.ForeignKeyConstraint(["community"], ["communities.code"], name=op.f("fk_transfers_community_communities")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_transfers_person_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers")),
    )
    op.create_index(op.f("ix_transfers_person"), "transfers", ["person"])
    op.create_index("ix_transfers_due", "transfers", ["state", "due_at"])
    op.create_index("ix_transfers_community", "transfers", ["community", "state", "asked_at"])
