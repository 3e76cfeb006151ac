"""日结: what was entered today, what waits, the close, and the sheet that two sign."""

from datetime import date, timedelta

from flask import request
from marshmallow import ValidationError

from timebank.access import Right
from timebank.schemas.inputs.desk import CloseInput
from timebank.schemas.inputs.parts import Day
from timebank.schemas.inputs.room import MonthQuery
from timebank.services import closing
from timebank.visitor import actor, bank

from .forms import Form
from .frame import COMMUNITY, Answer, go, need, page, pages


@pages.route(COMMUNITY + "/close", methods=["GET", "POST"])
def close_day(code: str) -> Answer:
    """Clerk of the community, and its lead to look. Today, or `?day=`: what was entered, what waits; then close it."""
    wanted = request.values.get("day") or None
    try:
        found = closing.of_day(bank(), actor(), code, Day().deserialize(wanted) if wanted else None)
    except ValidationError:
        return go("close_day", code=code)
    form = Form("slips", "box", "note", id=bank().uuid(), day=found.day, box=found.box)
    if form.sent:
        need(Right.CLOSE_DAY, code)
        close = form.load(CloseInput, community=code)
        done = form.ask(lambda: closing.close(bank(), actor(), close)) if close is not None else None
        if done is not None:
            return go("closed", code=code, close=done[0].id)
    return page("close.html", form.status, form=form, found=found)


@pages.get(COMMUNITY + "/closes")
def closes(code: str) -> Answer:
    """Clerk and lead of the community. The days of this month, or `?month=`, that were closed, and those that were
    not."""
    asked = request.args.get("month")
    try:
        month = MonthQuery().load({"month": asked} if asked else {})["month"]
    except ValidationError:
        return go("closes", code=code)
    found = closing.of_month(bank(), actor(), code, month)
    first = date.fromisoformat(f"{found.month}-01")
    return page(
        "closes.html",
        found=found,
        earlier=(first - timedelta(days=1)).isoformat()[:7],
        later=(first + timedelta(days=31)).isoformat()[:7] if found.month < found.this_month else None,
    )


@pages.get(COMMUNITY + "/closes/<close>")
def closed(code: str, close: str) -> Answer:
    """Clerk and lead of the community. A close as a sheet to print, with a place for two signatures."""
    found, named = closing.one(bank(), actor(), code, close)
    return page("closed.html", found=found, named=named)
