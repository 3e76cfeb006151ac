"""Orders under many hands: whatever is tried by whomever, hours are neither made nor lost, and each hold ends once."""

import random
import threading
from collections import Counter
from collections.abc import Callable

from tests.world import HERE, World
from timebank import directory, lifecycle
from timebank.access import OPERATOR, Denied
from timebank.ledger import Code, Refused, reads
from timebank.lifecycle import FINAL, STEPS, Act, State
from timebank.services import audits, orders

HELD = 30
BY_HAND = sorted(set(STEPS) - {Act.LAPSE})
ONWARD = {Act.REVIEW, Act.ACCEPT, Act.CHECK_IN, Act.CHECK_OUT, Act.DOUBT}  # or few orders would come so far
ACTORS = ("li", "zhao", "clerk", "lead", "wang")
_done: Counter[Act] = Counter()


class Model:
    """Beside the bank a dictionary: which state each order must be in. Every act by every actor is tried."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.random = random.Random(seed)
        self.trail: list[str] = []
        self.states: dict[str, State] = {}
        self.volunteers: dict[str, str] = {}
        self.before = 0
        self.refused: Code | None = None

    def give_hours(self) -> None:
        self._pass(days=1)
        self.world.record(volunteer="daughter", elder="chen", minutes=240)
        self.world.give("daughter", "wang", 240)
        self.before = self._all_hours()

    def _pass(self, *, days: int = 0, minutes: int = 0) -> None:
        self.world.clock.advance(days=days, minutes=minutes)
        self.world.bank.confirm_clock()  # weeks may go by without an entry

    def _all_hours(self) -> int:
        """Of those who can get some of them here; what a cap takes goes to the fund."""
        with self.world.bank.view() as view:
            fund = reads.account(view.connection, view.head(self.world.bank.origin(HERE)), "fund").minutes
        figures = [self.world.figures(name) for name in ("wang", "li", "zhao")]
        return fund + sum(one.available + one.held for one in figures)

    def request(self) -> None:
        actor = self.random.choice(["clerk", "daughter"])
        if self.world.figures("wang").available < HELD:
            return
        hold = self.world.order(minutes=HELD, actor=actor).record.id
        self.states[hold] = State.OPEN if actor == "clerk" else State.REQUESTED

    def go_on(self) -> None:
        """An act that the state allows, by somebody who may."""
        living = [hold for hold, state in self.states.items() if state not in FINAL]
        if living:
            which = self.random.randrange(len(living))
            hold = living[which]
            allowed = [act for act in BY_HAND if lifecycle.allowed(act, self.states[hold])]
            act = self.random.choices(allowed, [5 if act in ONWARD else 1 for act in allowed])[0]
            before = self.states[hold]
            self.act(which, act, self._rightful(act, hold))
            # Two visits to her at the same minute: of these one is confirmed.
            assert self.states[hold] is STEPS[act].target or self.refused is Code.OVERLAP, (before, act)

    def _rightful(self, act: Act, hold: str) -> str:
        if act in (Act.ENTER, Act.REJECT) and self.states[hold] is State.DISPUTED:
            return "lead"
        by = {"volunteer": self.volunteers.get(hold, "li"), "lead": "lead"}
        return "li" if act is Act.ACCEPT else by.get(STEPS[act].by, "clerk")

    def try_anything(self) -> None:
        self.act(self.random.randrange(8), self.random.choice(BY_HAND), self.random.choice(ACTORS))

    def act(self, which: int, act: Act, who: str) -> None:
        if not self.states:
            return
        # Mostly one that has not ended, or most tries would be refused.
        living = [hold for hold, state in self.states.items() if state not in FINAL]
        hold = (living or list(self.states))[which % len(living or self.states)]
        before, goes = self.states[hold], self.volunteers.get(hold)
        self.trail.append(f"{act} by {who} on {hold[-4:]}, which is {before}")
        self.refused = None
        try:
            self._do(act, hold, who)
        except Denied:
            return
        except Refused as error:
            self.refused = error.code
            return
        if self._told(hold) is before and act is not Act.DISPATCH:
            return  # the same as the last one, sent again
        assert lifecycle.allowed(act, before), (act, before)
        self.states[hold] = STEPS[act].target
        _done[act] += 1
        if act in (Act.ACCEPT, Act.DISPATCH):
            self.volunteers[hold] = who if act is Act.ACCEPT else "zhao"
        elif act in (Act.CHECK_IN, Act.CHECK_OUT, Act.KNOCK, Act.GIVE_BACK):
            assert who in (goes, "clerk")

    def _do(self, act: Act, hold: str, who: str) -> None:
        bank, actor = self.world.bank, self.world.actors[who]
        ended = orders.Cancelled(community=HERE, hold=hold, reason="cancelled")
        person = self.world.people["zhao"].id
        acts: dict[Act, Callable[[], object]] = {
            Act.REVIEW: lambda: orders.review(bank, actor, HERE, hold),
            Act.DECLINE: lambda: orders.decline(bank, actor, ended),
            Act.ACCEPT: lambda: orders.accept(bank, actor, HERE, hold),
            Act.DISPATCH: lambda: orders.dispatch(
                bank, actor, orders.Sent(community=HERE, hold=hold, volunteer=person)
            ),
            Act.GIVE_BACK: lambda: orders.give_back(bank, actor, HERE, hold),
            Act.MISS: lambda: orders.miss(bank, actor, HERE, hold),
            Act.CHECK_IN: lambda: orders.check_in(bank, actor, HERE, hold),
            Act.KNOCK: lambda: orders.knock(bank, actor, HERE, hold),
            Act.CALL_OFF: lambda: orders.call_off(bank, actor, HERE, hold),
            Act.CHECK_OUT: lambda: orders.check_out(bank, actor, HERE, hold),
            Act.CONFIRM: lambda: orders.confirm(
                bank, actor, orders.Confirmed(community=HERE, hold=hold, reason="cannot-sign")
            ),
            Act.DOUBT: lambda: orders.doubt(bank, actor, orders.Doubt(community=HERE, hold=hold)),
            Act.ENTER: lambda: orders.enter(
                bank,
                actor,
                orders.Done(
                    community=HERE, hold=hold, volunteer=person, day=self.world.clock.day, minutes=35, confirmed="paper"
                ),
            ),
            Act.REJECT: lambda: orders.reject(bank, actor, HERE, hold),
            Act.CANCEL: lambda: orders.cancel(bank, actor, ended),
        }
        acts[act]()

    def time_passes(self) -> None:
        self._pass(minutes=self.random.randint(1, 90))

    def a_day_passes_and_the_clock_runs(self) -> None:
        self._pass(days=1, minutes=61)
        orders.run_clock(self.world.bank, OPERATOR)
        for hold, state in self.states.items():
            if lifecycle.allowed(Act.LAPSE, state):
                self.states[hold] = State.RELEASED
                _done[Act.LAPSE] += 1

    def _told(self, hold: str) -> State:
        return State(orders.told(self.world.bank, self.world.actors["clerk"], HERE, hold).state)

    def compare(self) -> None:
        with self.world.bank.view() as view:
            found = directory.orders.of_holds(view.connection, HERE, self.states)
            holds = reads.holds(view.connection, view.head(self.world.bank.origin(HERE)), sorted(self.states))
        for hold, state in self.states.items():
            assert found[hold].state == state
            assert (holds[hold].outcome is not None) is (state in FINAL)
        living = sum(1 for state in self.states.values() if state not in FINAL)
        assert self.world.figures("wang").held == living * HELD

    def run(self, steps: int) -> None:
        self.give_hours()
        likely = [self.request, self.go_on, self.go_on, self.go_on, self.try_anything, self.try_anything]
        for _ in range(steps):
            rare = [self.time_passes, self.a_day_passes_and_the_clock_runs]
            self.random.choices([*likely, *rare], [4] * len(likely) + [3, 1])[0]()
            self.compare()
        self.end()

    def end(self) -> None:
        """Every order can be ended from where it is; then no hour was made or lost, and the audit finds the same."""
        ways = {State.UNANSWERED: (Act.CALL_OFF, "clerk"), State.DISPUTED: (Act.REJECT, "lead")}
        for hold, state in self.states.items():
            if state not in FINAL:
                early = state in STEPS[Act.CANCEL].sources
                act, who = ways.get(state, (Act.CANCEL if early else Act.ENTER, "clerk"))
                self._do(act, hold, who)
        assert self.world.figures("wang").held == 0
        assert self._all_hours() == self.before
        audits.verify(self.world.bank, self.world.actors["auditor"], HERE)


def test_whatever_is_tried_the_orders_go_as_the_table_says(world: World) -> None:
    _done.clear()
    for seed in range(5):
        model = Model(world, seed)
        try:
            model.run(steps=90)
        except BaseException as error:
            error.add_note(f"seed {seed}:\n" + "\n".join(model.trail[-12:]))
            raise
    assert set(STEPS) - set(_done) == set(), "what was never done was not tested"


def test_of_many_hands_at_once_one_outcome_remains(world: World) -> None:
    """The elder cancels, the clerk enters, the clock lapses and a volunteer accepts, all at the same moment."""
    world.record(volunteer="daughter", elder="chen", minutes=240)
    world.give("daughter", "wang", 240)
    for _ in range(6):
        hold = world.order(minutes=HELD, wanted_day="2026-09-20").record.id
        told = _at_once(_five_hands(world, hold))
        assert all(code in (None, Code.ORDER_STATE, Code.HOLD_FINISHED, Code.ID_TAKEN) for code in told), told
        state = orders.told(world.bank, world.actors["clerk"], HERE, hold).state
        assert state in ("confirmed", "released")
    paid = world.figures("zhao").available
    assert world.figures("wang").available + paid == 240
    assert world.figures("wang").held == 0
    audits.verify(world.bank, world.actors["auditor"], HERE)


def _five_hands(world: World, hold: str) -> list[Callable[[], object]]:
    ended = orders.Cancelled(community=HERE, hold=hold, reason="cancelled")
    done = orders.Done(
        community=HERE,
        hold=hold,
        volunteer=world.people["zhao"].id,
        day=world.clock.day,
        minutes=HELD,
        confirmed="paper",
    )
    return [
        lambda: orders.cancel(world.bank, world.actors["wang"], ended),
        lambda: orders.cancel(world.bank, world.actors["clerk"], ended),
        lambda: orders.enter(world.bank, world.actors["clerk"], done),
        lambda: orders.accept(world.bank, world.actors["li"], HERE, hold),
        lambda: orders.run_clock(world.bank, OPERATOR),
    ]


def _at_once(acts: list[Callable[[], object]]) -> list[Code | None]:
    """Run all from one starting line; the refusals, None where there was none."""
    start = threading.Barrier(len(acts))
    told: list[Code | None] = [None] * len(acts)
    odd: list[BaseException] = []

    def run(place: int, act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
        except Refused as error:
            told[place] = error.code
        except BaseException as error:
            odd.append(error)

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert odd == []
    return told
