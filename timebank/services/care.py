"""Who is looked after by nobody, and whose hours look odd: counted from the books, looked at and closed by people.

Nothing here changes an entry. What is found is a reason to look, never a proof; what is wrong is corrected as any other
entry is, by two persons.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from statistics import median_low

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import DAY_MS, Bank, Reading
from timebank.ledger import Code, Record, Refused, reads
from timebank.lifecycle import Act

from . import pairs, rosters, shares
from .orders import AT_DOOR
from .statements import accounts_in, day_in_zone, day_start_ms

# Below this a visit is hardly more than the way and a greeting; the shortest of the catalogue usually takes 30.
SHORT_MINUTES = 20
# So many short visits a day are eight homes in one morning: possible for a bringer of meals, worth a look for others.
MANY_SHORT = 8
# A month has at most 27 days that are no Sunday: who serves the same elder on 25 of them has no day off.
PAIR_DAYS = 25
# A clerk may well do twice what the others do, in a busy grid; three times as much as the middle one is asked about.
CLERK_TIMES = 3
# Below these figures a month of a small station is chance.
CLERK_LEAST = 30
HAND_LEAST = 10
# Where more than every second confirmation is the clerk's own word, cards and telephones are hardly used.
HAND_PERCENT = 50
# Stations plan and report by the month: an elder on the list should see somebody at least once in it.
UNSERVED_DAYS = 30

MANY_VISITS, SAME_PAIR, ONE_CLERK = "many-visits", "same-pair", "one-clerk"
WITHOUT_HAND, AFTER_END, KIN = "without-hand", "after-end", "kin"
UNSERVED = "unserved"  # no finding: an elder, for whom somebody may take it on too
TWO_PLACES, IN_HOSPITAL, FALSE_KIN, ALONE = "two-places", "in-hospital", "false-kin", "alone"
KINDS = (FALSE_KIN, AFTER_END, TWO_PLACES, IN_HOSPITAL, ALONE, KIN, SAME_PAIR, MANY_VISITS, ONE_CLERK, WITHOUT_HAND)
_SIGNED = (Act.CHECK_IN.value, Act.CHECK_OUT.value)
OUTCOMES = ("in-order", "corrected", "spoken-to", "passed-on")
MOST_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something odd: `figure` counts it (visits, days, entries or percent), `period` is its month.

    `subject` names it together with kind and period: an entry, accounts, a login. `names` are of the people and logins
    in it, `entries` the first of those that it rests on; `day` is theirs, where it is about one; `place` another
    community that it is about. `outcome`: how somebody closed it; one that has grown since is open again.
    """

    kind: str
    subject: str
    period: str
    figure: int
    names: tuple[str, ...]
    entries: tuple[str, ...]
    day: str | None
    place: str | None
    outcome: str | None
    closed_at: int | None
    owner: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unserved:
    """An elder whom nobody has served for 30 days; `owner` has taken it on within these, and sees to it."""

    person: str
    name: str
    grid: str | None
    owner: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """A month of a community; `unserved` is of today.

    `signed` counts the times that somebody signed in or out for an order of the month, `at_door` those with the code
    that hangs inside the door. `for_two`: services that the list gives to two together, or to a provider; `by_two` of
    them with a second one beside, or of a provider or a group.
    """

    community: str
    name: str
    month: str
    this_month: str
    elders: int
    signed: int
    at_door: int
    for_two: int
    by_two: int
    unserved: tuple[Unserved, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """Somebody looked at a finding, and what came of it."""

    community: str
    kind: str
    subject: str
    period: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """Somebody takes on a finding, or an elder whom nobody has served (kind UNSERVED, the person's id, no period)."""

    community: str
    kind: str
    subject: str
    period: str = ""


def look(bank: Bank, actor: Actor | None, community: str, month: str | None = None) -> Care:
    """What a month (YYYY-MM, this one when None) shows, and which elders nobody has served lately.

    The cost is linear in what was entered in that month and in the last 30 days, and in the elders of the community.
    """
    require(actor, Right.SEE_CARE, community)
    with bank.view() as view:
        return of(view, view.community(community), month)


def of(view: Reading, place: directory.communities.Place, month: str | None = None) -> Care:
    """As `look`, of one community among others that are looked at in the same view."""
    head = view.head(place.origin)
    today = day_in_zone(view.now, head.offset_minutes)
    month = month or today[:7]
    elders = directory.care.elders_of(view.connection, place.code)
    signed = directory.orders.signed(view.connection, place.code, _SIGNED, f"{month}-01", f"{month}-31")
    looked_at = _Month(view, head, place.code, month)
    return Care(
        community=place.code,
        name=place.name,
        month=month,
        this_month=today[:7],
        elders=len(elders),
        signed=sum(signed.values()),
        at_door=signed.get(AT_DOOR, 0),
        for_two=len(looked_at.for_two),
        by_two=len(looked_at.for_two) - len(looked_at.alone),
        unserved=_unserved(view, head, place.code, elders, today),
        findings=tuple(_shown(view, head, place.code, _found(looked_at), month)),
    )


def close(bank: Bank, actor: Actor | None, closing: Closing) -> str:
    """Keep that somebody looked, and the outcome, which is the answer.

    Whoever is part of what was found, or recorded it, does not close it. The same again changes nothing; another
    outcome is refused, unless the finding has grown since.
    """
    actor = require(actor, Right.CLOSE_FINDING, closing.community)
    with bank.office() as office:
        found = _not_own(office, actor, closing)
        key = found.key
        before = office.people.get(directory.Flag, (closing.community, *key))
        if before is None:
            before = directory.Flag(community=closing.community, kind=key[0], subject=key[1], period=key[2])
            office.people.add(before)
        elif before.figure >= found.figure:
            if before.outcome != closing.outcome:
                raise Refused(Code.ALREADY_DECIDED, decision=before.outcome)
            return closing.outcome
        before.figure, before.outcome = found.figure, closing.outcome
        before.closed_by, before.closed_at = actor.login, office.now
        return closing.outcome


def take_on(bank: Bank, actor: Actor | None, taking: Taking) -> int:
    """Say that one looks after it; the answer is since when. Somebody else may take it over; whoever is part of a
    finding cannot."""
    actor = require(actor, Right.CLOSE_FINDING, taking.community)
    with bank.office() as office:
        if taking.kind == UNSERVED:
            office.person(taking.subject, taking.community)
        else:
            _not_own(office, actor, taking)
        key = (taking.community, taking.kind, taking.subject, taking.period)
        # One at a time: a row that is not there yet cannot be locked.
        office.people.get(directory.Community, taking.community, with_for_update=True)
        row = office.people.get(directory.CareOwner, key)
        if row is None:
            row = directory.CareOwner(community=key[0], kind=key[1], subject=key[2], period=key[3])
            office.people.add(row)
        row.owner, row.taken_at = actor.login, office.now
        return row.taken_at


def _not_own(office: Reading, actor: Actor, wanted: Closing | Taking) -> "_Odd":
    """The finding, in which the actor has no part; Refused where there is none, or she has."""
    head = office.head_of(wanted.community)
    key = (wanted.kind, wanted.subject, wanted.period)
    month = _Month(office, head, wanted.community, wanted.period[:7])
    found = next((odd for odd in _found(month) if odd.key == key), None)
    if found is None:
        raise Refused(Code.ENTRY_UNKNOWN, entry=wanted.subject)
    if actor.login in found.logins or actor.account in found.accounts:
        raise Refused(Code.SECOND_PERSON)
    return found


# --- what is odd -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Odd:
    """A finding with the accounts and logins in it instead of names."""

    kind: str
    subject: str
    period: str
    figure: int
    accounts: tuple[str, ...] = ()
    logins: tuple[str, ...] = ()
    entries: tuple[str, ...]
    day: str | None = None
    place: str | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        return self.kind, self.subject, self.period


class _Month:
    """The services that were entered in a month and stand, and which clerk recorded them."""

    def __init__(self, reading: Reading, head: reads.Head, community: str, month: str) -> None:
        self.reading = reading
        self.community = community
        self.head = head
        self.month = month
        first, until = month_ms(month, head.offset_minutes)
        self.services = standing(reading, head, first, until)
        recorders = directory.care.recorders_of(
            reading.connection, head.origin, {record.id for record in self.services}
        )
        members = directory.care.members_of(reading.connection, set(recorders.values()))
        # What somebody confirms by her own hand is entered under her own login: that is as it should be.
        own_hand = {record.id for record in self.services if _is_by_own_hand(record)}
        self.recorders = {
            entry: login for entry, login in recorders.items() if entry not in own_hand or login not in members
        }

    def by_clerk(self) -> dict[str, list[Record]]:
        found = defaultdict(list)
        for record in self.services:
            if record.id in self.recorders:
                found[self.recorders[record.id]].append(record)
        return found

    @cached_property
    def for_two(self) -> list[Record]:
        """The services that the list gives to two together, or to a provider; the first one's entry of each."""
        codes = {service.code for service in self.reading.catalogue.services if service.pair}
        return [
            record
            for record in self.services
            if record.intent.body["service"] in codes and not pairs.is_second(record.intent.body)
        ]

    @cached_property
    def alone(self) -> list[Record]:
        """Those of them that a single volunteer gave, with nobody noted beside her."""
        known = {record.id for record in self.services}
        left = [record for record in self.for_two if pairs.id_of(record.id) not in known]
        people = directory.people.with_accounts(
            self.reading.connection, {record.intent.body["server"] for record in left}
        )
        kinds = directory.people.known(self.reading.connection, people.values())
        return [
            record
            for record in left
            if (server := people.get(record.intent.body["server"])) is not None and kinds[server].kind == "person"
        ]

    @cached_property
    def ends(self) -> dict[str, str]:
        """The last day of the accounts in these entries that were closed, or whose holder died or was erased."""
        accounts = set().union(*map(accounts_in, self.services))
        offset, connection = self.head.offset_minutes, self.reading.connection
        closed = {
            account.closed: name
            for name, account in reads.accounts(connection, self.head, accounts).items()
            if account.closed is not None
        }
        records = reads.records(connection, self.head, closed)
        ends = {closed[seq]: day_in_zone(record.ms, offset) for seq, record in records.items()}
        for account, at in directory.care.erasures_of(connection, accounts).items():
            ends[account] = min(ends.get(account, "9999"), day_in_zone(at, offset))
        for account, day in directory.care.deaths_of(connection, accounts).items():
            ends[account] = min(ends.get(account, "9999"), day)
        return ends


def _is_by_own_hand(record: Record) -> bool:
    return record.intent.kind == "settle" and record.intent.body["confirmed"] in ("phone", "proxy", "code")


def month_ms(month: str, offset_minutes: int) -> tuple[int, int]:
    """When a month begins, and when the next one does."""
    first = date.fromisoformat(f"{month}-01")
    after = (first + timedelta(days=31)).replace(day=1)
    return day_start_ms(first.isoformat(), offset_minutes), day_start_ms(after.isoformat(), offset_minutes)


def standing(reading: Reading, head: reads.Head, first_ms: int, until_ms: int) -> list[Record]:
    """The services that were entered in this time and were not undone since; a group's are those of its members."""
    records = reads.records_between(reading.connection, head, first_ms, until_ms)
    served = {record.id: record for record in records if record.intent.kind in ("service", "settle")}
    left_out = shares.among({id: record.intent.body for id, record in served.items()})
    left_out |= {
        undone.removesuffix(".reverse")
        for undone in reads.ids_known(reading.connection, head, {f"{id}.reverse" for id in served})
    }
    return [record for id, record in served.items() if id not in left_out]


def _found(of: _Month) -> list[_Odd]:
    """Everything odd of a month: the gravest kind first, then the largest figure."""
    found = [odd for find in _FINDERS for odd in find(of)]
    return sorted(found, key=lambda odd: (KINDS.index(odd.kind), -odd.figure, odd.subject, odd.period))


def _many_visits(of: _Month) -> Iterator[_Odd]:
    """Many short visits of one volunteer on one day."""
    days = defaultdict(list)
    for record in of.services:
        body = record.intent.body
        if body["minutes"] < SHORT_MINUTES:
            days[body["server"], body["day"]].append(record.id)
    for (server, day), entries in days.items():
        if len(entries) >= MANY_SHORT:
            yield _odd(MANY_VISITS, f"{server}>{day}", of.month, len(entries), entries, accounts=(server,), day=day)


def _same_pair(of: _Month) -> Iterator[_Odd]:
    """The same volunteer with the same elder nearly every day."""
    days: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for record in of.services:
        body = record.intent.body
        for elder in body.get("served", ()):
            days[body["server"], elder].setdefault(body["day"], record.id)
    for pair, by_day in days.items():
        if len(by_day) >= PAIR_DAYS:
            yield _odd(SAME_PAIR, ">".join(pair), of.month, len(by_day), by_day.values(), accounts=pair)


def _one_clerk(of: _Month) -> Iterator[_Odd]:
    """A clerk far above the middle one of the others. A roster is one act, however many were there."""
    clerks = {login: _acts(records) for login, records in of.by_clerk().items()}
    for login, records in clerks.items():
        others = [len(entries) for other, entries in clerks.items() if other != login]
        if others and len(records) >= CLERK_LEAST and len(records) > CLERK_TIMES * median_low(others):
            entries = [record.id for record in records]
            yield _odd(ONE_CLERK, login, of.month, len(records), entries, logins=(login,))


def _acts(records: list[Record]) -> list[Record]:
    """One record of each roster, and every other one."""
    return list({rosters.roster_of(record.intent.body) or record.id: record for record in records}.values())


def _without_hand(of: _Month) -> Iterator[_Odd]:
    """A clerk who confirms most services on the clerk's own word."""
    for login, records in of.by_clerk().items():
        own_word = [record.id for record in records if record.intent.body["confirmed"] == "clerk"]
        percent = len(own_word) * 100 // len(records)
        if len(records) >= HAND_LEAST and percent > HAND_PERCENT:
            yield _odd(WITHOUT_HAND, login, of.month, percent, own_word, logins=(login,))


def _after_end(of: _Month) -> Iterator[_Odd]:
    """A service dated after somebody in it had left the books."""
    for record in of.services:
        body = record.intent.body
        late = [account for account in accounts_in(record) if body["day"] > of.ends.get(account, "9999")]
        if late:
            logins = tuple(filter(None, [of.recorders.get(record.id)]))
            yield _odd(
                AFTER_END,
                record.id,
                of.month,
                1,
                [record.id],
                accounts=tuple(sorted(late)),
                logins=logins,
                day=body["day"],
            )


def _kin(of: _Month) -> Iterator[_Odd]:
    """A clerk who recorded services of or for herself or her kin."""
    accounts = directory.care.accounts_of_logins(of.reading.connection, set(of.recorders.values()))
    relations = directory.people.relations_of(of.reading.connection, accounts.values())
    found = defaultdict(list)
    for record in of.services:
        login = of.recorders.get(record.id, "")
        own = accounts.get(login)
        for other in accounts_in(record) if own else ():
            if other == own or (own, other) in relations:
                found[login, other].append(record.id)
    for (login, other), entries in found.items():
        yield _odd(KIN, f"{login}>{other}", of.month, len(entries), entries, accounts=(other,), logins=(login,))


def _two_places(of: _Month) -> Iterator[_Odd]:
    """Somebody who served or was served here, and at the same time in another community where she is registered too.
    Here alone that is refused; what a neighbour entered nobody sees in time."""
    for one in directory.presences.elsewhere(of.reading.connection, (record.id for record in of.services)):
        subject = f"{one.entry}>{one.account}"
        logins = tuple(filter(None, [of.recorders.get(one.entry)]))
        yield _odd(
            TWO_PLACES,
            subject,
            of.month,
            1,
            [one.entry],
            accounts=(one.account,),
            logins=logins,
            day=one.day,
            place=one.community,
        )


def _in_hospital(of: _Month) -> Iterator[_Odd]:
    """A service on a day that somebody in it spent in a hospital. It may have been given there."""
    stays = directory.standing.stays_of(of.reading.connection, set().union(*map(accounts_in, of.services)))
    for record in of.services:
        day = record.intent.body["day"]
        away = [
            account
            for account in accounts_in(record)
            if any(since < day < until for since, until in stays.get(account, ()))
        ]
        if away:
            logins = tuple(filter(None, [of.recorders.get(record.id)]))
            accounts = tuple(sorted(away))
            yield _odd(IN_HOSPITAL, record.id, of.month, 1, [record.id], accounts=accounts, logins=logins, day=day)


def _alone(of: _Month) -> Iterator[_Odd]:
    """A volunteer who gave alone what is for two."""
    found = defaultdict(list)
    for record in of.alone:
        found[record.intent.body["server"]].append(record.id)
    for server, entries in found.items():
        yield _odd(ALONE, server, of.month, len(entries), entries, accounts=(server,))


def _false_kin(of: _Month) -> Iterator[_Odd]:
    """A declared relation that was checked in this month and is none: what was given within it is to be looked at."""
    first, until = month_ms(of.month, of.head.offset_minutes)
    db, community = of.reading.people, of.community
    found = directory.kin_checks.found_false(db, community, first, until)
    known = directory.people.known(of.reading.connection, {one for _, kin in found for one in (kin.member, kin.elder)})
    for check, kin in found:
        accounts = tuple(known[person].account for person in (kin.member, kin.elder) if person in known)
        logins = tuple(filter(None, [kin.noted_by]))
        yield _odd(FALSE_KIN, check.kinship, of.month, 1, [], accounts=accounts, logins=logins)


_FINDERS = (
    _many_visits,
    _same_pair,
    _one_clerk,
    _without_hand,
    _after_end,
    _two_places,
    _in_hospital,
    _alone,
    _kin,
    _false_kin,
)
# In these the clerk who recorded it is not what is odd.
_ABOUT_PEOPLE = frozenset({AFTER_END, TWO_PLACES, IN_HOSPITAL, FALSE_KIN})


def _odd(
    kind: str,
    subject: str,
    period: str,
    figure: int,
    entries: Iterable[str],
    *,
    accounts: tuple[str, ...] = (),
    logins: tuple[str, ...] = (),
    day: str | None = None,
    place: str | None = None,
) -> _Odd:
    return _Odd(
        kind=kind,
        subject=subject,
        period=period,
        figure=figure,
        accounts=accounts,
        logins=logins,
        entries=tuple(entries)[:MOST_NAMED],
        day=day,
        place=place,
    )


def _shown(reading: Reading, head: reads.Head, community: str, found: list[_Odd], month: str) -> Iterator[Finding]:
    """With names, and how each was closed."""
    connection, vault = reading.connection, reading.vault
    accounts = {account for odd in found for account in odd.accounts}
    names = directory.people.names_of_accounts(connection, vault, accounts)
    called = directory.care.names_of_logins(connection, vault, {login for odd in found for login in odd.logins})
    flags = directory.care.flags_of(reading.people, community, month)
    owners = directory.care.owners_of(reading.people, community, month)
    called |= directory.care.names_of_logins(connection, vault, {one.owner for one in owners.values()})
    around = {odd.place for odd in found if odd.place is not None}
    places = {code: reading.community(code).name for code in around}
    for odd in found:
        flag = flags.get(odd.key)
        is_closed = flag is not None and flag.figure >= odd.figure
        logins = odd.logins if odd.kind not in _ABOUT_PEOPLE else ()
        yield Finding(
            kind=odd.kind,
            subject=odd.subject,
            period=odd.period,
            figure=odd.figure,
            names=(*(called.get(login, "") for login in logins), *(names.get(name, "") for name in odd.accounts)),
            entries=odd.entries,
            day=odd.day,
            place=places.get(odd.place or ""),
            outcome=flag.outcome if flag and is_closed else None,
            closed_at=flag.closed_at if flag and is_closed else None,
            owner=called.get(owners[odd.key].owner) if odd.key in owners else None,
        )


# --- who is looked after by nobody -----------------------------------------------------------------------------------


def _unserved(
    reading: Reading, head: reads.Head, community: str, elders: list[directory.care.Elder], today: str
) -> tuple[Unserved, ...]:
    """Elders without a service dated within the last 30 days; who came within them has been waiting less long."""
    since = (date.fromisoformat(today) - timedelta(days=UNSERVED_DAYS)).isoformat()
    since_ms = day_start_ms(since, head.offset_minutes)
    # What is dated since then was entered since then.
    records = standing(reading, head, since_ms, reading.now + DAY_MS)
    served = {elder for record in records if record.intent.body["day"] >= since for elder in _served(record)}
    left = [elder for elder in elders if elder.account not in served and elder.registered_at < since_ms]
    names = directory.people.names_of(reading.connection, reading.vault, [elder.id for elder in left])
    taken = directory.care.owners_of(reading.people, community, "")
    # Whoever took it on before that did not get anybody to come.
    owners = {one.subject: one.owner for one in taken.values() if one.taken_at >= since_ms}
    called = directory.care.names_of_logins(reading.connection, reading.vault, owners.values())
    return tuple(
        Unserved(
            person=elder.id,
            name=names.get(elder.id, ""),
            grid=elder.grid,
            owner=called.get(owners.get(elder.id, "")),
        )
        for elder in left
    )


def _served(record: Record) -> tuple[str, ...]:
    return tuple(record.intent.body.get("served", ()))
