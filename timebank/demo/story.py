"""Sixty days of one real county's communities, told through the same use cases that the pages use."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from timebank.access import FOR_ELDERS, OPERATOR, OWN, TOWN, Actor, Role
from timebank.bank import DAY_MS, MINUTE_MS, Bank
from timebank.ledger import Code, Refused
from timebank.services import (
    approvals,
    audits,
    communities,
    digests,
    gifts,
    hours,
    logins,
    members,
    orders,
    papers,
    reconciliation,
    seals,
    statements,
    witnessing,
)
from timebank.services.queue import Waiting

from . import cast

COUNTY = "红花岗区"
DAYS = 60
VISITS = 22  # for each community, in all
SECRET = "timebank-demo"
_MINUTES = (25, 30, 40, 45, 60, 60, 60, 75, 90, 90, 120, 180)
_CONFIRMED = ("card",) * 5 + ("phone",) * 3 + ("code",) * 3 + ("paper",) * 2
_SHOWN_PLACES = 3  # communities whose people one can log in as

Progress = Callable[[int], None]


@dataclass
class StoryClock:
    """Stands still while an entry is made, and is moved from day to day; at the end of the story it lets go."""

    ms: int
    real: Callable[[], int]
    told: bool = False

    def __call__(self) -> int:
        return self.real() if self.told else self.ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One community of the story and its people."""

    code: str
    name: str
    volunteers: tuple[members.Known, ...]
    elders: tuple[members.Known, ...]
    families: tuple[tuple[members.Known, members.Known], ...]  # family member, elder

    @property
    def trained(self) -> tuple[members.Known, ...]:
        return self.volunteers[:2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Somebody who can log in."""

    who: str
    name: str
    where: str


@dataclass
class Story:
    """Tells it step by step. The randomness is seeded: every demo has the same people and the same visits."""

    bank: Bank
    clock: StoryClock
    random: Random = field(default_factory=lambda: Random(20261120))
    doors: list[Door] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    actors: dict[str, Actor] = field(default_factory=dict)  # who can log in, by person
    _towns: dict[str, str] = field(default_factory=dict)
    _open: list[tuple[Place, str, str, int]] = field(default_factory=list)

    @property
    def shown(self) -> list[Place]:
        """The communities as whose people one can log in."""
        return self.places[:_SHOWN_PLACES]

    def found(self, rows: list[dict[str, str]], progress: Progress) -> None:
        """Communities, and two logins that work everywhere: a trainer who records, a lead who approves."""
        for row in rows:
            self.clock.ms += 1000
            founding = communities.Founding(
                code=row["code"], name=row["community"], town=row["town"], county=row["county"]
            )
            communities.found(self.bank, OPERATOR, founding)
            self._towns[row["code"][:TOWN]] = row["town"]
            progress(1)
        self.clerk = self._staff("trainer", "实训员", Role.CLERK, "*")
        self.lead = self._staff("county", "区级负责人", Role.LEAD, "*")
        self.doors.append(Door(who="county lead 区级负责人", name="county", where=COUNTY))

    def sleep(self, progress: Progress) -> None:
        """The first night: those with links are reconciled, every ledger is sealed and audited, the digest is made."""
        codes = [place.code for place in self.places]
        for work in (reconciliation.run_all, witnessing.run):
            for place in self.shown:
                work(self.bank, OPERATOR, place.code)
        for code in codes:
            seals.seal(self.bank, OPERATOR, code)
        for found in audits.run(self.bank, OPERATOR, codes, audits.NEW):
            if found.fault is not None:
                raise RuntimeError(found.fault)
            progress(1)
        digests.make(self.bank, OPERATOR)

    def _staff(self, name: str, shown: str, role: Role, where: str) -> Actor:
        new = logins.NewLogin(id=self.bank.uuid(), name=name, shown=shown, secret=SECRET, roles=((role, where),))
        logins.create(self.bank, OPERATOR, new)
        return Actor(login=new.id, grants=((role, where),))

    def people(self, rows: list[dict[str, str]], progress: Progress) -> None:
        """Six volunteers, five elders and two families for each community."""
        for row in rows:
            volunteers = [self._register(row["code"], cast.volunteer(self.random), is_volunteer=True) for _ in range(6)]
            elders = [self._register(row["code"], cast.elder(self.random), is_elder=True) for _ in range(5)]
            families = []
            for elder in elders[:2]:
                child = cast.volunteer(self.random)
                family = self._register(row["code"], child, is_family=True, is_volunteer=True)
                kin = members.Kin(
                    id=self.bank.uuid(),
                    community=row["code"],
                    member=family.id,
                    elder=elder.id,
                    relation="parent",
                    proof="household_book",
                    scope=tuple(sorted(OWN)),
                )
                members.relate(self.bank, self.clerk, kin)
                families.append((family, elder))
            place = Place(
                code=row["code"],
                name=row["community"],
                volunteers=(*volunteers, *(family for family, _ in families)),
                elders=tuple(elders),
                families=tuple(families),
            )
            for elder in elders[:3]:
                self._grant(place, elder)
            self._train(place)
            self.places.append(place)
            progress(1)
        for place in self.shown:
            self._open_doors(place)
        for town in dict.fromkeys(place.code[:TOWN] for place in self.shown):
            self._staff(f"town-{town}", "街道负责人", Role.LEAD, town)
            self.doors.append(Door(who="town lead 街道负责人", name=f"town-{town}", where=self._towns[town]))
        self._staff("auditor", "审计员", Role.AUDITOR, "*")
        self._staff("admin", "管理员", Role.ADMIN, "*")
        self.doors += [
            Door(who=f"{name} {zh}", name=name, where=COUNTY)
            for name, zh in (("auditor", "审计员"), ("admin", "管理员"))
        ]

    def _register(self, code: str, figure: cast.Figure, **roles: bool) -> members.Known:
        self.clock.ms += 20
        new = members.Registration(
            id=self.bank.uuid(),
            community=code,
            name=figure.name,
            phone=figure.phone,
            address=figure.address,
            born=figure.born,
            is_volunteer=roles.get("is_volunteer", False),
            is_elder=roles.get("is_elder", False),
            is_family=roles.get("is_family", False),
            grid=figure.grid,
            **self._offering(figure) if roles.get("is_volunteer") else {},
        )
        try:
            return members.register(self.bank, self.clerk, new)[0]
        except Refused as error:
            # Two of the invented people have the same name and telephone: invent another.
            if error.code is not Code.PERSON_TAKEN:
                raise
            return self._register(code, cast.volunteer(self.random), **roles)

    def _offering(self, figure: cast.Figure) -> dict[str, Any]:
        """What a volunteer can do: half the list of services, and the dialect, or not."""
        codes = [service.code for service in self.bank.catalogue.services]
        speaks = ("putonghua", "zunyi") if self.random.random() < 0.8 else ("putonghua",)
        return {"gender": figure.gender, "speaks": speaks, "offers": tuple(self.random.sample(codes, len(codes) // 2))}

    def _train(self, place: Place) -> None:
        """Some took every course that a service asks for."""
        wanted = {service.training for service in self.bank.catalogue.services} - {None}
        for person in place.trained:
            for course in sorted(map(str, wanted)):
                new = papers.Training(
                    id=self.bank.uuid(), community=place.code, person=person.id, course=course, day=self.today()
                )
                papers.note_training(self.bank, self.clerk, new)

    def _open_doors(self, place: Place) -> None:
        for role, name, zh in ((Role.CLERK, "clerk", "社区专干"), (Role.LEAD, "lead", "服务站站长")):
            self._staff(f"{name}-{place.code}", zh, role, place.code)
            self.doors.append(Door(who=f"{name} {zh}", name=f"{name}-{place.code}", where=place.name))
        family, elder = place.families[0]
        for who, person in (("volunteer 志愿者", place.volunteers[0]), ("family 家属", family), ("elder 老人", elder)):
            new = logins.NewLogin(
                id=self.bank.uuid(),
                name=person.card,
                shown=person.name,
                secret=SECRET,
                person=person.id,
                roles=((Role.MEMBER, place.code),),
            )
            logins.create(self.bank, OPERATOR, new)
            self.actors[person.id] = Actor(
                login=new.id,
                person=person.id,
                account=person.account,
                grants=new.roles,
                elders={elder.id: FOR_ELDERS} if person is family else {},
            )
            self.doors.append(Door(who=f"{who} {person.name}", name=person.card, where=place.name))

    def live(self, progress: Progress) -> None:
        """Day after day: visits, gifts to parents, orders and their outcome, donations, a correction here and there."""
        plan = sorted(
            (self.random.randrange(DAYS), self.random.randrange(8 * 60, 18 * 60), self.random.random(), index)
            for index in range(len(self.places))
            for _ in range(VISITS)
        )
        first = self.clock.ms
        for day, minute, chance, index in plan:
            self.clock.ms = max(self.clock.ms + 50, first - first % DAY_MS + day * DAY_MS + (minute - 480) * MINUTE_MS)
            self._happen(self.places[index], chance)
            progress(1)

    def _happen(self, place: Place, chance: float) -> None:
        entry = self._visit(place, chance)
        if chance < 0.10:
            self._give_and_order(place)
        elif chance < 0.40:
            elder = self.random.choice(place.elders[:3])
            self._quietly(lambda: self._order(place, elder, self.random.choice((30, 60, 60, 90))))
        elif chance < 0.44:
            self._quietly(lambda: self._donate(place))
        elif chance < 0.45:
            self._correct(place, entry)
        if self._open and chance > 0.45:
            self._finish(*self._open.pop(0), chance=chance)

    def today(self) -> str:
        """The day of the story."""
        return statements.day_in_zone(self.clock.ms, self.bank.settings.utc_offset_minutes)

    def _visit(self, place: Place, chance: float) -> str:
        shift = chance > 0.97
        day_care = self.bank.catalogue.by_code["day-care"]
        service = day_care if shift else self.random.choice(self.bank.catalogue.services)
        server = self.random.choice(place.trained if service.training else place.volunteers)
        served = tuple(elder.id for elder in place.elders) if chance > 0.97 else (self.random.choice(place.elders).id,)
        own_hand = self.random.random() > 0.08
        minutes = self.random.choice(_MINUTES)
        visit = hours.Visit(
            id=self.bank.uuid(),
            community=place.code,
            volunteer=server.id,
            served=served,
            day=self.today(),
            minutes=240 if shift else minutes,
            service=service.code,
            confirmed=self.random.choice(_CONFIRMED) if own_hand else "clerk",
            reason=None if own_hand else "no-card",
            uncredited="duty" if 0.94 < chance <= 0.97 else None,
            shift="day-care" if shift else None,
        )
        done = hours.record(self.bank, self.clerk, visit)
        return done.id if isinstance(done, Waiting) else done.record.id

    def _give_and_order(self, place: Place) -> None:
        """A daughter who has hours gives some to her mother, who orders a service with them."""
        for family, elder in place.families:
            have = statements.figures(self.bank, self.clerk, family.id).available
            if have < 60:
                continue
            gift = gifts.Gift(
                id=self.bank.uuid(), community=place.code, giver=family.id, receiver=elder.id, minutes=have // 30 * 30
            )
            gifts.give(self.bank, self.clerk, gift)
            self._order(place, elder, 60)
            return
        elder = place.elders[0]
        self._quietly(lambda: self._order(place, elder, 30))

    def _order(self, place: Place, elder: members.Known, minutes: int) -> None:
        wish = orders.Wish(
            id=self.bank.uuid(),
            community=place.code,
            elder=elder.id,
            service=self.random.choice(("meal", "cleaning", "company", "medical")),
            minutes=minutes,
            wanted_day=self.today(),
        )
        orders.request(self.bank, self.clerk, wish)
        self._open.append((place, wish.id, elder.id, minutes))

    def _finish(self, place: Place, hold: str, elder: str, minutes: int, *, chance: float) -> None:
        if chance > 0.9:
            reason = self.random.choice(("cancelled", "no-volunteer"))
            cancelled = orders.Cancelled(community=place.code, hold=hold, reason=reason)
            orders.cancel(self.bank, self.clerk, cancelled)
            return
        server = self.random.choice([person for person in place.volunteers if person.id != elder])
        done = orders.Done(
            community=place.code, hold=hold, volunteer=server.id, day=self.today(), minutes=minutes, confirmed="card"
        )
        orders.enter(self.bank, self.clerk, done)

    def _donate(self, place: Place) -> None:
        giver = self.random.choice(place.volunteers)
        donation = gifts.Donation(id=self.bank.uuid(), community=place.code, giver=giver.id, minutes=30)
        gifts.donate(self.bank, self.clerk, donation)

    def _correct(self, place: Place, entry: str) -> None:
        asked = approvals.Reversal(id=self.bank.uuid(), community=place.code, entry=entry, reason="wrong-person")
        approvals.ask_reversal(self.bank, self.clerk, asked)
        # The last of them are left open, for the visitor of the demo to decide.
        if self.random.random() < 0.8:
            approvals.decide(self.bank, self.lead, place.code, asked.id, approve=True)

    def _grant(self, place: Place, elder: members.Known) -> None:
        """The first year's trial hours, so that an elder can order before anybody has earned."""
        asked = approvals.Grant(
            id=self.bank.uuid(), community=place.code, person=elder.id, minutes=300, payer="issue", reason="trial"
        )
        approvals.ask_grant(self.bank, self.clerk, asked)
        approvals.decide(self.bank, self.lead, place.code, asked.id, approve=True)

    def _quietly(self, act: Callable[[], None]) -> None:
        """Somebody wants to spend hours that are not there: it happens, and the bank says no."""
        try:
            act()
        except Refused as error:
            if error.code is not Code.OVERDRAFT:
                raise
