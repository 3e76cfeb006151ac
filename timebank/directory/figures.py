"""Figures by community and month, and their sums over a town, a county, a city."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, delete, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased
from sqlalchemy.orm import Session as Db

from .care_model import Callback, Certificate, Filing, Question
from .federation_model import Difference
from .figure_model import ActivePerson, DifferentPeople, FigureMark, Figures, Holding, MonthEnd, ServiceFigures
from .model import Audit, Community, Person
from .people import batched

COUNTED = (
    "services",
    "served",
    "credited",
    "used",
    "given",
    "donated",
    "fund_in",
    "fund_out",
    "issued",
    "uncredited",
    "corrections",
    "confirmed",
    "own_hand",
)
STOOD = (
    "volunteers",
    "elders",
    "new_volunteers",
    "new_elders",
    "asked",
    "decided",
    "drawn",
    "called",
    "denied",
    "found",
    "resolved",
    "differing",
    "audits",
    "faults",
    "published",
    "issued",
    "stopped",
    "filed",
)
# So many digits of a community's code name a city, a county, a town, and the community.
LEVELS = (4, 6, 9, 12)


# --- put down --------------------------------------------------------------------------------------------------------


def add(db: Db, community: str, month: str, more: Mapping[str, int]) -> None:
    """Add to a month's figures; what is not named gets nothing."""
    row = db.get(Figures, (community, month))
    if row is None:
        row = Figures(community=community, month=month, **dict.fromkeys(COUNTED, 0))
        db.add(row)
    for name, count in more.items():
        setattr(row, name, getattr(row, name) + count)


def add_service(db: Db, community: str, month: str, service: str, services: int, served: int) -> None:
    """Add to a month's figures of one service."""
    row = db.get(ServiceFigures, (community, month, service))
    if row is None:
        row = ServiceFigures(community=community, month=month, service=service, services=0, served=0)
        db.add(row)
    row.services, row.served = row.services + services, row.served + served


def meet(db: Db, community: str, month: str, role: str, services: Mapping[str, int]) -> None:
    """Add to how many services of a month each of these accounts was in."""
    known: dict[str, ActivePerson] = {}
    mine = (ActivePerson.month == month, ActivePerson.community == community, ActivePerson.role == role)
    for part in batched(sorted(services)):
        query = select(ActivePerson).where(*mine, ActivePerson.account.in_(part))
        known |= {row.account: row for row in db.scalars(query)}
    for account, count in services.items():
        if account in known:
            known[account].services += count
        else:
            db.add(ActivePerson(month=month, community=community, role=role, account=account, services=count))


def hold(db: Db, community: str, month: str, bands: Mapping[str, tuple[int, int]]) -> None:
    """Put what people hold, by age, in place of what was counted of this month before."""
    db.execute(delete(Holding).where(Holding.community == community, Holding.month == month))
    db.add_all(
        Holding(community=community, month=month, band=band, people=n, minutes=sum) for band, (n, sum) in bands.items()
    )


def stand(db: Db, community: str, month: str, counted_at: int, counts: Mapping[str, int]) -> None:
    """Put how a community stood in place of what was counted of this month before."""
    db.merge(MonthEnd(community=community, month=month, counted_at=counted_at, **counts))


def ended(db: Db, community: str) -> dict[str, int]:
    """When each month of a community was counted that was."""
    query = select(MonthEnd.month, MonthEnd.counted_at).where(MonthEnd.community == community)
    return dict(db.execute(query).all())


def not_people(db: Db, accounts: Iterable[str]) -> set[str]:
    """Those of these accounts that are a group's or a provider's."""
    query = select(Person.account).where(Person.kind != "person")
    return {one for part in batched(sorted(accounts)) for one in db.scalars(query.where(Person.account.in_(part)))}


def standing(
    db: Db, community: str, origins: Sequence[str], first_ms: int, until_ms: int, last_day: str
) -> dict[str, int]:
    """STOOD of a community at the end of the time from `first_ms` until before `until_ms`, whose last day this is."""

    def within(column: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
        return and_(column >= first_ms, column < until_ms)

    is_new, called = within(Person.registered_at), within(Callback.called_at)
    was_open = or_(Difference.resolved_at.is_(None), Difference.resolved_at >= until_ms)
    people = select(
        _some(Person.is_volunteer),
        _some(Person.is_elder),
        _some(Person.is_volunteer, is_new),
        _some(Person.is_elder, is_new),
    ).where(Person.community == community, *_registered(until_ms, last_day))
    questions = select(_some(within(Question.asked_at)), _some(within(Question.decided_at)))
    calls = select(
        _some(within(Callback.drawn_at)),
        _some(called, Callback.answer != "unreachable"),
        _some(called, Callback.answer == "not-given"),
    )
    differences = select(
        _some(within(Difference.found_at)),
        _some(within(Difference.resolved_at)),
        _some(Difference.found_at < until_ms, was_open),
    )
    certificates = select(
        _some(within(Certificate.asked_at)), _some(within(Certificate.issued_at)), _some(within(Certificate.stopped_at))
    )
    filed = select(_some(Filing.state == "filed", within(Filing.changed_at))).where(Filing.community == community)
    audits = select(func.count(), _some(Audit.fault.is_not(None)))
    counted = (
        *db.execute(people).one(),
        *db.execute(questions.where(Question.community == community)).one(),
        *db.execute(calls.where(Callback.community == community)).one(),
        *db.execute(differences.where(Difference.community == community)).one(),
        *db.execute(audits.where(Audit.origin.in_(origins), within(Audit.ended_at))).one(),
        *db.execute(certificates.where(Certificate.community == community)).one(),
        *db.execute(filed).one(),
    )
    return dict(zip(STOOD, map(int, counted), strict=True))


def _some(*conditions: ColumnElement[bool] | InstrumentedAttribute[bool]) -> ColumnElement[int]:
    """How many rows are all of this."""
    return func.coalesce(func.sum(case((and_(*conditions), 1), else_=0)), 0)


def _registered(until_ms: int, last_day: str) -> tuple[ColumnElement[bool], ...]:
    """Living people who were registered by then; what they are is as of today."""
    return (
        Person.kind == "person",
        Person.registered_at < until_ms,
        or_(Person.erased_at.is_(None), Person.erased_at >= until_ms),
        or_(Person.deceased_on.is_(None), Person.deceased_on > last_day),
    )


# --- different people ------------------------------------------------------------------------------------------------


def open_months(db: Db) -> list[str]:
    """The months of which it is still known who was in them, the oldest first."""
    return list(db.scalars(select(ActivePerson.month).distinct().order_by(ActivePerson.month)))


def count_different(db: Db, month: str) -> dict[str, tuple[int, int]]:
    """The different volunteers and elders of a month at every place.

    Who is registered in two communities is one, where name and day of birth say so. One question a level, linear in the
    people who were active in that month.
    """
    twin = aliased(Person)
    same = select(func.min(twin.account)).where(twin.same_blind == Person.same_blind).scalar_subquery()
    who = func.coalesce(same, ActivePerson.account)
    volunteers, elders = (
        func.count(case((ActivePerson.role == role, who)).distinct()) for role in ("volunteer", "elder")
    )
    found: dict[str, tuple[int, int]] = {}
    for digits in LEVELS:
        place = func.substr(ActivePerson.community, 1, digits)
        counted = (
            select(place, volunteers, elders)
            .outerjoin(Person, Person.account == ActivePerson.account)
            .where(ActivePerson.month == month, ActivePerson.services > 0)
            .group_by(place)
        )
        found |= {code: (n, m) for code, n, m in db.execute(counted)}
    return found


def put_different(db: Db, month: str, counts: Mapping[str, tuple[int, int]]) -> None:
    """Put the different people of a month in place of what was counted before."""
    db.execute(delete(DifferentPeople).where(DifferentPeople.month == month))
    db.add_all(DifferentPeople(place=place, month=month, volunteers=n, elders=m) for place, (n, m) in counts.items())


def forget_months(db: Db, before: str) -> None:
    """Forget who was in the months before this one."""
    db.execute(delete(ActivePerson).where(ActivePerson.month < before))


def counted_everywhere(db: Db) -> int:
    """The moment up to which every community was counted; 0 where one never was."""
    return int(db.scalar(_all_marks()) or 0)


def _all_marks() -> Select[Any]:
    at = func.min(func.coalesce(FigureMark.counted_at, 0))
    return select(at).select_from(Community).outerjoin(FigureMark, FigureMark.community == Community.code)


def different(db: Db, place: str, months: Iterable[str]) -> dict[tuple[str, str], tuple[int, int]]:
    """Different volunteers and elders by place and month: of a place, and of the parts that it has."""
    query = select(DifferentPeople).where(_under(DifferentPeople.place, place), DifferentPeople.month.in_(set(months)))
    return {(one.place, one.month): (one.volunteers, one.elders) for one in db.scalars(query)}


# --- look up ---------------------------------------------------------------------------------------------------------


def by_part(
    db: Db, place: str, digits: int, first_month: str, last_month: str = "9"
) -> dict[tuple[str, str], tuple[int, ...]]:
    """The sums of COUNTED by part of a place (the first so many digits of the code) and month, between two months."""
    part = func.substr(Figures.community, 1, digits)
    sums = [func.sum(getattr(Figures, name)) for name in COUNTED]
    query = select(part, Figures.month, *sums).where(
        _under(Figures.community, place), Figures.month >= first_month, Figures.month <= last_month
    )
    return {(row[0], row[1]): tuple(map(int, row[2:])) for row in db.execute(query.group_by(part, Figures.month))}


def services(db: Db, place: str, months: Iterable[str]) -> dict[tuple[str, str], tuple[int, int]]:
    """Services and their minutes over all communities of a place, by service and month."""
    sums = func.sum(ServiceFigures.services), func.sum(ServiceFigures.served)
    query = select(ServiceFigures.service, ServiceFigures.month, *sums).where(
        _under(ServiceFigures.community, place), ServiceFigures.month.in_(set(months))
    )
    grouped = query.group_by(ServiceFigures.service, ServiceFigures.month)
    return {(code, month): (int(n), int(minutes)) for code, month, n, minutes in db.execute(grouped)}


def serving(db: Db, place: str, months: Iterable[str]) -> dict[str, int]:
    """In how many communities of a place something was served, by month."""
    query = select(Figures.month, func.count()).where(
        _under(Figures.community, place), Figures.month.in_(set(months)), Figures.services > 0
    )
    return dict(db.execute(query.group_by(Figures.month)).all())


def ends(db: Db, place: str, months: Iterable[str]) -> dict[str, dict[str, int]]:
    """How many `communities` of a place were counted in a month, and the sums of STOOD and `fund` over them."""
    names = (*STOOD, "fund")
    sums = [func.sum(getattr(MonthEnd, name)) for name in names]
    query = select(MonthEnd.month, func.count(), *sums).where(
        _under(MonthEnd.community, place), MonthEnd.month.in_(set(months))
    )
    return {
        row[0]: dict(zip(("communities", *names), map(int, row[1:]), strict=True))
        for row in db.execute(query.group_by(MonthEnd.month))
    }


def counted_to(db: Db, place: str) -> int:
    """The moment up to which every community of a place was counted; 0 where one never was."""
    return int(db.scalar(_all_marks().where(_under(Community.code, place))) or 0)


def holdings(db: Db, place: str, month: str | None = None) -> dict[str, tuple[int, int]]:
    """People and minutes by age over all communities of a place, at the end of a month or as last counted."""
    sums = func.sum(Holding.people), func.sum(Holding.minutes)
    query = select(Holding.band, *sums).where(_under(Holding.community, place)).group_by(Holding.band)
    if month is not None:
        query = query.where(Holding.month == month)
    else:
        newest = _newest(place)
        query = query.join(newest, (newest.c.community == Holding.community) & (newest.c.month == Holding.month))
    return {band: (int(people), int(minutes)) for band, people, minutes in db.execute(query)}


def fund(db: Db, place: str) -> int:
    """What the public funds of a place have, as last counted; minutes."""
    newest = _newest(place)
    same = (newest.c.community == MonthEnd.community) & (newest.c.month == MonthEnd.month)
    return int(db.scalar(select(func.sum(MonthEnd.fund)).join(newest, same)) or 0)


def _newest(place: str) -> Subquery:
    """The newest month of each community of a place that was counted."""
    query = select(MonthEnd.community, func.max(MonthEnd.month).label("month")).where(_under(MonthEnd.community, place))
    return query.group_by(MonthEnd.community).subquery()


def counted_at(db: Db, place: str) -> int | None:
    """When the community whose figures are the oldest was counted; None where none was."""
    return db.scalar(select(func.min(FigureMark.counted_at)).where(_under(FigureMark.community, place))) or None


def _under(column: InstrumentedAttribute[str], place: str) -> ColumnElement[bool]:
    # ":" comes after "9".
    return (column >= place) & (column < f"{place}:")


def registered(db: Db, place: str, digits: int, now: int, today: str) -> Sequence[tuple[str, int, int]]:
    """How many volunteers and elders are registered today, by part of a place."""
    part = func.substr(Person.community, 1, digits)
    counts = [func.sum(case((column, 1), else_=0)) for column in (Person.is_volunteer, Person.is_elder)]
    query = select(part, *counts).where(_under(Person.community, place), *_registered(now + 1, today)).group_by(part)
    return [(part_, int(volunteers or 0), int(elders or 0)) for part_, volunteers, elders in db.execute(query)]
