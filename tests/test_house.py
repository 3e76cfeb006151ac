"""The import contracts hold, and each of them notices when it is broken."""

import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parent.parent
LINT_IMPORTS = Path(sysconfig.get_path("scripts")) / "lint-imports"

UPWARD = "Nobody imports upward, and every room has its place"
WEB = "The web stays above the services"
SQL = "In the ledger only what reads or writes rows knows SQL"
FRONT_DOOR = "Others enter the ledger by its front door"
VERIFIER = "The verifier knows nothing of timebank"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The house, to break things in."""
    shutil.copy(HOUSE / "pyproject.toml", tmp_path)
    for package in ("timebank", "verifier"):
        shutil.copytree(HOUSE / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def lint(house: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([LINT_IMPORTS, "--no-cache"], cwd=house, capture_output=True, text=True, check=False)


def plant(house: Path, module: str, line: str) -> None:
    """Add a line to a module; a room that is not built yet is made for it."""
    path = house / module
    path.parent.mkdir(parents=True, exist_ok=True)
    (path.parent / "__init__.py").touch()
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")


def test_the_import_contracts_hold() -> None:
    verdict = lint(HOUSE)
    assert verdict.returncode == 0, verdict.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("timebank/ledger/__init__.py", "import timebank.settings", UPWARD),
        ("timebank/services/planted.py", "import timebank.settings\nimport timebank.schemas.planted", UPWARD),
        ("timebank/api/planted.py", "import timebank.web.planted", UPWARD),
        ("timebank/helpers.py", "", UPWARD),
        ("timebank/ledger/__init__.py", "import flask", WEB),
        ("timebank/settings.py", "from werkzeug.utils import secure_filename", WEB),
        ("timebank/services/planted.py", "import marshmallow", WEB),
        ("timebank/ledger/planted.py", "import sqlalchemy", SQL),
        ("timebank/settings.py", "import timebank.ledger.planted", FRONT_DOOR),
        ("verifier/__init__.py", "import timebank.settings", VERIFIER),
    ],
)
def test_a_planted_import_breaks_its_contract(copy: Path, module: str, line: str, contract: str) -> None:
    for room in ("ledger", "schemas", "web"):
        plant(copy, f"timebank/{room}/planted.py", "")
    plant(copy, module, line)
    verdict = lint(copy)
    assert verdict.returncode == 1
    assert f"{contract} BROKEN" in verdict.stdout


@pytest.mark.parametrize("room", ["tables", "store", "reads"])
def test_three_rooms_of_the_ledger_may_know_sql(copy: Path, room: str) -> None:
    plant(copy, f"timebank/ledger/{room}.py", "from sqlalchemy import select")
    assert lint(copy).returncode == 0


def test_what_stands_above_the_services_may_know_the_web(copy: Path) -> None:
    plant(copy, "timebank/schemas/planted.py", "import marshmallow")
    plant(copy, "timebank/web/planted.py", "import flask")
    assert lint(copy).returncode == 0
