"""The station's day: what was recorded, what is open, what waits for a second person, each with one next action."""

from datetime import date, timedelta

from flask import request
from marshmallow import ValidationError

from timebank.access import Right
from timebank.ledger import Code, Refused
from timebank.schemas.inputs.care import CalledInput
from timebank.schemas.inputs.orders import DoneInput
from timebank.schemas.inputs.parts import Day
from timebank.schemas.words import amount, day_in_words, duration
from timebank.schemas.words import gettext as _
from timebank.services import approvals, callbacks, closing, orders, questions, station
from timebank.visitor import actor, bank

from . import labels, say
from .forms import Form
from .frame import COMMUNITY, Answer, go, need, page, pages
from .picker import pick


@pages.get(COMMUNITY + "/day")
def day(code: str) -> Answer:
    """Clerk and lead of the community. Today, or `?day=`."""
    wanted = request.args.get("day") or None
    try:
        found = station.day(bank(), actor(), code, Day().deserialize(wanted) if wanted else None)
    except ValidationError:
        return go("day", code=code)
    at = date.fromisoformat(found.day)
    return page(
        "day.html",
        day=found,
        calls=callbacks.open_ones(bank(), actor(), code),
        doubts=questions.open_ones(bank(), actor(), code),
        not_closed=closing.not_closed(bank(), actor(), code),
        earlier=(at - timedelta(days=1)).isoformat(),
        later=(at + timedelta(days=1)).isoformat() if found.day < found.today else None,
    )


@pages.route(COMMUNITY + "/orders/<hold>/settle", methods=["GET", "POST"])
def settle(code: str, hold: str) -> Answer:
    """Clerk of the community. The service of an order was given: by whom, how long, how confirmed."""
    need(Right.SETTLE, code)
    found = station.day(bank(), actor(), code)
    order = next((order for order in found.orders if order.hold == hold), None)
    form = Form("volunteer", "day", "minutes", "confirmed", "reason", day=found.today)
    if order is None:
        # Sent twice: the first one was heard, so its entry is what the second one meant.
        if form.sent and form.step == "post":
            return go("entry_done", code=code, entry_id=f"{hold}.outcome", **{"for": form["volunteer"]})
        raise Refused(Code.ORDER_UNKNOWN)
    form.typed.setdefault("minutes", str(order.minutes))
    volunteer = pick(form, code, "volunteer", role="volunteer")
    if not form.sent or form.step == "edit":
        return page("settle.html", form=form, order=order, volunteer=volunteer)
    done = form.load(DoneInput, community=code, hold=hold)
    if done is not None and form.step == "post" and not form.errors:
        posted = form.ask(lambda: orders.enter(bank(), actor(), done))
        if posted is not None:
            return go("entry_done", code=code, entry_id=posted.record.id, **{"for": done.volunteer})
    if done is None or form.errors:
        return page("settle.html", form.status, form=form, order=order, volunteer=volunteer)
    confirmed = say.word(labels.CONFIRMED, done.confirmed)
    rows: list[tuple[str, object]] = [
        (str(_("Who served")), volunteer.chosen),
        (str(_("Who was served")), order.elder_name),
        (str(_("Service")), say.service(order.service)),
        (str(_("Day of service")), day_in_words(done.day)),
        (str(_("How long")), duration(done.minutes)),
        (str(_("Held for it")), amount(order.minutes)),
        (str(_("How it was confirmed")), confirmed),
    ]
    return page("answers.html", form=form, rows=rows, title=str(_("Check the service")), button=str(_("Record")))


@pages.post(COMMUNITY + "/approvals/<approval>")
def decide(code: str, approval: str) -> Answer:
    """Lead of the community, and never who asked or recorded. Approve or refuse what waits."""
    approve = request.form.get("decision") == "approve"
    posted = approvals.decide(bank(), actor(), code, approval, approve=approve)
    if posted is None:
        return go("day", code=code)
    return go("entry_done", code=code, entry_id=posted.record.id)


@pages.post(COMMUNITY + "/callbacks")
def call_back(code: str) -> Answer:
    """Clerk and lead of the community, and never who recorded it. What somebody says who was called back."""
    called = Form("entry", "answer").load(CalledInput, community=code)
    if called is not None:
        callbacks.answer(bank(), actor(), called)
    return go("day", code=code)
