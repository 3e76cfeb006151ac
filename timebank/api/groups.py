"""Groups: who belongs to one."""

from flask import Response

from timebank.schemas import inputs, outputs
from timebank.services import groups
from timebank.visitor import actor, bank

from . import gate
from .answers import dumped
from .room import Room

room = Room("groups", "Groups (团体), whose hours go to the public fund, and who belongs to them.")

_AT = "/communities/<community:community>/groups/<hex32:group>/members"


@room.view("GET", _AT, gives=outputs.people.Group)
def members(community: str, group: str) -> Response:
    """Show a group, and who belongs to it today or later.

    May call: clerks and leads of the community (scope see_person).
    """
    return dumped(outputs.people.Group, groups.of(bank(), actor(), community, group))


@room.view("POST", _AT, takes=inputs.people.MembershipInput, gives=outputs.room.Noted, status=(201, 200), keyed=True)
def join(community: str, group: str) -> Response:
    """Note that a person belongs to a group; a minor may.

    May call: clerks of the community (scope note_papers), but not for themselves or their family.
    """
    new = gate.load_keyed(inputs.people.MembershipInput, community=community, group=group)
    is_new = groups.join(bank(), actor(), new)
    return dumped(
        outputs.room.Noted, {"id": new.id, "person": new.person, "repeated": not is_new}, 201 if is_new else 200
    )


@room.view("POST", _AT + "/<hex32:membership>/end", takes=inputs.people.MembershipEndedInput, status=204)
def leave(community: str, group: str, membership: str) -> Response:
    """End a membership on a day; what ended earlier stays as it is.

    May call: clerks of the community (scope note_papers), but not for themselves or their family.
    """
    ended = gate.load(inputs.people.MembershipEndedInput, community=community, group=group, membership=membership)
    groups.leave(bank(), actor(), ended)
    return Response(status=204)
