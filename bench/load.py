"""Send prepared requests over raw sockets, from a process of its own, so that it does not hold up what it measures."""

import re
import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context

CONNECTIONS = 16
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_PATIENCE_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """How one round went: requests a second over all connections, and how long each request took, sorted."""

    rate: float
    seconds: list[float]


def prepared(method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> bytes:
    """The bytes of one HTTP/1.1 request."""
    lines = {"Host": "127.0.0.1"} | (headers or {}) | ({} if body is None else {"Content-Length": str(len(body))})
    head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return head.encode() + b"\r\n" + (body or b"")


class Generator:
    """The other process."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool

    def fire(self, port: int, requests: Sequence[bytes]) -> Answered:
        """Send all of them over CONNECTIONS connections that stay open, each as soon as its connection is free."""
        return self._pool.submit(_fire, port, list(requests)).result()


@contextmanager
def generator() -> Iterator[Generator]:
    # Spawned, not forked: it shall not carry the pages of a whole bank along.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        yield Generator(pool)


def _fire(port: int, requests: list[bytes]) -> Answered:
    waiting = iter(requests)
    seconds: list[float] = []
    with selectors.DefaultSelector() as selector:
        for _ in range(CONNECTIONS):
            connection = socket.create_connection(("127.0.0.1", port))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(connection, selectors.EVENT_READ, _Shot(connection))
        shots = [key.data for key in selector.get_map().values()]
        started = time.perf_counter()
        for shot in shots:
            shot.send(next(waiting, None))
        while len(seconds) < len(requests):
            ready = selector.select(_PATIENCE_S)
            if not ready:
                raise RuntimeError("the server does not answer")
            for key, _events in ready:
                took = key.data.receive()
                if took is not None:
                    seconds.append(took)
                    key.data.send(next(waiting, None))
        lasted = time.perf_counter() - started
        for shot in shots:
            shot.connection.close()
    return Answered(rate=len(seconds) / lasted, seconds=sorted(seconds))


class _Shot:
    """One connection, with the request that is under way on it."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self._sent_at = 0.0
        self._got = b""

    def send(self, request: bytes | None) -> None:
        if request is not None:
            self._got, self._sent_at = b"", time.perf_counter()
            self.connection.sendall(request)

    def receive(self) -> float | None:
        """Read what came; the seconds the request took once the answer is whole. It must be a 2xx."""
        came = self.connection.recv(262_144)
        self._got += came
        if not came:
            raise RuntimeError("the server hung up")
        head, end, body = self._got.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if not end or length is None or len(body) < int(length.group(1)):
            return None
        if head[9:10] != b"2":
            raise RuntimeError(f"a request failed: {head.splitlines()[0].decode()}")
        return time.perf_counter() - self._sent_at
