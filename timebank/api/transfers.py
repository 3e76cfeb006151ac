"""Hours that travel to another community, and the links between communities."""

from flask import Response

from timebank.schemas import inputs, outputs
from timebank.services import peers, positions, reconciliation, transfers
from timebank.visitor import actor, bank

from . import gate
from .answers import dumped, receipted
from .room import Room

room = Room("transfers", "Hours that travel to another community, which decides; and the links between communities.")


@room.view(
    "POST",
    "/communities/<community:community>/transfers",
    takes=inputs.hours.TransferInput,
    gives=outputs.entries.Receipted,
    status=(201, 200),
    keyed=True,
)
def send(community: str) -> Response:
    """Give minutes to the holder of a card in another community. The receipt says that they are held for it; what it
    decided, the list of transfers says.

    May call: clerks of the community (scope gift_for_others); the giver, and relatives with consent (scope gift_own).
    """
    transfer = gate.load_keyed(inputs.hours.TransferInput, community=community)
    return receipted(transfers.send(bank(), actor(), transfer), community)


@room.view("GET", "/people/<hex32:person>/transfers", gives=outputs.federation.Transfers)
def of_person(person: str) -> Response:
    """List what a person sent to other communities, the newest first, and how far it has come.

    May call: clerks and leads of the person's community (scope see_person); the person, and relatives with consent
    (scope see_own).
    """
    return dumped(outputs.federation.Transfers, {"transfers": transfers.of_person(bank(), actor(), person)})


@room.view("GET", "/communities/<community:community>/peers", gives=outputs.federation.Links)
def links(community: str) -> Response:
    """List the links of a community to others: what each owes the other, what is on its way, what differs.

    May call: auditors, admins and leads of the community (scope audit).
    """
    found = peers.of(bank(), actor(), community)
    differing = reconciliation.open_ones(bank(), actor(), community)
    own = peers.ours(bank(), actor(), community)
    about = {"origin": own.origin, "fingerprint": own.fingerprint, "links": found, "differences": differing}
    return dumped(outputs.federation.Links, about)


@room.view("GET", "/places/<place:place>/positions", gives=outputs.federation.Positions)
def of_place(place: str) -> Response:
    """Show how the communities of a city (4 digits), county (6) or town (9) stand with one another: who owes whom, the
    limits, the last nights of reconciliation, and what differs.

    May call: auditors, admins and leads of the place, or of what is around it (scope audit).
    """
    return dumped(outputs.federation.Positions, positions.of(bank(), actor(), place))
