"""Bring the database to the form that this version of the program needs, and give the application its rights."""

import io
from contextlib import redirect_stdout
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

from timebank.database import WRITES, open_engine
from timebank.ledger import APPEND_ONLY

_HERE = Path(__file__).parent


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.attributes["connection"] = connection
    return config


def newest() -> str:
    """The revision that this version of the program needs."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def current(connection: Connection) -> str | None:
    """The revision of a database; None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(owner_url: str, app_url: str) -> None:
    """Run the migrations as the owner of the tables. On PostgreSQL the application's role, if it is another one, then
    gets what it needs and no more: it may not change, delete or truncate what is append-only."""
    engine = open_engine(owner_url, pooled=False)
    try:
        with engine.connect().execution_options(**WRITES) as connection, connection.begin():
            with redirect_stdout(io.StringIO()):
                command.upgrade(_config(connection), "head")
            role = make_url(app_url).username
            if engine.dialect.name == "postgresql" and role and role != make_url(owner_url).username:
                _grant(connection, role)
    finally:
        engine.dispose()


def _grant(connection: Connection, role: str) -> None:
    name = connection.dialect.identifier_preparer.quote(role)
    connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {name}"))
    connection.execute(text(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}"))
    connection.execute(text(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {name}"))
    for table in APPEND_ONLY:
        connection.execute(text(f"REVOKE UPDATE, DELETE ON {table.name} FROM {name}"))
    connection.execute(text(f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {name}"))
