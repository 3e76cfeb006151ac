"""A person's pages: figures and feed, statement, giving hours away; and finding and registering people."""

import csv
import io
from dataclasses import replace
from itertools import groupby

from flask import Response, jsonify, request, url_for
from marshmallow import ValidationError

from timebank import visitor
from timebank.access import Denied, Right
from timebank.ledger import Refused
from timebank.schemas.inputs.hours import DonationInput, GiftInput
from timebank.schemas.inputs.parts import Day
from timebank.schemas.inputs.people import OwnProfileInput, RegistrationInput
from timebank.schemas.inputs.room import MonthQuery
from timebank.schemas.words import amount
from timebank.schemas.words import gettext as _
from timebank.services import communities, gifts, home, members, papers, statements, station
from timebank.services import months as monthly
from timebank.visitor import actor, bank

from . import labels, pdf, say
from .forms import Form
from .frame import COMMUNITY, Answer, can, go, need, page, pages, size
from .papers import fill_with
from .picker import pick

PAGE = 20


@pages.get("/me")
def me() -> Answer:
    """The member. Her own hours, and the way to each elder for whom she acts."""
    who = visitor.who()
    if who is None:
        return go("log_in", next=request.path)
    if who.actor.person is None:
        return go("start")
    return _home(who.actor.person)


@pages.get("/people/<person_id>")
def person(person_id: str) -> Answer:
    """The person, who acts for her, and staff of her community. The same page for all of them."""
    return _home(person_id)


def _home(person_id: str) -> Answer:
    before = request.args.get("before", type=int)
    found = actor()
    seen = home.home(bank(), found, person_id, before, PAGE)
    lines = [say.line(item, seen.person.account) for item in seen.history.items]
    months = [(month, list(of_month)) for month, of_month in groupby(lines, key=lambda line: line.month)]
    staff = can(Right.SEE_PERSON, seen.person.community)
    own = found is not None and found.person == person_id
    further = _further(seen.person, own=own)
    # On somebody's own page the larger the type, the fewer things stand there to choose from; the rest is one tap away.
    most = _AT_ONCE[size()] if own else len(further)
    return page(
        "person.html",
        noted=papers.of(bank(), found, person_id) if staff else None,
        profile=members.profile(bank(), found, person_id) if staff else None,
        person=seen.person,
        figures=seen.figures,
        orders=seen.orders,
        elders=seen.elders,
        history=seen.history,
        expiring=seen.expiring,
        months=months,
        coming=seen.coming,
        nearby=seen.nearby,
        before=before,
        own=own,
        further=further[:most],
        folded=further[most:],
        acts=can(Right.REDEEM_OWN, seen.person.community, person_id),
    )


_AT_ONCE = {"normal": 3, "large": 1, "elder": 0}


def _further(person: members.Known, *, own: bool) -> list[tuple[str, str]]:
    """What else there is of somebody, for whoever looks: addresses with their words, what is asked for most first."""
    hers = url_for("web.person", person_id=person.id)
    gives = own or can(Right.GIFT_FOR_OTHERS, person.community)
    honours = person.is_volunteer and (own or can(Right.REGISTER_PERSON, person.community))
    offered = (
        (True, f"{hers}/statement", _("Statement")),
        (True, f"{hers}/month", _("This month at home")),
        (gives, f"{hers}/give", _("Give hours to somebody")),
        (person.is_volunteer, url_for("web.certificates", person_id=person.id), _("Certificate of service")),
        (own and person.is_volunteer, f"{hers}/profile", _("What I can do, and when")),
        (gives, f"{hers}/send", _("Give hours to somebody in another community")),
        (gives, f"{hers}/donate", _("Donate hours")),
        (own, f"{hers}/pin", _("Change my PIN")),
        (honours, f"{hers}/honour", _("Honour board")),
    )
    return [(url, str(words)) for is_offered, url, words in offered if is_offered]


@pages.route("/people/<person_id>/profile", methods=["GET", "POST"])
def own_profile(person_id: str) -> Answer:
    """The person herself, if she serves. What she speaks and offers, when she has time, and her telephone number."""
    found = members.person(bank(), actor(), person_id)
    need(Right.DESCRIBE_OWN, found.community, person_id)
    form = Form("speaks", "offers", "times", "goes_to", "phone")
    if form.sent:
        # An empty field takes the number away; one that is not on the page leaves it.
        phone = {"phone": form["phone"].strip()} if "phone" in form.typed else {}
        own = form.load(OwnProfileInput, person=person_id)
        if (
            own is not None
            and form.ask(lambda: members.describe_own(bank(), actor(), replace(own, **phone))) is not None
        ):
            return go("person", person_id=person_id, noted=1)
    noted = members.profile(bank(), actor(), person_id)
    if not form.sent:
        fill_with(form, noted)
        form.typed["phone"] = members.own_phone(bank(), actor(), person_id)
    return page("profile.html", form.status, form=form, person=found, noted=noted)


@pages.get("/people/<person_id>/month")
def month(person_id: str) -> Answer:
    """The person, who acts for her, and staff of her community. Who came in this month, or `?month=`."""
    asked = request.args.get("month")
    try:
        wanted = MonthQuery().load({"month": asked} if asked else {})["month"]
    except ValidationError:
        return go("month", person_id=person_id)
    return page("month.html", found=monthly.of_person(bank(), actor(), person_id, wanted))


@pages.get("/people/<person_id>/statement")
def statement(person_id: str) -> Answer:
    """The person, who acts for her, and staff of her community. `?from=&to=`; as a file with `&form=csv` or `pdf`."""
    known = members.person(bank(), actor(), person_id)
    today = station.today(bank(), known.community)
    form = Form("from", "to")
    for field, fallback in (("from", today[:8] + "01"), ("to", today)):
        form.typed[field] = request.args.get(field) or fallback
        try:
            Day().deserialize(form[field])
        except ValueError as error:
            form.wrong(field, str(error.args[0][0] if isinstance(error.args[0], list) else error.args[0]))
    if not form.errors and form["from"] > form["to"]:
        form.wrong("to", str(_("The end must be after the start.")))
    found = None
    if not form.errors:
        found = form.ask(lambda: statements.statement(bank(), actor(), person_id, form["from"], form["to"]))
    if found is None:
        return page("statement.html", form.status, person=known, form=form, statement=None)
    if request.args.get("form") == "csv":
        return _as_csv(found, known.account)
    if request.args.get("form") == "pdf":
        return _as_pdf(found, known)
    return page("statement.html", person=known, form=form, statement=found)


def _as_csv(found: statements.Statement, account: str) -> Response:
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(
        [
            str(_("Posted")),
            str(_("Day of service")),
            str(_("What")),
            str(_("Sentence")),
            str(_("Change, minutes")),
            str(_("Balance, minutes")),
            str(_("Balance")),
            str(_("Number")),
        ]
    )
    opening, closing = str(_("Opening balance")), str(_("Closing balance"))
    rows.writerow([found.first_day, "", opening, "", "", found.opening, amount(found.opening), ""])
    for item in found.items:
        said = [say.posted_day(item.ms), item.day, say.kind(item, account), say.sentence(item)]
        rows.writerow([*map(safe_cell, said), item.change, item.balance, amount(item.balance), item.seq])
    rows.writerow([found.last_day, "", closing, "", "", found.closing, amount(found.closing), ""])
    name = f"statement-{found.first_day}-{found.last_day}.csv"
    return Response(
        text.getvalue().encode("utf-8-sig"),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _as_pdf(found: statements.Statement, known: members.Known) -> Response:
    there = communities.one(bank(), known.community)
    data = pdf.passbook(found, known, f"{there.county} · {there.town} · {there.name}")
    name = f"passbook-{found.first_day}-{found.last_day}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, mimetype="application/pdf", headers=headers)


def safe_cell(text: str) -> str:
    """A cell that a spreadsheet would take for a formula gets an apostrophe in front, and stays text."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


@pages.route("/people/<person_id>/give", methods=["GET", "POST"])
def give(person_id: str) -> Answer:
    """The person, who acts for her, and clerks. To a card; a clerk may look people up, a member sees a masked name."""
    giver = members.person(bank(), actor(), person_id)
    looks_up = can(Right.GIFT_FOR_OTHERS, giver.community)
    if not looks_up and not can(Right.GIFT_OWN, giver.community, person_id):
        raise Denied(Right.GIFT_OWN, giver.community)
    form = Form("card", "receiver", "minutes", "reason", id=bank().uuid(), reason="family")
    found = statements.figures(bank(), actor(), person_id)
    picker = pick(form, giver.community, "receiver") if looks_up else None
    if not form.sent or form.step == "edit":
        return page("give.html", form=form, person=giver, figures=found, picker=picker)
    receiver = _receiver(form, giver)
    gift = form.load(GiftInput, community=giver.community, giver=person_id, receiver=receiver.id if receiver else "")
    if form.errors:
        form.errors.pop("receiver" if picker is None else "card", None)
    if form.errors or gift is None or receiver is None:
        return page("give.html", max(form.status, 422), form=form, person=giver, figures=found, picker=picker)
    if form.step == "post":
        posted = form.ask(lambda: gifts.give(bank(), actor(), gift))
        if posted is not None:
            return go("entry_done", code=giver.community, entry_id=posted.record.id, **{"for": person_id})
        return page("give.html", form.status, form=form, person=giver, figures=found, picker=picker)
    rows = [
        (str(_("Who gives")), giver.name),
        (str(_("Who is given")), receiver.name),
        (str(_("How much")), amount(gift.minutes)),
        (str(_("Why")), say.word(labels.GIFT, gift.reason)),
        (str(_("What remains")), amount(found.available - gift.minutes)),
    ]
    return page(
        "answers.html", form=form, rows=rows, title=str(_("Check before you give")), button=str(_("Give these hours"))
    )


def _receiver(form: Form, giver: members.Known) -> members.Masked | None:
    """Who is given: chosen by the clerk, or the holder of the card that was typed."""
    if form["receiver"]:
        chosen = members.person(bank(), actor(), form["receiver"])
        return members.Masked(id=chosen.id, name=chosen.name)
    if not form["card"].strip():
        if "receiver" not in form.errors:
            form.wrong("card", str(_("Please fill this in.")))
        return None
    return form.ask(lambda: members.by_card(bank(), actor(), giver.id, form["card"]))


@pages.route("/people/<person_id>/donate", methods=["GET", "POST"])
def donate(person_id: str) -> Answer:
    """The person, who acts for her, and clerks. To the public fund."""
    giver = members.person(bank(), actor(), person_id)
    if not can(Right.DONATE_FOR_OTHERS, giver.community) and not can(Right.DONATE_OWN, giver.community, person_id):
        raise Denied(Right.DONATE_OWN, giver.community)
    form = Form("minutes", id=bank().uuid())
    found = statements.figures(bank(), actor(), person_id)
    if not form.sent or form.step == "edit":
        return page("donate.html", form=form, person=giver, figures=found)
    donation = form.load(DonationInput, community=giver.community, giver=person_id)
    if donation is None:
        return page("donate.html", form.status, form=form, person=giver, figures=found)
    if form.step == "post":
        posted = form.ask(lambda: gifts.donate(bank(), actor(), donation))
        if posted is not None:
            return go("entry_done", code=giver.community, entry_id=posted.record.id, **{"for": person_id})
        return page("donate.html", form.status, form=form, person=giver, figures=found)
    rows = [
        (str(_("Who donates")), giver.name),
        (str(_("Who is given")), str(_("The public fund"))),
        (str(_("How much")), amount(donation.minutes)),
        (str(_("What remains")), amount(found.available - donation.minutes)),
    ]
    return page(
        "answers.html",
        form=form,
        rows=rows,
        title=str(_("Check before you donate")),
        button=str(_("Donate these hours")),
    )


@pages.route(COMMUNITY + "/people", methods=["GET", "POST"])
def people(code: str) -> Answer:
    """Staff of the community. Look people up; what is typed never stands in an address."""
    need(Right.SEARCH_PEOPLE, code)
    form = Form("q")
    text = form["q"].strip()
    found = form.ask(lambda: members.search(bank(), actor(), code, text, limit=30)) if text else None
    return page("people.html", form.status, form=form, found=found)


@pages.post(COMMUNITY + "/search")
def search(code: str) -> Answer:
    """Staff of the community. What the people's box of a form asks while somebody types; JSON. Why a card is no good,
    the page says when it is sent."""
    text = request.form.get("q", "")
    try:
        found = members.search(bank(), actor(), code, text, limit=8)
    except Refused:
        found = []
    wanted = request.form.get("role")
    shown = [one for one in found if wanted != "volunteer" or one.is_volunteer]
    faces = [
        {"id": one.id, "name": one.name, "tail": one.phone_tail, "initials": say.initials(one.name)} for one in shown
    ]
    return jsonify(people=faces)


@pages.route(COMMUNITY + "/people/new", methods=["GET", "POST"])
def register_person(code: str) -> Answer:
    """Clerk of the community. Register a person at the counter."""
    need(Right.REGISTER_PERSON, code)
    fields = ("kind", "name", "phone", "born", "address", "is_volunteer", "is_elder", "is_family", "language")
    form = Form(*fields, "grid", "gender", "speaks", "offers", id=bank().uuid(), language="zh", kind="person")
    if not form.sent:
        return page("person_new.html", form=form)
    new = form.load(RegistrationInput, community=code)
    if new is not None and not (new.is_volunteer or new.is_elder or new.is_family):
        form.wrong("is_volunteer", str(_("Tick at least one: volunteer, elder or family.")))
    if not form.errors:
        made = form.ask(lambda: members.register(bank(), actor(), new))
        if made is not None:
            return go("person", person_id=made[0].id, new=1)
    return page("person_new.html", form.status, form=form)
