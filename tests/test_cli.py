"""The operator's commands, run as an operator runs them."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import sqlite_in
from tests.federation.offices import found_office, served
from tests.world import Clock
from timebank.access import OPERATOR
from timebank.services import peers

ROOT = Path(__file__).parent.parent
CODE = "520302001001"


class Operator:
    """A folder with its settings, and a shell."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = os.environ | {
            "TIMEBANK_DATABASE_URL": f"sqlite:///{folder / 'bank.db'}",
            "TIMEBANK_HIGHWATER_PATH": str(folder / "apart" / "highwater"),
            "TIMEBANK_MASTER_KEY_PATH": str(folder / "master.key"),
            "TIMEBANK_KEYRING_PATH": str(folder / "keyring"),
        }

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "timebank.cli", *words]
        return subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)

    def json(self, *words: str) -> dict[str, object]:
        done = self.run("--json", *words)
        assert done.returncode == 0, done.stderr
        return dict(json.loads(done.stdout))


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Operator:
    operator = Operator(tmp_path_factory.mktemp("operator"))
    assert operator.run("init").returncode == 0
    assert operator.run("found", CODE).returncode == 0
    return operator


@pytest.fixture
def operator(founded: Operator, tmp_path: Path) -> Operator:
    """A copy of the founded bank, to spoil."""
    shutil.copytree(founded.folder, tmp_path / "bank")
    return Operator(tmp_path / "bank")


def test_init_can_be_repeated_and_keeps_the_master_key(operator: Operator) -> None:
    before = (operator.folder / "master.key").read_bytes()
    assert operator.json("init")["master_key_made"] is False
    assert (operator.folder / "master.key").read_bytes() == before


def test_what_one_keeps_outside_is_checked_by_the_commands(operator: Operator, tmp_path: Path) -> None:
    sheet, proof, ledger = (str(tmp_path / name) for name in ("sheet", "proof", "ledger"))
    operator.environment["TIMEBANK_DIGEST_FOLDER"] = str(tmp_path)
    day = str(operator.json("digest", "make")["day"])
    (written,) = tmp_path.glob("*.digest")
    written.rename(sheet)
    operator.json("digest", "proof", CODE, day, proof)
    operator.json("seal")
    operator.json("export", CODE, ledger)
    kept = ("verify", "--digest", sheet, "--proof", proof)
    assert operator.json(*kept, "--file", ledger)["size"] == operator.json("verify")["entries"] - 1  # type: ignore[operator]
    assert operator.run(*kept).returncode == 2
    Path(sheet).write_text(Path(sheet).read_text().replace(day, "2020-01-01"))
    assert operator.run(*kept, "--file", ledger).returncode == 1
    assert operator.json("digest", "kept")["digests"] == []
    assert operator.run("verify", "--evidence", proof).returncode == 1
    assert operator.json("witness", "run") == operator.json("witness", "run")
    assert operator.json("witness", "evidence", CODE)["evidence"] == []
    assert operator.json("peers", "positions", CODE[:9])["links"] == 0


def test_verify_proves_every_ledger(operator: Operator) -> None:
    assert operator.json("verify") == {"ledgers": 1, "entries": 4}


def test_an_export_is_proved_by_both_programs(operator: Operator) -> None:
    file = operator.folder / "ledger.export"
    assert operator.json("export", CODE, str(file))["entries"] == 4
    assert operator.json("verify", "--file", str(file))["entries"] == 4
    program = [sys.executable, "verifier/timebank_verify.py", "ledger", str(file)]
    assert subprocess.run(program, cwd=ROOT, capture_output=True, check=False).returncode == 0


def test_a_spoilt_export_is_not_proved_and_the_exit_code_says_so(operator: Operator) -> None:
    file = operator.folder / "ledger.export"
    operator.run("export", CODE, str(file))
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    done = operator.run("verify", "--file", str(file))
    assert done.returncode == 1
    assert "Not proved" in done.stderr


def test_rebuild_answers_with_the_number_of_entries(operator: Operator) -> None:
    assert operator.json("rebuild", CODE)["entries"] == 4
    assert operator.json("verify")["entries"] == 4


def test_without_its_high_water_file_the_status_is_exit_code_3_until_it_is_accepted(operator: Operator) -> None:
    (operator.folder / "apart" / "highwater").unlink()
    assert operator.run("highwater", "status").returncode == 3
    assert operator.run("highwater", "accept", CODE).returncode == 2
    assert operator.run("highwater", "accept", CODE, "--yes").returncode == 0
    assert operator.run("highwater", "status").returncode == 0


def test_keys_are_named_and_never_shown(operator: Operator) -> None:
    out = operator.run("keys", "list").stdout
    assert f"/c/{CODE}/station-1+" in out
    fingerprint = operator.json("keys", "fingerprint", CODE)
    assert str(fingerprint["log_key"]).startswith(f"timebank.zunyi.example/c/{CODE}+")
    assert len(str(fingerprint["fingerprint"]).split()) == 16


@pytest.mark.parametrize("role", ["log", "system", "station", "lead", "admin"])
def test_a_key_is_rotated_and_the_list_says_which_one_holds(operator: Operator, role: str) -> None:
    done = operator.json("keys", "rotate", CODE, role)
    keys = {str(row["vkey"]): row for row in rows(operator.json("keys", "list", CODE)["keys"])}
    assert (keys[str(done["vkey"])]["until"], keys[str(done["vkey"])]["held"]) == (None, True)
    for revoked in rows(done["revoked"]):
        assert keys[str(revoked)]["until"] == int(str(done["seq"])) + 1
    if role == "log":
        assert operator.json("keys", "fingerprint", CODE)["log_key"] == done["vkey"]
    operator.json("verify")


def rows(value: object) -> list[Any]:
    assert isinstance(value, list)
    return value


def test_a_revoked_key_says_what_that_means_and_what_is_in_doubt(operator: Operator) -> None:
    origin = f"timebank.zunyi.example/c/{CODE}"
    operator.json("keys", "rotate", CODE, "station")
    done = operator.run("keys", "revoke", CODE, f"{origin}/station-2", "--compromised-from", "0")
    assert "nothing it signs is taken any more" in done.stdout
    assert "0 signatures from record 0 on are in doubt" in done.stdout
    assert operator.run("keys", "doubtful", CODE).stdout == "No record is in doubt.\n"
    again = operator.run("keys", "revoke", CODE, f"{origin}/station-2")
    assert (again.returncode, "key-revoked" in again.stderr) == (1, True)


def test_a_note_is_readmitted_only_on_a_leads_word(operator: Operator) -> None:
    for name, role in (("lead-1", "lead"), ("clerk-1", "clerk")):
        operator.json("user", "add", name, role, CODE, "--password", "correct horse")
    file = operator.folder / "late.note"
    file.write_bytes(b"no note")
    words = ("keys", "readmit", CODE, str(file))
    for name, secret, said in (
        ("clerk-1", "correct horse", "denied"),
        ("lead-1", "wrong", "login-wrong"),
        ("lead-1", "correct horse", "note-form"),
    ):
        done = operator.run("--json", *words, "--lead", name, "--password", secret)
        assert (done.returncode, said in done.stderr) == (1, True), done.stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("found", CODE), 1, "community-taken"),
        (("found", "12"), 2, "12-digit"),
        (("verify", "999999999999"), 1, "ledger-unknown"),
        (("nonsense",), 2, "No such command"),
    ],
)
def test_a_command_that_cannot_be_done_says_why_and_has_its_exit_code(
    operator: Operator, words: tuple[str, ...], code: int, said: str
) -> None:
    done = operator.run(*words)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_database_the_commands_say_to_make_one(tmp_path: Path) -> None:
    operator = Operator(tmp_path)
    done = operator.run("verify")
    assert done.returncode == 4
    assert "Traceback" not in done.stderr


def test_staff_can_be_let_in_and_a_program_gets_a_token(operator: Operator) -> None:
    added = operator.json("user", "add", "clerk-1", "clerk", CODE, "--password", "correct horse")
    assert added["role"] == "clerk"
    token = operator.json("user", "token", "clerk-1", "--label", "import", "--scope", "record_visit")
    assert str(token["token"]).startswith("tbk_")
    assert operator.run("user", "add", "clerk-1", "clerk", CODE, "--password", "x").returncode == 1


def test_a_countys_policy_is_checked_compared_published_once_and_shown(operator: Operator, tmp_path: Path) -> None:
    layer = tmp_path / "county.toml"
    layer.write_text("[caps]\nday_minutes = 300\n")
    assert operator.json("policy", "check", str(layer))["changes"] == {"caps.day_minutes": {"old": 480, "new": 300}}
    assert operator.json("policy", "diff", CODE, str(layer))["effects"] == {}
    assert operator.json("policy", "publish", "红花岗区", str(layer)) == {"published": {CODE: 2}, "reached": 1}
    assert operator.json("policy", "publish", "all") == {"published": {}, "reached": 1}
    shown = operator.json("policy", "show", CODE)
    assert shown["version"] == 2
    assert "day_minutes = 300" in str(shown["document"])
    assert "一天最多存入 5小时" in operator.run("policy", "show", CODE, "--words", "zh").stdout
    assert "At most 5 hours are credited for one day" in operator.run("policy", "show", CODE, "--words", "en").stdout


def test_a_file_that_is_no_policy_is_named_by_its_key_and_changes_nothing(operator: Operator, tmp_path: Path) -> None:
    layer = tmp_path / "bad.toml"
    layer.write_text("[caps]\nday_minutes = 0\n")
    for words in (("check", str(layer)), ("diff", CODE, str(layer)), ("publish", CODE, str(layer))):
        done = operator.run("policy", *words)
        assert done.returncode == 1
        assert done.stderr.startswith("caps.day_minutes: ")
    assert operator.json("policy", "show", CODE)["version"] == 1


def test_a_known_programme_is_published_by_its_name(operator: Operator) -> None:
    assert operator.json("policy", "publish", CODE, "--profile", "changning")["published"] == {CODE: 2}
    assert "minimum_age = 65" in str(operator.json("policy", "show", CODE)["document"])
    assert operator.run("policy", "publish", CODE, "--profile", "nowhere").returncode == 2


def test_calls_are_drawn_of_a_month_that_is_over(operator: Operator) -> None:
    drawn = operator.json("callbacks", "draw", CODE, "--month", "2026-01")
    assert (drawn["month"], drawn["served"], drawn["entries"], drawn["size"]) == ("2026-01", 0, [], 0)
    assert "entries" in operator.json("callbacks", "draw", CODE)
    assert operator.run("callbacks", "draw", CODE, "--month", "2026-13").returncode == 2
    early = operator.run("callbacks", "draw", CODE, "--month", "2999-01")
    assert (early.returncode, "month-not-over" in early.stderr) == (1, True)


def test_a_link_to_another_service_is_made_by_its_fingerprint_and_no_other(operator: Operator, tmp_path: Path) -> None:
    own = operator.json("peers", "fingerprint", CODE)
    assert len(str(own["fingerprint"]).split()) == 12
    there = tmp_path / "there"
    there.mkdir()
    office = found_office(1, there, sqlite_in(there), Clock())
    with served(office):
        told = peers.ours(office.bank, OPERATOR, office.code)
        to = ("peers", "add", CODE, told.origin, office.url, "--fingerprint")
        wrong = operator.run("--json", *to, str(own["fingerprint"]))
        assert (wrong.returncode, json.loads(wrong.stderr)["code"]) == (1, "fingerprint-wrong")
        assert operator.json("peers", "list", CODE) == {"peers": []}
        assert operator.json(*to, told.fingerprint)["origin"] == told.origin
        assert [one["origin"] for one in rows(operator.json("peers", "list", CODE)["peers"])] == [told.origin]
        # The other side has not added this one yet: it does not know who asks.
        assert operator.json("reconcile", "light", CODE) == {"links": 0, "found": 0, "silent": 1}
    office.bank.close()
    away = operator.run("--json", *to, told.fingerprint)
    assert (away.returncode, json.loads(away.stderr)["code"]) == (1, "peer-unreachable")
