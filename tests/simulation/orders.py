"""The way of an order in the simulated year: who asks, who takes it, what goes wrong at the door, who confirms."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from tests.simulation import season
from tests.simulation.county import (
    DAY_MS,
    MINUTE_MS,
    County,
    Person,
    Place,
    day_after,
    day_ms,
    elsewhere,
    were_there,
)
from timebank import lifecycle
from timebank.access import OPERATOR, Actor
from timebank.ledger import Code
from timebank.lifecycle import FINAL, STEPS, Act, State
from timebank.services import orders

_ANY_TIME = 1440
_GRACE_MINUTES, _ANSWER_MINUTES = 60, 30
_EARLY = STEPS[Act.CANCEL].sources
_OWN_HAND = frozenset({"phone", "card", "code"})


@dataclass(eq=False, kw_only=True)
class Ask:
    """One order as the simulation knows it; `turn` counts its acts, so that what was planned before one is dropped."""

    place: Place
    elder: Person
    also: tuple[Person, ...]
    hold: str
    minutes: int
    wanted: str
    start: int
    asked_ms: int
    state: State
    turn: int = 0
    volunteer: Person | None = None
    promised: tuple[int, int] | None = None
    came_ms: int = 0
    left_ms: int = 0
    silent_ms: int | None = None
    passed_over: bool = False
    waits: bool = True

    @property
    def start_ms(self) -> int:
        return day_ms(self.wanted, self.start)

    @property
    def lapses_ms(self) -> int:
        return self.start_ms + _GRACE_MINUTES * MINUTE_MS

    @property
    def served(self) -> list[Person]:
        return [self.elder, *self.also]

    @property
    def server(self) -> Person:
        assert self.volunteer is not None
        return self.volunteer


@dataclass
class Waits:
    """Minutes from asking to what followed."""

    accepted: list[int] = field(default_factory=list)
    served: list[int] = field(default_factory=list)


class Orders:
    """Asks in the name of the people of a place, and lets each order go its way."""

    def __init__(self, county: County) -> None:
        self.county = county
        self.random = county.random
        self.bank = county.bank
        self.waits = Waits()

    # --- asking ------------------------------------------------------------------------------------------------------

    def ask(self, place: Place) -> None:
        """Somebody needs something: an elder by telephone, who acts for her, or the station for her."""
        county, elder = self.county, self.random.choice(place.elders)
        if county.chance(0.01):
            younger = [one for one in place.volunteers if one.born > 1970]
            elder = self.random.choice(younger or [elder])
        by = self._who_asks(place, elder)
        weeks = 4 if county.chance(0.02) else 1
        wanted = self._wanted_day(weeks)
        if wanted is None:
            return
        others = [one for one in place.elders if one is not elder and one.standing == "active"]
        # The station brings anybody along; a relative only whom she acts for, which is rare here.
        also = (self.random.choice(others),) if others and weeks == 1 and not by and county.chance(0.04) else ()
        minutes = self.random.choice((30, 30, 60, 60, 60, 90, 120))
        start = _ANY_TIME if county.chance(0.15) else self.random.randrange(16, 36) * 30
        payer = self._payer(place, elder, by, minutes * weeks)
        wish = orders.Wish(
            id=self.bank.uuid(), community=place.code, elder=elder.id, minutes=minutes, wanted_day=wanted, weeks=weeks,
            service=season.service(self.random, date.fromisoformat(wanted)), payer=payer,
            also=tuple(one.id for one in also),
            start=None if start == _ANY_TIME else start, place="家" if county.chance(0.5) else None,
            note="请先打电话" if county.chance(0.1) else None,
        )  # fmt: skip
        self._request(place, elder, also, by, wish)

    def ask_for_the_dead(self, place: Place, elder: Person) -> None:
        """The station has not heard of it yet."""
        wish = orders.Wish(
            id=self.bank.uuid(), community=place.code, elder=elder.id, minutes=60, service="meal",
            wanted_day=day_after(self.county.today, 1), payer="public",
        )  # fmt: skip
        self._request(place, elder, (), None, wish)

    def _who_asks(self, place: Place, elder: Person) -> Person | None:
        """None: the station."""
        relatives = [one for one in elder.kin if elder in one.elders and one.standing == "active"]
        if relatives and self.county.chance(0.3):
            return self.random.choice(relatives)
        return elder if elder.phone and self.county.chance(0.6) else None

    def _wanted_day(self, weeks: int) -> str | None:
        """Mostly in the coming days; None where the year would be over."""
        day = day_after(self.county.today, self.random.choice((1, 1, 1, 2, 2, 3, 4, 5, 7)))
        return None if day_after(day, 7 * (weeks - 1)) > day_after(self.county.plan.last_day, 3) else day

    def _payer(self, place: Place, elder: Person, by: Person | None, needed: int) -> str:
        tally = place.tally
        if tally.minutes[elder.account] >= needed:
            return "elder"
        if by is not None and by is not elder and tally.minutes[by.account] >= needed and self.county.chance(0.5):
            return "self"
        return "public" if self.county.chance(0.85) else "elder"

    def _request(
        self, place: Place, elder: Person, also: tuple[Person, ...], by: Person | None, wish: orders.Wish
    ) -> None:
        county, tally, needed = self.county, place.tally, wish.minutes * wish.weeks
        actor = place.staff["clerk"] if by is None else county.actor(by)
        source, expected, possible = self._purse(place, elder, by, wish)
        if by is not None and county.chance(0.2):
            self._quote(actor, wish, source, tally.minutes[source])
        posted, refused = county.attempt(lambda: orders.request(self.bank, actor, wish), expected, *possible)
        if posted is None:
            county.saw(f"asking was refused: {refused}")
            return
        county.saw(f"act {Act.REQUEST}")
        county.saw(f"paid by {wish.payer}")
        state = State.OPEN if by is None or not place.ways.review else State.REQUESTED
        for week, record in enumerate((posted.record, *posted.followed)):
            tally.hold(record.id, source, wish.minutes)
            ask = Ask(
                place=place, elder=elder, also=also, hold=record.id, minutes=wish.minutes, state=state,
                wanted=day_after(wish.wanted_day, 7 * week), asked_ms=county.clock.ms,
                start=_ANY_TIME if wish.start is None else wish.start,
            )  # fmt: skip
            place.living[ask.hold] = ask
            place.asks.append(ask)
            county.saw(f"state {state}")
            self._wait(ask)
        assert needed == wish.minutes * (1 + len(posted.followed))

    def _purse(
        self, place: Place, elder: Person, by: Person | None, wish: orders.Wish
    ) -> tuple[str, Code | None, list[Code]]:
        """From which account it must be held; which refusal must come, and which may."""
        tally, needed = place.tally, wish.minutes * wish.weeks
        reasons = [
            (elder.standing == "deceased", Code.PERSON_DECEASED),
            (elder.standing == "suspended", Code.PERSON_SUSPENDED),
            (elder.born > 1970, Code.TOO_YOUNG_TO_REDEEM),
        ]
        possible = []
        if wish.payer == "public":
            source = "fund" if tally.minutes["fund"] >= needed else "issue"
            possible = [Code.QUOTA_SHORT]
        elif wish.payer == "self":
            assert by is not None
            source = by.account
            reasons.append((by.relation == "other" and not place.ways.friends, Code.NOT_IN_CIRCLE))
        else:
            source = elder.account
            reasons.append((tally.minutes[source] < needed, Code.OVERDRAFT))
            possible = [Code.OVER_CONSENT] if by is not None and by is not elder else []
        expected = next((code for is_so, code in reasons if is_so), None)
        return source, expected, possible

    def _quote(self, actor: Actor, wish: orders.Wish, source: str, has: int) -> None:
        """What she is told before she asks is what the tally says."""
        possible = (Code.QUOTA_SHORT, Code.NOT_IN_CIRCLE)
        quote, _ = self.county.attempt(lambda: orders.quote(self.bank, actor, wish), None, *possible)
        if quote is not None:
            assert quote.payer == source.partition(":")[0]
            assert wish.payer == "public" or quote.available == has
            self.county.saw("quote")

    def _wait(self, ask: Ask) -> None:
        """Before the station, or on the board; what nobody takes the clock ends."""
        if ask.state is State.REQUESTED:
            minutes = self.random.expovariate(1 / 400)
            self._then(ask, self.county.clock.ms + int(minutes * MINUTE_MS), self._look_at)
        else:
            # The day before, the station sees who is without anybody.
            self._then(ask, ask.start_ms - self.random.randrange(14, 22) * 60 * MINUTE_MS, self._send)

    def _look_at(self, ask: Ask) -> None:
        clerk, place = ask.place.staff["clerk"], ask.place
        if self.county.chance(0.02):
            ended = orders.Cancelled(community=place.code, hold=ask.hold, reason="no-offer")
            self.county.attempt(lambda: orders.decline(self.bank, clerk, ended), None)
            self._end(ask, Act.DECLINE)
            return
        self.county.attempt(lambda: orders.review(self.bank, clerk, place.code, ask.hold), None)
        self._step(ask, Act.REVIEW)
        self._wait(ask)

    # --- taking it ---------------------------------------------------------------------------------------------------

    def look_at_board(self, place: Place) -> None:
        """A volunteer looks for something to do, and takes the first order that suits."""
        volunteer = self.random.choice(place.volunteers)
        actor = self.county.actor(volunteer)
        shown = orders.board(self.bank, actor, place.code)
        assert all(place.living[one.hold].state is State.OPEN for one in shown)
        found = [place.living[one.hold] for one in shown]
        ask = next((one for one in found if self._suits(one, volunteer)), None)
        if ask is not None and self._accept(ask, volunteer) and self.county.chance(0.03):
            self._come_second(ask)

    def _suits(self, ask: Ask, volunteer: Person) -> bool:
        if volunteer in ask.served or any(volunteer in one.kin for one in ask.served):
            return False
        start = self._meant_start(ask)
        if start < self.county.clock.ms + 45 * MINUTE_MS:
            return False
        return not _clashes(volunteer, start, start + ask.minutes * MINUTE_MS)

    def _meant_start(self, ask: Ask) -> int:
        """Where no time was said, mid-morning."""
        return ask.start_ms if ask.start != _ANY_TIME else day_ms(ask.wanted, 10 * 60)

    def _accept(self, ask: Ask, volunteer: Person) -> bool:
        actor, place = self.county.actor(volunteer), ask.place
        expected = Code.PERSON_SUSPENDED if volunteer.standing == "suspended" else None
        _, refused = self.county.attempt(lambda: orders.accept(self.bank, actor, place.code, ask.hold), expected)
        if refused is not None:
            return False
        self._step(ask, Act.ACCEPT)
        self._taken(ask, volunteer)
        return True

    def _come_second(self, ask: Ask) -> None:
        """Two telephones at the same moment: the first one has it."""
        other = self.random.choice(ask.place.volunteers)
        if other is not ask.volunteer:
            actor, code = self.county.actor(other), ask.place.code
            self.county.attempt(lambda: orders.accept(self.bank, actor, code, ask.hold), Code.ORDER_STATE)
            self.county.saw("two took the same order")

    def _send(self, ask: Ask) -> None:
        """The station finds somebody, or leaves it on the board."""
        clerk, code = ask.place.staff["clerk"], ask.place.code
        if self.county.chance(0.3):
            return
        named = {one.person for one in orders.candidates(self.bank, clerk, code, ask.hold)}
        fits = [one for one in ask.place.volunteers if one.id in named and self._suits(ask, one)]
        if fits:
            self._dispatch(ask, self.random.choice(fits))

    def _dispatch(self, ask: Ask, volunteer: Person) -> bool:
        clerk, code = ask.place.staff["clerk"], ask.place.code
        sent = orders.Sent(community=code, hold=ask.hold, volunteer=volunteer.id)
        expected = Code.PERSON_SUSPENDED if volunteer.standing == "suspended" else None
        _, refused = self.county.attempt(lambda: orders.dispatch(self.bank, clerk, sent), expected)
        if refused is not None:
            return False
        self._free(ask)
        self._step(ask, Act.DISPATCH)
        self._taken(ask, volunteer)
        return True

    def _taken(self, ask: Ask, volunteer: Person) -> None:
        """What will come of it is drawn now."""
        start = self._meant_start(ask)
        ask.volunteer, ask.promised = volunteer, (start, start + ask.minutes * MINUTE_MS)
        volunteer.busy = [one for one in volunteer.busy if one[1] > self.county.clock.ms] + [ask.promised]
        if ask.waits:
            ask.waits = False
            self.waits.accepted.append((self.county.clock.ms - ask.asked_ms) // MINUTE_MS)
        before = self.county.clock.ms + int((start - self.county.clock.ms) * self.random.random())
        early = int(self.random.gauss(0, 6)) * MINUTE_MS
        fates: list[tuple[float, int, Callable[[Ask], None]]] = [
            (0.05, before, self._give_back),
            (0.05, before, self._cancel),
            (0.02, before, self._replace),
            (0.03, start + 25 * MINUTE_MS, self._miss),
            (0.05, start + early, self._knock),
            (0.12, start + self.random.randrange(1, 4) * DAY_MS, self._enter_slip),
            (0.68, start + early, self._check_in),
        ]
        _, ms, fate = self.random.choices(fates, [share for share, _, _ in fates])[0]
        self._then(ask, ms, fate)

    def _give_back(self, ask: Ask) -> None:
        actor, code = self.county.actor(ask.server), ask.place.code
        self.county.attempt(lambda: orders.give_back(self.bank, actor, code, ask.hold), None)
        self.open_again(ask, Act.GIVE_BACK)

    def _miss(self, ask: Ask) -> None:
        """The volunteer did not come."""
        clerk, code = ask.place.staff["clerk"], ask.place.code
        self.county.attempt(lambda: orders.miss(self.bank, clerk, code, ask.hold), None)
        self.county.saw("volunteer did not come")
        self.open_again(ask, Act.MISS)
        if self.county.chance(0.5):
            # What was given later that day is entered from a slip.
            self._then(ask, self.county.clock.ms + 20 * MINUTE_MS, self._step_in)

    def _step_in(self, ask: Ask) -> None:
        ready = [one for one in ask.place.volunteers if one.standing == "active" and not one.busy]
        ready = [one for one in ready if one not in ask.served and not any(one in elder.kin for elder in ask.served)]
        if ready:
            ask.volunteer = self.random.choice(ready)
            self._enter_slip(ask)

    def _replace(self, ask: Ask) -> None:
        """The station sends another one in her place."""
        fits = [one for one in ask.place.volunteers if one is not ask.volunteer and self._suits(ask, one)]
        if not fits or not self._dispatch(ask, self.random.choice(fits)):
            self._then(ask, self._meant_start(ask), self._check_in)

    def open_again(self, ask: Ask, act: Act) -> None:
        self._free(ask)
        self._step(ask, act)
        ask.volunteer = None
        if self.county.clock.ms < ask.start_ms:
            self._then(ask, self.county.clock.ms + 30 * MINUTE_MS, self._send)

    def _cancel(self, ask: Ask) -> None:
        ended = orders.Cancelled(community=ask.place.code, hold=ask.hold, reason="cancelled")
        actor = self._hers(ask)[1]
        self.county.attempt(lambda: orders.cancel(self.bank, actor, ended), None)
        self._end(ask, Act.CANCEL)

    # --- at the door -------------------------------------------------------------------------------------------------

    def _knock(self, ask: Ask) -> None:
        actor, code = self.county.actor(ask.server), ask.place.code
        self.county.attempt(lambda: orders.knock(self.bank, actor, code, ask.hold), None)
        self._step(ask, Act.KNOCK)
        if self.county.chance(0.4):
            self._then(ask, self.county.clock.ms + 10 * MINUTE_MS, self._check_in)
        else:
            self._then(ask, self.county.clock.ms + _ANSWER_MINUTES * MINUTE_MS, self._call_off)

    def _call_off(self, ask: Ask) -> None:
        clerk, code = ask.place.staff["clerk"], ask.place.code
        self.county.attempt(lambda: orders.call_off(self.bank, clerk, code, ask.hold), None)
        self.county.saw("nobody answered")
        self._end(ask, Act.CALL_OFF)

    def _check_in(self, ask: Ask) -> None:
        actor, code = self.county.actor(ask.server), ask.place.code
        self.county.attempt(lambda: orders.check_in(self.bank, actor, code, ask.hold), None)
        self._step(ask, Act.CHECK_IN)
        ask.came_ms = self.county.clock.ms
        self._then(ask, ask.came_ms + self._length(ask) * MINUTE_MS, self._check_out)

    def _length(self, ask: Ask) -> int:
        """About as long as was asked for; sometimes too short to count."""
        return 10 if self.county.chance(0.03) else max(20, ask.minutes + int(self.random.gauss(2, 9)))

    def _check_out(self, ask: Ask) -> None:
        actor, code = self.county.actor(ask.server), ask.place.code
        minutes, _ = self.county.attempt(lambda: orders.check_out(self.bank, actor, code, ask.hold), None)
        self._step(ask, Act.CHECK_OUT)
        self._free(ask)
        ask.left_ms = self.county.clock.ms
        assert minutes == (ask.left_ms - ask.came_ms) // MINUTE_MS
        self.waits.served.append((ask.left_ms - ask.asked_ms) // MINUTE_MS)
        if ask.place.ways.silence_days and ask.elder.phone:
            ask.silent_ms = ask.left_ms + ask.place.ways.silence_days * DAY_MS
            if self.county.chance(0.4):
                return  # she says nothing, and the clock confirms
        act = self._doubt if self.county.chance(0.03) else self._confirm
        self._then(ask, ask.left_ms + int(self.random.expovariate(1 / 300)) * MINUTE_MS, act)

    # --- confirming --------------------------------------------------------------------------------------------------

    def _hers(self, ask: Ask) -> tuple[str, Actor]:
        """By whose hand something is done for the elder: her own, a relative's, or the station's."""
        relatives = [
            one for one in ask.elder.kin
            if ask.elder in one.elders and one is not ask.volunteer and one.standing == "active"
        ]  # fmt: skip
        is_alive = ask.elder.standing != "deceased"
        if is_alive and ask.elder.phone and self.county.chance(0.7):
            return "phone", self.county.actor(ask.elder)
        if is_alive and relatives and self.county.chance(0.5):
            return "proxy", self.county.actor(self.random.choice(relatives))
        return "clerk", ask.place.staff["clerk"]

    def _confirm(self, ask: Ask) -> None:
        how, actor = self._hers(ask)
        code, hold = ask.place.code, ask.hold
        confirmed = orders.Confirmed(community=code, hold=hold)
        if how == "clerk" and ask.elder.standing != "deceased":
            how, actor, confirmed = self._without_telephone(ask)
        elif how == "clerk":
            confirmed = orders.Confirmed(community=code, hold=hold, reason="deceased")
        if how in ("phone", "clerk") and self.county.chance(0.04):
            self._wrongly(ask)
        self.confirm_as(ask, how, actor, confirmed)

    def _without_telephone(self, ask: Ask) -> tuple[str, Actor, orders.Confirmed]:
        """A code torn off her sheet and typed by the volunteer, her card, or the clerk's word with a reason."""
        code, hold, clerk = ask.place.code, ask.hold, ask.place.staff["clerk"]
        if self.county.chance(0.75) and ask.server.standing == "active":
            if not ask.elder.codes:
                ask.elder.codes = orders.make_sheet(self.bank, clerk, code, ask.elder.id)
            torn = ask.elder.codes.pop()
            actor = self.county.actor(ask.server)
            if self.county.chance(0.05):
                wrong = orders.Confirmed(community=code, hold=hold, code=torn[::-1] + "0")
                self.county.attempt(lambda: orders.confirm(self.bank, actor, wrong), Code.CODE_WRONG)
            return "code", actor, orders.Confirmed(community=code, hold=hold, code=torn)
        if self.county.plan.pins and self.county.chance(0.25):
            pin = self.county.pin_of(ask.elder)
            # Few use a card: the first of all mistypes, so that it is tried in a small year too.
            if not self.county.refused[Code.LOGIN_WRONG] or self.county.chance(0.2):
                wrong = orders.Confirmed(community=code, hold=hold, pin="000000", address="station")
                self.county.attempt(lambda: orders.confirm(self.bank, clerk, wrong), Code.LOGIN_WRONG)
            return "card", clerk, orders.Confirmed(community=code, hold=hold, pin=pin, address="station")
        return "clerk", clerk, orders.Confirmed(community=code, hold=hold, reason="cannot-sign")

    def _wrongly(self, ask: Ask) -> None:
        """The volunteer would rather confirm herself; the clerk gives no reason."""
        confirmed = orders.Confirmed(community=ask.place.code, hold=ask.hold)
        actor, clerk = self.county.actor(ask.server), ask.place.staff["clerk"]
        if ask.server.standing != "deceased":
            self.county.attempt(lambda: orders.confirm(self.bank, actor, confirmed), Code.OWN_SERVICE)
        self.county.attempt(lambda: orders.confirm(self.bank, clerk, confirmed), Code.REASON_MISSING)

    def confirm_as(self, ask: Ask, how: str, actor: Actor, confirmed: orders.Confirmed) -> None:
        expected = self._refusal(ask)
        _, refused = self.county.attempt(lambda: orders.confirm(self.bank, actor, confirmed), expected)
        if refused is None:
            self._settled(ask, Act.CONFIRM, how)
        elif refused is Code.PERSON_SUSPENDED:
            self._then(ask, self.county.clock.ms + 10 * DAY_MS, self._confirm)
        else:
            self._then(ask, self.county.clock.ms + DAY_MS, self.enter)

    def _when(self, ask: Ask) -> tuple[str, int, int]:
        """The day and the minutes after midnight at which it was given."""
        day = _day_of(ask.came_ms)
        start = (ask.came_ms - day_ms(day)) // MINUTE_MS
        minutes = max(1, (ask.left_ms - ask.came_ms) // MINUTE_MS)
        if ask.place.ways.refuses_longer:
            minutes = min(minutes, ask.minutes)  # the rest is not of this order
        return day, start, start + minutes

    def _refusal(self, ask: Ask) -> Code | None:
        """Why it cannot be confirmed now, by what the simulation knows."""
        if ask.server.standing == "suspended":
            return Code.PERSON_SUSPENDED
        return Code.OVERLAP if elsewhere([ask.server, *ask.served], *self._when(ask)) else None

    def _doubt(self, ask: Ask) -> None:
        actor = self._hers(ask)[1]
        doubted = orders.Doubt(community=ask.place.code, hold=ask.hold)
        self.county.attempt(lambda: orders.doubt(self.bank, actor, doubted), None)
        self.county.saw("dispute")
        self._step(ask, Act.DOUBT)
        decide = self.enter if self.county.chance(0.6) else self.reject
        self._then(ask, self.county.clock.ms + self.random.randrange(1, 5) * DAY_MS, decide)

    def reject(self, ask: Ask) -> None:
        lead, code = ask.place.staff["lead"], ask.place.code
        self.county.attempt(lambda: orders.reject(self.bank, lead, code, ask.hold), None)
        self._end(ask, Act.REJECT)

    def enter(self, ask: Ask) -> None:
        """By a clerk, or the lead who decides a doubt, without times: those overlapped or are in doubt."""
        day = _day_of(ask.came_ms)
        minutes = max(1, (ask.left_ms - ask.came_ms) // MINUTE_MS)
        self._enter(ask, day, minutes, None, self.enter)

    def _enter_slip(self, ask: Ask) -> None:
        """The volunteer has no telephone at hand: a clerk enters what the slip says, days later."""
        minutes = self._length(ask)
        start = (self._meant_start(ask) - day_ms(ask.wanted)) // MINUTE_MS
        if day_ms(ask.wanted, start + minutes) > self.county.clock.ms:
            start = 8 * 60  # stepped in at once
        self._enter(ask, ask.wanted, minutes, start if self.county.chance(0.7) else None, self._enter_slip)

    def _enter(self, ask: Ask, day: str, minutes: int, start: int | None, again: Callable[[Ask], None]) -> None:
        place, who = ask.place, "lead" if ask.state is State.DISPUTED else "clerk"
        actor = place.staff[who]
        people = [ask.server, *ask.served]
        if place.ways.refuses_longer and minutes > ask.minutes:
            longer = self._done(ask, day, minutes, start)
            self.county.attempt(lambda: orders.enter(self.bank, actor, longer), Code.LONGER_THAN_HELD)
            minutes = ask.minutes
        if start is not None and elsewhere(people, day, start, start + minutes):
            clash = self._done(ask, day, minutes, start)
            first = Code.PERSON_SUSPENDED if ask.server.standing == "suspended" else Code.OVERLAP
            self.county.attempt(lambda: orders.enter(self.bank, actor, clash), first)
            start = None
        done = self._done(ask, day, minutes, start)
        expected = Code.PERSON_SUSPENDED if ask.server.standing == "suspended" else None
        _, refused = self.county.attempt(lambda: orders.enter(self.bank, actor, done), expected)
        if refused is not None:
            self._then(ask, self.county.clock.ms + 10 * DAY_MS, again)
            return
        ask.came_ms = day_ms(day, start or 0)
        ask.left_ms = ask.came_ms + minutes * MINUTE_MS
        self._settled(ask, Act.ENTER, done.confirmed, is_timed=start is not None)

    def _done(self, ask: Ask, day: str, minutes: int, start: int | None) -> orders.Done:
        return orders.Done(
            community=ask.place.code, hold=ask.hold, volunteer=ask.server.id, day=day, minutes=minutes,
            confirmed="paper", start=start, end=None if start is None else start + minutes,
        )  # fmt: skip

    # --- the clock ---------------------------------------------------------------------------------------------------

    def run_clock(self) -> None:
        """What nobody took ends, what nobody doubted is confirmed: as many as must be."""
        now = self.county.clock.ms
        living = [ask for place in self.county.places for ask in place.living.values()]
        lapsing = [ask for ask in living if ask.state in lifecycle.FIRST and ask.lapses_ms <= now]
        silent = [ask for ask in living if ask.state is State.SERVED and (ask.silent_ms or now + 1) <= now]
        # In the order in which the clock takes them, for one service may be in the way of the next.
        confirmed, refused = [], []
        for ask in sorted(silent, key=lambda one: one.silent_ms or 0):
            if self._refusal(ask) is None:
                confirmed.append(ask)
                self._settled(ask, Act.CONFIRM, "auto")
            else:
                refused.append(ask)
        if lapsing or silent:
            done = orders.run_clock(self.bank, OPERATOR)
            expected = {"lapsed": len(lapsing), "confirmed": len(confirmed), "passed over": len(refused)}
            if done != expected:
                self.county.broken.append(f"{self.county.today}: the clock did {done} and not {expected}")
        for ask in lapsing:
            self._end(ask, Act.LAPSE)
        for ask in refused:
            if not ask.passed_over:
                ask.passed_over = True
                self._then(ask, now + MINUTE_MS, self.enter)

    # --- how an order goes on ----------------------------------------------------------------------------------------

    def _then(self, ask: Ask, ms: int, act: Callable[[Ask], None]) -> None:
        """Unless something else is done to the order first."""
        turn = ask.turn

        def go_on() -> None:
            if ask.turn == turn and ask.state not in FINAL:
                act(ask)

        self.county.at(ms, go_on)

    def _step(self, ask: Ask, act: Act) -> None:
        assert lifecycle.allowed(act, ask.state), (act, ask.state)
        ask.state = STEPS[act].target
        ask.turn += 1
        self.county.saw(f"act {act}")
        self.county.saw(f"state {ask.state}")
        if ask.state in FINAL:
            del ask.place.living[ask.hold]

    def _free(self, ask: Ask) -> None:
        if ask.volunteer is not None and ask.promised is not None:
            ask.volunteer.busy = [one for one in ask.volunteer.busy if one != ask.promised]
            ask.promised = None

    def _end(self, ask: Ask, act: Act) -> None:
        """The hours went back."""
        self._free(ask)
        self._step(ask, act)
        ask.place.tally.release(ask.hold)
        self.county.saw(f"outcome {act}")

    def stop(self, person: Person) -> None:
        """What the bank does when somebody dies: what was ordered for her ends, what she had taken is open again."""
        for ask in list(person.place.living.values()):
            if ask.elder is person and ask.state in _EARLY:
                self._end(ask, Act.CANCEL)
                self.county.saw("an order ended by a death")
            elif ask.volunteer is person and ask.state is State.ACCEPTED:
                self.open_again(ask, Act.GIVE_BACK)

    def _settled(self, ask: Ask, act: Act, how: str, *, is_timed: bool = True) -> None:
        self._free(ask)
        self._step(ask, act)
        day, start, end = self._when(ask)
        paid = ask.place.tally.settle(ask.hold, ask.server.account, day, end - start)
        self.county.saw("outcome confirmed" if paid else "outcome below a step")
        self.county.saw(f"confirmed by {how}")
        self.county.saw(f"hand {'own' if how in _OWN_HAND else 'other'}")
        if paid:
            ask.place.remember(f"{ask.hold}.outcome", ask.server, ask.elder)
        if is_timed:
            entry = f"{ask.hold}.outcome" if paid else ""
            were_there(entry, [ask.server, *ask.served], day, start, end)

    # --- the end of the year -----------------------------------------------------------------------------------------

    def close(self, ask: Ask) -> None:
        """However far it came, it ends."""
        clerk, code = ask.place.staff["clerk"], ask.place.code
        if ask.state in _EARLY:
            self._cancel(ask)
        elif ask.state is State.UNANSWERED:
            self._call_off(ask)
        elif ask.state is State.DISPUTED:
            self.reject(ask)
        elif ask.state is State.UNDERWAY:
            ask.left_ms = self.county.clock.ms
            self._enter(ask, _day_of(ask.came_ms), min(ask.minutes, self._so_far(ask)), None, self.enter)
        else:
            self.confirm_as(ask, "clerk", clerk, orders.Confirmed(community=code, hold=ask.hold, reason="closing"))
            if ask.state is State.SERVED:
                self.enter(ask)

    def _so_far(self, ask: Ask) -> int:
        return max(1, (ask.left_ms - ask.came_ms) // MINUTE_MS)


def _clashes(volunteer: Person, start: int, end: int) -> bool:
    return any(began < end + 15 * MINUTE_MS and start < ended + 15 * MINUTE_MS for began, ended in volunteer.busy)


def _day_of(ms: int) -> str:
    return date.fromordinal(719_163 + (ms // MINUTE_MS + 480) // 1440).isoformat()
