"""Communities that each have a service, a database and a clock of their own, and say nothing to one another but bytes.

All are copies of one database in which every community was founded, and each writes to its own ledger alone: so each
knows the genesis of the others and who holds which card there, as two services that were introduced do.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.world import HASHER, RULES, SECRET, START_MS, Clock, entered, new_bank, settings_in
from timebank import directory
from timebank.access import OPERATOR, Actor, Role
from timebank.bank import Bank
from timebank.federation import desk
from timebank.ledger import Record, parse_record, reads
from timebank.services import approvals, communities, hours, logins, members, peers, policies, standing, transfers

CODES = ("520302001001", "520302001002", "520302001003")
NAMES = ("大兴路社区居民委员会", "红花岗社区居民委员会", "老城社区居民委员会")
GIVERS = 3  # volunteers of each community who have hours
MINUTES = 240  # of each of them
NOT_KEPT = "not kept here"


class PowerCut(BaseException):
    """The process is gone: nothing that was about to be done is done, and nobody is told anything."""


@dataclass(frozen=True, slots=True)
class Folk:
    """Who is in one community: its clerk, those with hours, an elder, and somebody who moved away."""

    clerk: Actor
    lead: Actor
    givers: tuple[members.Known, ...]
    elder: members.Known
    gone: members.Known


@dataclass(frozen=True, slots=True)
class Town:
    """What was founded, to be copied: the folder with its database, and who is where."""

    folder: Path
    folk: tuple[Folk, ...]


def found(folder: Path) -> Town:
    """The communities with their people and hours, in one database; the links that a copy must not carry are shut."""
    url = f"sqlite:///{folder / 'timebank.db'}"
    folder.mkdir()
    bank = new_bank(folder, url, url, Clock())
    policies.set_layer(bank, OPERATOR, policies.CITY, RULES)
    folk = []
    for code, name in zip(CODES, NAMES, strict=True):
        founding = communities.Founding(code=code, name=name, town="老城街道", county="红花岗区")
        communities.found(bank, OPERATOR, founding)
        folk.append(folk_of(bank, code))
    bank.close()
    return Town(folder, tuple(folk))


def folk_of(bank: Bank, code: str) -> Folk:
    """The people of a community that was just founded, with their hours."""
    clerk, lead = (_staff(bank, code, role) for role in (Role.CLERK, Role.LEAD))
    elder = _member(bank, clerk, code, "王桂英", is_elder=True, born="1948-06-01")
    givers = tuple(_member(bank, clerk, code, "李明", is_volunteer=True, born="1990-03-05") for _ in range(GIVERS))
    for giver in givers:
        serve(bank, clerk, code, giver, elder, MINUTES)
    gone = _member(bank, clerk, code, "周强", is_volunteer=True, born="1992-08-08")
    about = {"id": bank.uuid(), "community": code, "person": gone.id}
    waiting = standing.ask_closing(bank, clerk, standing.Closing(**about, reason="moved-away"))
    approvals.decide(bank, lead, code, waiting.id, approve=True)
    return Folk(clerk, lead, givers, elder, gone)


def _staff(bank: Bank, code: str, role: Role) -> Actor:
    name = f"{role} {code}"
    new = logins.NewLogin(id=bank.uuid(), name=name, shown=name, secret=SECRET, person=None, roles=((role, code),))
    logins.create(bank, OPERATOR, new, hasher=HASHER)
    session = logins.log_in(bank, logins.LogIn(name=name, secret=SECRET, address="127.0.0.1"), hasher=HASHER)
    who = logins.by_session(bank, session)
    assert who is not None
    return who.actor


def _member(bank: Bank, clerk: Actor, code: str, name: str, **more: object) -> members.Known:
    new = members.Registration(id=bank.uuid(), community=code, name=name, **more)  # type: ignore[arg-type]
    return members.register(bank, clerk, new)[0]


def serve(bank: Bank, clerk: Actor, code: str, giver: members.Known, elder: members.Known, minutes: int) -> Record:
    """A visit that the community pays: where hours come from."""
    visit = hours.Visit(
        id=bank.uuid(),
        community=code,
        volunteer=giver.id,
        served=(elder.id,),
        day=bank_day(bank),
        minutes=minutes,
        service="company",
        confirmed="card",
    )
    return entered(hours.record(bank, clerk, visit)).record


def bank_day(bank: Bank) -> str:
    return Clock(bank.clock()).day


@dataclass
class House:
    """One community's service. `number` tells the houses apart; `clock` is its own."""

    number: int
    folder: Path
    folk: Folk
    clock: Clock
    random: Random
    code: str = field(init=False)
    bank: Bank = field(init=False)
    origin: str = field(init=False)

    def __post_init__(self) -> None:
        self.code = CODES[self.number]
        self.start()
        self.origin = self.bank.origin(self.code)

    def start(self) -> None:
        url = f"sqlite:///{self.folder / 'timebank.db'}"
        settings = settings_in(self.folder, url, url)
        self.bank = Bank(settings, clock=self.clock, random=self.random.randbytes)

    def restart(self) -> None:
        self.bank.close()
        self.start()

    # --- what a service does -----------------------------------------------------------------------------------------

    def send(self, transfer: transfers.Transfer) -> None:
        transfers.send(self.bank, self.folk.clerk, transfer)

    def offer(self, since: int, *transfers: str) -> bytes:
        return desk.prove(self.bank, self.origin, since, *(f"{transfer}.hold" for transfer in transfers))

    def admit(self, sender: str, data: bytes) -> tuple[str, ...]:
        return desk.admit(self.bank, self.code, sender, data)

    def answer(self, since: int, *decisions: str) -> bytes:
        return desk.prove(self.bank, self.origin, since, *decisions)

    def conclude(self, receiver: str, data: bytes, *transfers: str) -> tuple[Record, ...]:
        return desk.conclude(self.bank, self.code, receiver, transfers, data)

    def seen(self, origin: str) -> int:
        return desk.seen_of(self.bank, self.code, origin)

    # --- what a test looks at ----------------------------------------------------------------------------------------

    def peer(self, origin: str) -> directory.transfers.Link:
        """The link to another house as this one holds it."""
        with self.bank.view() as view:
            found = directory.transfers.peer(view.connection, self.code, origin)
        assert found is not None
        return found

    def evidence(self) -> list[bytes]:
        with self.bank.view() as view:
            return [one.note for one in view.people.query(directory.Evidence).order_by(directory.Evidence.id)]

    def minutes(self, account: str) -> int:
        with self.bank.view() as view:
            return reads.account(view.connection, view.head(self.origin), account).minutes

    def balances(self) -> dict[str, int]:
        with self.bank.view() as view:
            return {one.name: one.minutes for one in reads.all_accounts(view.connection, view.head(self.origin))}

    def size(self) -> int:
        with self.bank.view() as view:
            return view.head(self.origin).size

    def records_from(self, start: int) -> list[Record]:
        with self.bank.view() as view:
            raws = reads.raw_from(view.connection, view.head(self.origin), start)
            return [parse_record(raw) for raw in raws]

    # --- what happens to a machine -----------------------------------------------------------------------------------

    def copy_database(self, to: Path) -> None:
        self.bank.engine.dispose()
        shutil.copy(self.folder / "timebank.db", to)

    def put_back(self, copy: Path) -> None:
        """Another copy in the database's place; the high-water file stays, as it does where somebody does not know."""
        self.bank.close()
        for leftover in self.folder.glob("timebank.db-*"):
            leftover.unlink()
        shutil.copy(copy, self.folder / "timebank.db")
        self.start()


@contextmanager
def dying(house: House, number: int, *, after: bool) -> Iterator[Callable[[], bool]]:
    """The power goes at that commit of a transaction, counted from 1, just before or just after it takes effect. What
    is given says whether it came to that."""
    dialect, commits = house.bank.engine.dialect, 0
    really = dialect.do_commit

    def commit(connection: object) -> None:
        nonlocal commits
        commits += 1
        if commits == number and not after:
            raise PowerCut
        really(connection)  # type: ignore[arg-type]
        if commits == number:
            raise PowerCut

    dialect.do_commit = commit  # type: ignore[method-assign, assignment]
    try:
        yield lambda: commits >= number
    finally:
        dialect.do_commit = really  # type: ignore[method-assign]


def copied(town: Town, folder: Path, number: int, random: Random) -> House:
    """A service of one community on a copy of what was founded."""
    shutil.copytree(town.folder, folder)
    house = House(number, folder, town.folk[number], Clock(START_MS), random)
    _shut_others(house)
    return house


def _shut_others(house: House) -> None:
    """The copies of other ledgers that lie in this database are not the ledgers: nothing is to be delivered to them."""
    for code in CODES:
        if code != house.code:
            peers.freeze(house.bank, OPERATOR, code, house.origin, NOT_KEPT)


def carry(sender: House, receiver: House, transfer: str) -> str:
    """Offer, decision and outcome over a network that loses nothing: the kind of the outcome."""
    decisions = receiver.admit(sender.origin, sender.offer(receiver.seen(sender.origin), transfer))
    answer = receiver.answer(sender.seen(receiver.origin), *decisions)
    (outcome,) = sender.conclude(receiver.origin, answer, transfer)
    return outcome.intent.kind


def wanted(sender: House, receiver: House, giver: int = 0, payee: int = 0, minutes: int = 60) -> transfers.Transfer:
    return transfers.Transfer(
        id=sender.bank.uuid(),
        community=sender.code,
        giver=sender.folk.givers[giver].id,
        to=receiver.code,
        card=receiver.folk.givers[payee].card,
        minutes=minutes,
    )
