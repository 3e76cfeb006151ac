"""Commands about the books: prove them, write them out, mend what is derived from them."""

from itertools import chain
from pathlib import Path
from typing import BinaryIO

import click

from timebank.ledger import (
    Corrupted,
    Declined,
    Export,
    Receipt,
    Replay,
    TwoHeads,
    export,
    parse_record,
    read_notes,
    reads,
    rebuild,
)
from timebank.schemas import refusals
from timebank.services import audits, closed, entries, offline

from .answer import BEHIND, FAULT, USAGE, Answer, opened_bank, progress_bar
from .nightly import audit_and_say


@click.command()
@click.argument("codes", nargs=-1)
@click.option("--file", "path", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="An export.")
@click.option(
    "--digest", type=click.File("rb"), help="A digest sheet that you kept; with --proof, and --file or --receipt."
)
@click.option("--proof", type=click.File("rb"), help="The proof that the digest covers a ledger's head.")
@click.option("--receipt", type=click.File("rb"), help="The receipt of an entry under that head.")
@click.option("--evidence", type=click.File("rb"), help="Two heads that are said to contradict one another.")
@click.pass_obj
def verify(
    answer: Answer,
    /,
    codes: tuple[str, ...],
    path: Path | None,
    **files: BinaryIO | None,
) -> None:
    """Replay ledgers from their first record, with every row derived from them; all of them when no CODE is given."""
    digest, proof, receipt, evidence = (
        file.read() if (file := files[name]) else None for name in ("digest", "proof", "receipt", "evidence")
    )
    if evidence is not None:
        _verify_evidence(answer, evidence)
        return
    if digest is not None:
        if proof is None or (path is None) == (receipt is None):
            answer.fail(USAGE, "A digest is checked with its --proof, and with a ledger (--file) or a --receipt.")
        _verify_digest(answer, digest, proof, path, receipt)
        return
    if path is not None:
        _verify_file(answer, path)
        return
    audit_and_say(answer, codes, audits.FULL, "Proved")


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


def _verify_digest(answer: Answer, sheet: bytes, proof: bytes, path: Path | None, receipt: bytes | None) -> None:
    try:
        head = offline.covered(sheet, proof)
        if receipt is not None:
            what = f"the entry {offline.prove_entry(Receipt.parse(receipt), head)}"
        elif path is not None:
            with path.open("rb") as file:
                offline.prove_beginning(Export(file), head)
            what = f"the first {head.size} entries"
    except (Corrupted, Declined) as error:
        answer.fail(FAULT, f"Not proved: {error}")
    answer.say(
        f"Proved: {what} of {head.origin} stood so when your digest was made.", ledger=head.origin, size=head.size
    )


def _verify_evidence(answer: Answer, data: bytes) -> None:
    try:
        proof = TwoHeads.parse(data)
        proof.check()
    except Declined as error:
        answer.fail(FAULT, f"It proves nothing: {error}")
    keys = [key.fingerprint for key in proof.keys]
    words = (
        f"{proof.origin} was led twice: two signed heads of {proof.heads[0].size} records. Compare the key: {keys[0]}"
    )
    answer.say(words, ledger=proof.origin, size=proof.heads[0].size, keys=keys)


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
        head = view.head_of(code)
        bank.highwater.replace(head.number, head.origin, head.size, head.root)
        answer.say(f"Accepted {head.origin} at {head.size} entries.", ledger=head.origin, entries=head.size)


@click.command("import")
@click.argument("code")
@click.argument("file", type=click.File("rb"))
@click.pass_obj
def import_(answer: Answer, code: str, file: BinaryIO) -> None:
    """Take in the signed notes in FILE (`timebank-notes v1`) for community CODE. Safe to repeat; exit code 1 when any
    note was declined, each named with its number in the file and the reason."""
    entered = repeated = 0
    declined: dict[int, str] = {}
    with opened_bank(answer) as bank:
        outcomes = chain.from_iterable(entries.take_in(bank, code, read_notes(file)))
        for number, outcome in enumerate(outcomes, 1):
            if outcome.declined is not None:
                declined[number] = refusals.in_english(outcome.declined.code, outcome.declined.facts)
            else:
                repeated += outcome.repeated
                entered += not outcome.repeated
    words = f"Entered {entered}; {repeated} were there before; {len(declined)} were declined."
    if declined:
        told = "\n".join(f"note {number}: {why}" for number, why in declined.items())
        answer.fail(FAULT, f"{told}\n{words}", entered=entered, repeated=repeated, declined=declined)
    answer.say(words, entered=entered, repeated=repeated, declined={})


COMMANDS = (import_, verify, export_, rebuild_, highwater)
