"""「谁没人管、谁在刷时长」: elders whom nobody has served lately, and what looks odd in the books."""

from datetime import date, timedelta

from flask import request
from marshmallow import ValidationError

from timebank.schemas.inputs.care import CheckedInput, FindingInput, TakingInput
from timebank.schemas.inputs.room import MonthQuery
from timebank.services import care as looked
from timebank.services import fund as funds
from timebank.services import kin_checks, towns
from timebank.visitor import actor, bank

from .forms import Form
from .frame import COMMUNITY, Answer, go, page, pages


@pages.get(COMMUNITY + "/care")
def care(code: str) -> Answer:
    """Lead of the community. This month, or `?month=`."""
    try:
        month = MonthQuery().load({"month": request.args["month"]} if request.args.get("month") else {})["month"]
    except ValidationError:
        return go("care", code=code)
    return _page(code, month)


@pages.post(COMMUNITY + "/kin-checks")
def check_kin(code: str) -> Answer:
    """Lead of the community who did not note it and is not of the family. What came of asking about a relation."""
    form = Form("kinship", "answer")
    checked = form.load(CheckedInput, community=code)
    if checked is None or form.ask(lambda: kin_checks.answer(bank(), actor(), checked)) is None:
        return _page(code, None, form)
    return go("care", code=code)


@pages.get(COMMUNITY + "/fund")
def fund(code: str) -> Answer:
    """Lead of the community. What the public fund has, what came and went, how long it lasts, and what is owed."""
    return page("fund.html", found=funds.report(bank(), actor(), code))


@pages.get("/towns/<string(length=9):code>")
def town(code: str) -> Answer:
    """Lead of the town, or above. All its communities side by side: this month, or `?month=`."""
    try:
        month = MonthQuery().load({"month": request.args["month"]} if request.args.get("month") else {})["month"]
    except ValidationError:
        return go("town", code=code)
    found = towns.look(bank(), actor(), code, month)
    return page("town.html", found=found, **_around(found.month, found.this_month))


@pages.post(COMMUNITY + "/care")
def close_finding(code: str) -> Answer:
    """Lead of the community who has no part in it. What came of looking at something odd."""
    form = Form("outcome")
    closing = form.load(FindingInput, community=code)
    if closing is None:
        return _page(code, None, form)
    if form.ask(lambda: looked.close(bank(), actor(), closing)) is None:
        return _page(code, closing.period, form)
    return go("care", code=code, month=closing.period)


@pages.post(COMMUNITY + "/care/owners")
def take_on(code: str) -> Answer:
    """Lead of the community who has no part in it. Says that one looks after a finding, or an elder nobody visits."""
    form = Form("period")
    taking = form.load(TakingInput, community=code)
    if taking is None or form.ask(lambda: looked.take_on(bank(), actor(), taking)) is None:
        return _page(code, None, form)
    return go("care", code=code, month=taking.period or None)


def _page(code: str, month: str | None, form: Form | None = None) -> Answer:
    found = looked.look(bank(), actor(), code, month)
    return page(
        "care.html",
        form.status if form else 200,
        found=found,
        form=form,
        checks=kin_checks.open_ones(bank(), actor(), code),
        outlook=[one for one in found.findings if one.outcome is None],
        closed=[one for one in found.findings if one.outcome is not None],
        **_around(found.month, found.this_month),
    )


def _around(month: str, this_month: str) -> dict[str, str | None]:
    """The months to turn to."""
    first = date.fromisoformat(f"{month}-01")
    later = (first + timedelta(days=31)).isoformat()[:7] if month < this_month else None
    return {"earlier": (first - timedelta(days=1)).isoformat()[:7], "later": later}
