"""What needs a second person: one asks, another decides."""

from flask import Response

from timebank.schemas import inputs, outputs
from timebank.services import approvals
from timebank.visitor import actor, bank

from . import gate
from .answers import dumped
from .room import Room

room = Room("approvals", "Corrections, grants, and visits that are long or late: one person asks, another decides.")


@room.view(
    "POST",
    "/communities/<community:community>/reversals",
    takes=inputs.hours.ReversalInput,
    gives=outputs.entries.Waiting,
    status=202,
    keyed=True,
)
def ask_reversal(community: str) -> Response:
    """Ask for an entry to be undone. Nothing changes until a second person approves.

    May call: clerks and leads of the community (scope ask_reversal).
    """
    reversal = gate.load_keyed(inputs.hours.ReversalInput, community=community)
    return dumped(outputs.entries.Waiting, approvals.ask_reversal(bank(), actor(), reversal), 202)


@room.view(
    "POST",
    "/communities/<community:community>/grants",
    takes=inputs.people.GrantInput,
    gives=outputs.entries.Waiting,
    status=202,
    keyed=True,
)
def ask_grant(community: str) -> Response:
    """Ask for minutes for a person, from the fund or newly issued. Nothing changes until a second person approves.

    May call: clerks and leads of the community (scope ask_grant).
    """
    grant = gate.load_keyed(inputs.people.GrantInput, community=community)
    return dumped(outputs.entries.Waiting, approvals.ask_grant(bank(), actor(), grant), 202)


@room.view(
    "POST",
    "/communities/<community:community>/approvals/<uuid7:approval>/decision",
    takes=inputs.room.DecisionInput,
    gives=outputs.entries.Decided,
    status=(201, 200),
    keyed=True,
)
def decide(community: str, approval: str) -> Response:
    """Approve or refuse what somebody asked for; approving makes the entry and answers 201.

    May call: leads of the community (scope approve_reversal, approve_grant, approve_visit,
    approve_standing), but whoever asked or recorded cannot decide. A request has one decision, whatever the
    Idempotency-Key.
    """
    gate.idempotency_key()
    wanted = gate.load(inputs.room.DecisionInput)
    posted = approvals.decide(bank(), actor(), community, approval, approve=wanted["approve"])
    said = {"decision": "approved" if wanted["approve"] else "refused", "posted": posted}
    return dumped(outputs.entries.Decided, said, 201 if posted and not posted.repeated else 200)
