"""What came of a simulated year, in figures: the same seed prints the same."""

import statistics
from collections import Counter
from dataclasses import dataclass, field

from tests.simulation.county import County
from tests.simulation.orders import Orders
from tests.trials.stage import table
from timebank.ledger import Report


@dataclass
class Result:
    """`broken` says in words what was not as it must be, and is empty when nothing was."""

    county: County
    orders: Orders
    kinds: Counter[str] = field(default_factory=Counter)
    entries: int = 0
    signatures: int = 0
    credited: int = 0
    ledgers: int = 0
    heads: str = ""
    broken: list[str] = field(default_factory=list)

    def add(self, report: Report) -> None:
        """One ledger, as its audit found it."""
        self.ledgers += 1
        self.entries += report.size
        self.signatures += report.signatures
        self.kinds += report.kinds
        self.credited += report.minutes_credited

    @property
    def ratio(self) -> float:
        """What was settled for orders, of all that was credited."""
        settled = sum(place.tally.settled for place in self.county.places)
        credited = sum(place.tally.credited for place in self.county.places)
        return settled / credited if credited else 0.0

    def text(self) -> str:
        broken = [f"BROKEN: {what}" for what in self.broken] or [self._kept()]
        parts = [
            "\n".join(broken),
            self._hours(),
            _counted("entries", self.kinds),
            _counted("orders", self._seen("outcome ")),
            self._waiting(),
            _counted("confirmed by", self._seen("confirmed by ")),
            _counted("refused", Counter({code.value: times for code, times in self.county.refused.items()})),
            _counted("people", self._people()),
            _counted("what happened", self._rest()),
        ]
        return "\n\n".join(parts)

    def _kept(self) -> str:
        return (
            f"{self.ledgers} ledgers with {self.entries:,} entries and {self.signatures:,} signatures audited in full"
            f" without a fault; all held accounts are 0, all accounts of each ledger add up to 0,"
            f" and every account is as the tally has it.\nheads: {self.heads}"
        )

    def _hours(self) -> str:
        sums: Counter[str] = Counter()
        for place in self.county.places:
            for name, minutes in place.tally.minutes.items():
                sums[name.partition(":")[0]] += minutes
        own, other = (self.county.happened[f"hand {hand}"] for hand in ("own", "other"))
        settled = sum(place.tally.settled for place in self.county.places)
        credited = sum(place.tally.credited for place in self.county.places)
        rows = [
            ("hours credited, by orders and visits", _hours(credited)),
            ("of these settled for orders", f"{_hours(settled)} ({self.ratio:.2f})"),
            ("orders confirmed by the elder's own hand", f"{own:,} of {own + other:,} ({_share(own, own + other)})"),
            ("hours of members", _hours(sums["member"])),
            ("hours in the funds", _hours(sums["fund"])),
            ("hours issued, less those that ended", _hours(-sums["issue"])),
            ("hours owed after corrections", _hours(-sums["debt"])),
            ("hours held", _hours(sums["held"])),
        ]
        return table(("hours", ""), rows)

    def _waiting(self) -> str:
        waits = self.orders.waits
        rows = [
            (name, f"{len(minutes):,}", _wait(minutes, 50), _wait(minutes, 90))
            for name, minutes in (("asked to accepted", waits.accepted), ("asked to served", waits.served))
        ]
        return table(("waiting", "orders", "median", "p90"), rows)

    def _people(self) -> Counter[str]:
        everyone = [one for place in self.county.places for one in place.everyone]
        return Counter(one.standing for one in everyone) + Counter({"registered in all": len(everyone)})

    def _seen(self, word: str) -> Counter[str]:
        happened = self.county.happened
        return Counter({what.removeprefix(word): n for what, n in happened.items() if what.startswith(word)})

    def _rest(self) -> Counter[str]:
        shown = ("outcome ", "confirmed by ", "hand ", "asking was refused")
        caps = Counter({f"{cap} cap reached": 0 for cap in ("day", "held")})
        for place in self.county.places:
            for cap, times in place.tally.overflowed.items():
                caps[f"{cap} cap reached"] += times
        return caps + Counter({what: n for what, n in self.county.happened.items() if not what.startswith(shown)})


def _counted(head: str, counts: Counter[str]) -> str:
    rows = [(what, f"{times:,}") for what, times in sorted(counts.items(), key=lambda row: (-row[1], row[0]))]
    return table((head, ""), rows)


def _hours(minutes: int) -> str:
    return f"{minutes / 60:,.0f}"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "–"


def _wait(minutes: list[int], percent: int) -> str:
    if len(minutes) < 2:
        return "–"
    hours = statistics.quantiles(minutes, n=100)[percent - 1] / 60
    return f"{hours:.1f} h"
