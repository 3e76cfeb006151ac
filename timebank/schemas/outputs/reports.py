"""What a place reports of a month."""

from marshmallow import fields

from . import parts
from .parts import Output


class Line(Output):
    """One line of a monthly report."""

    group = parts.said("general, people, services, hours, oversight or public")
    number = fields.Integer(required=True, metadata={"description": "the line's number in the form; it stays"})
    item = parts.said("what is counted")
    unit = parts.said("minutes, percent, people, or what is counted")
    service = parts.maybe("the service of the list that it is about")
    band = parts.maybe("the age that it is about: under-60, 60-69, 70-79, 80-up, unknown")
    values = fields.List(
        fields.Integer(allow_none=True),
        required=True,
        metadata={"description": "of the month, the month before, and a year ago; null where none was kept"},
    )


class Report(Output):
    """A month of a city, county, town or community, as it was counted at night."""

    place = fields.String(required=True)
    name = parts.said("what the place is called; empty for a city")
    month = parts.said("YYYY-MM")
    state = parts.said("final: it does not change again; running: not over; to-be-counted: over, not wholly counted")
    counted_at = fields.Integer(required=True, allow_none=True)
    lines = fields.List(fields.Nested(Line), required=True)


class Queue(Output):
    """What waits of one kind."""

    kind = parts.said("requests, board, disputes, approvals, questions, calls, differences or certificates")
    count = fields.Integer(required=True)
    ages = fields.List(
        fields.Integer(),
        required=True,
        metadata={"description": "of up to 1, 3, 7 and 30 days, and of more; each is in one of them"},
    )
    oldest_days = fields.Integer(required=True, allow_none=True)


class QueuesPart(Output):
    """A part of the place in which something waits."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    oldest_days = fields.Integer(required=True)


class Queues(Output):
    """What waits for somebody at a place, and for how long."""

    place = fields.String(required=True)
    name = fields.String(required=True)
    queues = fields.List(fields.Nested(Queue), required=True)
    parts = fields.List(fields.Nested(QueuesPart), required=True)


class HeldBy(Output):
    """What people of an age hold."""

    band = parts.said("under-60, 60-69, 70-79, 80-up or unknown")
    people = fields.Integer(required=True)
    minutes = parts.minutes("available and held")


class Liability(Output):
    """What a place owes those who hold hours, and how long its fund lasts; as of last night."""

    place = fields.String(required=True)
    name = fields.String(required=True)
    held = fields.List(fields.Nested(HeldBy), required=True)
    owed = parts.minutes("that members can still use")
    members = fields.Integer(required=True, metadata={"description": "who have something"})
    credited = parts.minutes("in the last twelve whole months")
    used = parts.minutes("in the last twelve whole months")
    months_to_use = fields.Integer(required=True, allow_none=True)
    held_percent = fields.Integer(required=True, allow_none=True)
    fund = parts.minutes("in the public funds")
    fund_monthly = parts.minutes("paid in a month of the last three whole ones, more than came")
    fund_months = fields.Integer(required=True, allow_none=True)
    counted_at = fields.Integer(required=True, allow_none=True)
