"""Hours that travel: give them to somebody in another community, see how far they have come; the links between both."""

from flask import Response

from timebank.access import Denied, Right
from timebank.schemas.inputs.hours import TransferInput
from timebank.schemas.words import amount
from timebank.schemas.words import gettext as _
from timebank.services import members, payees, peers, positions, reconciliation, statements, witnessing
from timebank.services import transfers as travelling
from timebank.visitor import actor, bank

from . import labels, say
from .forms import Form
from .frame import COMMUNITY, Answer, can, go, need, page, pages


@pages.route("/people/<person_id>/send", methods=["GET", "POST"])
def send(person_id: str) -> Answer:
    """The person, who acts for her, and clerks. Hours for the holder of a card in another community: one act."""
    giver = members.person(bank(), actor(), person_id)
    if not can(Right.GIFT_FOR_OTHERS, giver.community) and not can(Right.GIFT_OWN, giver.community, person_id):
        raise Denied(Right.GIFT_OWN, giver.community)
    form = Form("to", "card", "minutes", "reason", id=bank().uuid(), reason="family")
    found = statements.figures(bank(), actor(), person_id)
    shown = {"form": form, "person": giver, "figures": found, "elsewhere": payees.elsewhere(bank(), giver.community)}
    if not form.sent or form.step == "edit":
        return page("send.html", **shown)
    there = _payee(form, person_id)
    transfer = form.load(TransferInput, community=giver.community, giver=person_id, to=there.community if there else "")
    if form.errors or transfer is None or there is None:
        form.errors.pop("to", None)
        return page("send.html", max(form.status, 422), **shown)
    if form.step == "post":
        if form.ask(lambda: travelling.send(bank(), actor(), transfer)) is not None:
            return go("transfers", person_id=person_id, new=1)
        return page("send.html", form.status, **shown)
    next_comes = _("The other community decides, usually at once. If it does not take them, they come back.")
    rows = [
        (str(_("Who gives")), giver.name),
        (str(_("Who is given")), there.name),
        (str(_("Where")), there.place),
        (str(_("How much")), amount(transfer.minutes)),
        (str(_("Why")), say.word(labels.GIFT, transfer.reason)),
        (str(_("What remains")), amount(found.available - transfer.minutes)),
        (str(_("What happens next")), str(next_comes)),
    ]
    return page(
        "answers.html", form=form, rows=rows, title=str(_("Check before you give")), button=str(_("Give these hours"))
    )


def _payee(form: Form, giver: str) -> payees.Payee | None:
    card = form["card"].strip()
    if not card:
        form.wrong("card", str(_("Please fill this in.")))
        return None
    return form.ask(lambda: payees.look(bank(), actor(), giver, card, form["to"]))


@pages.get("/people/<person_id>/transfers")
def transfers(person_id: str) -> Answer:
    """The person, who acts for her, and staff of her community. What was sent elsewhere, and how far it has come."""
    sent = travelling.of_person(bank(), actor(), person_id)
    return page("transfers.html", person=members.person(bank(), actor(), person_id), sent=sent)


@pages.get(COMMUNITY + "/peers")
def links(code: str) -> Answer:
    """Auditor, admin and lead of the community. What it and each other community owe one another, and what differs."""
    return _links(code, Form("peer", "entry", "resolution"))


@pages.post(COMMUNITY + "/peers")
def resolve(code: str) -> Answer:
    """Lead of the community. Take care of something that differs, and say what was done about it."""
    need(Right.DECIDE_DOUBT, code)
    form = Form("peer", "entry", "resolution")
    if form.step == "take":
        if form.ask(lambda: _taken(code, form["peer"], form["entry"])):
            return go("links", code=code)
        return _links(code, form)
    said = form["resolution"].strip()
    if not said:
        form.wrong("resolution", str(_("Please fill this in.")))
    elif form.ask(lambda: _resolved(code, form["peer"], form["entry"], said[:100])):
        return go("links", code=code)
    return _links(code, form)


def _resolved(code: str, peer: str, entry: str, said: str) -> bool:
    reconciliation.resolve(bank(), actor(), code, peer, entry, said)
    return True


def _taken(code: str, peer: str, entry: str) -> bool:
    positions.take_on(bank(), actor(), code, peer, entry)
    return True


def _links(code: str, form: Form) -> Answer:
    found = peers.of(bank(), actor(), code)
    return page(
        "links.html",
        form.status,
        links=found,
        differing=positions.differing(bank(), actor(), code),
        nights=positions.nights(bank(), actor(), code),
        witnessed=witnessing.witnessed(bank(), actor(), code),
        evidence=witnessing.evidence(bank(), actor(), code),
        places={one.origin: one.place for one in found},
        ours=peers.ours(bank(), actor(), code),
        code=code,
        form=form,
    )


@pages.get(COMMUNITY + "/evidence/<number>")
def evidence(code: str, number: str) -> Answer:
    """Auditor, admin and lead of the community. What is kept against a ledger, byte for byte, for anybody to check."""
    return _file(witnessing.evidence_file(bank(), actor(), code, number), f"{number}.timebank-evidence")


@pages.get(COMMUNITY + "/witnessed/<path:by>")
def witnessed(code: str, by: str) -> Answer:
    """Auditor, admin and lead of the community. Its head with the line of another ledger, to be kept."""
    return _file(witnessing.head(bank(), actor(), code, by), f"{code}.checkpoint")


def _file(data: bytes, name: str) -> Answer:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, mimetype="text/plain", headers=headers)
