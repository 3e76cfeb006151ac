"""Who belongs to a group (团体): noted by clerks; a member may be a minor, the group answers for her."""

from dataclasses import dataclass

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import Bank, Reading
from timebank.ledger import Code, Refused

from . import dealing
from .statements import day_in_zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A person belongs to a group from one day on, up to and with another (ISO days; None: no end)."""

    id: str
    community: str
    group: str
    person: str
    from_day: str
    until_day: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A membership ends: `day` is its last day."""

    community: str
    group: str
    membership: str
    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody who belongs to a group."""

    id: str
    person: str
    name: str
    from_day: str
    until_day: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group, and who belongs to it today or later."""

    id: str
    community: str
    name: str
    members: tuple[Member, ...]


def join(bank: Bank, actor: Actor | None, new: Membership) -> bool:
    """Note that somebody belongs to a group; False when this very note was there before."""
    actor = require(actor, Right.NOTE_PAPERS, new.community)
    with bank.office() as office:
        known(office, new.group, new.community)
        person = office.person(new.person, new.community)
        if person.kind != "person":
            raise Refused(Code.SAME_PERSON)  # a group is no member, of itself or of another
        dealing.check_own_matter(office, actor, [person.id])
        facts = {"team": new.group, "person": person.id, "from_day": new.from_day, "until_day": new.until_day}
        before = office.people.get(directory.Membership, new.id)
        if before is None:
            office.people.add(directory.Membership(id=new.id, noted_by=actor.login, **facts))
        elif {name: getattr(before, name) for name in facts} != facts:
            raise Refused(Code.ID_TAKEN, id=new.id)
        return before is None


def leave(bank: Bank, actor: Actor | None, ended: Ended) -> None:
    """End a membership; one that ended earlier stays as it is, so that asking twice is the same."""
    actor = require(actor, Right.NOTE_PAPERS, ended.community)
    with bank.office() as office:
        known(office, ended.group, ended.community)
        found = office.people.get(directory.Membership, ended.membership)
        if found is None or found.team != ended.group:
            raise Refused(Code.PAPER_UNKNOWN)
        dealing.check_own_matter(office, actor, [found.person])
        if found.until_day is None or found.until_day > ended.day:
            found.until_day = ended.day


def of(bank: Bank, actor: Actor | None, community: str, group: str) -> Group:
    """Who belongs to a group today or later, for the station."""
    require(actor, Right.SEE_PERSON, community)
    with bank.view() as view:
        team = known(view, group, community)
        today = day_in_zone(view.now, bank.settings.utc_offset_minutes)
        found = directory.groups.members_of(view.people, group, today)
        names = directory.people.names_of(view.connection, view.vault, {one.person for one in found})
        return Group(
            id=team.id,
            community=community,
            name=directory.people.name_of(view.vault, team) or "",
            members=tuple(
                Member(
                    id=one.id,
                    person=one.person,
                    name=names.get(one.person, ""),
                    from_day=one.from_day,
                    until_day=one.until_day,
                )
                for one in found
            ),
        )


def known(reading: Reading, group: str, community: str) -> directory.people.Known:
    """The group with this id in this community; Refused when there is none."""
    found = directory.people.known(reading.connection, [group]).get(group)
    if found is None or found.is_erased or found.kind != "group" or found.community != community:
        raise Refused(Code.GROUP_UNKNOWN)
    return found
