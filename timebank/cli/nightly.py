"""Commands that a night runs, and the doctor who says whether it did."""

from collections.abc import Sequence
from typing import BinaryIO

import click

from timebank.access import OPERATOR
from timebank.bank import Bank
from timebank.ledger import Declined, Digest, Receipt, reads
from timebank.schemas import refusals
from timebank.services import audits, closed, communities, digests, expiry, health, offline, seals

from .answer import FAULT, Answer, opened_bank, progress_bar


def audit_and_say(answer: Answer, codes: tuple[str, ...], kind: str, done: str) -> None:
    """Audit these communities, or all, say each fault, and end with exit code 1 when there was one."""
    with opened_bank(answer) as bank:
        wanted = codes or tuple(community.code for community in communities.everyone(bank))
        with bank.view() as view:
            sizes = {head.origin: head.size for head in reads.heads(view.connection)}
        entries, faults = 0, {}
        ended: list[closed.Closed] = []
        with progress_bar("reading", sum(sizes.get(bank.origin(code), 0) for code in wanted)) as advance:
            for found in audits.run(bank, OPERATOR, wanted, kind, advance):
                if found.report is None:
                    faults[found.community] = found.fault
                else:
                    entries += found.report.size - found.report.first
                    ended += closed.verify(bank, OPERATOR, found.community) if kind == audits.FULL else []
        words = f"{done}: {len(wanted) - len(faults)} ledgers, {entries} entries."
        if faults:
            told = "\n".join(f"Not proved: {fault}" for fault in faults.values())
            answer.fail(FAULT, f"{told}\n{words}", faults=faults, ledgers=len(wanted), entries=entries)
        facts = {"closed": [_closed_facts(one) for one in ended]} if ended else {}
        answer.say("\n".join([words, *map(_closed, ended)]), ledgers=len(wanted), entries=entries, **facts)


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


@click.command()
@click.argument("codes", nargs=-1)
@click.pass_obj
def expire(answer: Answer, codes: tuple[str, ...]) -> None:
    """Let hours expire in these communities, or all, where their policy wants it. For each month; safe to repeat."""
    with opened_bank(answer) as bank:
        wanted = codes or tuple(community.code for community in communities.everyone(bank))
        found = []
        with progress_bar("expiring", len(wanted)) as advance:
            for code in wanted:
                found.append(expiry.run(bank, OPERATOR, code))
                advance(1)
    people, minutes = sum(one.people for one in found), sum(one.minutes for one in found)
    words = f"{minutes} minutes of {people} people went to the fund, in {len(found)} communities."
    answer.say(words, communities=len(found), people=people, minutes=minutes)


@click.command()
@click.argument("codes", nargs=-1)
@click.pass_obj
def audit(answer: Answer, codes: tuple[str, ...]) -> None:
    """Check what is new since the newest seal that an audit has passed; without one, everything. For every night."""
    audit_and_say(answer, codes, audits.NEW, "Proved what is new")


@click.command()
@click.argument("codes", nargs=-1)
@click.pass_obj
def scrub(answer: Answer, codes: tuple[str, ...]) -> None:
    """Read every record and look for rot: hashes, chain, tree and signed head, no authors' signatures. Fast."""
    audit_and_say(answer, codes, audits.SCRUB, "No rot")


@click.command()
@click.argument("codes", nargs=-1)
@click.pass_obj
def seal(answer: Answer, codes: tuple[str, ...]) -> None:
    """Seal the ledgers in which something was entered since the last seal; all of them when no CODE is given."""
    with opened_bank(answer) as bank:
        wanted = codes or tuple(community.code for community in communities.everyone(bank))
        made, refused = _sealed(bank, wanted)
        words = f"Sealed {made} of {len(wanted)} ledgers; nothing was new in the others."
        if refused:
            told = "\n".join(f"{code}: {why}" for code, why in refused.items())
            answer.fail(FAULT, f"{told}\nSealed {made} of {len(wanted)} ledgers.", refused=refused, sealed=made)
        answer.say(words, sealed=made, ledgers=len(wanted))


def _sealed(bank: Bank, codes: Sequence[str]) -> tuple[int, dict[str, str]]:
    made, refused = 0, {}
    for code in codes:
        try:
            made += seals.seal(bank, OPERATOR, code) is not None
        except Declined as error:  # one ledger that cannot be written must not keep the others from their seal
            refused[code] = refusals.in_english(error.code, error.facts)
    return made, refused


@click.group()
def digest() -> None:
    """The day's line over all heads: the few bytes that bear witness outside."""


@digest.command("make")
@click.pass_obj
def digest_make(answer: Answer) -> None:
    """Make today's digest, once, print it, write it into the folder that is configured (`digest_folder`), and give it
    to the services that communities here have links to."""
    with opened_bank(answer) as bank:
        made = digests.make(bank, OPERATOR)
        try:
            digests.hand_out(bank, OPERATOR, made)
        except OSError as error:
            answer.fail(FAULT, f"{made}\nIt cannot be written to {bank.settings.digest_folder}: {error.strerror}.")
        digests.send(bank, OPERATOR, made)
        _say(answer, made)


@digest.command("kept")
@click.argument("host", required=False)
@click.pass_obj
def digest_kept(answer: Answer, host: str | None) -> None:
    """Print the digests of other services, or of HOST, that are kept here. Exit code 1 when one said two things."""
    with opened_bank(answer) as bank:
        found = digests.kept(bank, host)
    rows = [{"line": one.line, "received_at": one.received_at, "doubled": one.is_doubled} for one in found]
    words = "\n".join(one.line for one in found) or "No digest of another service is kept here."
    doubled = [one for one in found if one.is_doubled]
    if doubled:
        answer.fail(FAULT, f"{words}\n{doubled[0].host} has given two digests for {doubled[0].day}.", digests=rows)
    answer.say(words, digests=rows)


@digest.command("show")
@click.argument("day", required=False)
@click.pass_obj
def digest_show(answer: Answer, day: str | None) -> None:
    """Print the digest of DAY (YYYY-MM-DD), or the newest."""
    with opened_bank(answer) as bank:
        found = digests.of_day(bank, day) if day else digests.newest(bank)
        if found is None:
            answer.fail(FAULT, "No digest was made yet: run `timebank digest make`.")
        _say(answer, found)


@digest.command("proof")
@click.argument("code")
@click.argument("day")
@click.argument("file", type=click.File("wb"))
@click.pass_obj
def digest_proof(answer: Answer, code: str, day: str, file: BinaryIO) -> None:
    """Write to FILE the proof that the head of community CODE is in the digest of DAY."""
    with opened_bank(answer) as bank:
        made = digests.proof(bank, code, day)
        file.write(made.to_bytes())
        answer.say(f"Wrote the proof for {made.checkpoint.origin} at {made.checkpoint.size} records.",
                   ledger=made.checkpoint.origin, size=made.checkpoint.size)  # fmt: skip


@digest.command("receipt")
@click.argument("code")
@click.argument("day")
@click.argument("seq", type=int)
@click.argument("file", type=click.File("wb"))
@click.pass_obj
def digest_receipt(answer: Answer, code: str, day: str, seq: int, file: BinaryIO) -> None:
    """Write to FILE a receipt for record SEQ of community CODE under the head that the digest of DAY covers."""
    with opened_bank(answer) as bank:
        record = audits.record(bank, OPERATOR, code, seq)
        file.write(digests.receipt(bank, OPERATOR, code, record, day))
        answer.say(f"Wrote the receipt for record {seq}.", seq=seq)


@digest.command("check")
@click.argument("line")
@click.argument("proof", type=click.File("rb"))
@click.argument("receipt", type=click.File("rb"), required=False)
@click.pass_obj
def digest_check(answer: Answer, line: str, proof: BinaryIO, receipt: BinaryIO | None) -> None:
    """Check that PROOF leads to the digest LINE seen outside, and that RECEIPT proves its entry under the same head."""
    try:
        head = offline.covered(line.encode(), proof.read())
        if receipt is not None:
            offline.prove_entry(Receipt.parse(receipt.read()), head)
    except Declined as error:
        answer.fail(FAULT, refusals.in_english(error.code, error.facts))
    answer.say(f"Proved: {head.origin} at {head.size} records is in your digest.", ledger=head.origin, size=head.size)


def _say(answer: Answer, found: Digest) -> None:
    answer.say(str(found), digest=str(found), day=found.day, heads=found.heads, root=found.root.hex())


@click.command()
@click.pass_obj
def doctor(answer: Answer) -> None:
    """Look the service over and say what to do. Exit code 1 when something is wrong, not when it is only late."""
    with opened_bank(answer) as bank:
        found = health.look(bank, OPERATOR)
    rows = [{"what": one.what, "grade": one.grade.value, "words": one.words, "todo": one.todo} for one in found]
    told = "\n".join(
        f"{one.grade.value:5} {one.what}: {one.words}{' — ' + one.todo if one.todo else ''}" for one in found
    )
    if any(one.grade is health.Grade.BAD for one in found):
        answer.fail(FAULT, told, findings=rows)
    answer.say(told, findings=rows)


COMMANDS = (seal, expire, audit, scrub, digest, doctor)
