"""The frame of every page: who reads it, in which language and size, the way around, and the headers that guard it."""

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import segno
from flask import Blueprint, Response, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from timebank import visitor
from timebank.access import Actor, Right, Role, allowed, require
from timebank.directory.communities import Place
from timebank.ledger import Refused
from timebank.schemas.words import gettext as _
from timebank.services import communities, logins, policies
from timebank.visitor import actor, bank

from . import compression

pages = Blueprint("web", __name__, static_folder="static", static_url_path="/static", template_folder="templates")

COMMUNITY = "/communities/<string(length=12):code>"
SIZES = ("normal", "large", "elder")
_WHOLE_CODE = 12  # digits of a community's code; a town's has fewer
_YEAR_S = 365 * 24 * 3600
_HOME = "home"  # the cookie of the community in which somebody logged in last
_STATIC = Path(__file__).parent / "static"
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        "script-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "connect-src 'self'",
    )
)

Answer = str | tuple[str, int] | AnyResponse


@dataclass(frozen=True, slots=True)
class Way:
    """One of the ways around at the top of a page."""

    url: str
    label: str
    here: bool


def page(template: str, status: int = 200, /, **values: Any) -> tuple[str, int]:
    """A page of ours with its status."""
    return render_template(template, **values), status


def go(endpoint: str, **values: Any) -> AnyResponse:
    """After something was done: look at the result, so that reloading does nothing again."""
    return redirect(url_for(f"web.{endpoint}", **values), 303)


def qr_code(text: str) -> Markup:
    """A QR code as an SVG of our own: black on white also in the dark, or no camera reads it."""
    svg = segno.make(text, error="m").svg_inline(scale=4, border=3, light="#fff", dark="#000", omitsize=True)
    return Markup(svg)  # noqa: S704  # made here, of an address or a digest of ours


@lru_cache(maxsize=8)
def check_code(address: str) -> Markup:
    """The QR code of the page where anybody checks a receipt. Drawn once: to choose its pattern takes milliseconds, and
    every proof and slip shows the same one."""
    return qr_code(address)


def need(right: Right, code: str, person: str | None = None) -> Actor:
    """Before a form is shown: who could not hand it in need not fill it in."""
    return require(actor(), right, code, person)


def can(right: str, code: str, person: str | None = None) -> bool:
    """For a page that shows only the buttons that work."""
    return allowed(actor(), Right(right), code, person)


def local(path: str) -> str | None:
    """The path, if it leads to a page of our own; None for anything that a browser could take for another place."""
    if not re.fullmatch(r"/[^\\\x00-\x20\x7f]*", path) or path.startswith("//"):
        return None
    return path


def here() -> str:
    """The address of this page without its origin, to come back to; where only a form leads, the first page."""
    if request.method != "GET" and request.url_rule is not None and "GET" not in (request.url_rule.methods or ()):
        return "/"
    return request.full_path.rstrip("?")


def size() -> str:
    """How large the reader wants the type."""
    if request.args.get("elder") == "1":
        return "elder"
    chosen = request.cookies.get("size", "")
    return chosen if chosen in SIZES else SIZES[0]


def place() -> Place | None:
    """The community that this page is about: named in its address, else the reader's own; of who has not logged in
    yet, the one of whoever did last in this browser, so that the station's telephone stands here too."""
    who = visitor.who()
    code = (request.view_args or {}).get("code") or (who.community if who else request.cookies.get(_HOME))
    if code is None or code == "*":
        return None
    if who and who.place and who.place.code == code:
        return who.place
    try:
        return communities.one(bank(), code)
    except Refused:
        return None


def let_in(response: AnyResponse, token: str) -> None:
    """The cookie of a new session; and whose station is called for help, also before the next log-in: the code of a
    community says nothing of anybody."""
    who = logins.by_session(bank(), token)
    own = who is not None and who.own
    visitor.remember(response, token, own=own)  # type: ignore[arg-type]  # werkzeug's, with the same cookies
    if who is not None and who.community:
        secure = bank().settings.secure_cookies
        response.set_cookie(
            _HOME, who.community, max_age=_YEAR_S, secure=secure, httponly=True, samesite="Lax", path="/"
        )


def _telephone(here_is: Place | None) -> str:
    """Where whoever needs help calls the station; empty where none is noted."""
    policy = policies.of_today(bank(), here_is.code) if here_is else None
    return policy.station.telephone if policy else ""


def _ways(here_is: Place | None) -> list[Way]:
    who = visitor.who()
    if who is None:
        return []
    made = []

    def way(endpoint: str, label: str, code: str | None = None) -> None:
        url = address(endpoint, code=code) if code else address(endpoint)
        made.append(Way(url, label, request.path == url))

    if who.actor.person:
        way("me", str(_("My hours")))
        way("visits", str(_("My visits")))
    if here_is is not None:
        code = here_is.code
        for right, endpoint, label in (
            (Right.RECORD_VISIT, "record", str(_("Record"))),
            (Right.REDEEM_FOR_OTHERS, "redeem_here", str(_("Use hours"))),
            (Right.SEE_DAY, "day", str(_("Today"))),
            (Right.SEE_DAY, "station_orders", str(_("Orders"))),
            (Right.SEARCH_PEOPLE, "people", str(_("People"))),
            (Right.SEE_CARE, "care", str(_("Care"))),
            (Right.AUDIT, "audit", str(_("Audit"))),
            (Right.MANAGE_LOGINS, "logins", str(_("Roles"))),
        ):
            if allowed(who.actor, right, code):
                way(endpoint, label, code)
    if works_in_several(who.actor):
        way("choose_community", str(_("Communities")))
    return made


def where_staff(who: Actor) -> list[str]:
    """The places in which somebody works: communities, or what is around them (see `access.Actor`)."""
    return sorted({where for role, where in who.grants if role is not Role.MEMBER})


def works_in_several(who: Actor) -> bool:
    """Whether somebody has to choose a community before doing anything in it."""
    staff = where_staff(who)
    return len(staff) > 1 or any(len(where) != _WHOLE_CODE for where in staff)


@lru_cache
def _digest(name: str) -> str:
    return hashlib.sha256((_STATIC / name).read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a file of ours; it changes with the file, so a browser may keep it for ever."""
    return f"{request.script_root}{pages.static_url_path}/{name}?v={_digest(name)}"


def address(endpoint: str, **parts: str) -> str:
    """As `url_for`, of a page that is not one person's: each page leads to a dozen of these, so they are kept."""
    return _address(request.script_root, endpoint, tuple(parts.items()))


@lru_cache(maxsize=4096)
def _address(_under: str, endpoint: str, parts: tuple[tuple[str, str], ...]) -> str:
    return url_for(f"web.{endpoint}", **dict[str, Any](parts))


@pages.app_context_processor
def _frame() -> dict[str, Any]:
    if request.path.startswith("/api/"):
        return {}
    found = place()
    chosen = size()
    return {
        "address": address,
        "asset": asset,
        "at_desk": (who := visitor.who()) is not None and bool(where_staff(who.actor)),
        "can": can,
        "in_wechat": "MicroMessenger" in request.user_agent.string,
        "back": urlencode({"next": here()}, safe="/:?"),
        "lang": visitor.language(),
        "next_size": SIZES[(SIZES.index(chosen) + 1) % len(SIZES)],
        "place": found,
        "size": chosen,
        "telephone": _telephone(found),
        "ways": _ways(found),
        "who": visitor.who(),
    }


def guard(response: Response) -> Response:
    """The headers of every page. The API answers for itself."""
    asked = visitor.asked()
    if asked.path.startswith("/api/"):
        return response
    headers = response.headers
    headers["Content-Security-Policy"] = _POLICY
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if asked.endpoint == "web.static":
        known = (
            asked.args.get("v") == _digest(asked.view_args["filename"])
            if response.status_code == 200 and asked.view_args
            else False
        )
        headers["Cache-Control"] = f"public, max-age={_YEAR_S}, immutable" if known else "no-cache"
    else:
        headers["Cache-Control"] = "no-store"
    compression.pack(asked, response, same_for_all=asked.endpoint == "web.static")
    if asked.args.get("elder") == "1" and "size" not in asked.cookies:
        keep_size(response, "elder")
    return response


def keep_size(response: AnyResponse, chosen: str) -> None:
    response.set_cookie(
        "size", chosen, max_age=_YEAR_S, samesite="Lax", path="/", secure=bank().settings.secure_cookies
    )
