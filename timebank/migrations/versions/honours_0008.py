"""Who wishes to be named on the honour board."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "honour_wishes",
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("community", sa.String(length=12), nullable=False),
        sa.Column("wished_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community"], ["communities.code"], name=op.f("fk_honour_wishes_community_communities")
        ),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_honour_wishes_person_people")),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_honour_wishes")),
    )
    op.create_index(op.f("ix_honour_wishes_community"), "honour_wishes", ["community"])
