"""Every rule has a scenario or a word on what is not built, and every refusal that people meet is told of."""

from pathlib import Path

import pytest

from tests.scenarios import rows
from timebank import policy
from timebank.ledger import Code
from timebank.schemas import refusals
from timebank.services import policies

HOUSE = Path(__file__).parents[1]


def test_the_document_of_the_rules_is_that_of_the_scenarios() -> None:
    made = (HOUSE / "docs" / "rules.md").read_text(encoding="utf-8")
    assert made == rows.document(), "run: python -m tests.scenarios.rows > docs/rules.md"


@pytest.mark.parametrize("row", rows.ROWS, ids=lambda row: row.tag)
def test_each_row_of_the_table_has_scenarios_or_says_what_is_not_built(row: rows.Row) -> None:
    assert rows.told_of(row) or row.not_built
    assert not row.open_keys or row.not_built
    assert not row.keys or rows.told_of(row), "followed, and no scenario tells of it"


def test_each_key_of_a_policy_belongs_to_one_row() -> None:
    adopted = "[adopted]\nmeeting = '2026-01-01'\npresent = 1\nminutes_sha256 = '" + "0" * 64 + "'\n"
    adopted += "published_from = '2026-01-02'\npublished_until = '2026-01-03'\n"
    keys = policy.rules_of(policy.parse(policy.resolve(policies.default(), adopted))).keys()
    placed = [key for row in rows.ROWS for key in row.keys + row.open_keys]
    assert sorted(placed) == sorted(keys)


def test_each_scenario_is_read_and_tells_of_a_row_and_has_its_line_in_english() -> None:
    files = sorted(rows.FOLDER.glob("*.feature"))
    written = sum(line.strip().startswith("场景") for file in files for line in file.read_text("utf-8").splitlines())
    assert len(rows.scenarios()) == written, "two scenarios of a file have the same name"
    known = {row.tag for row in rows.ROWS}
    for told in rows.scenarios():
        assert told.tags, told.name
        assert told.tags <= known, told.name
        assert told.english.isascii(), told.name
        assert told.english, told.name


def test_each_file_of_scenarios_is_run() -> None:
    run = "".join(file.read_text("utf-8") for file in rows.FOLDER.glob("test_*.py"))
    assert [file.name for file in rows.FOLDER.glob("*.feature") if f'"{file.name}"' not in run] == []


def test_each_refusal_is_told_with_the_sentences_of_one_code_in_both_languages() -> None:
    for told in rows.scenarios():
        for chinese, english in told.refusals:
            assert english, f"{told.name}: no English after 「{chinese}」"
            denied = (chinese, english) == rows.DENIED
            assert denied or len(rows.codes_of(chinese, english)) == 1, chinese


def test_each_refusal_that_people_meet_is_told_of() -> None:
    told = rows.told_codes()
    missing = [code.name for code in Code if code not in told and code not in rows.ELSEWHERE]
    assert missing == [], "a scenario tells of each, with both sentences, or rows.ELSEWHERE says why none can"
    assert [code.name for code in rows.ELSEWHERE if code in told] == [], "told of, and in rows.ELSEWHERE"


@pytest.mark.parametrize("code", rows.ELSEWHERE, ids=lambda code: code.value)
def test_what_no_scenario_tells_of_is_tried_where_it_is_said_to_be(code: Code) -> None:
    text = (HOUSE / rows.ELSEWHERE[code][1]).read_text(encoding="utf-8")
    sentence = refusals.SENTENCES[code][1].partition("%")[0]
    assert f"Code.{code.name}" in text or f'"{code.value}"' in text or sentence in text
