"""Questions, findings, call-backs, certificates and what is published."""

from marshmallow import fields

from . import parts
from .entries import Asked, Entry, Waiting
from .parts import Output


class Question(Output):
    """A waiting request with what it is about. `own`: asked by the caller, who therefore cannot decide it."""

    waiting = fields.Nested(Waiting, required=True)
    item = fields.Nested(Entry, required=True, allow_none=True)
    person_name = fields.String(required=True)
    served_names = fields.List(fields.String(), required=True, metadata={"description": "of a visit: who was served"})
    own = fields.Boolean(required=True)


class Questions(Output):
    """Doubts about entries, oldest first."""

    questions = fields.List(fields.Nested(Asked), required=True)


class Finding(Output):
    """Something odd in the books of a month: a reason to look, never a proof."""

    kind = parts.said(
        "false-kin, after-end, two-places, in-hospital, alone, kin, same-pair, many-visits, one-clerk or without-hand"
    )
    subject = parts.said("with kind and period it names the finding, for closing it")
    period = parts.said("the month, YYYY-MM")
    figure = fields.Integer(required=True, metadata={"description": "visits, days, entries, or percent"})
    names = fields.List(fields.String(), required=True, metadata={"description": "of the people and logins in it"})
    entries = fields.List(fields.String(), required=True, metadata={"description": "the first that it rests on"})
    day = parts.maybe("the day of service, where it is about one")
    place = parts.maybe("the name of another community that it is about")
    outcome = parts.maybe("in-order, corrected, spoken-to, passed-on, or null while it is open")
    closed_at = fields.Integer(required=True, allow_none=True)
    owner = parts.maybe("who has taken it on")


class Unserved(Output):
    """An elder whom nobody has served for 30 days."""

    person = parts.person_id()
    name = fields.String(required=True)
    grid = parts.maybe("the part of the community where she lives")
    owner = parts.maybe("who has taken it on within these 30 days")


class Care(Output):
    """A month of a community: who is looked after by nobody (as of today), and whose hours look odd."""

    community = fields.String(required=True)
    name = fields.String(required=True)
    month = fields.String(required=True)
    elders = fields.Integer(required=True, metadata={"description": "registered in all"})
    signed = fields.Integer(required=True, metadata={"description": "times that somebody signed in or out"})
    at_door = fields.Integer(required=True, metadata={"description": "of these, with the code at the door"})
    for_two = fields.Integer(required=True, metadata={"description": "services that are for two, or for a provider"})
    by_two = fields.Integer(required=True, metadata={"description": "of these given by two, a group or a provider"})
    unserved = fields.List(fields.Nested(Unserved), required=True)
    findings = fields.List(fields.Nested(Finding), required=True)


class Call(Output):
    """An entry to call somebody about. `own`: the caller of the API recorded it, so somebody else telephones."""

    entry = fields.String(required=True)
    month = fields.String(required=True)
    item = fields.Nested(Entry, required=True, allow_none=True)
    person_name = fields.String(required=True)
    phone = parts.maybe("her telephone number; null where none is known")
    answer = parts.maybe("given, not-given, unreachable, or null before the first call")
    own = fields.Boolean(required=True)


class Calls(Output):
    """Whom the station has still to call."""

    calls = fields.List(fields.Nested(Call), required=True)


class Draw(Output):
    """What was drawn of a month, and from what: anybody who holds the books can draw it again (docs/callbacks.md)."""

    community = fields.String(required=True)
    month = fields.String(required=True)
    size = fields.Integer(required=True, metadata={"description": "records of the books when the month ended"})
    root = parts.said("their root then, in hex")
    percent = fields.Integer(required=True)
    served = fields.Integer(required=True, metadata={"description": "services of the month"})
    entries = fields.List(fields.String(), required=True)


class ServedSum(Output):
    """Of one service of the catalogue: how many times, and minutes in all."""

    service = fields.String(required=True)
    times = fields.Integer(required=True)
    minutes = parts.minutes("served")


class Certificate(Output):
    """A certificate of service. Name and services are whole for the person and for staff, else initials and none."""

    id = fields.String(required=True)
    number = parts.said("by which anybody checks it; empty where it is not for the caller")
    community = fields.String(required=True)
    place = fields.String(required=True)
    person = parts.said("the person's id; empty where it is not for the caller")
    name = fields.String(required=True)
    minutes = parts.minutes("served in all")
    first_day = fields.String(required=True)
    last_day = fields.String(required=True)
    services = fields.List(fields.Nested(ServedSum), required=True)
    asked_on = fields.String(required=True)
    public_until = parts.said("the last day on which it hangs out")
    issued_on = parts.maybe("the day on which it was issued")
    issued_by = parts.said("the lead's login name")
    objection = parts.maybe("why it was stopped: hours, person, other")
    state = parts.said("public, ready, issued or stopped")
    stands = parts.truth("issued, and the books still say what it says")
    own = parts.truth("the caller asked for it or is certified, and so does not issue it")


class Certificates(Output):
    """Certificates of service."""

    certificates = fields.List(fields.Nested(Certificate), required=True)


class CheckedCertificate(Output):
    """What anybody reads of a certificate by its number."""

    number = fields.String(required=True)
    place = fields.String(required=True)
    minutes = parts.minutes("served in all")
    first_day = fields.String(required=True)
    last_day = fields.String(required=True)
    issued_on = parts.maybe("the day on which it was issued")
    state = parts.said("public, ready, issued or stopped")
    stands = parts.truth("issued, and the books still say what it says")
    is_named = fields.Boolean(
        required=True,
        allow_none=True,
        metadata={"description": "whether the name asked for is on it; null: none asked"},
    )


class PublishedRow(Output):
    """A service of the month, and how far it has come on its way to the ministry's system."""

    entry = fields.String(required=True)
    seq = fields.Integer(required=True)
    day = fields.String(required=True)
    volunteer = fields.String(required=True)
    initials = parts.said("what may hang on a wall")
    service = fields.String(required=True)
    minutes = parts.minutes("served")
    served = fields.Integer(required=True, metadata={"description": "how many were served"})
    state = parts.said("waiting, filed or returned")
    undone = parts.truth("it was corrected since, and had been filed before")
    noted_on = parts.maybe("the day on which the state was noted; null while it waits")
    why = parts.maybe("why it came back: person, times, twice, other; null where it did not")


class Publication(Output):
    """The services that were entered in a month, by day of service."""

    community = fields.String(required=True)
    name = fields.String(required=True)
    month = fields.String(required=True)
    minutes = parts.minutes("of those that stand")
    from_groups = parts.minutes("that groups were credited with for the fund; their members' services are in the rows")
    rows = fields.List(fields.Nested(PublishedRow), required=True)


class Filed(Output):
    """How many records were in another state before."""

    changed = fields.Integer(required=True)


class FundMonth(Output):
    """What came to the fund in a month, and what it paid less what came back of it."""

    month = parts.said("YYYY-MM")
    came = parts.minutes("that came")
    paid = parts.minutes("that were paid, less what came back")


class Fund(Output):
    """The public fund of a community today, the newest month first; that one is not over."""

    community = fields.String(required=True)
    name = fields.String(required=True)
    minutes = parts.minutes("in the fund")
    monthly = parts.minutes("paid on average in the last three whole months")
    months_left = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "whole months that it lasts if nothing comes; null: it pays nothing"},
    )
    owed = parts.minutes("that members can still use, available and held")
    members = fields.Integer(required=True, metadata={"description": "how many of them have something"})
    months = fields.List(fields.Nested(FundMonth), required=True)


class KinCheck(Output):
    """A declared relation to be checked. `own`: another one than the caller checks it."""

    kinship = parts.person_id()
    month = parts.said("of whose declarations it was drawn")
    member = parts.person_id()
    member_name = fields.String(required=True)
    elder = parts.person_id()
    elder_name = fields.String(required=True)
    relation = parts.said("what the elder is said to be to the member")
    answer = parts.maybe("unclear, or null where nobody has asked yet")
    own = fields.Boolean(required=True)


class KinChecks(Output):
    """The declared relations that are still to be checked, the oldest month first."""

    checks = fields.List(fields.Nested(KinCheck), required=True)


class KinChecked(Output):
    """What was found out."""

    kinship = parts.person_id()
    answer = parts.said("true, false or unclear")


class KinDraw(Output):
    """What was drawn of the relations declared in a month."""

    community = fields.String(required=True)
    month = fields.String(required=True)
    size = fields.Integer(required=True, metadata={"description": "records of the books when the month ended"})
    root = parts.said("their root then, in hex")
    one_in = fields.Integer(required=True, metadata={"description": "one of so many is drawn; 0: none"})
    declared = fields.Integer(required=True)
    drawn = fields.Integer(required=True)
