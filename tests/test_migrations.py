"""A database that an earlier version filled is brought to today's form, and holds together."""

import io
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, inspect, text

from tests.conftest import TestDatabase
from tests.ledger.cast import ORIGIN
from tests.vectors.make import log_signer_next
from timebank import directory, migrations
from timebank.access import FOR_ELDERS, own_rights
from timebank.database import WRITES, open_engine
from timebank.federation.keys import of_text
from timebank.ledger import Export, KeyRole, Signer, audit, metadata, parse_record, reads, rebuild

GOLDEN = Path(__file__).parent / "vectors" / "ledger.export"


def _as_version_0001(connection: Connection) -> None:
    """The golden ledger, in which a device signed entries, as the first form of the tables held it."""
    with redirect_stdout(io.StringIO()):
        command.upgrade(migrations._config(connection), "0001")
    exported = Export(io.BytesIO(GOLDEN.read_bytes()))
    records = [parse_record(raw) for raw in exported]
    assert exported.checkpoint is not None
    connection.execute(
        text("INSERT INTO ledgers VALUES (1, :origin, :size, 0, :h, :root, :h, 480, 2, :no, :note)"),
        {"origin": ORIGIN, "size": len(records), "h": bytes(32), "root": exported.checkpoint.root, "no": False,
         "note": exported.checkpoint.note},
    )  # fmt: skip
    for record in records:
        connection.execute(
            text("INSERT INTO entries (ledger, seq, id, kind, ms, hash, record) VALUES (1, :s, :i, :k, :m, :h, :r)"),
            {"s": record.seq, "i": record.id, "k": record.intent.kind, "m": record.ms, "h": record.hash,
             "r": record.raw},
        )  # fmt: skip
    device = {"n": f"{ORIGIN}/device-1", "i": bytes(4), "p": bytes(32)}
    connection.execute(text("INSERT INTO keys VALUES (1, :n, :i, :p, 'device', 3, NULL, NULL, NULL)"), device)
    connection.execute(text("INSERT INTO devices VALUES (1, :n, 9, :l)"), device | {"l": "0" * 64})
    connection.execute(text("INSERT INTO accounts VALUES (1, 'fund', 'fund', 5, 0, 0, NULL, NULL)"))


def test_a_database_of_the_first_form_is_upgraded_and_its_ledger_holds_together(database: TestDatabase) -> None:
    engine = open_engine(database.owner_url, pooled=False)
    with engine.connect().execution_options(**WRITES) as connection, connection.begin():
        _as_version_0001(connection)
    migrations.upgrade(database.owner_url, database.app_url)
    with engine.connect().execution_options(**WRITES) as connection, connection.begin():
        assert migrations.current(connection) == migrations.newest()
        assert connection.execute(text("SELECT minutes FROM accounts WHERE name = 'fund'")).scalar() == 5
        chains = connection.execute(text('SELECT name, "count", seq, link FROM devices ORDER BY "count"')).all()
        rebuild(connection, reads.head(connection, ORIGIN), log_signer_next)
        again = connection.execute(text('SELECT name, "count", seq, link FROM devices ORDER BY "count"')).all()
        assert chains == again != []
        assert audit(connection, reads.head(connection, ORIGIN)).size > 50
    engine.dispose()


def test_keys_that_stood_at_a_head_seen_before_are_known(database: TestDatabase) -> None:
    """What was revoked before the head is not among them, nor what was registered after it."""
    engine = open_engine(database.owner_url, pooled=False)
    vkeys = {name: Signer(f"o/c/1/{name}", bytes([number] * 32)).vkey for number, name in enumerate("abcd")}
    with engine.connect().execution_options(**WRITES) as connection, connection.begin():
        with redirect_stdout(io.StringIO()):
            command.upgrade(migrations._config(connection), "0013")
        head = {"h": bytes(32), "no": False, "note": b"x"}
        connection.execute(text("INSERT INTO ledgers VALUES (1, 'o/c/1', 30, 0, :h, :h, :h, 480, 2, :no, :note)"), head)
        for name, since, until in (("a", 3, None), ("b", 3, 7), ("c", 3, 20), ("d", 20, None)):
            connection.execute(
                text("INSERT INTO keys VALUES (1, :n, :i, :p, 'station', :since, :until, NULL, NULL)"),
                {"n": vkeys[name].name, "i": vkeys[name].key_id, "p": vkeys[name].public, "since": since,
                 "until": until},
            )  # fmt: skip
        connection.execute(
            text("INSERT INTO communities VALUES ('520302001001', 'o/c/2', 'n', 't', 'c', NULL)"),
        )
        connection.execute(
            text("INSERT INTO peers VALUES ('520302001001', 'o/c/1', :h, 60000, 10, :h, :h, 5, NULL, NULL)"), head
        )
    migrations.upgrade(database.owner_url, database.app_url)
    with engine.connect().execution_options(**WRITES) as connection, connection.begin():
        known = of_text(connection.execute(text("SELECT keys FROM peers")).scalar_one())
    assert {key.vkey for key in known} == {vkeys["a"], vkeys["c"]}
    assert {(key.role, key.since) for key in known} == {(KeyRole.STATION, 3)}
    engine.dispose()


def test_consents_given_before_they_had_a_scope_are_for_everything(database: TestDatabase) -> None:
    engine = open_engine(database.owner_url, pooled=False)
    with engine.connect().execution_options(**WRITES) as connection, connection.begin():
        with redirect_stdout(io.StringIO()):
            command.upgrade(migrations._config(connection), "0004")
        connection.execute(text("INSERT INTO communities VALUES ('520302001001', 'o', 'n', 't', 'c', NULL)"))
        for number in "12":
            connection.execute(
                text(
                    "INSERT INTO people VALUES (:id, '520302001001', :account, :card, :sealed, NULL, NULL, NULL, NULL,"
                    " NULL, :no, :no, :no, 'zh', 0, NULL)"
                ),
                {"id": number * 32, "account": number * 39, "card": number * 10, "sealed": b"x", "no": False},
            )
        connection.execute(
            text("INSERT INTO kinships VALUES ('k', :member, :elder, 'parent', 'declaration', 0, NULL, NULL)"),
            {"member": "1" * 32, "elder": "2" * 32},
        )
    migrations.upgrade(database.owner_url, database.app_url)
    with engine.connect() as connection:
        (scope, limit) = connection.execute(text("SELECT scope, monthly_minutes FROM kinships")).one()
        assert (own_rights(scope), limit) == (FOR_ELDERS, None)
        assert connection.execute(text("SELECT DISTINCT kind FROM people")).scalars().all() == ["person"]
    engine.dispose()


@pytest.mark.parametrize(
    "table", ["people", "kinships", "approvals", "person_classes", "trainings", "guardians", "job_runs", "filings"]
)
def test_the_migrations_keep_the_checks_that_the_program_knows(database: TestDatabase, table: str) -> None:
    migrations.upgrade(database.owner_url, database.app_url)
    engine = open_engine(database.owner_url, pooled=False)
    known = [str(check.name) for check in directory.Base.metadata.tables[table].constraints if "ck_" in str(check.name)]
    assert sorted(str(check["name"]) for check in inspect(engine).get_check_constraints(table)) == sorted(known)
    engine.dispose()


def test_the_migrations_make_the_tables_that_the_program_knows(database: TestDatabase) -> None:
    migrations.upgrade(database.owner_url, database.app_url)
    engine = open_engine(database.owner_url, pooled=False)
    found = inspect(engine)
    for name, table in (metadata.tables | directory.Base.metadata.tables).items():
        assert [column["name"] for column in found.get_columns(name)] == [column.name for column in table.c]
        assert found.get_pk_constraint(name)["constrained_columns"] == [column.name for column in table.primary_key]
    engine.dispose()
