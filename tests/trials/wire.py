"""The network between two services: it forwards, and at times loses, repeats, delays, cuts short or changes."""

import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random

# How often each happens, of a hundred requests.
FAULTS = {
    "request lost": 4,
    "answer lost": 5,
    "request repeated": 6,
    "request delayed": 6,
    "answer cut short": 4,
    "request with a flipped bit": 3,
    "answer with a flipped bit": 3,
}
CUT, AWAY = "request held by a cut", "service away"
_LONGEST_DELAY_S = 0.3
_HEADERS = ("Content-Type", "Content-Digest", "Timebank-To", "Signature-Input", "Signature")


class Wire:
    """One direction: what comes to its `url` goes to the port that `target` says, or does not.

    `is_faulty`: faults happen. `is_cut`: nothing comes through but looking up a card, so that transfers can be sent
    meanwhile. `counts`: what happened.
    """

    def __init__(self, target: Callable[[], int], random: Random) -> None:
        self._target = target
        self._random = random
        self._mutex = threading.Lock()
        self.counts: Counter[str] = Counter()
        self.flying = 0
        self.is_faulty = False
        self.is_cut = False
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        wire = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                kept = {name: self.headers[name] for name in _HEADERS if name in self.headers}
                self.close_connection = True
                with wire._mutex:
                    wire.flying += 1
                try:
                    wire._carry(self, self.path, kept, body)
                finally:
                    with wire._mutex:
                        wire.flying -= 1

            def log_message(self, format: str, *args: object) -> None:
                """The services have logs of their own."""

        return Handler

    def _carry(self, to: BaseHTTPRequestHandler, path: str, headers: dict[str, str], body: bytes) -> None:
        is_lookup = path.endswith("/payee")
        if self.is_cut and not is_lookup:
            self._count(CUT)
            return
        fault = self._fault()
        # What is answered about a card is proved by nothing but the connection, which TLS would guard here.
        if is_lookup and fault == "answer with a flipped bit":
            fault = ""
        if fault:
            self._count(fault)
        if fault == "request lost":
            return
        if fault == "request delayed":
            time.sleep(self._random.uniform(0, _LONGEST_DELAY_S))
        if fault == "request with a flipped bit":
            body = self._flipped(body)
        try:
            if fault == "request repeated":
                self._forward(path, headers, body)
            status, kind, answer = self._forward(path, headers, body)
        except (OSError, http.client.HTTPException):
            self._count(AWAY)
            return
        if fault == "answer lost":
            return
        if fault == "answer with a flipped bit":
            answer = self._flipped(answer)
        to.send_response(status)
        to.send_header("Content-Type", kind)
        to.send_header("Content-Length", str(len(answer)))
        with suppress(OSError):
            to.end_headers()
            to.wfile.write(answer[: len(answer) // 2] if fault == "answer cut short" else answer)

    def _forward(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, str, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self._target(), timeout=20)
        try:
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers.get("Content-Type", ""), answer.read()
        finally:
            connection.close()

    def _fault(self) -> str:
        with self._mutex:
            if not self.is_faulty:
                return ""
            point = self._random.uniform(0, 100)
        for fault, share in FAULTS.items():
            if point < share:
                return fault
            point -= share
        return ""

    def _flipped(self, data: bytes) -> bytes:
        if not data:
            return data
        with self._mutex:
            place, bit = self._random.randrange(len(data)), self._random.randrange(8)
        return data[:place] + bytes([data[place] ^ 1 << bit]) + data[place + 1 :]

    def _count(self, what: str) -> None:
        with self._mutex:
            self.counts[what] += 1
