"""What the counter notes of somebody: classes, trainings, guardians, relatives and their consents, and her standing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import abort

from timebank.access import Right
from timebank.schemas import inputs
from timebank.schemas.inputs.parts import Input
from timebank.schemas.refusals import N_
from timebank.schemas.words import gettext as _
from timebank.services import estates, members, papers, standing, station
from timebank.visitor import actor, bank

from .forms import Form
from .frame import COMMUNITY, Answer, go, need, page, pages
from .picker import pick


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """A form about somebody: what it is called, its fields, who else it names, and what it does."""

    title: str
    right: Right
    fields: tuple[str, ...]
    schema: type[Input]
    act: Callable[..., object]
    other: str | None = None
    waits: bool = False


_NOTES = {
    "class": _Sheet(
        title=N_("Note a priority class"),
        right=Right.NOTE_PAPERS,
        fields=("name", "proof", "from_day", "expires_on"),
        schema=inputs.papers.ClassInput,
        act=papers.prove_class,
    ),
    "training": _Sheet(
        title=N_("Note a training"),
        right=Right.NOTE_PAPERS,
        fields=("course", "day", "expires_on"),
        schema=inputs.papers.TrainingInput,
        act=papers.note_training,
    ),
    "guardian": _Sheet(
        title=N_("Note a guardian"),
        right=Right.NOTE_PAPERS,
        fields=("guardian", "proof", "from_day", "expires_on"),
        schema=inputs.papers.GuardianInput,
        act=papers.note_guardian,
        other="guardian",
    ),
    "kin": _Sheet(
        title=N_("Note a relative, and what she consents to"),
        right=Right.RECORD_KINSHIP,
        fields=("member", "relation", "proof", "scope", "expires_on", "monthly_minutes"),
        schema=inputs.people.KinInput,
        act=members.relate,
        other="member",
    ),
    "assessment": _Sheet(
        title=N_("Note what a social worker found"),
        right=Right.NOTE_PAPERS,
        fields=("need", "day", "accompany", "expires_on"),
        schema=inputs.papers.AssessmentInput,
        act=papers.note_assessment,
    ),
    "stay": _Sheet(
        title=N_("Note a stay in hospital"),
        right=Right.NOTE_PAPERS,
        fields=("from_day", "expires_on"),
        schema=inputs.papers.StayInput,
        act=papers.note_stay,
    ),
    "wish": _Sheet(
        title=N_("Note a wish for the time after her death"),
        right=Right.NOTE_PAPERS,
        fields=("to", "heir"),
        schema=inputs.papers.LastWishInput,
        act=estates.note_wish,
        other="heir",
    ),
    "data": _Sheet(
        title=N_("Put the data right"),
        right=Right.REGISTER_PERSON,
        fields=("name", "phone", "born", "address"),
        schema=inputs.people.CorrectionInput,
        act=members.correct,
    ),
    "profile": _Sheet(
        title=N_("Note grid, languages and services"),
        right=Right.REGISTER_PERSON,
        fields=("grid", "gender", "speaks", "offers", "times", "goes_to"),
        schema=inputs.people.ProfileInput,
        act=members.describe,
    ),
}
_ASKS = {
    "death": _Sheet(
        title=N_("Report a death"),
        right=Right.ASK_STANDING,
        fields=("day", "proof"),
        schema=inputs.papers.DeathInput,
        act=standing.ask_death,
        waits=True,
    ),
    "incapable": _Sheet(
        title=N_("A guardian decides from now on"),
        right=Right.ASK_STANDING,
        fields=("guardian", "proof"),
        schema=inputs.papers.IncapacityInput,
        act=standing.ask_incapacity,
        other="guardian",
        waits=True,
    ),
    "close": _Sheet(
        title=N_("Close the account"),
        right=Right.ASK_STANDING,
        fields=("reason",),
        schema=inputs.papers.ClosingInput,
        act=standing.ask_closing,
        waits=True,
    ),
}


@pages.route("/people/<person_id>/note/<what>", methods=["GET", "POST"])
def note(person_id: str, what: str) -> Answer:
    """Clerk of the person's community. Note what was proved, or put data right."""
    sheet = _NOTES.get(what)
    return abort(404) if sheet is None else _fill_in(person_id, what, sheet)


@pages.route("/people/<person_id>/ask/<any('death', 'incapable', 'close'):act>", methods=["GET", "POST"])
def ask_standing(person_id: str, act: str) -> Answer:
    """Clerk and lead of the person's community. Put before a second person what cannot be taken back."""
    return _fill_in(person_id, act, _ASKS[act])


def _fill_in(person_id: str, what: str, sheet: _Sheet) -> Answer:
    person = members.person(bank(), actor(), person_id)
    need(sheet.right, person.community)
    today = station.today(bank(), person.community)
    form = Form(*sheet.fields, id=bank().uuid(), from_day=today, day=today)
    if what == "profile" and not form.sent:
        fill_with(form, members.profile(bank(), actor(), person_id))
    picker = pick(form, person.community, sheet.other) if sheet.other else None
    if form.sent:
        whose = "elder" if what == "kin" else "person"
        loaded = form.load(sheet.schema, **_known(sheet.schema, community=person.community, **{whose: person.id}))
        if loaded is not None and not form.errors:
            done = form.ask(lambda: (sheet.act(bank(), actor(), loaded),))
            if done is not None:
                if sheet.waits:
                    return go("day", code=person.community, waits="act")
                return go("person", person_id=person.id, noted=1)
    return page(
        "note.html",
        form.status,
        form=form,
        person=person,
        picker=picker,
        title=str(_(sheet.title)),
        what=what,
        waits=sheet.waits,
    )


def fill_with(form: Form, noted: members.Profile) -> None:
    """It is noted anew as a whole: what stays is there already."""
    form.typed["grid"], form.typed["gender"] = noted.grid or "", noted.gender or ""
    form.typed.setlist("speaks", list(noted.speaks))
    form.typed.setlist("offers", list(noted.offers))
    form.typed.setlist("times", list(noted.times))
    form.typed["goes_to"] = " ".join(noted.goes_to)


def _known(schema: type[Input], **known: Any) -> dict[str, Any]:
    """What the address says, as far as the schema asks for it."""
    return {name: value for name, value in known.items() if name in schema._declared_fields}


@pages.post("/people/<person_id>/papers/<paper>/end")
def end_paper(person_id: str, paper: str) -> Answer:
    """Clerk of the person's community. A class, training, guardianship or stay ends today."""
    person = members.person(bank(), actor(), person_id)
    need(Right.NOTE_PAPERS, person.community)
    today = station.today(bank(), person.community)
    papers.end(bank(), actor(), papers.Ended(community=person.community, paper=paper, day=today))
    return go("person", person_id=person.id, noted=1)


@pages.post("/people/<person_id>/kin/<kinship>/revoke")
def revoke(person_id: str, kinship: str) -> Answer:
    """Clerk of the elder's community. Her consent ends at once."""
    person = members.person(bank(), actor(), person_id)
    need(Right.RECORD_KINSHIP, person.community)
    members.revoke(bank(), actor(), members.Revocation(community=person.community, kinship=kinship))
    return go("person", person_id=person.id, noted=1)


@pages.post("/people/<person_id>/<any('suspend', 'resume'):suspension>")
def suspend(person_id: str, suspension: str) -> Answer:
    """Lead of the person's community. Suspend somebody, or end it."""
    person = members.person(bank(), actor(), person_id)
    act = standing.suspend if suspension == "suspend" else standing.resume
    act(bank(), actor(), standing.Suspension(community=person.community, person=person.id))
    return go("person", person_id=person.id, noted=1)


@pages.route(COMMUNITY + "/erasures/<person_id>", methods=["GET", "POST"])
def erase(code: str, person_id: str) -> Answer:
    """Lead of the community. Forget what is known of somebody whose account is closed."""
    need(Right.ERASE_PERSON, code)
    form = Form()
    if form.sent and form.ask(lambda: _erased(code, person_id)):
        return go("people", code=code, erased=1)
    return page("erase.html", form.status, person=members.person(bank(), actor(), person_id), form=form)


def _erased(code: str, person_id: str) -> bool:
    standing.erase(bank(), actor(), standing.Erasure(community=code, person=person_id))
    return True
