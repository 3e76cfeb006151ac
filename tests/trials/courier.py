"""The jobs that carry hours between services, without their pauses: `python -m tests.trials.courier COMMUNITY`."""

import sys
import time

from timebank import directory, settings
from timebank.access import OPERATOR
from timebank.bank import Bank
from timebank.ledger import Declined
from timebank.services import reconciliation, transfers

_PAUSE_S = 0.05
_ROUNDS = 20  # between two looks at what the other offered


def main(community: str) -> None:
    """Carry what is on its way and look through what the other has, again and again, until it is killed."""
    bank, rounds = Bank(settings.load()), 0
    while True:
        rounds += 1
        try:
            with bank.view() as view:
                waiting = view.people.query(directory.Transfer).filter_by(state="offered").limit(50)
                found = [row.id for row in waiting]
            for transfer in found:
                transfers.deliver(bank, community, transfer)
            if rounds % _ROUNDS == 0:
                reconciliation.look_through_all(bank, OPERATOR, community)
        except Declined as error:
            # The database is busy, or what came back over the wire was damaged: it comes again.
            print(f"declined: {error}", file=sys.stderr)
        time.sleep(_PAUSE_S)


if __name__ == "__main__":
    main(sys.argv[1])
