"""What people left behind: the station's cases, how one stands for the family, and the monthly slips."""

from flask import request
from marshmallow import ValidationError

from timebank.schemas.inputs.papers import InheritanceInput
from timebank.schemas.inputs.room import MonthQuery
from timebank.services import estates as left
from timebank.services import slips as slipped
from timebank.visitor import actor, bank

from .forms import Form
from .frame import COMMUNITY, Answer, go, page, pages


@pages.route(COMMUNITY + "/estates", methods=["GET", "POST"])
def estates(code: str) -> Answer:
    """Clerk and lead of the community. The open cases; asks for hours to go to an heir or the fund."""
    form = Form("number", "minutes", "heir", id=bank().uuid())
    if form.sent:
        wanted = form.load(InheritanceInput, community=code)
        if wanted is not None and form.ask(lambda: left.ask(bank(), actor(), wanted)) is not None:
            return go("day", code=code, waits="act")
    return page("estates.html", form.status, cases=left.cases(bank(), actor(), code), form=form, code=code)


@pages.get("/estates/<number>")
def estate(number: str) -> Answer:
    """Anybody who has the number. How the case of somebody who died stands, and what to bring."""
    return page("estate.html", case=left.look(bank(), number))


@pages.get(COMMUNITY + "/slips")
def slips(code: str) -> Answer:
    """Clerk and lead of the community. The slips of this month, or `?month=`, to be printed, one sheet each."""
    try:
        month = MonthQuery().load({"month": request.args["month"]} if request.args.get("month") else {})["month"]
    except ValidationError:
        return go("slips", code=code)
    return page("slips.html", found=slipped.of_month(bank(), actor(), code, month))
