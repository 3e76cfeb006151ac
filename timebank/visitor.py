"""Say who sends a request, in which language, and keep forged requests out; for pages and the API alike."""

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, cast

from flask import Flask, Request, Response, current_app, g, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_wtf.csrf import CSRFProtect
from itsdangerous import URLSafeTimedSerializer

from timebank.access import Actor
from timebank.bank import Bank
from timebank.services import logins, policies

csrf = CSRFProtect()


class FormSession(SessionMixin):
    """What Flask keeps in the cookie of forms, read and checked only where something asks for it."""

    def __init__(self, load: Callable[[], SecureCookieSession]) -> None:
        self._load = load

    @cached_property
    def loaded(self) -> SecureCookieSession:
        return self._load()

    @property
    def is_loaded(self) -> bool:
        return "loaded" in self.__dict__

    def __getitem__(self, key: str) -> Any:
        return self.loaded[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.loaded[key] = value

    def __delitem__(self, key: str) -> None:
        del self.loaded[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.loaded)

    def __len__(self) -> int:
        return len(self.loaded)


class FormCookie(SecureCookieSessionInterface):
    """Flask's own cookie, for the tokens of forms. Most requests have no form, and need not pay for its signature."""

    def __init__(self) -> None:
        self._serializer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """One for all requests: its key does not change while the service runs."""
        if self._serializer is None:
            self._serializer = super().get_signing_serializer(app)
        return self._serializer

    def open_session(self, app: Flask, request: Request) -> FormSession:  # type: ignore[override]  # a session, later
        opened = super().open_session
        return FormSession(lambda: opened(app, request) or self.session_class())

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if isinstance(session, FormSession) and session.is_loaded:
            super().save_session(app, session.loaded, response)


# Flask's own objects: each look through a proxy costs seven times as much, and nearly everything asks for these.
_app = current_app._get_current_object  # type: ignore[attr-defined]  # a proxy, whatever its type says
_kept = g._get_current_object
_asked = request._get_current_object  # type: ignore[attr-defined]

LANGUAGES = ("zh", "en")
_YEAR_S = 365 * 24 * 3600


def bank() -> Bank:
    """The bank of this application."""
    return cast(Bank, _app().extensions["timebank"])


def asked() -> Request:
    """The request itself, for those who look at it more than once."""
    return cast(Request, _asked())


def cookie_name() -> str:
    """`__Host-` binds the cookie to this host and to HTTPS; on plain loopback a browser would refuse it."""
    return "__Host-timebank" if bank().settings.secure_cookies else "timebank"


def session_token() -> str | None:
    return request.cookies.get(cookie_name())


def bearer() -> str | None:
    """The API token of the request, if it came with one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def who() -> logins.Who | None:
    """Who sends this request: by token where there is one, else by session; looked up once a request."""
    kept = _kept()
    if "who" not in kept:
        token, session = bearer(), session_token()
        if token is not None:
            kept.who = logins.by_token(bank(), token)
        else:
            kept.who = logins.by_session(bank(), session) if session else None
    return cast(logins.Who | None, kept.who)


def becomes(found: logins.Who) -> None:
    """Who logged in with this very request: what it answers is for her."""
    _kept().who = found


def actor() -> Actor | None:
    found = who()
    return None if found is None else found.actor


def language() -> str:
    """The reader's language: asked for by cookie, else the person's own, else the browser's; Chinese first."""
    kept = _kept()
    if "language" not in kept:
        kept.language = _language()
    return str(kept.language)


def _language() -> str:
    chosen = request.cookies.get("lang")
    if chosen in LANGUAGES:
        return chosen
    found = who() if session_token() and not request.path.startswith("/api/") else None
    if found is not None and found.language:
        return found.language
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def unit() -> str:
    """In which unit time is read: as the policy says of the community that the request is about, else of the reader's
    own. Looked up once a request, and only where something is said of time."""
    kept = _kept()
    if "unit" not in kept:
        found = who() if session_token() or bearer() else None
        args = asked().view_args or {}
        code = args.get("code") or args.get("community") or (found.community if found else None)
        policy = policies.of_today(bank(), str(code)) if code else None
        kept.unit = policy.shown.unit if policy else "hours"
    return str(kept.unit)


def check_forgery() -> None:
    """What changes something and rests on a cookie must carry the page's token; a bearer token or a signed note is no
    cookie that another site's page could send along. An address that nobody answers changes nothing."""
    found = asked()
    if found.routing_exception is not None:
        return
    if found.method in ("POST", "PUT", "PATCH", "DELETE") and bearer() is None and not _is_signed():
        csrf.protect()


def _is_signed() -> bool:
    path = request.path
    return request.method == "POST" and (
        path.startswith("/api/v1/federation/") or (path.startswith("/api/v1/") and path.endswith("/entries"))
    )


def address() -> str:
    """The client's address for throttling; of IPv6 the /64, which is what one household has."""
    found = request.remote_addr or "unknown"
    return ":".join(found.split(":")[:4]) if found.count(":") > 3 else found


def remember(response: Response, token: str, *, own: bool = False) -> None:
    """Put the session's token into its cookie: unreadable for scripts, sent to this host alone. `own`: a session on
    somebody's own telephone, which outlasts the browser's."""
    settings = bank().settings
    response.set_cookie(
        cookie_name(),
        token,
        max_age=settings.own_session_days * 86_400 if own else settings.session_minutes * 60,
        secure=settings.secure_cookies,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def forget(response: Response) -> None:
    response.delete_cookie(
        cookie_name(), secure=bank().settings.secure_cookies, httponly=True, samesite="Lax", path="/"
    )


def choose_language(response: Response, wanted: str) -> None:
    response.set_cookie("lang", wanted, max_age=_YEAR_S, samesite="Lax", path="/")
