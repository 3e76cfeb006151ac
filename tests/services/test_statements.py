"""A person's figures, history, statement and receipts, and who may see them."""

import pytest

from tests.world import HERE, World
from timebank.access import Denied
from timebank.ledger import Code, Receipt, Refused
from timebank.services import members, statements, station


def test_the_history_runs_backwards_with_a_balance_that_adds_up(world: World) -> None:
    for minutes in (30, 60, 90):
        world.record(minutes=minutes)
    world.give("li", "wang", 100)
    found = statements.history(world.bank, world.actors["li"], world.people["li"].id)
    assert [(item.kind, item.change, item.balance) for item in found.items] == [
        ("gift", -100, 80),
        ("service", 90, 180),
        ("service", 60, 90),
        ("service", 30, 30),
        ("open", 0, 0),
    ]


def test_pages_of_a_history_meet_without_a_gap_or_a_repeat(world: World) -> None:
    for _ in range(7):
        world.record(minutes=30)
    seen: list[int] = []
    before: int | None = None
    while True:
        page = statements.history(world.bank, world.actors["li"], world.people["li"].id, before, 3)
        seen += [item.seq for item in page.items]
        before = page.before
        if before is None:
            break
    assert len(seen) == 8
    assert seen == sorted(set(seen), reverse=True)


def test_the_elder_sees_who_came_although_no_hours_of_hers_moved(world: World) -> None:
    world.record()
    item = statements.history(world.bank, world.actors["wang"], world.people["wang"].id).items[0]
    assert (item.kind, item.change) == ("service", 0)
    assert item.names[world.people["li"].account] == "李明"


def test_a_statement_opens_and_closes_with_the_balances_of_its_days(world: World) -> None:
    world.record(minutes=60)
    world.clock.advance(days=1)
    second = world.clock.day
    world.record(minutes=90)
    world.clock.advance(days=1)
    world.record(minutes=30)
    found = statements.statement(world.bank, world.actors["li"], world.people["li"].id, second, second)
    assert (found.opening, found.closing, len(found.items)) == (60, 150, 1)


def test_a_statement_that_would_be_cut_is_refused_because_half_of_it_would_close_wrongly(world: World) -> None:
    for _ in range(3):
        world.record(minutes=30)
    li, day = world.people["li"].id, world.clock.day
    assert statements.statement(world.bank, world.actors["li"], li, day, day, at_most=4).closing == 90
    with pytest.raises(Refused) as error:
        statements.statement(world.bank, world.actors["li"], li, day, day, at_most=3)
    assert error.value.code is Code.STATEMENT_TOO_LONG


def test_figures_are_for_the_person_her_family_and_the_clerk_of_her_community(world: World) -> None:
    wang = world.people["wang"].id
    for name in ("wang", "daughter", "clerk", "lead"):
        assert statements.figures(world.bank, world.actors[name], wang).person == wang
    for name in ("li", "far clerk", "auditor", "admin"):
        with pytest.raises(Denied):
            statements.figures(world.bank, world.actors[name], wang)
    with pytest.raises(Denied) as error:
        statements.figures(world.bank, None, wang)
    assert error.value.anonymous


def test_somebody_unknown_and_somebody_forbidden_look_the_same_to_a_member(world: World) -> None:
    for person in (world.people["zhao"].id, "0" * 32):
        with pytest.raises(Denied):
            statements.figures(world.bank, world.actors["li"], person)


def test_a_receipt_is_for_those_whose_entry_it_is(world: World) -> None:
    entry = world.record(volunteer="li", elder="wang").record.id
    for name in ("li", "wang", "daughter", "clerk", "auditor"):
        data = statements.receipt(world.bank, world.actors[name], HERE, entry)
        receipt = Receipt.parse(data)
        assert all(proof.leads_to(receipt.checkpoint) for proof in (receipt.entry, *receipt.keys))
    with pytest.raises(Refused) as error:
        statements.receipt(world.bank, world.actors["zhao"], HERE, entry)
    assert error.value.code is Code.ENTRY_UNKNOWN


def test_no_record_of_a_member_holds_a_name_or_a_telephone(world: World) -> None:
    entry = world.record(note="她今天很高兴").record.id
    data = statements.receipt(world.bank, world.actors["li"], HERE, entry)
    record = Receipt.parse(data).entry.record
    for private in ("李明", "王桂英", "13800000001", "高兴"):
        assert private.encode() not in record


def test_the_day_of_a_station_shows_what_was_done_what_is_open_and_what_waits(world: World) -> None:
    world.record(minutes=60)
    world.record(volunteer="daughter", elder="chen", minutes=60)
    world.give("daughter", "wang", 60)
    world.order(minutes=30)
    day = station.day(world.bank, world.actors["clerk"], HERE)
    assert (day.credited, day.visits, len(day.orders)) == (120, 2, 1)
    assert day.orders[0].elder_name == "王桂英"
    world.clock.advance(days=1)
    assert station.day(world.bank, world.actors["clerk"], HERE).visits == 0
    assert station.day(world.bank, world.actors["clerk"], HERE, day.day).visits == 2


def test_registering_again_opens_one_account(world: World) -> None:
    new = members.Registration(id=world.bank.uuid(), community=HERE, name="吴刚", is_volunteer=True)
    first, _ = members.register(world.bank, world.actors["clerk"], new)
    again, _ = members.register(world.bank, world.actors["clerk"], new)
    assert first == again


def test_the_same_name_and_telephone_is_the_same_person(world: World) -> None:
    with pytest.raises(Refused) as error:
        world.register("again", "李明", HERE, phone="138 0000 0001")
    assert error.value.code is Code.PERSON_TAKEN
