"""What an auditor looks at: heads, keys, policies, records and proofs, and a full verification. Never a name."""

from collections.abc import Callable
from dataclasses import dataclass

from timebank.access import Actor, Right, require
from timebank.bank import Bank
from timebank.ledger import Corrupted, Key, PolicyVersion, Record, Report, audit, reads


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A ledger from outside: its head and signed checkpoint, totals by kind of account, keys, policies, records."""

    community: str
    name: str
    head: reads.Head
    totals: dict[str, tuple[int, int]]
    keys: tuple[Key, ...]
    policies: tuple[PolicyVersion, ...]
    records: tuple[Record, ...]
    before: int | None
    read_only: str | None


def overview(bank: Bank, actor: Actor | None, community: str, before: int | None = None, limit: int = 20) -> Overview:
    """The ledger's state, and a page of its records, newest first."""
    require(actor, Right.AUDIT, community)
    with bank.view() as view:
        place = view.community(community)
        head = view.head(bank.origin(community))
        records = reads.records_page(view.connection, head, before, limit)
        keys = reads.keys(view.connection, head).values()
        return Overview(
            community=community,
            name=place.name,
            head=head,
            totals=reads.totals(view.connection, head),
            keys=tuple(sorted(keys, key=lambda key: key.since)),
            policies=tuple(reads.policies(view.connection, head)),
            records=tuple(records),
            before=records[-1].seq if records and records[-1].seq > 0 else None,
            read_only=bank.read_only.get(head.origin) or bank.behind(view.connection, head),
        )


def record(bank: Bank, actor: Actor | None, community: str, seq: int) -> Record:
    """One record, as its bytes are."""
    require(actor, Right.AUDIT, community)
    with bank.view() as view:
        return reads.record_at(view.connection, view.head(bank.origin(community)), seq)


def checkpoint(bank: Bank, community: str) -> bytes:
    """The ledger's signed head. Public: a head that nobody sees witnesses nothing."""
    with bank.view() as view:
        view.community(community)
        found = view.head(bank.origin(community)).checkpoint
        if found is None:
            raise Corrupted("has no checkpoint", origin=bank.origin(community))
        return found.note


def verify(bank: Bank, actor: Actor | None, community: str, progress: Callable[[int], None] | None = None) -> Report:
    """Replay the whole ledger and compare every derived row and the high-water mark; Corrupted at the first fault."""
    require(actor, Right.AUDIT, community)
    with bank.view() as view:
        head = view.head(bank.origin(community))
        behind = bank.behind(view.connection, head)
        if behind:
            raise Corrupted(behind, origin=head.origin)
        return audit(view.connection, head, progress)
