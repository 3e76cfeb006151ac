"""One process of the scheduler's tests: it begins when it is told to, and prints what it ran, or works for ever."""

import json
import sys

from timebank import jobs, settings
from timebank.app import start_log
from timebank.bank import Bank
from timebank.jobs import GoOn, Job

CHAIN = ("seal", "audit", "digest")


def _hang(bank: Bank, slot: str, go_on: GoOn) -> str:
    print("working", flush=True)
    return sys.stdin.readline()


def main(what: str, now: int) -> None:
    bank = Bank(settings.load(), clock=lambda: now)
    start_log("error")
    chain = [job for job in jobs.of(bank) if job.plan.job in CHAIN]
    print("ready", flush=True)
    sys.stdin.readline()
    if what == "hang":
        chain = [Job(chain[0].plan, _hang)]
    ran = [(one.job, one.slot, one.state) for one in jobs.run_due(bank, chain)]
    print(json.dumps(ran), flush=True)
    bank.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
