"""Entries, statements, and what became of what was handed in."""

from typing import Any

from marshmallow import fields

from timebank.ledger import Intent, Record
from timebank.services.statements import Item

from . import parts
from .parts import Output


class Move(Output):
    """Minutes from one account to another."""

    source = fields.String(required=True)
    target = fields.String(required=True)
    minutes = parts.minutes("always positive")


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
    day = parts.said("the day of service, YYYY-MM-DD; empty where there is none")
    change = parts.minutes("how the balance changed")
    balance = parts.minutes("the balance afterwards")
    moves = parts.method("from which account to which", _item_moves, **_MOVES)
    body = fields.Dict(required=True)
    ref = parts.maybe("the entry that this one is about")
    on_behalf = parts.maybe("the account for which somebody acted")
    policy = fields.Integer(required=True, allow_none=True, metadata={"description": "policy it was judged by"})
    names = fields.Dict(
        keys=fields.String(), values=fields.String(), required=True, metadata={"description": "names by account"}
    )
    reversed_by = parts.maybe("the id of its correction")
    note = parts.maybe("the clerk's note")


class History(Output):
    """A page of entries, newest first. Ask again with before=<before> for the next; null at the end."""

    items = fields.List(fields.Nested(Entry), required=True)
    before = fields.Integer(required=True, allow_none=True)


class Statement(Output):
    """Everything between two days, oldest first, with the balance before and after."""

    person = parts.person_id()
    first_day = fields.String(required=True)
    last_day = fields.String(required=True)
    opening = parts.minutes("the balance before the first day")
    closing = parts.minutes("the balance after the last day")
    items = fields.List(fields.Nested(Entry), required=True)


class Waiting(Output):
    """A request before a second person, or what became of it."""

    id = fields.String(required=True)
    community = fields.String(required=True)
    kind = parts.said("reverse, grant, visit, death, incapable, close or estate")
    subject = parts.said("the entry to correct, the entry that the visit will be, or the account that it is about")
    details = fields.Dict(required=True)
    asked_at = fields.Integer(required=True)
    decision = parts.maybe("approved, refused, or null while it waits")


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
    text = parts.maybe("what is wrong, as the member said it")
    asked_at = fields.Integer(required=True)
    decision = parts.maybe("stands, reversed, or null while it is open")
    reply = parts.maybe("the station's answer")
    decided_at = fields.Integer(required=True, allow_none=True)
    own = fields.Boolean(required=True)


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
    moves = parts.method("from which account to which", _record_moves, **_MOVES)
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
    receipt = parts.method("the receipt file's text", _receipt, type="string")


class Answered(Output):
    """A question with its answer; `posted` is the reversal that was made for it."""

    question = fields.Nested(Asked, required=True)
    posted = fields.Nested(Receipted, required=True, allow_none=True)


class Decided(Output):
    """What a decision did: the entry it made, or null where it was refused, or nothing of it is in the books."""

    decision = parts.said("approved or refused")
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

    id = parts.maybe("the entry's id; null where the note could not be read")
    status = parts.said("recorded, repeated or declined", enum=["recorded", "repeated", "declined"])
    seq = fields.Integer(metadata={"description": "its number in the ledger"})
    followed = fields.List(fields.Nested(Made))
    receipt = fields.String(metadata={"description": "the receipt file's text"})
    problem = fields.Nested(NoteProblem, metadata={"description": "why it was declined"})


class NoteOutcomes(Output):
    """The outcomes in the order of the notes."""

    entries = fields.List(fields.Nested(NoteOutcome), required=True)


class SlipCopy(Output):
    """A person's copy of a slip: her minutes, and her balance after all that was entered together."""

    name = fields.String(required=True)
    change = parts.minutes("added or taken")
    balance = parts.minutes("after it")


class EntrySlip(Output):
    """What stands on the slip of an entry, with a copy for each person in it whose copy the caller may print."""

    item = fields.Nested(Entry, required=True)
    place = fields.String(required=True)
    copies = fields.List(fields.Nested(SlipCopy), required=True)
    for_station = parts.truth("one more copy is the station's, without a balance")
