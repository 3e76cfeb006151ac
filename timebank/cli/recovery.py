"""Commands for a ledger that has lost acknowledged entries, and for one that is closed: bring back, or begin anew."""

import re
from pathlib import Path

import click

from timebank.access import OPERATOR
from timebank.services import epochs, recovery

from .answer import BEHIND, FAULT, USAGE, Answer, opened_bank


@click.command()
@click.argument("code")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def recover(answer: Answer, code: str, files: tuple[Path, ...]) -> None:
    """Bring lost records of community CODE back from FILES: exports, and receipts (one or many to a file).

    Exit code 0: the books can be written again; 3: records are still missing; 1: somebody signed other records of this
    ledger than those kept here: nothing was written, both signed heads are kept as evidence.
    """
    with opened_bank(answer) as bank:
        done = recovery.recover(bank, OPERATOR, code, files)
    facts = {
        "ledger": done.origin,
        "held": done.held,
        "entries": done.size,
        "missing": [[part.start, part.stop - 1] for part in done.missing],
        "unused": done.unused,
        "without_person": done.without_person,
    }
    words = "\n".join(_words(done))
    if done.fork:
        answer.fail(FAULT, words, fork=True, **facts)
    if done.behind:
        answer.fail(BEHIND, words, behind=done.behind, **facts)
    answer.say(words, **facts)


def _words(done: recovery.Recovered) -> list[str]:
    said = [f"Not used: {name}: {why}." for name, why in done.unused.items()]
    if done.fork:
        return [
            *said,
            f"A FORK: records of {done.origin} were acknowledged or signed that contradict those kept here. Nothing was"
            " written; the signed heads are kept as evidence. Stop, and find out which database is the true one.",
        ]
    said.append(f"{done.origin}: {done.size - done.held} records brought back, {done.size} in all.")
    if done.rejected:
        said.append(f"The next record was found but not taken: {done.rejected}.")
    if done.missing:
        said.append(f"Still missing: {', '.join(map(_numbers, done.missing))}.")
    if done.without_person:
        said.append(f"{done.without_person} accounts belong to nobody in the directory: register these people again.")
    said.append(f"Still read-only: {done.behind}." if done.behind else "The books can be written again.")
    return said


def _numbers(part: range) -> str:
    return str(part.start) if len(part) == 1 else f"{part.start} to {part.stop - 1}"


@click.command()
@click.argument("code")
@click.option("--reason", required=True, help="`lost` where records are lost for good; else why they close.")
@click.option("--yes", is_flag=True, help="Needed: there is no way back.")
@click.pass_obj
def epoch(answer: Answer, code: str, reason: str, yes: bool) -> None:
    """Open the next epoch of community CODE: a new ledger that takes over every balance and names the one before.

    With --reason lost it names what was acknowledged and is lost; with another reason the old books are ended first.
    """
    if not yes:
        answer.fail(USAGE, "This closes the books for good. Read docs/operator.md, then add --yes.")
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,31}", reason):
        answer.fail(USAGE, "The reason is one word in small letters, such as lost or renewed.")
    with opened_bank(answer) as bank:
        done = epochs.open_next(bank, OPERATOR, code, reason)
    words = (
        f"{done.origin} follows {done.before}: {done.accounts} accounts, {done.minutes} minutes brought over"
        f" (document {done.source}). Records lost: {done.lost}."
    )
    if done.written_off:
        words += f" Debts of {done.written_off} minutes could not be brought over; the document lists them."
    words += "\nNow copy the keyring, register devices and programs again, and print the new fingerprint."
    facts = {name: getattr(done, name) for name in ("before", "lost", "accounts", "minutes", "written_off", "source")}
    answer.say(words, ledger=done.origin, **facts)


@click.command()
@click.argument("code")
@click.argument("sha256")
@click.pass_obj
def document(answer: Answer, code: str, sha256: str) -> None:
    """Print the document that a policy or an opening of community CODE names by its SHA-256."""
    with opened_bank(answer) as bank:
        text = epochs.document(bank, OPERATOR, code, sha256)
    answer.say(text.rstrip("\n"), text=text)


COMMANDS = (recover, epoch, document)
