"""「这笔不对」: who may ask about an entry, who answers, and what each side reads."""

from dataclasses import replace

import pytest

from tests.world import HERE, World
from timebank import directory
from timebank.access import Denied, Role
from timebank.ledger import Code, Refused
from timebank.services import approvals, audits, questions, statements

WORDS = "那天他没有来"


def ask(world: World, entry: str, name: str = "wang", **more: str) -> questions.Asked:
    values = {"id": world.bank.uuid(), "community": HERE, "entry": entry, "text": WORDS} | more
    return questions.ask(world.bank, world.actors[name], questions.Doubt(**values))


def decide(
    world: World, question: str, decision: str = questions.STANDS, name: str = "lead", **more: str
) -> questions.Asked:
    verdict = questions.Verdict(community=HERE, question=question, decision=decision, **{"reply": "有签名"} | more)
    return questions.decide(world.bank, world.actors[name], verdict)[0]


def refusal(call: object) -> Code:
    with pytest.raises(Refused) as error:
        call()  # type: ignore[operator]
    return error.value.code


def waiting(world: World) -> list[str]:
    return [question.id for question in questions.open_ones(world.bank, world.actors["clerk"], HERE)]


@pytest.mark.parametrize("name", ["li", "wang", "daughter"])
def test_volunteer_elder_and_who_acts_for_her_may_ask_and_the_station_sees_it(world: World, name: str) -> None:
    entry = world.record().record.id
    asked = ask(world, entry, name)
    assert asked.person_name == ("李明" if name == "li" else "王桂英")
    (shown,) = questions.open_ones(world.bank, world.actors["clerk"], HERE)
    assert (shown.id, shown.text, shown.own) == (asked.id, WORDS, False)
    assert shown.item is not None
    assert shown.item.id == entry


def test_nobody_asks_about_an_entry_of_others(world: World) -> None:
    entry = world.record().record.id
    assert refusal(lambda: ask(world, entry, "zhao")) is Code.ENTRY_UNKNOWN
    both = replace(world.actors["clerk"], person=world.people["zhao"].id)  # a clerk who is also a member
    world.actors["both"] = replace(both, grants=(*both.grants, (Role.MEMBER, HERE)))
    assert refusal(lambda: ask(world, entry, "both")) is Code.ENTRY_UNKNOWN
    for name in ("clerk", "lead", "stranger"):
        with pytest.raises(Denied):
            ask(world, entry, name)
    assert waiting(world) == []


def test_there_is_one_open_question_an_entry_and_after_the_answer_there_may_be_another(world: World) -> None:
    entry = world.record().record.id
    first = ask(world, entry)
    assert refusal(lambda: ask(world, entry, "li")) is Code.QUESTION_OPEN
    assert ask(world, entry, id=first.id).id == first.id  # the same, sent again
    assert refusal(lambda: ask(world, entry, id=first.id, text="别的")) is Code.ID_TAKEN
    decide(world, first.id)
    second = ask(world, entry, "li")
    assert waiting(world) == [second.id]


def test_of_two_who_ask_in_the_same_moment_one_is_told_that_there_is_a_question(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = world.record().record.id
    first = ask(world, entry)
    monkeypatch.setattr(questions, "check_open", lambda *_: None)  # neither saw the other's
    assert refusal(lambda: ask(world, entry, "li")) is Code.QUESTION_OPEN
    assert waiting(world) == [first.id]


def test_what_nothing_could_come_of_is_not_asked(world: World) -> None:
    world.record(minutes=60)
    world.give("li", "wang", 60)
    assert refusal(lambda: ask(world, world.order(minutes=10).record.id)) is Code.NOT_REVERSIBLE
    entry = world.record().record.id
    decide(world, ask(world, entry).id, questions.REVERSED)
    assert refusal(lambda: ask(world, entry)) is Code.ALREADY_REVERSED
    assert not questions.may_ask(world.bank, world.actors["wang"], HERE, entry)


def test_an_entry_that_stands_stays_and_the_member_reads_the_answer(world: World) -> None:
    entry = world.record(minutes=60).record.id
    question = ask(world, entry)
    assert decide(world, question.id, reply="签到表上有您的签名").decision == questions.STANDS
    assert world.figures("li").available == 60
    (read,) = questions.about(world.bank, world.actors["wang"], HERE, entry)
    assert (read.text, read.decision, read.reply) == (WORDS, questions.STANDS, "签到表上有您的签名")
    assert waiting(world) == []


def test_the_other_side_reads_that_there_is_a_question_and_not_whose_words(world: World) -> None:
    entry = world.record().record.id
    ask(world, entry, "daughter")
    (read,) = questions.about(world.bank, world.actors["li"], HERE, entry)
    assert (read.text, read.person_name, read.own) == (None, "", False)
    (read,) = questions.about(world.bank, world.actors["daughter"], HERE, entry)
    assert (read.text, read.own) == (WORDS, True)
    with pytest.raises(Refused):
        questions.about(world.bank, world.actors["zhao"], HERE, entry)


def test_a_wrong_entry_is_undone_by_a_linked_one_with_two_keys(world: World) -> None:
    visit = world.record(minutes=600)  # above the day's cap: a part went to the fund
    question = ask(world, visit.record.id)
    verdict = questions.Verdict(community=HERE, question=question.id, decision="reversed", reason="not-given")
    answered, posted = questions.decide(world.bank, world.actors["lead"], verdict)
    assert posted is not None
    assert (posted.record.id, posted.record.intent.ref) == (f"{visit.record.id}.reverse", visit.record.id)
    assert posted.record.intent.body["reason"] == "not-given"
    assert posted.record.note.count("— ".encode()) == 2
    assert (world.figures("li").available, world.figures("li").owed) == (0, 0)
    assert answered.item is not None
    assert answered.item.reversed_by == posted.record.id
    again = questions.decide(world.bank, world.actors["lead"], verdict)
    assert again[0] == answered
    assert again[1] is not None
    assert (again[1].record.id, again[1].repeated) == (posted.record.id, True)
    assert refusal(lambda: decide(world, question.id)) is Code.ALREADY_DECIDED
    audits.verify(world.bank, world.actors["auditor"], HERE)


def test_who_recorded_asked_or_takes_part_does_not_answer(world: World) -> None:
    question = ask(world, world.record().record.id).id
    lead = world.actors["lead"]
    for name, other in (
        ("recorded", replace(lead, login=world.actors["clerk"].login)),
        ("asked", replace(lead, login=world.actors["wang"].login)),
        ("served", replace(lead, person=world.people["li"].id)),
    ):
        world.actors[name] = other
        assert refusal(lambda name=name: decide(world, question, name=name)) is Code.SECOND_PERSON
    for name in ("clerk", "wang", "far lead"):
        with pytest.raises(Denied):
            decide(world, question, name=name)
    assert waiting(world) == [question]
    decide(world, question)


def test_a_correction_that_waits_is_decided_with_the_question_but_not_by_who_asked_for_it(world: World) -> None:
    entry = world.record().record.id
    wanted = approvals.Reversal(id=world.bank.uuid(), community=HERE, entry=entry, reason="twice")
    approvals.ask_reversal(world.bank, world.actors["lead"], wanted)
    question = ask(world, entry).id
    assert refusal(lambda: decide(world, question, questions.REVERSED)) is Code.SECOND_PERSON
    world.login("lead2", Role.LEAD, HERE)
    decide(world, question, questions.REVERSED, "lead2")
    made = approvals.decide(world.bank, world.actors["lead"], HERE, wanted.id, approve=True)
    assert made is not None
    assert made.record.id == f"{entry}.reverse"


def test_an_entry_that_was_corrected_meanwhile_closes_the_question_without_a_second_reversal(world: World) -> None:
    entry = world.record().record.id
    question = ask(world, entry).id
    wanted = approvals.Reversal(id=world.bank.uuid(), community=HERE, entry=entry, reason="twice")
    approvals.ask_reversal(world.bank, world.actors["clerk"], wanted)
    approvals.decide(world.bank, world.actors["lead"], HERE, wanted.id, approve=True)
    assert decide(world, question, questions.REVERSED).decision == questions.REVERSED
    audits.verify(world.bank, world.actors["auditor"], HERE)


@pytest.mark.parametrize("erased", ["li", "wang"])
def test_the_words_are_sealed_and_erased_with_any_person_of_the_entry(world: World, erased: str) -> None:
    entry = world.record().record.id
    question = ask(world, entry, "daughter")
    decide(world, question.id)
    with world.bank.view() as view:
        found = view.connection.exec_driver_sql("SELECT sealed_text FROM details").all()
        assert len(found) == 2
        assert all(WORDS.encode() not in bytes(sealed) for (sealed,) in found)
    with world.bank.office() as office:
        person = office.people.get(directory.Person, world.people[erased].id)
        assert person is not None
        directory.people.erase(office.people, person, office.now)
    (read,) = questions.about(world.bank, world.actors["clerk"], HERE, entry)
    assert (read.text, read.reply, read.decision) == (None, None, questions.STANDS)
    assert statements.entry(world.bank, world.actors["clerk"], HERE, entry).id == entry
