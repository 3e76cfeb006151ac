"""The document is the one that is served, and what docs/integrator.md shows does what it says."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.api.calls import V1, Calls
from tests.world import HERE, World
from timebank import api
from timebank.access import OPERATOR
from timebank.api.about import document_text
from timebank.api.examples import EXAMPLES
from timebank.ledger import KeyRole, Receipt
from timebank.services import keys

DOCS = Path(__file__).parents[2] / "docs"
GUIDE = (DOCS / "integrator.md").read_text(encoding="utf-8")
NAMED_BY_ADDRESS = (
    "id",
    "community",
    "hold",
    "person",
    "paper",
    "kinship",
    "question",
    "group",
    "membership",
    "login",
    "entry",
)


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    app = Flask("alone")
    api.register(app)
    with app.app_context():
        made: dict[str, Any] = json.loads(document_text())
    return made


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method != "parameters"
    ]


def test_the_committed_document_is_the_generated_one(document: dict[str, Any]) -> None:
    committed = json.loads((DOCS / "openapi.json").read_text(encoding="utf-8"))
    assert committed == document, "run: python -m timebank.api > docs/openapi.json"


def test_the_service_gives_the_same_document(still: Calls, document: dict[str, Any]) -> None:
    response = still.get(f"{V1}/openapi.json", None)
    assert response.content_type == "application/json"
    assert response.get_json() == document


def test_every_route_says_what_it_does_who_may_call_it_and_how_it_says_no(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        where = f"{method} {path}"
        assert operation["summary"].endswith("."), where
        assert operation["description"].startswith("May call: "), where
        assert "application/problem+json" in operation["responses"]["default"]["content"], where
    named = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(set(named)) == len(named)


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    for reference in set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document))):
        assert reference in document["components"]["schemas"]


def test_every_example_passes_its_own_gate() -> None:
    for schema, example in EXAMPLES.items():
        known = [name for name in NAMED_BY_ADDRESS if name in schema._declared_fields.keys() - example.keys()]
        assert schema(exclude=known).validate(example) == {}, schema


# --- the guide -------------------------------------------------------------------------------------------------------


def block(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    return str(found)


def run(program: list[str], folder: Path, site: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "TIMEBANK_URL": site,
        "COMMUNITY": HERE,
        "NO_PROXY": "*",
    }
    return subprocess.run(
        program,
        cwd=folder,
        env=environment | more,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_commands_of_the_guide_find_a_person_and_record_a_visit(calls: Calls, site: str, tmp_path: Path) -> None:
    assert shutil.which("curl"), "this test runs the guide's commands and needs curl"
    more = {
        "TIMEBANK_TOKEN": calls.token("clerk"),
        "KEY": calls.world.bank.uuid(),
        "VOLUNTEER": calls.person("li"),
        "ELDER": calls.person("wang"),
        "DAY": calls.world.clock.day,
    }
    done = run(["sh", "-e", "-c", block("sh")], tmp_path, site, **more)
    assert done.returncode == 0, done.stdout + done.stderr
    people, answer = map(json.loads, done.stdout.splitlines())
    assert people["people"][0]["id"] == calls.person("li")
    assert (answer["entry"]["id"], answer["repeated"]) == (more["KEY"], False)
    assert calls.world.figures("li").available == 90


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_program_of_the_guide_signs_a_visit_and_gets_its_receipt(world: World, site: str, tmp_path: Path) -> None:
    # The program looks at the real clock.
    world.clock.ms = max(world.clock.ms, time.time_ns() // 1_000_000)
    world.bank.confirm_clock()
    (tmp_path / "sign.py").write_text(block("python"), encoding="utf-8")
    program, ledger = [sys.executable, "sign.py"], world.bank.origin(HERE)
    made = run(program, tmp_path, site, LEDGER=ledger)
    keys.register(world.bank, OPERATOR, HERE, made.stderr.strip(), KeyRole.STATION)
    accounts = [world.people[name].account for name in ("li", "wang")]
    done = run([*program, *accounts, world.clock.day, "60"], tmp_path, site, LEDGER=ledger)
    assert done.stdout.startswith("recorded "), done.stdout + done.stderr
    (file,) = tmp_path.glob("*.receipt")
    receipt = Receipt.parse(file.read_bytes())
    assert receipt.entry.leads_to(receipt.checkpoint)
    assert world.figures("li").available == 60


def test_the_guides_problem_is_what_the_service_says(still: Calls) -> None:
    shown = json.loads(block("json"))
    given = still.post(f"{V1}/communities/{HERE}/visits", still.visit(minutes=61.0), Accept_Language="en").get_json()
    assert given | {"request_id": ""} == shown | {"request_id": ""}
