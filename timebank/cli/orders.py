"""Commands about orders."""

import click

from timebank.access import OPERATOR
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


COMMANDS = (orders,)
