"""What was proved at the counter: priority classes, trainings, guardians; each holds from a day, and up to another."""

from dataclasses import dataclass
from typing import Any

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import Bank, Reading, View
from timebank.ledger import Code, Refused, reads

from . import dealing
from .statements import day_in_zone, seen_person

_MOST_LOOKED_AT = 500
_Kept = directory.PersonClass | directory.Training | directory.Guardian | directory.Assessment | directory.Stay


@dataclass(frozen=True, slots=True, kw_only=True)
class Class:
    """Somebody was proved to belong to a priority class. Days are ISO; `expires_on` is the last one, None: no end."""

    id: str
    community: str
    person: str
    name: str
    proof: str
    from_day: str
    expires_on: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """Somebody took a course on `day`; it counts up to `expires_on`, None: for ever."""

    id: str
    community: str
    person: str
    course: str
    day: str
    expires_on: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardian:
    """Who decides for a ward, and agreed to her serving."""

    id: str
    community: str
    person: str
    guardian: str
    proof: str
    from_day: str
    expires_on: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What a social worker found somebody to need on `day`: `light`, `medium` or `severe`.

    `accompany`: she goes along on the first visit. It counts up to `expires_on`, None: until another.
    """

    id: str
    community: str
    person: str
    need: str
    day: str
    accompany: bool = False
    expires_on: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """Somebody is in a hospital since `from_day`; `expires_on` is the day on which she left, None: she is there."""

    id: str
    community: str
    person: str
    from_day: str
    expires_on: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A class, a training, a guardianship or a stay ends: `day` is its last day."""

    community: str
    paper: str
    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """What somebody is to the one who may act for her, and for what; `expires_at` in milliseconds."""

    id: str
    member: str
    name: str
    relation: str
    scope: tuple[str, ...]
    expires_at: int | None
    monthly_minutes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """All that holds of somebody today or later. `guardian_names` are by the guardian's id.

    `after_death`: the entries of services that are said to have been given after it, for the lead to look at.
    """

    person: str
    born: str | None
    classes: tuple[Class, ...]
    trainings: tuple[Training, ...]
    guardians: tuple[Guardian, ...]
    guardian_names: dict[str, str]
    assessments: tuple[Assessment, ...]
    stays: tuple[Stay, ...]
    proxies: tuple[Proxy, ...]
    suspended_at: int | None
    deceased_on: str | None
    after_death: tuple[str, ...]


def prove_class(bank: Bank, actor: Actor | None, new: Class) -> bool:
    """Note a class and its proof; False when this very note was there before."""
    facts = {"person": new.person, "name": new.name, "proof": new.proof, "from_day": new.from_day}
    return _note(bank, actor, new, directory.PersonClass, "granted_by", facts)


def note_training(bank: Bank, actor: Actor | None, new: Training) -> bool:
    """Note that a course was taken; False when this very note was there before."""
    facts = {"person": new.person, "course": new.course, "day": new.day}
    return _note(bank, actor, new, directory.Training, "recorded_by", facts)


def note_guardian(bank: Bank, actor: Actor | None, new: Guardian) -> bool:
    """Note who decides for somebody; False when this very note was there before."""
    if new.person == new.guardian:
        raise Refused(Code.SAME_PERSON)
    facts = {"ward": new.person, "guardian": new.guardian, "proof": new.proof, "from_day": new.from_day}
    return _note(bank, actor, new, directory.Guardian, "recorded_by", facts)


def note_assessment(bank: Bank, actor: Actor | None, new: Assessment) -> bool:
    """Note what a social worker found; False when this very note was there before."""
    facts = {"person": new.person, "need": new.need, "day": new.day, "accompany": new.accompany}
    return _note(bank, actor, new, directory.Assessment, "recorded_by", facts)


def note_stay(bank: Bank, actor: Actor | None, new: Stay) -> bool:
    """Note a stay in a hospital; False when this very note was there before."""
    return _note(bank, actor, new, directory.Stay, "recorded_by", {"person": new.person, "from_day": new.from_day})


def _note(
    bank: Bank,
    actor: Actor | None,
    new: Class | Training | Guardian | Assessment | Stay,
    table: type[_Kept],
    by: str,
    facts: dict[str, Any],
) -> bool:
    actor = require(actor, Right.NOTE_PAPERS, new.community)
    facts = facts | {"expires_on": new.expires_on}
    with bank.office() as office:
        office.person(new.person, new.community)
        about = [new.person]
        if isinstance(new, Guardian):
            about.append(office.person(new.guardian).id)
        dealing.check_own_matter(office, actor, about)
        before = _find(office, new.id)
        if before is not None:
            if not isinstance(before, table) or {name: getattr(before, name) for name in facts} != facts:
                raise Refused(Code.ID_TAKEN, id=new.id)
            return False
        office.people.add(table(id=new.id, **facts, **{by: actor.login}))
        return True


def _find(reading: Reading, paper: str) -> _Kept | None:
    db = reading.people
    return (
        db.get(directory.PersonClass, paper)
        or db.get(directory.Training, paper)
        or db.get(directory.Guardian, paper)
        or db.get(directory.Assessment, paper)
        or db.get(directory.Stay, paper)
    )


def end(bank: Bank, actor: Actor | None, ended: Ended) -> None:
    """End what was noted; what ended earlier stays as it is, so that asking twice is the same."""
    actor = require(actor, Right.NOTE_PAPERS, ended.community)
    with bank.office() as office:
        found = _find(office, ended.paper)
        if found is None:
            raise Refused(Code.PAPER_UNKNOWN)
        person = found.ward if isinstance(found, directory.Guardian) else found.person
        try:
            office.person(person, ended.community)
        except Refused as error:  # of another community: there is no such thing here
            raise Refused(Code.PAPER_UNKNOWN) from error
        dealing.check_own_matter(office, actor, [person])
        if found.expires_on is None or found.expires_on > ended.day:
            found.expires_on = ended.day


def of(bank: Bank, actor: Actor | None, person_id: str) -> Papers:
    """What is noted of somebody and holds today or later: for herself, who may see her, and staff of her community."""
    with bank.view() as view:
        person = seen_person(view, actor, person_id)
        today = day_in_zone(view.now, bank.settings.utc_offset_minutes)

        def kept(table: directory.standing.Paper) -> list[dict[str, Any]]:
            found = directory.standing.kept(view.connection, table, person.id, today)
            return [one | {"community": person.community} for one in found]

        guardians = tuple(Guardian(**one) for one in kept(directory.Guardian))
        kin = directory.people.kinships_of(view.connection, person.id)
        others = {one.guardian for one in guardians} | {one.member for one in kin}
        names = directory.people.names_of(view.connection, view.vault, others)
        return Papers(
            person=person.id,
            born=directory.people.born_of(view.vault, person),
            classes=tuple(Class(**one) for one in kept(directory.PersonClass)),
            trainings=tuple(Training(**one) for one in kept(directory.Training)),
            guardians=guardians,
            assessments=tuple(
                Assessment(**one | {"accompany": bool(one["accompany"])}) for one in kept(directory.Assessment)
            ),
            stays=tuple(Stay(**one) for one in kept(directory.Stay)),
            guardian_names={one.guardian: names.get(one.guardian, "") for one in guardians},
            proxies=tuple(_proxy(view, one, names) for one in kin),
            suspended_at=person.suspended_at,
            deceased_on=person.deceased_on,
            after_death=_after_death(view, person),
        )


def _after_death(view: View, person: directory.people.Known) -> tuple[str, ...]:
    if person.deceased_on is None:
        return ()
    head = view.head(person.origin)
    told = reads.told(view.connection, head, person.account, until=head.size, most=_MOST_LOOKED_AT, newest=True)
    services = [one.record for one in told if one.record.intent.kind in ("service", "settle")]
    return tuple(record.id for record in services if record.intent.body["day"] > person.deceased_on)


def _proxy(view: Reading, kin: directory.people.Kin, names: dict[str, str]) -> Proxy:
    over = kin.expires_at is not None and kin.expires_at <= view.now
    return Proxy(
        id=kin.id,
        member=kin.member,
        name=names.get(kin.member, ""),
        relation=kin.relation,
        scope=() if over else tuple(kin.scope.split()),
        expires_at=kin.expires_at,
        monthly_minutes=kin.monthly_minutes,
    )
