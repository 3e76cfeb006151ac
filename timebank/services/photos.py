"""Photos by which an elder knows who comes, and a clerk who stands at the counter: small, sealed, nowhere else."""

import base64
import io
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from timebank import directory
from timebank.access import Actor, Right, require, require_either
from timebank.bank import Bank, View
from timebank.ledger import Code, Refused

from . import orders

SIDE = 192  # pixels, both ways: two centimetres on paper
_LEAST = 96  # of the shorter side; a face on fewer is nobody's
_MOST_PIXELS = 40_000_000  # a telephone's camera; more is not unpacked
_FORMATS = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A picture as a camera or a telephone gives it; somebody has agreed that it is kept."""

    community: str
    person: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Face:
    """A photo (JPEG, `SIDE` pixels square); None where none is kept, and the name says who it would be."""

    name: str
    photo: bytes | None


def keep(bank: Bank, actor: Actor | None, taken: Taken) -> Face:
    """Keep the middle of a picture, upright and small, in place of what was kept; nothing else of the file, such as
    where it was taken. Refused for what is no picture, or too small a one."""
    actor = require(actor, Right.REGISTER_PERSON, taken.community)
    small = _reduced(taken.data)  # before the transaction: it takes a while
    with bank.office() as office:
        person = office.person(taken.person, taken.community)
        if person.kind != "person":
            raise Refused(Code.PERSON_ROLE, person=person.id, role="member")
        sealed = office.vault.seal("photos.picture", person.id, base64.b64encode(small).decode())
        directory.photos.keep(office.people, person.id, sealed, by=actor.login, now=office.now)
        return Face(directory.people.name_of(office.vault, person) or "", small)


def remove(bank: Bank, actor: Actor | None, community: str, person_id: str) -> None:
    """Forget somebody's photo; twice is the same."""
    require(actor, Right.REGISTER_PERSON, community)
    with bank.office() as office:
        directory.photos.forget(office.connection, office.person(person_id, community).id)


def of(bank: Bank, actor: Actor | None, person_id: str) -> Face:
    """Somebody's face: for herself, who acts for her, and staff of her community."""
    with bank.view() as view:
        found = directory.people.known(view.connection, [person_id]).get(person_id)
        require_either(actor, Right.SEE_PERSON, Right.SEE_OWN, found.community if found else "", person_id)
        return _face(view, view.person(person_id))


def of_volunteer(bank: Bank, actor: Actor | None, community: str, hold: str) -> Face:
    """Who comes for an order, for whoever may see the order; nobody's face while nobody has taken it."""
    order = orders.told(bank, actor, community, hold)
    if order.volunteer is None:
        return Face("", None)
    with bank.view() as view:
        return _face(view, view.person(order.volunteer))


def _face(view: View, person: directory.people.Known) -> Face:
    sealed = directory.photos.of(view.connection, person.id)
    photo = None
    if sealed is not None:
        photo = base64.b64decode(view.vault.open("photos.picture", person.id, sealed))
    return Face(directory.people.name_of(view.vault, person) or "", photo)


def _reduced(data: bytes) -> bytes:
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
            width, height = picture.size
            if min(width, height) < _LEAST or width * height > _MOST_PIXELS:
                raise Refused(Code.PHOTO_FORM)
            picture.draft("RGB", (2 * SIDE, 2 * SIDE))  # a JPEG is unpacked no larger than is needed
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Refused(Code.PHOTO_FORM) from error
    made = io.BytesIO()
    ImageOps.fit(upright, (SIDE, SIDE), centering=(0.5, 0.4)).save(made, "JPEG", quality=76, optimize=True)
    return made.getvalue()
