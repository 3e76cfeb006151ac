"""报送: the five parts of a month's records that a clerk takes over into the ministry's system (民政部令第67号).

Basic facts of who served, the services, trainings, honours, and what was said of them. Nothing is sent by the program:
clerks take it over by hand or by that system's import, and note what became of each record (publication.file).
"""

from dataclasses import dataclass

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import Bank, View

from . import honours, publication
from .statements import day_in_zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """A course that somebody took on a day; it counts up to `expires_on`, None: for ever."""

    person: str
    course: str
    day: str
    expires_on: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Honoured:
    """Somebody who wishes to be named has reached a threshold of the honour board. Others are not told."""

    person: str
    hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """What was said of a service that an order asked for, by whoever was served: one to five stars, and words."""

    entry: str
    person: str
    stars: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The five parts. `registered_on`: the day on which each of `volunteers` was registered, by id."""

    month: publication.Publication
    volunteers: tuple[directory.filings.Volunteer, ...]
    registered_on: dict[str, str]
    trainings: tuple[Learnt, ...]
    honours: tuple[Honoured, ...]
    ratings: tuple[Rated, ...]


def of_month(bank: Bank, actor: Actor | None, community: str, month: str | None = None) -> Parts:
    """What was entered in a month (YYYY-MM, this one when None) and stands, with all that belongs to who served.

    Names, days of birth and telephones are in it: for clerks, who file. The cost is linear in the month.
    """
    require(actor, Right.FILE_RECORDS, community)
    with bank.view() as view:
        found = publication.of(view, community, month)
        place = view.community(community)
        people = {row.person for row in found.rows if row.person}
        volunteers = directory.filings.volunteers(view.people, view.vault, people)
        offset = view.head(place.origin).offset_minutes
        return Parts(
            month=found,
            volunteers=tuple(volunteers),
            registered_on={one.id: day_in_zone(one.registered_at, offset) for one in volunteers},
            trainings=tuple(
                Learnt(person=one.person, course=one.course, day=one.day, expires_on=one.expires_on)
                for one in directory.filings.trainings(view.people, people, f"{found.month}-31")
            ),
            honours=tuple(
                Honoured(person=person, hours=hours)
                for hours, reached in honours.reached(view, place).items()
                for person in reached
                if person in people
            ),
            ratings=_ratings(view, found),
        )


def _ratings(view: View, found: publication.Publication) -> tuple[Rated, ...]:
    said = directory.filings.ratings(view.people, view.vault, [row.hold for row in found.rows if row.hold])
    return tuple(
        Rated(entry=row.entry, person=row.person, stars=said[row.hold][0], words=said[row.hold][1])
        for row in found.rows
        if row.hold in said and not row.undone
    )
