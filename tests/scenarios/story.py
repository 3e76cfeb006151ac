"""What a scenario knows while it is told: the world, what was done last, and what was refused."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from tests.world import HERE, World
from timebank.access import OPERATOR, Actor, Denied
from timebank.api import problems
from timebank.bank import Posted
from timebank.ledger import Code, Refused
from timebank.schemas import refusals
from timebank.schemas.words import reading
from timebank.services import approvals, audits, orders, policies, statements
from timebank.services.queue import Waiting

from .wording import PEOPLE, STAFF, day

Made = TypeVar("Made")
# From 22:13 of the day on which the world was made to 9:00 of the next, a Tuesday.
_MORNING_MS = 38_800_000


@dataclass
class Story:
    """One scenario: what was entered, put before a second person, ordered and doubted last.

    `made` is what the last act answered, where a later sentence asks for it; `form` what was filled in.
    """

    whole: World
    declined: Refused | Denied | None = None
    posted: Posted | None = None
    waiting: Waiting | None = None
    hold: str = ""
    asked: str = ""
    made: Any = None
    form: Any = None
    codes: list[str] = field(default_factory=list)
    layers: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    _unheard: bool = False

    def begin(self) -> None:
        """The rules are those that are shipped, and it is nine in the morning."""
        policies.set_layer(self.world.bank, OPERATOR, policies.CITY, "")
        policies.publish(self.world.bank, OPERATOR, HERE)
        self.world.clock.advance(ms=_MORNING_MS)

    def end(self) -> None:
        """Nothing was refused that the scenario does not tell of, and the books are sound."""
        audits.verify(self.world.bank, OPERATOR, HERE)

    @property
    def world(self) -> World:
        """Where what comes next happens, if what was done before was not refused."""
        if self._unheard and self.declined is not None:
            raise self.declined
        return self.whole

    # Who

    def actor(self, name: str) -> Actor:
        return self.world.actors[STAFF.get(name) or PEOPLE[name]]

    def person(self, name: str) -> str:
        return self.world.people[PEOPLE[name]].id

    def is_also(self, staff: str, person: str) -> None:
        """Somebody of the station is one of the people, with a log-in of her own work."""
        known = self.world.people[PEOPLE[person]]
        actor = self.actor(staff)
        self.world.actors[STAFF[staff]] = replace(actor, person=known.id, account=known.account)

    def day(self, text: str | None) -> str:
        return day(text or "今天", self.world.clock.day)

    def new_id(self) -> str:
        return self.world.bank.uuid()

    # What is done

    def attempt(self, act: Callable[[], Made]) -> Made | None:
        """Do it, and keep the refusal if there is one: the next sentence must tell of it."""
        assert not self._unheard, self.declined
        self.declined = None
        try:
            return act()
        except (Refused, Denied) as error:
            self.declined, self._unheard = error, True
            return None

    def heard(self, language: str) -> str:
        """The sentence that was the answer, as people read it."""
        assert self.declined is not None, "nothing was refused"
        self._unheard = False
        return sentence(self.declined, language)

    def post(self, act: Callable[[], Posted | Waiting | None]) -> None:
        """Do something that makes an entry, or waits for a second person."""
        done = self.attempt(act)
        if isinstance(done, Posted):
            self.posted = done
        elif isinstance(done, Waiting):
            self.waiting = done

    def decide(self, name: str, *, approve: bool) -> None:
        assert self.waiting is not None, "nothing waits"
        community, waiting = HERE, self.waiting.id
        self.post(lambda: approvals.decide(self.world.bank, self.actor(name), community, waiting, approve=approve))

    def grant(self, name: str, amount: int) -> None:
        """Minutes that somebody has from before, by the way by which a station gives them."""
        wanted = approvals.Grant(
            id=self.new_id(),
            community=HERE,
            person=self.person(name),
            minutes=amount,
            payer="issue",
            reason="correction",
        )
        approvals.ask_grant(self.world.bank, self.actor("专干"), wanted)
        approvals.decide(self.world.bank, self.actor("站长"), HERE, wanted.id, approve=True)

    # What can be seen

    @property
    def entered(self) -> Posted:
        """What was entered last, if nothing was refused since."""
        assert self.world is self.whole
        assert self.posted is not None, "nothing was entered"
        return self.posted

    def entry(self) -> str:
        """The id of the entry that was made last."""
        return self.entered.record.id

    def figures(self, name: str) -> statements.Figures:
        by = "邻社区的专干" if name == "周强" else "专干"
        return statements.figures(self.world.bank, self.actor(by), self.person(name))

    def fund(self) -> int:
        totals = audits.overview(self.world.bank, self.actor("审计员"), HERE, limit=1).totals
        return totals.get("fund", (0, 0))[1]

    def size(self) -> int:
        return audits.overview(self.world.bank, self.actor("审计员"), HERE, limit=1).head.size

    def order(self) -> orders.Told:
        return orders.told(self.world.bank, self.actor("专干"), HERE, self.hold)


def sentence(declined: Refused | Denied, language: str) -> str:
    """What the API and the pages say of it, in `language`: zh or en."""
    if isinstance(declined, Denied):
        _, english, chinese = problems.OWN["denied"]
        return chinese if language == "zh" else english
    return of_code(declined.code, declined.facts, language)


def of_code(code: Code, facts: dict[str, Any], language: str) -> str:
    with reading(language):
        return refusals.sentence(code, facts)
