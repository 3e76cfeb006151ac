"""What a station does beside orders in the simulated year: visits, gifts, second persons, doubts, deaths, papers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

from tests.simulation import season
from tests.simulation.county import (
    LATE_DAYS,
    County,
    Entry,
    Person,
    Place,
    day_after,
    elsewhere,
    were_not_there,
    were_there,
)
from tests.simulation.orders import Orders
from timebank.access import Actor
from timebank.ledger import Code
from timebank.lifecycle import State
from timebank.services import (
    approvals,
    callbacks,
    certificates,
    estates,
    gifts,
    hours,
    members,
    papers,
    questions,
    standing,
)
from timebank.services.queue import Waiting

_MINUTES = (10, 25, 30, 40, 45, 60, 60, 60, 90, 120, 150, 270)


class Station:
    """Each verb is something that happens in a place on a day."""

    def __init__(self, county: County, orders: Orders) -> None:
        self.county = county
        self.random = county.random
        self.bank = county.bank
        self.orders = orders

    def _any(self, people: list[Person]) -> Person | None:
        active = [one for one in people if one.standing == "active"]
        return self.random.choice(active) if active else None

    def _other(self, people: list[Person], person: Person) -> Person | None:
        return self._any([one for one in people if one is not person and one not in person.kin])

    # --- visits ------------------------------------------------------------------------------------------------------

    def visit(self, place: Place) -> None:
        """Somebody was with an elder, and the clerk records it: today, or when the slip comes to light."""
        server = self.random.choice(place.volunteers)
        elder = self._other(place.elders, server)
        if elder is not None:
            day = self._day()
            start = self.random.randrange(16, 36) * 30 if self.county.chance(0.6) else None
            self._record(
                place, server, [elder], self._visit(place, server, elder, day, self.random.choice(_MINUTES), start)
            )

    def _day(self) -> str:
        drawn = self.random.random()
        late = self.random.randrange(1, 6) if drawn < 0.1 else self.random.randrange(31, 41) if drawn < 0.12 else 0
        return max(day_after(self.county.today, -late), season.FIRST_DAY)

    def _visit(
        self, place: Place, server: Person, elder: Person, day: str, minutes: int, start: int | None = None
    ) -> hours.Visit:
        own = self.county.chance(0.85)
        payer = self.random.choices(("issue", "fund", "elder"), (14, 4, 2))[0]
        worth = place.tally.credit(server.account, day, minutes)
        short = {"fund": "fund", "elder": elder.account}.get(payer)
        if short is not None and place.tally.minutes[short] < worth and self.county.chance(0.9):
            payer = "issue"
        return hours.Visit(
            id=self.bank.uuid(), community=place.code, volunteer=server.id, served=(elder.id,), day=day,
            minutes=minutes, service=season.service(self.random, date.fromisoformat(day)), payer=payer, start=start,
            end=None if start is None else start + minutes, uncredited="duty" if self.county.chance(0.05) else None,
            confirmed="card" if own else "clerk", reason=None if own else "no-card",
            note="老人精神很好" if self.county.chance(0.1) else None,
        )  # fmt: skip

    def shift(self, place: Place) -> None:
        """Day care: a volunteer with several elders."""
        server = self.random.choice(place.volunteers)
        elders = [one for one in place.elders if one.standing != "deceased" and one is not server][:6]
        if elders and not any(one in server.kin for one in elders):
            visit = self._visit(place, server, elders[0], self.county.today, 180)
            visit = replace(visit, served=tuple(one.id for one in elders), shift="day-care", service="day-care")
            self._record(place, server, elders, visit)

    def group(self, place: Place) -> None:
        """A group of pupils or soldiers comes; its hours go to the fund."""
        elder = self._any(place.elders)
        if elder is not None and place.group is not None:
            visit = self._visit(place, place.group, elder, self.county.today, 120)
            self._record(place, place.group, [elder], replace(visit, payer="issue", uncredited=None))

    def pupil(self, place: Place) -> None:
        """In the holidays; without a guardian's consent nothing is credited, and some bring it afterwards."""
        pupil, elder = self._any(place.pupils), self._any(place.elders)
        if pupil is None or elder is None:
            return
        visit = replace(self._visit(place, pupil, elder, self.county.today, 60), uncredited=None)
        self._record(place, pupil, [elder], visit)
        guardian = self._other(place.volunteers, pupil)
        if not pupil.has_guardian and guardian is not None and self.county.chance(0.6):
            paper = papers.Guardian(
                id=self.bank.uuid(), community=place.code, person=pupil.id, guardian=guardian.id, proof="consent",
                from_day=self.county.today,
            )  # fmt: skip
            papers.note_guardian(self.bank, place.staff["clerk"], paper)
            pupil.has_guardian = True
            self.county.saw("guardian")

    def _record(self, place: Place, server: Person, elders: list[Person], visit: hours.Visit) -> None:
        who = "clerk 2" if self.county.chance(0.2) else "clerk"
        late = (date.fromisoformat(self.county.today) - date.fromisoformat(visit.day)).days
        waits = visit.minutes > place.ways.long_minutes or late > LATE_DAYS
        expected = self._refusal(place, server, elders, visit)
        if waits and expected in (Code.OVERDRAFT, Code.ACCOUNT_CLOSED):
            expected = None  # whether the hours are there counts when it is entered
        done, _ = self.county.attempt(lambda: hours.record(self.bank, place.staff[who], visit), expected)
        if done is None:
            return
        assert isinstance(done, Waiting) == waits
        if waits:
            self.county.saw("late entry for a second person" if late > LATE_DAYS else "long visit for a second person")
            self.county.in_hours(self.random.randrange(10), lambda: self._decide_visit(place, server, elders, visit))
        else:
            self._entered(place, server, elders, visit)

    def _refusal(self, place: Place, server: Person, elders: list[Person], visit: hours.Visit) -> Code | None:
        if server.died_on is not None and visit.day > server.died_on:
            return Code.PERSON_DECEASED
        if server.standing == "suspended":
            return Code.PERSON_SUSPENDED
        if not server.has_guardian and visit.uncredited is None:
            return Code.GUARDIAN_MISSING
        start, end = visit.start, visit.end
        if start is not None and end is not None and elsewhere([server, *elders], visit.day, start, end):
            return Code.OVERLAP
        return self._ledger_refusal(place, server, elders, visit)

    def _ledger_refusal(self, place: Place, server: Person, elders: list[Person], visit: hours.Visit) -> Code | None:
        worth = 0 if visit.uncredited else place.tally.credit(server.account, visit.day, visit.minutes)
        payer = elders[0].account if visit.payer == "elder" else visit.payer
        if worth and place.tally.closed & {server.account, payer}:
            return Code.ACCOUNT_CLOSED
        return Code.OVERDRAFT if payer != "issue" and place.tally.minutes[payer] < worth else None

    def _decide_visit(self, place: Place, server: Person, elders: list[Person], visit: hours.Visit) -> None:
        """A lead looks at it; the other one does the same again, or says the opposite and is refused."""
        code, approve = place.code, self.county.chance(0.85)
        lead, other = place.staff["lead"], place.staff["lead 2"]
        expected = self._refusal(place, server, elders, visit) if approve else None
        _, refused = self.county.attempt(
            lambda: approvals.decide(self.bank, lead, code, visit.id, approve=approve), expected
        )
        if refused is None:
            if approve:
                self._entered(place, server, elders, visit)
            self.county.saw("decided by a second person")
            self.county.attempt(
                lambda: approvals.decide(self.bank, other, code, visit.id, approve=not approve), Code.ALREADY_DECIDED
            )

    def _entered(self, place: Place, server: Person, elders: list[Person], visit: hours.Visit) -> None:
        tally = place.tally
        credited = 0 if visit.uncredited else tally.credit(server.account, visit.day, visit.minutes)
        payer = elders[0].account if visit.payer == "elder" else visit.payer
        target = "fund" if server is place.group else server.account
        counted = 0 if visit.uncredited else visit.minutes
        tally.serve(visit.id, server.account, target, visit.day, visit.minutes, payer, credited, counted)
        place.remember(visit.id, server, elders[0])
        if visit.start is not None and visit.end is not None:
            were_there(visit.id, [server, *elders], visit.day, visit.start, visit.end)

    # --- giving ------------------------------------------------------------------------------------------------------

    def gift(self, place: Place) -> None:
        """A child gives to a parent; now and then to somebody whom the circle does not hold."""
        giver = self._any([one for one in place.volunteers if one.elders])
        if giver is None:
            return
        is_odd = self.county.chance(0.1)
        receiver = self._any(place.elders) if is_odd else giver.elders[0]
        has = place.tally.minutes[giver.account] // 30 * 30
        if receiver is None or receiver is giver or not has:
            return
        self._give(place, giver, receiver, has + (30 if self.county.chance(0.05) else 0))

    def _give(self, place: Place, giver: Person, receiver: Person, minutes: int) -> None:
        gift = gifts.Gift(
            id=self.bank.uuid(), community=place.code, giver=giver.id, receiver=receiver.id, minutes=minutes
        )
        is_far = not place.ways.friends and (
            receiver not in giver.kin or "other" in (giver.relation, receiver.relation)
        )
        tally = place.tally
        reasons = [
            ((receiver.died_on or "9999") < self.county.today, Code.PERSON_DECEASED),
            (receiver.standing == "suspended", Code.PERSON_SUSPENDED),
            (is_far, Code.NOT_IN_CIRCLE),
            (tally.room(receiver.account, self.county.today) < minutes, Code.OVER_CAP),
            (tally.minutes[giver.account] < minutes, Code.OVERDRAFT),
        ]
        expected = next((code for is_so, code in reasons if is_so), None)
        _, refused = self.county.attempt(lambda: gifts.give(self.bank, place.staff["clerk"], gift), expected)
        if refused is None:
            tally.give(gift.id, giver.account, receiver.account, minutes)
            tally.repay(receiver.account)

    def donate(self, place: Place, giver: Person | None = None, minutes: int | None = None) -> None:
        """Herself by telephone; what somebody leaves who moves away, at the counter."""
        someone = giver or self._any(place.volunteers)
        if someone is None:
            return
        given = minutes or self.random.choice((30, 60, 120))
        donation = gifts.Donation(id=self.bank.uuid(), community=place.code, giver=someone.id, minutes=given)
        actor = place.staff["clerk"] if giver else self.county.actor(someone)
        expected = Code.OVERDRAFT if place.tally.minutes[someone.account] < given else None
        _, refused = self.county.attempt(lambda: gifts.donate(self.bank, actor, donation), expected)
        if refused is None:
            place.tally.give(donation.id, someone.account, "fund", given)

    def grant(self, place: Place) -> None:
        """The station asks for hours for somebody in need; a lead decides."""
        elder = self._any(place.elders)
        if elder is None:
            return
        payer = "fund" if place.tally.minutes["fund"] >= 120 and self.county.chance(0.5) else "issue"
        asked = approvals.Grant(
            id=self.bank.uuid(), community=place.code, person=elder.id, minutes=120, payer=payer, reason="hardship"
        )
        self.county.attempt(lambda: approvals.ask_grant(self.bank, place.staff["clerk"], asked), None)
        self.county.in_hours(self.random.randrange(4), lambda: self._decide_grant(place, elder, asked))

    def _decide_grant(self, place: Place, elder: Person, asked: approvals.Grant) -> None:
        short = asked.payer == "fund" and place.tally.minutes["fund"] < asked.minutes
        full = place.tally.room(elder.account, self.county.today) < asked.minutes
        reasons = [
            ((elder.died_on or "9999") < self.county.today, Code.PERSON_DECEASED),
            (elder.standing == "suspended", Code.PERSON_SUSPENDED),
            (elder.standing == "moved away", Code.ACCOUNT_CLOSED),
            (full, Code.OVER_CAP),
            (short, Code.OVERDRAFT),
        ]
        expected = next((code for is_so, code in reasons if is_so), None)
        lead, code = place.staff["lead 2"], place.code
        _, refused = self.county.attempt(
            lambda: approvals.decide(self.bank, lead, code, asked.id, approve=True), expected
        )
        if refused is None:
            place.tally.give(asked.id, asked.payer, elder.account, asked.minutes)
            self.county.saw("decided by a second person")

    # --- what was wrong ----------------------------------------------------------------------------------------------

    def correct(self, place: Place) -> None:
        """A lead finds an entry wrong; she cannot be her own second person, the other lead is."""
        entry = self._recent(place)
        if entry is None:
            return
        code, lead, other = place.code, place.staff["lead"], place.staff["lead 2"]
        asked = approvals.Reversal(id=self.bank.uuid(), community=code, entry=entry.id, reason="wrong-person")
        _, refused = self.county.attempt(
            lambda: approvals.ask_reversal(self.bank, lead, asked), None, Code.WAITING_ALREADY
        )
        if refused is None:
            again = lambda: approvals.decide(self.bank, lead, code, asked.id, approve=True)  # noqa: E731 - said twice
            self.county.attempt(again, Code.SECOND_PERSON)
            decide = lambda: approvals.decide(self.bank, other, code, asked.id, approve=True)  # noqa: E731 - later
            self.county.in_hours(self.random.randrange(3), lambda: self._undo(place, entry, decide))

    def doubt(self, place: Place) -> None:
        """「这笔不对」: whoever served or was served asks about an entry, and a lead answers."""
        entry = self._recent(place)
        who = None if entry is None else self._any([entry.server, entry.served])
        if entry is None or who is None or who is place.group:
            return
        asked = questions.Doubt(id=self.bank.uuid(), community=place.code, entry=entry.id, text="时间不对")
        actor = self.county.actor(who)
        _, refused = self.county.attempt(lambda: questions.ask(self.bank, actor, asked), None, Code.QUESTION_OPEN)
        if refused is None:
            self.county.saw("question")
            self.county.in_hours(self.random.randrange(1, 5), lambda: self._answer(place, entry, asked.id))

    def _recent(self, place: Place) -> Entry | None:
        found = [one for one in place.recent if one.id in place.tally.made]
        return self.random.choice(found) if found else None

    def _answer(self, place: Place, entry: Entry, question: str) -> None:
        decision = questions.REVERSED if self.county.chance(0.4) else questions.STANDS
        verdict = questions.Verdict(community=place.code, question=question, decision=decision, reply="已核对")
        decide = lambda: questions.decide(self.bank, place.staff["lead"], verdict)  # noqa: E731 - for either outcome
        if decision == questions.STANDS or entry.id not in place.tally.made:
            self.county.attempt(decide, None, Code.SECOND_PERSON)
        else:
            self._undo(place, entry, decide)

    def _undo(self, place: Place, entry: Entry, decide: Callable[[], object]) -> None:
        tally = place.tally
        if entry.id not in tally.made:  # somebody else undid it meanwhile
            self.county.attempt(decide, None, Code.ID_TAKEN)
            return
        made = tally.made[entry.id]
        expected = None if tally.can_undo(entry.id) else Code.OVERDRAFT
        _, refused = self.county.attempt(decide, expected, Code.ACCOUNT_CLOSED, Code.SECOND_PERSON)
        if refused is None:
            tally.undo(entry.id)
            were_not_there(entry.id, place.everyone, made.day)
            self.county.saw("reversal")

    # --- calling back ------------------------------------------------------------------------------------------------

    def answer_calls(self, place: Place, drawn: callbacks.Draw) -> None:
        """Who was drawn is called by the clerk who did not record it."""
        for entry in drawn.entries:
            minutes = self.random.randrange(60, 3 * 24 * 60)
            self.county.later(minutes, lambda entry=entry: self._call(place, entry))  # type: ignore[misc] # bound now

    def _call(self, place: Place, entry: str) -> None:
        answer = self.random.choices((callbacks.GIVEN, callbacks.UNREACHABLE, callbacks.NOT_GIVEN), (84, 8, 8))[0]
        called = callbacks.Called(community=place.code, entry=entry, answer=answer)
        first, second = (self._answers(place.staff[who], called) for who in ("clerk 2", "clerk"))
        _, refused = self.county.attempt(first, None, Code.SECOND_PERSON)
        if refused is not None:
            self.county.attempt(second, None)
        self.county.saw(f"call-back: {answer}")
        if answer == callbacks.NOT_GIVEN:
            self._answer_called(place, entry)

    def _answers(self, actor: Actor, called: callbacks.Called) -> Callable[[], object]:
        return lambda: callbacks.answer(self.bank, actor, called)

    def _answer_called(self, place: Place, entry: str) -> None:
        lead = place.staff["lead"]
        found = [one for one in questions.open_ones(self.bank, lead, place.code) if one.called and one.entry == entry]
        known = place.entries.get(entry)
        if found and known is not None:
            self.county.in_hours(1, lambda: self._answer(place, known, found[0].id))

    # --- people ------------------------------------------------------------------------------------------------------

    def suspend(self, place: Place) -> None:
        """A lead suspends a volunteer, and ends it some weeks later."""
        someone = self._any(place.volunteers)
        if someone is not None:
            about = standing.Suspension(community=place.code, person=someone.id)
            standing.suspend(self.bank, place.staff["lead"], about)
            someone.standing = "suspended"
            self.county.saw("suspension")
            self.county.in_hours(self.random.randrange(10, 40), lambda: self.resume(place, someone))

    def resume(self, place: Place, someone: Person) -> None:
        if someone.standing == "suspended":
            about = standing.Suspension(community=place.code, person=someone.id)
            standing.resume(self.bank, place.staff["lead"], about)
            someone.standing = "active"

    def death(self, place: Place) -> None:
        """The station learns of a death, a lead looks at the paper; what was held comes back and goes to the heirs."""
        free = [one for one in place.elders if self._is_free(place, one)]
        waiting = {one.elder for one in place.living.values()}
        # Those who are poorly are those who have asked for something.
        elder = self._any([one for one in free if one in waiting]) if self.county.chance(0.5) else None
        elder = elder or self._any(free)
        if elder is None:
            return
        death = standing.Death(
            id=self.bank.uuid(), community=place.code, person=elder.id, day=self.county.today, proof="certificate"
        )
        clerk, lead = place.staff["clerk"], place.staff["lead"]
        self.county.attempt(lambda: standing.ask_death(self.bank, clerk, death), None)
        self.county.attempt(lambda: approvals.decide(self.bank, lead, place.code, death.id, approve=True), None)
        self.orders.stop(elder)
        elder.standing, elder.died_on = "deceased", self.county.today
        self._leave(place, elder)
        self.county.saw("death")
        self.county.in_hours(1, lambda: self.orders.ask_for_the_dead(place, elder))
        if place.tally.minutes[elder.account]:
            self._inherit(place, elder)

    def _inherit(self, place: Place, elder: Person) -> None:
        """What she left goes to a relative, or where there is none, or too little room, to the fund."""
        left, tally = place.tally.minutes[elder.account], place.tally
        (case,) = [one for one in estates.cases(self.bank, place.staff["clerk"], place.code) if one.person == elder.id]
        heirs = [one for one in elder.kin if one.standing == "active" and one.relation == "parent"]
        for heir in (*heirs[:1], None):
            wanted = estates.Inheritance(
                id=self.bank.uuid(),
                community=place.code,
                number=case.number,
                minutes=left,
                heir=heir.id if heir else None,
            )
            self.county.attempt(partial(estates.ask, self.bank, place.staff["clerk"], wanted), None)
            expected = Code.OVER_CAP if heir and tally.room(heir.account, self.county.today) < left else None
            _, refused = self._decided(place, wanted.id, expected)
            if refused is None:
                tally.give(wanted.id, elder.account, heir.account if heir else "fund", left)
                if heir:
                    tally.repay(heir.account)
                self.county.saw("inheritance" if heir else "left to the fund")
                return

    def _decided(self, place: Place, waiting: str, expected: Code | None) -> tuple[object, Code | None]:
        decide = partial(approvals.decide, self.bank, place.staff["lead"], place.code, waiting, approve=True)
        return self.county.attempt(decide, expected)

    def _is_free(self, place: Place, person: Person) -> bool:
        """No service of hers has begun and is not confirmed, and none waits for a second person."""
        begun = (State.UNANSWERED, State.UNDERWAY, State.SERVED, State.DISPUTED)
        return all(one.volunteer is not person for one in place.living.values() if one.state in begun)

    def _leave(self, place: Place, person: Person) -> None:
        for people in (place.elders, place.volunteers, place.pupils):
            if person in people:
                people.remove(person)

    def move_away(self, place: Place) -> None:
        """Who still has hours cannot close the account: they go to the fund first."""
        living = place.living.values()
        busy = {one.elder for one in living} | {one.volunteer for one in living} | {e for o in living for e in o.also}
        someone = self._any([one for one in place.volunteers if one not in busy and not one.kin])
        if someone is None:
            return
        debt = place.tally.minutes["debt:" + someone.account.removeprefix("member:")]
        has = place.tally.minutes[someone.account]
        closing = standing.Closing(id=self.bank.uuid(), community=place.code, person=someone.id, reason="moved-away")
        clerk, lead = place.staff["clerk"], place.staff["lead"]
        ask = lambda: standing.ask_closing(self.bank, clerk, closing)  # noqa: E731 - asked twice
        _, refused = self.county.attempt(ask, Code.ACCOUNT_STILL_HAS if has or debt else None)
        if debt:
            return
        if refused is not None:
            self.donate(place, someone, has)
            self.county.attempt(ask, None)
        self.county.attempt(lambda: approvals.decide(self.bank, lead, place.code, closing.id, approve=True), None)
        someone.standing = "moved away"
        place.tally.closed.add(someone.account)
        self._leave(place, someone)
        self.county.saw("moved away")

    def certify(self, place: Place) -> None:
        """A volunteer asks for a certificate; a lead issues it when it has hung out, and not before."""
        someone = self._any(place.volunteers)
        if someone is None:
            return
        asked = certificates.Request(id=self.bank.uuid(), community=place.code, person=someone.id)
        actor, lead, code = self.county.actor(someone), place.staff["lead"], place.code
        _, refused = self.county.attempt(
            lambda: certificates.ask(self.bank, actor, asked), None, Code.NOTHING_SERVED, Code.CERTIFICATE_OPEN
        )
        if refused is not None:
            return
        issue = lambda: certificates.issue(self.bank, lead, code, asked.id)  # noqa: E731 - too early, then in time
        self.county.attempt(issue, Code.STILL_PUBLIC)
        self.county.in_hours(8, lambda: self._issue(issue))

    def _issue(self, issue: Callable[[], object]) -> None:
        """Unless the books say something else by now."""
        _, refused = self.county.attempt(issue, None, Code.CERTIFICATE_CHANGED)
        self.county.saw("certificate" if refused is None else "certificate overtaken by a reversal")

    def look_up(self, place: Place) -> None:
        """Somebody at the counter is found by the end of her telephone number or her card."""
        someone = self._any(place.everyone)
        if someone is not None:
            found = members.search(self.bank, place.staff["clerk"], place.code, someone.card)
            assert someone.id in {one.id for one in found}
            self.county.saw("search")
