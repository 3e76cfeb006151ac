"""The way of an order, act by act: who may, what follows, and that the hours go one way exactly once."""

import pytest

from tests.services.test_keys import refused
from tests.world import ELSEWHERE, HERE, SECRET, World
from timebank.access import OPERATOR, Actor, Denied
from timebank.ledger import Code
from timebank.services import approvals, audits, logins, orders, papers


@pytest.fixture
def rich(world: World) -> World:
    """Wang has 120 minutes, given by her daughter."""
    world.record(volunteer="daughter", elder="chen", minutes=120)
    world.give("daughter", "wang", 120)
    return world


def _state(world: World, hold: str) -> str:
    return orders.told(world.bank, world.actors["clerk"], HERE, hold).state


def _asked(world: World, **more: object) -> str:
    """A request of the daughter for her mother, looked at by the station."""
    hold = world.order(actor="daughter", **more).record.id  # type: ignore[arg-type]
    orders.review(world.bank, world.actors["clerk"], HERE, hold)
    return hold


def _served(world: World, minutes: int = 60, **more: object) -> str:
    """Li has taken the order, was there so long, and signed out."""
    hold = _asked(world, **more)
    orders.accept(world.bank, world.actors["li"], HERE, hold)
    orders.check_in(world.bank, world.actors["li"], HERE, hold)
    world.clock.advance(minutes=minutes)
    orders.check_out(world.bank, world.actors["li"], HERE, hold)
    return hold


def _confirm(world: World, name: str, hold: str, **more: object) -> str:
    confirmed = orders.Confirmed(community=HERE, hold=hold, **more)  # type: ignore[arg-type]
    posted = orders.confirm(world.bank, world.actors[name], confirmed)
    return str(posted.record.intent.body["confirmed"])


def test_from_the_request_to_the_volunteers_hours(rich: World) -> None:
    hold = rich.order(minutes=90, actor="daughter").record.id
    assert _state(rich, hold) == "requested"
    assert orders.board(rich.bank, rich.actors["li"], HERE) == []
    orders.review(rich.bank, rich.actors["clerk"], HERE, hold)
    assert [order.hold for order in orders.board(rich.bank, rich.actors["li"], HERE)] == [hold]
    orders.accept(rich.bank, rich.actors["li"], HERE, hold)
    orders.check_in(rich.bank, rich.actors["li"], HERE, hold)
    rich.clock.advance(minutes=65)
    assert orders.check_out(rich.bank, rich.actors["li"], HERE, hold) == 65
    assert _confirm(rich, "wang", hold) == "phone"
    assert _state(rich, hold) == "confirmed"
    assert (rich.figures("li").available, rich.figures("li").served) == (60, 65)
    assert (rich.figures("wang").available, rich.figures("wang").held) == (60, 0)
    assert audits.verify(rich.bank, rich.actors["auditor"], HERE).minutes_redeemed == 60


def test_a_clerks_order_is_on_the_board_at_once(rich: World) -> None:
    hold = rich.order().record.id
    assert _state(rich, hold) == "open"


def test_where_the_policy_wants_no_review_a_request_is_on_the_board_at_once(rich: World) -> None:
    rich.policy("[orders]\nreview = false")
    assert _state(rich, rich.order(actor="daughter").record.id) == "open"


def test_what_the_station_cannot_offer_gives_the_hours_back(rich: World) -> None:
    hold = rich.order(actor="daughter").record.id
    cancelled = orders.Cancelled(community=HERE, hold=hold, reason="no-volunteer")
    first = orders.decline(rich.bank, rich.actors["clerk"], cancelled)
    again = orders.decline(rich.bank, rich.actors["clerk"], cancelled)
    assert again.record.raw == first.record.raw
    assert (_state(rich, hold), rich.figures("wang").available) == ("released", 120)


def test_of_two_volunteers_the_first_has_the_order(rich: World) -> None:
    hold = _asked(rich)
    orders.accept(rich.bank, rich.actors["li"], HERE, hold)
    orders.accept(rich.bank, rich.actors["li"], HERE, hold)
    assert refused(lambda: orders.accept(rich.bank, rich.actors["zhao"], HERE, hold)) is Code.ORDER_STATE
    assert [order.hold for order in orders.mine(rich.bank, rich.actors["li"])] == [hold]
    assert orders.mine(rich.bank, rich.actors["zhao"]) == []


def test_the_board_tells_no_name_and_no_class(rich: World) -> None:
    _asked(rich, note="三楼左", place="大兴路 8 号")
    shown = repr(orders.board(rich.bank, rich.actors["li"], HERE))
    for private in ("王桂英", "三楼左", "大兴路", rich.people["wang"].id, "rank", "entitlement"):
        assert private not in shown


def test_place_and_note_are_told_to_the_volunteer_who_goes_and_to_no_other(rich: World) -> None:
    hold = _asked(rich, place="大兴路 8 号")
    with pytest.raises(Denied):
        orders.told(rich.bank, rich.actors["li"], HERE, hold)
    orders.accept(rich.bank, rich.actors["li"], HERE, hold)
    assert orders.told(rich.bank, rich.actors["li"], HERE, hold).place == "大兴路 8 号"


def test_the_board_goes_by_day_and_time_and_can_be_read_on(rich: World) -> None:
    late = rich.order(minutes=30, wanted_day="2026-09-25", start=600).record.id
    any_time = rich.order(minutes=30, wanted_day="2026-09-24").record.id
    early = rich.order(minutes=30, wanted_day="2026-09-24", start=540).record.id
    whole = [order.hold for order in orders.board(rich.bank, rich.actors["li"], HERE)]
    assert whole == [early, any_time, late]
    first, *_ = orders.board(rich.bank, rich.actors["li"], HERE, limit=1)
    assert [order.hold for order in orders.board(rich.bank, rich.actors["li"], HERE, after=first.hold)] == whole[1:]


def test_a_volunteer_who_falls_ill_gives_the_order_back_and_another_goes(rich: World) -> None:
    hold = _asked(rich)
    orders.accept(rich.bank, rich.actors["li"], HERE, hold)
    orders.give_back(rich.bank, rich.actors["li"], HERE, hold)
    orders.accept(rich.bank, rich.actors["zhao"], HERE, hold)
    assert orders.mine(rich.bank, rich.actors["li"]) == []


def test_the_station_sends_somebody_and_replaces_them(rich: World) -> None:
    hold = _asked(rich)
    for name in ("li", "zhao"):
        sent = orders.Sent(community=HERE, hold=hold, volunteer=rich.people[name].id)
        orders.dispatch(rich.bank, rich.actors["clerk"], sent)
    assert [order.hold for order in orders.mine(rich.bank, rich.actors["zhao"])] == [hold]


@pytest.mark.parametrize(("name", "code"), [("wang", Code.PERSON_ROLE), ("stranger", Code.PERSON_UNKNOWN)])
def test_the_station_sends_only_a_volunteer_of_its_own(rich: World, name: str, code: Code) -> None:
    sent = orders.Sent(community=HERE, hold=_asked(rich), volunteer=rich.people[name].id)
    assert refused(lambda: orders.dispatch(rich.bank, rich.actors["clerk"], sent)) is code


def test_a_volunteer_who_did_not_come_leaves_the_order_to_others(rich: World) -> None:
    hold = _asked(rich)
    orders.accept(rich.bank, rich.actors["li"], HERE, hold)
    orders.miss(rich.bank, rich.actors["clerk"], HERE, hold)
    assert (_state(rich, hold), rich.figures("wang").held) == ("open", 60)


def test_nobody_opened_and_then_somebody_did(rich: World) -> None:
    hold = _asked(rich)
    orders.accept(rich.bank, rich.actors["li"], HERE, hold)
    until = orders.knock(rich.bank, rich.actors["li"], HERE, hold)
    assert until == rich.clock.ms + 30 * 60_000
    orders.check_in(rich.bank, rich.actors["li"], HERE, hold)
    assert _state(rich, hold) == "underway"


def test_nobody_could_be_reached_and_the_hours_go_back(rich: World) -> None:
    hold = _asked(rich)
    orders.accept(rich.bank, rich.actors["li"], HERE, hold)
    orders.knock(rich.bank, rich.actors["li"], HERE, hold)
    rich.clock.advance(days=1)
    assert orders.run_clock(rich.bank, OPERATOR)["lapsed"] == 0, "a person must have called first"
    posted = orders.call_off(rich.bank, rich.actors["clerk"], HERE, hold)
    assert posted.record.intent.body["reason"] == "nobody-answered"
    assert rich.figures("wang").available == 120


def test_only_the_volunteer_of_the_order_and_the_station_sign_in(rich: World) -> None:
    hold = _asked(rich)
    orders.accept(rich.bank, rich.actors["li"], HERE, hold)
    for name in ("zhao", "wang", "far clerk", "auditor"):
        with pytest.raises(Denied):
            orders.check_in(rich.bank, rich.actors[name], HERE, hold)
    orders.check_in(rich.bank, rich.actors["clerk"], HERE, hold)
    assert _state(rich, hold) == "underway"


def test_signing_in_twice_keeps_the_first_time(rich: World) -> None:
    hold = _asked(rich)
    orders.accept(rich.bank, rich.actors["li"], HERE, hold)
    first = orders.check_in(rich.bank, rich.actors["li"], HERE, hold)
    rich.clock.advance(minutes=5)
    assert orders.check_in(rich.bank, rich.actors["li"], HERE, hold) == first


def test_a_service_longer_than_held_pays_what_was_held_and_all_of_it_counts_as_served(rich: World) -> None:
    hold = _served(rich, minutes=100)
    _confirm(rich, "wang", hold)
    assert (rich.figures("li").available, rich.figures("li").served) == (60, 100)
    assert rich.figures("wang").available == 60


# --- by whose hand ---------------------------------------------------------------------------------------------------


def test_a_relative_with_consent_confirms_as_proxy(rich: World) -> None:
    assert _confirm(rich, "daughter", _served(rich)) == "proxy"


def test_a_stranger_and_the_volunteer_confirm_nothing(rich: World) -> None:
    hold = _served(rich)
    with pytest.raises(Denied):
        _confirm(rich, "zhao", hold)
    assert refused(lambda: _confirm(rich, "li", hold)) is Code.OWN_SERVICE
    assert _state(rich, hold) == "served"


def test_a_relative_who_served_does_not_confirm_her_own_service(rich: World) -> None:
    hold = _asked(rich)
    sent = orders.Sent(community=HERE, hold=hold, volunteer=rich.people["daughter"].id)
    orders.dispatch(rich.bank, rich.actors["clerk"], sent)
    orders.check_in(rich.bank, rich.actors["daughter"], HERE, hold)
    orders.check_out(rich.bank, rich.actors["daughter"], HERE, hold)
    assert refused(lambda: _confirm(rich, "daughter", hold)) is Code.OWN_SERVICE


def test_one_torn_off_code_confirms_one_service_also_at_the_volunteers_telephone(rich: World) -> None:
    codes = orders.make_sheet(rich.bank, rich.actors["clerk"], HERE, rich.people["wang"].id)
    assert len(set(codes)) == 10
    assert _confirm(rich, "li", _served(rich), code=f"{codes[0][:4]} {codes[0][4:]}") == "code"
    again = _served(rich)
    assert refused(lambda: _confirm(rich, "li", again, code=codes[0])) is Code.CODE_WRONG
    assert _confirm(rich, "li", again, code=codes[1]) == "code"


def test_five_wrong_codes_make_everybody_wait_and_a_right_one_starts_afresh(rich: World) -> None:
    codes = orders.make_sheet(rich.bank, rich.actors["clerk"], HERE, rich.people["wang"].id)
    first = _served(rich)
    for _ in range(4):
        assert refused(lambda: _confirm(rich, "li", first, code="00000000")) is Code.CODE_WRONG
    assert _confirm(rich, "li", first, code=codes[0]) == "code"
    hold = _served(rich)
    for _ in range(5):
        assert refused(lambda: _confirm(rich, "li", hold, code="00000000")) is Code.CODE_WRONG
    assert refused(lambda: _confirm(rich, "li", hold, code=codes[1])) is Code.TOO_MANY_ATTEMPTS
    assert refused(lambda: _confirm(rich, "clerk", hold, code=codes[1])) is Code.TOO_MANY_ATTEMPTS
    rich.clock.advance(minutes=16)
    assert _confirm(rich, "li", hold, code=codes[1]) == "code"


def test_a_new_sheet_makes_the_old_one_void(rich: World) -> None:
    old = orders.make_sheet(rich.bank, rich.actors["clerk"], HERE, rich.people["wang"].id)
    orders.make_sheet(rich.bank, rich.actors["clerk"], HERE, rich.people["wang"].id)
    hold = _served(rich)
    assert refused(lambda: _confirm(rich, "li", hold, code=old[0])) is Code.CODE_WRONG
    assert (_state(rich, hold), rich.figures("wang").held) == ("served", 60)


def test_card_and_secret_confirm_on_a_device_of_the_station(rich: World) -> None:
    card = rich.people["wang"].card
    login = logins.NewLogin(id=rich.bank.uuid(), name=card, shown=card, secret=SECRET, person=rich.people["wang"].id)
    logins.create(rich.bank, OPERATOR, login)
    hold = _served(rich)
    assert refused(lambda: _confirm(rich, "clerk", hold, pin="wrong")) is Code.LOGIN_WRONG
    assert _confirm(rich, "clerk", hold, pin=SECRET) == "card"


def test_a_clerk_confirms_with_a_reason_and_not_without(rich: World) -> None:
    hold = _served(rich)
    assert refused(lambda: _confirm(rich, "clerk", hold)) is Code.REASON_MISSING
    assert _confirm(rich, "clerk", hold, reason="cannot-sign") == "clerk"


def test_confirming_twice_gives_the_same_receipt(rich: World) -> None:
    hold = _served(rich)
    confirmed = orders.Confirmed(community=HERE, hold=hold)
    first = orders.confirm(rich.bank, rich.actors["wang"], confirmed)
    again = orders.confirm(rich.bank, rich.actors["daughter"], confirmed)
    assert (first.record.raw, again.repeated) == (again.record.raw, True)
    assert rich.figures("li").available == 60


# --- doubt -----------------------------------------------------------------------------------------------------------


def test_what_is_doubted_a_lead_decides(rich: World) -> None:
    hold = _served(rich)
    orders.doubt(rich.bank, rich.actors["daughter"], orders.Doubt(community=HERE, hold=hold))
    assert refused(lambda: _confirm(rich, "wang", hold)) is Code.ORDER_STATE
    done = orders.Done(
        community=HERE, hold=hold, volunteer=rich.people["li"].id, day=rich.clock.day, minutes=30, confirmed="phone"
    )
    with pytest.raises(Denied):
        orders.enter(rich.bank, rich.actors["clerk"], done)
    orders.enter(rich.bank, rich.actors["lead"], done)
    assert (rich.figures("li").available, rich.figures("wang").available) == (30, 90)


def test_what_was_not_given_pays_nobody(rich: World) -> None:
    hold = _served(rich)
    orders.doubt(rich.bank, rich.actors["wang"], orders.Doubt(community=HERE, hold=hold))
    with pytest.raises(Denied):
        orders.reject(rich.bank, rich.actors["clerk"], HERE, hold)
    orders.reject(rich.bank, rich.actors["lead"], HERE, hold)
    assert (rich.figures("li").available, rich.figures("wang").available) == (0, 120)


# --- the clock -------------------------------------------------------------------------------------------------------


def test_an_order_that_nobody_took_lapses_an_hour_after_its_beginning(rich: World) -> None:
    hold = rich.order(start=0, wanted_day="2026-09-22").record.id  # in two hours
    rich.clock.advance(minutes=47 + 59 + 60)
    assert orders.due(rich.bank) == []
    rich.clock.advance(minutes=2)
    assert orders.run_clock(rich.bank, OPERATOR) == {"lapsed": 1, "confirmed": 0, "passed over": 0}
    assert orders.run_clock(rich.bank, OPERATOR) == {"lapsed": 0, "confirmed": 0, "passed over": 0}
    assert (_state(rich, hold), rich.figures("wang").available) == ("released", 120)


def test_an_order_that_came_back_to_the_board_lapses_as_the_others_do(rich: World) -> None:
    hold = _asked(rich)
    orders.accept(rich.bank, rich.actors["li"], HERE, hold)
    orders.give_back(rich.bank, rich.actors["li"], HERE, hold)
    rich.clock.advance(days=1)
    assert orders.run_clock(rich.bank, OPERATOR)["lapsed"] == 1
    assert _state(rich, hold) == "released"


def test_an_order_that_was_taken_does_not_lapse(rich: World) -> None:
    hold = _asked(rich)
    orders.accept(rich.bank, rich.actors["li"], HERE, hold)
    rich.clock.advance(days=3)
    assert orders.run_clock(rich.bank, OPERATOR)["lapsed"] == 0
    assert _state(rich, hold) == "accepted"


def test_silence_confirms_only_where_the_policy_says_so_and_only_with_a_telephone(rich: World) -> None:
    never = _served(rich)
    rich.policy("[confirmation]\nauto_after_days = 3")
    by_itself = _served(rich)
    rich.clock.advance(days=3)
    assert orders.run_clock(rich.bank, OPERATOR)["confirmed"] == 1
    assert (_state(rich, never), _state(rich, by_itself)) == ("served", "confirmed")


def test_for_somebody_without_a_telephone_silence_confirms_nothing(rich: World) -> None:
    rich.policy("[confirmation]\nauto_after_days = 3")
    rich.record(volunteer="zhao", elder="wang", minutes=60)
    hold = rich.order(elder="chen", minutes=60, payer="public").record.id
    orders.accept(rich.bank, rich.actors["li"], HERE, hold)
    orders.check_in(rich.bank, rich.actors["li"], HERE, hold)
    orders.check_out(rich.bank, rich.actors["li"], HERE, hold)
    rich.clock.advance(days=30)
    assert orders.run_clock(rich.bank, OPERATOR)["confirmed"] == 0


# --- who pays --------------------------------------------------------------------------------------------------------


def test_a_new_member_without_hours_tries_the_bank_and_no_longer_than_the_trial(world: World) -> None:
    wish = world.wish(minutes=200, payer="public")
    quoted = orders.quote(world.bank, world.actors["daughter"], wish)
    assert (quoted.payer, quoted.entitlement, quoted.available, quoted.remains) == ("issue", "trial", 300, 100)
    posted = orders.request(world.bank, world.actors["daughter"], wish)
    assert posted.record.intent.moves[0].source == "issue"
    assert posted.record.intent.body["entitlement"] == "trial"
    assert refused(lambda: world.order(minutes=101, payer="public")) is Code.QUOTA_SHORT
    world.clock.advance(days=366)
    world.bank.confirm_clock()
    assert refused(lambda: world.order(minutes=30, payer="public")) is Code.QUOTA_SHORT


def test_what_was_given_back_can_be_tried_again(world: World) -> None:
    hold = world.order(minutes=300, payer="public").record.id
    orders.cancel(world.bank, world.actors["clerk"], orders.Cancelled(community=HERE, hold=hold, reason="cancelled"))
    world.order(minutes=300, payer="public")


def test_what_the_public_paid_and_took_back_can_be_used_again(world: World) -> None:
    hold = world.order(minutes=300, payer="public").record.id
    world.settle_hold(hold, minutes=300)
    assert refused(lambda: world.order(minutes=30, payer="public")) is Code.QUOTA_SHORT
    wrong = approvals.Reversal(id=world.bank.uuid(), community=HERE, entry=f"{hold}.outcome", reason="mistake")
    approvals.ask_reversal(world.bank, world.actors["clerk2"], wrong)
    assert refused(lambda: world.order(minutes=30, payer="public")) is Code.QUOTA_SHORT
    approvals.decide(world.bank, world.actors["lead"], HERE, wrong.id, approve=True)
    assert world.order(minutes=300, payer="public").record.intent.body["entitlement"] == "trial"


def test_the_fund_pays_before_the_community(world: World) -> None:
    world.record(minutes=120)
    world.donate("li", 90)
    assert world.order(minutes=60, payer="public").record.intent.moves[0].source == "fund"
    assert world.order(minutes=60, payer="public").record.intent.moves[0].source == "issue"


def test_a_priority_person_has_her_classes_minutes_each_month(world: World) -> None:
    noted = papers.Class(
        id=world.bank.uuid(),
        community=HERE,
        person=world.people["chen"].id,
        name="key-elder",
        proof="disability-card",
        from_day="2026-09-01",
    )
    papers.prove_class(world.bank, world.actors["clerk"], noted)
    posted = world.order(elder="chen", minutes=400, payer="public")
    assert posted.record.intent.body["entitlement"] == "key-elder"
    assert refused(lambda: world.order(elder="chen", minutes=81, payer="public")) is Code.QUOTA_SHORT
    world.order(elder="chen", minutes=400, payer="public", wanted_day="2026-10-02")


def test_a_priority_persons_order_comes_first_on_the_board(rich: World) -> None:
    usual = rich.order(minutes=30, wanted_day="2026-09-22").record.id
    noted = papers.Class(
        id=rich.bank.uuid(),
        community=HERE,
        person=rich.people["chen"].id,
        name="disabled",
        proof="disability-card",
        from_day="2026-09-01",
    )
    papers.prove_class(rich.bank, rich.actors["clerk"], noted)
    first = rich.order(elder="chen", minutes=30, wanted_day="2026-09-25", payer="public").record.id
    assert [order.hold for order in orders.board(rich.bank, rich.actors["li"], HERE)] == [first, usual]


def test_who_is_too_young_uses_no_hours(rich: World) -> None:
    assert refused(lambda: rich.order(elder="daughter", minutes=30)) is Code.TOO_YOUNG_TO_REDEEM


def test_two_services_of_one_person_do_not_overlap(rich: World) -> None:
    first, second = _asked(rich, minutes=30), _asked(rich, minutes=30)
    for hold in (first, second):
        orders.accept(rich.bank, rich.actors["li"], HERE, hold)
        orders.check_in(rich.bank, rich.actors["li"], HERE, hold)
    rich.clock.advance(minutes=30)
    for hold in (first, second):
        orders.check_out(rich.bank, rich.actors["li"], HERE, hold)
    _confirm(rich, "wang", first)
    assert refused(lambda: _confirm(rich, "wang", second)) is Code.OVERLAP


def test_own_hours_serve_no_stranger(rich: World) -> None:
    rich.policy("[relations]\nfriends = false")
    rich.record(volunteer="daughter", elder="chen", minutes=60)
    wish = rich.wish(elder="chen", minutes=30, payer="self")
    actor = rich.actors["daughter"]
    clerk_with_account = Actor(
        login=actor.login, person=actor.person, account=actor.account, grants=rich.actors["clerk"].grants
    )
    assert refused(lambda: orders.request(rich.bank, clerk_with_account, wish)) is Code.NOT_IN_CIRCLE


# --- several ---------------------------------------------------------------------------------------------------------


def test_an_order_for_four_weeks_holds_all_of_them_and_each_goes_its_own_way(rich: World) -> None:
    posted = rich.order(minutes=30, weeks=4)
    holds = [posted.record.id, *(record.id for record in posted.followed)]
    assert rich.figures("wang").held == 120
    assert [order.wanted_day for order in orders.of_station(rich.bank, rich.actors["clerk"], HERE)] == [
        "2026-09-21",
        "2026-09-28",
        "2026-10-05",
        "2026-10-12",
    ]
    cancelled = orders.Cancelled(community=HERE, hold=holds[2], reason="cancelled")
    orders.cancel(rich.bank, rich.actors["clerk"], cancelled)
    assert rich.figures("wang").held == 90
    assert refused(lambda: rich.order(minutes=30, weeks=2)) is Code.OVERDRAFT


def test_one_visit_to_several_elders_names_them_all(rich: World) -> None:
    hold = rich.order(also=(rich.people["chen"].id,)).record.id
    posted = rich.settle_hold(hold)
    served = posted.record.intent.body["served"]
    assert served == [rich.people["wang"].account, rich.people["chen"].account]


def test_who_could_go_is_asked_for_by_who_was_there_before_and_who_is_free(rich: World) -> None:
    _confirm(rich, "wang", _served(rich, minutes=30))  # li was there
    hold = rich.order(minutes=30, start=600, wanted_day="2026-09-25").record.id
    found = orders.candidates(rich.bank, rich.actors["clerk"], HERE, hold)
    assert (found[0].name, found[0].reasons) == ("李明", ("was-there-before",))
    assert "王桂英" not in {one.name for one in found}
    at_the_same_time = rich.order(minutes=30, start=610, wanted_day="2026-09-25").record.id
    sent = orders.Sent(community=HERE, hold=at_the_same_time, volunteer=rich.people["li"].id)
    orders.dispatch(rich.bank, rich.actors["clerk"], sent)
    assert "李明" not in {one.name for one in orders.candidates(rich.bank, rich.actors["clerk"], HERE, hold)}


def test_both_sides_rate_and_nobody_else(rich: World) -> None:
    hold = _served(rich)
    rated = orders.Rated(community=HERE, hold=hold, stars=5, text="很好")
    assert refused(lambda: orders.rate(rich.bank, rich.actors["wang"], rated)) is Code.ORDER_STATE
    _confirm(rich, "wang", hold)
    assert orders.rate(rich.bank, rich.actors["wang"], rated) == "elder"
    assert orders.rate(rich.bank, rich.actors["li"], rated) == "volunteer"
    with pytest.raises(Denied):
        orders.rate(rich.bank, rich.actors["zhao"], rated)


@pytest.mark.parametrize("name", ["li", "wang", "stranger", "far clerk", "auditor", "admin", "lead"])
def test_only_the_stations_clerks_run_its_orders(rich: World, name: str) -> None:
    hold = rich.order(actor="daughter").record.id
    actor = rich.actors[name]
    sent = orders.Sent(community=HERE, hold=hold, volunteer=rich.people["li"].id)
    cancelled = orders.Cancelled(community=HERE, hold=hold, reason="cancelled")
    for act in (
        lambda: orders.review(rich.bank, actor, HERE, hold),
        lambda: orders.decline(rich.bank, actor, cancelled),
        lambda: orders.dispatch(rich.bank, actor, sent),
        lambda: orders.miss(rich.bank, actor, HERE, hold),
        lambda: orders.call_off(rich.bank, actor, HERE, hold),
        lambda: orders.make_sheet(rich.bank, actor, HERE, rich.people["wang"].id),
        lambda: orders.candidates(rich.bank, actor, HERE, hold),
    ):
        with pytest.raises(Denied):
            act()
    assert _state(rich, hold) == "requested"


def test_another_communitys_clerk_finds_no_such_order(rich: World) -> None:
    hold = rich.order().record.id
    cancelled = orders.Cancelled(community=ELSEWHERE, hold=hold, reason="cancelled")
    assert refused(lambda: orders.cancel(rich.bank, rich.actors["far clerk"], cancelled)) is Code.ORDER_UNKNOWN


def test_a_service_that_paid_an_order_can_be_corrected_and_the_payer_has_the_hours_again(rich: World) -> None:
    entry = rich.settle(rich.order(minutes=60), "li", 60).record.id
    before = rich.figures("wang").available
    wanted = approvals.Reversal(id=rich.bank.uuid(), community=HERE, entry=entry, reason="not-given")
    approvals.ask_reversal(rich.bank, rich.actors["clerk2"], wanted)
    approvals.decide(rich.bank, rich.actors["lead"], HERE, wanted.id, approve=True)
    assert rich.figures("wang").available == before + 60
    assert rich.figures("li").served == 0
