"""Groups, rosters, acceptance lists and door cards as pages: what is ticked, told, printed and typed."""

import csv
import io
import re

import pytest
from flask import Flask

from tests.services.test_acceptance import served, visit
from tests.services.test_doors import accepted, code_for, told
from tests.services.test_rosters import fund, join, roster, team
from tests.web.visitor import AT, Visitor, beside, said, size
from tests.world import TODAY, World
from timebank.services import rosters

__all__ = ["served"]  # a fixture

sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@sqlite
def test_a_clerk_notes_who_joins_a_group_and_ends_it(app: Flask, world: World) -> None:
    group = team(world)
    clerk, lead = Visitor(app, world, "clerk"), Visitor(app, world, "lead")
    page = f"{AT}/groups/{group}"
    assert "Nobody is noted as a member yet." in said(clerk.get(page))
    form = {"id": world.bank.uuid(), "person_q": "liming", "from_day": TODAY}
    assert clerk.post(page, form).location == f"{page}?noted=1"
    assert "李明 from Monday 21 September 2026" in said(lead.get(page))
    assert "Somebody joins" not in said(lead.get(page))
    found = re.search(rf'action="({page}/members/[0-9a-f]+/end)"', clerk.get(page).text)
    assert found is not None
    clerk.post(found.group(1))
    assert "until Monday 21 September 2026" in said(clerk.get(page))
    wrong = clerk.post(page, {"id": world.bank.uuid(), "person_q": "nobody", "from_day": TODAY})
    assert wrong.status_code == 422
    assert "Nobody here fits" in beside(wrong, "person")


@sqlite
def test_a_list_to_take_along_has_those_who_belong_to_the_group_today_and_room_for_others(
    app: Flask, world: World
) -> None:
    group = team(world, "li", "zhao")
    join(world, "daughter", from_day="2026-10-01")
    clerk = Visitor(app, world, "clerk")
    assert f'href="{AT}/rosters/blank?group={group}"' in clerk.get(f"{AT}/groups/{group}").text
    page = clerk.get(f"{AT}/rosters/blank?group={group}")
    assert "红花岗义工队" in said(page)
    assert ("李明" in said(page), "赵敏" in said(page), "王芳" in said(page)) == (True, True, False)
    assert page.text.count("<tr>") == 1 + 2 + 5
    assert clerk.get(f"{AT}/rosters/blank").text.count("<tr>") == 1 + 18


@sqlite
def test_a_groups_event_is_ticked_checked_entered_once_and_told_row_by_row(app: Flask, world: World) -> None:
    group = team(world, "li", "zhao")
    join(world, "daughter", from_day="2026-10-01")
    clerk = Visitor(app, world, "clerk")
    first = clerk.get(f"{AT}/rosters/new?group={group}")
    ticked = re.findall(r'name="there" value="([0-9a-f]{32})" checked', first.text)
    assert set(ticked) == {world.people[name].id for name in ("li", "zhao", "daughter")}
    form = {
        "id": world.bank.uuid(),
        "group": group,
        "there": ticked,
        "day": TODAY,
        "service": "cleaning",
        "minutes": "120",
        f"own-{world.people['zhao'].id}": "90",
        "confirmed": "paper",
    }
    checked = clerk.post(f"{AT}/rosters/new", form, step="check")
    assert "the group's hours go to the public fund" in said(checked)
    assert "How long: 赵敏 1 hour 30 minutes" in said(checked)
    before = size(world)
    done = clerk.post(f"{AT}/rosters/new", form, step="post")
    grown = size(world)
    assert grown == before + 4
    page = said(clerk.get(done.location))
    assert "3 hours 30 minutes were entered in all." in page
    assert "李明 entered 2 hours" in page
    assert "王芳 not entered · This person was no member of the group on Monday 21 September 2026" in page
    assert clerk.post(f"{AT}/rosters/new", form, step="post").location == done.location
    assert size(world) == grown
    assert fund(world) == 210
    assert Visitor(app, world, "lead").get(done.location).status_code == 200


@sqlite
def test_a_day_care_shift_of_several_is_credited_to_each(app: Flask, world: World) -> None:
    clerk = Visitor(app, world, "clerk")
    form = {
        "id": world.bank.uuid(),
        "there_q": "李明、赵敏",
        "served_q": "王桂英、陈秀兰",
        "day": TODAY,
        "service": "day-care",
        "start": "09:00",
        "end": "11:00",
        "minutes": "120",
        "payer": "issue",
        "confirmed": "paper",
    }
    assert clerk.post(f"{AT}/rosters/new", form, step="post").status_code == 303
    assert (world.figures("li").available, world.figures("zhao").available) == (120, 120)
    again = clerk.post(f"{AT}/rosters/new", form | {"id": world.bank.uuid(), "start": "10:00"}, step="post")
    assert again.status_code == 422
    assert "longer than from start to end" in beside(again, "minutes")


@sqlite
def test_what_is_wrong_with_a_roster_stands_beside_its_field(app: Flask, world: World) -> None:
    clerk = Visitor(app, world, "clerk")
    form = {"id": world.bank.uuid(), "there_q": "李明", "day": "2026-09-22", "service": "cleaning", "minutes": "60",
            "payer": "issue", "confirmed": "paper"}  # fmt: skip
    answer = clerk.post(f"{AT}/rosters/new", form, step="post")
    assert answer.status_code == 422
    assert beside(answer, "day")
    nobody = clerk.post(f"{AT}/rosters/new", form | {"there_q": "", "day": TODAY}, step="check")
    assert nobody.status_code == 422
    assert beside(nobody, "there")
    odd = {f"own-{world.people['li'].id}": "an hour", "there": world.people["li"].id, "there_q": "", "day": TODAY}
    assert beside(clerk.post(f"{AT}/rosters/new", form | odd, step="check"), "there")


@sqlite
def test_the_notice_says_what_groups_brought_to_the_fund_and_names_no_hour_twice(app: Flask, world: World) -> None:
    group = team(world, "li", "zhao")
    rosters.record(world.bank, world.actors["clerk"], roster(world, "li", "zhao", group=group))
    text = said(Visitor(app, world, "lead").get(f"{AT}/publication/notice"))
    assert "2 hours in all" in text
    assert "what groups did brought 2 hours to the public fund" in text
    assert text.count("1 hour ") == 2


@sqlite
def test_the_acceptance_list_leaves_the_station_with_initials_and_no_name(app: Flask, served: World) -> None:
    entry = visit(served)
    lead = Visitor(app, served, "lead")
    path = f"{AT}/providers/{served.people['firm'].id}/acceptance"
    page = lead.get(path)
    assert "爱心家政公司" in said(page)
    assert "1 visits, 1 hour" in said(page)
    table = lead.get(f"{path}/table")
    assert table.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(table.data.decode("utf-8-sig"))))
    assert rows[1][4] == "王＊＊"
    assert rows[1][7] == entry
    assert rows[-1] == ["In all", "1", "", "60"]
    for answer in (page, table):
        assert "王桂英" not in answer.text
        assert "王＊＊" in answer.text
    assert lead.get(f"{path}?month=2026-13").location == path
    link = Visitor(app, served, "clerk").get(f"/people/{served.people['firm'].id}").text
    assert path in link


@sqlite
def test_a_door_card_shows_its_code_once_and_signs_a_volunteer_in(app: Flask, world: World) -> None:
    hold = accepted(world)
    clerk, li = Visitor(app, world, "clerk"), Visitor(app, world, "li")
    card = f"{AT}/people/{world.people['wang'].id}/door"
    made = clerk.post(card)
    shown = re.search(r"(\d{3} \d{3})", said(made))
    assert shown is not None
    assert shown.group(1) not in said(clerk.get(card))
    assert "王桂英" not in made.text.partition("<main")[2].partition('class="two"')[2]
    order = f"{AT}/orders/{hold}"
    assert 'name="code"' in li.get("/visits").text
    wrong = li.post(order, act="check_in", code=f"{(int(shown.group(1).replace(' ', '')) + 1) % 10**6:06}")
    assert (wrong.status_code, "not the code that hangs inside her door" in said(wrong)) == (422, True)
    assert li.post(order, act="check_in", code=shown.group(1)).status_code == 303
    assert "with the code at the door" in said(li.get(order))
    world.clock.advance(minutes=5)
    assert li.post(order, act="check_out", code="").location == order
    assert told(world, hold).at_door == ("check_in",)
    care = said(Visitor(app, world, "lead").get(f"{AT}/care"))
    assert "signed in or out 2 times for orders of this month, 1 times with the code" in care


@sqlite
def test_a_code_stands_in_no_address(app: Flask, world: World) -> None:
    accepted(world)
    code = code_for(world)
    made = Visitor(app, world, "clerk").get(f"{AT}/people/{world.people['wang'].id}/door")
    assert code not in made.text
