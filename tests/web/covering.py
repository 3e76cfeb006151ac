"""Few cases of a large product in which every two choices meet: nearly every fault needs no third one."""

from collections.abc import Mapping, Sequence
from itertools import combinations, product

Case = tuple[str, ...]


def everything(factors: Mapping[str, Sequence[str]]) -> list[Case]:
    """The whole product."""
    return list(product(*factors.values()))


def pairwise_of(factors: Mapping[str, Sequence[str]]) -> list[Case]:
    """Cases in which every choice of a factor meets every choice of every other; the same ones each time."""
    cases, missing = everything(factors), set()
    for case in cases:
        missing |= _pairs(case)
    chosen = []
    while missing:
        best = max(cases, key=lambda case: len(_pairs(case) & missing))
        chosen.append(best)
        missing -= _pairs(best)
    return chosen


def _pairs(case: Case) -> set[tuple[tuple[int, str], tuple[int, str]]]:
    return set(combinations(enumerate(case), 2))
