"""How a year goes: how much is asked for, how many can come, and what is wanted, day by day. The rates are invented."""

import math
from datetime import date
from random import Random

FIRST_DAY = "2027-01-01"
# Two weeks around the Spring Festival of 2027 (6 February): families are at home, volunteers too.
_FESTIVAL = (date(2027, 1, 30), date(2027, 2, 14))
_WINTER, _SUMMER = (11, 12, 1, 2), (7, 8)
_SERVICES = {"meal": 4, "cleaning": 3, "company": 3, "medical": 2, "errand": 2, "walking": 2}
_IN_WINTER = {"meal": 5, "company": 3, "comfort": 2}


def is_festival(day: date) -> bool:
    return _FESTIVAL[0] <= day <= _FESTIVAL[1]


def is_summer(day: date) -> bool:
    """The holidays, in which pupils come."""
    return day.month in _SUMMER


def demand(day: date) -> float:
    """How much is asked for, against a usual working day."""
    if is_festival(day):
        return 0.35
    return (1.25 if day.month in _WINTER else 0.9) * (0.6 if day.weekday() >= 5 else 1.1)


def offers(day: date) -> float:
    """How many volunteers look for something to do, against a usual working day."""
    if is_festival(day):
        return 0.2
    return (1.2 if day.month in _SUMMER else 1.0) * (1.5 if day.weekday() >= 5 else 0.9)


def service(random: Random, day: date) -> str:
    """What is wanted on such a day: in winter more meals and more company."""
    weights = dict(_SERVICES)
    if day.month in _WINTER:
        for code, more in _IN_WINTER.items():
            weights[code] = weights.get(code, 0) + more
    return random.choices(list(weights), list(weights.values()))[0]


def often(random: Random, mean: float) -> int:
    """How many times something happens that happens `mean` times on average (Poisson, by Knuth's method)."""
    limit, product, times = math.exp(-mean), random.random(), 0
    while product > limit:
        product *= random.random()
        times += 1
    return times
