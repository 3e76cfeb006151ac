"""Calls to those who were served: how they are drawn, who calls, and what an answer does."""

import hashlib
from datetime import datetime, timedelta, timezone

import pytest

from tests.services.test_care import enter, later
from tests.threads import at_once
from tests.world import HERE, World
from timebank.access import Denied, Role
from timebank.ledger import Code, Record, Refused, parse_record, reads
from timebank.services import approvals, callbacks, questions

MONTH = "2026-09"


def draw(world: World, month: str | None = None) -> callbacks.Draw:
    return callbacks.draw(world.bank, world.actors["admin"], HERE, month)


def answer(world: World, entry: str, said: str = "given", name: str = "clerk2") -> callbacks.Call:
    called = callbacks.Called(community=HERE, entry=entry, answer=said)
    return callbacks.answer(world.bank, world.actors[name], called)


def to_call(world: World, name: str = "clerk2") -> list[callbacks.Call]:
    return list(callbacks.open_ones(world.bank, world.actors[name], HERE))


def drawn_one(world: World) -> str:
    (entry,) = enter(world, 1)
    later(world, 15)
    assert draw(world).entries == (entry,)
    return entry


def test_the_draw_is_that_of_docs_callbacks_from_an_export_alone(world: World) -> None:
    """Recomputed as the document says, with nothing of the service but the bytes of the books."""
    world.policy("[confirmation]\ncallbacks_percent = 10")
    entries = enter(world, 45)
    wanted = approvals.Reversal(id=world.bank.uuid(), community=HERE, entry=entries[7], reason="twice")
    approvals.ask_reversal(world.bank, world.actors["clerk2"], wanted)
    approvals.decide(world.bank, world.actors["lead"], HERE, wanted.id, approve=True)
    later(world, 15)
    enter(world, 5)  # of the next month
    drawn = draw(world)

    ended = datetime(2026, 10, 1, tzinfo=timezone(timedelta(hours=8))).timestamp() * 1000
    month = [record for record in books(world) if record.ms < ended]
    root = tree_root([record.hash for record in month])
    standing = [entry for entry in entries if entry != entries[7]]
    ranked = sorted(standing, key=lambda entry: hashlib.sha256(root + entry.encode()).digest())
    assert (drawn.size, drawn.root, drawn.served, drawn.percent) == (len(month), root.hex(), 44, 10)
    assert list(drawn.entries) == ranked[:5]  # 4.4, rounded up
    assert {call.entry for call in to_call(world)} == set(ranked[:5])


def books(world: World) -> list[Record]:
    with world.bank.view() as view:
        head = view.head(world.bank.origin(HERE))
        return [parse_record(raw) for raw in reads.raw_records(view.connection, head)]


def tree_root(hashes: list[bytes]) -> bytes:
    """RFC 6962 §2.1, as it stands there."""
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + tree_root(hashes[:split]) + tree_root(hashes[split:])).digest()


def test_what_comes_after_the_month_does_not_change_the_draw(world: World) -> None:
    enter(world, 30)
    later(world, 15)
    first = draw(world)
    enter(world, 3, day="2026-09-30")  # late
    wanted = approvals.Reversal(id=world.bank.uuid(), community=HERE, entry=first.entries[0], reason="twice")
    approvals.ask_reversal(world.bank, world.actors["clerk2"], wanted)
    approvals.decide(world.bank, world.actors["lead"], HERE, wanted.id, approve=True)
    world.policy("[confirmation]\ncallbacks_percent = 50")
    assert draw(world, MONTH) == first
    assert len(to_call(world)) == len(first.entries) == 2  # 5 percent of thirty, rounded up


def test_another_entry_at_the_end_of_the_month_turns_the_draw(world: World) -> None:
    entries = [f"{number:032x}" for number in range(100)]
    draws = {tuple(callbacks.drawn_of(bytes([last] * 32), entries, 5)) for last in range(20)}
    assert len(draws) == 20
    assert all(len(drawn) == 5 for drawn in draws)


@pytest.mark.parametrize(("served", "percent", "drawn"), [(0, 5, 0), (1, 5, 1), (40, 5, 2), (41, 5, 3), (9, 0, 0)])
def test_at_least_one_is_called_where_any_are(served: int, percent: int, drawn: int) -> None:
    assert len(callbacks.drawn_of(bytes(32), map(str, range(served)), percent)) == drawn


def test_a_month_is_drawn_when_it_is_over_and_by_an_admin(world: World) -> None:
    enter(world, 1)
    for month in (MONTH, "2026-10"):
        with pytest.raises(Refused) as error:
            draw(world, month)
        assert error.value.code is Code.MONTH_NOT_OVER
    later(world, 9)  # the last day of September
    with pytest.raises(Refused):
        draw(world, MONTH)
    later(world, 1)
    for name in ("clerk", "lead", "auditor"):
        with pytest.raises(Denied):
            callbacks.draw(world.bank, world.actors[name], HERE)
    assert draw(world).month == MONTH


def test_somebody_else_than_the_recorder_calls_and_finds_the_number(world: World) -> None:
    entry = drawn_one(world)
    (call,) = to_call(world)
    assert (call.person_name, call.phone, call.own) == ("王桂英", "13800000003", False)
    assert [one.own for one in to_call(world, "clerk")] == [True]
    with pytest.raises(Refused) as error:
        answer(world, entry, name="clerk")
    assert error.value.code is Code.SECOND_PERSON
    for name in ("wang", "admin", "far clerk"):
        with pytest.raises(Denied):
            answer(world, entry, name=name)
    assert answer(world, entry).answer == "given"
    assert to_call(world) == []


def test_who_was_unreachable_is_called_again_and_an_answer_stays(world: World) -> None:
    entry = drawn_one(world)
    answer(world, entry, "unreachable")
    assert [call.answer for call in to_call(world)] == ["unreachable"]
    answer(world, entry, "given", "lead")
    answer(world, entry, "given")
    with pytest.raises(Refused) as error:
        answer(world, entry, "not-given")
    assert error.value.code is Code.ALREADY_DECIDED
    draw(world, MONTH)
    assert to_call(world) == []


def test_not_given_opens_a_question_which_who_called_does_not_answer(world: World) -> None:
    entry = drawn_one(world)
    answer(world, entry, "not-given", "lead")
    (question,) = questions.open_ones(world.bank, world.actors["clerk2"], HERE)
    assert (question.entry, question.called, question.person_name, question.text) == (entry, True, "王桂英", None)
    verdict = questions.Verdict(community=HERE, question=question.id, decision="reversed", reason="not-given")
    with pytest.raises(Refused) as error:
        questions.decide(world.bank, world.actors["lead"], verdict)
    assert error.value.code is Code.SECOND_PERSON
    world.login("lead2", Role.LEAD, HERE)
    questions.decide(world.bank, world.actors["lead2"], verdict)
    (read,) = questions.about(world.bank, world.actors["wang"], HERE, entry)
    assert read.decision == "reversed"


def test_not_given_beside_an_open_question_or_a_correction_opens_no_second_one(world: World) -> None:
    entry = drawn_one(world)
    doubt = questions.Doubt(id=world.bank.uuid(), community=HERE, entry=entry, text="没有来")
    questions.ask(world.bank, world.actors["wang"], doubt)
    answer(world, entry, "not-given")
    assert [question.id for question in questions.open_ones(world.bank, world.actors["clerk"], HERE)] == [doubt.id]


def test_what_was_not_drawn_is_not_answered(world: World) -> None:
    with pytest.raises(Refused) as error:
        answer(world, world.record().record.id)
    assert error.value.code is Code.ENTRY_UNKNOWN


def test_many_draws_at_once_draw_the_same(world: World) -> None:
    world.policy("[confirmation]\ncallbacks_percent = 50")
    enter(world, 12)
    later(world, 15)
    answers = at_once(8, lambda: draw(world))
    assert [one for one in answers if isinstance(one, Exception)] == []
    assert len(set(answers)) == 1
    assert {call.entry for call in to_call(world)} == set(draw(world).entries)
