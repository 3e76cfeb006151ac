"""Every form: what it does, what it says beside the field, that nothing typed is lost, that twice is once."""

from typing import Any

import pytest
from flask import Flask

from tests.web.visitor import AT, Visitor, beside, said, size
from tests.world import HERE, SECRET, World
from timebank.services import members, statements, station

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def clerk(app: Flask, world: World) -> Visitor:
    return Visitor(app, world, "clerk")


def visit(world: World, **more: Any) -> dict[str, Any]:
    return {
        "id": world.bank.uuid(),
        "volunteer": world.people["li"].id,
        "served": world.people["wang"].id,
        "day": world.clock.day,
        "service": "company",
        "minutes": "90",
        "confirmed": "card",
        "payer": "issue",
    } | more


# --- recording a visit -----------------------------------------------------------------------------------------------


def test_people_are_found_by_what_was_typed_and_shown_before_anything_is_recorded(clerk: Visitor, world: World) -> None:
    before = size(world)
    typed = visit(world, volunteer="", served="", volunteer_q="lm", served_q="wgy", minutes="")
    page = clerk.post(f"{AT}/record", typed)
    assert page.status_code == 200
    assert "Check the visit" in said(page)
    assert "李明 phone …0001" in said(page)
    assert "王桂英 phone …0003" in said(page)
    assert "1 hour" in said(page)  # what the service usually takes
    assert size(world) == before


def test_a_visit_is_recorded_and_its_page_gives_number_and_new_balance(clerk: Visitor, world: World) -> None:
    answer = clerk.post(f"{AT}/record", visit(world, step="post"))
    assert answer.status_code == 303
    page = clerk.get(answer.location)
    assert f"Number {size(world) - 1}" in said(page)
    assert "Available · 李明 1 hour 30 minutes" in said(page)
    assert world.figures("li").available == 90


def test_the_same_form_sent_twice_records_once(clerk: Visitor, world: World) -> None:
    form = visit(world, step="post")
    first = clerk.post(f"{AT}/record", form)
    after = size(world)
    second = clerk.post(f"{AT}/record", form)
    assert (second.status_code, second.location) == (303, first.location)
    assert size(world) == after


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"minutes": "0"}, "minutes", "Minutes must be 1 or more"),
        ({"minutes": "1.5"}, "minutes", "Minutes must be a whole number"),
        ({"minutes": "1441"}, "minutes", "at most 1440 minutes"),
        ({"day": "2026-09-22"}, "day", "has not come yet"),
        ({"day": "2026-09-20"}, "day", "No rules were in force"),
        ({"day": "yesterday"}, "day", "Please enter a date"),
        ({"service": ""}, "service", "Please fill this in"),
        ({"confirmed": ""}, "confirmed", "Please fill this in"),
        ({"confirmed": "clerk"}, "reason", "Say why"),
        ({"payer": "elder"}, "payer", "Not enough hours"),
        ({"volunteer": "", "volunteer_q": "nobody"}, "volunteer", "Nobody here fits"),
        ({"volunteer": "0" * 32}, "volunteer", "Please choose a person"),
        ({"served": "", "served_q": ""}, "served", "Please fill this in"),
        ({"note": "x" * 501}, "note", "At most 500"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept(
    clerk: Visitor, world: World, change: dict[str, str], field: str, message: str
) -> None:
    before = size(world)
    page = clerk.post(f"{AT}/record", visit(world, note="她今天很高兴", step="post") | change)
    assert page.status_code in (404, 422)
    assert message in beside(page, field)
    assert f'href="#{field}"' in page.text  # in the summary on top
    assert ("x" * 501 if field == "note" else "她今天很高兴") in page.text
    assert f'value="{change.get("minutes", "90")}"' in page.text
    assert size(world) == before


def test_several_who_fit_are_offered_and_the_one_chosen_is_taken(clerk: Visitor, world: World) -> None:
    world.register("other", "王秀", HERE, is_elder=True)
    typed = visit(world, served="", served_q="王")
    page = clerk.post(f"{AT}/record", typed)
    assert "Several people fit" in beside(page, "served")
    chosen = typed | {"served": world.people["wang"].id, "served_seen": "王"}
    assert "Check the visit" in said(clerk.post(f"{AT}/record", chosen))


def test_a_day_care_shift_names_several_elders(clerk: Visitor, world: World) -> None:
    assert 'name="shift" value="day-care"' in clerk.get(f"{AT}/record?shift=day-care").text
    shift = visit(world, served="", served_q="王桂英、cxl", service="day-care", shift="day-care", minutes="240")
    page = clerk.post(f"{AT}/record", shift)
    assert "王桂英" in said(page)
    assert "陈秀兰" in said(page)
    both = [world.people["wang"].id, world.people["chen"].id]
    answer = clerk.post(f"{AT}/record", shift | {"served": both, "served_q": "", "step": "post"})
    assert "李明 served 王桂英 and 陈秀兰: Day care, 4 hours." in said(clerk.get(answer.location))


def test_hours_only_recorded_count_as_served(clerk: Visitor, world: World) -> None:
    clerk.post(f"{AT}/record", visit(world, uncredited="duty", step="post"))
    assert (world.figures("li").available, world.figures("li").served) == (0, 90)


def test_change_something_brings_the_form_back_as_it_was(clerk: Visitor, world: World) -> None:
    page = clerk.post(f"{AT}/record", visit(world, note="abc", step="edit"))
    assert page.status_code == 200
    assert "abc" in page.text
    assert 'value="90"' in page.text
    assert "李明" in page.text


# --- using hours -----------------------------------------------------------------------------------------------------


def test_a_family_orders_sees_who_pays_and_what_remains_and_cancels(app: Flask, world: World) -> None:
    world.record("daughter", "chen", 120)
    daughter = Visitor(app, world, "daughter")
    wish = {
        "id": world.bank.uuid(),
        "elder": world.people["wang"].id,
        "service": "meal",
        "minutes": "45",
        "wanted_day": world.clock.day,
        "payer": "self",
    }
    page = daughter.post("/orders/new", wish)
    assert "Who pays 王芳" in said(page)
    assert "What remains 1 hour 15 minutes" in said(page)
    answer = daughter.post("/orders/new", wish | {"step": "post"})
    assert daughter.post("/orders/new", wish | {"step": "post"}).location == answer.location
    assert "Number" in said(daughter.get(answer.location))
    assert (world.figures("daughter").available, world.figures("daughter").held) == (75, 45)
    assert "45 minutes held" in said(daughter.get(f"/people/{world.people['wang'].id}"))
    gone = daughter.post(f"{AT}/orders/{wish['id']}/release", {"reason": "cancelled"})
    assert gone.status_code == 303
    assert world.figures("daughter").available == 120


def test_an_order_without_hours_says_so_beside_who_pays(app: Flask, world: World) -> None:
    daughter = Visitor(app, world, "daughter")
    wish = {
        "id": world.bank.uuid(),
        "elder": world.people["wang"].id,
        "service": "meal",
        "minutes": "45",
        "wanted_day": world.clock.day,
        "payer": "elder",
        "note": "清淡一点",
        "step": "post",
    }
    page = daughter.post("/orders/new", wish)
    assert "Not enough hours: 0 minutes available, 45 minutes needed" in beside(page, "payer")
    assert "清淡一点" in page.text


def test_a_clerk_orders_for_an_elder_and_settles_and_the_rest_comes_back(clerk: Visitor, world: World) -> None:
    world.policy('[orders]\nlonger = "refuse"')
    world.record("daughter", "chen", 120)
    world.give("daughter", "wang", 120)
    wish = {
        "id": world.bank.uuid(),
        "elder_q": "wang gui",
        "service": "meal",
        "minutes": "60",
        "wanted_day": world.clock.day,
        "payer": "elder",
    }
    assert "What remains 1 hour" in said(clerk.post(f"{AT}/redeem", wish))
    chosen = wish | {"elder": world.people["wang"].id, "elder_q": "", "step": "post"}
    assert clerk.post(f"{AT}/redeem", chosen).status_code == 303
    done = {"volunteer_q": "zhao min", "day": world.clock.day, "minutes": "61", "confirmed": "card"}
    settle = f"{AT}/orders/{wish['id']}/settle"
    assert "60" in clerk.get(settle).text
    long = clerk.post(settle, done | {"volunteer": world.people["zhao"].id, "volunteer_q": "", "step": "post"})
    assert "It took longer" in beside(long, "minutes")
    good = done | {"minutes": "30"}
    assert "赵敏" in said(clerk.post(settle, good))
    sent = good | {"volunteer": world.people["zhao"].id, "volunteer_q": "", "step": "post"}
    first = clerk.post(settle, sent)
    assert clerk.post(settle, sent).location == first.location
    assert (world.figures("wang").available, world.figures("wang").held) == (90, 0)
    assert world.figures("zhao").available == 30


# --- giving ----------------------------------------------------------------------------------------------------------


def test_a_member_gives_by_card_and_sees_only_a_masked_name_before(app: Flask, world: World) -> None:
    world.record(minutes=60)
    li, card = Visitor(app, world, "li"), world.people["wang"].card
    gift = {"id": world.bank.uuid(), "card": card, "minutes": "30", "reason": "thanks"}
    path = f"/people/{world.people['li'].id}/give"
    page = li.post(path, gift)
    assert "王＊＊" in said(page)
    assert "王桂英" not in page.text
    assert world.people["wang"].id not in page.text
    li.post(path, gift | {"step": "post"})
    li.post(path, gift | {"step": "post"})
    assert (world.figures("li").available, world.figures("wang").available) == (30, 30)


@pytest.mark.parametrize(
    ("card", "message"),
    [("", "Please fill this in"), ("1234567890", "no such person"), ("stranger", "no such person")],
)
def test_a_card_that_is_nobodys_here_is_refused_beside_its_field(
    app: Flask, world: World, card: str, message: str
) -> None:
    li = Visitor(app, world, "li")
    number = world.people[card].card if card == "stranger" else card
    page = li.post(f"/people/{world.people['li'].id}/give", id=world.bank.uuid(), card=number, minutes="30")
    assert message in beside(page, "card")


def test_nobody_gives_to_themselves(app: Flask, world: World) -> None:
    world.record(minutes=60)
    li = Visitor(app, world, "li")
    gift = {"id": world.bank.uuid(), "card": world.people["li"].card, "minutes": "30", "step": "post"}
    page = li.post(f"/people/{world.people['li'].id}/give", gift)
    assert page.status_code in (422, 400)
    assert world.figures("li").available == 60


def test_a_clerk_looks_the_receiver_up(clerk: Visitor, world: World) -> None:
    world.record(minutes=60)
    path = f"/people/{world.people['li'].id}/give"
    gift = {"id": world.bank.uuid(), "receiver_q": "zm", "minutes": "30"}
    assert "赵敏" in said(clerk.post(path, gift))
    clerk.post(path, gift | {"receiver_q": "", "receiver": world.people["zhao"].id, "step": "post"})
    assert world.figures("zhao").available == 30


def test_a_donation_goes_to_the_fund_once(app: Flask, world: World) -> None:
    world.record(minutes=60)
    li, path = Visitor(app, world, "li"), f"/people/{world.people['li'].id}/donate"
    form = {"id": world.bank.uuid(), "minutes": "20"}
    assert "What remains 40 minutes" in said(li.post(path, form))
    for _ in range(2):
        assert li.post(path, form | {"step": "post"}).status_code == 303
    assert world.figures("li").available == 40
    assert "Please fill this in" in beside(li.post(path, id=world.bank.uuid()), "minutes")


# --- corrections, people, log in, checking ---------------------------------------------------------------------------


def test_a_correction_waits_for_another_person_and_then_shows_both_records(
    app: Flask, clerk: Visitor, world: World
) -> None:
    posted = world.record(minutes=60)
    path = f"{AT}/entries/{posted.record.id}"
    assert "Please fill this in" in beside(clerk.post(f"{path}/reverse", id=world.bank.uuid()), "reason")
    form = {"id": world.bank.uuid(), "reason": "wrong-minutes", "note": "50"}
    assert clerk.post(f"{path}/reverse", form).status_code == 303
    again = clerk.post(f"{path}/reverse", form | {"id": world.bank.uuid()})
    assert "waiting for a decision already" in beside(again, "reason")
    assert "another person must decide" in said(clerk.get(f"{AT}/day"))
    (question,) = station.day(world.bank, world.actors["lead"], HERE).questions
    decide = f"{AT}/approvals/{question.waiting.id}"
    assert clerk.post(decide, decision="approve").status_code == 403
    lead = Visitor(app, world, "lead")
    assert "Approve" in said(lead.get(f"{AT}/day"))
    made = lead.post(decide, decision="approve")
    assert "An earlier record was corrected" in said(lead.get(made.location))
    assert world.figures("li").available == 0
    li = Visitor(app, world, "li")
    assert "Corrected: this record was undone" in said(li.get(path))
    assert "Correction" in said(li.get("/me"))


def test_a_lead_may_refuse_and_nothing_changes(app: Flask, clerk: Visitor, world: World) -> None:
    posted = world.record(minutes=60)
    clerk.post(f"{AT}/entries/{posted.record.id}/reverse", id=world.bank.uuid(), reason="twice")
    (question,) = station.day(world.bank, world.actors["lead"], HERE).questions
    Visitor(app, world, "lead").post(f"{AT}/approvals/{question.waiting.id}", decision="refuse")
    assert world.figures("li").available == 60


def test_a_person_is_registered_once_and_gets_a_card(clerk: Visitor, world: World) -> None:
    form = {"id": world.bank.uuid(), "name": "何静", "phone": "13900000009", "is_volunteer": "true", "language": "zh"}
    first = clerk.post(f"{AT}/people/new", form)
    assert clerk.post(f"{AT}/people/new", form).location == first.location
    assert "Registered" in said(clerk.get(first.location))
    assert len(members.search(world.bank, world.actors["clerk"], HERE, "何静")) == 1


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"name": ""}, "name", "Please fill this in"),
        ({"phone": "call me"}, "phone", "in digits"),
        ({"is_volunteer": ""}, "is_volunteer", "Tick at least one"),
        ({"name": "李明", "phone": "13800000001"}, "name", "registered already"),
    ],
)
def test_registering_says_what_is_wrong(
    clerk: Visitor, world: World, change: dict[str, str], field: str, message: str
) -> None:
    form = {"id": world.bank.uuid(), "name": "何静", "address": "大兴路 1 号", "is_volunteer": "true"} | change
    page = clerk.post(f"{AT}/people/new", form)
    assert message in beside(page, field)
    assert "大兴路 1 号" in page.text


def test_logging_in_goes_back_to_the_page_that_asked(app: Flask, world: World) -> None:
    visitor = Visitor(app, world)
    asked = visitor.get("/me")
    assert asked.location == "/login?next=/me"
    wrong = visitor.post("/login", name="li", secret="wrong", next="/me")
    assert wrong.status_code == 401
    assert "do not fit" in beside(wrong, "secret")
    assert 'value="li"' in wrong.text
    assert "wrong" not in wrong.text.split("do not fit")[0].split("<form")[-1]
    assert visitor.post("/login", name="li", secret=SECRET, next="/me").location == "/me"
    assert "李明" in said(visitor.get("/me"))
    visitor.post("/logout")
    assert visitor.get("/me").status_code == 303


def test_too_many_attempts_are_told_to_wait(app: Flask, world: World) -> None:
    visitor = Visitor(app, world)
    answers = [visitor.post("/login", name="zhao", secret="wrong") for _ in range(6)]
    assert answers[-1].status_code == 429
    assert "Please wait" in said(answers[-1])


def test_a_receipt_is_checked_by_anybody_and_names_nobody(app: Flask, world: World) -> None:
    posted = world.record(minutes=60)
    nobody = Visitor(app, world)
    receipt = statements.receipt(world.bank, world.actors["li"], HERE, posted.record.id)
    page = nobody.post("/check", pasted=receipt.decode().replace("\n", "\r\n"))
    assert "Genuine: this record is in the books" in said(page)
    assert "That list is our newest one" in said(page)
    assert "李明" not in page.text
    world.record(minutes=60)
    assert "is the beginning of ours" in said(nobody.post("/check", pasted=receipt.decode()))


@pytest.mark.parametrize("text", ["", "garbage", "c2sp.org/tlog-proof@v1\nextra AAAA\nindex 1\n\nx\n"])
def test_what_is_no_receipt_is_told_in_words(app: Flask, world: World, text: str) -> None:
    page = Visitor(app, world).post("/check", pasted=text)
    assert page.status_code in (400, 422)
    assert beside(page, "receipt")


def test_a_receipt_with_one_letter_changed_proves_nothing(app: Flask, world: World) -> None:
    posted = world.record(minutes=60)
    lines = posted.receipt.to_bytes().decode().split("\n")
    lines[1] = lines[1][:40] + ("A" if lines[1][40] != "A" else "B") + lines[1][41:]
    page = Visitor(app, world).post("/check", pasted="\n".join(lines))
    assert "This proves nothing" in beside(page, "receipt")
