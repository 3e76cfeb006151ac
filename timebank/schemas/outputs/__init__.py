"""What goes out to programs: each schema's dump() makes the JSON of what a use case answered."""

from . import care, desk, entries, federation, ledgers, orders, parts, people, reports, room

__all__ = ["care", "desk", "entries", "federation", "ledgers", "orders", "parts", "people", "reports", "room"]
