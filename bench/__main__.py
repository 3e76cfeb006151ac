"""Measure the hot paths: `./run bench [GROUP …] [--rounds N]`. Prints ratios against a floor of the same run."""

import argparse
from collections.abc import Callable, Iterable, Iterator

from bench import append, board, federation, growth, http, pages, verification, year
from bench.rounds import ROUNDS, Measured


def _append(rounds: int) -> Iterator[Measured]:
    yield append.batches_on_sqlite(100, rounds)
    yield append.batches_on_sqlite(1000, rounds)
    yield append.batches_on_postgresql(100, rounds)
    yield append.batches_on_postgresql(1000, rounds)
    yield append.single_on_sqlite(rounds)
    yield from append.sixteen_writers(rounds)


def _verify(rounds: int) -> Iterator[Measured]:
    yield verification.taking_in(rounds)
    yield from verification.whole(rounds)


GROUPS: dict[str, Callable[[int], Iterable[Measured]]] = {
    "append": _append,
    "verify": _verify,
    "http": http.measure,
    "pages": pages.measure,
    "board": board.measure,
    "growth": growth.measure,
    "year": year.measure,
    "federation": federation.measure,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("what", nargs="*", help=f"any of {', '.join(GROUPS)}; all when left out")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    unknown = set(options.what) - GROUPS.keys()
    if unknown:
        parser.error(f"there is no group {', '.join(sorted(unknown))}: choose from {', '.join(GROUPS)}")
    for name in options.what or GROUPS:
        for measured in GROUPS[name](options.rounds):
            print(measured.line(), flush=True)


if __name__ == "__main__":
    main()
