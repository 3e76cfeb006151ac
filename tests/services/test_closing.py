"""The close of a day: what is counted, what waits, and that a close is kept as it was."""

import pytest

from tests.services.test_rosters import enter, roster, team
from tests.threads import at_once
from tests.world import ELSEWHERE, HERE, TODAY, World
from timebank import directory
from timebank.access import OPERATOR, Denied
from timebank.ledger import Code, Refused, reads
from timebank.services import approvals, closing, orders, questions, seals, sheets


def wanted(world: World, slips: int = 0, **more: object) -> closing.Close:
    values: dict[str, object] = {"id": world.bank.uuid(), "community": HERE, "day": world.clock.day, "slips": slips}
    return closing.Close(**values | more)  # type: ignore[arg-type]


def close(world: World, slips: int = 0, *, actor: str = "clerk", **more: object) -> tuple[closing.Closed, bool]:
    return closing.close(world.bank, world.actors[actor], wanted(world, slips, **more))


def day(world: World, day: str | None = None) -> closing.Day:
    return closing.of_day(world.bank, world.actors["lead"], HERE, day)


def lines(world: World) -> dict[str, tuple[int, int]]:
    return {line.kind: (line.number, line.minutes) for line in day(world).counted.lines if line.kind != closing.OTHER}


def test_each_entry_of_the_day_is_counted_on_its_line(world: World) -> None:
    world.record("li", "wang", 90)
    world.record("zhao", "wang", 30, uncredited="duty")
    world.give("li", "wang", 60)
    order = world.order("wang", 60)
    before = day(world).counted.entries
    world.settle(order, "zhao", 30)
    reversal = approvals.Reversal(
        id=world.bank.uuid(), community=HERE, entry=world.record(minutes=30).record.id, reason="twice"
    )
    approvals.ask_reversal(world.bank, world.actors["clerk"], reversal)
    approvals.decide(world.bank, world.actors["lead"], HERE, reversal.id, approve=True)
    assert lines(world) == {
        closing.CREDITED: (3, 90 + 30 + 30),
        closing.USED: (1, 30),
        closing.UNCREDITED: (1, 30),
        closing.CORRECTED: (1, 30),
    }
    assert day(world).counted.entries == before + 3
    seals.seal(world.bank, OPERATOR, HERE)
    assert day(world).counted.entries == before + 3, "a seal is nobody's work"


def test_a_signed_list_is_one_paper_and_a_group_s_hours_are_counted_once(world: World) -> None:
    world.record(confirmed="paper")
    world.record("zhao", "chen", 30)
    enter(world, roster(world, "li", "zhao", "daughter", group=team(world, "li", "zhao", "daughter")))
    assert day(world).counted.papers == 2
    assert lines(world)[closing.UNCREDITED] == (3, 180)
    assert lines(world)[closing.CREDITED] == (2, 90)


def test_a_close_says_what_was_counted_and_under_which_head(world: World) -> None:
    world.record(minutes=90, confirmed="paper")
    closed, was_there = close(world, 2, box="2026-03", note="一张是昨天的")
    with world.bank.view() as view:
        head = reads.head(view.connection, world.bank.origin(HERE))
        (row,) = directory.closes.of_day(view.people, HERE, TODAY)
    assert not was_there
    assert (closed.size, closed.root) == (head.size, head.root.hex())
    assert (closed.credited, closed.used, closed.papers, closed.slips, closed.missing) == (90, 0, 1, 2, -1)
    assert (closed.box, closed.note, closed.closed_by) == ("2026-03", "一张是昨天的", "clerk")
    assert "昨天".encode() not in (row.sealed_note or b"")
    assert day(world).box == "2026-03", "for the next day"


def test_closed_twice_with_the_same_answers_is_closed_once(world: World) -> None:
    first, _ = close(world, 1)
    world.clock.advance(minutes=5)
    again, was_there = close(world, 1)
    assert (again, was_there) == (first, True)
    other, was_there = close(world, 2)
    assert (other.id != first.id, was_there) == (True, False)
    assert [one.id for one in day(world).closes] == [other.id, first.id]


def test_what_is_entered_after_closing_is_told_and_the_day_is_closed_again(world: World) -> None:
    world.record()
    first, _ = close(world)
    assert day(world).after == 0
    world.record("zhao")
    assert day(world).after == 1
    world.clock.advance(minutes=1)
    again, was_there = close(world)
    assert (was_there, again.entries) == (False, first.entries + 1)
    assert day(world).after == 0
    (stands,) = closing.of_month(world.bank, world.actors["lead"], HERE, TODAY[:7]).closes
    assert stands == again, "the last one stands"


def test_a_request_sent_twice_is_one_and_its_number_is_for_nothing_else(world: World) -> None:
    sent = wanted(world, 1)
    first, _ = closing.close(world.bank, world.actors["clerk"], sent)
    world.record()
    assert closing.close(world.bank, world.actors["clerk"], sent) == (first, True)
    with pytest.raises(Refused) as refused:
        close(world, 2, id=sent.id)
    assert refused.value.code is Code.ID_TAKEN


def test_two_clerks_who_close_at_once_close_once(world: World) -> None:
    world.record()
    done = at_once(4, lambda: close(world))
    assert sorted(answer[1] for answer in done if not isinstance(answer, Exception)) == [False, True, True, True]
    assert len(day(world).closes) == 1


def test_a_day_that_has_not_come_is_not_closed_and_a_past_one_is(world: World) -> None:
    with pytest.raises(Refused) as refused:
        close(world, day="2026-09-22")
    assert refused.value.code is Code.DAY_IN_FUTURE
    world.record()
    world.clock.advance(days=3)
    assert closing.not_closed(world.bank, world.actors["lead"], HERE) == (TODAY,)
    assert closing.of_month(world.bank, world.actors["lead"], HERE).open == (TODAY,)
    close(world, day=TODAY)
    assert closing.not_closed(world.bank, world.actors["lead"], HERE) == ()
    assert closing.of_month(world.bank, world.actors["lead"], HERE).open == ()


def test_a_day_on_which_only_the_night_wrote_need_not_be_closed(world: World) -> None:
    world.record()
    close(world)
    world.clock.advance(days=1)
    seals.seal(world.bank, OPERATOR, HERE)
    world.clock.advance(days=1)
    assert closing.not_closed(world.bank, world.actors["lead"], HERE) == ()


def test_only_a_clerk_of_the_community_closes(world: World) -> None:
    for name in ("lead", "far clerk", "li", "admin"):
        with pytest.raises(Denied):
            close(world, actor=name)
    with pytest.raises(Denied):
        closing.of_day(world.bank, world.actors["far lead"], HERE)
    closed, _ = close(world)
    with pytest.raises(Refused):
        closing.one(world.bank, world.actors["far clerk"], ELSEWHERE, closed.id)


def test_what_waits_is_named_and_an_empty_list_is_empty(world: World) -> None:
    bank, clerk = world.bank, world.actors["clerk"]
    assert day(world).waits.number == 0
    posted = world.record(minutes=480)
    world.give("li", "wang", 300)
    due, later, any_time = (
        world.order("wang", 15, start=start, end=end).record.id
        for start, end in ((1300, 1320), (1380, 1400), (None, None))
    )
    served = world.order("wang", 15).record.id
    orders.dispatch(bank, clerk, orders.Sent(community=HERE, hold=served, volunteer=world.people["zhao"].id))
    orders.check_in(bank, clerk, HERE, served)
    orders.check_out(bank, clerk, HERE, served)
    questions.ask(
        bank, world.actors["li"], questions.Doubt(id=bank.uuid(), community=HERE, entry=posted.record.id, text="?")
    )
    upload = sheets.Upload(id=bank.uuid(), community=HERE)
    sheets.look(bank, clerk, upload, "志愿者,服务对象,日期,时长\n李明,王桂英,2026-09-21,1小时".encode())
    waits = day(world).waits
    assert {one.hold for one in waits.late} == {due, any_time}, f"not {later}: it is 22:13"
    assert [one.hold for one in waits.unconfirmed] == [served]
    assert (waits.questions, waits.approvals, waits.calls, waits.sheets) == (1, 0, 0, (upload.id,))
    assert waits.number == 5
    world.clock.advance(days=1)
    waits = day(world).waits
    assert later in {one.hold for one in waits.late}
    assert waits.sheets == (), "left on an earlier day"
