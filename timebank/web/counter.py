"""The counter: record a visit or a day-care shift in a few key presses."""

from flask import request

from timebank.access import Right
from timebank.schemas.inputs.hours import VisitInput
from timebank.schemas.words import day_in_words, duration
from timebank.schemas.words import gettext as _
from timebank.services import hours, station
from timebank.services.queue import Waiting
from timebank.visitor import actor, bank

from . import labels, say
from .forms import Form
from .frame import COMMUNITY, Answer, go, need, page, pages
from .orders import usual_minutes
from .picker import Picker, pick

_FIELDS = (
    "volunteer",
    "served",
    "day",
    "service",
    "minutes",
    "confirmed",
    "reason",
    "payer",
    "uncredited",
    "shift",
    "note",
)


@pages.route(COMMUNITY + "/record", methods=["GET", "POST"])
def record(code: str) -> Answer:
    """Clerk of the community. One screen, then a look at the answers, then it is recorded."""
    need(Right.RECORD_VISIT, code)
    form = Form(*_FIELDS, id=bank().uuid(), day=station.today(bank(), code), payer="issue")
    if not form.sent:
        _prefill(form)
    volunteer = pick(form, code, "volunteer", role="volunteer")
    served = pick(form, code, "served", many=True, role="elder")
    if not form.sent or form.step == "edit":
        return page("record.html", form=form, volunteer=volunteer, served=served)
    usual_minutes(form)
    visit = form.load(VisitInput, community=code)
    if visit is not None and form.step == "post" and not form.errors:
        posted = form.ask(lambda: hours.record(bank(), actor(), visit))
        if isinstance(posted, Waiting):
            return go("day", code=code, waits=1)
        if posted is not None:
            return go("entry_done", code=code, entry_id=posted.record.id, **{"for": visit.volunteer})
    if visit is None or form.errors:
        return page("record.html", form.status, form=form, volunteer=volunteer, served=served)
    return page(
        "answers.html",
        form=form,
        rows=_answers(visit, volunteer, served),
        title=str(_("Check the visit")),
        button=str(_("Record")),
    )


def _prefill(form: Form) -> None:
    """From a link: whom it is about, and a day-care shift."""
    for field in ("volunteer", "served"):
        if request.args.get(field):
            form.typed[field] = request.args[field]
    if request.args.get("shift") == "day-care":
        form.typed["shift"], form.typed["service"] = "day-care", "day-care"


def _answers(visit: hours.Visit, volunteer: Picker, served: Picker) -> list[tuple[str, object]]:
    confirmed = say.word(labels.CONFIRMED, visit.confirmed)
    if visit.reason:
        confirmed = f"{confirmed} · {say.word(labels.CLERK_REASONS, visit.reason)}"
    rows: list[tuple[str, object]] = [
        (str(_("Who served")), volunteer.chosen),
        (str(_("Who was served")), served.chosen),
        (str(_("Day of service")), day_in_words(visit.day)),
        (str(_("Service")), say.service(visit.service)),
        (str(_("How long")), duration(visit.minutes)),
        (str(_("How it was confirmed")), confirmed),
        (
            str(_("Who pays")),
            str(_("Nobody: recorded, not credited (%(why)s)", why=say.word(labels.UNCREDITED, visit.uncredited)))
            if visit.uncredited
            else say.word(labels.PAYERS, visit.payer),
        ),
    ]
    return [*rows, (str(_("Note")), visit.note)] if visit.note else rows
