"""Hours: visits, gifts and donations."""

from flask import Response

from timebank.schemas import inputs, outputs
from timebank.services import gifts, hours
from timebank.services.queue import Waiting
from timebank.visitor import actor, bank

from . import gate
from .answers import dumped, receipted
from .room import Room

room = Room("hours", "Hours given, and given away. Each write answers with a receipt.")


@room.view(
    "POST",
    "/communities/<community:community>/visits",
    takes=inputs.hours.VisitInput,
    gives=outputs.entries.Receipted,
    status=(201, 200),
    keyed=True,
    waits=True,
)
def record_visit(community: str) -> Response:
    """Record a visit; the volunteer is credited by the policy of that day.

    May call: clerks of the community (scope record_visit). Where the policy wants a second person to look at it first
    (long visits, late ones), the answer is 202 and nothing is entered until a lead decides; then the same request is
    answered with the receipt.
    """
    visit = gate.load_keyed(inputs.hours.VisitInput, community=community)
    done = hours.record(bank(), actor(), visit)
    return dumped(outputs.entries.Waiting, done, 202) if isinstance(done, Waiting) else receipted(done, community)


@room.view(
    "POST",
    "/communities/<community:community>/gifts",
    takes=inputs.hours.GiftInput,
    gives=outputs.entries.Receipted,
    status=(201, 200),
    keyed=True,
)
def give(community: str) -> Response:
    """Give minutes to another person of the community.

    May call: clerks of the community (scope gift_for_others); the giver, and relatives with consent (scope gift_own).
    """
    gift = gate.load_keyed(inputs.hours.GiftInput, community=community)
    return receipted(gifts.give(bank(), actor(), gift), community)


@room.view(
    "POST",
    "/communities/<community:community>/donations",
    takes=inputs.hours.DonationInput,
    gives=outputs.entries.Receipted,
    status=(201, 200),
    keyed=True,
)
def donate(community: str) -> Response:
    """Give minutes to the community's fund.

    May call: clerks of the community (scope donate_for_others); the giver, and relatives with consent (scope
    donate_own).
    """
    donation = gate.load_keyed(inputs.hours.DonationInput, community=community)
    return receipted(gifts.donate(bank(), actor(), donation), community)
