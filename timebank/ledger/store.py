"""Append to a ledger inside the caller's transaction: lock, gather, judge, seal, write."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from msgspec.structs import astuple
from sqlalchemy import Connection, Table

from . import reads, rows, rules, tables
from .books import Account, Books, Changed, DaySum, Hold, Key, Line
from .checkpoint import Checkpoint
from .entry import NO_HASH, Intent, Record, SignedIntent, parse_record, seal, text_hash
from .errors import Code, Corrupted, Refused
from .keys import Signer
from .kinds import KINDS, FormedIntent, check_form, class_of, debt_of
from .merkle import EMPTY_ROOT

# Gives the private key that signs checkpoints, for the registered log key.
FindLogSigner = Callable[[Key], Signer]
_TAKEN_AS = {
    "reverse": Code.ALREADY_REVERSED,
    "settle": Code.HOLD_FINISHED,
    "release": Code.HOLD_FINISHED,
    "sent": Code.HOLD_FINISHED,
    "returned": Code.HOLD_FINISHED,
    "open": Code.ACCOUNT_TAKEN,
}


def create(connection: Connection, origin: str) -> reads.Head:
    """The row of a new, empty ledger; its genesis must follow in the same transaction."""
    connection.execute(
        tables.ledgers.insert().values(
            origin=origin,
            size=0,
            ms=0,
            hash=bytes.fromhex(NO_HASH),
            root=EMPTY_ROOT,
            frontier=b"",
            offset_minutes=0,
            quorum=0,
            ended=False,
            checkpoint=b"",
        )
    )
    return reads.head(connection, origin)


class Writer:
    """One ledger within one transaction. Nothing reaches the tables before `flush`."""

    def __init__(self, connection: Connection, origin: str, now_ms: int) -> None:
        # 1. The head row, locked: from here until the commit nobody else writes to this ledger.
        self.head = reads.head(connection, origin, lock=True)
        self.ms = max(now_ms, self.head.ms)
        self._connection = connection
        self._prepared: set[bytes] = set()
        self._loaded: dict[str, set[Any]] = {}
        self._records: list[Record] = []
        self._lines: list[Line] = []
        self.books = Books(
            origin,
            tree=self.head.tree(),
            last_hash=self.head.hash.hex(),
            last_ms=self.head.ms,
            offset_minutes=self.head.offset_minutes,
            quorum=self.head.quorum,
            ended=self.head.ended,
            policies=reads.policies(connection, self.head),
        )

    def append(self, signed: SignedIntent) -> Record:
        """Enter one signed intent and return its record; an intent that is already in the books is only returned.

        Raises Refused and changes nothing when the rules forbid it.
        """
        intent = signed.intent
        kind = KINDS[intent.kind] if isinstance(signed, FormedIntent) else check_form(intent)
        # 2. The same id: the same request again, or somebody else's id.
        if signed.note not in self._prepared:
            self.prepare([signed])
        before = self.books.entries.get(intent.id)
        if before is not None:
            return self._again(signed, parse_record(before))
        # 3. Judge.
        policy = rules.check(self.books, signed, kind, self.ms, self._root_at)
        # 4. Seal, in memory.
        record = seal(
            signed,
            seq=self.books.size,
            ms=self.ms,
            prev=self.books.last_hash,
            policy=None if policy is None else policy.version,
            pair=self.books.pair_for(intent),
        )
        self._lines += self.books.apply(record)
        self.books.entries[record.id] = record.raw
        self._records.append(record)
        return record

    def append_all(self, batch: Sequence[SignedIntent]) -> list[Record]:
        """Enter many, in order: as `append` for each, but what they are about is loaded in a few queries."""
        self.prepare(batch)
        return [self.append(signed) for signed in batch]

    def _again(self, signed: SignedIntent, before: Record) -> Record:
        if text_hash(before.note) == text_hash(signed.note):
            return before
        raise Refused(_TAKEN_AS.get(signed.intent.kind, Code.ID_TAKEN), id=signed.intent.id)

    def prepare(self, batch: Sequence[SignedIntent]) -> None:
        """Load what these intents are about, in a few queries for all of them together."""
        self._prepared.update(signed.note for signed in batch)
        signers = {vkey.name for signed in batch for vkey in signed.vkeys}
        known = [signed.intent for signed in batch]
        related = known + self._originals(known)
        related += self._originals(related[len(known) :])
        if any(intent.kind == "key" for intent in known):
            # What this transaction changed is newer than what the table says.
            self.books.keys = reads.keys(self._connection, self.head) | self.books.keys
        self._load_keys(signers | {intent.by for intent in known} | {self.books.origin})
        self._load_about(related)
        self._load_chain("pairs", tables.pairs, self.books.pairs, {i.body["peer"] for i in known if "peer" in i.body})
        self._load_chain("devices", tables.devices, self.books.devices, {i.by for i in known if i.device})

    def _load_about(self, related: list[Intent]) -> None:
        self._load_plain("holds", self.books.holds, _holds_of(related), reads.holds)
        sources = {self.books.holds[hold].source for hold in _holds_of(related) if hold in self.books.holds}
        self._load_plain("accounts", self.books.accounts, _accounts_of(related) | sources, reads.accounts)
        self._load_plain("days", self.books.days, _days_of(related), reads.day_sums)

    def _originals(self, intents: Iterable[Intent]) -> list[Intent]:
        wanted = {name for intent in intents for name in (intent.id, intent.ref) if name}
        self._load_plain("entries", self.books.entries, wanted, reads.raw_by_ids)
        refs = {intent.ref for intent in intents if intent.ref}
        return [parse_record(self.books.entries[ref]).intent for ref in refs if ref in self.books.entries]

    def _missing(self, what: str, wanted: set[Any], known: Collection[Any] = ()) -> set[Any]:
        loaded = self._loaded.setdefault(what, set())
        missing = wanted - loaded
        loaded |= missing
        # What this transaction made itself is nowhere to be read.
        return missing.difference(known)

    def _load_plain(self, what: str, into: dict[Any, Any], wanted: set[Any], read: Callable[..., Any]) -> None:
        missing = self._missing(what, wanted, into)
        if missing:
            into.update(read(self._connection, self.head, missing))

    def _load_one(self, what: str, into: dict[Any, Any], one: Any, read: Callable[..., Any]) -> None:
        """As `_load_plain`; where it is about many, nearly all of them were loaded together before."""
        if one not in into and one not in self._loaded.get(what, ()):
            self._load_plain(what, into, {one}, read)

    def _load_chain(self, what: str, table: Table, into: dict[str, tuple[int, str]], wanted: set[str]) -> None:
        missing = self._missing(what, wanted, into)
        if missing:
            into.update(reads.newest_links(self._connection, self.head, table, missing))

    def _load_keys(self, names: set[str]) -> None:
        missing = self._missing("keys", names)
        if missing:
            self.books.keys = reads.keys(self._connection, self.head, missing) | self.books.keys

    def account(self, name: str) -> Account:
        """An account as it is now in this transaction; Refused when a member's was never opened."""
        self._load_one("accounts", self.books.accounts, name, reads.accounts)
        return self.books.account(name)

    def day_sum(self, account: str, day: str) -> DaySum:
        """One person's day of service as it is now in this transaction."""
        self._load_one("days", self.books.days, (account, day), reads.day_sums)
        return self.books.days.get((account, day), DaySum())

    def hold(self, hold_id: str) -> Hold | None:
        """A hold as it is now in this transaction."""
        self._load_one("holds", self.books.holds, hold_id, reads.holds)
        return self.books.holds.get(hold_id)

    def has(self, entry_id: str) -> bool:
        """Whether there is an entry with this id, also in this transaction."""
        self._load_one("entries", self.books.entries, entry_id, reads.raw_by_ids)
        return entry_id in self.books.entries

    def record(self, entry_id: str) -> Record | None:
        """An entry with what is needed to undo it, None when there is none."""
        self._load_one("entries", self.books.entries, entry_id, reads.raw_by_ids)
        raw = self.books.entries.get(entry_id)
        if raw is None:
            return None
        found = parse_record(raw)
        # A settle goes back to the payer of its hold, which only the hold names.
        self._load_about([found.intent, *self._originals([found.intent])])
        return found

    def _root_at(self, size: int) -> bytes | None:
        if size == self.books.size:
            return self.books.tree.root()
        return reads.root_at(self._connection, self.head, size)

    def flush(self, log_signer: FindLogSigner) -> Checkpoint | None:
        """Write everything and sign the new head, still inside the transaction; None when nothing was appended."""
        if not self._records:
            return self.head.checkpoint
        return write(self._connection, self.head, self.books, self._records, self._lines, log_signer)


def write(
    connection: Connection,
    at: reads.Head,
    books: Books,
    records: Sequence[Record],
    lines: Iterable[Line],
    log_signer: FindLogSigner,
) -> Checkpoint:
    """Write records that follow the head `at`, with what `books` changed by them, and sign the new head."""
    number = at.number
    # 5. The records. A crash from here to the commit loses all of them, and nobody was told of any.
    rows.insert(connection, tables.entries, [entry_row(number, record) for record in records])
    # 6. What is derived from them, only the rows that changed.
    # In the order of their keys: where rows lie in their key, one leaf of the tree is then written after the other.
    rows.insert(connection, tables.lines, sorted(line_rows(number, lines)))
    for table, changed in derived_rows(number, books, books.changed):
        rows.upsert(connection, table, sorted(changed))
    # 7. The head moves from exactly where it was read, and is signed with it.
    checkpoint = Checkpoint.issue(books.origin, books.size, books.tree.root(), log_signer(books.log_key()))
    if rows.update(connection, tables.ledgers, head_row(books, checkpoint), id=number, size=at.size) != 1:
        raise Corrupted("the head moved under the writer's lock", origin=books.origin)
    return checkpoint


def head_row(books: Books, checkpoint: Checkpoint) -> dict[str, Any]:
    """The columns of `ledgers` that follow from the books."""
    return {
        "size": books.size,
        "ms": books.last_ms,
        "hash": bytes.fromhex(books.last_hash),
        "root": checkpoint.root,
        "frontier": b"".join(books.tree.hashes),
        "offset_minutes": books.offset_minutes,
        "quorum": books.quorum,
        "ended": books.ended,
        "checkpoint": checkpoint.note,
    }


# Rows as they stand in the tables, column by column.


def entry_row(number: int, record: Record) -> rows.Row:
    return (number, record.seq, record.id, record.intent.kind, record.ms, record.hash, record.raw)


def line_rows(number: int, lines: Iterable[Line]) -> list[rows.Row]:
    return [(number, line.account, line.seq, line.change, line.balance) for line in lines]


def derived_rows(number: int, books: Books, changed: Changed) -> list[tuple[Table, list[rows.Row]]]:
    """The rows of the derived tables for what changed in the books; those of `lines` are told by each entry."""
    return [
        (tables.subtrees, [(number, h // 8, start >> h, value) for h, start, value in changed.subtrees if h % 8 == 0]),
        (tables.accounts, [(number, *astuple(books.accounts[name])) for name in changed.accounts]),
        (tables.holds, [(number, *astuple(books.holds[name])) for name in changed.holds]),
        (tables.keys, [(number, *_key_row(books.keys[name])) for name in changed.keys]),
        (tables.policies, [(number, *astuple(one)) for one in books.policies if one.version in changed.policies]),
        (tables.pairs, [(number, *link) for link in changed.pairs]),
        (tables.devices, [(number, *link) for link in changed.devices]),
        (tables.days, [(number, *of, *astuple(books.days[of])) for of in changed.days]),
    ]


def _key_row(key: Key) -> rows.Row:
    vkey = key.vkey
    role, until = key.role.value, key.until
    return (vkey.name, vkey.key_id, vkey.public, role, key.since, until, key.account, key.compromised_from)


def _accounts_of(intents: Iterable[Intent]) -> set[str]:
    names: set[str] = set()
    for intent in intents:
        body = intent.body
        for move in intent.moves:
            names.add(move.source)
            names.add(move.target)
        names.update(body.get("served", ()))
        names.update(body[key] for key in ("server", "account") if key in body)
        if intent.on_behalf:
            names.add(intent.on_behalf)
    return names | {debt_of(name) for name in names if class_of(name) == "member"}


def _holds_of(intents: Iterable[Intent]) -> set[str]:
    wanted = {intent.id.removesuffix(".hold") for intent in intents if intent.kind in ("hold", "send")}
    outcomes = ("settle", "release", "sent", "returned")
    return wanted | {(intent.ref or "").removesuffix(".hold") for intent in intents if intent.kind in outcomes}


def _days_of(intents: Iterable[Intent]) -> set[tuple[str, str]]:
    return {(i.body["server"], i.body["day"]) for i in intents if i.kind in ("service", "settle")}
