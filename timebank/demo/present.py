"""What is under way in the shown communities: orders on their way since yesterday, papers, and what waits for somebody."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from timebank.access import OPERATOR, Actor
from timebank.bank import DAY_MS, MINUTE_MS
from timebank.ledger import KeyRole, decision_id
from timebank.services import (
    callbacks,
    certificates,
    hours,
    members,
    orders,
    papers,
    policies,
    questions,
    statements,
    transfers,
)

from .story import SECRET, Place, Story

_TODAY_BEGAN = 170  # minutes ago
_TELEPHONE = "199-0000-0000"  # nobody's


@dataclass
class Present:
    """Tells it for the shown communities in step, so that the clock only goes on; everything is chosen, not drawn."""

    story: Story
    _codes: dict[str, list[str]] = field(default_factory=dict)

    def tell(self) -> None:
        """Papers and rules, what was served yesterday by each way of confirming, and today."""
        for act in (self._rules, self._classes, self._group):
            self._everywhere(act)
        self._go_on(self._midnight() - DAY_MS + 510 * MINUTE_MS)
        self._everywhere(self._sheet)
        for way in ("phone", "proxy", "code", "card", "clerk"):
            self._serve(way)
        self._go_on(self.story.clock.real() - _TODAY_BEGAN * MINUTE_MS)
        for act in (self._board, self._dispute, self._waiting):
            self._everywhere(act)
        self._under_way()
        if len(self.story.shown) > 1:
            self._between(*self.story.shown[-2:])

    # --- the clock -----------------------------------------------------------------------------------------------

    def _everywhere(self, act: Callable[[Place], None]) -> None:
        for place in self.story.shown:
            self.story.clock.ms += 50
            act(place)

    def _go_on(self, ms: int) -> None:
        self.story.clock.ms = max(self.story.clock.ms + 50, ms)

    def _wait(self, minutes: int) -> None:
        self.story.clock.ms += minutes * MINUTE_MS

    def _midnight(self) -> int:
        """Of the day on which the demo is filled."""
        return statements.day_start_ms(self._today(), self.story.bank.settings.utc_offset_minutes)

    def _today(self, days: int = 0) -> str:
        today = statements.day_in_zone(self.story.clock.real(), self.story.bank.settings.utc_offset_minutes)
        return (date.fromisoformat(today) + timedelta(days=days)).isoformat()

    # --- rules, papers, a group ----------------------------------------------------------------------------------

    def _rules(self, place: Place) -> None:
        policies.set_layer(self.story.bank, OPERATOR, place.code, f'[station]\ntelephone = "{_TELEPHONE}"\n')
        policies.publish(self.story.bank, OPERATOR, place.code)

    def _classes(self, place: Place) -> None:
        """The last two elders belong to classes with a quota; a social worker goes along to the last one."""
        story, known = self.story, (("key-elder", "assessment"), ("low-income", "allowance-card"))
        for elder, (name, proof) in zip(place.elders[3:], known, strict=True):
            noted = papers.Class(
                id=story.bank.uuid(),
                community=place.code,
                person=elder.id,
                name=name,
                proof=proof,
                from_day=story.today(),
            )
            papers.prove_class(story.bank, story.clerk, noted)
        found = papers.Assessment(
            id=story.bank.uuid(),
            community=place.code,
            person=place.elders[4].id,
            need="medium",
            day=story.today(),
            accompany=True,
        )
        papers.note_assessment(story.bank, story.clerk, found)

    def _group(self, place: Place) -> None:
        """A group whose hours go to the public fund."""
        story = self.story
        new = members.Registration(
            id=story.bank.uuid(), community=place.code, name="青松志愿服务队", is_volunteer=True, kind="group"
        )
        group, _ = members.register(story.bank, story.clerk, new)
        self._visit(place, group.id, place.elders[4].id, 120, "cleaning", "paper")

    def _visit(self, place: Place, volunteer: str, elder: str, minutes: int, service: str, confirmed: str) -> str:
        visit = hours.Visit(
            id=self.story.bank.uuid(),
            community=place.code,
            volunteer=volunteer,
            served=(elder,),
            day=self.story.today(),
            minutes=minutes,
            service=service,
            confirmed=confirmed,
        )
        hours.record(self.story.bank, self.story.clerk, visit)
        return visit.id

    # --- yesterday -----------------------------------------------------------------------------------------------

    def _sheet(self, place: Place) -> None:
        """The elder's torn-off codes, of which one is used."""
        self._codes[place.code] = orders.make_sheet(self.story.bank, self.story.clerk, place.code, place.elders[0].id)

    def _serve(self, way: str) -> None:
        """One order from asking to its confirmation by this hand, in each place; then what both sides say of it."""
        elder = 3 if way == "clerk" else 0
        taken = [(place, self._ask(place, elder, *_ASKED[way], by_family=way != "clerk")) for place in self.story.shown]
        self._wait(5)
        for place, hold in taken:
            self._send(place, hold, 0 if way in ("phone", "code") else 1)
        self._wait(20)
        for place, hold in taken:
            orders.check_in(self.story.bank, self.story.clerk, place.code, hold)
        self._wait(_ASKED[way][1])
        for place, hold in taken:
            orders.check_out(self.story.bank, self.story.clerk, place.code, hold)
        self._wait(10)
        for place, hold in taken:
            self._confirm(place, hold, way)

    def _ask(
        self,
        place: Place,
        elder: int,
        service: str,
        minutes: int,
        *,
        by_family: bool = False,
        reviewed: bool = True,
        **more: object,
    ) -> str:
        """An order that the public pays, by her daughter or by the clerk; the id of its hold."""
        story = self.story
        known: dict[str, object] = {"wanted_day": story.today(), "payer": "public"}
        wish = orders.Wish(
            id=story.bank.uuid(),
            community=place.code,
            elder=place.elders[elder].id,
            service=service,
            minutes=minutes,
            **known | more,  # type: ignore[arg-type]
        )
        orders.request(story.bank, self._family(place) if by_family else story.clerk, wish)
        if by_family and reviewed:
            orders.review(story.bank, story.clerk, place.code, wish.id)
        return wish.id

    def _send(self, place: Place, hold: str, volunteer: int) -> None:
        """The first volunteer takes it from the board; others the station sends."""
        story, person = self.story, place.volunteers[volunteer]
        if volunteer == 0:
            orders.accept(story.bank, story.actors[person.id], place.code, hold)
        else:
            orders.dispatch(story.bank, story.clerk, orders.Sent(community=place.code, hold=hold, volunteer=person.id))

    def _confirm(self, place: Place, hold: str, way: str) -> None:
        story = self.story
        elder, volunteer = (story.actors[one.id] for one in (place.elders[0], place.volunteers[0]))
        who, how = {
            "phone": (elder, {}),
            "proxy": (self._family(place), {}),
            "code": (volunteer, {"code": self._codes[place.code][0]}),
            "card": (story.clerk, {"pin": SECRET}),
            "clerk": (story.clerk, {"reason": "cannot-sign"}),
        }[way]
        orders.confirm(story.bank, who, orders.Confirmed(community=place.code, hold=hold, **how))
        if way == "phone":
            for says, stars, text in ((elder, 5, "走得慢也不催"), (volunteer, 4, "楼道灯坏了，请网格员看看")):
                rated = orders.Rated(community=place.code, hold=hold, stars=stars, text=text)
                orders.rate(story.bank, says, rated)

    def _family(self, place: Place) -> Actor:
        return self.story.actors[place.families[0][0].id]

    # --- today ---------------------------------------------------------------------------------------------------

    def _board(self, place: Place) -> None:
        """One request to be looked at, what hangs on the board, and what is agreed for tomorrow morning."""
        today = self._today()
        self._ask(place, 0, "meal", 30, by_family=True, reviewed=False, wanted_day=self._today(2))
        self._ask(place, 3, "meal", 30, wanted_day=self._today(1), weeks=3, start=660, end=720)
        self._ask(place, 4, "company", 60, wanted_day=today, gender="f", speaks="zunyi")
        hold = self._ask(place, 0, "walking", 60, by_family=True, wanted_day=self._today(1), start=570, end=660)
        self._send(place, hold, 0)

    def _dispute(self, place: Place) -> None:
        """Somebody says on the telephone that it was otherwise."""
        hold = self._ask(place, 1, "cleaning", 30, wanted_day=self._today())
        self._send(place, hold, 3)
        orders.check_in(self.story.bank, self.story.clerk, place.code, hold)
        self._wait(8)
        orders.check_out(self.story.bank, self.story.clerk, place.code, hold)
        doubt = orders.Doubt(community=place.code, hold=hold, reason="wrong-minutes")
        orders.doubt(self.story.bank, self.story.clerk, doubt)

    def _waiting(self, place: Place) -> None:
        """A question, calls that are drawn, and a certificate that hangs out."""
        story, volunteer = self.story, place.volunteers[0]
        entry = self._visit(place, volunteer.id, place.elders[2].id, 45, "company", "paper")
        asked = questions.Doubt(
            id=story.bank.uuid(), community=place.code, entry=entry, text="我记得是一个小时，请核对。"
        )
        questions.ask(story.bank, story.actors[volunteer.id], asked)
        callbacks.draw(story.bank, OPERATOR, place.code)
        wanted = certificates.Request(id=story.bank.uuid(), community=place.code, person=volunteer.id)
        certificates.ask(story.bank, story.clerk, wanted)

    def _under_way(self) -> None:
        """One volunteer is there since forty minutes; another one knocks, and nobody opens."""
        story, today = self.story, self._today()
        there = [(place, self._ask(place, 1, "medical", 90, wanted_day=today)) for place in story.shown]
        closed = [(place, self._ask(place, 2, "meal", 30, wanted_day=today)) for place in story.shown]
        for place, hold in there:
            self._send(place, hold, 0)
        for place, hold in closed:
            self._send(place, hold, 2)
        self._go_on(story.clock.real() - 40 * MINUTE_MS)
        for place, hold in there:
            orders.check_in(story.bank, story.actors[place.volunteers[0].id], place.code, hold)
        self._go_on(story.clock.real() - 10 * MINUTE_MS)
        for place, hold in closed:
            orders.knock(story.bank, story.clerk, place.code, hold)

    # --- between two communities -------------------------------------------------------------------------------

    def _between(self, here: Place, there: Place) -> None:
        """Hours go over to parents-in-law; then the one enters what the other never offered, for a person to clear up.

        No use case does that: it is put into the books past all of them, with the system's key.
        """
        story, bank = self.story, self.story.bank
        for place, other, minutes in ((here, there, 90), (there, here, 30)):
            giver = max(place.volunteers, key=lambda one: statements.figures(bank, story.clerk, one.id).available)
            payee = other.elders[0]
            kin = members.Kin(
                id=bank.uuid(),
                community=other.code,
                member=giver.id,
                elder=payee.id,
                relation="parent_in_law",
                proof="household_book",
            )
            members.relate(bank, story.clerk, kin)
            about = {"id": bank.uuid(), "community": place.code, "giver": giver.id, "to": other.code}
            transfers.send(bank, story.clerk, transfers.Transfer(card=payee.card, minutes=minutes, **about))
        origin, never = bank.origin(here.code), bank.uuid()
        with bank.work_for(there.code) as work:
            body = {"peer": origin, "transfer": never, "offer": "0" * 64}
            move = (f"due:{origin}", there.elders[0].account, 45)
            work.post("accept", move, by=(KeyRole.SYSTEM,), id=decision_id(origin, never), body=body)


# By whose hand it is confirmed: what was asked for, and how many minutes.
_ASKED = {
    "phone": ("walking", 60),
    "proxy": ("meal", 30),
    "code": ("company", 30),
    "card": ("meal", 30),
    "clerk": ("cleaning", 60),
}
