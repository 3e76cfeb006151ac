"""What a month's report says beside the sums: different people, services by kind, how a community stood; who looks."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

_BANDS = "band IN ('under-60', '60-69', '70-79', '80-up', 'unknown')"


def upgrade() -> None:
    # Figures are counted from the books: they are counted anew, with what was not counted before.
    op.execute("DELETE FROM figure_marks")
    op.drop_table("figures")
    op.create_table(
        "figures",
        *_of_community("figures"),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("services", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in (
                "served",
                "credited",
                "used",
                "given",
                "donated",
                "fund_in",
                "fund_out",
                "issued",
                "uncredited",
            )
        ),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("corrections", "confirmed", "own_hand")),
        sa.PrimaryKeyConstraint("community", "month", name=op.f("pk_figures")),
    )
    op.drop_table("holdings")
    op.create_table(
        "holdings",
        *_of_community("holdings"),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("band", sa.String(length=8), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(_BANDS, name=op.f("ck_holdings_band_known")),
        sa.PrimaryKeyConstraint("community", "month", "band", name=op.f("pk_holdings")),
    )
    op.create_table(
        "service_figures",
        *_of_community("service_figures"),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("service", sa.String(length=32), nullable=False),
        sa.Column("services", sa.Integer(), nullable=False),
        sa.Column("served", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("community", "month", "service", name=op.f("pk_service_figures")),
    )
    op.create_table(
        "active_people",
        sa.Column("month", sa.String(length=7), nullable=False),
        *_of_community("active_people"),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("account", sa.String(length=39), nullable=False),
        sa.Column("services", sa.Integer(), nullable=False),
        sa.CheckConstraint("role IN ('volunteer', 'elder')", name=op.f("ck_active_people_role_known")),
        sa.PrimaryKeyConstraint("month", "community", "role", "account", name=op.f("pk_active_people")),
    )
    op.create_table(
        "different_people",
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("volunteers", sa.Integer(), nullable=False),
        sa.Column("elders", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("place", "month", name=op.f("pk_different_people")),
    )
    op.create_table(
        "month_ends",
        *_of_community("month_ends"),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("counted_at", sa.BigInteger(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in (
                "volunteers",
                "elders",
                "new_volunteers",
                "new_elders",
                "asked",
                "decided",
                "drawn",
                "called",
                "denied",
                "found",
                "resolved",
                "differing",
                "audits",
                "faults",
                "published",
                "issued",
                "stopped",
                "filed",
            )
        ),
        sa.Column("fund", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("community", "month", name=op.f("pk_month_ends")),
    )
    op.create_table(
        "care_owners",
        *_of_community("care_owners"),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["logins.id"], name=op.f("fk_care_owners_owner_logins")),
        sa.PrimaryKeyConstraint("community", "kind", "subject", "period", name=op.f("pk_care_owners")),
    )
    with op.batch_alter_table("filings") as filings:
        filings.add_column(sa.Column("why", sa.String(length=10), nullable=True))
        filings.create_check_constraint(op.f("ck_filings_why_returned"), "why IS NULL OR state = 'returned'")
        filings.create_check_constraint(op.f("ck_filings_why_known"), "why IN ('person', 'times', 'twice', 'other')")


def _of_community(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["community"], ["communities.code"], name=op.f(f"fk_{table}_community_communities")),
    )
