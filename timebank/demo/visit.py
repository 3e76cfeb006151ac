"""Start the service on a free port and use it once, as a browser and as a program would."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

from .story import Door

_ROOT = Path(__file__).resolve().parents[2]
_READY_SECONDS = 60


class NotWorking(Exception):
    """A page or the API did not answer as it should; the message says which and how."""


class Browser:
    """Keeps its cookies, follows redirects, fills in forms. It speaks to one address only."""

    def __init__(self, address: str) -> None:
        self._address = address
        # No proxy of the surroundings: the address is on loopback.
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar())
        )

    def get(self, path: str) -> str:
        return self._open(urllib.request.Request(self._address + path))

    def submit(self, path: str, form: dict[str, str]) -> str:
        """Fetch the page's token, then send its form."""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(path))
        if token is None:
            raise NotWorking(f"{path} has no form")
        data = urllib.parse.urlencode(form | {"csrf_token": token.group(1)}).encode()
        return self._open(urllib.request.Request(self._address + path, data))

    def _open(self, request: urllib.request.Request) -> str:
        try:
            with self._opener.open(request, timeout=30) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            raise NotWorking(f"{request.full_url} answered {error.code}: {error.read(300)!r}") from error


def everything(environment: dict[str, str], doors: list[Door], secret: str) -> None:
    """Serve it, call the main pages and the API, stop it. NotWorking says what did not."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "timebank.cli", "serve", "--bind", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, cwd=_ROOT, env=os.environ | environment, stdout=sys.stderr)  # noqa: S603 - our own program
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(address, process)
        _call(address, doors, secret)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _READY_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise NotWorking("the service stopped while it started")
        try:
            Browser(address).get("/login")
        except (NotWorking, urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            return
    raise NotWorking("the service did not answer in time")


def _call(address: str, doors: list[Door], secret: str) -> None:
    by_role = {door.who.split()[0]: door for door in doors}
    clerk, volunteer = by_role["clerk"], by_role["volunteer"]
    code = clerk.name.removeprefix("clerk-")
    for door, paths in (
        (volunteer, ["/me", "/visits", f"/communities/{code}/board"]),
        (by_role["family"], ["/me", "/orders/new"]),
        (by_role["elder"], ["/me"]),
        (clerk, [f"/communities/{code}/day", f"/communities/{code}/record", f"/communities/{code}/orders"]),
        (by_role["town"], [f"/towns/{by_role['town'].name.removeprefix('town-')}"]),
        (by_role["auditor"], [f"/communities/{code}/audit", f"/communities/{code}/peers"]),
    ):
        browser = Browser(address)
        browser.submit("/login", {"name": door.name, "secret": secret})
        for path in paths:
            browser.get(path)
        if door is by_role["auditor"] and 'id="differ"' not in browser.get(f"/communities/{code}/peers"):
            raise NotWorking("nothing differs between the two communities that were made to")
    anybody = Browser(address)
    anybody.get("/check")
    listed = json.loads(anybody.get("/api/v1/communities"))
    if all(row["code"] != code for row in listed["communities"]):
        raise NotWorking("the API does not list the community")
