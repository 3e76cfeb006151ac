"""Commands about orders and about what people left behind."""

import click

from timebank.access import OPERATOR
from timebank.services import estates as left
from timebank.services import orders as ordered

from .answer import Answer, opened_bank


@click.group()
def orders() -> None:
    """Orders that wait for the clock."""


@orders.command("clock")
@click.pass_obj
def run_clock(answer: Answer) -> None:
    """Close the orders that nobody took in time, and confirm by silence where a policy says so. Safe to repeat."""
    with opened_bank(answer) as bank:
        done = ordered.run_clock(bank, OPERATOR)
    answer.say(f"Lapsed {done['lapsed']}, confirmed {done['confirmed']}, passed over {done['passed over']}.", **done)


@click.group()
def estates() -> None:
    """What people left behind."""


@estates.command("close")
@click.pass_obj
def close_due(answer: Answer) -> None:
    """Give what is left to the fund where the last day for relatives is over. For every night; safe to repeat."""
    with opened_bank(answer) as bank:
        closed = left.close_due(bank, OPERATOR)
    answer.say(f"Closed {closed} cases.", closed=closed)


COMMANDS = (orders, estates)
