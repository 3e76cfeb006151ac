"""What is read of the database does not grow with the history. Counted, not timed: these hold on any machine."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.counting import Asked, asked_of
from tests.web.visitor import Visitor
from tests.world import HERE, World
from timebank.ledger import KeyRole
from timebank.services import home, honours, hours, orders, statements

SHORT, LONG = 30, 2000
TILE = 256


def _grow(world: World, entries: int) -> None:
    """So many visits of Li more, in one transaction."""
    li, wang = world.people["li"].account, world.people["wang"].account
    with world.bank.work(world.bank.origin(HERE)) as work:
        for _ in range(entries):
            body = {"day": world.clock.day, "minutes": 1, "credited": 1, "server": li, "served": [wang]}
            body |= {"service": "company", "catalogue": 1, "confirmed": "card"}
            work.post("service", ("issue", li, 1), by=(KeyRole.STATION,), body=body)


def _asked(world: World, ask: Callable[[], object]) -> Asked:
    ask()  # what is made only once is made now
    with asked_of(world.bank) as asked:
        ask()
    return asked


def _short_and_long(world: World, ask: Callable[[], object]) -> tuple[Asked, Asked]:
    """What is asked where the history has SHORT entries, and where it has LONG; the last three are of another day."""
    found = []
    for entries in (SHORT, LONG - SHORT):
        _grow(world, entries)
        world.clock.advance(days=1)
        for _ in range(3):
            world.record()
        found.append(_asked(world, ask))
    return found[0], found[1]


def test_a_balance_reads_as_much_of_a_long_history_as_of_a_short_one(world: World) -> None:
    short, long = _short_and_long(world, lambda: world.figures("li"))
    assert long == short
    assert long.rows == 3  # the person, the ledger's head, the account


def test_a_statement_reads_as_much_of_a_long_history_as_of_a_short_one(world: World) -> None:
    def ask() -> statements.Statement:
        day = world.clock.day
        return statements.statement(world.bank, world.actors["li"], world.people["li"].id, day, day)

    short, long = _short_and_long(world, ask)
    assert len(ask().items) == 3
    assert long == short
    assert long.statements <= 7


def test_a_home_page_reads_as_much_of_a_long_history_as_of_a_short_one(world: World) -> None:
    short, long = _short_and_long(world, lambda: home.home(world.bank, world.actors["li"], world.people["li"].id))
    assert long == short


def test_orders_that_are_over_are_not_read_for_a_home_page(world: World) -> None:
    def ask() -> home.Home:
        return home.home(world.bank, world.actors["wang"], world.people["wang"].id)

    world.record(minutes=390)
    world.give("li", "wang", 390)
    for _ in range(20):
        world.record("zhao", "wang", 1)  # a page is full from here on
    few = _asked(world, ask)
    for _ in range(5):
        world.settle(world.order())
    assert ask().orders == ()
    assert _asked(world, ask) == few


def test_a_volunteers_page_asks_at_most_ten_times(app: Flask, world: World) -> None:
    visitor = Visitor(app, world, "li")
    _grow(world, SHORT)
    visitor.get("/me")
    with asked_of(world.bank) as asked:
        assert visitor.get("/me").status_code == 200
    assert asked.statements <= 10  # two of them for what she could do next


def test_a_receipt_reads_at_most_two_tiles_a_level_of_the_tree(world: World) -> None:
    first = world.record()
    for entries, levels in ((10, 1), (LONG, 2)):
        _grow(world, entries)
        asked = _asked(world, lambda: statements.receipt(world.bank, world.actors["clerk"], HERE, first.record.id))
        assert asked.statements <= 10 + 2 * levels
        assert asked.rows <= 13 + 2 * levels * TILE


def test_to_record_a_visit_takes_no_more_statements_than_it_did(world: World) -> None:
    world.record()
    visit = world.visit()
    with asked_of(world.bank) as asked:
        hours.record(world.bank, world.actors["clerk"], visit)
    # One for each row that is written: SQLite's driver counts so, PostgreSQL's counts batches.
    assert asked.statements <= 21
    assert asked.rows <= 12


def test_to_record_a_visit_takes_as_many_statements_in_a_long_ledger(world: World) -> None:
    short, long = _short_and_long(world, world.record)
    assert long == short


@pytest.mark.parametrize("name", ["li", "wang", "daughter"])
def test_a_balance_page_asks_eight_things_at_most_however_long_the_history(app: Flask, world: World, name: str) -> None:
    """With everything on it: who is logged in, an order, the next visit and an offer nearby."""
    world.record("daughter", "chen", 120)
    world.give("daughter", "wang", 60)
    hold = world.order("wang", 30).record.id
    if name == "wang":
        orders.accept(world.bank, world.actors["li"], HERE, hold)
    visitor = Visitor(app, world, name)
    found = []
    for entries in (10, 990):
        _grow(world, entries)
        found.append(_asked(world, lambda: visitor.get("/me")).statements)
    assert found[0] == found[1] <= 8


def test_boards_of_a_city_ask_nothing_of_communities_where_nobody_wishes_to_be_named(world: World) -> None:
    assert _asked(world, lambda: honours.around(world.bank, HERE[:4])).statements <= 3


def test_an_entrys_page_asks_at_most_two_dozen_things_and_two_tiles_a_level_of_the_tree(
    app: Flask, world: World
) -> None:
    entry = world.record().record.id
    visitor = Visitor(app, world, "li")
    for entries, levels in ((10, 1), (LONG, 2)):
        _grow(world, entries)
        asked = _asked(world, lambda: visitor.get(f"/communities/{HERE}/entries/{entry}"))
        # The receipt's path, and that it leads to the head that is kept.
        assert asked.statements <= 19 + 3 * levels
        assert asked.rows <= 40 + 3 * levels * TILE


def test_a_clerk_asks_twenty_things_for_somebodys_page_however_long_her_history(app: Flask, world: World) -> None:
    visitor, address = Visitor(app, world, "clerk"), f"/people/{world.people['li'].id}"
    short, long = _short_and_long(world, lambda: visitor.get(address))
    assert long.statements == short.statements <= 20
