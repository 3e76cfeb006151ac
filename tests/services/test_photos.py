"""Photos: small, upright, without what a camera adds, shown to those whom it concerns, and erased."""

import io
from typing import Any

import pytest
from PIL import Image

from tests.services.test_keys import refused
from tests.world import ELSEWHERE, HERE, World
from timebank.access import Denied
from timebank.ledger import Code, Refused
from timebank.services import approvals, orders, photos, standing

_ORIENTATION, _GPS, _MAKER = 0x0112, 0x8825, 0x010F


def picture(width: int = 600, height: int = 800, *, kind: str = "JPEG", **exif: int) -> bytes:
    """Red above, blue below; with where it was taken, as a telephone writes it."""
    made = Image.new("RGB", (width, height), "red")
    made.paste("blue", (0, height // 2, width, height))
    notes = Image.Exif()
    notes[_MAKER] = "a telephone of Wang"
    notes[_ORIENTATION] = exif.get("orientation", 1)
    notes.get_ifd(_GPS)[2] = (27.7, 106.9, 0.0)
    data = io.BytesIO()
    made.save(data, kind, exif=notes)
    return data.getvalue()


def keep(world: World, data: bytes, name: str = "li", actor: str = "clerk", community: str = HERE) -> None:
    taken = photos.Taken(community=community, person=world.people[name].id, data=data)
    photos.keep(world.bank, world.actors[actor], taken)


def shown(world: World, name: str = "li", actor: str = "clerk") -> Image.Image | None:
    found = photos.of(world.bank, world.actors[actor], world.people[name].id)
    return None if found.photo is None else Image.open(io.BytesIO(found.photo))


def _colours(found: Image.Image | None) -> tuple[str, str, str, str]:
    """At the four edges: above, right, below, left."""
    assert found is not None
    far, half = photos.SIDE - 8, photos.SIDE // 2
    points = ((half, 8), (far, half), (half, far), (8, half))
    pixels: list[Any] = [found.getpixel(point) for point in points]
    above, right, below, left = ("red" if pixel[0] > pixel[2] else "blue" for pixel in pixels)
    return above, right, below, left


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_kept_small_and_square_without_what_the_camera_added(world: World, kind: str) -> None:
    data = picture(kind=kind)
    assert b"a telephone of Wang" in data
    keep(world, data)
    found = photos.of(world.bank, world.actors["clerk"], world.people["li"].id)
    assert found.photo is not None
    assert b"telephone" not in found.photo
    small = Image.open(io.BytesIO(found.photo))
    assert (small.format, small.size, dict(small.getexif())) == ("JPEG", (photos.SIDE, photos.SIDE), {})
    assert len(found.photo) < 20_000


def test_it_stands_upright_however_the_telephone_was_held(world: World) -> None:
    keep(world, picture(600, 600))
    assert _colours(shown(world))[::2] == ("red", "blue")
    keep(world, picture(600, 600, orientation=3))  # held upside down
    assert _colours(shown(world))[::2] == ("blue", "red")
    keep(world, picture(600, 600, orientation=6))  # turned to the right
    assert _colours(shown(world))[1::2] == ("red", "blue")


@pytest.mark.parametrize(
    "data",
    [b"", b"%PDF-1.7 not a picture", picture(90, 800), picture()[:300], picture(kind="GIF"), b"<svg/>"],
    ids=["nothing", "pdf", "narrow", "broken off", "gif", "svg"],
)
def test_what_is_no_photo_is_refused_and_the_old_one_stays(world: World, data: bytes) -> None:
    keep(world, picture())
    assert refused(lambda: keep(world, data)) is Code.PHOTO_FORM
    assert shown(world) is not None


def test_a_picture_that_unpacks_to_too_much_is_not_unpacked(world: World) -> None:
    data = io.BytesIO()
    Image.new("1", (8000, 8000)).save(data, "PNG")
    assert len(data.getvalue()) < 20_000
    assert refused(lambda: keep(world, data.getvalue())) is Code.PHOTO_FORM


def test_who_sees_it(world: World) -> None:
    keep(world, picture(), "wang")
    for name in ("wang", "daughter", "clerk", "lead"):
        assert shown(world, "wang", name) is not None
    for name in ("li", "stranger", "admin", "auditor", "far clerk"):
        with pytest.raises(Denied):
            shown(world, "wang", name)


def test_the_elder_sees_who_comes_once_somebody_has_taken_it(world: World) -> None:
    keep(world, picture())
    hold = world.order(payer="public").record.id

    def volunteer(name: str) -> photos.Face:
        return photos.of_volunteer(world.bank, world.actors[name], HERE, hold)

    assert volunteer("wang") == photos.Face("", None)
    orders.accept(world.bank, world.actors["li"], HERE, hold)
    for name in ("wang", "daughter", "clerk", "li"):
        assert (volunteer(name).name, volunteer(name).photo is not None) == ("李明", True)
    for name in ("zhao", "far clerk"):
        with pytest.raises(Denied):
            volunteer(name)


def test_only_clerks_of_the_community_keep_and_forget_one(world: World) -> None:
    for name in ("li", "lead", "far clerk"):
        with pytest.raises(Denied):
            keep(world, picture(), actor=name)
    with pytest.raises(Refused):
        keep(world, picture(), "li", "far clerk", ELSEWHERE)
    keep(world, picture())
    for _ in range(2):
        photos.remove(world.bank, world.actors["clerk"], HERE, world.people["li"].id)
        assert shown(world) is None


def test_it_is_sealed_and_goes_with_her_data(world: World) -> None:
    keep(world, picture(), "zhao")
    with world.bank.view() as view:
        (stored,) = view.connection.exec_driver_sql("SELECT sealed_picture FROM photos").scalars()
    assert b"JFIF" not in bytes(stored)
    person = world.people["zhao"].id
    closing = standing.Closing(id=world.bank.uuid(), community=HERE, person=person, reason="moved-away")
    standing.ask_closing(world.bank, world.actors["clerk"], closing)
    approvals.decide(world.bank, world.actors["lead"], HERE, closing.id, approve=True)
    standing.erase(world.bank, world.actors["lead"], standing.Erasure(community=HERE, person=person))
    with world.bank.view() as view:
        assert view.connection.exec_driver_sql("SELECT count(*) FROM photos").scalar() == 0
