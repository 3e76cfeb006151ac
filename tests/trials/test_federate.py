"""The trial of `./run federate`, small: two services, a network that fails, four kills."""

from tests.trials import federate
from tests.trials.wire import AWAY, CUT, FAULTS

TRANSFERS, KILLS = 40, 4
SEED = 1


def test_of_hours_between_two_services_none_are_lost_or_doubled_by_the_network_or_a_kill() -> None:
    result = federate.tell(TRANSFERS, KILLS, SEED)
    print(federate.report(result))
    assert result.broken == []
    assert (result.transfers, result.acknowledged, result.kills) == (TRANSFERS, TRANSFERS, KILLS)
    assert result.kills > result.idle
    assert result.held_at_reconnection > 0
    assert sum(result.faults[what] for what in FAULTS) > TRANSFERS // 2, "without faults nothing was tried"
    assert result.faults[CUT] + result.faults[AWAY] > 0
    assert result.ends["sent"] == TRANSFERS
