"""When the PIN of a card was chosen, and at whose login."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "pin_changes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_pin_changes_person_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pin_changes")),
    )
    op.create_index("ix_pin_changes_person", "pin_changes", ["person", "at"])
