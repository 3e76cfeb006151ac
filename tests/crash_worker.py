"""Records visits one after another and says each receipt that it was given, until it is killed."""

import json
import sys
from typing import Any

from tests.world import HERE
from timebank import settings
from timebank.access import Actor, Role
from timebank.bank import Bank
from timebank.services import hours


def main(task: dict[str, Any]) -> None:
    bank = Bank(settings.load(), clock=lambda: int(task["now"]))
    clerk = Actor(login=task["login"], grants=((Role.CLERK, HERE),))
    while True:
        visit = hours.Visit(
            id=bank.uuid(),
            community=HERE,
            volunteer=task["volunteer"],
            served=(task["elder"],),
            day=task["day"],
            minutes=1,
            service="company",
            confirmed="card",
        )
        posted = hours.record(bank, clerk, visit)
        print(posted.record.seq, posted.record.hash.hex(), flush=True)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
