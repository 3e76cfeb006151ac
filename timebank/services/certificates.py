"""志愿服务记录证明: who records service certifies it, for nothing, truthfully, and after it hung out (民政部令第67号).

A certificate is asked for, hangs out with initials for as long as the policy says, and is then issued by a lead, unless
an objection stopped it. Anybody can look up by its number what it says and whether it stands.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import msgspec

from timebank import directory
from timebank.access import Actor, Right, allowed, require, require_either
from timebank.bank import Bank, Reading
from timebank.ledger import Code, Record, Refused, reads

from . import numbers, pace
from .statements import day_in_zone

MOST_SHOWN = 500
OBJECTIONS = ("hours", "person", "other")
PUBLIC, READY, ISSUED, STOPPED = "public", "ready", "issued", "stopped"
_PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Asks to certify what a person served from one day to another (both ISO days; all when left out)."""

    id: str
    community: str
    person: str
    first_day: str | None = None
    last_day: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """Of one service of the catalogue: how many times, and minutes in all."""

    service: str
    times: int
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What a certificate says, and how far it has come: `public`, `ready`, `issued` or `stopped`.

    `name` is whole for the person and for staff, initials for anybody else, who get no `number` either; empty when it
    was erased, as `services` are. `stands`: issued, and the books still say what it says.
    """

    id: str
    number: str
    community: str
    place: str
    person: str
    name: str
    minutes: int
    first_day: str
    last_day: str
    services: tuple[Served, ...]
    asked_on: str
    public_until: str
    issued_on: str | None
    issued_by: str
    objection: str | None
    state: str
    stands: bool
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What anybody reads by the number. `is_named`: whether the name that was typed is on it; None where none was."""

    number: str
    place: str
    minutes: int
    first_day: str
    last_day: str
    issued_on: str | None
    state: str
    stands: bool
    is_named: bool | None


def masked(name: str) -> str:
    """「王＊＊」: enough for who knows her, too little for who does not."""
    return name[:1] + "＊" * min(2, max(1, len(name) - 1)) if name else ""


def ask(bank: Bank, actor: Actor | None, wanted: Request) -> Certificate:
    """Put a certificate up: by the volunteer, or by a clerk. It cannot be issued before it hung out.

    The cost is linear in what the person ever served. Raises Refused when that is nothing, or one hangs out already.
    """
    actor = require_either(actor, Right.ASK_CERTIFICATE, Right.CERTIFY_OWN, wanted.community, wanted.person)
    with bank.office() as office:
        before = office.people.get(directory.Certificate, wanted.id)
        if before is None:
            before = _new(office, actor, wanted)
        elif (before.community, before.person) != (wanted.community, wanted.person):
            raise Refused(Code.ID_TAKEN, id=wanted.id)
        return _shown(office, actor, [before])[0]


def _new(office: Reading, actor: Actor, wanted: Request) -> directory.Certificate:
    person = office.person(wanted.person, wanted.community)
    directory.people.lock(office.connection, person.id)  # or two requests at once would both find none
    found = directory.certificates.of_person(office.people, person.id)
    if any(one.issued_at is None and one.stopped_at is None for one in found):
        raise Refused(Code.CERTIFICATE_OPEN)
    head = office.head(person.origin)
    today = day_in_zone(office.now, head.offset_minutes)
    days = (wanted.first_day or "0000-00-00", wanted.last_day or today)
    served = _served(office, head, person.account, days, head.size)
    if not served:
        raise Refused(Code.NOTHING_SERVED)
    made = directory.Certificate(
        id=wanted.id,
        number=numbers.free(office, today, lambda one: directory.certificates.numbered(office.people, one) is not None),
        community=wanted.community,
        origin=head.origin,
        person=person.id,
        size=head.size,
        minutes=sum(record.intent.body["minutes"] for record in served),
        first_day=min(record.intent.body["day"] for record in served),
        last_day=max(record.intent.body["day"] for record in served),
        asked_by=actor.login,
        asked_at=office.now,
        public_until=_last_public_day(office, head, today),
    )
    office.people.add(made)
    office.people.flush()
    facts = {"name": directory.people.name_of(office.vault, person), "services": _by_service(served)}
    directory.details.keep(
        office.connection,
        office.vault,
        origin=made.origin,
        entry=_place(made),
        salt=office.random(32),
        text=msgspec.json.encode(facts).decode(),
        people=[person.id],
    )
    return made


def of_person(bank: Bank, actor: Actor | None, person_id: str) -> tuple[Certificate, ...]:
    """A person's certificates, newest first, for herself, who acts for her, and staff."""
    with bank.view() as view:
        person = directory.people.known(view.connection, [person_id]).get(person_id)
        place = person.community if person else ""
        actor = require_either(actor, Right.SEE_PERSON, Right.SEE_OWN, place, person_id)
        return tuple(_shown(view, actor, directory.certificates.of_person(view.people, person_id)))


def waiting(bank: Bank, actor: Actor | None, community: str) -> tuple[Certificate, ...]:
    """What hangs out, or has hung out long enough: public, with initials; staff read the names."""
    with bank.view() as view:
        view.community(community)
        return tuple(_shown(view, actor, directory.certificates.waiting(view.people, community, MOST_SHOWN)))


def one(bank: Bank, actor: Actor | None, community: str, certificate_id: str) -> Certificate:
    """A certificate to read whole and print: for the person, who acts for her, and staff."""
    with bank.view() as view:
        found = directory.certificates.of(view.people, community, certificate_id)
        actor = require_either(actor, Right.SEE_PERSON, Right.SEE_OWN, community, found.person if found else "")
        return _shown(view, actor, [_known(view, community, certificate_id)])[0]


def issue(bank: Bank, actor: Actor | None, community: str, certificate_id: str) -> Certificate:
    """Issue what hung out long enough. Whoever asked for it, or is certified, does not issue it; again changes nothing.

    Refused while it hangs out, after it was stopped, and when the books say something else by now.
    """
    actor = require(actor, Right.ISSUE_CERTIFICATE, community)
    with bank.office() as office:
        found = _known(office, community, certificate_id)
        if found.issued_at is None:
            if found.stopped_at is not None:
                raise Refused(Code.ALREADY_DECIDED, decision=STOPPED)
            if actor.login == found.asked_by or actor.person == found.person:
                raise Refused(Code.SECOND_PERSON)
            head = office.head(found.origin)
            if day_in_zone(office.now, head.offset_minutes) <= found.public_until:
                raise Refused(Code.STILL_PUBLIC, day=found.public_until)
            if not _holds(office, found):
                raise Refused(Code.CERTIFICATE_CHANGED)
            found.issued_by, found.issued_at = actor.login, office.now
        office.people.flush()
        return _shown(office, actor, [found])[0]


def stop(bank: Bank, actor: Actor | None, community: str, certificate_id: str, objection: str) -> Certificate:
    """Stop one that is not issued yet: somebody objected, and the lead found that right. A new one can be asked for."""
    actor = require(actor, Right.ISSUE_CERTIFICATE, community)
    with bank.office() as office:
        found = _known(office, community, certificate_id)
        if found.issued_at is not None or found.objection not in (None, objection):
            raise Refused(Code.ALREADY_DECIDED, decision=ISSUED if found.issued_at else STOPPED)
        if found.stopped_at is None:
            found.stopped_by, found.stopped_at, found.objection = actor.login, office.now, objection
        office.people.flush()
        return _shown(office, actor, [found])[0]


def check(bank: Bank, number: str, name: str | None = None) -> Checked:
    """What a certificate says and whether it stands, for anybody who has its number; the name only as yes or no.

    Refused after too many names for one number: nobody finds out by trying whose it is.
    """
    wanted = number.strip().upper()
    if name:
        pace.count(bank, "certificate-names", wanted)
    with bank.view() as view:
        found = directory.certificates.numbered(view.people, wanted)
        if found is None:
            raise Refused(Code.ENTRY_UNKNOWN, entry=number)
        shown = _shown(view, None, [found])[0]
        kept = _facts(view, [found]).get(found.id, {})
        return Checked(
            number=found.number,
            place=shown.place,
            minutes=shown.minutes,
            first_day=shown.first_day,
            last_day=shown.last_day,
            issued_on=shown.issued_on,
            state=shown.state,
            stands=shown.stands,
            is_named=None if not name else _same(name, str(kept.get("name", ""))),
        )


def _same(typed: str, name: str) -> bool:
    return bool(name) and "".join(typed.split()).casefold() == "".join(name.split()).casefold()


# --- what was served -------------------------------------------------------------------------------------------------


def _served(reading: Reading, head: reads.Head, account: str, days: tuple[str, str], size: int) -> list[Record]:
    """What somebody served between two days, as the first `size` records have it, and was not undone to this day.

    Duty of a member of an organisation is recorded, and is no voluntary service.
    """
    earlier = [reading.head(origin) for origin in directory.epochs.epochs_before(head.origin)]
    found = [told for at in earlier for told in _told(reading, at, account, at.size)]
    return [
        told.record
        for told in [*found, *_told(reading, head, account, size)]
        if told.record.intent.kind in ("service", "settle")
        and told.record.intent.body["server"] == account
        and days[0] <= told.record.intent.body["day"] <= days[1]
        and told.record.intent.body.get("uncredited") != "duty"
        and not told.undone
    ]


def _told(reading: Reading, head: reads.Head, account: str, until: int) -> Iterator[reads.Told]:
    """All lines of an account, a page at a time."""
    first = 0
    while True:
        page = reads.told(reading.connection, head, account, first=first, until=until, most=_PAGE)
        yield from page
        if len(page) < _PAGE:
            return
        first = page[-1].line.seq + 1


def _by_service(served: Iterable[Record]) -> list[tuple[str, int, int]]:
    """Service, times, minutes: the longest first."""
    sums: dict[str, tuple[int, int]] = {}
    for record in served:
        times, minutes = sums.get(record.intent.body["service"], (0, 0))
        sums[record.intent.body["service"]] = (times + 1, minutes + record.intent.body["minutes"])
    return sorted(((code, *of) for code, of in sums.items()), key=lambda row: (-row[2], row[0]))


def _holds(reading: Reading, found: directory.Certificate) -> bool:
    """Whether the books still say what the certificate says, also of corrections that were made since."""
    account = directory.people.known(reading.connection, [found.person])[found.person].account
    days = (found.first_day, found.last_day)
    served = _served(reading, reading.head(found.origin), account, days, found.size)
    minutes: int = sum(record.intent.body["minutes"] for record in served)
    return minutes == found.minutes


def _last_public_day(reading: Reading, head: reads.Head, today: str) -> str:
    """By the policy of today; where nothing need hang out, yesterday was the last day."""
    days = reading.policy_at(head, today).certificate.publication_days
    return (date.fromisoformat(today) + timedelta(days=days - 1)).isoformat()


# --- how it is shown -------------------------------------------------------------------------------------------------


def _place(found: directory.Certificate) -> str:
    """Where its private part lies among the details of entries; no entry has such an id."""
    return f"certificate.{found.id}"


def _known(reading: Reading, community: str, certificate_id: str) -> directory.Certificate:
    found = directory.certificates.of(reading.people, community, certificate_id)
    if found is None:
        raise Refused(Code.ENTRY_UNKNOWN, entry=certificate_id)
    return found


def _facts(reading: Reading, found: Sequence[directory.Certificate]) -> dict[str, dict[str, object]]:
    made: dict[str, dict[str, object]] = {}
    for origin in {one.origin for one in found}:
        of = {_place(one): one.id for one in found if one.origin == origin}
        texts = directory.details.texts_of(reading.people, reading.vault, origin, of)
        made |= {of[place]: msgspec.json.decode(text) for place, text in texts.items()}
    return made


def _shown(reading: Reading, actor: Actor | None, found: Sequence[directory.Certificate]) -> list[Certificate]:
    facts = _facts(reading, found)
    issuers = {one.issued_by for one in found if one.issued_by is not None}
    called = directory.care.names_of_logins(reading.connection, reading.vault, issuers)
    offsets = {origin: reading.head(origin).offset_minutes for origin in {one.origin for one in found}}
    places = {code: reading.community(code) for code in {one.community for one in found}}
    made = []
    for one in found:
        place, offset = places[one.community], offsets[one.origin]
        is_known = allowed(actor, Right.SEE_PERSON, one.community) or (
            actor is not None and (actor.person == one.person or one.person in actor.elders)
        )
        kept = facts.get(one.id, {})
        name, services = str(kept.get("name", "")), kept.get("services", [])
        made.append(
            Certificate(
                id=one.id,
                number=one.number if is_known else "",
                community=one.community,
                place=f"{place.county} · {place.town} · {place.name}",
                person=one.person if is_known else "",
                name=name if is_known else masked(name),
                minutes=one.minutes,
                first_day=one.first_day,
                last_day=one.last_day,
                services=tuple(
                    Served(service=code, times=times, minutes=minutes)
                    for code, times, minutes in (services if is_known and isinstance(services, list) else [])
                ),
                asked_on=day_in_zone(one.asked_at, offset),
                public_until=one.public_until,
                issued_on=None if one.issued_at is None else day_in_zone(one.issued_at, offset),
                issued_by=called.get(one.issued_by or "", ""),
                objection=one.objection,
                state=_state(one, day_in_zone(reading.now, offset)),
                stands=one.issued_at is not None and _holds(reading, one),
                own=actor is not None and (actor.login == one.asked_by or actor.person == one.person),
            )
        )
    return made


def _state(found: directory.Certificate, today: str) -> str:
    if found.stopped_at is not None:
        return STOPPED
    if found.issued_at is not None:
        return ISSUED
    return PUBLIC if today <= found.public_until else READY
