"""What waits for somebody at a place, and for how long."""

from collections.abc import Iterator
from itertools import pairwise

from timebank.schemas.words import gettext as _
from timebank.services import queues as waiting
from timebank.visitor import actor, bank

from .frame import Answer, page, pages


@pages.get("/places/<place>/queues")
def queues(place: str) -> Answer:
    """Auditors, leads and admins of the place. Requests, approvals, questions and the like, by age; no names."""
    return page("queues.html", found=waiting.of(bank(), actor(), place), ages=list(_ages()))


def _ages() -> Iterator[str]:
    """How each age is called, as in Queue.ages."""
    yield str(_("up to 1 day"))
    for least, most in pairwise(waiting.AGES_DAYS):
        yield str(_("%(least)s–%(most)s days", least=least, most=most))
    yield str(_("over %(days)s days", days=waiting.AGES_DAYS[-1]))
