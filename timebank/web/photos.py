"""Faces: a photo where one is kept, else the initials; and the form by which a clerk keeps one."""

from dataclasses import replace

from flask import Response, request
from markupsafe import escape

from timebank.access import Right
from timebank.schemas.words import gettext as _
from timebank.services import members, photos
from timebank.visitor import actor, bank

from . import say
from .forms import Form
from .frame import COMMUNITY, Answer, go, need, page, pages

_CIRCLE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96"><circle cx="48" cy="48" r="48" fill="#0b4f4a"/>'
    '<text x="48" y="60" font-size="34" font-weight="650" text-anchor="middle" fill="#fff"'
    ' font-family="system-ui, sans-serif">%s</text></svg>'
)

_NOTHING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96"/>'


@pages.get("/people/<person_id>/face")
def face(person_id: str) -> Response:
    """The person, who acts for her, and staff of her community."""
    return _shown(photos.of(bank(), actor(), person_id))


@pages.get(COMMUNITY + "/orders/<hold>/face")
def volunteers_face(code: str, hold: str) -> Response:
    """Who may see the order: the volunteer who comes. With `?paper=1` a photo or nothing: paper is lost, and says
    no given name."""
    found = photos.of_volunteer(bank(), actor(), code, hold)
    return _shown(replace(found, name="") if request.args.get("paper") else found)


def _shown(found: photos.Face) -> Response:
    if found.photo is not None:
        return Response(found.photo, mimetype="image/jpeg")
    drawn = _CIRCLE % escape(say.initials(found.name)) if found.name else _NOTHING
    return Response(drawn, mimetype="image/svg+xml")


@pages.route(COMMUNITY + "/people/<person_id>/photo", methods=["GET", "POST"])
def photo(code: str, person_id: str) -> Answer:
    """Clerk of the community. Keep a photo of somebody who agrees, or forget it."""
    need(Right.REGISTER_PERSON, code)
    person = members.person(bank(), actor(), person_id)
    form = Form("photo")
    if form.sent and form["act"] == "remove":
        photos.remove(bank(), actor(), code, person_id)
        return go("person", person_id=person_id, noted=1)
    if form.sent:
        file = request.files.get("photo")
        data = file.read() if file is not None else b""
        taken = photos.Taken(community=code, person=person_id, data=data)
        if not data:
            form.wrong("photo", str(_("Please choose a file.")))
        elif form.ask(lambda: photos.keep(bank(), actor(), taken)) is not None:
            return go("person", person_id=person_id, noted=1)
    return page("photo.html", form.status, form=form, person=person)
