"""The service as an operator starts it, in a process group of its own that can be killed whole."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from timebank.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
_START_S = 60
_PATHS = ("highwater_path", "master_key_path", "keyring_path")


def environment(settings: Settings) -> dict[str, str]:
    """What a process needs to open the bank of these settings, as the role the service runs as."""
    paths = {f"TIMEBANK_{name.upper()}": str(getattr(settings, name)) for name in _PATHS}
    named = {
        "TIMEBANK_DATABASE_URL": settings.database_url,
        "TIMEBANK_SECURE_COOKIES": "false",
        "TIMEBANK_HOST": settings.host,
    }
    return os.environ | paths | named


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Service:
    """`timebank serve` on a free port of loopback: started, then killed or stopped, any number of times."""

    def __init__(self, settings: Settings, log: Path) -> None:
        self._environment = environment(settings)
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0

    def start(self) -> None:
        """Return when it answers."""
        self.port = free_port()
        command = [sys.executable, "-m", "timebank.cli", "serve", "--port", str(self.port)]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )
        until = time.monotonic() + _START_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                self.kill()
                raise RuntimeError(f"the service does not start: {self.said()}")
            time.sleep(0.02)

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/api/v1/communities")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def kill(self) -> None:
        """SIGKILL to the whole group: the worker gets no word of it, and finishes nothing."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        """SIGTERM, as an operator stops it: what has begun is finished."""
        assert self._process is not None
        self._process.terminate()
        self._process.wait(timeout=_START_S)
        self._process = None

    def said(self) -> str:
        """Everything it wrote on its standard error so far."""
        return self._log.read_text(encoding="utf-8") if self._log.exists() else ""
