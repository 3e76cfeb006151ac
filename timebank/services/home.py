"""What a person finds when she looks at her hours: figures, orders, whom she acts for, and the newest entries."""

from dataclasses import dataclass

from timebank import directory
from timebank.access import Actor, Right
from timebank.bank import Bank, View
from timebank.directory.people import Known
from timebank.ledger import reads

from . import expiry, members, policies, statements, station
from .orders import BUSY, OpenOrder, board_of, said_start


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """The next visit that is agreed: to the person, where `name` is the volunteer's; else by her, `name` the elder's.

    `start` and `end` are minutes after midnight of `wanted_day`, None where no time was said.
    """

    hold: str
    service: str
    wanted_day: str
    start: int | None
    end: int | None
    name: str
    is_to_her: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """All of it as it was at one moment. `elders`: for whom the person acts, where she is the one who looks.

    `expiring`: what goes to the fund with the next month, where hours expire. `coming`: the next visit;
    where a volunteer who looks has none, `nearby` is what she could take from the board, in her grid if one is noted.
    """

    person: members.Known
    figures: statements.Figures
    orders: tuple[station.OpenOrder, ...]
    elders: tuple[members.Known, ...]
    history: statements.History
    expiring: expiry.Soon | None
    coming: Coming | None
    nearby: OpenOrder | None


def home(bank: Bank, actor: Actor | None, person_id: str, before: int | None = None, limit: int = 20) -> Home:
    """For the person, for those who act for her, and for staff of her community. The questions are always as many."""
    with bank.view() as view:
        elders = actor.acts_for(Right.SEE_OWN) if actor and actor.person == person_id else []
        people = directory.people.known(view.connection, [person_id, *elders])
        person = statements.may_see(actor, person_id, people.get(person_id))
        head = view.head(person.origin)
        policy = policies.of_today(bank, person.community, view)
        expires = policy is not None and policy.expiry.months > 0
        around = _around(view, head, person)
        coming = _coming(view, person, around)
        is_looking = coming is None and before is None and person.is_volunteer and actor and actor.person == person_id
        return Home(
            person=members.known_of(view, person),
            figures=statements.figures_of(view, head, person),
            orders=_orders(view, person, around),
            elders=tuple(members.known_of(view, people[elder]) for elder in elders if not people[elder].is_erased),
            history=statements.history_of(view, head, person, before, limit),
            expiring=expiry.soon(view, head, person.account) if expires else None,
            coming=coming,
            nearby=_nearby(view, person) if is_looking else None,
        )


@dataclass(frozen=True, slots=True)
class _Around:
    """An open order that is for a person or that she has taken; `start` is ANY_TIME where no time was said."""

    payer: str
    minutes: int
    hold: str
    service: str
    wanted_day: str
    start: int
    end: int | None
    id: str
    elder: str
    state: str
    other: str | None
    sealed_other: bytes | None


_OPEN_AROUND = reads.open_holds_of(directory.orders.AROUND)


def _around(view: View, head: reads.Head, person: Known) -> list[_Around]:
    """All of them in one question, oldest first."""
    rows = _OPEN_AROUND.rows(view.connection, ledger=head.number, person=person.id, states=list(BUSY))
    return [_Around(*row) for _, *row in rows]


def _orders(view: View, person: Known, around: list[_Around]) -> tuple[station.OpenOrder, ...]:
    """Those for her."""
    name = directory.people.name_of(view.vault, person) or "" if around else ""
    return tuple(
        station.OpenOrder(
            hold=one.hold,
            elder=one.elder,
            elder_name=name,
            service=one.service,
            minutes=one.minutes,
            wanted_day=one.wanted_day,
            payer=one.payer,
        )
        for one in around
        if one.elder == person.id
    )


def _coming(view: View, person: Known, around: list[_Around]) -> Coming | None:
    """The earliest that somebody has agreed to give."""
    agreed = [one for one in around if one.state in BUSY and one.other is not None]
    first = min(agreed, key=lambda one: (one.wanted_day, one.start, one.id), default=None)
    if first is None or first.other is None:
        return None
    return Coming(
        hold=first.hold,
        service=first.service,
        wanted_day=first.wanted_day,
        start=said_start(first.start),
        end=first.end,
        name=view.vault.open("people.name", first.other, first.sealed_other) if first.sealed_other else "",
        is_to_her=first.elder == person.id,
    )


def _nearby(view: View, person: Known) -> OpenOrder | None:
    """One order that she could take."""
    return next(iter(board_of(view, person.community, limit=1, grid=person.grid)), None)
