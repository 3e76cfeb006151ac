"""Find what ran of a job."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as Db

from .job_model import JobRun


def locked(db: Db, job: str, slot: str) -> JobRun | None:
    """The run of a slot, nobody else's until the transaction ends."""
    return db.scalars(select(JobRun).where(JobRun.job == job, JobRun.slot == slot).with_for_update()).one_or_none()


def newest(db: Db, job: str, limit: int, until: str = "9") -> list[JobRun]:
    """The last runs of a job up to the slot `until`, the newest slot first."""
    query = select(JobRun).where(JobRun.job == job, JobRun.slot <= until)
    return list(db.scalars(query.order_by(JobRun.slot.desc()).limit(limit)))


def forget(db: Db, job: str, before: int) -> None:
    """Drop what was done and ended before a moment."""
    db.execute(delete(JobRun).where(JobRun.job == job, JobRun.state == "done", JobRun.ended_at < before))
