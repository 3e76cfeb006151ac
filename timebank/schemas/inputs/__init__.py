"""What comes in from pages and the API: each schema's load() yields the argument of one use case."""

from . import care, desk, hours, orders, papers, parts, people, room

__all__ = ["care", "desk", "hours", "orders", "papers", "parts", "people", "room"]
