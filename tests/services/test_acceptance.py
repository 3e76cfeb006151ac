"""验收单: what of a provider's visits stands on the list, with which initials, and what each is checked by."""

import pytest

from tests.services.test_care import later
from tests.services.test_publication import reverse
from tests.world import HERE, World
from timebank.access import Denied
from timebank.ledger import Code, Refused
from timebank.services import acceptance, audits


@pytest.fixture
def served(world: World) -> World:
    """A provider whom an elder with hours ordered a visit from."""
    world.register("firm", "爱心家政公司", HERE, kind="provider", is_volunteer=True)
    world.record("daughter", "chen", 120)
    world.give("daughter", "wang", 120)
    return world


def of_month(world: World, month: str | None = None, name: str = "clerk") -> acceptance.Acceptance:
    return acceptance.of_month(world.bank, world.actors[name], HERE, world.people["firm"].id, month)


def visit(world: World, minutes: int = 60) -> str:
    order = world.order("wang", minutes)
    return world.settle(order, "firm", minutes).record.id


def test_a_confirmed_visit_is_listed_with_what_it_is_checked_by(served: World) -> None:
    entry = visit(served)
    served.record("li", "wang", 90)
    found = of_month(served, name="lead")
    (one,) = found.visits
    record = audits.record(served.bank, served.actors["auditor"], HERE, one.seq)
    assert (one.entry, one.entry) == (entry, record.id)
    assert record.hash.hex().startswith(one.hash)
    assert len(one.hash) == 16
    assert one.order == record.intent.body["order"]
    assert (one.day, one.service, one.minutes, one.confirmed) == (served.clock.day, "meal", 60, "card")
    assert one.served == ("王＊＊",)
    assert (found.name, found.number, found.minutes, found.own_hand) == ("爱心家政公司", 1, 60, 1)
    assert [(one.service, one.visits, one.minutes) for one in found.sums] == [("meal", 1, 60)]
    assert served.figures("firm").available == 0, "its hours ended when the order was settled"


def test_what_was_corrected_is_marked_and_not_accepted(served: World) -> None:
    first, second = visit(served, 30), visit(served, 60)
    reverse(served, first)
    found = of_month(served)
    assert [(one.entry, one.undone) for one in found.visits] == [(first, True), (second, False)]
    assert (found.number, found.minutes, [one.minutes for one in found.sums]) == (1, 60, [60])


def test_a_month_that_is_over_gets_no_new_lines(served: World) -> None:
    visit(served)
    before = of_month(served)
    later(served, 15)
    visit(served, 30)
    again = of_month(served, "2026-09")
    assert (again.visits, again.minutes) == (before.visits, 60)
    assert of_month(served).minutes == 30


def test_the_list_is_a_providers_and_for_the_station(served: World) -> None:
    with pytest.raises(Refused) as error:
        acceptance.of_month(served.bank, served.actors["clerk"], HERE, served.people["li"].id)
    assert error.value.code is Code.PROVIDER_UNKNOWN
    for name in ("wang", "li", "auditor", "admin", "far lead"):
        with pytest.raises(Denied):
            of_month(served, name=name)
