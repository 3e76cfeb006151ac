"""Commands that set up the service and run it."""

import sys
from pathlib import Path

import click

from timebank import demo as demonstration
from timebank import migrations, server, settings
from timebank.access import OPERATOR, Right, Role
from timebank.keyring import KeyringError, Master
from timebank.policy import PolicyError
from timebank.services import closed, communities, logins, members
from timebank.settings import SettingsError

from .answer import CONFIGURATION, USAGE, Answer, opened_bank


@click.command()
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
        with opened_bank(answer) as bank:
            members.recognise_all(bank)
    except (SettingsError, KeyringError) as error:
        answer.fail(CONFIGURATION, str(error))
    key = f" A master key was made in {configured.master_key_path}: keep a copy of it elsewhere." if made_key else ""
    answer.say(f"The database is ready.{key}", revision=migrations.newest(), master_key_made=made_key)


@click.command()
@click.argument("code")
@click.option("--name", help="Needed when the code is not in the list of Zunyi's communities.")
@click.option("--town", default="")
@click.option("--county", default="")
@click.option(
    "--policy",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A layer: what the community wants otherwise than its city and county.",
)
@click.pass_obj
def found(answer: Answer, code: str, name: str | None, town: str, county: str, policy: Path | None) -> None:
    """Found the community with this 12-digit CODE: its keys, its ledger, its first policy."""
    place = next((row for row in communities.places() if row["code"] == code), None)
    if place is None and (name is None or len(code) != 12 or not code.isdigit()):
        answer.fail(USAGE, f"{code} is not in the list: give a 12-digit code, --name, --town and --county.")
    known = place or {"community": name or "", "town": town, "county": county}
    founding = communities.Founding(
        code=code,
        name=known["community"],
        town=known["town"],
        county=known["county"],
        policy=None if policy is None else policy.read_text(encoding="utf-8"),
    )
    with opened_bank(answer) as bank:
        try:
            posted = communities.found(bank, OPERATOR, founding)
        except PolicyError as error:
            answer.fail(CONFIGURATION, str(error))
        origin = posted.record.intent.ledger
        answer.say(f"Founded {founding.name}: {origin}", code=code, ledger=origin)


@click.command()
@click.option("--bind", help="Address to listen on (configured: `bind`).")
@click.option("--port", type=int, help="Port to listen on (configured: `port`).")
@click.pass_obj
def serve(answer: Answer, bind: str | None, port: int | None) -> None:
    """Run the service until it is told to stop (SIGTERM or Ctrl-C), finishing what it has begun."""
    with opened_bank(answer) as bank:
        configured = bank.settings
        for origin, why in closed.behind(bank):
            click.echo(f"{origin} is read-only: {why}. See docs/operator.md, “The database is behind”.", err=True)
    server.run(configured, bind=bind or configured.bind, port=port or configured.port)


@click.command()
@click.option("--check", is_flag=True, help="Fill a fresh one, call the main pages once, print one JSON object, stop.")
@click.option("--communities", "at_most", type=click.IntRange(1), help="Found so many only (all 196 of the county).")
def demo(check: bool, at_most: int | None) -> None:
    """Fill an embedded database with the communities of one county and serve it on loopback."""
    sys.exit(demonstration.main(check=check, at_most=at_most))


@click.group()
def clock() -> None:
    """The service's clock."""


@clock.command("confirm")
@click.pass_obj
def clock_confirm(answer: Answer) -> None:
    """Say that the clock is right now, after a pause longer than `clock_leap_days` stopped the books."""
    with opened_bank(answer) as bank:
        now = bank.confirm_clock()
        answer.say("Confirmed: the books can be written again.", confirmed_ms=now)


@click.group()
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
    """Let staff NAME log in as ROLE in COMMUNITY: a code of 12 digits, or of those around it the first 9 (town), 6
    (county) or 4 (city); * for all."""
    with opened_bank(answer) as bank:
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
    with opened_bank(answer) as bank:
        login = logins.id_of(bank, OPERATOR, name)
        chosen = frozenset(Right(scope) for scope in scopes)
        token = logins.issue_token(bank, OPERATOR, login, label, chosen, days)
        answer.say(token, token=token, days=days)


COMMANDS = (init, found, serve, demo, clock, user)
