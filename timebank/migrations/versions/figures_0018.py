"""Figures by community and month, and what people hold by age."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "figures",
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("services", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("served", "credited", "used", "given", "donated", "fund_in", "fund_out", "issued")
        ),
        sa.ForeignKeyConstraint(["community"], ["communities.code"], name=op.f("fk_figures_community_communities")),
        sa.PrimaryKeyConstraint("community", "month", name=op.f("pk_figures")),
    )
    op.create_table(
        "figure_marks",
        sa.Column("origin", sa.String(length=255), nullable=False),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("counted_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community"], ["communities.code"], name=op.f("fk_figure_marks_community_communities")
        ),
        sa.PrimaryKeyConstraint("origin", name=op.f("pk_figure_marks")),
    )
    op.create_index(op.f("ix_figure_marks_community"), "figure_marks", ["community"])
    op.create_table(
        "holdings",
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("band", sa.String(length=8), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "band IN ('under-60', '60-69', '70-79', '80-up', 'unknown')", name=op.f("ck_holdings_band_known")
        ),
        sa.ForeignKeyConstraint(["community"], ["communities.code"], name=op.f("fk_holdings_community_communities")),
        sa.PrimaryKeyConstraint("community", "band", name=op.f("pk_holdings")),
    )
