"""The next epoch: a new ledger that takes over what everybody had, after a loss or when the books are closed."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select, text

from tests.backup import Backup, dying_at_commit, ledger_tables
from tests.conftest import TestDatabase
from tests.services.test_recovery import VISIT, backup, exported, size
from tests.world import ELSEWHERE, HERE, World, entered
from timebank import directory
from timebank.access import OPERATOR, Denied
from timebank.bank import Bank
from timebank.ledger import Code, Corrupted, KeyRole, Refused, parse_record, reads
from timebank.services import (
    approvals,
    audits,
    closed,
    communities,
    epochs,
    hours,
    keys,
    receipts,
    recovery,
    statements,
)

__all__ = ["backup"]  # a fixture


def open_next(world: World, reason: str = "lost") -> epochs.Opened:
    return epochs.open_next(world.bank, OPERATOR, HERE, reason)


def refused(call: Callable[[], object]) -> Code:
    with pytest.raises(Refused) as error:
        call()
    return error.value.code


def kinds(world: World) -> list[str]:
    with world.bank.view() as view:
        head = view.head(world.bank.origin(HERE))
        return [parse_record(raw).intent.kind for raw in reads.raw_records(view.connection, head)]


@pytest.fixture
def lost(world: World, backup: Backup) -> World:
    """li has 420 minutes, of them 60 held, wang 60; 90 more of li's were acknowledged and are lost for good."""
    world.record(minutes=480)
    world.give("li", "wang", 60)
    world.order("wang", minutes=60)
    backup.take("old")
    world.record(minutes=90, id=VISIT)
    backup.put_back("old")
    return world


def test_after_a_loss_the_next_epoch_names_it_and_everybody_has_what_is_proved(lost: World) -> None:
    old, held = lost.bank.origin(HERE), size(lost)
    mark = lost.bank.highwater.read(1)
    assert mark is not None
    before = {name: lost.figures(name) for name in ("li", "wang", "zhao", "chen")}
    done = open_next(lost)

    assert (done.origin, done.before, done.lost) == (f"{old}/2", old, mark.size - held)
    assert lost.bank.origin(HERE) == f"{old}/2"
    with lost.bank.view() as view:
        genesis = reads.record_at(view.connection, view.head(done.origin), 0).intent.body
    assert (genesis["before"], genesis["before-size"], genesis["before-root"]) == (old, mark.size, mark.root.hex())
    assert kinds(lost) == ["genesis", "key", "key", "policy"] + ["open"] * 5 + ["opening"] * 2
    for name, figures in before.items():
        now = lost.figures(name)
        assert (now.available, now.held) == (figures.available + figures.held, 0)
        assert now.served == figures.served
    assert lost.figures("li").available == 420
    assert lost.figures("wang").available == 60


def test_the_new_books_can_be_written_at_once_here_and_in_another_process(lost: World) -> None:
    other = Bank(lost.bank.settings, clock=lost.clock)
    assert refused(lambda: hours.record(other, lost.actors["clerk"], lost.visit())) is Code.LEDGER_READ_ONLY
    open_next(lost)
    assert lost.record(minutes=30).record.intent.ledger.endswith("/2")
    posted = entered(hours.record(other, lost.actors["clerk"], lost.visit(minutes=30)))
    assert posted.record.intent.ledger.endswith("/2")
    assert statements.figures(other, lost.actors["clerk"], lost.people["li"].id).served == 480 + 60
    assert refused(lambda: other.work(posted.record.intent.ledger.removesuffix("/2")).__enter__()) in (
        Code.LEDGER_READ_ONLY,
        Code.LEDGER_ENDED,
    )
    other.close()


def test_the_document_lists_where_every_minute_comes_from_and_names_nobody(lost: World) -> None:
    done = open_next(lost)
    text = epochs.document(lost.bank, lost.actors["auditor"], HERE, done.source)
    wang = lost.people["wang"].account
    assert f"account {wang} person minutes 0 held 60 owed 0 carried 60\n" in text
    assert f"before {done.before}\n" in text
    assert "王" not in text
    with lost.bank.view() as view:
        head = view.head(done.origin)
        opening = reads.record_by_id(view.connection, head, f"{wang}.opening")
    assert (opening.intent.body["source"], opening.intent.moves[0].minutes) == (done.source, 60)


def test_the_closed_book_is_verified_as_what_it_is_and_no_fault_any_more(lost: World) -> None:
    old = lost.bank.origin(HERE)
    assert [origin for origin, _ in closed.behind(lost.bank)] == [old]
    done = open_next(lost)
    assert closed.behind(lost.bank) == []
    audits.verify(lost.bank, OPERATOR, HERE)
    (old_book,) = closed.verify(lost.bank, OPERATOR, HERE)
    assert (old_book.report.origin, old_book.report.size, old_book.is_whole) == (
        old,
        old_book.acknowledged - done.lost,
        False,
    )
    assert closed.verify(lost.bank, OPERATOR, ELSEWHERE) == []


def test_a_book_that_loses_more_after_it_was_closed_is_a_fault(world: World, backup: Backup, tmp_path: Path) -> None:
    world.record(minutes=480)
    with world.bank.view() as view:
        number = view.head(world.bank.origin(HERE)).number
    open_next(world, "renewed")
    (old_book,) = closed.verify(world.bank, OPERATOR, HERE)
    assert old_book.is_whole
    with world.bank.engine.begin() as connection:  # a head that forgets the end
        connection.execute(text("UPDATE ledgers SET size = size - 1 WHERE id = :id"), {"id": number})
    with pytest.raises(Corrupted, match="records are missing"):
        closed.verify(world.bank, OPERATOR, HERE)
    assert [origin for origin, _ in closed.behind(world.bank)] == [old_book.report.origin]


def test_receipts_of_the_old_ledger_still_check_on_the_public_page(world: World, backup: Backup) -> None:
    kept = world.record(minutes=60).receipt.to_bytes()
    backup.take("old")
    gone = world.record(minutes=90).receipt.to_bytes()
    backup.put_back("old")
    open_next(world)
    found = receipts.check(world.bank, kept)
    assert (found.community, found.standing) == (HERE, receipts.Standing.SAME)
    assert receipts.check(world.bank, gone).standing is receipts.Standing.AHEAD
    new = world.record(minutes=30)
    assert receipts.check(world.bank, new.receipt.to_bytes()).community == HERE


def test_a_request_that_the_old_ledger_answered_is_not_answered_twice(world: World, backup: Backup) -> None:
    clerk, visit = world.actors["clerk"], world.visit(id=VISIT)
    hours.record(world.bank, clerk, visit)
    backup.take("old")
    gone = world.visit(id=VISIT[:-1] + "c", minutes=30)
    hours.record(world.bank, clerk, gone)
    backup.put_back("old")
    open_next(world)
    assert refused(lambda: hours.record(world.bank, clerk, visit)) is Code.ID_TAKEN
    assert world.figures("li").available == 60
    entered(hours.record(world.bank, clerk, gone))  # what was lost is recorded anew with the same request
    assert world.figures("li").available == 90


def test_a_debt_is_paid_as_far_as_the_balance_goes_and_the_rest_is_written_in_the_document(world: World) -> None:
    posted = world.record(minutes=120)
    world.give("li", "wang", 100)
    asked = approvals.Reversal(id=world.bank.uuid(), community=HERE, entry=posted.record.id, reason="twice")
    approvals.ask_reversal(world.bank, world.actors["clerk2"], asked)
    approvals.decide(world.bank, world.actors["lead"], HERE, asked.id, approve=True)
    assert world.figures("li").owed == 100
    done = open_next(world, "renewed")
    assert done.written_off == 100
    assert (world.figures("li").available, world.figures("li").owed) == (0, 0)
    assert world.figures("wang").available == 100
    assert "owed 100 carried 0" in epochs.document(world.bank, OPERATOR, HERE, done.source)


def test_an_account_that_was_closed_stays_closed(world: World) -> None:
    account = world.people["chen"].account
    with world.bank.work(world.bank.origin(HERE)) as work:
        body = {"account": account, "reason": "left"}
        work.post("close", by=(KeyRole.STATION,), id=f"{account}.close", body=body)
    done = open_next(world, "renewed")
    assert done.accounts == 4
    with world.bank.view() as view:
        assert not reads.accounts(view.connection, view.head(done.origin), [account])


def test_books_that_miss_nothing_are_closed_by_the_admins_and_name_the_next(world: World) -> None:
    old = world.bank.origin(HERE)
    world.record(minutes=60)
    keys.rotate(world.bank, OPERATOR, HERE, KeyRole.ADMIN)
    assert refused(lambda: open_next(world)) is Code.NOTHING_LOST
    done = open_next(world, "renewed")
    with world.bank.view() as view:
        head = view.head(old)
        end = reads.record_at(view.connection, head, head.size - 1).intent
        genesis = reads.record_at(view.connection, view.head(done.origin), 0).intent.body
    assert (end.kind, end.body) == ("end", {"reason": "renewed", "next": done.origin})
    assert (genesis["before-size"], genesis["before-root"]) == (head.size, head.root.hex())
    assert done.lost == 0
    assert [one.is_whole for one in closed.verify(world.bank, OPERATOR, HERE)] == [True]
    world.record(minutes=30)
    again = open_next(world, "renewed")
    assert again.origin == f"{old}/3"
    assert (world.figures("li").available, world.figures("li").served) == (90, 90)
    world.record(minutes=30)
    for community in (HERE, ELSEWHERE):
        audits.verify(world.bank, OPERATOR, community)
    assert len(closed.verify(world.bank, OPERATOR, HERE)) == 2


def test_every_key_is_new_but_the_admins_and_can_be_replaced_in_its_turn(world: World) -> None:
    origin = world.bank.origin(HERE)
    before = {str(one.key.vkey) for one in keys.registered(world.bank, OPERATOR, HERE)}
    open_next(world, "renewed")
    after = keys.registered(world.bank, OPERATOR, HERE)
    kept = {one.key.role for one in after if str(one.key.vkey) in before}
    assert kept == {KeyRole.ADMIN}
    assert all(one.is_held for one in after)
    for role in keys.ROTATED:
        keys.rotate(world.bank, OPERATOR, HERE, role)
    assert world.record().record.intent.by == f"{origin}/2/station-2"
    world.policy('name_zh = "新规则"')
    audits.verify(world.bank, OPERATOR, HERE)


def test_a_reversal_asked_in_the_old_books_can_be_refused_but_not_made_in_the_new(world: World) -> None:
    posted = world.record()
    asked = approvals.Reversal(id=world.bank.uuid(), community=HERE, entry=posted.record.id, reason="twice")
    approvals.ask_reversal(world.bank, world.actors["clerk2"], asked)
    open_next(world, "renewed")
    lead = world.actors["lead"]
    decide = partial(approvals.decide, world.bank, lead, HERE, asked.id)
    assert refused(lambda: decide(approve=True)) is Code.ENTRY_UNKNOWN
    assert decide(approve=False) is None


@pytest.mark.parametrize("reason", ["lost", "renewed"])
def test_a_crash_in_the_middle_keeps_no_new_epoch_and_doing_it_again_opens_it(
    world: World, backup: Backup, reason: str
) -> None:
    old = world.bank.origin(HERE)
    world.record(minutes=60)
    backup.take("old")
    if reason == "lost":
        world.record(minutes=90)
        backup.put_back("old")
    # The plug is pulled at the commit of the new ledger, after that of the end.
    with dying_at_commit(world.bank, 2 if reason == "renewed" else 1), pytest.raises(KeyboardInterrupt):
        open_next(world, reason)
    assert world.bank.origin(HERE) == old
    with world.bank.view() as view:
        assert [head.origin for head in reads.heads(view.connection)] == [old, world.bank.origin(ELSEWHERE)]
        assert len(view.people.scalars(select(directory.Document)).all()) == 1  # the policy alone
    code = refused(world.record)
    assert code is (Code.LEDGER_READ_ONLY if reason == "lost" else Code.LEDGER_ENDED)
    done = open_next(world, reason)
    assert (done.origin, world.figures("li").available) == (f"{old}/2", 60)
    world.record()
    audits.verify(world.bank, OPERATOR, HERE)


def test_only_an_admin_opens_an_epoch(world: World) -> None:
    for name in ("lead", "clerk", "auditor", "far lead"):
        with pytest.raises(Denied):
            epochs.open_next(world.bank, world.actors[name], HERE, "renewed")
        if name in ("clerk",):
            with pytest.raises(Denied):
                closed.verify(world.bank, world.actors[name], HERE)


def test_a_loss_that_cannot_be_named_opens_no_epoch(world: World, backup: Backup, tmp_path: Path) -> None:
    backup.take("old")
    (tmp_path / "highwater").unlink()
    backup.put_back("old")
    assert refused(lambda: open_next(world)) is Code.LEDGER_READ_ONLY


def test_a_community_that_the_old_copy_does_not_know_is_not_founded_a_second_time(
    world: World, backup: Backup, database: TestDatabase
) -> None:
    backup.take("old")
    place = communities.Founding(code="520302001003", name="x", town="x", county="x")
    communities.found(world.bank, OPERATOR, place)
    backup.put_back("old")
    assert refused(lambda: communities.found(world.bank, OPERATOR, place)) is Code.LEDGER_READ_ONLY


def test_what_turns_up_after_the_epoch_is_for_the_present_ledger_only(lost: World, tmp_path: Path) -> None:
    open_next(lost)
    ours = ledger_tables(lost.bank, lost.bank.origin(HERE))
    file = exported(lost, tmp_path / "file", ELSEWHERE)
    done = recovery.recover(lost.bank, OPERATOR, HERE, [file])
    assert done.unused
    assert ledger_tables(lost.bank, lost.bank.origin(HERE)) == ours
