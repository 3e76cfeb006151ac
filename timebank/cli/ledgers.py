"""Commands about the books: prove them, write them out, mend what is derived from them."""

from pathlib import Path

import click

from timebank.access import OPERATOR
from timebank.bank import Bank
from timebank.ledger import Corrupted, Declined, Export, Replay, export, parse_record, reads, rebuild
from timebank.services import audits, closed, communities

from .answer import BEHIND, FAULT, USAGE, Answer, opened_bank, progress_bar


@click.command()
@click.argument("codes", nargs=-1)
@click.option("--file", "path", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="An export.")
@click.pass_obj
def verify(answer: Answer, codes: tuple[str, ...], path: Path | None) -> None:
    """Replay ledgers from their first record, with every row derived from them; all of them when no CODE is given."""
    if path is not None:
        _verify_file(answer, path)
        return
    with opened_bank(answer) as bank:
        wanted = codes or tuple(community.code for community in communities.everyone(bank))
        sizes = _sizes(bank)
        entries = 0
        ended: list[closed.Closed] = []
        with progress_bar("verifying", sum(sizes.get(bank.origin(code), 0) for code in wanted)) as advance:
            for code in wanted:
                entries += audits.verify(bank, OPERATOR, code, advance).size
                ended += closed.verify(bank, OPERATOR, code)
        words = [f"Proved: {len(wanted)} ledgers, {entries} entries.", *map(_closed, ended)]
        facts: dict[str, object] = {"ledgers": len(wanted), "entries": entries}
        if ended:
            facts["closed"] = [_closed_facts(one) for one in ended]
        answer.say("\n".join(words), **facts)


def _closed(one: closed.Closed) -> str:
    report, known = one.report, one.acknowledged
    if one.is_whole:
        return f"Closed, whole: {report.origin}, {report.size} entries."
    return (
        f"Closed, not whole: {report.origin}, {report.size} entries are here and hold together; {known} were"
        " acknowledged. The next epoch names the loss."
    )


def _closed_facts(one: closed.Closed) -> dict[str, object]:
    report, known = one.report, one.acknowledged
    return {"ledger": report.origin, "entries": report.size, "acknowledged": known, "whole": one.is_whole}


def _sizes(bank: Bank) -> dict[str, int]:
    with bank.view() as view:
        return {head.origin: head.size for head in reads.heads(view.connection)}


def _verify_file(answer: Answer, path: Path) -> None:
    replay = None
    try:
        with path.open("rb") as file:
            exported = Export(file)
            for raw in exported:
                replay = replay or Replay(parse_record(raw).intent.ledger)
                replay.enter(raw)
        if replay is None or exported.checkpoint is None:
            answer.fail(FAULT, "The export has no records.")
        report = replay.finish(exported.checkpoint)
    except (Corrupted, Declined) as error:
        answer.fail(FAULT, f"Not proved: {error}")
    answer.say(f"Proved: {report.origin}, {report.size} entries.", ledger=report.origin, entries=report.size)


@click.command("export")
@click.argument("code")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option("--epoch", type=click.IntRange(1), help="An earlier ledger of the community: 1 is the first.")
@click.pass_obj
def export_(answer: Answer, code: str, file: Path, epoch: int | None) -> None:
    """Write the whole ledger of community CODE to FILE, for anybody to verify. It names no person."""
    with opened_bank(answer) as bank, bank.view() as view:
        ledgers = closed.ledgers_of(bank, code)
        if epoch is not None and epoch > len(ledgers):
            answer.fail(USAGE, f"{code} has {len(ledgers)} epochs.")
        head = view.head(ledgers[-1 if epoch is None else epoch - 1])
        if head.checkpoint is None:
            raise Corrupted("has no checkpoint", origin=head.origin)
        with file.open("wb") as out, progress_bar("exporting", head.size) as advance:
            for part in export(reads.raw_records(view.connection, head), head.checkpoint, advance):
                out.write(part)
        answer.say(f"Wrote {head.size} entries to {file}.", ledger=head.origin, entries=head.size, file=str(file))


@click.command("rebuild")
@click.argument("code")
@click.pass_obj
def rebuild_(answer: Answer, code: str) -> None:
    """Write every derived table of community CODE anew from its records. Refused when records are missing."""
    with opened_bank(answer) as bank:
        with bank.maintenance(bank.origin(code)) as (connection, head):
            with progress_bar("rebuilding", head.size) as advance:
                report = rebuild(connection, head, bank.log_signer, advance)
        answer.say(f"Rebuilt {report.origin} from {report.size} entries.", ledger=report.origin, entries=report.size)


@click.group()
def highwater() -> None:
    """The marks of how far each ledger had come."""


@highwater.command("status")
@click.pass_obj
def highwater_status(answer: Answer) -> None:
    """Say which ledgers are behind what was acknowledged. Exit code 3 when one is."""
    with opened_bank(answer) as bank:
        late = dict(closed.behind(bank))
    if late:
        answer.fail(BEHIND, "\n".join(f"{origin}: {why}" for origin, why in late.items()), behind=late)
    answer.say("Every ledger is as far as it was acknowledged.", behind={})


@highwater.command("accept")
@click.argument("code")
@click.option("--yes", is_flag=True, help="Needed: entries that were acknowledged may be lost for good.")
@click.pass_obj
def highwater_accept(answer: Answer, code: str, yes: bool) -> None:
    """Take the database of community CODE as it is, when its mark is lost. Never after a restore: see the docs."""
    if not yes:
        answer.fail(USAGE, "This gives up the proof that nothing is missing. Read docs/operator.md, then add --yes.")
    with opened_bank(answer) as bank, bank.view() as view:
        head = view.head(bank.origin(code))
        bank.highwater.replace(head.number, head.origin, head.size, head.root)
        answer.say(f"Accepted {head.origin} at {head.size} entries.", ledger=head.origin, entries=head.size)


COMMANDS = (verify, export_, rebuild_, highwater)
