"""What another policy would have made of the last month: for those who are about to publish it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import Bank, View
from timebank.ledger import DaySum, Record, minutes_for_credit, reads
from timebank.policy import Policy, age_on

LOOKED_BACK_DAYS = 31
MOST_NAMED = 10
_KINDS = frozenset({"service", "settle", "hold", "gift"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What one rule would have done: to how many entries, and in sum to how many minutes of credit (more, or less).

    `rule` is the key of a rule. `entries` are the first of them, for somebody who wants to look.
    """

    rule: str
    count: int
    minutes: int
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The last month under another policy: what was judged, and every rule that would have made a difference."""

    first_day: str
    last_day: str
    judged: int
    effects: tuple[Effect, ...]


# The entry, and the minutes of credit that the rule would have added.
_Hit = tuple[str, int]


def outlook(bank: Bank, actor: Actor | None, community: str, new: Policy) -> Outlook:
    """Judge the entries of the last month by `new` as if it had been in force, each rule by itself.

    An entry counts where the policy that it was judged by let it pass and `new` would not, or would have credited it
    otherwise.
    """
    require(actor, Right.PUBLISH_POLICY, community)
    with bank.view() as view:
        head = view.head_of(community)
        until = bank.clock() + 1
        since = until - LOOKED_BACK_DAYS * 86_400_000
        records = [
            record
            for record in reads.records_between(view.connection, head, since, until)
            if record.intent.kind in _KINDS
        ]
        month = _Month(view, head, records)
        hits = {rule: list(find(month, new)) for rule, find in _RULES.items()}
        return Outlook(
            first_day=month.day_of(since),
            last_day=month.day_of(until),
            judged=len(records),
            effects=tuple(
                Effect(
                    rule=rule,
                    count=len(found),
                    minutes=sum(minutes for _, minutes in found),
                    entries=tuple(entry for entry, _ in found[:MOST_NAMED]),
                )
                for rule, found in hits.items()
                if found
            ),
        )


class _Month:
    """The entries, and what the directory knows of the people in them."""

    def __init__(self, view: View, head: reads.Head, records: list[Record]) -> None:
        self.head = head
        self.records = records
        self._policies = {one.version: view.policy(one.sha256) for one in reads.policies(view.connection, head)}
        accounts = {name for record in records for name in _accounts(record)}
        self.born = directory.people.births_of(view.connection, view.vault, accounts)
        self._circles = directory.people.relations_of(view.connection, accounts)

    def old(self, record: Record) -> Policy:
        """The policy that an entry was judged by."""
        return self._policies[record.policy or 1]

    def day_of(self, ms: int) -> str:
        return date.fromordinal(719_163 + (ms // 60_000 + self.head.offset_minutes) // 1440).isoformat()

    def posted_on(self, record: Record) -> str:
        return self.day_of(record.ms)

    def of(self, *kinds: str) -> Iterator[Record]:
        return (record for record in self.records if record.intent.kind in kinds)

    def served(self) -> Iterator[Record]:
        return self.of("service", "settle")

    def relations(self, owner: str, other: str) -> frozenset[str]:
        return self._circles.get((owner, other), frozenset())


def _accounts(record: Record) -> Iterable[str]:
    body = record.intent.body
    names = [name for move in record.intent.moves for name in (move.source, move.target)]
    names += [body["server"]] if "server" in body else []
    return (name for name in [*names, *body.get("served", ())] if name.startswith("member:"))


def _credit(month: _Month, new: Policy) -> Iterator[_Hit]:
    days: dict[tuple[str, str], DaySum] = defaultdict(DaySum)
    for record in month.served():
        body = record.intent.body
        place = body["server"], body["day"]
        right = new.credit(days[place], body["minutes"]) if record.intent.moves else 0
        days[place] = DaySum(
            minutes=days[place].minutes + minutes_for_credit(record.intent),
            credited=days[place].credited + body["credited"],
        )
        was = month.old(record)
        if was.crediting != new.crediting and right != body["credited"] and record.intent.moves:
            yield record.id, right - body["credited"]


def _day_cap(month: _Month, new: Policy) -> Iterator[_Hit]:
    days: dict[tuple[str, str], int] = defaultdict(int)
    for record in month.served():
        body = record.intent.body
        place = body["server"], body["day"]
        before, days[place] = days[place], days[place] + body["credited"]
        if month.old(record).caps.day_minutes != new.caps.day_minutes:
            over = max(0, days[place] - new.caps.day_minutes) - max(0, before - new.caps.day_minutes)
            if over:
                yield record.id, -over


def _earning_age(month: _Month, new: Policy) -> Iterator[_Hit]:
    for record in month.served():
        age = _age(month, record.intent.body["server"], record.intent.body["day"])
        if age is not None and month.old(record).earning.minimum_age <= age < new.earning.minimum_age:
            yield record.id, 0


def _redeeming_age(month: _Month, new: Policy) -> Iterator[_Hit]:
    for record in month.of("hold"):
        for elder in record.intent.body.get("served", ()):
            age = _age(month, elder, month.posted_on(record))
            if age is not None and month.old(record).redeeming.minimum_age <= age < new.redeeming.minimum_age:
                yield record.id, 0


def _age(month: _Month, account: str, day: str) -> int | None:
    born = month.born.get(account)
    return None if born is None else age_on(born, day)


def _circle(month: _Month, new: Policy) -> Iterator[_Hit]:
    for record in month.of("gift"):
        move = record.intent.moves[0]
        known = month.relations(move.source, move.target)
        if month.old(record).is_in_circle(known) and not new.is_in_circle(known):
            yield record.id, 0


def _gifts(month: _Month, new: Policy) -> Iterator[_Hit]:
    for record in month.of("gift"):
        if month.old(record).giving.gifts and not new.giving.gifts:
            yield record.id, 0


def _second_person(month: _Month, new: Policy) -> Iterator[_Hit]:
    for record in month.of("service"):
        body = record.intent.body
        late = (date.fromisoformat(month.posted_on(record)) - date.fromisoformat(body["day"])).days
        was = month.old(record).needs_second_person(body["minutes"], late)
        if new.needs_second_person(body["minutes"], late) and not was:
            yield record.id, 0


def _offers(month: _Month, new: Policy) -> Iterator[_Hit]:
    for record in month.of("hold"):
        service = record.intent.body.get("service", "")
        if month.old(record).is_offered(service) and not new.is_offered(service):
            yield record.id, 0


_RULES = {
    "credit": _credit,
    "caps.day_minutes": _day_cap,
    "earning.minimum_age": _earning_age,
    "redeeming.minimum_age": _redeeming_age,
    "relations.circle": _circle,
    "giving.gifts": _gifts,
    "second_person": _second_person,
    "catalogue.offers": _offers,
}
