"""What the database itself forbids, and what an audit finds in it."""

import pytest
from sqlalchemy import Engine, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.conftest import TestDatabase
from tests.ledger.cast import ADMINS, ORIGIN, Desk, account, log_signer, refusal, seed, writing
from timebank.database import WRITES, open_engine
from timebank.ledger import Code, Corrupted, Refused, Signer, audit, reads, rebuild, sign, tables


def _change(engine: Engine, statement: str) -> None:
    with engine.connect().execution_options(**WRITES) as connection, connection.begin():
        connection.execute(text(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET ms = ms + 1",
        "DELETE FROM entries WHERE seq = 1",
        "INSERT OR REPLACE INTO entries SELECT * FROM entries WHERE seq = 1",
        "REPLACE INTO entries SELECT * FROM entries WHERE seq = 1",
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_sqlite_changes_and_deletes_no_entry_not_even_by_replacing_it(
    engine: Engine, desk: Desk, statement: str
) -> None:
    with pytest.raises(IntegrityError, match="append-only"):
        _change(engine, statement)


@pytest.mark.parametrize("statement", ["UPDATE entries SET ms = 1", "DELETE FROM entries", "TRUNCATE entries"])
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
class TestOnPostgreSQL:
    def test_the_service_has_no_right_to_change_entries(self, engine: Engine, desk: Desk, statement: str) -> None:
        with pytest.raises(DBAPIError, match="permission denied"):
            _change(engine, statement)

    def test_even_the_owner_runs_into_a_trigger(
        self, engine: Engine, desk: Desk, database: TestDatabase, statement: str
    ) -> None:

        owner = open_engine(database.owner_url, pooled=False)
        with pytest.raises(DBAPIError, match="append-only"):
            _change(owner, statement)
        owner.dispose()


def test_the_service_cannot_drop_its_triggers_on_postgresql_because_it_owns_nothing(
    engine: Engine, desk: Desk, database: TestDatabase
) -> None:
    if database.engine == "sqlite":
        # The embedded database has no roles: the trigger is a seat belt, and FORMAT.md's proofs are the evidence.
        _change(engine, "DROP TRIGGER entries_no_DELETE")
        return
    with pytest.raises(DBAPIError, match="must be owner"):
        _change(engine, "DROP TRIGGER entries_no_change ON entries")


@pytest.mark.parametrize(
    ("name", "minutes"), [("fund", -1), (account("li"), -1), ("held:orders", -1), ("debt:" + account("li")[7:], 1)]
)
def test_a_balance_beyond_its_floor_is_refused_by_the_table_too(
    engine: Engine, desk: Desk, name: str, minutes: int
) -> None:
    with writing(engine, desk.ms) as writer:
        writer.append(desk.open("li"))
        writer.append(desk.open("wang"))
        writer.append(desk.service("li", "wang", 30, "2026-09-21"))
    kind = {"fund": "fund", "held:orders": "orders"}.get(name, "debt" if name.startswith("debt") else "person")
    row = {"ledger": 1, "name": name, "kind": kind, "minutes": minutes, "served": 0, "held": 0}
    with pytest.raises(IntegrityError), engine.connect().execution_options(**WRITES) as connection, connection.begin():
        connection.execute(tables.accounts.delete().where(tables.accounts.c.name == name))
        connection.execute(tables.accounts.insert().values(**row))


DERIVED = {
    "a balance": update(tables.accounts).where(tables.accounts.c.name == account("li")).values(minutes=31),
    "minutes served": update(tables.accounts).where(tables.accounts.c.name == account("li")).values(served=31),
    "a line": update(tables.lines).where(tables.lines.c.account == account("li")).values(balance=7),
    "a day's sum": update(tables.days).values(credited=31),
    "a key's role": update(tables.keys).where(tables.keys.c.role == "station").values(role="lead"),
    "a policy's day": update(tables.policies).values(from_day="2026-09-22"),
    "the head's root": update(tables.ledgers).values(root=bytes(32)),
    "the head's frontier": update(tables.ledgers).values(frontier=bytes(32)),
    "a hold that never was": tables.holds.insert().values(
        ledger=1, id="0" * 32, source="fund", via="held:orders", minutes=5, opened=1
    ),
    "a line left out": tables.lines.delete().where(tables.lines.c.account == account("li")),
}


@pytest.mark.parametrize("change", DERIVED.values(), ids=DERIVED.keys())
def test_an_audit_finds_a_derived_row_that_is_not_what_the_records_say_and_rebuild_mends_it(
    engine: Engine, desk: Desk, change: object
) -> None:
    with writing(engine, desk.ms) as writer:
        for name in ("li", "wang"):
            writer.append(desk.open(name))
        writer.append(desk.service("li", "wang", 30, "2026-09-21"))
    with engine.connect().execution_options(**WRITES) as connection, connection.begin():
        before = reads.head(connection, ORIGIN)
        connection.execute(change)  # type: ignore[call-overload]
        with pytest.raises(Corrupted):
            audit(connection, reads.head(connection, ORIGIN))
        rebuild(connection, reads.head(connection, ORIGIN), log_signer)
        assert reads.head(connection, ORIGIN) == before
        assert audit(connection, reads.head(connection, ORIGIN)).size == before.size


def test_a_refused_entry_leaves_the_others_of_its_transaction_as_they_were(engine: Engine, desk: Desk) -> None:
    with writing(engine, desk.ms) as writer:
        first = writer.append(desk.open("li"))
        with pytest.raises(Refused) as error:
            writer.append(desk.service("li", "nobody", 30, "2026-09-21"))
        last = writer.append(desk.open("wang"))
    assert error.value.code is Code.ACCOUNT_UNKNOWN
    assert (first.seq, last.seq) == (4, 5)
    with engine.connect() as connection:
        assert audit(connection, reads.head(connection, ORIGIN)).size == 6


def test_an_exception_drops_the_whole_transaction(engine: Engine, desk: Desk) -> None:
    with pytest.raises(RuntimeError), writing(engine, desk.ms) as writer:
        writer.append(desk.open("li"))
        raise RuntimeError
    with engine.connect() as connection:
        assert reads.head(connection, ORIGIN).size == 4


def test_after_its_end_a_ledger_takes_nothing_more(engine: Engine, desk: Desk) -> None:
    end = desk.intent("end", id="end", by=ADMINS[0].name, body={"reason": "merged"})
    with writing(engine, desk.ms) as writer:
        writer.append(sign(end, *ADMINS))
        assert refusal(writer, desk.open("li")) is Code.LEDGER_ENDED
    with writing(engine, desk.ms) as writer:
        assert refusal(writer, desk.open("li")) is Code.LEDGER_ENDED


def test_the_log_key_is_rotated_by_an_entry_and_the_new_one_signs_from_there(engine: Engine, desk: Desk) -> None:

    new = Signer(ORIGIN, seed(ORIGIN + " next"))
    with writing(engine, desk.ms) as writer:
        writer.append(desk.key(new, "log"))
    with engine.connect() as connection:
        head = reads.head(connection, ORIGIN)
        assert head.checkpoint is not None
        assert head.checkpoint.is_signed_by(new.vkey)
        assert not head.checkpoint.is_signed_by(desk.log.vkey)
        assert audit(connection, head).size == 5


def test_a_ledger_beyond_two_levels_of_tiles_proves_its_first_and_last_record(engine: Engine, desk: Desk) -> None:
    """The stored subtrees begin at 256 records; the path must be right on both sides of that."""
    with writing(engine, desk.ms) as writer:
        writer.append(desk.open("li"))
        writer.append(desk.open("wang"))
        for _ in range(600):
            writer.append(desk.service("li", "wang", 1, "2026-09-21"))
    with writing(engine, desk.ms) as writer:
        writer.append(desk.service("li", "wang", 1, "2026-09-21"))
    with engine.connect() as connection:
        head = reads.head(connection, ORIGIN)
        wanted = [reads.record_at(connection, head, seq) for seq in (0, 255, 256, 511, 512, head.size - 1)]
        for receipt in reads.receipts(connection, head, wanted):
            assert receipt.entry.leads_to(receipt.checkpoint)
        assert reads.account(connection, head, account("li")).minutes == 601
        audit(connection, head)


@pytest.mark.parametrize("more", [-1, 1])
def test_a_head_that_counts_other_records_than_were_signed_proves_none(engine: Engine, desk: Desk, more: int) -> None:
    with writing(engine, desk.ms) as writer:
        writer.append(desk.open("li"))
    with engine.begin() as connection:
        connection.execute(update(tables.ledgers).values(size=tables.ledgers.c.size + more))
    with engine.connect() as connection:
        head = reads.head(connection, ORIGIN)
        first = reads.record_at(connection, head, 0)
        with pytest.raises(Corrupted, match="another size"):
            reads.receipts(connection, head, [first])
