"""The entries of one ledger about another, many at once, each proved under one head: how they are shown and read.

Pure, as messages.py is. Only the entries about the two are shown, and the keys that signed them; whoever reads has the
rest of the books neither to see nor to believe.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import msgspec

from timebank.ledger import Checkpoint, Code, Receipt, Record, Untrusted

from .messages import Message, Pinned, Shown, Told, check_growth, proof_of, proved_keys, proved_record

PAGE = 500
_MOST_ALSO = 4_000
LARGEST = 1 << 52  # no number of an entry is larger
_Size = Annotated[int, msgspec.Meta(ge=0, le=LARGEST)]


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Asked for: the entries about the two after the number `after`, and others by their ids; `seen`: how many records
    were seen."""

    after: _Size
    seen: _Size
    also: Annotated[list[Annotated[str, msgspec.Meta(max_length=255)]], msgspec.Meta(max_length=_MOST_ALSO)] = []


class Page(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Entries about the two under the head `note`, which has grown from the first `since` records by `path`.

    `keys` are the entries of the keys that signed anything here, and what became of others since, `also` what was asked
    for by id and is there, `more` whether there are later entries; `held` are the transfers whose hours are held for
    whoever asks. These are not
    proved: what is left out shows in the sums.
    """

    note: bytes
    since: int
    path: list[bytes]
    keys: list[Shown]
    entries: list[Shown]
    also: list[Shown]
    more: bool
    held: list[str]

    def to_bytes(self) -> bytes:
        return msgspec.json.encode(self)


@dataclass(frozen=True, slots=True)
class Looked:
    """A page that was verified; `told.records` is the ledger's first one."""

    told: Told
    entries: tuple[Record, ...]
    also: tuple[Record, ...]
    more: bool
    held: tuple[str, ...]
    _page: Page

    def message(self, records: Sequence[Record], since: int | None = None) -> bytes:
        """The message that proves some of the entries; from the page's own head on where `since` is its size."""
        shown = {one.index: one for one in self._page.entries}
        first, *more = (shown[record.seq] for record in records)
        receipt = Receipt(Checkpoint.parse(self._page.note), proof_of(first), tuple(map(proof_of, self._page.keys)))
        path = self._page.path if since is None else []
        return Message(receipt.to_bytes(), self._page.since if since is None else since, path, more).to_bytes()


def read_page(data: bytes, pinned: Pinned) -> Looked:
    """A page, each record of it proved and signed by keys of the ledger; raises as `messages.read`."""
    try:
        page = msgspec.json.decode(data, type=Page)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Untrusted(Code.MESSAGE_FORM) from error
    if not page.keys or page.keys[0].index != 0:
        raise Untrusted(Code.NOTE_FORM, why="the first record is not shown")
    genesis, *keys = map(proof_of, page.keys)
    receipt = Receipt(Checkpoint.parse(page.note), genesis, tuple(keys))
    checkpoint = receipt.checkpoint
    check_growth(checkpoint, page.since, page.path, pinned)
    known, log = proved_keys(receipt, pinned)
    first = proved_record(genesis, checkpoint, known, pinned)
    entries = tuple(proved_record(proof_of(one), checkpoint, known, pinned) for one in page.entries)
    also = tuple(proved_record(proof_of(one), checkpoint, known, pinned) for one in page.also)
    told = Told((first,), checkpoint.size, checkpoint.root, checkpoint.note, log, known.standing())
    return Looked(told, entries, also, page.more, tuple(page.held), page)
