"""The desk of a station: somebody else sits down at the same computer, or the same person comes back. The page stays,
and so does what was typed on it."""

from flask import current_app, make_response, redirect, request
from werkzeug.exceptions import HTTPException

from timebank import visitor
from timebank.access import Right, allowed
from timebank.schemas.words import gettext as _
from timebank.services import drafts, logins
from timebank.visitor import bank

from .forms import Form
from .frame import Answer, local, page, pages

# Pages whose form, sent with the step `edit`, only shows itself again.
DRAFTS = frozenset({"web.record", "web.redeem_here", "web.settle", "web.roster", "web.pile"})
_NOT_TYPED = ("csrf_token", "step")


@pages.route("/desk", methods=["GET", "POST"])
def change_desk() -> Answer:
    """Anybody. Name and password or PIN of who sits down now; a page's form is sent here with `?from=` its path."""
    path = local(request.args.get("from", ""))
    if request.method == "POST" and path is not None:
        return page("desk.html", form=Form("name", "secret"), draft=_sealed(path), back=path)
    back = local(request.values.get("next", "")) or "/"
    form = Form("name", "secret")
    if not form.sent:
        return page("desk.html", form=form, draft="", back=back)
    for field in form.fields:
        if not form[field].strip():
            form.wrong(field, str(_("Please fill this in.")))
    token = None if form.errors else form.ask(lambda: logins.log_in(bank(), _wanted(form), before=_before()))
    if token is None:
        return page("desk.html", form.status, form=form, draft=form["draft"], back=back)
    response = make_response(_go_on(token, form["draft"]) or redirect(back, 303))
    visitor.remember(response, token)
    return response


def locked() -> tuple[str, int]:
    """What was sent after the log-in was over: who she is, is asked again, and nothing typed is lost."""
    return page("desk.html", 401, form=Form("name", "secret"), draft=_sealed(request.path), back=request.path)


def _wanted(form: Form) -> logins.LogIn:
    return logins.LogIn(name=form["name"].strip(), secret=form["secret"], address=visitor.address())


def _before() -> str | None:
    return visitor.session_token()


def _sealed(path: str) -> str:
    """What was typed, if the path is one of a form that can be shown again; else nothing."""
    try:
        endpoint, parts = current_app.url_map.bind("").match(path.partition("?")[0], method="POST")
    except HTTPException:
        return ""
    if endpoint not in DRAFTS:
        return ""
    typed = tuple((name, value) for name, value in request.form.items(multi=True) if name not in _NOT_TYPED)
    return drafts.seal(bank(), path, parts["code"], typed)


def _go_on(token: str, sealed: str) -> Answer | None:
    """The way back into the form, for somebody who may work in its community; None where there is nothing to give."""
    draft = drafts.opened(bank(), sealed) if sealed else None
    who = logins.by_session(bank(), token)
    if draft is None or who is None or not allowed(who.actor, Right.RECORD_VISIT, draft.community):
        return None
    visitor.becomes(who)
    return page("desk_go_on.html", draft=draft)
