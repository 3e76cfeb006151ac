"""Fill an embedded database with a county's communities, verify every ledger, and serve it on loopback."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from timebank import migrations, server, settings
from timebank.access import OPERATOR
from timebank.bank import DAY_MS, Bank, system_clock
from timebank.keyring import Master
from timebank.services import audits, communities
from timebank.settings import Settings

from . import visit
from .present import Present
from .story import COUNTY, DAYS, SECRET, VISITS, Door, Story, StoryClock

_FOLDER = Path("var") / "demo"
_DOORS = "who-can-log-in.json"
_TEXTS = "texts"  # nobody's telephone rings: each message is a file
# Whoever looks at the demo for an hour sees two nights.
_NIGHT_MINUTES = 30


@dataclass
class Sums:
    """What the demo's ledgers add up to, found by verifying them."""

    ledgers_verified: int = 0
    entries: int = 0
    minutes_credited: int = 0
    minutes_redeemed: int = 0


def main(*, check: bool, at_most: int | None = None) -> int:
    """Serve the demo (filled on the first start), or with `check` try everything once on a fresh one and stop.

    `at_most` communities are founded, all of the county when None.
    """
    started = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="timebank-demo-")) if check else _FOLDER
    try:
        configured = _configure(folder)
        doors = _doors(folder)
        if doors is None:
            doors = _fill(folder, configured, at_most)
        bank = Bank(configured)
        bank.confirm_clock()  # a demo that slept for a month is still a demo
        sums = _verify(bank)
        bank.close()
        if check:
            try:
                visit.everything(_environment(configured), doors, SECRET)
            except visit.NotWorking as error:
                print(f"The demo does not work: {error}", file=sys.stderr)
                return 1
            print(json.dumps(_summary(sums, time.monotonic() - started)))
            return 0
        _introduce(configured, doors)
        os.environ |= _environment(configured)
        with _scheduled():
            server.run(configured, bind=configured.bind, port=configured.port)
        return 0
    finally:
        if check:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _scheduled() -> Iterator[None]:
    """The scheduler beside the server, in a process of its own: the server forks, which threads do not survive."""
    command = [sys.executable, "-m", "timebank.cli", "scheduler"]
    with subprocess.Popen(command, env=os.environ | {"TIMEBANK_LOG_LEVEL": "warning"}) as scheduler:  # noqa: S603 - our own
        try:
            yield
        finally:
            scheduler.terminate()


def _summary(sums: Sums, seconds: float) -> dict[str, int | float]:
    return {
        "communities": sums.ledgers_verified,
        "entries": sums.entries,
        "minutes_credited": sums.minutes_credited,
        "minutes_redeemed": sums.minutes_redeemed,
        "ledgers_verified": sums.ledgers_verified,
        "seconds": round(seconds, 1),
    }


def _configure(folder: Path) -> Settings:
    return settings.load(
        database_url=f"sqlite:///{folder / 'timebank.db'}",
        owner_url=f"sqlite:///{folder / 'timebank.db'}",
        highwater_path=folder / "highwater",
        master_key_path=folder / "master.key",
        keyring_path=folder / "keyring",
        secure_cookies=False,
        night_minutes=_NIGHT_MINUTES,
        text_gateway=f"folder:{folder / _TEXTS}",
    )


def _environment(configured: Settings) -> dict[str, str]:
    """The same settings for the server's processes."""
    keys = ("database_url", "owner_url", "highwater_path", "master_key_path", "keyring_path", "text_gateway")
    values = {f"TIMEBANK_{key.upper()}": str(getattr(configured, key)) for key in keys}
    return values | {"TIMEBANK_SECURE_COOKIES": "false", "TIMEBANK_NIGHT_MINUTES": str(configured.night_minutes)}


def _doors(folder: Path) -> list[Door] | None:
    """Who can log in to a demo that was filled to its end; None when there is none."""
    file = folder / _DOORS
    return [Door(**row) for row in json.loads(file.read_text(encoding="utf-8"))] if file.exists() else None


def _fill(folder: Path, configured: Settings, at_most: int | None) -> list[Door]:
    shutil.rmtree(folder, ignore_errors=True)  # a demo that was interrupted begins anew
    (folder / _TEXTS).mkdir(parents=True)
    Master.create(configured.master_key_path)
    migrations.upgrade(configured.owner_url, configured.database_url)
    clock = StoryClock(system_clock() - (DAYS + 1) * DAY_MS, system_clock)
    # A story is told in leaps; few communities may be silent for more than a week of it.
    bank = Bank(replace(configured, clock_leap_days=DAYS + 1), clock=clock)
    rows = [row for row in communities.places() if row["county"] == COUNTY][:at_most]
    story = Story(bank, clock)
    with _progress("Founding communities", len(rows)) as step:
        story.found(rows, step)
    with _progress("Registering people", len(rows)) as step:
        story.people(rows, step)
    with _progress("Sixty days of visits", len(rows) * VISITS) as step:
        story.live(step)
    with _progress("What is under way today", 1) as step:
        Present(story).tell()
        step(1)
    with _progress("The first night", len(rows)) as step:
        story.sleep(step)
    bank.close()
    doors = [{"who": door.who, "name": door.name, "where": door.where} for door in story.doors]
    (folder / _DOORS).write_text(json.dumps(doors, ensure_ascii=False), encoding="utf-8")
    return story.doors


def _verify(bank: Bank) -> Sums:
    sums = Sums()
    everyone = communities.everyone(bank)
    with _progress("Verifying every ledger", len(everyone)) as step:
        for community in everyone:
            report = audits.verify(bank, OPERATOR, community.code)
            sums.ledgers_verified += 1
            sums.entries += report.size
            sums.minutes_credited += report.minutes_credited
            sums.minutes_redeemed += report.minutes_redeemed
            step(1)
    return sums


@contextmanager
def _progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal; elsewhere a line when it begins."""
    console = Console(stderr=True)
    if not console.is_terminal:
        print(f"{what} ({total})", file=sys.stderr, flush=True)
        yield lambda _: None
        return
    columns = (TextColumn("{task.description:24}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(what, total=total)
        yield lambda steps: progress.advance(task, steps)


def _introduce(configured: Settings, doors: list[Door]) -> None:
    width = max(len(door.name) for door in doors)
    print(f"\nWho can log in (password of all: {SECRET})\n")
    for door in doors:
        print(f"  {door.name:{width}}  {door.who}, {door.where}")
    print(
        f"\nOpen http://{configured.bind}:{configured.port}/   (Ctrl-C stops it; var/demo can be deleted)\n", flush=True
    )
