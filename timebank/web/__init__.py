"""The pages."""

from flask import Flask


def register(app: Flask) -> None:
    """Put this room's routes into the application."""
