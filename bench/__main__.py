"""Measure the hot paths: `./run bench [ledger|http] [--rounds N]`. Prints ratios against a floor of the same run."""

import argparse
from collections.abc import Iterator

from bench import http, ledger
from bench.rounds import ROUNDS, Measured


def _measure(what: str, rounds: int) -> Iterator[Measured]:
    if what in ("all", "ledger"):
        yield ledger.sqlite(100, rounds)
        yield ledger.sqlite(1000, rounds)
        yield ledger.postgresql(1000, rounds)
        yield ledger.verification(5000, rounds)
    if what in ("all", "http"):
        yield from http.measure(rounds)


def main() -> None:
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("all", "ledger", "http"), default="all")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    for measured in _measure(options.what, options.rounds):
        print(measured.line(), flush=True)


if __name__ == "__main__":
    main()
