"""Who could be sent: left out and ranked by one fact at a time, with the reason; and what may be asked for."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.services.test_eligibility import paper, stands
from tests.threads import at_once
from tests.world import HERE, World
from timebank import directory
from timebank.access import Denied
from timebank.ledger import Code, Refused
from timebank.policy import PolicyError
from timebank.services import members, needs, orders, policies


@pytest.fixture
def rich(world: World) -> World:
    """Wang has hours, and there are three who could go: li, zhao and her daughter."""
    world.record(volunteer="daughter", elder="chen", minutes=480)
    world.give("daughter", "wang", 480)
    return world


def describe(world: World, person: str, **facts: object) -> members.Profile:
    profile = members.Profile(person=world.people[person].id, **facts)  # type: ignore[arg-type]
    return members.describe(world.bank, world.actors["clerk"], profile)


def found(world: World, hold: str) -> dict[str, tuple[str, ...]]:
    """Who could go, by the world's names, the best first, with the reasons."""
    names = {known.id: key for key, known in world.people.items()}
    listed = orders.candidates(world.bank, world.actors["clerk"], HERE, hold)
    return {names[one.person]: one.reasons for one in listed}


def order(world: World, elder: str = "wang", service: str = "company", **more: object) -> str:
    return world.order(elder, 30, "clerk", service=service, **more).record.id


def taught(world: World, person: str, course: str = "bathing", **more: object) -> None:
    known = {"person": world.people[person].id, "recorded_by": world.actors["clerk"].login, "course": course}
    paper(world, directory.Training, **{"day": "2026-09-01"} | known | more)


# Who is left out


def test_everybody_who_serves_here_could_go_and_nobody_is_said_to_fit(rich: World) -> None:
    assert found(rich, order(rich)) == {"li": (), "zhao": (), "daughter": ()}


def test_who_is_not_trained_for_the_service_is_left_out_and_who_is_is_not(rich: World) -> None:
    taught(rich, "zhao")
    taught(rich, "li", course="first-aid")
    taught(rich, "daughter", expires_on="2026-09-20")
    hold = order(rich, service="bathing")
    assert list(found(rich, hold)) == ["zhao"]
    orders.dispatch(rich.bank, rich.actors["clerk"], sent(rich, hold, "zhao"))


def test_where_the_rules_want_a_training_any_course_will_do(rich: World) -> None:
    rich.policy("[earning]\ntraining_required = true")
    taught(rich, "li", course="basic")
    assert list(found(rich, order(rich))) == ["li"]


def test_only_who_is_of_the_gender_that_was_asked_for_is_found(rich: World) -> None:
    describe(rich, "li", gender="m")
    describe(rich, "zhao", gender="f")
    assert list(found(rich, order(rich, gender="f"))) == ["zhao"]  # the daughter's is not noted
    assert list(found(rich, order(rich, gender="m"))) == ["li"]


def test_a_provider_is_found_whatever_the_gender_because_the_station_agrees_whom_it_sends(rich: World) -> None:
    rich.register("firm", "安康服务中心", HERE, is_volunteer=True, kind="provider")
    assert list(found(rich, order(rich, gender="f"))) == ["firm"]


def test_who_is_suspended_or_too_young_is_left_out(rich: World) -> None:
    rich.register("pupil", "小明", HERE, is_volunteer=True, born="2010-05-05")
    stands(rich, "li", suspended_at=1)
    hold = order(rich)
    assert set(found(rich, hold)) == {"zhao", "daughter"}
    known = {"ward": rich.people["pupil"].id, "guardian": rich.people["zhao"].id, "proof": "consent"}
    paper(rich, directory.Guardian, from_day="2026-01-01", recorded_by=rich.actors["clerk"].login, **known)
    assert set(found(rich, hold)) == {"zhao", "daughter", "pupil"}
    rich.policy('[earning]\nminors = "never"')
    assert set(found(rich, hold)) == {"zhao", "daughter"}


def test_who_died_before_that_day_or_is_not_known_to_be_old_enough_is_left_out(rich: World) -> None:
    stands(rich, "li", deceased_on="2026-09-20")
    rich.register("wu", "吴刚", HERE, is_volunteer=True)
    assert set(found(rich, order(rich))) == {"zhao", "daughter"}


def test_who_is_served_by_the_same_visit_does_not_give_it(rich: World) -> None:
    rich.policy("[redeeming]\nminimum_age = 0\nhardship_age = 0")
    hold = order(rich, also=(rich.people["zhao"].id,))
    assert set(found(rich, hold)) == {"li", "daughter"}
    with pytest.raises(Refused) as error:
        orders.dispatch(rich.bank, rich.actors["clerk"], sent(rich, hold, "zhao"))
    assert error.value.code is Code.SAME_PERSON


def test_who_is_busy_at_that_time_is_left_out_and_whoever_is_busy_later_comes_last(rich: World) -> None:
    first, second = order(rich, start=540), order(rich, start=550)
    orders.dispatch(rich.bank, rich.actors["clerk"], sent(rich, first, "zhao"))
    assert set(found(rich, second)) == {"li", "daughter"}
    assert list(found(rich, order(rich, start=900)))[-1] == "zhao"


# What is listed is what can be done


def _too_young(world: World) -> None:
    stands(world, "zhao", sealed_born=_sealed(world, "zhao", "2010-05-05"))


def _of_no_age(world: World) -> None:
    stands(world, "zhao", sealed_born=None)


def _suspended(world: World) -> None:
    stands(world, "zhao", suspended_at=1)


def _dead(world: World) -> None:
    stands(world, "zhao", deceased_on="2026-09-20")


def _untrained(world: World) -> None:
    world.policy("[earning]\ntraining_required = true")
    for name in ("li", "daughter"):
        taught(world, name, course="basic")


def _busy(world: World) -> None:
    taken = order(world, start=530, wanted_day="2026-09-25")
    orders.dispatch(world.bank, world.actors["clerk"], sent(world, taken, "zhao"))


def _no_volunteer(world: World) -> None:
    stands(world, "zhao", is_volunteer=False)


def _sealed(world: World, person: str, born: str) -> bytes:
    return world.bank.vault.seal("people.born", world.people[person].id, born)


@pytest.mark.parametrize(
    ("happens", "code"),
    [
        (_too_young, Code.GUARDIAN_MISSING),
        (_of_no_age, Code.AGE_UNKNOWN),
        (_suspended, Code.PERSON_SUSPENDED),
        (_dead, Code.PERSON_DECEASED),
        (_untrained, Code.TRAINING_MISSING),
        (_busy, Code.BUSY_THEN),
        (_no_volunteer, Code.PERSON_ROLE),
    ],
)
def test_who_is_not_listed_can_neither_take_the_order_nor_be_sent_and_reads_why(
    rich: World, happens: Callable[[World], None], code: Code
) -> None:
    happens(rich)
    hold = order(rich, start=540, wanted_day="2026-09-25")
    assert set(found(rich, hold)) == {"li", "daughter"}
    acts: tuple[Callable[[], object], ...] = (
        lambda: orders.accept(rich.bank, rich.actors["zhao"], HERE, hold),
        lambda: orders.dispatch(rich.bank, rich.actors["clerk"], sent(rich, hold, "zhao")),
    )
    for act in acts:
        with pytest.raises(Refused) as error:
            act()
        assert error.value.code is code
    orders.accept(rich.bank, rich.actors["li"], HERE, hold)


def test_of_two_orders_for_the_same_time_taken_at_once_a_volunteer_has_one(rich: World) -> None:
    holds = [order(rich, start=540, wanted_day="2026-09-25") for _ in range(2)]
    left = list(holds)
    answers = at_once(2, lambda: orders.accept(rich.bank, rich.actors["li"], HERE, left.pop()))
    (refused,) = [answer for answer in answers if answer is not None]
    assert isinstance(refused, Refused)
    assert refused.code is Code.BUSY_THEN
    assert len(orders.mine(rich.bank, rich.actors["li"])) == 1


def test_who_goes_already_is_not_listed_again_and_may_be_named_twice(rich: World) -> None:
    hold = order(rich, start=540)
    orders.dispatch(rich.bank, rich.actors["clerk"], sent(rich, hold, "zhao"))
    assert set(found(rich, hold)) == {"li", "daughter"}
    orders.dispatch(rich.bank, rich.actors["clerk2"], sent(rich, hold, "zhao"))


def test_the_list_goes_on_where_it_was_left(rich: World) -> None:
    hold = order(rich)
    clerk = rich.actors["clerk"]
    whole = orders.candidates(rich.bank, clerk, HERE, hold)
    parts = [orders.candidates(rich.bank, clerk, HERE, hold, 2, skip) for skip in (0, 2, 4)]
    assert [one for part in parts for one in part] == whole
    assert [len(part) for part in parts] == [2, 1, 0]


def test_somebody_is_looked_for_by_name_and_who_cannot_go_comes_with_the_reason(rich: World) -> None:
    rich.policy("[earning]\ntraining_required = true")
    taught(rich, "zhao", course="basic")
    describe(rich, "li", gender="m")
    hold = order(rich, service="walking", gender="f")

    def looked(text: str) -> list[tuple[str, Code | None]]:
        listed = orders.look_for(rich.bank, rich.actors["clerk"], HERE, hold, text)
        return [(one.name, one.refused.code if one.refused else None) for one in listed]

    assert looked("liming") == [("李明", Code.TRAINING_MISSING)]
    assert looked("赵") == [("赵敏", None)]  # she is noted as neither; the station may ask her all the same
    assert looked("王桂英") == []  # no volunteer
    assert looked("周强") == []  # of another community
    with pytest.raises(Denied):
        orders.look_for(rich.bank, rich.actors["li"], HERE, hold, "赵")


# Who comes first, and why


@pytest.mark.parametrize(
    ("facts", "asked", "reason"),
    [
        ({"offers": ("company", "meal")}, {}, "offers-it"),
        ({"speaks": ("miao", "zunyi")}, {"speaks": "zunyi"}, "speaks-it"),
        ({"grid": "03"}, {}, "same-grid"),
        ({"goes_to": ("05", "03")}, {}, "same-grid"),
        ({"times": ("mon-eve", "tue-pm")}, {"wanted_day": "2026-09-22", "start": 12 * 60}, "has-time"),
        ({"times": ("thu-eve",)}, {"wanted_day": "2026-09-24"}, "has-time"),
    ],
)
@pytest.mark.parametrize("who", ["li", "zhao", "daughter"])
def test_who_fits_comes_first_with_the_reason(
    rich: World, who: str, facts: dict[str, Any], asked: dict[str, Any], reason: str
) -> None:
    for other in ("li", "zhao", "daughter"):
        describe(
            rich,
            other,
            offers=("walking",),
            speaks=("english",),
            grid="04",
            times=("tue-am", "tue-eve"),
            goes_to=("04",),
        )
    describe(rich, who, **facts)
    describe(rich, "wang", grid="03")
    listed = found(rich, order(rich, **asked))
    assert (next(iter(listed)), listed.pop(who), set(listed.values())) == (who, (reason,), {()})


def test_who_was_there_before_comes_before_who_offers_it_and_that_before_the_language_and_the_grid(rich: World) -> None:
    rich.settle_hold(order(rich), "daughter", 30)
    rich.register("wu", "吴刚", HERE, is_volunteer=True, born="1980-01-01")
    describe(rich, "wang", grid="03")
    describe(rich, "li", grid="03")
    describe(rich, "zhao", speaks=("zunyi",))
    describe(rich, "wu", offers=("company",))
    rich.register("sun", "孙强", HERE, is_volunteer=True, born="1980-01-01")
    describe(rich, "sun", times=("mon-am",))
    assert list(found(rich, order(rich, speaks="zunyi")).items()) == [
        ("daughter", ("was-there-before",)),
        ("wu", ("offers-it",)),
        ("sun", ("has-time",)),
        ("zhao", ("speaks-it",)),
        ("li", ("same-grid",)),
    ]


# What is noted of people, and where it goes


def test_an_order_keeps_the_grid_that_the_elder_had_when_it_was_placed(rich: World) -> None:
    describe(rich, "wang", grid="03")
    hold = order(rich)
    describe(rich, "wang", grid="04")
    (shown,) = orders.board(rich.bank, rich.actors["li"], HERE)
    assert (shown.hold, shown.grid) == (hold, "03")


def test_the_board_of_one_s_own_grid_asks_for_a_noted_one(rich: World) -> None:
    describe(rich, "wang", grid="03")
    hold = order(rich)
    order(rich, "chen", payer="public")
    with pytest.raises(Refused) as error:
        orders.board(rich.bank, rich.actors["li"], HERE, near=True)
    assert error.value.code is Code.GRID_MISSING
    describe(rich, "li", grid="03")
    assert [one.hold for one in orders.board(rich.bank, rich.actors["li"], HERE, near=True)] == [hold]
    assert len(orders.board(rich.bank, rich.actors["li"], HERE)) == 2


def test_what_is_noted_is_noted_anew_as_a_whole(world: World) -> None:
    describe(world, "li", gender="m", speaks=("zunyi", "miao", "zunyi"), offers=("meal",), grid="03")
    li = world.people["li"].id
    seen = members.profile(world.bank, world.actors["li"], li)
    assert seen == members.Profile(person=li, gender="m", speaks=("miao", "zunyi"), offers=("meal",), grid="03")
    assert describe(world, "li", grid="04") == members.Profile(person=li, grid="04")


def test_of_who_does_not_serve_only_the_grid_is_noted(world: World) -> None:
    assert describe(world, "chen", grid="03").grid == "03"
    facts: list[dict[str, object]] = [{"gender": "f"}, {"speaks": ("zunyi",)}, {"offers": ("meal",)}]
    for given in facts:
        with pytest.raises(Refused) as error:
            describe(world, "chen", **given)
        assert error.value.code is Code.PERSON_ROLE
        with pytest.raises(Refused) as error:
            world.register("new", "吴桂芳", HERE, is_elder=True, **given)
        assert error.value.code is Code.PERSON_ROLE


def test_nobody_offers_what_is_not_in_the_list(world: World) -> None:
    with pytest.raises(Refused) as error:
        describe(world, "li", offers=("surgery",))
    assert error.value.code is Code.SERVICE_UNKNOWN


def test_it_is_registered_with_the_person(world: World) -> None:
    facts = {"gender": "f", "speaks": ("zunyi",), "offers": ("meal",), "grid": "03"}
    made = world.register("wu", "吴芳", HERE, is_volunteer=True, **facts)
    assert members.profile(world.bank, world.actors["lead"], made.id) == members.Profile(person=made.id, **facts)  # type: ignore[arg-type]


def test_only_a_clerk_of_the_place_notes_it_and_never_her_own(world: World) -> None:
    profile = members.Profile(person=world.people["li"].id, grid="03")
    for name in ("li", "lead", "far clerk", "admin"):
        with pytest.raises(Denied):
            members.describe(world.bank, world.actors[name], profile)
    own = replace(world.actors["clerk"], person=profile.person)
    with pytest.raises(Refused) as error:
        members.describe(world.bank, own, profile)
    assert error.value.code is Code.OWN_MATTER


def test_it_is_erased_with_the_person_also_from_her_orders(rich: World) -> None:
    describe(rich, "wang", grid="03")
    facts = {"times": ("mon-am",), "goes_to": ("05",)}
    describe(rich, "li", gender="m", speaks=("zunyi",), offers=("company",), grid="03", **facts)
    hold = order(rich, gender="m", speaks="zunyi")
    with rich.bank.office() as office:
        for name in ("wang", "li"):
            row = office.people.get_one(directory.Person, rich.people[name].id)
            directory.people.erase(office.people, row, office.now)
            assert directory.people.profile_of(row) == directory.people.Profile()
    with rich.bank.view() as view:
        need = directory.matching.need_of(view.connection, HERE, hold)
        assert need is not None
        assert (need.gender, need.speaks, need.grid) == (None, None, None)


# What a volunteer says of herself


def own(world: World, person: str, actor: str | None = None, **facts: object) -> members.Profile:
    said = members.OwnProfile(person=world.people[person].id, **facts)  # type: ignore[arg-type]
    return members.describe_own(world.bank, world.actors[actor or person], said)


def test_a_volunteer_says_what_she_can_and_when_and_the_station_s_part_stays(world: World) -> None:
    describe(world, "li", gender="m", speaks=("english",), offers=("meal",), grid="03")
    said = own(world, "li", speaks=("zunyi",), offers=("walking", "meal"), times=("sun-eve", "mon-am"), goes_to=("05",))
    assert said == members.Profile(
        person=world.people["li"].id,
        gender="m",
        speaks=("zunyi",),
        offers=("meal", "walking"),
        grid="03",
        times=("mon-am", "sun-eve"),
        goes_to=("05",),
    )
    assert members.profile(world.bank, world.actors["lead"], said.person) == said
    assert own(world, "li") == members.Profile(person=said.person, gender="m", grid="03")


def test_only_she_herself_says_it_and_only_of_a_volunteer(world: World) -> None:
    for name in ("zhao", "clerk", "lead", "admin", "far clerk"):
        with pytest.raises(Denied):
            own(world, "li", name)
    world.relate("daughter", "wang")
    with pytest.raises(Denied):  # a consent covers what is done with hours
        own(world, "wang", "daughter")
    with pytest.raises(Refused) as error:
        own(world, "wang")
    assert error.value.code is Code.PERSON_ROLE
    with pytest.raises(Refused) as error:
        own(world, "li", offers=("surgery",))
    assert error.value.code is Code.SERVICE_UNKNOWN


def test_she_puts_her_number_right_but_not_one_by_which_an_elder_is_called_back(world: World) -> None:
    li = world.people["li"].id
    own(world, "li", phone="13899990000")
    assert members.own_phone(world.bank, world.actors["li"], li) == "13899990000"
    assert [one.id for one in members.search(world.bank, world.actors["clerk"], HERE, "0000")] == [li]
    own(world, "li")
    assert members.own_phone(world.bank, world.actors["li"], li) == "13899990000"
    stands(world, "li", is_elder=True)
    with pytest.raises(Refused) as error:
        own(world, "li", phone="13899991111", offers=("meal",))
    assert error.value.code is Code.PHONE_OF_ELDER
    assert members.profile(world.bank, world.actors["li"], li).offers == (), "nothing of it was kept"
    own(world, "li", phone="13899990000")  # as it is
    stands(world, "li", is_elder=False)
    own(world, "li", phone="")
    assert members.own_phone(world.bank, world.actors["li"], li) == ""
    with pytest.raises(Denied):
        members.own_phone(world.bank, world.actors["clerk"], li)


# What may be asked for


def test_a_volunteer_who_is_not_the_woman_that_was_asked_for_cannot_take_the_order(rich: World) -> None:
    hold = order(rich, gender="f")
    for gender in (None, "m"):
        describe(rich, "li", gender=gender)
        with pytest.raises(Refused) as error:
            orders.accept(rich.bank, rich.actors["li"], HERE, hold)
        assert error.value.code is Code.GENDER_ASKED
    describe(rich, "zhao", gender="f")
    orders.accept(rich.bank, rich.actors["zhao"], HERE, hold)


def test_the_station_may_send_another_one_after_a_word_with_her(rich: World) -> None:
    hold = order(rich, gender="f")
    orders.dispatch(rich.bank, rich.actors["clerk"], sent(rich, hold, "li"))


def test_a_woman_or_a_man_can_be_asked_for_only_where_the_service_allows_it(rich: World) -> None:
    for use_case in (orders.request, orders.quote):
        with pytest.raises(Refused) as error:
            use_case(rich.bank, rich.actors["clerk"], rich.wish(service="meal", gender="f"))
        assert error.value.code is Code.GENDER_NOT_OFFERED
    assert order(rich, service="walking", gender="f")


def test_what_the_community_does_not_offer_cannot_be_ordered_and_is_recorded_all_the_same(rich: World) -> None:
    rich.policy('[catalogue]\noffers = ["meal", "walking"]')
    for use_case in (orders.request, orders.quote):
        with pytest.raises(Refused) as error:
            use_case(rich.bank, rich.actors["clerk"], rich.wish(service="company"))
        assert error.value.code is Code.SERVICE_NOT_OFFERED
    assert order(rich, service="walking")
    assert [one.code for one in needs.offered(rich.bank, HERE)] == ["meal", "walking"]
    assert rich.record(minutes=30, service="company").record.intent.moves


def test_an_offer_of_tomorrow_s_rules_holds_from_tomorrow_on(rich: World) -> None:
    rich.policy('[catalogue]\noffers = ["meal"]', "2026-09-22")
    assert order(rich, service="walking")
    assert orders.quote(rich.bank, rich.actors["clerk"], rich.wish(service="walking")).needed == 60
    rich.clock.advance(days=1)
    with pytest.raises(Refused) as error:
        order(rich, service="walking")
    assert error.value.code is Code.SERVICE_NOT_OFFERED


def test_a_policy_that_offers_what_the_list_does_not_have_is_none(world: World) -> None:
    layer = '[catalogue]\noffers = ["meals"]'
    with pytest.raises(PolicyError, match="meals"):
        policies.set_layer(world.bank, world.actors["admin"], HERE, layer)
    with pytest.raises(PolicyError, match="meals"):
        policies.check(world.bank, world.actors["admin"], HERE, layer)


def sent(world: World, hold: str, volunteer: str) -> orders.Sent:
    return orders.Sent(community=HERE, hold=hold, volunteer=world.people[volunteer].id)
