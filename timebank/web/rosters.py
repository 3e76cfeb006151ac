"""Rosters: who was there is ticked, looked at once more, and each row is told what became of it."""

from flask import request

from timebank.access import Right
from timebank.schemas.inputs.hours import RosterInput
from timebank.schemas.words import day_in_words, duration
from timebank.schemas.words import gettext as _
from timebank.services import groups, rosters, station
from timebank.visitor import actor, bank

from . import labels, say
from .forms import Form
from .frame import COMMUNITY, Answer, go, need, page, pages
from .orders import usual_minutes
from .picker import Picker, pick

_FIELDS = (
    "group",
    "there",
    "served",
    "day",
    "service",
    "start",
    "end",
    "minutes",
    "uncredited",
    "payer",
    "confirmed",
    "reason",
)
# Lines without a name: for who comes along, or on a list without any name.
_FREE_LINES = 5
_ONLY_FREE_LINES = 18


@pages.route(COMMUNITY + "/rosters/new", methods=["GET", "POST"])
def roster(code: str) -> Answer:
    """Clerk of the community. One event that several served at; of a group with `?group=`, its members ticked."""
    need(Right.RECORD_VISIT, code)
    today = station.today(bank(), code)
    form = Form(*_FIELDS, id=bank().uuid(), day=today, payer="issue", confirmed="paper")
    if not form.sent:
        form.typed["group"] = request.args.get("group", "")
    group = groups.of(bank(), actor(), code, form["group"]) if form["group"] else None
    if group is not None and not form.sent:
        form.typed.setlist("there", [one.person for one in group.members])
    there = pick(form, code, "there", many=True, role="volunteer")
    served = pick(form, code, "served", many=True, role="elder")
    form.fields += tuple(_own(person.id) for person in there.chosen)
    shown = {"form": form, "there": there, "served": served, "group": group}
    if not form.sent or form.step == "edit":
        return page("roster.html", **shown)
    usual_minutes(form)
    wanted = form.load(RosterInput, community=code, there=[_with_minutes(form, one.id) for one in there.chosen])
    if wanted is None or form.errors:
        return page("roster.html", form.status, **shown)
    if form.step == "post":
        done = form.ask(lambda: rosters.record(bank(), actor(), wanted))
        if done is not None:
            return go("roster_told", code=code, roster_id=done.id)
        return page("roster.html", form.status, **shown)
    return page(
        "answers.html",
        form=form,
        rows=_answers(wanted, group, there, served),
        title=str(_("Check the roster")),
        button=str(_("Record")),
        hint=str(_("Whoever cannot be entered is named afterwards, with the reason; the others are entered.")),
    )


def _own(person: str) -> str:
    """The field for the minutes of one who was there."""
    return f"own-{person}"


def _with_minutes(form: Form, person: str) -> str:
    return f"{person} {form[_own(person)]}".strip()


def _answers(
    wanted: rosters.Roster, group: groups.Group | None, there: Picker, served: Picker
) -> list[tuple[str, object]]:
    own = {one.volunteer: one.minutes for one in wanted.there if one.minutes is not None}
    names = {person.id: person.name for person in there.chosen}
    rows: list[tuple[str, object]] = [(str(_("Group")), group.name)] if group else []
    rows += [
        (str(_("Who was there")), there.chosen),
        (str(_("Day of service")), day_in_words(wanted.day)),
        (str(_("Service")), say.service(wanted.service)),
        (str(_("How long")), duration(wanted.minutes)),
    ]
    rows += [(str(_("How long: %(name)s", name=names[one])), duration(minutes)) for one, minutes in own.items()]
    if served.chosen:
        rows.append((str(_("Who was served")), served.chosen))
    rows.append((str(_("How it was confirmed")), say.word(labels.CONFIRMED, wanted.confirmed)))
    return [*rows, (str(_("Who pays")), _paid(wanted))]


def _paid(wanted: rosters.Roster) -> str:
    if wanted.group is not None:
        return str(_("Members get hours served; the group's hours go to the public fund"))
    if wanted.uncredited is not None:
        return str(_("Nobody: recorded, not credited (%(why)s)", why=say.word(labels.UNCREDITED, wanted.uncredited)))
    return say.word(labels.PAYERS, wanted.payer)


@pages.get(COMMUNITY + "/rosters/blank")
def blank_roster(code: str) -> Answer:
    """Clerk of the community. A list to take to an event and to sign; of a group with `?group=`, its members' names."""
    need(Right.RECORD_VISIT, code)
    asked = request.args.get("group")
    group = groups.of(bank(), actor(), code, asked) if asked else None
    today = station.today(bank(), code)
    there = [one.name for one in group.members if one.from_day <= today] if group else []
    return page("roster_blank.html", group=group, names=there, free=range(_FREE_LINES if there else _ONLY_FREE_LINES))


@pages.get(COMMUNITY + "/rosters/<roster_id>")
def roster_told(code: str, roster_id: str) -> Answer:
    """Clerk and lead of the community. What became of each who was there."""
    return page("roster_told.html", found=rosters.of(bank(), actor(), code, roster_id))
