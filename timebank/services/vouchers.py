"""凭条: one entry on paper, a copy for each person in it with her own balance after it, and one for the station."""

from dataclasses import dataclass

from timebank.access import Actor, Right, allowed
from timebank.bank import Bank, View
from timebank.ledger import reads

from . import statements
from .statements import Item, items_of, seen_record

# What is entered together with an entry: her balance is the one after all of it.
_TOGETHER = ("overflow", "repay")


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """For whom it is, and her minutes: how many were added or taken, and her balance after it."""

    name: str
    change: int
    balance: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Voucher:
    """The entry, where it was made, and the copies; `for_station`: one more without any balance."""

    item: Item
    place: str
    copies: tuple[Copy, ...]
    for_station: bool


def of_entry(bank: Bank, actor: Actor | None, community: str, entry_id: str) -> Voucher:
    """The slip of an entry. Staff print everybody's copy; a member her own, and those of elders for whom she acts."""
    with bank.view() as view:
        record = seen_record(view, actor, community, entry_id)
        head = view.head_of(community)
        place = view.community(community)
        is_staff = allowed(actor, Right.SEE_PERSON, community)
        named = statements.accounts_in(record)
        wanted = named if is_staff else named & statements.own_accounts(view, actor)
        together = {f"{record.id}.{kind}" for kind in _TOGETHER}
        after = [other.seq for other in reads.by_raw(head, reads.raw_by_ids(view.connection, head, together).values())]
        item = items_of(view, head, [record])[0]
        return Voucher(
            item=item,
            place=f"{place.county} · {place.town} · {place.name}",
            copies=_copies(view, head, item, sorted(wanted), max([record.seq, *after])),
            for_station=is_staff,
        )


def _copies(view: View, head: reads.Head, item: Item, accounts: list[str], last: int) -> tuple[Copy, ...]:
    """Who served comes first."""
    made = []
    for account in sorted(accounts, key=lambda one: one != item.body.get("server")):
        before = reads.line_before(view.connection, head, account, item.seq)
        now = reads.line_before(view.connection, head, account, last + 1)
        if account in item.names and now is not None:
            change = now.balance - (before.balance if before else 0)
            made.append(Copy(name=item.names[account], change=change, balance=now.balance))
    return tuple(made)
