"""People's own spreadsheets: what is entered of ten of them, what is not and why, and what a second time changes."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.sheets.books import Rows, excel, text
from tests.threads import at_once
from tests.world import ELSEWHERE, HERE, World
from timebank.access import OPERATOR, Denied, Role
from timebank.ledger import Code, Refused
from timebank.schemas import sheets as words
from timebank.schemas.words import reading
from timebank.services import sheets, standing, statements
from timebank.services.sheet_lines import Wrong
from timebank.sheets import Unreadable, Why

HEAD = ("志愿者", "服务对象", "服务日期", "时长", "服务项目")


@pytest.fixture
def world(world: World) -> World:
    """Three weeks after the books were opened: what happened before is no policy's matter."""
    world.clock.advance(days=21)
    world.bank.confirm_clock()
    return world


def look(world: World, data: bytes, name: str = "clerk", **more: Any) -> sheets.Sheet:
    upload = sheets.Upload(**{"id": world.bank.uuid(), "community": HERE} | more)
    return sheets.look(world.bank, world.actors[name], upload, data)


def enter(world: World, data: bytes, **more: Any) -> sheets.Sheet:
    return sheets.record(world.bank, world.actors["clerk"], HERE, look(world, data, **more).id)


def served(world: World, name: str) -> int:
    return statements.figures(world.bank, world.actors["clerk"], world.people[name].id).served


def problems(sheet: sheets.Sheet) -> dict[int, list[Wrong]]:
    return {line.row: [one.wrong for one in line.problems] for line in sheet.lines if line.problems}


def visits(sheet: sheets.Sheet) -> list[tuple[str, int]]:
    return [(line.visit.day, line.visit.minutes) for line in sheet.ready if line.visit]


def sums(sheet: sheets.Sheet) -> dict[str, int]:
    return {outcome: count for outcome, (count, _) in sheet.sums.items()}


PLAIN: Rows = [
    HEAD,
    ("李明", "王桂英", "2026-10-03", "1小时30分", "助洁"),
    ("赵敏", "陈秀兰", "2026-10-04", "1小时", "助餐"),
]


# --- the ten ---------------------------------------------------------------------------------------------------------


def test_1_a_csv_in_gbk_with_full_width_digits(world: World) -> None:
    rows = [
        HEAD,
        ("李明", "王桂英", "２０２６年１０月３日", "２小时３０分", "助洁"),
        ("赵敏", "陈秀兰", "2026/10/4", "９０分钟", "助餐"),
    ]
    done = enter(world, text(rows, "gb18030"))
    assert (sums(done), done.is_done, problems(done)) == ({"entered": 2}, True, {})
    assert (served(world, "li"), served(world, "zhao")) == (150, 90)


def test_2_merged_titles_a_year_above_and_a_name_merged_over_several_rows(world: World) -> None:
    rows: Rows = [
        ("大兴路社区2026年10月志愿服务登记表", "", "", "", ""),
        ("填表人：张会计", "", "", "", ""),
        ("序号", *HEAD),
        (1, "李明", "王桂英", "10月3日", "1小时", "助洁"),
        (2, None, "王桂英", "10月5日", "1小时", "助洁"),
        (3, None, "陈秀兰", "10月7日", "1小时", "助洁"),
        ("合计", "", "", "", "3小时", ""),
    ]
    found = look(world, excel(rows, merged=("A1:F1", "B4:B6")))
    assert visits(found) == [("2026-10-03", 60), ("2026-10-05", 60), ("2026-10-07", 60)]
    assert found.unread == ("序号",)
    assert {line.volunteer for line in found.ready} == {"李明"}


def test_3_excel_serials_numbers_of_hours_and_the_head_on_every_page(world: World) -> None:
    head = ("志愿者姓名", "老人姓名", "日期", "时长（小时）", "项目")
    rows: Rows = [
        head,
        ("李明", "王桂英", 46298, 1.5, "助洁"),
        head,
        ("赵敏", "陈秀兰", 46299, 2, "助餐"),
        ("小计", None, None, 3.5, None),
    ]
    assert visits(look(world, excel(rows))) == [("2026-10-03", 90), ("2026-10-04", 120)]


def test_4_rows_that_are_there_twice_are_entered_once_and_named(world: World) -> None:
    row = ("李明", "王桂英", "2026-10-03", "1小时", "助洁")
    found = look(world, excel([HEAD, row, row, ("赵敏", "陈秀兰", "2026-10-03", "1小时", "助洁")]))
    assert problems(found) == {3: [Wrong.TWICE]}
    assert found.lines[1].problems[0].other == "2"
    sheets.record(world.bank, world.actors["clerk"], HERE, found.id)
    assert (served(world, "li"), served(world, "zhao")) == (60, 60)


def test_5_twice_on_one_day_is_told_apart_by_the_time_of_day(world: World) -> None:
    head = ("志愿者", "服务对象", "日期", "起止时间", "项目")
    rows = [
        head,
        ("李明", "王桂英", "2026-10-03", "8:00-9:00", "助餐"),
        ("李明", "王桂英", "2026-10-03", "17:00-18:00", "助餐"),
    ]
    done = enter(world, excel(rows))
    assert (sums(done), served(world, "li")) == ({"entered": 2}, 120)


def test_6_a_name_in_traditional_characters_and_a_service_in_their_own_words(world: World) -> None:
    rows = [("志願者", "服務對象", "服務日期", "時長", "服務內容"), ("趙敏", "陳秀蘭", "2026-10-03", "1小時", "打扫卫生"),
            ("李明", "王桂英", "2026-10-03", "1小時", "打扫卫生")]  # fmt: skip
    found = look(world, text(rows, "utf-8-sig", delimiter="\t"))
    assert problems(found) == {2: [Wrong.SERVICE], 3: [Wrong.SERVICE]}
    (question,) = found.questions
    assert (question.text, question.lines, "cleaning" in question.services) == ("打扫卫生", 2, True)
    sheets.answer(world.bank, world.actors["clerk"], HERE, found.id, {question.key: "cleaning"})
    sheets.record(world.bank, world.actors["clerk"], HERE, found.id)
    assert (served(world, "zhao"), served(world, "li")) == (60, 60)


def test_7_a_missing_column_is_named(world: World) -> None:
    with pytest.raises(Unreadable) as found:
        look(world, excel([("志愿者", "服务对象", "服务日期", "项目"), ("李明", "王桂英", "2026-10-03", "助洁")]))
    assert (found.value.why, found.value.columns) == (Why.COLUMN_MISSING, ("minutes",))
    with reading("zh"):
        assert "时长" in words.of_file(found.value)


def test_8_each_bad_cell_is_named_with_what_is_wrong(world: World) -> None:
    rows: Rows = [
        HEAD,
        ("李小明", "王桂英", "2026-10-03", "1小时", "助洁"),
        ("李明", "", "2026-10-03", "1小时", "助洁"),
        ("李明", "王桂英", "上周三", "1小时", "助洁"),
        ("李明", "王桂英", "2026-11-03", "1小时", "助洁"),
        ("李明", "王桂英", "2026-10-03", "一上午", "助洁"),
        ("李明", "王桂英", "2026-10-03", "90", "助洁"),
        ("李明", "王桂英", "2026-10-03", "1.33小时", "助洁"),
        ("李明", "王桂英", "2026-10-03", "25小时", "助洁"),
        ("王桂英", "陈秀兰", "2026-10-03", "1小时", "助洁"),
        ("李明", "李明", "2026-10-03", "1小时", "助洁"),
    ]
    found = look(world, excel(rows))
    assert problems(found) == {
        2: [Wrong.NOBODY], 3: [Wrong.EMPTY], 4: [Wrong.DAY], 5: [Wrong.FUTURE], 6: [Wrong.MINUTES], 7: [Wrong.NO_UNIT],
        8: [Wrong.NOT_WHOLE], 9: [Wrong.TOO_LONG], 10: [Wrong.NO_VOLUNTEER], 11: [Wrong.SAME_PERSON],
    }  # fmt: skip
    with reading("zh"):
        said = [words.of_cell(one) for line in found.lines for one in line.problems]
    assert said[0] == "A2：这里没有叫“李小明”的人。请改正姓名，或写上卡号；还没有登记的，请先登记。"
    assert said[4] == "D6：“一上午”看不出多长时间。请写成 2小时30分、1.5小时 或 90分钟。"
    done = sheets.record(world.bank, world.actors["clerk"], HERE, found.id)
    assert (sums(done), done.is_done, served(world, "li")) == ({}, True, 0)


def test_9_two_of_one_name_are_asked_about_or_told_apart_by_their_telephone(world: World) -> None:
    world.register("li2", "李明", HERE, is_volunteer=True, phone="13911112222", born="1980-01-01")
    head = ("志愿者", "电话", "服务对象", "日期", "时长", "项目")
    rows = [head, ("李明", "13911112222", "王桂英", "2026-10-03", "1小时", "助洁"),
            ("李明", "", "王桂英", "2026-10-04", "2小时", "助洁"), ("李明（2222）", "", "陈秀兰", "2026-10-05", "3小时", "助洁")]  # fmt: skip
    found = look(world, excel(rows))
    assert problems(found) == {3: [Wrong.SEVERAL]}
    (question,) = (
        one for one in found.questions if one.text == "李明" and one.lines == 1 and not one.key.endswith("2222")
    )
    assert {person.id for person in question.people} == {world.people["li"].id, world.people["li2"].id}
    sheets.answer(world.bank, world.actors["clerk"], HERE, found.id, {question.key: world.people["li"].id})
    sheets.record(world.bank, world.actors["clerk"], HERE, found.id)
    assert (served(world, "li"), served(world, "li2")) == (120, 240)


def test_10_twenty_thousand_rows_are_read_at_once_and_entered_in_parts(world: World) -> None:
    rows: list[Sequence[str]] = [HEAD]
    for n in range(20_000):
        rows.append(
            ("李明", "王桂英", f"{2007 + n // 1200}年{n // 100 % 12 + 1}月{n % 28 + 1}日", f"{n % 100 + 1}分钟", "助洁")
        )
    found = look(world, excel(rows))
    assert len(found.lines) == 20_000
    # Before the community kept books nobody can enter anything; the policy of that day says so, row by row.
    done = sheets.record(world.bank, world.actors["clerk"], HERE, found.id)
    assert (done.is_done, sum(sums(done).values())) == (False, len(found.ready))
    assert sums(done)["todo"] == len(found.ready) - 100


def test_what_begun_is_ended_by_the_job_whoever_is_at_the_page(world: World) -> None:
    rows: list[Sequence[str]] = [HEAD]
    rows += [("李明", "王桂英", f"2026-10-{n % 10 + 1:02}", f"{n // 10 + 1}分钟", "助洁") for n in range(250)]
    done = enter(world, excel(rows))
    assert (sums(done), done.is_done) == ({"entered": 100, "todo": 150}, False)
    paused = 0

    def between() -> None:
        nonlocal paused
        paused += 1

    assert sheets.go_on_all(world.bank, OPERATOR, between) == 1
    done = sheets.of(world.bank, world.actors["clerk"], HERE, done.id)
    assert (sums(done), done.is_done, paused) == ({"entered": 250}, True, 1)
    assert served(world, "li") == sum(n // 10 + 1 for n in range(250))
    assert sheets.go_on_all(world.bank, OPERATOR, between) == 0


# --- once, and only once ---------------------------------------------------------------------------------------------


def test_the_same_file_again_changes_nothing_also_in_another_order_and_form(world: World) -> None:
    enter(world, excel(PLAIN))
    before = world.bank.clock(), served(world, "li"), served(world, "zhao")
    again = look(world, excel(PLAIN))
    assert (again.ready, [line.known for line in again.lines]) == ((), [True, True])
    world.clock.advance(days=1)
    turned = enter(world, text([PLAIN[0], PLAIN[2], PLAIN[1]], "gb18030"))
    assert (sums(turned), turned.is_done) == ({"known": 2}, True)
    assert (served(world, "li"), served(world, "zhao")) == before[1:]


def test_the_button_pressed_twice_at_once_enters_each_row_once(world: World) -> None:
    found = look(world, excel(PLAIN))
    at_once(4, lambda: sheets.record(world.bank, world.actors["clerk"], HERE, found.id))
    done = sheets.of(world.bank, world.actors["clerk"], HERE, found.id)
    assert (sums(done), served(world, "li"), served(world, "zhao")) == ({"entered": 2}, 90, 60)


def test_a_corrected_file_enters_what_was_missing(world: World) -> None:
    bad = [PLAIN[0], PLAIN[1], ("赵敏", "陈秀兰", "2026-10-04", "很久", "助餐")]
    assert sums(enter(world, excel(bad))) == {"entered": 1}
    assert sums(enter(world, excel(PLAIN))) == {"known": 1, "entered": 1}
    assert (served(world, "li"), served(world, "zhao")) == (90, 60)


def test_an_id_is_for_one_file(world: World) -> None:
    id = world.bank.uuid()
    look(world, excel(PLAIN), id=id)
    assert look(world, text(PLAIN, "utf-8"), id=world.bank.uuid()).ready
    with pytest.raises(Refused) as refused:
        look(world, text(PLAIN, "utf-8"), id=id)
    assert refused.value.code is Code.ID_TAKEN


def test_a_row_that_waits_for_a_second_person_with_another_note_keeps_no_other_row_out(world: World) -> None:
    world.policy("[second_person]\nvisit_minutes = 60\nlate_days = 0")
    head = (*HEAD, "备注")
    long = ("李明", "王桂英", world.clock.day, "2小时", "助洁")
    assert sums(enter(world, excel([head, (*long, "第一次")]))) == {"waiting": 1}
    again = [head, (*long, "第二次"), ("赵敏", "陈秀兰", "2026-10-04", "30分钟", "助餐", "")]
    done = enter(world, excel(again))
    assert (sums(done), done.is_done) == ({"refused": 1, "entered": 1}, True)
    assert {line.outcome.code for line in done.lines if line.outcome and line.outcome.code} == {Code.ID_TAKEN}


def test_a_sheet_that_a_community_declines_keeps_no_other_community_waiting(world: World) -> None:
    stuck, free = look(world, excel(PLAIN)), enter(world, excel(PLAIN))
    assert free.is_done
    rows: list[Sequence[str]] = [HEAD]
    rows += [("周强", "何大爷", f"2026-10-{n % 10 + 1:02}", f"{n // 10 + 1}分钟", "助洁") for n in range(120)]
    world.register("he", "何大爷", ELSEWHERE, is_elder=True, born="1940-01-01")
    upload = sheets.Upload(id=world.bank.uuid(), community=ELSEWHERE)
    sheets.look(world.bank, world.actors["far clerk"], upload, excel(rows))
    sheets.record(world.bank, world.actors["far clerk"], ELSEWHERE, upload.id)
    world.bank.read_only[world.bank.origin(HERE)] = "looked at by the operator"
    with pytest.raises(Refused):
        sheets.record(world.bank, world.actors["clerk"], HERE, stuck.id)
    with pytest.raises(Refused) as refused:
        sheets.go_on_all(world.bank, OPERATOR, lambda: None)
    assert refused.value.code is Code.LEDGER_READ_ONLY
    assert sheets.of(world.bank, world.actors["far clerk"], ELSEWHERE, upload.id).is_done


# --- by the rules ----------------------------------------------------------------------------------------------------


def test_a_row_that_the_rules_forbid_stays_out_with_its_reason_and_the_others_go_in(world: World) -> None:
    suspension = standing.Suspension(community=HERE, person=world.people["li"].id)
    standing.suspend(world.bank, world.actors["lead"], suspension)
    done = enter(world, excel(PLAIN))
    assert sums(done) == {"refused": 1, "entered": 1}
    (refused,) = [line.outcome for line in done.lines if line.outcome and line.outcome.outcome == "refused"]
    assert refused.code is Code.PERSON_SUSPENDED


def test_a_clerk_does_not_enter_her_own_service(world: World) -> None:
    world.register("staff", "刘会计", HERE, is_volunteer=True, born="1980-05-05")
    world.login("staff", Role.CLERK, HERE, person=world.people["staff"].id)
    rows = [HEAD, ("刘会计", "王桂英", "2026-10-03", "1小时", "助洁")]
    found = look(world, excel(rows), name="staff")
    done = sheets.record(world.bank, world.actors["staff"], HERE, found.id)
    assert sums(done) == {"refused": 1}


def test_only_clerks_of_the_community_hand_in_and_see_a_sheet(world: World) -> None:
    found = look(world, excel(PLAIN))
    for name in ("li", "wang", "auditor", "far clerk"):
        with pytest.raises(Denied):
            sheets.of(world.bank, world.actors[name], HERE, found.id)
        with pytest.raises(Denied):
            look(world, excel(PLAIN), name=name)
    with pytest.raises(Refused):
        sheets.of(world.bank, world.actors["far clerk"], ELSEWHERE, found.id)


# --- what is kept ----------------------------------------------------------------------------------------------------


def test_what_a_sheet_said_is_forgotten_after_weeks_and_when_somebody_is_erased(world: World) -> None:
    first = enter(world, excel(PLAIN))
    world.clock.advance(days=sheets.KEPT_DAYS + 1)
    sheets.go_on_all(world.bank, OPERATOR, lambda: None)
    told = sheets.of(world.bank, world.actors["clerk"], HERE, first.id)
    assert (told.is_kept, told.lines, sums(told)) == (False, (), {"entered": 2})


def test_nothing_readable_of_a_sheet_stands_in_the_database(world: World) -> None:
    found = look(world, excel(PLAIN))
    with world.bank.view() as view:
        rows = view.connection.exec_driver_sql("SELECT sealed_lines FROM sheets").all()
    assert len(rows) == 1
    assert "李明".encode() not in bytes(rows[0][0])
    assert found.is_kept


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", Why.NO_HEAD),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, Why.OLD_EXCEL),
        (b"PK\x03\x04 no archive", Why.NOT_A_SHEET),
        (b"\x00\x01\x02\x00", Why.NOT_A_SHEET),
        ("姓名,电话\n李明,138".encode(), Why.COLUMN_MISSING),
        (b"a,b\n1,2\n", Why.NO_HEAD),
        (b"\xff" * 10, Why.ENCODING),
        (b"x" * 4_000_001, Why.TOO_LARGE),
        ("志愿者\n" * 25_001, Why.TOO_MANY_ROWS),
    ],
)
def test_a_file_that_is_no_list_of_visits_is_refused_with_a_sentence(world: World, data: bytes | str, why: Why) -> None:
    with pytest.raises(Unreadable) as found:
        look(world, data if isinstance(data, bytes) else data.encode())
    assert found.value.why is why
    for language in ("zh", "en"):
        with reading(language):
            assert words.of_file(found.value).endswith(("。", "."))
