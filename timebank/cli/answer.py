"""What every command has: the bank as configured, a way to answer people and programs, and the exit codes."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import click
from rich.console import Console
from rich.progress import Progress

from timebank import migrations, settings
from timebank.access import Denied
from timebank.bank import Bank
from timebank.keyring import KeyringError
from timebank.ledger import Corrupted, Declined
from timebank.schemas import refusals
from timebank.settings import SettingsError

# Exit codes, as `timebank --help` lists them.
FAULT, USAGE, BEHIND, CONFIGURATION = 1, 2, 3, 4


class Answer:
    """What a command says: words for people, or with --json one object for programs."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json

    def say(self, words: str, **facts: Any) -> None:
        click.echo(json.dumps(facts, ensure_ascii=False) if self.as_json else words)

    def fail(self, exit_code: int, words: str, **facts: Any) -> NoReturn:
        click.echo(json.dumps({"error": words} | facts, ensure_ascii=False) if self.as_json else words, err=True)
        sys.exit(exit_code)


@contextmanager
def opened_bank(answer: Answer) -> Iterator[Bank]:
    """The bank as configured; what stops an operator ends in a sentence and an exit code, not in a traceback."""
    try:
        configured = settings.load()
        bank = Bank(configured)
        try:
            _check_form(bank, answer)
            yield bank
        finally:
            bank.close()
    except (SettingsError, KeyringError) as error:
        answer.fail(CONFIGURATION, str(error))
    except Corrupted as error:
        answer.fail(FAULT, f"Not proved: {error}", ledger=error.origin, record=error.seq)
    except Denied as error:
        answer.fail(FAULT, f"This login may not do that ({error.right}).", code="denied")
    except Declined as error:
        words = refusals.in_english(error.code, error.facts)
        answer.fail(FAULT, f"{words} ({error.code.value})", code=error.code.value)


def _check_form(bank: Bank, answer: Answer) -> None:
    with bank.engine.connect() as connection:
        found = migrations.current(connection)
    if found != migrations.newest():
        words = "The database is empty: run `timebank init`." if found is None else "Run `timebank init` to upgrade."
        answer.fail(CONFIGURATION, words, found=found, needed=migrations.newest())


@contextmanager
def progress_bar(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, nothing elsewhere."""
    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as progress:
        task = progress.add_task(what, total=total)
        yield lambda steps: progress.advance(task, steps)
