"""What an auditor looks at: heads, keys, records and proofs. Never a name."""

from flask import Response

from timebank.schemas import inputs, outputs
from timebank.services import audits
from timebank.visitor import actor, bank

from . import gate
from .answers import TEXT, dumped, text
from .problems import Stopped
from .room import Room

room = Room("audit", "The books from outside: heads, keys, policies, records and proofs. Never a name.")


@room.view("GET", "/communities/<community:community>/audit", gives=outputs.ledgers.Overview)
def overview(community: str) -> Response:
    """Show the ledger's state: head, totals by class of account, keys, policies.

    May call: auditors, leads and admins of the community (scope audit).
    """
    return dumped(outputs.ledgers.Overview, audits.overview(bank(), actor(), community, limit=1))


@room.view(
    "GET",
    "/communities/<community:community>/audit/records",
    query=inputs.room.PageQuery,
    gives=outputs.ledgers.Records,
)
def records(community: str) -> Response:
    """List records, newest first, as their bytes are.

    May call: auditors, leads and admins of the community (scope audit).
    """
    page = gate.query(inputs.room.PageQuery)
    found = audits.overview(bank(), actor(), community, page["before"], page["limit"])
    return dumped(outputs.ledgers.Records, found)


@room.view("GET", "/communities/<community:community>/audit/records/<seq:seq>", gives=TEXT)
def record(community: str, seq: int) -> Response:
    """Give one record: exactly the bytes that are hashed.

    May call: auditors, leads and admins of the community (scope audit).
    """
    return text(audits.record(bank(), actor(), community, seq).raw)


@room.view("GET", "/communities/<community:community>/audit/verification", gives=outputs.ledgers.Verified)
def verify(community: str) -> Response:
    """Replay a small ledger, of up to 5000 records, and compare everything that is derived from it.

    May call: auditors, leads and admins of the community (scope audit). Of larger books it is refused with
    ledger-too-large: the operator's command `timebank verify` replays those.
    """
    report = audits.verify_small(bank(), actor(), community)
    if report is None:
        raise Stopped("ledger-too-large")
    return dumped(outputs.ledgers.Verified, report)
