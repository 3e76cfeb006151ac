"""Spreadsheets that were handed in, and what became of their lines."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "sheets",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("read_by", sa.String(length=32), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=False),
        sa.Column("sealed_lines", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_by", sa.String(length=32), nullable=True),
        sa.Column("recorded_at", sa.BigInteger(), nullable=True),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("length(digest) = 32", name=op.f("ck_sheets_digest_length")),
        sa.CheckConstraint("(recorded_at IS NULL) = (recorded_by IS NULL)", name=op.f("ck_sheets_recorded_wholly")),
        sa.CheckConstraint("done_at IS NULL OR recorded_at IS NOT NULL", name=op.f("ck_sheets_recorded_before_done")),
        sa.ForeignKeyConstraint(["community"], ["communities.code"], name=op.f("fk_sheets_community_communities")),
        sa.ForeignKeyConstraint(["read_by"], ["logins.id"], name=op.f("fk_sheets_read_by_logins")),
        sa.ForeignKeyConstraint(["recorded_by"], ["logins.id"], name=op.f("fk_sheets_recorded_by_logins")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheets")),
    )
    op.create_index("ix_sheets_community", "sheets", ["community", "read_at"])
    op.create_table(
        "sheet_rows",
        sa.Column("sheet", sa.String(length=32), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry", sa.String(length=255), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("sealed_visit", sa.LargeBinary(), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("facts", sa.String(length=1000), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('todo', 'entered', 'known', 'waiting', 'refused')", name=op.f("ck_sheet_rows_outcome_known")
        ),
        sa.CheckConstraint("(outcome = 'refused') = (code IS NOT NULL)", name=op.f("ck_sheet_rows_refused_has_a_code")),
        sa.CheckConstraint(
            "(outcome = 'todo') = (sealed_visit IS NOT NULL)", name=op.f("ck_sheet_rows_visit_while_open")
        ),
        sa.ForeignKeyConstraint(["sheet"], ["sheets.id"], name=op.f("fk_sheet_rows_sheet_sheets")),
        sa.PrimaryKeyConstraint("sheet", "n", name=op.f("pk_sheet_rows")),
    )
    op.create_index("ix_sheet_rows_todo", "sheet_rows", ["sheet", "outcome", "n"])
