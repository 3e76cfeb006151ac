"""When PINs of cards were chosen, codes that are sent to telephones, text messages on their way, and sessions on
one's own telephone."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


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
    op.create_table(
        "login_codes",
        sa.Column("ticket_hash", sa.LargeBinary(), nullable=False),
        sa.Column("phone_blind", sa.LargeBinary(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("proved_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("ticket_hash", name=op.f("pk_login_codes")),
    )
    op.create_index(op.f("ix_login_codes_expires_at"), "login_codes", ["expires_at"])
    op.create_table(
        "text_messages",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("sealed_to", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_text", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_messages")),
    )
    op.create_index(op.f("ix_text_messages_expires_at"), "text_messages", ["expires_at"])
    op.add_column("sessions", sa.Column("own", sa.Boolean(), server_default=sa.false(), nullable=False))
