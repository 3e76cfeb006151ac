"""Acts about somebody's standing: suspended and resumed, died, no longer able to decide alone, moved away.

What cannot be taken back is asked for by one person and done by another.
"""

from dataclasses import dataclass
from typing import Any

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import Bank, Reading, Work
from timebank.ledger import Code, KeyRole, Record, Refused, debt_of, reads

from . import dealing, estates, orders, queue
from .queue import Waiting
from .statements import day_in_zone

KINDS = ("death", "incapable", "close")


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """Nothing is credited to somebody and none of her hours are used, until it is ended."""

    community: str
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """Somebody died on a day. `id` is of the request, a UUIDv7 chosen by the caller; `proof` a code."""

    id: str
    community: str
    person: str
    day: str
    proof: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Incapacity:
    """Somebody cannot decide alone any more; a guardian does. `proof` is the code of the guardian's document."""

    id: str
    community: str
    person: str
    guardian: str
    proof: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """Somebody moves away or does not want to take part any more; her account is empty."""

    id: str
    community: str
    person: str
    reason: str


def suspend(bank: Bank, actor: Actor | None, suspension: Suspension) -> None:
    """Suspend somebody; twice is the same. The lead may end it again, so it needs no second person."""
    _suspend(bank, actor, suspension, suspended=True)


def resume(bank: Bank, actor: Actor | None, suspension: Suspension) -> None:
    """End a suspension."""
    _suspend(bank, actor, suspension, suspended=False)


def _suspend(bank: Bank, actor: Actor | None, suspension: Suspension, *, suspended: bool) -> None:
    actor = require(actor, Right.SUSPEND_PERSON, suspension.community)
    with bank.office() as office:
        person = office.person(suspension.person, suspension.community)
        dealing.check_own_matter(office, actor, [person.id])
        row = office.people.get_one(directory.Person, person.id)
        if suspended:
            row.suspended_at = row.suspended_at or office.now
        else:
            row.suspended_at = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """What is known of somebody is to be forgotten (个人信息保护法, art. 47)."""

    community: str
    person: str


def erase(bank: Bank, actor: Actor | None, erasure: Erasure) -> None:
    """Forget name, telephone, address, papers and private notes of somebody whose account is closed; twice is the same.

    Closing took two persons and left the account empty. The entries stay, and belong to nobody known.
    """
    actor = require(actor, Right.ERASE_PERSON, erasure.community)
    with bank.office() as office:
        directory.people.lock(office.connection, erasure.person)
        row = office.people.get(directory.Person, erasure.person)
        if row is None or row.community != erasure.community:
            raise Refused(Code.PERSON_UNKNOWN)
        if row.erased_at is not None:
            return
        dealing.check_own_matter(office, actor, [row.id])
        person = office.person(row.id)
        account = reads.account(office.connection, office.head(person.origin), person.account)
        if account.closed is None:
            raise Refused(Code.ACCOUNT_STILL_OPEN)
        directory.people.erase(office.people, row, office.now)


def ask_death(bank: Bank, actor: Actor | None, death: Death) -> Waiting:
    """Put a death before a second person."""
    actor = require(actor, Right.ASK_STANDING, death.community)
    with bank.office() as office:
        if death.day > day_in_zone(office.now, bank.settings.utc_offset_minutes):
            raise Refused(Code.DAY_IN_FUTURE, day=death.day)
        return _ask(office, actor, "death", death, {"day": death.day, "proof": death.proof})


def ask_incapacity(bank: Bank, actor: Actor | None, incapacity: Incapacity) -> Waiting:
    """Put it before a second person that a guardian decides for somebody from now on."""
    actor = require(actor, Right.ASK_STANDING, incapacity.community)
    with bank.office() as office:
        guardian = office.person(incapacity.guardian)
        if guardian.id == incapacity.person:
            raise Refused(Code.SAME_PERSON)
        details = {"guardian": guardian.id, "proof": incapacity.proof}
        return _ask(office, actor, "incapable", incapacity, details)


def ask_closing(bank: Bank, actor: Actor | None, closing: Closing) -> Waiting:
    """Put the closing of an account before a second person; refused while there is something in it."""
    actor = require(actor, Right.ASK_STANDING, closing.community)
    with bank.office() as office:
        person = office.person(closing.person, closing.community)
        head = office.head(person.origin)
        account, debt = reads.accounts_named(office.connection, head, [person.account, debt_of(person.account)])
        _check_empty(account.minutes, account.held, -debt.minutes)
        return _ask(office, actor, "close", closing, {"reason": closing.reason})


def _ask(
    office: Reading, actor: Actor, kind: str, about: Death | Incapacity | Closing, details: dict[str, Any]
) -> Waiting:
    person = office.person(about.person, about.community)
    dealing.check_own_matter(office, actor, [person.id])
    return queue.ask(office, actor, about.id, about.community, kind, person.account, details | {"person": person.id})


def person_of(waiting: Waiting) -> str:
    """The id of whom it is about; Refused when she was erased meanwhile."""
    if not waiting.details:
        raise Refused(Code.PERSON_UNKNOWN)
    return str(waiting.details["person"])


def do(work: Work, waiting: Waiting) -> list[Record]:
    """Do what a second person approved; what it made in the books, where it made something."""
    person = work.person(person_of(waiting), waiting.community)
    row = work.people.get_one(directory.Person, person.id)
    if waiting.kind == "close":
        return [_close(work, person, waiting)]
    orders.stop_for(work, person, waiting.asked_by, {"death": "deceased", "incapable": "incapable"}[waiting.kind])
    directory.logins.close_all(work.people, person.id, work.now)
    if waiting.kind == "death":
        row.deceased_on = waiting.details["day"]
        estates.open_case(work, person)
        directory.people.end_consents(work.people, person.id, work.now)
    else:
        today = work.books.day_of(work.now)
        guardian = {"ward": person.id, "guardian": waiting.details["guardian"], "proof": waiting.details["proof"]}
        noted = directory.Guardian(
            id=waiting.id, from_day=today, recorded_by=waiting.asked_by, decides=True, **guardian
        )
        work.people.add(noted)
    return []


def _close(work: Work, person: directory.people.Known, waiting: Waiting) -> Record:
    account, debt = work.writer.account(person.account), work.writer.account(debt_of(person.account))
    _check_empty(account.minutes, account.held, -debt.minutes)
    directory.logins.close_all(work.people, person.id, work.now)
    directory.people.end_consents(work.people, person.id, work.now)
    body = {"account": person.account, "reason": waiting.details["reason"]}
    record = work.post("close", by=(KeyRole.STATION,), id=f"{person.account}.close", body=body)
    work.recorded_by(waiting.asked_by, record.id)
    return record


def _check_empty(minutes: int, held: int, owed: int) -> None:
    if minutes or held or owed:
        raise Refused(Code.ACCOUNT_STILL_HAS, available=minutes, held=held, owed=owed)
