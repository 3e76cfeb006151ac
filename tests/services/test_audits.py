"""Nightly work: seals, audits in full and from a seal on, faults that stop a ledger, digests, and the doctor."""

import io
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.conftest import TestDatabase
from tests.world import ELSEWHERE, HERE, World
from timebank import directory, jobs
from timebank.access import OPERATOR, Denied
from timebank.database import open_engine
from timebank.federation import carrier, witness
from timebank.ledger import (
    Code,
    Corrupted,
    Digest,
    DigestProof,
    Export,
    KeyRole,
    Receipt,
    Refused,
    Untrusted,
    export,
    reads,
)
from timebank.services import audits, digests, health, keys, offline, seals

SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def run(world: World, kind: str = audits.NEW, **more: Any) -> audits.Found:
    (found,) = audits.run(world.bank, OPERATOR, [HERE], kind, **more)
    return found


def tamper(database: TestDatabase, statement: str) -> None:
    """As the owner of the tables, below the service."""
    owner = open_engine(database.owner_url, pooled=False)
    with owner.begin() as connection:
        connection.execute(text(statement))
    owner.dispose()


def test_a_seal_is_posted_once_a_day_and_only_when_something_is_new(world: World) -> None:
    world.record()
    first = seals.seal(world.bank, OPERATOR, HERE)
    assert first is not None
    assert first.record.id == f"seal.{world.clock.day}"
    world.record()
    assert seals.seal(world.bank, OPERATOR, HERE) is None
    world.clock.advance(days=1)
    second = seals.seal(world.bank, OPERATOR, HERE)
    assert second is not None
    world.clock.advance(days=1)
    assert seals.seal(world.bank, OPERATOR, HERE) is None  # nothing but the seal itself
    assert audits.verify(world.bank, OPERATOR, HERE).kinds["seal"] == 2


def test_only_who_keeps_the_books_may_seal_and_make_digests(world: World) -> None:
    for name in ("clerk", "lead", "auditor"):
        with pytest.raises(Denied):
            seals.seal(world.bank, world.actors[name], HERE)
        with pytest.raises(Denied):
            digests.make(world.bank, world.actors[name])
    with pytest.raises(Denied):
        list(audits.run(world.bank, world.actors["clerk"], [HERE], audits.FULL))


def test_the_second_night_reads_only_what_is_newer_than_the_seal_that_the_first_has_passed(world: World) -> None:
    world.record()
    seals.seal(world.bank, OPERATOR, HERE)
    first = run(world)
    assert (first.kind, first.fault) == (audits.FULL, None)
    world.clock.advance(days=1)
    world.record()
    second = run(world)
    assert second.report is not None
    assert first.report is not None
    assert (second.kind, second.report.first) == (audits.NEW, first.report.size - 1)
    kept = audits.overview(world.bank, OPERATOR, HERE).audits
    assert {kind: one.size for kind, one in kept.items()} == {
        audits.NEW: second.report.size, audits.FULL: first.report.size,
    }  # fmt: skip


def test_on_two_processes_an_audit_in_pieces_says_what_one_says(world: World) -> None:
    for minutes in (30, 45, 60):
        world.record(minutes=minutes)
    alone = run(world, audits.FULL)
    together = run(world, audits.FULL, processes=2, segment=5)
    assert alone.report is not None
    assert alone.report == together.report


@SQLITE
def test_a_fault_stops_the_ledger_until_a_full_audit_finds_it_gone(world: World, database: TestDatabase) -> None:
    world.record()
    tamper(database, "UPDATE accounts SET minutes = minutes + 1 WHERE kind = 'person' AND minutes > 0")
    assert "accounts" in (run(world, audits.FULL).fault or "")
    with pytest.raises(Refused) as error:
        world.record()
    assert error.value.code is Code.LEDGER_READ_ONLY
    assert world.figures("li").available == 61  # reading goes on, and the page says that the books are read-only
    assert audits.overview(world.bank, OPERATOR, HERE).read_only is not None
    tamper(database, "UPDATE accounts SET minutes = minutes - 1 WHERE kind = 'person' AND minutes > 0")
    assert run(world, audits.SCRUB).fault is None  # says nothing of balances, so it settles nothing
    with pytest.raises(Refused):
        world.record()
    assert run(world, audits.FULL).fault is None
    world.record()


def test_a_fault_of_one_ledger_does_not_stop_another(world: World, database: TestDatabase) -> None:
    world.record()
    tamper(database, "UPDATE lines SET balance = balance + 1")
    world.bank.engine.dispose()
    assert run(world, audits.FULL).fault is not None
    found = {one.community: one.fault for one in audits.run(world.bank, OPERATOR, [HERE, ELSEWHERE], audits.SCRUB)}
    assert found == {HERE: None, ELSEWHERE: None}
    with world.bank.work(world.bank.origin(ELSEWHERE)):
        pass
    with pytest.raises(Refused), world.bank.work(world.bank.origin(HERE)):
        pass


@SQLITE
def test_records_that_were_audited_and_are_others_now_are_found_though_everything_else_agrees(
    world: World, tmp_path: Path
) -> None:
    """The operator restores a copy from before, goes another way with the log key, and forges the high-water file."""
    world.bank.engine.dispose()
    shutil.copy(tmp_path / "timebank.db", tmp_path / "old.db")
    shutil.copy(tmp_path / "highwater", tmp_path / "old-marks")
    world.record(minutes=60)
    assert run(world, audits.FULL).fault is None
    with closing(sqlite3.connect(tmp_path / "timebank.db")) as raw:
        kept = raw.execute("SELECT * FROM audits").fetchall()
    world.bank.close()
    for leftover in tmp_path.glob("timebank.db-*"):
        leftover.unlink()
    shutil.copy(tmp_path / "old.db", tmp_path / "timebank.db")
    shutil.copy(tmp_path / "old-marks", tmp_path / "highwater")
    world.bank = type(world.bank)(world.bank.settings, clock=world.clock, random=world.bank.random)
    world.record(minutes=90)
    assert run(world, audits.FULL).fault is None
    with closing(sqlite3.connect(tmp_path / "timebank.db")) as raw, raw:
        raw.execute("DELETE FROM audits")
        raw.executemany(f"INSERT INTO audits VALUES ({','.join('?' * len(kept[0]))})", kept)
    assert "are not those that were audited" in (run(world, audits.FULL).fault or "")


def test_the_digest_of_a_day_is_made_once_and_proves_an_entry_that_was_there(world: World) -> None:
    posted = world.record()
    made = digests.make(world.bank, OPERATOR)
    world.record()
    assert digests.make(world.bank, OPERATOR) == made == digests.newest(world.bank)
    assert Digest.parse(str(made)) == made
    proof = DigestProof.parse(digests.proof(world.bank, HERE, made.day).to_bytes())
    assert proof.holds()
    receipt = Receipt.parse(digests.receipt(world.bank, OPERATOR, HERE, posted.record, made.day))
    assert receipt.checkpoint.note == proof.checkpoint.note
    assert all(one.leads_to(receipt.checkpoint) for one in (receipt.entry, *receipt.keys))


def test_an_entry_that_came_after_the_digest_has_no_receipt_under_it(world: World) -> None:
    day = digests.make(world.bank, OPERATOR).day
    later = world.record()
    with pytest.raises(Refused):
        digests.receipt(world.bank, OPERATOR, HERE, later.record, day)


def test_another_line_or_another_head_does_not_fit_a_digest(world: World) -> None:
    made = digests.make(world.bank, OPERATOR)
    proof = digests.proof(world.bank, HERE, made.day)
    other = digests.proof(world.bank, ELSEWHERE, made.day)
    assert not replace(proof, digest=Digest(made.host, made.day, made.heads, bytes(32))).holds()
    assert not replace(proof, checkpoint=other.checkpoint).holds()
    assert not replace(proof, index=1 - proof.index).holds()
    for text_ in (f"{made} ", str(made)[:-1], str(made).replace("v1", "v2"), str(made).replace(made.day, "2026-13-01")):
        with pytest.raises(Untrusted):
            Digest.parse(text_)


def test_the_log_key_may_change_after_a_digest_and_the_receipt_under_it_still_leads_there(world: World) -> None:
    posted = world.record()
    day = digests.make(world.bank, OPERATOR).day
    with world.bank.view() as view:
        now = view.head(world.bank.origin(HERE))
        then = digests.proof(world.bank, HERE, day).checkpoint
        assert reads.head_then(now, then).size == posted.record.seq + 1


def _grades(world: World) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in health.look(world.bank, OPERATOR):
        found.setdefault(one.grade.value, set()).add(one.what)
    return found


def test_the_doctor_says_what_is_late_and_after_a_night_it_is_not(world: World) -> None:
    origins = {world.bank.origin(code) for code in (HERE, ELSEWHERE)}
    assert origins | {"digest"} <= _grades(world)["late"]
    digests.make(world.bank, OPERATOR)
    list(audits.run(world.bank, OPERATOR, [HERE, ELSEWHERE], audits.FULL))
    assert not (origins | {"digest"}) & _grades(world).get("late", set())
    assert "bad" not in _grades(world) or _grades(world)["bad"] == {"durability"}  # the tests' server forgets at will
    world.clock.advance(days=3)
    assert origins <= _grades(world)["late"]


@SQLITE
def test_the_doctor_finds_what_is_wrong(world: World, database: TestDatabase, tmp_path: Path) -> None:
    tamper(database, "DROP TRIGGER entries_no_UPDATE")
    (tmp_path / "keyring").chmod(0o644)
    (tmp_path / "highwater").unlink()
    world.bank.close()
    world.bank = type(world.bank)(world.bank.settings, clock=world.clock, random=world.bank.random)
    world.clock.ms -= 3_600_000
    bad = _grades(world)["bad"]
    assert {"append-only triggers", "keyring", "clock", world.bank.origin(HERE)} <= bad
    assert all(one.todo for one in health.look(world.bank, OPERATOR) if one.grade is not health.Grade.GOOD)


# --- a sheet that somebody kept --------------------------------------------------------------------------------------


def test_a_digest_goes_into_the_folder_that_is_configured_once_a_day(world: World, tmp_path: Path) -> None:
    made = digests.make(world.bank, OPERATOR)
    assert digests.hand_out(world.bank, OPERATOR, made) is None
    folder = tmp_path / "out"
    folder.mkdir()
    world.bank.settings = replace(world.bank.settings, digest_folder=str(folder))
    for _ in range(2):
        file = digests.hand_out(world.bank, OPERATOR, made)
        assert file is not None
        assert file.read_text() == f"{made}\n"
    assert [one.name for one in folder.iterdir()] == [f"{made.host}-{made.day}.digest"]
    with pytest.raises(Denied):
        digests.hand_out(world.bank, world.actors["lead"], made)


def test_a_folder_that_is_not_there_fails_the_job_which_is_tried_again(world: World, tmp_path: Path) -> None:
    world.bank.settings = replace(world.bank.settings, digest_folder=str(tmp_path / "away"))
    (job,) = (one for one in jobs.of(world.bank) if one.plan.job == "digest")
    ran = jobs.run_slot(world.bank, job, "2026-09-21", by_hand=True)
    assert ran is not None
    assert (ran.state, "cannot be written" in ran.outcome) == ("failed", True)
    assert digests.newest(world.bank) is not None


def given(world: World, line: str, sender: str = "far.example/c/520399001001", *, linked: bool = True) -> bytes:
    with world.bank.office() as office:
        if linked and directory.transfers.peer(office.connection, HERE, sender) is None:
            office.people.add(directory.Peer(community=HERE, origin=sender, genesis=bytes(32), limit_minutes=0, size=0))
    return carrier.answer(world.bank, HERE, world.bank.origin(HERE), sender, "digest", line.encode())


def test_the_digest_of_another_service_is_kept_and_a_second_one_for_the_day_is_seen(world: World) -> None:
    first, second = (str(Digest("far.example", "2026-09-20", 3, bytes([byte] * 32))) for byte in (1, 2))
    for _ in range(2):
        given(world, first)
    (kept,) = digests.kept(world.bank)
    assert (kept.line, kept.is_doubled) == (first, False)
    given(world, second)
    assert {(one.line, one.is_doubled) for one in digests.kept(world.bank, "far.example")} == {
        (first, True),
        (second, True),
    }
    assert digests.kept(world.bank, "other.example") == ()


def test_what_is_no_digest_of_the_senders_service_is_not_kept(world: World) -> None:
    good = str(Digest("far.example", "2026-09-20", 3, bytes(32)))
    for line in ("", "x", good.replace("far", "near"), f"{good}\n", good.replace("09-20", "13-20")):
        with pytest.raises(Untrusted):
            given(world, line)
    for byte in range(2 * witness.MOST_LINES):
        given(world, str(Digest("far.example", "2026-09-19", 3, bytes([byte] * 32))))
    assert len(digests.kept(world.bank)) == witness.MOST_LINES
    unknown = str(Digest("unknown.example", "2026-09-20", 3, bytes(32)))
    with pytest.raises(Refused) as refused:
        given(world, unknown, "unknown.example/c/1", linked=False)
    assert refused.value.code is Code.PEER_UNKNOWN


def exported(world: World) -> bytes:
    with world.bank.view() as view:
        head = view.head(world.bank.origin(HERE))
        assert head.checkpoint is not None
        return b"".join(export(reads.raw_records(view.connection, head), head.checkpoint))


def test_a_ledger_and_an_entry_are_checked_against_a_sheet_from_files_alone(world: World) -> None:
    posted = world.record()
    made = digests.make(world.bank, OPERATOR)
    proof = digests.proof(world.bank, HERE, made.day).to_bytes()
    receipt = Receipt.parse(digests.receipt(world.bank, OPERATOR, HERE, posted.record, made.day))
    keys.rotate(world.bank, OPERATOR, HERE, KeyRole.LOG)
    world.record(minutes=30)
    sheet = f"  {made}\r\n".encode()
    head = offline.covered(sheet, proof)
    assert offline.prove_entry(receipt, head) == posted.record.id
    assert offline.prove_beginning(Export(io.BytesIO(exported(world))), head) > head.size


def test_a_ledger_that_was_led_anew_does_not_fit_a_sheet(world: World) -> None:
    world.record()
    before = exported(world)
    world.record()
    posted = world.record()
    made = digests.make(world.bank, OPERATOR)
    head = offline.covered(str(made).encode(), digests.proof(world.bank, HERE, made.day).to_bytes())
    with pytest.raises(Corrupted):
        offline.prove_beginning(Export(io.BytesIO(before)), head)
    other = offline.covered(str(made).encode(), digests.proof(world.bank, ELSEWHERE, made.day).to_bytes())
    with pytest.raises(Corrupted):
        offline.prove_beginning(Export(io.BytesIO(exported(world))), other)
    receipt = Receipt.parse(digests.receipt(world.bank, OPERATOR, HERE, posted.record, made.day))
    with pytest.raises(Untrusted):
        offline.prove_entry(receipt, other)
    with pytest.raises(Untrusted):
        offline.prove_entry(replace(receipt, keys=receipt.keys[1:]), head)
    bent = replace(receipt.entry, record=receipt.entry.record.replace(b'"minutes":60', b'"minutes":61'))
    with pytest.raises(Untrusted):
        offline.prove_entry(replace(receipt, entry=bent), head)
    for line in (str(made).replace("2026-09-21", "2026-09-22"), "x", ""):
        with pytest.raises(Untrusted):
            offline.covered(line.encode(), digests.proof(world.bank, HERE, made.day).to_bytes())
