"""Files of signed notes: taken in by the thousand, safe to repeat, each note judged by itself."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import TestDatabase
from tests.world import HERE, World
from timebank.access import OPERATOR
from timebank.ledger import Code, Intent, KeyRole, Move, Signer, Untrusted, read_notes, sign, write_notes
from timebank.services import audits, entries, keys


@pytest.fixture
def station(world: World) -> Signer:
    signer = Signer.generate(f"{world.bank.origin(HERE)}/station-program")
    keys.register(world.bank, OPERATOR, HERE, str(signer.vkey), KeyRole.STATION)
    return signer


def notes(world: World, signer: Signer, count: int, minutes: int = 30) -> list[bytes]:
    server, served = world.people["li"].account, world.people["wang"].account
    body = {
        "day": world.clock.day, "minutes": minutes, "credited": minutes, "server": server, "served": [served],
        "service": "company", "catalogue": 1, "confirmed": "card",
    }  # fmt: skip
    made = []
    for _ in range(count):
        intent = Intent(
            ledger=world.bank.origin(HERE), id=world.bank.uuid(), kind="service", at=world.clock.ms, by=signer.name,
            body=body, moves=(Move("issue", server, minutes),),
        )  # fmt: skip
        made.append(sign(intent, signer).note)
    return made


def test_a_file_taken_in_twice_is_entered_once(world: World, station: Signer) -> None:
    file = io.BytesIO()
    write_notes(iter(notes(world, station, 5)), file)
    for repeated in (False, True):
        file.seek(0)
        outcomes = [one for part in entries.take_in(world.bank, HERE, read_notes(file)) for one in part]
        assert [(one.declined, one.repeated) for one in outcomes] == [(None, repeated)] * 5
    assert audits.verify(world.bank, OPERATOR, HERE).kinds["service"] == 5


def test_a_note_that_is_declined_does_not_keep_the_others_out(world: World, station: Signer) -> None:
    good = notes(world, station, 2)
    bad = [notes(world, Signer.generate(station.name), 1)[0], b"nonsense", notes(world, station, 1, minutes=31)[0]]
    batch = [good[0], *bad, good[1]]
    (outcomes,) = entries.take_in(world.bank, HERE, batch)
    told = [one.declined.code if one.declined else None for one in outcomes]
    assert told == [None, Code.KEY_UNKNOWN, Code.NOTE_FORM, Code.CREDIT_NOT_POLICY, None]


def test_more_than_a_thousand_go_in_several_transactions_in_their_order(world: World, station: Signer) -> None:
    made = notes(world, station, 1100)
    parts = list(entries.take_in(world.bank, HERE, made))
    assert [len(part) for part in parts] == [1000, 100]
    seqs = [one.record.seq for part in parts for one in part if one.record is not None]
    assert len(seqs) == 1100
    assert seqs == sorted(seqs)
    report = audits.verify(world.bank, OPERATOR, HERE)
    assert report.kinds["service"] == 1100
    assert report.kinds["overflow"] == 1100 - 16  # a day's cap is eight hours, the rest flows to the fund


@pytest.mark.parametrize(
    "data", [b"", b"timebank-notes v2\n", b"timebank-notes v1\nnote 5\nab", b"timebank-notes v1\nx"]
)
def test_a_file_that_is_none_or_breaks_off_is_said_to_be_so(data: bytes) -> None:
    with pytest.raises(Untrusted):
        list(read_notes(io.BytesIO(data)))


def test_the_command_names_what_it_declined(
    world: World, database: TestDatabase, station: Signer, tmp_path: Path
) -> None:
    file = tmp_path / "month.notes"
    with file.open("wb") as out:
        write_notes(iter([*notes(world, station, 2), notes(world, station, 1, minutes=31)[0]]), out)
    settings = world.bank.settings
    names = ("highwater_path", "master_key_path", "keyring_path")
    environment = os.environ | {f"TIMEBANK_{name.upper()}": str(getattr(settings, name)) for name in names}
    environment |= {"TIMEBANK_DATABASE_URL": database.app_url, "TIMEBANK_CLOCK_LEAP_DAYS": "9999"}
    command = [sys.executable, "-m", "timebank.cli", "--json", "import", HERE, str(file)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    told = json.loads(done.stderr)
    assert (done.returncode, told["entered"], list(told["declined"])) == (1, 2, ["3"])
    assert "30" in told["declined"]["3"]
