"""A spreadsheet as pages: handed in, what is unclear is chosen, entered by one button, told row by row."""

import csv
import io
import re

import openpyxl
import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from tests.sheets.books import Rows, excel
from tests.web.visitor import AT, Visitor, beside, said, size
from tests.world import TODAY, World

sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
HEAD = ("志愿者", "服务对象", "服务日期", "时长", "项目", "组别")


def hand_in(clerk: Visitor, data: bytes, **more: str) -> TestResponse:
    form = re.search(r'name="id" value="([0-9a-f]{32})"', clerk.get(f"{AT}/sheets").text)
    assert form is not None
    fields = {"id": form.group(1), "confirmed": "paper"} | more
    return clerk.post(f"{AT}/sheets", fields | {"file": FileStorage(io.BytesIO(data), "九月.xlsx")})


ROWS: Rows = [
    ("大兴路社区2026年9月登记表",),
    HEAD,
    ("李明", "王桂英", TODAY, "1小时30分", "打扫卫生", "一组"),
    ("赵敏", "陈秀兰", TODAY, "1小时", "助餐", "一组"),
    ("李小明", "陈秀兰", TODAY, "1小时", "助餐", "二组"),
]


@sqlite
def test_a_sheet_is_looked_at_asked_about_and_entered_once(app: Flask, world: World) -> None:
    clerk, before = Visitor(app, world, "clerk"), size(world)
    handed = hand_in(clerk, excel(ROWS, merged=("A1:F1",)))
    assert handed.status_code == 303
    page = clerk.get(handed.location)
    assert "Can be entered 1 rows" in said(page)
    assert "Columns that are not read: 组别" in said(page)
    assert "A5: nobody here is called “李小明”" in said(page)
    assert "“打扫卫生” (service, in 1 rows)" in said(page)
    assert size(world) == before
    key = re.search(r'name="key" value="([^"]+)"', page.text)
    assert key is not None
    clerk.post(handed.location, {"key": key.group(1), "chosen": "cleaning"})
    page = clerk.get(handed.location)
    assert "Enter these 2 rows" in said(page)
    done = clerk.post(f"{handed.location}/record")
    told = said(clerk.get(done.location))
    assert "Entered 2 rows Hours of these 2 hours 30 minutes" in told
    assert "Not entered: something to correct 1 rows" in told
    assert size(world) == before + 2
    clerk.post(f"{handed.location}/record")
    assert size(world) == before + 2
    assert "2 rows entered" in said(clerk.get(f"{AT}/sheets"))
    again = clerk.get(hand_in(clerk, excel(ROWS)).location)
    assert "Were there already 1 rows" in said(again)  # what was chosen belongs to one sheet
    table = list(csv.reader(io.StringIO(clerk.get(f"{handed.location}/table").text.removeprefix("\ufeff"))))
    assert [row[0] for row in table] == ["Row", "5"]


@sqlite
def test_what_is_wrong_with_a_file_stands_beside_its_field(app: Flask, world: World) -> None:
    clerk = Visitor(app, world, "clerk")
    for data, words in (
        (b"", "Please choose a file."),
        (excel([("姓名", "电话"), ("李明", "138")]), "A column is missing: who was served, day of service, how long."),
        (b"\xd0\xcf\x11\xe0" + b"0" * 600, "This is a file of an old Excel (.xls)."),
    ):
        answer = hand_in(clerk, data)
        assert answer.status_code == 422
        assert words in beside(answer, "file")
    answer = hand_in(clerk, excel(ROWS), confirmed="clerk")
    assert "Say why, when the clerk confirms" in beside(answer, "reason")


@sqlite
def test_the_empty_sheet_is_one_that_is_understood(app: Flask, world: World) -> None:
    clerk = Visitor(app, world, "clerk")
    empty = clerk.get(f"{AT}/sheets/template")
    book = openpyxl.load_workbook(io.BytesIO(empty.data))
    sheet = book.worksheets[0]
    sheet.delete_rows(2)
    sheet.append(["李明", "", "王桂英", "", TODAY, "9:00-10:30", "1小时30分", "助洁", ""])
    file = io.BytesIO()
    book.save(file)
    page = clerk.get(hand_in(clerk, file.getvalue()).location)
    assert "Can be entered 1 rows Hours of these 1 hour 30 minutes" in said(page)


@sqlite
def test_a_pile_of_slips_is_typed_corrected_and_entered(app: Flask, world: World) -> None:
    clerk, before = Visitor(app, world, "clerk"), size(world)
    first = clerk.get(f"{AT}/pile")
    number = re.search(r'name="id" value="([0-9a-f]{32})"', first.text)
    assert number is not None
    assert first.text.count(f'value="{TODAY}"') == 10
    form = {"id": number.group(1), "confirmed": "paper"} | {f"day-{n}": TODAY for n in range(1, 11)}
    assert "Please write at least one row." in beside(clerk.post(f"{AT}/pile", form), "volunteer-1")
    form |= {"volunteer-1": "liming", "served-1": "wgy", "minutes-1": "90", "service-1": "cleaning"}
    form |= {"volunteer-3": "赵民", "served-3": "陈秀兰", "minutes-3": "1小时", "service-3": "meal"}
    wrong = clerk.post(f"{AT}/pile", form)
    assert wrong.status_code == 422
    assert "nobody here is called “赵民”" in beside(wrong, "volunteer-3")
    assert 'value="liming"' in wrong.text
    checked = clerk.post(f"{AT}/pile", form | {"volunteer-3": "赵敏"})
    assert "Can be entered 2 rows Hours of these 2 hours 30 minutes" in said(clerk.get(checked.location))
    assert size(world) == before
    clerk.post(f"{checked.location}/record")
    assert size(world) == before + 2
