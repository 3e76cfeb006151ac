"""Each row of the threat table with each adversary: found where the table says so, and only there.

A cell that says NOT detected is tested as much as one that says who finds it: where a deed is found by more than is
expected, the test fails too.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import TestDatabase
from tests.trials import sweep
from tests.trials.adversaries import ADVERSARIES, KEPT, MARK, ROWS, Case
from tests.trials.detectors import COLUMNS, look
from tests.trials.scene import Scene, Template, tell
from tests.trials.tamper import CASES, Result, table, tried
from tests.world import World

ON_SQLITE = [case for case in CASES if "sqlite" in case.engines]
ON_POSTGRESQL = [case for case in CASES if "postgresql" in case.engines]
POSTGRESQL = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return Template.make(tmp_path_factory.mktemp("template"))


@pytest.fixture
def scene(template: Template, tmp_path: Path) -> Iterator[Scene]:
    with template.copy(tmp_path) as scene:
        yield scene


@pytest.fixture
def on_postgresql(world: World, database: TestDatabase, tmp_path: Path) -> Scene:
    """The service works as its own role; whoever tampers as `b`, `d` or `e` owns the tables."""
    told, outside = tell(world)
    return Scene(world, tmp_path, database.owner_url, told, outside)


def test_nobody_finds_anything_where_nothing_was_done(scene: Scene) -> None:
    assert look(scene) == {}


@pytest.mark.parametrize("case", ON_SQLITE, ids=str)
def test_a_deed_is_found_by_those_whom_the_table_names_and_by_nobody_else(case: Case, scene: Scene) -> None:
    assert tried(case, scene).differs() == []


@POSTGRESQL
@pytest.mark.parametrize("case", ON_POSTGRESQL, ids=str)
def test_a_deed_on_postgresql_is_found_by_the_same(case: Case, on_postgresql: Scene) -> None:
    assert tried(case, on_postgresql).differs() == []


@POSTGRESQL
def test_nobody_finds_anything_on_postgresql_where_nothing_was_done(on_postgresql: Scene) -> None:
    assert look(on_postgresql) == {}


def test_every_row_and_every_adversary_occurs() -> None:
    assert {case.row for case in CASES} == set(ROWS)
    assert {case.who for case in CASES} == set(ADVERSARIES)
    assert len({str(case) for case in CASES}) == len(CASES)


def test_what_is_not_detected_is_said_in_the_printed_table() -> None:
    case = next(case for case in CASES if not case.found)
    said = dict.fromkeys(COLUMNS, "something")
    assert "NOT detected" in "\n".join(table([Result(case, {})]))
    assert "NOT detected" not in "\n".join(table([Result(case, said)]))
    assert "| mark | kept |" in "\n".join(table([Result(case, {COLUMNS[0]: MARK, COLUMNS[1]: KEPT})]))


@pytest.mark.parametrize(
    "found", [{}, {"scrub": "other words"}, {"scrub": "the words", "receipt": "forked"}], ids=["less", "other", "more"]
)
def test_what_is_found_otherwise_than_the_code_expects_is_a_difference(found: dict[str, str]) -> None:
    case = Case(row=ROWS[0], who="a", what="", act=lambda _scene: None, found={"scrub": "the words"})
    assert Result(case, {"scrub": "all the words"}).differs() == []
    assert Result(case, found).differs()


def test_the_sweep_says_which_change_the_full_audit_missed() -> None:
    """So that a hole is named and not only counted."""
    nothing = sweep.Flip("days", "minutes", 1, 0, 0)
    swept = sweep.Swept("days", found={sweep.FULL: Counter()})
    sweep._note(swept, nothing, {sweep.FULL: None})
    assert swept.missed == [nothing]


def test_the_page_shows_the_table_that_the_code_expects() -> None:
    page = (Path(__file__).parents[2] / "docs" / "tampering.md").read_text(encoding="utf-8")
    missing = [line for line in table(Result(case, dict(case.found)) for case in CASES) if line not in page]
    assert not missing, "\n".join(("Put these lines of ./run tamper into docs/tampering.md:", *missing))
