"""People's own spreadsheets: which columns they have, and what their cells say. Knows neither people nor rules."""

from .files import LARGEST, MOST_ROWS, Cell, Table, Unreadable, Why, read
from .lists import COLUMNS, NEEDED, Line, VisitList, find, folded
from .words import MixedUp, clock, clock_span, day, minutes, plain

__all__ = [
    "COLUMNS",
    "LARGEST",
    "MOST_ROWS",
    "NEEDED",
    "Cell",
    "Line",
    "MixedUp",
    "Table",
    "Unreadable",
    "VisitList",
    "Why",
    "clock",
    "clock_span",
    "day",
    "find",
    "folded",
    "minutes",
    "plain",
    "read",
]
