"""Two who went together: what the second one gets, what is counted, and who cannot be the second."""

import pytest

from tests.services.test_eligibility import stands
from tests.services.test_keys import refused
from tests.world import HERE, World
from timebank.access import OPERATOR, Denied
from timebank.bank import Posted
from timebank.ledger import Code
from timebank.services import approvals, audits, care, needs, orders, pairs, papers


def note(world: World, entry: str, second: str = "zhao", actor: str = "clerk2") -> Posted:
    along = pairs.Along(community=HERE, entry=entry, second=world.people[second].id)
    return pairs.note(world.bank, world.actors[actor], along)


def undone(world: World, entry: str) -> None:
    undo = approvals.Reversal(id=world.bank.uuid(), community=HERE, entry=entry, reason="not-given")
    approvals.ask_reversal(world.bank, world.actors["clerk2"], undo)
    approvals.decide(world.bank, world.actors["lead"], HERE, undo.id, approve=True)


def seen(world: World) -> care.Care:
    return care.look(world.bank, world.actors["lead"], HERE)


def test_the_second_one_s_hours_count_as_served_and_are_credited_only_where_the_rules_say(world: World) -> None:
    posted = note(world, world.record(minutes=60).record.id)
    body = posted.record.intent.body
    assert (body["uncredited"], body["minutes"], body["served"]) == ("pair", 60, [world.people["wang"].account])
    assert (world.figures("zhao").available, world.figures("zhao").served) == (0, 60)
    world.policy('[orders]\npair = "credited"')
    note(world, world.record(minutes=60).record.id)
    assert (world.figures("zhao").available, world.figures("zhao").served) == (60, 120), (
        "what was only recorded is no part of the sum"
    )
    assert world.figures("li").available == 120
    audits.verify(world.bank, OPERATOR, HERE)


def test_whoever_was_served_pays_once_also_of_an_order(world: World) -> None:
    world.policy('[orders]\npair = "credited"')
    world.record("daughter", "chen", 120)
    world.give("daughter", "wang", 120)
    hold = world.order("wang", 60).record.id
    entry = world.settle_hold(hold, "li").record.id
    posted = note(world, entry)
    assert (world.figures("wang").available, world.figures("zhao").available) == (60, 60)
    assert posted.record.intent.moves[0].source == "issue"
    told = orders.told(world.bank, world.actors["clerk"], HERE, hold)
    assert told.volunteer == world.people["li"].id


def test_the_same_again_is_the_same_and_there_is_one_second(world: World) -> None:
    entry = world.record().record.id
    first = note(world, entry)
    assert note(world, entry).record.id == first.record.id
    assert refused(lambda: note(world, entry, "daughter")) is Code.ID_TAKEN
    assert world.figures("zhao").served == 60


def test_what_is_above_the_day_s_cap_flows_on_from_the_second_one_too(world: World) -> None:
    world.policy('[orders]\npair = "credited"\n[caps]\nday_minutes = 30')
    posted = note(world, world.record(minutes=60).record.id)
    assert [one.intent.kind for one in posted.followed] == ["overflow"]
    assert world.figures("zhao").available == 30


def test_undoing_the_visit_undoes_both_and_the_second_one_alone_can_be_undone(world: World) -> None:
    world.policy('[orders]\npair = "credited"\n[caps]\nday_minutes = 30')
    entry = world.record(minutes=60, start=540, end=600).record.id
    note(world, entry)
    undone(world, entry)
    for name in ("li", "zhao"):
        assert (world.figures(name).available, world.figures(name).served) == (0, 0)
    world.record("zhao", "chen", 60, start=540, end=600)  # she was nowhere
    other = world.record(minutes=30).record.id
    second = note(world, other).record.id
    undone(world, second)
    assert world.figures("li").served == 30
    undone(world, other)
    assert world.figures("li").served == 0
    audits.verify(world.bank, OPERATOR, HERE)


def test_who_cannot_be_the_second(world: World) -> None:
    entry = world.record("daughter", "wang", start=540, end=600).record.id
    assert refused(lambda: note(world, entry, "daughter")) is Code.SAME_PERSON
    assert refused(lambda: note(world, entry, "wang")) is Code.PERSON_ROLE
    assert refused(lambda: note(world, entry, "stranger")) is Code.PERSON_UNKNOWN
    stands(world, "li", suspended_at=1)
    assert refused(lambda: note(world, entry, "li")) is Code.PERSON_SUSPENDED
    world.record("zhao", "chen", start=590, end=650)
    assert refused(lambda: note(world, entry, "zhao")) is Code.OVERLAP
    world.register("firm", "康乐护理公司", HERE, is_volunteer=True, kind="provider")
    assert refused(lambda: note(world, entry, "firm")) is Code.PERSON_ROLE
    for name in ("li", "lead", "admin", "far clerk"):
        with pytest.raises(Denied):
            note(world, entry, "zhao", name)


def test_where_the_second_is_credited_she_is_old_enough(world: World) -> None:
    world.register("pupil", "小明", HERE, is_volunteer=True, born="2010-05-05")
    entry = world.record().record.id
    assert note(world, entry, "pupil").record.intent.body["uncredited"] == "pair"
    world.policy('[orders]\npair = "credited"')
    assert refused(lambda: note(world, world.record().record.id, "pupil")) is Code.GUARDIAN_MISSING


def test_beside_what_a_second_is_noted(world: World) -> None:
    entry = world.record().record.id
    second = note(world, entry).record.id
    gift = world.give("li", "wang", 30).record.id
    for other in (second, gift, world.record(served=(), service="cleaning").record.id):
        assert refused(lambda other=other: note(world, other, "daughter")) is Code.NO_PAIR  # type: ignore[misc]
    gone = world.record().record.id
    undone(world, gone)
    assert refused(lambda: note(world, gone)) is Code.NO_PAIR
    assert refused(lambda: note(world, world.bank.uuid())) is Code.ENTRY_UNKNOWN


def test_a_long_visit_s_second_somebody_else_notes_than_recorded_it(world: World) -> None:
    entry = world.record(minutes=300).record.id
    world.policy("[second_person]\nvisit_minutes = 240")
    assert refused(lambda: note(world, entry, actor="clerk")) is Code.SECOND_PERSON
    assert note(world, entry, actor="clerk2").record.intent.body["minutes"] == 300


def test_it_is_counted_what_is_for_two_and_who_went_alone_is_named(world: World) -> None:
    world.register("firm", "康乐护理公司", HERE, is_volunteer=True, kind="provider")
    stands(world, "wang", is_elder=True)
    _taught(world, "li", "zhao")
    alone = world.record(service="bathing").record.id
    world.record(service="company")
    assert (seen(world).for_two, seen(world).by_two) == (1, 0)
    (found,) = seen(world).findings
    assert (found.kind, found.names, found.figure, found.entries) == (care.ALONE, ("李明",), 1, (alone,))
    note(world, alone)
    assert (seen(world).for_two, seen(world).by_two, seen(world).findings) == (1, 1, ())
    assert needs.of_month(world.bank, HERE).confirmed == 2, "a visit is confirmed once"


def _taught(world: World, *names: str) -> None:
    for name in names:
        new = papers.Training(
            id=world.bank.uuid(),
            community=HERE,
            person=world.people[name].id,
            course="bathing",
            day="2026-09-01",
        )
        papers.note_training(world.bank, world.actors["clerk"], new)
