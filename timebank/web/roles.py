"""Which roles a login has, given and taken by an admin."""

from timebank.access import EVERYWHERE, TOWN, Right, Role
from timebank.schemas.inputs.people import LoginQuery, RoleInput
from timebank.services import roles as granted
from timebank.visitor import actor, bank

from . import labels, say
from .forms import Form
from .frame import COMMUNITY, Answer, can, go, need, page, pages

# How many digits of a code name its city and its county.
_CITY, _COUNTY = 4, 6


@pages.route(COMMUNITY + "/logins", methods=["GET", "POST"])
def logins(code: str) -> Answer:
    """Admin of the community. Look a login up by the name that is typed; it never stands in an address."""
    need(Right.MANAGE_LOGINS, code)
    form = Form("name")
    typed = form.load(LoginQuery) if form.sent else None
    if typed is not None:
        found = form.ask(lambda: granted.find(bank(), actor(), code, typed["name"]))
        if found is not None:
            return go("roles", code=code, login=found)
    return page("logins.html", form.status, form=form, code=code)


@pages.route(COMMUNITY + "/logins/<login>", methods=["GET", "POST"])
def roles(code: str, login: str) -> Answer:
    """Admin of the community. The roles of a login: give one, take one away."""
    need(Right.MANAGE_LOGINS, code)
    form = Form("role", "where", where=code)
    wanted = form.load(RoleInput, community=code, login=login) if form.sent else None
    if wanted is not None:
        act = granted.take if form["act"] == "take" else granted.give
        if form.ask(lambda: act(bank(), actor(), wanted)) is not None:
            return go("roles", code=code, login=login, noted=1)
    return page(
        "roles.html",
        form.status,
        form=form,
        found=granted.of(bank(), actor(), code, login),
        places=[(where, say.around(where)) for where in _places(code)],
        choices=[(role.value, say.word(labels.ROLES, role.value)) for role in Role],
    )


def _places(code: str) -> list[str]:
    """The community and what is around it, as far as this admin manages the roles there."""
    around = (code, code[:TOWN], code[:_COUNTY], code[:_CITY], EVERYWHERE)
    return [where for where in around if can(Right.MANAGE_LOGINS, where)]
