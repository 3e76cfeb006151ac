"""What a town sees of its communities: the forgotten, the odd, and what waits for a decision."""

from dataclasses import dataclass

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import Bank
from timebank.ledger import Code, Refused

from . import care as looked
from . import fund as funds


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A community of the town: how much waits for a second person, what its month shows, and its fund today."""

    waiting: int
    care: looked.Care
    fund: funds.Fund

    @property
    def open_findings(self) -> tuple[looked.Finding, ...]:
        """What looks odd and nobody has looked at."""
        return tuple(one for one in self.care.findings if one.outcome is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A month (YYYY-MM) of all communities of a town, by code."""

    code: str
    name: str
    county: str
    month: str
    this_month: str
    communities: tuple[Seen, ...]

    @property
    def unserved(self) -> int:
        """How many elders of the town nobody has served for 30 days."""
        return sum(len(one.care.unserved) for one in self.communities)

    @property
    def odd(self) -> int:
        """How much looks odd and nobody has looked at."""
        return sum(len(one.open_findings) for one in self.communities)


def look(bank: Bank, actor: Actor | None, town: str, month: str | None = None) -> Town:
    """All communities of a town (the first 9 digits of their codes) side by side, in this month when None is said.

    The cost is linear in what these communities entered in that month and in the last 30 days: dozens of them.
    """
    require(actor, Right.SEE_CARE, town)
    with bank.view() as view:
        places = directory.communities.under(view.connection, town)
        if not places:
            raise Refused(Code.COMMUNITY_UNKNOWN, community=town)
        waiting = directory.approvals.open_under(view.connection, town)
        seen = tuple(
            Seen(waiting=waiting.get(one.code, 0), care=looked.of(view, one, month), fund=funds.of(view, one))
            for one in places
        )
        return Town(
            code=town,
            name=places[0].town,
            county=places[0].county,
            month=seen[0].care.month,
            this_month=seen[0].care.this_month,
            communities=seen,
        )
