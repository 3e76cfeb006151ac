"""What a page says when something is not possible: in the reader's language, and with a way on."""

import structlog
from flask import Flask, redirect, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from timebank.access import Denied
from timebank.ledger import Corrupted, Declined
from timebank.schemas import refusals
from timebank.schemas.refusals import N_
from timebank.schemas.words import gettext as _

from . import desk
from .frame import Answer, here, local, page, pages

_SENTENCES: dict[int, tuple[str, str]] = {
    400: (N_("This could not be read"), N_("Please go back and try again.")),
    403: (
        N_("This is not open to you"),
        N_("Your log-in may not see or do this. If you need it, ask the lead of your station."),
    ),
    404: (N_("There is no such page"), N_("Please check the address, or start again from the first page.")),
    405: (N_("This address is for a form"), N_("Please go back and use the button on the page.")),
    413: (N_("That is too large"), N_("Please choose a smaller file.")),
    429: (N_("Too many attempts"), N_("Please wait a few minutes, or ask at the station.")),
    500: (
        N_("Something went wrong on our side"),
        N_("Nothing is half done: it is recorded as a whole or not at all. Please look whether it is there before you "
           "enter it again; entering the same form twice does no harm."),
    ),
    503: (N_("Not possible right now"), N_("Please try again in a moment.")),
}  # fmt: skip


def _told(status: int, sentence: str | None = None, title: str | None = None) -> tuple[str, int]:
    known = _SENTENCES.get(status, _SENTENCES[400 if status < 500 else 500])
    return page(
        "error.html",
        status,
        status=status,
        title=title or str(_(known[0])),
        sentence=sentence or str(_(known[1])),
        way_back=local(here()) or "/",
    )


@pages.errorhandler(Denied)
def _denied(error: Denied) -> Answer:
    if not error.anonymous:
        return _told(403)
    if request.method == "POST" and request.endpoint in desk.DRAFTS:
        return desk.locked()
    return redirect(url_for("web.log_in", next=here()), 303)


@pages.errorhandler(Declined)
def _declined(error: Declined) -> Answer:
    status = refusals.status(error.code)
    return _told(status, refusals.sentence(error.code, error.facts), str(_("This was not done")))


@pages.errorhandler(Corrupted)
def _corrupted(error: Corrupted) -> Answer:
    structlog.get_logger().critical("ledger corrupted", origin=error.origin, seq=error.seq, what=error.what)
    sentence = str(_("These books contradict themselves and are read-only. Nothing was recorded. Call the operator."))
    return _told(503, sentence, str(_("The books are read-only")))


@pages.errorhandler(CSRFError)
def _forged(_error: CSRFError) -> Answer:
    sentence = str(
        _("The form was too old or did not come from this site, so nothing was done. Open it again and send it.")
    )
    return _told(400, sentence, str(_("Please send the form again")))


@pages.errorhandler(HTTPException)
def _http(error: HTTPException) -> Answer | HTTPException:
    if error.code is None or error.code < 400:  # a redirect is no error
        return error
    return _told(error.code)


@pages.errorhandler(Exception)
def _broken(_error: Exception) -> Answer:
    structlog.get_logger().exception("page failed", endpoint=request.endpoint)
    return _told(500)


def register(app: Flask) -> None:
    """For addresses that no page has. What begins with /api/ keeps the answer of the API."""
    for missing in (NotFound, MethodNotAllowed):
        app.register_error_handler(missing, _nowhere)


def _nowhere(error: HTTPException) -> Answer | HTTPException:
    return error if request.path.startswith("/api/") else _http(error)
