"""The operator's commands."""

import click

from . import callbacks, federation, jobs, keys, ledgers, nightly, orders, policy, recovery, service
from .answer import Answer


@click.group()
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
@click.pass_context
def main(context: click.Context, as_json: bool) -> None:
    """The time bank's commands.

    Exit codes: 0 done; 1 a ledger does not hold, or the command was declined; 2 wrong usage; 3 the database is behind
    what was acknowledged; 4 the configuration, the keys or the database's form is not ready.
    """
    context.obj = Answer(as_json=as_json)


for room in (service, policy, orders, callbacks, federation, ledgers, nightly, jobs, keys, recovery):
    for command in room.COMMANDS:
        main.add_command(command)
