"""Photos of people, sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.create_table(
        "photos",
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("sealed_picture", sa.LargeBinary(), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=False),
        sa.Column("taken_by", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_photos_person_people")),
        sa.ForeignKeyConstraint(["taken_by"], ["logins.id"], name=op.f("fk_photos_taken_by_logins")),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_photos")),
    )
