"""The card that hangs inside an elder's door, with the code for signing in and out."""

from flask import request

from timebank.access import Right
from timebank.services import members, orders
from timebank.visitor import actor, bank

from .frame import COMMUNITY, Answer, need, page, pages, qr_code


@pages.route(COMMUNITY + "/people/<person_id>/door", methods=["GET", "POST"])
def door_card(code: str, person_id: str) -> Answer:
    """Clerk of the community. A new code for somebody's door, to be printed at once: it is shown only now."""
    need(Right.RUN_ORDERS, code)
    person = members.person(bank(), actor(), person_id)
    made = orders.make_code(bank(), actor(), code, person_id) if request.method == "POST" else ""
    return page("door.html", person=person, made=made, qr=qr_code(made) if made else "")
