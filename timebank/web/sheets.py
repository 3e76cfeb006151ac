"""Spreadsheets: handed in, looked at line by line, what is unclear is asked, then it is entered with one button."""

import csv
import io

import openpyxl
from flask import Response, request

from timebank.access import Right
from timebank.schemas import sheets as words
from timebank.schemas.inputs.hours import SheetInput
from timebank.schemas.words import gettext as _
from timebank.services import sheets as kept
from timebank.services import station
from timebank.services.sheet_lines import Judged
from timebank.sheets import NEEDED, Unreadable
from timebank.visitor import actor, bank

from . import say
from .forms import Form
from .frame import COMMUNITY, Answer, go, need, page, pages
from .people import safe_cell
from .tables import as_xlsx

_SHEET = COMMUNITY + "/sheets/<string(length=32):sheet>"
_MOST_LINES = 100
_SLIPS = 10
_ON_A_SLIP = ("volunteer", "served", "day", "minutes", "service")


@pages.route(COMMUNITY + "/sheets", methods=["GET", "POST"])
def sheets(code: str) -> Answer:
    """Clerk of the community. Hand in a spreadsheet of visits; nothing is entered yet."""
    need(Right.RECORD_VISIT, code)
    form = Form("file", "service", "confirmed", "reason", id=bank().uuid(), confirmed="paper")
    if form.sent:
        found = _read(form, code)
        if found is not None:
            return go("sheet", code=code, sheet=found.id)
    return page("sheets.html", form.status, form=form, recent=kept.recent(bank(), actor(), code))


def _read(form: Form, code: str) -> kept.Sheet | None:
    data = request.files["file"].read() if "file" in request.files else b""
    if not data:
        form.wrong("file", str(_("Please choose a file.")))
        return None
    upload = form.load(SheetInput, community=code)
    if upload is None:
        return None
    try:
        return form.ask(lambda: kept.look(bank(), actor(), upload, data))
    except Unreadable as error:
        form.wrong("file", words.of_file(error))
        return None


@pages.route(COMMUNITY + "/pile", methods=["GET", "POST"])
def pile(code: str) -> Answer:
    """Clerk of the community. A pile of slips, a row each; what is wrong stands beside its row, nothing is lost."""
    need(Right.RECORD_VISIT, code)
    today = station.today(bank(), code)
    fields = [f"{column}-{n}" for n in range(1, _SLIPS + 1) for column in _ON_A_SLIP]
    form = Form("confirmed", "reason", *fields, id=bank().uuid(), confirmed="paper")
    if form.sent and form.step != "edit":
        rows = [(n, {column: form[f"{column}-{n}"].strip() for column in _ON_A_SLIP}) for n in range(1, _SLIPS + 1)]
        # The day is there before anything is written.
        found = _typed(form, code, [row for row in rows if any(row[1][name] for name in _ON_A_SLIP if name != "day")])
        if found is not None:
            return go("sheet", code=code, sheet=found.id)
    elif not form.sent:
        form.typed.update({f"day-{n}": today for n in range(1, _SLIPS + 1)})
    services = say.catalogued(bank().catalogue.by_code)
    return page("pile.html", form.status, form=form, rows=range(1, _SLIPS + 1), services=services)


def _typed(form: Form, code: str, rows: list[tuple[int, dict[str, str]]]) -> kept.Sheet | None:
    if not rows:
        form.wrong("volunteer-1", str(_("Please write at least one row.")))
        return None
    upload = form.load(SheetInput, community=code)
    if upload is None:
        return None
    found = form.ask(lambda: kept.look_typed(bank(), actor(), upload, rows))
    if found is None or isinstance(found, kept.Sheet):
        return found
    for line in found:
        for one in line.problems:
            column = one.column if one.column in _ON_A_SLIP else "volunteer"
            form.wrong(f"{column}-{line.row}", words.of_cell(one))
    return None


@pages.get(COMMUNITY + "/sheets/template")
def sheet_template(code: str) -> Answer:
    """Clerk of the community. An empty spreadsheet with the heads that are understood, and a line to show how."""
    need(Right.RECORD_VISIT, code)
    book = openpyxl.Workbook()
    page_one = book.worksheets[0]
    page_one.title = "服务记录"
    page_one.append(
        ["志愿者", "志愿者电话", "服务对象", "服务对象电话", "服务日期", "起止时间", "时长", "服务项目", "备注"]
    )
    service = next(iter(bank().catalogue.services)).zh
    page_one.append(
        ["张三", "", "李四", "", station.today(bank(), code), "9:00-10:30", "1小时30分", service, "（示例，请删去）"]
    )
    for column in "ABCDEFGHI":
        page_one.column_dimensions[column].width = 16
    return as_xlsx("timebank-visits", book)


@pages.route(_SHEET, methods=["GET", "POST"])
def sheet(code: str, sheet: str) -> Answer:
    """Clerk of the community. What was understood of a sheet and what became of it; answers what was unclear."""
    need(Right.RECORD_VISIT, code)
    if request.method == "POST":
        kept.answer(bank(), actor(), code, sheet, _answers())
        return go("sheet", code=code, sheet=sheet)
    found = kept.of(bank(), actor(), code, sheet)
    wrong = [line for line in found.lines if line.problems]
    first = max(request.args.get("from", 0, type=int), 0)
    return page(
        "sheet.html",
        found=found,
        wrong=wrong,
        declined=[line for line in found.lines if line.outcome and line.outcome.outcome in ("refused", "waiting")],
        shown=[line for line in found.lines if not line.problems][first : first + _MOST_LINES],
        first=first,
        most=_MOST_LINES,
        minutes=sum(line.visit.minutes for line in found.ready if line.visit),
        words=words,
        needed=NEEDED,
    )


def _answers() -> dict[str, str]:
    """The page numbers its questions: keys hold names, which are no words for a form's fields."""
    keys, chosen = request.form.getlist("key"), request.form.getlist("chosen")
    return dict(zip(keys, chosen, strict=False))


@pages.post(_SHEET + "/record")
def record_sheet(code: str, sheet: str) -> Answer:
    """Clerk of the community. Let the lines that can be entered be entered; again, it goes on with what is left."""
    done = kept.record(bank(), actor(), code, sheet)
    return go("sheet", code=code, sheet=done.id)


@pages.get(_SHEET + "/table")
def sheet_table(code: str, sheet: str) -> Answer:
    """Clerk of the community. What was not entered, with the reason, as CSV to correct. UTF-8 with its mark."""
    found = kept.of(bank(), actor(), code, sheet)
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow([_("Row"), _("Volunteer"), _("Who was served"), _("Why")])
    for line in found.lines:
        why = _why(line)
        if why:
            cells = [str(line.row), line.volunteer, "、".join(line.served), why]
            table.writerow([safe_cell(cell) for cell in cells])
    headers = {"Content-Disposition": f'attachment; filename="{code}-not-entered.csv"'}
    return Response("\ufeff" + text.getvalue(), mimetype="text/csv", headers=headers)


def _why(line: Judged) -> str:
    if line.problems:
        return " ".join(words.of_cell(one) for one in line.problems)
    if line.outcome is not None and line.outcome.code is not None:
        return say.refusal(line.outcome.code, line.outcome.facts)
    return ""
