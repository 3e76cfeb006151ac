"""The pages."""

from flask import Flask
from jinja2 import StrictUndefined

from timebank.schemas import words

from . import acceptance as _acceptance
from . import audits as _audits
from . import cards as _cards
from . import care as _care
from . import certificates as _certificates
from . import closing as _closing
from . import counter as _counter
from . import days as _days
from . import desk as _desk
from . import doors as _doors
from . import entries as _entries
from . import errors, frame, labels, say
from . import estates as _estates
from . import figures as _figures
from . import groups as _groups
from . import honours as _honours
from . import monthly as _monthly
from . import needs as _needs
from . import orders as _orders
from . import papers as _papers
from . import people as _people
from . import photos as _photos
from . import pins as _pins
from . import policy as _policy
from . import positions as _positions
from . import public as _public
from . import publication as _publication
from . import questions as _questions
from . import queues as _queues
from . import roles as _roles
from . import rosters as _rosters
from . import sheets as _sheets
from . import telephones as _telephones
from . import transfers as _transfers
from . import visits as _visits

_ROOMS = (
    _acceptance,
    _audits,
    _cards,
    _care,
    _estates,
    _figures,
    _groups,
    _honours,
    _certificates,
    _closing,
    _counter,
    _days,
    _desk,
    _doors,
    _entries,
    _monthly,
    _needs,
    _orders,
    _papers,
    _people,
    _photos,
    _pins,
    _policy,
    _positions,
    _public,
    _publication,
    _questions,
    _queues,
    _roles,
    _rosters,
    _sheets,
    _telephones,
    _transfers,
    _visits,
)


def register(app: Flask) -> None:
    """Put this room's routes into the application."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        amount=words.amount,
        change=say.change,
        clock=say.clock,
        finding=say.finding,
        day=words.day_in_words,
        dial=say.dial,
        duration=words.duration,
        month=say.month,
        posted_day=say.posted_day,
        sentence=say.sentence,
        service=say.service,
        short_day=words.short_day,
    )
    app.jinja_env.globals.update(say=say, labels=labels, _=say.marked)
    app.register_blueprint(frame.pages)
    app.after_request(frame.guard)
    errors.register(app)
