"""Entries: take in those that others signed, and give single ones with their receipts."""

from typing import Any

from flask import Response, request

from timebank.ledger import Declined
from timebank.schemas import inputs, outputs
from timebank.services import entries, keys, pairs, statements, vouchers
from timebank.visitor import actor, bank

from . import gate, problems
from .answers import TEXT, dumped, entry_address, receipted, text
from .examples import EXAMPLES
from .room import JSON, PROBLEM, Room

room = Room("entries", "Entries signed with a key of one's own, single entries and their receipts.")

_NOTES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            JSON: {"schema": inputs.room.NotesInput, "example": EXAMPLES[inputs.room.NotesInput]},
            TEXT: {"schema": {"type": "string"}},
        },
    },
    "responses": {
        "200": {
            "description": "The outcomes, or the one note's receipt where it was there before.",
            "content": {JSON: {"schema": {"anyOf": [outputs.entries.NoteOutcomes, outputs.entries.Receipted]}}},
        },
        "201": {"description": "One note, entered.", "content": {JSON: {"schema": outputs.entries.Receipted}}},
        "default": PROBLEM,
    },
}


@room.view(
    "POST",
    "/communities/<community:community>/entries",
    public=True,
    **_NOTES,
)
def submit(community: str) -> Response:
    """Enter 1 to 1,000 signed notes (FORMAT.md §3), each by itself, in order; or one note as text/plain.

    May call: whoever holds a station, lead or device key that this ledger registered. The signature is the authority:
    no login and no Idempotency-Key is needed, for the id is in what was signed. One note as text/plain answers with
    its entry (201, or 200 when it was there) or its problem; many always answer 200, each with its own outcome.
    """
    if request.mimetype == TEXT:
        return _one(community, entries.submit(bank(), community, [request.get_data()])[0])
    notes = gate.load(inputs.room.NotesInput)["entries"]
    outcomes = entries.submit(bank(), community, [note.encode() for note in notes])
    return dumped(outputs.entries.NoteOutcomes, {"entries": [_said(outcome) for outcome in outcomes]})


@room.view(
    "POST",
    "/communities/<community:community>/entries/readmitted",
    takes=inputs.room.NoteInput,
    gives=outputs.entries.Receipted,
    status=(201, 200),
)
def readmit(community: str) -> Response:
    """Enter a note that a device signed before its key was revoked: the lead vouches for it, and the lead's key that
    the service holds signs under the device's line.

    May call: leads of the community (scope readmit_entry). No Idempotency-Key is needed, for the id is in what was
    signed.
    """
    note = gate.load(inputs.room.NoteInput)["note"].encode()
    return receipted(keys.readmit(bank(), actor(), community, note), community)


def _one(community: str, outcome: entries.Outcome) -> Response:
    if outcome.declined is not None:
        raise outcome.declined
    status = 200 if outcome.repeated else 201
    return dumped(outputs.entries.Receipted, outcome, status, Location=entry_address(community, str(outcome.id)))


def _said(outcome: entries.Outcome) -> dict[str, Any]:
    if isinstance(outcome.declined, Declined):
        problem = problems.declined_members(outcome.declined)
        return {"id": outcome.id, "status": "declined", "problem": problem}
    if outcome.record is None or outcome.receipt is None:
        raise AssertionError("neither declined nor recorded")
    return {
        "id": outcome.id,
        "status": "repeated" if outcome.repeated else "recorded",
        "seq": outcome.record.seq,
        "followed": outcome.followed,
        "receipt": outcome.receipt.to_bytes().decode(),
    }


@room.view("GET", "/communities/<community:community>/entries/<entry:entry>", gives=outputs.entries.Entry)
def one(community: str, entry: str) -> Response:
    """Show an entry.

    May call: clerks and leads of the community (scope see_person); whoever takes part in it, and relatives with
    consent (scope see_own).
    """
    return dumped(outputs.entries.Entry, statements.entry(bank(), actor(), community, entry))


@room.view("GET", "/communities/<community:community>/entries/<entry:entry>/slip", gives=outputs.entries.EntrySlip)
def slip(community: str, entry: str) -> Response:
    """Give what stands on the slip of an entry: staff get everybody's copy, a member her own and those of elders for
    whom she acts.

    May call: clerks and leads of the community (scope see_person); whoever takes part in it, and relatives with
    consent (scope see_own).
    """
    return dumped(outputs.entries.EntrySlip, vouchers.of_entry(bank(), actor(), community, entry))


@room.view(
    "POST",
    "/communities/<community:community>/entries/<entry:entry>/second",
    takes=inputs.hours.AlongInput,
    gives=outputs.entries.Receipted,
    status=(201, 200),
    keyed=True,
)
def second(community: str, entry: str) -> Response:
    """Enter the service of a second one who went along, for as long as the first one's; credited or only recorded, as
    the policy says. An entry has one second at most, whatever the Idempotency-Key.

    May call: clerks of the community (scope record_visit), but not for themselves or their family.
    """
    gate.idempotency_key()
    along = gate.load(inputs.hours.AlongInput, community=community, entry=entry)
    return receipted(pairs.note(bank(), actor(), along), community)


@room.view("GET", "/communities/<community:community>/entries/<entry:entry>/receipt", gives=TEXT)
def receipt(community: str, entry: str) -> Response:
    """Give the receipt of an entry under the newest head (FORMAT.md, “Receipt”).

    May call: who may see the entry, and auditors, leads and admins of the community (scope audit): it names no person.
    """
    return text(statements.receipt(bank(), actor(), community, entry))
