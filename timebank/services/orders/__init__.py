"""From a need to a confirmed service: one use case for each act of timebank/lifecycle.py."""

from .asking import MOST_WEEKS, Cancelled, Quote, Wish, cancel, days_of, decline, quote, request, review
from .board import (
    MOST_SKIPPED,
    Candidate,
    OpenOrder,
    Told,
    board,
    board_of,
    candidates,
    look_for,
    mine,
    of_elder,
    of_station,
    series,
    told,
)
from .clock import due, run_clock
from .confirming import Confirmed, Done, Doubt, confirm, doubt, enter, reject
from .doors import AT_DOOR, make_code
from .rating import Rated, Said, rate, ratings
from .serving import BUSY, SENT_LATER, Sent, accept, call_off, check_in, check_out, dispatch, give_back, knock, miss
from .steps import said_start
from .stopping import stop_for
from .tearoffs import make_sheet

__all__ = [
    "AT_DOOR",
    "BUSY",
    "MOST_SKIPPED",
    "MOST_WEEKS",
    "SENT_LATER",
    "Cancelled",
    "Candidate",
    "Confirmed",
    "Done",
    "Doubt",
    "OpenOrder",
    "Quote",
    "Rated",
    "Said",
    "Sent",
    "Told",
    "Wish",
    "accept",
    "board",
    "board_of",
    "call_off",
    "cancel",
    "candidates",
    "check_in",
    "check_out",
    "confirm",
    "days_of",
    "decline",
    "dispatch",
    "doubt",
    "due",
    "enter",
    "give_back",
    "knock",
    "look_for",
    "make_code",
    "make_sheet",
    "mine",
    "miss",
    "of_elder",
    "of_station",
    "quote",
    "rate",
    "ratings",
    "reject",
    "request",
    "review",
    "run_clock",
    "said_start",
    "series",
    "stop_for",
    "told",
]
