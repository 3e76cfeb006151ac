"""Record service: a visit or a day-care shift, credited or only recorded."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import Bank, Posted, Work
from timebank.ledger import BELOW_STEP, Code, KeyRole, Record, Refused, reads, whole_minutes

from . import dealing, eligibility, groups, private, queue, shares
from .queue import Waiting

LONGEST_VISIT = 1440
ENTERED, WAITING, REFUSED = "entered", "waiting", "refused"
# Why one of several visits cannot be entered while the others can. Any other refusal is about all of them.
_OF_ONE = frozenset(
    {
        Code.MINUTES_TOO_MANY,
        Code.BODY_FIELD,
        Code.ACCOUNT_CLOSED,
        Code.ACCOUNT_CLASS,
        Code.SAME_PERSON,
        Code.PERSON_UNKNOWN,
        Code.PERSON_ROLE,
        Code.PERSON_DECEASED,
        Code.PERSON_SUSPENDED,
        Code.AGE_UNKNOWN,
        Code.TOO_YOUNG_TO_EARN,
        Code.GUARDIAN_MISSING,
        Code.TRAINING_MISSING,
        Code.OWN_MATTER,
        Code.PROXY_NOT_FREE,
        Code.OVERLAP,
        Code.NOT_IN_GROUP,
        Code.NO_POLICY,
        Code.ID_TAKEN,
    }
)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupVisit(Visit):
    """What a member did with a group (its id): recorded for her, credited to the group, whose hours go to the fund."""

    group: str


def record(bank: Bank, actor: Actor | None, visit: Visit) -> Posted | Waiting:
    """Enter a visit and what follows from it; the same visit again gives the first receipt.

    Where the policy wants a second person to look at it first, nothing is entered: it waits. Raises Denied or Refused.
    """
    actor = require(actor, Right.RECORD_VISIT, visit.community)
    with bank.work_for(visit.community) as work:
        made = record_in(bank, work, actor, visit)
    return made if isinstance(made, Waiting) else bank.posted(work, made[0], made[1:])


def record_in(bank: Bank, work: Work, actor: Actor, visit: Visit) -> list[Record] | Waiting:
    """As `record`, in a transaction that others share; the entry itself comes first."""
    if _must_wait(work, visit):
        return _ask(bank, work, actor, visit)
    record = work.repeated(visit.id, visit)
    if record is not None:
        return [record]
    dealing.check_own_matter(work, actor, [visit.volunteer, *visit.served])
    return _enter(bank, work, visit, actor.login)


def try_in(bank: Bank, work: Work, actor: Actor, visit: Visit) -> tuple[str, Refused | None]:
    """As `record_in`, for one of several: ENTERED, WAITING, or REFUSED and why. Raises what is wrong for all."""
    size = work.books.size
    try:
        made = record_in(bank, work, actor, visit)
    except Refused as error:
        # What was posted of one cannot be taken back alone: then the whole transaction is dropped.
        if error.code not in _OF_ONE or work.books.size != size:
            raise
        return REFUSED, error
    return WAITING if isinstance(made, Waiting) else ENTERED, None


def _must_wait(work: Work, visit: Visit) -> bool:
    today = work.books.day_of(work.now)
    if visit.day > today:
        return False  # it is refused
    late = (date.fromisoformat(today) - date.fromisoformat(visit.day)).days
    if not work.policy_on(visit.day).needs_second_person(visit.minutes, late):
        return False
    return not reads.ids_known(work.connection, work.writer.head, [visit.id])


def _ask(bank: Bank, work: Work, actor: Actor, visit: Visit) -> Waiting:
    """Put the visit before a second person. What would be refused then is refused now."""
    dealing.check_own_matter(work, actor, [visit.volunteer, *visit.served])
    _judged(bank, work, visit)
    details = msgspec.json.decode(msgspec.json.encode(visit))
    directory.details.link(work.connection, work.origin, visit.id, [visit.volunteer, *visit.served])
    return queue.ask(work, actor, visit.id, visit.community, "visit", visit.id, details)


def visit_of(waiting: Waiting) -> Visit:
    """The visit that waits; Refused when one of its people was erased meanwhile."""
    if not waiting.details:
        raise Refused(Code.PERSON_UNKNOWN)
    kind = GroupVisit if "group" in waiting.details else Visit
    return kind(**waiting.details | {"served": tuple(waiting.details["served"])})


def enter_approved(bank: Bank, work: Work, waiting: Waiting) -> list[Record]:
    """Enter a visit that a second person approved, as recorded by who asked; the rules are asked again."""
    visit = visit_of(waiting)
    record = work.repeated(visit.id, visit)
    if record is not None:
        return [record]
    directory.details.unlink(work.connection, work.origin, visit.id)
    return _enter(bank, work, visit, waiting.asked_by)


def _enter(bank: Bank, work: Work, visit: Visit, login: str) -> list[Record]:
    volunteer, *served = _judged(bank, work, visit)
    body = _body(bank, work, visit, volunteer, served)
    payer = served[0].account if visit.payer == "elder" and served else visit.payer
    target = "fund" if volunteer.kind == "group" else volunteer.account
    moves = [(payer, target, body["credited"])] if body["credited"] else []
    memo = private.keep(work, visit.id, {"note": visit.note}, [volunteer.id, *visit.served])
    record = work.post("service", *moves, by=(KeyRole.STATION,), id=visit.id, body=body, memo=memo)
    followed = work.settle_up(record)
    work.recorded_by(login, visit.id)
    if visit.start is not None and visit.end is not None:
        directory.presences.keep(work.connection, visit.id, _present(visit), visit.day, visit.start, visit.end)
    if isinstance(visit, GroupVisit):
        followed.append(_credit_group(work, visit, login, body))
    return [record, *followed]


def _credit_group(work: Work, visit: GroupVisit, login: str, body: dict[str, Any]) -> Record:
    """The group's share of what a member served: the same minutes, by the sum of the group's day."""
    group = work.person(visit.group, visit.community)
    credited = credit(work, group.account, visit.day, visit.minutes)
    share = {key: value for key, value in body.items() if key not in ("start", "end", "uncredited")}
    share |= {"server": group.account, "served": [], "credited": credited, "shift": shares.tag("g", visit.id)}
    if not credited:
        share["uncredited"] = BELOW_STEP
    moves = [(visit.payer, "fund", credited)] if credited else []
    record = work.post("service", *moves, by=(KeyRole.STATION,), id=shares.id_of(visit.id), body=share)
    work.recorded_by(login, record.id)
    return record


def _judged(bank: Bank, work: Work, visit: Visit) -> list[directory.people.Known]:
    """The people, volunteer first, once nothing speaks against it: the ledger knows neither people nor policy."""
    volunteer, *served = work.persons([visit.volunteer, *visit.served], visit.community)
    _check(bank, work, visit, volunteer, served)
    _check_dealing(work, visit)
    return [volunteer, *served]


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
        raise Refused(Code.PERSON_UNKNOWN)
    policy, service = work.policy_on(visit.day), bank.catalogue.by_code[visit.service]
    may = eligibility.check_earner if visit.uncredited is None else eligibility.check_server
    may(work, policy, volunteer, visit.day, service)
    if isinstance(visit, GroupVisit):
        _check_group(work, visit)
    for elder in served:
        eligibility.check_alive(elder, visit.day)


def _check_group(work: Work, visit: GroupVisit) -> None:
    group = groups.known(work, visit.group, visit.community)
    eligibility.check_not_suspended(group)
    if not directory.groups.belonging(work.connection, group.id, [visit.volunteer], visit.day):
        raise Refused(Code.NOT_IN_GROUP, day=visit.day)


def _check_dealing(work: Work, visit: Visit) -> None:
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
    if volunteer.kind == "group" and visit.payer == "fund":
        uncredited = "group"  # the fund would pay itself
    if uncredited is None:
        credited = credit(work, volunteer.account, visit.day, visit.minutes)
        uncredited = None if credited else BELOW_STEP
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
