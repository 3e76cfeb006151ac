"""What waits for somebody at a place, and for how long."""

from timebank.services import queues as waiting
from timebank.visitor import actor, bank

from .frame import Answer, page, pages


@pages.get("/places/<place>/queues")
def queues(place: str) -> Answer:
    """Auditors, leads and admins of the place. Requests, approvals, questions and the like, by age; no names."""
    return page("queues.html", found=waiting.of(bank(), actor(), place), ages=waiting.AGES_DAYS)
