"""Log in with a telephone: a code is sent to it, then one says who of the household one is."""

from flask import redirect, request, session

from timebank import visitor
from timebank.schemas.inputs.room import LoginCodeInput, LoginPersonInput, LoginPhoneInput
from timebank.schemas.words import gettext as _
from timebank.services import phone_codes, texts
from timebank.visitor import bank

from .forms import Form
from .frame import Answer, go, let_in, page, pages

# In the cookie of forms, which only this service reads: the ticket, and who may be chosen once the code was right.
_TICKET, _CHOICES, _OWN = "ticket", "choices", "own"
_KNOWN = "timebank-known"
_MOST_KNOWN = 4  # people of a household who use one browser
_YEAR_S = 365 * 24 * 3600


@pages.route("/login/telephone", methods=["GET", "POST"])
def log_in_by_phone() -> Answer:
    """Anybody. Asks for a code; it is not said whether the number is known here."""
    texts.check_configured(bank())
    form = Form("phone")
    asked = form.load(LoginPhoneInput) if form.sent else None
    if asked is None:
        return page("telephone.html", form.status, form=form)
    wanted = phone_codes.Asked(phone=asked["phone"], address=visitor.address(), wording=_wording)
    ticket = form.ask(lambda: phone_codes.ask(bank(), wanted))
    if ticket is None:
        return page("telephone.html", form.status, form=form)
    session[_TICKET] = ticket.secret
    session.pop(_CHOICES, None)
    response = go("enter_code")
    if ticket.message is not None:
        # After the answer: how long the gateway takes does not tell whether somebody here has the number.
        known, message = bank(), ticket.message
        response.call_on_close(lambda: texts.deliver(known, message))
    return response


def _wording(code: str) -> str:
    return str(
        _(
            "Time bank: your code is %(code)s. It is good for 10 minutes. Nobody of the station asks you for it:"
            " do not tell it to anybody.",
            code=code,
        )
    )


@pages.route("/login/code", methods=["GET", "POST"])
def enter_code() -> Answer:
    """Anybody who asked for a code. The code that came; one who is alone with this number is in at once."""
    if _TICKET not in session:
        return go("log_in_by_phone")
    form = Form("code", "own")
    typed = form.load(LoginCodeInput) if form.sent else None
    found = form.ask(lambda: phone_codes.enter(bank(), session[_TICKET], typed["code"])) if typed else None
    if not found:
        return page("code.html", form.status, form=form)
    session[_OWN] = bool(form["own"])
    session[_CHOICES] = [(one.person, one.name) for one in found]
    if len(found) == 1 and _is_known(found[0].person):
        person = found[0].person
        return _in(phone_codes.choose(bank(), session[_TICKET], person, "", known=True, own=session[_OWN]), person)
    return go("choose_who")


@pages.route("/login/who", methods=["GET", "POST"])
def choose_who() -> Answer:
    """Anybody who typed the right code. Who of those with this number, and in a new browser the day of birth."""
    if _CHOICES not in session or _TICKET not in session:
        return go("log_in_by_phone")
    choices = [(str(person), str(name)) for person, name in session[_CHOICES]]
    form = Form("person", "born", **({"person": choices[0][0]} if len(choices) == 1 else {}))
    chosen = form.load(LoginPersonInput) if form.sent else None
    if chosen is not None:
        person = chosen["person"]
        known = _is_known(person)
        own = bool(session.get(_OWN))
        token = form.ask(
            lambda: phone_codes.choose(bank(), session[_TICKET], person, chosen["born"], known=known, own=own)
        )
        if token is not None:
            return _in(token, person)
    asks = any(not _is_known(person) for person, _name in choices)
    return page("who.html", form.status, form=form, choices=choices, asks=asks)


def _marks() -> list[str]:
    return [mark for mark in request.cookies.get(_KNOWN, "").split(".") if mark]


def _is_known(person: str) -> bool:
    """Whether this browser is one in which she has said her day of birth."""
    return phone_codes.mark_of(bank(), person) in _marks()


def _in(token: str, person: str) -> Answer:
    """Logged in; the browser is known as hers for a year."""
    session.pop(_TICKET, None)
    session.pop(_CHOICES, None)
    session.pop(_OWN, None)
    response = redirect("/", 303)
    let_in(response, token)
    mark = phone_codes.mark_of(bank(), person)
    marks = [mark, *(one for one in _marks() if one != mark)][:_MOST_KNOWN]
    secure = bank().settings.secure_cookies
    response.set_cookie(
        _KNOWN, ".".join(marks), max_age=_YEAR_S, secure=secure, httponly=True, samesite="Lax", path="/login"
    )
    return response
