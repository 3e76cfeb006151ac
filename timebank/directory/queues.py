"""What waits for somebody at a place, by part of it and by since when; numbers alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm import Session as Db

from .care_model import Callback, Certificate, Question
from .federation_model import Difference
from .model import Approval
from .order_model import Order


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait in a part of a place, those not older than each limit given, and since when the oldest does."""

    part: str
    count: int
    within: tuple[int, ...]
    oldest: int


@dataclass(frozen=True, slots=True)
class _Queue:
    community: InstrumentedAttribute[str]
    since: InstrumentedAttribute[int]
    waits: ColumnElement[bool]


_QUEUES: dict[str, _Queue] = {
    "requests": _Queue(Order.community, Order.created_at, Order.state == "requested"),
    "board": _Queue(Order.community, Order.created_at, Order.state == "open"),
    "disputes": _Queue(Order.community, Order.created_at, Order.state == "disputed"),
    "approvals": _Queue(Approval.community, Approval.asked_at, Approval.decision.is_(None)),
    "questions": _Queue(Question.community, Question.asked_at, Question.decision.is_(None)),
    "calls": _Queue(
        Callback.community, Callback.drawn_at, or_(Callback.answer.is_(None), Callback.answer == "unreachable")
    ),
    "differences": _Queue(Difference.community, Difference.found_at, Difference.resolved_at.is_(None)),
    "certificates": _Queue(
        Certificate.community,
        Certificate.asked_at,
        and_(Certificate.issued_at.is_(None), Certificate.stopped_at.is_(None)),
    ),
}
KINDS = tuple(_QUEUES)


def waiting(db: Db, kind: str, place: str, digits: int, limits: Sequence[int]) -> list[Waiting]:
    """What waits of a kind (KINDS) in each part of a place, named by so many digits. `limits` are moments: counted is
    what has been waiting since then, or for less long."""
    queue = _QUEUES[kind]
    part = func.substr(queue.community, 1, digits)
    within = [func.sum(case((queue.since >= limit, 1), else_=0)) for limit in limits]
    # ":" comes after "9".
    query = select(part, func.count(), func.min(queue.since), *within).where(
        queue.community >= place, queue.community < f"{place}:", queue.waits
    )
    return [
        Waiting(part=row[0], count=int(row[1]), oldest=int(row[2]), within=tuple(map(int, row[3:])))
        for row in db.execute(query.group_by(part).order_by(part))
    ]
