"""What a person finds when she looks at her hours: figures, orders, whom she acts for, and the newest entries."""

from dataclasses import dataclass

from timebank import directory
from timebank.access import Actor, Right
from timebank.bank import Bank

from . import expiry, members, policies, statements, station


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """All of it as it was at one moment. `elders`: for whom the person acts, where she is the one who looks.

    `expiring`: what goes to the fund with the next month, where hours expire.
    """

    person: members.Known
    figures: statements.Figures
    orders: tuple[station.OpenOrder, ...]
    elders: tuple[members.Known, ...]
    history: statements.History
    expiring: expiry.Soon | None


def home(bank: Bank, actor: Actor | None, person_id: str, before: int | None = None, limit: int = 20) -> Home:
    """For the person, for those who act for her, and for staff of her community. The questions are always as many."""
    with bank.view() as view:
        elders = actor.acts_for(Right.SEE_OWN) if actor and actor.person == person_id else []
        people = directory.people.known(view.connection, [person_id, *elders])
        person = statements.may_see(actor, person_id, people.get(person_id))
        head = view.head(person.origin)
        policy = policies.of_today(bank, person.community, view)
        expires = policy is not None and policy.expiry.months > 0
        return Home(
            person=members.known_of(view, person),
            figures=statements.figures_of(view, head, person),
            orders=station.orders_of(view, head, person),
            elders=tuple(members.known_of(view, people[elder]) for elder in elders if not people[elder].is_erased),
            history=statements.history_of(view, head, person, before, limit),
            expiring=expiry.soon(view, head, person.account) if expires else None,
        )
