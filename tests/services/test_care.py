"""What looks odd in the books, who closes it, and which elders nobody has served."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.counting import asked_of
from tests.services.test_ratings import given
from tests.world import HERE, World
from timebank import directory
from timebank.access import Denied, Role
from timebank.ledger import Code, KeyRole, Refused, reads
from timebank.services import approvals, care

MONTH = "2026-09"


def enter(world: World, count: int, login: str = "clerk", **more: Any) -> list[str]:
    """So many services in one transaction, each recorded by this login; `day` may be a list of as many."""
    values: dict[str, Any] = {
        "minutes": 60,
        "volunteer": "li",
        "elder": "wang",
        "confirmed": "card",
        "day": world.clock.day,
        "uncredited": "duty",
    } | more
    days = values["day"] if isinstance(values["day"], list) else [values["day"]] * count
    body = {
        "minutes": values["minutes"],
        "credited": 0,
        "uncredited": values["uncredited"],
        "server": world.people[values["volunteer"]].account,
        "served": [world.people[values["elder"]].account],
        "service": "company",
        "catalogue": 1,
        "confirmed": values["confirmed"],
    }
    if values["confirmed"] == "clerk":
        body["reason"] = "no-card"
    made = []
    with world.bank.work(world.bank.origin(HERE)) as work:
        for day in days:
            record = work.post("service", by=(KeyRole.STATION,), body=body | {"day": day})
            work.recorded_by(world.actors[login].login, record.id)
            made.append(record.id)
    return made


def later(world: World, days: int) -> None:
    """After a silence that long the operator has looked at the clock."""
    world.clock.advance(days=days)
    world.bank.confirm_clock()


def days_before(world: World, count: int) -> list[str]:
    """So many days that end today."""
    today = date.fromisoformat(world.clock.day)
    return [(today - timedelta(days=back)).isoformat() for back in range(count)][::-1]


def odd(world: World, month: str | None = None) -> list[tuple[str, int]]:
    """What is open."""
    found = care.look(world.bank, world.actors["lead"], HERE, month).findings
    return [(one.kind, one.figure) for one in found if one.outcome is None]


def closing(world: World, outcome: str = "in-order", **more: str) -> care.Closing:
    one = care.look(world.bank, world.actors["lead"], HERE).findings[0]
    values = {"kind": one.kind, "subject": one.subject, "period": one.period, "outcome": outcome} | more
    return care.Closing(community=HERE, **values)


def unserved(world: World) -> set[str]:
    return {one.name for one in care.look(world.bank, world.actors["lead"], HERE).unserved}


def test_many_short_visits_of_one_volunteer_on_one_day(world: World) -> None:
    enter(world, care.MANY_SHORT - 1, minutes=care.SHORT_MINUTES - 1)
    enter(world, 5, minutes=care.SHORT_MINUTES)
    enter(world, 3, minutes=5, volunteer="zhao")
    assert odd(world) == []
    enter(world, 1, minutes=5, elder="chen")
    assert odd(world) == [(care.MANY_VISITS, care.MANY_SHORT)]
    (found,) = care.look(world.bank, world.actors["lead"], HERE).findings
    assert (found.names, found.day, found.period) == (("李明",), world.clock.day, MONTH)
    assert len(found.entries) == care.MOST_NAMED


def test_short_visits_on_two_days_are_not_many_on_one(world: World) -> None:
    world.clock.advance(days=2)
    half = care.MANY_SHORT - 1
    for day in days_before(world, 2):
        enter(world, half, minutes=5, day=day)
    assert odd(world) == []


def test_the_same_pair_nearly_every_day(world: World) -> None:
    later(world, 38)  # the 29th of October
    days = days_before(world, care.PAIR_DAYS)
    enter(world, care.PAIR_DAYS - 1, day=days[:-1])
    enter(world, 1, day=days[0])  # twice on a day is one day
    enter(world, 1, day=days[-1], volunteer="zhao")
    assert odd(world) == []
    enter(world, 1, day=days[-1])
    assert odd(world) == [(care.SAME_PAIR, care.PAIR_DAYS)]
    (found,) = care.look(world.bank, world.actors["lead"], HERE).findings
    assert found.names == ("李明", "王桂英")
    assert odd(world, MONTH) == []


def test_a_clerk_far_above_the_others(world: World) -> None:
    enter(world, care.CLERK_LEAST + 1)
    assert odd(world) == [], "alone there are no others"
    enter(world, 11, login="clerk2")
    enter(world, 2)
    assert odd(world) == [], "thirty-three is not more than three times eleven"
    enter(world, 1)
    assert odd(world) == [(care.ONE_CLERK, care.CLERK_LEAST + 4)]
    assert care.look(world.bank, world.actors["lead"], HERE).findings[0].names == ("clerk",)


def test_a_clerk_who_confirms_on_her_own_word(world: World) -> None:
    enter(world, 5, confirmed="clerk")
    enter(world, 5)
    assert odd(world) == [], "half is not more than half"
    enter(world, 1, confirmed="clerk")
    assert odd(world) == [(care.WITHOUT_HAND, 54)]


def test_a_service_dated_after_somebody_in_it_had_left(world: World) -> None:
    account = world.people["chen"].account
    with world.bank.work(world.bank.origin(HERE)) as work:
        body = {"account": account, "reason": "moved"}
        work.post("close", by=(KeyRole.STATION,), id=f"{account}.close", body=body)
    left = world.clock.day
    world.clock.advance(days=2)
    enter(world, 1, elder="chen", day=left)
    assert odd(world) == [], "she was there on that day"
    (entry,) = enter(world, 1, elder="chen")
    assert odd(world) == [(care.AFTER_END, 1)]
    found = care.look(world.bank, world.actors["lead"], HERE).findings[0]
    assert (found.subject, found.names) == (entry, ("陈秀兰",))


def test_a_service_dated_after_somebody_was_erased(world: World) -> None:
    with world.bank.office() as office:
        person = office.people.get(directory.Person, world.people["chen"].id)
        assert person is not None
        directory.people.erase(office.people, person, office.now)
    world.clock.advance(days=1)
    enter(world, 1, elder="chen")
    assert odd(world) == [(care.AFTER_END, 1)]


def test_a_service_dated_after_somebody_died(world: World) -> None:
    enter(world, 1, elder="chen")
    with world.bank.office() as office:
        person = office.people.get(directory.Person, world.people["chen"].id)
        assert person is not None
        person.deceased_on = "2026-09-20"
    assert odd(world) == [(care.AFTER_END, 1)]


@pytest.mark.parametrize("name", ["daughter", "wang"])
def test_a_clerk_who_records_for_herself_or_her_kin(world: World, name: str) -> None:
    world.login("clerk3", Role.CLERK, HERE, person=world.people["daughter"].id)
    enter(world, 2, login="clerk3", elder="chen")
    assert odd(world) == []
    if name == "wang":  # her mother
        enter(world, 2, login="clerk3")
    else:
        enter(world, 2, login="clerk3", volunteer="daughter", elder="chen")
    assert odd(world) == [(care.KIN, 2)]
    found = care.look(world.bank, world.actors["lead"], HERE).findings[0]
    assert found.names == ("王芳", world.people[name].name)


def test_who_confirms_by_her_own_hand_is_no_clerk_who_records_for_herself(world: World) -> None:
    given(world)  # confirmed by her daughter
    assert odd(world) == []


def test_what_was_undone_is_not_odd_any_more(world: World) -> None:
    entries = enter(world, care.MANY_SHORT, minutes=5)
    wanted = approvals.Reversal(id=world.bank.uuid(), community=HERE, entry=entries[0], reason="twice")
    approvals.ask_reversal(world.bank, world.actors["clerk2"], wanted)
    assert len(odd(world)) == 1
    approvals.decide(world.bank, world.actors["lead"], HERE, wanted.id, approve=True)
    assert odd(world) == []


def test_closing_is_kept_changes_no_entry_and_opens_again_when_it_grows(world: World) -> None:
    enter(world, care.MANY_SHORT, minutes=5)
    size = reads_size(world)
    for _ in range(2):
        care.close(world.bank, world.actors["lead"], closing(world))
    assert odd(world) == []
    (found,) = care.look(world.bank, world.actors["lead"], HERE).findings
    assert (found.outcome, found.closed_at) == ("in-order", world.clock.ms)
    assert reads_size(world) == size
    with pytest.raises(Refused) as error:
        care.close(world.bank, world.actors["lead"], closing(world, "corrected"))
    assert error.value.code is Code.ALREADY_DECIDED
    enter(world, 1, minutes=5)
    assert odd(world) == [(care.MANY_VISITS, care.MANY_SHORT + 1)]
    care.close(world.bank, world.actors["lead"], closing(world, "spoken-to"))
    assert odd(world) == []


def test_what_was_not_found_cannot_be_closed(world: World) -> None:
    enter(world, care.MANY_SHORT, minutes=5)
    with pytest.raises(Refused) as error:
        care.close(world.bank, world.actors["lead"], closing(world, period="2026-08"))
    assert error.value.code is Code.ENTRY_UNKNOWN


def test_nobody_closes_what_she_is_part_of(world: World) -> None:
    world.login("clerk3", Role.CLERK, HERE, person=world.people["daughter"].id)
    enter(world, 1, login="clerk3")
    lead = world.actors["lead"]
    for part in (
        replace(lead, login=world.actors["clerk3"].login),
        replace(lead, account=world.people["wang"].account),
    ):
        with pytest.raises(Refused) as error:
            care.close(world.bank, part, closing(world))
        assert error.value.code is Code.SECOND_PERSON
    for name in ("clerk", "far lead", "admin", "wang"):
        with pytest.raises(Denied):
            care.close(world.bank, world.actors[name], closing(world))
        with pytest.raises(Denied):
            care.look(world.bank, world.actors[name], HERE)
    care.close(world.bank, lead, closing(world))


def test_elders_whom_nobody_has_served_for_thirty_days(world: World) -> None:
    assert unserved(world) == set(), "they were registered today"
    later(world, 31)
    assert unserved(world) == {"王桂英", "陈秀兰"}
    late = date.fromisoformat(world.clock.day) - timedelta(days=care.UNSERVED_DAYS + 1)
    enter(world, 1, day=late.isoformat())
    assert unserved(world) == {"王桂英", "陈秀兰"}, "entered now, served before"
    (entry,) = enter(world, 1, day=(late + timedelta(days=1)).isoformat())
    assert unserved(world) == {"陈秀兰"}
    wanted = approvals.Reversal(id=world.bank.uuid(), community=HERE, entry=entry, reason="not-given")
    approvals.ask_reversal(world.bank, world.actors["clerk2"], wanted)
    approvals.decide(world.bank, world.actors["lead"], HERE, wanted.id, approve=True)
    assert unserved(world) == {"王桂英", "陈秀兰"}


def test_what_is_read_does_not_grow_with_the_history(world: World) -> None:
    """Other months are not read: the cost is that of the month and of the elders."""

    def rows() -> int:
        care.look(world.bank, world.actors["lead"], HERE)
        with asked_of(world.bank) as asked:
            care.look(world.bank, world.actors["lead"], HERE)
        return asked.rows

    found = []
    for entries in (20, 400):
        enter(world, entries)
        later(world, 62)
        enter(world, 10, elder="chen")
        found.append(rows())
        later(world, 62)
    assert found[0] == found[1]


def reads_size(world: World) -> int:
    with world.bank.view() as view:
        return reads.head(view.connection, world.bank.origin(HERE)).size


def test_the_kinds_and_outcomes_have_their_words() -> None:
    assert_same(care.KINDS, "FINDINGS")
    assert_same(care.OUTCOMES, "OUTCOMES")


def assert_same(codes: Iterable[str], table: str) -> None:
    from timebank.web import labels  # noqa: PLC0415  # the pages' words, for this one test

    assert set(codes) == set(getattr(labels, table))
