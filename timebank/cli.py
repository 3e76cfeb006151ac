"""The operator's commands."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import click
from rich.console import Console
from rich.progress import Progress

from timebank import demo as demonstration
from timebank import migrations, server, settings
from timebank.access import OPERATOR, Right, Role
from timebank.bank import Bank
from timebank.keyring import KeyringError, Master
from timebank.ledger import Corrupted, Declined, Export, KeyRole, Replay, export, parse_record, reads, rebuild
from timebank.policy import PolicyError
from timebank.schemas import refusals
from timebank.services import audits, communities, logins
from timebank.services import keys as signing_keys
from timebank.settings import SettingsError

# Exit codes, as `timebank --help` lists them.
FAULT, USAGE, BEHIND, CONFIGURATION = 1, 2, 3, 4

_POLICY = Path(__file__).resolve().parent.parent / "config" / "policy.toml"


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
def _bank(answer: Answer) -> Iterator[Bank]:
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
def _progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, nothing elsewhere."""
    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as progress:
        task = progress.add_task(what, total=total)
        yield lambda steps: progress.advance(task, steps)


@click.group()
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
@click.pass_context
def main(context: click.Context, as_json: bool) -> None:
    """The time bank's commands.

    Exit codes: 0 done; 1 a ledger does not hold, or the command was declined; 2 wrong usage; 3 the database is behind
    what was acknowledged; 4 the configuration, the keys or the database's form is not ready.
    """
    context.obj = Answer(as_json=as_json)


@main.command()
@click.pass_obj
def init(answer: Answer) -> None:
    """Make or upgrade the database, and make the master key where there is none. Safe to repeat."""
    try:
        configured = settings.load()
        made_key = not configured.master_key_path.exists()
        if made_key:
            configured.master_key_path.parent.mkdir(parents=True, exist_ok=True)
            Master.create(configured.master_key_path)
        migrations.upgrade(configured.owner_url, configured.database_url)
    except (SettingsError, KeyringError) as error:
        answer.fail(CONFIGURATION, str(error))
    key = f" A master key was made in {configured.master_key_path}: keep a copy of it elsewhere." if made_key else ""
    answer.say(f"The database is ready.{key}", revision=migrations.newest(), master_key_made=made_key)


@main.command()
@click.argument("code")
@click.option("--name", help="Needed when the code is not in the list of Zunyi's communities.")
@click.option("--town", default="")
@click.option("--county", default="")
@click.option("--policy", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=_POLICY)
@click.pass_obj
def found(answer: Answer, code: str, name: str | None, town: str, county: str, policy: Path) -> None:
    """Found the community with this 12-digit CODE: its keys, its ledger, its first policy."""
    place = next((row for row in communities.places() if row["code"] == code), None)
    if place is None and (name is None or len(code) != 12 or not code.isdigit()):
        answer.fail(USAGE, f"{code} is not in the list: give a 12-digit code, --name, --town and --county.")
    known = place or {"community": name or "", "town": town, "county": county}
    founding = communities.Founding(
        code=code, name=known["community"], town=known["town"], county=known["county"], policy=policy.read_text()
    )
    with _bank(answer) as bank:
        try:
            posted = communities.found(bank, OPERATOR, founding)
        except PolicyError as error:
            answer.fail(CONFIGURATION, str(error))
        origin = posted.record.intent.ledger
        answer.say(f"Founded {founding.name}: {origin}", code=code, ledger=origin)


@main.command()
@click.option("--bind", help="Address to listen on (configured: `bind`).")
@click.option("--port", type=int, help="Port to listen on (configured: `port`).")
@click.pass_obj
def serve(answer: Answer, bind: str | None, port: int | None) -> None:
    """Run the service until it is told to stop (SIGTERM or Ctrl-C), finishing what it has begun."""
    with _bank(answer) as bank:
        configured = bank.settings
        for origin, why in _behind(bank):
            click.echo(f"{origin} is read-only: {why}. See docs/operator.md, “The database is behind”.", err=True)
    server.run(configured, bind=bind or configured.bind, port=port or configured.port)


def _behind(bank: Bank) -> list[tuple[str, str]]:
    with bank.view() as view:
        heads = reads.heads(view.connection)
        found = [(head.origin, bank.behind(view.connection, head)) for head in heads]
    return [(origin, why) for origin, why in found if why]


@main.command()
@click.argument("codes", nargs=-1)
@click.option("--file", "path", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="An export.")
@click.pass_obj
def verify(answer: Answer, codes: tuple[str, ...], path: Path | None) -> None:
    """Replay ledgers from their first record, with every row derived from them; all of them when no CODE is given."""
    if path is not None:
        _verify_file(answer, path)
        return
    with _bank(answer) as bank:
        wanted = codes or tuple(community.code for community in communities.everyone(bank))
        sizes = _sizes(bank)
        entries = 0
        with _progress("verifying", sum(sizes.get(bank.origin(code), 0) for code in wanted)) as advance:
            for code in wanted:
                entries += audits.verify(bank, OPERATOR, code, advance).size
        answer.say(f"Proved: {len(wanted)} ledgers, {entries} entries.", ledgers=len(wanted), entries=entries)


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


@main.command("export")
@click.argument("code")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.pass_obj
def export_(answer: Answer, code: str, file: Path) -> None:
    """Write the whole ledger of community CODE to FILE, for anybody to verify. It names no person."""
    with _bank(answer) as bank, bank.view() as view:
        head = view.head(bank.origin(code))
        if head.checkpoint is None:
            raise Corrupted("has no checkpoint", origin=head.origin)
        with file.open("wb") as out, _progress("exporting", head.size) as advance:
            for part in export(reads.raw_records(view.connection, head), head.checkpoint, advance):
                out.write(part)
        answer.say(f"Wrote {head.size} entries to {file}.", ledger=head.origin, entries=head.size, file=str(file))


@main.command("rebuild")
@click.argument("code")
@click.pass_obj
def rebuild_(answer: Answer, code: str) -> None:
    """Write every derived table of community CODE anew from its records. Refused when records are missing."""
    with _bank(answer) as bank:
        with bank.maintenance(bank.origin(code)) as (connection, head):
            with _progress("rebuilding", head.size) as advance:
                report = rebuild(connection, head, bank.log_signer, advance)
        answer.say(f"Rebuilt {report.origin} from {report.size} entries.", ledger=report.origin, entries=report.size)


@main.command()
@click.option("--check", is_flag=True, help="Fill a fresh one, call the main pages once, print one JSON object, stop.")
@click.option("--communities", "at_most", type=click.IntRange(1), help="Found so many only (all 196 of the county).")
def demo(check: bool, at_most: int | None) -> None:
    """Fill an embedded database with the communities of one county and serve it on loopback."""
    sys.exit(demonstration.main(check=check, at_most=at_most))


@main.group()
def keys() -> None:
    """The signing keys that this service holds."""


@keys.command("list")
@click.pass_obj
def keys_list(answer: Answer) -> None:
    """Name every key and its public part (a vkey line); never a private one."""
    with _bank(answer) as bank:
        vkeys = [str(bank.keyring.signer(name).vkey) for name in bank.keyring.names()]
        answer.say("\n".join(vkeys), keys=vkeys)


@keys.command("fingerprint")
@click.argument("code")
@click.pass_obj
def keys_fingerprint(answer: Answer, code: str) -> None:
    """The key that signs community CODE's heads, and its fingerprint for the notice board."""
    with _bank(answer) as bank:
        vkey = bank.keyring.signer(bank.origin(code)).vkey
        answer.say(f"{vkey}\n{vkey.fingerprint}", log_key=str(vkey), fingerprint=vkey.fingerprint)


@keys.command("register")
@click.argument("code")
@click.argument("vkey")
@click.argument("role", type=click.Choice(["station", "lead", "device"]))
@click.pass_obj
def keys_register(answer: Answer, code: str, vkey: str, role: str) -> None:
    """Register the public key VKEY of a station's own program, a lead or a device in community CODE."""
    with _bank(answer) as bank:
        posted = signing_keys.register(bank, OPERATOR, code, vkey, KeyRole(role))
        answer.say(f"Registered for {role} in record {posted.record.seq}.", code=code, seq=posted.record.seq)


@main.group()
def clock() -> None:
    """The service's clock."""


@clock.command("confirm")
@click.pass_obj
def clock_confirm(answer: Answer) -> None:
    """Say that the clock is right now, after a pause longer than `clock_leap_days` stopped the books."""
    with _bank(answer) as bank:
        now = bank.confirm_clock()
        answer.say("Confirmed: the books can be written again.", confirmed_ms=now)


@main.group()
def highwater() -> None:
    """The marks of how far each ledger had come."""


@highwater.command("status")
@click.pass_obj
def highwater_status(answer: Answer) -> None:
    """Say which ledgers are behind what was acknowledged. Exit code 3 when one is."""
    with _bank(answer) as bank:
        behind = _behind(bank)
    if behind:
        answer.fail(BEHIND, "\n".join(f"{origin}: {why}" for origin, why in behind), behind=dict(behind))
    answer.say("Every ledger is as far as it was acknowledged.", behind={})


@highwater.command("accept")
@click.argument("code")
@click.option("--yes", is_flag=True, help="Needed: entries that were acknowledged may be lost for good.")
@click.pass_obj
def highwater_accept(answer: Answer, code: str, yes: bool) -> None:
    """Take the database of community CODE as it is, when its mark is lost. Never after a restore: see the docs."""
    if not yes:
        answer.fail(USAGE, "This gives up the proof that nothing is missing. Read docs/operator.md, then add --yes.")
    with _bank(answer) as bank, bank.view() as view:
        head = view.head(bank.origin(code))
        bank.highwater.replace(head.number, head.origin, head.size, head.root)
        answer.say(f"Accepted {head.origin} at {head.size} entries.", ledger=head.origin, entries=head.size)


@main.group()
def user() -> None:
    """Logins of staff."""


@user.command("add")
@click.argument("name")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.argument("community")
@click.option("--shown", help="What pages call the person.")
@click.password_option()
@click.pass_obj
def user_add(answer: Answer, name: str, role: str, community: str, shown: str | None, password: str) -> None:
    """Let staff NAME log in as ROLE in COMMUNITY (a 12-digit code, or * for all)."""
    with _bank(answer) as bank:
        new = logins.NewLogin(
            id=bank.uuid(), name=name, shown=shown or name, secret=password, roles=((Role(role), community),)
        )
        logins.create(bank, OPERATOR, new)
        answer.say(f"{name} can log in as {role} in {community}.", name=name, role=role, community=community)


@user.command("token")
@click.argument("name")
@click.option("--label", required=True, help="What the token is for.")
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice([right.value for right in Right]))
@click.option("--days", type=click.IntRange(1, 365), default=90)
@click.pass_obj
def user_token(answer: Answer, name: str, label: str, scopes: tuple[str, ...], days: int) -> None:
    """Give a program a token that acts as login NAME, with these scopes only. It is shown once."""
    with _bank(answer) as bank:
        login = logins.id_of(bank, OPERATOR, name)
        chosen = frozenset(Right(scope) for scope in scopes)
        token = logins.issue_token(bank, OPERATOR, login, label, chosen, days)
        answer.say(token, token=token, days=days)


if __name__ == "__main__":
    main()
