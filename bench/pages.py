"""Pages as the server makes them, without a network: each against an empty Flask route, by the processor's time."""

import tempfile
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask

from bench import empty
from bench.rounds import Measured, interleave
from tests.counting import asked_of
from tests.world import HERE, Clock, World, new_bank
from timebank.access import Role
from timebank.app import create_app
from timebank.ledger import KeyRole

LENGTHS = (10, 1_000, 100_000)
_BATCH = 5_000
_MONTH = 1_000
_AT = f"/communities/{HERE}"


def measure(rounds: int, lengths: tuple[int, ...] = LENGTHS) -> Iterator[Measured]:
    """A volunteer's balance page with histories of these lengths, then other pages beside the longest."""
    folder = Path(tempfile.mkdtemp(prefix="timebank-bench-"))
    url = f"sqlite:///{folder / 'pages.db'}"
    clock = Clock()
    world = World(new_bank(folder, url, url, clock), clock).build()
    world.login("town", Role.LEAD, HERE[:9])
    app = create_app(world.bank.settings, world.bank)
    grown = 0
    for length in lengths:
        _grow(world, length - grown)
        grown = length
        yield _against_nothing(world, app, f"the balance page, {length:,} entries", "li", "/me", rounds)
    clock.advance(days=40)  # nobody's day, and no town's month, has a hundred thousand entries
    world.bank.confirm_clock()
    _grow(world, _MONTH)
    clock.advance(days=1)
    entry = world.record(minutes=30).record.id
    for name, reader, path in (
        ("a page of one entry", "li", f"{_AT}/entries/{entry}"),
        ("the clerk's day", "clerk", f"{_AT}/day"),
        ("the form for a visit", "clerk", f"{_AT}/record"),
        (f"a town's page, {_MONTH:,} entries in the month", "town", f"/towns/{HERE[:9]}"),
    ):
        yield _against_nothing(world, app, name, reader, path, rounds)
    world.bank.close()


def _against_nothing(world: World, app: Flask, name: str, reader: str, path: str, rounds: int) -> Measured:
    page = _call(app, path, world.token(reader))
    page()  # what is made at the first call is made now
    with asked_of(world.bank) as asked:
        page()
    nothing = _call(empty.app, "/", "")
    thing, floor = _repeated(page, 50), _repeated(nothing, 5_000)
    measured = interleave(name, thing, "an empty Flask route", floor, "pages", rounds, time.process_time)
    print(f"{name}: {asked.statements} statements, {asked.rows} rows; as long as {1 / measured.ratio:.0f} empty routes")
    return measured


def _call(app: Flask, path: str, token: str) -> Callable[[], None]:
    """One request with a session, as the server hands it to the application; the answer is read to its end."""
    asked: dict[str, Any] = {
        "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "localhost",
        "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "localhost", "REMOTE_ADDR": "127.0.0.1",
        "HTTP_COOKIE": f"timebank={token}; lang=zh", "HTTP_ACCEPT_ENCODING": "gzip", "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http", "wsgi.errors": BytesIO(), "wsgi.multithread": True, "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }  # fmt: skip

    def began(status: str, _headers: object, _failed: object = None) -> Callable[[bytes], object]:
        assert status == "200 OK", status
        return lambda _: None

    def call() -> None:
        answer = app.wsgi_app(asked | {"wsgi.input": BytesIO()}, began)
        assert b"".join(answer)
        answer.close()  # type: ignore[attr-defined]

    return call


def _repeated(call: Callable[[], None], count: int) -> Callable[[], int]:
    def run() -> int:
        for _ in range(count):
            call()
        return count

    return run


def _grow(world: World, entries: int) -> None:
    """So many visits of Li more."""
    li, wang = world.people["li"].account, world.people["wang"].account
    body = {"day": world.clock.day, "minutes": 1, "credited": 1, "server": li, "served": [wang]}
    body |= {"service": "company", "catalogue": 1, "confirmed": "card"}
    for start in range(0, entries, _BATCH):
        with world.bank.work(world.bank.origin(HERE)) as work:
            for _ in range(min(_BATCH, entries - start)):
                work.post("service", ("issue", li, 1), by=(KeyRole.STATION,), body=body)
