"""Who may earn and who may use hours on a day, by the policy of that day and what is known of the person."""

from timebank import directory
from timebank.bank import Reading
from timebank.catalogue import Service
from timebank.ledger import Code, Refused
from timebank.policy import Policy, age_on

# Who was proved to be one of these is in hardship.
_HARDSHIP = frozenset({"hardship", "low-income"})


def check_earner(
    reading: Reading, policy: Policy, person: directory.people.Known, day: str, service: Service | None
) -> None:
    """Refused where the person may not be credited for this service on that day.

    A group has no age: its members answer for one another, and its hours go to the fund.
    """
    check_server(reading, policy, person, day, service)
    if person.kind == "provider":
        raise Refused(Code.ACCOUNT_CLASS, person=person.id)
    rule = policy.earning
    if person.kind != "person" or not rule.minimum_age:
        return
    if _age(reading, person, day) >= rule.minimum_age:
        return
    if rule.minors == "never":
        raise Refused(Code.TOO_YOUNG_TO_EARN, age=rule.minimum_age)
    if not directory.standing.guardians_of(reading.connection, person.id, day):
        raise Refused(Code.GUARDIAN_MISSING, age=rule.minimum_age)


def check_server(
    reading: Reading, policy: Policy, person: directory.people.Known, day: str, service: Service | None
) -> None:
    """Refused where the person may not serve at all on that day, credited or not."""
    check_active(person, day)
    course = service.training if service else None
    if person.kind != "person" or not (course or policy.earning.training_required):
        return
    taken = directory.standing.courses_of(reading.connection, person.id, day)
    if not taken or (course and course not in taken):
        raise Refused(Code.TRAINING_MISSING)


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


def check_active(person: directory.people.Known, day: str) -> None:
    """Refused for a day after somebody's death, and while she is suspended."""
    check_alive(person, day)
    check_not_suspended(person)


def check_not_suspended(person: directory.people.Known) -> None:
    """Refused while somebody is suspended, whatever the day."""
    if person.suspended_at is not None:
        raise Refused(Code.PERSON_SUSPENDED, person=person.id)


def check_alive(person: directory.people.Known, day: str) -> None:
    """Refused for a day after somebody's death. What was done before may still be entered."""
    if person.deceased_on is not None and day > person.deceased_on:
        raise Refused(Code.PERSON_DECEASED, person=person.id, day=person.deceased_on)


def _age(reading: Reading, person: directory.people.Known, day: str) -> int:
    born = directory.people.born_of(reading.vault, person)
    if born is None:
        raise Refused(Code.AGE_UNKNOWN, person=person.id)
    return age_on(born, day)
