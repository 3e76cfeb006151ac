"""Books of a community kept beside the bank's, by the rules of docs/policy.md said again: what each person must have.

It shares no rule with timebank.policy and timebank.ledger: where both come to the same minutes, both are right or wrong
in the same way by chance.
"""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What the simulated communities decide differently: rounding to half hours, and the two caps, in minutes."""

    nearest: bool = False
    day_cap: int = 480
    held_cap: int = 90_000

    def worth(self, minutes: int) -> int:
        """What a day's sum is worth as credit."""
        return 0 if minutes < 15 else (minutes + (15 if self.nearest else 0)) // 30 * 30


@dataclass(slots=True)
class _Day:
    minutes: int = 0
    credited: int = 0
    overflowed: int = 0


@dataclass(slots=True)
class _Made:
    """An entry that may be undone: where its minutes came from and went to, and the service that it tells of.

    `counted`: how much of it the day's credit is made of.
    """

    payer: str
    target: str
    minutes: int
    server: str = ""
    day: str = ""
    served: int = 0
    counted: int = 0
    overflowed: int = 0


@dataclass
class Tally:
    """Minutes by account, as the ledger names them; of each person also what is held, and what was served in all."""

    rules: list[tuple[str, Rule]]
    minutes: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)
    served: Counter[str] = field(default_factory=Counter)
    holds: dict[str, tuple[str, int]] = field(default_factory=dict)
    days: dict[tuple[str, str], _Day] = field(default_factory=dict)
    made: dict[str, _Made] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    credited: int = 0  # by services and orders
    settled: int = 0  # of these by orders
    overflowed: Counter[str] = field(default_factory=Counter)  # by the cap that was reached

    def rule(self, day: str) -> Rule:
        return next(rule for first, rule in reversed(self.rules) if first <= day)

    def credit(self, server: str, day: str, minutes: int) -> int:
        """What these minutes more on that day are worth."""
        sums = self.days.get((server, day), _Day())
        return max(0, self.rule(day).worth(sums.minutes + minutes) - sums.credited)

    def room(self, account: str, day: str) -> int:
        """How many minutes somebody may still be given; negative above the cap."""
        return self.rule(day).held_cap - self.minutes[account] - self.held[account]

    def serve(
        self,
        entry: str,
        server: str,
        target: str,
        day: str,
        minutes: int,
        payer: str,
        credited: int,
        counted: int | None = None,
    ) -> None:
        """A service of `minutes`; `credited` of them come from `payer` to `target`, the server or the fund.

        `counted` where the day is not worth more for all of them: what is only recorded, what is longer than was held.
        """
        counts = minutes if counted is None else counted
        self._enter(entry, _Made(payer, target, credited, server=server, day=day, served=minutes, counted=counts))

    def hold(self, hold: str, source: str, minutes: int) -> None:
        self._move(source, "held:orders", minutes)
        self.held[source] += minutes
        self.holds[hold] = (source, minutes)

    def release(self, hold: str) -> None:
        source, minutes = self._end(hold)
        self._move("held:orders", source, minutes)

    def settle(self, hold: str, server: str, day: str, minutes: int) -> int:
        """A service that was ordered: paid from what was held, the rest goes back. Returns what was paid."""
        source, held = self.holds[hold]
        paid = min(held, self.credit(server, day, minutes))
        self.release(hold)
        self.settled += paid
        # Minutes that are worth nothing yet become a service of their own, whose id the bank chooses.
        counted = min(minutes, paid) if paid == held else minutes
        self.serve(f"{hold}.outcome" if paid else "", server, server, day, minutes, source, paid, counted)
        return paid

    def give(self, entry: str, source: str, target: str, minutes: int) -> None:
        """A gift, a donation or a grant."""
        self._move(source, target, minutes)
        self.made[entry] = _Made(source, target, minutes)

    def repay(self, account: str) -> None:
        """What somebody still owes goes out of what she has."""
        owed = min(-self.minutes[_debt(account)], self.minutes[account])
        if owed > 0:
            self._move(account, _debt(account), owed)

    def can_undo(self, entry: str) -> bool:
        """Whether everybody concerned can: the fund owes nothing, and nothing moves on a closed account."""
        made = self.made[entry]
        if (made.minutes and made.payer in self.closed) or (made.overflowed and made.target in self.closed):
            return False
        fund = made.overflowed + (made.minutes if made.target == "fund" else 0)
        return made.payer == made.target or self.minutes["fund"] >= fund

    def undo(self, entry: str) -> None:
        """The opposite of an entry and of what flowed on from it; what its receiver has not any more is owed."""
        made = self.made.pop(entry)
        if made.server:
            self.served[made.server] -= made.served
            sums = self.days[made.server, made.day]
            sums.minutes -= made.counted
            sums.overflowed -= made.overflowed + (made.minutes if made.target != made.server else 0)
            sums.credited -= made.minutes
        if made.overflowed:
            self._move("fund", made.target, made.overflowed)
        if not made.target.startswith("member:"):
            self._move(made.target, made.payer, made.minutes)
            return
        left = min(self.minutes[made.target], made.minutes)
        self._move(made.target, made.payer, left)
        self._move(_debt(made.target), made.payer, made.minutes - left)

    def _enter(self, entry: str, made: _Made) -> None:
        self._move(made.payer, made.target, made.minutes)
        self.credited += made.minutes
        self.served[made.server] += made.served
        sums = self.days.setdefault((made.server, made.day), _Day())
        sums.minutes += made.counted
        sums.credited += made.minutes
        if made.target != made.server:
            sums.overflowed += made.minutes
        elif made.minutes:
            made.overflowed = self._overflow(made, sums)
            self.repay(made.server)
        if entry:
            self.made[entry] = made

    def _overflow(self, made: _Made, sums: _Day) -> int:
        """What is above a cap flows on to the fund."""
        by_day = sums.credited - sums.overflowed - self.rule(made.day).day_cap
        by_held = -self.room(made.server, made.day)
        over = min(made.minutes, max(0, by_day, by_held))
        if over:
            self._move(made.server, "fund", over)
            sums.overflowed += over
            self.overflowed["day" if by_day > by_held else "held"] += 1
        return over

    def _end(self, hold: str) -> tuple[str, int]:
        source, minutes = self.holds.pop(hold)
        self.held[source] -= minutes
        return source, minutes

    def _move(self, source: str, target: str, minutes: int) -> None:
        self.minutes[source] -= minutes
        self.minutes[target] += minutes


def _debt(account: str) -> str:
    return "debt:" + account.removeprefix("member:")
