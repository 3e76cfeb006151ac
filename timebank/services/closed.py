"""The ledgers of earlier epochs: which there are, what is left of them, and whether that is what the next one says."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from timebank import directory
from timebank.access import Actor, Right, require
from timebank.bank import Bank, View
from timebank.ledger import Corrupted, Report, audit, parse_record, reads


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A ledger of an earlier epoch: what of it is held was verified; `acknowledged` is what the next epoch names.

    `is_whole`: everything that was acknowledged is there.
    """

    report: Report
    acknowledged: int
    is_whole: bool


def verify(
    bank: Bank, actor: Actor | None, community: str, progress: Callable[[int], None] | None = None
) -> list[Closed]:
    """Verify the ledgers of earlier epochs, as far as they are held; Corrupted at the first fault.

    Such a book is closed: where records of it are lost, the next one names size and root of what was acknowledged, and
    what is left is proved to be no other book's. That is said, and is no fault any more.
    """
    require(actor, Right.AUDIT, community)
    made = []
    with bank.view() as view:
        chain = ledgers_of(bank, community)
        for old, new in pairwise(chain):
            head = view.head(old)
            size, root = _named_end(view, old, new)
            _check_mark(bank, head, size)
            if head.size < _found_then(view, new):
                raise Corrupted("records are missing that the next epoch found here", origin=old)
            report = audit(view.connection, head, progress)
            is_whole = head.size == size and head.root == root
            made.append(Closed(report=report, acknowledged=size, is_whole=is_whole))
    return made


def _named_end(view: View, old: str, new: str) -> tuple[int, bytes]:
    """The size and root that the next epoch's genesis names."""
    body = reads.record_at(view.connection, view.head(new), 0).intent.body
    if body.get("before") != old:
        raise Corrupted(f"does not follow {old}", origin=new, seq=0)
    return int(body["before-size"]), bytes.fromhex(body["before-root"])


def _found_then(view: View, new: str) -> int:
    """How many records of the ledger before were there when the next one was opened: its openings say so."""
    for raw in reads.raw_from(view.connection, view.head(new), 0, page=100):
        intent = parse_record(raw).intent
        if intent.kind == "opening":
            return int(intent.body.get("before-size", 0))
        if intent.kind not in ("genesis", "key", "policy", "open"):
            break
    return 0  # nobody had anything


def _check_mark(bank: Bank, head: reads.Head, size: int) -> None:
    mark = bank.highwater.read(head.number)
    if mark is not None and mark.is_of(head.origin) and mark.size > size:
        raise Corrupted("was written after the next epoch had been opened", origin=head.origin)


def ledgers_of(bank: Bank, community: str) -> list[str]:
    """The names of a community's ledgers, one an epoch, the present one last. Public, as every ledger's name is."""
    origin = bank.origin(community)
    return [*directory.epochs.epochs_before(origin), origin]


def behind(bank: Bank) -> list[tuple[str, str]]:
    """The ledgers that are behind what was acknowledged, and why; not those whose loss the next epoch has named."""
    with bank.view() as view:
        found = [(head, bank.behind(view.connection, head)) for head in reads.heads(view.connection)]
        return [(head.origin, why) for head, why in found if why and not _is_named(view, head)]


def _is_named(view: View, head: reads.Head) -> bool:
    place = view.people.get(directory.Community, directory.epochs.code_of(head.origin))
    if place is None or head.origin not in directory.epochs.epochs_before(place.origin):
        return False
    return head.size >= _found_then(view, directory.epochs.next_epoch(head.origin))
