"""Commands about other communities: what is on its way, and the links."""

import click

from timebank.access import OPERATOR
from timebank.services import peers as linked
from timebank.services import transfers as travelling

from .answer import Answer, opened_bank


@click.group()
def transfers() -> None:
    """Hours on their way to other communities."""


@transfers.command("run")
@click.pass_obj
def run_due(answer: Answer) -> None:
    """Try again what is on its way and due. Run it every minute; safe to repeat, and to run twice at once."""
    with opened_bank(answer) as bank:
        done = travelling.run_due(bank, OPERATOR)
    answer.say(f"Sent {done['sent']}, came back {done['returned']}, still on their way {done['offered']}.", **done)


@click.group()
def peers() -> None:
    """The links of a community to others."""


@peers.command("list")
@click.argument("code")
@click.pass_obj
def list_peers(answer: Answer, code: str) -> None:
    """Show the links of community CODE: what each owes it (less than nothing: is owed), what is held, the limit."""
    with opened_bank(answer) as bank:
        found = linked.of(bank, OPERATOR, code)
    rows = [
        f"{one.origin}: owes {one.owed} of at most {one.limit_minutes}, held {one.held}, seen {one.size}"
        + (f", frozen ({one.frozen_why})" if one.frozen_at else "")
        for one in found
    ]
    facts = [
        {"origin": one.origin, "owed": one.owed, "held": one.held, "limit": one.limit_minutes, "size": one.size,
         "frozen": one.frozen_why}
        for one in found
    ]  # fmt: skip
    answer.say("\n".join(rows) or "There are no links yet.", peers=facts)


@peers.command()
@click.argument("code")
@click.argument("origin")
@click.option("--why", required=True, help="A word or two: it is shown to whoever looks at the link.")
@click.pass_obj
def freeze(answer: Answer, code: str, origin: str, why: str) -> None:
    """Stop everything between community CODE and the ledger ORIGIN. What is held stays held."""
    with opened_bank(answer) as bank:
        linked.freeze(bank, OPERATOR, code, origin, why[:40])
    answer.say(f"Frozen: {origin}.", origin=origin)


@peers.command()
@click.argument("code")
@click.argument("origin")
@click.pass_obj
def thaw(answer: Answer, code: str, origin: str) -> None:
    """Let the link go on, after the reason was looked at."""
    with opened_bank(answer) as bank:
        linked.thaw(bank, OPERATOR, code, origin)
    answer.say(f"Open again: {origin}.", origin=origin)


@peers.command()
@click.argument("code")
@click.argument("origin")
@click.argument("minutes", type=click.IntRange(0))
@click.pass_obj
def limit(answer: Answer, code: str, origin: str, minutes: int) -> None:
    """Set how many minutes the ledger ORIGIN may owe community CODE at most."""
    with opened_bank(answer) as bank:
        linked.set_limit(bank, OPERATOR, code, origin, minutes)
    answer.say(f"{origin} may owe {minutes} minutes.", origin=origin, minutes=minutes)


COMMANDS = (transfers, peers)
