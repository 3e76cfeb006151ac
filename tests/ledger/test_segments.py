"""An audit in pieces, or from a seal on, says the same as one from the first record; and finds the same."""

import hashlib
import pickle
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text, update

from tests.ledger.cast import ORIGIN, PEER, Desk, account, log_signer, writing
from timebank.database import WRITES
from timebank.ledger import (
    Corrupted,
    Replay,
    Segment,
    SignedIntent,
    Signer,
    audit,
    audit_segment,
    books_at,
    cuts,
    join,
    newest_seal,
    reads,
    rebuild,
    repeated_id,
    scrub,
    sign,
    state_digest,
    tables,
)

DAY = "2026-09-21"


def seal(connection: Connection, desk: Desk, day: str = DAY, **change: Any) -> SignedIntent:
    """The seal of what is committed now."""
    head = reads.head(connection, ORIGIN)
    state = state_digest(books_at(connection, head, head.size))
    body = {"day": day, "size": head.size, "root": head.root.hex(), "state": state} | change
    return sign(desk.intent("seal", id=f"seal.{day}", by=desk.system.name, body=body), desk.system)


def told(engine: Engine, desk: Desk) -> None:
    """Holds, a settle that is reversed after the seal, transfers, and the seal in the middle."""
    with writing(engine, desk.ms) as writer:
        for name in ("li", "wang", "zhao"):
            writer.append(desk.open(name))
        writer.append(desk.service("wang", "li", 300, DAY))
        hold = writer.append(desk.hold(account("wang"), "wang", 60))
        writer.append(desk.settle(hold.id, "li", "wang", 45, account("wang"), 15, DAY))
        writer.append(desk.hold(account("wang"), "wang", 20))
        body = {"peer": PEER, "payee": account("mother"), "deadline": desk.ms, "reason": "parent"}
        move = (account("wang"), f"held:{PEER}", 30)
        writer.append(sign(desk.intent("send", move, id=f"{desk.uuid()}.hold", body=body), desk.station))
    with engine.connect().execution_options(**WRITES) as connection, connection.begin():
        made = seal(connection, desk)
    with writing(engine, desk.ms) as writer:
        writer.append(made)
        writer.append(desk.reverse(f"{hold.id}.outcome", (account("li"), account("wang"), 45)))
        for _ in range(300):
            writer.append(desk.service("li", "wang", 1, DAY))


def pieces(connection: Connection, at: reads.Head, segment: int, first: int = 0) -> list[Segment]:
    return [audit_segment(connection, at, *cut) for cut in cuts(at.size, first, segment)]


@pytest.fixture
def story(engine: Engine, desk: Desk) -> Engine:
    told(engine, desk)
    return engine


@pytest.mark.parametrize("segment", [1, 7, 64, 1000])
def test_pieces_of_any_size_joined_say_what_one_walk_says(story: Engine, segment: int) -> None:
    with story.connect() as connection:
        head = reads.head(connection, ORIGIN)
        assert audit(connection, head, segment=segment) == audit(connection, head)


def test_a_piece_can_be_looked_at_in_another_process(story: Engine) -> None:
    with story.connect() as connection:
        head = reads.head(connection, ORIGIN)
        sent = [pickle.loads(pickle.dumps(piece)) for piece in pieces(connection, head, 100)]  # noqa: S301
        assert join(connection, head, sent).size == head.size


def test_an_audit_that_begins_at_a_seal_looks_only_at_what_is_newer(story: Engine) -> None:
    with story.connect() as connection:
        head = reads.head(connection, ORIGIN)
        first = newest_seal(connection, head, head.size)
        assert first is not None
        report = audit(connection, head, first=first)
        assert (report.first, report.size) == (first, head.size)
        assert report.signatures == head.size - first + 1  # a reversal has two


def test_a_seal_of_another_state_is_found_by_every_replay(engine: Engine, desk: Desk) -> None:
    with engine.connect() as connection:
        made = seal(connection, desk, state="00" * 32)
    with writing(engine, desk.ms) as writer:
        writer.append(made)
    with engine.connect() as connection, pytest.raises(Corrupted, match="seals another state"):
        audit(connection, reads.head(connection, ORIGIN))


BEFORE_THE_SEAL = {
    "a balance": update(tables.accounts).where(tables.accounts.c.name == account("zhao")).values(minutes=5),
    "a line": update(tables.lines).where(tables.lines.c.account == account("wang")).values(balance=7),
    "an open hold": update(tables.holds).where(tables.holds.c.outcome.is_(None)).values(minutes=21),
    "a key": update(tables.keys).where(tables.keys.c.role == "lead").values(role="station"),
    "a policy": update(tables.policies).values(from_day="2026-09-20"),
    "a chain": update(tables.pairs).values(link="0" * 64),
}


@pytest.mark.parametrize("change", BEFORE_THE_SEAL.values(), ids=BEFORE_THE_SEAL.keys())
def test_an_audit_from_a_seal_finds_what_was_changed_in_the_state_it_begins_with(story: Engine, change: object) -> None:
    with story.connect().execution_options(**WRITES) as connection, connection.begin() as transaction:
        head = reads.head(connection, ORIGIN)
        first = newest_seal(connection, head, head.size)
        assert first is not None
        connection.execute(change)  # type: ignore[call-overload]
        with pytest.raises(Corrupted):
            audit(connection, head, first=first)
        transaction.rollback()


def test_a_state_in_the_tables_that_the_records_do_not_come_to_is_found_at_the_cut(story: Engine) -> None:
    """The balance at a cut is claimed by the line before it; both lines around the cut are moved together."""
    with story.connect().execution_options(**WRITES) as connection, connection.begin() as transaction:
        head = reads.head(connection, ORIGIN)
        lines = tables.lines.c
        mine = update(tables.lines).where(lines.account == account("li"), lines.seq >= 100)
        connection.execute(mine.values(balance=lines.balance + 5))
        found = [audit_segment(connection, head, 200, head.size)]  # by itself it is consistent
        assert found[0].report.size == head.size
        with pytest.raises(Corrupted):
            audit(connection, head, segment=200)
        transaction.rollback()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_one_id_on_both_sides_of_a_cut_is_found_though_the_index_on_ids_is_gone(story: Engine) -> None:
    with story.connect() as connection:
        head = reads.head(connection, ORIGIN)
        assert repeated_id(connection, head, 0) is None
        assert repeated_id(connection, head, 100) is None
    with story.connect().execution_options(**WRITES) as connection, connection.begin():
        connection.execute(text("DROP TRIGGER entries_no_UPDATE"))
        connection.execute(text("PRAGMA writable_schema = ON"))
        connection.execute(text("CREATE TABLE copy AS SELECT * FROM entries"))
        connection.execute(text("DROP TABLE entries"))
        connection.execute(text("ALTER TABLE copy RENAME TO entries"))
        connection.execute(text("UPDATE entries SET id = (SELECT id FROM entries WHERE seq = 50) WHERE seq = 150"))
    with story.connect() as connection:
        assert repeated_id(connection, head, 0) is not None
        assert repeated_id(connection, head, 100) is not None
        assert repeated_id(connection, head, 151) is None


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("column", ["record", "hash"])
def test_a_scrub_finds_a_flipped_bit_in_any_record_and_in_any_hash(story: Engine, column: str) -> None:
    with story.connect() as connection:
        head = reads.head(connection, ORIGIN)
        assert scrub(connection, head).root == head.root
        connection.execute(text("DROP TRIGGER entries_no_UPDATE"))
        for seq in range(0, head.size, 13):
            value = bytearray(connection.execute(text(f"SELECT {column} FROM entries WHERE seq = {seq}")).scalar_one())
            value[(seq * 31) % len(value)] ^= 1 << seq % 8
            connection.execute(text(f"UPDATE entries SET {column} = :value WHERE seq = {seq}"), {"value": bytes(value)})
            with pytest.raises(Corrupted) as error:
                scrub(connection, head)
            assert error.value.seq == seq
            connection.rollback()
            connection.execute(text("DROP TRIGGER entries_no_UPDATE"))


def test_the_state_at_every_number_is_what_a_replay_came_to_there(story: Engine) -> None:
    with story.connect() as connection:
        head = reads.head(connection, ORIGIN)
        replay = Replay(ORIGIN)
        for size, raw in enumerate(reads.raw_records(connection, head, size=40)):
            assert state_digest(books_at(connection, head, size)) == state_digest(replay.books)
            replay.enter(raw)


def test_rebuild_after_the_log_key_was_rotated_gives_the_same_rows(story: Engine, desk: Desk) -> None:
    new = Signer(ORIGIN, hashlib.sha256(b"timebank test key " + f"{ORIGIN} next".encode()).digest())
    with writing(story, desk.ms) as writer:
        writer.append(desk.key(new, "log"))
    with story.connect().execution_options(**WRITES) as connection, connection.begin():
        head = reads.head(connection, ORIGIN)
        rebuild(connection, head, log_signer)
        assert reads.head(connection, ORIGIN) == head
        audit(connection, head, segment=50)
