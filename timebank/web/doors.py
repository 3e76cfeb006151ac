"""Coming in and going out: log in, log out, the first page of each role, language and size."""

from flask import redirect, request

from timebank import visitor
from timebank.access import TOWN, Right
from timebank.directory.communities import Place
from timebank.schemas.words import gettext as _
from timebank.services import communities, logins
from timebank.visitor import bank

from .forms import Form
from .frame import SIZES, Answer, can, go, keep_size, let_in, local, page, pages, where_staff, works_in_several


@pages.get("/")
def start() -> Answer:
    """Anybody. To the first page of one's role; nobody in particular goes to log in."""
    who = visitor.who()
    if who is None:
        return go("log_in")
    staff = where_staff(who.actor)
    if not staff:
        return go("me")
    if works_in_several(who.actor):
        return go("choose_community")
    code = staff[0]
    for right, endpoint in ((Right.RECORD_VISIT, "record"), (Right.SEE_DAY, "day"), (Right.AUDIT, "audit")):
        if can(right, code):
            return go(endpoint, code=code)
    return go("me")


@pages.get("/communities")
def choose_community() -> Answer:
    """Staff of any community. Where to work, for who works in several."""
    who = visitor.who()
    if who is None:
        return go("log_in", next=request.path)
    staff = where_staff(who.actor)
    if not staff:
        return go("me")
    towns: dict[str, list[Place]] = {}
    for found in communities.worked_in(bank(), staff):
        towns.setdefault(found.code[:TOWN], []).append(found)
    return page("communities.html", towns=towns)


@pages.route("/login", methods=["GET", "POST"])
def log_in() -> Answer:
    """Anybody. Name and password or PIN; then on to the page that asked for it."""
    form = Form("name", "secret", "own", next=request.args.get("next", ""))
    by_phone = bool(bank().settings.text_gateway)
    if not form.sent:
        return page("login.html", form=form, by_phone=by_phone)
    for field in ("name", "secret"):
        if not form[field].strip():
            form.wrong(field, str(_("Please fill this in.")))
    if form.errors:
        return page("login.html", form.status, form=form, by_phone=by_phone)
    wanted = logins.LogIn(
        name=form["name"].strip(), secret=form["secret"], address=visitor.address(), own=bool(form["own"])
    )
    token = form.ask(lambda: logins.log_in(bank(), wanted))
    if token is None:
        return page("login.html", form.status, form=form, by_phone=by_phone)
    response = redirect(local(form["next"]) or "/", 303)
    let_in(response, token)
    return response


@pages.post("/logout")
def log_out() -> Answer:
    """Anybody. Ends the session here and in the directory."""
    token = visitor.session_token()
    if token is not None:
        logins.log_out(bank(), token)
    response = go("log_in")
    visitor.forget(response)  # type: ignore[arg-type]
    return response


@pages.get("/language/<any(zh, en):wanted>")
def language(wanted: str) -> Answer:
    """Anybody. Reads on in the other language, on the same page."""
    response = redirect(local(request.args.get("next", "")) or "/", 303)
    visitor.choose_language(response, wanted)  # type: ignore[arg-type]
    return response


@pages.get("/size/<wanted>")
def choose_size(wanted: str) -> Answer:
    """Anybody. Larger or smaller type, on the same page."""
    response = redirect(local(request.args.get("next", "")) or "/", 303)
    keep_size(response, wanted if wanted in SIZES else SIZES[0])
    return response
