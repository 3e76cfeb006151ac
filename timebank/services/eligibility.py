"""Who may earn and who may use hours on a day, by the policy of that day and what is known of the person."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from timebank import directory
from timebank.bank import Reading, Work
from timebank.catalogue import Service
from timebank.ledger import Code, Refused
from timebank.policy import Policy, age_on

# Who was proved to be one of these is in hardship.
_HARDSHIP = frozenset({"hardship", "low-income"})


class Server(directory.people.Sealed, Protocol):
    """What is asked of somebody who serves: a person as she is known, or one of those who could be sent."""

    @property
    def kind(self) -> str: ...
    @property
    def suspended_at(self) -> int | None: ...
    @property
    def deceased_on(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Noted:
    """What is noted of a community's people on a day, read at once for those who judge many: courses taken by person,
    and who has a guardian."""

    courses: Mapping[str, frozenset[str]]
    wards: frozenset[str]


def noted(reading: Reading, policy: Policy, community: str, day: str, service: Service | None) -> Noted:
    """Only what the policy and the service ask for: two statements at most, however many people."""
    connection = reading.connection
    courses = directory.standing.all_courses(connection, community, day) if _course_asked(policy, service) else {}
    guarded = policy.earning.minimum_age and policy.earning.minors != "never"
    wards = directory.standing.all_wards(connection, community, day) if guarded else frozenset()
    return Noted(courses, wards)


def check_goes(
    reading: Reading,
    policy: Policy,
    fit: directory.matching.Fit,
    need: directory.matching.Need,
    service: Service | None,
    noted: Noted | None = None,
    *,
    any_gender: bool = False,
) -> None:
    """Refused where this person cannot go to that order: asked when somebody is listed, takes it, or is sent.

    `any_gender`: the station may send another than was asked for, after a word with her; with a group or a provider it
    agrees whom they send.
    """
    if not fit.is_volunteer:
        raise Refused(Code.PERSON_ROLE, person=fit.id, role="volunteer")
    if fit.is_served:
        raise Refused(Code.SAME_PERSON)
    if not any_gender and fit.kind == "person" and need.gender not in (None, fit.gender):
        raise Refused(Code.GENDER_ASKED)
    if not fit.is_free:
        raise Refused(Code.BUSY_THEN)
    # Last, because an age must be unsealed for it.
    check_sent(reading, policy, fit, need.wanted_day, service, noted)


def check_sent(
    reading: Reading, policy: Policy, person: Server, day: str, service: Service | None, noted: Noted | None = None
) -> None:
    """Refused where the service of the person could not be entered afterwards: a provider serves and never earns."""
    may = check_server if person.kind == "provider" else check_earner
    may(reading, policy, person, day, service, noted)


def check_earner(
    reading: Reading, policy: Policy, person: Server, day: str, service: Service | None, noted: Noted | None = None
) -> None:
    """Refused where the person may not be credited for this service on that day.

    A group has no age: its members answer for one another, and its hours go to the fund.
    """
    check_server(reading, policy, person, day, service, noted)
    if person.kind == "provider":
        raise Refused(Code.ACCOUNT_CLASS, person=person.id)
    rule = policy.earning
    if person.kind != "person" or not rule.minimum_age:
        return
    if _age(reading, person, day) >= rule.minimum_age:
        return
    if rule.minors == "never":
        raise Refused(Code.TOO_YOUNG_TO_EARN, age=rule.minimum_age)
    if noted is None:
        has_guardian = bool(directory.standing.guardians_of(reading.connection, person.id, day))
    else:
        has_guardian = person.id in noted.wards
    if not has_guardian:
        raise Refused(Code.GUARDIAN_MISSING, age=rule.minimum_age)


def check_server(
    reading: Reading, policy: Policy, person: Server, day: str, service: Service | None, noted: Noted | None = None
) -> None:
    """Refused where the person may not serve at all on that day, credited or not."""
    check_active(person, day)
    course = service.training if service else None
    if person.kind != "person" or not _course_asked(policy, service):
        return
    if noted is None:
        taken = directory.standing.courses_of(reading.connection, person.id, day)
    else:
        taken = noted.courses.get(person.id, frozenset())
    if not taken or (course and course not in taken):
        raise Refused(Code.TRAINING_MISSING)


def _course_asked(policy: Policy, service: Service | None) -> bool:
    return policy.earning.training_required or (service is not None and service.training is not None)


def check_redeemer(reading: Reading, policy: Policy, person: directory.people.Known, day: str) -> None:
    """Refused where the person may not use hours on that day."""
    check_active(person, day)
    rule = policy.redeeming
    if not rule.minimum_age:
        return
    age = _age(reading, person, day)
    if policy.redeems_at(age, in_hardship=False):
        return
    # Asked only where it makes a difference.
    helps = policy.redeems_at(age, in_hardship=True)
    if not helps or _HARDSHIP.isdisjoint(directory.standing.classes_of(reading.connection, person.id, day)):
        raise Refused(Code.TOO_YOUNG_TO_REDEEM, age=rule.minimum_age)


def check_held_cap(work: Work, policy: Policy, account: str, minutes: int) -> None:
    """Refused where these minutes, given by somebody, would lift the account over what the policy lets people have."""
    over = policy.over_held_cap(work.writer.account(account), minutes)
    if over > 0:
        raise Refused(Code.OVER_CAP, over=over, cap=policy.caps.held_minutes)


def check_active(person: Server, day: str) -> None:
    """Refused for a day after somebody's death, and while she is suspended."""
    check_alive(person, day)
    check_not_suspended(person)


def check_not_suspended(person: Server) -> None:
    """Refused while somebody is suspended, whatever the day."""
    if person.suspended_at is not None:
        raise Refused(Code.PERSON_SUSPENDED, person=person.id)


def check_alive(person: Server, day: str) -> None:
    """Refused for a day after somebody's death. What was done before may still be entered."""
    if person.deceased_on is not None and day > person.deceased_on:
        raise Refused(Code.PERSON_DECEASED, person=person.id, day=person.deceased_on)


def _age(reading: Reading, person: Server, day: str) -> int:
    born = directory.people.born_of(reading.vault, person)
    if born is None:
        raise Refused(Code.AGE_UNKNOWN, person=person.id)
    return age_on(born, day)
