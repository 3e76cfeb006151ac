"""A clerk keeps a photo; it stands where an elder looks for who comes, and paper says no given name."""

import io

import pytest
from flask import Flask

from tests.services.test_photos import picture
from tests.web.visitor import AT, Visitor, beside, said
from tests.world import HERE, World
from timebank.services import orders

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def _order(world: World) -> str:
    hold = world.order(payer="public").record.id
    orders.accept(world.bank, world.actors["li"], HERE, hold)
    return hold


def test_from_the_file_to_the_elders_page_and_the_appointment(app: Flask, world: World) -> None:
    hold, person = _order(world), world.people["li"].id
    clerk, wang = Visitor(app, world, "clerk"), Visitor(app, world, "wang")
    page = f"{AT}/people/{person}/photo"
    assert page in clerk.get(f"/people/{person}").text
    kept = clerk.post(page, act="keep", photo=[(io.BytesIO(picture()), "li.jpg")])
    assert kept.location.startswith(f"/people/{person}")
    face = f"{AT}/orders/{hold}/face"
    assert face in wang.get("/me").text
    assert face in wang.get(f"{AT}/orders/{hold}").text
    shown = wang.get(face)
    # Not kept in the browser: a station's is used by many.
    assert (shown.mimetype, shown.headers["Cache-Control"]) == ("image/jpeg", "no-store")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert f"{face}?paper=1" in clerk.get(f"{AT}/orders/{hold}/appointment").text
    assert clerk.get(f"{face}?paper=1").data == shown.data
    assert clerk.post(page, act="remove").location.startswith(f"/people/{person}")
    assert wang.get(face).mimetype == "image/svg+xml"


def test_without_a_photo_there_are_initials_on_the_screen_and_nothing_on_paper(app: Flask, world: World) -> None:
    face = f"{AT}/orders/{_order(world)}/face"
    clerk = Visitor(app, world, "clerk")
    assert "李明" in clerk.get(face).text
    assert "李" not in clerk.get(f"{face}?paper=1").text


def test_what_is_no_picture_is_said_beside_the_field(app: Flask, world: World) -> None:
    clerk = Visitor(app, world, "clerk")
    page = f"{AT}/people/{world.people['li'].id}/photo"
    refused = clerk.post(page, act="keep", photo=[(io.BytesIO(b"%PDF"), "li.pdf")])
    assert refused.status_code == 422
    assert "no picture that can be read" in beside(refused, "photo")
    nothing = clerk.post(page, act="keep")
    assert "Please choose a file" in said(nothing)
