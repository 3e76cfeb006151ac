"""A receipt against other books than those it came from: an old copy, and a second version."""

import random
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from tests.web.visitor import Visitor, beside, said
from tests.world import HERE, World
from timebank.app import create_app
from timebank.bank import Bank
from timebank.services import approvals, hours, receipts
from timebank.services.receipts import Standing

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def copy(world: World, tmp_path: Path) -> Bank:
    """The same bank once more, with all its keys: as it was at the start of the test."""
    world.bank.engine.dispose()  # a closed SQLite is one file
    other = tmp_path / "copy"
    other.mkdir()
    for path in [path for path in tmp_path.iterdir() if path != other]:
        shutil.copy(path, other) if path.is_file() else shutil.copytree(path, other / path.name)
    here = world.bank.settings
    moved = {name: other / getattr(here, name).name for name in ("highwater_path", "master_key_path", "keyring_path")}
    url = here.database_url.replace(str(tmp_path), str(other))
    settings = replace(here, database_url=url, owner_url=url, **moved)
    return Bank(settings, clock=world.clock, random=random.Random(7).randbytes)


def test_an_old_copy_says_that_it_is_behind(world: World, copy: Bank) -> None:
    posted = world.record(minutes=60)
    checked = receipts.check(copy, posted.receipt.to_bytes())
    assert checked.standing is Standing.AHEAD
    page = Visitor(create_app(copy.settings, copy), world).post("/check", pasted=posted.receipt.to_bytes().decode())
    assert "our books are behind it" in said(page)
    copy.close()


def test_a_second_version_of_the_books_is_noticed(world: World, copy: Bank) -> None:
    posted = world.record(minutes=60)
    hours.record(copy, world.actors["clerk"], world.visit("zhao", "chen", 120))
    checked = receipts.check(copy, posted.receipt.to_bytes())
    assert checked.standing is Standing.FORKED
    page = Visitor(create_app(copy.settings, copy), world).post("/check", pasted=posted.receipt.to_bytes().decode())
    assert "its books are not ours" in said(page)
    assert "Genuine" not in said(page)
    copy.close()


def test_a_receipt_of_another_time_bank_is_told(app: Flask, world: World) -> None:
    text = world.record().receipt.to_bytes().decode()
    page = Visitor(app, world).post("/check", pasted=text.replace("zunyi.example", "guiyang.example"))
    assert "not kept here" in beside(page, "receipt")


def test_a_record_that_was_corrected_since_is_said_to_be(app: Flask, world: World) -> None:
    posted = world.record()
    text = posted.receipt.to_bytes()
    assert not receipts.check(world.bank, text).is_reversed
    reversal = approvals.Reversal(id=world.bank.uuid(), community=HERE, entry=posted.record.id, reason="twice")
    approvals.ask_reversal(world.bank, world.actors["clerk"], reversal)
    approvals.decide(world.bank, world.actors["lead"], HERE, reversal.id, approve=True)
    assert receipts.check(world.bank, text).is_reversed
    assert "Later corrected" in said(Visitor(app, world).post("/check", pasted=text.decode()))
