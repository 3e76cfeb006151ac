"""What somebody leaves behind: to whom her hours may go, by the policy and by her own wish, and until when.

A death opens a case. Its number is all that the family needs to read how it stands. Nothing of it moves before a second
person has approved; what nobody may or wants to have goes to the public fund.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from timebank import directory
from timebank.access import EVERYWHERE, Actor, Right, require
from timebank.bank import Bank, Reading, Work
from timebank.ledger import Code, KeyRole, Record, Refused, reads, whole_minutes
from timebank.policy import Policy

from . import dealing, eligibility, numbers, queue
from .certificates import masked
from .queue import Waiting
from .statements import day_in_zone

MOST_SHOWN = 500
FUND, PERSON = "fund", "person"
# What the other must have been to whoever died.
_HEIRS = {
    "spouse": frozenset({"spouse"}),
    "heirs": frozenset({"spouse", "child", "parent", "grandchild", "grandparent"}),
    "fund": frozenset[str](),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LastWish:
    """To whom somebody wants her hours to go after her death (生前意愿): `heir` None is the public fund."""

    community: str
    person: str
    heir: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inheritance:
    """Asks to give minutes of a case to an heir, or (None) to the fund. `id` is of the request and of the entry."""

    id: str
    community: str
    number: str
    minutes: int
    heir: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heir:
    """Somebody to whom the hours may go, and what she is to whoever died."""

    person: str
    name: str
    relation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case as anybody reads it who has its number. `name` is masked, but for staff; `minutes` are what is left.

    `rule` is the policy's; `wish` is `fund`, `person` or None; `until_day` the last day for an heir. `heirs` is for
    staff alone.
    """

    number: str
    community: str
    place: str
    name: str
    person: str
    minutes: int
    rule: str
    wish: str | None
    until_day: str | None
    is_over: bool
    is_closed: bool
    heirs: tuple[Heir, ...] = ()


def note_wish(bank: Bank, actor: Actor | None, wish: LastWish) -> None:
    """Keep what somebody said at the counter; the last word counts. An heir must be a relative who is noted."""
    actor = require(actor, Right.NOTE_PAPERS, wish.community)
    with bank.office() as office:
        person = office.person(wish.person, wish.community)
        if person.deceased_on is not None:
            raise Refused(Code.PERSON_DECEASED, person=person.id, day=person.deceased_on)
        dealing.check_own_matter(office, actor, [person.id])
        if wish.heir is not None:
            heir = office.person(wish.heir)
            if not _relation(office, person, heir, _HEIRS["heirs"]):
                raise Refused(Code.NOT_AN_HEIR)
        directory.people.lock(office.connection, person.id)
        found = office.people.get(directory.LastWish, person.id) or directory.LastWish(person=person.id)
        found.heir, found.noted_by, found.noted_at = wish.heir, actor.login, office.now
        office.people.add(found)


def open_case(work: Work, person: directory.people.Known) -> None:
    """Somebody died: a case, where she leaves something. Her orders were stopped before, so nothing of it is held."""
    if not work.writer.account(person.account).minutes:
        return
    today = work.books.day_of(work.now)
    days = work.policy_on(today).estate.days
    work.people.add(
        directory.Estate(
            number=numbers.free(work, today, lambda one: directory.estates.numbered(work.people, one) is not None),
            community=person.community,
            person=person.id,
            opened_at=work.now,
            until_day=(date.fromisoformat(today) + timedelta(days=days)).isoformat() if days else None,
        )
    )


def cases(bank: Bank, actor: Actor | None, community: str) -> tuple[Case, ...]:
    """The open cases of a community with whom they may go to, the oldest first."""
    require(actor, Right.SEE_DAY, community)
    with bank.view() as view:
        found = directory.estates.open_ones(view.people, community, MOST_SHOWN)
        return tuple(_case(view, one, is_staff=True) for one in found)


def look(bank: Bank, number: str) -> Case:
    """How a case stands, for whoever has its number."""
    with bank.view() as view:
        found = directory.estates.numbered(view.people, number.strip().upper())
        if found is None:
            raise Refused(Code.ENTRY_UNKNOWN, entry=number)
        return _case(view, found, is_staff=False)


def ask(bank: Bank, actor: Actor | None, wanted: Inheritance) -> Waiting:
    """Put it before a second person, who finds the same as now or refuses. Nobody asks for their own family."""
    actor = require(actor, Right.ASK_STANDING, wanted.community)
    with bank.office() as office:
        found = directory.estates.numbered(office.people, wanted.number)
        if found is None or found.community != wanted.community:
            raise Refused(Code.ENTRY_UNKNOWN, entry=wanted.number)
        person = office.person(found.person)
        head = office.head(person.origin)
        policy = office.policy_at(head, day_in_zone(office.now, head.offset_minutes))
        left = reads.account(office.connection, head, person.account).minutes
        _check(office, policy, found, wanted, person, left)
        dealing.check_own_matter(office, actor, [person.id, *([wanted.heir] if wanted.heir else [])])
        details = {"person": person.id, "number": found.number, "minutes": wanted.minutes, "heir": wanted.heir}
        return queue.ask(office, actor, wanted.id, wanted.community, "estate", person.account, details)


def do(work: Work, waiting: Waiting) -> list[Record]:
    """Move what a second person approved; the case is closed when nothing is left."""
    details = waiting.details
    if not details:
        raise Refused(Code.PERSON_UNKNOWN)
    found = directory.estates.numbered(work.people, details["number"], lock=True)
    if found is None:
        raise Refused(Code.ENTRY_UNKNOWN, entry=details["number"])
    heir = details.get("heir")
    wanted = Inheritance(
        id=waiting.id, community=waiting.community, number=found.number, minutes=details["minutes"], heir=heir
    )
    person = work.person(found.person)
    left = work.writer.account(person.account).minutes
    policy = work.policy_on(work.books.day_of(work.now))
    receiver = _check(work, policy, found, wanted, person, left)
    if receiver is not None:
        over = policy.over_held_cap(work.writer.account(receiver.account), wanted.minutes)
        if over > 0:
            raise Refused(Code.OVER_CAP, over=over, cap=policy.caps.held_minutes)
    made = _move(work, found, person, receiver, wanted)
    work.recorded_by(waiting.asked_by, wanted.id)
    return made


def close_due(bank: Bank, actor: Actor | None) -> int:
    """After the last day what is left goes to the fund, each case in a transaction of its own: how many there were."""
    require(actor, Right.KEEP_BOOKS, EVERYWHERE)
    with bank.view() as view:
        today = day_in_zone(view.now, bank.settings.utc_offset_minutes)
        due = [(one.number, one.community) for one in directory.estates.due(view.people, today, MOST_SHOWN)]
    for number, community in due:
        with bank.work_for(community) as work:
            found = directory.estates.numbered(work.people, number, lock=True)
            if found is None or found.closed_at is not None:  # another run was quicker
                continue
            person = work.person(found.person)
            rest = work.writer.account(person.account).minutes
            wanted = Inheritance(id=bank.uuid(), community=community, number=number, minutes=rest)
            if rest:
                _move(work, found, person, None, wanted)
            found.closed_at = work.now
    return len(due)


def _check(
    reading: Reading,
    policy: Policy,
    found: directory.Estate,
    wanted: Inheritance,
    person: directory.people.Known,
    left: int,
) -> directory.people.Known | None:
    """Who receives, None: the fund; Refused where rule, wish or day are against it, or too little is left."""
    whole_minutes(wanted.minutes)
    if wanted.minutes > left:
        raise Refused(Code.OVERDRAFT, account=person.account, available=left, needed=wanted.minutes)
    if wanted.heir is None:
        return None
    today = day_in_zone(reading.now, reading.head(person.origin).offset_minutes)
    if found.until_day is not None and today > found.until_day:
        raise Refused(Code.ESTATE_OVER, day=found.until_day)
    heir = reading.person(wanted.heir, found.community)
    eligibility.check_active(heir, today)
    if heir.id not in {one.person for one in _heirs(reading, policy, person)}:
        raise Refused(Code.NOT_AN_HEIR)
    return heir


def _heirs(reading: Reading, policy: Policy, person: directory.people.Known) -> list[Heir]:
    """Relatives whom the rule allows; where she named one of them, that one alone; where she wished the fund, none."""
    wish = reading.people.get(directory.LastWish, person.id)
    if wish is not None and wish.heir is None:
        return []
    allowed = _HEIRS[policy.estate.rule]
    related = directory.people.relations_of(reading.connection, [person.account])
    others = {other: sorted(what & allowed) for (one, other), what in related.items() if one == person.account}
    accounts = directory.people.with_accounts(reading.connection, [other for other, what in others.items() if what])
    names = directory.people.names_of(reading.connection, reading.vault, accounts.values())
    found = [
        Heir(person=one, name=names.get(one, ""), relation=others[account][0])
        for account, one in accounts.items()
        if wish is None or wish.heir == one
    ]
    return sorted(found, key=lambda heir: heir.person)


def _relation(
    reading: Reading, person: directory.people.Known, other: directory.people.Known, allowed: frozenset[str]
) -> frozenset[str]:
    related = directory.people.relations_of(reading.connection, [person.account])
    return related.get((person.account, other.account), frozenset()) & allowed


def _move(
    work: Work,
    found: directory.Estate,
    person: directory.people.Known,
    receiver: directory.people.Known | None,
    wanted: Inheritance,
) -> list[Record]:
    kind, target, reason = ("donate", "fund", "estate") if receiver is None else ("gift", receiver.account, "estate")
    move = (person.account, target, wanted.minutes)
    record = work.post(kind, move, by=(KeyRole.STATION,), id=wanted.id, body={"reason": reason})
    followed = work.settle_up(record) if receiver is not None else []
    if not work.writer.account(person.account).minutes:
        found.closed_at = work.now
    return [record, *followed]


def _case(view: Reading, found: directory.Estate, *, is_staff: bool) -> Case:
    person = directory.people.known(view.connection, [found.person])[found.person]
    place = view.community(found.community)
    head = view.head(person.origin)
    today = day_in_zone(view.now, head.offset_minutes)
    policy = view.policy_at(head, today)
    wish = view.people.get(directory.LastWish, person.id)
    name = directory.people.name_of(view.vault, person) or ""
    return Case(
        number=found.number,
        community=found.community,
        place=f"{place.county} · {place.town} · {place.name}",
        name=name if is_staff else masked(name),
        person=person.id if is_staff else "",
        minutes=reads.account(view.connection, head, person.account).minutes,
        rule=policy.estate.rule,
        wish=None if wish is None else FUND if wish.heir is None else PERSON,
        until_day=found.until_day,
        is_over=found.until_day is not None and today > found.until_day,
        is_closed=found.closed_at is not None,
        heirs=tuple(_heirs(view, policy, person)) if is_staff else (),
    )
