"""The PIN of a member's card: chosen at the counter, changed by herself."""

from dataclasses import replace

from flask import redirect, url_for

from timebank import visitor
from timebank.access import Right
from timebank.schemas.inputs.people import OwnPinInput, PinInput
from timebank.schemas.words import gettext as _
from timebank.services import members, pins
from timebank.visitor import actor, bank

from .forms import Form
from .frame import COMMUNITY, Answer, go, need, page, pages


@pages.route(COMMUNITY + "/people/<person_id>/pin", methods=["GET", "POST"])
def choose_pin(code: str, person_id: str) -> Answer:
    """Clerk of the community. Somebody at the counter types the PIN of her card, twice."""
    need(Right.SET_PIN, code)
    person = members.person(bank(), actor(), person_id)
    form = Form("pin", "again")
    if form.sent and _alike(form):
        chosen = form.load(PinInput, community=code, person=person_id)
        if chosen is not None and form.ask(lambda: pins.choose(bank(), actor(), chosen)) is not None:
            return go("person", person_id=person_id, noted=1)
    return page("pin.html", form.status, form=form, person=person, known=pins.of(bank(), actor(), person_id))


@pages.route("/people/<person_id>/pin", methods=["GET", "POST"])
def change_pin(person_id: str) -> Answer:
    """The person herself. Another PIN in place of the one she knows; then she logs in with it."""
    person = members.person(bank(), actor(), person_id)
    need(Right.CHANGE_PIN_OWN, person.community, person_id)
    form = Form("old", "pin", "again")
    if form.sent and _alike(form):
        wanted = form.load(OwnPinInput, person=person_id)
        if wanted is not None and form.ask(lambda: _changed(wanted)) is not None:
            return redirect(url_for("web.log_in", changed=1), 303)
    return page("pin.html", form.status, form=form, person=person, known=None)


def _changed(wanted: pins.ChangedPin) -> pins.Pin:
    return pins.change(bank(), actor(), replace(wanted, address=visitor.address()))


def _alike(form: Form) -> bool:
    """Both times the same: what is typed cannot be seen."""
    if form["pin"] != form["again"]:
        form.wrong("again", str(_("This is not the same PIN. Please type both again.")))
    return not form.errors
