"""Heads, revocations and digests between two services over HTTP."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.federation.offices import Founded, Office, answering, both, found_both, send, wanted
from timebank.access import OPERATOR
from timebank.ledger import KeyRole
from timebank.services import digests, keys, positions, reconciliation, transfers, witnessing


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Founded:
    return found_both(tmp_path_factory.mktemp("heads"))


@pytest.fixture
def offices(founded: Founded, tmp_path: Path) -> Iterator[tuple[Office, Office]]:
    with both(founded, tmp_path) as made:
        yield made


def night(office: Office) -> witnessing.Round:
    reconciliation.run_all(office.bank, OPERATOR, office.code)
    return witnessing.run(office.bank, OPERATOR, office.code)


def test_each_service_holds_the_others_line_under_its_head(offices: tuple[Office, Office]) -> None:
    first, second = offices
    send(first, wanted(first, second))
    transfers.run_due(first.bank, OPERATOR)
    for office, other in ((first, second), (second, first)):
        done = night(office)
        assert (done.given, done.failed) == (1, 0)
        (held,) = witnessing.witnessed(other.bank, OPERATOR, other.code)
        assert (held.cosigner, held.size) == (office.origin, office.peer(other).size)


def test_a_service_that_is_away_accuses_nobody_and_keeps_nobody_from_the_others(offices: tuple[Office, Office]) -> None:
    first, second = offices
    for body in (b"", b"x", b"[]"):
        for status in (200, 503):
            with answering(first, second, status, body):
                done = witnessing.run(first.bank, OPERATOR, first.code)
            assert (done.forked, done.agreed) == (0, 0)
    with answering(first, second, 503, b""):
        assert witnessing.run(first.bank, OPERATOR, first.code).failed == 1
    assert first.peer(second).frozen_at is None


@pytest.mark.parametrize("role", [KeyRole.STATION, KeyRole.SYSTEM, KeyRole.LOG, KeyRole.ADMIN])
def test_keys_are_replaced_and_hours_heads_and_nights_go_on(offices: tuple[Office, Office], role: KeyRole) -> None:
    first, second = offices
    for _ in range(2):
        for office, other in ((first, second), (second, first)):
            send(office, wanted(office, other, 30))
            assert transfers.run_due(office.bank, OPERATOR)["sent"] == 1
            keys.rotate(office.bank, OPERATOR, office.code, role)
        for office in offices:
            (run,) = reconciliation.run_all(office.bank, OPERATOR, office.code)
            assert run.result == "agree"
            assert witnessing.run(office.bank, OPERATOR, office.code).failed == 0


def test_a_service_keeps_the_digests_of_another(offices: tuple[Office, Office]) -> None:
    first, second = offices
    made = digests.make(first.bank, OPERATOR)
    with answering(first, second, 503, b""):
        assert digests.send(first.bank, OPERATOR, made) == (0, 1)
    for _ in range(2):
        assert digests.send(first.bank, OPERATOR, made) == (1, 0)
    (kept,) = digests.kept(second.bank)
    assert (kept.host, kept.line, kept.is_doubled) == (first.bank.settings.host, str(made), False)
    assert digests.kept(first.bank) == ()


def test_the_matrix_shows_a_community_of_another_service_by_its_place(offices: tuple[Office, Office]) -> None:
    first, second = offices
    send(first, wanted(first, second, 60))
    transfers.run_due(first.bank, OPERATOR)
    found = positions.of(first.bank, OPERATOR, first.code[:9])
    assert found.names[second.origin].startswith("红花岗区")
    assert found.between(first.code, second.origin) == -60
