"""What the shared fixtures promise."""

import pytest
from playwright.sync_api import Browser
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.pool import NullPool

from tests.conftest import TestDatabase


def run(url: str, statement: str) -> object:
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        result = connection.execute(text(statement))
        return result.scalar_one() if result.returns_rows else None


@pytest.mark.parametrize("round_", [1, 2])
def test_every_test_gets_an_empty_database(database: TestDatabase, round_: int) -> None:
    engine = create_engine(database.owner_url, poolclass=NullPool)
    assert inspect(engine).get_table_names() == []
    run(database.owner_url, "CREATE TABLE left_behind (id integer)")


def test_the_two_engines_are_what_they_are_called(database: TestDatabase) -> None:
    version = "SELECT sqlite_version()" if database.engine == "sqlite" else "SELECT version()"
    assert str(run(database.app_url, version)).startswith(
        {"sqlite": "3.", "postgresql": "PostgreSQL "}[database.engine]
    )


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_the_service_owns_nothing_on_postgresql(database: TestDatabase) -> None:
    run(database.owner_url, "CREATE TABLE entry (id integer)")
    for forbidden in (
        "DROP TABLE entry",
        "SELECT id FROM entry",
        "CREATE TABLE own (id integer)",
        "CREATE DATABASE own",
    ):
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
            run(database.app_url, forbidden)


def test_the_browser_draws_chinese_characters_not_boxes(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<canvas width=40 height=40></canvas>")
    draw = """character => {
        const pen = document.querySelector("canvas").getContext("2d");
        pen.clearRect(0, 0, 40, 40);
        pen.font = "30px sans-serif";
        pen.fillText(character, 2, 32);
        return document.querySelector("canvas").toDataURL();
    }"""
    assert page.evaluate(draw, "时") != page.evaluate(draw, "间")
    page.close()
