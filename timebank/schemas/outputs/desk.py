"""The days of a station, closed at their end."""

from marshmallow import fields

from . import parts
from .parts import Output


class Close(Output):
    """A day as it was counted when it was closed. `missing`: papers that entries name less slips in the box."""

    id = parts.said("32 hex digits")
    community = fields.String(required=True)
    day = fields.String(required=True)
    closed_at = fields.Integer(required=True, metadata={"description": "milliseconds since 1970"})
    closed_by = parts.said("the login's name")
    size = fields.Integer(required=True, metadata={"description": "records in the books then"})
    root = parts.said("their root then, in hex")
    entries = fields.Integer(required=True, metadata={"description": "made that day until then"})
    credited = parts.minutes("credited that day")
    used = parts.minutes("used that day, of members' own hours")
    papers = fields.Integer(required=True, metadata={"description": "slips and signed lists that the entries name"})
    slips = fields.Integer(required=True, metadata={"description": "counted by hand"})
    missing = fields.Integer(required=True, metadata={"description": "papers less slips, also below 0"})
    box = parts.said("the box in which they are; empty: none was named")
    note = parts.maybe("what the clerk said of it")


class Closes(Output):
    """The closes of a month, the newest day first, of each day the one that stands."""

    community = fields.String(required=True)
    month = parts.said("YYYY-MM")
    closes = fields.List(fields.Nested(Close), required=True)
    open = fields.List(
        fields.String(), required=True, metadata={"description": "days with entries of the station, never closed"}
    )
