"""What is asked of another ledger to compare books, and what is answered: its entries about the two, page by page, and
its signature under what both say of one another."""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from timebank import directory
from timebank.bank import Bank, Reading, View
from timebank.directory.transfers import Link
from timebank.ledger import Code, KeyRole, Note, Record, Refused, Untrusted, Vkey, decision_id, reads, verify_signature

from . import carrier, desk
from .messages import MOST_TOGETHER, Stale
from .pages import LARGEST, Looked, Wanted

# The first line of a statement. The second is no number, so it is no checkpoint; it is no JSON, so it is no entry.
FIRST_LINE = "timebank-reconciliation-v1"
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Side:
    """What one ledger's books say at a cut of `size` records: how many entries about the two, and what is due to it
    from the other (minutes; less than nothing: what it owes)."""

    origin: str
    size: int
    root: bytes
    count: int
    due: int

    def to_line(self) -> str:
        return f"{self.origin} {self.size} {base64.b64encode(self.root).decode()} {self.count} {self.due}"

    @classmethod
    def parse(cls, line: str) -> "Side":
        try:
            origin, size, root, count, due = line.split(" ")
            made = cls(origin, int(size), base64.b64decode(root, validate=True), int(count), int(due))
        except (ValueError, binascii.Error) as error:
            raise Untrusted(Code.MESSAGE_FORM) from error
        if made.to_line() != line:
            raise Untrusted(Code.MESSAGE_FORM)
        return made


@dataclass(frozen=True, slots=True)
class Statement:
    """Both sides at one cut, by the name of the ledger, and the minutes that were accepted and not concluded."""

    first: Side
    second: Side
    in_flight: int

    @classmethod
    def of(cls, one: Side, other: Side, in_flight: int) -> "Statement":
        first, second = sorted((one, other), key=lambda side: side.origin)
        return cls(first, second, in_flight)

    def to_text(self) -> bytes:
        lines = [FIRST_LINE, self.first.to_line(), self.second.to_line(), f"in-flight {self.in_flight}"]
        return ("\n".join(lines) + "\n").encode()

    @classmethod
    def parse(cls, text: bytes) -> "Statement":
        lines = text.decode().split("\n")
        if len(lines) != 5 or lines[0] != FIRST_LINE or not lines[3].startswith("in-flight "):
            raise Untrusted(Code.MESSAGE_FORM)
        try:
            made = cls(Side.parse(lines[1]), Side.parse(lines[2]), int(lines[3].removeprefix("in-flight ")))
        except ValueError as error:
            raise Untrusted(Code.MESSAGE_FORM) from error
        if made.to_text() != text:
            raise Untrusted(Code.MESSAGE_FORM)
        return made

    def of_ledger(self, origin: str) -> Side:
        for side in (self.first, self.second):
            if side.origin == origin:
                return side
        raise Refused(Code.WRONG_LEDGER, ledger=origin)


# --- asking ----------------------------------------------------------------------------------------------------------


def pages(bank: Bank, community: str, peer: str, after: int, link: str | None, before: int) -> Iterator[Looked]:
    """The other ledger's entries about the two after the number `after`, the oldest first, and at the end what it
    holds; see `desk.look`. At least one page, which may have no entries."""
    while True:
        looked = _page(bank, community, peer, Wanted(after, 0), after, link, before)
        yield looked
        if not looked.more or not looked.entries:
            return
        after, link = after + len(looked.entries), looked.entries[-1].hash.hex()


def named(bank: Bank, community: str, peer: str, ids: list[str]) -> dict[str, Record]:
    """Entries of the other ledger about the two, by id; what it does not have, or does not show, is left out."""
    looked = _page(bank, community, peer, Wanted(LARGEST, 0, ids), LARGEST, None, 0)
    return {record.id: record for record in looked.also}


def _page(bank: Bank, community: str, peer: str, wanted: Wanted, after: int, link: str | None, before: int) -> Looked:
    for rest in reversed(range(_TRIES)):
        asked = msgspec.structs.replace(wanted, seen=desk.seen_of(bank, community, peer))
        answer = carrier.ask(bank, community, peer, "books", msgspec.json.encode(asked))
        try:
            return desk.look(bank, community, peer, answer, after, link, before)
        except Stale as stale:
            if not rest:
                raise Refused(Code.PEER_DECLINED, peer=peer, said=Code.PROVE_AGAIN.value) from stale
    raise AssertionError("the last try returns or raises")


def take(bank: Bank, community: str, peer: str, looked: Looked) -> int:
    """Decide what was offered in these entries and never arrived here; how many were. As if the offer had come: Stale
    where a newer head was seen meanwhile, and the page is to be asked for again."""
    offers = [record for record in looked.entries if record.intent.kind == "send"]
    decisions = {decision_id(peer, one.id.removesuffix(".hold")): one for one in offers}
    with bank.view() as view:
        known = reads.ids_known(view.connection, view.head(view.community(community).origin), decisions)
    waiting = [one for decision, one in decisions.items() if decision not in known]
    for start in range(0, len(waiting), MOST_TOGETHER):
        message = looked.message(waiting[start : start + MOST_TOGETHER], looked.told.size)
        desk.admit(bank, community, peer, message)
    return len(waiting)


def taken(bank: Bank, community: str, peer: str, number: int) -> None:
    """The other's entries about the two were looked through up to this number."""
    with bank.office() as office:
        found = directory.transfers.peer(office.connection, community, peer, lock=True)
        if found is not None:
            directory.transfers.change(office.connection, found, applied=max(found.applied, number))


def agree(bank: Bank, community: str, peer: str, statement: Statement) -> bytes:
    """The statement with both signatures, this ledger's and the other's; raises as `carrier.ask`, and Untrusted where
    what comes back is not that."""
    with bank.view() as view:
        signer = bank.signer(view.connection, view.head(view.community(community).origin), KeyRole.LOG)
        found = directory.transfers.peer(view.connection, community, peer)
    text = statement.to_text()
    own = Note(text, (signer.sign(text),))
    answer = carrier.ask(bank, community, peer, "agree", own.to_bytes())
    note = Note.parse(answer)
    if note.text != text or note.signatures[:1] != own.signatures or found is None:
        raise Untrusted(Code.MESSAGE_FORM)
    _check_signed(note, found)
    return answer


def _check_signed(note: Note, peer: Link) -> None:
    """Whether the log key that signed the newest head of a peer signed a note."""
    key = Vkey.parse(peer.vkey or "")
    if not any(verify_signature(key, note.text, line) for line in note.signatures):
        raise Untrusted(Code.SIGNATURE_BAD, key=peer.origin)


# --- answering -------------------------------------------------------------------------------------------------------


@carrier.answers("books")
def _shown(bank: Bank, community: str, sender: str, body: bytes) -> bytes:
    """Also while the link is frozen: what stands in the books may be seen by whom it is about."""
    return desk.show(bank, community, sender, carrier.read(body, Wanted))


@carrier.answers("agree")
def _agreed(bank: Bank, community: str, sender: str, body: bytes) -> bytes:
    note = Note.parse(body)
    statement = Statement.parse(note.text)
    with bank.view() as view:
        peer = directory.transfers.peer(view.connection, community, sender)
        if peer is None or peer.vkey is None:
            raise Refused(Code.PEER_UNKNOWN, peer=sender)
        desk.check_open(peer)
        _check_signed(note, peer)
        own, other = statement.of_ledger(view.community(community).origin), statement.of_ledger(sender)
        if side_at(view, own.origin, sender, own.size) != own:
            raise Refused(Code.BOOKS_DIFFER)
        signer = bank.signer(view.connection, view.head(own.origin), KeyRole.LOG)
    both = Note(note.text, (note.signatures[0], signer.sign(note.text))).to_bytes()
    with bank.office() as office:
        keep(office, community, sender, own.size, other.size, both)
    return both


def side_at(view: View, origin: str, peer: str, size: int) -> Side:
    """What the books of a ledger kept here say of a peer after the first `size` records; Refused where there are not
    so many."""
    head = view.head(origin)
    root = reads.root_at(view.connection, head, size)
    if root is None:
        raise Refused(Code.BOOKS_DIFFER)
    line = reads.line_before(view.connection, head, f"due:{peer}", size)
    count = reads.pair_count(view.connection, head, peer, size)
    return Side(origin, size, root, count, 0 if line is None else line.balance)


def keep(office: Reading, community: str, peer: str, size: int, peer_size: int, note: bytes) -> None:
    """Keep a statement with both signatures; the same cut once."""
    key = (community, peer, size, peer_size)
    if office.people.get(directory.Agreement, key) is None:
        office.people.add(
            directory.Agreement(
                community=community, peer=peer, size=size, peer_size=peer_size, at=office.now, note=note
            )
        )
