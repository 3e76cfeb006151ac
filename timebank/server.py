"""Serve the application with granian: worker processes with blocking threads."""

import sys

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from timebank.settings import Settings


def run(settings: Settings, *, bind: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT; requests that have begun are finished."""
    print(f"Serving at http://{bind}:{port}/", file=sys.stderr, flush=True)
    Granian(
        "wsgi:app",
        address=bind,
        port=port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=settings.threads,
        websockets=False,
        log_access=False,
        log_level=LogLevels.error,
    ).serve()
