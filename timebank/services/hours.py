"""Record service: a visit or a day-care shift, credited or only recorded."""

from dataclasses import dataclass
from typing import Any

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import Bank, Posted, Work
from timebank.ledger import Code, KeyRole, Refused, whole_minutes

from . import dealing, eligibility, private

LONGEST_VISIT = 1440


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What was done. Ids are 32 hex digits: `id` a UUIDv7 chosen by the caller, people those of the directory.

    `day` is YYYY-MM-DD; `start` and `end` are minutes after its midnight. `payer` is `issue`, `fund` or `elder` (the
    first person served pays with own hours). `uncredited` is why nothing is credited, where it is only recorded.
    """

    id: str
    community: str
    volunteer: str
    served: tuple[str, ...]
    day: str
    minutes: int
    service: str
    confirmed: str
    reason: str | None = None
    start: int | None = None
    end: int | None = None
    payer: str = "issue"
    uncredited: str | None = None
    shift: str | None = None
    note: str | None = None


def record(bank: Bank, actor: Actor | None, visit: Visit) -> Posted:
    """Enter a visit and what follows from it; the same visit again gives the first receipt.

    Raises Denied or Refused.
    """
    actor = require(actor, Right.RECORD_VISIT, visit.community)
    with bank.work(bank.origin(visit.community)) as work:
        record = work.repeated(visit.id, visit)
        followed = []
        if record is None:
            # 1. Gather.
            volunteer, *served = work.persons([visit.volunteer, *visit.served], visit.community)
            # 2. Judge: what the ledger does not know, because it knows neither people nor policy.
            _check(bank, work, visit, volunteer, served)
            _check_dealing(work, actor, visit)
            body = _body(bank, work, visit, volunteer, served)
            payer = served[0].account if visit.payer == "elder" and served else visit.payer
            moves = [(payer, volunteer.account, body["credited"])] if body["credited"] else []
            # 3. Write.
            memo = private.keep(work, visit.id, {"note": visit.note}, [volunteer.id, *visit.served])
            record = work.post("service", *moves, by=(KeyRole.STATION,), id=visit.id, body=body, memo=memo)
            followed = work.settle_up(record)
            work.recorded_by(actor.login, visit.id)
            if visit.start is not None and visit.end is not None:
                directory.presences.keep(work.connection, visit.id, _present(visit), visit.day, visit.start, visit.end)
    return bank.posted(work, record, followed)


def _check(
    bank: Bank, work: Work, visit: Visit, volunteer: directory.people.Known, served: list[directory.people.Known]
) -> None:
    whole_minutes(visit.minutes)
    if visit.minutes > LONGEST_VISIT:
        raise Refused(Code.MINUTES_TOO_MANY, minutes=visit.minutes, most=LONGEST_VISIT)
    if not volunteer.is_volunteer:
        raise Refused(Code.PERSON_ROLE, person=volunteer.id, role="volunteer")
    if visit.service not in bank.catalogue.by_code:
        raise Refused(Code.SERVICE_UNKNOWN, service=visit.service)
    if visit.payer == "elder" and not visit.served:
        raise Refused(Code.PERSON_ROLE, person=volunteer.id, role="elder")
    policy, service = work.policy_on(visit.day), bank.catalogue.by_code[visit.service]
    may = eligibility.check_earner if visit.uncredited is None else eligibility.check_server
    may(work, policy, volunteer, visit.day, service)
    for elder in served:
        eligibility.check_alive(elder, visit.day)


def _check_dealing(work: Work, actor: Actor, visit: Visit) -> None:
    dealing.check_own_matter(work, actor, [visit.volunteer, *visit.served])
    if visit.confirmed == "proxy":
        dealing.check_proxies(work, visit.volunteer, visit.served)
    if visit.start is None or visit.end is None:
        return
    people = _present(visit)
    other = directory.presences.overlapping(work.connection, people, visit.day, visit.start, visit.end)
    if other is not None:
        raise Refused(Code.OVERLAP, entry=other)


def _present(visit: Visit) -> list[str]:
    """Who was nowhere else meanwhile. At a day-care shift several volunteers serve the same people at once."""
    return [visit.volunteer] if visit.shift else [visit.volunteer, *visit.served]


def _body(
    bank: Bank, work: Work, visit: Visit, volunteer: directory.people.Known, served: list[directory.people.Known]
) -> dict[str, Any]:
    uncredited, credited = visit.uncredited, 0
    if uncredited is None:
        credited = credit(work, volunteer.account, visit.day, visit.minutes)
        uncredited = None if credited else "below-step"
    body = {
        "day": visit.day,
        "minutes": visit.minutes,
        "credited": credited,
        "server": volunteer.account,
        "served": [person.account for person in served],
        "service": visit.service,
        "catalogue": bank.catalogue.version,
        "confirmed": visit.confirmed,
        "start": visit.start,
        "end": visit.end,
        "reason": visit.reason,
        "uncredited": uncredited,
        "shift": visit.shift,
    }
    return {key: value for key, value in body.items() if value is not None}


def credit(work: Work, account: str, day: str, minutes: int) -> int:
    """What the policy of that day makes of `minutes` more, given what the person served that day already."""
    if day > work.books.day_of(work.now):
        raise Refused(Code.DAY_IN_FUTURE, day=day)
    return work.policy_on(day).credit(work.writer.day_sum(account, day), minutes)
