"""What other services ask of a community's ledger: signed by the ledger that asks, answered in bytes."""

from flask import Response, request

from timebank.federation import carrier, comparing, crossing, witness
from timebank.services import payees, peers
from timebank.visitor import bank

from .problems import Stopped
from .room import Room

room = Room("federation", "What the services of other communities ask. The request is signed; there is no log-in.")
BYTES = "application/octet-stream"
# Where questions are answered: each of these enters its own words into the table when it is read.
ANSWERING = (carrier, crossing, comparing, payees, peers, witness)


@room.view("POST", "/federation/<community:community>/<what>", gives=BYTES, public=True)
def ask(community: str, what: str) -> Response:
    """Answer another ledger: its message is verified before anything of it is read, and may come any number of times.

    May call: a ledger that this community has a link to, with a request signed by its log key (docs/federation.md).
    """
    if what not in carrier.words():
        raise Stopped("not-found")
    request.max_content_length = carrier.LARGEST_ASKED
    body = request.get_data()
    given = carrier.answer_signed(bank(), community, what, dict(request.headers), request.path, body)
    return Response(given, content_type=BYTES)
