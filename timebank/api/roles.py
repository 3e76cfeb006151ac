"""Which roles a login has: looked at, given and taken by admins."""

from flask import Response

from timebank.schemas import inputs, outputs
from timebank.services import roles
from timebank.visitor import actor, bank

from . import gate
from .answers import dumped
from .room import Room

room = Room("roles", "Which roles a login has. Every change is kept, with who made it.")

_AT = "/communities/<community:community>/logins/<hex32:login>/roles"


@room.view(
    "POST",
    "/communities/<community:community>/logins/search",
    takes=inputs.people.LoginQuery,
    gives=outputs.people.LoginFound,
)
def find(community: str) -> Response:
    """Find a login by the name that is typed to log in.

    May call: admins of the community (scope manage_logins). It changes nothing; it is a POST because the name may be a
    telephone number, which must not stand in an address.
    """
    name = gate.load(inputs.people.LoginQuery)["name"]
    return dumped(outputs.people.LoginFound, {"login": roles.find(bank(), actor(), community, name)})


@room.view("GET", _AT, gives=outputs.people.Roles)
def held(community: str, login: str) -> Response:
    """Show the roles of a login that count in a community, and how they came and went.

    May call: admins of the community (scope manage_logins).
    """
    return dumped(outputs.people.Roles, roles.of(bank(), actor(), community, login))


@room.view("POST", _AT, takes=inputs.people.RoleInput, gives=outputs.people.Roles, keyed=True)
def give(community: str, login: str) -> Response:
    """Give a login a role, from its next request on. Sent again, it changes nothing.

    May call: admins of the place for which the role is (scope manage_logins), but not for their own login.
    """
    gate.idempotency_key()
    wanted = gate.load(inputs.people.RoleInput, community=community, login=login)
    return dumped(outputs.people.Roles, roles.give(bank(), actor(), wanted))


@room.view("POST", _AT + "/end", takes=inputs.people.RoleInput, gives=outputs.people.Roles, keyed=True)
def take(community: str, login: str) -> Response:
    """Take a role from a login: its next request is without it. Sent again, it changes nothing.

    May call: admins of the place for which the role is (scope manage_logins), but not from their own login.
    """
    gate.idempotency_key()
    wanted = gate.load(inputs.people.RoleInput, community=community, login=login)
    return dumped(outputs.people.Roles, roles.take(bank(), actor(), wanted))
