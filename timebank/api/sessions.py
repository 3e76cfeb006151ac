"""Who am I: log in and out with a cookie, or see what a token may do."""

from flask import Response
from flask_wtf.csrf import generate_csrf

from timebank import visitor
from timebank.schemas import inputs, outputs
from timebank.services import logins

from . import gate
from .answers import dumped
from .room import Room

room = Room("session", "Who asks. Programs send a token; a page in a browser has a session.")


@room.view("GET", "/session", gives=outputs.room.Session, public=True)
def who_am_i() -> Response:
    """Say who asks, with which roles, and give the token that writes with a session need.

    May call: everybody.
    """
    return _answer(visitor.who())


@room.view("POST", "/session", takes=inputs.room.SessionInput, gives=outputs.room.Session, public=True)
def log_in() -> Response:
    """Log in with name and password; the answer sets the session's cookie.

    May call: everybody. Needs X-CSRFToken, as every write with a cookie does.
    """
    wanted = gate.load(inputs.room.SessionInput)
    token = logins.log_in(visitor.bank(), logins.LogIn(**wanted, address=visitor.address()))
    response = _answer(logins.by_session(visitor.bank(), token))
    visitor.remember(response, token)
    return response


@room.view("DELETE", "/session", status=204, public=True)
def log_out() -> Response:
    """End the session.

    May call: everybody.
    """
    token = visitor.session_token()
    if token:
        logins.log_out(visitor.bank(), token)
    response = Response(status=204)
    visitor.forget(response)
    return response


def _answer(who: logins.Who | None) -> Response:
    actor = who.actor if who else None
    said = {
        "logged_in": who is not None,
        "name": who.shown if who else None,
        "community": who.community if who else None,
        "person": actor.person if actor else None,
        "roles": [{"role": role.value, "community": where} for role, where in actor.grants] if actor else [],
        "scopes": sorted(actor.scopes) if actor and actor.scopes is not None else None,
        "elders": sorted(actor.elders) if actor else [],
        "csrf_token": None if visitor.bearer() else generate_csrf(),
    }
    # Also nobody's answer is for one browser alone: it comes with a cookie and the token that belongs to it.
    response = dumped(outputs.room.Session, said)
    response.headers["Cache-Control"] = "no-store"
    return response
