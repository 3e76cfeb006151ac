"""A process under faults.c that forks a child for each trial; it reads one task a line and answers with one line."""

import ctypes
import json
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.world import HERE, entered, settings_in
from timebank.access import Actor, Role
from timebank.bank import Bank
from timebank.ledger import Refused
from timebank.services import hours

# Tells the trial what one request was answered: its name, and the facts.
Say = Callable[..., None]


class Child:
    """One trial: requests before, during and after a call that fails."""

    def __init__(self, task: dict[str, Any], say: Say) -> None:
        folder = Path(task["folder"])
        os.environ["FAULTS_FOLDER"] = str(folder)
        os.environ["FAULTS_LOG"] = task["log"]
        url = f"sqlite:///{folder / 'timebank.db'}"
        self._settings = settings_in(folder, url, url)
        self._task = task
        self._say = say
        self._shim = ctypes.CDLL(None)
        self._bank: Bank | None = None

    def run(self) -> None:
        scenario: Callable[[], None] = getattr(self, "_" + self._task["scenario"])
        scenario()
        if self._task["lasts"]:
            self._ask("meanwhile", self._task["visits"]["meanwhile"])
        self._shim.faults_disarm()
        if self._task["goes_on"]:
            # The fault is gone, the process is the same: nothing may be stuck.
            self._ask("retry", self._task["visits"]["faulted"])
            self._ask("next", self._task["visits"]["next"])

    def _running(self) -> None:
        """A service that has written before."""
        self._ask("before", self._task["visits"]["before"])
        self._arm()
        self._ask("faulted", self._task["visits"]["faulted"])

    def _starting(self) -> None:
        """From the opening of the files on; the log that the last process left is long, so this commit empties it."""
        self._arm()
        self._ask("faulted", self._task["visits"]["faulted"])

    def _closing(self) -> None:
        """The entry is acknowledged, and then the last one out writes the log back and removes it."""
        self._ask("before", self._task["visits"]["before"])
        self._ask("faulted", self._task["visits"]["faulted"])
        self._arm()
        assert self._bank is not None
        self._bank.close()
        self._bank = None

    def _arm(self) -> None:
        self._shim.faults_arm(self._task["position"], self._task["fault"], self._task["lasts"])

    def _ask(self, name: str, visit: dict[str, Any]) -> None:
        try:
            if self._bank is None:
                self._bank = Bank(self._settings, clock=lambda: int(self._task["now"]))
            asked = hours.Visit(**visit | {"served": tuple(visit["served"])})
            clerk = Actor(login=self._task["login"], grants=((Role.CLERK, HERE),))
            posted = entered(hours.record(self._bank, clerk, asked))
        except Refused as error:
            self._say(name, refused=error.code.value)
        except BaseException:  # whatever it is, no caller may see it
            self._say(name, raw=traceback.format_exc())
        else:
            record = posted.record
            self._say(name, seq=record.seq, hash=record.hash.hex(), repeated=posted.repeated)


def _in_a_child(task: dict[str, Any]) -> dict[str, Any]:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)

        def say(name: str, **answer: object) -> None:
            os.write(writing, (json.dumps({"request": name} | answer) + "\n").encode())

        Child(task, say).run()
        os._exit(0)  # as if killed: nothing is closed or written back in an orderly way
    os.close(writing)
    with os.fdopen(reading) as lines:
        answers = [json.loads(line) for line in lines]
    _, status = os.waitpid(child, 0)
    return {"answers": answers, "exit": os.waitstatus_to_exitcode(status)}


def main() -> None:
    for line in sys.stdin:
        print(json.dumps(_in_a_child(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
