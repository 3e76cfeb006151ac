"""Ledgers that another service keeps, what of a peer was taken over, and what both signed of their books."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    with op.batch_alter_table("peers") as peers:
        peers.add_column(sa.Column("url", sa.String(length=200), nullable=True))
        peers.add_column(sa.Column("vkey", sa.String(length=255), nullable=True))
        peers.add_column(sa.Column("place", sa.String(length=200), nullable=True))
        peers.add_column(sa.Column("shown", sa.BigInteger(), nullable=False, server_default="0"))
        peers.add_column(sa.Column("applied", sa.BigInteger(), nullable=False, server_default="0"))
        peers.create_check_constraint(
            op.f("ck_peers_elsewhere_wholly"),
            "(url IS NULL) = (place IS NULL) AND (url IS NULL OR vkey IS NOT NULL)",
        )
    op.add_column("reconciliations", sa.Column("peer_link", sa.String(length=64), nullable=True))
    op.create_table(
        "agreements",
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("peer", sa.String(length=255), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("peer_size", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["community"], ["communities.code"], name=op.f("fk_agreements_community_communities")),
        sa.PrimaryKeyConstraint("community", "peer", "size", "peer_size", name=op.f("pk_agreements")),
    )
