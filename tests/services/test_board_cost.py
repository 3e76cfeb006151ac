"""The board reads what it shows, along its index, however many orders a city has; so on both engines."""

from sqlalchemy import insert, text

from tests.counting import asked_of
from tests.world import ELSEWHERE, HERE, World
from timebank.directory import Order, Person, Training
from timebank.services import members, needs, orders

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
            "grid": f"{number % 5:02}",
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
        board = "ix_orders_board"
        whole = [(asked, board) for asked in (first, after)]
        grid = [(f"{asked} AND grid = '03'", "ix_orders_grid") for asked in (first, after)]
        for asked, index in whole + grid:
            explain = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN (COSTS OFF)"
            rows = connection.execute(text(f"{explain} {asked} ORDER BY {columns} LIMIT 20"))
            plan = "\n".join(str(row[-1]) for row in rows)
            assert index in plan, plan
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


def test_a_grid_of_the_board_is_shown_whole_and_alone_in_the_same_order(world: World) -> None:
    _fill(world)
    li = world.people["li"].id
    members.describe(world.bank, world.actors["clerk"], members.Profile(person=li, grid="03"))
    shown: list[orders.OpenOrder] = []
    after = None
    while page := orders.board(world.bank, world.actors["li"], HERE, after, limit=50, near=True):
        shown += page
        after = page[-1].hold
    wanted = [number for number in range(MANY) if number % 2 and number % 3 and number % 5 == 3]
    assert sorted(int(order.hold, 16) for order in shown) == wanted
    places = [(int(order.hold, 16) % 10 != 0, order.wanted_day, order.start, order.hold) for order in shown]
    assert places == sorted(places)


def test_who_could_be_sent_and_the_lists_take_as_many_statements_for_one_volunteer_as_for_two_hundred(
    world: World,
) -> None:
    _fill(world)
    world.policy("[earning]\ntraining_required = true")
    members.describe(world.bank, world.actors["clerk"], members.Profile(person=world.people["li"].id, grid="03"))
    hold = f"{1:032x}"

    def asked() -> list[int]:
        counts = []
        for use_case in (
            lambda: orders.candidates(world.bank, world.actors["clerk"], HERE, hold),
            lambda: needs.of_month(world.bank, HERE, "2026-10"),
            lambda: needs.offers(world.bank, HERE),
        ):
            use_case()  # what is kept in memory afterwards is read once
            with asked_of(world.bank) as counted:
                use_case()
            counts.append(counted.statements)
        return counts

    few = asked()
    vault = world.bank.vault
    made = [
        {
            "id": f"{number:032x}",
            "community": HERE,
            "account": f"member:{number:032x}",
            "card": f"{number:010}",
            "sealed_name": vault.seal("people.name", f"{number:032x}", "某人"),
            "sealed_born": vault.seal("people.born", f"{number:032x}", "1990-01-01"),
            "is_volunteer": True,
            "is_elder": False,
            "is_family": False,
            "language": "zh",
            "registered_at": 0,
            "offers": "meal",
            "grid": "03",
        }
        for number in range(200)
    ]
    course = {"course": "basic", "day": "2026-01-01", "recorded_by": world.actors["clerk"].login}
    with world.bank.engine.begin() as connection:
        connection.execute(insert(Person), made)
        connection.execute(insert(Training), [course | {"id": one["id"], "person": one["id"]} for one in made])
    assert len(orders.candidates(world.bank, world.actors["clerk"], HERE, hold)) == 10
    assert asked() == few


def test_a_month_of_needs_is_found_by_an_index_on_both_engines(world: World) -> None:
    _fill(world)
    with world.bank.engine.connect() as connection:
        explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN (COSTS OFF)"
        month = f"community = '{HERE}' AND wanted_day >= '2026-11-01' AND wanted_day <= '2026-11-31'"
        rows = connection.execute(text(f"{explain} SELECT service FROM orders WHERE {month}"))
        assert "ix_orders_month" in "\n".join(str(row[-1]) for row in rows)
