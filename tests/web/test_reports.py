"""The monthly report and the tables of figures and needs, as pages and as files that an office opens."""

import csv
import io

import openpyxl
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.services.test_monthly import a_month, into_october, night, of
from tests.web.visitor import Visitor, said
from tests.world import HERE, World
from timebank.access import OPERATOR, Role
from timebank.services import communities

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
TOWN = HERE[:9]
REPORT = f"/places/{TOWN}/reports/2026-09"


@pytest.fixture
def lead(app: Flask, world: World) -> Visitor:
    """A lead of the town, after a month that was counted."""
    a_month(world)
    into_october(world)
    night(world)
    world.login("town", Role.LEAD, TOWN)
    return Visitor(app, world, "town")


def workbook(answer: TestResponse) -> openpyxl.Workbook:
    assert answer.status_code == 200, answer.text
    return openpyxl.load_workbook(io.BytesIO(answer.data))


def test_the_report_is_a_page_in_the_layout_of_the_form(lead: Visitor, world: World) -> None:
    page = said(lead.get(REPORT))
    for words in (
        "Reported by 红花岗区 · 老城街道 Area code 520302001",
        "Period September 2026 (final)",
        "Indicator Unit Code This period Period before Same period last year 1. General",
        "Registered volunteers at the end people 201 4 – –",
        "of these: Meals minutes 312 150 – –",
        "Head of the unit",
    ):
        assert words in page
    assert "not over" not in page
    assert "This month is not over" in said(lead.get(f"/places/{TOWN}/reports/2026-10"))
    assert f'{REPORT}"' in lead.get(f"/places/{TOWN}/figures").text
    assert lead.get(f"/places/{TOWN}/reports/september").location == f"/places/{TOWN}/figures"


def test_the_workbook_has_numbers_and_says_what_the_report_says(lead: Visitor, world: World) -> None:
    book = workbook(lead.get(f"{REPORT}/file"))
    sheet = book.worksheets[0]
    assert "A1:F1" in {str(one) for one in sheet.merged_cells.ranges}
    told: dict[object, object] = {line.number: line.values for line in of(world, TOWN, name="town").lines}
    cells = {row[2]: row[3:6] for row in sheet.iter_rows(min_row=8, max_col=6, values_only=True) if row[2]}
    assert cells == told
    assert (sheet.page_setup.paperSize, sheet.print_title_rows) == (9, "$6:$7")  # A4
    assert sheet.column_dimensions["A"].width > 40


def test_the_table_says_the_same(lead: Visitor, world: World) -> None:
    answer = lead.get(f"{REPORT}/file?as=csv")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    told = {str(line.number): line.values[0] for line in of(world, TOWN, name="town").lines}
    assert {row[2]: int(row[3]) for row in rows[1:] if len(row) > 1} == told
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{TOWN}-2026-09-report.csv"'


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pdf_can_be_made_in_both_languages(lead: Visitor, language: str) -> None:
    lead.get(f"/language/{language}")
    answer = lead.get(f"{REPORT}/file?as=pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert answer.data.count(b"/Type /Page\n") >= 2  # heads and number on each: it does not fit on one


def test_figures_are_a_workbook_of_numbers(lead: Visitor) -> None:
    book = workbook(lead.get(f"/places/{TOWN}/figures/table?as=xlsx"))
    months, parts = book.worksheets
    by_month = {row[0]: row for row in months.iter_rows(values_only=True)}
    assert by_month["2026-09"][1:3] == (5, 270)
    assert by_month["2026-09"][-2:] == (3, 2)
    assert [row[0] for row in parts.iter_rows(min_row=2, values_only=True)] == [HERE, f"{TOWN}002"]
    table = lead.get(f"/places/{TOWN}/figures/table").data.decode("utf-8-sig")
    assert [row[-2:] for row in csv.reader(io.StringIO(table)) if row[:1] == ["2026-09"]] == [["3", "2"]]
    page = said(lead.get(f"/places/{TOWN}/figures"))
    assert "September 2026 5 4 hours 30 minutes" in page  # credited, and used


def test_needs_are_a_workbook_in_which_no_text_is_a_formula(app: Flask, world: World) -> None:
    founding = communities.Founding(code=f"{TOWN}003", name="=1+1", town="老城街道", county="红花岗区")
    communities.found(world.bank, OPERATOR, founding)
    heads, *rows = workbook(Visitor(app, world).get(f"/communities/{HERE}/needs/table?as=xlsx")).worksheets[0].values
    assert (heads[0], rows) == ("Community", [])
    world.login("city", Role.AUDITOR, HERE[:4])
    night(world)
    parts = workbook(Visitor(app, world, "city").get(f"/places/{TOWN}/figures/table?as=xlsx")).worksheets[1]
    assert (parts["B4"].value, parts["B4"].data_type) == ("=1+1", "s")


def test_the_five_parts_are_a_sheet_each_for_the_clerk(app: Flask, world: World) -> None:
    entry = world.record("li", "wang", 90).record.id
    clerk = Visitor(app, world, "clerk")
    address = f"/communities/{HERE}/publication"
    back = clerk.post(address, entries=entry, state="returned", why="twice", month="2026-09")
    assert back.status_code == 303
    assert "Returned · Monday 21 September · It is there already" in said(clerk.get(f"{address}?month=2026-09"))
    assert clerk.post(address, entries=entry, state="filed", why="", month="2026-09").status_code == 303
    book = workbook(clerk.get(f"{address}/parts?month=2026-09"))
    assert book.sheetnames == ["1 Who served", "2 Services", "3 Trainings", "4 Honours", "5 Ratings"]
    assert [row[0] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)] == ["李明"]
    (served,) = book.worksheets[1].iter_rows(min_row=2, values_only=True)
    assert (served[1], served[3], served[5], served[8], served[9]) == (entry, "李明", 90, "Filed", "2026-09-21")
    assert f"{address}/parts" not in Visitor(app, world, "lead").get(address).text
    assert clerk.get(f"{address}/parts?month=x").status_code == 303


def test_what_waits_and_what_is_owed_are_one_tap_from_the_figures(lead: Visitor, world: World) -> None:
    figures = lead.get(f"/places/{TOWN}/figures").text
    for page in ("queues", "liability"):
        assert f'href="/places/{TOWN}/{page}"' in figures
    assert "Questions about records 1 0 0 0 1 0 15 days" in said(lead.get(f"/places/{TOWN}/queues"))
    owed = said(lead.get(f"/places/{TOWN}/liability"))
    assert "Members can still use 2 hours 50 minutes Members who have hours 4 In the fund 40 minutes" in owed
    assert "In the last three whole months as much came to the fund as it paid, or more." in owed


def test_a_lead_of_the_town_says_that_she_looks_after_it(app: Flask, world: World) -> None:
    care = f"/communities/{HERE}/care"
    world.login("town", Role.LEAD, TOWN)
    world.clock.advance(days=35)
    world.bank.confirm_clock()
    lead = Visitor(app, world, "town")
    assert "陈秀兰 Look 陈秀兰 Nobody looks after it yet I look after it" in said(lead.get(care))
    chen = world.people["chen"].id
    assert lead.post(f"{care}/owners", kind="unserved", subject=chen).location == care
    assert "陈秀兰 Look 陈秀兰 town looks after it" in said(lead.get(care))
    assert "陈秀兰 · town looks after it" in said(lead.get(f"/towns/{TOWN}"))
    assert lead.post(f"{care}/owners", kind="alone", subject="x", period="2026-09").status_code == 404
