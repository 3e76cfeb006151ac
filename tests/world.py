"""The cast: two communities with their staff, a volunteer, an elder and her family, on a bank whose clock we move."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from argon2 import PasswordHasher

from timebank import migrations, settings
from timebank.access import FOR_ELDERS, OPERATOR, Actor, Role
from timebank.bank import Bank, Posted
from timebank.keyring import Master
from timebank.services import communities, gifts, hours, logins, members, orders, policies, statements
from timebank.services.queue import Waiting

HERE = "520302001001"
ELSEWHERE = "520302001002"
START_MS = 1_790_000_000_000  # 2026-09-21 22:13 in Shanghai
TODAY = "2026-09-21"
SECRET = "correct horse"
# Real argon2, as cheap as it gets: what a hash costs is not what these tests are about.
HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


# What most tests are not about is off; those that are, turn it on.
RULES = """
[relations]
friends = true
[second_person]
visit_minutes = 0
late_days = 0
"""


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    ms: int = START_MS

    def __call__(self) -> int:
        return self.ms

    def advance(self, *, days: int = 0, minutes: int = 0, ms: int = 0) -> None:
        self.ms += days * 86_400_000 + minutes * 60_000 + ms

    @property
    def day(self) -> str:
        return (date(1970, 1, 1) + timedelta(milliseconds=self.ms + 480 * 60_000)).isoformat()


def settings_in(folder: Path, app_url: str, owner_url: str) -> settings.Settings:
    """Settings whose files all lie in one folder."""
    return settings.load(
        database_url=app_url,
        owner_url=owner_url,
        highwater_path=folder / "highwater",
        master_key_path=folder / "master.key",
        keyring_path=folder / "keyring",
        secure_cookies=False,
    )


def new_bank(folder: Path, app_url: str, owner_url: str, clock: Clock) -> Bank:
    """A bank on an empty database, with randomness that repeats itself."""
    made = settings_in(folder, app_url, owner_url)
    Master.create(made.master_key_path)
    migrations.upgrade(made.owner_url, made.database_url)
    return Bank(made, clock=clock, random=random.Random(1).randbytes)


def opened_bank(folder: Path, app_url: str, owner_url: str, clock: Clock) -> Bank:
    """A bank that was made before, with other randomness than when it was made."""
    return Bank(settings_in(folder, app_url, owner_url), clock=clock, random=random.Random(2).randbytes)


def entered(done: Posted | Waiting) -> Posted:
    """What was entered at once, where nothing is to wait for a second person."""
    assert isinstance(done, Posted), done
    return done


@dataclass
class World:
    """Two founded communities and the people of the first. Every verb is a use case with plain defaults."""

    bank: Bank
    clock: Clock
    actors: dict[str, Actor] = field(default_factory=dict)
    people: dict[str, members.Known] = field(default_factory=dict)

    def build(self) -> "World":
        policies.set_layer(self.bank, OPERATOR, policies.CITY, RULES)
        for code, name in ((HERE, "大兴路社区居民委员会"), (ELSEWHERE, "红花岗社区居民委员会")):
            founding = communities.Founding(code=code, name=name, town="老城街道", county="红花岗区")
            communities.found(self.bank, OPERATOR, founding)
        staff = (
            ("clerk", Role.CLERK, HERE),
            ("clerk2", Role.CLERK, HERE),
            ("lead", Role.LEAD, HERE),
            ("auditor", Role.AUDITOR, HERE),
            ("admin", Role.ADMIN, HERE),
            ("far clerk", Role.CLERK, ELSEWHERE),
            ("far lead", Role.LEAD, ELSEWHERE),
        )
        for name, role, where in staff:
            self.login(name, role, where)
        self.register("li", "李明", HERE, is_volunteer=True, phone="13800000001", born="1990-03-05")
        self.register("zhao", "赵敏", HERE, is_volunteer=True, phone="13800000002", born="1985-11-30")
        self.register("wang", "王桂英", HERE, is_elder=True, phone="13800000003", born="1948-06-01")
        self.register(
            "daughter", "王芳", HERE, is_family=True, is_volunteer=True, phone="13800000004", born="1975-01-20"
        )
        self.register("chen", "陈秀兰", HERE, is_elder=True, born="1944-12-12")
        self.register("stranger", "周强", ELSEWHERE, is_volunteer=True, phone="13800000005", born="1992-08-08")
        self.relate("daughter", "wang")
        for name in ("li", "zhao", "wang", "daughter", "stranger"):
            person = self.people[name]
            self.login(name, Role.MEMBER, person.community, person=person.id)
        return self

    def login(self, name: str, role: Role, where: str, person: str | None = None) -> None:
        new = logins.NewLogin(
            id=self.bank.uuid(), name=name, shown=name, secret=SECRET, person=person, roles=((role, where),)
        )
        logins.create(self.bank, OPERATOR, new, hasher=HASHER)
        who = logins.by_session(self.bank, self.token(name))
        assert who is not None
        self.actors[name] = who.actor

    def token(self, name: str) -> str:
        """A fresh session of this login."""
        wanted = logins.LogIn(name=name, secret=SECRET, address="127.0.0.1")
        return logins.log_in(self.bank, wanted, hasher=HASHER)

    def register(self, key: str, name: str, community: str, **more: object) -> members.Known:
        clerk = self.actors["clerk" if community == HERE else "far clerk"]
        new = members.Registration(id=self.bank.uuid(), community=community, name=name, **more)  # type: ignore[arg-type]
        self.people[key], _ = members.register(self.bank, clerk, new)
        return self.people[key]

    def relate(self, member: str, elder: str, relation: str = "parent", **more: object) -> members.Kin:
        values: dict[str, object] = {
            "id": self.bank.uuid(),
            "community": self.people[elder].community,
            "member": self.people[member].id,
            "elder": self.people[elder].id,
            "relation": relation,
            "proof": "declaration",
            "scope": tuple(sorted(FOR_ELDERS)),
        }
        kin = members.Kin(**values | more)  # type: ignore[arg-type]
        members.relate(self.bank, self.actors["clerk"], kin)
        return kin

    def policy(self, layer: str, from_day: str | None = None) -> None:
        """What the first community wants otherwise than the default, published."""
        policies.set_layer(self.bank, self.actors["admin"], HERE, layer)
        assert policies.publish(self.bank, self.actors["admin"], HERE, from_day) is not None

    def visit(self, volunteer: str = "li", elder: str = "wang", minutes: int = 60, **more: object) -> hours.Visit:
        values: dict[str, object] = {
            "id": self.bank.uuid(),
            "community": HERE,
            "volunteer": self.people[volunteer].id,
            "served": (self.people[elder].id,),
            "day": self.clock.day,
            "minutes": minutes,
            "service": "company",
            "confirmed": "card",
        }
        return hours.Visit(**values | more)  # type: ignore[arg-type]

    def record(self, volunteer: str = "li", elder: str = "wang", minutes: int = 60, **more: object) -> Posted:
        return entered(hours.record(self.bank, self.actors["clerk"], self.visit(volunteer, elder, minutes, **more)))

    def give(self, giver: str, receiver: str, minutes: int) -> Posted:
        gift = gifts.Gift(
            id=self.bank.uuid(),
            community=HERE,
            giver=self.people[giver].id,
            receiver=self.people[receiver].id,
            minutes=minutes,
        )
        return gifts.give(self.bank, self.actors["clerk"], gift)

    def donate(self, giver: str, minutes: int) -> Posted:
        gift = gifts.Donation(id=self.bank.uuid(), community=HERE, giver=self.people[giver].id, minutes=minutes)
        return gifts.donate(self.bank, self.actors["clerk"], gift)

    def wish(self, elder: str = "wang", minutes: int = 60, **more: object) -> orders.Wish:
        values: dict[str, object] = {
            "id": self.bank.uuid(),
            "community": HERE,
            "elder": self.people[elder].id,
            "service": "meal",
            "minutes": minutes,
            "wanted_day": self.clock.day,
        }
        return orders.Wish(**values | more)  # type: ignore[arg-type]

    def order(self, elder: str = "wang", minutes: int = 60, actor: str = "clerk", **more: object) -> Posted:
        return orders.request(self.bank, self.actors[actor], self.wish(elder, minutes, **more))

    def settle(self, order: Posted, volunteer: str = "zhao", minutes: int = 60) -> Posted:
        return self.settle_hold(order.record.id, volunteer, minutes)

    def settle_hold(self, hold: str, volunteer: str = "zhao", minutes: int = 60) -> Posted:
        done = orders.Done(
            community=HERE,
            hold=hold,
            volunteer=self.people[volunteer].id,
            day=self.clock.day,
            minutes=minutes,
            confirmed="card",
        )
        return orders.enter(self.bank, self.actors["clerk"], done)

    def figures(self, person: str) -> statements.Figures:
        return statements.figures(self.bank, self.actors["clerk"], self.people[person].id)
