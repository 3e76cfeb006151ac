"""What the service makes, the verifier proves: seals, digests, their proofs and receipts."""

from pathlib import Path

import pytest

from tests.verifier.tools import run
from tests.world import ELSEWHERE, HERE, World
from timebank.access import OPERATOR
from timebank.ledger import export, reads
from timebank.services import digests, seals

SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def exported(world: World, file: Path) -> Path:
    with world.bank.view() as view:
        head = view.head(world.bank.origin(HERE))
        assert head.checkpoint is not None
        file.write_bytes(b"".join(export(reads.raw_records(view.connection, head), head.checkpoint)))
    return file


@SQLITE
def test_seals_and_a_digest_of_the_service(world: World, tmp_path: Path) -> None:
    posted = world.record(minutes=120)
    world.give("li", "wang", 90)
    world.settle(world.order(minutes=50), minutes=40)
    world.order(minutes=40)
    assert seals.seal(world.bank, OPERATOR, HERE)
    made = digests.make(world.bank, OPERATOR)
    world.clock.advance(days=1)
    world.record()
    assert seals.seal(world.bank, OPERATOR, HERE)
    proof, receipt, line, other = (tmp_path / name for name in ("proof", "receipt", "line", "other"))
    proof.write_bytes(digests.proof(world.bank, HERE, made.day).to_bytes())
    receipt.write_bytes(digests.receipt(world.bank, OPERATOR, HERE, posted.record, made.day))
    other.write_bytes(digests.proof(world.bank, ELSEWHERE, made.day).to_bytes())
    line.write_text(f"{made}\n")

    status, report = run("digest", f"@{line}", proof, receipt)
    assert (status, report["record"], report["digest"]) == (0, posted.record.seq, str(made))
    key = report["log_key"]
    assert run("digest", str(made), proof, "--log-key", key)[0] == 0
    assert run("digest", str(made).replace(made.day, "2026-01-01"), proof, receipt)[0] == 1
    assert run("digest", str(made), other, receipt)[0] == 1
    assert run("digest", str(made), other, "--log-key", key)[0] == 1

    ledger = exported(world, tmp_path / "ledger")
    status, report = run("ledger", ledger, "--digest", str(made), proof, "--log-key", key)
    assert (status, report["figures"]["records_by_kind"]["seal"]) == (0, 2)
    assert any("`state` of 2 seals" in said for said in report["proved"])
    assert run("ledger", ledger, "--digest", str(made), other)[0] == 1
