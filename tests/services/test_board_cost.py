"""The board reads what it shows, along its index, however many orders a city has; so on both engines."""

from sqlalchemy import insert, text

from tests.world import ELSEWHERE, HERE, World
from timebank.directory import Order
from timebank.services import orders

MANY = 3000  # open orders here and elsewhere, and as many that have ended


def _fill(world: World) -> None:
    """Orders without holds: what a board reads of them is in this table."""
    elder = world.people["wang"].id
    made = [
        {
            "id": f"{number:032x}",
            "community": HERE if number % 3 else ELSEWHERE,
            "elder": elder,
            "asked_by": elder,
            "service": "meal",
            "minutes": 60,
            "wanted_day": f"2026-10-{number % 28 + 1:02}",
            "start": number % 1440,
            "hold": f"{number:032x}",
            "created_at": 0,
            "rank": 1 if number % 10 == 0 else 5,
            "state": "open" if number % 2 else "confirmed",
        }
        for number in range(MANY)
    ]
    with world.bank.engine.begin() as connection:
        connection.execute(insert(Order), made)
        connection.execute(text("ANALYZE"))


def test_a_page_of_the_board_reads_its_rows_along_the_index_and_sorts_nothing(world: World) -> None:
    _fill(world)
    with world.bank.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        columns = "rank, wanted_day, start, id"
        first = f"SELECT hold FROM orders WHERE community = '{HERE}' AND state = 'open'"
        after = f"{first} AND ({columns}) > (5, '2026-10-03', 60, '0')"
        for asked in (first, after):
            explain = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN (COSTS OFF)"
            rows = connection.execute(text(f"{explain} {asked} ORDER BY {columns} LIMIT 20"))
            plan = "\n".join(str(row[-1]) for row in rows)
            assert "ix_orders_board" in plan, plan
            assert "TEMP B-TREE" not in plan, plan
            assert "Sort" not in plan, plan


def test_reading_on_shows_every_open_order_once_in_the_order_of_the_board(world: World) -> None:
    _fill(world)
    shown: list[orders.OpenOrder] = []
    after = None
    while page := orders.board(world.bank, world.actors["li"], HERE, after, limit=200):
        shown += page
        after = page[-1].hold
    wanted = [number for number in range(MANY) if number % 2 and number % 3]
    assert sorted(int(order.hold, 16) for order in shown) == wanted
    places = [(int(order.hold, 16) % 10 != 0, order.wanted_day, order.start, order.hold) for order in shown]
    assert places == sorted(places)
