"""The counter's forms about somebody: what they note, what they say is wrong, and what the person's page shows."""

from typing import Any

import pytest
from flask import Flask

from tests.web.visitor import AT, Visitor, said
from tests.world import HERE, World
from timebank.services import members, papers, station

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def clerk(app: Flask, world: World) -> Visitor:
    return Visitor(app, world, "clerk")


def wang(world: World, rest: str = "") -> str:
    return f"/people/{world.people['wang'].id}{rest}"


def noted(world: World, person: str = "wang") -> papers.Papers:
    return papers.of(world.bank, world.actors["lead"], world.people[person].id)


def send(visitor: Visitor, world: World, path: str, **fields: Any) -> None:
    answer = visitor.post(path, {"id": world.bank.uuid(), **fields})
    assert answer.status_code == 303, said(answer)


def test_a_class_a_training_and_a_guardian_are_noted_shown_and_ended(clerk: Visitor, world: World) -> None:
    proof = {"proof": "allowance-card", "from_day": "2026-09-01", "expires_on": "2027-08-31"}
    send(clerk, world, wang(world, "/note/class"), name="low-income", **proof)
    send(clerk, world, wang(world, "/note/training"), course="first-aid", day="2026-09-01")
    guardian = {"guardian": world.people["zhao"].id, "proof": "court", "from_day": "2026-09-01"}
    send(clerk, world, wang(world, "/note/guardian"), **guardian)
    text = said(clerk.get(wang(world)))
    for shown in ("people on the minimum allowance", "until Tuesday 31 August 2027", "First aid", "Guardian · 赵敏"):
        assert shown in text
    found = noted(world)
    for one in (found.classes[0].id, found.trainings[0].id, found.guardians[0].id):
        assert clerk.post(wang(world, f"/papers/{one}/end")).status_code == 303
    world.clock.advance(days=1)
    found = noted(world)
    assert (found.classes, found.trainings, found.guardians) == ((), (), ())


def test_a_relative_is_noted_with_what_was_ticked_and_the_consent_is_taken_back(clerk: Visitor, world: World) -> None:
    kin = {"member": world.people["zhao"].id, "relation": "parent", "proof": "declaration"}
    limits = {"expires_on": "2026-12-31", "monthly_minutes": "600"}
    send(clerk, world, wang(world, "/note/kin"), **kin, **limits, scope=["see_own", "redeem_own"])
    proxy = next(one for one in noted(world).proxies if one.name == "赵敏")
    assert (set(proxy.scope), proxy.monthly_minutes) == ({"see_own", "redeem_own"}, 600)
    text = said(clerk.get(wang(world)))
    assert "Use her hours for a service" in text
    assert "at most 10 hours in a month" in text
    assert clerk.post(wang(world, f"/kin/{proxy.id}/revoke")).status_code == 303
    proxy = next(one for one in noted(world).proxies if one.name == "赵敏")
    assert proxy.scope == ()
    assert "No consent: only the relation is noted" in said(clerk.get(wang(world)))


def test_with_nothing_ticked_only_the_relation_is_noted(clerk: Visitor, world: World) -> None:
    kin = {"member": world.people["zhao"].id, "relation": "spouse", "proof": "marriage_certificate"}
    send(clerk, world, wang(world, "/note/kin"), **kin)
    assert next(one for one in noted(world).proxies if one.name == "赵敏").scope == ()


@pytest.mark.parametrize(
    ("what", "fields", "message"),
    [
        ("class", {"name": "low-income", "from_day": "2026-09-01"}, "Please fill this in"),
        (
            "class",
            {"name": "low-income", "proof": "decision", "from_day": "2026-09-02", "expires_on": "2026-09-01"},
            "must not be before the beginning",
        ),
        ("guardian", {"proof": "court", "from_day": "2026-09-01", "guardian_q": "nobody"}, "Nobody here fits"),
        ("kin", {"member_q": "王桂英", "relation": "parent", "proof": "declaration"}, "One person cannot be both"),
        ("data", {"phone": "call me"}, "in digits"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_noted(
    clerk: Visitor, world: World, what: str, fields: dict[str, str], message: str
) -> None:
    before = noted(world)
    answer = clerk.post(wang(world, f"/note/{what}"), {"id": world.bank.uuid(), **fields})
    assert answer.status_code == 422
    assert message in said(answer)
    assert noted(world) == before


def test_a_day_of_birth_is_entered_at_the_counter_and_then_hours_are_credited(clerk: Visitor, world: World) -> None:
    world.register("wu", "吴刚", HERE, is_volunteer=True)
    page = f"/people/{world.people['wu'].id}"
    assert "The day of birth is not known" in said(clerk.get(page))
    visit = {"volunteer": world.people["wu"].id, "served": world.people["wang"].id, "minutes": "60", "step": "post"}
    visit |= {"id": world.bank.uuid(), "day": world.clock.day, "service": "company", "confirmed": "card"}
    refused = clerk.post(f"{AT}/record", visit)
    assert (refused.status_code, "enter it at the counter" in said(refused)) == (422, True)
    send(clerk, world, f"{page}/note/data", born="1980-01-01")
    assert clerk.post(f"{AT}/record", visit).status_code == 303
    assert world.figures("wu").available == 60
    assert "The day of birth is not known" not in said(clerk.get(page))


def test_a_long_visit_says_that_it_waits_and_the_lead_enters_it(app: Flask, clerk: Visitor, world: World) -> None:
    world.policy("[second_person]\nvisit_minutes = 60")
    visit = {"volunteer": world.people["li"].id, "served": world.people["wang"].id, "minutes": "90", "step": "post"}
    visit |= {"id": world.bank.uuid(), "day": world.clock.day, "service": "company", "confirmed": "card"}
    answer = clerk.post(f"{AT}/record", visit)
    assert answer.location == f"{AT}/day?waits=1"
    text = said(clerk.get(answer.location))
    assert "It waits for a second person" in text
    assert "You asked for this: another person must decide" in text
    lead = Visitor(app, world, "lead")
    for shown in ("李明", "王桂英", "1 hour 30 minutes"):
        assert shown in said(lead.get(f"{AT}/day"))
    assert lead.post(f"{AT}/approvals/{visit['id']}", decision="approve").status_code == 303
    assert world.figures("li").available == 90


def test_a_death_waits_for_the_lead_and_then_the_page_says_it(app: Flask, clerk: Visitor, world: World) -> None:
    death = {"id": world.bank.uuid(), "day": world.clock.day, "proof": "hospital"}
    answer = clerk.post(wang(world, "/ask/death"), death)
    assert "Nothing has happened yet" in said(clerk.get(answer.location))
    lead = Visitor(app, world, "lead")
    text = said(lead.get(f"{AT}/day"))
    assert "Death" in text
    assert "Paper of the hospital" in text
    (question,) = station.day(world.bank, world.actors["lead"], HERE).questions
    lead.post(f"{AT}/approvals/{question.waiting.id}", decision="approve")
    assert "Died on" in said(lead.get(wang(world)))


def test_a_lead_suspends_and_ends_it_on_the_page(app: Flask, world: World) -> None:
    lead = Visitor(app, world, "lead")
    for act, shown in (("suspend", True), ("resume", False)):
        assert lead.post(wang(world, f"/{act}")).status_code == 303
        assert ("Suspended since" in said(lead.get(wang(world)))) is shown


def test_she_and_her_family_do_not_see_the_counter_s_section(app: Flask, world: World) -> None:
    for name in ("wang", "daughter"):
        assert "Papers and standing" not in said(Visitor(app, world, name).get(wang(world)))


def test_a_group_is_registered_at_the_counter_and_its_hours_go_to_the_fund(clerk: Visitor, world: World) -> None:
    form = {"name": "红领巾小队", "is_volunteer": "true", "kind": "group", "language": "zh"}
    answer = clerk.post(f"{AT}/people/new", {"id": world.bank.uuid(), **form})
    (group,) = members.search(world.bank, world.actors["clerk"], HERE, "红领巾")
    assert answer.location == f"/people/{group.id}?new=1"
    assert group.kind == "group"
    world.people["group"] = group
    assert world.record("group").record.intent.moves[0].target == "fund"
