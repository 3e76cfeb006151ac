"""The golden vectors are those that the program makes, and the program's own verification agrees with them."""

import base64
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.vectors import make
from timebank.ledger import KINDS, Checkpoint, Corrupted, Export, Receipt, Replay, parse_record

HERE = Path(__file__).parent
REFUSED: list[dict[str, Any]] = json.loads((HERE / "refused.json").read_text())


def _records(name: str) -> tuple[list[bytes], Checkpoint]:
    exported = Export(io.BytesIO((HERE / name).read_bytes()))
    raws = list(exported)
    assert exported.checkpoint is not None
    return raws, exported.checkpoint


def test_the_committed_vectors_and_the_table_in_format_md_are_what_the_program_makes() -> None:
    assert make.main(check=True) == 0


@pytest.mark.parametrize("name", ["ledger.export", "ended.export"])
def test_the_golden_ledgers_verify(name: str) -> None:
    raws, checkpoint = _records(name)
    replay = Replay(checkpoint.origin)
    for raw in raws:
        replay.enter(raw)
    assert replay.finish(checkpoint).size == len(raws)


def test_every_kind_of_the_table_occurs_in_the_golden_ledgers() -> None:
    raws, _ = _records("ended.export")
    assert {parse_record(raw).intent.kind for raw in raws} == set(KINDS)


@pytest.mark.parametrize("row", REFUSED, ids=[row["name"] for row in REFUSED])
def test_an_entry_that_breaks_one_rule_is_found_by_replay_though_the_operator_sealed_and_signed_it(
    row: dict[str, Any],
) -> None:
    raws, checkpoint = _records("ledger.export")
    replay = Replay(checkpoint.origin)
    for raw in raws:
        replay.enter(raw)
    with pytest.raises(Corrupted) as error:
        replay.enter(base64.b64decode(row["record"]))
    assert error.value.seq == row["seq"] == len(raws)


@pytest.mark.parametrize("name", ["service", "settle", "device"])
def test_the_golden_receipts_lead_to_their_checkpoint(name: str) -> None:
    receipt = Receipt.parse((HERE / f"{name}.tlog-proof").read_bytes())
    assert all(proof.leads_to(receipt.checkpoint) for proof in (receipt.entry, *receipt.keys))
