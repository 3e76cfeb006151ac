"""Commands about calls to those who were served."""

import re

import click

from timebank.access import OPERATOR
from timebank.services import callbacks as called
from timebank.services import kin_checks

from .answer import USAGE, Answer, opened_bank


@click.group()
def callbacks() -> None:
    """Calls to some of those who were served, drawn so that nobody can choose whom (docs/callbacks.md)."""


@callbacks.command()
@click.argument("code")
@click.option("--month", help="YYYY-MM; the last one without it.")
@click.pass_obj
def draw(answer: Answer, code: str, month: str | None) -> None:
    """Draw the calls of a month of community CODE. Safe to repeat: drawn again it gives the same. For each month's
    first night.
    """
    _check_month(answer, month)
    with opened_bank(answer) as bank:
        made = called.draw(bank, OPERATOR, code, month)
    words = f"Drew {len(made.entries)} of {made.served} services of {made.month}, from {made.size} records."
    answer.say(
        "\n".join([words, *made.entries]),
        month=made.month,
        size=made.size,
        root=made.root,
        percent=made.percent,
        served=made.served,
        entries=list(made.entries),
    )


@callbacks.command("kin")
@click.argument("code")
@click.option("--month", help="YYYY-MM; the last one without it.")
@click.pass_obj
def draw_kin(answer: Answer, code: str, month: str | None) -> None:
    """Draw which relations that were declared in a month in community CODE are checked. Safe to repeat."""
    _check_month(answer, month)
    with opened_bank(answer) as bank:
        made = kin_checks.draw(bank, OPERATOR, code, month)
    answer.say(
        f"Drew {made.drawn} of {made.declared} relations declared in {made.month}, from {made.size} records.",
        month=made.month,
        size=made.size,
        root=made.root,
        one_in=made.one_in,
        declared=made.declared,
        drawn=made.drawn,
    )


def _check_month(answer: Answer, month: str | None) -> None:
    if month is not None and not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", month):
        answer.fail(USAGE, "Give the month as YYYY-MM.")


COMMANDS = (callbacks,)
