"""How the communities of a place stand with one another: the matrix of what each owes, the nights, what differs.

A place is a city, a county or a town of this service (4, 6 or 9 digits), or one community.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import DAY_MS, Bank, View
from timebank.ledger import Code, Refused, reads

from . import reconciliation
from .peers import SOFT_PERCENT
from .statements import day_in_zone, day_start_ms

NIGHTS = 14
MOST_SHOWN = 500
# So many digits name what a place consists of: a city of counties, a county of towns, a town of communities.
_NEXT = {4: 6, 6: 9, 9: 12, 12: 12}


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A link by the books of one community. Minutes.

    `owed` is what the other owes it (less than nothing: what it owes), `held` what is on its way there. From
    `soft_minutes` on the link is to be looked at, above `limit_minutes` nothing more is taken in.
    """

    community: str
    place: str
    peer: str
    peer_community: str
    peer_place: str
    owed: int
    held: int
    soft_minutes: int
    limit_minutes: int
    frozen_why: str | None
    compared_at: int | None
    agreed: bool | None

    @property
    def is_near(self) -> bool:
        return self.owed >= self.soft_minutes > 0

    @property
    def is_full(self) -> bool:
        return self.owed >= self.limit_minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Differing:
    """Something that differs and nobody has resolved: for how many days, and who has taken it on (a login's name)."""

    community: str
    peer: str
    kind: str
    entry: str
    found_at: int
    days: int
    owner: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A county, town or community of the place, or one beyond it that it has links to (`is_within` false)."""

    code: str
    name: str
    is_within: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """How many links were compared on a day: those that agreed, differed, and were not compared."""

    day: str
    agreed: int
    differed: int
    missed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Nights:
    """The last nights of a part, or of one link, the oldest first."""

    code: str
    nights: tuple[Night, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What one part owes another, by the books of the creditor; less than nothing: what the creditor owes."""

    creditor: str
    debtor: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Positions:
    """What a place's books say. In `owed` a pair that owes nothing is left out, and what a part owes itself."""

    code: str
    name: str
    parts: tuple[Part, ...]
    owed: tuple[Owed, ...]
    positions: tuple[Position, ...]
    differing: tuple[Differing, ...]
    nights: tuple[Nights, ...]

    @property
    def rows(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.is_within)

    @property
    def names(self) -> dict[str, str]:
        return {part.code: part.name for part in self.parts}

    def between(self, creditor: str, debtor: str) -> int:
        """What one part owes another; 0 where nothing."""
        return sum(one.minutes for one in self.owed if (one.creditor, one.debtor) == (creditor, debtor))

    def owed_to(self, code: str) -> int:
        """What all others owe a part; less than nothing: what it owes them."""
        return sum(one.minutes for one in self.owed if one.creditor == code)

    def owed_by(self, code: str) -> int:
        """What a part owes those of the place."""
        return sum(one.minutes for one in self.owed if one.debtor == code)

    @property
    def debts(self) -> list[Owed]:
        """Who owes whom, the most first."""
        return sorted((one for one in self.owed if one.minutes > 0), key=lambda one: -one.minutes)

    @property
    def watched(self) -> tuple[Position, ...]:
        """Links that somebody should look at: frozen, near what may be owed, or differing."""
        return tuple(one for one in self.positions if one.is_near or one.frozen_why or one.agreed is False)


def of(bank: Bank, actor: Actor | None, place: str) -> Positions:
    """All of a place: a handful of questions however many communities it has. Refused where it has none."""
    require(actor, Right.AUDIT, place)
    with bank.view() as view:
        within = directory.communities.under(view.connection, place)
        if not within:
            raise Refused(Code.COMMUNITY_UNKNOWN, community=place)
        found, digits = _positions(view, place), _NEXT[len(place)]
        codes = {one.code for one in within} | {one.peer_community for one in found}
        known = directory.communities.named(view.connection, codes)
        parts = _parts(place, known.values(), found)
        return Positions(
            code=place,
            name=_name(within[0], len(place)),
            parts=parts,
            owed=_owed(digits, parts, found),
            positions=found,
            differing=_differing(view, place),
            nights=_nights(view, bank, place, {(one.community, one.peer): one.community[:digits] for one in found}),
        )


def nights(bank: Bank, actor: Actor | None, community: str) -> tuple[Nights, ...]:
    """The last nights of each link of a community, by the other ledger."""
    require(actor, Right.AUDIT, community)
    with bank.view() as view:
        links = directory.positions.links(view.people, community)
        pairs = {(link.community, link.origin): link.origin for link in links}
        return _nights(view, bank, community, pairs)


def differing(bank: Bank, actor: Actor | None, place: str) -> tuple[Differing, ...]:
    """What differs in a place and nobody has resolved, the longest open first."""
    require(actor, Right.AUDIT, place)
    with bank.view() as view:
        return _differing(view, place)


def take_on(bank: Bank, actor: Actor | None, community: str, peer: str, entry: str) -> None:
    """Say that one takes care of a difference. Somebody else may take it over; what is resolved stays as it is."""
    actor = require(actor, Right.DECIDE_DOUBT, community)
    with bank.office() as office:
        found = office.people.get(directory.Difference, (community, peer, entry))
        if found is None:
            raise Refused(Code.ENTRY_UNKNOWN, entry=entry)
        if found.resolution is not None:
            raise Refused(Code.ALREADY_DECIDED, decision=found.resolution)
        found.owner = actor.login


def _positions(view: View, place: str) -> tuple[Position, ...]:
    links = directory.positions.links(view.people, place)
    minutes = reads.minutes_of(view.connection, directory.positions.accounts(place))
    runs = directory.positions.newest_runs(view.people, place)
    codes = [directory.epochs.code_of(link.origin) for link in links]
    known = directory.communities.named(view.connection, [*codes, *(link.community for link in links)])
    made = []
    for link, code in zip(links, codes, strict=True):
        own, there = known[link.community], known.get(code)
        run = runs.get((link.community, link.origin))
        made.append(
            Position(
                community=link.community,
                place=_whole_name(own),
                peer=link.origin,
                peer_community=code,
                peer_place=_whole_name(there) if there else link.place or link.origin,
                owed=-minutes.get((own.origin, f"due:{link.origin}"), 0),
                held=minutes.get((own.origin, f"held:{link.origin}"), 0),
                soft_minutes=-(-link.limit_minutes * SOFT_PERCENT // 100),
                limit_minutes=link.limit_minutes,
                frozen_why=link.frozen_why,
                compared_at=run.at if run else None,
                agreed=run.result == reconciliation.AGREE if run else None,
            )
        )
    return tuple(made)


def _whole_name(place: directory.communities.Place) -> str:
    return f"{place.county} · {place.town} · {place.name}"


def _name(place: directory.communities.Place, digits: int) -> str:
    """What the part of this many digits is called that a community lies in; of a city its number."""
    return {6: place.county, 9: place.town, 12: place.name}.get(digits, place.code[:digits])


def _parts(place: str, known: Iterable[directory.communities.Place], found: tuple[Position, ...]) -> tuple[Part, ...]:
    digits = _NEXT[len(place)]
    named = {one.code[:digits]: _name(one, digits) for one in known}
    # A ledger of another service is known by its name alone.
    named |= {one.peer: one.peer_place for one in found if one.peer_community[:digits] not in named}
    ordered = sorted(named.items(), key=lambda part: (not part[0].startswith(place), part[0]))
    return tuple(Part(code=code, name=name, is_within=code.startswith(place)) for code, name in ordered)


def _owed(digits: int, parts: tuple[Part, ...], found: tuple[Position, ...]) -> tuple[Owed, ...]:
    codes = {part.code for part in parts}
    sums: Counter[tuple[str, str]] = Counter()
    for one in found:
        creditor, there = one.community[:digits], one.peer_community[:digits]
        debtor = there if there in codes else one.peer
        if creditor != debtor:
            sums[creditor, debtor] += one.owed
    return tuple(
        Owed(creditor=creditor, debtor=debtor, minutes=minutes)
        for (creditor, debtor), minutes in sorted(sums.items())
        if minutes
    )


def _differing(view: View, place: str) -> tuple[Differing, ...]:
    found = directory.positions.open_differences(view.people, place, MOST_SHOWN)
    return tuple(
        Differing(
            community=one.community,
            peer=one.peer,
            kind=one.kind,
            entry=one.entry,
            found_at=one.found_at,
            days=(view.now - one.found_at) // DAY_MS,
            owner=directory.logins.shown_name(view.vault, one.owner, sealed) if one.owner else None,
        )
        for one, sealed in found
    )


def _nights(view: View, bank: Bank, place: str, pairs: dict[tuple[str, str], str]) -> tuple[Nights, ...]:
    """The last nights of each part by its links, where `pairs` says of each link to which part it belongs.

    Of two runs on one day the later one counts.
    """
    offset = bank.settings.utc_offset_minutes
    today = date.fromisoformat(day_in_zone(view.now, offset))
    days = [(today - timedelta(days=back)).isoformat() for back in reversed(range(NIGHTS))]
    runs = directory.positions.runs_since(view.people, place, day_start_ms(days[0], offset))
    last = {(community, peer, day_in_zone(at, offset)): result for community, peer, at, result in runs}
    results = Counter((pairs[community, peer], day, result) for (community, peer, day), result in last.items())

    def night(part: str, links: int, day: str) -> Night:
        agreed, differed = (results[part, day, result] for result in (reconciliation.AGREE, reconciliation.DIFFER))
        return Night(day=day, agreed=agreed, differed=differed, missed=max(0, links - agreed - differed))

    links = sorted(Counter(pairs.values()).items())
    return tuple(Nights(code=part, nights=tuple(night(part, count, day) for day in days)) for part, count in links)
