"""Acts about somebody's standing; what cannot be taken back waits for a second person."""

from flask import Response

from timebank.schemas import inputs, outputs
from timebank.services import standing
from timebank.visitor import actor, bank

from . import gate
from .answers import dumped
from .room import Room

room = Room("standing", "Suspended and resumed; died, under a guardian, moved away: these wait for a second person.")


@room.view("POST", "/communities/<community:community>/suspensions", takes=inputs.papers.SuspensionInput, status=204)
def suspend(community: str) -> Response:
    """Suspend a person: nothing is credited to her, and none of her hours are used, until it is ended.

    May call: leads of the community (scope suspend_person), but not for themselves or their family.
    """
    standing.suspend(bank(), actor(), gate.load(inputs.papers.SuspensionInput, community=community))
    return Response(status=204)


@room.view(
    "POST", "/communities/<community:community>/suspensions/end", takes=inputs.papers.SuspensionInput, status=204
)
def resume(community: str) -> Response:
    """End a suspension.

    May call: leads of the community (scope suspend_person), but not for themselves or their family.
    """
    standing.resume(bank(), actor(), gate.load(inputs.papers.SuspensionInput, community=community))
    return Response(status=204)


@room.view("POST", "/communities/<community:community>/erasures", takes=inputs.papers.ErasureInput, status=204)
def erase(community: str) -> Response:
    """Forget what is known of a person whose account is closed. The entries stay; sent twice it is the same.

    May call: leads of the community (scope erase_person), but not for themselves or their family.
    """
    standing.erase(bank(), actor(), gate.load(inputs.papers.ErasureInput, community=community))
    return Response(status=204)


@room.view(
    "POST",
    "/communities/<community:community>/deaths",
    takes=inputs.papers.DeathInput,
    gives=outputs.entries.Waiting,
    status=202,
    keyed=True,
)
def ask_death(community: str) -> Response:
    """Ask for a death to be noted: logins and consents end, and no service after that day is entered.

    May call: clerks and leads of the community (scope ask_standing), but not for their family.
    """
    death = gate.load_keyed(inputs.papers.DeathInput, community=community)
    return dumped(outputs.entries.Waiting, standing.ask_death(bank(), actor(), death), 202)


@room.view(
    "POST",
    "/communities/<community:community>/incapacities",
    takes=inputs.papers.IncapacityInput,
    gives=outputs.entries.Waiting,
    status=202,
    keyed=True,
)
def ask_incapacity(community: str) -> Response:
    """Ask for it to be noted that a guardian decides for a person from now on: her logins end.

    May call: clerks and leads of the community (scope ask_standing), but not for their family.
    """
    incapacity = gate.load_keyed(inputs.papers.IncapacityInput, community=community)
    return dumped(outputs.entries.Waiting, standing.ask_incapacity(bank(), actor(), incapacity), 202)


@room.view(
    "POST",
    "/communities/<community:community>/closings",
    takes=inputs.papers.ClosingInput,
    gives=outputs.entries.Waiting,
    status=202,
    keyed=True,
)
def ask_closing(community: str) -> Response:
    """Ask for an account to be closed; refused while there is something in it.

    May call: clerks and leads of the community (scope ask_standing), but not for themselves or their family.
    """
    closing = gate.load_keyed(inputs.papers.ClosingInput, community=community)
    return dumped(outputs.entries.Waiting, standing.ask_closing(bank(), actor(), closing), 202)
