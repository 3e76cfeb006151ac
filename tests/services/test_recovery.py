"""A database that is behind what was acknowledged: records brought back from exports and receipts, or not."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import URL, select

from tests.backup import Backup, dying_at_commit, ledger_tables
from tests.conftest import TestDatabase
from tests.world import ELSEWHERE, HERE, World, entered
from timebank import directory
from timebank.access import OPERATOR, Denied
from timebank.bank import Posted
from timebank.ledger import Checkpoint, Code, Export, KeyRole, Proof, Refused, export, reads
from timebank.services import audits, hours, keys, members, orders, recovery, statements, station


@pytest.fixture
def backup(request: pytest.FixtureRequest, world: World, database: TestDatabase, tmp_path: Path) -> Iterator[Backup]:
    """The means to lose what was recorded since a copy was taken."""
    server: URL | None = None
    if database.engine == "postgresql":
        server = request.getfixturevalue("postgresql_server")
    made = Backup(world, tmp_path, database, server)
    yield made
    made.drop()


def exported(world: World, path: Path, community: str = HERE) -> Path:
    with world.bank.view() as view:
        head = view.head(world.bank.origin(community))
        assert head.checkpoint is not None
        path.write_bytes(b"".join(export(reads.raw_records(view.connection, head), head.checkpoint)))
    return path


def receipts_of(world: World, path: Path, first: int) -> Path:
    """What people hold: the receipt of every record from a number on, one file."""
    with world.bank.view() as view:
        head = view.head(world.bank.origin(HERE))
        records = [reads.record_at(view.connection, head, seq) for seq in range(first, head.size)]
        made = reads.receipts(view.connection, head, records)
    path.write_bytes(b"".join(receipt.to_bytes() for receipt in made))
    return path


def size(world: World) -> int:
    with world.bank.view() as view:
        return view.head(world.bank.origin(HERE)).size


def recover(world: World, *files: Path) -> recovery.Recovered:
    return recovery.recover(world.bank, OPERATOR, HERE, files)


def a_busy_day(world: World) -> None:
    """Entries of many kinds, keys among them, so that every derived table has something to lose."""
    world.record(minutes=480)
    world.record("zhao", "wang", 120, note="walked to the market")
    world.give("li", "wang", 200)
    keys.rotate(world.bank, OPERATOR, HERE, KeyRole.STATION)
    order = world.order(minutes=60)
    world.order(minutes=30)
    keys.rotate(world.bank, OPERATOR, HERE, KeyRole.LOG)
    world.settle(order, minutes=60)
    world.record(minutes=600)  # over the cap of a day


def refused(world: World) -> Code | None:
    try:
        world.record()
    except Refused as error:
        return error.code
    return None


# --- brought back ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", ["export", "receipts"])
def test_what_was_lost_comes_back_to_the_last_byte_and_the_books_can_be_written_at_once(
    world: World, backup: Backup, tmp_path: Path, source: str
) -> None:
    origin = world.bank.origin(HERE)
    world.record()
    backup.take("old")
    held = size(world)
    a_busy_day(world)
    before, lost = ledger_tables(world.bank, origin), size(world)
    file = exported(world, tmp_path / "file") if source == "export" else receipts_of(world, tmp_path / "file", held)
    backup.put_back("old")
    assert refused(world) is Code.LEDGER_READ_ONLY
    other = [ledger_tables(world.bank, world.bank.origin(ELSEWHERE))]

    done = recover(world, file)
    assert (done.held, done.size, done.behind, done.missing, done.fork) == (held, lost, None, (), False)
    assert (done.rejected, done.unused) == (None, {})
    assert ledger_tables(world.bank, origin) == before
    assert ledger_tables(world.bank, world.bank.origin(ELSEWHERE)) == other[0]
    assert refused(world) is None
    for community in (HERE, ELSEWHERE):
        audits.verify(world.bank, OPERATOR, community)


def test_records_committed_after_the_mark_was_written_last_are_brought_back_too(
    world: World, backup: Backup, tmp_path: Path
) -> None:
    backup.take("old")
    world.record()
    backup.with_other_marks()
    world.record(minutes=30)
    file, lost = exported(world, tmp_path / "file"), size(world)
    backup.own_marks()
    backup.put_back("old")
    done = recover(world, file)
    assert (done.size, done.behind) == (lost, None)
    mark = world.bank.highwater.read(1)
    assert mark is not None
    assert mark.size == lost


def test_several_files_make_up_for_one_another_and_a_bad_one_is_named(
    world: World, backup: Backup, tmp_path: Path
) -> None:
    backup.take("old")
    first = world.record()
    second = world.record(minutes=30)
    far = exported(world, tmp_path / "far", ELSEWHERE)
    files = [tmp_path / "first", tmp_path / "second", tmp_path / "nonsense"]
    for path, data in zip(files, (first.receipt.to_bytes(), second.receipt.to_bytes(), b"nonsense"), strict=True):
        path.write_bytes(data)
    backup.put_back("old")
    done = recover(world, far, files[2], *files[:2])
    assert done.behind is None
    assert set(done.unused) == {str(far), str(files[2])}
    assert "another ledger" in done.unused[str(far)]


# --- not all of it ---------------------------------------------------------------------------------------------------


def test_up_to_a_gap_records_are_stored_and_the_missing_numbers_are_named(
    world: World, backup: Backup, tmp_path: Path
) -> None:
    backup.take("old")
    posted = [world.record(minutes=30) for _ in range(5)]
    first = posted[0].record.seq
    files = []
    for number in (0, 3):
        files.append(tmp_path / str(number))
        files[-1].write_bytes(posted[number].receipt.to_bytes())
    backup.put_back("old")
    done = recover(world, *files)
    assert (done.size, done.held) == (first + 1, first)
    assert done.missing == (range(first + 1, first + 3), range(first + 4, first + 5))
    assert done.behind is not None
    assert refused(world) is Code.LEDGER_READ_ONLY
    files.append(tmp_path / "rest")
    files[-1].write_bytes(b"".join(posted[number].receipt.to_bytes() for number in (1, 2, 4)))
    assert recover(world, *files).behind is None
    audits.verify(world.bank, OPERATOR, HERE)


def test_without_a_mark_nothing_is_believed_to_be_whole(world: World, backup: Backup, tmp_path: Path) -> None:
    backup.take("old")
    world.record()
    file = exported(world, tmp_path / "file")
    (tmp_path / "highwater").unlink()
    backup.put_back("old")
    assert recover(world, file).behind is not None
    assert refused(world) is Code.LEDGER_READ_ONLY


# --- not genuine -----------------------------------------------------------------------------------------------------


def _export_with(path: Path, old: bytes, new: bytes) -> None:
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new))


@pytest.mark.parametrize("case", ["altered record", "altered proof", "signed by another", "without signature"])
def test_a_forged_record_is_never_stored(world: World, backup: Backup, tmp_path: Path, case: str) -> None:
    world.record()
    backup.take("old")
    held = size(world)
    posted = world.record(minutes=90)
    file = tmp_path / "file"
    checkpoint, entry = posted.receipt.checkpoint, posted.receipt.entry
    if case == "altered record":
        exported(world, file)
        _export_with(file, b'"minutes":90', b'"minutes":99')
    if case == "altered proof":
        forged = Proof(entry.record.replace(b'"minutes":90', b'"minutes":99'), entry.index, entry.path)
        file.write_bytes(forged.to_bytes(checkpoint))
    if case == "signed by another":  # whoever has a copy of all records, but not the log's key
        other = world.bank.keyring.signer(world.bank.origin(ELSEWHERE))
        signer = type(other)(checkpoint.origin, other.seed)
        file.write_bytes(entry.to_bytes(Checkpoint.issue(checkpoint.origin, checkpoint.size, checkpoint.root, signer)))
    if case == "without signature":
        file.write_bytes(entry.to_bytes(replace(checkpoint, note=checkpoint.note.split(b"\n\n")[0] + b"\n")))
    backup.put_back("old")
    before = ledger_tables(world.bank, world.bank.origin(HERE))
    done = recover(world, file)
    assert (done.size, done.fork) == (held, False)
    assert done.missing[0].start == held
    assert ledger_tables(world.bank, world.bank.origin(HERE)) == before
    assert refused(world) is Code.LEDGER_READ_ONLY


@pytest.mark.parametrize("shape", ["export", "receipts", "one later receipt", "one earlier receipt"])
def test_a_file_that_contradicts_our_books_is_a_fork_and_both_heads_are_kept(
    world: World, backup: Backup, tmp_path: Path, shape: str
) -> None:
    backup.take("old")
    held = size(world)
    backup.with_other_marks()
    world.record(minutes=240)  # here the copy went its own way …
    last = world.record(minutes=30)
    if shape == "export":
        file = exported(world, tmp_path / "file")
    elif shape == "receipts":
        file = receipts_of(world, tmp_path / "file", held)
    else:
        file = tmp_path / "file"
        with world.bank.view() as view:
            head = view.head(world.bank.origin(HERE))
            seq = held if shape == "one earlier receipt" else last.record.seq
            (made,) = reads.receipts(view.connection, head, [reads.record_at(view.connection, head, seq)])
        file.write_bytes(made.entry.to_bytes(made.checkpoint))
    theirs = last.receipt.checkpoint.note
    backup.own_marks()
    backup.put_back("old")
    world.record(minutes=60)  # … and here is what was acknowledged
    backup.take("true")
    before = ledger_tables(world.bank, world.bank.origin(HERE))
    done = recover(world, file)
    assert done.fork
    assert done.size == held + 1
    assert ledger_tables(world.bank, world.bank.origin(HERE)) == before
    with world.bank.view() as view:
        head = view.head(world.bank.origin(HERE))
        kept = list(view.people.scalars(select(directory.Evidence)))
    assert head.checkpoint is not None
    assert {(one.what, one.note) for one in kept} == {("fork", theirs), ("fork", head.checkpoint.note)}


@pytest.mark.parametrize("case", ["as long as it", "longer", "the last of as many"])
def test_files_that_contradict_the_mark_bring_nothing_back(
    world: World, backup: Backup, tmp_path: Path, case: str
) -> None:
    backup.take("old")
    backup.with_other_marks()
    posted = [world.record(minutes=240) for _ in range(3 if case == "longer" else 2)]
    file = exported(world, tmp_path / "file")
    if case == "the last of as many":
        file.write_bytes(posted[-1].receipt.entry.to_bytes(posted[-1].receipt.checkpoint))
    backup.own_marks()
    backup.put_back("old")
    held = size(world)
    world.record(minutes=60)
    world.record(minutes=60)
    backup.put_back("old")
    done = recover(world, file)
    assert (done.fork, done.size) == (True, held)


def test_a_record_that_the_rules_forbid_is_not_taken_though_the_log_signed_it(
    world: World, backup: Backup, tmp_path: Path
) -> None:
    world.record()
    backup.take("old")
    held = size(world)
    with world.bank.work(world.bank.origin(HERE)) as work:  # a service whose rules were switched off
        work.books.accounts.update(
            {
                name: type(account)(name=name, kind="person", minutes=10_000, opened=1)
                for name in (world.people["li"].account,)
                for account in [work.writer.account(name)]
            }
        )
        work.post("donate", (world.people["li"].account, "fund", 5_000), by=(KeyRole.STATION,), body={"reason": "gift"})
    file = exported(world, tmp_path / "file")
    backup.put_back("old")
    done = recover(world, file)
    assert (done.size, done.behind is None) == (held, False)
    assert done.rejected is not None
    assert "overdraft" in done.rejected


def test_a_crash_in_the_middle_keeps_nothing_and_doing_it_again_works(
    world: World, backup: Backup, tmp_path: Path
) -> None:
    world.record()
    backup.take("old")
    a_busy_day(world)
    file, lost = exported(world, tmp_path / "file"), size(world)
    backup.put_back("old")
    before = ledger_tables(world.bank, world.bank.origin(HERE))

    with dying_at_commit(world.bank, 1), pytest.raises(KeyboardInterrupt):
        recover(world, file)
    assert ledger_tables(world.bank, world.bank.origin(HERE)) == before
    assert recover(world, file).size == lost
    audits.verify(world.bank, OPERATOR, HERE)


def test_only_an_admin_recovers(world: World, tmp_path: Path) -> None:
    for name in ("lead", "clerk", "auditor", "far lead"):
        with pytest.raises(Denied):
            recovery.recover(world.bank, world.actors[name], HERE, [tmp_path / "file"])


# --- the people's side -----------------------------------------------------------------------------------------------


@pytest.fixture
def retried(world: World, backup: Backup, tmp_path: Path) -> dict[str, Posted]:
    """A visit and an order that were acknowledged, lost with their requests, and brought back without them."""
    world.record(minutes=480)
    world.give("li", "wang", 300)
    backup.take("old")
    posted = {"visit": entered(hours.record(world.bank, world.actors["clerk"], world.visit(id=VISIT)))}
    posted["order"] = world.order(id=ORDER, minutes=60)
    file = exported(world, tmp_path / "file")
    backup.put_back("old")
    assert recover(world, file).behind is None
    return posted


VISIT, ORDER = "0199a2b3c4d57000800000000000000a", "0199a2b3c4d57000800000000000000b"


def test_a_retry_after_the_loss_finds_its_entry_and_never_doubles_the_hours(
    world: World, retried: dict[str, Posted]
) -> None:
    before = world.figures("li").available
    for _ in range(2):
        again = entered(hours.record(world.bank, world.actors["clerk"], world.visit(id=VISIT)))
        assert (again.record, again.repeated) == (retried["visit"].record, True)
    assert world.figures("li").available == before
    with pytest.raises(Refused) as error:
        hours.record(world.bank, world.actors["clerk"], world.visit(id=VISIT, minutes=90))
    assert error.value.code is Code.ID_TAKEN


def test_an_order_that_came_back_can_be_seen_and_settled(world: World, retried: dict[str, Posted]) -> None:
    day = station.day(world.bank, world.actors["clerk"], HERE)
    assert [(order.hold, order.minutes, order.elder) for order in day.orders] == [(ORDER, 60, world.people["wang"].id)]
    assert world.order(id=ORDER, minutes=60).record == retried["order"].record
    world.settle(retried["order"])
    cancelled = orders.Cancelled(community=HERE, hold=ORDER, reason="cancelled")
    with pytest.raises(Refused):
        orders.cancel(world.bank, world.actors["clerk"], cancelled)
    audits.verify(world.bank, OPERATOR, HERE)


def test_a_person_who_was_lost_with_the_directory_is_registered_again_under_the_same_account(
    world: World, backup: Backup, tmp_path: Path
) -> None:
    backup.take("old")
    new = members.Registration(id=world.bank.uuid(), community=HERE, name="吴桂芳", phone="13800000009")
    known, posted = members.register(world.bank, world.actors["clerk"], new)
    file = exported(world, tmp_path / "file")
    backup.put_back("old")
    assert recover(world, file).without_person == 1
    again, repeated = members.register(world.bank, world.actors["clerk"], new)
    assert (again.account, repeated.record) == (known.account, posted.record)
    assert statements.figures(world.bank, world.actors["clerk"], again.id).available == 0


def test_an_export_reads_as_it_was_written(world: World, tmp_path: Path) -> None:
    file = exported(world, tmp_path / "file")
    with file.open("rb") as data:
        assert len(list(Export(data))) == size(world)
