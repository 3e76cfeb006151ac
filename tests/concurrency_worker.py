"""One process of the concurrency tests: its threads start together and print what each was answered."""

import json
import sys
import threading
from collections.abc import Callable
from typing import Any

from tests.world import HERE, entered
from timebank import settings
from timebank.access import Actor, Role
from timebank.bank import Bank
from timebank.ledger import Declined
from timebank.services import hours, orders


def _act(bank: Bank, task: dict[str, Any]) -> Callable[[], str]:
    clerk = Actor(login=task["login"], grants=((Role.CLERK, HERE),))

    def order() -> str:
        wish = orders.Wish(
            id=bank.uuid(), community=HERE, elder=task["elder"], service="meal", minutes=30, wanted_day=task["day"]
        )
        orders.request(bank, clerk, wish)
        return "ok"

    def visit(entry: str, minutes: int) -> str:
        wanted = hours.Visit(
            id=entry,
            community=HERE,
            volunteer=task["volunteer"],
            served=(task["elder"],),
            day=task["day"],
            minutes=minutes,
            service="company",
            confirmed="card",
        )
        return entered(hours.record(bank, clerk, wanted)).record.hash.hex()

    acts: dict[str, Callable[[], str]] = {
        "order": order,
        "visit": lambda: visit(task["argument"], 60),
        "visits": lambda: "ok" if visit(bank.uuid(), 1) else "",
    }
    return acts[task["what"]]


def main(task: dict[str, Any]) -> None:
    bank = Bank(settings.load(), clock=lambda: int(task["now"]))
    act = _act(bank, task)
    answers: list[str] = []
    start = threading.Barrier(task["threads"])

    def run() -> None:
        start.wait()
        try:
            answers.append(act())
        except Declined as error:
            answers.append(error.code.value)

    threads = [threading.Thread(target=run) for _ in range(task["threads"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    bank.close()
    print(json.dumps(answers))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
