"""The service over HTTP against a Flask route that does nothing, or only echoes, on the same server."""

import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.load import CONNECTIONS, Generator, generator, prepared
from bench.rounds import Measured
from bench.shop import DAYS, Counter
from bench.verification import against_checks
from tests.world import HERE, SECRET, Clock, World, new_bank
from timebank.bank import DAY_MS, system_clock
from timebank.settings import Settings

_ROOT = Path(__file__).parent.parent


@contextmanager
def _served(environment: dict[str, str], target: str) -> Iterator[int]:
    """A WSGI application served by one granian worker with one thread, which is fastest for both; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    command = [sys.executable, "-m", "granian", *options, "--blocking-threads", "1", "--no-ws", "--log-level", "error"]
    process = subprocess.Popen([*command, target], cwd=_ROOT, env=os.environ | environment, stdout=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def _world(folder: Path) -> World:
    clock = Clock(system_clock() - DAY_MS // 24)
    url = f"sqlite:///{folder / 'bench.db'}"
    world = World(new_bank(folder, url, url, clock), clock).build()
    clock.ms = system_clock()
    return world


def _session(port: int, name: str) -> str:
    """Log in through the form and return the cookies."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/login")
    answer = connection.getresponse()
    cookies = [value.partition(";")[0] for key, value in answer.getheaders() if key.lower() == "set-cookie"]
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', answer.read().decode())
    assert token is not None
    body = urllib.parse.urlencode({"name": name, "secret": SECRET, "csrf_token": token.group(1)})
    form = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": "; ".join(cookies)}
    connection.request("POST", "/login", body, form)
    answer = connection.getresponse()
    answer.read()
    cookies += [value.partition(";")[0] for key, value in answer.getheaders() if key.lower() == "set-cookie"]
    return "; ".join(cookies)


def _csrf(port: int, cookie: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/api/v1/session", headers={"Cookie": cookie})
    return str(json.loads(connection.getresponse().read())["csrf_token"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Served(Measured):
    """Requests a second of an address and of its floor; and the seconds of each request, round by round."""

    rounds: list[list[float]]

    @property
    def half_ms(self) -> float:
        return statistics.median(_percentile(seconds, 50) for seconds in self.rounds) * 1000

    @property
    def slow_ms(self) -> float:
        return statistics.median(_percentile(seconds, 99) for seconds in self.rounds) * 1000

    def line(self) -> str:
        tail = self.slow_ms / self.half_ms
        # Named, because a dataclass with slots is another class than the one `super()` would look for.
        return Measured.line(self) + f"; p50 {self.half_ms:.1f} ms, p99 {self.slow_ms:.1f} ms = {tail:.1f} x p50"


def _percentile(ordered: list[float], percent: int) -> float:
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


Requests = Callable[[int], list[bytes]]


@dataclass(frozen=True, slots=True)
class _Floor:
    """What a thing is measured against: a request to the application in bench/empty.py."""

    name: str
    request: bytes


def _serve(
    name: str, requests: Requests, floor: _Floor, ports: tuple[int, int], count: int, rounds: int, load: Generator
) -> Served:
    """`rounds` times the floor and then the address, so that both meet the same disturbances."""
    port, empty = ports
    nothing = [floor.request] * count * 5
    load.fire(port, requests(count // 4))  # whatever is made at the first request is made now
    load.fire(empty, nothing[:count])
    pairs = [(load.fire(empty, nothing), load.fire(port, requests(count))) for _ in range(rounds)]
    return Served(
        name=f"{name}, {CONNECTIONS} connections",
        floor_name=floor.name,
        unit="requests",
        rates=[thing.rate for _, thing in pairs],
        floors=[floor.rate for floor, _ in pairs],
        rounds=[thing.seconds for _, thing in pairs],
    )


def _environment(settings: Settings) -> dict[str, str]:
    keys = ("database_url", "owner_url", "highwater_path", "master_key_path", "keyring_path")
    return {f"TIMEBANK_{key.upper()}": str(getattr(settings, key)) for key in keys} | {
        "TIMEBANK_SECURE_COOKIES": "false"
    }


def measure(rounds: int, count: int = 800) -> Iterator[Measured]:
    """Record a visit, read a balance as JSON, see a volunteer's home and page; with a session, 16 connections."""
    folder = Path(tempfile.mkdtemp())
    world = _world(folder)
    settings = world.bank.settings
    environment = _environment(settings)
    person, elder = world.people["li"].id, world.people["wang"].id
    body = json.dumps({
        "volunteer": person, "served": [elder], "day": world.clock.day, "minutes": 1, "service": "company",
        "confirmed": "card",
    }).encode()  # fmt: skip
    with _served(environment, "wsgi:app") as port, _served({}, "bench.empty:app") as empty, generator() as load:
        clerk, volunteer = _session(port, "clerk"), _session(port, "li")
        token = _csrf(port, clerk)

        def visits(wanted: int) -> list[bytes]:
            headers = {"Cookie": clerk, "X-CSRFToken": token, "Content-Type": "application/json"}
            path = f"/api/v1/communities/{HERE}/visits"
            return [
                prepared("POST", path, body, headers | {"Idempotency-Key": world.bank.uuid()}) for _ in range(wanted)
            ]

        def balances(wanted: int) -> list[bytes]:
            return [prepared("GET", f"/api/v1/people/{person}/balance", None, {"Cookie": clerk})] * wanted

        def homes(wanted: int) -> list[bytes]:
            return [prepared("GET", "/me", None, {"Cookie": volunteer})] * wanted

        def pages(wanted: int) -> list[bytes]:
            return [prepared("GET", f"/people/{person}", None, {"Cookie": clerk})] * wanted

        nothing = _Floor("an empty Flask route", prepared("GET", "/"))
        echo = _Floor(
            "a Flask route that echoes the same JSON", prepared("POST", "/", body, {"Content-Type": "application/json"})
        )
        things = (
            ("record a visit (JSON)", visits, echo),
            ("GET balance (JSON)", balances, nothing),
            ("the volunteer's home", homes, nothing),
            ("a volunteer's page, for a clerk", pages, nothing),
        )
        for name, requests, floor in things:
            yield _serve(name, requests, floor, (port, empty), count, rounds, load)
    yield batches(rounds)


def batches(rounds: int, requests: int = 32) -> Measured:
    """Signed entries handed in by the hundred over 16 connections, against their signature checks alone."""
    counter = Counter(people=400, start_ms=system_clock() - (DAYS * DAY_MS))
    path = f"/api/v1/communities/{HERE}/entries"

    def request() -> bytes:
        notes = [counter.visit().note.decode() for _ in range(100)]
        return prepared("POST", path, json.dumps({"entries": notes}).encode(), {"Content-Type": "application/json"})

    waiting = iter([[request() for _ in range(requests)] for _ in range(rounds)])
    sample = [counter.visit().note for _ in range(requests * 100)]
    with _served(_environment(counter.bank.settings), "wsgi:app") as port, generator() as load:

        def thing() -> int:
            load.fire(port, next(waiting))
            return requests * 100

        name = f"HTTP batches of 100 signed entries, {CONNECTIONS} connections"
        return against_checks(name, thing, sample, counter.station.vkey, rounds)
