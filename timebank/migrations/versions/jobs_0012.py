"""What ran when, without anybody standing by."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "job_runs",
        sa.Column("job", sa.String(length=20), nullable=False),
        sa.Column("slot", sa.String(length=20), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("owner", sa.String(length=100), nullable=False),
        sa.Column("claimed_at", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=False),
        sa.Column("heartbeat_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(length=200), nullable=True),
        sa.CheckConstraint("state IN ('running', 'done', 'failed')", name=op.f("ck_job_runs_state_known")),
        sa.CheckConstraint("attempt > 0", name=op.f("ck_job_runs_attempt_counted")),
        sa.CheckConstraint("(state = 'running') = (ended_at IS NULL)", name=op.f("ck_job_runs_ended_unless_running")),
        sa.PrimaryKeyConstraint("job", "slot", name=op.f("pk_job_runs")),
    )
