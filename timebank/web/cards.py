"""Cards: that of a member, with her number as a scanner reads it; a new one for one that was lost; and the card inside
an elder's door, with the code for signing in and out."""

from flask import request

from timebank.access import Right
from timebank.schemas.inputs.desk import RenewalInput
from timebank.services import cards, members, orders
from timebank.visitor import actor, bank

from .forms import Form
from .frame import COMMUNITY, Answer, go, need, page, pages, qr_code
from .picker import pick


@pages.route(COMMUNITY + "/cards", methods=["GET", "POST"])
def member_cards(code: str) -> Answer:
    """Clerk of the community. The cards of those who are chosen, or of `?person=`, ten to a sheet to print and cut."""
    need(Right.REGISTER_PERSON, code)
    form = Form("person", person=request.args.get("person", ""))
    holders = pick(form, code, "person", many=True)
    made = [(person, qr_code(person.card)) for person in holders.chosen]
    return page("member_cards.html", form.status, form=form, holders=holders, cards=made)


@pages.route("/people/<person_id>/card", methods=["GET", "POST"])
def lost_card(person_id: str) -> Answer:
    """Clerk of the person's community. Her card was lost: it is void, and a new one is printed."""
    person = members.person(bank(), actor(), person_id)
    need(Right.REGISTER_PERSON, person.community)
    form = Form("card", card=person.card)
    if form.sent:
        renewal = form.load(RenewalInput, community=person.community, person=person.id)
        if renewal is not None and form.ask(lambda: cards.renew(bank(), actor(), renewal)) is not None:
            return go("member_cards", code=person.community, person=person.id, new=1)
    void = cards.void_ones(bank(), actor(), person.id)
    return page("lost_card.html", form.status, form=form, person=person, void=void)


@pages.route(COMMUNITY + "/people/<person_id>/door", methods=["GET", "POST"])
def door_card(code: str, person_id: str) -> Answer:
    """Clerk of the community. A new code for somebody's door, to be printed at once: it is shown only now."""
    need(Right.RUN_ORDERS, code)
    person = members.person(bank(), actor(), person_id)
    made = orders.make_code(bank(), actor(), code, person_id) if request.method == "POST" else ""
    return page("door.html", person=person, made=made, qr=qr_code(made) if made else "")
