"""A group (团体) and who belongs to it."""

from timebank.access import Right
from timebank.schemas.inputs.people import MembershipInput
from timebank.services import groups, station
from timebank.visitor import actor, bank

from .forms import Form
from .frame import COMMUNITY, Answer, can, go, page, pages
from .picker import pick


@pages.route(COMMUNITY + "/groups/<group_id>", methods=["GET", "POST"])
def group(code: str, group_id: str) -> Answer:
    """Clerk and lead of the community. Who belongs to a group; a clerk notes who joins."""
    found = groups.of(bank(), actor(), code, group_id)
    form = Form("person", "from_day", "until_day", id=bank().uuid(), from_day=station.today(bank(), code))
    picker = pick(form, code, "person", role="volunteer") if can(Right.NOTE_PAPERS, code) else None
    if form.sent:
        new = form.load(MembershipInput, community=code, group=group_id)
        noted = None if form.errors else form.ask(lambda: (groups.join(bank(), actor(), new),))
        if noted is not None:
            return go("group", code=code, group_id=group_id, noted=1)
    return page("group.html", form.status, found=found, form=form, picker=picker)


@pages.post(COMMUNITY + "/groups/<group_id>/members/<membership>/end")
def leave_group(code: str, group_id: str, membership: str) -> Answer:
    """Clerk of the community. A membership ends today."""
    today = station.today(bank(), code)
    groups.leave(bank(), actor(), groups.Ended(community=code, group=group_id, membership=membership, day=today))
    return go("group", code=code, group_id=group_id, noted=1)
