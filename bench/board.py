"""The board and who could be sent, in a city with a hundred thousand open orders, against indexed look-ups."""

from collections.abc import Iterator

from sqlalchemy import bindparam, insert, select

from bench.rounds import Measured, interleave
from bench.shop import sqlite_url
from timebank import directory, migrations
from timebank.database import open_engine, snapshot
from timebank.directory import Community, Order, Person
from timebank.ledger import Prepared

COMMUNITIES, ORDERS, PEOPLE = 200, 500, 100  # of each community: open orders, and half volunteers, half elders
LOOK_UPS, TIMES = 50, 20
_ONE = Prepared(select(Order.hold, Order.state).where(Order.id == bindparam("id")))


def measure(rounds: int) -> Iterator[Measured]:
    """Pages of twenty orders and lists of candidates, each against fifty look-ups by primary key in the same run.

    A ratio of 1: as fast as fifty look-ups; wanted is no slower.
    """
    url = sqlite_url()
    migrations.upgrade(url, url)
    engine = open_engine(url)
    with engine.begin() as connection:
        for number in range(COMMUNITIES):
            connection.execute(insert(Community), [_community(number)])
            connection.execute(insert(Person), [_person(number, one) for one in range(PEOPLE)])
            connection.execute(insert(Order), [_order(number, one) for one in range(ORDERS)])

    def look_up() -> int:
        with snapshot(engine) as connection:
            for number in range(TIMES * LOOK_UPS):
                _ONE.row(connection, id=_id(3, number % COMMUNITIES, number % ORDERS))
        return TIMES

    def page() -> int:
        with snapshot(engine) as connection:
            for number in range(TIMES):
                assert len(directory.orders.board(connection, _code(number), None, 20)) == 20
        return TIMES

    def grid() -> int:
        with snapshot(engine) as connection:
            for number in range(TIMES):
                assert len(directory.orders.board(connection, _code(number), None, 20, "03")) == 20
        return TIMES

    def send() -> int:
        with snapshot(engine) as connection:
            for number in range(TIMES):
                need = directory.matching.need_of(connection, _code(number), _id(3, number, 0))
                assert need is not None
                assert directory.matching.volunteers(connection, need, ["accepted", "underway", "unanswered"])
        return TIMES

    floor = f"{LOOK_UPS} indexed look-ups"
    all_orders = f"{COMMUNITIES * ORDERS:,} open orders"
    yield interleave(f"a page of the board, {all_orders}", page, floor, look_up, "times", rounds)
    yield interleave("a page of one grid of it, 71 open orders", grid, floor, look_up, "times", rounds)
    yield interleave(f"who could be sent, {PEOPLE // 2} volunteers", send, floor, look_up, "times", rounds)
    engine.dispose()


def _id(kind: int, community: int, one: int) -> str:
    return f"{kind:08x}{community:012x}{one:012x}"


def _code(number: int) -> str:
    return f"5203020{number:05d}"


def _community(number: int) -> dict[str, object]:
    code = _code(number)
    return {"code": code, "origin": f"x/c/{code}", "name": "社区", "town": "街道", "county": "区"}


def _person(number: int, one: int) -> dict[str, object]:
    return {
        "id": _id(1, number, one),
        "community": _code(number),
        "account": f"member:{_id(1, number, one)}",
        "card": f"{number:05}{one:05}",
        "sealed_name": b"x",
        "is_volunteer": one % 2 == 0,
        "is_elder": one % 2 == 1,
        "is_family": False,
        "language": "zh",
        "registered_at": 0,
        "gender": "f" if one % 4 else "m",
        "speaks": "putonghua zunyi",
        "offers": "company errand meal walking",
        "grid": f"{one % 7:02}",
    }


def _order(number: int, one: int) -> dict[str, object]:
    return {
        "id": _id(3, number, one),
        "community": _code(number),
        "elder": _id(1, number, one % PEOPLE | 1),
        "asked_by": _id(1, number, 1),
        "service": "meal",
        "minutes": 60,
        "wanted_day": f"2026-10-{one % 28 + 1:02}",
        "start": one * 7 % 1440,
        "hold": _id(3, number, one),
        "created_at": 0,
        "rank": 1 if one % 10 == 0 else 5,
        "state": "open",
        "speaks": "zunyi",
        "grid": f"{one % 7:02}",
    }
