"""Commands about other communities: what is on its way, and the links."""

from typing import BinaryIO

import click

from timebank.access import OPERATOR
from timebank.federation import desk
from timebank.services import communities, positions, witnessing
from timebank.services import peers as linked
from timebank.services import reconciliation as compared
from timebank.services import transfers as travelling

from .answer import FAULT, Answer, opened_bank, progress_bar


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


@peers.command("positions")
@click.argument("place")
@click.pass_obj
def show_positions(answer: Answer, place: str) -> None:
    """Show who owes whom in PLACE (the 4, 6 or 9 digits of a city, county or town), and which links to look at."""
    with opened_bank(answer) as bank:
        found = positions.of(bank, OPERATOR, place)
    rows = [f"{found.names[one.debtor]} owes {found.names[one.creditor]} {one.minutes} minutes" for one in found.debts]
    rows += [f"look at {one.community} and {one.peer}: {_why_watched(one)}" for one in found.watched]
    rows += [f"open for {one.days} days: {one.kind} {one.entry} in {one.community}" for one in found.differing]
    owed = [{"debtor": one.debtor, "creditor": one.creditor, "minutes": one.minutes} for one in found.debts]
    facts = {"links": len(found.positions), "watched": len(found.watched), "differing": len(found.differing)}
    answer.say("\n".join(rows) or "Nobody owes anybody anything.", owed=owed, **facts)


def _why_watched(one: positions.Position) -> str:
    if one.frozen_why is not None:
        return f"frozen ({one.frozen_why})"
    return "its books differ" if one.agreed is False else f"owes {one.owed} of at most {one.limit_minutes}"


@peers.command()
@click.argument("code")
@click.pass_obj
def fingerprint(answer: Answer, code: str) -> None:
    """Show what another community must know of community CODE to add it: read it out on the telephone."""
    with opened_bank(answer) as bank:
        found = linked.ours(bank, OPERATOR, code)
    answer.say(f"{found.origin}\n{found.fingerprint}", origin=found.origin, fingerprint=found.fingerprint)


@peers.command()
@click.argument("code")
@click.argument("origin")
@click.argument("url")
@click.option("--fingerprint", required=True, help="The sixty digits that the other community read out.")
@click.option("--limit", type=click.IntRange(0), default=desk.LIMIT_MINUTES, show_default=True,
              help="Minutes that it may owe at most.")  # fmt: skip
@click.pass_obj
def add(answer: Answer, code: str, origin: str, url: str, fingerprint: str, limit: int) -> None:
    """Link community CODE to the ledger ORIGIN that the service at URL keeps. The other side adds this one as well."""
    wanted = linked.Addition(community=code, origin=origin, url=url, fingerprint=fingerprint, limit_minutes=limit)
    with opened_bank(answer) as bank:
        place = linked.add(bank, OPERATOR, wanted)
    answer.say(f"Linked to {origin}: {place}.", origin=origin, place=place)


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


@click.group()
def reconcile() -> None:
    """Compare the books of communities with those that they have links to."""


@reconcile.command("run")
@click.argument("codes", nargs=-1)
@click.pass_obj
def run_reconciliation(answer: Answer, codes: tuple[str, ...]) -> None:
    """Reconcile these communities, or all. For every night; safe to repeat. Exit code 1 when something differs."""
    with opened_bank(answer) as bank:
        wanted = codes or tuple(community.code for community in communities.everyone(bank))
        runs = []
        with progress_bar("reconciling", len(wanted)) as advance:
            for code in wanted:
                runs += compared.run_all(bank, OPERATOR, code)
                advance(1)
    differing = [run for run in runs if run.differences]
    words = f"Reconciled {len(runs)} links: {len(runs) - len(differing)} agree, {len(differing)} differ."
    facts = {"links": len(runs), "matched": sum(run.matched for run in runs), "differing": len(differing)}
    if differing:
        told = [
            f"{run.community} and {run.peer}: {kind} {entry}" for run in differing for kind, entry in run.differences
        ]
        answer.fail(FAULT, "\n".join([*told, words]), **facts)
    answer.say(words, **facts)


@reconcile.command()
@click.argument("codes", nargs=-1)
@click.pass_obj
def light(answer: Answer, codes: tuple[str, ...]) -> None:
    """See how far the other services of these communities' links, or of all, have come; for every hour."""
    done = {"links": 0, "found": 0, "silent": 0}
    with opened_bank(answer) as bank:
        for code in codes or tuple(community.code for community in communities.everyone(bank)):
            for what, count in compared.look_through_all(bank, OPERATOR, code).items():
                done[what] += count
    answer.say(f"Looked through {done['links']} links, found {done['found']} offers; {done['silent']} silent.", **done)


@reconcile.command()
@click.argument("code")
@click.pass_obj
def status(answer: Answer, code: str) -> None:
    """Show what differs in the books of community CODE and nobody has resolved."""
    with opened_bank(answer) as bank:
        found = compared.open_ones(bank, OPERATOR, code)
    rows = [f"{one.kind} {one.entry} with {one.peer}" for one in found]
    facts = [{"kind": one.kind, "entry": one.entry, "peer": one.peer, "found_at": one.found_at} for one in found]
    answer.say("\n".join(rows) or "Nothing differs.", differences=facts)


@click.group()
def witness() -> None:
    """Heads that communities keep, countersign and compare for one another."""


@witness.command("run")
@click.argument("codes", nargs=-1)
@click.pass_obj
def run_witness(answer: Answer, codes: tuple[str, ...]) -> None:
    """Exchange heads for these communities, or all. For every night; safe to repeat. Exit code 1 when a ledger was led
    twice."""
    with opened_bank(answer) as bank:
        wanted = codes or tuple(community.code for community in communities.everyone(bank))
        rounds = []
        with progress_bar("exchanging heads", len(wanted)) as advance:
            for code in wanted:
                rounds.append(witnessing.run(bank, OPERATOR, code))
                advance(1)
    names = ("given", "agreed", "forked", "unproved", "failed")
    facts = {name: sum(getattr(one, name) for one in rounds) for name in names}
    words = (
        f"Countersigned {facts['given']} heads; of those heard of {facts['agreed']} agree,"
        f" {facts['unproved']} could not be proved now; {facts['failed']} links failed."
    )
    if facts["forked"]:
        answer.fail(FAULT, f"{facts['forked']} ledgers were led twice: see the evidence.\n{words}", **facts)
    answer.say(words, **facts)


@witness.command("evidence")
@click.argument("code")
@click.argument("number", required=False)
@click.argument("file", type=click.File("wb"), required=False)
@click.pass_obj
def show_evidence(answer: Answer, code: str, number: str | None, file: BinaryIO | None) -> None:
    """Show what is kept against the ledger of community CODE and its peers, or write one, by its NUMBER, to FILE."""
    with opened_bank(answer) as bank:
        if number is not None and file is not None:
            file.write(witnessing.evidence_file(bank, OPERATOR, code, number))
            answer.say("Written: check it with `timebank verify --evidence`.", number=number)
            return
        found = witnessing.evidence(bank, OPERATOR, code)
    rows = [f"{one.id} {one.what} against {one.origin}" for one in found]
    facts = [{"number": one.id, "what": one.what, "ledger": one.origin, "at": one.at} for one in found]
    answer.say("\n".join(rows) or "Nothing is kept against anybody.", evidence=facts)


COMMANDS = (transfers, peers, reconcile, witness)
