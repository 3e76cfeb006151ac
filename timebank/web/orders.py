"""Use hours for a service: a family on its telephone, a clerk at the counter; and giving an order back."""

from typing import Any

from flask import request

from timebank import visitor
from timebank.access import Denied, Right
from timebank.schemas.inputs.orders import CancelledInput, WishInput
from timebank.schemas.words import amount, day_in_words, duration
from timebank.schemas.words import gettext as _
from timebank.services import communities, counter, members, needs, orders, statements, station
from timebank.visitor import actor, bank

from . import labels, say
from .forms import Form
from .frame import COMMUNITY, Answer, can, go, need, page, pages
from .picker import pick

_FIELDS = (
    "elder",
    "also",
    "service",
    "minutes",
    "wanted_day",
    "start",
    "end",
    "weeks",
    "gender",
    "speaks",
    "payer",
    "place",
    "note",
)


def usual_minutes(form: Form) -> None:
    """Minutes left out are those that the service usually takes; they are shown before anything is done."""
    found = bank().catalogue.by_code.get(form["service"])
    if not form["minutes"].strip() and found is not None:
        form.typed["minutes"] = str(found.minutes)


@pages.route("/orders/new", methods=["GET", "POST"])
def order() -> Answer:
    """The person, and who acts for her. Ask for a service; the hours are held until it was given."""
    who = visitor.who()
    if who is None or who.actor.person is None:
        raise Denied(Right.REDEEM_OWN, "", anonymous=who is None)
    choices = [members.person(bank(), actor(), who.actor.person), *members.elders(bank(), actor())]
    form = Form(*_FIELDS, id=bank().uuid(), elder=request.args.get("elder", choices[0].id), payer="elder", weeks="1")
    wanted = next((person for person in choices if person.id == form["elder"]), None)
    if wanted is None:
        raise Denied(Right.REDEEM_OWN, "")
    form.typed.setdefault("wanted_day", station.today(bank(), wanted.community))
    others = [person for person in choices if person.community == wanted.community and person != wanted]
    form.typed.setlist("also", [person.id for person in others if person.id in form.all("also")])
    payers = ["elder", "public"]
    if wanted.id != choices[0].id:
        payers.append("self" if wanted.community == choices[0].community else "across")
    purses = {person.id: statements.figures(bank(), actor(), person.id) for person in choices}
    shown: dict[str, Any] = {
        "form": form,
        "choices": choices,
        "purses": purses,
        "counter": [],
        "payers": payers,
        "picker": None,
        "also": None,
        "others": others,
        "payer": choices[0],
        "services": needs.offered(bank(), wanted.community),
    }
    if not form.sent or form.step == "edit":
        return page("order.html", **shown)
    usual_minutes(form)
    wish = form.load(WishInput, community=wanted.community)
    if wish is None:
        return page("order.html", form.status, **shown)
    if form.step == "post":
        posted = form.ask(lambda: orders.request(bank(), actor(), wish))
        if posted is not None:
            return go("entry_done", code=wanted.community, entry_id=posted.record.id, **{"for": wanted.id})
        return page("order.html", form.status, **shown)
    payer = choices[0] if wish.payer in ("self", "across") else wanted
    served = [wanted, *(person for person in others if person.id in wish.also)]
    return _check(form, wish, served, payer.name, shown)


@pages.route(COMMUNITY + "/redeem", methods=["GET", "POST"])
def redeem_here(code: str) -> Answer:
    """Clerk of the community. The same at the counter, for an elder who has only a card."""
    need(Right.REDEEM_FOR_OTHERS, code)
    form = Form(*_FIELDS, id=bank().uuid(), payer="elder", elder=request.args.get("elder", ""), weeks="1")
    form.typed.setdefault("wanted_day", station.today(bank(), code))
    picker = pick(form, code, "elder", role="elder")
    also = pick(form, code, "also", many=True, role="elder")
    shown = {
        "form": form,
        "choices": [],
        "purses": {},
        "counter": [counter.of(bank(), actor(), code, person.id) for person in picker.chosen],
        "payers": ["elder", "public"],
        "picker": picker,
        "also": also,
        "others": [],
        "payer": None,
        "services": needs.offered(bank(), code),
    }
    # A card that was scanned before the page's script was there, or without one: who she is comes first.
    is_scanned = picker.just_found and not form["service"]
    if not form.sent or form.step == "edit" or is_scanned:
        return page("order.html", **shown)
    usual_minutes(form)
    wish = form.load(WishInput, community=code)
    if wish is None or form.errors:
        return page("order.html", form.status, **shown)
    if form.step == "post":
        posted = form.ask(lambda: orders.request(bank(), actor(), wish))
        if posted is not None:
            return go("entry_done", code=code, entry_id=posted.record.id, **{"for": wish.elder})
        return page("order.html", form.status, **shown)
    served = picker.chosen + [person for person in also.chosen if person not in picker.chosen]
    return _check(form, wish, served, picker.chosen[0].name, shown)


def _check(form: Form, wish: orders.Wish, served: list[members.Known], payer: str, shown: dict[str, Any]) -> Answer:
    quoted = form.ask(lambda: orders.quote(bank(), actor(), wish))
    if quoted is None:
        return page("order.html", form.status, **shown)
    rows: list[tuple[str, object]] = [
        (str(_("Who is served")), served if len(served) > 1 else served[0].name),
        (str(_("Service")), say.service(wish.service)),
        (str(_("How long at most")), duration(wish.minutes)),
        (str(_("Wanted day")), [day_in_words(day) for day in orders.days_of(wish)]),
        (str(_("Who pays")), payer if quoted.entitlement is None else say.word(labels.PAYERS, "public")),
        (str(_("Available now")), amount(quoted.available)),
        (str(_("To be held")), _held(wish, quoted.needed)),
        (str(_("What remains")), amount(quoted.remains)),
    ]
    if wish.payer == "across":
        there = communities.one(bank(), wish.community)
        place_there = f"{there.county} · {there.town} · {there.name}"
        told = _("The hours are sent to %(place)s first, and are then held there for this order.", place=place_there)
        rows.append((str(_("What happens")), str(told)))
    if wish.start is not None:
        rows.insert(4, (str(_("Time")), say.window(wish.start, wish.end)))
    if wish.gender:
        rows.append((str(_("Who should come")), say.word(labels.GENDERS, wish.gender)))
    if wish.speaks:
        rows.append((str(_("Which language")), say.spoken(wish.speaks)))
    if say.risk(wish.service):
        rows.append((str(_("What is to be minded")), say.risk(wish.service)))
    if wish.place:
        rows.append((str(_("Where")), wish.place))
    if wish.note:
        rows.append((str(_("Note")), wish.note))
    return page(
        "answers.html",
        form=form,
        rows=rows,
        title=str(_("Check before you order")),
        button=str(_("Order the service")),
        hint=str(_("The hours are held, not used up. What the service does not need comes back by itself.")),
    )


def _held(wish: orders.Wish, needed: int) -> str:
    """How much is held; where it is for several weeks, of what that is the sum."""
    if wish.weeks == 1:
        return amount(needed)
    return str(_("%(all)s: %(weeks)s times %(one)s", all=amount(needed), weeks=wish.weeks, one=amount(wish.minutes)))


@pages.post(COMMUNITY + "/orders/<hold>/release")
def release(code: str, hold: str) -> Answer:
    """The person, who acts for her, and clerks. Ends an open order; the hours held go back."""
    form = Form("reason")
    cancelled = form.load(CancelledInput, community=code, hold=hold)
    if cancelled is None:
        return page("error.html", 422, status=422, title=str(_("This was not done")), sentence=form.summary()[0][1],
                    way_back="/")  # fmt: skip
    posted = orders.cancel(bank(), actor(), cancelled)
    if can(Right.SEE_DAY, code):
        return go("day", code=code)
    return go("entry_done", code=code, entry_id=posted.record.id)
