"""The commands that the READMEs promise do what they promise."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh-CN.md")


def _commands(readme: str) -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / readme).read_text(encoding="utf-8"), re.DOTALL)
    return [line.partition("#")[0].strip() for block in blocks for line in block.splitlines() if line.strip()]


@pytest.mark.parametrize("readme", READMES)
def test_a_readme_promises_two_commands(readme: str) -> None:
    assert _commands(readme)[:2] == ["./run demo", "./run test"]


def test_both_readmes_promise_the_same_commands() -> None:
    english, chinese = map(_commands, READMES)
    assert english == chinese


@pytest.mark.parametrize("readme", READMES)
def test_every_file_that_a_readme_points_to_is_there(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", text)
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_the_demo_founds_a_county_verifies_every_ledger_and_answers() -> None:
    """`./run demo --check`: the whole county, as the README says. `./run test` itself is what runs this."""
    done = subprocess.run(
        [str(ROOT / "run"), "demo", "--check"], cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    answer = json.loads(done.stdout.splitlines()[-1])
    assert set(answer) == {
        "communities",
        "entries",
        "minutes_credited",
        "minutes_redeemed",
        "ledgers_verified",
        "seconds",
    }
    assert answer["communities"] == answer["ledgers_verified"] == 196
    assert answer["entries"] > 8_000
    assert answer["minutes_redeemed"] > 0
