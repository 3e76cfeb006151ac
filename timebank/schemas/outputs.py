"""What goes out to programs: each schema's dump() makes the JSON of what a use case answered."""

from typing import Any

from marshmallow import EXCLUDE, Schema, fields

from timebank.ledger import Intent, Record
from timebank.services.audits import Overview as Overviewed
from timebank.services.statements import Item

from .refusals import sentence


class Output(Schema):
    """The document leaves room for members that come later: whoever reads an answer ignores what it does not know."""

    class Meta:
        unknown = EXCLUDE


def _minutes(said: str) -> fields.Integer:
    return fields.Integer(required=True, metadata={"description": f"Minutes: {said}"})


def _person_id() -> fields.String:
    return fields.String(required=True, metadata={"pattern": "^[0-9a-f]{32}$"})


def _said(words: str, **more: Any) -> fields.String:
    return fields.String(required=True, metadata={"description": words} | more)


def _maybe(words: str) -> fields.String:
    return fields.String(required=True, allow_none=True, metadata={"description": words})


def _clock(words: str) -> fields.Integer:
    said = {"description": f"{words}: minutes after midnight, null where no time was said"}
    return fields.Integer(required=True, allow_none=True, metadata=said)


def _truth(words: str) -> fields.Boolean:
    return fields.Boolean(required=True, metadata={"description": words})


def _method(words: str, function: Any, **schema: Any) -> fields.Function:
    return fields.Function(serialize=function, metadata={"description": words} | schema)


class Move(Output):
    """Minutes from one account to another."""

    source = fields.String(required=True)
    target = fields.String(required=True)
    minutes = _minutes("always positive")


class FieldProblem(Output):
    """What is wrong with one field."""

    pointer = _said("JSON Pointer (RFC 6901) into the body, or the name of a parameter after a slash")
    detail = _said("what is wrong with it")
    code = fields.String(metadata={"description": "its own code, where it has one"})


class Problem(Output):
    """RFC 9457. Decide by `code`, show `detail`, give `request_id` when you ask for help."""

    type = _said("address of a description of the problem")
    title = _said("the kind of problem in a few words")
    status = fields.Integer(required=True)
    detail = _said("a sentence that says what to do, in the language of Accept-Language (zh or en)")
    code = _said("stable name of the problem", example="minutes-not-integer")
    request_id = _said("names this request in the service's logs")
    instance = _said("the path that was asked for")
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
    name = _maybe("what the person or the staff is called")
    person = _maybe("the person's own id, for members")
    community = _maybe("the 12-digit code where the person belongs")
    roles = fields.List(fields.Nested(Granted), required=True)
    scopes = fields.List(
        fields.String(), required=True, allow_none=True, metadata={"description": "what a token is limited to"}
    )
    elders = fields.List(fields.String(), required=True, metadata={"description": "elders one may act for"})
    csrf_token = _maybe("send it as X-CSRFToken with every write that rests on the cookie; none for tokens")


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


class Person(Output):
    """A person as the counter sees her."""

    id = _person_id()
    community = fields.String(required=True)
    account = fields.String(required=True)
    card = fields.String(required=True)
    name = fields.String(required=True)
    phone_tail = _said("the last four digits of the telephone number")
    is_volunteer = fields.Boolean(required=True)
    is_elder = fields.Boolean(required=True)
    is_family = fields.Boolean(required=True)
    kind = _said("person, group (whose hours go to the fund) or provider (who never earns)")


class Profile(Output):
    """What helps to send the right volunteer, and where somebody lives."""

    person = _person_id()
    gender = _maybe("f or m; null where it is not noted")
    speaks = fields.List(fields.String(), required=True, metadata={"description": "codes of languages"})
    offers = fields.List(fields.String(), required=True, metadata={"description": "codes of services"})
    grid = _maybe("the code of the part of the community")


class People(Output):
    """People found."""

    people = fields.List(fields.Nested(Person), required=True)


class Kinship(Output):
    """The consent that was noted."""

    id = fields.String(required=True)
    member = _person_id()
    elder = _person_id()
    repeated = fields.Boolean(required=True)


class BoardOrder(Output):
    """An order on the board: nobody's name."""

    hold = fields.String(required=True)
    community = fields.String(required=True)
    service = fields.String(required=True)
    minutes = _minutes("how long at most")
    wanted_day = _said("the day, YYYY-MM-DD")
    start = _clock("from")
    end = _clock("to")
    gender = _maybe("f or m, where it matters to her who comes")
    speaks = _maybe("the language that the volunteer should speak")
    grid = _maybe("the part of the community")
    state = _said("a state of docs/orders.md")


class Board(Output):
    """A part of the board; ask again with after=<after> for the next, null at the end."""

    orders = fields.List(fields.Nested(BoardOrder), required=True)
    after = _maybe("the hold of the last order shown")


class Order(BoardOrder):
    """An order as those see it whom it concerns. Times are milliseconds since 1970 in UTC."""

    elder = _person_id()
    elder_name = fields.String(required=True)
    volunteer = _maybe("who goes, or went")
    volunteer_name = fields.String(required=True)
    payer = _said("elder, self or public")
    place = fields.String(required=True)
    note = fields.String(required=True)
    checked_in_at = fields.Integer(required=True, allow_none=True)
    checked_out_at = fields.Integer(required=True, allow_none=True)
    due_at = fields.Integer(required=True, allow_none=True, metadata={"description": "when the clock acts"})
    accompany = fields.Boolean(
        required=True, metadata={"description": "the social worker goes along; said where one order is shown"}
    )
    at_door = fields.List(
        fields.String(),
        required=True,
        metadata={
            "description": "check_in, check_out: signed with the code at the door; said where one order is shown"
        },
    )


class Orders(Output):
    """Orders that are not finished."""

    orders = fields.List(fields.Nested(Order), required=True)


class Acted(Output):
    """What became of an order."""

    hold = fields.String(required=True)
    state = _said("a state of docs/orders.md")


class Candidate(Output):
    """Somebody who could be sent."""

    person = _person_id()
    name = fields.String(required=True)
    reasons = fields.List(
        fields.String(), required=True, metadata={"description": "was-there-before, offers-it, speaks-it, same-grid"}
    )
    busy = fields.Integer(required=True, metadata={"description": "orders taken and not finished"})


class Candidates(Output):
    """Who could be sent, the best first."""

    candidates = fields.List(fields.Nested(Candidate), required=True)


class TearOffs(Output):
    """The codes of a new sheet; they are told only now."""

    codes = fields.List(fields.String(), required=True)


class DoorCode(Output):
    """The new code for a door; it is told only now."""

    code = fields.String(required=True)


class Member(Output):
    """Somebody who belongs to a group, and the first and last day (null: no end)."""

    id = fields.String(required=True)
    person = _person_id()
    name = fields.String(required=True)
    from_day = fields.String(required=True)
    until_day = _maybe("the last day")


class Group(Output):
    """A group, and who belongs to it today or later."""

    id = _person_id()
    community = fields.String(required=True)
    name = fields.String(required=True)
    members = fields.List(fields.Nested(Member), required=True)


class RosterRow(Output):
    """What became of one who was there: `entered`, `waiting` for a second person, or `refused`."""

    person = _person_id()
    name = fields.String(required=True)
    minutes = _minutes("of this volunteer")
    outcome = fields.String(required=True)
    entry = _maybe("the service in the books, of one that waits when it is entered; null where it was refused")
    code = fields.Function(
        serialize=lambda row: None if row.code is None else row.code.value,
        metadata={"description": "why it was refused", "type": ["string", "null"]},
    )
    detail = fields.Function(
        serialize=lambda row: None if row.code is None else sentence(row.code, row.facts),
        metadata={"description": "the same as a sentence", "type": ["string", "null"]},
    )


class Roster(Output):
    """What became of a roster, in its order. `repeated`: by this very request, sent earlier."""

    id = fields.String(required=True)
    community = fields.String(required=True)
    minutes = _minutes("of what was entered")
    rows = fields.List(fields.Nested(RosterRow), required=True)
    repeated = fields.Boolean(required=True)


class AcceptedVisit(Output):
    """A visit of a provider, with the entry by which it is checked in the books; `served` are initials."""

    order = _maybe("the number of the order")
    day = fields.String(required=True)
    service = fields.String(required=True)
    minutes = _minutes("served")
    served = fields.List(fields.String(), required=True)
    confirmed = fields.String(required=True)
    seq = fields.Integer(required=True)
    entry = fields.String(required=True)
    hash = _said("the first 16 hex digits of the record's hash")
    undone = _truth("corrected since, and not in the sums")


class AcceptedSum(Output):
    """Of one service: how many visits, and minutes in all."""

    service = fields.String(required=True)
    visits = fields.Integer(required=True)
    minutes = _minutes("in all")


class Acceptance(Output):
    """验收单: a provider's visits as entered in a month, by day of service; the sums are of what stands."""

    community = fields.String(required=True)
    provider = _person_id()
    name = fields.String(required=True)
    month = fields.String(required=True)
    visits = fields.List(fields.Nested(AcceptedVisit), required=True)
    sums = fields.List(fields.Nested(AcceptedSum), required=True)
    number = fields.Integer(required=True)
    minutes = _minutes("of what stands")
    own_hand = fields.Integer(required=True, metadata={"description": "confirmed by the hand of who was served"})


class Noted(Output):
    """Something that was noted of a person. `repeated`: by this very request, sent earlier."""

    id = fields.String(required=True)
    person = _person_id()
    repeated = fields.Boolean(required=True)


class PersonClass(Output):
    """A priority class, its proof, and its first and last day (null: no end)."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    proof = fields.String(required=True)
    from_day = fields.String(required=True)
    expires_on = _maybe("the last day")


class Training(Output):
    """A course that was taken, and the last day on which it counts (null: no end)."""

    id = fields.String(required=True)
    course = fields.String(required=True)
    day = fields.String(required=True)
    expires_on = _maybe("the last day")


class Assessment(Output):
    """What a social worker found the person to need, and whether to go along on the first visit."""

    id = fields.String(required=True)
    need = _said("light, medium or severe")
    day = fields.String(required=True)
    accompany = fields.Boolean(required=True)
    expires_on = _maybe("the last day")


class Guardian(Output):
    """Who decides for the person, and agreed to her serving."""

    id = fields.String(required=True)
    guardian = _person_id()
    proof = fields.String(required=True)
    from_day = fields.String(required=True)
    expires_on = _maybe("the last day")


class Proxy(Output):
    """What the person is to somebody, and what she consented to that they do for her (nothing: no consent)."""

    id = fields.String(required=True)
    member = _person_id()
    name = fields.String(required=True)
    relation = fields.String(required=True)
    scope = fields.List(fields.String(), required=True)
    expires_at = fields.Integer(required=True, allow_none=True)
    monthly_minutes = fields.Integer(required=True, allow_none=True)


class Papers(Output):
    """What is noted of a person and holds today or later."""

    person = _person_id()
    born = _maybe("the day of birth")
    classes = fields.List(fields.Nested(PersonClass), required=True)
    trainings = fields.List(fields.Nested(Training), required=True)
    guardians = fields.List(fields.Nested(Guardian), required=True)
    assessments = fields.List(fields.Nested(Assessment), required=True)
    proxies = fields.List(fields.Nested(Proxy), required=True)
    suspended_at = fields.Integer(required=True, allow_none=True)
    deceased_on = _maybe("the day of death")
    after_death = fields.List(
        fields.String(), required=True, metadata={"description": "entries whose day of service is after it"}
    )


class Figures(Output):
    """Three figures of a person that are never mixed, and what is owed. `size` is the ledger's, at that moment."""

    person = _person_id()
    community = fields.String(required=True)
    available = _minutes("what can be used now")
    held = _minutes("set aside for open orders")
    served = _minutes("served in all; only grows")
    owed = _minutes("still to be given back after a correction")
    size = fields.Integer(required=True)


def _item_moves(item: Item) -> list[dict[str, Any]]:
    return [{"source": source, "target": target, "minutes": minutes} for source, target, minutes in item.moves]


_MOVES: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "source": {"type": "string"},
            "target": {"type": "string"},
            "minutes": {"type": "integer", "minimum": 1},
        },
        "required": ["source", "target", "minutes"],
    },
}


class Entry(Output):
    """An entry as a person meets it. `change` and `balance` are of the account it is shown for, 0 when of none."""

    id = fields.String(required=True)
    seq = fields.Integer(required=True)
    kind = fields.String(required=True)
    ms = fields.Integer(required=True, metadata={"description": "when it was entered, milliseconds since 1970 in UTC"})
    day = _said("the day of service, YYYY-MM-DD; empty where there is none")
    change = _minutes("how the balance changed")
    balance = _minutes("the balance afterwards")
    moves = _method("from which account to which", _item_moves, **_MOVES)
    body = fields.Dict(required=True)
    ref = _maybe("the entry that this one is about")
    on_behalf = _maybe("the account for which somebody acted")
    policy = fields.Integer(required=True, allow_none=True, metadata={"description": "policy it was judged by"})
    names = fields.Dict(
        keys=fields.String(), values=fields.String(), required=True, metadata={"description": "names by account"}
    )
    reversed_by = _maybe("the id of its correction")
    note = _maybe("the clerk's note")


class History(Output):
    """A page of entries, newest first. Ask again with before=<before> for the next; null at the end."""

    items = fields.List(fields.Nested(Entry), required=True)
    before = fields.Integer(required=True, allow_none=True)


class Statement(Output):
    """Everything between two days, oldest first, with the balance before and after."""

    person = _person_id()
    first_day = fields.String(required=True)
    last_day = fields.String(required=True)
    opening = _minutes("the balance before the first day")
    closing = _minutes("the balance after the last day")
    items = fields.List(fields.Nested(Entry), required=True)


class Waiting(Output):
    """A request before a second person, or what became of it."""

    id = fields.String(required=True)
    community = fields.String(required=True)
    kind = _said("reverse, grant, visit, death, incapable, close or estate")
    subject = _said("the entry to correct, the entry that the visit will be, or the account that it is about")
    details = fields.Dict(required=True)
    asked_at = fields.Integer(required=True)
    decision = _maybe("approved, refused, or null while it waits")


class Question(Output):
    """A waiting request with what it is about. `own`: asked by the caller, who therefore cannot decide it."""

    waiting = fields.Nested(Waiting, required=True)
    item = fields.Nested(Entry, required=True, allow_none=True)
    person_name = fields.String(required=True)
    served_names = fields.List(fields.String(), required=True, metadata={"description": "of a visit: who was served"})
    own = fields.Boolean(required=True)


class Asked(Output):
    """A doubt about an entry, and the station's answer. Words are null where they were erased or are another's.

    `own`: the caller asked, or it was asked for the caller, who therefore cannot answer it.
    """

    id = fields.String(required=True)
    community = fields.String(required=True)
    entry = fields.String(required=True)
    item = fields.Nested(Entry, required=True, allow_none=True)
    person_name = fields.String(required=True)
    called = fields.Boolean(required=True, metadata={"description": "it was said in a call-back"})
    text = _maybe("what is wrong, as the member said it")
    asked_at = fields.Integer(required=True)
    decision = _maybe("stands, reversed, or null while it is open")
    reply = _maybe("the station's answer")
    decided_at = fields.Integer(required=True, allow_none=True)
    own = fields.Boolean(required=True)


class Questions(Output):
    """Doubts about entries, oldest first."""

    questions = fields.List(fields.Nested(Asked), required=True)


class Heir(Output):
    """Somebody to whom the hours of a case may go."""

    person = _person_id()
    name = fields.String(required=True)
    relation = _said("what she is to whoever died")


class Estate(Output):
    """The case of somebody who died and left hours. For anybody but staff the name is masked and `heirs` empty."""

    number = fields.String(required=True)
    community = fields.String(required=True)
    place = fields.String(required=True)
    name = fields.String(required=True)
    person = _said("its id, for staff; else empty")
    minutes = _minutes("what is left")
    rule = _said("spouse, heirs or fund")
    wish = _maybe("fund, person, or null where she stated none")
    until_day = _maybe("the last day for relatives")
    is_over = fields.Boolean(required=True)
    is_closed = fields.Boolean(required=True)
    heirs = fields.List(fields.Nested(Heir), required=True)


class Estates(Output):
    """The open cases of a community, the oldest first."""

    cases = fields.List(fields.Nested(Estate), required=True)


class Slip(Output):
    """What was entered in a month for somebody for whom a guardian decides; `readers` are other relatives."""

    person = _person_id()
    name = fields.String(required=True)
    guardians = fields.List(fields.String(), required=True)
    readers = fields.List(fields.String(), required=True)
    items = fields.List(fields.Nested(Entry), required=True)


class Slips(Output):
    """The slips of a month of a community."""

    community = fields.String(required=True)
    place = fields.String(required=True)
    month = fields.String(required=True)
    this_month = fields.String(required=True)
    slips = fields.List(fields.Nested(Slip), required=True)


class OnItsWay(Output):
    """A transfer to another community. `name` is masked."""

    id = fields.String(required=True)
    to = _said("the community")
    place = fields.String(required=True)
    name = fields.String(required=True)
    minutes = _minutes("what travels")
    state = _said("offered, sent or returned")
    reason = _maybe("why the other community did not take it")
    asked_at = fields.Integer(required=True)


class Transfers(Output):
    """What somebody sent to other communities, the newest first."""

    transfers = fields.List(fields.Nested(OnItsWay), required=True)


class Link(Output):
    """A link to another community, by the books of this one."""

    origin = fields.String(required=True)
    community = fields.String(required=True)
    place = fields.String(required=True)
    owed = fields.Integer(
        required=True, metadata={"description": "minutes that it owes; negative: that are owed to it"}
    )
    held = _minutes("what is on its way there")
    limit_minutes = _minutes("what it may owe at most")
    size = fields.Integer(required=True, metadata={"description": "how many of its records were seen proved"})
    seen_at = fields.Integer(required=True, allow_none=True)
    frozen_at = fields.Integer(required=True, allow_none=True)
    frozen_why = _maybe("why nothing goes between the two")
    compared_at = fields.Integer(required=True, allow_none=True, metadata={"description": "of the last reconciliation"})
    agreed = fields.Boolean(required=True, allow_none=True, metadata={"description": "whether nothing differed then"})


class OpenDifference(Output):
    """Something in which the books of two ledgers differ, and nobody has resolved."""

    peer = fields.String(required=True)
    kind = _said("missing-here, missing-there, amount or mirror")
    entry = _said("the entry without its other half; of a mirror, both sizes")
    found_at = fields.Integer(required=True)


class Links(Output):
    """The links of a community, by the name of the other ledger."""

    links = fields.List(fields.Nested(Link), required=True)
    differences = fields.List(fields.Nested(OpenDifference), required=True)


class HonourStep(Output):
    """A threshold, and who reached it and no higher one, in the order in which they joined."""

    hours = fields.Integer(required=True, metadata={"description": "served in all"})
    names = fields.List(fields.String(), required=True)


class Honours(Output):
    """Whom a community names because they wish it, the highest threshold first; no steps where it has no board."""

    community = fields.String(required=True)
    name = fields.String(required=True)
    steps = fields.List(fields.Nested(HonourStep), required=True)


class Finding(Output):
    """Something odd in the books of a month: a reason to look, never a proof."""

    kind = _said("after-end, kin, same-pair, many-visits, one-clerk or without-hand")
    subject = _said("with kind and period it names the finding, for closing it")
    period = _said("the month, YYYY-MM")
    figure = fields.Integer(required=True, metadata={"description": "visits, days, entries, or percent"})
    names = fields.List(fields.String(), required=True, metadata={"description": "of the people and logins in it"})
    entries = fields.List(fields.String(), required=True, metadata={"description": "the first that it rests on"})
    day = _maybe("the day of service, where it is about one")
    outcome = _maybe("in-order, corrected, spoken-to, passed-on, or null while it is open")
    closed_at = fields.Integer(required=True, allow_none=True)


class Unserved(Output):
    """An elder whom nobody has served for 30 days."""

    person = _person_id()
    name = fields.String(required=True)


class Care(Output):
    """A month of a community: who is looked after by nobody (as of today), and whose hours look odd."""

    community = fields.String(required=True)
    name = fields.String(required=True)
    month = fields.String(required=True)
    elders = fields.Integer(required=True, metadata={"description": "registered in all"})
    signed = fields.Integer(required=True, metadata={"description": "times that somebody signed in or out"})
    at_door = fields.Integer(required=True, metadata={"description": "of these, with the code at the door"})
    unserved = fields.List(fields.Nested(Unserved), required=True)
    findings = fields.List(fields.Nested(Finding), required=True)


class Call(Output):
    """An entry to call somebody about. `own`: the caller of the API recorded it, so somebody else telephones."""

    entry = fields.String(required=True)
    month = fields.String(required=True)
    item = fields.Nested(Entry, required=True, allow_none=True)
    person_name = fields.String(required=True)
    phone = _maybe("her telephone number; null where none is known")
    answer = _maybe("given, not-given, unreachable, or null before the first call")
    own = fields.Boolean(required=True)


class Calls(Output):
    """Whom the station has still to call."""

    calls = fields.List(fields.Nested(Call), required=True)


class Draw(Output):
    """What was drawn of a month, and from what: anybody who holds the books can draw it again (docs/callbacks.md)."""

    community = fields.String(required=True)
    month = fields.String(required=True)
    size = fields.Integer(required=True, metadata={"description": "records of the books when the month ended"})
    root = _said("their root then, in hex")
    percent = fields.Integer(required=True)
    served = fields.Integer(required=True, metadata={"description": "services of the month"})
    entries = fields.List(fields.String(), required=True)


class ServedSum(Output):
    """Of one service of the catalogue: how many times, and minutes in all."""

    service = fields.String(required=True)
    times = fields.Integer(required=True)
    minutes = _minutes("served")


class Certificate(Output):
    """A certificate of service. Name and services are whole for the person and for staff, else initials and none."""

    id = fields.String(required=True)
    number = _said("by which anybody checks it; empty where it is not for the caller")
    community = fields.String(required=True)
    place = fields.String(required=True)
    person = _said("the person's id; empty where it is not for the caller")
    name = fields.String(required=True)
    minutes = _minutes("served in all")
    first_day = fields.String(required=True)
    last_day = fields.String(required=True)
    services = fields.List(fields.Nested(ServedSum), required=True)
    asked_on = fields.String(required=True)
    public_until = _said("the last day on which it hangs out")
    issued_on = _maybe("the day on which it was issued")
    issued_by = _said("the lead's login name")
    objection = _maybe("why it was stopped: hours, person, other")
    state = _said("public, ready, issued or stopped")
    stands = _truth("issued, and the books still say what it says")
    own = _truth("the caller asked for it or is certified, and so does not issue it")


class Certificates(Output):
    """Certificates of service."""

    certificates = fields.List(fields.Nested(Certificate), required=True)


class CheckedCertificate(Output):
    """What anybody reads of a certificate by its number."""

    number = fields.String(required=True)
    place = fields.String(required=True)
    minutes = _minutes("served in all")
    first_day = fields.String(required=True)
    last_day = fields.String(required=True)
    issued_on = _maybe("the day on which it was issued")
    state = _said("public, ready, issued or stopped")
    stands = _truth("issued, and the books still say what it says")
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
    initials = _said("what may hang on a wall")
    service = fields.String(required=True)
    minutes = _minutes("served")
    served = fields.Integer(required=True, metadata={"description": "how many were served"})
    state = _said("waiting, filed or returned")
    undone = _truth("it was corrected since, and had been filed before")


class Publication(Output):
    """The services that were entered in a month, by day of service."""

    community = fields.String(required=True)
    name = fields.String(required=True)
    month = fields.String(required=True)
    minutes = _minutes("of those that stand")
    from_groups = _minutes("that groups were credited with for the fund; their members' services are in the rows")
    rows = fields.List(fields.Nested(PublishedRow), required=True)


class Filed(Output):
    """How many records were in another state before."""

    changed = fields.Integer(required=True)


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


class Need(Output):
    """One service in a month: how many orders, and what became of them: served, open, unmet or withdrawn."""

    service = fields.String(required=True)
    asked = fields.Integer(required=True)
    minutes = _minutes("asked for")
    served = fields.Integer(required=True)
    open = fields.Integer(required=True)
    unmet = fields.Integer(required=True)
    withdrawn = fields.Integer(required=True)
    waiting_days = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "the median from asking to the day of service; null where none was served"},
    )


class Unmet(Output):
    """Orders for a service that nobody could give, for one reason."""

    service = fields.String(required=True)
    reason = _said("no-volunteer or needs-provider")
    number = fields.Integer(required=True)
    minutes = _minutes("asked for")


class Needs(Output):
    """The list of needs of a community in a month (需求清单), by the month for which they were wanted."""

    community = fields.String(required=True)
    place = fields.String(required=True)
    month = fields.String(required=True)
    rows = fields.List(fields.Nested(Need), required=True)
    unmet = fields.List(fields.Nested(Unmet), required=True)
    elders = fields.Integer(
        required=True, allow_none=True, metadata={"description": "who live here; null: fewer than three"}
    )
    elders_near = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "of them with a volunteer in their own grid who served in these three months"},
    )


class OpenOrder(Output):
    """An order whose hours are held."""

    hold = fields.String(required=True)
    elder = _person_id()
    elder_name = fields.String(required=True)
    service = fields.String(required=True)
    minutes = _minutes("held")
    wanted_day = fields.String(required=True)
    payer = _said("the account that pays")


class Day(Output):
    """One day of a community by posting date."""

    community = fields.String(required=True)
    name = fields.String(required=True)
    day = fields.String(required=True)
    today = fields.String(required=True)
    visits = fields.Integer(required=True)
    credited = _minutes("credited that day")
    redeemed = _minutes("used that day")
    items = fields.List(fields.Nested(Entry), required=True)
    questions = fields.List(fields.Nested(Question), required=True)
    orders = fields.List(fields.Nested(OpenOrder), required=True)


def _record_moves(record: Record) -> list[dict[str, Any]]:
    return _intent_moves(record.intent)


def _intent_moves(intent: Intent) -> list[dict[str, Any]]:
    return [{"source": move.source, "target": move.target, "minutes": move.minutes} for move in intent.moves]


class Made(Output):
    """An entry that was made."""

    id = fields.String(required=True)
    seq = fields.Integer(required=True)
    ms = fields.Integer(required=True)
    kind = fields.String(attribute="intent.kind", required=True)
    moves = _method("from which account to which", _record_moves, **_MOVES)
    body = fields.Dict(attribute="intent.body", required=True)


def _receipt(posted: Any) -> str | None:
    return None if posted.receipt is None else posted.receipt.to_bytes().decode()


class Receipted(Output):
    """What a write made: the entry, what followed from it, and the receipt, which proves it to anybody, offline.

    `receipt` is the text of the receipt file (FORMAT.md, “Receipt”): keep it. `repeated`: this very request was done
    before, and this is its first and only entry.
    """

    entry = fields.Nested(Made, attribute="record", required=True)
    followed = fields.List(fields.Nested(Made), required=True)
    repeated = fields.Boolean(required=True)
    receipt = _method("the receipt file's text", _receipt, type="string")


class Registered(Output):
    """A registered person, and the entry that opened her account."""

    person = fields.Nested(Person, required=True)
    posted = fields.Nested(Receipted, required=True)


class Answered(Output):
    """A question with its answer; `posted` is the reversal that was made for it."""

    question = fields.Nested(Asked, required=True)
    posted = fields.Nested(Receipted, required=True, allow_none=True)


class Decided(Output):
    """What a decision did: the entry it made, or null where it was refused, or nothing of it is in the books."""

    decision = _said("approved or refused")
    posted = fields.Nested(Receipted, required=True, allow_none=True)


class NoteProblem(Output):
    """Why one note was declined: an RFC 9457 problem without the members that belong to the whole request."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True)


class NoteOutcome(Output):
    """What became of one note."""

    id = _maybe("the entry's id; null where the note could not be read")
    status = _said("recorded, repeated or declined", enum=["recorded", "repeated", "declined"])
    seq = fields.Integer(metadata={"description": "its number in the ledger"})
    followed = fields.List(fields.Nested(Made))
    receipt = fields.String(metadata={"description": "the receipt file's text"})
    problem = fields.Nested(NoteProblem, metadata={"description": "why it was declined"})


class NoteOutcomes(Output):
    """The outcomes in the order of the notes."""

    entries = fields.List(fields.Nested(NoteOutcome), required=True)


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


_TOTALS: dict[str, Any] = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "properties": {"accounts": {"type": "integer"}, "minutes": {"type": "integer"}},
        "required": ["accounts", "minutes"],
    },
}


def _totals(overview: Overviewed) -> dict[str, dict[str, int]]:
    return {kind: {"accounts": count, "minutes": minutes} for kind, (count, minutes) in overview.totals.items()}


class Overview(Output):
    """A ledger from outside. It names no person."""

    community = fields.String(required=True)
    name = fields.String(required=True)
    ledger = fields.String(attribute="head.origin", required=True)
    size = fields.Integer(attribute="head.size", required=True)
    root = _method("the tree's root in hex", lambda overview: overview.head.root.hex(), type="string")
    totals = _method("by class of account; the sums of minutes add up to 0", _totals, **_TOTALS)
    keys = fields.List(fields.Nested(Key), required=True)
    policies = fields.List(fields.Nested(PolicyVersion), required=True)
    read_only = _maybe("why nothing may be written now; null when all is well")


class RecordLine(Output):
    """A record; `record` is its text, whose UTF-8 bytes are what is hashed."""

    seq = fields.Integer(required=True)
    id = fields.String(required=True)
    kind = fields.String(attribute="intent.kind", required=True)
    ms = fields.Integer(required=True)
    hash = _method("the leaf hash in hex", lambda record: record.hash.hex(), type="string")
    record = _method("the record's text", lambda record: record.raw.decode(), type="string")


class Records(Output):
    """A page of records, newest first. Ask again with before=<before> for the next; null at the end."""

    records = fields.List(fields.Nested(RecordLine), required=True)
    before = fields.Integer(required=True, allow_none=True)


class Verified(Output):
    """What was proved, in figures; minutes are sums over all entries."""

    ledger = fields.String(attribute="origin", required=True)
    size = fields.Integer(required=True)
    root = _method("the tree's root in hex", lambda report: report.root.hex(), type="string")
    signatures = fields.Integer(required=True)
    kinds = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    not_understood = fields.Integer(required=True)
    by_compromised_keys = fields.Integer(required=True)
    minutes_credited = _minutes("credited in all")
    minutes_redeemed = _minutes("used in all")
