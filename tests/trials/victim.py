"""A process that records one visit and kills itself at a step of it; it prints a line only if it survives."""

import json
import os
import re
import signal
import sys
from collections.abc import Callable
from typing import Any

from sqlalchemy.pool.base import _ConnectionFairy

from tests.world import HERE, entered
from timebank import settings
from timebank.access import Actor, Role
from timebank.bank import Bank
from timebank.services import hours


def main(task: dict[str, Any]) -> None:
    bank = Bank(settings.load(), clock=lambda: int(task["now"]))
    _arm(bank, task["when"], task["what"])
    visit = hours.Visit(**task["visit"] | {"served": tuple(task["visit"]["served"])})
    posted = entered(hours.record(bank, Actor(login=task["login"], grants=((Role.CLERK, HERE),)), visit))
    print("survived, and acknowledged", posted.record.seq)


def _die(*_arguments: object, **_more: object) -> None:
    """As from outside: no handler, no `finally`, no buffer is written any more."""
    os.kill(os.getpid(), signal.SIGKILL)


def _arm(bank: Bank, when: str, what: str) -> None:
    """`what`: a table that is written to, the commit, or a call of the operating system on the high-water file."""
    if what == "commit":
        dialect: Any = bank.engine.dialect
        dialect.do_commit = _around(dialect.do_commit, when)
    elif what in ("pwrite", "fdatasync"):
        setattr(os, what, _around(getattr(os, what), when))
    else:
        writes = re.compile(rf'\b(INTO|UPDATE|COPY)\s+"?{what}\b')
        given = _ConnectionFairy.cursor
        # Every cursor, of the expression language and of the append path alike, comes from here.
        setattr(_ConnectionFairy, "cursor", lambda *of, **more: _Cursor(given(*of, **more), writes, when))  # noqa: B010


class _Cursor:
    """A driver's cursor that dies before or after a statement of this kind."""

    def __init__(self, cursor: Any, writes: re.Pattern[str], when: str) -> None:
        self._cursor, self._writes, self._when = cursor, writes, when

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)

    def execute(self, statement: str, *values: Any) -> Any:
        return self._at(self._cursor.execute, statement, *values)

    def executemany(self, statement: str, *values: Any) -> Any:
        return self._at(self._cursor.executemany, statement, *values)

    def _at(self, call: Callable[..., Any], statement: str, *values: Any) -> Any:
        if not self._writes.search(statement):
            return call(statement, *values)
        return _around(call, self._when)(statement, *values)


def _around(call: Callable[..., Any], when: str) -> Callable[..., Any]:
    def dying(*arguments: Any) -> None:
        if when == "after":
            call(*arguments)
        _die()

    return dying


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
