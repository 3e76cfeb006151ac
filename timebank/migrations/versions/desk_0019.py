"""Days of a station that were closed at their end, and card numbers that are void."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "day_closes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("origin", sa.String(length=255), nullable=False),
        sa.Column("closed_by", sa.String(length=32), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("credited", sa.BigInteger(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.Column("papers", sa.Integer(), nullable=False),
        sa.Column("slips", sa.Integer(), nullable=False),
        sa.Column("box", sa.String(length=20), nullable=False),
        sa.Column("sealed_note", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("length(root) = 32", name=op.f("ck_day_closes_root_length")),
        sa.CheckConstraint("slips >= 0 AND papers >= 0 AND entries >= 0", name=op.f("ck_day_closes_counted")),
        sa.ForeignKeyConstraint(["community"], ["communities.code"], name=op.f("fk_day_closes_community_communities")),
        sa.ForeignKeyConstraint(["closed_by"], ["logins.id"], name=op.f("fk_day_closes_closed_by_logins")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_closes")),
    )
    op.create_index("ix_day_closes_day", "day_closes", ["community", "day", "closed_at"])
    op.create_table(
        "void_cards",
        sa.Column("number", sa.String(length=10), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("void_at", sa.BigInteger(), nullable=False),
        sa.Column("void_by", sa.String(length=32), nullable=False),
        sa.CheckConstraint("length(number) = 10", name=op.f("ck_void_cards_number_length")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_void_cards_person_people")),
        sa.ForeignKeyConstraint(["void_by"], ["logins.id"], name=op.f("fk_void_cards_void_by_logins")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_void_cards")),
    )
    op.create_index(op.f("ix_void_cards_person"), "void_cards", ["person"])
