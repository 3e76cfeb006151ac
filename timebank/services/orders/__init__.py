"""From a need to a confirmed service: one use case for each act of timebank/lifecycle.py."""

from .asking import MOST_WEEKS, Cancelled, Quote, Wish, cancel, decline, quote, request, review
from .board import Candidate, OpenOrder, Told, board, candidates, mine, of_elder, of_station, told
from .clock import due, run_clock
from .confirming import Confirmed, Done, Doubt, confirm, doubt, enter, reject
from .doors import AT_DOOR, make_code
from .rating import Rated, rate
from .serving import Sent, accept, call_off, check_in, check_out, dispatch, give_back, knock, miss
from .stopping import stop_for
from .tearoffs import make_sheet

__all__ = [
    "AT_DOOR",
    "MOST_WEEKS",
    "Cancelled",
    "Candidate",
    "Confirmed",
    "Done",
    "Doubt",
    "OpenOrder",
    "Quote",
    "Rated",
    "Sent",
    "Told",
    "Wish",
    "accept",
    "board",
    "call_off",
    "cancel",
    "candidates",
    "check_in",
    "check_out",
    "confirm",
    "decline",
    "dispatch",
    "doubt",
    "due",
    "enter",
    "give_back",
    "knock",
    "make_code",
    "make_sheet",
    "mine",
    "miss",
    "of_elder",
    "of_station",
    "quote",
    "rate",
    "reject",
    "request",
    "review",
    "run_clock",
    "stop_for",
    "told",
]
