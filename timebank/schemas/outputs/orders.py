"""Orders, the board, rosters, the day's list and what is needed."""

from typing import Any

from marshmallow import fields

from timebank.schemas.refusals import sentence
from timebank.services import orders

from . import parts
from .care import Question
from .entries import Entry
from .parts import Output


def _refused(one: orders.Candidate) -> str | None:
    return one.refused.code.value if one.refused else None


def _why(one: orders.Candidate) -> str | None:
    return sentence(one.refused.code, one.refused.facts) if one.refused else None


class BoardOrder(Output):
    """An order on the board: nobody's name."""

    hold = fields.String(required=True)
    community = fields.String(required=True)
    service = fields.String(required=True)
    minutes = parts.minutes("how long at most")
    wanted_day = parts.said("the day, YYYY-MM-DD")
    start = parts.clock("from")
    end = parts.clock("to")
    gender = parts.maybe("f or m, where it matters to her who comes")
    speaks = parts.maybe("the language that the volunteer should speak")
    grid = parts.maybe("the part of the community")
    state = parts.said("a state of docs/orders.md")


class Board(Output):
    """A part of the board; ask again with after=<after> for the next, null at the end."""

    orders = fields.List(fields.Nested(BoardOrder), required=True)
    after = parts.maybe("the hold of the last order shown")


class Order(BoardOrder):
    """An order as those see it whom it concerns. Times are milliseconds since 1970 in UTC."""

    elder = parts.person_id()
    elder_name = fields.String(required=True)
    volunteer = parts.maybe("who goes, or went")
    volunteer_name = fields.String(required=True)
    payer = parts.said("elder, self or public")
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
    sent_later = fields.List(
        fields.String(),
        required=True,
        metadata={
            "description": "check_in, check_out: came later than it was pressed, and has the telephone's time; said "
            "where one order is shown"
        },
    )


class Orders(Output):
    """Orders that are not finished."""

    orders = fields.List(fields.Nested(Order), required=True)


class Acted(Output):
    """What became of an order."""

    hold = fields.String(required=True)
    state = parts.said("a state of docs/orders.md")


class Candidate(Output):
    """Somebody who could be sent."""

    person = parts.person_id()
    name = fields.String(required=True)
    reasons = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "was-there-before, offers-it, has-time, speaks-it, same-grid"},
    )
    busy = fields.Integer(required=True, metadata={"description": "orders taken and not finished"})


class Candidates(Output):
    """Who could be sent, the best first."""

    candidates = fields.List(fields.Nested(Candidate), required=True)
    next = fields.Integer(required=True, allow_none=True, metadata={"description": "`skip` of the next page"})


_NULLABLE: dict[str, Any] = {"type": ["string", "null"]}


class Looked(Candidate):
    """Somebody who was looked for, and why she cannot be sent."""

    refused = parts.method("the code of the refusal, null where she can be sent", _refused, **_NULLABLE)
    why = parts.method("the same as a sentence", _why, **_NULLABLE)


class LookedFor(Output):
    """The volunteers who were looked for, who fits best first."""

    candidates = fields.List(fields.Nested(Looked), required=True)


class Rating(Output):
    """What one side said of a service that was given."""

    side = parts.said("elder (also who acts for her, and a clerk who writes it down) or volunteer")
    stars = fields.Integer(required=True, metadata={"description": "one to five"})
    text = parts.said("a few words, or none")


class Ratings(Output):
    """What was said of a service, as far as the caller reads it."""

    ratings = fields.List(fields.Nested(Rating), required=True)


class TearOffs(Output):
    """The codes of a new sheet; they are told only now."""

    codes = fields.List(fields.String(), required=True)


class DoorCode(Output):
    """The new code for a door; it is told only now."""

    code = fields.String(required=True)


class RosterRow(Output):
    """What became of one who was there: `entered`, `waiting` for a second person, or `refused`."""

    person = parts.person_id()
    name = fields.String(required=True)
    minutes = parts.minutes("of this volunteer")
    outcome = fields.String(required=True)
    entry = parts.maybe("the service in the books, of one that waits when it is entered; null where it was refused")
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
    minutes = parts.minutes("of what was entered")
    rows = fields.List(fields.Nested(RosterRow), required=True)
    repeated = fields.Boolean(required=True)


class AcceptedVisit(Output):
    """A visit of a provider, with the entry by which it is checked in the books; `served` are initials."""

    order = parts.maybe("the number of the order")
    day = fields.String(required=True)
    service = fields.String(required=True)
    minutes = parts.minutes("served")
    served = fields.List(fields.String(), required=True)
    confirmed = fields.String(required=True)
    seq = fields.Integer(required=True)
    entry = fields.String(required=True)
    hash = parts.said("the first 16 hex digits of the record's hash")
    undone = parts.truth("corrected since, and not in the sums")


class AcceptedSum(Output):
    """Of one service: how many visits, and minutes in all."""

    service = fields.String(required=True)
    visits = fields.Integer(required=True)
    minutes = parts.minutes("in all")


class Acceptance(Output):
    """验收单: a provider's visits as entered in a month, by day of service; the sums are of what stands."""

    community = fields.String(required=True)
    provider = parts.person_id()
    name = fields.String(required=True)
    month = fields.String(required=True)
    visits = fields.List(fields.Nested(AcceptedVisit), required=True)
    sums = fields.List(fields.Nested(AcceptedSum), required=True)
    number = fields.Integer(required=True)
    minutes = parts.minutes("of what stands")
    own_hand = fields.Integer(required=True, metadata={"description": "confirmed by the hand of who was served"})


class Need(Output):
    """One service in a month: how many orders, and what became of them: served, open, unmet or withdrawn."""

    service = fields.String(required=True)
    asked = fields.Integer(required=True)
    minutes = parts.minutes("asked for")
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
    reason = parts.said("no-volunteer or needs-provider")
    number = fields.Integer(required=True)
    minutes = parts.minutes("asked for")


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
    confirmed = fields.Integer(required=True, metadata={"description": "services for somebody, entered in this month"})
    own_hand = fields.Integer(
        required=True, metadata={"description": "of these confirmed by who was served: card, telephone, torn-off code"}
    )


class OpenOrder(Output):
    """An order whose hours are held."""

    hold = fields.String(required=True)
    elder = parts.person_id()
    elder_name = fields.String(required=True)
    service = fields.String(required=True)
    minutes = parts.minutes("held")
    wanted_day = fields.String(required=True)
    payer = parts.said("the account that pays")


class Day(Output):
    """One day of a community by posting date."""

    community = fields.String(required=True)
    name = fields.String(required=True)
    day = fields.String(required=True)
    today = fields.String(required=True)
    visits = fields.Integer(required=True)
    credited = parts.minutes("credited that day")
    redeemed = parts.minutes("used that day")
    items = fields.List(fields.Nested(Entry), required=True)
    questions = fields.List(fields.Nested(Question), required=True)
    orders = fields.List(fields.Nested(OpenOrder), required=True)
