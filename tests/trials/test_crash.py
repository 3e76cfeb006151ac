"""The kills of `./run crash`, twenty on each engine."""

from pathlib import Path

from tests.conftest import TestDatabase
from tests.trials import crash

KILLS = 20
SEED = 1


def test_a_service_killed_twenty_times_loses_and_doubles_nothing_that_it_acknowledged(
    database: TestDatabase, tmp_path: Path
) -> None:
    result = crash.Trial(database, tmp_path, SEED).run(KILLS)
    print(crash.report([result]))
    assert result.broken == []
    assert (result.kills, result.lost, result.doubled) == (KILLS, 0, 0)
    assert min(result.in_flight) > 0
    assert result.acknowledged > KILLS
    assert result.retried > 0
