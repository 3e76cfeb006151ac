"""积德榜: the honour board, and whether somebody wishes to stand on it."""

from timebank.schemas.inputs.people import HonourInput
from timebank.services import honours as honoured
from timebank.services import members
from timebank.visitor import actor, bank

from .forms import Form
from .frame import COMMUNITY, Answer, go, page, pages


@pages.get(COMMUNITY + "/honours")
def honours(code: str) -> Answer:
    """Anybody. Whom the community names because they wish it, by what they served in all; nobody is first."""
    return page("honours.html", board=honoured.board(bank(), code))


@pages.get("/places/<place>/honours")
def honours_around(place: str) -> Answer:
    """Anybody. The honour boards of all communities of a town, county or city; nobody is first, no place either."""
    return page("honours_around.html", found=honoured.around(bank(), place))


@pages.route("/people/<person_id>/honour", methods=["GET", "POST"])
def honour(person_id: str) -> Answer:
    """The person, and clerks to whom she said so. Whether she wishes to be named."""
    known = members.person(bank(), actor(), person_id)
    named = honoured.wishes(bank(), actor(), known.community, person_id)
    form = Form("named")
    if form.sent:
        wish = form.load(HonourInput, community=known.community, person=person_id)
        if wish is not None:
            honoured.wish(bank(), actor(), wish)
            return go("person", person_id=person_id, noted=1)
    return page("honour.html", form.status, person=known, named=named, form=form)
