"""Let every write and sync around one entry fail once, and look what is kept and what was said: `./run faults`."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from tests.trials import stage
from tests.trials.service import ROOT
from tests.world import HERE, Clock, World, entered, new_bank, opened_bank
from timebank import directory
from timebank.access import OPERATOR
from timebank.bank import Bank
from timebank.database import LOG_PAGES
from timebank.ledger import Code, Corrupted, Declined, parse_record, reads
from timebank.services import audits, hours

SOURCE = Path(__file__).with_name("faults.c")
SCENARIOS = ("running", "starting", "closing")
# The files of a bank, by what they are called in the tables.
FILES = {
    "timebank.db": "database", "timebank.db-wal": "wal", "timebank.db-shm": "shm", "highwater": "high-water",
    "keyring": "keyring", ".": "folder",
}  # fmt: skip
CALLS = {
    "write": "write", "pwrite": "write", "pwrite64": "write", "writev": "write", "pwritev": "write",
    "pwritev64": "write", "fsync": "sync", "fdatasync": "sync", "ftruncate": "truncate", "ftruncate64": "truncate",
    "fallocate": "truncate", "rename": "rename", "renameat": "rename", "unlink": "unlink", "unlinkat": "unlink",
}  # fmt: skip
# Where an append must be seen to write and to sync, or the shim stands beside the road.
_PLACES = (("running", "wal"), ("running", "high-water"), ("starting", "database"), ("closing", "database"))
NEEDED = {(scenario, file, call) for scenario, file in _PLACES for call in ("write", "sync")}
# What may be answered to a request that met a fault; the first two say that nothing was recorded.
_NOTHING_RECORDED = {Code.LEDGER_READ_ONLY.value, Code.DATABASE_BUSY.value}
_CLEAR = _NOTHING_RECORDED | {Code.DATABASE_UNAVAILABLE.value, Code.OUTCOME_UNKNOWN.value}


@dataclass(frozen=True, slots=True)
class Fault:
    """How a call fails (a number of faults.c), whether its process goes on or ends with its answer, and whether the
    fault `lasts` for one more request."""

    name: str
    number: int
    goes_on: bool = True
    only_writes: bool = False
    lasts: bool = False


FAULTS = (
    Fault("EIO", 1),
    Fault("EIO, then killed", 1, goes_on=False),
    Fault("ENOSPC", 2),
    Fault("EIO from there on", 1, lasts=True),
    Fault("ENOSPC from there on", 2, lasts=True),
    Fault("half written, said so", 3, only_writes=True),
    Fault("killed before", 4, goes_on=False),
    Fault("killed after half, or after a sync", 5, goes_on=False),
)
_NO_FAULT = Fault("none", 0)
_OUTCOMES = (
    "acknowledged, kept", "refused, absent", "refused, kept", "died, absent", "died, kept", "next request refused",
    "violations",
)  # fmt: skip


@dataclass
class Result:
    """What a sweep came to: calls seen, outcomes by kind of call and fault, and every promise broken, in words."""

    seen: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    outcomes: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)
    codes: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    def unseen(self) -> set[tuple[str, str, str]]:
        """Of what must be seen, what was not."""
        return NEEDED - {(scenario, *call) for scenario, calls in self.seen.items() for call in calls}

    def trials(self) -> int:
        return sum(outcome["positions"] for outcome in self.outcomes.values())


class Image:
    """The files of a bank at one moment, to be copied for each trial, and the visits that a trial records."""

    def __init__(self, folder: Path, *, long_log: bool) -> None:
        clock = Clock()
        origin = folder / "origin"
        origin.mkdir()
        url = f"sqlite:///{origin / 'timebank.db'}"
        self.world = World(new_bank(origin, url, url, clock), clock).build()
        self.world.bank.close()
        self.world.bank = opened_bank(origin, url, url, clock)
        self.folder = origin
        if long_log:
            self.folder = self._with_a_long_log(origin, folder / "long")
        self.visits = {
            name: asdict(self.world.visit(minutes=30)) for name in ("before", "faulted", "meanwhile", "next", "anew")
        }
        self.world.bank.close()

    def _with_a_long_log(self, origin: Path, target: Path) -> Path:
        """As a process leaves its files that was killed before it emptied the log."""
        _never_empty_the_log(self.world.bank.engine)
        while (origin / "timebank.db-wal").stat().st_size < LOG_PAGES * 4096:
            self.world.record(minutes=30)
        shutil.copytree(origin, target)
        return target


def _never_empty_the_log(engine: Engine) -> None:
    def prepare(connection: Any, _entry: object) -> None:
        connection.execute("PRAGMA wal_autocheckpoint=0")

    event.listen(engine, "connect", prepare)
    with engine.connect() as connection:
        connection.commit()


class Sweep:
    """All trials of one run, one after the other, in copies of the images."""

    def __init__(self, folder: Path, nursery: "subprocess.Popen[str]") -> None:
        for name in ("short", "long"):
            (folder / name).mkdir()
        short = Image(folder / "short", long_log=False)
        self._images = {
            "running": short,
            "closing": short,
            "starting": Image(folder / "long", long_log=True),
        }
        self._folder = folder
        self._nursery = nursery
        self.result = Result()

    def run(self, stride: int, offset: int = 0) -> Result:
        """Every fault at every call, but of the many writes to one file only at each `stride`-th."""
        for scenario in SCENARIOS:
            _, calls = self._child(scenario, 0, _NO_FAULT)
            self.result.seen[scenario] = calls
            for number, fault in enumerate(FAULTS):
                for position in _positions(calls, stride, offset + number):
                    if not fault.only_writes or calls[position - 1][1] == "write":
                        self._trial(scenario, position, fault)
        missing = self.result.unseen()
        if missing:
            self.result.broken.append(f"the shim saw no such call: {sorted(missing)}")
        return self.result

    def _child(self, scenario: str, position: int, fault: Fault) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """Run one child in a fresh copy; its answers, and the calls that were seen."""
        image, here, log = self._images[scenario], self._folder / "trial", self._folder / "log"
        shutil.rmtree(here, ignore_errors=True)
        log.unlink(missing_ok=True)
        shutil.copytree(image.folder, here)
        task = {
            "scenario": scenario, "position": position, "fault": fault.number, "goes_on": fault.goes_on,
            "lasts": fault.lasts, "folder": str(here), "log": str(log), "visits": image.visits,
            "now": image.world.clock.ms, "login": image.world.actors["clerk"].login,
        }  # fmt: skip
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.write(json.dumps(task) + "\n")
        self._nursery.stdin.flush()
        done: dict[str, Any] = json.loads(self._nursery.stdout.readline())
        lines = log.read_text().splitlines() if log.exists() else []
        return done, [_named(line) for line in lines]

    def _trial(self, scenario: str, position: int, fault: Fault) -> None:
        done, calls = self._child(scenario, position, fault)
        if len(calls) < position:
            self.result.broken.append(f"{scenario}: call {position} did not come again")
            return
        file, call = calls[position - 1]
        answers = {answer["request"]: answer for answer in done["answers"]}
        found = Found(self._images[scenario], self._folder / "trial", answers)
        broken = found.check()
        if (done["exit"] == 0) == (fault.number >= 4):
            broken.append(f"the child ended with {done['exit']}")
        outcome = self.result.outcomes.setdefault((call, fault.name), Counter())
        outcome["positions"] += 1
        outcome[_outcome(answers.get("faulted"), found.was_kept)] += 1
        for name in ("faulted", "meanwhile", "retry", "next"):
            if "refused" in answers.get(name, {}):
                self.result.codes[answers[name]["refused"]] += 1
        outcome["next request refused"] += any("refused" in answers.get(name, {}) for name in ("retry", "next"))
        outcome["violations"] += bool(broken)
        self.result.broken += [f"{scenario}, call {position} ({call} of {file}), {fault.name}: {one}" for one in broken]


def _positions(calls: list[tuple[str, str]], stride: int, offset: int) -> list[int]:
    """Of the calls, counted from 1, those to try; each file's writes in steps of `stride`."""
    chosen = []
    writes: Counter[str] = Counter()
    for position, (file, call) in enumerate(calls, start=1):
        if call == "write" and file != "high-water":
            writes[file] += 1
            if (writes[file] + offset) % stride:
                continue
        chosen.append(position)
    return chosen


def _named(line: str) -> tuple[str, str]:
    call, _, name = line.partition(" ")
    return FILES.get(name, name), CALLS[call]


def _outcome(answer: dict[str, Any] | None, was_kept: bool) -> str:
    if answer is None:
        return "died, kept" if was_kept else "died, absent"
    if "seq" in answer:
        return "acknowledged, kept"
    return "refused, kept" if was_kept else "refused, absent"


class Found:
    """What a fresh process finds after a trial, held against what the child was answered."""

    def __init__(self, image: Image, folder: Path, answers: dict[str, dict[str, Any]]) -> None:
        url = f"sqlite:///{folder / 'timebank.db'}"
        self._image = image
        self._answers = answers
        self._bank = partial(opened_bank, folder, url, url, image.world.clock)
        self.was_kept = False

    def check(self) -> list[str]:
        broken = [f"{name} got a traceback: {one['raw']}" for name, one in self._answers.items() if "raw" in one]
        try:
            with closing(self._bank()) as bank:
                audits.verify(bank, OPERATOR, HERE)
                broken += self._acknowledged(bank)
                kept = self._is_kept(bank, "faulted")
                broken += self._said(kept)
                if self.was_kept and self._is_kept(bank, "meanwhile") and not self._was_told("faulted", "meanwhile"):
                    broken.append("entries that nobody was told of pile up")
                broken += self._goes_on(bank, kept)
        except (Corrupted, Declined) as error:
            broken.append(f"a fresh process is told: {error}")
        return broken

    def _acknowledged(self, bank: Bank) -> list[str]:
        told = {one["seq"]: one["hash"] for one in self._answers.values() if "seq" in one}
        with bank.view() as view:
            head = view.head(bank.origin(HERE))
            records = reads.records(view.connection, head, told)
            mark = bank.highwater.read(head.number)
        lost = [seq for seq in told if seq not in records or records[seq].hash.hex() != told[seq]]
        broken = [f"record {seq} was acknowledged and is not there" for seq in lost]
        if mark is None or any(mark.size <= seq for seq in told):
            broken.append("an acknowledged record is not below the high-water mark")
        return broken

    def _was_told(self, *names: str) -> bool:
        return any("seq" in self._answers.get(name, {}) for name in names)

    def _is_kept(self, bank: Bank, name: str) -> bool:
        """The entry and what belongs to it in the directory: all of it, or nothing."""
        entry = self._image.visits[name]["id"]
        with bank.view() as view:
            origin = bank.origin(HERE)
            raws = reads.raw_by_ids(view.connection, view.head(origin), {entry})
            rows = [view.people.get(table, (origin, entry)) for table in (directory.Request, directory.Recorded)]
        if len({row is not None for row in rows} | {bool(raws)}) != 1:
            raise Corrupted("the entry is half written", origin=origin)
        return bool(raws)

    def _said(self, kept: bool) -> list[str]:
        faulted, retry = self._answers.get("faulted"), self._answers.get("retry")
        self.was_kept = bool(retry["repeated"]) if retry is not None and "seq" in retry else kept
        broken = []
        for name, one in self._answers.items():
            if one.get("refused", Code.OUTCOME_UNKNOWN.value) not in _CLEAR:
                broken.append(f"{name} was refused with {one['refused']}")
        if faulted is not None and faulted.get("refused") in _NOTHING_RECORDED and self.was_kept:
            broken.append(f"{faulted['refused']} says that nothing was recorded, and it was")
        if faulted is not None and "seq" in faulted and not self.was_kept:
            broken.append("an acknowledged request was done anew by its retry")
        return broken

    def _goes_on(self, bank: Bank, kept: bool) -> list[str]:
        """A fresh process can write at once, and a retry is one entry."""
        visits = {name: hours.Visit(**visit) for name, visit in self._image.visits.items()}
        clerk = self._image.world.actors["clerk"]
        again = entered(hours.record(bank, clerk, visits["faulted"]))
        hours.record(bank, clerk, visits["anew"])
        audits.verify(bank, OPERATOR, HERE)
        with bank.view() as view:
            raws = reads.raw_records(view.connection, view.head(bank.origin(HERE)))
            ids = [parse_record(raw).id for raw in raws]
        broken = [] if again.repeated == kept else ["a retry was not told from a new request"]
        return broken + ([] if len(set(ids)) == len(ids) else ["an id is in the ledger twice"])


@contextmanager
def nursery(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """The process under the shim, which is compiled for it here."""
    shim = folder / "faults.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", shim, SOURCE, "-ldl"], check=True)
    command = [sys.executable, "-m", "tests.trials.nursery"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {"LD_PRELOAD": str(shim)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    with process:
        yield process
        process.communicate()


def sweep(folder: Path, *, stride: int = 1, offset: int = 0) -> Result:
    with nursery(folder) as process:
        return Sweep(folder, process).run(stride, offset)


def report(result: Result) -> str:
    seen = Counter((scenario, *call) for scenario, calls in result.seen.items() for call in calls)
    rows = [(*key, count) for key, count in sorted(seen.items())]
    order = {fault.name: number for number, fault in enumerate(FAULTS)}
    keys = sorted(result.outcomes, key=lambda key: (key[0], order[key[1]]))
    outcomes = [
        (*key, result.outcomes[key]["positions"], *(result.outcomes[key][name] for name in _OUTCOMES)) for key in keys
    ]
    total = sum(result.outcomes.values(), Counter())
    outcomes.append(("all", "", total["positions"], *(total[name] for name in _OUTCOMES)))
    codes = ", ".join(f"{code} {count}" for code, count in sorted(result.codes.items())) or "none"
    return "\n\n".join([
        stage.table(("scenario", "file", "call", "seen"), rows),
        stage.table(("call", "fault", "positions", *_OUTCOMES), outcomes),
        f"Codes of the refusals: {codes}.",
        *(f"BROKEN, {one}" for one in result.broken),
    ])  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run faults", description=__doc__)
    parser.add_argument(
        "--stride", type=int, default=1, help="of a file's writes try each n-th only (%(default)s: all)"
    )
    parser.add_argument("--offset", type=int, default=0, help="begin so many writes earlier (%(default)s)")
    options = parser.parse_args()
    started = time.monotonic()
    with stage.scratch() as folder:
        result = sweep(folder, stride=options.stride, offset=options.offset)
    print(report(result))
    print(f"{result.trials()} trials in {time.monotonic() - started:.0f} s")
    return 1 if result.broken else 0


if __name__ == "__main__":
    sys.exit(main())
