"""What comes in from pages and the API: each schema's load() yields the argument of one use case."""

from . import care, hours, orders, papers, parts, people, room

__all__ = ["care", "hours", "orders", "papers", "parts", "people", "room"]
