"""What goes into the log when something breaks: enough to find the place, and nothing about people."""

import json

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.world import World
from timebank.app import create_app


def test_a_page_that_fails_logs_one_json_line_without_the_values_of_variables(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    app = create_app(world.bank.settings, world.bank)  # here, so that it logs to what this test reads

    def broken() -> str:
        secret_name = "王桂英"
        raise RuntimeError(f"no such thing {len(secret_name)}")

    app.view_functions["web.why"] = broken
    answer = app.test_client().get("/about/why")
    assert answer.status_code == 500
    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    logged = json.loads(lines[-1])
    assert logged["level"] == "error"
    assert "no such thing 3" in logged["exception"]
    assert "王桂英" not in lines[-1]


def test_a_failed_statement_does_not_repeat_its_values(world: World) -> None:
    with pytest.raises(DBAPIError) as error, world.bank.engine.connect() as connection:
        connection.execute(text("SELECT * FROM nothing WHERE name = :name"), {"name": "王桂英"})
    assert "王桂英" not in str(error.value)
