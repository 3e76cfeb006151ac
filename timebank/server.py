"""Serve the application with granian: worker processes with blocking threads."""

from granian import Granian
from granian.constants import Interfaces

from timebank.settings import Settings


def run(settings: Settings, *, bind: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT; requests that have begun are finished."""
    Granian(
        "wsgi:app",
        address=bind,
        port=port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=8,
        websockets=False,
        log_access=False,
    ).serve()
