"""The service over HTTP against an empty Flask route on the same server."""

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.rounds import Measured, interleave
from tests.world import HERE, SECRET, Clock, World, new_bank
from timebank.bank import DAY_MS, Bank, system_clock

CONNECTIONS = 16
_ROOT = Path(__file__).parent.parent


@contextmanager
def _served(environment: dict[str, str], target: str) -> Iterator[int]:
    """A WSGI application served by one granian worker with 8 threads; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    command = [sys.executable, "-m", "granian", *options, "--blocking-threads", "8", "--no-ws", "--log-level", "error"]
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


Make = Callable[[int], tuple[str, str, bytes | None, dict[str, str]]]


def _load(port: int, count: int, make: Make) -> int:
    """`count` requests over CONNECTIONS connections that stay open; every answer must be a 2xx."""
    errors: list[int] = []

    def run(first: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for number in range(first, count, CONNECTIONS):
            method, path, body, headers = make(number)
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            answer.read()
            if not 200 <= answer.status < 300:
                errors.append(answer.status)
        connection.close()

    threads = [threading.Thread(target=run, args=(first,)) for first in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise RuntimeError(f"{len(errors)} requests failed, the first with {errors[0]}")
    return count


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


def measure(rounds: int, requests: int = 400) -> list[Measured]:
    """Record a visit, and read a balance, as JSON with a session, 16 connections at once."""
    folder = Path(tempfile.mkdtemp())
    world = _world(folder)
    settings = world.bank.settings
    keys = ("database_url", "owner_url", "highwater_path", "master_key_path", "keyring_path")
    environment = {f"TIMEBANK_{key.upper()}": str(getattr(settings, key)) for key in keys}
    environment["TIMEBANK_SECURE_COOKIES"] = "false"
    ids = Bank.uuid
    person, elder = world.people["li"].id, world.people["wang"].id
    body = {
        "volunteer": person, "served": [elder], "day": world.clock.day, "minutes": 1, "service": "company",
        "confirmed": "card",
    }  # fmt: skip
    with _served(environment, "wsgi:app") as port, _served({}, "bench.empty:app") as empty:
        clerk = _session(port, "clerk")
        token = _csrf(port, clerk)

        def visit(_: int) -> tuple[str, str, bytes | None, dict[str, str]]:
            headers = {"Cookie": clerk, "X-CSRFToken": token, "Content-Type": "application/json"}
            headers["Idempotency-Key"] = ids(world.bank)
            return "POST", f"/api/v1/communities/{HERE}/visits", json.dumps(body).encode(), headers

        def balance(_: int) -> tuple[str, str, bytes | None, dict[str, str]]:
            return "GET", f"/api/v1/people/{person}/balance", None, {"Cookie": clerk}

        def home(_: int) -> tuple[str, str, bytes | None, dict[str, str]]:
            return "GET", f"/people/{person}", None, {"Cookie": clerk}

        def nothing(_: int) -> tuple[str, str, bytes | None, dict[str, str]]:
            return "GET", "/", None, {}

        def floor() -> int:
            return _load(empty, requests * 5, nothing)

        things = (("record a visit (JSON)", visit), ("GET balance (JSON)", balance), ("a volunteer's page", home))
        return [
            interleave(f"{name}, 16 connections", _loading(port, requests, make), "an empty Flask route", floor,
                       "requests", rounds)
            for name, make in things
        ]  # fmt: skip


def _loading(port: int, count: int, make: Make) -> Callable[[], int]:
    return lambda: _load(port, count, make)
