"""Measure a thing and its floor in turn and print the ratio: on a noisy machine that says more than seconds."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Rates per second of a thing and of its floor, round by round."""

    name: str
    floor_name: str
    unit: str
    rates: list[float]
    floors: list[float]

    @property
    def ratio(self) -> float:
        return statistics.median(rate / floor for rate, floor in zip(self.rates, self.floors, strict=True))

    @property
    def floor_spread(self) -> float:
        """The fastest round of the floor over its slowest; beyond 2 the machine was too noisy to say anything."""
        return max(self.floors) / min(self.floors)

    def line(self) -> str:
        if self.floor_spread > 2:
            return f"{self.name}: no figure, the floor ({self.floor_name}) varied {self.floor_spread:.1f}-fold"
        return (
            f"{self.name}: {self.ratio:.2f} of {self.floor_name}"
            f"   ({statistics.median(self.rates):,.0f} against {statistics.median(self.floors):,.0f} {self.unit}/s,"
            f" floor varied {self.floor_spread:.2f}-fold)"
        )


def rate(work: Callable[[], int], clock: Callable[[], float] = time.perf_counter) -> float:
    """How many per second of this clock `work` does; it returns how many it did."""
    started = clock()
    done = work()
    return done / (clock() - started)


def interleave(
    name: str,
    thing: Callable[[], int],
    floor_name: str,
    floor: Callable[[], int],
    unit: str,
    rounds: int = ROUNDS,
    clock: Callable[[], float] = time.perf_counter,
) -> Measured:
    """`rounds` times the floor and then the thing, so that both meet the same disturbances.

    What lies ready for the rounds is kept from the collector, as a service keeps what it made when it started.
    """
    rates, floors = [], []
    gc.collect()
    gc.freeze()
    for _ in range(rounds):
        floors.append(rate(floor, clock))
        rates.append(rate(thing, clock))
    gc.unfreeze()
    return Measured(name=name, floor_name=floor_name, unit=unit, rates=rates, floors=floors)
