"""The county of a simulated year: its communities and people, its clock, and what was refused and done in it."""

import heapq
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import TYPE_CHECKING, TypeVar

from tests.simulation.season import FIRST_DAY
from tests.simulation.tally import Rule, Tally
from tests.world import HASHER, Clock
from timebank.access import FOR_ELDERS, OPERATOR, Actor, Role
from timebank.bank import Bank
from timebank.demo import cast
from timebank.ledger import Code, Refused
from timebank.services import communities, logins, members, papers

if TYPE_CHECKING:
    from tests.simulation.orders import Ask

T = TypeVar("T")
COUNTY = "红花岗区"
DAY_MS, MINUTE_MS = 86_400_000, 60_000
_ZONE_MINUTES = 480
_FOUNDED_DAYS_BEFORE = 5
_PIN = "482915"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How large a year is told. `asks` and `visits` are a year's per elder: orders, and visits that are recorded.

    `trouble`: how much more often than usual everything else happens, so that a small year has all of it. `pins`:
    whether some confirm by card and secret, whose check is slow on purpose.
    """

    seed: int = 1
    communities: int = 196
    people: int = 20_000
    days: int = 365
    asks: float = 2
    visits: float = 2
    trouble: float = 1
    pins: bool = True

    @property
    def last_day(self) -> str:
        return day_after(FIRST_DAY, self.days - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """What a community decided otherwise than the county: its layer, and what the tally has to know of it."""

    layer: str | None = None
    rule: Rule = field(default_factory=Rule)
    review: bool = True
    long_minutes: int = 240  # longer visits need a second person
    friends: bool = False
    refuses_longer: bool = False
    silence_days: int = 0
    own_day_cap: bool = False
    own_rounding: bool = False


WAYS = (
    Ways(),
    Ways(layer="[caps]\nheld_minutes = 600\n", rule=Rule(held_cap=600)),
    Ways(layer="[confirmation]\nauto_after_days = 3\n", silence_days=3),
    Ways(
        layer='[credit]\nrounding = "nearest"\n[orders]\nlonger = "refuse"\n',
        rule=Rule(nearest=True),
        refuses_longer=True,
        own_rounding=True,
    ),
    Ways(
        layer="[caps]\nday_minutes = 120\n[relations]\nfriends = true\n",
        rule=Rule(day_cap=120),
        friends=True,
        own_day_cap=True,
    ),
    Ways(
        layer="[orders]\nreview = false\n[second_person]\nvisit_minutes = 120\n",
        review=False,
        long_minutes=120,
    ),
)
LATE_DAYS = 30
# What the whole county decides in the middle of the year, and from which of its days.
CHANGE = '[credit]\nrounding = "nearest"\n[caps]\nday_minutes = 360\n'


@dataclass(eq=False, kw_only=True)
class Person:
    """Somebody of the simulation. `elders` are those for whom she may act; `kin` everybody related to her."""

    id: str
    account: str
    card: str
    name: str
    place: "Place"
    phone: bool
    born: int
    standing: str = "active"
    died_on: str | None = None
    actor: Actor | None = None
    elders: "list[Person]" = field(default_factory=list)
    kin: "list[Person]" = field(default_factory=list)
    relation: str = ""
    has_guardian: bool = True
    codes: list[str] = field(default_factory=list)
    busy: list[tuple[int, int]] = field(default_factory=list)  # milliseconds: what she has promised
    there: dict[str, list[tuple[int, int, str]]] = field(
        default_factory=dict
    )  # by day: where she is known to have been


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry about which somebody may ask later."""

    id: str
    server: Person
    served: Person


@dataclass(eq=False, kw_only=True)
class Place:
    """One community: its staff, its people, and its tally."""

    code: str
    name: str
    ways: Ways
    tally: Tally
    coming: int  # how many will be registered in the year
    staff: dict[str, Actor] = field(default_factory=dict)
    group: Person | None = None
    everyone: list[Person] = field(default_factory=list)
    elders: list[Person] = field(default_factory=list)
    volunteers: list[Person] = field(default_factory=list)
    pupils: list[Person] = field(default_factory=list)
    asks: "list[Ask]" = field(default_factory=list)
    living: "dict[str, Ask]" = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
    recent: list[Entry] = field(default_factory=list)

    def remember(self, entry: str, server: Person, served: Person) -> None:
        self.entries[entry] = Entry(entry, server, served)
        self.recent = [*self.recent[-40:], self.entries[entry]]


def day_after(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def day_ms(day: str, minute: int = 0) -> int:
    """A minute of a calendar day, in milliseconds since the epoch."""
    return ((date.fromisoformat(day) - date(1970, 1, 1)).days * 1440 + minute - _ZONE_MINUTES) * MINUTE_MS


class County:
    """Everything that happens, in the order of its time; one stream of randomness draws all of it."""

    def __init__(self, bank: Bank, clock: Clock, plan: Plan) -> None:
        self.bank = bank
        self.clock = clock
        self.plan = plan
        self.random = Random(plan.seed)
        self.places: list[Place] = []
        self.refused: Counter[Code] = Counter()
        self.happened: Counter[str] = Counter()
        self.broken: list[str] = []
        self._coming: list[tuple[int, int, Callable[[], None]]] = []
        self._number = count()

    # --- time --------------------------------------------------------------------------------------------------------

    @property
    def today(self) -> str:
        return self.clock.day

    def at(self, ms: int, act: Callable[[], None]) -> None:
        """Let something happen then, or as soon as possible after what happens now."""
        heapq.heappush(self._coming, (max(ms, self.clock.ms), next(self._number), act))

    def later(self, minutes: float, act: Callable[[], None]) -> None:
        self.at(self.clock.ms + int(minutes * MINUTE_MS), act)

    def in_hours(self, days: int, act: Callable[[], None]) -> None:
        """When the station is open, so many days from now."""
        ms = day_ms(day_after(self.today, days), self.random.randrange(8 * 60, 18 * 60))
        self.at(ms if days else max(ms, self.clock.ms + MINUTE_MS), act)

    def run_until(self, ms: int) -> None:
        while self._coming and self._coming[0][0] < ms:
            at, _, act = heapq.heappop(self._coming)
            self.clock.ms = max(self.clock.ms, at)
            act()
        self.clock.ms = max(self.clock.ms, ms)

    # --- what is refused ---------------------------------------------------------------------------------------------

    def attempt(self, act: Callable[[], T], expected: Code | None, *possible: Code) -> tuple[T | None, Code | None]:
        """What came of an act. It must be refused with `expected` where that is one, unless with a `possible` code;
        anything else is kept in `broken`, and the year goes on with what the bank says."""
        try:
            done = act()
        except Refused as error:
            if error.code is not expected and error.code not in possible:
                self.broken.append(f"{self.today}: {error} where {expected} was expected")
            self.refused[error.code] += 1
            return None, error.code
        if expected is not None and expected not in possible:
            self.broken.append(f"{self.today}: nothing was refused where {expected} was expected")
        return done, None

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def saw(self, what: str) -> None:
        self.happened[what] += 1

    # --- people ------------------------------------------------------------------------------------------------------

    def found(self, step: Callable[[int], None]) -> None:
        """The communities of the real county, some with rules of their own, and their staff."""
        rows = [row for row in communities.places() if row["county"] == COUNTY][: self.plan.communities]
        sizes = [self.random.uniform(0.5, 1.5) for _ in rows]
        founded = day_after(FIRST_DAY, -_FOUNDED_DAYS_BEFORE)
        self.clock.ms = day_ms(founded, 8 * 60)
        registered = 0
        for number, row in enumerate(rows):
            self.clock.ms += 1000
            ways = WAYS[number % len(WAYS)]
            founding = communities.Founding(
                code=row["code"], name=row["community"], town=row["town"], county=row["county"], policy=ways.layer
            )
            communities.found(self.bank, OPERATOR, founding)
            until = round(self.plan.people * sum(sizes[: number + 1]) / sum(sizes))
            tally = Tally([(founded, ways.rule)])
            place = Place(code=row["code"], name=row["community"], ways=ways, tally=tally, coming=until - registered)
            registered = until
            for name, role in (
                ("clerk", Role.CLERK),
                ("clerk 2", Role.CLERK),
                ("lead", Role.LEAD),
                ("lead 2", Role.LEAD),
            ):
                place.staff[name] = self._staff(name, role, place)
            self.places.append(place)
            step(1)

    def _staff(self, name: str, role: Role, place: Place) -> Actor:
        new = logins.NewLogin(
            id=self.bank.uuid(), name=f"{name} {place.code}", shown=name, secret=_PIN, roles=((role, place.code),)
        )
        logins.create(self.bank, OPERATOR, new, hasher=HASHER)
        return Actor(login=new.id, grants=((role, place.code),))

    def actor(self, person: Person) -> Actor:
        """Her log-in, made when she first does something herself; the actor is as a session would make it."""
        if person.actor is None:
            where = ((Role.MEMBER, person.place.code),)
            new = logins.NewLogin(
                id=self.bank.uuid(), name=person.card, shown=person.name, secret=_PIN, person=person.id, roles=where
            )
            logins.create(self.bank, OPERATOR, new, hasher=HASHER)
            may = {elder.id: FOR_ELDERS for elder in person.elders}
            person.actor = Actor(login=new.id, person=person.id, account=person.account, grants=where, elders=may)
        return person.actor

    def pin_of(self, person: Person) -> str:
        """The secret of her card; the log-in that it belongs to is made first."""
        self.actor(person)
        return _PIN

    def register(self, place: Place) -> None:
        """One more person of a community: an elder, her child, a volunteer or a pupil."""
        drawn = self.random.random()
        if place.group is None:
            place.group = self._new(place, cast.volunteer(self.random), kind="group", is_volunteer=True)
        elif drawn < 0.42 or not place.elders:
            self._elder(place)
        elif drawn < 0.62:
            self._relative(place)
        elif drawn < 0.66:
            self._pupil(place)
        else:
            place.volunteers.append(self._new(place, cast.volunteer(self.random), is_volunteer=True))

    def _elder(self, place: Place) -> None:
        figure = cast.elder(self.random)
        helps = int(figure.born[:4]) >= 1957 and self.chance(0.5)
        elder = self._new(place, figure, is_elder=True, is_volunteer=helps)
        place.elders.append(elder)
        if helps:
            place.volunteers.append(elder)
        if self.chance(0.2):
            new = papers.Class(
                id=self.bank.uuid(), community=place.code, person=elder.id, proof="assessment", from_day=self.today,
                name=self.random.choice(("key-elder", "disabled", "low-income")),
            )  # fmt: skip
            papers.prove_class(self.bank, place.staff["clerk"], new)
            self.saw("class")

    def _relative(self, place: Place) -> None:
        """A child, or a neighbour, who also serves; the elder consents to being acted for."""
        elder = self.random.choice(place.elders)
        figure = cast.volunteer(self.random)
        member = self._new(place, figure, is_family=True, is_volunteer=True)
        member.relation = "parent" if self.chance(0.9) else "other"
        kin = members.Kin(
            id=self.bank.uuid(), community=place.code, member=member.id, elder=elder.id, relation=member.relation,
            proof="declaration", scope=tuple(sorted(FOR_ELDERS)), monthly_minutes=240 if self.chance(0.3) else None,
        )  # fmt: skip
        members.relate(self.bank, place.staff["clerk"], kin)
        member.elders.append(elder)
        member.kin.append(elder)
        elder.kin.append(member)
        place.volunteers.append(member)

    def _pupil(self, place: Place) -> None:
        figure = cast.volunteer(self.random)
        pupil = self._new(place, replace(figure, born="2010" + figure.born[4:]), is_volunteer=True)
        pupil.has_guardian = False
        place.pupils.append(pupil)

    def _new(
        self,
        place: Place,
        figure: cast.Figure,
        *,
        kind: str = "person",
        is_volunteer: bool = False,
        is_elder: bool = False,
        is_family: bool = False,
    ) -> Person:
        new = members.Registration(
            id=self.bank.uuid(), community=place.code, name=figure.name, phone=figure.phone, address=figure.address,
            born=figure.born, is_volunteer=is_volunteer, is_elder=is_elder, is_family=is_family, kind=kind,
        )  # fmt: skip
        # Two of the invented people may have the same name and telephone: for the bank they are one.
        done, _ = self.attempt(lambda: members.register(self.bank, place.staff["clerk"], new), None, Code.PERSON_TAKEN)
        if done is None:
            other = cast.volunteer(self.random)
            again = replace(figure, name=other.name, phone=other.phone)
            return self._new(
                place, again, kind=kind, is_volunteer=is_volunteer, is_elder=is_elder, is_family=is_family
            )  # fmt: skip
        known = done[0]
        person = Person(
            id=known.id, account=known.account, card=known.card, name=known.name, place=place,
            phone=figure.phone is not None, born=int(figure.born[:4]),
        )  # fmt: skip
        place.everyone.append(person)
        place.coming -= 1
        return person


# --- where people are ------------------------------------------------------------------------------------------------


def elsewhere(people: list[Person], day: str, start: int, end: int) -> bool:
    """Whether one of these people is known to have been somewhere else at that time."""
    return any(start < ended and began < end for one in people for began, ended, _ in one.there.get(day, ()))


def were_there(entry: str, people: list[Person], day: str, start: int, end: int) -> None:
    for one in people:
        one.there.setdefault(day, []).append((start, end, entry))


def were_not_there(entry: str, people: list[Person], day: str) -> None:
    """The entry was undone."""
    for one in people:
        if day in one.there:
            one.there[day] = [known for known in one.there[day] if known[2] != entry]
