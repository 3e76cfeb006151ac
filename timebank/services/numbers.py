"""Numbers on paper that nobody guesses: whoever has one may read what it stands for."""

from collections.abc import Callable

from timebank.bank import Reading

# What people do not misread on paper: no I, L, O, U, 0 or 1.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def free(reading: Reading, today: str, is_taken: Callable[[str], bool]) -> str:
    """The day and eight letters, such as 20261120-7KQ2MWXA."""
    while True:
        drawn = "".join(_LETTERS[byte % len(_LETTERS)] for byte in reading.random(8))
        number = f"{today.replace('-', '')}-{drawn}"
        if not is_taken(number):
            return number
