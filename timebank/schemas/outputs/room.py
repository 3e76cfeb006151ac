"""Problems, sessions, communities and what they offer."""

from marshmallow import fields

from . import parts
from .parts import Output


class FieldProblem(Output):
    """What is wrong with one field."""

    pointer = parts.said("JSON Pointer (RFC 6901) into the body, or the name of a parameter after a slash")
    detail = parts.said("what is wrong with it")
    code = fields.String(metadata={"description": "its own code, where it has one"})


class Problem(Output):
    """RFC 9457. Decide by `code`, show `detail`, give `request_id` when you ask for help."""

    type = parts.said("address of a description of the problem")
    title = parts.said("the kind of problem in a few words")
    status = fields.Integer(required=True)
    detail = parts.said("a sentence that says what to do, in the language of Accept-Language (zh or en)")
    code = parts.said("stable name of the problem", example="minutes-not-integer")
    request_id = parts.said("names this request in the service's logs")
    instance = parts.said("the path that was asked for")
    errors = fields.List(fields.Nested(FieldProblem), metadata={"description": "field by field, for status 422"})


class ProblemKind(Output):
    """One way to be told no."""

    code = fields.String(required=True)
    status = fields.Integer(required=True)
    title = fields.String(required=True)


class ProblemKinds(Output):
    """All ways to be told no."""

    problems = fields.List(fields.Nested(ProblemKind), required=True)


class Granted(Output):
    """A role, and where: a community's code, or * for everywhere."""

    role = fields.String(required=True)
    community = fields.String(required=True)


class Session(Output):
    """Who asks."""

    logged_in = fields.Boolean(required=True)
    name = parts.maybe("what the person or the staff is called")
    person = parts.maybe("the person's own id, for members")
    community = parts.maybe("the 12-digit code where the person belongs")
    roles = fields.List(fields.Nested(Granted), required=True)
    scopes = fields.List(
        fields.String(), required=True, allow_none=True, metadata={"description": "what a token is limited to"}
    )
    elders = fields.List(fields.String(), required=True, metadata={"description": "elders one may act for"})
    csrf_token = parts.maybe("send it as X-CSRFToken with every write that rests on the cookie; none for tokens")


class Community(Output):
    """A community of this service."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    town = fields.String(required=True)
    county = fields.String(required=True)
    ledger = fields.String(attribute="origin", required=True, metadata={"description": "its ledger's origin"})


class Communities(Output):
    """All communities of this service, by code."""

    communities = fields.List(fields.Nested(Community), required=True)


class Noted(Output):
    """Something that was noted of a person. `repeated`: by this very request, sent earlier."""

    id = fields.String(required=True)
    person = parts.person_id()
    repeated = fields.Boolean(required=True)


class Offer(Output):
    """A service that can be ordered."""

    code = fields.String(attribute="service.code", required=True)
    zh = fields.String(attribute="service.zh", required=True)
    en = fields.String(attribute="service.en", required=True)
    minutes = fields.Integer(
        attribute="service.minutes", required=True, metadata={"description": "Minutes: what a visit usually takes"}
    )
    training = fields.String(
        attribute="service.training",
        required=True,
        allow_none=True,
        metadata={"description": "the course that whoever gives it must have taken"},
    )
    gender_choice = fields.Boolean(
        attribute="service.gender_choice",
        required=True,
        metadata={"description": "one may ask for a woman or a man"},
    )
    pair = fields.Boolean(attribute="service.pair", required=True, metadata={"description": "two go together"})
    risk_zh = fields.String(attribute="service.risk_zh", required=True)
    risk_en = fields.String(attribute="service.risk_en", required=True)
    volunteers = fields.Integer(
        required=True, allow_none=True, metadata={"description": "how many offer it; null: fewer than three"}
    )


class Offers(Output):
    """The list of services of a community (服务清单)."""

    community = fields.String(required=True)
    place = fields.String(required=True)
    services = fields.List(fields.Nested(Offer), required=True)


class Key(Output):
    """A key of the ledger: valid for the entries after number `since`, up to and with `until`."""

    vkey = fields.String(required=True)
    role = fields.String(required=True)
    since = fields.Integer(required=True)
    until = fields.Integer(required=True, allow_none=True)


class PolicyVersion(Output):
    """A version of the policy."""

    version = fields.Integer(required=True)
    from_day = fields.String(required=True)
    sha256 = fields.String(required=True)
    seq = fields.Integer(required=True)
