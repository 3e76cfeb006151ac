"""公示与报送: what of a month is listed, with which names, and how far each record has come."""

import pytest

from tests.services.test_care import later
from tests.world import ELSEWHERE, HERE, World
from timebank.access import Denied
from timebank.ledger import Code, Refused
from timebank.services import approvals, filings, honours, orders, papers, publication, standing


def of_month(world: World, month: str | None = None, name: str = "clerk") -> publication.Publication:
    return publication.of_month(world.bank, world.actors[name], HERE, month)


def file(world: World, *entries: str, state: str = "filed", name: str = "clerk", community: str = HERE) -> int:
    filing = publication.Filing(community=community, entries=entries, state=state)
    return publication.file(world.bank, world.actors[name], filing)


def reverse(world: World, entry: str) -> None:
    wanted = approvals.Reversal(id=world.bank.uuid(), community=HERE, entry=entry, reason="twice")
    approvals.ask_reversal(world.bank, world.actors["clerk2"], wanted)
    approvals.decide(world.bank, world.actors["lead"], HERE, wanted.id, approve=True)


def states(world: World) -> list[str]:
    return [row.state for row in of_month(world).rows]


def test_the_services_of_a_month_are_listed_by_day_with_initials_for_the_wall(world: World) -> None:
    world.record("zhao", minutes=30)
    world.clock.advance(days=1)
    world.record("li", minutes=90)
    world.record("daughter", "chen", minutes=20, day="2026-09-21")
    found = of_month(world)
    assert [(row.initials, row.day, row.minutes) for row in found.rows] == [
        ("赵＊", "2026-09-21", 30),
        ("王＊", "2026-09-21", 20),
        ("李＊", "2026-09-22", 90),
    ]
    assert [row.volunteer for row in found.rows] == ["赵敏", "王芳", "李明"]
    assert (found.minutes, found.month, set(states(world))) == (140, "2026-09", {"waiting"})
    later(world, 15)
    assert of_month(world).rows == ()
    assert of_month(world, "2026-09").rows == found.rows


def test_orders_gifts_and_what_was_undone_are_no_services_of_the_month(world: World) -> None:
    entry = world.record(minutes=90).record.id
    world.give("li", "wang", 30)
    world.order(minutes=10)
    assert len(of_month(world).rows) == 1
    reverse(world, entry)
    assert of_month(world).rows == ()


def test_a_clerk_notes_what_was_filed_and_what_came_back(world: World) -> None:
    first, second = world.record().record.id, world.record("zhao").record.id
    assert file(world, first, second) == 2
    assert states(world) == ["filed", "filed"]
    assert file(world, first, second, state="returned", name="clerk2") == 2
    assert file(world, first, first, state="returned") == 0
    assert file(world, first, state="waiting") == 1
    assert sorted(states(world)) == ["returned", "waiting"]


def test_what_is_corrected_after_it_was_filed_stays_listed_so_that_it_is_taken_back(world: World) -> None:
    entry = world.record().record.id
    file(world, entry)
    reverse(world, entry)
    (row,) = of_month(world).rows
    assert (row.undone, row.state, of_month(world).minutes) == (True, "filed", 0)
    file(world, entry, state="waiting")
    assert of_month(world).rows == ()


def test_only_services_of_the_community_are_filed_and_all_or_none(world: World) -> None:
    entry = world.record().record.id
    order = world.order
    world.give("li", "wang", 30)
    for other in ("nothing", order(minutes=10).record.id):
        with pytest.raises(Refused) as error:
            file(world, entry, other)
        assert error.value.code is Code.ENTRY_UNKNOWN
    with pytest.raises(Refused):
        file(world, entry, name="far clerk", community=ELSEWHERE)
    assert states(world) == ["waiting"]


def test_who_reads_and_who_files(world: World) -> None:
    entry = world.record().record.id
    for name in ("lead", "li", "admin", "far clerk"):
        with pytest.raises(Denied):
            file(world, entry, name=name)
    for name in ("li", "wang", "auditor", "far lead"):
        with pytest.raises(Denied):
            of_month(world, name=name)
    assert len(of_month(world, name="lead").rows) == 1


def test_why_a_record_came_back_is_kept_while_it_is_back(world: World) -> None:
    entry = world.record().record.id
    assert file(world, entry) == 1
    world.clock.advance(days=3)
    back = publication.Filing(community=HERE, entries=(entry,), state="returned", why="person")
    assert [publication.file(world.bank, world.actors["clerk"], back) for _ in range(2)] == [1, 0]
    (row,) = of_month(world).rows
    assert (row.state, row.why, row.noted_on) == ("returned", "person", "2026-09-24")
    again = publication.Filing(community=HERE, entries=(entry,), state="filed", why="person")
    assert publication.file(world.bank, world.actors["clerk"], again) == 1
    (row,) = of_month(world).rows
    assert (row.state, row.why) == ("filed", None)


# --- the five parts --------------------------------------------------------------------------------------------------


def test_the_five_parts_are_of_those_who_served_in_the_month_and_of_nobody_else(world: World) -> None:
    world.policy("[honours]\nhours = [1]")
    world.record("zhao", "chen", 60)
    world.clock.advance(days=15)  # zhao served in the month before
    world.bank.confirm_clock()
    for name in ("li", "zhao"):
        wish = honours.Wish(community=HERE, person=world.people[name].id, named=True)
        honours.wish(world.bank, world.actors[name], wish)
        course = papers.Training(
            id=world.bank.uuid(), community=HERE, person=world.people[name].id, course="first-aid",
            day=world.clock.day,
        )  # fmt: skip
        papers.note_training(world.bank, world.actors["clerk"], course)
    entry = world.record("li", "wang", 60).record.id
    world.give("li", "wang", 60)
    done = rated(world)
    found = filings.of_month(world.bank, world.actors["clerk"], HERE)
    assert found.month == of_month(world)
    assert [(one.name, one.phone, one.born) for one in found.volunteers] == [
        ("李明", "13800000001", "1990-03-05"),
        ("王芳", "13800000004", "1975-01-20"),
    ]
    li = world.people["li"].id
    assert [(one.person, one.course, one.day) for one in found.trainings] == [(li, "first-aid", "2026-10-06")]
    assert found.honours == (filings.Honoured(person=li, hours=1),)
    assert [(one.entry, one.stars, one.words) for one in found.ratings] == [(done, 5, "很准时")]
    assert found.registered_on[li] == "2026-09-21"
    assert entry in {row.entry for row in found.month.rows}
    for name in ("lead", "auditor", "li", "far clerk"):
        with pytest.raises(Denied):
            filings.of_month(world.bank, world.actors[name], HERE)


def rated(world: World) -> str:
    """An order of wang's that the daughter gave and wang praised; the entry."""
    done = world.settle(world.order("wang", 30), "daughter", 30).record
    rating = orders.Rated(community=HERE, hold=str(done.intent.ref), stars=5, text="很准时")
    orders.rate(world.bank, world.actors["wang"], rating)
    return done.id


def test_who_was_erased_is_not_in_the_parts(world: World) -> None:
    gone = world.register("gone", "钱伟", HERE, is_volunteer=True, born="1980-01-01").id
    world.record("gone", "wang", 30, uncredited="duty")
    closing = standing.Closing(id=world.bank.uuid(), community=HERE, person=gone, reason="moved-away")
    standing.ask_closing(world.bank, world.actors["clerk"], closing)
    approvals.decide(world.bank, world.actors["lead"], HERE, closing.id, approve=True)
    assert [one.name for one in filings.of_month(world.bank, world.actors["clerk"], HERE).volunteers] == ["钱伟"]
    erased = standing.Erasure(community=HERE, person=gone)
    standing.erase(world.bank, world.actors["lead"], erased)
    found = filings.of_month(world.bank, world.actors["clerk"], HERE)
    assert (found.volunteers, [row.person for row in found.month.rows]) == ((), [""])
