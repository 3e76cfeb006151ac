"""The kills of `./run crash`, twenty on each engine."""

from pathlib import Path

import pytest

from tests.conftest import TestDatabase
from tests.trials import crash
from tests.trials.service import Service
from timebank.settings import Settings

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


class _Forgetful(Service):
    """A service on a disk that loses what was not yet written back."""

    def __init__(self, settings: Settings, log: Path, lost: Path) -> None:
        super().__init__(settings, log)
        self._lost = lost

    def kill(self) -> None:
        super().kill()
        self._lost.unlink(missing_ok=True)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_trial_notices_when_what_was_acknowledged_is_gone(database: TestDatabase, tmp_path: Path) -> None:
    trial = crash.Trial(database, tmp_path, SEED)
    trial.service = _Forgetful(trial.world.bank.settings, tmp_path / "service.log", tmp_path / "timebank.db-wal")
    result = trial.run(KILLS)
    assert result.lost > 0
    assert any("is not in the ledger" in what for what in result.broken)
    assert any("were acknowledged" in what for what in result.broken)
