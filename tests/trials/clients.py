"""Clerks on several connections who record visits over HTTP, and remember every answer they were given."""

import http.client
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass

from tests.world import HERE
from timebank.ledger import Receipt as Proof
from timebank.ledger import Record, parse_record

CONNECTIONS = 6
MINUTES = 30  # by the policy one whole step, so that every visit moves hours


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where an entry is and which bytes it has, as somebody was told."""

    seq: int
    hash: str

    @classmethod
    def of(cls, record: Record) -> "Receipt":
        return cls(record.seq, record.hash.hex())


class Clients:
    """What was asked and what was answered, over any number of services that were killed.

    `open`: the requests, by key, that got no answer. `acknowledged`: the first receipt of each. `newest`: those since
    somebody last looked. `heads`: the root of every signed head, by its size. `declined` and `contradicted` say in
    words what may not happen.
    """

    def __init__(self, token: str, visit: Callable[[], dict[str, object]], new_key: Callable[[], str]) -> None:
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._visit = visit
        self._new_key = new_key
        self._mutex = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._waiting: list[str] = []
        self._flying: set[str] = set()
        self._expected: dict[str, Receipt] = {}
        self._bodies: dict[str, bytes] = {}
        self.open: set[str] = set()
        self.acknowledged: dict[str, Receipt] = {}
        self.newest: dict[str, Receipt] = {}
        self.heads: dict[int, bytes] = {}
        self.declined: list[str] = []
        self.contradicted: list[str] = []

    def expect(self, found: dict[str, Receipt]) -> None:
        """Retry all that is open. What is in the ledger already must be answered with that very entry, nothing else."""
        self._expected = found
        self._waiting = sorted(self.open)

    def one(self, port: int) -> bool:
        """One request on a new connection; whether it was acknowledged."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            return self._ask(connection, self._next())
        finally:
            connection.close()

    def begin(self, port: int) -> None:
        """Every connection sends one request after the other until the service is gone."""
        self._threads = [threading.Thread(target=self._run, args=(port,)) for _ in range(CONNECTIONS)]
        for thread in self._threads:
            thread.start()

    def in_flight(self) -> int:
        """How many requests are on their way, sent and not answered."""
        with self._mutex:
            return len(self._flying)

    def join(self) -> None:
        """Each connection was cut by the end of the worker, so once all are it is gone."""
        for thread in self._threads:
            thread.join()

    def finish(self, port: int) -> None:
        """What is still waiting, and no more."""
        while self._waiting:
            self.one(port)

    def _run(self, port: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while self._ask(connection, self._next()):
            pass
        connection.close()

    def _next(self) -> str:
        with self._mutex:
            if self._waiting:
                return self._waiting.pop()
            key = self._new_key()
            self._bodies[key] = json.dumps(self._visit()).encode()
            return key

    def _ask(self, connection: http.client.HTTPConnection, key: str) -> bool:
        address = f"/api/v1/communities/{HERE}/visits"
        try:
            connection.request("POST", address, self._bodies[key], self._headers | {"Idempotency-Key": key})
            with self._mutex:
                self._flying.add(key)
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException):
            self._unanswered(key)
            return False
        with self._mutex:
            self._flying.discard(key)
            return self._note(key, answer.status, body)

    def _unanswered(self, key: str) -> None:
        with self._mutex:
            self._flying.discard(key)
            self.open.add(key)

    def _note(self, key: str, status: int, body: bytes) -> bool:
        if status not in (200, 201):
            self.declined.append(f"a visit was declined: {status} {body.decode(errors='replace')[:300]}")
            self.open.add(key)
            return False
        proof = Proof.parse(json.loads(body)["receipt"].encode())
        receipt = Receipt.of(parse_record(proof.entry.record))
        if self.heads.setdefault(proof.checkpoint.size, proof.checkpoint.root) != proof.checkpoint.root:
            self.contradicted.append(f"two heads of {proof.checkpoint.size} records were signed")
        expected = self._expected.get(key)
        if expected is not None and receipt != expected:
            self.contradicted.append(f"{key} was recorded as {expected}, and a retry was answered with {receipt}")
        if (status == 200) != (expected is not None):
            self.contradicted.append(f"{key}: status {status}, though {expected or 'nothing'} was recorded before")
        self.acknowledged[key] = self.newest[key] = receipt
        self.open.discard(key)
        return True
