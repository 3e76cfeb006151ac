"""Hours on their way, and how communities stand with one another."""

from marshmallow import fields

from . import parts
from .parts import Output


class OnItsWay(Output):
    """A transfer to another community. `name` is masked."""

    id = fields.String(required=True)
    to = parts.said("the community")
    place = fields.String(required=True)
    name = fields.String(required=True)
    minutes = parts.minutes("what travels")
    state = parts.said("offered, sent or returned")
    reason = parts.maybe("why the other community did not take it")
    asked_at = fields.Integer(required=True)


class Transfers(Output):
    """What somebody sent to other communities, the newest first."""

    transfers = fields.List(fields.Nested(OnItsWay), required=True)


class Link(Output):
    """A link to another community, by the books of this one."""

    origin = fields.String(required=True)
    community = fields.String(required=True)
    place = fields.String(required=True)
    url = parts.maybe("where the service is that keeps it; null: here")
    fingerprint = parts.said("sixty digits that stand for the ledger, to be compared on the telephone")
    owed = fields.Integer(
        required=True, metadata={"description": "minutes that it owes; negative: that are owed to it"}
    )
    held = parts.minutes("what is on its way there")
    limit_minutes = parts.minutes("what it may owe at most")
    size = fields.Integer(required=True, metadata={"description": "how many of its records were seen proved"})
    seen_at = fields.Integer(required=True, allow_none=True)
    frozen_at = fields.Integer(required=True, allow_none=True)
    frozen_why = parts.maybe("why nothing goes between the two")
    compared_at = fields.Integer(required=True, allow_none=True, metadata={"description": "of the last reconciliation"})
    agreed = fields.Boolean(required=True, allow_none=True, metadata={"description": "whether nothing differed then"})


class OpenDifference(Output):
    """Something in which the books of two ledgers differ, and nobody has resolved."""

    peer = fields.String(required=True)
    kind = parts.said("missing-here, missing-there, amount or mirror")
    entry = parts.said("the entry without its other half; of a mirror, both sizes")
    found_at = fields.Integer(required=True)


class Links(Output):
    """The links of a community, by the name of the other ledger; and what the others need to know of it."""

    origin = parts.said("the ledger of this community")
    fingerprint = parts.said("its own, to be read out to whoever adds it")
    links = fields.List(fields.Nested(Link), required=True)
    differences = fields.List(fields.Nested(OpenDifference), required=True)


class Position(Output):
    """A link of a community of the place, by its books."""

    community = fields.String(required=True)
    place = fields.String(required=True)
    peer = fields.String(required=True)
    peer_community = parts.said("empty where the other ledger is not of this kind of service")
    peer_place = fields.String(required=True)
    owed = fields.Integer(required=True, metadata={"description": "minutes that the other owes; negative: is owed"})
    held = parts.minutes("what is on its way there")
    soft_minutes = parts.minutes("from here on somebody should look")
    limit_minutes = parts.minutes("above this nothing more is taken in")
    frozen_why = parts.maybe("why nothing goes between the two")
    compared_at = fields.Integer(required=True, allow_none=True, metadata={"description": "of the last reconciliation"})
    agreed = fields.Boolean(required=True, allow_none=True, metadata={"description": "whether nothing differed then"})


class Part(Output):
    """A county, town or community; `is_within` false: one beyond the place that it has links to."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    is_within = fields.Boolean(required=True)


class Owed(Output):
    """What one part owes another, by the books of the creditor."""

    creditor = fields.String(required=True)
    debtor = fields.String(required=True)
    minutes = fields.Integer(required=True, metadata={"description": "negative: the creditor owes"})


class Differing(Output):
    """Something that differs and nobody has resolved."""

    community = fields.String(required=True)
    peer = fields.String(required=True)
    kind = parts.said("missing-here, missing-there, amount or mirror")
    entry = parts.said("the entry without its other half; of a mirror, both sizes")
    found_at = fields.Integer(required=True)
    days = fields.Integer(required=True, metadata={"description": "how long it has been open"})
    owner = parts.maybe("the login that has taken it on")


class Night(Output):
    """How many links of a part were compared on a day."""

    day = parts.said("YYYY-MM-DD")
    agreed = fields.Integer(required=True)
    differed = fields.Integer(required=True)
    missed = fields.Integer(required=True)


class Nights(Output):
    """The last nights of a part, the oldest first."""

    code = fields.String(required=True)
    nights = fields.List(fields.Nested(Night), required=True)


class Positions(Output):
    """How the communities of a place stand with one another and with those beyond it. In `owed` a pair that owes
    nothing is left out."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    parts = fields.List(fields.Nested(Part), required=True)
    owed = fields.List(fields.Nested(Owed), required=True)
    positions = fields.List(fields.Nested(Position), required=True)
    differing = fields.List(fields.Nested(Differing), required=True)
    nights = fields.List(fields.Nested(Nights), required=True)
