"""Rosters: one event that several served at, entered at once, with a result for each who was there."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import Bank, Reading, Work
from timebank.ledger import Code, Refused, whole_minutes

from . import eligibility, groups, hours, shares

# Nobody else writes to the ledger meanwhile; a larger event is two rosters.
MOST = 100
_TAG = re.compile(r"r[0-9a-f]{31}")
_JSON = msgspec.json.Encoder(order="sorted")


@dataclass(frozen=True, slots=True, kw_only=True)
class There:
    """A volunteer who was there: own `minutes` where they differ from the event's, and whom she served."""

    volunteer: str
    minutes: int | None = None
    served: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """An event, and who was there; ids as in hours.Visit, and `minutes` is of who has none of her own.

    `group`: it was a group's, whose members are recorded and whose hours go to the fund. Else `uncredited` says why it
    is only recorded; None: a shift, such as day care, credited to each by `payer` (issue or fund). `served` are the
    elders who were present, for each row that names none.
    """

    id: str
    community: str
    day: str
    minutes: int
    service: str
    there: tuple[There, ...]
    served: tuple[str, ...] = ()
    group: str | None = None
    uncredited: str | None = None
    payer: str = "issue"
    start: int | None = None
    end: int | None = None
    confirmed: str = "paper"
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one who was there: `entered`, `waiting` for a second person, or `refused` with a code and facts.

    `entry` is the id of the service in the books, of one that waits when it is entered; None where it was refused.
    """

    person: str
    name: str
    minutes: int
    outcome: str
    entry: str | None
    code: Code | None
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What became of a roster, in its order. `minutes` is of what was entered; `repeated`: by an earlier request."""

    id: str
    community: str
    minutes: int
    rows: tuple[Result, ...]
    repeated: bool


def record(bank: Bank, actor: Actor | None, roster: Roster) -> Results:
    """Enter who can be entered, and say of the others why not. The same roster again changes nothing and is told the
    same. Refused as a whole where it is about the event: the group, the service, the day, the ledger."""
    actor = require(actor, Right.RECORD_VISIT, roster.community)
    digest = hashlib.sha256(_JSON.encode(roster)).digest()
    with bank.work_for(roster.community) as work:
        before = work.people.get(directory.Roster, roster.id)
        if before is not None and (before.digest != digest or before.community != roster.community):
            raise Refused(Code.ID_TAKEN, id=roster.id)
        if before is None:
            _check_event(bank, work, roster)
            _enter(bank, work, actor, roster, digest)
        return _results(work, roster.id, roster.community, repeated=before is not None)


def of(bank: Bank, actor: Actor | None, community: str, roster_id: str) -> Results:
    """What became of a roster, for the station."""
    require(actor, Right.SEE_DAY, community)
    with bank.view() as view:
        found = view.people.get(directory.Roster, roster_id)
        if found is None or found.community != community:
            raise Refused(Code.ENTRY_UNKNOWN, entry=roster_id)
        return _results(view, roster_id, community, repeated=True)


def roster_of(body: Mapping[str, Any]) -> str | None:
    """The roster with which a service was entered, as the word that its entries have in common; None for others."""
    shift = str(body.get("shift", ""))
    return shift if _TAG.fullmatch(shift) else None


def _check_event(bank: Bank, work: Work, roster: Roster) -> None:
    """What is wrong for all who were there is said once, and not of each."""
    if roster.service not in bank.catalogue.by_code:
        raise Refused(Code.SERVICE_UNKNOWN, service=roster.service)
    if roster.day > work.books.day_of(work.now):
        raise Refused(Code.DAY_IN_FUTURE, day=roster.day)
    work.policy_on(roster.day)
    known = directory.people.known(work.connection, [one.volunteer for one in roster.there])
    for one in roster.there:
        if one.volunteer not in known:
            raise Refused(Code.PERSON_UNKNOWN, person=one.volunteer)  # nobody, of whom nothing could be kept
    if roster.group is None:
        return
    group = groups.known(work, roster.group, roster.community)
    eligibility.check_not_suspended(group)


def _enter(bank: Bank, work: Work, actor: Actor, roster: Roster, digest: bytes) -> None:
    kept = directory.Roster(
        id=roster.id,
        community=roster.community,
        digest=digest,
        recorded_by=actor.login,
        recorded_at=work.now,
    )
    work.people.add(kept)
    work.people.flush()  # before its rows, which name it
    for n, visit in enumerate(_visits(work, roster)):
        outcome, error = hours.try_in(bank, work, actor, visit)
        work.people.add(
            directory.RosterRow(
                roster=roster.id,
                n=n,
                person=visit.volunteer,
                minutes=visit.minutes,
                entry=visit.id,
                outcome=outcome,
                code=error.code.value if error else None,
                facts=_JSON.encode(error.facts if error else {}).decode(),
            )
        )
    work.people.flush()


def _visits(work: Work, roster: Roster) -> Iterator[hours.Visit]:
    """A visit for each who was there. Its id follows from the roster's and hers, so that a repeated roster makes none
    anew; without the vault's key it does not tell who she is."""
    for one in roster.there:
        facts: dict[str, Any] = {
            "id": shares.following(roster.id, work.vault.blind("rosters.row", f"{roster.id} {one.volunteer}")),
            "community": roster.community,
            "volunteer": one.volunteer,
            "served": one.served or roster.served,
            "day": roster.day,
            "minutes": whole_minutes(one.minutes or roster.minutes),
            "service": roster.service,
            "confirmed": roster.confirmed,
            "reason": roster.reason,
            "start": roster.start,
            "end": roster.end,
            "payer": roster.payer,
            "uncredited": roster.uncredited,
            "shift": shares.tag("r", roster.id),
        }
        if roster.group is None:
            yield hours.Visit(**facts)
        else:
            # Who pays is decided: the fund cannot pay itself.
            yield hours.GroupVisit(**facts | {"group": roster.group, "uncredited": "group", "payer": "issue"})


def _results(reading: Reading, roster: str, community: str, *, repeated: bool) -> Results:
    rows = directory.groups.rows_of(reading.people, roster)
    names = directory.people.names_of(reading.connection, reading.vault, {row.person for row in rows})
    return Results(
        id=roster,
        community=community,
        minutes=sum(row.minutes for row in rows if row.outcome == hours.ENTERED),
        rows=tuple(
            Result(
                person=row.person,
                name=names.get(row.person, ""),
                minutes=row.minutes,
                outcome=row.outcome,
                entry=None if row.outcome == hours.REFUSED else row.entry,
                code=None if row.code is None else Code(row.code),
                facts=msgspec.json.decode(row.facts),
            )
            for row in rows
        ),
        repeated=repeated,
    )
