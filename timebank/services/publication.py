"""公示与报送: what a community publishes of a month, and how far each record has come on its way to the ministry."""

from dataclasses import dataclass

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import Bank, View
from timebank.ledger import Code, Refused, reads

from . import shares
from .care import month_ms
from .certificates import masked
from .statements import day_in_zone

WAITING, FILED, RETURNED = "waiting", "filed", "returned"
STATES = (WAITING, FILED, RETURNED)
MOST_FILED = 500
# Why a record came back: who served is not known there, days or times are taken, it is there already, or else.
WHYS = ("person", "times", "twice", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A service of the month: whose, which, how long, for how many. `initials` is what may hang on a wall.

    `undone`: it was corrected since. That is listed only where it was filed before, so that the filing is taken back.
    `noted_on`: when the state was noted, None while it waits; `why` it came back. `person`: who served; empty when she
    was erased. `hold`: of the order, where one asked for it.
    """

    entry: str
    seq: int
    day: str
    volunteer: str
    initials: str
    service: str
    minutes: int
    served: int
    state: str
    undone: bool
    noted_on: str | None
    why: str | None
    person: str
    hold: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """The services that were entered in a month, by day of service. `minutes` is of those that stand.

    What members did with a group is listed with them, and is not counted again as the group's: `from_groups` says how
    many minutes the groups were credited with for the public fund.
    """

    community: str
    name: str
    place: str
    month: str
    this_month: str
    minutes: int
    from_groups: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """These entries are now in this state; `why` they came back, if they did."""

    community: str
    entries: tuple[str, ...]
    state: str
    why: str | None = None


def of_month(bank: Bank, actor: Actor | None, community: str, month: str | None = None) -> Publication:
    """What was entered in a month (YYYY-MM, this one when None). The cost is linear in it."""
    require(actor, Right.SEE_DAY, community)
    with bank.view() as view:
        return of(view, community, month)


def of(view: View, community: str, month: str | None = None) -> Publication:
    """As `of_month`, within a view that looks at more."""
    place = view.community(community)
    head = view.head(place.origin)
    this_month = day_in_zone(view.now, head.offset_minutes)[:7]
    month = month or this_month
    first, until = month_ms(month, head.offset_minutes)
    served = [
        record
        for record in reads.records_between(view.connection, head, first, until)
        if record.intent.kind in ("service", "settle")
    ]
    undone = reads.ids_known(view.connection, head, {f"{record.id}.reverse" for record in served})
    of_groups = shares.among({record.id: record.intent.body for record in served})
    records = [record for record in served if record.id not in of_groups]
    filings = directory.care.filings_of(view.people, community, [record.id for record in records])
    accounts = {record.intent.body["server"] for record in records}
    names = directory.people.names_of_accounts(view.connection, view.vault, accounts)
    people = directory.people.with_accounts(view.connection, accounts)
    rows = []
    for record in records:
        body = record.intent.body
        filed = filings.get(record.id)
        state = filed.state if filed else WAITING
        is_undone = f"{record.id}.reverse" in undone
        if is_undone and state == WAITING:
            continue
        name = names.get(body["server"], "")
        rows.append(
            Row(
                entry=record.id,
                seq=record.seq,
                day=body["day"],
                volunteer=name,
                initials=masked(name),
                service=body["service"],
                minutes=body["minutes"],
                served=len(body.get("served", ())),
                state=state,
                undone=is_undone,
                noted_on=day_in_zone(filed.changed_at, head.offset_minutes) if filed else None,
                why=filed.why if filed else None,
                person=people.get(body["server"], ""),
                hold=record.intent.ref if record.intent.kind == "settle" else None,
            )
        )
    rows.sort(key=lambda row: (row.day, row.seq))
    return Publication(
        community=community,
        name=place.name,
        place=f"{place.county} · {place.town} · {place.name}",
        month=month,
        this_month=this_month,
        minutes=sum(row.minutes for row in rows if not row.undone),
        from_groups=sum(
            record.intent.body["credited"]
            for record in served
            if record.id in of_groups and f"{record.id}.reverse" not in undone
        ),
        rows=tuple(rows),
    )


def file(bank: Bank, actor: Actor | None, filing: Filing) -> int:
    """Note how far these records have come; the number of those that were in another state before.

    Refused as a whole when one of them is no service of this community.
    """
    actor = require(actor, Right.FILE_RECORDS, filing.community)
    with bank.office() as office:
        head = office.head_of(filing.community)
        raws = reads.raw_by_ids(office.connection, head, filing.entries)
        services = {one.id for one in reads.by_raw(head, raws.values()) if one.intent.kind in ("service", "settle")}
        known = directory.care.filings_of(office.people, filing.community, filing.entries)
        why = filing.why if filing.state == RETURNED else None
        changed = 0
        for entry in dict.fromkeys(filing.entries):
            if entry not in services:
                raise Refused(Code.ENTRY_UNKNOWN, entry=entry)
            row = known.get(entry)
            if (row.state if row else WAITING, row.why if row else None) == (filing.state, why):
                continue
            if row is None:
                row = directory.Filing(community=filing.community, entry=entry)
                office.people.add(row)
            row.state, row.why, row.changed_by, row.changed_at = filing.state, why, actor.login, office.now
            changed += 1
        return changed
