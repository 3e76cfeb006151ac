"""Put the house together: the bank, the API, the pages."""

import logging
import sys

import structlog
from flask import Flask
from flask_babel import Babel

from timebank import api, visitor, web
from timebank.bank import Bank
from timebank.schemas.words import UNIT
from timebank.settings import Settings


def create_app(settings: Settings, bank: Bank | None = None) -> Flask:
    """The WSGI application. The database must be of this version's form (`timebank init` or `timebank db upgrade`)."""
    start_log(settings.log_level)
    app = Flask(__name__, static_folder=None)
    bank = bank or Bank(settings)
    app.extensions["timebank"] = bank
    app.extensions[UNIT] = visitor.unit
    app.config.update(
        SECRET_KEY=bank.vault.sign_cookie_key(),
        MAX_CONTENT_LENGTH=settings.max_body_bytes,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_NAME="__Host-timebank-form" if settings.secure_cookies else "timebank-form",
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_TRANSLATION_DIRECTORIES="web/translations",
    )
    app.session_interface = visitor.FormCookie()
    visitor.csrf.init_app(app)
    Babel(app, default_locale="zh", locale_selector=visitor.language)
    app.before_request(visitor.check_forgery)
    api.register(app)
    web.register(app)
    return app


def start_log(level: str) -> None:
    """One JSON object a line on standard error; tracebacks without the values of variables, which are about people."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
