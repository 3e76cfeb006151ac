"""The table of what ran when, without anybody standing by."""

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from .model import Base, Ms, Short, one_of


class JobRun(Base):
    """One job in one slot, the period of business that it is for: whoever holds this row runs it, and nobody else.

    `attempt` counts who began it, and fences off who began it before; `lease_until`: from then on another may take
    it over. `outcome` is sums and codes, never a name.
    """

    __tablename__ = "job_runs"
    __table_args__ = (
        one_of("state", "running", "done", "failed"),
        CheckConstraint("attempt > 0", name="attempt_counted"),
        CheckConstraint("(state = 'running') = (ended_at IS NULL)", name="ended_unless_running"),
    )

    job: Mapped[str] = mapped_column(String(20), primary_key=True)
    slot: Mapped[str] = mapped_column(String(20), primary_key=True)
    attempt: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    owner: Mapped[Short]
    claimed_at: Mapped[Ms]
    lease_until: Mapped[Ms]
    heartbeat_at: Mapped[Ms]
    ended_at: Mapped[Ms | None]
    outcome: Mapped[str | None] = mapped_column(String(200))
