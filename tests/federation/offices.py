"""Two services that know one another by a fingerprint and an address, and talk over HTTP on loopback."""

import shutil
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from random import Random

from werkzeug.serving import make_server

from tests.conftest import TestDatabase, sqlite_in
from tests.federation.houses import CODES, NAMES, Folk, folk_of
from tests.world import RULES, START_MS, Clock, settings_in
from timebank import directory, migrations
from timebank.access import OPERATOR
from timebank.app import create_app
from timebank.bank import Bank
from timebank.keyring import Master
from timebank.ledger import reads
from timebank.services import communities, peers, policies, transfers
from timebank.settings import Settings

HOSTS = ("timebank.first.example", "timebank.second.example")


@dataclass
class Office:
    """A service with one community. `url`: where others find it."""

    code: str
    bank: Bank
    folk: Folk
    clock: Clock
    url: str = ""

    @property
    def origin(self) -> str:
        return self.bank.origin(self.code)

    def minutes(self, account: str) -> int:
        with self.bank.view() as view:
            return reads.account(view.connection, view.head(self.origin), account).minutes

    def balances(self) -> dict[str, int]:
        with self.bank.view() as view:
            return {one.name: one.minutes for one in reads.all_accounts(view.connection, view.head(self.origin))}

    def size(self) -> int:
        with self.bank.view() as view:
            return view.head(self.origin).size

    def peer(self, other: "Office") -> directory.transfers.Link:
        with self.bank.view() as view:
            found = directory.transfers.peer(view.connection, self.code, other.origin)
        assert found is not None
        return found

    def state(self, transfer: str) -> str:
        with self.bank.view() as view:
            row = view.people.get(directory.Transfer, transfer)
        assert row is not None
        return row.state if row.reason is None else f"{row.state}: {row.reason}"

    def waiting(self) -> list[str]:
        """What is on its way from here."""
        with self.bank.view() as view:
            found = view.people.query(directory.Transfer).filter_by(state="offered").order_by(directory.Transfer.id)
            return [one.id for one in found]


def settings_of(number: int, folder: Path, database: TestDatabase) -> Settings:
    return replace(settings_in(folder, database.app_url, database.owner_url), host=HOSTS[number])


def found_office(number: int, folder: Path, database: TestDatabase, clock: Clock) -> Office:
    """A service on an empty database: its community, the people and their hours."""
    settings = settings_of(number, folder, database)
    Master.create(settings.master_key_path)
    migrations.upgrade(settings.owner_url, settings.database_url)
    bank = Bank(settings, clock=clock, random=Random(number).randbytes)
    policies.set_layer(bank, OPERATOR, policies.CITY, RULES)
    founding = communities.Founding(code=CODES[number], name=NAMES[number], town="老城街道", county="红花岗区")
    communities.found(bank, OPERATOR, founding)
    return Office(CODES[number], bank, folk_of(bank, CODES[number]), clock)


@contextmanager
def served(office: Office, tls: ssl.SSLContext | None = None) -> Iterator[None]:
    """The office answers at its `url` while the block runs."""
    app = create_app(office.bank.settings, office.bank)
    server = make_server("127.0.0.1", 0, app, threaded=True, ssl_context=tls)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    office.url = f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}"
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass(frozen=True)
class Founded:
    """Two offices that were founded once, to be copied."""

    folders: tuple[Path, Path]
    folk: tuple[Folk, Folk]


def found_both(folder: Path) -> Founded:
    folders, folk = [], []
    for number in range(2):
        there = folder / str(number)
        there.mkdir(parents=True)
        office = found_office(number, there, sqlite_in(there), Clock())
        office.bank.close()
        folders.append(there)
        folk.append(office.folk)
    return Founded((folders[0], folders[1]), (folk[0], folk[1]))


def copied(founded: Founded, number: int, folder: Path, **other: str) -> Office:
    """`other`: settings that are not as they were."""
    shutil.copytree(founded.folders[number], folder)
    settings = replace(settings_of(number, folder, sqlite_in(folder)), **other)  # type: ignore[arg-type]
    clock = Clock(START_MS)
    bank = Bank(settings, clock=clock, random=Random(f"office {number}").randbytes)
    return Office(CODES[number], bank, founded.folk[number], clock)


@contextmanager
def both(founded: Founded, folder: Path) -> Iterator[tuple[Office, Office]]:
    """Both offices, serving, and linked by their fingerprints."""
    first, second = (copied(founded, number, folder / f"office{number}") for number in range(2))
    try:
        with served(first), served(second):
            link(first, second)
            link(second, first)
            yield first, second
    finally:
        first.bank.close()
        second.bank.close()


def link(here: Office, there: Office, url: str = "", limit: int = 1_000_000) -> None:
    told = peers.ours(there.bank, OPERATOR, there.code)
    wanted = peers.Addition(
        community=here.code,
        origin=told.origin,
        url=url or there.url,
        fingerprint=told.fingerprint,
        limit_minutes=limit,
    )
    peers.add(here.bank, OPERATOR, wanted)


def wanted(sender: Office, receiver: Office, minutes: int = 60, giver: int = 0, payee: int = 0) -> transfers.Transfer:
    return transfers.Transfer(
        id=sender.bank.uuid(),
        community=sender.code,
        giver=sender.folk.givers[giver].id,
        to=receiver.code,
        card=receiver.folk.givers[payee].card,
        minutes=minutes,
    )


def send(sender: Office, transfer: transfers.Transfer) -> None:
    transfers.send(sender.bank, sender.folk.clerk, transfer)


@contextmanager
def answering(
    office: Office, other: Office, status: int | tuple[int, int], body: bytes, **headers: str
) -> Iterator[list[str]]:
    """In place of the other's service somebody gives this one answer to everything; the paths that were asked for. Of
    two statuses the first is for the first question, the second for all others."""
    asked: list[str] = []
    first, others = status if isinstance(status, tuple) else (status, status)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(first if len(asked) == 1 else others)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(OSError):  # who asked may have had enough
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nobody reads it."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    before = move(office, other, f"http://127.0.0.1:{server.server_port}")
    try:
        yield asked
    finally:
        move(office, other, before)
        server.shutdown()
        thread.join()
        server.server_close()


def move(office: Office, other: Office, url: str) -> str:
    """The other's service is somewhere else from now on; where it was."""
    with office.bank.office() as reading:
        found = reading.people.get(directory.Peer, (office.code, other.origin))
        assert found is not None
        before, found.url = found.url or "", url
    return before
